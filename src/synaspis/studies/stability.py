"""Can this shield touch a third state's missiles? Shares over many paths, by class and launch region.

A path is one missile of a declared class from a place in a wide region to a place in a wide destination, on
the minimum-energy shape alone. Places are spread evenly, by the question alone. What an interceptor could
meet is bounded from above: all is known at launch, nothing fails, and its own radar need not see anything.
No answer tells one path from another, and shapes are not compared: nothing here searches for what escapes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.flights import Flights, Order, fly
from synaspis.engine.geometry import flyout_row, sensor_rows, timetable
from synaspis.engine.workers import in_chunks
from synaspis.engine.world import Missile, World, world
from synaspis.kernels import flyout
from synaspis.kernels.dice import name_hash
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.sensing import X, Z
from synaspis.model.answers import Band
from synaspis.model.borders import Borders
from synaspis.model.case import Case
from synaspis.model.draw import facts, with_figures
from synaspis.model.stability import (
    LEAST_MET,
    LEAST_PATHS,
    PATHS,
    PLACE_STEP_DEG,
    RADIUS_STEP_M,
    Destination,
    LaunchRegion,
    LayerRounds,
    ReachShare,
    Stability,
    StabilityAnswer,
    StabilityQuestion,
)
from synaspis.model.threat import LaunchArea, Threat
from synaspis.studies.arena import Progress, arena, silent
from synaspis.studies.wide_areas import coarse, destinations, sunflower

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_S = 4.0
"""Step on which paths are sampled; launches are looked at four times as often."""
BETTER = {
    "burnout_speed": 1, "burn": -1, "slowing_length": 1, "range": 1, "minimum_altitude": -1,
    "maximum_altitude": 1, "reaction": -1,
}  # fmt: skip
"""Figures of an interceptor's envelope, and whether more of each reaches farther."""
FASTEST_MPS = 9_000.0
LAYERS = ("boost", "midcourse", "terminal")
ASSUMPTIONS = (
    "In reach from launch: an interceptor launched at the same moment as the missile would get to some point "
    "of its path in time. Nobody can do that: it is the most that speed and range allow.",
    "In reach from burnout: the same, launched when the missile's motors have stopped or later. Before that "
    "nobody knows where it will come down.",
    "Perfect knowledge, no loss, no decoys, no failure, no second missile at the same time; the "
    "interceptor's own radar need not see anything. What a real shield does is less, never more.",
    "On its list: public texts name the class among those that the interceptor is meant for. Interceptors "
    "engage no other class here. A list is what is said of an interceptor, and it can change.",
    "Low and high: every figure of every interceptor's envelope (speed, burn, reach, heights, reaction) at "
    "the worse and at the better end of its public band, and rounds and missiles likewise.",
    f"{PATHS} paths for each class and launch region, from places spread evenly over the region to places "
    f"spread evenly over the destination; missiles are not counted where they stand. No share is told over "
    f"fewer than {LEAST_PATHS} paths.",
    f"Regions and destinations count to the nearest {PLACE_STEP_DEG:g} degrees and "
    f"{RADIUS_STEP_M / 1000:g} km. Each question has paths of its own, so small differences between two "
    "questions mean nothing.",
    f"Rounds count as in reach where their battery could meet {LEAST_MET} or more of a question's paths. "
    "Batteries beside places that the destination holds may be more than the examined paths show.",
    "Every missile flies its minimum-energy shape. Lofted and depressed shapes are not compared: that would "
    "be a search over the attacker's choices.",
    "Ships are where the case puts them; they move, and so would the share.",
    "A missile is counted once. One that carries several warheads or decoys asks for more rounds than that.",
)


@dataclass(frozen=True)
class Cell:
    """One class from one region of one question: its rows among all paths."""

    question: int
    region: str
    threat: str
    rows: slice


@dataclass(frozen=True)
class Met:
    """Who could meet which path with one set of figures: (B, U) latest launch, s after the missile's, -inf
    where there is none."""

    w: World
    latest_s: Floats


@dataclass(frozen=True)
class Paths:
    """All paths of all questions."""

    cells: tuple[Cell, ...]
    orders: tuple[Order, ...]
    flown: Flights
    flies: Flags


def stability(
    case: Case,
    borders: Borders | None,
    regimes: Sequence[str],
    jobs: int,
    progress: Progress = silent,
) -> Stability | None:
    """Answer the case's questions; None where it asks none. `borders` is needed where nations are named."""
    if not case.file.stability:
        return None
    progress("asking what the shield could touch", 0.0)
    paths = _paths(case, borders, jobs)
    ends = [met(c, paths, jobs) for c in envelopes(case)]
    listed = _listed(case, ends[0].w, paths)
    released = _released(case, paths, listed & (ends[1].latest_s >= 0.0), regimes, jobs)
    answers = tuple(
        _answer(case, q, [c for c in paths.cells if c.question == i], paths, ends, listed, released)
        for i, q in enumerate(case.file.stability)
    )
    names = [*case.declared_entries, *(n for n in case.interceptors if n in case.entries)]
    known = {**case.entries, **case.declared_entries}
    return Stability(questions=answers, assumptions=ASSUMPTIONS, entries=tuple(known[n] for n in names))


def envelopes(case: Case) -> tuple[Case, Case, Case]:
    """The case with its interceptors' envelopes at the worse ends of their bands, as is, and better."""
    known = facts(case)
    worse, better = {}, {}
    for (entry, parameter), fact in known.items():
        if entry in case.interceptors and parameter in BETTER:
            up, down = (fact.high, fact.low) if BETTER[parameter] > 0 else (fact.low, fact.high)
            better[entry, parameter], worse[entry, parameter] = up, down
        elif entry in case.systems and parameter == "rounds":
            better[entry, parameter], worse[entry, parameter] = fact.high, fact.low
    return with_figures(case, worse), case, with_figures(case, better)


def _paths(case: Case, borders: Borders | None, jobs: int) -> Paths:
    cells: list[Cell] = []
    orders: list[Order] = []
    for i, q in enumerate(case.file.stability):
        towards = [coarse(d) for d in q.towards]
        for region in q.regions:
            for name in q.classes:
                cells.append(Cell(i, region.name, name, slice(len(orders), len(orders) + PATHS)))
                orders += _orders(case.declared[name], coarse(region), towards, borders)
    flown = fly(orders, STEP_S, jobs)
    return Paths(tuple(cells), tuple(orders), flown, np.nan_to_num(flown.impact_s) > 0.0)


def _orders(
    threat: Threat, region: LaunchRegion, towards: Sequence[Destination], borders: Borders | None
) -> list[Order]:
    """A cell's paths. Where their patterns begin rests on all that the cell is asked by.

    With one pattern for all, two questions alike but for a small destination, or a class that flies a little
    less far, would differ by a single path, and the difference of their shares would tell its fate.
    """
    asked = (replace(threat, name="", title=""), replace(region, name=""), *_geometry(towards))
    key = int(name_hash(repr(asked)))
    turn_rad, phase = 2.0 * math.pi * (key % 2**20) / 2**20, (key >> 20) % 2**20 / 2**20
    f, x, radius_m = region.latitude_rad, region.longitude_rad, region.radius_m
    starts = sunflower(f, x, radius_m, PATHS, turn_rad, phase)
    ends = destinations(towards, borders, PATHS, (key >> 40) % 2**20)
    return [
        Order(threat, (a[0], a[1]), (b[0], b[1]), "minimum-energy")
        for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _geometry(towards: Sequence[Destination]) -> list[object]:
    """Destinations without the names of areas, which are the asker's own."""
    return [replace(d, name="") if d.is_area else d.name for d in towards]


def met(case: Case, paths: Paths, jobs: int) -> Met:
    """The latest launch of each battery that meets each path, whatever its list, radar and rounds."""
    w = world(case, ())
    states = paths.flown.states
    latest = np.full((len(w.batteries), len(states)), -np.inf)
    if not w.batteries:
        return Met(w, latest)
    radars = sensor_rows([w.stations[f.radar] for f in w.batteries])
    tables = [timetable(tuple(flyout_row(f))) for f in w.batteries]

    def task(a: int, b: int) -> None:
        for i in range(a, b):
            row = flyout_row(w.batteries[i])
            near = np.flatnonzero(paths.flies & _near(states, radars[i, X : Z + 1], row))
            if len(near):
                latest[i, near] = _latest_s(paths.flown, near, row, tables[i], radars[i])

    in_chunks(task, len(w.batteries), jobs)
    return Met(w, latest)


def _near(states: Floats, place: Floats, row: Floats) -> Flags:
    """(U,) paths that come so near to a battery at all that a launch may meet them."""
    below = row[flyout.RANGE] ** 2 / (2.0 * MEAN_RADIUS_M)
    limit = math.hypot(row[flyout.RANGE], max(row[flyout.MAX_ALT], below)) + FASTEST_MPS * STEP_S
    apart = np.zeros(states.shape[:2])
    for axis in range(3):
        apart += (states[:, :, axis] - place[axis]) ** 2
    near: Flags = np.asarray((apart <= limit**2).any(axis=1))  # NaN after impact is never near
    return near


def _latest_s(flown: Flights, rows: NDArray[np.int64], row: Floats, table: Floats, radar: Floats) -> Floats:
    """(R,) latest launches that meet the paths in `rows`; all of a path counts, its boost included."""
    count = len(rows)
    launch = np.full((count, flyout.SAMPLES), np.inf)
    intercept = launch.copy()
    anything = np.ones(count, np.bool_)
    flyout.launch_windows(
        np.ascontiguousarray(flown.states[rows]), STEP_S, np.zeros(count), flown.impact_s[rows], row, table,
        radar, False, np.ones((count, 3)), np.zeros(1), anything, launch, intercept,
    )  # fmt: skip
    latest: Floats = np.where(np.isfinite(launch), launch, -np.inf).max(axis=1)
    return latest


def _listed(case: Case, w: World, paths: Paths) -> Flags:
    """(B, U) whether a path's class is on the list of a battery's interceptor."""
    categories = [o.threat.category for o in paths.orders]
    return np.array(
        [[c in f.interceptor.engages for c in categories] for f in w.batteries], np.bool_
    ).reshape(len(w.batteries), len(categories))


def _released(case: Case, paths: Paths, could: Flags, regimes: Sequence[str], jobs: int) -> dict[str, Flags]:
    """(U,) by regime: paths for which a battery that could gets a fire-control track in time to launch.

    Only those are looked at that some interceptor could meet and has on its list: for others it changes
    nothing.
    """
    rows = np.flatnonzero(could.any(axis=0))
    found = {name: np.zeros(len(paths.orders), np.bool_) for name in regimes}
    if not len(rows):
        return found
    states = [case.file.stability[c.question].state for c in paths.cells for _ in range(PATHS)]
    missiles = tuple(_missile(i, paths.orders[i], states[i]) for i in rows.tolist())
    a = arena(case, jobs, missiles, warns=False)
    latest = np.where(np.isfinite(a.g.launch_s), a.g.launch_s, -np.inf).max(axis=2)
    for name in regimes:
        tracked_s = a.pictures(a.rules(name)).fire_control_s
        in_time = np.isfinite(latest) & (latest >= tracked_s) & could[:, rows][:, a.g.first_missile]
        found[name][rows] = in_time.any(axis=0)[a.g.flight_of]
    return found


def _missile(i: int, o: Order, state: str) -> Missile:
    """One path as a missile at nobody's asset. The names stay inside."""
    latitude, longitude = o.launch
    place = LaunchArea(name=f"place {i}", nation=state, latitude_rad=latitude, longitude_rad=longitude)
    return Missile(f"path {i}", o.threat, place, -1, (*o.target, 0.0), 0.0, o.shape)


def _answer(
    case: Case, q: StabilityQuestion, cells: Sequence[Cell], paths: Paths, ends: Sequence[Met], listed: Flags,
    released: dict[str, Flags],
) -> StabilityAnswer:  # fmt: skip
    burnout = np.nan_to_num(paths.flown.burnout_s)
    reach: list[Flags] = [np.asarray(m.latest_s >= 0.0) for m in ends]
    flags: dict[str, list[Flags]] = {
        "from_launch": [np.asarray(r.any(axis=0)) for r in reach],
        "from_burnout": [np.asarray((m.latest_s >= burnout).any(axis=0)) for m in ends],
        "on_list": [np.asarray((r & listed).any(axis=0)) for r in reach],
    }
    every = np.concatenate([np.arange(c.rows.start, c.rows.stop) for c in cells])
    by_region: dict[str, dict[str, ReachShare]] = {r.name: {} for r in q.regions}
    for c in cells:
        rows = np.arange(c.rows.start, c.rows.stop)
        by_region[c.region][c.threat] = _share(rows, paths.flies, flags, released)
    layers = _layers(q, case, ends, [np.asarray(r[:, every].sum(axis=1) >= LEAST_MET) for r in reach])
    missiles = q.missiles.band
    told = {name: (case.declared[name].title, case.declared[name].status) for name in q.classes}
    return StabilityAnswer(
        state=q.state, title=q.title, classes=told, regions=tuple(coarse(r) for r in q.regions),
        towards=tuple(coarse(d) for d in q.towards), missiles=missiles,
        source=_plain(q.source), as_of=q.as_of, note=_plain(q.note), cells=by_region,
        marks=_marks(q, paths, every), whole=_whole(cells, paths.flies, flags, released), layers=layers,
        ratio=_ratio([x.ready for x in layers.values()], missiles),
        ratio_within_reach=_ratio([x.within_reach for x in layers.values()], missiles),
        ratio_on_list=_ratio([x.on_list for x in layers.values()], missiles),
    )  # fmt: skip


def _whole(
    cells: Sequence[Cell], flies: Flags, flags: dict[str, list[Flags]], released: dict[str, Flags]
) -> ReachShare:
    """All cells together. Those of which no share is told are in it only where they are enough together.

    Else the whole less the others would tell their share after all.
    """
    rows = [np.arange(c.rows.start, c.rows.stop) for c in cells]
    few = [r for r in rows if flies[r].sum() < LEAST_PATHS]
    if sum(int(flies[r].sum()) for r in few) < LEAST_PATHS and len(few) < len(rows):
        rows = [r for r in rows if flies[r].sum() >= LEAST_PATHS]
    short = sum(int((~flies[c.rows]).sum()) for c in cells)
    return replace(_share(np.concatenate(rows), flies, flags, released), out_of_range=short)


def _plain(words: str) -> str:
    """A text of several lines as one."""
    return " ".join(words.split())


def _marks(
    q: StabilityQuestion, paths: Paths, rows: NDArray[np.int64]
) -> tuple[tuple[str, float, float, float], ...]:
    """Destinations for a map: wide areas as they are; nations together, by the middle of the places on their
    soil and the distance that holds half of those."""
    areas = [
        (d.name, math.degrees(d.latitude_rad), math.degrees(d.longitude_rad), d.radius_m / 1000.0)
        for d in (coarse(d) for d in q.towards)
        if d.latitude_rad is not None and d.longitude_rad is not None and d.radius_m is not None
    ]
    nations = [d.name for d in q.towards if not d.is_area]
    if not nations:
        return tuple(areas)
    ends = np.array([paths.orders[i].target for i in rows.tolist()])
    on = np.stack(
        [
            np.cos(ends[:, 0]) * np.cos(ends[:, 1]),
            np.cos(ends[:, 0]) * np.sin(ends[:, 1]),
            np.sin(ends[:, 0]),
        ],
        -1,
    )
    x, y, z = middle = on.mean(axis=0) / np.linalg.norm(on.mean(axis=0))
    far_km = MEAN_RADIUS_M / 1000.0 * float(np.quantile(np.arccos(np.clip(on @ middle, -1.0, 1.0)), 0.5))
    place = math.degrees(math.asin(z)), math.degrees(math.atan2(y, x))
    return ((", ".join(nations), *place, far_km), *areas)


def _share(
    rows: NDArray[np.int64], flies: Flags, flags: dict[str, list[Flags]], released: dict[str, Flags]
) -> ReachShare:
    """Shares of the paths in `rows` that fly; none where they are too few to be told."""
    flown = rows[flies[rows]]
    short = len(rows) - len(flown)
    if len(flown) < LEAST_PATHS:
        return ReachShare(
            paths=len(flown), out_of_range=short, from_launch=None, from_burnout=None, on_list=None,
            released=None,
        )  # fmt: skip
    band = {name: _band([float(f[flown].mean()) for f in three]) for name, three in flags.items()}
    told = {name: float(f[flown].mean()) for name, f in released.items()}
    return ReachShare(paths=len(flown), out_of_range=short, released=told, **band)


def _band(three: Sequence[float]) -> Band:
    """Worse, as is, better; interpolated flight times may put them out of order by a hair."""
    low, value, high = three
    return Band(value=value, low=min(low, value), high=max(high, value))


def _layers(
    q: StabilityQuestion, case: Case, ends: Sequence[Met], reached: Sequence[Flags]
) -> dict[str, LayerRounds]:
    categories = {case.declared[name].category for name in q.classes}
    found = {}
    for layer in LAYERS:
        own = [i for i, f in enumerate(ends[1].w.batteries) if f.interceptor.layer == layer]
        if not own:
            continue
        fires = [i for i in own if categories & set(ends[1].w.batteries[i].interceptor.engages)]
        counts = [np.array([f.rounds for f in m.w.batteries]) for m in ends]
        found[layer] = LayerRounds(
            ready=_band([float(n[own].sum()) for n in counts]),
            within_reach=_band([float(n[own][r[own]].sum()) for n, r in zip(counts, reached, strict=True)]),
            on_list=_band([float(n[fires].sum()) for n in counts]),
        )
    return found


def _ratio(rounds: Sequence[Band], missiles: Band) -> Band:
    """Rounds of all layers to one missile."""
    value, low, high = (sum(getattr(b, end) for b in rounds) for end in ("value", "low", "high"))
    return Band(value=value / missiles.value, low=low / missiles.high, high=high / missiles.low)
