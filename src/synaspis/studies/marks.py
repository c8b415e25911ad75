"""Flights and sites as marks for pictures: ground tracks, sectors, places."""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.geometry import STEP_S
from synaspis.engine.world import World
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.kernels.geodesic import geodesic
from synaspis.model.answers import Flight, SiteMark
from synaspis.model.sensor import Radar
from synaspis.studies.arena import Arena


def flights(a: Arena) -> tuple[Flight, ...]:
    """One mark per missile, sampled every few steps to the ground."""
    found = []
    for t, m in enumerate(a.w.missiles):
        u = a.g.flight_of[t]
        track = a.g.states[u]
        known = np.flatnonzero(~np.isnan(track[:, 0]))
        place = geodetic_from_ecef(np.ascontiguousarray(track[known, :3]))
        points = np.column_stack(
            [
                known * STEP_S + m.launch_s,
                np.degrees(place[:, 0]),
                np.degrees(place[:, 1]),
                place[:, 2] / 1000,
            ]
        )
        asset = a.w.assets[m.target] if m.target >= 0 else None
        end = (asset.latitude_rad, asset.longitude_rad) if asset else (place[-1, 0], place[-1, 1])
        found.append(
            Flight(
                threat=m.name,
                type=m.threat.name,
                category=m.threat.category,
                status=m.threat.status,
                launch=m.launch.name,
                target=asset.name if asset else "",
                nation=asset.nation if asset else "",
                launch_s=m.launch_s,
                burnout_s=m.launch_s + float(a.g.burnout_s[u]),
                impact_s=m.launch_s + float(a.g.impact_s[u]),
                apogee_km=float(points[:, 3].max()),
                range_km=geodesic(m.launch.latitude_rad, m.launch.longitude_rad, *end)[0] / 1000,
                points=points,
            )
        )
    return tuple(found)


def sites(a: Arena) -> tuple[SiteMark, ...]:
    """Sensors, batteries and assets, in that order."""
    return (*_sensors(a), *battery_marks(a.w), *asset_marks(a.w))


def _sensors(a: Arena) -> list[SiteMark]:
    marks: list[SiteMark] = []
    for s in a.w.stations:
        if s.battery >= 0 or any(m.name == s.deployed for m in marks):
            continue  # a pattern of satellites is one mark
        radar = s.type if isinstance(s.type, Radar) else None
        marks.append(
            SiteMark(
                name=s.deployed,
                kind="radar" if isinstance(s.type, Radar) else s.type.platform,
                type=s.type.name,
                owner=s.owner,
                operator=s.owner,
                host=s.host,
                latitude_deg=math.degrees(s.latitude_rad),
                longitude_deg=math.degrees(s.longitude_rad),
                facing_deg=math.degrees(s.facing_rad),
                sector_deg=math.degrees(radar.sector_rad) if radar else 0.0,
                reach_km=radar.reference_range_m / 1000 if radar else 0.0,
                population=0.0,
            )
        )
    return marks


def battery_marks(w: World) -> list[SiteMark]:
    return [
        SiteMark(
            name=f.battery.name,
            kind="battery",
            type=f.interceptor.name,
            owner=f.battery.owner,
            operator=f.battery.operator or f.battery.owner,
            host=f.battery.host or f.battery.owner,
            latitude_deg=math.degrees(f.battery.latitude_rad),
            longitude_deg=math.degrees(f.battery.longitude_rad),
            facing_deg=math.degrees(f.battery.facing_rad),
            sector_deg=math.degrees(w.case.radars[f.system.radar].sector_rad),
            reach_km=f.interceptor.range_m / 1000,
            population=0.0,
            domain=f.system.domain,
        )
        for f in w.batteries
    ]


def asset_marks(w: World) -> list[SiteMark]:
    return [
        SiteMark(
            name=x.name,
            kind=x.kind,
            type="",
            owner=x.nation,
            operator=x.nation,
            host=x.nation,
            latitude_deg=math.degrees(x.latitude_rad),
            longitude_deg=math.degrees(x.longitude_rad),
            facing_deg=0.0,
            sector_deg=0.0,
            reach_km=x.radius_m / 1000,
            population=x.population,
        )
        for x in w.assets
    ]
