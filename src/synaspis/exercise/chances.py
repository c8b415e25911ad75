"""Missed chances of an exercise: a battery could have met a missile, and never fired; by the first gate shut.

The gates are those of a run (`shots_lost`), judged on what was shown: who knew of the missile, who was asked,
who answered. A chance is not missed where the missile was down, or the exercise at its end, before the last
launch that could have met it; nor where nothing was at stake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from synaspis.engine.layout import MANDATE
from synaspis.exercise.parts import Parts
from synaspis.exercise.watching import Asked, Engaged, Watched
from synaspis.report.words import counted, listed
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules

TRACK: Final = "track"
NO_LEAVE: Final = ("no leave in time", "refused")


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A battery that could have met a missile until `last_s`, and why it did not. `because`: clause ids."""

    battery: str
    owner: str
    missile: str
    target: str
    people: int
    last_s: float
    cause: str
    because: tuple[str, ...]
    words: str


def missed(parts: Parts, seen: Watched, ends_s: float) -> tuple[Missed, ...]:
    """Every chance missed until `ends_s`, missile by missile."""
    w, engagements = parts.lit.w, parts.host.orders.engagements
    found = []
    for t, m in enumerate(w.missiles):
        if m.target < 0 or "flying" not in seen.truth.get(m.name, {}):
            continue
        down_s = seen.truth[m.name].get("down", np.inf)
        for b, f in enumerate(w.batteries):
            last_s = engagements.last_s(b, t)
            if not -np.inf < last_s < min(down_s, ends_s) or engagements.fired(b, t):
                continue
            one = _Pair(f.battery.name, f.battery.owner, m.name, last_s)
            if engagements.compiled.bt[t, MANDATE, b] <= 0.0:
                cause = _unseen(one, seen, parts.given) or (
                    "no_mandate",
                    (),
                    _no_mandate(one, w.assets[m.target].nation),
                )
            else:
                cause = _unseen(one, seen, parts.given) or _unfired(one, seen)
            found.append(
                Missed(
                    battery=one.battery,
                    owner=one.owner,
                    missile=one.missile,
                    target=w.assets[m.target].name,
                    people=round(w.assets[m.target].population),
                    last_s=round(last_s, 1),
                    cause=cause[0],
                    because=cause[1],
                    words=cause[2],
                )
            )
    return tuple(found)


_Cause = tuple[str, tuple[str, ...], str]


@dataclass(frozen=True)
class _Pair:
    battery: str
    owner: str
    missile: str
    last_s: float


def _no_mandate(one: _Pair, nation: str) -> str:
    return f"no mandate in force has {one.battery} defend {nation}"


def holders(seen: Watched, missile: str, level: str, until_s: float) -> dict[str, float]:
    """Who knew of a missile at least so well before a time, and since when; the first first."""
    found = {n: knew[level] for (n, m), knew in seen.knew.items() if m == missile and level in knew}
    return dict(
        sorted(((n, s) for n, s in found.items() if s < until_s), key=lambda each: (each[1], each[0]))
    )


def _unseen(one: _Pair, seen: Watched, given: Rules) -> _Cause | None:
    """Not seen by anybody, or not by the owner; None where the owner had a track in time."""
    having = holders(seen, one.missile, TRACK, one.last_s)
    if one.owner in having:
        return None
    if not having:
        return "not_seen", (), f"nobody had a track of it before {one.last_s:.0f} s"
    clauses, words = denied(seen, given, one.owner, having, one.missile, one.last_s)
    return "not_released", clauses, words


def denied(
    seen: Watched, given: Rules, recipient: str, having: Mapping[str, float], missile: str, until_s: float,
    level: str = TRACK,
) -> tuple[tuple[str, ...], str]:  # fmt: skip
    """Why what others had of a missile did not come to a nation by a time: held by a person under a clause,
    not let go by a clause that is in force, or let by none."""
    held = [
        a for a in seen.asked.values()
        if a.told.get("kind") == "release" and a.told.get("recipient") == recipient and a.nation in having
        and a.missile in ("", missile) and a.asked_s <= until_s and a.yes is not True
    ]  # fmt: skip
    if held:
        who = listed(sorted({a.nation for a in held}))
        clauses = tuple(dict.fromkeys(c for a in held for c in a.told.get("clauses", (a.told["clause"],))))
        return clauses, f"{who} could have released it and said no, or nothing"
    letting = [o for o in having if (recipient, o) in seen.had]
    clauses = tuple(dict.fromkeys(c for o in letting for c in seen.had[recipient, o]["clauses"]))
    who = listed(list(having))
    if letting:
        return clauses, f"{who} had it; what clauses let go to {recipient} did not bring it in time"
    least = STEPS.index(level)
    permits = [
        c.id for o in having for c in given.between(o, recipient)
        if c.effect == "permit" and any(STEPS.index(p) >= least for p in c.products if p in STEPS)
    ]  # fmt: skip
    if permits:
        return tuple(dict.fromkeys(permits)), f"{who} had it; the clauses let nothing of it go in time"
    return (), f"{who} had it, and no clause in force lets it go to {recipient}"


def _unfired(one: _Pair, seen: Watched) -> _Cause:
    """The owner had a track and a mandate."""
    if seen.empty.get(one.battery, np.inf) <= one.last_s:
        return "no_rounds", (), f"its last round was gone at {seen.empty[one.battery]:.0f} s"
    begun = [e for e in seen.engaged.values() if (e.battery, e.missile) == (one.battery, one.missile)]
    if any(phase in e.phases for e in begun for phase in NO_LEAVE):
        asked = _asked(one, seen.asked.values())
        clauses = tuple(dict.fromkeys(c for a in asked for c in a.told["clauses"]))
        no = [a for a in asked if a.yes is False]
        if no:
            return "no_authority", clauses, f"{listed(sorted({a.nation for a in no}))} said no"
        silent = sorted({a.nation for a in asked if a.yes is None})
        told = f"{listed(silent)} did not answer in time" if silent else "leave did not come in time"
        return "no_authority", clauses, told
    return "too_late", (), _late(begun)


def _late(begun: list[Engaged]) -> str:
    if not begun:
        return "no track was good enough to fire on before the last launch"
    return f"{counted(len(begun), 'engagement')} begun, and none came to a launch in time"


def _asked(one: _Pair, asked: Iterable[Asked]) -> list[Asked]:
    """Questions about leave for a battery; about this missile, where the seat could tell."""
    return [
        a for a in asked
        if a.told.get("kind") != "release" and a.told.get("battery") == one.battery
        and a.missile in ("", one.missile) and a.asked_s <= one.last_s
    ]  # fmt: skip
