"""Where and when tracked missiles come down, and whence they came: places on the ground with covariances.

**Impact.** Points about a state fly to the ground by the flight kernels, each with its own ballistic
coefficient; mean and covariance of where and when they land are the estimate. Before re-entry nobody knows
the coefficient, and where a missile lands is a skewed function of it: it gets two points of its own, and
place and velocity, given it, those of the cubature rule (as in `ukf`). Nothing is linearised but the ground,
which is taken as flat over the ellipse.

**Launch.** A missile under power stands at a height h with an upward speed v and a sideways speed w. Over an
ascent h = RISE v t and the ground covered is DRIFT h w / v, with t the time since launch: were the
acceleration constant, RISE would be a half and DRIFT 1. Before that, two facts about ascents are taken in as
measurements, for states whose velocity is hardly known: how fast a missile rises at that height, and how far
it leans. All are means and spreads over the catalogue's ballistic classes, four directions, three distances
and three shapes, between 3 and 120 km (docs/decisions/estimates.md).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import (
    J2,
    ROTATION_RADPS,
    geodetic_sine_height,
    quick_height_m,
    set_enu,
    to_ecef,
)
from synaspis.kernels.flight import LONGEST_FLIGHT_S, advance_lanes, fall, stride_s
from synaspis.kernels.jit import inlined, kernel
from synaspis.kernels.motion import DRAG, SEVENTH, STATES, THRUST, inverse_beta
from synaspis.kernels.squares import factor

Floats = NDArray[np.float64]

LATITUDE, LONGITUDE, TIME, COV, MAJOR, MINOR, BEARING = 0, 1, 2, 3, 12, 13, 14
SPOT_COLUMNS = 15
"""A spot: latitude, longitude (rad), time (s from the state's), covariance of east (m), north (m), time (s)
row by row, one-sigma long and short axis (m), bearing of the long one (rad, 0 to pi)."""

POINTS = 15
"""The state itself, two for the ballistic coefficient, twelve for place and velocity."""
WIDTH = 16  # whole registers: the lane left over flies the state itself again
BETA_REACH = 1.5
"""Standard deviations from the mean at which the coefficient's points lie. Measured: with this the ellipse
holds 90 %, be the coefficient all of the error or a third of it; 1.2 would hold 88 %, 2 would hold 92 %."""
REACH = math.sqrt(6.0)

RISE, RISE_PER_SQUARE, RISE_SPREAD, RISE_SPREAD_PER_LOG = 0.512, -0.012, 0.09, 0.035
"""The mean with the square of the logarithm of the height over KNEE_M; its relative spread with that."""
DRIFT, DRIFT_PER_LOG, DRIFT_PER_SQUARE, DRIFT_SPREAD = 0.42, 0.09, 0.028, 0.05
KNEE_M, LEAST_SPREAD = 10_000.0, 0.03
LOWEST_ASCENT_M, HIGHEST_ASCENT_M = 1_000.0, 150_000.0
"""Between these heights a launch is reckoned back."""
LOG_CLIMB, LOG_CLIMB_SPREAD = 2.77, 0.5
"""Logarithm of v^2 / 2h, m/s2."""
TILT_PER_M, MOST_TILT = 6e-5, 2.0
"""Root mean square of w / v, by height up to a greatest."""
GROUND_SPREAD_M = 500.0
"""One sigma of the height of the ground from which missiles are launched, assumed."""


@inlined
def _usable(mean: Floats, cov: Floats) -> bool:
    """Whether all numbers are finite, and no variance is below 0."""
    total = 0.0
    for i in range(STATES):
        if not cov[i, i] >= 0.0:
            return False
        total += abs(mean[i])
        for j in range(STATES):
            total += abs(cov[i, j])
    return math.isfinite(total)


@inlined
def _axes(spot: Floats) -> None:
    """Fill the one-sigma axes and the bearing from the covariance of east and north."""
    east, north, both = spot[COV], spot[COV + 4], spot[COV + 1]
    half, apart = 0.5 * (east + north), math.hypot(0.5 * (east - north), both)
    spot[MAJOR] = math.sqrt(half + apart)
    spot[MINOR] = math.sqrt(max(half - apart, 0.0))
    bearing = 0.5 * math.atan2(2.0 * both, north - east)
    spot[BEARING] = bearing if bearing >= 0.0 else bearing + math.pi


@inlined
def _set_place(spot: Floats, x: float, y: float, z: float, axes: Floats) -> None:
    """Latitude and longitude of an ECEF point; `axes` (3, 3) get east, north and up there."""
    sine, cosine, _ = geodetic_sine_height(x, y, z)
    spot[LATITUDE], spot[LONGITUDE] = math.atan2(sine, cosine), math.atan2(y, x)
    set_enu(spot[LATITUDE], spot[LONGITUDE], axes)


@inlined
def _draw(mean: Floats, cov: Floats, lower: Floats, left: Floats, block: Floats) -> bool:
    """Fill `block` (7, WIDTH): points as `flight.advance_lanes` takes them. False where `cov` is none."""
    known = max(cov[SEVENTH, SEVENTH], 1e-12)
    for a in range(SEVENTH):
        for b in range(SEVENTH):
            left[a, b] = cov[a, b] - cov[a, SEVENTH] * cov[b, SEVENTH] / known
    if not math.isfinite(factor(left, SEVENTH, lower)):
        return False
    for c in range(STATES):
        for p in range(WIDTH):
            block[c, p] = mean[c]
        far = BETA_REACH * cov[c, SEVENTH] / math.sqrt(known)
        block[c, 1] += far
        block[c, 2] -= far
        if c < SEVENTH:
            for axis in range(c + 1):
                block[c, 3 + 2 * axis] += REACH * lower[c, axis]
                block[c, 4 + 2 * axis] -= REACH * lower[c, axis]
    for p in range(WIDTH):
        for c in range(STATES):
            left[0, c] = block[c, p]
        block[SEVENTH, p] = inverse_beta(left[0], DRAG)
    return True


@inlined
def _lowest_and_fastest(block: Floats) -> tuple[float, float]:
    """Least height and greatest speed of the points."""
    lowest, fastest = np.inf, 0.0
    for p in range(POINTS):
        x, y, z = block[0, p], block[1, p], block[2, p]
        u, v, w = block[3, p], block[4, p], block[5, p]
        square = x * x + y * y + z * z
        lowest = min(lowest, quick_height_m(math.sqrt(square), z * z / square))
        fastest = max(fastest, u * u + v * v + w * w)
    return lowest, math.sqrt(fastest)


@inlined
def _land(block: Floats, floor_m: float, state: Floats, landed: Floats) -> bool:
    """Fly all points to the ground: `landed` (POINTS, 4) ECEF places and times. False where one does not.

    Together as long as none is near the ground, then one by one.
    """
    now, none = 0.0, np.empty((0, 6))
    lowest, fastest = _lowest_and_fastest(block)
    if not lowest > floor_m:
        return False
    while now < LONGEST_FLIGHT_S:
        dt = stride_s(lowest, fastest, 1.0)
        if lowest - floor_m < fastest * dt:
            break
        advance_lanes(block, WIDTH, dt, 1, ROTATION_RADPS, J2)
        now += dt
        lowest, fastest = _lowest_and_fastest(block)
    for p in range(POINTS):
        for c in range(SEVENTH):
            state[c] = block[c, p]
        landed[p, 3] = fall(state, now, block[SEVENTH, p], floor_m, ROTATION_RADPS, J2, 1.0, np.inf, none)
        if not math.isfinite(landed[p, 3]):
            return False
        for c in range(3):
            landed[p, c] = state[c]
    return True


@inlined
def _gather(landed: Floats, spot: Floats, axes: Floats) -> None:
    """Mean and covariance of where and when the points of `_draw` landed."""
    mean, off = np.empty(4), np.empty((POINTS, 3))
    own = 0.5 / (BETA_REACH * BETA_REACH)
    for c in range(4):
        of_beta = landed[1, c] - landed[0, c] + (landed[2, c] - landed[0, c])
        rest = 0.0
        for p in range(3, POINTS):
            rest += landed[p, c] - landed[0, c]
        mean[c] = landed[0, c] + own * of_beta + rest / (POINTS - 3)
    _set_place(spot, mean[0], mean[1], mean[2], axes)
    spot[TIME] = mean[3]
    for p in range(POINTS):
        for a in range(2):
            off[p, a] = 0.0
            for c in range(3):
                off[p, a] += axes[a, c] * (landed[p, c] - landed[0, c])
        off[p, 2] = landed[p, 3] - landed[0, 3]
    for a in range(3):
        for b in range(3):
            of_beta = off[1, a] * off[1, b] + off[2, a] * off[2, b]
            shift = own * own * (off[1, a] + off[2, a]) * (off[1, b] + off[2, b])
            rest, sum_a, sum_b = 0.0, 0.0, 0.0
            for p in range(3, POINTS):
                rest += off[p, a] * off[p, b]
                sum_a += off[p, a]
                sum_b += off[p, b]
            count = POINTS - 3
            spot[COV + 3 * a + b] = own * of_beta - shift + (rest - sum_a * sum_b / count) / count
    _axes(spot)


@kernel
def impacts(means: Floats, covs: Floats, kinds: Floats, floor_m: float, out: Floats) -> None:
    """Where and when N missiles come down to the height `floor_m`: fills `out` (N, SPOT_COLUMNS).

    Shapes: means (N, 7), covs (N, 7, 7), kinds (N,) as in `motion`. NaN under power, below the floor, without
    a covariance, and where a point does not come down: nothing is known then. Threads may run it on chunks.
    """
    block, landed, state = np.empty((STATES, WIDTH)), np.empty((POINTS, 4)), np.empty(SEVENTH)
    lower, left, axes = np.empty((STATES, STATES)), np.empty((STATES, STATES)), np.empty((3, 3))
    for n in range(means.shape[0]):
        spot = out[n]
        for c in range(SPOT_COLUMNS):
            spot[c] = np.nan
        if kinds[n] == THRUST or not _usable(means[n], covs[n]):
            continue
        if _draw(means[n], covs[n], lower, left, block) and _land(block, floor_m, state, landed):
            _gather(landed, spot, axes)


@inlined
def _take_in(mean: Floats, cov: Floats, h: Floats, left: float, variance: float, gain: Floats) -> None:
    """One number that is `left` from what the mean (6,) says, of slope `h` (6,); its error's variance."""
    for i in range(6):
        gain[i] = 0.0
        for j in range(6):
            gain[i] += cov[i, j] * h[j]
    for j in range(6):
        variance += h[j] * gain[j]
    for i in range(6):
        mean[i] += gain[i] * left / variance
    for i in range(6):
        for j in range(6):
            cov[i, j] -= gain[i] * gain[j] / variance


@inlined
def _level(mean: Floats, cov: Floats, axes: Floats, flat: Floats, spread: Floats) -> None:
    """State and covariance in the axes east, north, up at the missile: position about itself."""
    for a in range(6):
        block, row = 3 * (a // 3), a % 3
        flat[a] = 0.0
        for c in range(3):
            flat[a] += axes[row, c] * mean[block + c]
        for b in range(6):
            other, column = 3 * (b // 3), b % 3
            spread[a, b] = 0.0
            for c in range(3):
                for d in range(3):
                    spread[a, b] += axes[row, c] * cov[block + c, other + d] * axes[column, d]
    for a in range(3):
        flat[a] = 0.0


@inlined
def _temper(height: float, flat: Floats, spread: Floats, slope: Floats, gain: Floats) -> None:
    """Take in what all ascents have in common: the upward speed at this height, and how far they lean."""
    usual = math.sqrt(2.0 * height * math.exp(LOG_CLIMB))
    for j in range(6):
        slope[j] = 0.0
    slope[2], slope[5] = -0.5 * usual / height, 1.0
    _take_in(flat, spread, slope, usual - flat[5], (0.5 * LOG_CLIMB_SPREAD * usual) ** 2, gain)
    lean = min(TILT_PER_M * height, MOST_TILT) * max(flat[5], 0.5 * usual) / math.sqrt(2.0)
    slope[2], slope[5] = 0.0, 0.0
    for axis in range(3, 5):
        slope[axis] = 1.0
        _take_in(flat, spread, slope, -flat[axis], lean * lean, gain)
        slope[axis] = 0.0


@inlined
def _reckon_back(height: float, flat: Floats, spread: Floats, by: Floats, spot: Floats) -> None:
    """Fill time and covariance of `spot`; `flat[:2]` become the way back to the launch, east and north."""
    up, log = flat[5], math.log(height / KNEE_M)
    share = DRIFT + log * (DRIFT_PER_LOG + log * DRIFT_PER_SQUARE)
    steep = share + DRIFT_PER_LOG + 2.0 * log * DRIFT_PER_SQUARE
    since = height / ((RISE + RISE_PER_SQUARE * log * log) * up)
    for a in range(3):
        for j in range(6):
            by[a, j] = 0.0
    by[2, 2], by[2, 5] = -since / height, since / up
    for a in range(2):
        by[a, a] = 1.0
        by[a, 2] = -steep * flat[3 + a] / up
        by[a, 3 + a] = -share * height / up
        by[a, 5] = share * height * flat[3 + a] / (up * up)
    spread[2, 2] += GROUND_SPREAD_M**2
    for a in range(3):
        for b in range(3):
            total = 0.0
            for i in range(6):
                for j in range(6):
                    total += by[a, i] * spread[i, j] * by[b, j]
            if a < 2 and b < 2:
                total += (DRIFT_SPREAD * height / up) ** 2 * flat[3 + a] * flat[3 + b]
            spot[COV + 3 * a + b] = total
    uneven = max(RISE_SPREAD + RISE_SPREAD_PER_LOG * log, LEAST_SPREAD)
    spot[COV + 8] += (uneven * since) ** 2
    spot[TIME] = -since
    for a in range(2):
        flat[a] -= share * height * flat[3 + a] / up


@kernel
def launches(means: Floats, covs: Floats, kinds: Floats, out: Floats) -> None:
    """Whence and when N missiles under power were launched: fills `out` (N, SPOT_COLUMNS).

    Shapes as in `impacts`. NaN in other modes, outside the heights of an ascent, and where it sinks. Times
    are negative.
    """
    axes, flat, spread = np.empty((3, 3)), np.empty(6), np.empty((6, 6))
    slope, gain, by = np.empty(6), np.empty(6), np.empty((3, 6))
    for n in range(means.shape[0]):
        spot = out[n]
        for c in range(SPOT_COLUMNS):
            spot[c] = np.nan
        mean = means[n]
        sine, cosine, height = geodetic_sine_height(mean[0], mean[1], mean[2])
        if not LOWEST_ASCENT_M < height < HIGHEST_ASCENT_M:
            continue
        if kinds[n] != THRUST or not _usable(mean, covs[n]):
            continue
        latitude, longitude = math.atan2(sine, cosine), math.atan2(mean[1], mean[0])
        set_enu(latitude, longitude, axes)
        _level(mean, covs[n], axes, flat, spread)
        _temper(height, flat, spread, slope, gain)
        # What is measured of the ascent moves the height too: the estimate is that of the tempered state.
        above = height + flat[2]
        if not (above > LOWEST_ASCENT_M and flat[5] > 0.0):
            continue
        _reckon_back(above, flat, spread, by, spot)
        x, y, z = to_ecef(latitude, longitude, 0.0)
        east, north = flat[0], flat[1]
        _set_place(
            spot, x + axes[0, 0] * east + axes[1, 0] * north, y + axes[0, 1] * east + axes[1, 1] * north,
            z + axes[0, 2] * east + axes[1, 2] * north, axes,
        )  # fmt: skip
        _axes(spot)
