"""A picture: who holds what of each flight, and when it is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.digest import digest
from synaspis.engine.geometry import Floats
from synaspis.engine.sources import Sources
from synaspis.kernels import bound

Packed = tuple[NDArray[Any], ...] | None
"""Sources as the arrays of `kernels.bound`; None where there is nothing to be had from them."""


@dataclass(frozen=True)
class Pictures:
    """What each nation N and battery B holds of each flight U under one set of release rules.

    known, warned, track: (N, U); fire_control: (B, U) first launch times that a fire-control
    track allows. sees (S, U) when each station begins to see, cues included. holds_warned,
    holds_known (S, N) and serves (S, B) say whose sensors feed which picture. base (S, U) is when each
    begins to see for others, since (G, U) from when each of a nation's sources may be used, and packed the
    same sources as `kernels.bound` takes them.
    """

    known_s: Floats
    warned_s: Floats
    track_s: Floats
    fire_control_s: Floats
    sees_s: Floats
    holds_warned: NDArray[np.bool_]
    holds_known: NDArray[np.bool_]
    serves: NDArray[np.bool_]
    sources: Mapping[str, Sources]
    heard: Mapping[str, Sources]
    """The same for warning alone, where clauses tell purposes apart."""
    base_s: Floats
    since_s: Mapping[str, Floats]
    packed: Mapping[str, Packed]
    first_report: Callable[[], Floats]

    @cached_property
    def alert_s(self) -> Floats:
        """(N, U) first report of each launch, own or released; worked out when asked for."""
        return self.first_report()

    @cached_property
    def digest(self) -> bytes:
        """What stands for all that a trial can tell of them: not for the clauses behind."""
        return digest(
            (self.known_s, self.warned_s, self.fire_control_s, self.sees_s, self.holds_warned,
             self.holds_known, self.serves)
        )  # fmt: skip


@dataclass(frozen=True)
class Held:
    """What a nation makes of its sources: `since` (G, U), `track` and `known` (U,), `sees` of its radars."""

    since: Floats
    track: Floats
    sees: Floats
    packed: Packed
    known: Floats


def of_level(packed: Packed, least: int) -> Packed:
    """The sources of at least a level, packed; None where there is none."""
    if packed is None:
        return None
    groups = np.flatnonzero(packed[bound.LEVEL] >= least)
    if len(groups) == len(packed[bound.LEVEL]) or not len(groups):
        return packed if len(groups) else None
    first = packed[bound.FIRST]
    entries = np.concatenate([np.arange(first[g], first[g + 1]) for g in groups])
    ends = np.cumsum([0, *(first[g + 1] - first[g] for g in groups)])
    by_entry = (packed[row][entries] for row in (bound.SENSOR, bound.DELAY, bound.START))
    by_group = (packed[row][groups] for row in (bound.SINCE, bound.LEVEL, bound.FLOOR, bound.UNTIL))
    return (ends, *by_entry, *by_group)
