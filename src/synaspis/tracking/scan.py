"""What a tracker takes: its stations, and the detections of one station at one time.

A scan is empty where a station looked and saw nothing: that is how a tracker learns of a miss.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["radar", "infrared"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Watch:
    """A station as a tracker knows it.

    `longest_range_m` and `lowest_elevation_rad` bound where a radar looks at all. `detected` is the chance
    that what is in view is detected in one scan, above 0 and below 1. False and new detections: by volume
    for a radar (`false_per_m3`), by solid angle for an infrared satellite (`false_per_sr`). `silence_tells`:
    that it does not detect a track within its bounds is a miss; not so where it may well see less far.
    """

    name: str
    kind: Kind
    longest_range_m: float = np.inf
    lowest_elevation_rad: float = 0.0
    detected: float = 0.9
    false_per_m3: float = 1e-18
    false_per_sr: float = 1.0
    silence_tells: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Scan:
    """All detections of one station at one time.

    `station` is its row among the watches; `sight` (STATION_COLUMNS,) where it is at that moment and
    `rows` (D, ROW_COLUMNS) what it measured, both as in `kernels.sight`; every row's time is `time_s`.
    `received_s` is when a tracker may know of it, at or after `time_s`. `tells` is False where it is part of
    a look: then it says nothing of the tracks that it does not show.
    """

    time_s: float
    received_s: float
    station: int
    sight: Floats
    rows: Floats
    tells: bool = True
