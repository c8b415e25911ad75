"""An exercise that runs: a room, its record, and a thread that keeps the wall clock for it.

The thread alone touches room and record. Whoever submits waits until what he did is on the disk and was
played; documents are those of the last tick that was due. A tick that takes long is played ahead of its time
and shown when it is due, so that what is done meanwhile is shown with it. What is recorded is played, and in
the order of the record: a crash at any moment loses nothing that was acknowledged.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from synaspis.errors import NotRecordedError
from synaspis.exercise.again import Document, Makes, Outcome
from synaspis.exercise.entries import Opened, Seated
from synaspis.exercise.inputs import DIRECTOR, Control, Input
from synaspis.exercise.pace import Pace
from synaspis.exercise.plan import Plan
from synaspis.exercise.record import Record
from synaspis.exercise.room import TICK_S
from synaspis.exercise.rooms import room_of, told_plan
from synaspis.exercise.running import RUNNING, Running
from synaspis.model.case import Case

SHOWN_EACH_S: Final = 0.4
"""Documents are made anew no sooner than this after the last, however fast time runs."""
CLOSED: Final = Outcome(False, "the exercise is closed")


class _EndedError(BaseException):
    """The session ends while a room is built again."""


@dataclass(eq=False)
class _Asked:
    """Something for the thread to do; `answer` is set when it is done."""

    seat: str = ""
    id: str = ""
    what: Input | Control | str = ""
    wall_ms: int | None = None
    done: threading.Event = field(default_factory=threading.Event)
    answer: Outcome = CLOSED


class Session:
    """The exercise as a server uses it, from any thread. `close` it; the process may also be killed."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._pace = Pace(TICK_S, running.speed)
        self._queue: deque[_Asked] = deque()
        self._stir = threading.Condition()
        self._ends = self._dead = False
        self._version = 0
        self._documents: Mapping[str, Document] = {}
        self._coming: deque[tuple[float, Mapping[str, Document]]] = deque()
        """What is to be shown, and when: ticks that were played before they are due."""
        self._turning = threading.Lock()
        self._due_s = -math.inf
        """When what the room shows now is due."""
        self._still: dict[str, Document] = {}
        self._before: bool | None = None
        self._titles = MappingProxyType(dict(running.room.seats))
        self._shown_s = 0.0
        self._show()
        self._thread = threading.Thread(target=self._run, name="exercise", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls, log: Path, case: Case, regime: str, seed: int, plan: Plan = Plan(), speed: float = 1.0,  # noqa: B008
        makes: Makes = room_of,
    ) -> Session:  # fmt: skip
        """A new exercise with its record in `log`; it waits to be started. JournalError as of `Record`."""
        record = Record.create(
            log,
            case_sha256=case.sha256,
            case_name=case.name,
            case=case.text,
            regime=regime,
            seed=seed,
            plan=told_plan(plan),
        )
        try:
            running = Running.fresh(record, makes)
            if speed != running.speed:
                running.submit(DIRECTOR, "speed at the opening", Control("speed", speed))
            return cls(running)
        except BaseException:
            record.leave()
            raise

    @classmethod
    def resume(cls, log: Path, makes: Makes = room_of) -> Session:
        """Go on from a record that was not closed: paused, at its last tick. JournalError as of `Record`."""
        record, lines = Record.reopen(log)
        try:
            return cls(Running.resumed(record, lines, makes))
        except BaseException:
            record.leave()
            raise

    @property
    def key(self) -> str:
        """The public key that signs the record, 64 hex digits."""
        return self._running.record.key

    @property
    def opened(self) -> Opened:
        return self._running.record.opened

    @property
    def state(self) -> str:
        """waiting, running, paused or over."""
        return self._running.state

    @property
    def alive(self) -> bool:
        """Whether its thread still plays."""
        return not self._dead

    @property
    def behind_s(self) -> float:
        """Seconds of the wall clock that the exercise is behind."""
        return self._pace.behind_s

    def seats(self) -> Mapping[str, str]:
        """Every seat and what it is called."""
        return self._titles

    def still(self, seat: str) -> Document:
        """What never changes in a seat as long as a stage lasts. KeyError for none; not to be changed."""
        return self._still[seat]

    def document(self, seat: str) -> Document:
        """What a seat shows. KeyError for none of the exercise; not to be changed."""
        self._turn()
        return self._documents[seat]

    def version(self, seat: str) -> int:
        """A number that is another when the seat's document may be. KeyError as of `document`."""
        self._still[seat]
        self._turn()
        return self._version

    def submit(self, seat: str, id: str, what: Input | Control, wall_ms: int | None = None) -> Outcome:
        """What somebody does. When this returns it is on the disk and played, or refused in words.

        The same `id` of a seat again is answered as the first time, and nothing happens.
        """
        return self._ask(_Asked(seat, id, what, wall_ms))

    def logged(self, seat: str, what: str) -> None:
        """Note in the record what befell a seat; nobody waits for the disk. No secrets."""
        with self._stir:
            if not self._ends and len(self._queue) < 10_000:
                self._queue.append(_Asked(seat, "", what))
                self._stir.notify()

    def close(self) -> None:
        """End the exercise and close its record. NotRecordedError: the record is left open."""
        with self._stir:
            self._ends = True
            self._stir.notify()
        self._thread.join()
        try:
            self._running.close()
        finally:
            self._running.leave()

    def leave(self) -> None:
        """End the thread and leave the record open, to be resumed."""
        with self._stir:
            self._ends = True
            self._stir.notify()
        self._thread.join()
        self._running.leave()

    def _ask(self, asked: _Asked) -> Outcome:
        with self._stir:
            if self._ends or self._dead:
                return CLOSED
            self._queue.append(asked)
            self._stir.notify()
        asked.done.wait()
        return asked.answer

    def _run(self) -> None:
        try:
            while not self._ends:
                self._heed()
                self._step()
            self._heed()  # what was asked before the end
        except _EndedError:
            pass
        finally:
            with self._stir:
                self._dead = True
                left, self._queue = list(self._queue), deque()
            for asked in left:
                asked.done.set()

    def _step(self) -> None:
        """One tick where it is time for it; else wait until it is, or something is asked."""
        left_s = None
        if self._running.state == RUNNING:
            left_s = self._pace.begins_s(time.monotonic())
        if left_s == 0.0:
            began_s, self._due_s = time.monotonic(), self._pace.due_s
            self._running.tick()
            if self._staged():  # to open the raid takes its time, which is nobody's to decide in
                self._pace.start(time.monotonic())
                self._due_s = -math.inf
                self._show()
                return
            self._pace.took(time.monotonic() - began_s)
            self._pace.ticked(time.monotonic())
            if self._due_s - self._shown_s >= SHOWN_EACH_S or self._running.state != RUNNING:
                self._show()
            return
        with self._stir:
            if not self._queue and not self._ends:
                self._stir.wait(left_s)

    def _heed(self) -> None:
        """All that is asked now, in order; answered once the seats show it, or will when it is due."""
        asked = self._next()
        if not asked:
            return
        try:
            before = (self._running.state, self._running.speed)
            self._do(asked)
            if (self._running.state, self._running.speed) != before:
                self._pace.speed = self._running.speed
                self._pace.start(time.monotonic())
                self._due_s = -math.inf
            self._show()
        finally:
            for each in asked:
                each.done.set()
        if self._running.step_back(self._meanwhile):
            self._due_s = -math.inf
            self._show()

    def _meanwhile(self) -> None:
        """While the room is built again: whoever asks is told so, and an end is heeded."""
        if self._ends:
            raise _EndedError
        asked = self._next()
        try:
            self._do(asked)
        finally:
            for each in asked:
                each.done.set()

    def _next(self) -> list[_Asked]:
        with self._stir:
            asked, self._queue = list(self._queue), deque()
        return asked

    def _do(self, asked: list[_Asked]) -> None:
        for each in asked:
            if isinstance(each.what, str):
                self._note(each)
            else:
                each.answer = self._answer(each, each.what)

    def _answer(self, asked: _Asked, what: Input | Control) -> Outcome:
        try:
            return self._running.submit(asked.seat, asked.id, what, asked.wall_ms)
        except NotRecordedError as error:
            return Outcome(False, f"not recorded, and so not done: {error}")

    def _note(self, asked: _Asked) -> None:
        try:
            line = Seated(asked.seat, str(asked.what), self._running.record.wall_ms())
            self._running.record.append(line, durable=False)
        except NotRecordedError:
            return  # said by the record's own `trouble`

    def _staged(self) -> bool:
        """Whether another stage has begun, of which nothing is shown yet."""
        return self._running.room.before is not self._before

    def _show(self) -> None:
        """Have the seats show what the room does, when that is due: at once where time stands still."""
        if self._staged():
            room = self._running.room
            self._still = {seat: room.still(seat) for seat in self._running.seats}
            self._before = room.before
        documents, now_s = self._running.documents(self._pace.behind_s), time.monotonic()
        due_s = self._due_s if self._running.state == RUNNING else -math.inf
        with self._turning:
            while self._coming and self._coming[-1][0] >= due_s:
                self._coming.pop()
            self._coming.append((due_s, documents))
        self._shown_s = due_s if due_s > -math.inf else now_s
        self._turn()

    def _turn(self) -> None:
        """Show what is due by now: whoever looks turns the page."""
        with self._turning:
            while self._coming and self._coming[0][0] <= time.monotonic():
                self._documents = self._coming.popleft()[1]
                self._version += 1
