"""Which of the things that fly with a missile a battery can see at all, and so may take for the warhead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.world import World
from synaspis.kernels import flyout
from synaspis.model.sensor import Radar
from synaspis.model.threat import OBJECTS, PHASES

Floats = NDArray[np.float64]


def objects_seen(
    w: World,
    states: Floats,
    dt_s: float,
    settled_s: Floats,
    sensors: Floats,
    sky: Floats,
    intercept_s: Floats,
) -> NDArray[np.bool_]:
    """(kinds of OBJECTS, B, U) whether a battery sees such an object beside a missile as it hands over.

    Its own radar looks, or any of the case where its interceptor needs none of its own: so no permit changes
    what misleads it. An object flies where its missile does. Only layers that objects mislead are looked at,
    and only kinds that fly with some missile.
    """
    seen = np.zeros((len(OBJECTS), len(w.batteries), len(states)), np.bool_)
    radars = [i for i, s in enumerate(w.stations) if isinstance(s.type, Radar)]
    for k, kind in enumerate(OBJECTS):
        if not any(getattr(m.objects, kind) for m in w.missiles):
            continue
        for b, f in enumerate(w.batteries):
            if f.interceptor.layer != "midcourse":
                continue
            rows = radars if f.interceptor.remote == "engage" else [f.radar]
            flyout.seen_at_handover(
                states, dt_s, settled_s, sensors[rows], _cross_sections(w, rows, kind), sky,
                f.interceptor.handover_s, intercept_s[b], seen[k, b],
            )  # fmt: skip
    return seen


def _cross_sections(w: World, rows: list[int], kind: str) -> Floats:
    """(R, 3) cross-section of an object in each radar's band: the same in every phase."""
    table = w.case.objects[OBJECTS[kind]].cross_section_m2
    out = np.empty((len(rows), len(PHASES)))
    for i, s in enumerate(rows):
        radar = w.stations[s].type
        assert isinstance(radar, Radar)
        out[i] = table[radar.band]
    return out
