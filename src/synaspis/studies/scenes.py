"""One trial of each regime as a list of happenings with places: what pictures play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.batch import replay
from synaspis.engine.geometry import STEP_S, Floats
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.answers import Scene, SceneEvent
from synaspis.model.sensor import Infrared
from synaspis.studies.arena import Arena, pure


def ordinary_trial(leakers: NDArray[np.generic]) -> int:
    """The first trial with the middle number of leakers (K,), so that a picture shows no freak of luck."""
    leaked = np.asarray(leakers)
    middle = np.sort(leaked)[(len(leaked) - 1) // 2]
    return int(np.flatnonzero(leaked == middle)[0])


@dataclass(frozen=True)
class _Happening:
    """An event at battery row `at`, or (-1) where missile `t` is at that time."""

    when: float
    kind: str
    who: str
    nation: str
    t: int
    text: str
    at: int = -1


def scene(a: Arena, regime: str, seed: int, fates: NDArray[np.integer], trial: int) -> Scene:
    """One trial of a regime, in which each missile had its fate (T,)."""
    log = replay(a.tables_of(pure(a.rules(regime)), seed, trial), seed, trial)
    found = _once([e for row in log if (e := _event(a, row)) is not None])
    endings = (_ending(a, t, int(fate)) for t, fate in enumerate(fates))
    found += [e for e in endings if e is not None]
    places = _places(a, found)
    events = [_placed(a, e, place) for e, place in zip(found, places, strict=True)]
    return Scene(trial=trial, events=tuple(sorted(events, key=lambda e: (e.time_s, e.kind, e.threat, e.who))))


def _once(found: Sequence[_Happening]) -> list[_Happening]:
    """`found` without the later sightings of one missile by other satellites of the same pattern."""
    first = {(e.who, e.t): e for e in sorted(found, key=lambda e: -e.when) if e.kind == "seen"}
    return [e for e in found if e.kind != "seen" or first[e.who, e.t] is e]


def _event(a: Arena, row: np.ndarray) -> _Happening | None:
    when, kind, who, t, value = float(row[0]), int(row[1]), int(row[2]), int(row[3]), float(row[4])
    missile = a.w.missiles[t].name
    if kind == rows.DETECT:
        station = a.w.stations[who]
        what = "plume" if isinstance(station.type, Infrared) else "missile"
        burnt = a.w.missiles[t].launch_s + float(a.g.burnout_s[a.g.flight_of[t]]) <= when
        if isinstance(station.type, Infrared) and station.type.cold_range_m > 0.0 and burnt:
            what = "body"
        name = station.deployed  # a pattern of satellites is one sensor to the reader
        return _Happening(when, "seen", name, station.owner, t, f"{name} sees the {what} of {missile}")
    if kind == rows.KNOW:
        nation = a.w.nations[who]
        return _Happening(when, "known", nation, nation, t, f"{nation} knows where {missile} will land")
    battery = a.w.batteries[who].battery
    name, owner = battery.name, battery.owner
    if kind == rows.GRANT:
        return _Happening(when, "ordered", name, owner, t, f"{name} may engage {missile}")
    if kind == rows.READY:
        return _Happening(when, "fired", name, owner, t, f"{name} fires {value:.0f} at {missile}", who)
    if kind == rows.HIT:
        what = "kills" if value > 0 else "goes at an object beside" if value < 0 else "misses"
        done = "hit" if value > 0 else "missed"
        return _Happening(when, done, name, owner, t, f"{name} {what} {missile}")
    return None


def _ending(a: Arena, t: int, fate: int) -> _Happening | None:
    m = a.w.missiles[t]
    u = a.g.flight_of[t]
    if fate == rows.DUD:
        when = m.launch_s + float(a.g.burnout_s[u])
        return _Happening(when, "failed", "", "", t, f"{m.name} fails in flight")
    if fate in (rows.LEAKED, rows.ASTRAY):
        asset = a.w.assets[m.target] if m.target >= 0 else None
        where = f"on {asset.name}" if asset and fate == rows.LEAKED else "outside every asset"
        when = m.launch_s + float(a.g.impact_s[u])
        return _Happening(when, "landed", "", asset.nation if asset else "", t, f"{m.name} lands {where}")
    return None


def _places(a: Arena, found: Sequence[_Happening]) -> Floats:
    """(E, 3) latitude and longitude in degrees and height in km of each event's missile."""
    if not found:
        return np.zeros((0, 3))
    last = np.array([np.flatnonzero(~np.isnan(track[:, 0]))[-1] for track in a.g.states])
    u = a.g.flight_of[[e.t for e in found]]
    since = np.array([e.when - a.w.missiles[e.t].launch_s for e in found])
    place = np.clip(since / STEP_S, 0.0, last[u])
    k = np.minimum(place.astype(np.int64), last[u] - 1)
    before, after = a.g.states[u, k, :3], a.g.states[u, k + 1, :3]
    spots = geodetic_from_ecef(before + (place - k)[:, None] * (after - before))
    return np.column_stack([np.degrees(spots[:, :2]), spots[:, 2] / 1000])


def _placed(a: Arena, e: _Happening, place: Floats) -> SceneEvent:
    latitude, longitude, height = map(float, place)
    if e.at >= 0:
        b = a.w.batteries[e.at].battery
        latitude, longitude = float(np.degrees(b.latitude_rad)), float(np.degrees(b.longitude_rad))
        height = b.height_m / 1000
    return SceneEvent(
        time_s=e.when, kind=e.kind, who=e.who, nation=e.nation, threat=a.w.missiles[e.t].name,
        latitude_deg=latitude, longitude_deg=longitude, height_km=max(height, 0.0), text=e.text,
    )  # fmt: skip
