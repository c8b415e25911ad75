"""US Standard Atmosphere 1976, sea level to 1000 km.

Source: NOAA, NASA, USAF, *U.S. Standard Atmosphere, 1976*, NOAA-S/T 76-1562 (equation and table
numbers below are its own). To 86 km the defining layers are used exactly. Above, the report
integrates diffusion equations; here its tabulated pressures and densities are joined by cubic
splines of their logarithms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import fma, inlined

Floats = NDArray[np.float64]

GEOPOTENTIAL_RADIUS_M = 6_356_766.0  # table 2: r0
SURFACE_GRAVITY_MPS2 = 9.80665  # table 2: g0'
GAS_CONSTANT = 8314.32  # table 2: R*, N m / (kmol K)
MOLECULAR_WEIGHT = 28.9644  # section 1.2.4: M0, kg/kmol
GAMMA = 1.4  # table 2
SUTHERLAND_BETA = 1.458e-6  # table 2, kg / (s m K^1/2)
SUTHERLAND_K = 110.4  # table 2
SEA_LEVEL_PA = 101_325.0
SEA_LEVEL_K = 288.15
AIR_CONSTANT = GAS_CONSTANT / MOLECULAR_WEIGHT

# Table 4: base of each layer (geopotential m) and its gradient of molecular-scale temperature (K/m).
_BASE_M = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_LAPSE = np.array([-6.5e-3, 0.0, 1e-3, 2.8e-3, 0.0, -2.8e-3, -2e-3])

# Table 8: ratio of mean molecular weight to its sea-level value, 80 km to 86 km every 0.5 km.
_RATIO_M = np.arange(80e3, 86.1e3, 500.0)
_RATIO = np.array([1.0, 0.999996, 0.999989, 0.999971, 0.999941, 0.999909, 0.999870, 0.999829,
                   0.999786, 0.999741, 0.999694, 0.999641, 0.999579])  # fmt: skip

# Table I: geometric km, Pa, kg/m3. The fifth digit of the densities is from R. Carmichael, *Properties
# of the U.S. Standard Atmosphere 1976* (pdas.com/atmos.html), where that gives one.
_UPPER = np.array([
    (86, 3.7338e-1, 6.9579e-06), (91, 1.5381e-1, 2.8600e-06), (93, 1.0801e-1, 1.9997e-06),
    (100, 3.2011e-2, 5.6041e-07),
    (107, 1.0751e-2, 1.6426e-07), (110, 7.1042e-3, 9.7080e-08), (114, 4.4473e-3, 4.9752e-08),
    (120, 2.5382e-3, 2.2220e-08),
    (128, 1.4183e-3, 9.7173e-09), (135, 9.3572e-4, 5.4652e-09), (142, 6.5297e-4, 3.3580e-09),
    (150, 4.5422e-4, 2.0757e-09), (160, 3.0397e-4, 1.2332e-09), (170, 2.1212e-4, 7.8155e-10),
    (180, 1.5273e-4, 5.1944e-10), (190, 1.1267e-4, 3.5808e-10), (200, 8.4743e-5, 2.5409e-10),
    (250, 2.4767e-5, 6.0732e-11), (300, 8.7704e-6, 1.9160e-11), (400, 1.4518e-6, 2.8031e-12),
    (500, 3.0236e-7, 5.2159e-13), (600, 8.2130e-8, 1.1369e-13), (700, 3.1908e-8, 3.0698e-14),
    (800, 1.7036e-8, 1.1361e-14), (900, 1.0873e-8, 5.7590e-15), (1000, 7.5138e-9, 3.5614e-15),
])  # fmt: skip
TOP_M = 1_000_000.0
_JOIN_M = 86_000.0


def _bases() -> tuple[Floats, Floats]:
    """Molecular-scale temperature and pressure at the base of each layer (equations 23, 33a, 33b)."""
    temperature, pressure = np.empty(7), np.empty(7)
    temperature[0], pressure[0] = SEA_LEVEL_K, SEA_LEVEL_PA
    for i in range(6):
        above = _layer(np.array([_BASE_M[i + 1]]), i, temperature[i], pressure[i])
        temperature[i + 1], pressure[i + 1] = above[0][0], above[1][0]
    return temperature, pressure


def _layer(height: Floats, i: int, base_k: float, base_pa: float) -> tuple[Floats, Floats]:
    """Temperature and pressure at geopotential `height` in layer `i`."""
    weight = SURFACE_GRAVITY_MPS2 / AIR_CONSTANT
    rise = height - _BASE_M[i]
    temperature = base_k + _LAPSE[i] * rise
    if _LAPSE[i] == 0.0:
        return temperature, base_pa * np.exp(-weight * rise / base_k)
    return temperature, base_pa * (base_k / temperature) ** (weight / _LAPSE[i])


_BASE_K, _BASE_PA = _bases()


def _spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """Natural cubic spline through (x, y), evaluated at points within x."""
    n = x.size
    step = np.diff(x)
    system, right = np.eye(n), np.zeros(n)
    for i in range(1, n - 1):
        system[i, i - 1 : i + 2] = step[i - 1], 2.0 * (step[i - 1] + step[i]), step[i]
        right[i] = 6.0 * ((y[i + 1] - y[i]) / step[i] - (y[i] - y[i - 1]) / step[i - 1])
    bend = np.linalg.solve(system, right)
    row = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    h = step[row]
    a, b = (x[row + 1] - at) / h, (at - x[row]) / h
    curve = ((a**3 - a) * bend[row] + (b**3 - b) * bend[row + 1]) * h * h / 6.0
    result: Floats = a * y[row] + b * y[row + 1] + curve
    return result


def _lower(height: Floats) -> tuple[Floats, Floats]:
    """Molecular-scale temperature and pressure to 86 km; below sea level the first layer goes on."""
    geopotential = GEOPOTENTIAL_RADIUS_M * height / (GEOPOTENTIAL_RADIUS_M + height)
    layer = np.clip(np.searchsorted(_BASE_M, geopotential, side="right") - 1, 0, 6)
    temperature, pressure = np.empty_like(height), np.empty_like(height)
    for i in range(7):
        here = layer == i
        temperature[here], pressure[here] = _layer(geopotential[here], i, _BASE_K[i], _BASE_PA[i])
    return temperature, pressure


def _upper_temperature(height: Floats) -> Floats:
    """Kinetic temperature from 86 km to 1000 km (equations 25, 27, 29, 31)."""
    z = height / 1000.0
    ellipse = 263.1905 - 76.3232 * np.sqrt(np.maximum(0.0, 1.0 - ((z - 91.0) / 19.9429) ** 2))
    xi = (z - 120.0) * (6356.766 + 120.0) / (6356.766 + z)
    top = 1000.0 - (1000.0 - 360.0) * np.exp(-0.01875 * xi)
    level, slope = np.full_like(z, 186.8673), 240.0 + 12.0 * (z - 110.0)
    result: Floats = np.select([z < 91.0, z < 110.0, z < 120.0], [level, ellipse, slope], top)
    return result


def atmosphere(height_m: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Temperature (K), pressure (Pa), density (kg/m3), speed of sound (m/s), viscosity (kg/(m s)).

    `height_m` is geometric, any shape; outside -5 km to 1000 km all are NaN, and above 86 km the
    last two are NaN, as the report does not define them there.
    """
    z = np.asarray(height_m, dtype=np.float64)
    flat = np.atleast_1d(z).ravel()
    low = np.clip(flat, -5000.0, _JOIN_M)
    scale, pressure = _lower(low)
    kinetic = scale * np.interp(low, _RATIO_M, _RATIO)
    density = pressure / (AIR_CONSTANT * scale)
    sound = np.sqrt(GAMMA * AIR_CONSTANT * scale)
    # The report's table follows from the molecular-scale temperature (it shows from 80 km).
    viscosity = SUTHERLAND_BETA * scale**1.5 / (scale + SUTHERLAND_K)
    above = flat > _JOIN_M
    high = np.clip(flat[above], _JOIN_M, TOP_M)
    knots = _UPPER[:, 0] * 1000.0
    kinetic[above] = _upper_temperature(high)
    pressure[above] = np.exp(_spline(knots, np.log(_UPPER[:, 1]), high))
    density[above] = np.exp(_spline(knots, np.log(_UPPER[:, 2]), high))
    sound[above] = viscosity[above] = np.nan
    outside = ~((flat >= -5000.0) & (flat <= TOP_M))
    for column in (kinetic, pressure, density, sound, viscosity):
        column[outside] = np.nan
    k, p, d, s, v = (c.reshape(z.shape) for c in (kinetic, pressure, density, sound, viscosity))
    return k, p, d, s, v


# The inner loop's table: density and the logarithm of its fall to the next row. Between rows the
# logarithm runs straight. Measured: within 3e-5 of the density, 6e-4 in the row that holds the sharpest
# kink between layers (47 km).
TABLE_BASE_M = -1000.0
TABLE_STEP_M = 250.0
_ROWS = int((TOP_M - TABLE_BASE_M) / TABLE_STEP_M) + 1
_HEIGHTS: Floats = TABLE_BASE_M + TABLE_STEP_M * np.arange(_ROWS, dtype=np.float64)
_DENSITY = atmosphere(_HEIGHTS)[2]
_FALL = np.append(np.diff(np.log(_DENSITY)), 0.0)
_SOUND = atmosphere(np.minimum(_HEIGHTS, _JOIN_M))[3]
_LAST = float(_ROWS - 1)
_PER_STEP = 1.0 / TABLE_STEP_M


@inlined
def density_kgpm3(height_m: float) -> float:
    """Density from the table, without a branch, so that loops over lanes become vector code.

    Below -1 km and above 1000 km the end values hold. The exponent stays within [-0.05, 0.001],
    where four terms of its series leave 3e-9.
    """
    at = min(max(fma(height_m, _PER_STEP, -TABLE_BASE_M * _PER_STEP), 0.0), _LAST)
    row = np.int32(at)  # twice as many to a vector register as int64
    x = (at - row) * _FALL[row]
    series = fma(x, fma(x, 1.0 / 24.0, 1.0 / 6.0), 0.5)
    return float(_DENSITY[row] * fma(x, fma(x, series, 1.0), 1.0))


@inlined
def relative_slope_pm(height_m: float) -> float:
    """How the density of the table changes with height, over itself, 1/m: 0 beyond its ends."""
    at = fma(height_m, _PER_STEP, -TABLE_BASE_M * _PER_STEP)
    inside = (at >= 0.0) & (at < _LAST)
    return float(_FALL[np.int32(min(max(at, 0.0), _LAST))] * _PER_STEP) if inside else 0.0


@inlined
def sound_mps(height_m: float) -> float:
    """Speed of sound from the table; above 86 km that at 86 km, where drag no longer matters."""
    at = min(max(height_m * _PER_STEP - TABLE_BASE_M * _PER_STEP, 0.0), _LAST - 1.0)
    row = np.int32(at)
    return float(_SOUND[row] + (at - row) * (_SOUND[row + 1] - _SOUND[row]))
