"""What a node makes of its own stations' looks, and what it offers of that to others.

One feed for the node's own picture, one for what it judges and releases by, and one for each set of sensors
that some clause names. What a feed makes is offered as the products that the paths of `sharing` give: the
gateway decides about each message all the same.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from synaspis.engine.detections import Seen
from synaspis.engine.live_feeds import Entry, Feed, Snapshot, own_entries, released
from synaspis.engine.live_joined import TRACK_LEVEL
from synaspis.engine.live_knowledge import Judge, told_class
from synaspis.engine.live_viewers import SAME_WITHIN, same_missile
from synaspis.engine.pictures import ALERT_FLOOR_M
from synaspis.engine.sources import Finder, working
from synaspis.engine.world import World
from synaspis.model.estimate import Spots
from synaspis.network import bodies
from synaspis.network.message import Message
from synaspis.network.picture import edition_of
from synaspis.network.rulebook import Offer
from synaspis.sharing.conditions import UNKNOWN, Missile
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules
from synaspis.tracking.filters import PHASES
from synaspis.tracking.fusion import carried

AGAIN_S: Final = 10.0
"""A track that nobody has seen since is offered again so often: who hears nothing lets it go."""
ALERT_AGAIN_S: Final = 4.0
"""So often is an alert told anew to those who get no more than that: it says where the missile will fall."""
KEPT_S: Final = 120.0
"""Looks at a feed that are older are forgotten."""
WIDEST_M: Final = 4e7
"""An ellipse that is wider says nothing."""
FIRE_CONTROL_LEVEL: Final = 3
_UPPER = np.triu_indices(7)


@dataclass
class _Offered:
    """What was offered of one track, and when: `seen_s` its last detection then."""

    name: str
    missile: Missile = UNKNOWN
    seen_s: float = -math.inf
    at_s: float = -math.inf
    alert_s: float = -math.inf


class Outlet:
    """A feed of some own sensors, and the nations that a path gives it to, by the highest step."""

    def __init__(self, feed: Feed, sensors: tuple[str, ...], to: Mapping[int, frozenset[str]]) -> None:
        self.feed, self.sensors, self.to = feed, sensors, dict(sorted(to.items()))
        self.everybody = frozenset[str]().union(*to.values())
        told = "\0".join(sensors).encode()
        self._tag = hashlib.blake2b(told, digest_size=4).hexdigest()
        self._offered: dict[int, _Offered] = {}
        self._new = frozenset[str]()

    def go_on(self, before: Outlet) -> None:
        """Go on from an outlet of the same feed under other rules: tracks keep their names, and who may have
        them only now is told of those that are there."""
        self._offered, self._new = before._offered, self.everybody - before.everybody

    def resume(self, sent: Iterable[tuple[Offer, Message]]) -> None:
        """Go on with the names under which tracks were sent before, each to the nearest of today's.

        `sent` are offers and what was sent of them, in order; those of other outlets are left out.
        """
        latest: dict[str, tuple[Offer, bodies.Track]] = {}
        for ground, message in sent:
            body = bodies.read(message.product, message.body)
            if isinstance(body, bodies.Track) and ground.track.startswith(f"{self._tag}."):
                latest[ground.track] = (ground, body)
        if not self.feed.looked or not latest:
            return
        found = self.feed.last
        for name, (ground, body) in sorted(latest.items()):
            edition = edition_of(name, 0, body)
            if edition is None or edition.time_s > found.time_s:
                continue
            mean, cov = carried(edition, found.time_s)
            far = np.linalg.norm(found.mean[:, :3] - mean[:3], axis=1)
            far /= np.hypot(found.sigma_m, math.sqrt(max(float(np.trace(cov[:3, :3])), 1.0)))
            for i in np.argsort(far, kind="stable"):
                number = int(found.number[i])
                if far[i] > SAME_WITHIN:
                    break
                if number not in self._offered:
                    self._offered[number] = _Offered(name, ground.missile, alert_s=body.time_s)
                    break

    def offers(self, base: int, alone: Snapshot | None, judge: Judge) -> list[Offer]:
        """What of the feed's last look is to be offered now.

        `base` tells the tracks of one start of the node from those of another.
        """
        found = self.feed.last
        numbers = found.number.tolist()
        for gone in set(self._offered) - set(numbers):
            del self._offered[gone]
        made: list[Offer] = []
        written: Bodies | None = None
        new, self._new = self._new, frozenset()
        for i, number in enumerate(numbers):
            before = self._offered.get(number)
            if before is None:
                before = self._offered[number] = _Offered(f"{self._tag}.{base}.{number}")
            elif new:
                written = written or Bodies(found)
                made += self._offer(before, found, "alert", written.alert(i), new)
            missile = before.missile.renewed(_known(found, i, alone, judge))
            learnt = missile != before.missile or before.alert_s == -math.inf
            before.missile = missile
            fresh = float(found.last_s[i]) != before.seen_s or found.time_s - before.at_s >= AGAIN_S
            told_again = found.time_s - before.alert_s >= ALERT_AGAIN_S and 0 in self.to
            if not (fresh or learnt or told_again):
                continue
            written = written or Bodies(found)
            if learnt or told_again:
                to = self.everybody if learnt else self.to[0]
                made += self._offer(before, found, "alert", written.alert(i), to)
                before.alert_s = found.time_s
            if fresh or learnt:
                made += self._products(before, found, i, written)
                before.seen_s, before.at_s = float(found.last_s[i]), found.time_s
        return made

    def _products(self, track: _Offered, found: Snapshot, i: int, written: Bodies) -> list[Offer]:
        made: list[Offer] = []
        for level, to in self.to.items():
            if level >= TRACK_LEVEL:
                product = STEPS[min(level, FIRE_CONTROL_LEVEL)]
                made += self._offer(track, found, product, written.track(i), to)
            elif level:
                made += self._offer(track, found, STEPS[level], written.impact(i), to)
        return made

    def _offer(
        self, track: _Offered, found: Snapshot, product: str, body: bytes | None, to: frozenset[str]
    ) -> list[Offer]:
        if body is None:
            return []
        return [Offer(
            product=product, track=track.name, made_s=max(found.time_s, 0.0), body=body,
            sensors=self.sensors, missile=track.missile, to=to,
        )]  # fmt: skip


def _known(found: Snapshot, i: int, alone: Snapshot | None, judge: Judge) -> Missile:
    """What clauses are judged by: the owner's own estimate of the missile, of all its stations."""
    if alone is None or alone is found:
        return judge.known(found, i)
    k = same_missile(found, i, alone)
    return judge.known(alone, k) if k >= 0 else UNKNOWN


class Bodies:
    """Bodies of the tracks of one look, each written once."""

    def __init__(self, found: Snapshot) -> None:
        self._of = found
        self._means = found.mean.tolist()
        self._covs = found.cov[:, _UPPER[0], _UPPER[1]].tolist()
        both = np.hstack([found.mean, found.cov.reshape(len(found.mean), -1)])
        self._whole = np.flatnonzero(np.isfinite(both).all(axis=1)).tolist()
        self._tracks: dict[int, bytes] = {}

    def track(self, i: int) -> bytes | None:
        """State and covariance; None where they are no numbers."""
        if i not in self._whole:
            return None
        if i not in self._tracks:
            phase = PHASES[int(self._of.mode[i])].name
            mean, covariance = tuple(self._means[i]), tuple(self._covs[i])
            self._tracks[i] = bodies.write(bodies.Track(self._of.time_s, mean, covariance, phase))
        return self._tracks[i]

    def impact(self, i: int) -> bytes | None:
        """Where and when it comes down; None where that is not known."""
        s = self._of.impact
        place = place_of(s, i)
        if place is None:
            return None
        return bodies.write(bodies.ImpactEstimate(place, float(s.time_s[i]), float(s.sigma_s[i])))

    def alert(self, i: int) -> bytes:
        """That it is there, and what little is told with it."""
        found = self._of
        impact = place_of(found.impact, i, ALERT_FLOOR_M)
        return bodies.write(bodies.Alert(
            float(found.last_s[i]), place_of(found.launch, i, ALERT_FLOOR_M), impact,
            float(found.impact.time_s[i]) if impact else None, told_class(found.chances[i])[0] or None,
        ))  # fmt: skip


def place_of(s: Spots, i: int, least_m: float = 0.0) -> bodies.Place | None:
    """A place of estimates as a body has it, its ellipse at least so large; None where it is not known."""
    told = [
        float(a[i]) for a in (s.latitude_rad, s.longitude_rad, s.semi_major_m, s.semi_minor_m, s.bearing_rad)
    ]
    told += [float(s.time_s[i]), float(s.covs[i, 2, 2])]
    if not all(map(math.isfinite, told)) or told[2] > WIDEST_M or told[6] < 0.0:
        return None
    latitude, longitude, major, minor, bearing = told[:5]
    longitude = math.remainder(longitude, 2.0 * math.pi)
    return bodies.Place(latitude, longitude, max(major, least_m), max(minor, least_m), bearing)


@dataclass
class Feeds:
    """All feeds of a nation's own stations under its rules: what it sees, judges by, and may give.

    `own` is its own picture's, `alone` what it judges and releases by; None without stations. As long as its
    stations see nothing by others' cues the two are one; `parted` are then the entries of its own picture's.
    """

    w: World
    me: str
    own: Feed | None
    alone: Feed | None
    outlets: tuple[Outlet, ...]
    parted: tuple[Entry, ...] = ()
    at_s: float = -math.inf
    idle: tuple[Outlet, ...] = ()
    """Those to which no rule in force gives anybody: they go on watching, should one do so again."""
    _all: tuple[Feed, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        every = [self.own, self.alone, *(o.feed for o in (*self.outlets, *self.idle))]
        self._all = tuple(dict.fromkeys(f for f in every if f is not None))

    def hear(self, seen: Iterable[Seen]) -> None:
        """Take scans on their way to whichever feed they are for."""
        for one in seen:
            if self.parted and self.own is self.alone is not None and not one.free.all():
                self.own = self.alone.fork(self.parted)
                self._all = (self.own, *self._all)
            for feed in self._all:
                feed.hear(one)

    def settle(self, now_s: float) -> None:
        """Take in what has come by now, which is not before the last time, and look."""
        self.at_s = max(now_s, self.at_s)
        for feed in self._all:
            feed.settle(self.at_s)

    def resume(self, sent: Sequence[tuple[Offer, Message]]) -> None:
        """After a start from the journal: go on with the names under which tracks were sent before."""
        for outlet in self.outlets:
            outlet.resume(sent)

    def offers(self, base: int, judge: Judge) -> list[Offer]:
        """What is to be offered after the last look."""
        alone = self.alone.last if self.alone is not None else None
        return [offer for outlet in self.outlets for offer in outlet.offers(base, alone, judge)]


def feeds_of(w: World, me: str, given: Rules, *, releases: bool = True, before: Feeds | None = None) -> Feeds:
    """The feeds of a nation, from the paths that the clauses make; without `releases` its own picture's.

    With those it had `before`, under other rules, they go on from there: what it holds stays held, and is
    made of what it hears from now on. What was made for others goes on only for those of the same stations.
    """
    find, works = Finder(w), working(w, given)
    made: dict[tuple[Entry, ...], Feed] = {}
    if before is not None:
        made = {o.feed.entries: o.feed for o in (*before.outlets, *before.idle)}
        if before.alone is not None:
            made[before.alone.entries] = before.alone

    def feed(entries: tuple[Entry, ...]) -> Feed | None:
        if not entries:
            return None
        if entries not in made:
            made[entries] = Feed(entries, w, kept_s=KEPT_S)
        return made[entries]

    stations = [s for s in w.stations_of(me) if works[s]]
    entries = tuple((s, 0.0, "released") for s in stations)
    if before is not None and before.alone is not None and entries and entries not in made:
        made[entries] = before.alone.fork(entries)
    alone = feed(entries)
    mine, *others = find.of(given, me, works)
    entries = own_entries(find, mine) if others else ()
    parted = entries if sorted(e[:2] for e in entries) == [(s, 0.0) for s in sorted(stations)] else ()
    own = feed(entries) if entries and not parted else alone
    if before is not None and before.own is not None:
        own, parted = _own_again(before, own, entries, parted)
    outlets: dict[tuple[Entry, ...], dict[int, set[str]]] = {}
    for nation in w.nations if releases else ():
        if nation == me:
            continue
        for source in find.of(given, nation, works)[1:]:
            if source.owner == me and not source.via and source.entries:
                to = outlets.setdefault(released(find, source)[0], {})
                to.setdefault(source.level, set()).add(nation)
    found = []
    for entries, to in outlets.items():
        made_by = feed(entries)
        assert made_by is not None
        found.append(Outlet(made_by, _sensors(w, entries), {k: frozenset(v) for k, v in to.items()}))
    at_s = -math.inf if before is None else before.at_s
    return Feeds(w, me, own, alone, tuple(found), parted, at_s, _idle(before, found))


def _idle(before: Feeds | None, now: Sequence[Outlet]) -> tuple[Outlet, ...]:
    """Outlets that there were, and are not among those of `now`, which go on where they were."""
    if before is None:
        return ()
    used, idle = {o.feed.entries: o for o in now}, list[Outlet]()
    for outlet in (*before.outlets, *before.idle):
        again = used.get(outlet.feed.entries) or Outlet(outlet.feed, outlet.sensors, {})
        again.go_on(outlet)
        idle += [] if outlet.feed.entries in used else [again]
    return tuple(idle)


def _own_again(
    before: Feeds, own: Feed | None, entries: tuple[Entry, ...], parted: tuple[Entry, ...]
) -> tuple[Feed | None, tuple[Entry, ...]]:
    """The feed of a nation's own picture, going on from the one that it had; see `Feeds.parted`.

    What others' measurements told it stays in it, and in it alone: nothing that is released is made from it.
    """
    assert before.own is not None
    if before.own is before.alone and (parted or not entries):
        return own, parted
    entries = entries or tuple((s, extra_s, "own") for s, extra_s, _ in (own.entries if own else ()))
    return (before.own if before.own.entries == entries else before.own.fork(entries)), ()


def _sensors(w: World, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The names under which clauses release them."""
    return tuple(dict.fromkeys(w.stations[s].deployed for s, _, _ in entries))
