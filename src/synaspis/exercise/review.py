"""After the exercise: what was decided and how long it took, what was missed and why, who knew what when.

All of it comes from the record played again, and from nothing that anybody remembers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from synaspis.errors import JournalError
from synaspis.exercise.again import Replayed
from synaspis.exercise.chances import Missed, denied, holders, missed
from synaspis.exercise.responses import Response, response
from synaspis.exercise.room import Room
from synaspis.exercise.watching import LEVELS, Asked, Watch, Watched
from synaspis.model.answers import CAUSES

FOREVER: Final = math.inf


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A question and its answer; `clause` has the ids of all clauses under which it was asked.

    Times of the case's clock; `took_wall_s` by the wall clock, None where the question was not answered.
    `said` is yes, no or nothing.
    """

    nation: str
    kind: str
    clause: str
    battery: str
    recipient: str
    missile: str
    asked_s: float
    until_s: float | None
    said: str
    took_s: float | None
    took_wall_s: float | None
    at_stake: str


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What a nation knew of a missile that threatened it, what others knew by then, and why it did not.

    By level: `knew_s` when it did, `could_s` when the first nation did. `denied` has the levels that came
    late or never although another nation had them, with clauses and words.
    """

    nation: str
    missile: str
    target: str
    knew_s: dict[str, float]
    could_s: dict[str, float]
    by: dict[str, str]
    denied: dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Review:
    """Of one branch of a record. `tabled` is what was on the table before the raid, as the director saw.
    There is no `seed` where it is told in pseudonyms, which come from it."""

    case: str
    regime: str
    seed: int | None
    version: str
    branch: int
    ends_s: float
    differs_s: float | None
    decisions: tuple[Decision, ...]
    missed: tuple[Missed, ...]
    knowledge: tuple[Knowledge, ...]
    responses: dict[str, Response]
    clauses: dict[str, Response]
    came_down: int
    shot_down: int
    tabled: tuple[dict[str, Any], ...]
    sat: dict[str, list[tuple[float, bool]]]


def review(replayed: Replayed) -> Review:
    """Play the record and look at it. The replay is at its end afterwards. JournalError for no raid."""
    seen = Watch(replayed).run()
    room = replayed.again.room
    assert isinstance(room, Room)
    if room.before:
        raise JournalError(
            "the exercise ended in the turns before the raid: nothing was seen, and nothing decided\n"
            "    mend: go on with it (`synaspis exercise CASE --log LOG --resume`) where it is open"
        )
    opened, ends_s = replayed.opened, room.now_s
    decisions = tuple(_decision(a, ends_s) for a in sorted(seen.asked.values(), key=_order))
    differs = replayed.differs_tick
    return Review(
        case=opened.case_name, regime=opened.regime, seed=opened.seed, version=opened.version,
        branch=replayed.story.branch, ends_s=ends_s,
        differs_s=None if differs < 0 else room.time_of(differs), decisions=decisions,
        missed=missed(room.parts, seen, ends_s), knowledge=_knowledge(room, seen, ends_s),
        responses=_responses(decisions, seen, lambda d: (d.kind,)),
        clauses=_responses(decisions, seen, lambda d: d.clause.split(", ")),
        came_down=sum("hit" in t for t in seen.truth.values()),
        shot_down=sum("down" in t for t in seen.truth.values()), sat=seen.sat,
        tabled=tuple(t.document() for t in room.campaign.tabled.values()),
    )  # fmt: skip


def _order(asked: Asked) -> tuple[float, str, str]:
    return asked.asked_s, asked.nation, asked.question.zfill(9)


def _decision(a: Asked, ends_s: float) -> Decision:
    told = a.told
    said = "nothing" if a.yes is None else "yes" if a.yes else "no"
    wall_s = None if a.answered_wall_ms is None else max(a.answered_wall_ms - a.asked_wall_ms, 0.0) / 1e3
    return Decision(
        nation=a.nation, kind=told["kind"], clause=", ".join(told["clauses"]),
        battery=told.get("battery", ""), recipient=told.get("recipient", ""), missile=a.missile,
        asked_s=a.asked_s,
        until_s=told.get("until_s"), said=said,
        took_s=None if a.answered_s is None else round(a.answered_s - a.asked_s, 1),
        took_wall_s=None if wall_s is None else round(wall_s, 2), at_stake=told.get("cost", ""),
    )  # fmt: skip


def _sat(seen: Watched, nation: str, at_s: float) -> bool:
    """Whether somebody sat in a nation's seat then."""
    return next((taken for since_s, taken in reversed(seen.sat.get(nation, [])) if since_s <= at_s), False)


def _responses(
    decisions: tuple[Decision, ...], seen: Watched, of: Callable[[Decision], Sequence[str]]
) -> dict[str, Response]:
    """How people answered, by what `of` tells of a question; seats that nobody had taken do not count."""
    groups: dict[str, list[Decision]] = {}
    for d in decisions:
        if d.took_s is not None or _sat(seen, d.nation, d.asked_s):
            for name in of(d):
                groups.setdefault(name, []).append(d)
    return {
        name: response(
            [d.took_s for d in group if d.took_s is not None], sum(d.said == "no" for d in group), len(group)
        )
        for name, group in sorted(groups.items())
    }


def _knowledge(room: Room, seen: Watched, ends_s: float) -> tuple[Knowledge, ...]:
    """Of every missile that flew at a nation's place, for that nation."""
    w, found = room.parts.lit.w, []
    for m in w.missiles:
        if m.target < 0 or "flying" not in seen.truth.get(m.name, {}):
            continue
        place = w.assets[m.target]
        knew = seen.knew.get((place.nation, m.name), {})
        could, by, not_told = {}, {}, {}
        for level in LEVELS:
            having = holders(seen, m.name, level, ends_s)
            if not having:
                continue
            by[level], could[level] = next(iter(having.items()))
            others = {n: s for n, s in having.items() if n != place.nation and s < knew.get(level, FOREVER)}
            if others:
                until_s = knew.get(level, FOREVER)
                clauses, words = denied(seen, room.parts.given, place.nation, others, m.name, until_s, level)
                not_told[level] = {"held_by": list(others), "because": list(clauses), "words": words}
        found.append(
            Knowledge(
                nation=place.nation,
                missile=m.name,
                target=place.name,
                knew_s=dict(knew),
                could_s=could,
                by=by,
                denied=not_told,
            )
        )
    return tuple(found)


def causes(r: Review) -> dict[str, int]:
    """Missed chances by the first gate that was shut."""
    count = Counter(each.cause for each in r.missed)
    return {cause: count[cause] for cause in CAUSES}
