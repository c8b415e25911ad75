"""A made-up trial, as plain or as hostile as wanted."""

from __future__ import annotations

import datetime as dt

import numpy as np

from synaspis.interop.telling import Telling, telling
from synaspis.model.answers import Flight, SceneEvent, SiteMark
from synaspis.model.shown import TrialShown

STARTS = dt.datetime(2026, 3, 1, 23, 59, 58)
HOSTILE = '</name><script>alert(1)</script> & "it\'s" <!-- ]]> \x00\x0b\ud800\ufffe,\n=1+1;é'
Points = list[tuple[float, float, float, float]]
ACROSS: Points = [(10.0, 50.0, 170.0, 0.0), (30.0, 60.0, 178.0, 200.0), (50.0, 62.0, -176.0, 100.0),
                  (70.0, 63.0, -170.0, 0.0)]  # fmt: skip


def flight(name: str, points: Points) -> Flight:
    rows = np.array(points, float)
    return Flight(
        threat=name, type="mrbm-2000", status="generic", launch="Tabriz area", target="Sofia", nation="BGR",
        launch_s=points[0][0], burnout_s=points[0][0] + 1.234, impact_s=points[-1][0], apogee_km=200.0,
        range_km=1000.0, points=rows,
    )  # fmt: skip


def event(kind: str, time_s: float, threat: str, lat: float = 1.0, lon: float = 2.0) -> SceneEvent:
    return SceneEvent(
        time_s=time_s, kind=kind, who="deveselu", nation="USA", threat=threat, latitude_deg=lat,
        longitude_deg=lon, height_km=12.34, text=f"{kind}: {threat}",
    )  # fmt: skip


def site(name: str, kind: str = "battery", lat: float = 44.0804, lon: float = 24.4106) -> SiteMark:
    return SiteMark(
        name=name, kind=kind, type="sm-3-ib", owner="USA", operator="USA", host="ROU", latitude_deg=lat,
        longitude_deg=lon, facing_deg=0.0, sector_deg=0.0, reach_km=700.0, population=0.0,
    )  # fmt: skip


def trial(
    flights: tuple[Flight, ...], events: tuple[SceneEvent, ...] = (), sites: tuple[SiteMark, ...] = (),
    title: str = "A title",
) -> TrialShown:  # fmt: skip
    return TrialShown(
        case="small", title=title, regime="allied", regime_title="Together", trial=37, seed=5,
        version="0.1.0", starts=STARTS, flights=flights, sites=sites, events=events,
    )  # fmt: skip


def small() -> Telling:
    """One missile over the antimeridian, killed half way; a battery, a satellite and a shot."""
    return telling(
        trial(
            (flight("one", ACROSS),),
            (event("hit", 60.0, "one"), event("fired", 40.0, "one", 44.08, 24.41)),
            (site("deveselu"), site("geo", "satellite", 0.0, 60.0)),
        )
    )


def hostile() -> Telling:
    """The same kinds of thing, each called what would break a document."""
    return telling(
        trial((flight(HOSTILE, ACROSS),), (event("landed", 70.0, HOSTILE),), (site(HOSTILE),), HOSTILE)
    )
