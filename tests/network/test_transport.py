"""The bus in one process has one order; the faulty one fails as its dice say, and only so."""

from __future__ import annotations

import pytest

from synaspis.network.transport import Cut, Faults, Faulty, InProcess, covers, parties

KEY = "syn/AAA/BBB/track"


def heard(bus: InProcess, prefix: str = "syn") -> list[bytes]:
    found: list[bytes] = []
    bus.subscribe(prefix, lambda _, data: found.append(data))
    return found


def test_a_key_says_who_and_for_whom() -> None:
    assert parties(KEY) == ("AAA", "BBB")
    for other in ("", "syn/AAA/BBB", "syn/AAA/BBB/track/more", "other/AAA/BBB/track"):
        assert parties(other) == ("", "")


def test_a_prefix_covers_part_by_part() -> None:
    assert covers("syn", KEY) and covers("syn/*/BBB", KEY) and covers(KEY, KEY)
    assert not covers("sy", KEY) and not covers("syn/*/AAA", KEY) and not covers(f"{KEY}/more", KEY)


def test_what_is_put_while_something_is_delivered_waits_its_turn() -> None:
    bus = InProcess()
    order: list[tuple[str, bytes]] = []

    def echo(_: str, data: bytes) -> None:
        order.append(("first", data))
        if data == b"1":
            bus.put(KEY, b"2")

    bus.subscribe("syn", echo)
    bus.subscribe("syn", lambda _, data: order.append(("second", data)))
    bus.put(KEY, b"1")
    assert order == [("first", b"1"), ("second", b"1"), ("first", b"2"), ("second", b"2")]
    bus.close()
    bus.put(KEY, b"3")
    assert len(order) == 4


def test_a_listener_that_fails_does_not_stop_the_bus() -> None:
    bus = InProcess()
    found = heard(bus)

    def fails(_: str, data: bytes) -> None:
        if data == b"1":
            raise RuntimeError

    bus.subscribe("syn", fails)
    with pytest.raises(RuntimeError):
        bus.put(KEY, b"1")
    bus.put(KEY, b"2")
    assert found == [b"1", b"2"]


def test_without_faults_nothing_happens() -> None:
    bus = InProcess()
    found = heard(bus)
    faulty = Faulty(bus, Faults())
    for i in range(50):
        faulty.put(KEY, bytes([i]))
    assert found == [bytes([i]) for i in range(50)] and faulty.lost == 0


def test_faults_come_as_often_as_they_should_and_the_same_each_time() -> None:
    def play() -> tuple[list[bytes], int]:
        bus = InProcess()
        found = heard(bus)
        faulty = Faulty(bus, Faults(loss=0.2, repeats=0.1, shortest_s=0.1, longest_s=0.3), seed=3)
        for i in range(1000):
            faulty.advance(i / 100)
            faulty.put(KEY, i.to_bytes(2, "big"))
        faulty.advance(100.0)
        assert faulty.due_s() is None
        return found, faulty.lost

    found, lost = play()
    assert (found, lost) == play()
    # 1,000 frames of which 100 twice, each copy lost with one chance in five: 880 on average, sigma 16.
    assert 800 < len(found) < 960 and 1_040 < len(found) + lost < 1_160
    assert found != sorted(found), "delays that differ put them in another order"
    assert len(set(found)) < len(found)


def test_a_delay_is_kept() -> None:
    bus = InProcess()
    found = heard(bus)
    faulty = Faulty(bus, Faults(shortest_s=0.2, longest_s=0.2))
    faulty.put(KEY, b"1")
    faulty.advance(0.19)
    assert not found and faulty.due_s() == 0.2
    faulty.advance(0.2)
    assert found == [b"1"]
    faulty.put(KEY, b"2")
    faulty.close()
    faulty.advance(9.0)
    assert found == [b"1"]


def test_one_pair_s_luck_does_not_hang_on_another_s_traffic() -> None:
    def play(others: int) -> list[bytes]:
        bus = InProcess()
        found = heard(bus, "syn/AAA")
        faulty = Faulty(bus, Faults(loss=0.5))
        for i in range(40):
            for _ in range(others):
                faulty.put("syn/CCC/BBB/track", b"other")
            faulty.put(KEY, bytes([i]))
        return found

    assert play(0) == play(3)


def test_a_cut_parts_two_halves_for_its_time() -> None:
    bus = InProcess()
    found = heard(bus)
    faulty = Faulty(bus, Faults(), cuts=[Cut(1.0, 2.0, frozenset({"AAA", "CCC"}))])
    for s in (0.5, 1.0, 1.5, 2.0):
        faulty.advance(s)
        faulty.put(KEY, b"across %.1f" % s)
        faulty.put("syn/AAA/CCC/track", b"within %.1f" % s)
    assert [f for f in found if f.startswith(b"across")] == [b"across 0.5", b"across 2.0"]
    assert len([f for f in found if f.startswith(b"within")]) == 4
