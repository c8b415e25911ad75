"""A record played again and watched from above: what was asked and answered, who knew what, who engaged what.

It reads what the seats showed, and the director's truth beside it. A track of a seat is taken to be of the
missile that was nearest to it when it was first seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from synaspis.exercise.again import Document, Outcome, Replayed
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Answer, Played

LEVELS: Final = ("alert", "impact_estimate", "track", "fire_control_track")
NEAR_KM: Final = 80.0
"""A track farther from every missile is of none: a false alarm, or too coarse to tell."""
LOOK_TICKS: Final = 2
"""How often pictures are held against the truth, in ticks."""
KM_PER_DEGREE: Final = 111.2


@dataclass
class Asked:
    """A question as a nation's seat showed it. `answered_s` and `yes` are None where nobody answered."""

    nation: str
    question: str
    told: Document
    asked_s: float
    asked_wall_ms: float
    last_s: float = 0.0
    answered_s: float | None = None
    answered_wall_ms: float | None = None
    yes: bool | None = None
    missile: str = ""


@dataclass
class Engaged:
    """An engagement of a nation's own battery: `phases` by when they were first shown."""

    nation: str
    battery: str
    missile: str = ""
    phases: dict[str, float] = field(default_factory=dict)


@dataclass
class Watched:
    """All that was seen. Times are of the case's clock."""

    asked: dict[tuple[str, str], Asked] = field(default_factory=dict)
    knew: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    """By nation and missile: since when it was known how well."""
    engaged: dict[tuple[str, str], Engaged] = field(default_factory=dict)
    empty: dict[str, float] = field(default_factory=dict)
    """By battery: when it had no round left."""
    had: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """By recipient and owner: since when, which products, under which clauses."""
    truth: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By missile: its target, and when it was first seen in each state."""
    sat: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)


class Watch:
    """Plays a record and fills `seen`."""

    def __init__(self, replayed: Replayed) -> None:
        self.replayed, self.seen = replayed, Watched()
        self.nations = [s for s in replayed.seats if s not in (DIRECTOR, OBSERVER)]
        self._matched: dict[tuple[str, str], str] = {}
        self._wall = _Wall(replayed)

    def run(self) -> Watched:
        """From the first tick to the last."""
        self.replayed.again.heard = self._played
        for tick in range(self.replayed.last_tick + 1):
            self.replayed.to(tick)
            self._look(full=tick % LOOK_TICKS == 0)
            if self.replayed.again.room.over:
                break
        self.replayed.again.heard = None
        return self.seen

    @property
    def _now_s(self) -> float:
        return self.replayed.again.room.now_s

    def _look(self, full: bool) -> None:
        room = self.replayed.again.room
        for nation in self.nations:
            document = room.document(nation)
            if full:
                self._match(nation, document)
                self._engagements(nation, document)
            self._questions(nation, document)
        if full:
            self._truth(room.document(DIRECTOR))

    def _played(self, each: Played, outcome: Outcome, before: Document) -> None:
        """An input was played; `before` is what its seat showed."""
        what = each.what
        if not isinstance(what, Answer) or not outcome.ok:
            return
        self._questions(each.seat, before)
        for key in _answered(before, what.question):
            asked = self.seen.asked[each.seat, key]
            if asked.answered_s is None:
                asked.answered_s, asked.yes = self._now_s, what.yes
                asked.answered_wall_ms = self._wall.at(each.tick) if not each.wall_ms else float(each.wall_ms)

    def _questions(self, nation: str, document: Document) -> None:
        for key, told in document.get("questions", {}).items():
            found = self.seen.asked.get((nation, key))
            if found is None:
                wall_ms = self._wall.at(self.replayed.again.room.tick)
                found = Asked(nation, key, told, self._now_s, wall_ms)
                self.seen.asked[nation, key] = found
            found.missile = found.missile or self._matched.get((nation, str(told.get("track", ""))), "")
            found.last_s = self._now_s

    def _match(self, nation: str, document: Document) -> None:
        """Which missile each track is of, and how well it is known since when."""
        truth = self.replayed.again.room.document(DIRECTOR).get("truth", {})
        for key, track in document.get("tracks", {}).items():
            name = self._matched.get((nation, key)) or nearest(track, truth)
            if not name:
                continue
            self._matched[nation, key] = name
            knew = self.seen.knew.setdefault((nation, name), {})
            for level in LEVELS[: LEVELS.index(track["level"]) + 1] if track.get("level") in LEVELS else ():
                knew.setdefault(level, self._now_s)
        for owner, flow in document.get("had", {}).items():
            had = self.seen.had.setdefault(
                (nation, owner), {"since_s": self._now_s, "products": {}, "clauses": {}}
            )
            had["products"].update(dict.fromkeys(flow.get("products", ())))
            had["clauses"].update(dict.fromkeys(flow.get("clauses", ())))

    def _engagements(self, nation: str, document: Document) -> None:
        own = document.get("batteries", {})
        for key, told in document.get("engagements", {}).items():
            if told["battery"] not in own:
                continue
            found = self.seen.engaged.setdefault((nation, key), Engaged(nation, told["battery"]))
            found.missile = found.missile or self._matched.get((nation, str(told.get("track", ""))), "")
            found.phases.setdefault(told["phase"], float(told["at_s"]))
        for name, battery in own.items():
            if battery.get("rounds") == 0:
                self.seen.empty.setdefault(name, self._now_s)

    def _truth(self, document: Document) -> None:
        for name, told in document.get("truth", {}).items():
            found = self.seen.truth.setdefault(name, {"target": told.get("target", "")})
            found.setdefault(told["state"], self._now_s)
        for nation, told in document.get("nations", {}).items():
            sat = self.seen.sat.setdefault(nation, [])
            if not sat or sat[-1][1] != told["taken"]:
                sat.append((self._now_s, told["taken"]))


def _answered(before: Document, question: str) -> list[str]:
    """The questions that an answer is about: one, or all of what goes to a nation."""
    waits = before.get("questions", {})
    if question in waits:
        return [question]
    same = next((told for told in waits.values() if told.get("all") == question), None)
    if same is None:
        return []
    return [
        k for k, told in waits.items() if told["kind"] == "release" and told["recipient"] == same["recipient"]
    ]


def nearest(track: Document, truth: Document) -> str:
    """The missile in flight that is nearest to a track; "" for none near enough."""
    best, best_km = "", NEAR_KM
    for name, told in truth.items():
        if "lat" not in told or "lat" not in track:
            continue
        north_km = (told["lat"] - track["lat"]) * KM_PER_DEGREE
        east = (told["lon"] - track["lon"] + 180.0) % 360.0 - 180.0
        east_km = east * KM_PER_DEGREE * math.cos(math.radians(told["lat"]))
        up_km = told.get("height_km", 0.0) - track.get("height_km", told.get("height_km", 0.0))
        far_km = math.hypot(north_km, east_km, up_km)
        if far_km < best_km:
            best, best_km = name, far_km
    return best


class _Wall:
    """The server's clock at any tick: between what the record says of it, time ran evenly."""

    def __init__(self, replayed: Replayed) -> None:
        self._points = [(0, 0, False), *replayed.story.wall]

    def at(self, tick: int) -> float:
        """Milliseconds since the opening at which a tick was first shown."""
        before, after = self._points[0], None
        for point in self._points:
            if point[0] < tick or (point[0] <= before[0] and not before[2]):
                before = point
            elif point[0] >= tick:
                after = point
                break
        if after is None or after[0] == before[0] or tick <= before[0]:
            return float(before[1])
        share = (tick - before[0]) / (after[0] - before[0])
        return before[1] + share * (after[1] - before[1])
