"""Missiles of any class flown: ballistic ones by the trajectory kernels, others by prescribed profiles."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.vehicles import SHAPES, vehicles
from synaspis.kernels import trajectory
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.threat import Threat

Floats = NDArray[np.float64]
Angles = tuple[float, float]

SETTLED_S = 60.0
"""A prescribed flight counts as predictable from its dive on, or from so long before impact."""


@dataclass(frozen=True)
class Order:
    """One missile to fly: its class, places as (latitude, longitude) in rad, at height 0, and shape."""

    threat: Threat
    launch: Angles
    target: Angles
    shape: str
    via: tuple[Angles, ...] = ()


@dataclass(frozen=True)
class Flights:
    """N flights on a grid of times: states (N, K, 6), NaN after impact; the rest (N,), NaN where none flies.

    `settled_s` is when the place of impact begins to follow from the state: at burnout, or late where the
    profile is prescribed. `reach_m` is how far the class flies where it does not get there, else NaN.
    """

    times: Floats
    states: Floats
    burnout_s: Floats
    settled_s: Floats
    impact_s: Floats
    closure_m: Floats
    reach_m: Floats


@dataclass(frozen=True)
class Prescribed:
    """One prescribed flight: profile rows and path of `kernels.profile`; no rows where there is none."""

    rows: Floats
    path: object
    burnout_s: float
    settled_s: float
    reach_m: float
    closure_m: float

    def states(self, times: Floats) -> Floats:
        """(N, 6) ECEF states at `times`, NaN outside the flight."""
        from synaspis.kernels import profile

        assert isinstance(self.path, profile.Path)
        return profile.states_at(self.rows, self.path, times)


def fly(orders: Sequence[Order], dt_s: float, threads: int = 1) -> Flights:
    """Fly missiles on a grid of `dt_s`. Where a class does not get there, all but its reach is NaN."""
    ballistic = [i for i, o in enumerate(orders) if not o.threat.prescribed]
    found: dict[int, Prescribed] = {i: prescribed(o) for i, o in enumerate(orders) if o.threat.prescribed}
    flown = _ballistic([orders[i] for i in ballistic], dt_s, threads)
    if not found:
        return flown
    ends = [p.rows[-1, 0] for p in found.values() if len(p.rows)]
    count = max(len(flown.times), *(int(end / dt_s) + 1 for end in ends), 1)
    times: Floats = dt_s * np.arange(count, dtype=np.float64)
    states = np.full((len(orders), count, 6), np.nan)
    columns = np.full((5, len(orders)), np.nan)
    states[ballistic, : len(flown.times)] = flown.states
    columns[:, ballistic] = (
        flown.burnout_s, flown.settled_s, flown.impact_s, flown.closure_m, flown.reach_m
    )  # fmt: skip
    for i, p in found.items():
        columns[4, i] = p.reach_m
        if len(p.rows):
            states[i] = p.states(times)
            impact_s = float(p.rows[-1, 0])
            columns[:4, i] = p.burnout_s, p.settled_s, impact_s, p.closure_m
    return Flights(times, states, *columns)


def _ballistic(orders: Sequence[Order], dt_s: float, threads: int) -> Flights:
    if not orders:
        none = np.zeros(0)
        return Flights(np.zeros(1), np.zeros((0, 1, 6)), none, none, none, none, none)
    places = np.zeros((2, len(orders), 3))
    places[0, :, :2] = [o.launch for o in orders]
    places[1, :, :2] = [o.target for o in orders]
    shapes = np.array([SHAPES.index(o.shape) for o in orders], np.int64)
    times, states, burnout, impact, closure, reach = trajectory.fly(
        *vehicles([o.threat for o in orders]), places[0], places[1], shapes, dt_s, threads
    )
    return Flights(times, states, burnout, burnout, impact, closure, reach)


def prescribed(order: Order) -> Prescribed:
    """The prescribed flight of a class that is not ballistic."""
    from synaspis.kernels import glide, profile

    threat = order.threat
    places = np.array([order.launch, *order.via, order.target])
    share = threat.glide.sideways_share if threat.glide else 0.0
    path = profile.path_along(places, share)
    length_m = float(path.length[-1])
    if threat.cruise:
        c, reach_m = threat.cruise, threat.range_m
        near = profile.cruise_rows(length_m, c.speed_mps, c.height_m, c.climb_rad, c.dive_rad)
        rows = near if length_m <= _CRUISE_GRACE * reach_m else near[:0]
    else:
        room = np.empty((glide.MOST_ROWS, 6))
        count, reach_m = glide.solve_plan(_plan(threat), length_m, room)
        rows = room[:count].copy()
    if not len(rows):
        return Prescribed(rows, path, math.nan, math.nan, reach_m, math.nan)
    burnout_s = 0.0 if threat.cruise else profile.phase_start_s(rows, glide.COASTING)
    dive_s = profile.phase_start_s(rows, glide.DIVING)
    settled_s = max(burnout_s, min(dive_s, float(rows[-1, 0]) - SETTLED_S))
    end = profile.states_at(rows, path, rows[-1:, 0])[0, :3]
    closure_m = float(np.linalg.norm(end - ecef_from_geodetic(np.array([[*order.target, 0.0]]))[0]))
    return Prescribed(rows, path, burnout_s, settled_s, math.nan, closure_m)


_CRUISE_GRACE = 1.02
"""How far past its published range a cruise missile flies, as far as a raid may aim it."""


def farthest_m(threat: Threat) -> float:
    """How far along its path over the ground a gliding class flies at most; NaN if it does not fly."""
    from synaspis.kernels import glide

    rows = np.empty((glide.MOST_ROWS, 6))
    count = glide.fly_plan(_plan(threat), _plan(threat)[glide.TOP_SPEED], rows)
    return float(rows[count - 1, glide.GROUND]) if count else math.nan


def _plan(threat: Threat) -> Floats:
    g = threat.glide
    assert g is not None
    burn_s = sum(s.burn_s for s in threat.stages)
    skips = 1.0 if threat.flight == "skip" else 0.0
    given = (
        burn_s, g.top_speed_mps, 0.0, threat.ballistic_coefficient_kgpm2, g.lift_to_drag, g.end_speed_mps,
        g.dive_rad, g.load, skips,
    )  # fmt: skip
    return np.array(_climbing(given, g.apogee_m))


@functools.lru_cache(maxsize=64)
def _climbing(given: tuple[float, ...], apogee_m: float) -> tuple[float, ...]:
    """The plan with the climb angle that its apogee needs."""
    from synaspis.kernels import glide

    plan = np.array(given)
    plan[glide.CLIMB] = glide.climb_for(plan, apogee_m)
    return tuple(plan.tolist())
