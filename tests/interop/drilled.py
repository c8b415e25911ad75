"""Moments of a made-up drill."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from synaspis.interop.live import Drill, Flying, Moment
from synaspis.model.answers import SceneEvent

from .told import STARTS, event, site

DRILL = Drill(name="small", starts=STARTS)
RADAR = replace(site("kurecik", "radar", 38.3, 37.8), type="an-tpy-2", facing_deg=90.0, sector_deg=120.0)
SITES = (site("deveselu"), RADAR, site("sofia", "city"), site("geo", "satellite"))
NAME = "mrbm-2000 to Sofia #1 (Tabriz area)"


def at(time_s: float, *names: str, state: str = "running", **more: Any) -> Moment:
    """Missiles that rise for 100 s and then fall, northward at some 1.1 km/s."""
    height_m = 1e3 * (200.0 - abs(time_s - 100.0))
    flying = {
        name: Flying(
            name=name, type="mrbm-2000", category="mrbm", latitude_deg=40.0 + time_s / 100.0,
            longitude_deg=30.0, height_m=height_m,
        )
        for name in names
    }  # fmt: skip
    return Moment(
        **({"state": state, "time_s": time_s, "sites": SITES, "flying": flying, "ended": {}} | more)
    )


def shot(kind: str, time_s: float, who: str = "deveselu") -> SceneEvent:
    return replace(event(kind, time_s, NAME, 42.0, 30.0), who=who, height_km=100.0)
