"""Rooms for the tests: the smallest case, other agreements put into it, inputs played at ticks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from synaspis.exercise.inputs import Input, Played
from synaspis.exercise.room import Room
from synaspis.files.case import resolve
from synaspis.model.case import Case

Document = dict[str, Any]


def told() -> Document:
    """The text of first-light, to be changed."""
    text = files("synaspis.cases").joinpath("first-light.yaml").read_text(encoding="utf-8")
    found: Document = yaml.safe_load(text)
    return found


def case_of(document: Mapping[str, Any]) -> Case:
    """A case from a changed text."""
    case, problems = resolve(yaml.safe_dump(dict(document), sort_keys=False).encode(), "drill.yaml")
    assert case is not None, problems
    return case


@cache
def first_light() -> Case:
    return case_of(told())


def play(room: Room, seat: str, what: Input, id_: str = "") -> str:
    """An input at the room's tick."""
    return room.play(Played(tick=room.tick, seat=seat, id=id_ or f"{seat} {room.tick}", what=what))


def until(room: Room, time_s: float, at_each: Callable[[Room], None] = lambda _: None) -> None:
    """Let the room's time pass; `at_each` tick something may be done."""
    while room.now_s < time_s:
        room.advance()
        at_each(room)


def as_bytes(document: Document) -> bytes:
    """A document in the order in which it was made."""
    return json.dumps(document, ensure_ascii=False).encode()


def questions(room: Room, seat: str, kind: str) -> Document:
    """What waits in a seat."""
    return {k: q for k, q in room.document(seat)["questions"].items() if q["kind"] == kind}
