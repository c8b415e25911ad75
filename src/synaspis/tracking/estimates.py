"""What follows from the state of a track: impact point, launch point, range class; how many objects there
are.

All take N tracks at once: `means` (N, 7), `covs` (N, 7, 7) and `mode` (N,), the row among `modes` in whose
terms they are, as `Tracker.mixture` and `PhasesBank.estimate` give them; `times_s` is one time for all or
(N,). Decision and measured coverage: docs/decisions/estimates.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import impact, motion
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.orbit import class_speeds, surface_speeds
from synaspis.model.estimate import CLASS_RANGES_M, Count, Floats, Spots
from synaspis.tracking.filters import PHASES, Mode, in_chunks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BAND = 0.90
"""What the interval of a count holds at least."""
LEAST_MPS, GREATEST_MPS = 990.0, 7_500.0
"""Surface speeds between which missiles burn out: those that fly 100 and 12,000 km."""
CLASS_SPREAD = 0.015
"""Relative spread of the surface speed that flies a range: launches eastward need less. Measured on the
catalogue's classes of 1,000 km and more."""
AIR_M = 40_000.0
"""Below this on the way down air has taken a share of the speed that tells the class."""
NEIGHBOUR_M, NEIGHBOUR_MPS = 10_000.0, 50.0
"""How far objects that fly together are apart, one sigma along each axis, assumed."""
DUPLICATE = 0.2
"""Chance that a track near another is of the same object, before they are compared, assumed."""


def impacts(
    means: Floats, covs: Floats, mode: Ints, times_s: Floats | float, *, modes: Sequence[Mode] = PHASES,
    floor_m: float = 0.0, threads: int = 1, known: dict[bytes, Floats] | None = None,
) -> Spots:  # fmt: skip
    """Where and when each comes down to the height `floor_m`.

    `known` is filled: a state that is in it is not worked out again. It is for one height.

    NaN under power, since nobody knows when it burns out, for what is down, and for a track so poor that part
    of what it allows never comes down.
    """
    kinds = _kinds(mode, modes)
    if known is None:
        return _spots(_impacts(means, covs, kinds, floor_m, threads), times_s)
    keys = [a.tobytes() + b.tobytes() + c.tobytes() for a, b, c in zip(means, covs, kinds, strict=True)]
    new = [i for i, key in enumerate(keys) if key not in known]
    if new:
        found = _impacts(means[new], covs[new], kinds[new], floor_m, threads)
        known.update({keys[i]: row for i, row in zip(new, found, strict=True)})
    return _spots(np.array([known[key] for key in keys]).reshape(-1, impact.SPOT_COLUMNS), times_s)


def _impacts(means: Floats, covs: Floats, kinds: Floats, floor_m: float, threads: int) -> Floats:
    out = np.empty((len(means), impact.SPOT_COLUMNS))

    def run(part: slice) -> None:
        impact.impacts(means[part], covs[part], kinds[part], floor_m, out[part])

    in_chunks(len(means), threads, run)
    return out


def launches(
    means: Floats, covs: Floats, mode: Ints, times_s: Floats | float, *, modes: Sequence[Mode] = PHASES
) -> Spots:
    """Whence and when each was launched, from a state under power: the earlier, the better.

    NaN in other modes, and outside the heights of an ascent.
    """
    out = np.empty((len(means), impact.SPOT_COLUMNS))
    impact.launches(means, covs, _kinds(mode, modes), out)
    return _spots(out, times_s)


def class_chances(means: Floats, covs: Floats, mode: Ints, *, modes: Sequence[Mode] = PHASES) -> Floats:
    """(N, 4) chances of the range classes `model.estimate.CLASSES`; rows sum to 1, NaN without a covariance.

    By the speed at burnout, as if the missile had been left behind at the surface: of the class as flown, so
    that a lofted one looks farther-reaching than its ground range. Under power, and low in the air on the way
    down, the speed of burnout is at least that of now: all classes start with the same chance, and speeds
    within one are equally likely.
    """
    from scipy.special import ndtr

    borders = np.array([LEAST_MPS, *class_speeds(CLASS_RANGES_M), GREATEST_MPS])
    speed, slope = surface_speeds(means[:, : motion.SEVENTH])
    state = motion.SEVENTH
    variance = np.einsum("ni,nij,nj->n", slope, covs[:, :state, :state], slope)
    with np.errstate(invalid="ignore"):
        sigma = np.sqrt(variance + (CLASS_SPREAD * speed) ** 2)
    off = (borders - speed[:, None]) / sigma[:, None]
    below = ndtr(off)
    below[:, 0], below[:, -1] = 0.0, np.where(np.isnan(sigma), np.nan, 1.0)
    as_flown = np.diff(below, axis=1)
    # The integral of the chance that the speed is already beyond F, over each class's speeds F.
    above = sigma[:, None] * (off * ndtr(off) + np.exp(-0.5 * off * off) / math.sqrt(2.0 * math.pi))
    at_least = np.diff(above, axis=1) / np.diff(borders)
    at_least[:, -1] += 1e-12  # faster than all: of the farthest
    at_least /= at_least.sum(axis=1, keepdims=True)
    found: Floats = np.where(_slowed(means, mode, modes)[:, None], at_least, as_flown)
    return found


def _slowed(means: Floats, mode: Ints, modes: Sequence[Mode]) -> Bools:
    """Whether the speed of burnout is more than what is left: under power, or after much air."""
    height = np.linalg.norm(means[:, :3], axis=1) - MEAN_RADIUS_M
    sinks = np.einsum("ni,ni->n", means[:, :3], means[:, 3:6]) < 0.0
    found: Bools = (_kinds(mode, modes) == motion.THRUST) | (sinks & (height < AIR_M))
    return found


def duplicates(means: Floats, covs: Floats) -> Floats:
    """(N,) chance that a track is a second one of an object that an earlier row has.

    By Bayes's rule: two tracks of one object differ by their errors alone, those of two objects of one raid
    by how far such objects are apart too. The errors of two tracks are taken as independent.
    """
    count, chance = len(means), np.zeros(len(means))
    apart = np.repeat((NEIGHBOUR_M, NEIGHBOUR_MPS), 3) ** 2
    for n in range(1, count):
        off = means[:n, :6] - means[n, :6]
        spread = covs[:n, :6, :6] + covs[n, :6, :6]
        reach = 6.0 * np.sqrt(np.trace(spread[:, :3, :3], axis1=1, axis2=2))
        for i in np.flatnonzero(np.linalg.norm(off[:, :3], axis=1) < reach):
            one = _log_density(off[i], spread[i])
            two = _log_density(off[i], spread[i] + np.diag(apart))
            odds = DUPLICATE / (1.0 - DUPLICATE) * math.exp(min(one - two, 700.0))
            chance[n] = max(chance[n], odds / (1.0 + odds))
    return chance


def _log_density(off: Floats, cov: Floats) -> float:
    """Of a normal distribution, without its constant; -inf where `cov` is none."""
    sign, log_det = np.linalg.slogdet(cov)
    if not sign > 0.0:
        return -math.inf
    return float(-0.5 * (log_det + off @ np.linalg.solve(cov, off)))


def object_count(exists: Floats, same: Floats | None = None) -> Count:
    """How many separate objects there are, from the chances `exists` (N,) that tracks are of something.

    `same` (N,): the chance that a track is a second one of an object that another track has (`duplicates`).
    Tracks are taken as independent: the count is Poisson's binomial.
    """
    chances = np.clip(exists if same is None else exists * (1.0 - same), 0.0, 1.0)
    odds = np.ones(1)
    for chance in chances:
        odds = np.convolve(odds, (1.0 - chance, chance))
    upto = np.cumsum(odds)
    tail = 0.5 * (1.0 - BAND)
    return Count(
        expected=float(chances.sum()),
        low=int(np.argmax(upto > tail)),
        high=int(np.argmax(upto >= 1.0 - tail - 1e-12)),
    )


def inside(spots: Spots, latitude_rad: Floats, longitude_rad: Floats) -> Bools:
    """(N,) whether places on the ground lie within the 90 % ellipses; False where there is none."""
    from synaspis.kernels.earth import ecef_from_geodetic, enu_axes

    level = np.zeros(len(spots.latitude_rad))
    centre = np.column_stack([spots.latitude_rad, spots.longitude_rad, level])
    place = np.column_stack([np.broadcast_to(x, level.shape) for x in (latitude_rad, longitude_rad, level)])
    way = ecef_from_geodetic(place) - ecef_from_geodetic(centre)
    east, north, _ = np.einsum("nij,nj->in", enu_axes(centre), way)
    along = east * np.sin(spots.bearing_rad) + north * np.cos(spots.bearing_rad)
    across = east * np.cos(spots.bearing_rad) - north * np.sin(spots.bearing_rad)
    found: Bools = (along / spots.semi_major_m) ** 2 + (across / spots.semi_minor_m) ** 2 <= 1.0
    return found


def _kinds(mode: Ints, modes: Sequence[Mode]) -> Floats:
    kinds: Floats = np.array([m.row()[motion.KIND] for m in modes])[mode]
    return kinds


def _spots(found: Floats, times_s: Floats | float) -> Spots:
    cov = found[:, impact.COV : impact.MAJOR].reshape(-1, 3, 3)
    return Spots(
        latitude_rad=found[:, impact.LATITUDE],
        longitude_rad=found[:, impact.LONGITUDE],
        time_s=times_s + found[:, impact.TIME],
        covs=cov,
        semi_major_m=ELLIPSE_90 * found[:, impact.MAJOR],
        semi_minor_m=ELLIPSE_90 * found[:, impact.MINOR],
        bearing_rad=found[:, impact.BEARING],
    )
