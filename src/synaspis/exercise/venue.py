"""The exercise as its server sees it: who may do what from which seat, and who sits where.

What a seat shows is the session's; nothing here looks into it, but that a director may let an observer see
the truth.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

import msgspec

from synaspis.exercise.inputs import (
    DIRECTOR,
    OBSERVER,
    Agree,
    Answer,
    Bring,
    Control,
    Deploy,
    Draft,
    Hold,
    Inform,
    Input,
    Preauthorise,
    Say,
    Take,
    WarnPublic,
)
from synaspis.exercise.running import LOOKS_ON as LOOKS_ON

Document = dict[str, Any]

OF_DIRECTOR: Final = "that is for the director to do"
OF_NATION: Final = "that is for the nation's own cell to do"
APART: Final = ("injects", "messages", "spares", "health", "happened")
"""What an observer who sees the truth is not shown: what is coming, what the director writes to whom, and
what is for streams."""
WAITS: Final = "waiting"
AGAIN_S: Final = 0.5
TIMES: Final = 240


class Outcome(Protocol):
    """What became of an input."""

    @property
    def ok(self) -> bool: ...
    @property
    def words(self) -> str: ...


class Exercise(Protocol):
    """A session, as far as it is needed here: see `session.Session`."""

    def seats(self) -> Mapping[str, str]: ...
    def still(self, seat: str) -> Document: ...
    def document(self, seat: str) -> Document: ...
    def version(self, seat: str) -> int: ...
    def submit(self, seat: str, id: str, what: Input | Control) -> Outcome: ...
    def logged(self, seat: str, what: str) -> None: ...


class Venue:
    """The `Play` of a server of seats."""

    def __init__(self, exercise: Exercise, *, observer_sees_truth: bool = False) -> None:
        self._exercise, self._truth = exercise, observer_sees_truth
        self._sits: dict[str, bool] = {}

    def seats(self) -> Mapping[str, str]:
        """Title of each seat."""
        return self._exercise.seats()

    def still(self, seat: str) -> Document:
        """What never changes in the seat."""
        if self._truth and seat == OBSERVER:
            own = self._exercise.still(OBSERVER)
            mine: Document = {name: own[name] for name in ("seat", "title", "me") if name in own}
            return {**self._exercise.still(DIRECTOR), **mine, "missiles": {}}
        return self._exercise.still(seat)

    def document(self, seat: str) -> Document:
        """What the seat shows now."""
        if self._truth and seat == OBSERVER:
            shown = self._exercise.document(DIRECTOR)
            told = {key: value for key, value in shown.items() if key not in APART}
            missiles = shown.get("truth", {})
            return {**told, "truth": {n: m for n, m in missiles.items() if m.get("state") != WAITS}}
        return self._exercise.document(seat)

    def version(self) -> int:
        """Another number whenever a document may be another."""
        return self._exercise.version(DIRECTOR)

    def submit(self, seat: str, id: str, told: Document) -> tuple[bool, str]:
        """Have done what was told, if it is for this seat to do; else why not."""
        try:
            what: Input | Control = msgspec.convert(told, Input | Control)
        except (msgspec.ValidationError, RecursionError) as problem:
            return False, f"not understood: {problem}"
        refused = why_not(seat, what)
        if refused:
            self._exercise.logged(seat, f"refused: {type(what).__name__.lower()}: {refused}")
            return False, refused
        outcome = self._exercise.submit(seat, id, what)
        return outcome.ok, outcome.words

    def seated(self, seat: str, taken: bool) -> None:
        """Somebody sits in a nation's seat, or nobody does: from then on people decide there, or dice.

        An exercise that is stepping back takes nothing: it is said again until it does.
        """
        if seat in (DIRECTOR, OBSERVER):
            return
        self._sits[seat] = taken
        shown = self._exercise.document(DIRECTOR).get("nations", {}).get(seat, {})
        if shown.get("taken") is taken:
            return
        if not self._take(seat, taken).ok:
            threading.Thread(target=self._insist, args=(seat, taken), name="seated", daemon=True).start()

    def _insist(self, seat: str, taken: bool) -> None:
        """Say it again now and then, until it is taken or no longer so."""
        for _ in range(TIMES):
            time.sleep(AGAIN_S)
            if self._sits[seat] is not taken or (outcome := self._take(seat, taken)).ok:
                return
        self._exercise.logged(seat, f"could not be {'taken' if taken else 'freed'}: {outcome.words}")

    def _take(self, seat: str, taken: bool) -> Outcome:
        return self._exercise.submit(seat, f"seat-{secrets.token_hex(8)}", Take(seat, taken))

    def logged(self, seat: str, what: str) -> None:
        """Into the record."""
        self._exercise.logged(seat, what)


def why_not(seat: str, what: Input | Control) -> str:
    """Why this kind of thing is not for this seat to do; "" where it is."""
    if seat == OBSERVER:
        return LOOKS_ON
    match what:
        case Say():
            return ""
        case (
            Answer()
            | Hold()
            | Agree()
            | Bring()
            | Draft()
            | Deploy()
            | Preauthorise()
            | WarnPublic()
            | Inform()
        ):
            return OF_NATION if seat == DIRECTOR else ""
        case Take():
            return "" if seat in (DIRECTOR, what.nation) else OF_DIRECTOR
        case _:
            return "" if seat == DIRECTOR else OF_DIRECTOR
