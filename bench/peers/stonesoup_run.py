"""Track one missile with Stone Soup. Runs in an environment of its own, which has no Synaspis.

`python stonesoup_run.py TASK.json`: from a .npz file `rows` (R, K, S, 6) range, azimuth from north,
elevation and their errors, in R runs at K times by S radars; `times` (K,); `frames` (S, 3, 4) each radar's
place and its axes east, north, up, ECEF; `starts` (R, 6) and `spreads` (R, 6, 6) the state at the first
time. A constant-acceleration model in ECEF runs through the extended and the unscented filter; its noise is
tuned on the first runs against their `truth` (K, 6), from the row `settled` on. Writes `errors` (2, R, K, 2)
of position and velocity to another file; prints {"updates_per_s"} of the extended filter and the noises.
"""

from __future__ import annotations

import json
import math
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantAcceleration
from stonesoup.predictor.kalman import ExtendedKalmanPredictor, UnscentedKalmanPredictor
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater, UnscentedKalmanUpdater

NOISES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)
TUNING_RUNS = 1
EPOCH = datetime(2026, 1, 1)
PLACE, SPEED = [0, 3, 6], [1, 4, 7]
FILTERS = (
    (ExtendedKalmanPredictor, ExtendedKalmanUpdater),
    (UnscentedKalmanPredictor, UnscentedKalmanUpdater),
)
GRAVITY = 3.986004418e14
ACCELERATION_SIGMA = 10.0


class Radar(CartesianToElevationBearingRange):  # type: ignore[misc]
    """The peer at its quickest: the turn into the radar's axes is not worked out anew at every look."""

    axes: Any = None

    @property
    def rotation_matrix(self) -> Any:
        return self.axes


def radar(frame: Any, sigma: Any) -> Radar:
    """Range, bearing from east and elevation at one radar; `sigma` as in `rows`."""
    model = Radar(
        ndim_state=9,
        mapping=PLACE,
        noise_covar=np.diag([sigma[2] ** 2, sigma[1] ** 2, sigma[0] ** 2]),
        translation_offset=StateVector(frame[:, 0]),
    )
    model.axes = frame[:, 1:].T
    return model


def prior(start: Any, spread: Any, when: datetime) -> GaussianState:
    """A state of position, velocity and acceleration; the last is gravity's, to within a little."""
    mean, cov = np.zeros(9), np.zeros((9, 9))
    mean[PLACE], mean[SPEED] = start[:3], start[3:]
    mean[[2, 5, 8]] = -GRAVITY * start[:3] / np.linalg.norm(start[:3]) ** 3
    own = PLACE + SPEED
    cov[np.ix_(own, own)] = spread
    cov[[2, 5, 8], [2, 5, 8]] = ACCELERATION_SIGMA**2
    return GaussianState(mean, cov, timestamp=when)


def track(task: Any, run: int, kind: int, noise: float) -> tuple[Any, int, float]:
    """Errors (K, 2) of one run, the number of updates and the seconds they took."""
    predictor_of, updater_of = FILTERS[kind]
    predictor = predictor_of(CombinedLinearGaussianTransitionModel([ConstantAcceleration(noise)] * 3))
    updater = updater_of()
    rows, times, truth = task["rows"][run], task["times"], task["truth"]
    stations = [radar(frame, rows[0, s, 3:]) for s, frame in enumerate(task["frames"])]
    whens = [EPOCH + timedelta(seconds=float(t)) for t in times]
    state = prior(task["starts"][run], task["spreads"][run], whens[0])
    errors = np.zeros((len(times), 2))
    took, updates = 0.0, 0
    for k, when in enumerate(whens):
        for s, station in enumerate(stations):
            if k == 0:
                continue
            range_m, azimuth, elevation = rows[k, s, :3]
            seen = Detection(
                StateVector([elevation, 0.5 * math.pi - azimuth, range_m]),
                timestamp=when,
                measurement_model=station,
            )
            start = time.perf_counter()
            prediction = predictor.predict(state, timestamp=when)
            state = updater.update(SingleHypothesis(prediction, seen))
            took += time.perf_counter() - start
            updates += 1
        mean = np.asarray(state.state_vector, dtype=float).ravel()
        errors[k] = (
            np.linalg.norm(mean[PLACE] - truth[k, :3]), np.linalg.norm(mean[SPEED] - truth[k, 3:]),
        )  # fmt: skip
    return errors, updates, took


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data = dict(np.load(task["data"]))
    runs, said, found = len(data["rows"]), {}, []
    rates = []
    for kind, name in enumerate(("ekf", "ukf")):
        score = {}
        for noise in NOISES:
            tried = [track(data, run, kind, noise)[0] for run in range(min(TUNING_RUNS, runs))]
            late = np.sqrt(np.mean(np.square(np.array(tried)[:, task["settled"] :]), axis=(0, 1)))
            score[noise] = float(np.prod(late))  # both position and velocity count
        best = min(score, key=lambda noise: score[noise] if math.isfinite(score[noise]) else math.inf)
        done = [track(data, run, kind, best) for run in range(runs)]
        found.append([errors for errors, _, _ in done])
        said[f"noise_{name}"] = best
        rates.append(sum(n for _, n, _ in done) / sum(took for _, _, took in done))
    np.save(task["errors"], np.array(found))
    print(json.dumps({"updates_per_s": rates[0], "ukf_updates_per_s": rates[1], **said}))


if __name__ == "__main__":
    main()
