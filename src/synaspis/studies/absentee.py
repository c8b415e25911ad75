"""Which interceptors in orbit can meet a rising missile: in closed form, and by counting over a day.

The missile rises straight up with the heights that its class has on its way to burnout: no direction is
meant. The closed form takes it at the last moment at which it may be met, over satellites that are anywhere
on their orbits; the count puts a Walker pattern on its orbits and looks, then and all through the burn.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.workers import in_chunks
from synaspis.kernels import absentee, satellite
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, ecef_from_geodetic
from synaspis.model.boost_layer import IN_REACH, Simulated
from synaspis.model.orbit import days_since_2000
from synaspis.model.space_interceptor import SpaceInterceptor

Floats = NDArray[np.float64]

TIMES, EVERY_S = 358, 241.0
"""A day is looked at so often: no multiple of a low orbit's period, so that no phase is seen twice."""
LOOK_S = 10.0
"""How often a burn is looked at."""
PHASING = 1


@dataclass(frozen=True)
class Rising:
    """A missile that rises above a place: heights (K,) m at times (K,) s, up to burnout at `burn_s`.

    A single height stands for a missile that is met there, whenever it burns out.
    """

    latitude_rad: float
    longitude_rad: float
    times: Floats
    heights: Floats
    burn_s: float

    def height_m(self, time_s: float, burn_s: float) -> float:
        """Its height at a time, were its burn to last `burn_s`: the same way in another time."""
        return float(np.interp(time_s * self.burn_s / burn_s, self.times, self.heights))


def flight_s(i: SpaceInterceptor, burn_s: float) -> float:
    """How long an interceptor may fly before the missile must be met; below 0 it cannot leave in time."""
    return burn_s - i.margin_s - i.detection_s - i.decision_s


def row(i: SpaceInterceptor, m: Rising, burn_s: float) -> tuple[float, ...]:
    """The kernel's row for a missile that burns for `burn_s`; no time to fly where it is met too low."""
    height = m.height_m(burn_s - i.margin_s, burn_s)
    place = ecef_from_geodetic(np.array([[m.latitude_rad, 0.0, height]]))[0]
    radius = float(np.linalg.norm(place))
    time = flight_s(i, burn_s) if height >= i.lowest_m else 0.0
    return (
        i.fly_out_mps, i.accelerating_s, time, EQUATORIAL_RADIUS_M + i.altitude_m, radius,
        math.asin(float(place[2]) / radius), i.inclination_rad,
    )  # fmt: skip


def shares(rows: Sequence[tuple[float, ...]]) -> Floats:
    """Share of satellites in reach of each row, (R,)."""
    out = np.empty(len(rows))
    absentee.shares(np.array(rows).reshape(-1, 7), out)
    return out


def verdict(i: SpaceInterceptor, m: Rising) -> str:
    """Whether the missile can be met, and why not."""
    told = row(i, m, m.burn_s)
    if flight_s(i, m.burn_s) <= 0.0:
        return "too late"
    if told[2] <= 0.0:
        return "too low"
    if radius_m(i, m) <= 0.0:
        return "too far"
    return IN_REACH if shares([told])[0] > 0.0 else "no orbit"


def radius_m(i: SpaceInterceptor, m: Rising) -> float:
    """How far to the side, along the shell of orbits, a satellite in reach may be; 0 for none."""
    speed, gathering, time, orbit, point, _, _ = row(i, m, m.burn_s)
    return orbit * absentee.cap_rad(orbit, point, absentee.flown_m(speed, gathering, time))


def planes_of(satellites: int) -> int:
    """In how many planes a pattern of about so many is laid: near the root, and dividing it if it can be."""
    root = math.isqrt(satellites)
    choices = range(max(1, root // 2), root + 1)
    return min(choices, key=lambda p: (abs(satellites - p * round(satellites / p)), -p))


def simulated(
    i: SpaceInterceptor,
    satellites: int,
    missiles: Sequence[Rising],
    needed: int,
    start: dt.datetime,
    jobs: int,
) -> list[Simulated]:
    """How many of a pattern are in reach of each of `missiles` over the day from `start`, UTC."""
    planes = planes_of(satellites)
    count = planes * round(satellites / planes)
    elements = satellite.walker(count, planes, PHASING, i.altitude_m, i.inclination_rad, False)
    seconds = EVERY_S * np.arange(TIMES, dtype=np.float64)
    days = days_since_2000(start) + seconds / satellite.DAY_S
    looks = [_looks(i, m) for m in missiles]
    last, any_time = np.zeros((2, len(missiles), TIMES), np.int64)

    def task(begin: int, end: int) -> None:
        near = np.zeros((len(missiles), end - begin, 1, count), np.bool_)
        for k in range(max((len(reach) for _, reach in looks), default=0)):
            then = seconds[begin:end] - k * LOOK_S
            places = np.empty((end - begin, count, 3))
            sidereal = satellite.gmst_rad(days[begin:end] - k * LOOK_S / satellite.DAY_S)
            satellite.fixed_positions(elements, then, sidereal, places)
            for m, (points, reach) in enumerate(looks):
                if k < len(reach):
                    absentee.mark(places, points[k : k + 1], float(reach[k]), near[m])
            if k == 0:
                last[:, begin:end] = near[:, :, 0].sum(axis=2)
        any_time[:, begin:end] = near[:, :, 0].sum(axis=2)

    in_chunks(task, TIMES, jobs)
    alone = [len(reach) < 2 for _, reach in looks]
    return [_told(last[m], any_time[m], needed, alone[m]) for m in range(len(missiles))]


def _looks(i: SpaceInterceptor, m: Rising) -> tuple[Floats, Floats]:
    """Places (K, 3) of the missile and how far interceptors then get (K,), from the last moment back."""
    meet = m.burn_s - i.margin_s
    count = 1 if len(m.times) < 2 else max(1, int(flight_s(i, m.burn_s) / LOOK_S) + 1)
    times = [meet - LOOK_S * k for k in range(count)]
    heights = [m.height_m(t, m.burn_s) for t in times]
    high = [k for k in range(count) if heights[k] >= i.lowest_m]
    points = [(m.latitude_rad, m.longitude_rad, heights[k]) for k in high]
    flown = [
        absentee.flown_m(i.fly_out_mps, i.accelerating_s, flight_s(i, m.burn_s) - LOOK_S * k) for k in high
    ]
    return ecef_from_geodetic(np.array(points).reshape(-1, 3)), np.array(flown)


def _told(last: NDArray[np.int64], any_time: NDArray[np.int64], needed: int, alone: bool) -> Simulated:
    return Simulated(
        mean=float(last.mean()),
        least=int(last.min()),
        p05=float(np.percentile(last, 5)),
        p50=float(np.percentile(last, 50)),
        most=int(last.max()),
        enough=float((last >= needed).mean()),
        burning=math.nan if alone else float(any_time.mean()),
    )
