"""Gateways over Zenoh with certificates: what no clause entitles to does not pass, nor a hostile peer's word.

One random set of agreements here; `SYNASPIS_SOAK=100` plays twenty.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bench.network import enrolled
from synaspis.journal.reading import Reader
from synaspis.network.message import SIGNED_AS, Frame, Message, Opened, open_sealed

from .exercise import loopback
from .test_entitled import Made, drawn, entitled, play
from .test_zenoh_bus import wait
from .world import CERTIFIED, NATIONS, SetClock, World, identity, offer, permit, rules_of

pytest.importorskip("zenoh")

import zenoh

from synaspis.network.zenoh_bus import Address, ZenohBus

pytestmark = pytest.mark.processes

SETS = max(int(os.environ.get("SYNASPIS_SOAK") or 0) // 5, 1)


class OverTheBus(World):
    """As a `World`, each nation on a bus of its own, with a subscriber to everything on each."""

    def start(self, *nations: str, **more: object) -> World:
        self.where = {n: Address(host=h, port=p) for n, (h, p) in loopback(NATIONS).items()}
        for nation in nations or NATIONS:
            assert self.keys is not None
            bus = ZenohBus(self.keys, nation, self.where, self.rulebook(nation).egress())
            bus.subscribe("syn", lambda key, data: self.wire.append((key, data)))
            self.transports[nation] = bus
        return super().start(*nations, **more)

    def __exit__(self, *told: object) -> None:
        super().__exit__(*told)
        for bus in self.transports.values():
            bus.close()

    def step(self, seconds: float = 0.1, times: int = 1) -> None:
        """Let the clock go on, and what was sent come."""
        super().step(seconds, times)
        assert wait(self._quiet), {n: node.gateway.health() for n, node in self.nodes.items()}

    def _quiet(self) -> bool:
        self.clock.s += 0.05  # so that what is missing is asked for
        for node in self.nodes.values():
            node.gateway.flush()
            node.gateway.tick()
        healths = [
            h for node in self.nodes.values() for n, h in node.gateway.health().items() if n in self.nodes
        ]
        return all(h.missing == 0 and h.waiting == 0 and h.acknowledged == h.sent for h in healths)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    enrolled(tmp_path / "keys", CERTIFIED)
    clock = SetClock(noon_ns=int(now.timestamp()) * 10**9)
    now += dt.timedelta(seconds=1)
    with OverTheBus(tmp_path, rules_of(), clock=clock, keys=tmp_path / "keys", now=now) as w:
        yield w


def test_not_released_is_on_no_wire_and_in_no_journal(world: World) -> None:
    world.start()
    told = []
    for number in range(SETS):
        rng = random.Random(SETS * 1000 + number)
        given, made = drawn(rng, number)
        world.clock.s, world.clock.raid = 0.0, world.clock.raid + 1
        for nation, bus in world.transports.items():
            bus.narrow(world.rulebook(nation, given).egress())  # type: ignore[attr-defined]
        play(world, given, made, rng, f"set{number}")
        told.append((given, {m.owner: m for m in made}))
    assert world.wire
    for key, data in [*world.wire, *_kept(world)]:
        opened = open_sealed(data)
        assert isinstance(opened, Opened)
        for m in opened.frame.messages:
            if isinstance(m, Message):
                words = m.body.decode().split()
                rules, about = told[int(words[0].removeprefix("set"))]
                maker, recipient = about[words[-1]], key.split("/")[2]
                one = Made(maker.owner, m.product, maker.sensors, maker.missile)
                assert recipient == maker.owner or entitled(rules, one, recipient, onward=True), (key, m)


def _kept(w: World) -> list[tuple[str, bytes]]:
    """What came, as the journals have it, under the key of whose journal it is."""
    found = []
    for nation in NATIONS:
        reader = Reader(w.folder / f"{nation}.journal")
        entries = reader.entries(0, 10**6)
        assert {e.kind for e in entries} <= {"sent", "received", "tombstone"}
        found += [(f"syn/{e.channel.owner}/{nation}/x", e.payload) for e in entries if e.kind == "received"]
        reader.close()
    return found


def hostile(w: World, key: str, frame: Frame) -> dict[str, list[tuple[str, bytes]]]:
    """What CCC's node might say in other hands, by the reason for which it is refused."""
    ccc = identity("CCC", w.keys, w.now)
    encode = msgspec.msgpack.Encoder(order="deterministic").encode

    def said(**changes: object) -> bytes:
        content = encode(msgspec.structs.replace(frame, **({"sequence": frame.sequence + 9} | changes)))
        return ccc.sign(SIGNED_AS + content) + content

    (message,) = frame.messages
    assert isinstance(message, Message)
    label = msgspec.structs.replace(message, clauses=("p",))  # AAA's clause
    genuine = encode(frame)
    return {
        "malformed": [(key, ccc.sign(SIGNED_AS + b"\x93") + b"\x93"), (key, said(format=2))],
        "size": [(key, bytes(400_000))],
        "purpose": [(key, said(purpose="LIVE"))],
        "signature": [(key, bytes(64) + genuine)],
        "replay": [(key, ccc.sign(SIGNED_AS + genuine) + genuine)],
        "label": [(key, said(messages=(label,)))],
        "clock": [(key, said(sequence=frame.sequence + 8, sent_ns=2**62))],
        "case": [(key, said(case=bytes(32)))],
    }


def test_a_hostile_peer_is_refused_and_counted_and_the_node_is_well(world: World) -> None:
    world.rules = rules_of(permit("p", "track"), permit("c", "track", owners=("CCC",)))
    world.start("AAA", "BBB", "CCC")
    world["CCC"].gateway.offer(offer(body=b"honest"))
    world["AAA"].gateway.offer(offer(body=b"first"))
    world.step()
    bbb, bus = world["BBB"], world.transports["CCC"]
    ((key, data),) = set(world.to("CCC", "BBB"))
    opened = open_sealed(data)
    assert isinstance(opened, Opened)
    world.stop("CCC")  # its key is in other hands now
    said = hostile(world, key, opened.frame)
    count = world["BBB"].gateway.tally.count
    for reason, what in said.items():

        def refused(reason: str = reason, what: list[tuple[str, bytes]] = what) -> bool:
            for where, told in what:  # again and again: the bus drops what comes behind something large
                bus.put(where, told)
            return count("refused", reason) >= len(what)

        assert wait(refused), (reason, world["BBB"].gateway.tally.counts)
    ((true_key, true_data),) = set(world.to("AAA", "BBB"))
    bus.put(true_key, true_data)  # another nation's word: the bus does not let it in
    assert not bbb.alarms
    world["AAA"].gateway.offer(offer(body=b"after"))
    world.step()
    assert b"after" in bbb.bodies and sorted(set(bbb.bodies)) == [b"after", b"first", b"honest"]


def test_who_has_no_certificate_says_nothing(world: World) -> None:
    world.rules = rules_of(permit("p", "track"))
    world.start("AAA", "BBB")
    endpoint = world.where["BBB"].endpoint  # type: ignore[attr-defined]
    told = {
        "mode": "peer", "scouting": {"multicast": {"enabled": False}},
        "connect": {"endpoints": [endpoint], "timeout_ms": 2000, "exit_on_failure": False},
        "transport": {"link": {"tls": {
            "root_ca_certificate": str(world.keys / "authority.pem"),  # type: ignore[operator]
            "verify_name_on_connect": False,
        }}},
    }  # fmt: skip
    stranger = zenoh.open(zenoh.Config.from_json5(json.dumps(told)))
    try:
        world["AAA"].gateway.offer(offer())
        world.step()
        ((key, data),) = set(world.to("AAA", "BBB"))
        world.wire.clear()
        for _ in range(20):
            stranger.put(key, data)
            stranger.put("syn/AAA/BBB/alert", b"hello")
            time.sleep(0.05)
    finally:
        stranger.close()
    assert not world.to("AAA", "BBB") and world["BBB"].bodies == [b"state"]
    assert world["BBB"].gateway.tally.count("refused") == 0


def test_two_nodes_with_one_key_are_seen_and_shut_out(world: World, tmp_path: Path) -> None:
    world.rules = rules_of(permit("p", "track"), permit("q", "track", owners=("BBB",), recipients=("AAA",)))
    world.start("AAA", "BBB")
    world["AAA"].gateway.offer(offer(body=b"of the one"))
    world.step()
    (tmp_path / "twin").mkdir()
    twin = World(tmp_path / "twin", world.rules, clock=world.clock, keys=world.keys, now=world.now)
    ((_, port),) = loopback(("AAA",)).values()
    where = world.where | {"AAA": Address(host="127.0.0.1", port=port)}  # type: ignore[attr-defined]
    bus = ZenohBus(world.keys, "AAA", where, world.rulebook("AAA").egress())  # type: ignore[arg-type]
    twin.transports["AAA"] = bus
    with twin.start("AAA"):
        twin["AAA"].gateway.offer(offer(body=b"of the other"))

        def seen() -> bool:
            twin.step()
            return bool(world["BBB"].alarms)

        try:
            assert wait(seen)
        finally:
            bus.close()
    ((nation, why),) = world["BBB"].alarms
    assert nation == "AAA" and "two different frames" in why
    assert world["BBB"].gateway.health()["AAA"].quarantined and world["BBB"].bodies == [b"of the one"]
    assert world["BBB"].gateway.offer(offer(body=b"to AAA")) == (), "nothing goes to a nation in quarantine"
