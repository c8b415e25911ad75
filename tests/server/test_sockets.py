"""Connections to a served house: frames on the tick, inputs answered, and clients that mean no good."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from synaspis.server.house import House
from synaspis.server.limits import Limits, Rate
from synaspis.server.patches import merged
from synaspis.server.sockets import TOO_OFTEN, read
from synaspis.server.stream import ENDED, TOO_SLOW, UNFIT
from tests.server.seats import SECRET, TICK_S, Nothing, asking, connected, joined, open_house, served

MANY = Rate(per_s=1e6, burst=1_000_000)
FREE = Limits(connections=MANY, inputs=MANY, requests=MANY, unknown=MANY)


@pytest.fixture
def play() -> Nothing:
    return Nothing()


@pytest.fixture
def free(play: Nothing) -> Iterator[House]:
    with open_house(play, FREE) as made:
        yield made


class Seat:
    """What a page keeps of what it is sent."""

    def __init__(self, house: House, name: str, cookie: str = "") -> None:
        self.house, self.name, self.cookie = house, name, cookie or joined(house, name)
        self.n, self.document, self.acks = 0, {}, {}  # type: ignore[var-annotated]
        self.line: ClientConnection = connected(house, name, self.cookie)

    def again(self) -> None:
        self.line = connected(self.house, self.name, self.cookie)

    def cut(self) -> None:
        """As a cable that is pulled: nobody says goodbye."""
        self.line.socket.close()

    def say(self, id: str, **do: object) -> None:
        self.line.send(json.dumps({"id": id, "do": do}))

    def hear(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.line.recv(timeout=10))
        if "doc" in told:
            assert told["n"] >= self.n
            self.document = told["doc"]
        else:
            assert told["n"] == self.n + 1, "a gap or a duplicate"
            self.document = merged(self.document, told["patch"])
        self.n = told["n"]
        for ack in told.get("acks", ()):
            self.acks[ack["id"]] = (ack["ok"], ack["words"])
        return told

    def until(self, id: str) -> tuple[bool, str]:
        while id not in self.acks:
            self.hear()
        return self.acks[id]


def closed_with(line: ClientConnection) -> int | None:
    """The code with which the other side ends it, None where it says none."""
    try:
        for _ in range(1000):
            line.recv(timeout=10)
    except ConnectionClosed as ended:
        return ended.rcvd.code if ended.rcvd else None
    raise AssertionError("it was not ended")


def test_a_whole_document_and_then_a_patch_each_tick(free: House) -> None:
    seat = Seat(free, "POL")
    assert set(seat.hear()) == {"n", "doc"}
    began = time.monotonic()
    for _ in range(20):
        assert set(seat.hear()) == {"n", "patch", "acks"}
    assert time.monotonic() - began > 15 * TICK_S
    assert seat.document["seat"] == "POL"
    assert "secret" not in seat.document


def test_an_input_is_done_and_answered_on_the_tick(play: Nothing, free: House) -> None:
    seat = Seat(free, "POL")
    seat.say("a", type="answer", yes=True)
    assert seat.until("a") == (True, "POL did a")
    seat.hear()
    assert seat.document["done"] == {"a": {"type": "answer", "yes": True}}
    assert play.done[("POL", "a")] == {"type": "answer", "yes": True}


def test_who_has_missed_a_frame_gets_the_whole(free: House) -> None:
    seat = Seat(free, "POL")
    seat.hear()
    seat.line.send(json.dumps({"have": seat.n + 77}))
    told = [seat.hear() for _ in range(10)]
    assert sum("doc" in frame for frame in told) == 1


@pytest.mark.long
def test_cut_a_hundred_times_nothing_is_missed_and_nothing_comes_twice(play: Nothing, free: House) -> None:
    seat, watch, dice = Seat(free, "POL"), Seat(free, "DEU"), random.Random(7)
    for i in range(100):
        seat.hear()
        seat.say(f"i{i}", type="answer", question=str(i))
        for _ in range(dice.randrange(3)):
            seat.hear()
        seat.cut()
        seat.again()
        while f"i{i}" not in seat.acks and f"i{i}" not in seat.document.get("done", {}):
            seat.say(f"i{i}", type="again")
            seat.hear()
    while len(seat.document["done"]) < 100:
        seat.hear()
    assert list(seat.document["done"]) == [f"i{i}" for i in range(100)]
    assert seat.document["done"] == {id: dict(what) for (of, id), what in play.done.items() if of == "POL"}
    for _ in range(100):
        watch.hear()  # which asserts that each frame follows the one before
    assert len(free.attendance.streams["POL"].lines) <= 2


def test_all_who_sit_in_a_seat_get_the_same_frames(free: House) -> None:
    one, other = Seat(free, "POL"), Seat(free, "POL")
    for seat in (one, other):
        seat.hear()
    one.say("x", type="hold")
    frames = [{told["n"]: told for told in (seat.hear() for _ in range(12))} for seat in (one, other)]
    shared = set(frames[0]) & set(frames[1])
    assert len(shared) > 5
    assert all(frames[0][n] == frames[1][n] for n in shared)
    assert "x" in other.acks


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "[]", "{}", '{"id": "a"}', '{"do": {}}', '{"id": "", "do": {}}', '{"id": "a", "do": []}',
        '{"have": -1}', '{"have": 1, "id": "a"}', '{"have": 1.5}', '{"id": "a", "do": {}, "seat": "DEU"}',
        '{"id": "' + "a" * 65 + '", "do": {}}', '{"id": "a", "do": ' + "[" * 9000,
        '{"id": "\\ud800", "do": {}}',
    ],
)  # fmt: skip
def test_a_frame_that_is_nothing_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


def hostile(dice: random.Random) -> bytes | str:
    """Something that is no frame of ours, or only just."""
    told = json.dumps({"id": "a", "do": {"type": "answer", "question": "q", "yes": True}})
    match dice.randrange(5):
        case 0:
            return dice.randbytes(dice.randrange(200))
        case 1:
            return "".join(chr(dice.randrange(1, 0xD7FF)) for _ in range(dice.randrange(100)))
        case 2:
            at = dice.randrange(len(told))
            return told[:at] + chr(dice.randrange(32, 127)) + told[at + 1 :]
        case 3:
            return told[: dice.randrange(len(told))]
        case _:
            return "[" * dice.randrange(1, 16_000)


def test_fuzzed_frames_end_their_connection_and_no_other(play: Nothing, free: House) -> None:
    watch, cookie, dice = Seat(free, "DEU"), joined(free, "POL"), random.Random(3)
    for _ in range(60):
        line = connected(free, "POL", cookie)
        with contextlib.suppress(ConnectionClosed):
            for _ in range(dice.randrange(1, 5)):  # some that were changed are frames still
                line.send(hostile(dice))
            line.send("nothing")
        assert closed_with(line) == UNFIT
    watch.hear()
    for _ in range(20):
        watch.hear()
    assert any("a frame that is nothing a seat says" in what for _, what in play.noted)
    assert all(of == "POL" for of, _ in play.done)


def test_broken_bytes_below_the_frames_disturb_nobody(free: House) -> None:
    watch, cookie, dice = Seat(free, "DEU"), joined(free, "POL"), random.Random(5)
    for _ in range(60):
        line = connected(free, "POL", cookie)
        line.socket.sendall(dice.randbytes(dice.randrange(1, 300)))
        line.socket.close()
    host, port = free.names.hosts[0].split(":")
    for _ in range(60):
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(dice.randbytes(dice.randrange(1, 300)))
    for _ in range(10):
        watch.hear()
    with asking(free) as client:
        assert client.get("/").status_code == 200


def test_an_oversize_frame_is_refused_before_it_is_read(free: House) -> None:
    for size in (FREE.frame_bytes + 1, 1_000_000):
        line = connected(free, "POL", joined(free, "POL"))
        with contextlib.suppress(ConnectionClosed):
            line.send(json.dumps({"id": "a", "do": {"text": "x" * size}}))
        assert closed_with(line) in (1009, None)


@pytest.mark.parametrize(
    "why", ["no cookie", "another seat's cookie", "no origin", "another origin", "no seat"]
)
def test_who_may_not_look_is_turned_away(play: Nothing, free: House, why: str) -> None:
    watch = Seat(free, "DEU")
    cookie = {"no cookie": "", "another seat's cookie": joined(free, "POL")}.get(why, watch.cookie)
    origin = {"no origin": None, "another origin": "http://evil.example"}.get(why, "")
    with pytest.raises(InvalidStatus) as refused:
        connected(free, "XXX" if why == "no seat" else "DEU", cookie, origin)
    assert refused.value.response.status_code == 403
    assert SECRET.encode() not in (refused.value.response.body or b"")
    for _ in range(3):
        watch.hear()
    free.ledger.close()
    if why not in ("no cookie", "no seat"):
        assert [what for _, what in play.noted if what.startswith("refused")]


def test_who_leaves_or_is_revoked_is_cut_at_once(free: House) -> None:
    one, other, third = Seat(free, "POL"), Seat(free, "POL"), Seat(free, "DEU")
    with asking(free, one.cookie) as client:
        assert client.post("/seats/POL/leave").status_code == 200
    assert closed_with(one.line) == ENDED
    for seat in (other, third):
        seat.hear()
    with asking(free, joined(free, "director")) as client:
        assert client.post("/seats/director/revoke", json={"seat": "POL"}).status_code == 200
    assert closed_with(other.line) == ENDED
    with pytest.raises(InvalidStatus):
        other.again()
    for _ in range(3):
        third.hear()


def test_who_says_too_much_is_told_and_then_cut(play: Nothing) -> None:
    limits = Limits(inputs=Rate(per_s=0.001, burst=2), refused_inputs=5)
    with open_house(play, limits) as made:
        seat, other = Seat(made, "POL"), Seat(made, "DEU")
        for i in range(3):
            seat.say(f"i{i}", type="answer")
        assert [seat.until(f"i{i}")[0] for i in range(3)] == [True, True, False]
        assert seat.acks["i2"][1] == TOO_OFTEN
        other.say("o", type="answer")
        assert other.until("o")[0]
        with contextlib.suppress(ConnectionClosed):
            for i in range(10):
                seat.say(f"j{i}", type="answer")
        assert closed_with(seat.line) == UNFIT
    assert set(play.done) == {("POL", "i0"), ("POL", "i1"), ("DEU", "o")}


def test_connections_of_a_seat_are_counted(play: Nothing) -> None:
    with open_house(play, Limits(sockets=2)) as made:
        cookie = joined(made, "POL")
        kept = [Seat(made, "POL", cookie) for _ in range(2)]
        with pytest.raises(InvalidStatus):
            connected(made, "POL", cookie)
        kept[0].line.close()
        time.sleep(0.2)
        Seat(made, "POL", cookie).hear()


def test_a_client_that_does_not_read_is_cut_and_others_are_served(play: Nothing) -> None:
    play.document = lambda seat: {"n": [random.random() for _ in range(20_000)]}  # type: ignore[method-assign]
    with served(play, Limits(behind_frames=3)) as (made, server):
        lazy = connected(made, "POL", joined(made, "POL"), max_queue=1)
        watch = Seat(made, "DEU")
        stream = made.attendance.streams["POL"]
        until_s = time.monotonic() + 20.0
        while stream.lines and time.monotonic() < until_s:
            watch.hear()
        assert not stream.lines
        while server.connections > 1 and time.monotonic() < until_s:
            watch.hear()
        assert server.connections == 1, "it is held although nobody reads"
        assert closed_with(lazy) in (TOO_SLOW, None)  # None: cut without a word, as none could be said


def test_a_play_that_fails_for_one_seat_fails_for_no_other(play: Nothing, free: House) -> None:
    good, bad = Seat(free, "DEU"), Seat(free, "POL")
    bad.hear()
    whole = play.document

    def failing(seat: str) -> dict[str, Any]:
        if seat == "POL":
            raise KeyError("nothing")
        return whole(seat)

    play.document = failing  # type: ignore[method-assign]
    play.submit = lambda *_: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    bad.say("a", type="answer")
    assert bad.until("a")[0] is False
    stood = [bad.hear() and bad.document["clock"]["case_s"] for _ in range(5)]
    assert len(set(stood)) == 1
    for _ in range(50):
        good.hear()
        if good.document["clock"]["case_s"] > stood[0]:
            break
    assert good.document["clock"]["case_s"] > stood[0]
