"""May they see? Which products of whose sensors go to whom, how late, and under which clause.

A permit for a step of the product ladder reveals the steps below it; a forbid closes the steps above.
Silence is no, and a forbid wins. What a recipient was given it may hand on only where the clause that
gave it says so (`onward`) and a clause of its own lets it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

from synaspis.model.agreement import LADDER, Release
from synaspis.sharing.conditions import ALWAYS, Missile, Predicate, may_meet, predicate_of
from synaspis.sharing.rules import Decision, Rules

MEASUREMENT = 4
STEPS = (*LADDER, "measurement")
DEFENCE, WARNING = "defence", "warning"


Terms = tuple[float, Predicate, float, float]


@dataclass(frozen=True, order=True)
class Grant:
    """One permit that holds: released `delay_s` after the predicate is first true, until it is revoked.

    `floor_m` is the one-sigma position error that what is released is never better than.
    """

    delay_s: float
    predicate: Predicate
    clause: str
    floor_m: float = 0.0
    until_s: float = inf

    @property
    def terms(self) -> Terms:
        """All but the clause."""
        return self.delay_s, self.predicate, self.floor_m, self.until_s


KEPT_ANSWERS = 4096
"""Answers that a door remembers: what is known of a missile changes rarely, messages about it come often."""


@dataclass(frozen=True)
class Door:
    """All clauses that bear on one product of one owner (and sensor) for one recipient and purpose."""

    permits: tuple[Grant, ...]
    forbids: tuple[tuple[Predicate, str], ...]
    some: Decision
    """Whether it may go for some missile; a forbid that might meet a permit closes it."""
    answers: dict[Missile, Decision] = field(default_factory=dict, init=False, repr=False, compare=False)

    def answer(self, m: Missile) -> Decision:
        """Whether it may go for the missile `m`. A rule that raises closes the door."""
        try:
            found = self.answers.get(m)
            if found is None:
                if len(self.answers) >= KEPT_ANSWERS:
                    self.answers.clear()
                found = self.answers[m] = self._judged(m)
            return found
        except Exception as error:
            clauses = (*(g.clause for g in self.permits), *(clause for _, clause in self.forbids))
            return Decision(False, clauses, f"a rule failed, which closes the door: {error}")

    def _judged(self, m: Missile) -> Decision:
        barred = tuple([clause for p, clause in self.forbids if not p.fails(m)])
        if barred:
            return Decision(False, barred)
        held = tuple([g.clause for g in self.permits if g.predicate.holds(m)])
        return Decision(bool(held), held)


@dataclass(frozen=True)
class Path:
    """What one clause (or a better one of the same owner) lets a recipient have of an owner's sensors.

    The recipient holds the track that the owner makes from `sensors`, each as late as `delay_s`, from
    when `predicate` is true until `until_s` after the start of the raid, no better than `floor_m`.
    `level` is the highest step of the product ladder; 4 is `measurement`. `via` is the nation that
    hands it on, or "".
    """

    owner: str
    recipient: str
    level: int
    delay_s: float
    predicate: Predicate
    sensors: tuple[str, ...]
    clauses: tuple[str, ...]
    floor_m: float = 0.0
    until_s: float = inf
    via: str = ""


@functools.lru_cache(maxsize=1024)
def revealed(effect: str, products: tuple[str, ...]) -> frozenset[str]:
    """The products that a clause about `products` is about.

    A permit for a step of the ladder reveals the steps below; a forbid closes the steps above.
    """
    steps = [STEPS.index(p) for p in products if p in STEPS]
    ladder: tuple[str, ...] = ()
    if steps:
        ladder = STEPS[: max(steps) + 1] if effect == "permit" else STEPS[min(steps) :]
    return frozenset((*products, *ladder))


def covers(clause: Release, sensor: str | None) -> bool:
    """Whether the clause is about `sensor` (None: about any sensor of the owner)."""
    return not clause.sensors or sensor is None or sensor in clause.sensors


def door(
    given: Rules, owner: str, recipient: str, product: str, sensor: str | None = None, purpose: str = DEFENCE
) -> Door:
    """The door between `owner` and `recipient`, made once for equal rules."""
    key = (owner, recipient, product, sensor, purpose)
    found = given.doors.get(key)
    if found is None:
        found = given.doors[key] = _door(given.between(owner, recipient), product, recipient, sensor, purpose)
    made: Door = found
    return made


def _door(between: Sequence[Release], product: str, recipient: str, sensor: str | None, purpose: str) -> Door:
    relevant = [
        c
        for c in between
        if purpose in c.purposes and covers(c, sensor) and product in revealed(c.effect, c.products)
    ]
    permits = tuple(sorted(_grant(c, recipient) for c in relevant if c.effect == "permit"))
    forbids = tuple((predicate_of(c, recipient), c.id) for c in relevant if c.effect == "forbid")
    standing = [g.clause for g in permits if not any(may_meet(g.predicate, p) for p, _ in forbids)]
    ids = tuple(standing) or tuple(clause for _, clause in forbids)
    return Door(permits, forbids, Decision(bool(standing), ids))


def _grant(c: Release, recipient: str) -> Grant:
    # Rounding to a grid leaves an even error of half a cell each way: a third of its square per axis.
    return Grant(
        c.delay_s, predicate_of(c, recipient), c.id, max(c.degraded_to_m, 0.5 * c.rounded_to_m), c.revoked_s
    )


OWN = Decision(True, ())


def decide(
    given: Rules,
    owner: str,
    recipient: str,
    product: str,
    sensor: str | None = None,
    missile: Missile | None = None,
    purpose: str = DEFENCE,
) -> Decision:
    """Whether `recipient` may have it, and the clauses that say so; a no cites what closed the door.

    With a `missile`, for what its holder knows of that missile. Without, for whatever missile: permits
    count with any condition that no forbid might meet.
    """
    if owner == recipient:
        return OWN
    found = given.doors.get((owner, recipient, product, sensor, purpose))
    if found is None:
        found = door(given, owner, recipient, product, sensor, purpose)
    answer: Decision = found.some if missile is None else found.answer(missile)
    return answer


def grants(
    given: Rules, owner: str, recipient: str, product: str, sensor: str | None, purpose: str = DEFENCE
) -> tuple[Grant, ...]:
    """Permits that no forbid closes outright; a forbid with a condition becomes an `unless` of theirs."""
    found = door(given, owner, recipient, product, sensor, purpose)
    open_ = []
    for g in found.permits:
        bars = sorted({p for p, _ in found.forbids if may_meet(g.predicate, p)})
        if ALWAYS not in bars:
            open_.append(replace(g, predicate=replace(g.predicate, unless=tuple(bars))) if bars else g)
    return tuple(sorted(open_))


def paths(
    given: Rules, owner: str, recipient: str, sensors: Sequence[str], purpose: str = DEFENCE
) -> tuple[Path, ...]:
    """Every distinct way in which `recipient` holds something of `owner`'s `sensors`.

    One path per set of terms that some clause offers; its sensors are all those whose release is at
    least as good in every respect. A further permit therefore adds paths or sensors and never takes any
    away. Worked out once for equal rules.
    """
    key = (owner, recipient, tuple(sensors), purpose)
    if key not in given.memory:
        direct = _paths(given, owner, recipient, sensors, purpose)
        handed_on = _handed_on(given, owner, recipient, sensors, purpose)
        given.memory[key] = tuple(_without_weaker([*direct, *handed_on]))
    found: tuple[Path, ...] = given.memory[key]
    return found


def _paths(
    given: Rules,
    owner: str,
    recipient: str,
    sensors: Sequence[str],
    purpose: str,
    among: frozenset[str] = frozenset(),
) -> list[Path]:
    """Paths under the permits of `owner`; only under those in `among`, where it names any."""
    between = given.between(owner, recipient)
    if not between:
        return []
    # Sensors about which the clauses speak alike stand behind the same doors: one of them is enough.
    words = {sensor: tuple(c.id for c in between if c.sensors and sensor in c.sensors) for sensor in sensors}
    granted = {
        (level, said): [
            g
            for g in grants(given, owner, recipient, product, sensor, purpose)
            if not among or g.clause in among
        ]
        for said, sensor in {words[sensor]: sensor for sensor in sensors}.items()
        for level, product in enumerate(STEPS)
    }
    offers = {(level, g.terms) for (level, _), open_ in granted.items() for g in open_}
    found = []
    for level, terms in sorted(offers):
        fit = {said: [g.clause for g in granted[level, said] if _as_good(g, terms)] for _, said in granted}
        members = tuple(sensor for sensor in sensors if fit[words[sensor]])
        cited = tuple(dict.fromkeys(clause for sensor in members for clause in fit[words[sensor]]))
        delay_s, predicate, floor_m, until_s = terms
        found.append(Path(owner, recipient, level, delay_s, predicate, members, cited, floor_m, until_s))
    return found


def _as_good(g: Grant, terms: Terms) -> bool:
    """Whether a grant gives at least what `terms` do."""
    delay_s, predicate, floor_m, until_s = terms
    return (
        g.delay_s <= delay_s
        and g.predicate in (predicate, ALWAYS)
        and g.floor_m <= floor_m
        and g.until_s >= until_s
    )


def _handed_on(given: Rules, owner: str, recipient: str, sensors: Sequence[str], purpose: str) -> list[Path]:
    """Paths through one nation in between: `owner`'s clause names `recipient` in `onward`, and a clause
    of the nation in between lets it give as much. A forbid of the owner closes them too."""
    found: list[Path] = []
    for middle in given.hands_on(owner, recipient):
        leave = frozenset(c.id for c in given.between(owner, middle) if recipient in c.onward)
        for first in _paths(given, owner, middle, sensors, purpose, leave):
            for level in range(first.level + 1):
                found += _second_hand(given, first, middle, recipient, level, purpose)
    return found


def _second_hand(
    given: Rules, first: Path, middle: str, recipient: str, level: int, purpose: str
) -> list[Path]:
    """`first`, handed on by `middle` as a product of step `level`."""
    allowed: dict[tuple[Grant, tuple[Predicate, ...]], list[str]] = {}
    for s in first.sensors:
        bars = door(given, first.owner, recipient, STEPS[level], s, purpose).forbids
        unless = tuple(sorted({p for p, _ in bars}))
        if ALWAYS not in unless:
            for g in grants(given, middle, recipient, STEPS[level], s, purpose):
                allowed.setdefault((g, unless), []).append(s)
    return [
        replace(
            first,
            recipient=recipient,
            level=level,
            delay_s=first.delay_s + g.delay_s,
            predicate=_all_of(first.predicate, g.predicate, unless),
            sensors=tuple(sensors),
            clauses=(*first.clauses, g.clause),
            floor_m=max(first.floor_m, g.floor_m),
            until_s=min(first.until_s, g.until_s),
            via=middle,
        )
        for (g, unless), sensors in allowed.items()
    ]


def _all_of(one: Predicate, other: Predicate, unless: tuple[Predicate, ...]) -> Predicate:
    """True where both are and none of `unless` is."""
    parts = tuple(sorted({p for p in (one, other) if p != ALWAYS}))
    if len(parts) == 1 and not unless:
        return parts[0]
    return Predicate(also=parts, unless=unless) if parts or unless else ALWAYS


def _without_weaker(found: Sequence[Path]) -> list[Path]:
    """Drop a path that another beats in every respect: it can change no answer."""
    return [p for p in found if not any(_beats(q, p) for q in found if q is not p)]


def _beats(q: Path, p: Path) -> bool:
    as_good = (
        q.level >= p.level
        and q.delay_s <= p.delay_s
        and q.predicate in (p.predicate, ALWAYS)
        and set(q.sensors) >= set(p.sensors)
        and q.floor_m <= p.floor_m
        and q.until_s >= p.until_s
    )
    shorter = bool(p.via) and not q.via
    return as_good and (shorter or _worth(q) != _worth(p))


def _worth(p: Path) -> tuple[object, ...]:
    """What can be better in a path that is as good as another."""
    return (p.level, p.delay_s, p.predicate == ALWAYS, len(p.sensors), p.floor_m, p.until_s)
