"""The queue before the disk is bounded, drops only what is outdated, and accounts for every sequence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from synaspis.journal.entry import Channel, digest
from synaspis.journal.waiting import OVERHEAD_BYTES, SUPERSEDED, Draft, Waiting

CHANNEL = Channel("DEU", "POL")
ROOM_BYTES = 6 * (OVERHEAD_BYTES + 100)


def draft(sequence: int, name: str = "", size: int = 100, *, durable: bool = False) -> Draft:
    payload = bytes([sequence % 256]) * size
    return Draft("frame", CHANNEL, sequence, sequence, payload, 0, replaces=name, durable=durable)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(["", "one", "two", "three"]), st.integers(1, 600)),
        st.tuples(st.sampled_from(["take", "written", "failed"]), st.just(""), st.just(0)),
        st.tuples(st.just("durable"), st.just(""), st.integers(1, 600)),
    ),
    max_size=60,
)


@given(ACTS)
def test_nothing_that_matters_is_lost(acts: list[tuple[str, str, int]]) -> None:
    queue = Waiting(ROOM_BYTES)
    put: list[tuple[Draft, str, bytes]] = []
    withdrawn: list[Draft] = []
    written: list[Draft] = []
    batch: list[Draft] = []
    for act, name, size in acts:
        if act in ("put", "durable"):
            d = draft(len(put) + 1, name, size, durable=act == "durable")
            before = [(x.payload, x.kind) for x in batch]
            if act == "durable" or queue.has_room(d):
                put.append((d, name, d.payload))
                queue.put(d)
            assert [(x.payload, x.kind) for x in batch] == before  # what is being written stays as it is
        elif act == "take" and not batch:
            batch = queue.take()
        elif act == "written":
            written += batch
            queue.written(batch)
            batch = []
        elif act == "failed":
            withdrawn += queue.give_back(batch)
            batch = []
        waiting = [d for d, _, _ in put if d not in written and d not in withdrawn]
        assert queue.used_bytes == sum(d.cost_bytes for d in waiting)
        assert queue.used_bytes <= ROOM_BYTES + sum(d.cost_bytes for d in waiting if d.durable)
        assert len(queue) == len(waiting) and queue.holds(CHANNEL) == bool(waiting)
    queue.give_back(batch)
    assert queue.take() == [d for d, _, _ in put if d not in written and not d.done]
    assert all(d.durable for d in withdrawn)
    assert sum(d.kind == SUPERSEDED for d, _, _ in put) == queue.superseded
    for i, (d, name, payload) in enumerate(put):
        if d.kind == SUPERSEDED:
            assert d.payload == digest(payload)
            assert name and any(n == name for _, n, _ in put[i + 1 :])  # only what a later one outdates
        else:
            assert d.payload == payload


def _full() -> tuple[Waiting, list[Draft]]:
    queue = Waiting(ROOM_BYTES)
    kept = [draft(1, "one"), draft(2), draft(3, "two"), draft(4, "one"), draft(5), draft(6)]
    for d in kept:
        assert queue.has_room(d)
        queue.put(d)
    assert [d.kind for d in kept] == ["frame"] * 6 and queue.used_bytes == ROOM_BYTES
    return queue, kept


def test_what_is_outdated_goes_first_and_only_for_room() -> None:
    queue, kept = _full()
    assert not queue.has_room(draft(7))  # 68 bytes of the first go, and no other may
    assert [d.kind for d in kept] == [SUPERSEDED, *["frame"] * 5] and queue.superseded == 1


def test_the_latest_of_a_name_takes_the_place_of_the_one_before() -> None:
    queue, kept = _full()
    assert not queue.has_room(draft(7, "two", 2000)) and kept[2].kind == "frame"  # it would not help
    queue.room_bytes += OVERHEAD_BYTES
    assert queue.has_room(draft(7, "two")) and kept[2].kind == SUPERSEDED


def test_what_is_smaller_than_its_digest_stays() -> None:
    queue, small = Waiting(ROOM_BYTES), draft(1, "one", 5)
    for d in (small, draft(2, "one", 5)):
        queue.put(d)
    assert not queue.has_room(draft(3, size=ROOM_BYTES)) and (small.kind, queue.superseded) == ("frame", 0)


def test_what_is_written_meanwhile_is_left_as_it_was() -> None:
    queue, first, second = Waiting(ROOM_BYTES), draft(1, "one"), draft(2, "two")
    queue.put(first)
    batch = queue.take()
    for d in (second, draft(3, "two"), draft(4, "one")):
        queue.put(d)
    queue.written(batch)
    assert not queue.has_room(draft(5, size=ROOM_BYTES))
    assert (first.kind, second.kind, queue.superseded) == ("frame", SUPERSEDED, 1)
    assert queue.used_bytes == sum(d.cost_bytes for d in queue.take())


def test_what_has_left_is_forgotten() -> None:
    queue = Waiting(ROOM_BYTES)
    for i in range(50):
        d = draft(i + 1, "one")
        assert queue.has_room(d)
        queue.put(d)
        queue.written(queue.take())
    assert (queue.used_bytes, queue.superseded, len(queue)) == (0, 0, 0)
    assert not queue._outdated and not queue._latest
