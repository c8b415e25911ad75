"""What if: an exercise gone on with from a moment under another regime, beside what people made of it.

From that moment nobody sits anywhere: people decided in another world, and what they would have said in this
one is not known. So the protocol plays both the regime that was and the other, on the same luck: what lies
between these two is the regime's, what lies between the exercise and the first is the people's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Final

from synaspis.exercise.again import Replayed
from synaspis.exercise.inputs import DIRECTOR, Played, Take
from synaspis.exercise.room import Room

FLYING: Final = ("waiting", "flying")


@dataclass(frozen=True, kw_only=True)
class Course:
    """How it went under a regime: by `people` or by the protocol, to `ends_s` of the case's clock.

    `warned` has when each place was first warned, by name; `rounds` is what was fired from the moment on.
    """

    regime: str
    people: bool
    ends_s: float
    shot_down: int
    came_down: int
    in_flight: int
    rounds: int
    warned: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Three courses from one moment: as it was played, and by the protocol under its regime and another."""

    from_s: float
    played: Course
    same: Course
    other: Course


def what_if(
    again: Callable[[], Replayed], regime: str, from_s: float, until_s: float = inf,
    told: Callable[[str, float], None] = lambda _stage, _fraction: None,
) -> WhatIf:  # fmt: skip
    """`again` opens the record anew each time. ValueError for a moment that was never played.

    It goes on to the end of the raid, or to `until_s`; as it was played, to the end of the record.
    """
    courses = []
    for stage, by_people, under in (
        ("as played", True, ""), ("the same regime, by the protocol", False, ""), (regime, False, regime)
    ):  # fmt: skip
        replayed = again()
        try:
            room = replayed.to(_tick(replayed, from_s), partial(told, stage, 0.0))
            assert isinstance(room, Room)
            if not by_people:
                _leave(room)
            if under:
                room.go_under(under)
            courses.append(_course(replayed, room, under, by_people, until_s, partial(told, stage)))
        finally:
            replayed.close()
    return WhatIf(from_s=from_s, played=courses[0], same=courses[1], other=courses[2])


def _tick(replayed: Replayed, from_s: float) -> int:
    """The tick of a moment. ValueError for one that was never played."""
    room = replayed.again.room
    assert isinstance(room, Room)
    while room.before and room.tick < replayed.last_tick:
        replayed.to(room.tick + 1)
    if room.before:
        raise ValueError("the record ends in the turns before the raid")
    tick = room.tick_at(from_s)
    if not room.began <= tick <= replayed.last_tick:
        first_s, last_s = room.plan.starts_s, room.time_of(replayed.last_tick)
        raise ValueError(
            f"the record goes from {first_s:.0f} to {last_s:.0f} s, and {from_s:.0f} s is not in it"
        )
    return tick


def _leave(room: Room) -> None:
    """Everybody gets up: the protocol plays all seats."""
    for nation in room.nations:
        room.play(Played(tick=room.tick, seat=DIRECTOR, id=f"what if {nation}", what=Take(nation, False)))


def _course(
    replayed: Replayed, room: Room, under: str, people: bool, until_s: float, told: Callable[[float], None]
) -> Course:
    """Go on from here, and what comes of it."""
    began_s, rounds = room.now_s, _rounds(room)
    last_s = min(until_s, room.time_of(replayed.last_tick) if people else room.ends_s)
    warned = dict[str, float]()
    _note(room, warned)
    while room.now_s < last_s and not room.over:
        if people:
            replayed.to(room.tick + 1)
        else:
            room.advance()
        _note(room, warned)
        told(min((room.now_s - began_s) / max(last_s - began_s, 1.0), 1.0))
    states = [m["state"] for m in room.document(DIRECTOR)["truth"].values()]
    return Course(
        regime=under or replayed.opened.regime, people=people, ends_s=room.now_s,
        shot_down=states.count("down"), came_down=states.count("hit"),
        in_flight=sum(states.count(state) for state in FLYING), rounds=rounds - _rounds(room),
        warned=dict(sorted(warned.items())),
    )  # fmt: skip


def _rounds(room: Room) -> int:
    shown = (room.document(nation)["batteries"] for nation in room.nations)
    return sum(battery["rounds"] for batteries in shown for battery in batteries.values())


def _note(room: Room, warned: dict[str, float]) -> None:
    """When places are first warned."""
    for nation in room.nations:
        for place, told in room.document(nation)["warned"].items():
            warned.setdefault(place, told["since_s"])
