"""A nation's picture from its own tracks and those released to it, in which nothing is counted twice.

What is known of a released track's errors is its covariance, not what it shares with one's own: so tracks are
fused by covariance intersection, which is never overconfident. A track is known by its owner and the
owner's number for it. A newer edition replaces the older one, by whatever way it came, and one's own track
that comes back is refused. Which tracks are of one object is decided by where they are and how they move,
and remembered, so that pairs stick.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import ekf, motion
from synaspis.kernels.assign import NONE, assign
from synaspis.kernels.intersection import intersect
from synaspis.kernels.pairing import pairs
from synaspis.tracking.association import GATE
from synaspis.tracking.consistency import nees
from synaspis.tracking.registration import Offset

Floats = NDArray[np.float64]
Criterion = Literal["determinant", "position"]
Key = tuple[str, int]

MOTION = 6
"""Numbers of a state that mean the same to all: position and velocity."""
PARTING = 1.0 - 1e-9
"""Chance that two tracks held as one object stay within their gate: wider than the first gate."""
REMEMBERED = 4_096
"""Editions of which it is remembered what follows."""
KEPT, MOST = 0.7, 60.0
"""Of what spoke for a pair before: the share kept at each look, and the most that counts."""

NO_STATE, FUTURE, OWN, OLDER, HELD = (
    "no usable state", "from the future", "own track come back", "older than the one held", "already held",
)  # fmt: skip
"""Why `Picture.take` refuses a track."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """A track as its owner made it at one time, from the owner's own sensors.

    `owner` and `number` name the track; `mean` (7,), `cov` (7, 7) and `mode` (MODE_COLUMNS,) are as in
    `kernels.motion`, of the time `time_s`. `via` names the nations that handed it on, if any.
    """

    owner: str
    number: int
    time_s: float
    mean: Floats
    cov: Floats
    mode: Floats
    via: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What names the track, whichever way it came."""
        return self.owner, self.number


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Fused:
    """One object of a picture at `time_s`: a state as in `Edition`, and what it was made from.

    `number` stays with the object. Row by row: `members` (owner and number of each track), `times_s` (N,) of
    their editions, `weights` (N,) in the mixture, and `means` (N, 7) and `covs` (N, 7, 7) as carried to
    `time_s`, all in the terms of `mode`.
    """

    number: int
    time_s: float
    mean: Floats
    cov: Floats
    mode: Floats
    members: tuple[Key, ...]
    times_s: Floats
    weights: Floats
    means: Floats
    covs: Floats


def asked_rows(criterion: Criterion, size: int = motion.STATES) -> Floats:
    """What covariance intersection makes least: (Q, D) rows for `intersected`."""
    return np.zeros((0, size)) if criterion == "determinant" else np.eye(3, size)


def intersected(means: Floats, covs: Floats, rows: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Mean (D,), covariance (D, D) and weights (N,) of N estimates of one state, (N, D) and (N, D, D).

    `rows` (Q, D) project on what is asked, whose variances' sum is made least; by default the determinant is.
    Never overconfident, however the errors are correlated. ValueError where no estimate is usable.
    """
    several, spread = np.ascontiguousarray(means, np.float64), np.ascontiguousarray(covs, np.float64)
    if several.ndim != 2 or spread.shape != (*several.shape, several.shape[1]):
        raise ValueError(f"means {several.shape} do not go with covariances {spread.shape}")
    count, size = several.shape
    asked = np.zeros((0, size)) if rows is None else np.ascontiguousarray(rows, np.float64)
    mean, cov, weights = np.empty(size), np.empty((size, size)), np.empty(count)
    if not intersect(several, spread, asked, mean, cov, weights):
        raise ValueError("none of the estimates is finite with a covariance that is one")
    return mean, cov, weights


def carried(edition: Edition, at_s: float) -> tuple[Floats, Floats]:
    """Mean (7,) and covariance (7, 7) of a track at a time not before its own."""
    mean, cov = edition.mean.copy(), edition.cov.copy()
    motion.predict(mean, cov, edition.mode, at_s - edition.time_s, np.zeros(ekf.ROOM))
    return mean, cov


@functools.lru_cache(maxsize=REMEMBERED)
def _carried_soundly(edition: Edition, at_s: float) -> tuple[Floats, Floats] | None:
    """As `carried`, not to be changed; None for what then says nothing any more. Several nations may ask."""
    state = carried(edition, at_s)
    return state if _sound(*state) else None


@functools.lru_cache(maxsize=REMEMBERED)
def _alone(edition: Edition, at_s: float, rows: bytes) -> tuple[Floats, Floats, Floats]:
    """As `intersected`, not to be changed, of one carried track. Several nations may ask."""
    mean, cov = carried(edition, at_s)
    asked = np.frombuffer(rows).reshape(-1, mean.size)
    return intersected(mean[None], cov[None], asked)


def _sound(mean: Floats, cov: Floats) -> bool:
    """Whether a carried state still says something: one wholly unknown under power may not."""
    return bool(np.isfinite(mean).all() and np.isfinite(nees(np.zeros((1, mean.size)), cov[None])[0]))


def alike(one: Floats, two: Floats) -> bool:
    """Whether the seventh number means the same in two modes (MODE_COLUMNS,)."""
    return bool((one[motion.KIND] == motion.THRUST) == (two[motion.KIND] == motion.THRUST))


def in_terms_of(mode: Floats, own: Floats, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """A state of mode `own` in the terms of `mode`: where the seventh means something else, as yet unseen."""
    if alike(mode, own):
        return mean, cov
    mean, cov = mean.copy(), cov.copy()
    mean[motion.SEVENTH] = mode[motion.FRESH]
    cov[motion.SEVENTH, :] = cov[:, motion.SEVENTH] = 0.0
    cov[motion.SEVENTH, motion.SEVENTH] = mode[motion.FRESH_VARIANCE]
    return mean, cov


def _limit(inside: float) -> float:
    from scipy.special import chdtri

    return float(chdtri(MOTION, 1.0 - inside))


@functools.lru_cache(maxsize=REMEMBERED)
def _usable(edition: Edition) -> bool:
    size = motion.STATES
    if edition.mean.shape != (size,) or edition.cov.shape != (size, size):
        return False
    if edition.mode.shape != (motion.MODE_COLUMNS,) or not np.isfinite(edition.mode).all():
        return False
    finite = math.isfinite(edition.time_s) and bool(np.isfinite(edition.mean).all())
    return finite and bool(np.isfinite(nees(np.zeros((1, size)), edition.cov[None]))[0])


@final
class Picture:
    """What one nation makes of its own tracks and those released to it.

    `take` its own tracks and others' as they come, then ask `at` a time. `offsets` are what is known of other
    nations' registration: it is corrected as tracks come in. `counts` says why tracks were refused.
    """

    def __init__(
        self, nation: str, *, criterion: Criterion = "determinant", inside: float = GATE,
        offsets: Mapping[str, Offset] | None = None,
    ) -> None:  # fmt: skip
        self.nation = nation
        self.counts: Counter[str] = Counter()
        self.offsets = dict(offsets or {})
        self._criterion: Criterion = criterion
        self._limit, self._parting = _limit(inside), _limit(max(PARTING, inside))
        self._held: dict[Key, Edition] = {}
        self._object: dict[Key, int] = {}
        self._spoke: dict[tuple[int, Key], float] = {}
        self._spoke_before = self._spoke
        self._next, self._looked_s = 1, -math.inf

    def take(self, edition: Edition, now_s: float = math.inf) -> str | None:
        """Hold a track; why not, where it is refused. Nothing that is refused changes anything."""
        why = self._why_not(edition, now_s)
        if why is not None:
            self.counts[why] += 1
            return why
        offset = self.offsets.get(edition.owner)
        if offset is not None:
            mean, cov = offset.corrected(edition.mean, edition.cov)
            edition = replace(edition, mean=mean, cov=cov)
        self._held[edition.key] = edition
        return None

    def _why_not(self, edition: Edition, now_s: float) -> str | None:
        if not _usable(edition):
            return NO_STATE
        if edition.time_s > now_s:
            return FUTURE
        if edition.owner == self.nation and edition.via:
            return OWN
        held = self._held.get(edition.key)
        if held is None or edition.time_s > held.time_s:
            return None
        if edition.time_s == held.time_s and edition.owner == self.nation:
            return None  # a late scan changes a track of the same time: one's own tracker is right
        return HELD if edition.time_s == held.time_s else OLDER

    def own(self, editions: Iterable[Edition], now_s: float = math.inf) -> None:
        """Take all of the nation's own tracks: those that are not among them are gone."""
        given = {edition.number: edition for edition in editions if edition.owner == self.nation}
        gone = [key[1] for key in self._held if key[0] == self.nation and key[1] not in given]
        self.withdraw(self.nation, gone)
        for number in sorted(given):
            self.take(given[number], now_s)

    def withdraw(self, owner: str, numbers: Iterable[int]) -> None:
        """Forget tracks of an owner, for instance those that have come down."""
        for number in numbers:
            key = (owner, number)
            self._held.pop(key, None)
            self._object.pop(key, None)

    def held(self) -> tuple[Edition, ...]:
        """All tracks held, as corrected, by owner and number."""
        return tuple(self._held[key] for key in sorted(self._held))

    def at(self, at_s: float, rows: Floats | None = None) -> tuple[Fused, ...]:
        """The picture at a time, by object number: tracks joined, carried there and fused.

        Tracks later than `at_s` are left out, and those so wide by then that they say nothing. `rows` (Q, 7),
        if given, project on what is asked, in place of the picture's criterion. ValueError for a time before
        the last one asked.
        """
        if at_s < self._looked_s:
            raise ValueError(f"the picture was asked for {self._looked_s} s before, and {at_s} is earlier")
        taken = ((k, _carried_soundly(e, at_s)) for k, e in sorted(self._held.items()) if e.time_s <= at_s)
        here = {k: state for k, state in taken if state is not None}
        if at_s > self._looked_s:  # asked again for one time, what spoke for a pair counts once
            self._spoke_before, self._looked_s = self._spoke, at_s
        self._associate(here)
        asked = asked_rows(self._criterion) if rows is None else rows
        groups: dict[int, list[Key]] = {}
        for key in here:
            groups.setdefault(self._object[key], []).append(key)
        return tuple(self._fused(number, groups[number], here, at_s, asked) for number in sorted(groups))

    def _fused(
        self, number: int, keys: Sequence[Key], here: Mapping[Key, tuple[Floats, Floats]], at_s: float,
        rows: Floats,
    ) -> Fused:  # fmt: skip
        # One's own track first, whose terms are used; else those of the newest edition.
        keys = sorted(keys, key=lambda key: (key[0] != self.nation, -self._held[key].time_s, key))
        mode = self._held[keys[0]].mode
        states = [in_terms_of(mode, self._held[key].mode, *here[key]) for key in keys]
        means, covs = (np.array(part) for part in zip(*states, strict=True))
        if len(keys) == 1:
            mean, cov, weights = _alone(self._held[keys[0]], at_s, rows.tobytes())
        else:
            mean, cov, weights = intersected(means, covs, rows)
        return Fused(
            number=number, time_s=at_s, mean=mean, cov=cov, mode=mode.copy(), members=tuple(keys),
            times_s=np.array([self._held[key].time_s for key in keys]), weights=weights, means=means,
            covs=covs,
        )  # fmt: skip

    def _number_new(self, here: Iterable[Key]) -> None:
        for key in here:
            if key not in self._object:
                self._object[key] = self._next
                self._next += 1

    def _associate(self, here: Mapping[Key, tuple[Floats, Floats]]) -> None:
        """Decide anew, owner by owner, which object each track is of: one's own come first."""
        spoke: dict[tuple[int, Key], float] = {}
        owners = {owner for owner, _ in here}
        several = np.array([cov[:MOTION, :MOTION] for _, cov in here.values()]).reshape(-1, MOTION, MOTION)
        width = dict(zip(here, np.linalg.slogdet(several)[1].tolist(), strict=True))
        for owner in sorted(owners, key=lambda name: (name != self.nation, name)):
            mine = [key for key in here if key[0] == owner]
            if owner == self.nation:  # once it has an object, one's own track keeps it: others come to it
                mine = [key for key in mine if key not in self._object]
            found = self._assigned(mine, self._references(width, owner), here, spoke)
            shared = self._shared(here)
            for key in mine:
                if key in found:
                    self._object[key] = found[key]
                elif self._object.get(key) in shared:
                    del self._object[key]
            self._number_new(mine)
        self._spoke = spoke

    def _shared(self, here: Iterable[Key]) -> set[int]:
        """Objects of which more than one track is."""
        count = Counter(self._object[key] for key in here if key in self._object)
        return {number for number, tracks in count.items() if tracks > 1}

    def _references(self, width: Mapping[Key, float], owner: str) -> dict[int, Key]:
        """Of each object the track that another's is held against: one's own, else that of least `width`."""
        best: dict[int, tuple[tuple[bool, float, Key], Key]] = {}
        for key in width:
            number = self._object.get(key)
            if number is None or key[0] == owner:
                continue
            rank = (key[0] != self.nation, width[key], key)
            if number not in best or rank < best[number][0]:
                best[number] = (rank, key)
        return {number: best[number][1] for number in sorted(best)}

    def _assigned(
        self, mine: Sequence[Key], against: Mapping[int, Key], here: Mapping[Key, tuple[Floats, Floats]],
        spoke: dict[tuple[int, Key], float],
    ) -> dict[Key, int]:  # fmt: skip
        """The object of each of one owner's tracks that has one, and in `spoke` what speaks for each pair."""
        if not mine or not against:
            return {}
        numbers = list(against)
        sides = []
        for keys in (list(against.values()), list(mine)):
            sides.append(np.array([here[key][0][:MOTION] for key in keys]))
            sides.append(np.array([here[key][1][:MOTION, :MOTION] for key in keys]))
        first, other, square, score = pairs(sides[0], sides[1], sides[2], sides[3], self._parting)
        row = np.repeat(np.arange(len(numbers)), np.diff(first))
        for link in range(other.size):
            number, key = numbers[row[link]], mine[other[link]]
            before = self._spoke_before.get((number, key), 0.0)
            if square[link] > self._limit and self._object.get(key) != number:
                score[link] = -math.inf
                continue
            score[link] = min(score[link] + KEPT * before, MOST)
            spoke[number, key] = score[link]
        taken = assign(first, other, -score, len(mine))
        return {mine[taken[i]]: numbers[i] for i in range(len(numbers)) if taken[i] != NONE}
