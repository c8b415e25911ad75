"""What waits is bounded: of a track the latest wins, the oldest measurement goes, an alert never."""

from __future__ import annotations

import pytest
from msgspec import Raw

from synaspis.network import queues
from synaspis.network.queues import Item, Queue
from synaspis.network.rulebook import Leave, Rulebook
from synaspis.sharing.labels import own_label

from .world import NATIONS, offer, rules_of

BOOK = Rulebook("AAA", rules_of(), NATIONS)
LEAVE = Leave(0.0, 0.0, ("warning",), ("p",), own_label("AAA"))


def item(product: str, body: bytes, track: str = "t") -> Item:
    return Item(offer(product, track, body), LEAVE, BOOK, 0, Raw(b""))


def bodies(found: list[Item]) -> list[bytes]:
    return [i.offer.body for i in found]


def test_of_a_track_the_latest_wins_and_takes_its_turn_at_the_end() -> None:
    queue = Queue()
    for product, track, body in (
        ("track", "1", b"old"), ("track", "2", b"other"), ("alert", "1", b"alert"), ("track", "1", b"new"),
        ("impact_estimate", "1", b"impact"), ("alert", "1", b"again"),
    ):  # fmt: skip
        queue.put(item(product, body, track))
    assert queue.ready == len(queue) == 5 and queue.urgent == 2 and not queue.orders
    assert bodies(queue.take()) == [b"other", b"alert", b"new", b"impact", b"again"]
    assert len(queue) == queue.urgent == queue.dropped == 0


def test_beyond_the_room_the_oldest_goes_that_is_not_urgent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "ROOM", 2)
    queue = Queue()
    for i in range(4):
        queue.put(item("alert", b"alert %d" % i))
        queue.put(item("measurement", b"%d" % i))
    queue.put(item("order", b"order"))
    assert queue.orders and queue.dropped == 2
    assert [b for b in bodies(queue.take()) if not b.startswith(b"alert")] == [b"2", b"3", b"order"]


def test_what_waits_for_its_time_comes_in_its_order_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "ROOM_DELAYED", 3)
    queue = Queue()
    queue.delay(item("alert", b"alert"), 1.0)
    for due_s in (5.0, 3.0, 4.0):
        queue.delay(item("track", b"%d" % due_s), due_s)
    assert queue.dropped == 1 and len(queue) == 3 and queue.ready == 0
    assert bodies(queue.ripen(4.5)) == [b"alert", b"4"]
    assert bodies(queue.ripen(4.9)) == [] and bodies(queue.ripen(5.0)) == [b"5"]


def test_what_could_not_leave_waits_on_before_the_rest_and_yields_to_what_is_newer() -> None:
    queue = Queue()
    taken = [item("measurement", b"1"), item("track", b"old")]
    queue.put(item("track", b"new"))
    queue.put(item("measurement", b"2"))
    queue.give_back(taken)
    assert bodies(queue.take()) == [b"1", b"new", b"2"]
