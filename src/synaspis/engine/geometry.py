"""What no agreement changes: how missiles fly, who could see them, what could meet them.

Missiles that fly the same path share one *flight*; arrays run over flights U, and times are seconds
after that flight's launch.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.flights import Flights, Order, fly
from synaspis.engine.load import stretched
from synaspis.engine.objects import objects_seen
from synaspis.engine.satellites import is_timed, satellite_moves
from synaspis.engine.weather import Skies, skies
from synaspis.engine.workers import in_chunks
from synaspis.engine.world import Fielded, Missile, Station, World
from synaspis.kernels import flyout, infrared, radar, sensing
from synaspis.kernels.trajectory import transition
from synaspis.model.sensor import Infrared, Radar
from synaspis.model.threat import PHASES, Threat

STEP_S = 2.0
"""Step on which flights, looks and information are sampled."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Revisits = Callable[[Ints, Ints], Floats]
"""Pairs (P, 2) of station and flight and their spans (P, 2) to the stretch at each of their samples."""


@dataclass(frozen=True)
class Information:
    """The store of information: rows of `coast` (R, 6, 6) per pair of station and flight.

    pair_of (S, U) row of `span` (P, 2), `offset` (P,) and `boost` (P, 12, 12), or -1.
    """

    pair_of: Ints
    span: Ints
    offset: Ints
    coast: Floats
    boost: Floats


@dataclass(frozen=True)
class Geometry:
    """Everything regime-independent about the flights of a world."""

    flight_of: Ints
    """(T,) flight of each missile."""
    first_missile: Ints
    """(U,) a missile that flies it."""
    states: Floats
    phi: Floats
    burnout_s: Floats
    settled_s: Floats
    """(U,) from when a flight's motion follows from its state: burnout, or late where it is prescribed."""
    impact_s: Floats
    closure_m: Floats
    reach_m: Floats
    impact_rows: Floats
    sensors: Floats
    seen_s: Floats
    """(S, U) first detection in search, in the usual weather."""
    seen_in_s: Floats
    """(W, S, U) the same in each weather of `skies`."""
    cued_s: Floats
    """(levels, S, U) first detection with a cue of each of `sensing.CUE_LEVELS_M`."""
    p_scan: Floats
    information: Information
    launch_s: Floats
    """(B, U, J) launch times that meet the flight, inf where there is none."""
    intercept_s: Floats
    skies: Skies
    objects_seen: NDArray[np.bool_]
    """(kinds of OBJECTS, B, U) whether a battery sees such an object beside the missile as it hands over."""


def geometry(w: World, jobs: int, together: bool = True) -> Geometry:
    """Fly the missiles and look at them with every station; threads over flights.

    `together`: they fly as one raid, and share the radars' time; else each is looked at for itself.
    """
    timed = is_timed(w.stations)
    apart = timed or any(c.revoked_s < math.inf for a in w.case.file.agreements for c in a.releases)
    flight_of, first = _distinct(w.missiles, apart)
    flights = [w.missiles[i] for i in first]
    flown = _fly(flights, jobs)
    states, settled = flown.states, np.nan_to_num(flown.settled_s)
    burnout, impact = np.nan_to_num(flown.burnout_s), np.nan_to_num(flown.impact_s)
    threats = [m.threat for m in flights]
    phi = _transitions(states, settled, impact, flights, jobs)
    sensors = sensor_rows(w.stations)
    rcs = cross_sections(w.stations, threats)
    plume = np.array([t.plume_wpsr for t in threats])
    weathers = skies(w.case)
    sky = weathers.rows[weathers.usual]
    starts = np.array([m.launch_s for m in flights]) if timed else None
    moves = satellite_moves(w.stations, w.case.file.starts, starts, states.shape[1], STEP_S)
    look = (states, burnout, impact, sensors, rcs, plume)
    seen, cued, p_scan, span = see(*look, sky, moves, jobs)
    information = _inform(
        states, phi, burnout, settled, sensors, rcs, plume, sky, moves, span,
        _revisits(w, flight_of, together), jobs,
    )  # fmt: skip
    launch, intercept = _windows(w, flights, states, settled, impact, sensors, rcs, sky, jobs)
    beside = objects_seen(w, states, STEP_S, settled, sensors, sky, intercept)
    return Geometry(
        flight_of, first, states, phi, burnout, settled, impact, flown.closure_m, flown.reach_m,
        _impact_rows(states, phi, impact), sensors, seen, _see_in(weathers, look, moves, seen, jobs), cued,
        p_scan, information, launch, intercept, weathers, beside,
    )  # fmt: skip


def _distinct(missiles: Sequence[Missile], apart: bool) -> tuple[Ints, Ints]:
    """Missiles that fly the same path share a flight; those at other times do not where they are `apart`.

    The time of day matters where satellites move, the time of the raid where a release is revoked.
    """
    keys: dict[tuple[object, ...], int] = {}
    flight_of, first = [], []
    for i, m in enumerate(missiles):
        key = (m.threat.name, m.launch.name, m.target, m.aim, m.shape, m.via, m.launch_s if apart else 0.0)
        if key not in keys:
            keys[key] = len(keys)
            first.append(i)
        flight_of.append(keys[key])
    return np.array(flight_of, np.int64), np.array(first, np.int64)


def _fly(flights: Sequence[Missile], jobs: int) -> Flights:
    orders = [
        Order(m.threat, (m.launch.latitude_rad, m.launch.longitude_rad), m.aim[:2], m.shape, m.via)
        for m in flights
    ]
    return fly(orders, STEP_S, jobs)


def _transitions(
    states: Floats, settled: Floats, impact: Floats, flights: Sequence[Missile], jobs: int
) -> Floats:
    """(U, K, 6, 6) derivative of each sampled state by that at the first sample from `settled` on.

    After its last turn a prescribed flight counts as a straight line at constant speed.
    """
    phi = np.empty((*states.shape, 6))
    beta = np.array([m.threat.ballistic_coefficient_kgpm2 for m in flights])

    def task(a: int, b: int) -> None:
        phi[a:b] = transition(states[a:b], settled[a:b], impact[a:b], beta[a:b], STEP_S)[0]

    in_chunks(task, len(flights), jobs)
    for u, m in enumerate(flights):
        if m.threat.prescribed and impact[u] > 0.0:
            rows = np.arange(math.ceil(settled[u] / STEP_S), int(impact[u] / STEP_S) + 1)
            phi[u, rows] = np.eye(6)
            phi[u, rows[:, None], np.arange(3), np.arange(3, 6)] = (STEP_S * (rows - rows[0]))[:, None]
    return phi


def _ratio(value: float) -> float:
    """Decibels as a ratio."""
    return 10.0 ** (value / 10.0)


def sensor_rows(stations: Sequence[Station]) -> Floats:
    """(S, sensing.ROW_COLUMNS) one row per station, SI and ratios."""
    rows = np.zeros((len(stations), sensing.ROW_COLUMNS))
    radars = [s.type if isinstance(s.type, Radar) else None for s in stations]
    rows[:, : radar.COLUMNS] = radar.radar_table(
        np.array([[s.latitude_rad, s.longitude_rad, s.height_m] for s in stations], float).reshape(-1, 3),
        np.array([r.instrumented_range_m if r else 0.0 for r in radars]),
        np.array([s.facing_rad for s in stations]),
        np.array([r.sector_rad if r else 0.0 for r in radars]),
        np.array([r.minimum_elevation_rad if r else 0.0 for r in radars]),
        np.array([r.maximum_elevation_rad if r else 0.0 for r in radars]),
    )
    those = [i for i, s in enumerate(stations) if isinstance(s.type, Infrared)]
    rows[those, : radar.COLUMNS] = _infrared_geometry(
        rows[those, : sensing.Z + 1], [s.type for s in stations if isinstance(s.type, Infrared)]
    )
    rows[:, sensing.FENCE_LOW :] = -2.0, 2.0
    for row, s in zip(rows, stations, strict=True):
        made = _radar_row(s.type) if isinstance(s.type, Radar) else _infrared_row(s.type)
        row[sensing.KIND : sensing.KIND + len(made)] = made
    return rows


def _radar_row(r: Radar) -> tuple[float, ...]:
    """The columns behind `radar_table`, from KIND on. Sines beyond 1 for a search of all that it sees."""
    low, high = (math.sin(angle) for angle in r.search_rad)
    spread = r.cue_share * r.sector_rad * (high - low)
    whole = r.search_low_rad is None and r.search_high_rad is None
    return (
        sensing.RADAR, r.reference_range_m, r.reference_rcs_m2, _ratio(r.reference_snr_db),
        _ratio(r.detection_snr_db), _ratio(r.cue_gain_db), r.beamwidth_rad, r.range_resolution_m, r.scan_s,
        r.update_s, 0.0, 0.0, 0.0, 1.0, r.range_rate_resolution_mps, spread,
        *((-2.0, 2.0) if whole else (low, high)),
    )  # fmt: skip


def _infrared_geometry(place: Floats, types: Sequence[Infrared]) -> Floats:
    """`infrared.infrared_table` of sensors at `place` (S, 3): an aircraft looks all round."""
    fields = [i.field_of_regard_rad if i.platform == "satellite" else 2.0 * math.pi for i in types]
    return infrared.infrared_table(
        place,
        np.array(fields),
        np.array([i.solar_exclusion_rad for i in types]),
        np.array([i.cold_range_m for i in types]),
        np.array([i.limb_m for i in types]),
    )


def _infrared_row(i: Infrared) -> tuple[float, ...]:
    return (
        sensing.INFRARED, 0.0, 0.0, 0.0, sensing.INFRARED_SNR, 1.0, 0.0, 0.0, i.revisit_s, i.revisit_s,
        i.minimum_intensity_wpsr, i.line_of_sight_rad, i.report_s, float(i.looks_to_report),
    )  # fmt: skip


def cross_sections(stations: Sequence[Station], threats: Sequence[Threat]) -> Floats:
    """(S, U, 3) cross-section in each station's band by phase."""
    out = np.ones((len(stations), len(threats), len(PHASES)))
    for i, s in enumerate(stations):
        if isinstance(s.type, Radar):
            for j, t in enumerate(threats):
                out[i, j] = [t.cross_section_m2[s.type.band][phase] for phase in PHASES]
    return out


def see(
    states: Floats, burnout: Floats, impact: Floats, sensors: Floats, rcs: Floats, plume: Floats, sky: Floats,
    moves: sensing.Moves, jobs: int,
) -> tuple[Floats, Floats, Floats, Ints]:  # fmt: skip
    """What `sensing.first_seen` finds (seen, cued, p_scan, span), threads over flights."""
    shape = (len(sensors), len(states))
    levels = len(sensing.CUE_LEVELS_M)
    seen, cued, p_scan = np.empty(shape), np.empty((levels, *shape)), np.empty(shape)
    span = np.empty((*shape, 2), np.int64)

    def task(a: int, b: int) -> None:
        look = (np.ascontiguousarray(rcs[:, a:b]), plume[a:b], sky, (*moves[:3], moves[3][a:b]))
        part = (shape[0], b - a)
        found = (np.empty(part), np.empty((levels, *part)), np.empty(part))
        samples = np.empty((shape[0], b - a, 2), np.int64)
        sensing.first_seen(states[a:b], STEP_S, burnout[a:b], impact[a:b], sensors, *look, *found, samples)
        seen[:, a:b], cued[:, :, a:b], p_scan[:, a:b] = found
        span[:, a:b] = samples

    in_chunks(task, len(states), jobs)
    return seen, cued, p_scan, span


def _see_in(
    weathers: Skies, look: tuple[Floats, ...], moves: sensing.Moves, usual: Floats, jobs: int
) -> Floats:
    """(W, S, U) first detection in search in each weather, which only infrared sensors feel."""
    states, burnout, impact, sensors, rcs, plume = look
    out = np.repeat(usual[None], len(weathers.rows), axis=0)
    own = sensors[:, sensing.KIND] == sensing.INFRARED
    those = (moves[0][own], *moves[1:])
    for i, sky in enumerate(weathers.rows):
        if i != weathers.usual and own.any():
            out[i, own] = see(states, burnout, impact, sensors[own], rcs[own], plume, sky, those, jobs)[0]
    return out


def _revisits(w: World, flight_of: Ints, together: bool) -> Revisits:
    """How to find by how much each station's update interval is stretched."""

    def find(pairs: Ints, spans: Ints) -> Floats:
        return stretched(w, flight_of, pairs, spans, STEP_S)

    return find if together else _unhurried


def _unhurried(_pairs: Ints, spans: Ints) -> Floats:
    return np.ones(int((spans[:, 1] - spans[:, 0] + 1).sum()))


def _inform(
    states: Floats, phi: Floats, burnout: Floats, settled: Floats, sensors: Floats, rcs: Floats,
    plume: Floats, sky: Floats, moves: sensing.Moves, span: Ints, revisits: Revisits, jobs: int,
) -> Information:  # fmt: skip
    pairs = np.argwhere(span[:, :, 0] >= 0)
    pair_of = np.full(span.shape[:2], -1, np.int64)
    pair_of[pairs[:, 0], pairs[:, 1]] = np.arange(len(pairs))
    spans = span[pairs[:, 0], pairs[:, 1]]
    rows = spans[:, 1] - spans[:, 0] + 1 if len(pairs) else np.zeros(0, np.int64)
    offset = (
        np.concatenate([[0], np.cumsum(rows)[:-1]]).astype(np.int64) if len(pairs) else np.zeros(0, np.int64)
    )
    coast = np.zeros((max(int(rows.sum()), 1), 6, 6))
    boost = np.zeros((max(len(pairs), 1), 12, 12))
    stretch = revisits(pairs, spans.reshape(-1, 2))

    def task(a: int, b: int) -> None:
        sensing.information(
            states, phi, STEP_S, burnout, settled, sensors, rcs, plume, sky, moves, pairs[a:b],
            spans[a:b], offset[a:b], stretch, coast, boost[a:b],
        )  # fmt: skip

    in_chunks(task, len(pairs), jobs)
    return Information(pair_of, spans.reshape(-1, 2), offset, coast, boost)


def _impact_rows(states: Floats, phi: Floats, impact: Floats) -> Floats:
    """(U, 2, 6): the state at burnout projected along the last velocity on the horizontal plane."""
    out = np.zeros((len(states), 2, 6))
    for u, (track, at) in enumerate(zip(states, impact, strict=True)):
        if at <= 0.0:
            continue
        k = min(int(at / STEP_S), track.shape[0] - 1)
        while np.isnan(track[k, 0]) or np.isnan(phi[u, k, 0, 0]):
            k -= 1
        up = track[k, :3] / np.linalg.norm(track[k, :3])
        velocity = track[k, 3:]
        flat = np.eye(3) - np.outer(velocity, up) / float(velocity @ up)
        east = np.cross([0.0, 0.0, 1.0], up)
        east /= np.linalg.norm(east)
        out[u] = np.stack([east, np.cross(up, east)]) @ flat @ phi[u, k, :3]
    return out


def flyout_row(f: Fielded) -> Floats:
    """`flyout.FLYOUT_COLUMNS` of a battery's interceptor."""
    i = f.interceptor
    return np.array([
        i.burnout_speed_mps, i.burn_s, i.slowing_length_m, i.range_m, i.minimum_altitude_m,
        i.maximum_altitude_m, i.handover_s, i.reaction_s,
    ])  # fmt: skip


@functools.lru_cache(maxsize=32)
def timetable(row: tuple[float, ...]) -> Floats:
    """Times to points of one interceptor; kept, since most worlds of a study share theirs."""
    table = np.empty((flyout.TABLE_RANGE, flyout.TABLE_HEIGHT))
    flyout.flyout_table(np.array(row), table)
    return table


def _windows(
    w: World, flights: Sequence[Missile], states: Floats, settled: Floats, impact: Floats, sensors: Floats,
    rcs: Floats, sky: Floats, jobs: int,
) -> tuple[Floats, Floats]:  # fmt: skip
    launch = np.full((len(w.batteries), len(states), flyout.SAMPLES), np.inf)
    intercept = launch.copy()
    tables = [timetable(tuple(flyout_row(f))) for f in w.batteries]

    def task(a: int, b: int) -> None:
        for row in range(a, b):
            f = w.batteries[row]
            listed = np.array([m.threat.category in f.interceptor.engages for m in flights])
            flyout.launch_windows(
                states, STEP_S, settled, impact, flyout_row(f), tables[row], sensors[f.radar],
                f.interceptor.remote != "engage", rcs[f.radar], sky, listed, launch[row], intercept[row],
            )  # fmt: skip

    in_chunks(task, len(w.batteries), jobs)
    return launch, intercept
