"""One trial of each regime as a list of happenings with places: what pictures play."""

from __future__ import annotations

import numpy as np

from synaspis.engine import advance as rows
from synaspis.engine.batch import Outcomes, replay
from synaspis.engine.geometry import STEP_S
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.answers import Scene, SceneEvent
from synaspis.model.sensor import Infrared
from synaspis.studies.arena import Arena, pure


def ordinary_trial(outcomes: Outcomes) -> int:
    """The first trial with the middle number of leakers, so that a picture shows no freak of luck."""
    leaked = (outcomes.fate == rows.LEAKED).sum(axis=1)
    middle = np.sort(leaked)[(len(leaked) - 1) // 2]
    return int(np.flatnonzero(leaked == middle)[0])


def scene(a: Arena, regime: str, seed: int, outcomes: Outcomes, trial: int) -> Scene:
    """One trial of a regime; `outcomes` holds its fates."""
    log = replay(a.tables_of(pure(a.rules(regime)), seed, trial), seed, trial)
    events = [e for row in log if (e := _event(a, row)) is not None]
    for t, fate in enumerate(outcomes.fate[trial]):
        end = _ending(a, t, int(fate))
        if end is not None:
            events.append(end)
    return Scene(trial=trial, events=tuple(sorted(events, key=lambda e: (e.time_s, e.kind, e.threat, e.who))))


def _event(a: Arena, row: np.ndarray) -> SceneEvent | None:
    when, kind, who, t, value = float(row[0]), int(row[1]), int(row[2]), int(row[3]), float(row[4])
    missile = a.w.missiles[t].name
    if kind == rows.DETECT:
        station = a.w.stations[who]
        what = "plume" if isinstance(station.type, Infrared) else "missile"
        return _at(
            a, t, when, "seen", station.name, station.owner, f"{station.name} sees the {what} of {missile}"
        )
    if kind == rows.KNOW:
        nation = a.w.nations[who]
        return _at(a, t, when, "known", nation, nation, f"{nation} knows where {missile} will land")
    battery = a.w.batteries[who].battery
    if kind == rows.GRANT:
        return _at(a, t, when, "ordered", battery.name, battery.owner, f"{battery.name} may engage {missile}")
    if kind == rows.READY:
        text = f"{battery.name} fires {value:.0f} at {missile}"
        place = (np.degrees(battery.latitude_rad), np.degrees(battery.longitude_rad), battery.height_m / 1000)
        return _made(when, "fired", battery.name, battery.owner, missile, place, text)
    if kind == rows.HIT:
        done = "hit" if value > 0 else "missed"
        what = "kills" if value > 0 else "goes at an object beside" if value < 0 else "misses"
        text = f"{battery.name} {what} {missile}"
        return _at(a, t, when, done, battery.name, battery.owner, text)
    return None


def _ending(a: Arena, t: int, fate: int) -> SceneEvent | None:
    m = a.w.missiles[t]
    u = a.g.flight_of[t]
    if fate == rows.DUD:
        return _at(a, t, m.launch_s + float(a.g.burnout_s[u]), "failed", "", "", f"{m.name} fails in flight")
    if fate in (rows.LEAKED, rows.ASTRAY):
        asset = a.w.assets[m.target] if m.target >= 0 else None
        where = f"on {asset.name}" if asset and fate == rows.LEAKED else "outside every asset"
        nation = asset.nation if asset else ""
        end = m.launch_s + float(a.g.impact_s[u])
        return _at(a, t, end, "landed", "", nation, f"{m.name} lands {where}")
    return None


def _at(a: Arena, t: int, when: float, kind: str, who: str, nation: str, text: str) -> SceneEvent:
    """An event where missile `t` is at `when`."""
    m = a.w.missiles[t]
    track = a.g.states[a.g.flight_of[t]]
    last = int(np.flatnonzero(~np.isnan(track[:, 0]))[-1])
    place = min(max((when - m.launch_s) / STEP_S, 0.0), float(last))
    k = min(int(place), last - 1)
    point = track[k, :3] + (place - k) * (track[k + 1, :3] - track[k, :3])
    latitude, longitude, height = geodetic_from_ecef(point[None, :])[0]
    spot = (float(np.degrees(latitude)), float(np.degrees(longitude)), float(height) / 1000)
    return _made(when, kind, who, nation, m.name, spot, text)


def _made(
    when: float, kind: str, who: str, nation: str, threat: str, place: tuple[float, float, float], text: str
) -> SceneEvent:
    return SceneEvent(
        time_s=when,
        kind=kind,
        who=who,
        nation=nation,
        threat=threat,
        latitude_deg=place[0],
        longitude_deg=place[1],
        height_km=max(place[2], 0.0),
        text=text,
    )
