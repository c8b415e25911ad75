"""One trial of one regime of a run, as pictures and exports have it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Flight, SceneEvent, SiteMark


@dataclass(frozen=True, kw_only=True, eq=False)
class Orbiting:
    """A satellite during a raid: `states` (N, 7) are seconds, and places (m) and velocities (m/s), ECEF.

    `sensor` is what the case calls it, or the pattern that it is of.
    """

    name: str
    sensor: str
    type: str
    owner: str
    field_of_regard_deg: float
    states: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TrialShown:
    """What flew, what stood where and what happened. `starts` is UTC: second 0 of all times.

    `agreements` are those in force under the regime.
    """

    case: str
    title: str
    regime: str
    regime_title: str
    trial: int
    seed: int
    version: str
    starts: dt.datetime
    flights: tuple[Flight, ...]
    sites: tuple[SiteMark, ...]
    events: tuple[SceneEvent, ...]
    satellites: tuple[Orbiting, ...] = ()
    elevations: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Lowest and highest elevation at which a radar sees, degrees, by its site's name."""
    agreements: tuple[str, ...] = ()
