"""What each nation makes of a raid as it unfolds: its own tracks, and what others release to it.

Nations whose pictures have the same sources are one viewer. Tracks released to it are joined with its own by
covariance intersection; an impact estimate or an alert alone is held beside them. A source is used once its
owner's own live estimate meets the clause's condition, and stays as it was when it is revoked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import Range
from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import Feed, Snapshot
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.pictures import ALERT_FLOOR_M
from synaspis.engine.sources import Source
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.model.estimate import Spots
from synaspis.sharing.conditions import ALWAYS
from synaspis.tracking import estimates
from synaspis.tracking.filters import PHASES, mode_rows
from synaspis.tracking.fusion import Edition, Fused, Picture, intersected

Ints = NDArray[np.int64]

TRACK_LEVEL, ALERT_LEVEL = 2, 0
SAME_WITHIN = 5.0
"""The track on which an owner judges a clause and the one that it releases are of one missile if their places
differ by no more than so many of both their standard errors."""
_ROWS = mode_rows(PHASES)


@dataclass(eq=False)
class Received:
    """A source of another nation: the feed that makes its tracks, how late they come, and on whose estimate
    the clause is judged. `open` holds the tracks that have met its condition."""

    name: str
    source: Source
    feed: Feed
    late_s: float
    judged_by: Feed
    open: set[int] = field(default_factory=set)
    looked_s: float = -math.inf

    def admitted(self, now_s: float, judge: Judge) -> tuple[Snapshot, list[int]] | None:
        """What the viewer has of it by now, and which of its tracks."""
        found = self.feed.at(min(now_s, self.source.until_s) - self.late_s)
        if found is None:
            return None
        if found.time_s > self.looked_s and self.source.predicate != ALWAYS:
            self._judge(found, judge)
        self.looked_s = found.time_s
        if self.source.predicate == ALWAYS:
            return found, list(range(len(found.number)))
        return found, [i for i, number in enumerate(found.number.tolist()) if number in self.open]

    def _judge(self, found: Snapshot, judge: Judge) -> None:
        own = found if self.judged_by is self.feed else self.judged_by.at(found.time_s)
        if own is None:
            return
        for i, number in enumerate(found.number.tolist()):
            k = i if own is found else _same(found, i, own)
            if number in self.open or k < 0:
                continue
            if self.source.predicate.holds(judge.known(own, k)):
                self.open.add(number)


def _same(found: Snapshot, i: int, own: Snapshot) -> int:
    """The track of `own` that is of the missile of track `i`, -1 for none."""
    if not len(own.number):
        return -1
    far = np.linalg.norm(own.mean[:, :3] - found.mean[i, :3], axis=1)
    far /= np.hypot(own.sigma_m, found.sigma_m[i])
    k = int(far.argmin())
    return k if far[k] <= SAME_WITHIN else -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """One object that a viewer holds, at one time.

    `flight` is the row of the missile that it is of, -1 for none: the range's word, for those who keep score.
    `level` is the step of the product ladder; a state is there from `track` on, with `fused`. Row `i` of
    `impact` is its impact point; `semi_m` the semi-major axis of the 90 % ellipse, as far as it is let known.
    """

    flight: int
    level: int
    sigma_m: float
    semi_m: float
    impact: Spots
    i: int
    chances: Floats
    clauses: tuple[str, ...]
    fused: Fused | None = None


class Viewer:
    """Nations with the same sources, and their picture."""

    def __init__(self, nations: Sequence[str], own: Feed | None, received: Sequence[Received]) -> None:
        self.nations, self.own, self.received = tuple(nations), own, tuple(received)
        self._picture = Picture(self.nations[0], criterion="position")
        self._of = {r.name: r for r in received}
        self._given: dict[str, set[int]] = {}

    def look(self, now_s: float, over: Range, judge: Judge) -> tuple[list[Held], list[tuple[Received, int]]]:
        """All that is held now, and which source has told of which missile (row)."""
        told: list[tuple[Received, int]] = []
        beside: list[Held] = []
        if self.own is not None:
            self._picture.own(_editions(self.nations[0], self.own.at(now_s), None, 0.0))
        for r in self.received:
            got = r.admitted(now_s, judge)
            if got is None:
                continue
            found, rows = got
            flights = found.flight[rows] if len(rows) else np.empty(0, np.int64)
            told += [(r, int(t)) for t in flights]
            if r.source.level >= TRACK_LEVEL:
                self._take(r, found, rows)
            else:
                beside += [_beside(r, found, i) for i in rows]
        return [*self._fused(now_s, over), *beside], told

    def _take(self, r: Received, found: Snapshot, rows: Sequence[int]) -> None:
        given = {int(found.number[i]) for i in rows}
        self._picture.withdraw(r.name, self._given.get(r.name, set()) - given)
        self._given[r.name] = given
        for edition in _editions(r.name, found, rows, r.source.floor_m):
            self._picture.take(edition)

    def _fused(self, now_s: float, over: Range) -> list[Held]:
        objects = self._picture.at(now_s)
        if not objects:
            return []
        mean, cov = np.array([f.mean for f in objects]), np.array([f.cov for f in objects])
        mode = np.array([_mode_of(f.mode) for f in objects])
        sigma = np.sqrt(np.einsum("tii->t", cov[:, :3, :3]))
        impact = estimates.impacts(mean, cov, mode, now_s)
        chances = estimates.class_chances(mean, cov, mode)
        flights = over.whose(mean[:, :3], sigma)
        return [
            Held(
                flight=int(flights[i]), level=self._level(f), sigma_m=float(sigma[i]),
                semi_m=_semi(impact, i), impact=impact, i=i, chances=chances[i], clauses=self.clauses(f),
                fused=f,
            )
            for i, f in enumerate(objects)
        ]  # fmt: skip

    def _level(self, f: Fused) -> int:
        """The best of its members' levels; one's own stands above all."""
        return max(self._of[owner].source.level if owner in self._of else 5 for owner, _ in f.members)

    def clauses(self, f: Fused) -> tuple[str, ...]:
        """What a fused object rests on: nothing where one's own track is of it."""
        owners = [owner for owner, _ in f.members]
        if self.nations[0] in owners:
            return ()
        return tuple(dict.fromkeys(c for owner in owners for c in self._of[owner].source.clauses))

    def of_level(self, f: Fused, least: int) -> tuple[Floats, Floats, Floats] | None:
        """Mean, covariance and mode of a fused object from those of its tracks of at least a level."""
        rows = [
            i for i, (owner, _) in enumerate(f.members)
            if owner not in self._of or self._of[owner].source.level >= least
        ]  # fmt: skip
        if not rows:
            return None
        if len(rows) == len(f.members):
            return f.mean, f.cov, f.mode
        mean, cov, _ = intersected(f.means[rows], f.covs[rows], np.eye(3, 7))
        return mean, cov, f.mode


def _semi(impact: Spots, i: int) -> float:
    found = float(impact.semi_major_m[i])
    return found if math.isfinite(found) else math.inf


def _beside(r: Received, found: Snapshot, i: int) -> Held:
    """An impact estimate or an alert: no state, and no better than its owner lets it be."""
    semi_m = math.hypot(_semi(found.impact, i), ELLIPSE_90 * r.source.floor_m)
    if r.source.level == ALERT_LEVEL:
        semi_m = max(semi_m, ALERT_FLOOR_M)
    return Held(
        flight=int(found.flight[i]), level=r.source.level, sigma_m=math.inf, semi_m=semi_m,
        impact=found.impact, i=i, chances=np.full_like(found.chances[i], np.nan), clauses=r.source.clauses,
    )  # fmt: skip


def _editions(
    owner: str, found: Snapshot | None, rows: Iterable[int] | None, floor_m: float
) -> list[Edition]:
    """Tracks of a feed as editions, with the error that their owner adds before it lets them go."""
    if found is None:
        return []
    blur = np.zeros((7, 7))
    blur[:3, :3] = np.eye(3) * floor_m**2 / 3.0
    return [
        Edition(
            owner=owner, number=int(found.number[i]), time_s=found.time_s, mean=found.mean[i],
            cov=found.cov[i] + blur, mode=_ROWS[found.mode[i]],
        )
        for i in (range(len(found.number)) if rows is None else rows)
    ]  # fmt: skip


def _mode_of(row: Floats) -> int:
    return int(np.abs(_ROWS - row).sum(axis=1).argmin())
