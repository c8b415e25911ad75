"""What a director does to an exercise: each inject's effect on the range and on the nations' nodes.

An inject takes effect at once and changes nothing that was. Missiles that fly unannounced are the plan's
spares alone. Who is party to what happens is told of it; the others learn what their own nodes let them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import inf
from typing import Any, Final

import msgspec
import numpy as np

from synaspis.engine import upsets
from synaspis.engine.manual import by_order
from synaspis.exercise.inputs import FalseAlarm, Inject, Launch, Lose, Suspend, Unreachable, Weather
from synaspis.exercise.parts import Parts
from synaspis.exercise.plan import Plan
from synaspis.files import words
from synaspis.network.range import AFTER_S
from synaspis.sharing.rules import Rules

Document = dict[str, Any]
Tell = Callable[[str, Document], None]
"""Tells a nation's seat of an event."""
OVER: Final = "the raid is over"


class Injecting:
    """Of one room. Made before anything moves: spares wait from the start.

    `shown` are all injects by an id, planned ones first, and `spares` the missiles kept, for the director.
    """

    def __init__(self, parts: Parts, plan: Plan, tell: Tell) -> None:
        """`parts` are of the case `plan.with_spares`."""
        self._parts, self._tell = parts, tell
        self._base, self._suspended = parts.given, set[str]()
        self._w = parts.lit.w
        first = len(self._w.missiles) - len(plan.spares)
        self._rows = {spare.name: first + i for i, spare in enumerate(plan.spares)}
        self._waiting = {str(i): timed for i, timed in enumerate(plan.injects, start=1)}
        self._count = len(plan.injects)
        self.shown: Document = {
            id: {"time_s": t.time_s, **_shown(t.what, False), **({"note": t.note} if t.note else {})}
            for id, t in self._waiting.items()
        }
        self.spares: Document = {name: self._spare(row) for name, row in self._rows.items()}
        upsets.hold_back(parts.over, self._rows.values())
        for row in self._rows.values():
            parts.host.orders.engagements.sure(row)
            parts.over.gone_s[row] = inf
        self._ends()

    def _spare(self, row: int) -> Document:
        m = self._w.missiles[row]
        target = self._w.assets[m.target].name if m.target >= 0 else ""
        told = {"missile": m.name, "threat": m.threat.name, "area": m.launch.name, "status": m.threat.status}
        return {**told, "target": target, "state": "waiting"}

    # -- what happens ------------------------------------------------------------------------------

    def move(self, now_s: float) -> None:
        """Do what the plan has for this time."""
        for id, timed in [(i, t) for i, t in self._waiting.items() if t.time_s <= now_s]:
            del self._waiting[id]
            self._done(id, self.shown[id], self.apply(timed.what, now_s), now_s)

    def by_hand(self, what: Inject, now_s: float) -> str:
        """Do what the director says now; "", or in words why not."""
        why = self.apply(what, now_s)
        if not why:
            self._count += 1
            self._done(str(self._count), _shown(what, True), "", now_s)
        return why

    def _done(self, id: str, entry: Document, why: str, now_s: float) -> None:
        done = {**entry, "at_s": round(now_s, 1), "done": not why, **({"refused": why} if why else {})}
        self.shown = {**self.shown, id: done}

    def apply(self, what: Inject, now_s: float) -> str:
        """Have it take effect now; "", or in words why it is refused: then nothing happens."""
        match what:
            case Lose():
                return self._lose(what, now_s)
            case Suspend():
                return self._suspend(what, now_s)
            case FalseAlarm():
                return self._false_alarm(what, now_s)
            case Weather():
                return self._weather(what, now_s)
            case Unreachable():
                return self._unreachable(what, now_s)
            case Launch():
                return self._launch(what, now_s)

    def _event(self, nation: str, now_s: float, kind: str, text: str, because: tuple[str, ...] = ()) -> None:
        told = {"at_s": round(now_s), "kind": kind, "text": text, "because": list(because)}
        self._tell(nation, told)

    # -- sensors -----------------------------------------------------------------------------------

    def _stations(self, name: str) -> list[int]:
        """Rows of the stations of that name, or of all the satellites of a pattern of that name."""
        stations = self._w.stations
        one = [i for i, s in enumerate(stations) if s.name == name]
        return one or [i for i, s in enumerate(stations) if s.battery < 0 and s.deployed == name]

    def _no_station(self, name: str) -> str:
        known = dict.fromkeys(n for s in self._w.stations for n in (s.deployed, s.name))
        return f"no sensor is called `{words.shown(name)}`: {words.suggest(name, known)}"

    def _lose(self, what: Lose, now_s: float) -> str:
        parts, rows = self._parts, self._stations(what.station)
        if not rows:
            return self._no_station(what.station)
        names = {self._w.stations[i].name for i in rows}
        if what.lost and names <= parts.lost:
            return f"{what.station} is out of order already"
        if not what.lost and not names & parts.lost:
            return f"{what.station} works"
        upsets.fail(parts.over, rows, what.lost, now_s)
        (parts.lost.update if what.lost else parts.lost.difference_update)(names)
        for cell in parts.cells.values():
            radars = (b for b, f in enumerate(self._w.batteries) if f"{f.battery.name}/radar" in parts.lost)
            cell.authority.engaging.blind = frozenset(radars)
        says = f"{what.station} is out of order" if what.lost else f"{what.station} works again"
        self._event(self._w.stations[rows[0]].owner, now_s, "sensor", says)
        return ""

    def _false_alarm(self, what: FalseAlarm, now_s: float) -> str:
        rows = self._stations(what.station)
        if not rows:
            return self._no_station(what.station)
        up = [i for i in rows if i in self._parts.over.up]
        if not up:
            return f"{what.station} is out of order"
        if not any(upsets.pretend(self._parts.over, i, now_s, what.for_s) for i in up):
            return (
                f"no missile of this raid could come into view of {what.station}: it could take it for none"
            )
        return ""

    def _weather(self, what: Weather, now_s: float) -> str:
        areas = [a.name for a in self._w.case.file.launch_areas]
        if what.area not in areas:
            known = words.suggest(what.area, areas)
            return f"no launch area is called `{words.shown(what.area)}`: {known}"
        those = np.array([m.launch.name == what.area for m in self._w.missiles], np.bool_)
        upsets.cloud(self._parts.over, np.flatnonzero(those), what.cloudy, now_s)
        return ""

    # -- agreements and those who decide ------------------------------------------------------------

    def _suspend(self, what: Suspend, now_s: float) -> str:
        ids = self._terms(what.agreement)
        if not ids:
            known = (*dict.fromkeys(self._base.agreement_of.values()), *self._base.ids())
            mend = words.suggest(what.agreement, known)
            return f"`{words.shown(what.agreement)}` is not in force in this regime: {mend}"
        changed = ids - self._suspended if what.suspended else ids & self._suspended
        if not changed:
            return f"{what.agreement} is {'suspended already' if what.suspended else 'in force'}"
        self._suspended ^= changed
        self._adopt(_without(self._base, self._suspended))
        says = "is suspended" if what.suspended else "is in force again"
        for nation in self._parties(changed):
            self._event(nation, now_s, "agreement", f"{what.agreement} {says}", tuple(sorted(changed)))
        return ""

    def _terms(self, name: str) -> set[str]:
        """Ids of the clauses in force of an agreement, or of the one clause of that id."""
        held, of = set(self._base.ids()), self._base.agreement_of
        return {name} & held or {id for id, agreement in of.items() if agreement == name and id in held}

    def _parties(self, changed: set[str]) -> tuple[str, ...]:
        case, of = self._w.case, {self._base.agreement_of[id] for id in changed}
        signed = (party for a in case.file.agreements if a.name in of for party in a.parties)
        members = case.members(tuple(signed))
        return tuple(nation for nation in self._w.nations if nation in members)

    def go_under(self, given: Rules) -> None:
        """Another regime is in force from now on, without what was suspended."""
        self._base = given
        self._adopt(_without(given, self._suspended & set(given.ids())))

    def _adopt(self, given: Rules) -> None:
        """All nations go by other rules from now on, between two steps, so that none is ahead of another."""
        self._parts.given = given
        for cell in self._parts.cells.values():
            cell.node.adopt(given)
            cell.authority.adopt(given)
        self._recompile()

    def _recompile(self) -> None:
        engagements = self._parts.host.orders.engagements
        engagements.adopt(by_order(self._w, self._parts.lit.g, self._parts.given))

    def _unreachable(self, what: Unreachable, now_s: float) -> str:
        cells = self._parts.cells
        if what.nation not in cells:
            return (
                f"no nation {words.shown(what.nation)} is in this case: {words.suggest(what.nation, cells)}"
            )
        until_s = max(now_s + what.for_s, self._parts.unreachable.get(what.nation, -inf))
        self._parts.unreachable[what.nation] = until_s
        cells[what.nation].authority.answers.silent_until_s = until_s
        text = f"whoever decides cannot be reached until {until_s:.0f} s"
        self._event(what.nation, now_s, "authority", text)
        return ""

    # -- launches ----------------------------------------------------------------------------------

    def _launch(self, what: Launch, now_s: float) -> str:
        row = self._rows.get(what.spare)
        if row is None:
            known = words.suggest(what.spare, self._rows, "the plan has no spares")
            return f"no spare missile is called `{words.shown(what.spare)}`: {known}"
        if self._parts.over.launch_s[row] < inf:
            return f"{what.spare} was launched at {self._parts.over.launch_s[row]:.0f} s"
        if now_s < 0.0:
            return "the raid has not begun: missiles can be launched from 0 s on"
        if self._parts.host.ended:
            return OVER
        upsets.launch(self._parts.over, row, now_s)
        missiles = list(self._w.missiles)
        missiles[row] = replace(missiles[row], launch_s=now_s)
        self._w = replace(self._w, missiles=tuple(missiles))
        self._recompile()
        self._ends()
        spare = {**self.spares[what.spare], "state": "launched", "launched_s": round(now_s, 1)}
        self.spares = {**self.spares, what.spare: spare}
        return ""

    def _ends(self) -> None:
        """The raid ends after its last missile; what the plan will launch counts as launched then."""
        over, g = self._parts.over, self._parts.lit.g
        last_s = [over.ends_s]
        for timed in self._waiting.values():
            if isinstance(timed.what, Launch) and timed.what.spare in self._rows:
                flight_s = g.impact_s[g.flight_of[self._rows[timed.what.spare]]]
                last_s.append(max(timed.time_s, 0.0) + float(flight_s))
        self._parts.host.ends_s = max(last_s) + AFTER_S


def _shown(what: Inject, done: bool) -> Document:
    told: Mapping[str, Any] = msgspec.to_builtins(what)
    return {"what": dict(told), "text": said(what), "done": done}


def said(what: Inject) -> str:
    """An inject in words."""
    match what:
        case Lose():
            return f"{what.station} {'is out of order' if what.lost else 'works again'}"
        case Suspend():
            return f"{what.agreement} {'is suspended' if what.suspended else 'is in force again'}"
        case FalseAlarm():
            return f"{what.station} tells of a missile that is not there, for {what.for_s:.0f} s"
        case Weather():
            return f"{'Cloud comes' if what.cloudy else 'The sky clears'} over {what.area}"
        case Unreachable():
            return f"The authority of {what.nation} answers nobody for {what.for_s:.0f} s"
        case Launch():
            return f"{what.spare} is launched, unannounced"


def _without(given: Rules, ids: set[str]) -> Rules:
    for id in sorted(ids):
        given = given.without(id)
    return given
