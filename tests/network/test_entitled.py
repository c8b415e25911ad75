"""Random sets of agreements: nothing reaches a nation that no clause entitles, on the wire or in a journal.

The oracles are `release.decide` and, for what is handed on, `release.paths`, by which batch runs decide. A
hundred sets here; `SYNASPIS_SOAK=100` plays ten thousand, and each round of it draws others.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

from synaspis.model.agreement import PRODUCTS, PURPOSES
from synaspis.network.message import Message, Opened, open_sealed
from synaspis.network.rulebook import Given, Offer
from synaspis.sharing.conditions import Missile
from synaspis.sharing.release import STEPS, decide, paths
from synaspis.sharing.rules import Rules

from ..sharing.random_rules import NATIONS, SENSORS, clauses, missile, rules_of, some
from .world import World

SETS = 100
SOAK = int(os.environ.get("SYNASPIS_SOAK") or 0)
HELD_S = 100.0
"""All delays are over by then, and no revocation has come."""


@dataclass(frozen=True)
class Made:
    """Something that a nation made: where it came from, and what its maker knew of the missile."""

    owner: str
    product: str
    sensors: tuple[str, ...]
    missile: Missile


def entitled(given: Rules, made: Made, recipient: str, *, onward: bool) -> bool:
    """Whether, by the rules of a batch run, `recipient` may have it: of every sensor, for some purpose."""
    sensors: tuple[str | None, ...] = made.sensors or (None,)
    return any(all(_holds(given, made, recipient, s, p, onward) for s in sensors) for p in PURPOSES)


def _holds(given: Rules, made: Made, recipient: str, sensor: str | None, purpose: str, onward: bool) -> bool:
    """Straight from its owner; or, with `onward`, also by a path through another nation."""
    if decide(given, made.owner, recipient, made.product, sensor, made.missile, purpose).allowed:
        return True
    if not onward or sensor is None:
        return False
    level = STEPS.index(made.product)
    found = paths(given, made.owner, recipient, (sensor,), purpose)
    return any(p.level >= level and p.predicate.holds(made.missile) for p in found)


def drawn(rng: random.Random, number: int) -> tuple[Rules, list[Made]]:
    given = rules_of(*clauses(rng, 7))
    made = []
    for owner in NATIONS:
        product = rng.choice(PRODUCTS)
        sensors = some(rng, SENSORS) if product in STEPS else ()
        made.append(Made(owner, product, sensors, missile(rng)))
    return given, made


def play(w: World, given: Rules, made: list[Made], rng: random.Random, tag: str) -> None:
    """Everybody offers what it made, and offers on whatever it gets, alone and with its own."""
    about = {f"{tag} {m.owner}": m for m in made}
    for nation, node in w.nodes.items():
        node.gateway.adopt(w.rulebook(nation, given))
        node.got.clear()
        node.gateway.inbox._deliver = _relay(w, nation, about, rng)
    for name, m in about.items():
        one = Offer(
            product=m.product, track=name, made_s=w.clock.s, body=name.encode(), sensors=m.sensors,
            missile=m.missile,
        )  # fmt: skip
        direct = {n for n in NATIONS if n != m.owner and entitled(given, m, n, onward=False)}
        assert set(w[m.owner].gateway.offer(one)) == direct, (tag, m)
    for _ in range(3):
        w.step(35.0)


def _relay(w: World, nation: str, about: dict[str, Made], rng: random.Random):  # type: ignore[no-untyped-def]
    def on(owner: str, m: Message) -> None:
        node = w[nation]
        node.got.append((owner, m))
        known = about[m.body.decode()]
        lower = STEPS[: STEPS.index(m.product) + 1] if m.product in STEPS else (m.product,)
        node.gateway.offer(
            Offer(
                product=rng.choice(lower), track=f"on {m.body.decode()}", made_s=w.clock.s, body=m.body,
                given=(Given(owner, m),), missile=known.missile,
            )
        )  # fmt: skip

    return on


def check(w: World, given: Rules, made: list[Made], tag: str) -> int:
    """Everything on the wire, and everything held, was for whom it went to."""
    about, count = {m.owner: m for m in made}, 0
    for key, data in w.wire:
        opened = open_sealed(data)
        assert isinstance(opened, Opened)
        for m in opened.frame.messages:
            if isinstance(m, Message):
                maker = about[m.body.decode().split()[-1]]
                recipient = key.split("/")[2]
                one = Made(maker.owner, m.product, maker.sensors, maker.missile)
                assert recipient == maker.owner or entitled(given, one, recipient, onward=True), (tag, key, m)
                assert m.body.decode().startswith(tag)
                count += 1
    for nation, node in w.nodes.items():
        for _, m in node.got:
            maker = about[m.body.decode().split()[-1]]
            one = Made(maker.owner, m.product, maker.sensors, maker.missile)
            assert nation == maker.owner or entitled(given, one, nation, onward=True)
        assert node.gateway.tally.count("refused") == 0, (tag, nation, node.gateway.tally.counts)
    w.wire.clear()
    return count


def test_nothing_reaches_a_nation_that_no_clause_entitles(tmp_path: Path) -> None:
    told = 0
    sets = SETS * max(SOAK, 1)
    with World(tmp_path, rules_of()).start() as w:
        for number in range(sets):
            rng = random.Random(sets * SOAK + number)
            given, made = drawn(rng, number)
            w.clock.s = 0.0
            w.clock.raid += 1
            play(w, given, made, rng, f"set{number}")
            told += check(w, given, made, f"set{number}")
    assert told > sets / 2, "the sets must let something pass"
