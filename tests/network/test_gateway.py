"""What leaves and what comes: decided, numbered, checked, recorded, each once."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from synaspis.errors import NotRecordedError
from synaspis.journal import Channel
from synaspis.model.agreement import Authority, Condition
from synaspis.network.keyring import Keyring
from synaspis.network.message import (
    LARGEST_BODY_BYTES,
    NO_FRAME,
    Frame,
    Opened,
    Refusal,
    Tombstone,
    encode,
    key_of,
    open_sealed,
    seal,
)
from synaspis.network.rulebook import Given, Offer
from synaspis.sharing.conditions import Missile

from .world import CASE, NATIONS, NOON_NS, World, certificates, forbid, identity, offer, permit, rules_of

CASE_BYTES = bytes.fromhex(CASE)


def frame_of(data: bytes) -> Frame:
    opened = open_sealed(data)
    assert isinstance(opened, Opened)
    return opened.frame


def resealed(frame: Frame, signer: str = "AAA", **changes: Any) -> tuple[str, bytes]:
    """A frame with changes, signed by some nation."""
    changed = msgspec.structs.replace(frame, **changes)
    content = msgspec.msgpack.Encoder(order="deterministic").encode(changed)
    return key_of(changed), seal(content, identity(signer).sign)


def reason(found: Opened | Refusal) -> str:
    return found.reason if isinstance(found, Refusal) else "taken"


@pytest.fixture
def w(tmp_path: Path):  # type: ignore[no-untyped-def]
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as world:
        yield world


def sent_but_lost(w: World, **more: Any) -> Frame:
    """A frame from AAA to BBB that BBB never got."""
    w["BBB"].gateway.close()
    w["AAA"].gateway.offer(offer(**more))
    w.step()
    w.stop("BBB")
    w.start("BBB")
    return frame_of(w.to("AAA", "BBB")[-1][1])


def test_a_track_goes_to_whom_a_clause_names_and_to_nobody_else(w: World) -> None:
    w.start("CCC", "DDD")
    assert w["AAA"].gateway.offer(offer()) == ("BBB",)
    w.step(times=10)
    ((owner, m),) = w["BBB"].got
    assert owner == "AAA" and m.product == "track" and m.body == b"state" and m.clauses == ("p",)
    assert m.originators == {"AAA"} and m.label.releasable_to == {"AAA", "BBB"}
    assert m.label.policy == {"treaty"}
    assert not w["CCC"].got and not w["DDD"].got
    assert {tuple(k.split("/")[1:3]) for k, _ in w.wire} == {("AAA", "BBB"), ("BBB", "AAA")}


def test_every_frame_is_marked_as_an_exercise_and_chained(w: World) -> None:
    for i in range(3):
        w["AAA"].gateway.offer(offer(body=b"%d" % i))
        w.step()
    opened = [open_sealed(d) for _, d in w.to("AAA", "BBB")]
    frames = [o.frame for o in opened if isinstance(o, Opened)]
    assert [f.purpose for f in frames] == ["EXERCISE"] * 3 and [f.sequence for f in frames] == [1, 2, 3]
    digests = [o.digest for o in opened if isinstance(o, Opened)]
    assert [f.previous for f in frames] == [NO_FRAME, *digests[:2]]


def test_one_frame_in_fifty_milliseconds_and_the_latest_track_wins(w: World) -> None:
    gateway = w["AAA"].gateway
    gateway.offer(offer(body=b"1"))
    assert gateway.flush() == 1, "the first goes at once"
    for i in (2, 3):
        gateway.offer(offer(body=b"%d" % i))
        gateway.offer(offer(track="t2", body=b"other %d" % i))
        assert gateway.flush() == 0
    w.step(0.05)
    assert w["BBB"].bodies == [b"1", b"3", b"other 3"]
    assert [len(frame_of(d).messages) for _, d in w.to("AAA", "BBB")] == [1, 2]


def test_an_alert_waits_for_nothing_and_an_older_one_is_not_dropped(w: World) -> None:
    gateway = w["AAA"].gateway
    for i in range(3):
        gateway.offer(offer("alert", body=b"%d" % i))
    assert gateway.flush() == 1
    gateway.offer(offer("alert", body=b"3"))
    assert gateway.flush() == 1
    assert w["BBB"].bodies == [b"0", b"1", b"2", b"3"]


def test_measurements_are_all_sent_up_to_the_room(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "measurement"))).start("AAA", "BBB") as w:
        for i in range(2_100):
            w["AAA"].gateway.offer(offer("measurement", body=b"%d" % i))
        assert w["AAA"].gateway.outbox.waiting()["BBB"].dropped == 100
        w.step(times=3)
        assert w["BBB"].bodies == [b"%d" % i for i in range(100, 2_100)]
        assert len(w.to("AAA", "BBB")) == 4, "frames hold 512 at most"


def test_the_key_on_the_bus_says_the_highest_step_and_other_products_travel_apart(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "fire_control_track"), permit("q", "engagement_status"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        for product in ("alert", "track", "engagement_status"):
            w["AAA"].gateway.offer(
                offer(product, sensors=() if product == "engagement_status" else ("north",))
            )
        w.step()
        assert sorted(k for k, _ in w.to("AAA", "BBB")) == [
            "syn/AAA/BBB/engagement_status",
            "syn/AAA/BBB/track",
        ]
        assert {k for k, _ in w.to("AAA", "BBB")} < w["AAA"].gateway.rulebook.egress()


def test_numbers_of_tracks_differ_from_recipient_to_recipient_and_outlast_a_restart(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track", recipients=("BBB", "CCC")))).start() as w:
        w["AAA"].gateway.offer(offer())
        w.step()
        w.stop("AAA")
        w.start("AAA")
        w["AAA"].gateway.offer(offer())
        w.step()
        numbers = {n: {m.number for _, m in w[n].got} for n in ("BBB", "CCC")}
        assert len(numbers["BBB"]) == len(numbers["CCC"]) == 1 and numbers["BBB"] != numbers["CCC"]


def test_a_restart_uses_no_number_twice(w: World) -> None:
    for i in range(3):
        w["AAA"].gateway.offer(offer(body=b"%d" % i))
        w.step()
        w.stop("AAA")
        w.start("AAA")
    w.step(times=30)
    assert w["BBB"].bodies == [b"0", b"1", b"2"]
    numbers = [frame_of(d).sequence for _, d in w.to("AAA", "BBB")]
    assert len(set(numbers)) == 3 and not w["BBB"].alarms
    assert w["BBB"].journal.gaps(Channel("AAA", "BBB")) == [], "numbers never used are closed"


def test_a_delay_is_waited_for_and_a_later_better_clause_does_not_hold_back_a_sooner_coarser_one(
    tmp_path: Path,
) -> None:
    rules = rules_of(permit("slow", "track", delay_s=10.0), permit("coarse", "track", degraded_to_m=5_000.0))
    coarser: list[float] = []

    def degrade(o: Offer, floor_m: float) -> bytes:
        coarser.append(floor_m)
        return b"coarse " + o.body

    with World(tmp_path, rules).start("AAA", "BBB", degrade=degrade) as w:
        w["AAA"].gateway.offer(offer())
        w.step()
        assert w["BBB"].bodies == [b"coarse state"] and coarser == [5_000.0]
        w.step(1.0, times=9)
        assert len(w["BBB"].got) == 1
        w.step(1.0)
        assert w["BBB"].bodies == [b"coarse state", b"state"]


def test_what_may_go_only_coarser_does_not_go_where_nothing_makes_it_so(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track", degraded_to_m=5_000.0))).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        w.step(times=5)
        assert not w["BBB"].got and not w.to("AAA", "BBB")
        assert w["AAA"].gateway.tally.count("not_degraded") == 1


def test_a_condition_is_judged_by_what_the_owner_knows(tmp_path: Path) -> None:
    when = Condition(threatens=("recipient",))
    with World(tmp_path, rules_of(permit("p", "track", recipients=("BBB", "CCC"), when=when))).start() as w:
        for threatened, got in ((None, ()), ({"BBB"}, ("BBB",)), ({"BBB", "CCC"}, ("BBB", "CCC"))):
            missile = Missile(threatens=None if threatened is None else frozenset(threatened))
            assert w["AAA"].gateway.offer(offer(missile=missile)) == got


def test_revoked_rules_stop_what_waits(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track", delay_s=5.0), permit("q", "alert"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        w["AAA"].gateway.adopt(w.rulebook("AAA", rules.without("p")))
        w.step(1.0, times=10)
        assert not w["BBB"].got and w["AAA"].gateway.tally.count("revoked") == 1


def test_a_clause_s_own_hour_of_revocation_stops_what_waits(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track", delay_s=5.0, revoked_s=8.0))).start("AAA", "BBB") as w:
        for s in (0.0, 2.0, 4.0):
            w.clock.s = s
            w["AAA"].gateway.offer(offer(track=f"t{s}", made_s=s, body=b"%d" % s))
        w.step(0.5, times=20)
        assert w["BBB"].bodies == [b"0", b"2"], "that of 4 s would have gone at 9 s"


def test_a_body_too_large_is_our_own_mistake(w: World) -> None:
    with pytest.raises(ValueError, match="body"):
        w["AAA"].gateway.offer(offer(body=bytes(LARGEST_BODY_BYTES + 1)))


# What comes


def test_a_replay_is_refused_also_after_a_restart(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w.step()
    key, data = w.to("AAA", "BBB")[0]
    assert reason(w["BBB"].gateway.receive(key, data)) == "replay"
    w.stop("BBB")
    w.start("BBB")
    assert reason(w["BBB"].gateway.receive(key, data)) == "replay"
    assert not w["BBB"].got and not w["BBB"].alarms
    assert w["BBB"].gateway.tally.count("refused", "replay") == 1


@pytest.mark.parametrize(
    ("changes", "signer", "expected"),
    [
        ({}, "AAA", "taken"),
        ({}, "CCC", "signature"),
        ({"purpose": "LIVE"}, "AAA", "purpose"),
        ({"case": bytes(32)}, "AAA", "case"),
        ({"sent_ns": NOON_NS + 3_600_000_000_000}, "AAA", "clock"),
        ({"sequence": 2_000_000}, "AAA", "window"),
        ({"recipient": "CCC"}, "AAA", "recipient"),
        ({"owner": "DDD"}, "AAA", "signature"),
        ({"format": 2}, "AAA", "malformed"),
        ({"stands_for": b"x"}, "AAA", "malformed"),
        ({"messages": ()}, "AAA", "malformed"),
        ({"messages": (Tombstone(),)}, "AAA", "taken"),
    ],
)
def test_a_frame_is_refused_for_its_reason(w: World, changes: Any, signer: str, expected: str) -> None:
    frame = sent_but_lost(w)
    key, data = resealed(frame, signer, **changes)
    assert reason(w["BBB"].gateway.receive(key, data)) == expected
    assert w["BBB"].gateway.tally.count("refused") == (expected != "taken")
    assert not w["BBB"].alarms
    assert w["BBB"].journal.high(Channel("AAA", "BBB")) == (1 if expected == "taken" else 0)


def test_a_frame_under_another_key_than_its_own_is_refused(w: World) -> None:
    frame = sent_but_lost(w)
    _, data = resealed(frame)
    gateway = w["BBB"].gateway
    assert reason(gateway.receive("syn/AAA/BBB/alert", data)) == "key"
    assert reason(gateway.receive("syn/DDD/BBB/track", data)) == "signature"
    assert reason(gateway.receive("syn/ZZZ/BBB/track", data)) == "unknown_sender"
    assert reason(gateway.receive("nonsense", data)) == "recipient"
    assert reason(gateway.receive("syn/AAA/BBB/track", data)) == "taken"


def test_a_nation_without_a_certificate_and_one_whose_certificate_ended_are_refused(tmp_path: Path) -> None:
    some = {n: c for n, c in certificates().items() if n != "AAA"}
    with World(tmp_path, rules_of(permit("p", "track"))) as w:
        w.start("AAA").start("BBB", keyring=Keyring(some))
        w["AAA"].gateway.offer(offer())
        w.step()
        assert w["BBB"].gateway.tally.count("refused", "unknown_sender") > 0
        w.stop("BBB")
        w.start("BBB")
        w.clock.s = 91 * 86_400.0
        w["AAA"].gateway.offer(offer())
        w.step()
        assert w["BBB"].gateway.tally.count("refused", "certificate") > 0 and not w["BBB"].got


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"releasable_to": frozenset({"AAA", "CCC"})}, "does not name"),
        ({"releasable_to": frozenset({"AAA", "BBB", "CCC"})}, "says more"),
        ({"classification": "unclassified"}, "says more"),
        ({"caveats": frozenset()}, "says more"),
        ({"policy": frozenset({"another"})}, "says more"),
        ({"originators": frozenset({"AAA", "DDD"})}, "hand on what is DDD's"),
    ],
)
def test_a_forged_label_is_turned_away_and_the_number_is_closed(
    tmp_path: Path, change: Any, why: str
) -> None:
    told: list[str] = []
    with World(tmp_path, rules_of(permit("p", "track", caveats=("no-press",)))).start() as w:
        frame = sent_but_lost(w)
        w["BBB"].gateway.tally.log = lambda _event, **more: told.append(str(more.get("what")))
        (m,) = frame.messages
        label = type(m.label)(**({k: getattr(m.label, k) for k in m.label.__dataclass_fields__} | change))  # type: ignore[union-attr]
        forged = msgspec.structs.replace(m, label=label, body=b"forged")  # type: ignore[type-var]
        assert reason(w["BBB"].gateway.receive(*resealed(frame, messages=(forged,)))) == "taken"
        assert not w["BBB"].got and why in " ".join(told)
        assert w["BBB"].gateway.tally.count("refused", "label") == 1
        assert w["BBB"].journal.seen(Channel("AAA", "BBB"), 1)
        w["BBB"].journal.flush()
        assert b"forged" not in b"".join(p.read_bytes() for p in tmp_path.glob("BBB*"))
        w.stop("BBB")
        w.start("BBB")
        assert reason(w["BBB"].gateway.receive(*resealed(frame, messages=(forged,)))) == "replay"
        assert not w["BBB"].alarms


@pytest.mark.parametrize("changes", [{"clauses": ()}, {"clauses": ("p", "x")}, {"product": "measurement"}])
def test_what_no_clause_here_lets_go_is_turned_away(w: World, changes: Any) -> None:
    frame = sent_but_lost(w)
    forged = tuple(msgspec.structs.replace(m, **changes) for m in frame.messages)  # type: ignore[type-var]
    assert reason(w["BBB"].gateway.receive(*resealed(frame, messages=forged))) == "taken"
    assert not w["BBB"].got and w["BBB"].gateway.tally.count("refused", "label") == 1


def test_a_clause_that_is_about_another_product_does_not_widen_a_label(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track"), permit("q", "alert", onward=("CCC",)))
    with World(tmp_path, rules).start() as w:
        frame = sent_but_lost(w)
        (m,) = frame.messages
        label = type(m.label)(  # type: ignore[union-attr]
            m.label.policy,
            m.label.classification,
            m.label.releasable_to | {"CCC"},
            m.originators,
            frozenset(),  # type: ignore[union-attr]
        )
        forged = msgspec.structs.replace(m, label=label, clauses=("p", "q"))  # type: ignore[type-var]
        w["BBB"].gateway.receive(*resealed(frame, messages=(forged,)))
        assert not w["BBB"].got and w["BBB"].gateway.tally.count("refused", "label") == 1


def test_two_nodes_with_one_key_are_both_put_in_quarantine(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w.step()
    frame = frame_of(w.to("AAA", "BBB")[0][1])
    (m,) = frame.messages
    other = msgspec.structs.replace(m, body=b"another node's")  # type: ignore[type-var]
    bbb = w["BBB"]
    assert reason(bbb.gateway.receive(*resealed(frame, messages=(other,)))) == "fork"
    assert [n for n, _ in bbb.alarms] == ["AAA"]
    w["AAA"].gateway.offer(offer(body=b"later"))
    w.step(times=20)
    assert bbb.bodies == [b"state"] and bbb.gateway.tally.count("refused", "quarantined") > 0
    w.stop("BBB")
    w.start("BBB")
    assert w["BBB"].gateway.inbox.quarantined == {"AAA"}, "also after a restart"
    assert w["BBB"].gateway.health()["AAA"].quarantined
    w["BBB"].gateway.lift("AAA", "a new key")
    w.step(times=20)
    assert w["BBB"].bodies == [b"later"]
    w.stop("BBB")
    w.start("BBB")
    assert w["BBB"].gateway.inbox.quarantined == set()


@pytest.mark.parametrize("restart", [False, True])
def test_a_second_node_that_begins_to_count_anew_is_found_out(tmp_path: Path, restart: bool) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        w.step()
        if restart:  # its hash is then in the journal alone
            w.stop("BBB")
            w.start("BBB")
        (tmp_path / "clone").mkdir()
        with World(tmp_path / "clone", w.rules, bus=w.bus) as clone:
            clone.start("AAA")
            clone["AAA"].gateway.offer(offer(body=b"clone's"))
            clone["AAA"].gateway.flush()
        assert len(w["BBB"].alarms) == 1 and b"clone's" not in w["BBB"].bodies


def test_a_frame_that_follows_another_than_the_one_held_is_a_fork(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w.step()
    frame = sent_but_lost(w, body=b"2")
    w["BBB"].gateway.inbox._known["AAA"][1] = b"what was held before"
    assert reason(w["BBB"].gateway.receive(*resealed(frame))) == "fork"


def test_a_node_that_cannot_use_a_message_goes_on(w: World) -> None:
    def fails(_owner: str, _m: object) -> None:
        raise RuntimeError

    w.stop("BBB")
    w.start("BBB", deliver=fails)
    for _ in range(2):
        w["AAA"].gateway.offer(offer())
        w.step()
    assert w["BBB"].gateway.tally.count("not_used") == 2
    assert w["BBB"].journal.high(Channel("AAA", "BBB")) == 2


def test_a_full_disk_stops_acknowledgement_and_not_the_node(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bbb = w["BBB"]

    def full(*_: object, **__: object) -> bool:
        raise NotRecordedError("the disk is full")

    monkeypatch.setattr(bbb.journal, "append", full)
    w["AAA"].gateway.offer(offer())
    w.step(times=20)
    assert bbb.bodies == [b"state"], "handed over once, though it comes again and again"
    assert bbb.gateway.tally.count("refused", "disk") > 1
    assert w["AAA"].gateway.health()["BBB"].acknowledged == 0
    monkeypatch.undo()
    w.step(times=20)
    assert bbb.bodies == [b"state"] and w["AAA"].gateway.health()["BBB"].acknowledged == 1


def test_a_sender_whose_disk_is_full_still_warns(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bool:
        raise NotRecordedError("the disk is full")

    monkeypatch.setattr(w["AAA"].journal, "append", full)
    w["AAA"].gateway.offer(offer("alert"))
    w.step()
    assert w["BBB"].bodies == [b"state"] and w["AAA"].gateway.tally.count("disk") > 0


def test_where_a_node_stands_is_told_at_once_with_news_and_seldom_without(w: World) -> None:
    def told() -> int:
        return sum(key.endswith("/control") for key, _ in w.wire)

    w.step(0.1, times=30)
    w.wire.clear()
    w.step(0.1, times=40)
    assert 1 <= told() / 2 <= 3, "two seconds apart, each way"
    w.wire.clear()
    w["AAA"].gateway.offer(offer())
    w.step(0.1, times=11)
    assert w["AAA"].gateway.health()["BBB"].acknowledged == 1
    assert told() >= 2


def test_an_alert_reaches_the_disk_also_under_steady_traffic(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, synced = w["AAA"].journal, []

    def flush(*, durable: bool = False) -> None:
        synced.append((w.clock.s, durable))

    monkeypatch.setattr(journal, "flush", flush)
    w["AAA"].gateway.rulebook.rules = rules_of(permit("p", "track"), permit("a", "alert"))
    w["AAA"].gateway.offer(offer("alert"))
    began_s = w.clock.s
    for number in range(8):  # something leaves each time
        w["AAA"].gateway.offer(offer(track=f"t{number}"))
        w.clock.s += 0.06
        assert w["AAA"].gateway.flush()
    waited = [at_s - began_s for at_s, durable in synced if durable]
    assert waited and waited[0] <= 0.3, waited


def test_the_clock_of_a_partner_is_compared(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    for _ in range(30):
        w.step()
    assert w["BBB"].gateway.health()["AAA"].ahead_ns == 0


def test_the_journal_says_what_was_released_to_whom_under_which_clause(w: World) -> None:
    w["AAA"].gateway.offer(offer())
    w.step(times=10)
    assert w["AAA"].journal.verify().whole and w["BBB"].journal.verify().whole
    (entry,) = w["AAA"].journal.read(Channel("AAA", "BBB"), 1, 1)
    assert entry.kind == "sent" and b"treaty" in entry.payload
    connection = sqlite3.connect(tmp := w.folder / "BBB.journal")
    assert connection.execute("SELECT kind FROM entries").fetchall() == [("received",)], tmp
    connection.close()


# Onward


ONWARD = (
    permit("a", "track", onward=("CCC",)),
    permit("b", "track", owners=("BBB",), recipients=("CCC", "DDD"), onward=("DDD",)),
    permit("c", "track", owners=("CCC",), recipients=("DDD",)),
)


def relays(w: World, nation: str, product: str = "track", **more: Any) -> None:
    """The node offers on whatever it gets."""
    gateway = w[nation].gateway

    def on(owner: str, message: Any) -> None:
        w[nation].got.append((owner, message))
        gateway.offer(offer(product, body=message.body, sensors=(), given=(Given(owner, message),), **more))

    gateway.inbox._deliver = on


def test_what_was_given_goes_on_only_by_its_giver_s_clause_and_one_s_own(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(*ONWARD)).start() as w:
        relays(w, "BBB")
        relays(w, "CCC")
        w["AAA"].gateway.offer(offer())
        w.step(times=10)
        ((sender, m),) = w["CCC"].got
        assert sender == "BBB" and m.originators == {"AAA"} and set(m.clauses) == {"a", "b"}
        assert m.label.releasable_to == {"BBB", "CCC"}
        assert not w["DDD"].got, "AAA did not name it, and only one nation may stand in between"


@pytest.mark.parametrize(
    "more",
    [
        (permit("a", "track"), *ONWARD[1:]),
        (ONWARD[0],),
        (*ONWARD, forbid("f", "track", recipients=("CCC",))),
        (*ONWARD, forbid("f", "track", owners=("BBB",), recipients=("CCC",), sensors=("their radar",))),
        (permit("a", "impact_estimate", onward=("CCC",)), permit("a2", "track"), *ONWARD[1:]),
        (permit("a", "track", onward=("CCC",), purposes=("warning",)),
         permit("b", "track", owners=("BBB",), recipients=("CCC",), purposes=("defence",))),
    ],
)  # fmt: skip
def test_it_does_not_go_on_otherwise(tmp_path: Path, more: Any) -> None:
    with World(tmp_path, rules_of(*more)).start() as w:
        relays(w, "BBB")
        w["AAA"].gateway.offer(offer())
        w.step(times=10)
        assert len(w["BBB"].got) == 1 and not w["CCC"].got


def test_what_is_fused_needs_every_originator_s_clause(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(*ONWARD)).start() as w:
        relays(w, "BBB")
        w["AAA"].gateway.offer(offer())
        w.step()
        given = Given(*w["BBB"].got[0])
        assert w["BBB"].gateway.offer(offer(sensors=("south",))) == ("CCC", "DDD")
        assert w["BBB"].gateway.offer(offer(sensors=("south",), given=(given,))) == ("CCC",)


# Authority


def test_a_request_goes_to_a_decider_and_its_vote_comes_back(tmp_path: Path) -> None:
    consensus = Authority(id="k", owners=("AAA",), protocol="consensus", deciders=("BBB", "CCC"))
    with World(tmp_path, rules_of(authorities=[consensus])).start() as w:
        asked = offer("request", "shot 1", b"may I", sensors=())
        assert w["AAA"].gateway.tell("BBB", asked) and not w["AAA"].gateway.tell("DDD", asked)
        assert not w["BBB"].gateway.tell("AAA", asked)
        assert w["AAA"].gateway.offer(asked) == (), "it is told to one, not offered to all"
        w.step()
        assert [(m.product, m.clauses) for _, m in w["BBB"].got] == [("request", ("k",))]
        assert w["BBB"].gateway.tell("AAA", offer("vote", "shot 1", b"yes", sensors=()))
        assert not w["DDD"].gateway.tell("AAA", offer("vote", "shot 1", b"yes", sensors=()))
        w.step()
        assert w["AAA"].bodies == [b"yes"] and not w["CCC"].got


def test_a_vote_by_a_nation_that_was_not_asked_is_turned_away(tmp_path: Path) -> None:
    consensus = Authority(id="k", owners=("AAA",), protocol="consensus", deciders=("BBB",))
    with World(tmp_path, rules_of(authorities=[consensus])).start() as w:
        w["BBB"].gateway.tell("AAA", offer("vote", "shot 1", b"yes", sensors=()))
        w.step()
        _, data = w.to("BBB", "AAA")[0]
        frame = frame_of(data)
        forged = resealed(frame, "DDD", owner="DDD")
        assert reason(w["AAA"].gateway.receive(*forged)) == "taken"
        assert len(w["AAA"].got) == 1 and w["AAA"].gateway.tally.count("refused", "label") == 1


def test_a_frame_that_breaks_a_limit_is_our_own_mistake() -> None:
    frame = Frame(1, "EXERCISE", CASE_BYTES, "AAA", "BBB", 1, 0, NO_FRAME, b"", ())
    with pytest.raises(ValueError, match="malformed"):
        encode(frame)
    assert set(NATIONS) == {"AAA", "BBB", "CCC", "DDD"}
