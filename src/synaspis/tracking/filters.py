"""Filters as objects: the state of one missile or of many in arrays of their own, and kernels that work on
it.

One update is one compiled call. `Bank` runs the same code over many tracks, on threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ekf, imm, initiate, motion, sight, ukf

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["thrust", "vacuum", "drag"]
Method = Literal["ekf", "ukf"]

KINDS: dict[Kind, float] = {"thrust": motion.THRUST, "vacuum": motion.VACUUM, "drag": motion.DRAG}
CHUNK = 64
"""Tracks that a thread takes at a time."""


@final
@dataclass(frozen=True, kw_only=True)
class Mode:
    """A way of moving, as `kernels.motion` describes it.

    `noise_m2ps3`: white noise of acceleration; `share_s`: a further one, over the square of thrust or drag;
    `drift_ps`: of the seventh number, its unit squared per second; `fresh` and `fresh_sigma`: what is
    thought of that before anything is seen (m/s2 under thrust, else the logarithm of kg/m2).
    """

    name: str
    kind: Kind
    noise_m2ps3: float = 0.0
    share_s: float = 0.0
    drift_ps: float = 0.0
    fresh: float
    fresh_sigma: float

    def row(self) -> Floats:
        """(MODE_COLUMNS,) for the kernels."""
        return np.array([
            KINDS[self.kind], self.noise_m2ps3, self.share_s, self.drift_ps, self.fresh, self.fresh_sigma**2,
        ])  # fmt: skip


# Assumed: bodies of 1,000 to 15,000 kg/m2, thrust of up to 6 g beyond gravity at first. The noise of BOOST
# stands for thrust off the velocity's direction, as in the house's own flights, which hold their attitude,
# and its drift for thrust that grows as propellant burns and leaps between stages: tuned on looks 8 s apart.
_LOG_BETA, _LOG_BETA_SIGMA = math.log(4000.0), 0.7
BALLISTIC = Mode(name="ballistic", kind="drag", fresh=_LOG_BETA, fresh_sigma=_LOG_BETA_SIGMA)
BOOST = Mode(
    name="boost", kind="thrust", noise_m2ps3=30.0, share_s=0.2, drift_ps=30.0, fresh=20.0, fresh_sigma=20.0
)
COAST = Mode(name="coast", kind="vacuum", fresh=_LOG_BETA, fresh_sigma=_LOG_BETA_SIGMA)
REENTRY = Mode(
    name="re-entry", kind="drag", share_s=2e-3, drift_ps=1e-4, fresh=_LOG_BETA, fresh_sigma=_LOG_BETA_SIGMA
)
PHASES = (BOOST, COAST, REENTRY)
RATES: Floats = np.array([[0.0, 1.0 / 60.0, 1e-4], [1e-5, 0.0, 1.0 / 300.0], [1e-6, 1e-3, 0.0]])
"""Changes a second among PHASES, from row to column. A missile that coasts hardly ever burns again: over a
minute without a measurement the chance stays below `imm.CUT`, so that the spread of the boost mode keeps out
of the coast mode until something speaks for a burn."""


def first_state(
    before: tuple[Floats, Floats], now: tuple[Floats, Floats], mode: Mode
) -> tuple[Floats, Floats, float]:
    """(mean (7,), covariance (7, 7), time s) from what is measured at two times.

    Each is (rows (M, ROW_COLUMNS), stations (M, STATION_COLUMNS)), see `kernels.sight`: a radar's range and
    angles, or the angles of two satellites. ValueError where either fixes no place, or they are in the wrong
    order.
    """
    room = np.zeros(ekf.ROOM)
    places, spreads = np.zeros((2, motion.STATES)), np.zeros((2, 3, 3))
    for i, (rows, stations) in enumerate((before, now)):
        if not initiate.locate(rows, stations, room, places[i], spreads[i]):
            raise ValueError("the measurements of one time fix no place: their lines of sight are parallel")
    dt_s = float(now[0][0, sight.TIME] - before[0][0, sight.TIME])
    if not dt_s > 0.0:
        raise ValueError("the two times must differ, the earlier one first")
    mean, cov = np.zeros(motion.STATES), np.zeros((motion.STATES, motion.STATES))
    initiate.start(places[0], spreads[0], places[1], spreads[1], dt_s, mode.row(), mean, cov)
    return mean, cov, float(now[0][0, sight.TIME])


@final
class Filter:
    """One missile by one mode: `update` takes in a measurement. `mean`, `cov` and `clock` are its state."""

    def __init__(self, mean: Floats, cov: Floats, time_s: float, mode: Mode, method: Method = "ekf") -> None:
        self.mean, self.cov, self.clock = mean.copy(), cov.copy(), np.array([time_s])
        self._mode = mode.row()
        self._room = np.zeros(ekf.ROOM if method == "ekf" else ukf.ROOM)
        self._update: Callable[..., tuple[float, float]] = ekf.update if method == "ekf" else ukf.update

    def update(self, row: Floats, station: Floats) -> tuple[float, float]:
        """(normalised innovation squared, log-likelihood) of `row` (ROW_COLUMNS,); NaN if it is not taken
        in."""
        return self._update(self.mean, self.cov, self.clock, self._mode, row, station, self._room)


@final
class Phases:
    """One missile by several modes at once; `weights` says how likely each is."""

    def __init__(
        self, states: Sequence[tuple[Floats, Floats]], weights: Sequence[float], time_s: float,
        modes: Sequence[Mode] = PHASES, rates: Floats = RATES,
    ) -> None:  # fmt: skip
        self.means = np.array([mean for mean, _ in states])
        self.covs = np.array([cov for _, cov in states])
        self.weights = np.array(weights, dtype=np.float64)
        self.clock = np.array([time_s])
        self.modes = tuple(modes)
        self._modes, self._rates = mode_rows(modes), rates.copy()
        self._mixed, self._room = mixed_room(len(modes)), np.zeros(ekf.ROOM)

    def update(self, row: Floats, station: Floats) -> tuple[float, float]:
        """(least innovation squared of a mode, log-likelihood) of `row`; NaN if it is not taken in."""
        return imm.update(
            self.means, self.covs, self.weights, self.clock, self._modes, self._rates, row, station,
            self._mixed, self._room,
        )  # fmt: skip

    def estimate(self) -> tuple[Floats, Floats, Mode]:
        """Mean (7,) and covariance (7, 7) of all modes together, and the likeliest, in whose terms they
        are."""
        mean, cov = np.empty(motion.STATES), np.empty((motion.STATES, motion.STATES))
        best = imm.estimate(self.means, self.covs, self.weights, self._modes, mean, cov, self._mixed)
        return mean, cov, self.modes[best]


def mixed_room(modes: int) -> Floats:
    """The working array in which `kernels.imm` mixes so many modes."""
    return np.zeros((modes + 1, motion.STATES + 1, motion.STATES))


def mode_rows(modes: Sequence[Mode]) -> Floats:
    """(K, MODE_COLUMNS) of several modes."""
    return np.array([mode.row() for mode in modes])


def mixture(
    means: Floats, covs: Floats, weights: Floats, modes: Sequence[Mode]
) -> tuple[Floats, Floats, Ints]:
    """(mean (T, 7), covariance (T, 7, 7), likeliest mode (T,)) of T tracks by all modes together."""
    rows, mixed = mode_rows(modes), mixed_room(len(modes))
    mean, cov = np.empty((len(means), motion.STATES)), np.empty((len(means), motion.STATES, motion.STATES))
    best = np.empty(len(means), np.int64)
    imm.estimate_all(means, covs, weights, rows, mean, cov, mixed, best)
    return mean, cov, best


@final
@dataclass(kw_only=True)
class Bank:
    """Many missiles by one mode: means (T, 7), covs (T, 7, 7), clocks (T, 1), changed in place by
    `update`."""

    means: Floats
    covs: Floats
    clocks: Floats
    mode: Mode
    method: Method = "ekf"
    threads: int = 1

    def update(self, rows: Floats, station: Ints, stations: Floats) -> Floats:
        """Take in M measurements of each, in order: (T, M, 2) of what `Filter.update` tells.

        Shapes: rows (T, M, ROW_COLUMNS), station (T, M) row among stations (S, STATION_COLUMNS), negative for
        none. The number of threads changes nothing.
        """
        kernel, room = (ekf.update_all, ekf.ROOM) if self.method == "ekf" else (ukf.update_all, ukf.ROOM)
        mode, told = self.mode.row(), np.full((*rows.shape[:2], 2), np.nan)

        def run(part: slice) -> None:
            kernel(
                self.means[part], self.covs[part], self.clocks[part], mode, rows[part], station[part],
                stations, np.zeros(room), told[part],
            )  # fmt: skip

        in_chunks(len(self.means), self.threads, run)
        return told


@final
@dataclass(kw_only=True)
class PhasesBank:
    """Many missiles by several modes: means (T, K, 7), covs (T, K, 7, 7), weights (T, K), clocks (T, 1).

    They are changed in place by `update`.
    """

    means: Floats
    covs: Floats
    weights: Floats
    clocks: Floats
    modes: Sequence[Mode] = PHASES
    rates: Floats = field(default_factory=RATES.copy)
    threads: int = 1

    def update(self, rows: Floats, station: Ints, stations: Floats) -> Floats:
        """(T, M, 2) of what `Phases.update` tells; shapes as in `Bank.update`."""
        modes, told = mode_rows(self.modes), np.full((*rows.shape[:2], 2), np.nan)

        def run(part: slice) -> None:
            imm.update_all(
                self.means[part], self.covs[part], self.weights[part], self.clocks[part], modes, self.rates,
                rows[part], station[part], stations, mixed_room(len(modes)), np.zeros(ekf.ROOM), told[part],
            )  # fmt: skip

        in_chunks(len(self.means), self.threads, run)
        return told

    def estimate(self) -> tuple[Floats, Floats, Ints]:
        """Means (T, 7), covariances (T, 7, 7) and rows of the likeliest modes (T,), as of
        `Phases.estimate`."""
        return mixture(self.means, self.covs, self.weights, self.modes)


def in_chunks(count: int, threads: int, run: Callable[[slice], None]) -> None:
    """`run` for each CHUNK of `count` tracks, on threads."""
    if threads == 1 or count <= CHUNK:  # what waits for one piece of work needs no thread, which costs more
        for first in range(0, count, CHUNK):
            run(slice(first, first + CHUNK))
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, (slice(first, first + CHUNK) for first in range(0, count, CHUNK))))
