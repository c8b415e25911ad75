"""An exercise whose process is killed again and again, and what is promised about it."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from synaspis.exercise.again import Makes, replayed, told_of
from synaspis.exercise.entries import Branched, Controlled, Played, Refused
from synaspis.exercise.inputs import DIRECTOR, Answer, Control, Input, Take
from synaspis.exercise.record import read, verify
from synaspis.exercise.session import Session
from synaspis.model.case import Case

Acts = Callable[[Session, random.Random], tuple[str, Input | Control]]
"""Who does what next."""
NEVER_S = 60.0


def answers(session: Session, luck: random.Random, back: float = 0.02) -> tuple[str, Input | Control]:
    """Somebody answers what waits, or nothing; with the chance `back` the director steps back, and always at
    the end of the raid, so that something is played whenever the process is killed."""
    now_s = float(session.document(DIRECTOR)["clock"]["case_s"])
    if session.state == "over":
        return DIRECTOR, Control("back", max(now_s - 200.0, 1.0))
    if now_s > 6.0 and luck.random() < back:
        return DIRECTOR, Control("back", now_s - luck.choice((1.0, 5.0)))
    if session.state != "running":
        return DIRECTOR, Control("start")
    nations = [seat for seat in session.seats() if len(seat) == 3]
    seat = luck.choice(nations)
    waits = [q for q in session.document(seat).get("questions", {}) if not q.endswith("/all")]
    if luck.random() < 0.05:
        return DIRECTOR, Take(seat, luck.random() < 0.8)
    return seat, Answer(luck.choice([*waits, "none"]), luck.random() < 0.7)


def _child(log: Path, opens: Callable[[], Session], told: int, first: int, acts: Acts) -> None:
    """Play from the record, or from nothing; tell what was acknowledged, until killed."""
    session = opens()
    luck, n = random.Random(first), first
    while True:
        seat, what = acts(session, luck)
        outcome = session.submit(seat, str(n), what)
        os.write(told, f"{seat} {n} {int(outcome.ok)} {outcome.words}\n".encode())
        n += 1
        time.sleep(luck.choice((0.0, 0.0, 0.01)))


def killed_once(log: Path, opens: Callable[[], Session], first: int, lives_s: float, acts: Acts) -> list[str]:
    """What a process acknowledged before it was killed, some time after its first acknowledgement."""
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _child(log, opens, told, first, acts)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)
    os.close(told)
    killer = threading.Timer(NEVER_S, os.kill, (child, signal.SIGKILL))
    killer.start()
    with os.fdopen(heard) as lines:
        acknowledged = [lines.readline()]
        time.sleep(lives_s)
        os.kill(child, signal.SIGKILL)
        killer.cancel()
        acknowledged += lines.readlines()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and acknowledged[0], "the exercise did not go on"
    return [line for line in acknowledged if line.endswith("\n")]


def kills(
    log: Path,
    case: Case,
    regime: str,
    makes: Makes,
    count: int,
    seed: int,
    lives_s: float,
    acts: Acts = answers,
) -> dict[str, Any]:
    """Kill an exercise so often at random moments, and hold it against what was acknowledged.

    AssertionError where something is lost, comes twice, or is not the same when it is played again.
    """
    luck = random.Random(seed)
    acknowledged: list[str] = []
    for k in range(count):

        def opens(fresh: bool = k == 0) -> Session:
            if fresh:
                return Session.open(log, case, regime, seed, speed=20.0, makes=makes)
            return Session.resume(log, makes)

        acknowledged += killed_once(
            log, opens, len(acknowledged) + 1_000_000 * k, luck.random() * lives_s, acts
        )
        verdict = verify(log)
        assert verdict.state == "open", verdict.words
    session = Session.resume(log, makes)
    assert "trouble" not in session.document(DIRECTOR)["health"], session.document(DIRECTOR)["health"]
    _held(log, acknowledged, session)
    session.close()
    assert verify(log, session.key).state == "closed"
    return {"kills": count, "acknowledged": len(acknowledged), **_played_alike(log, makes)}


def _held(log: Path, acknowledged: list[str], session: Session) -> None:
    """All that was acknowledged is on the record, once, and is answered as it was."""
    recorded: dict[tuple[str, str], int] = {}
    refused = {}
    for line in read(log):
        if isinstance(line, Played):
            recorded[line.seat, line.id] = recorded.get((line.seat, line.id), 0) + 1
        elif isinstance(line, Controlled | Branched):
            recorded[DIRECTOR, line.id] = recorded.get((DIRECTOR, line.id), 0) + 1
        elif isinstance(line, Refused):
            refused[line.seat, line.id] = line.words
    assert set(recorded.values()) == {1}, "nothing is on the record twice"
    for told in acknowledged:
        seat, id, ok, words = told.rstrip("\n").split(" ", 3)
        if ok == "1":
            assert (seat, id) in recorded, f"{told} was acknowledged and is lost"
        again = session.submit(seat, id, Answer("something else", True))
        if (seat, id) in recorded:
            assert (int(again.ok), again.words) == (int(ok), words), f"{told} is answered as {again}"


def _played_alike(log: Path, makes: Makes) -> dict[str, Any]:
    """Each branch that was played, played again twice: the same documents at every mark and at the end."""
    branches = sum(isinstance(line, Branched) for line in read(log))
    marks = ticks = 0
    for branch in (0, branches):
        ends = []
        for _ in range(2):
            again = replayed(log, makes, branch)
            room = again.to(again.last_tick)
            assert again.differs_tick == -1, f"branch {branch} differs at tick {again.differs_tick}"
            ends.append(told_of(room, again.seats))
            again.close()
        assert ends[0] == ends[1]
        marks += sum(not isinstance(each, Played) for each in again.story.line)
        ticks += again.last_tick
    return {"branches": branches, "marks_alike": marks, "ticks_played": ticks}
