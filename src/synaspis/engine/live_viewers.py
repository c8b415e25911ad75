"""What each nation makes of a raid as it unfolds: its own tracks, and what others release to it.

Nations whose pictures have the same sources are one viewer. Tracks released to it are joined with its own by
covariance intersection; an impact estimate or an alert alone is held beside them. A source is used once its
owner's own live estimate meets the clause's condition, and stays as it was when it is revoked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from synaspis.engine.live_feeds import Feed, Snapshot, Whose
from synaspis.engine.live_joined import TRACK_LEVEL, Held, Joined, Terms, beside, editions
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.sources import Source
from synaspis.sharing.conditions import ALWAYS

SAME_WITHIN = 5.0
"""The track on which an owner judges a clause and the one that it releases are of one missile if their places
differ by no more than so many of both their standard errors."""


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

    @property
    def terms(self) -> Terms:
        """What its tracks come as."""
        return Terms(self.source.level, self.source.clauses)

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
            k = i if own is found else same_missile(found, i, own)
            if number in self.open or k < 0:
                continue
            if self.source.predicate.holds(judge.known(own, k)):
                self.open.add(number)


def same_missile(found: Snapshot, i: int, own: Snapshot) -> int:
    """The track of `own` that is of the missile of track `i`, -1 for none."""
    if not len(own.number):
        return -1
    far = np.linalg.norm(own.mean[:, :3] - found.mean[i, :3], axis=1)
    far /= np.hypot(own.sigma_m, found.sigma_m[i])
    k = int(far.argmin())
    return k if far[k] <= SAME_WITHIN else -1


class Viewer(Joined):
    """Nations with the same sources, and their picture."""

    def __init__(self, nations: Sequence[str], own: Feed | None, received: Sequence[Received]) -> None:
        super().__init__(nations[0])
        self.nations, self.own, self.received = tuple(nations), own, tuple(received)
        self.terms = {r.name: r.terms for r in received}
        self._given: dict[str, set[int]] = {}

    def look(self, now_s: float, whose: Whose, judge: Judge) -> tuple[list[Held], list[tuple[Received, int]]]:
        """All that is held now, and which source has told of which missile (row)."""
        told: list[tuple[Received, int]] = []
        others: list[Held] = []
        if self.own is not None:
            self.picture.own(editions(self.nation, self.own.at(now_s)))
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
                others += [_beside(r, found, i) for i in rows]
        return [*self.at(now_s, whose), *others], told

    def _take(self, r: Received, found: Snapshot, rows: Sequence[int]) -> None:
        given = {int(found.number[i]) for i in rows}
        self.picture.withdraw(r.name, self._given.get(r.name, set()) - given)
        self._given[r.name] = given
        for edition in editions(r.name, found, rows, r.source.floor_m):
            self.picture.take(edition)


def _beside(r: Received, found: Snapshot, i: int) -> Held:
    return beside(
        found.impact, i, r.terms, floor_m=r.source.floor_m, flight=int(found.flight[i]),
        classes=found.chances.shape[1],
    )  # fmt: skip
