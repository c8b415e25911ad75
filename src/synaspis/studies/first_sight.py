"""Coverage of launches: over a grid of cells, when a missile rising there is first seen and reported.

The missile of a class rises straight up with the heights that the class has on its way to burnout in the
case: no direction is meant. A cell says what sensors and agreements make of a launch there; cells are
neither ranked nor compared. A release with a condition is taken as that of a missile which threatens its
recipient, from burnout on, since nothing can be foretold before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, cross_sections, see
from synaspis.engine.satellites import is_timed, satellite_moves
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef
from synaspis.model.early_warning import FirstSight, View
from synaspis.model.sensor import Infrared
from synaspis.model.threat import Threat
from synaspis.sharing.conditions import ALWAYS, Missile
from synaspis.sharing.rules import Rules, site_works
from synaspis.studies.arena import Arena

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL_DEG = 2.0
AROUND_DEG = 8.0
"""How far about the case's launch areas the grid reaches."""
LAST_LATITUDE_DEG = 88.0


def first_sights(a: Arena, regimes: Sequence[str]) -> tuple[FirstSight, ...]:
    """One grid for each ballistic or gliding class of the raid, in the raid's order."""
    longest: dict[str, int] = {}
    for u, row in enumerate(a.g.first_missile):
        m = a.w.missiles[row]
        if m.threat.stages and a.g.burnout_s[u] > 2 * STEP_S:
            best = longest.get(m.threat.name, u)
            longest[m.threat.name] = u if a.g.burnout_s[u] > a.g.burnout_s[best] else best
    cells = grid(a)
    return tuple(_first_sight(a, regimes, u, cells) for u in longest.values())


def grid(a: Arena) -> Floats:
    """(C, 2) latitude and longitude of the middles of cells about the launch areas, degrees."""
    areas = a.w.case.file.launch_areas
    latitude = np.degrees([x.latitude_rad for x in areas])
    east = np.degrees([x.longitude_rad for x in areas])
    longitude = east[0] + (east - east[0] + 180.0) % 360.0 - 180.0
    north = _steps(max(-LAST_LATITUDE_DEG, latitude.min() - AROUND_DEG),
                   min(LAST_LATITUDE_DEG, latitude.max() + AROUND_DEG))  # fmt: skip
    across = _steps(longitude.min() - AROUND_DEG, longitude.max() + AROUND_DEG)[: int(360.0 / CELL_DEG)]
    return np.array([(f, (x + 180.0) % 360.0 - 180.0) for f in north for x in across])


def _steps(low: float, high: float) -> Floats:
    first, last = math.floor(low / CELL_DEG), math.ceil(high / CELL_DEG)
    return np.array([(i + 0.5) * CELL_DEG for i in range(first, last)])


def _first_sight(a: Arena, regimes: Sequence[str], u: int, cells: Floats) -> FirstSight:
    threat = a.w.missiles[a.g.first_missile[u]].threat
    burn_s = float(a.g.burnout_s[u])
    states = rising(a.g.states[u], burn_s, cells)
    seen, span = seen_rising(a, threat, states, burn_s)
    return FirstSight(
        threat=threat.name,
        title=threat.title,
        burn_s=burn_s,
        burnout_km=float(geodetic_from_ecef(np.ascontiguousarray(states[0, -1:, :3]))[0, 2]) / 1000.0,
        cell_deg=CELL_DEG,
        cells=cells,
        views={name: views(a, a.rules(name), threat, seen, span, burn_s) for name in regimes},
    )


def rising(flown: Floats, burn_s: float, cells: Floats) -> Floats:
    """(C, K, 6) states above each cell, at the heights and climb rates of `flown` (K', 6) until burnout."""
    last = min(math.ceil(burn_s / STEP_S), len(flown))
    height = geodetic_from_ecef(np.ascontiguousarray(flown[:last, :3]))[:, 2]
    climb = np.gradient(height, STEP_S)
    out = np.empty((len(cells), last, 6))
    for k in range(last):
        places = np.column_stack([np.radians(cells), np.full(len(cells), height[k])])
        out[:, k, :3] = ecef_from_geodetic(places)
    up = out[:, -1, :3] - out[:, 0, :3]
    up /= np.linalg.norm(up, axis=1)[:, None]
    out[:, :, 3:] = climb[None, :, None] * up[:, None, :]
    return out


def seen_rising(a: Arena, threat: Threat, states: Floats, burn_s: float) -> tuple[Floats, Ints]:
    """(S, C) when each station first detects in search, and (S, C, 2) samples between which it could."""
    ends = np.full(len(states), burn_s)
    rcs = cross_sections(a.w.stations, [threat] * len(states))
    plume = np.full(len(states), threat.plume_wpsr)
    starts = np.zeros(len(states)) if is_timed(a.w.stations) else None  # as the raid begins
    moves = satellite_moves(a.w.stations, a.w.case.file.starts, starts, states.shape[1], STEP_S)
    sky = a.g.skies.rows[a.g.skies.usual]
    seen, _, _, span = see(states, ends, ends, a.g.sensors, rcs, plume, sky, moves, a.jobs)
    return seen, span


def views(a: Arena, given: Rules, threat: Threat, seen: Floats, span: Ints, burn_s: float) -> dict[str, View]:
    """By nation what `given` makes of what stations see: `seen` (S, C), `span` (S, C, 2) as `seen_rising`."""
    sources = a.pictures(given).heard
    works = [
        s for s, x in enumerate(a.w.stations) if site_works(given, x.site, x.host, x.owner, "use").allowed
    ]
    reports = [(x.type.report_s if isinstance(x.type, Infrared) else 0.0) for x in a.w.stations]
    everyone = min_over([seen[s] + reports[s] for s in works], seen.shape[1])
    found = {"": View(report_s=everyone, at_once=_at_once(span, works))}
    for nation in a.w.nations:
        meant = _meant(a, nation, threat)
        told = [s for s in sources[nation] if s.predicate.holds(meant)]
        first = [
            (seen[row] if s.predicate == ALWAYS else np.maximum(seen[row], burn_s)) + delay_s
            for s in told
            for row, delay_s, _ in s.entries
        ]
        rows = sorted({row for s in told for row, _, _ in s.entries})
        found[nation] = View(report_s=min_over(first, seen.shape[1]), at_once=_at_once(span, rows))
    return found


def _meant(a: Arena, nation: str, threat: Threat) -> Missile:
    """A missile of this class, out of the case's launch areas, that threatens `nation`."""
    areas = a.w.case.file.launch_areas
    whence = frozenset(name for x in areas for name in (x.name, x.nation))
    return Missile(frozenset({nation}), threat.category, whence, nation)


def min_over(values: Sequence[Floats], count: int) -> Floats:
    """(C,) least of `values`, inf where there is none."""
    return np.min(values, axis=0) if values else np.full(count, np.inf)


def _at_once(span: Ints, rows: Sequence[int]) -> Ints:
    """(C,) the most of the stations in `rows` that could see the missile at one time.

    Sight from a first to a last sample: the most is reached where one of them begins.
    """
    seeing = [row for row in rows if (span[row, :, 0] >= 0).any()]
    first, last = span[seeing, :, 0], span[seeing, :, 1]
    most = np.zeros(span.shape[1], np.int64)
    for begins in first:
        now = (first >= 0) & (first <= begins) & (begins <= last)
        most = np.maximum(most, now.sum(axis=0))
    return most
