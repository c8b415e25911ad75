"""What a nation learns of an object, each piece of news once, and which places its practice has it warn."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from synaspis.engine.live_joined import Held
from synaspis.engine.live_knowledge import Judge, told_class
from synaspis.engine.pictures import TRACK_GOOD_M
from synaspis.engine.sources import OWN
from synaspis.model.agreement import LADDER
from synaspis.model.live_warning import Value

IMPACT_STEPS_M = (50_000.0, 10_000.0, 1_000.0)
"""An impact estimate is told anew when its ellipse is first this small."""
PRODUCTS = (*LADDER, "measurement", "own")
"""What a level is called in what is told."""


class News(NamedTuple):
    """Something that became known: as `LiveEvent`, without its time and missile."""

    kind: str
    nations: tuple[str, ...]
    what: Mapping[str, Value]
    because: tuple[str, ...]


class Lesson(NamedTuple):
    """What one look at one object tells: news, and for each nation that it lets warn the assets' rows."""

    news: list[News]
    warned: list[tuple[str, list[int]]]


@dataclass(eq=False)
class Told:
    """What has been told already, so that each event comes once."""

    done: set[tuple[object, ...]] = field(default_factory=set)
    levels: dict[tuple[object, ...], int] = field(default_factory=dict)

    def first(self, *key: object) -> bool:
        """Whether this was not told before; from now on it is."""
        if key in self.done:
            return False
        self.done.add(key)
        return True

    def better(self, level: int, *key: object) -> bool:
        """Whether nothing of as high a level has been told: less than before is no news."""
        if level <= self.levels.get(key, -1):
            return False
        self.levels[key] = level
        return True


class Learner:
    """Of nations that share one picture. `anew`: places that are threatened later are warned of as well."""

    def __init__(self, judge: Judge, nations: Sequence[str], *, anew: bool = False) -> None:
        self.nations, self.told = tuple(nations), Told()
        self._w, self._judge, self._anew = judge.w, judge, anew
        practice = self._w.case.warnings
        self._zones_m = {
            n: practice[self._w.case.file.nations[self._w.nation(n)].warning].zone_m for n in self.nations
        }

    def learn(self, name: Hashable, one: Held) -> Lesson:
        """What the look tells of the object or missile `name`."""
        first, news = self.told.first, []
        if not one.clauses and first("alert", name):  # of what others tell the release is the event
            news.append(News("alert", self.nations, {"by": PRODUCTS[OWN]}, ()))
        if one.level >= 2 and one.sigma_m <= TRACK_GOOD_M and first("track", name):
            news.append(News("track", self.nations, {"sigma_m": one.sigma_m}, one.clauses))
        category, chance = told_class(one.chances)
        if category and first("class", name, category):
            told: dict[str, Value] = {"category": category, "chance": chance}
            news.append(News("classified", self.nations, told, one.clauses))
        for step_m in IMPACT_STEPS_M:
            if one.semi_m <= step_m and first("impact", name, step_m):
                news.append(self._impact(one, step_m))
        warned = self._met(one)
        return Lesson(news + self._warned(name, one, warned), warned)

    def _impact(self, one: Held, step_m: float) -> News:
        s, i = one.impact, one.i
        row, far_m = self._judge.nearest(s, i)
        what: dict[str, Value] = {
            "latitude_deg": float(np.degrees(s.latitude_rad[i])),
            "longitude_deg": float(np.degrees(s.longitude_rad[i])), "semi_major_m": one.semi_m,
            "semi_minor_m": min(float(s.semi_minor_m[i]), one.semi_m),
            "bearing_deg": float(np.degrees(s.bearing_rad[i])), "impact_s": float(s.time_s[i]),
            "impact_sigma_s": float(s.sigma_s[i]), "within_m": step_m,
            "nearest": self._w.assets[row].name if row >= 0 else "", "nearest_m": far_m,
        }  # fmt: skip
        return News("impact_estimate", self.nations, what, one.clauses)

    def _met(self, one: Held) -> list[tuple[str, list[int]]]:
        """Nations warn of what their own practice lets them: the places that the ellipse meets."""
        lets = [nation for nation in self.nations if one.semi_m <= self._zones_m[nation]]
        if not lets:
            return []
        met = self._judge.threatened(one.impact, one.i, one.semi_m if one.level == 0 else 0.0)
        return [(nation, [row for row in met if self._w.assets[row].nation == nation]) for nation in lets]

    def _warned(self, name: Hashable, one: Held, warned: Sequence[tuple[str, list[int]]]) -> list[News]:
        news = []
        for nation, rows in warned:
            if self._anew:
                rows = [row for row in rows if self.told.first("warned", name, nation, row)]
            elif rows and not self.told.first("warned", name, nation):
                continue
            if rows:
                what: dict[str, Value] = {
                    "places": tuple(self._w.assets[row].name for row in rows), "semi_major_m": one.semi_m,
                    "impact_s": float(one.impact.time_s[one.i]),
                }  # fmt: skip
                news.append(News("warned", (nation,), what, one.clauses))
        return news
