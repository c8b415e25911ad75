"""What every format tells of a trial, alike: marked, in bounds, and no finer than the report's globe.

Paths are those that the globe draws, cut where the missile ended. What happened to a missile lies on its
drawn path, so that no event tells more of a flight, above all of its end of burning, than the path does.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, Final, TypeVar

from synaspis.interop import symbols
from synaspis.interop.moments import utc
from synaspis.model.answers import Flight, SceneEvent, SiteMark
from synaspis.model.shown import Orbiting, TrialShown

MARKING: Final = "EXERCISE"
SIMULATED: Final = "EXERCISE: simulated from public figures; nothing here happened"
ENDS: Final = {"hit": "killed", "failed": "failed in flight", "landed": "landed"}
"""Events that end a flight, and the fate they stand for."""
NEWS_S: Final = 30.0
"""How long an event is shown where a format shows things in time; a landing stays."""
Sample = tuple[float, float, float, float]
"""Seconds after the start, latitude and longitude (deg), height (m)."""
Thing = TypeVar("Thing", SiteMark, SceneEvent, Flight, Orbiting)
# What no XML document may hold, and halves of characters, which no file may.
_UNTOLD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Path:
    """One missile's way in this trial. `fate` is killed, failed in flight, landed or unknown."""

    flight: Flight
    fate: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A trial made ready to be written. `head` is told in every document, of whatever format.

    `agreements` are those in force under its regime.
    """

    head: Mapping[str, str | int]
    starts: dt.datetime
    sites: tuple[SiteMark, ...]
    paths: tuple[Path, ...]
    events: tuple[SceneEvent, ...]
    satellites: tuple[Orbiting, ...] = ()
    elevations: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Of radars, degrees, by the site's name."""
    agreements: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The document's, in words."""
        told = self.head
        return f"{MARKING}: {told['title']}, regime {told['regime']}, trial {told['trial']}"

    @property
    def span_s(self) -> tuple[float, float]:
        """From the first moment that is told to the last, s."""
        times = [s[0] for p in self.paths for s in p.samples] + [e.time_s for e in self.events]
        return min(times, default=0.0), max(times, default=0.0)

    def at(self, time_s: float) -> str:
        """A moment as ISO 8601 has it."""
        return utc(self.starts, time_s)


def telling(shown: TrialShown) -> Telling:
    """`shown` as it may be told, its words without what documents cannot hold."""
    flights = [_plain(f) for f in shown.flights]
    events = sorted((_plain(e) for e in shown.events if _finite(e)), key=lambda e: e.time_s)
    ends: dict[str, SceneEvent] = {}
    for e in events:
        if e.kind in ENDS:
            ends.setdefault(e.threat, e)
    ways = {f.threat: _way(f) for f in flights}
    return Telling(
        head=_head(shown),
        starts=shown.starts,
        sites=tuple(_site(_plain(s)) for s in shown.sites),
        paths=tuple(_path(f, ways[f.threat], ends.get(f.threat)) for f in flights),
        events=tuple(_event(e, ways.get(e.threat, ())) for e in events),
        satellites=tuple(_plain(s) for s in shown.satellites if len(s.states)),
        elevations={plain(name): told for name, told in shown.elevations.items()},
        agreements=tuple(map(plain, shown.agreements)),
    )


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """`text` without characters that documents cannot hold."""
    return _UNTOLD.sub("\ufffd", text)


def placed(site: SiteMark) -> bool:
    """False for satellites, which the pictures show beside the globe: they stand over no one place."""
    return site.kind != "satellite" and math.isfinite(site.latitude_deg + site.longitude_deg)


def site_facts(site: SiteMark) -> dict[str, str | float]:
    """What is told of a site beside its name and place; what it has none of is left out."""
    told: dict[str, str | float] = {
        "kind": site.kind, "type": site.type, "owner": site.owner, "operator": site.operator,
        "host": site.host, "domain": site.domain, "reach_km": site.reach_km, "population": site.population,
        "symbol": symbols.of_site(site.kind, site.type, site.domain).code,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def path_facts(path: Path) -> dict[str, str | float]:
    """What is told of a missile beside its name and way."""
    f = path.flight
    told = {
        "type": f.type, "status": f.status, "launch": f.launch, "target": f.target, "nation": f.nation,
        "fate": path.fate, "symbol": symbols.of_missile(f.category).code,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def event_facts(e: SceneEvent) -> dict[str, str | float]:
    """What is told of an event beside its place."""
    told = {
        "kind": e.kind, "who": e.who, "nation": e.nation, "threat": e.threat, "text": e.text,
        "symbol": symbols.of_event(e.kind).code,
    }  # fmt: skip
    return {"time_s": e.time_s, **{key: value for key, value in told.items() if value}}


def longitude(degrees: float) -> float:
    """The same longitude from -180 to 180."""
    return degrees if -180.0 <= degrees <= 180.0 else (degrees + 180.0) % 360.0 - 180.0


def nearest_turn(degrees: float, to: float) -> float:
    """The same longitude, perhaps beyond 180, on the shorter way from `to`."""
    return degrees - 360.0 * round((degrees - to) / 360.0)


def _head(shown: TrialShown) -> dict[str, str | int]:
    return {
        "marking": MARKING, "about": SIMULATED, "case": plain(shown.case), "title": plain(shown.title),
        "regime": plain(shown.regime), "regime_title": plain(shown.regime_title), "trial": shown.trial,
        "seed": shown.seed, "version": plain(shown.version), "starts_utc": utc(shown.starts, 0.0),
    }  # fmt: skip


def _plain(thing: Thing) -> Thing:
    values = {f.name: getattr(thing, f.name) for f in fields(thing)}
    words: dict[str, Any] = {name: plain(v) for name, v in values.items() if isinstance(v, str)}
    return replace(thing, **words)


def _finite(e: SceneEvent) -> bool:
    return all(map(math.isfinite, (e.time_s, e.latitude_deg, e.longitude_deg, e.height_km)))


def _site(s: SiteMark) -> SiteMark:
    if not placed(s):
        return s
    return replace(
        s, latitude_deg=round(s.latitude_deg, 3), longitude_deg=round(longitude(s.longitude_deg), 3),
        reach_km=round(s.reach_km, 1), population=round(s.population),
    )  # fmt: skip


def _way(f: Flight) -> tuple[Sample, ...]:
    """The drawn path in metres, its longitudes from -180 to 180."""
    rows = f.drawn.tolist()
    return tuple((t, lat, longitude(lon), round(1e3 * km, 1) + 0.0) for t, lat, lon, km in rows
                 if all(map(math.isfinite, (t, lat, lon, km))))  # fmt: skip


def _path(f: Flight, way: tuple[Sample, ...], end: SceneEvent | None) -> Path:
    if end is None or not way:
        return Path(flight=f, fate="unknown", samples=way)
    kept = tuple(s for s in way if s[0] < end.time_s)
    last = along(way, round(end.time_s, 1))
    samples = (*kept, last) if kept and last[0] > kept[-1][0] else kept
    return Path(flight=f, fate=ENDS[end.kind], samples=samples)


def _event(e: SceneEvent, way: Sequence[Sample]) -> SceneEvent:
    """Rounded; a shot is where its battery stands, all else on the missile's drawn path."""
    told = replace(
        e, time_s=round(e.time_s, 1), latitude_deg=round(e.latitude_deg, 3),
        longitude_deg=round(longitude(e.longitude_deg), 3), height_km=round(e.height_km, 1),
    )  # fmt: skip
    if e.kind == "fired" or not way:
        return told
    _, lat, lon, height_m = along(way, told.time_s)
    return replace(told, latitude_deg=lat, longitude_deg=lon, height_km=round(height_m / 1e3, 1))


def along(way: Sequence[Sample], time_s: float) -> Sample:
    """Where the drawn path is at a time: straight between its points, and no further than its ends."""
    i = bisect_right([s[0] for s in way], time_s)
    if i == 0 or i == len(way):
        return way[min(i, len(way) - 1)]
    one, other = way[i - 1], way[i]
    part = (time_s - one[0]) / (other[0] - one[0])
    east = nearest_turn(other[2], one[2])
    lat, lon, height_m = (
        a + part * (b - a) for a, b in zip(one[1:], (other[1], east, other[3]), strict=True)
    )
    return time_s, round(lat, 3), round(longitude(lon), 3), round(height_m, 1)
