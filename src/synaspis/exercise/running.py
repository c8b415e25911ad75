"""What the session's thread does: plays the room, writes the record first, answers an id once.

Nothing here waits for a clock, and nothing here is for two threads.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Final

from synaspis.errors import NotRecordedError
from synaspis.exercise.again import Again, Document, Makes, Outcome, Playable, played, told_of
from synaspis.exercise.entries import Branched, Controlled, Line, Marked, Refused, Resumed, Story, story
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Control, Input, Played
from synaspis.exercise.pace import FASTEST, SLOWEST
from synaspis.exercise.record import Record
from synaspis.exercise.room import TICK_S

WAITING: Final = "waiting"
RUNNING: Final = "running"
PAUSED: Final = "paused"
OVER: Final = "over"
MARK_EACH_TICKS: Final = round(5.0 / TICK_S)
NOBODY: Final = "there is no such seat"
LOOKS_ON: Final = "an observer looks on"
DIRECTORS: Final = "time is the director's"
STOPPED: Final = "the room has stopped; step back, or end the exercise"
STEPPING: Final = "the exercise is stepping back: say it again when it has"


class Running:
    """A room and its record, in one of four states. `told` is the story so far, as the record has it."""

    def __init__(self, record: Record, room: Playable, makes: Makes, told: Story) -> None:
        self.record, self.room, self.told = record, room, told
        self.seats = tuple(room.seats)
        self.state, self.speed = WAITING, told.speed
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.trouble = ""
        self._stuck_at: int | None = None
        """The tick after which the room failed, as it would again: only a step back or the end can follow."""
        self._makes = makes
        self._back: Branched | None = None

    @classmethod
    def fresh(cls, record: Record, makes: Makes) -> Running:
        """An exercise that waits to be started, with nothing in its record but the opening."""
        return cls(record, makes(record.opened), makes, Story())

    @classmethod
    def resumed(cls, record: Record, lines: list[Line], makes: Makes) -> Running:
        """As the record has it, at its last tick; paused where it had been started."""
        told = story(lines)
        again = Again(makes(record.opened), told)
        try:
            again.to(told.last_tick)
        except BaseException:
            again.room.close()
            raise
        running = cls(record, again.room, makes, told)
        running.outcomes = _outcomes(lines, again)
        running._refusals_told(lines, again)
        if any(isinstance(each, Controlled) and each.control.to == "start" for each in lines):
            running.state = PAUSED
        running._differs(again.differs_tick)
        running._write(Resumed(running.tick_now, record.wall_ms(), again.differs_tick))
        running._end_if_over()
        if told.ended:  # it was said, and the crash came before the record was closed
            running.state = OVER
            running._end()
        return running

    def _refusals_told(self, lines: list[Line], again: Again) -> None:
        """Refusals that did not reach the disk before a crash: a branch left later is not played again."""
        told = {(each.seat, each.id) for each in lines if isinstance(each, Refused)}
        for (seat, id), outcome in again.outcomes.items():
            if not outcome.ok and (seat, id) not in told:
                self._write(Refused(seat, id, outcome.words))

    # -- time --------------------------------------------------------------------------------------

    @property
    def tick_now(self) -> int:
        """The last tick that was played whole: what people do is recorded there."""
        return self.room.tick if self._stuck_at is None else self._stuck_at

    def tick(self) -> None:
        """One tick. What goes wrong in the room is said, and time stands still."""
        before = self.room.tick
        try:
            self.room.advance()
        except Exception as error:
            self.state, self._stuck_at = PAUSED, before
            self.trouble = f"the room stopped: {type(error).__name__}: {error}"
            return
        if self.room.tick % MARK_EACH_TICKS == 0:
            self._mark()
        self._end_if_over()

    def _end_if_over(self) -> None:
        if self.room.over and self.state in (RUNNING, PAUSED):
            self.state = OVER

    def _mark(self) -> None:
        """What all seats show goes into the record; where the disk takes nothing, the next mark does."""
        shown = told_of(self.room, self.seats)
        with contextlib.suppress(NotRecordedError):  # said by the record's own `trouble`, while it lasts
            self._write(Marked(self.room.tick, shown, self.record.wall_ms()))

    # -- what people do ----------------------------------------------------------------------------

    def submit(self, seat: str, id: str, what: Input | Control, wall_ms: int | None = None) -> Outcome:
        """Record it, then do it. NotRecordedError: it was not done. An id again is answered as before."""
        before = self.outcomes.get((seat, id))
        if before is not None:
            return before
        outcome = self._refusal(seat, what)
        if outcome is None:
            ms = self.record.wall_ms() if wall_ms is None else wall_ms
            outcome = (
                self._control(id, what, ms) if isinstance(what, Control) else self._play(seat, id, what, ms)
            )
            self.outcomes[seat, id] = outcome
        return outcome

    def _refusal(self, seat: str, what: Input | Control) -> Outcome | None:
        """What needs no record to be refused: it depends on nothing that is played."""
        if seat not in self.seats:
            return Outcome(False, NOBODY)
        if seat == OBSERVER:
            return Outcome(False, LOOKS_ON)
        if self._back is not None:
            return Outcome(False, STEPPING)
        if self.record.closed:
            return Outcome(False, "the exercise is closed")
        if isinstance(what, Control):
            return self._untimely(seat, what)
        if self._stuck_at is not None:
            return Outcome(False, STOPPED)
        return Outcome(False, "the exercise is over") if self.state == OVER else None

    def _untimely(self, seat: str, what: Control) -> Outcome | None:
        why = ""
        if seat != DIRECTOR:
            why = DIRECTORS
        elif self._stuck_at is not None and what.to not in ("back", "end"):
            why = STOPPED
        elif what.to == "start" and self.state in (RUNNING, OVER):
            why = "it runs already" if self.state == RUNNING else "the exercise is over"
        elif what.to == "pause" and self.state != RUNNING:
            why = "time stands still already"
        elif what.to == "speed" and not SLOWEST <= what.value <= FASTEST:
            why = f"speed is from {SLOWEST:g} to {FASTEST:g}"
        elif what.to == "back" and self._tick_at(what.value) is None:
            why = "that is not behind us"
        return Outcome(False, why) if why else None

    def _tick_at(self, case_s: float) -> int | None:
        """The tick at a time of the case's clock that was played; None for another."""
        tick = self.room.tick_at(case_s)
        return tick if 0 <= tick < self.room.tick else None

    def _play(self, seat: str, id: str, what: Input, wall_ms: int) -> Outcome:
        each = Played(self.room.tick, seat, id, what, wall_ms)
        self._write(each)
        outcome = played(self.room, each)
        if not outcome.ok:
            self._write(Refused(seat, id, outcome.words), durable=False)
        return outcome

    def _control(self, id: str, what: Control, wall_ms: int) -> Outcome:
        if what.to == "back":
            tick = self._tick_at(what.value)
            assert tick is not None
            taken = self.told.taken(refused=[key for key, o in self.outcomes.items() if not o.ok])
            self._back = Branched(tick, id, self.record.head.hex(), sorted(taken), wall_ms)
            try:
                self._write(self._back)
            except NotRecordedError:
                self._back = None
                raise
            self.state = PAUSED
            return Outcome(True)
        self._write(Controlled(self.tick_now, id, what, wall_ms))
        if what.to == "speed":
            self.speed = what.value
        elif what.to == "end":
            self.state = OVER
            self._end()
        else:
            self.state = RUNNING if what.to == "start" else PAUSED
        return Outcome(True)

    def step_back(self, meanwhile: Callable[[], None]) -> bool:
        """Build the room again at the tick that was asked for, if one was: then True.

        What goes wrong with that is said, and tried again with what is asked next.
        """
        if self._back is None:
            return False
        try:
            again = self._built(self._back.tick, meanwhile)
        except Exception as error:
            self.trouble = f"the room cannot be built again: {type(error).__name__}: {error}"
            return True
        self.room.close()
        self.room, self._back = again.room, None
        self._stuck_at, self.trouble = None, ""
        self.outcomes |= again.outcomes
        self._differs(again.differs_tick)
        return True

    def _built(self, tick: int, meanwhile: Callable[[], None]) -> Again:
        again = Again(self._makes(self.record.opened), self.told)
        try:
            again.to(tick, meanwhile)
        except BaseException:
            again.room.close()
            raise
        return again

    def _differs(self, tick: int) -> None:
        if tick >= 0:
            at_s = self.room.time_of(tick)
            self.trouble = f"played again, the seats show something else from {at_s:g} s on"

    # -- what is shown, and the end ----------------------------------------------------------------

    def documents(self, behind_s: float) -> dict[str, Document]:
        """What every seat shows. How far behind the machine is, and any trouble, the director alone sees."""
        shown = {}
        for seat in self.seats:
            document = self.room.document(seat)
            clock = {**document.get("clock", {}), "state": self.state, "speed": self.speed}
            shown[seat] = {**document, "clock": clock}
        told = self.trouble or self.record.trouble
        health = {
            "behind_s": round(behind_s, 1),
            "entries": self.record.position,
            **({"trouble": told} if told else {}),
        }
        shown[DIRECTOR]["health"] = health
        return shown

    def close(self) -> None:
        """Close the record with what the seats show last. NotRecordedError: it is left open."""
        if self.record.closed:
            return
        if self._back is None and self._stuck_at is None:
            self._mark()
        self.record.close(self.tick_now if self._back is None else self._back.tick)

    def _end(self) -> None:
        """Close the record now if the disk takes that; else it is tried again at the end."""
        try:
            self.close()
        except NotRecordedError as error:
            self.trouble = str(error)

    def leave(self) -> None:
        """The room is gone; the record stays as it is, open or closed."""
        self.record.leave()
        self.room.close()

    def _write(self, line: Line, durable: bool = True) -> None:
        self.record.append(line, durable=durable)
        self.told.add(line)


def _outcomes(lines: list[Line], again: Again) -> dict[tuple[str, str], Outcome]:
    """How every id of the record was answered, on whatever branch."""
    found: dict[tuple[str, str], Outcome] = {}
    for line in lines:
        if isinstance(line, Played):
            found[line.seat, line.id] = Outcome(True)
        elif isinstance(line, Controlled | Branched):
            found[DIRECTOR, line.id] = Outcome(True)
    for line in lines:
        if isinstance(line, Refused):
            found[line.seat, line.id] = Outcome(False, line.words)
    return found | again.outcomes
