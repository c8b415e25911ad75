"""Tracks as arrays: what a tracker keeps of each, and the frozen copy that it hands out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ledger
from synaspis.kernels.motion import STATES
from synaspis.kernels.sight import ROW_COLUMNS, STATION_COLUMNS
from synaspis.tracking.filters import Mode, mixture

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


_SHAPES: dict[str, tuple[int, ...]] = {
    "first_s": (), "last_s": (), "score": (), "power_s": (), "power_mean": (STATES,),
    "power_cov": (STATES, STATES), "line_row": (ROW_COLUMNS,), "line_sight": (STATION_COLUMNS,),
}  # fmt: skip


def _laid_out() -> dict[str, tuple[int, tuple[int, ...], int]]:
    """First column, shape and size of each attribute that stands among the facts of a track."""
    found, first = {}, 0
    for name, shape in _SHAPES.items():
        size = int(np.prod(shape, dtype=np.int64))
        found[name] = (first, shape, size)
        first += size
    return found


_PLACES = _laid_out()
_FACT_COLUMNS = sum(size for _, _, size in _PLACES.values())


class _Count:
    """One column of `Crowd.counts` as an attribute, (T,)."""

    def __init__(self, column: int) -> None:
        self.column = column

    def __get__(self, crowd: Crowd, _: type[Crowd]) -> Ints:
        found: Ints = crowd.counts[:, self.column]
        return found

    def __set__(self, crowd: Crowd, value: Ints) -> None:
        crowd.counts[:, self.column] = value


class _Fact:
    """Some columns of `Crowd.facts` as an attribute, (T, ...)."""

    def __init__(self, name: str) -> None:
        self.first, self.shape, self.size = _PLACES[name]

    def __get__(self, crowd: Crowd, _: type[Crowd]) -> Floats:
        if not self.shape:
            found: Floats = crowd.facts[:, self.first]
            return found
        return crowd.facts[:, self.first : self.first + self.size].reshape(len(crowd), *self.shape)

    def __set__(self, crowd: Crowd, value: Floats) -> None:
        self.__get__(crowd, Crowd)[:] = value


@final
class Crowd:
    """What a tracker keeps of T tracks by K modes and S stations, changed in place.

    `number` names a track; `status`, `looks`, `history` as `association.Ladder` has them. `means` (T, K, 7),
    `covs` (T, K, 7, 7), `weights` (T, K), `clocks` (T, 1). `seen_by` (T, S) is how often each station has
    detected it. `power_*` is its first well-known state under power, NaN before; `line_*` the last line of
    sight, while one satellite is all that has seen it; `unseen` counts looks in vain since its last
    detection, by any station. All are views of a few longer arrays, so that tracks come and go without
    copies of the others.
    """

    number, status, looks = _Count(ledger.NUMBER), _Count(ledger.STATUS), _Count(ledger.LOOKS)
    history, hits = _Count(ledger.HISTORY), _Count(ledger.HITS)
    line_of, unseen = _Count(ledger.LINE_OF), _Count(ledger.UNSEEN)
    first_s, last_s = _Fact("first_s"), _Fact("last_s")
    score, power_s = _Fact("score"), _Fact("power_s")
    power_mean, power_cov = _Fact("power_mean"), _Fact("power_cov")
    line_row, line_sight = _Fact("line_row"), _Fact("line_sight")

    def __init__(self, whole: Mapping[str, NDArray[Any]]) -> None:
        self._whole = dict(whole)
        self._show(len(self._whole["counts"]))

    @classmethod
    def fresh(cls, count: int, modes: int, stations: int) -> Crowd:
        """`count` tracks of which nothing is known yet."""
        new = cls({
            "means": np.zeros((count, modes, STATES)), "covs": np.zeros((count, modes, STATES, STATES)),
            "weights": np.full((count, modes), 1.0 / modes), "clocks": np.zeros((count, 1)),
            "counts": np.zeros((count, ledger.COUNTS + stations), np.int64),
            "facts": np.zeros((count, _FACT_COLUMNS)),
        })  # fmt: skip
        new.power_mean[:] = new.power_cov[:] = np.nan
        new.power_s[:] = np.nan
        new.line_of[:] = -1
        return new

    def __len__(self) -> int:
        return self._count

    def _show(self, count: int) -> None:
        """Let there be the first `count` tracks of the arrays."""
        self._count = count
        whole = self._whole
        self.means, self.covs = whole["means"][:count], whole["covs"][:count]
        self.weights, self.clocks = whole["weights"][:count], whole["clocks"][:count]
        self.counts, self.facts = whole["counts"][:count], whole["facts"][:count]

    @property
    def seen_by(self) -> Ints:
        """(T, S) how often each station has detected each track."""
        found: Ints = self.counts[:, ledger.COUNTS :]
        return found

    def copy(self) -> Crowd:
        """The same tracks in arrays of their own."""
        return Crowd({name: whole[: self._count].copy() for name, whole in self._whole.items()})

    def keep(self, which: Flags) -> None:
        """Leave only the tracks `which` (T,), in their order."""
        kept = np.flatnonzero(which)
        if len(kept) == len(which):
            return
        for whole in self._whole.values():
            ledger.close_up(kept, whole.reshape(len(whole), -1))
        self._show(len(kept))

    def add(self, other: Crowd) -> None:
        """Put further tracks behind these."""
        before, count = self._count, self._count + len(other)
        for name, whole in self._whole.items():
            if count > len(whole):
                self._whole[name] = np.zeros((2 * count, *whole.shape[1:]), whole.dtype)
                self._whole[name][:before] = whole[:before]
            self._whole[name][before:count] = other._whole[name][: len(other)]
        self._show(count)


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Confirmed:
    """Which tracks are confirmed, (T,), and who saw them: attributes as those of `Tracks`."""

    number: Ints
    first_s: Floats
    last_s: Floats
    seen_by: Ints


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Tracks:
    """A copy of a tracker's tracks, by rising number.

    `number` (T,) stays with a track, also when a late scan changes what came before; `status` (T,) as
    `association` has it. By K modes: `means` (T, K, 7), `covs` (T, K, 7, 7), `weights` (T, K); `clocks`
    (T, 1) the time of each, s. `first_s`, `last_s` (T,) times of the first and last detection, `hits`
    (T,) how many.
    `score` (T,) logarithm of how much likelier the detections are if there is something than if not.
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
    score: Floats
    seen_by: Ints
    power_mean: Floats
    power_cov: Floats
    power_s: Floats

    def __len__(self) -> int:
        return len(self.number)

    @property
    def exists(self) -> Floats:
        """(T,) chance that each is of something, where what begins a track is as likely false as not."""
        found: Floats = 1.0 / (1.0 + np.exp(-self.score))
        return found

    def mixture(self) -> tuple[Floats, Floats, Ints]:
        """(mean (T, 7), covariance (T, 7, 7), likeliest mode (T,)); in the terms of that mode."""
        return mixture(self.means, self.covs, self.weights, self.modes)


def frozen(crowd: Crowd, modes: Sequence[Mode], which: Flags) -> Tracks:
    """A copy of the tracks `which`, by rising number."""
    order = np.flatnonzero(which)
    order = order[np.argsort(crowd.number[order], kind="stable")]
    names = [f.name for f in dataclasses.fields(Tracks) if f.name != "modes"]
    return Tracks(modes=tuple(modes), **{name: getattr(crowd, name)[order] for name in names})
