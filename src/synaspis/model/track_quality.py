"""How good a live picture is: distances between sets, attributes of a picture, consistency of a filter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOT_ASSIGNED = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """What is and what is thought to be at one time.

    `true` (N, D) and `estimated` (M, D) are states in the same units; columns 0 to 2 are position, and 3 to 5
    velocity where there are so many. Names are integers, each at most once in a frame.
    """

    time_s: float
    true: Floats
    true_names: Ints
    estimated: Floats
    track_names: Ints


@dataclass(frozen=True, kw_only=True)
class Ospa:
    """The OSPA distance and its two parts: `distance`**p is the sum of the parts, each to the p."""

    distance: float
    localisation: float
    cardinality: float


@dataclass(frozen=True, kw_only=True)
class Gospa:
    """The GOSPA distance at alpha = 2 and what it is made of.

    `localisation` is the sum over assigned pairs of their distances to the power p. A missed and a false one
    cost `cost_each`, which is half the cut-off to the power p. `switches` counts changes of assignment, a
    half for each side that was not assigned; `switching` is the penalty times the p-th root of that count.
    `assigned` says which estimate belongs to each true object, -1 for none.
    """

    distance: float
    localisation: float
    missed: int
    false: int
    cost_each: float
    assigned: tuple[int, ...]
    switches: float = 0.0
    switching: float = 0.0


@dataclass(frozen=True, kw_only=True)
class AirPicture:
    """The attributes of a single integrated air picture (SIAP), over all frames.

    `completeness`   share of true objects that have a track (1 is best)
    `ambiguity`      tracks on each tracked object (1 is best)
    `spuriousness`   share of tracks on no object (0 is best)
    `position_m`, `velocity_mps`   mean errors of tracks on objects; NaN where there are none
    `number_changes_per_s`   changes of track number in the time tracked (0 is best)
    `longest_segment`   longest time on one number, as a share of the objects' lives (1 is best)
    A share of nothing is NaN.
    """

    completeness: float
    ambiguity: float
    spuriousness: float
    position_m: float
    velocity_mps: float
    number_changes_per_s: float
    longest_segment: float


@dataclass(frozen=True, kw_only=True)
class Consistency:
    """A mean of normalised squares (NEES or NIS), and the band in which a consistent filter's lies.

    `mean`, `low` and `high` are divided by the degrees of freedom, so that 1 is right: above the band the
    filter thinks too well of itself, below it too ill. `samples` were counted; `singular` had a covariance
    that is not positive definite or an error that is not finite, and were not.
    """

    mean: float
    low: float
    high: float
    samples: int
    singular: int

    @property
    def consistent(self) -> bool:
        """Whether the mean lies in the band. False where nothing was counted, and where any was singular."""
        return self.singular == 0 and self.low <= self.mean <= self.high
