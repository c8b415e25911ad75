"""May they see? Which products of whose sensors go to whom, how late, and under which clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synaspis.model.agreement import LADDER, Release
from synaspis.sharing.rules import Decision, Rules


@dataclass(frozen=True, order=True)
class Predicate:
    """What must be true of a missile, as the owner's own picture shows it. Empty: always true."""

    threatens: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


ALWAYS = Predicate()


@dataclass(frozen=True, order=True)
class Grant:
    """One permit that holds: released `delay_s` after the predicate is first true."""

    delay_s: float
    predicate: Predicate
    clause: str


@dataclass(frozen=True)
class Path:
    """What one clause (or a quicker one of the same owner) lets a recipient have of an owner's sensors.

    The recipient holds the track that the owner makes from `sensors`, each as late as `delay_s`, from
    when `predicate` is true. `level` is the highest step of the product ladder; 4 is `measurement`.
    """

    owner: str
    recipient: str
    level: int
    delay_s: float
    predicate: Predicate
    sensors: tuple[str, ...]
    clauses: tuple[str, ...]


MEASUREMENT = 4
STEPS = (*LADDER, "measurement")


def predicate_of(clause: Release, recipient: str) -> Predicate:
    """The clause's condition, with the word `recipient` read as this recipient."""
    threatens = {recipient if nation == "recipient" else nation for nation in clause.when.threatens}
    return Predicate(tuple(sorted(threatens)), tuple(sorted(clause.when.category)))


def _reveals(clause: Release, product: str) -> bool:
    """A permit for a step of the ladder reveals the steps below; a forbid closes the steps above."""
    if product in clause.products:
        return True
    if product not in STEPS:
        return False
    step = STEPS.index(product)
    named = [STEPS.index(p) for p in clause.products if p in STEPS]
    if clause.effect == "permit":
        return any(n > step for n in named)
    return any(n < step for n in named)


def _covers(clause: Release, sensor: str | None) -> bool:
    return not clause.sensors or sensor is None or sensor in clause.sensors


def grants(given: Rules, owner: str, recipient: str, product: str, sensor: str | None) -> tuple[Grant, ...]:
    """Permits of `product` that no forbid closes.

    A forbid without a condition closes all; one with a condition closes every permit whose
    predicate it might meet, since in doubt the door stays shut: only a permit limited to other
    categories stays open.
    """
    return _grants(given.between(owner, recipient), product, recipient, sensor)


def _grants(
    between: Sequence[Release], product: str, recipient: str, sensor: str | None
) -> tuple[Grant, ...]:
    relevant = [c for c in between if _covers(c, sensor) and _reveals(c, product)]
    if not relevant:
        return ()
    forbids = [predicate_of(c, recipient) for c in relevant if c.effect == "forbid"]
    found = [
        Grant(c.delay_s, predicate_of(c, recipient), c.id)
        for c in relevant
        if c.effect == "permit" and not any(_may_meet(predicate_of(c, recipient), f) for f in forbids)
    ]
    return tuple(sorted(found))


def _may_meet(permit: Predicate, forbid: Predicate) -> bool:
    """False only if no missile can satisfy both."""
    if not forbid.category or not permit.category:
        return True
    return bool(set(permit.category) & set(forbid.category))


def decide(given: Rules, owner: str, recipient: str, product: str, sensor: str | None = None) -> Decision:
    """Whether any permit stands, with its clauses; a no cites the forbids that closed the door."""
    if owner == recipient:
        return Decision(True, ())
    open_ = grants(given, owner, recipient, product, sensor)
    if open_:
        return Decision(True, tuple(g.clause for g in open_))
    forbids = [
        c.id
        for c in given.between(owner, recipient)
        if c.effect == "forbid" and _covers(c, sensor) and _reveals(c, product)
    ]
    return Decision(False, tuple(forbids))


def paths(given: Rules, owner: str, recipient: str, sensors: Sequence[str]) -> tuple[Path, ...]:
    """Every distinct way in which `recipient` holds something of `owner`'s `sensors`.

    One path per (level, delay, predicate) that some clause offers; its sensors are all those whose
    release is at least as high and as quick, under the same condition or none. A further permit
    therefore adds paths or sensors and never takes any away. Worked out once for equal rules.
    """
    key = (owner, recipient, tuple(sensors))
    if key not in given.memory:
        given.memory[key] = _paths(given.between(owner, recipient), owner, recipient, sensors)
    found: tuple[Path, ...] = given.memory[key]
    return found


def _paths(
    between: Sequence[Release], owner: str, recipient: str, sensors: Sequence[str]
) -> tuple[Path, ...]:
    if not between:
        return ()
    granted = {
        (level, sensor): _grants(between, product, recipient, sensor)
        for sensor in sensors
        for level, product in enumerate(STEPS)
    }
    offers = {(level, g.delay_s, g.predicate) for (level, _), found in granted.items() for g in found}
    found = []
    for level, delay_s, predicate in sorted(offers):
        members, clauses = [], []
        for sensor in sensors:
            fit = [
                g.clause
                for g in granted[level, sensor]
                if g.delay_s <= delay_s and g.predicate in (predicate, ALWAYS)
            ]
            if fit:
                members.append(sensor)
                clauses += fit
        found.append(
            Path(owner, recipient, level, delay_s, predicate, tuple(members), tuple(dict.fromkeys(clauses)))
        )
    return tuple(_without_weaker(found))


def _without_weaker(found: Sequence[Path]) -> list[Path]:
    """Drop a path that another beats in every respect: it can change no answer."""
    return [p for p in found if not any(_beats(q, p) for q in found if q is not p)]


def _beats(q: Path, p: Path) -> bool:
    return (
        q.level >= p.level
        and q.delay_s <= p.delay_s
        and q.predicate in (p.predicate, ALWAYS)
        and set(q.sensors) >= set(p.sensors)
        and (q.level, -q.delay_s, q.predicate == ALWAYS, len(q.sensors))
        != (p.level, -p.delay_s, p.predicate == ALWAYS, len(p.sensors))
    )
