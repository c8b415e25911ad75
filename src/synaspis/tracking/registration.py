"""Registration: how far a station or another nation's picture is off, from missiles seen in common.

Every station believes its own north and its own clock. `station_offsets` finds what a station adds to range
and angles, from its looks at missiles that fly freely and of which others, taken to be right, hold a track or
have looks of their own. `picture_offset` finds by how much one picture's positions lie off another's, from
tracks in common. Both are relative: an offset that all share is not seen. What the looks do not fix is
not observable, and is not corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.registration import OFFSETS, STATE, gather
from synaspis.kernels.sight import ERROR, RANGE, TIME

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDS = 8
"""Of least squares; offsets of milliradians need three."""
ENOUGH = 0.75
"""Of the error of one look, or of one track: what is known better than this is observable."""
CLOSE = 1e-3
"""Of an error: a round that moves every offset by less is the last."""
WEAK = np.array([1e-6, 1.0, 1.0]) ** 2
"""Information on offsets from nowhere (1 / m2, 1 / rad2): what no look fixes is wide and not infinite."""
WEAK_STATE = np.array([1e-7] * 3 + [1e-4] * 3) ** 2
"""The same on a state that no reference gives (1 / m2, s2 / m2)."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Sighted:
    """Looks at one missile in free flight, and where it was thought to be.

    `mean` (7,) and `time_s`: a state as in `kernels.motion`, in the terms of `mode` (MODE_COLUMNS,), about
    which the looks are reckoned. `cov` (7, 7) is its covariance where it is a track that owes nothing to the
    looks given here; None where it is a mere guess. `rows` (M, ROW_COLUMNS) and `sights` (M, STATION_COLUMNS)
    as in `kernels.sight`, `station` (M,) whose look it is: a row of the answer, or negative for a
    station taken to be right.
    """

    mean: Floats
    time_s: float
    mode: Floats
    rows: Floats
    sights: Floats
    station: Ints
    cov: Floats | None = None


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class StationOffset:
    """What one station adds to range and two angles: `mean` (3,) m, rad, rad and `cov` (3, 3).

    `observable` (3,): known well enough, see ENOUGH. `looks` were used.
    """

    mean: Floats
    cov: Floats
    observable: Flags
    looks: int

    def corrected(self, rows: Floats) -> Floats:
        """Rows (D, ROW_COLUMNS) without the offset where it is observable, and with its uncertainty.

        What is left of the offset is common to all rows, whose errors are reckoned as independent: it is less
        than the error of one look, but does not fall by averaging.
        """
        out = rows.copy()
        for part in np.flatnonzero(self.observable):
            out[:, RANGE + part] -= self.mean[part]
            out[:, ERROR + part] = np.hypot(rows[:, ERROR + part], np.sqrt(self.cov[part, part]))
        return out


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Registered:
    """Offsets of S stations, their covariance (3 S, 3 S), and whether all fits: `misfit`, the mean square of
    what is left in errors, is then about 1."""

    stations: tuple[StationOffset, ...]
    cov: Floats
    misfit: float


def station_offsets(sighted: Sequence[Sighted], stations: int) -> Registered:
    """Offsets of stations 0 to `stations` - 1 in range and angles: least squares over all missiles at once.

    Each missile's state is estimated with them and integrated out, so that looks at one missile never count
    for more than they are worth. Source: see `kernels.registration`. ValueError for shapes that do not go
    together.
    """
    for each in sighted:
        _check(each, stations)
    offsets = np.zeros((stations, OFFSETS))
    states = [each.mean.copy() for each in sighted]
    errors = _own_errors(sighted, stations)
    cov, misfit = np.diag(1.0 / np.tile(WEAK, stations)), np.nan
    for _ in range(ROUNDS):
        moved, cov, misfit = _round(sighted, states, offsets)
        if not (np.abs(moved.reshape(offsets.shape)) > CLOSE * errors).any():
            break
    looks = np.zeros(stations, np.int64)
    for each in sighted:
        looks += np.bincount(each.station[each.station >= 0], minlength=stations)
    found = []
    for s in range(stations):
        part = slice(OFFSETS * s, OFFSETS * (s + 1))
        own = cov[part, part].copy()
        seen = np.sqrt(np.diag(own)) < ENOUGH * errors[s]
        found.append(StationOffset(mean=offsets[s].copy(), cov=own, observable=seen, looks=int(looks[s])))
    return Registered(stations=tuple(found), cov=cov, misfit=misfit)


def _check(each: Sighted, stations: int) -> None:
    count = len(each.rows)
    if len(each.sights) != count or each.station.shape != (count,):
        raise ValueError(f"{count} rows do not go with {len(each.sights)} places and {each.station.shape}")
    if count and each.station.max() >= stations:
        raise ValueError(f"station {each.station.max()} is not one of {stations}")


def _own_errors(sighted: Sequence[Sighted], stations: int) -> Floats:
    """(S, 3): the median error of one look of each station; 0 for what it never measured."""
    out = np.zeros((stations, OFFSETS))
    for s in range(stations):
        rows = [each.rows[each.station == s, ERROR : ERROR + OFFSETS] for each in sighted]
        errors = np.vstack([np.zeros((0, OFFSETS)), *rows])
        for part in range(OFFSETS):
            used = errors[np.isfinite(errors[:, part]), part]
            out[s, part] = np.median(used) if used.size else 0.0
    return out


def _round(sighted: Sequence[Sighted], states: list[Floats], offsets: Floats) -> tuple[Floats, Floats, float]:
    """One round of least squares: how far the offsets moved, their covariance, and the misfit before it.

    `states` and `offsets` are brought up in place.
    """
    size = offsets.size
    whole, right = np.diag(np.tile(WEAK, len(offsets))), np.zeros(size)
    right -= np.tile(WEAK, len(offsets)) * offsets.ravel()
    kept = []
    square, numbers = 0.0, -size
    for each, state in zip(sighted, states, strict=True):
        normal = np.zeros((STATE + size, STATE + size + 1))
        known = np.diag(WEAK_STATE) if each.cov is None else np.linalg.inv(each.cov[:STATE, :STATE])
        off = each.mean[:STATE] - state[:STATE]
        normal[:STATE, :STATE] += known
        normal[:STATE, -1] += known @ off
        order = np.argsort(np.abs(each.rows[:, TIME] - each.time_s), kind="stable")
        found, count = gather(
            state, each.time_s, each.mode, each.rows, each.sights, each.station, offsets, order, normal
        )
        square += found + (0.0 if each.cov is None else float(off @ known @ off))
        numbers += count - (STATE if each.cov is None else 0)
        own = np.linalg.inv(normal[:STATE, :STATE])
        both = normal[STATE:, :STATE]
        whole += normal[STATE:, STATE:-1] - both @ own @ both.T
        right += normal[STATE:, -1] - both @ own @ normal[:STATE, -1]
        kept.append((own, both, normal[:STATE, -1]))
    cov = np.linalg.inv(0.5 * (whole + whole.T))
    cov = 0.5 * (cov + cov.T)
    moved = cov @ right
    offsets += moved.reshape(offsets.shape)
    for (own, both, pull), state in zip(kept, states, strict=True):
        state[:STATE] += own @ (pull - both.T @ moved)
    return moved, cov, square / numbers if numbers > 0 else np.nan


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Offset:
    """By how much one picture's positions lie off another's: `mean` (3,) m ECEF and `cov` (3, 3).

    `observable` (3,) says which axes the tracks in common fixed, better than one of them does; the others are
    not corrected. `misfit` is the mean square of what is left, in errors: about 1 where a shift explains it.
    """

    mean: Floats
    cov: Floats
    observable: Flags
    tracks: int
    misfit: float = np.nan

    def corrected(self, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
        """A state of that picture, (D,) and (D, D), without the offset and with its uncertainty."""
        mean, cov = mean.copy(), cov.copy()
        axes = np.flatnonzero(self.observable)
        mean[axes] -= self.mean[axes]
        cov[np.ix_(axes, axes)] += self.cov[np.ix_(axes, axes)]
        return mean, cov


def picture_offset(ours: Floats, our_covs: Floats, theirs: Floats, their_covs: Floats) -> Offset:
    """By how much their positions lie off ours, from N tracks in common carried to the same times.

    Shapes: (N, D) and (N, D, D) with position and velocity first; at most one pair for each missile, since
    the errors of its editions are alike. Errors of the two sides are taken as independent, as those of tracks
    from different sensors in free flight are. A shift is a fair picture of an offset over some hundred
    kilometres.
    """
    one, two = np.asarray(ours, np.float64)[:, :STATE], np.asarray(theirs, np.float64)[:, :STATE]
    spread = np.asarray(our_covs, np.float64)[:, :STATE, :STATE]
    spread = spread + np.asarray(their_covs, np.float64)[:, :STATE, :STATE]
    finite = np.isfinite(np.hstack([one, two, spread.reshape(len(one), STATE**2)]))
    good: Flags = np.array([bool(row.all()) for row in finite], np.bool_)
    good[good] = [bool((np.linalg.eigvalsh(each) > 0.0).all()) for each in spread[good]]
    off, whole = (two - one)[good], np.linalg.inv(spread[good])
    info = np.eye(3) * WEAK[0] + whole[:, :3, :3].sum(axis=0)
    cov = np.linalg.inv(info)
    cov = 0.5 * (cov + cov.T)
    mean = cov @ np.einsum("nij,nj->i", whole[:, :3], off)
    left = off.copy()
    left[:, :3] -= mean
    numbers = STATE * len(off) - 3
    own = np.sqrt(np.median(np.diagonal(spread[good], axis1=1, axis2=2), axis=0))[:3] if len(off) else 0.0
    return Offset(
        mean=mean, cov=cov, observable=np.sqrt(np.diag(cov)) < ENOUGH * own, tracks=len(off),
        misfit=float(np.einsum("ni,nij,nj->", left, whole, left)) / numbers if numbers > 0 else np.nan,
    )  # fmt: skip
