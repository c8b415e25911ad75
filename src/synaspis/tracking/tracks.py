"""Tracks as arrays: what a tracker keeps of each, and the frozen copy that it hands out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import imm
from synaspis.kernels.motion import STATES
from synaspis.kernels.sight import ROW_COLUMNS, STATION_COLUMNS
from synaspis.tracking.filters import Mode, mixed_room

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@final
@dataclass(kw_only=True, eq=False)
class Crowd:
    """What a tracker keeps of T tracks by K modes and S stations, changed in place.

    `number` names a track; `status`, `looks`, `history` as `association.Ladder` has them. `seen_by` (T, S) is
    how often each station has detected it. `power_*` is its first well-known state under power, NaN before;
    `line_*` the line of sight with which it began, where one is all that it began with.
    """

    number: Ints
    status: Ints
    looks: Ints
    history: Ints
    hits: Ints
    means: Floats
    covs: Floats
    weights: Floats
    clocks: Floats
    first_s: Floats
    last_s: Floats
    seen_by: Ints
    power_mean: Floats
    power_cov: Floats
    power_s: Floats
    line_row: Floats
    line_sight: Floats
    line_of: Ints

    @classmethod
    def fresh(cls, count: int, modes: int, stations: int) -> Crowd:
        """`count` tracks of which nothing is known yet."""
        none = np.zeros(count, np.int64)
        return cls(
            number=none.copy(), status=none.copy(), looks=none.copy(), history=none.copy(), hits=none.copy(),
            means=np.zeros((count, modes, STATES)), covs=np.zeros((count, modes, STATES, STATES)),
            weights=np.full((count, modes), 1.0 / modes), clocks=np.zeros((count, 1)),
            first_s=np.zeros(count), last_s=np.zeros(count), seen_by=np.zeros((count, stations), np.int64),
            power_mean=np.full((count, STATES), np.nan), power_cov=np.full((count, STATES, STATES), np.nan),
            power_s=np.full(count, np.nan), line_row=np.zeros((count, ROW_COLUMNS)),
            line_sight=np.zeros((count, STATION_COLUMNS)), line_of=np.full(count, -1),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.number)

    def copy(self) -> Crowd:
        """The same tracks in arrays of their own."""
        return Crowd(**{f: getattr(self, f).copy() for f in _FIELDS})

    def keep(self, which: Flags | Ints) -> None:
        """Leave only the tracks `which`, in that order."""
        for f in _FIELDS:
            setattr(self, f, getattr(self, f)[which])

    def add(self, other: Crowd) -> None:
        """Put further tracks behind these."""
        for f in _FIELDS:
            setattr(self, f, np.concatenate([getattr(self, f), getattr(other, f)]))


_FIELDS = tuple(f.name for f in dataclasses.fields(Crowd))


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Tracks:
    """A copy of a tracker's tracks, by rising number.

    `number` (T,) stays with a track, also when a late scan changes what came before; `status` (T,) as
    `association` has it. By K modes: `means` (T, K, 7), `covs` (T, K, 7, 7), `weights` (T, K); `clocks` (T, 1) the
    time of each, s. `first_s`, `last_s` (T,) times of the first and last detection, `hits` (T,) how many.
    `seen_by` (T, S) how many by each station. `power_mean` (T, 7), `power_cov` (T, 7, 7), `power_s` (T,):
    the mixture when it was first well known under power, NaN where it never was.
    """

    modes: tuple[Mode, ...]
    number: Ints
    status: Ints
    means: Floats
    covs: Floats
    weights: Floats
    clocks: Floats
    first_s: Floats
    last_s: Floats
    hits: Ints
    seen_by: Ints
    power_mean: Floats
    power_cov: Floats
    power_s: Floats

    def __len__(self) -> int:
        return len(self.number)

    def mixture(self) -> tuple[Floats, Floats, Ints]:
        """(mean (T, 7), covariance (T, 7, 7), likeliest mode (T,)); in the terms of that mode."""
        return mixture(self.means, self.covs, self.weights, self.modes)


def mixture(
    means: Floats, covs: Floats, weights: Floats, modes: Sequence[Mode]
) -> tuple[Floats, Floats, Ints]:
    """(mean (T, 7), covariance (T, 7, 7), likeliest mode (T,)) of T tracks by all modes together."""
    rows, mixed = np.array([mode.row() for mode in modes]), mixed_room(len(modes))
    mean, cov = np.empty((len(means), STATES)), np.empty((len(means), STATES, STATES))
    best = np.empty(len(means), np.int64)
    for t in range(len(means)):
        best[t] = imm.estimate(means[t], covs[t], weights[t], rows, mean[t], cov[t], mixed)
    return mean, cov, best


def frozen(crowd: Crowd, modes: Sequence[Mode], which: Flags) -> Tracks:
    """A copy of the tracks `which`, by rising number."""
    order = np.flatnonzero(which)
    order = order[np.argsort(crowd.number[order], kind="stable")]
    names = [f.name for f in dataclasses.fields(Tracks) if f.name != "modes"]
    return Tracks(modes=tuple(modes), **{name: getattr(crowd, name)[order] for name in names})
