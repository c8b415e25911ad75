"""What follows from the state of a track: impact point, launch point, range class; how many objects there
are.

All take N tracks at once: `means` (N, 7), `covs` (N, 7, 7) and `mode` (N,), the row among `modes` in whose
terms they are, as `Tracker.mixture` and `Phases.estimate` give them; `times_s` is one time for all or (N,).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.model.estimate import Count, Floats, Spots
from synaspis.tracking.filters import PHASES, Mode

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def impacts(
    means: Floats, covs: Floats, mode: Ints, times_s: Floats | float, *, modes: Sequence[Mode] = PHASES
) -> Spots:
    """Where and when each comes down. NaN under power (nobody knows yet when it burns out)."""
    raise NotImplementedError


def launches(
    means: Floats, covs: Floats, mode: Ints, times_s: Floats | float, *, modes: Sequence[Mode] = PHASES
) -> Spots:
    """Whence and when each was launched, from a state under power: the earlier, the better. NaN in other
    modes."""
    raise NotImplementedError


def class_chances(means: Floats, covs: Floats, mode: Ints, *, modes: Sequence[Mode] = PHASES) -> Floats:
    """(N, 4) chances of the range classes `model.estimate.CLASSES`; rows sum to 1."""
    raise NotImplementedError


def object_count(exists: Floats, *, same: Floats | None = None) -> Count:
    """How many separate objects there are, from the chances `exists` (N,) that tracks are of something.

    `same` (N,): the chance that a track is a second one of an object that another track has.
    """
    raise NotImplementedError


def inside(spots: Spots, latitude_rad: Floats, longitude_rad: Floats) -> Bools:
    """(N,) whether places lie within the 90 % ellipses; False where there is none."""
    raise NotImplementedError
