"""How busy each radar is: with more in view than it can track at once it looks at each less often.

What is counted is what could be seen with the longest dwell, whoever shares what: no clause makes a radar
busier. Missiles of one flight that start at different times meet different loads; all are taken to meet
the worst of them at each moment of the flight.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.world import World
from synaspis.model.sensor import Radar
from synaspis.model.threat import OBJECTS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def stretched(w: World, flight_of: Ints, pairs: Ints, spans: Ints, step_s: float) -> Floats:
    """(R,) how many times the update interval is at each sample of each pair, at least 1.

    `pairs` (P, 2) of station and flight, `spans` (P, 2) the first and last sample at which the one could see
    the other; R counts the samples of all spans in order. A missile counts with the objects beside it.
    """
    counts = spans[:, 1] - spans[:, 0] + 1
    ends = np.cumsum(counts)
    out = np.ones(int(counts.sum()))
    first = np.array([math.floor(m.launch_s / step_s) for m in w.missiles])
    late = np.array([math.ceil(m.launch_s / step_s) for m in w.missiles]) - first
    things = np.array([1 + sum(getattr(m.objects, kind) for kind in OBJECTS) for m in w.missiles])
    flown = [np.flatnonzero(flight_of == u) for u in range(int(flight_of.max(initial=-1)) + 1)]
    for s in np.unique(pairs[:, 0]):
        kind = w.stations[s].type
        own = np.flatnonzero(pairs[:, 0] == s)
        if not isinstance(kind, Radar) or _most(own, pairs, flown, things) <= kind.track_capacity:
            continue
        load = _load(own, pairs, spans, flown, first, late, things)
        share = np.maximum(load / kind.track_capacity, 1.0)
        for p in own:
            for t in flown[pairs[p, 1]]:
                begin = first[t] + spans[p, 0]
                worst = np.maximum(
                    share[begin : begin + counts[p]], share[begin + late[t] : begin + late[t] + counts[p]]
                )
                part = out[ends[p] - counts[p] : ends[p]]
                np.maximum(part, worst, out=part)
    return out


def _most(own: Ints, pairs: Ints, flown: list[Ints], things: Ints) -> int:
    """Things that the station could ever see in the raid, all at once."""
    return int(sum(things[flown[pairs[p, 1]]].sum() for p in own))


def _load(
    own: Ints, pairs: Ints, spans: Ints, flown: list[Ints], first: Ints, late: Ints, things: Ints
) -> Floats:
    """Things in view at each step from the start of the raid, of one station's pairs `own`."""
    change = np.zeros(int(first.max() + spans[own, 1].max()) + 4)
    for p in own:
        for t in flown[pairs[p, 1]]:
            change[first[t] + spans[p, 0]] += things[t]
            change[first[t] + spans[p, 1] + late[t] + 1] -= things[t]
    return np.cumsum(change)
