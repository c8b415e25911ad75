"""Track a crowd with Stone Soup. Runs in an environment of its own, which has no Synaspis.

`python stonesoup_crowd.py TASK.json`: from a .npz file `times` (K,) of the frames; `rows` (N, 3) range,
azimuth from north, elevation; `frame`, `sensor` (N,) of each; `sigma` (3,) errors of the three; `frames`
(S, 3, 4) each radar's place and its axes east, north, up, ECEF; `down` (3,) gravity about the crowd. The
radars' looks of a frame are of one time, one after another. Gates are looked up in its k-d tree of
detections, the global nearest neighbour found by its two-dimensional assignment. Writes `states` (M, 6),
`tracks` (M,) and `of` (M,) the frame of each confirmed track to another file; prints {"frames_per_s"}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantAcceleration
from stonesoup.predictor.kalman import ExtendedKalmanPredictor
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater
from stonesoup_run import ACCELERATION_SIGMA, EPOCH, PLACE, SPEED, radar


def looks(data: Any) -> list[tuple[Any, set[Detection]]]:
    """Time and detections of every look of one radar, in order; made beforehand, not to count as tracking."""
    models = [radar(frame, data["sigma"]) for frame in data["frames"]]
    out = []
    for k, at_s in enumerate(data["times"]):
        when = EPOCH + timedelta(seconds=float(at_s))
        for s, model in enumerate(models):
            mine = data["rows"][(data["frame"] == k) & (data["sensor"] == s)]
            seen = {
                Detection(
                    StateVector([elevation, 0.5 * np.pi - azimuth, range_m]),
                    timestamp=when,
                    measurement_model=model,
                )
                for range_m, azimuth, elevation in mine
            }
            out.append((when, seen))
    return out


def tracker(task: Any, data: Any, fed: Iterator[tuple[Any, set[Detection]]]) -> MultiTargetTracker:
    """Its parts: what is believed of a new track's motion is that it falls, at any speed of a missile."""
    model = CombinedLinearGaussianTransitionModel([ConstantAcceleration(task["noise"])] * 3)
    predictor, updater = ExtendedKalmanPredictor(model), ExtendedKalmanUpdater()
    hypothesiser = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=task["gate"])
    deleter = UpdateTimeStepsDeleter(task["misses"])
    mean, cov = np.zeros(9), np.zeros((9, 9))
    mean[[2, 5, 8]] = data["down"]
    cov[SPEED, SPEED] = task["speed_sigma"] ** 2
    cov[[2, 5, 8], [2, 5, 8]] = ACCELERATION_SIGMA**2
    cov[PLACE, PLACE] = 1.0  # replaced by the detection's own

    def associator(reach_m: float) -> DetectionKDTreeGNN2D:
        return DetectionKDTreeGNN2D(hypothesiser, predictor, updater, max_distance=reach_m)

    start = MultiMeasurementInitiator(
        prior_state=GaussianState(mean, cov, timestamp=EPOCH),
        deleter=deleter,
        data_associator=associator(task["first_reach_m"]),
        updater=updater,
        min_points=task["hits"],
    )
    return MultiTargetTracker(
        initiator=start,
        deleter=deleter,
        detector=fed,
        data_associator=associator(task["reach_m"]),
        updater=updater,
    )


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data = dict(np.load(task["data"]))
    fed = looks(data)
    radars = len(data["frames"])
    states: list[Any] = []
    tracks: list[int] = []
    of: list[int] = []
    names: dict[str, int] = {}
    took = 0.0
    running = iter(tracker(task, data, iter(fed)))
    for look in range(len(fed)):
        start = time.perf_counter()
        _, found = next(running)
        took += time.perf_counter() - start
        if look % radars == radars - 1:
            for track in found:
                mean = np.asarray(track.mean, dtype=float).ravel()
                states.append(mean[PLACE + SPEED])
                tracks.append(names.setdefault(track.id, len(names)))
                of.append(look // radars)
    np.savez(task["found"], states=np.reshape(states, (-1, 6)), tracks=tracks, of=of)
    print(json.dumps({"frames_per_s": len(data["times"]) / took}))


if __name__ == "__main__":
    main()
