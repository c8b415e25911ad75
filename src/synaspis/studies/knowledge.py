"""What a nation knows of a launch besides its track: the class, the launch point, why it knows it.

**Class.** Range classes are told apart by burnout speed: the speed that the missile would have had if it had
been left behind at the surface, against the least speeds that fly 1,000, 3,000 and 5,500 km. A class is told
once the 90 % interval of that speed holds none of these. It is the class as flown: a lofted missile
looks farther-reaching than its ground range.

**Launch point.** The first looks of infrared sensors place the missile where it leaves cloud, at a height
known to half the band of cloud break in the catalogue; it has hardly moved sideways by then, and what it
has moved is counted as error. Two satellites need no height.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, Geometry
from synaspis.engine.pictures import OWN, Pictures
from synaspis.engine.satellites import places
from synaspis.engine.sources import Sources
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.kernels.orbit import class_speeds, surface_speeds
from synaspis.model.estimate import CLASS_RANGES_M
from synaspis.model.sensor import Infrared
from synaspis.sharing.conditions import ALWAYS
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CLOUD_SPREAD_M = 1_500.0
"""One sigma of the height at which a missile clears cloud: half the catalogue's band of 7 to 10 km."""
SURE_90 = 1.645
"""Standard deviations to either side that hold 90 % in one dimension."""
IMPACT_LIMITS_M = {"impact_50km_s": 50_000.0, "impact_10km_s": 10_000.0, "impact_1km_s": 1_000.0}
LAUNCH = "launch_s"
"""Key of the (B, U) first launches that a fire-control track allows; all others are (N, U)."""
NOTICED_S = 1.0
"""What differs by less counts as the same: a clause is cited where its loss would cost as much."""
LEAST_LEVEL = {"alert_s": 0, "warned_s": 0, "track_s": 2, LAUNCH: 2}
"""Step of the product ladder from which a source bears on each time; 1 where not said."""


def times(a: Arena, given: Rules) -> dict[str, Floats]:
    """Everything that `given` lets nations (N, U) and batteries (B, U) know, in seconds after launch."""
    return _times(a, a.pictures(given))


def _times(a: Arena, made: Pictures) -> dict[str, Floats]:
    return {
        "alert_s": made.alert_s,
        "class_s": np.where(_ballistic(a), a.maker.told_apart(made, class_rows(a.g)), np.inf),
        **{stage: a.maker.impact_within(made, limit) for stage, limit in IMPACT_LIMITS_M.items()},
        "track_s": made.track_s,
        "warned_s": made.warned_s,
        LAUNCH: made.fire_control_s,
    }


def _ballistic(a: Arena) -> Bools:
    """(U,) whether a flight has a burnout speed that tells its range."""
    return np.array([not a.w.missiles[i].threat.prescribed for i in a.g.first_missile])


def class_rows(g: Geometry) -> Floats:
    """(U, 2, 6): surface speed by the state at burnout, in units that reach 1 where it tells the class.

    The second row is zero. Zero where nothing flies.
    """
    borders = class_speeds(CLASS_RANGES_M)
    out = np.zeros((len(g.states), 2, 6))
    for u, at_s in enumerate(g.settled_s):
        state = g.states[u, math.ceil(at_s / STEP_S)] if at_s > 0.0 else np.full(6, np.nan)
        if np.isnan(state).any():
            continue
        speed, slope = surface_speeds(state[None])
        margin = max(float(np.abs(borders - speed).min()), 1e-3)
        out[u, 0] = slope[0] * SURE_90 / (ELLIPSE_90 * margin)
    return out


def launch_point(a: Arena, made: Pictures, nation: str, u: int) -> tuple[float, float]:
    """When `nation` gets its first infrared report of flight `u`, and how well it then knows whence.

    Semi-major axis of the 90 % ellipse, from all infrared reports that it has by then; inf, NaN without.
    """
    reports = _reports(a, made, nation, u)
    if not reports:
        return math.inf, math.nan
    at_s = min(reports.values())
    return at_s, _launch_point_m(a, u, sorted(s for s, t in reports.items() if t <= at_s))


def _launch_point_m(a: Arena, u: int, seen: Sequence[int]) -> float:
    first = a.g.states[u, 0, :3]
    up = first / np.linalg.norm(first)
    told, moved_m = np.outer(up, up) / CLOUD_SPREAD_M**2, 0.0
    for s in seen:
        kind, pair = a.w.stations[s].type, a.g.information.pair_of[s, u]
        assert isinstance(kind, Infrared)
        look = int(a.g.information.span[pair, 0])
        missile = a.g.states[u, look, :3]
        line = missile - _place(a, s, u, look)
        distance = float(np.linalg.norm(line))
        line /= distance
        looks = kind.looks_to_report / (distance * kind.line_of_sight_rad) ** 2
        told = told + looks * (np.eye(3) - np.outer(line, line))
        way = missile - first
        moved_m = max(moved_m, float(np.linalg.norm(way - (way @ up) * up)))
    level = np.eye(3) - np.outer(up, up)
    widest = float(np.linalg.eigvalsh(level @ np.linalg.inv(told) @ level)[-1])
    return math.hypot(ELLIPSE_90 * math.sqrt(widest), moved_m)


def _place(a: Arena, s: int, u: int, sample: int) -> Floats:
    """(3,) where station `s` is at a sample of flight `u`."""
    motion = a.w.stations[s].motion
    if motion is None:
        return np.asarray(a.g.sensors[s, :3])
    seconds = a.w.missiles[a.g.first_missile[u]].launch_s + STEP_S * sample
    found: Floats = places([motion], a.w.case.file.starts, np.array([seconds]))[0, 0]
    return found


def _reports(a: Arena, made: Pictures, nation: str, u: int) -> dict[int, float]:
    """When the nation gets each infrared station's first report of flight `u`, where it ever does."""
    found: dict[int, float] = {}
    for g, source in enumerate(made.heard[nation]):
        for s, delay_s, kind in source.entries:
            if not isinstance(a.w.stations[s].type, Infrared) or a.g.information.pair_of[s, u] < 0:
                continue
            start = (made.sees_s if kind == "own" else made.base_s)[s, u]
            when = float(max(start + delay_s, made.since_s[nation][g, u]))
            if when < found.get(s, math.inf):
                found[s] = when
    return found


# -- why ---------------------------------------------------------------------------------------


class Reasons:
    """Which clauses each time rests on: those without which it would be a second later or more.

    Where none alone is missed, because another would do, all are cited under which the nation gets what
    might serve; nothing is cited where the nation's own sensors do as well.
    """

    def __init__(self, a: Arena, given: Rules) -> None:
        self.a, self.made, self.times = a, a.pictures(given), times(a, given)
        self._without = {}
        for clause, nations in _bearing(a, given, self.made).items():
            others = a.maker.make(given.without(clause), nations=nations)
            self._without[clause] = self._later(_times(a, others), nations)
        self._alone = self._later(times(a, replace(given, releases=())), a.w.nations)

    def _later(self, others: Mapping[str, Floats], nations: Collection[str]) -> dict[str, Bools]:
        """By stage, which times would be later: those of `nations`, which alone `others` tell."""
        bears = np.array([n in nations for n in self.a.w.nations])[:, None]
        fires = np.array([f.battery.owner in nations for f in self.a.w.batteries], np.bool_)[:, None]
        return {
            stage: (others[stage] > self.times[stage] + NOTICED_S) & (fires if stage == LAUNCH else bears)
            for stage in self.times
        }

    def of(self, stage: str, row: int, u: int) -> tuple[str, ...]:
        """Clauses behind `stage` of nation (or battery, for LAUNCH) `row` and flight `u`, in order."""
        if not np.isfinite(self.times[stage][row, u]):
            return ()
        missed = tuple(c for c, later in self._without.items() if later[stage][row, u])
        if missed or not self._alone[stage][row, u]:
            return missed
        nation = self.a.w.batteries[row].battery.owner if stage == LAUNCH else self.a.w.nations[row]
        least = LEAST_LEVEL.get(stage, 1)
        told = self.made.sources if least > 1 else self.made.heard  # tracks are for defence
        sources = [s for s in told[nation] if least <= s.level < OWN]
        return tuple(dict.fromkeys(c for s in sources for c in s.clauses))


def _bearing(a: Arena, given: Rules, made: Pictures) -> dict[str, set[str]]:
    """Clauses on which what is known may rest, each with the nations whose pictures may rest on it.

    A release bears on those of whose sources one cites it. The consent to a site bears on its owner, on those
    that get something from it, and on those that are told once its owner knows enough.
    """
    held = {n: (*made.sources[n], *made.heard[n]) for n in a.w.nations}
    found: dict[str, set[str]] = {}
    for c in given.consents:
        rows = {s for s, x in enumerate(a.w.stations) if x.site in c.sites} if "use" in c.scope else set()
        if any((a.g.information.pair_of[s] >= 0).any() for s in rows):
            owners = {a.w.stations[s].owner for s in rows}
            found[c.id] = owners | {n for n, sources in held.items() if _rests_on(sources, rows, owners)}
    cited = {n: {clause for s in sources for clause in s.clauses} for n, sources in held.items()}
    for release in given.releases:
        if nations := {n for n, clauses in cited.items() if release.id in clauses}:
            found[release.id] = nations
    return found


def _rests_on(sources: Sources, rows: Collection[int], owners: Collection[str]) -> bool:
    """Whether some source has a station in `rows`, or comes only once one of `owners` knows enough."""
    return any(
        (s.predicate != ALWAYS and s.owner in owners) or any(row in rows for row, _, _ in s.entries)
        for s in sources
    )
