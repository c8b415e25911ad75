"""What a journal tells of its node, held against what the nodes of a small world did."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from synaspis.errors import JournalError
from synaspis.model.network_audit import document
from synaspis.network.auditing import audit, keep_tally
from synaspis.network.tally import Tally

from .world import NOON_NS, World, forbid, offer, permit, rules_of

RULES = rules_of(
    permit("t1", "track"), permit("t2", "track", recipients=("CCC",)), permit("t3", "alert"),
    forbid("f1", "alert", recipients=("DDD",)),
)  # fmt: skip


def played(folder: Path) -> World:
    world = World(folder, RULES).start()
    for i in range(3):
        world["AAA"].gateway.offer(offer(track=f"t{i}"))
        world["AAA"].gateway.offer(offer("alert", track=f"t{i}"))
        world.step(0.1, 3)
    world.step(1.0, 2)
    return world


def test_what_was_released_to_whom_under_which_clause(tmp_path: Path) -> None:
    world = played(tmp_path)
    keep_tally(world["AAA"].journal, world["AAA"].gateway.tally, 1)
    for node in world.nodes.values():
        node.journal.flush()
    found = audit(tmp_path / "AAA.journal")  # while the node runs
    released = {(p.nation, p.product, p.clauses): p.messages for p in found.released}
    # A permit for a step reveals those below: under t1 and t2 alerts go as well.
    assert {k[:2] for k in released} == {
        ("BBB", "alert"),
        ("BBB", "track"),
        ("CCC", "track"),
        ("CCC", "alert"),
    }
    assert sum(n for k, n in released.items() if k[:2] == ("BBB", "track")) == 3
    assert all(p.originators == ("AAA",) and NOON_NS <= p.first_ns <= p.last_ns for p in found.released)
    assert found.whole and found.nation == "AAA" and found.kinds["sent"] >= 4
    assert found.not_released["alert"] == 3  # to DDD
    with world:
        pass
    other = audit(tmp_path / "BBB.journal")
    got = {(p.nation, p.product): p.messages for p in other.received}
    assert got == {("AAA", "alert"): 3, ("AAA", "track"): 3} and other.released == ()
    assert {c for p in other.received for c in p.clauses} == {"t1", "t3"}
    assert audit(tmp_path / "DDD.journal").received == ()


def test_refusals_are_counted_over_all_starts_of_a_node(tmp_path: Path) -> None:
    with World(tmp_path, RULES).start("AAA") as world:
        journal = world["AAA"].journal
        first, second = Tally(), Tally()
        first.note("refused", "replay", times=2)
        keep_tally(journal, first, 1)
        first.note("refused", "size")
        keep_tally(journal, first, 1)
        second.note("refused", "replay", times=5)
        keep_tally(journal, second, 2)
    assert audit(tmp_path / "AAA.journal").refused == {"replay": 7, "size": 1}


def test_a_changed_entry_is_found(tmp_path: Path) -> None:
    with played(tmp_path):
        pass
    path = tmp_path / "AAA.journal"
    with sqlite3.connect(path) as changed:
        changed.execute("DROP TRIGGER no_update")
        changed.execute("UPDATE entries SET payload = x'00' WHERE position = 1")
    changed.close()
    found = audit(path)
    assert not found.whole and "entry 1 is not what was written" in found.faults[0]
    assert "do not read" in found.faults[-1]
    told = json.loads(json.dumps(document(found)))
    assert told["whole"] is False and told["nation"] == "AAA" and told["released"]


def test_quarantines_are_told(tmp_path: Path) -> None:
    with World(tmp_path, RULES).start("AAA", "BBB") as world:
        world["BBB"].gateway.inbox.quarantine("AAA", "two of them")
        world["BBB"].gateway.lift("AAA", "a new key")
    told = [(a.nation, a.what, a.why) for a in audit(tmp_path / "BBB.journal").alarms]
    assert told == [("AAA", "quarantine", "two of them"), ("AAA", "quarantine_lifted", "a new key")]


def test_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="is not there"):
        audit(tmp_path / "none")
