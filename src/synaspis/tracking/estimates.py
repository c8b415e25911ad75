"""What follows from the state of a track: impact point, launch point, range class; how many objects there
are.

All take N tracks at once: `means` (N, 7), `covs` (N, 7, 7) and `mode` (N,), the row among `modes` in whose
terms they are, as `Tracker.mixture` and `PhasesBank.estimate` give them; `times_s` is one time for all or
(N,). Decision and measured coverage: docs/decisions/estimates.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import impact, motion
from synaspis.kernels.bound import ELLIPSE_90
from synaspis.model.estimate import Count, Floats, Spots
from synaspis.tracking.filters import PHASES, Mode, in_chunks

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def impacts(
    means: Floats, covs: Floats, mode: Ints, times_s: Floats | float, *, modes: Sequence[Mode] = PHASES,
    floor_m: float = 0.0, threads: int = 1,
) -> Spots:  # fmt: skip
    """Where and when each comes down to the height `floor_m`.

    NaN under power, since nobody knows when it burns out, for what is down, and for a track so poor that part
    of what it allows never comes down.
    """
    kinds, out = _kinds(mode, modes), np.empty((len(means), impact.SPOT_COLUMNS))

    def run(part: slice) -> None:
        impact.impacts(means[part], covs[part], kinds[part], floor_m, out[part])

    in_chunks(len(means), threads, run)
    return _spots(out, times_s)


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
    """(N, 4) chances of the range classes `model.estimate.CLASSES`; rows sum to 1."""
    raise NotImplementedError


def object_count(exists: Floats, *, same: Floats | None = None) -> Count:
    """How many separate objects there are, from the chances `exists` (N,) that tracks are of something.

    `same` (N,): the chance that a track is a second one of an object that another track has.
    """
    raise NotImplementedError


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
