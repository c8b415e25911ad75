"""Ten thousand random sets of clauses: what must hold of every one of them."""

from __future__ import annotations

import functools
import os
import random
from dataclasses import dataclass

import pytest

from synaspis.model.agreement import LADDER, PRODUCTS, Release
from synaspis.sharing.conditions import Missile
from synaspis.sharing.masks import masks
from synaspis.sharing.release import STEPS, Path, decide, paths
from synaspis.sharing.rules import Decision, Rules

from .random_rules import NATIONS, SENSORS, Ask, ask, clauses, missile, release, rules_of

SETS = 10_000
SEED = int(os.environ.get("SYNASPIS_SOAK") or 0)


@dataclass(frozen=True)
class Drawn:
    """One set of clauses with one more of each kind, and what is asked of it."""

    clauses: list[Release]
    forbid: Release
    permit: Release
    asks: tuple[tuple[Ask, Missile], ...]
    pair: tuple[str, str]
    given: Rules


@functools.cache
def drawn() -> tuple[Drawn, ...]:
    return tuple(_draw(random.Random(SETS * SEED + number)) for number in range(SETS))


def _draw(rng: random.Random) -> Drawn:
    found = clauses(rng, 7)
    owner, recipient = rng.sample(NATIONS, 2)
    m = missile(rng)
    asks = (((owner, recipient, *ask(rng)[2:]), m), (ask(rng), m))
    return Drawn(
        found,
        release(rng, ("forbid",)),
        release(rng, ("permit",)),
        asks,
        (owner, recipient),
        rules_of(*found),
    )


def plain(given: Rules, owner: str, recipient: str, product: str, sensor: str | None, m: Missile) -> Decision:
    """The rules read clause by clause, as a lawyer would: written apart from the code under test."""
    if owner == recipient:
        return Decision(True, ())
    yes, no = [], []
    for c in given.releases:
        if owner not in c.owners or recipient not in c.recipients or "defence" not in c.purposes:
            continue
        if c.sensors and sensor is not None and sensor not in c.sensors:
            continue
        ladder = (*LADDER, "measurement")
        steps = [ladder.index(p) for p in c.products if p in ladder]
        if product == "engagement_status":
            named = product in c.products
        elif c.effect == "permit":
            named = bool(steps) and max(steps) >= ladder.index(product)
        else:
            named = bool(steps) and min(steps) <= ladder.index(product)
        if not named:
            continue
        truth = [t for t in _truths(c, recipient, m) if t is not True]
        if c.effect == "permit" and not truth:
            yes.append((c.delay_s, c.id))
        if c.effect == "forbid" and False not in truth:
            no.append(c.id)
    if no:
        return Decision(False, tuple(no))
    return Decision(bool(yes), tuple(sorted(clause for _, clause in yes)))


def _truths(c: Release, recipient: str, m: Missile) -> list[bool | None]:
    """Each part of the condition: true, false, or not known."""
    found: list[bool | None] = []
    threatens = {recipient if n == "recipient" else n for n in c.when.threatens}
    lands = {recipient if n == "recipient" else n for n in c.when.lands_in}
    if threatens:
        found.append(None if m.threatens is None else bool(threatens & m.threatens))
    if c.when.category:
        found.append(None if m.category is None else m.category in c.when.category)
    if c.when.launched_from:
        known = m.launched_from
        found.append(None if known is None else bool(known & set(c.when.launched_from)))
    if lands:
        found.append(None if m.lands_in is None else m.lands_in in lands)
    return found


def sort(decision: Decision) -> tuple[bool, tuple[str, ...]]:
    return decision.allowed, tuple(sorted(decision.because))


def test_decisions_and_their_reasons_are_those_of_a_plain_reading() -> None:
    for d in drawn():
        for asked, m in d.asks:
            assert sort(decide(d.given, *asked, m)) == sort(plain(d.given, *asked, m))


def test_a_forbid_added_never_opens_a_door_and_a_permit_never_closes_one() -> None:
    opened = closed = 0
    for d in drawn():
        stricter, looser = rules_of(*d.clauses, d.forbid), rules_of(*d.clauses, d.permit)
        for asked, m in d.asks:
            less = decide(stricter, *asked, m).allowed
            now = decide(d.given, *asked, m).allowed
            more = decide(looser, *asked, m).allowed
            assert less <= now <= more
            closed += now and not less
            opened += more and not now
    assert closed > 100 and opened > 100, "the draw must hold cases in which the clause matters"


@pytest.mark.long
def test_masks_say_what_single_decisions_say() -> None:
    held = 0
    for d in drawn():
        (asked, m), *_ = d.asks
        owner, recipient, product, sensor = asked
        delay_s = masks(d.given, NATIONS, sensor).release_s(m)
        place = NATIONS.index(owner), NATIONS.index(recipient), PRODUCTS.index(product)
        found = decide(d.given, *asked, m)
        assert (delay_s[place] < float("inf")) == found.allowed
        if found.allowed and found.because:
            assert delay_s[place] == min(c.delay_s for c in d.given.releases if c.id in found.because)
            held += 1
    assert held > 500


@pytest.mark.long
def test_nothing_goes_onward_without_a_clause_of_its_originator() -> None:
    """A path through a third nation needs the owner's leave, that nation's own clause, and no forbid."""
    handed = 0
    for d in drawn():
        owner, recipient = d.pair
        by_id = {c.id: c for c in d.given.releases}
        m = d.asks[0][1]
        for path in paths(d.given, owner, recipient, SENSORS):
            if not path.via:
                continue
            handed += 1
            leave = [
                by_id[c] for c in path.clauses if owner in by_id[c].owners and path.via in by_id[c].recipients
            ]
            assert any(recipient in c.onward for c in leave)
            if path.predicate.holds(m):
                _may_be_handed_on(d.given, owner, path, m)
    assert handed > 300


def _may_be_handed_on(given: Rules, owner: str, path: Path, m: Missile) -> None:
    product = STEPS[path.level]
    for sensor in path.sensors:
        assert decide(given, owner, path.via, product, sensor, m).allowed
        assert decide(given, path.via, path.recipient, product, sensor, m).allowed
        forbids = rules_of(*(c for c in given.releases if c.effect == "forbid"))
        assert plain(forbids, owner, path.recipient, product, sensor, m).because == ()


def test_paths_open_where_decisions_say_yes_and_only_there() -> None:
    for d in drawn():
        asked, m = d.asks[0]
        owner, recipient, product, sensor = asked
        if product not in STEPS or sensor is None:
            continue
        held = [
            p
            for p in paths(d.given, owner, recipient, SENSORS)
            if p.level >= STEPS.index(product) and sensor in p.sensors and p.predicate.holds(m)
        ]
        if decide(d.given, *asked, m).allowed:
            assert held
        elif held:
            assert all(p.via for p in held)
