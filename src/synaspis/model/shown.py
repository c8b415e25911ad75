"""One trial of one regime of a run, as pictures and exports have it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from synaspis.model.answers import Flight, SceneEvent, SiteMark


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
    agreements: tuple[str, ...] = ()
