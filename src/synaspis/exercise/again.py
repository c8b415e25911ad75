"""A record played again without people, to any tick: for going on after a crash, stepping back, and reviews.

Nothing of a room is kept on a disk but what people did. The room is built again and their inputs are played
at the ticks that the record names, as fast as the machine goes. Marks in the record tell whether the seats
show what they showed then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from synaspis.errors import JournalError
from synaspis.exercise.entries import Line, Opened, Story, story
from synaspis.exercise.inputs import Played
from synaspis.exercise.record import read, refuse_other_version

Document = dict[str, Any]


class Playable(Protocol):
    """The room as its record needs it: see `room.Room`."""

    @property
    def tick(self) -> int: ...
    @property
    def now_s(self) -> float: ...
    @property
    def over(self) -> bool: ...
    @property
    def before(self) -> bool: ...
    @property
    def seats(self) -> Mapping[str, str]: ...
    def time_of(self, tick: int) -> float: ...
    def tick_at(self, time_s: float) -> int: ...
    def play(self, played: Played) -> str: ...
    def advance(self) -> None: ...
    def still(self, seat: str) -> Document: ...
    def document(self, seat: str) -> Document: ...
    def close(self) -> None: ...


Makes = Callable[[Opened], Playable]
"""Builds the room of a record's first entry."""


@dataclass(frozen=True)
class Outcome:
    """What became of an input: `words` say why it was refused."""

    ok: bool
    words: str = ""


def told_of(room: Playable, seats: Iterable[str]) -> str:
    """A hash (hex) over what the seats show: it depends on nothing but what was played."""
    told = hashlib.sha256()
    for seat in seats:
        told.update(msgspec.json.encode([seat, room.document(seat)], order="sorted"))
    return told.hexdigest()


class Again:
    """A room that follows a story. `differs_tick` is the first mark that does not hold, -1 while all do."""

    def __init__(self, room: Playable, told: Story) -> None:
        self.room, self.story = room, told
        self.seats = tuple(room.seats)
        self.outcomes: dict[tuple[str, str], Outcome] = {}
        self.differs_tick = -1
        self.heard: Callable[[Played, Outcome, Document], None] | None = None
        """Told of each input with its outcome, and what its seat showed before."""
        self._next = 0

    def to(self, tick: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Play on to a tick, with what was done there. ValueError for one that lies behind.

        `meanwhile` is called before each tick.
        """
        if tick < self.room.tick:
            raise ValueError(f"the room is at tick {self.room.tick}, and time goes one way: build another")
        self._catch_up()
        while self.room.tick < tick and not self.room.over:
            meanwhile()
            self.room.advance()
            self._catch_up()

    def _catch_up(self) -> None:
        """What the record has at the tick of the room, in its order."""
        line = self.story.line
        while self._next < len(line) and line[self._next].tick <= self.room.tick:
            each = line[self._next]
            self._next += 1
            if isinstance(each, Played):
                before = self.room.document(each.seat) if self.heard is not None else {}
                outcome = self.outcomes[each.seat, each.id] = played(self.room, each)
                if self.heard is not None:
                    self.heard(each, outcome, before)
            elif self.differs_tick < 0 and told_of(self.room, self.seats) != each.documents:
                self.differs_tick = each.tick


def played(room: Playable, each: Played) -> Outcome:
    """Play an input. Where the room fails over it, that is said, and is the same each time."""
    try:
        words = room.play(each)
    except Exception as error:
        words = f"the room could not do that: {type(error).__name__}: {error}"
    return Outcome(not words, words)


class Replayed:
    """A record played again: documents of every seat at any tick up to its last.

    `documents(tick)` may be asked in any order; going back builds the room again.
    """

    def __init__(self, lines: list[Line], makes: Makes, branch: int | None = None) -> None:
        opened = lines[0]
        assert isinstance(opened, Opened)
        self.opened, self.story = opened, story(lines, branch)
        self.last_tick = self.story.last_tick
        self._makes = makes
        self.again = Again(makes(opened), self.story)
        self.seats = self.again.seats

    def to(self, tick: int, meanwhile: Callable[[], None] = lambda: None) -> Playable:
        """The room at a tick; `meanwhile` as of `Again.to`. ValueError for one that was never played."""
        if not 0 <= tick <= self.last_tick:
            raise ValueError(f"the record has ticks 0 to {self.last_tick}, not {tick}")
        if tick < self.again.room.tick:
            self.again.room.close()
            self.again = Again(self._makes(self.opened), self.story)
        self.again.to(tick, meanwhile)
        return self.again.room

    def documents(self, tick: int) -> Mapping[str, Document]:
        """What every seat showed at a tick, after all that was done there."""
        room = self.to(tick)
        return {seat: room.document(seat) for seat in self.seats}

    @property
    def differs_tick(self) -> int:
        """The first mark so far at which the seats showed something else, -1 for none."""
        return self.again.differs_tick

    def close(self) -> None:
        self.again.room.close()


def replayed(log: Path, makes: Makes, branch: int | None = None) -> Replayed:
    """The record in a file, played again. JournalError: not whole, or of another version."""
    lines = read(log)
    opened = lines[0]
    assert isinstance(opened, Opened)
    refuse_other_version(log, opened)
    try:
        return Replayed(lines, makes, branch)
    except ValueError as error:
        raise JournalError(f"{log}: {error}") from error
