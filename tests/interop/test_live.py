"""The thread that tells of a drill: what it is given goes out, and whatever goes wrong stays with it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from synaspis.errors import Problem
from synaspis.interop import feeds
from synaspis.interop.live import Moment, Stream, mark, moment, streaming
from synaspis.interop.udp import Sender, destination

from .drilled import DRILL, at


def sender_and_ear() -> tuple[Sender, socket.socket]:
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("127.0.0.1", 0))
    ear.settimeout(10.0)
    place = destination([], "", f"127.0.0.1:{ear.getsockname()[1]}")
    assert place is not None
    return Sender(place), ear


class Says:
    """A feed that tells a moment's state."""

    def datagrams(self, moment: Moment, real_s: float) -> list[bytes]:
        return [moment.state.encode()]


def until(condition: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < ends_s
        time.sleep(0.01)


def test_moments_go_out_until_the_end_is_told() -> None:
    sender, ear = sender_and_ear()
    stream = Stream(lambda: at(1.0), [(Says(), sender)])
    assert ear.recv(100) == b"running"
    stream.close()
    ear.setblocking(False)
    heard = []
    with contextlib.suppress(BlockingIOError):
        while True:
            heard.append(ear.recv(100))
    assert heard[-1] == b"over" and set(heard[:-1]) <= {b"running"}
    assert (stream.failed, stream.trouble) == (0, "")
    ear.close()


def test_a_source_or_feed_that_fails_is_told_once_and_asked_again() -> None:
    sender, ear = sender_and_ear()
    asked, said = list[int](), list[str]()

    def source() -> Moment:
        asked.append(1)
        if len(asked) < 3:
            raise ZeroDivisionError("bang")
        return at(1.0)

    class Bad:
        def datagrams(self, moment: Moment, real_s: float) -> list[bytes]:
            raise KeyError("bad")

    stream = Stream(source, [(Bad(), sender), (Says(), sender)], said.append)
    assert ear.recv(100) == b"running", "the other feed goes on"
    until(lambda: stream.failed >= 3)
    stream.close()
    assert len(said) == 1 and "ZeroDivisionError: bang" in said[0]
    ear.close()


def test_a_place_that_takes_nothing_is_told_once_and_stops_nothing() -> None:
    sender, ear = sender_and_ear()
    sender.close()
    said = list[str]()
    stream = Stream(lambda: at(1.0), [(Says(), sender)], said.append)
    until(lambda: sender.lost >= 2)
    stream.close()
    assert len(said) == 1 and "has trouble" in said[0]
    ear.close()


def test_a_source_that_hangs_does_not_keep_the_drill_from_ending() -> None:
    sender, ear = sender_and_ear()
    free = threading.Event()

    def source() -> Moment:
        free.wait(20.0)
        return at(1.0)

    with streaming(source, [(Says(), sender)], lambda _: None):
        pass
    free.set()
    ear.close()


def test_nowhere_to_send_to_is_no_thread() -> None:
    before = threading.active_count()
    with streaming(lambda: at(1.0), [], lambda _: None):
        assert threading.active_count() == before


def test_a_moment_out_of_what_a_director_is_shown() -> None:
    missiles = {
        "a": {
            "threat": "mrbm-2000", "category": "mrbm", "state": "flying", "lat": 1.0, "lon": 2.0,
            "height_km": 3.0,
        },
        "b": {"threat": "mrbm-2000", "category": "mrbm", "state": "waiting"},
        "c": {"threat": "mrbm-2000", "category": "mrbm", "state": "down"},
        "d": {"threat": "mrbm-2000", "category": "mrbm", "state": "hit"},
    }  # fmt: skip
    happened = [
        {"at_s": 4.5, "kind": "fired", "who": "x", "missile": "a", "lat": 1.0, "lon": 2.0, "height_km": 0.1},
        {"at_s": 5.5, "kind": "missed", "who": "x", "missile": "c"},
    ]
    found = moment({"state": "paused", "speed": 2.0, "case_s": 6.0}, (), missiles, happened)
    assert (found.state, found.speed, found.time_s) == ("paused", 2.0, 6.0)
    assert list(found.flying) == ["a"] and found.flying["a"].height_m == 3000.0
    assert found.ended == {"c": "down", "d": "hit"}
    assert [(e.kind, e.who, e.threat, e.text) for e in found.events] == [("fired", "x", "a", "x fired a")]
    assert moment({}, (), {}, ()) == Moment(flying={}, ended={})


def test_a_site_as_the_directors_seat_has_it() -> None:
    told = {"owner": "USA", "kind": "battery", "lat": 1.0, "lon": 2.0, "type": "sm-3-ib", "domain": "sea"}
    found = mark("x", told)
    assert (found.name, found.kind, found.type, found.domain, found.owner) == (
        "x",
        "battery",
        "sm-3-ib",
        "sea",
        "USA",
    )


def test_every_option_has_its_feed_and_its_place() -> None:
    problems: list[Problem] = []
    wanted = feeds.places(problems, {"--dis": "3000", "--cot": "localhost:6969"})
    assert problems == [] and all(place.here for place in wanted.values())
    made = feeds.outlets(wanted, DRILL)
    assert [type(feed).__name__ for feed, _ in made] == ["DisFeed", "CotFeed"]
    for feed, sender in made:
        assert list(feed.datagrams(at(1.0, "a"), 1.8e9))
        sender.close()
    assert feeds.places(problems, {"--dis": "x:y:z", "--cot": None}) == {}
    assert [p.file for p in problems] == ["--dis"]
