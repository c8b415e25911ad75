"""A room with no nodes in it, that is quick: each nation shows a number that ticks and answers change."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from synaspis.exercise.entries import Opened
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Answer, Hold, Lose, Played, Say, Take
from synaspis.files import case as cases
from synaspis.model.case import Case

NATIONS = ("AAA", "BBB")
OVER_TICK = 2_000
NO_SUCH = "no such question"


class SmallRoom:
    """A chain of hashes over what was played, shown to everybody; seats show what happened in them."""

    def __init__(self, opened: Opened, work_s: float = 0.0, over_tick: int = OVER_TICK) -> None:
        self.tick, self._work_s, self._over_tick = 0, work_s, over_tick
        self._told = hashlib.sha256(f"{opened.regime}{opened.seed}".encode()).hexdigest()
        self._events: dict[str, dict[str, Any]] = {nation: {} for nation in NATIONS}
        self.taken: set[str] = set()
        self.closed = False

    @property
    def now_s(self) -> float:
        return self.tick * 0.5

    def time_of(self, tick: int) -> float:
        return tick * 0.5

    def tick_at(self, time_s: float) -> int:
        return round(time_s / 0.5)

    before = False

    @property
    def over(self) -> bool:
        return self.tick >= self._over_tick

    @property
    def seats(self) -> Mapping[str, str]:
        return {DIRECTOR: "Director", "AAA": "Aland", "BBB": "Beland", OBSERVER: "Observer"}

    def play(self, played: Played) -> str:
        what = played.what
        match what:
            case Take():
                if what.nation not in NATIONS:
                    return "no such nation"
                (self.taken.add if what.taken else self.taken.discard)(what.nation)
            case Answer(question="none"):
                return NO_SUCH
            case Answer(question="bang"):
                raise ZeroDivisionError("bang")
            case Answer() | Hold() | Say() | Lose():
                events = self._events.get(played.seat)
                if events is not None:
                    events[str(len(events) + 1)] = {"at_s": self.now_s, "kind": type(what).__name__}
            case _:
                return "not here"
        self._stir(f"{played.seat} {what}")
        return ""

    def advance(self) -> None:
        if self._work_s:
            time.sleep(self._work_s)
        self.tick += 1
        self._stir("tick")

    def _stir(self, word: str) -> None:
        self._told = hashlib.sha256(f"{self._told} {self.tick} {word}".encode()).hexdigest()

    def still(self, seat: str) -> dict[str, Any]:
        return {"seat": seat, "title": self.seats[seat]}

    def document(self, seat: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"clock": {"case_s": self.now_s}, "told": self._told}
        if seat in NATIONS:
            shown["events"] = dict(self._events[seat])
        if seat == DIRECTOR:
            shown["nations"] = {nation: {"taken": nation in self.taken} for nation in NATIONS}
        return shown

    def close(self) -> None:
        self.closed = True


def making(work_s: float = 0.0, over_tick: int = OVER_TICK) -> Callable[[Opened], SmallRoom]:
    """What a session builds its room by."""
    return lambda opened: SmallRoom(opened, work_s, over_tick)


def a_case() -> Case:
    return cases.load("first-light")
