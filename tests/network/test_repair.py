"""What was lost comes again, each number once; what was revoked since comes as a tombstone and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.journal import Channel
from synaspis.network.message import Opened, Standing, Tombstone, open_sealed
from synaspis.network.rulebook import Given
from synaspis.network.transport import Cut, Faults, Faulty

from .world import NATIONS, World, offer, permit, rules_of

EVERYBODY = permit("all", "measurement", owners=NATIONS, recipients=NATIONS)


def faulty(w: World, faults: Faults, seed: int = 1, cuts: tuple[Cut, ...] = ()) -> World:
    for nation in NATIONS:
        w.transports[nation] = Faulty(w.bus, faults, seed=seed, cuts=list(cuts))
    return w


def settled(w: World, most_s: float = 60.0) -> None:
    """Let time pass until nobody misses anything."""
    until = w.clock.s + most_s
    while w.clock.s < until:
        w.step(0.1, times=10)
        healths = [h for node in w.nodes.values() for h in node.gateway.health().values()]
        if all(h.missing == 0 and h.waiting == 0 and h.acknowledged == h.sent for h in healths):
            return
    raise AssertionError({n: node.gateway.health() for n, node in w.nodes.items()})


def once_each(w: World, count: int) -> None:
    """Every nation holds all `count` measurements of each other, once, in the node and in its journal."""
    for nation, node in w.nodes.items():
        expected = sorted(f"{n} {i}".encode() for n in NATIONS if n != nation for i in range(count))
        assert sorted(node.bodies) == expected
        assert node.journal.verify().whole
        for other in set(NATIONS) - {nation}:
            entries = node.journal.read(Channel(other, nation), 1, 10**6)
            opened = [open_sealed(e.payload) for e in entries]
            held = [m.body for o in opened if isinstance(o, Opened) for m in o.frame.messages]  # type: ignore[union-attr]
            assert sorted(held) == sorted(f"{other} {i}".encode() for i in range(count))
            numbers = [n for e in entries for n in range(e.sequence, e.through + 1)]
            assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "faults",
    [
        Faults(loss=0.05, shortest_s=0.2, longest_s=0.2),
        Faults(repeats=1.0, longest_s=0.5),
        Faults(loss=0.3, repeats=0.3, longest_s=1.5),
    ],
    ids=["lost and late", "repeated and reordered", "all at once"],
)
def test_every_message_comes_once_whatever_the_bus_does(tmp_path: Path, faults: Faults) -> None:
    with faulty(World(tmp_path, rules_of(EVERYBODY)), faults).start() as w:
        for i in range(20):
            for nation in NATIONS:
                w[nation].gateway.offer(offer("measurement", body=f"{nation} {i}".encode()))
            w.step(0.1)
        settled(w)
        if faults.loss:
            assert all(w.transports[n].lost > 0 for n in NATIONS)  # type: ignore[attr-defined]
        once_each(w, 20)
        assert all(not node.alarms for node in w.nodes.values())


def test_a_partition_heals(tmp_path: Path) -> None:
    cut = Cut(1.0, 61.0, frozenset({"AAA", "BBB"}))
    with faulty(World(tmp_path, rules_of(EVERYBODY)), Faults(), cuts=(cut,)).start() as w:
        for i in range(65):
            for nation in NATIONS:
                w[nation].gateway.offer(offer("measurement", body=f"{nation} {i}".encode()))
            w.step(0.5, times=2)
            if i == 30:
                here = {(n, m.body) for n, m in w["AAA"].got}
                assert ("BBB", b"BBB 30") in here and ("CCC", b"CCC 30") not in here
        settled(w, 10.0)
        once_each(w, 65)


def test_a_node_that_was_away_gets_what_it_missed(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(EVERYBODY)).start() as w:
        w.stop("CCC")
        for i in range(5):
            for nation in ("AAA", "BBB", "DDD"):
                w[nation].gateway.offer(offer("measurement", body=f"{nation} {i}".encode()))
            w.step()
        w.start("CCC")
        settled(w)
        assert sorted(w["CCC"].bodies) == sorted(
            f"{n} {i}".encode() for n in ("AAA", "BBB", "DDD") for i in range(5)
        )


def test_the_last_frame_of_all_is_missed_too(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "measurement"))).start("AAA", "BBB") as w:
        w.transports["AAA"] = Faulty(w.bus, Faults())
        w.stop("AAA")
        w.transports["AAA"].cuts.append(Cut(0.0, 0.1, frozenset({"AAA"})))  # type: ignore[attr-defined]
        w.start("AAA")
        w["AAA"].gateway.offer(offer("measurement"))
        w["AAA"].gateway.flush()
        w.step(0.1, times=3)
        assert not w["BBB"].got and len(w.to("AAA", "BBB")) == 0
        settled(w)
        assert w["BBB"].bodies == [b"state"]


def lost(w: World, *offers: object) -> None:
    """AAA sends one frame with these, which BBB does not get."""
    w["BBB"].gateway.close()
    for one in offers:
        w["AAA"].gateway.offer(one)  # type: ignore[arg-type]
    w["AAA"].gateway.flush()
    w.stop("BBB")
    w.wire.clear()
    w.start("BBB")


def test_what_was_revoked_meanwhile_is_closed_without_a_word(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track"), permit("q", "engagement_status"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        lost(w, offer(body=b"secret since"))
        w["AAA"].gateway.adopt(w.rulebook("AAA", rules.without("p")))
        settled(w)
        assert not w["BBB"].got and w.to("AAA", "BBB") == []
        assert not any(b"secret" in data for _, data in w.wire)
        (entry,) = w["BBB"].journal.read(Channel("AAA", "BBB"), 1, 1)
        assert entry.kind == "tombstone" and entry.payload == b""
        assert w["AAA"].gateway.tally.count("void") == w["BBB"].gateway.tally.count("closed") == 1


def test_of_a_frame_revoked_in_part_the_rest_comes_with_a_tombstone(tmp_path: Path) -> None:
    rules = rules_of(permit("n", "track", sensors=("north",)), permit("s", "track", sensors=("south",)))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        lost(
            w,
            offer(track="1", body=b"of north"),
            offer(track="2", body=b"of south", sensors=("south",)),
            offer(track="3", body=b"of both", sensors=("north", "south")),
        )
        w["AAA"].gateway.adopt(w.rulebook("AAA", rules.without("s")))
        settled(w)
        assert w["BBB"].bodies == [b"of north"]
        ((_, data),) = w.to("AAA", "BBB")
        opened = open_sealed(data)
        assert isinstance(opened, Opened) and opened.frame.messages[1:] == (Tombstone(),)
        assert opened.frame.sequence == 1 and opened.identity != opened.digest
        w["AAA"].gateway.offer(offer(body=b"next"))
        w.step(times=3)
        assert w["BBB"].bodies == [b"of north", b"next"] and not w["BBB"].alarms


def test_a_frame_that_comes_after_what_stands_for_it_is_no_fork(tmp_path: Path) -> None:
    rules = rules_of(permit("n", "track"), permit("s", "alert"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        w["BBB"].gateway.close()
        w["AAA"].gateway.offer(offer())
        w["AAA"].gateway.offer(offer("alert", body=b"alert"))
        w["AAA"].gateway.flush()
        w.stop("BBB")
        ((key, data),) = w.to("AAA", "BBB")
        w.start("BBB")
        w["AAA"].gateway.adopt(w.rulebook("AAA", rules.without("n")))
        settled(w)
        assert w["BBB"].bodies == [b"alert"]
        for _ in range(2):
            w["BBB"].gateway.receive(key, data)
            assert w["BBB"].bodies == [b"alert"] and not w["BBB"].alarms
            w.stop("BBB")
            w.start("BBB")
            w["BBB"].got.append(("AAA", next(m for m in opened_of(data) if m.body == b"alert")))


def opened_of(data: bytes):  # type: ignore[no-untyped-def]
    opened = open_sealed(data)
    assert isinstance(opened, Opened)
    return opened.frame.messages


def test_what_goes_now_under_another_clause_comes_with_its_label(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track", onward=("CCC",)), permit("q", "track"))
    with World(tmp_path, rules).start() as w:
        lost(w, offer())
        for nation in ("AAA", "BBB"):
            w[nation].gateway.adopt(w.rulebook(nation, rules.without("p")))
        settled(w)
        ((_, m),) = w["BBB"].got
        assert m.clauses == ("q",) and m.label.releasable_to == {"AAA", "BBB"}


def test_what_was_handed_on_is_asked_again_of_its_giver_s_clauses(tmp_path: Path) -> None:
    rules = rules_of(
        permit("a", "track", onward=("CCC",)), permit("b", "track", owners=("BBB",), recipients=("CCC",))
    )
    with World(tmp_path, rules).start() as w:
        w["AAA"].gateway.offer(offer())
        w.step()
        w.stop("CCC")
        given = Given(*w["BBB"].got[0])
        assert w["BBB"].gateway.offer(offer(sensors=(), given=(given,))) == ("CCC",)
        w["BBB"].gateway.flush()
        w.start("CCC")
        w["BBB"].gateway.adopt(w.rulebook("BBB", rules.without("a")))
        settled(w)
        assert not w["CCC"].got and w["CCC"].journal.seen(Channel("BBB", "CCC"), 1)


def test_a_clause_s_hour_of_revocation_counts_for_what_is_sent_again(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track", revoked_s=5.0))).start("AAA", "BBB") as w:
        lost(w, offer())
        w.clock.s = 6.0
        settled(w)
        assert not w["BBB"].got and w["BBB"].journal.seen(Channel("AAA", "BBB"), 1)


def test_a_partner_in_quarantine_gets_nothing_again(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        lost(w, offer())
        w["AAA"].gateway.offer(offer(track="t2"))
        w["AAA"].gateway.inbox.quarantine("BBB", "a test")
        assert w["AAA"].gateway.offer(offer(track="t3")) == ()
        w.step(0.5, times=10)
        assert not w["BBB"].got and w.to("AAA", "BBB") == []
        w["AAA"].gateway.lift("BBB", "a test")
        settled(w)
        assert w["BBB"].bodies == [b"state"] * 2


def test_frames_without_a_number_are_not_recorded_and_old_ones_not_heard(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        w.step(1.0, times=2)
        key, data = next((k, d) for k, d in w.wire if k == "syn/AAA/BBB/control")
        bbb = w["BBB"]
        assert bbb.gateway.receive(key, data).reason == "replay"  # type: ignore[union-attr]
        w.clock.s += 60.0
        assert bbb.gateway.receive(key, data).reason == "clock"  # type: ignore[union-attr]
        assert bbb.journal.head()[0] == 0


def test_only_what_is_in_the_journal_is_acknowledged(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        w["AAA"].gateway.flush()
        w.wire.clear()
        w.step(0.5)
        told = [m for k, d in w.wire if k == "syn/BBB/AAA/control" for m in opened_of(d)]
        assert [m.held for m in told if isinstance(m, Standing)] == [1]


def test_a_clause_amended_meanwhile_narrows_the_label(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track", onward=("CCC",)))).start("AAA", "BBB") as w:
        lost(w, offer())
        for nation in ("AAA", "BBB"):
            w[nation].gateway.adopt(w.rulebook(nation, rules_of(permit("p", "track"))))
        settled(w)
        assert [m.label.releasable_to for _, m in w["BBB"].got] == [{"AAA", "BBB"}]


def test_a_number_not_used_yet_is_not_closed(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        w["AAA"].gateway.offer(offer())
        w["AAA"].gateway.flush()
        parcels, void = w["AAA"].gateway._repair.answer("BBB", [(1, 100)])
        assert len(parcels) == 1 and void == []
        told = Standing(1, ((1, 100),), 0, (), 0, 0)
        w["BBB"].gateway._close(Channel("AAA", "BBB"), told)
        assert not w["BBB"].journal.seen(Channel("AAA", "BBB"), 2)


def test_an_alert_is_on_the_disk_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        asked: list[bool] = []
        flush = w["BBB"].journal.flush

        def noted(*, durable: bool = False) -> None:
            asked.append(durable)
            flush(durable=durable)

        monkeypatch.setattr(w["BBB"].journal, "flush", noted)
        for product in ("track", "alert", "track"):
            w["AAA"].gateway.offer(offer(product))
            w["AAA"].gateway.flush()
            w.step(0.5)
        assert asked == [False, True, False]


def test_a_partner_that_asks_too_often_is_not_answered_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        lost(w, offer())
        bbb, aaa = w["BBB"].gateway, w["AAA"].gateway
        answer, answers = aaa._repair.answer, []
        monkeypatch.setattr(aaa._repair, "answer", lambda *a: (answers.append(w.clock.s), answer(*a))[1])
        for _ in range(20):
            w.clock.s += 0.01
            aaa.receive(*bbb._repair.standing("AAA", (), 0, ((1, 1),), (0, 0)))
        assert len(answers) == 3, "in 0.2 s"
        assert aaa.tally.count("sent_again") == 1, "and the same frame once a second"


def test_what_was_closed_is_said_until_it_is_known(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track"), permit("q", "engagement_status"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        lost(w, offer())
        w["AAA"].gateway.adopt(w.rulebook("AAA", rules.without("p")))
        settled(w)
        assert w["AAA"].gateway._partners["BBB"].void == ()


def test_a_clause_that_is_gone_is_no_longer_cited(tmp_path: Path) -> None:
    rules = rules_of(permit("p", "track"), permit("q", "track"))
    with World(tmp_path, rules).start("AAA", "BBB") as w:
        lost(w, offer())
        for nation in ("AAA", "BBB"):
            w[nation].gateway.adopt(w.rulebook(nation, rules.without("p")))
        settled(w)
        assert [m.clauses for _, m in w["BBB"].got] == [("q",)]


def test_what_came_behind_a_gap_is_not_acknowledged(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))).start("AAA", "BBB") as w:
        lost(w, offer(body=b"1"))
        w["AAA"].gateway.offer(offer(body=b"2"))
        w.step(0.5)
        assert w["BBB"].bodies == [b"2"] and w["AAA"].gateway.health()["BBB"].acknowledged == 0
        assert w["BBB"].gateway.health()["AAA"].missing == 1
        settled(w)
        assert w["AAA"].gateway.health()["BBB"].acknowledged == 2
