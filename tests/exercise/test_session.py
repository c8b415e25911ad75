"""A session: what is submitted is recorded and played, answered once, and goes on after a crash."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synaspis.errors import JournalError, NotRecordedError
from synaspis.exercise import running
from synaspis.exercise.again import Outcome, replayed
from synaspis.exercise.entries import Branched, Controlled, Marked, Refused, Seated
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Answer, Control, Hold, Say, Take
from synaspis.exercise.record import Record, read, verify
from synaspis.exercise.session import CLOSED, Session

from .small_room import NO_SUCH, a_case, making

CASE = a_case()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Sessions on one log, left open at the end where the test did not close them."""
    made: list[Session] = []

    def make(resume: bool = False, speed: float = 20.0, **more: Any) -> Session:
        log = tmp_path / "x.log"
        if resume:
            made[-1].leave()
            made.append(Session.resume(log, making(**more)))
        else:
            made.append(Session.open(log, CASE, "shared", 7, makes=making(**more), speed=speed))
        return made[-1]

    yield make
    for session in made:
        session.leave()


def until(condition: Callable[[], Any]) -> None:
    end_s = time.monotonic() + 30.0
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def case_s(session: Session) -> float:
    return float(session.document("AAA")["clock"]["case_s"])


def direct(session: Session, to: str, value: float = 0.0, id: str = "") -> Outcome:
    direct.n += 1  # type: ignore[attr-defined]
    return session.submit(DIRECTOR, id or f"c{direct.n}", Control(to, value))  # type: ignore[attr-defined]


direct.n = 0  # type: ignore[attr-defined]


def test_it_waits_runs_pauses_and_ends(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened()
    assert session.state == "waiting" and case_s(session) == 0.0
    assert dict(session.seats()) == {
        "director": "Director",
        "AAA": "Aland",
        "BBB": "Beland",
        "observer": "Observer",
    }
    assert direct(session, "start").ok and session.state == "running"
    assert direct(session, "start") == Outcome(False, "it runs already")
    until(lambda: case_s(session) > 5.0)
    assert direct(session, "pause").ok and session.state == "paused"
    stood_s, version = case_s(session), session.version("AAA")
    assert session.document("AAA")["clock"] == {"case_s": stood_s, "state": "paused", "speed": 20.0}
    time.sleep(0.1)
    assert (case_s(session), session.version("AAA")) == (stood_s, version)
    assert direct(session, "speed", 0.1) == Outcome(False, "speed is from 0.25 to 20")
    assert direct(session, "speed", 2.0).ok and session.document("BBB")["clock"]["speed"] == 2.0
    assert direct(session, "end").ok and session.state == "over"
    assert direct(session, "back", 1.0) == Outcome(False, "the exercise is closed")
    assert verify(tmp_path / "x.log", session.key).state == "closed"
    assert session.document("AAA")["clock"]["state"] == "over", "what was last shown can still be read"


def test_what_is_done_is_shown_and_on_the_record(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened()
    assert session.submit("AAA", "1", Answer("q", True)) == Outcome(True)
    assert session.document("AAA")["events"]["1"]["kind"] == "Answer"
    assert session.submit("AAA", "2", Answer("none", True), wall_ms=1234) == Outcome(False, NO_SUCH)
    assert "bang" in session.submit("AAA", "3", Answer("bang", True)).words
    assert session.submit("AAA", "4", Say("BBB", "hello")).ok, "a failure of the room is not the end"
    session.logged("AAA", "redeemed")
    session.close()
    kinds = [type(line).__name__ for line in read(tmp_path / "x.log")]
    assert kinds == [
        "Opened", "Controlled", "Played", "Played", "Refused", "Played", "Refused", "Played", "Seated",
        "Marked", "Closed",
    ]  # fmt: skip
    assert session.submit("AAA", "5", Answer("q", True)) == CLOSED


def test_an_id_again_is_answered_as_the_first_time_and_does_nothing(opened: Callable[..., Session]) -> None:
    session = opened()
    for _ in range(2):
        assert session.submit("AAA", "1", Answer("q", True)).ok
        assert session.submit("AAA", "2", Answer("none", True)) == Outcome(False, NO_SUCH)
        assert session.submit("BBB", "1", Hold("b", True)).ok, "ids are a seat's own"
    assert len(session.document("AAA")["events"]) == 1
    session = opened(resume=True)
    assert session.submit("AAA", "1", Answer("another", True)).ok
    assert session.submit("AAA", "2", Answer("none", True)) == Outcome(False, NO_SUCH)
    assert len(session.document("AAA")["events"]) == 1


def test_who_may_do_what(opened: Callable[..., Session]) -> None:
    session = opened()
    assert session.submit("AAA", "1", Control("start")) == Outcome(False, running.DIRECTORS)
    assert session.submit(OBSERVER, "1", Say("AAA", "hi")) == Outcome(False, running.LOOKS_ON)
    assert session.submit("CCC", "1", Say("AAA", "hi")) == Outcome(False, running.NOBODY)
    assert session.state == "waiting"
    with pytest.raises(KeyError):
        session.document("CCC")
    with pytest.raises(KeyError):
        session.version("CCC")


def test_it_goes_on_from_its_record_with_all_that_was_acknowledged(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    session = opened()
    session.submit(DIRECTOR, "t", Take("AAA", True))
    direct(session, "start")
    for i in range(20):
        until(lambda due_s=2.0 * i: case_s(session) > due_s)
        assert session.submit("AAA", str(i), Answer(f"q{i}", True)).ok
    direct(session, "pause")
    before = {seat: session.document(seat) for seat in session.seats()}
    session = opened(resume=True)
    assert session.state == "paused"
    after = {seat: session.document(seat) for seat in session.seats()}
    assert after["AAA"] == before["AAA"] and after["director"]["nations"]["AAA"]["taken"]
    assert (
        after["director"]["told"] == before["director"]["told"]
        and "trouble" not in after["director"]["health"]
    )
    direct(session, "start")
    until(lambda: case_s(session) > before["AAA"]["clock"]["case_s"] + 6.0)
    session.close()
    assert verify(tmp_path / "x.log").state == "closed"
    with pytest.raises(JournalError, match="closed"):
        opened(resume=True)


def test_it_is_played_again_to_any_tick(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened()
    direct(session, "start")
    session.submit("AAA", "1", Answer("q", True))
    until(lambda: case_s(session) > 11.0)
    session.submit("BBB", "1", Answer("q", True))
    session.submit("BBB", "2", Answer("none", True))
    direct(session, "pause")
    shown = session.document("BBB")
    session.close()
    again = replayed(tmp_path / "x.log", making())
    last = again.documents(again.last_tick)
    assert {k: v for k, v in last["BBB"].items() if k != "clock"} == {
        k: v for k, v in shown.items() if k != "clock"
    }
    assert again.differs_tick == -1
    early = again.documents(3)
    assert early["AAA"]["clock"]["case_s"] == 1.5 and again.documents(3) == early
    with pytest.raises(ValueError, match="the record has ticks 0 to"):
        again.to(again.last_tick + 1)
    marks = [line for line in read(tmp_path / "x.log") if isinstance(line, Marked)]
    assert [m.tick for m in marks[:2]] == [10, 20]


def test_a_room_that_plays_something_else_is_told(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened()
    direct(session, "start")
    until(lambda: case_s(session) > 6.0)
    session.leave()
    other = making()

    def made(told: Any) -> Any:
        room = other(told)
        room._stir("another version")
        return room

    again = replayed(tmp_path / "x.log", made)
    again.to(again.last_tick)
    assert again.differs_tick == 10
    session = Session.resume(tmp_path / "x.log", made)
    assert "something else from 5 s on" in session.document(DIRECTOR)["health"]["trouble"]
    assert "health" not in session.document("AAA")
    session.leave()


def test_a_step_back_starts_a_branch(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened()
    direct(session, "start")
    session.submit(DIRECTOR, "t", Take("BBB", True))
    session.submit("AAA", "1", Answer("early", True))
    until(lambda: case_s(session) > 6.0)
    session.submit(DIRECTOR, "t2", Take("AAA", True))
    session.submit("AAA", "2", Answer("late", True))
    until(lambda: case_s(session) > 11.0)
    assert direct(session, "back", 1e4) == Outcome(False, "that is not behind us")
    assert direct(session, "back", 5.0).ok
    until(lambda: case_s(session) == 5.0)
    assert session.state == "paused"
    assert len(session.document("AAA")["events"]) == 1
    taken = session.document(DIRECTOR)["nations"]
    assert taken == {"AAA": {"taken": True}, "BBB": {"taken": True}}, "who sits there still does"
    assert session.submit("AAA", "2", Answer("late", True)).ok and len(session.document("AAA")["events"]) == 1
    assert session.submit("AAA", "3", Answer("other", True)).ok
    direct(session, "start")
    until(lambda: case_s(session) > 8.0)
    direct(session, "pause")
    shown = session.document("AAA")
    session = opened(resume=True)
    assert session.document("AAA") == shown, "the branch is what is gone on with"
    session.close()
    log = tmp_path / "x.log"
    again, left = replayed(log, making()), replayed(log, making(), branch=0)
    again.to(again.last_tick)
    left.to(left.last_tick)
    assert again.differs_tick == left.differs_tick == -1 and left.last_tick >= 22
    assert len(left.again.room.document("AAA")["events"]) == 2
    lines = read(log)
    at = next(i for i, line in enumerate(lines) if isinstance(line, Branched))
    from synaspis.journal.reading import Reader

    assert lines[at].parent == Reader(log).entries(at - 1, 1)[0].hash.hex()  # type: ignore[union-attr]
    with pytest.raises(JournalError, match="no branch 2"):
        replayed(log, making(), branch=2)


def test_while_it_steps_back_nobody_is_kept_waiting(opened: Callable[..., Session]) -> None:
    session = opened()
    direct(session, "start")
    until(lambda: case_s(session) > 20.0)
    slow = session._running._makes

    def made(told: Any) -> Any:
        room = slow(told)
        room._work_s = 0.02  # type: ignore[attr-defined]
        return room

    session._running._makes = made
    assert direct(session, "back", 19.5).ok
    assert session.submit("AAA", "1", Answer("q", True)) == Outcome(False, running.STEPPING)
    until(lambda: session.submit("AAA", "1", Answer("q", True)).ok)
    assert case_s(session) == 19.5
    direct(session, "back", 19.0)
    session.close()


def test_the_end_of_the_raid_is_the_end_but_the_director_may_step_back(
    opened: Callable[..., Session],
) -> None:
    session = opened(over_tick=20)
    direct(session, "start")
    until(lambda: session.state == "over")
    assert case_s(session) == 10.0 and session.document("AAA")["clock"]["state"] == "over"
    assert session.submit("AAA", "1", Answer("q", True)) == Outcome(False, "the exercise is over")
    assert direct(session, "start") == Outcome(False, "the exercise is over")
    session = opened(resume=True, over_tick=20)
    assert session.state == "over"
    assert direct(session, "back", 5.0).ok
    until(lambda: case_s(session) == 5.0)
    assert direct(session, "start").ok


def test_a_room_that_fails_stands_still_and_says_so(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    direct(session, "start")
    until(lambda: case_s(session) > 5.0)
    room = session._running.room
    good = room.advance

    def bad() -> None:
        good()
        raise ZeroDivisionError

    monkeypatch.setattr(room, "advance", bad)
    until(lambda: session.state == "paused")
    until(lambda: "trouble" in session.document(DIRECTOR)["health"])
    assert "ZeroDivisionError" in session.document(DIRECTOR)["health"]["trouble"]
    assert session.submit("AAA", "1", Answer("q", True)) == Outcome(False, running.STOPPED)
    assert direct(session, "start") == Outcome(False, running.STOPPED)
    failed_at_s = case_s(session)
    assert direct(session, "back", 2.0).ok
    until(lambda: case_s(session) == 2.0)
    assert "trouble" not in session.document(DIRECTOR)["health"] and failed_at_s > 5.0
    assert direct(session, "start").ok


def test_what_is_recorded_after_the_room_failed_can_be_played_again(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = opened()
    direct(session, "start")
    until(lambda: case_s(session) > 2.0)
    room = session._running.room
    good = room.advance
    monkeypatch.setattr(room, "advance", lambda: (good(), 1 // 0))
    until(lambda: session.state == "paused")
    whole = room.tick - 1
    assert direct(session, "end").ok
    assert read(tmp_path / "x.log")[-1].tick == whole  # type: ignore[union-attr]
    assert replayed(tmp_path / "x.log", making()).last_tick == whole


def test_a_step_back_that_fails_is_said_and_tried_again(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    direct(session, "start")
    until(lambda: case_s(session) > 2.0)
    makes, fails = session._running._makes, [True]

    def failing(of: Any) -> Any:
        if fails.pop() if fails else False:
            raise OSError("no space left on device")
        return makes(of)

    monkeypatch.setattr(session._running, "_makes", failing)
    assert direct(session, "back", 1.0).ok
    until(lambda: "trouble" in session.document(DIRECTOR)["health"])
    assert "no space left" in session.document(DIRECTOR)["health"]["trouble"] and session.alive
    direct(session, "speed", 2.0)
    until(lambda: case_s(session) == 1.0)
    assert "trouble" not in session.document(DIRECTOR)["health"]


def test_an_end_that_was_acknowledged_stays_one_after_a_crash(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = opened()
    direct(session, "start")
    with monkeypatch.context() as crash:
        crash.setattr(running.Running, "_end", lambda _: None)
        assert direct(session, "end").ok
        session.leave()
    assert verify(tmp_path / "x.log").state == "open"
    session = opened(resume=True)
    assert session.state == "over" and direct(session, "start") == Outcome(False, "the exercise is closed")
    assert verify(tmp_path / "x.log").state == "closed"


def test_what_the_disk_does_not_take_is_not_done(
    opened: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    whole = Record.append

    def full(self: Record, line: Any, **more: Any) -> None:
        if not isinstance(line, Seated):
            raise NotRecordedError("the disk is full")
        whole(self, line, **more)

    with monkeypatch.context() as bad:
        bad.setattr(Record, "append", full)
        outcome = session.submit("AAA", "1", Answer("q", True))
        assert not outcome.ok and "the disk is full" in outcome.words
        assert not direct(session, "start").ok and session.state == "waiting"
        assert session.document("AAA")["events"] == {}
    assert session.submit("AAA", "1", Answer("q", True)).ok, "the id was not used up"
    assert len(session.document("AAA")["events"]) == 1


def test_a_machine_too_slow_says_how_far_behind_and_skips_nothing(
    opened: Callable[..., Session], tmp_path: Path
) -> None:
    session = opened(work_s=0.06)
    direct(session, "start")
    until(lambda: session.behind_s > 0.5)
    until(lambda: session.document(DIRECTOR)["health"]["behind_s"] > 0.0)
    assert "behind_s" not in str(session.document("AAA"))
    session.close()
    marks = [line.tick for line in read(tmp_path / "x.log") if isinstance(line, Marked)]
    assert marks[:-1] == [10 * (i + 1) for i in range(len(marks) - 1)]


def test_the_record_tells_controls_refusals_and_seats(opened: Callable[..., Session], tmp_path: Path) -> None:
    session = opened(speed=4.0)
    direct(session, "speed", 8.0, id="faster")
    session.submit("AAA", "1", Answer("none", False))
    session.logged("BBB", "invited")
    session.close()
    lines = read(tmp_path / "x.log")
    assert [(x.id, x.control.value) for x in lines if isinstance(x, Controlled)] == [
        ("speed at the opening", 4.0),
        ("faster", 8.0),
    ]
    assert [x.words for x in lines if isinstance(x, Refused)] == [NO_SUCH]
    assert [(x.seat, x.what) for x in lines if isinstance(x, Seated)] == [("BBB", "invited")]


def test_what_is_done_while_the_room_is_ahead_of_what_is_shown_comes_when_it_is_due(
    opened: Callable[..., Session],
) -> None:
    """A tick that takes long is played before it is due: none is left out, nothing done is lost."""
    session = opened(work_s=0.1, speed=2.0)
    direct(session, "start")
    until(lambda: case_s(session) > 3.0)
    shown: list[tuple[float, float]] = []
    for i in range(60):
        assert session.submit("BBB", str(i), Hold("b", True)).ok
        if not shown or case_s(session) != shown[-1][0]:
            shown.append((case_s(session), time.monotonic()))
        time.sleep(0.01)
    until(lambda: len(session.document("BBB")["events"]) == 60)
    assert [each for each, _ in shown] == [shown[0][0] + 0.5 * i for i in range(len(shown))]
    assert direct(session, "pause").ok
    assert case_s(session) == session._running.room.now_s, "what was played ahead is shown now"
