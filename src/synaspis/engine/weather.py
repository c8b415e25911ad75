"""Weather over the launch areas: at what height a burning missile comes in sight from above.

Each launch area has one weather in a trial, by a die named after it, the same in every regime. Pictures are
worked out for the usual weather; another moves the first detections of infrared sensors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import dice
from synaspis.kernels.dice import die, name_hashes, trial_key
from synaspis.kernels.jit import lean_inlined, lean_kernel
from synaspis.model.case import Case
from synaspis.model.sensor import WEATHERS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NOTHING = np.uint64(0)


@dataclass(frozen=True)
class Skies:
    """The weathers that a case may have, from the lowest cloud break to the highest.

    names (W,); rows (W, 4) as `kernels.sensing` takes a sky; until (W,) cumulative chances, the last 1;
    `usual` is the row of the median weather.
    """

    names: tuple[str, ...]
    rows: Floats
    until: Floats
    usual: int


def skies(case: Case) -> Skies:
    """The weathers of `case`: all of the catalogue's, or the one that the case fixes.

    Chances are taken as shares of their sum, since each may be drawn from a band of its own.
    """
    sky, fixed = case.sky, case.file.weather
    names = (fixed,) if fixed else WEATHERS
    found = [sky.weather[name] for name in names]
    rows = [[x.cloud_break_m, sky.trough_low_m, sky.trough_high_m, sky.trough_factor] for x in found]
    chance = np.array([1.0] if fixed else [x.probability for x in found])
    until = np.cumsum(chance) / chance.sum()
    until[-1] = 1.0
    return Skies(names, np.array(rows), until, int(np.searchsorted(until, 0.5)))


@lean_inlined
def weather_of(key: np.uint64, area: np.uint64, until: Any) -> int:
    """Row of the weather over the launch area whose name hashes to `area`, in the trial of `key`."""
    u = die(key, dice.WEATHER, area, _NOTHING, 0)
    row = 0
    while row < until.shape[0] - 1 and u >= until[row]:
        row += 1
    return row


@lean_kernel
def _rows(seed: int, trials: Ints, areas: NDArray[np.uint64], until: Floats, out: Ints) -> None:
    for k in range(trials.shape[0]):
        for a in range(areas.shape[0]):
            out[k, a] = weather_of(trial_key(seed, trials[k]), areas[a], until)


def drawn(over: Skies, seed: int, trials: Ints, areas: tuple[str, ...]) -> Ints:
    """(K, A) row of the weather over each launch area in each trial."""
    out = np.empty((len(trials), len(areas)), np.int64)
    _rows(seed, trials, name_hashes(areas), over.until, out)
    return out
