"""Whatever comes under whatever key is refused and counted, and the node goes on.

A thousand frames here; `SYNASPIS_SOAK=100` throws a hundred thousand.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import msgspec

from synaspis.network.message import REASONS, SIGNED_AS, Frame, Opened, open_sealed

from .world import NATIONS, NOON_NS, World, identity, offer, permit, rules_of

SOAK = int(os.environ.get("SYNASPIS_SOAK") or 0)
THROWN = 1_000


def spoilt(rng: random.Random, data: bytes) -> bytes:
    """Cut, stretched, or with bytes changed."""
    found = bytearray(data)
    kind = rng.randrange(4)
    if kind == 0:
        return bytes(found[: rng.randrange(len(found))])
    if kind == 1:
        return bytes(found) + rng.randbytes(rng.randint(1, 400_000 if rng.random() < 0.01 else 40))
    if kind == 2:
        return rng.randbytes(rng.randrange(300))
    for _ in range(rng.randint(1, 4)):
        found[rng.randrange(len(found))] = rng.randrange(256)
    return bytes(found)


def signed(rng: random.Random, frame: Frame, key: str) -> tuple[str, bytes]:
    """What a nation's own node might send if it were in other hands: signed, and spoilt before that."""
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    changes = rng.choice(
        [
            {"sequence": rng.choice([0, 1, 5, 2**53, 2**40])},
            {"sent_ns": rng.choice([0, 2**62, NOON_NS])},
            {"owner": rng.choice(NATIONS)},
            {"case": bytes(32)},
            {"purpose": "LIVE"},
            {"messages": frame.messages * 3},
            {},
        ]
    )
    content = encode(msgspec.structs.replace(frame, **changes))
    if rng.random() < 0.5:
        content = spoilt(rng, content)
    # The number of its one true frame is left alone: another under that number is a fork, and shuts the door.
    return key, identity("CCC").sign(SIGNED_AS + content) + content


def test_a_hostile_peer_is_refused_and_counted_and_the_node_is_well(tmp_path: Path) -> None:
    rng = random.Random(SOAK)
    rules = rules_of(permit("p", "track"), permit("c", "track", owners=("CCC",)))
    with World(tmp_path, rules).start("AAA", "BBB", "CCC") as w:
        for nation in ("AAA", "CCC"):
            w[nation].gateway.offer(offer(body=nation.encode()))
        w.step()
        genuine = [*w.to("AAA", "BBB"), *w.to("CCC", "BBB")]
        opened = open_sealed(genuine[1][1])
        assert isinstance(opened, Opened)
        bbb = w["BBB"]
        before = bbb.gateway.tally.count("refused")
        count = THROWN * max(SOAK, 1)
        taken = 0
        for _ in range(count):
            key, data = rng.choice(genuine)
            if rng.random() < 0.3:
                key, data = signed(rng, opened.frame, key)
            else:
                data = spoilt(rng, data)
            if rng.random() < 0.2:
                key = rng.choice(
                    ["", "syn", "syn/AAA/BBB/track/x", "syn/ZZZ/BBB/track", "syn/AAA/AAA/alert", "\0"]
                )
            found = bbb.gateway.receive(key, data)
            taken += isinstance(found, Opened)
            assert isinstance(found, Opened) or found.reason in REASONS
        refused = bbb.gateway.tally.count("refused")
        assert refused - before >= count - taken and taken < count / 20
        assert {n for n, _ in bbb.alarms} <= {"CCC"}
        w["AAA"].gateway.offer(offer(body=b"after"))
        w.step(times=5)
        assert b"after" in bbb.bodies and not bbb.gateway.tally.count("not_used")
        assert bbb.journal.verify().whole
