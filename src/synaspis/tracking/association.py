"""Which detection is whose: gates, global nearest neighbour, joint probabilities, and when a track is one.

A link's score is the logarithm of how much likelier it is that the track made the detection than that it made
none and the detection is clutter or new (Blackman and Popoli, Design and Analysis of Modern Tracking Systems,
1999, 6.4). All detections of a call are of one sensor at one time; angles are components that go round.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import jpda, ledger
from synaspis.kernels.assign import assign
from synaspis.kernels.gate import gate as _gate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

GATE = 0.9999
"""Chance that a track's own detection lies in its gate."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Links:
    """Pairs of a track and a detection in its gate: those of track t are `first[t]` to `first[t + 1]`.

    `detection`, `square` (E,); `log_determinant` (T,) of the innovations' covariances, NaN for a track that
    cannot be gated; `detections` how many there were; `size` components of one.
    """

    first: Ints
    detection: Ints
    square: Floats
    log_determinant: Floats
    detections: int
    size: int

    @property
    def track(self) -> Ints:
        """The track of each link, (E,)."""
        return np.repeat(np.arange(self.first.size - 1), np.diff(self.first))


def gate(
    predicted: Floats, covariances: Floats, detections: Floats, periodic: Flags, inside: float = GATE
) -> Links:
    """Links of T tracks with D detections; a track's own is in its gate with chance `inside`.

    predicted (T, M), covariances (T, M, M) of the innovations, detections (D, M) in the same units,
    periodic (M,) where a component is an angle in radians. What is not finite, or has a covariance that is
    none, has no link. ValueError for shapes that do not go together.
    """
    from scipy.special import chdtri

    one, spread, seen = (
        np.ascontiguousarray(x, dtype=np.float64) for x in (predicted, covariances, detections)
    )
    round_about = np.ascontiguousarray(periodic, dtype=np.bool_)
    size = round_about.size
    if (
        one.ndim != 2
        or one.shape[1] != size
        or spread.shape != (*one.shape, size)
        or seen.shape[1:] != (size,)
    ):
        raise ValueError(f"shapes {one.shape}, {spread.shape}, {seen.shape} and {size} do not go together")
    if not 0.0 < inside < 1.0:
        raise ValueError(f"a chance of {inside} is not between 0 and 1")
    limit = float(chdtri(size, 1.0 - inside))
    first, detection, square, logs = _gate(one, spread, seen, round_about, limit)
    return Links(
        first=first, detection=detection, square=square, log_determinant=logs, detections=len(seen), size=size
    )


def scores(links: Links, detected: Floats | float, density: Floats | float, inside: float = GATE) -> Floats:
    """The logarithm of each link's likelihood over that of none, (E,).

    `detected` is the chance that a track is detected, one or (T,); `density` how many false and new
    detections are expected in a unit of measurement space where the detection is, one or (D,). Above nought
    a link is likelier than none. ValueError where a chance is not above 0 and below 1, or a density not
    positive.
    """
    chance = np.broadcast_to(np.asarray(detected, np.float64), links.first.size - 1)
    thin = np.broadcast_to(np.asarray(density, np.float64), links.detections)
    if not ((chance > 0.0) & (chance < 1.0)).all():
        raise ValueError("a chance of detection is not above 0 and below 1")
    if not ((thin > 0.0) & (thin < math.inf)).all():
        raise ValueError("a density is not positive and finite")
    of_track = np.log(chance / (1.0 - chance * inside)) - 0.5 * links.log_determinant
    of_detection = np.log(thin) + 0.5 * links.size * math.log(2.0 * math.pi)
    return of_track[links.track] - of_detection[links.detection] - 0.5 * links.square


def nearest(links: Links, score: Floats) -> Ints:
    """Global nearest neighbour, the greatest sum of scores: each track's detection, -1 for none, (T,)."""
    return assign(links.first, links.detection, -score, links.detections)


def chances(links: Links, score: Floats, exact_side: int = jpda.EXACT_SIDE) -> tuple[Floats, Floats]:
    """JPDA: the chance of each link (E,), and of each track to have made none of the detections (T,)."""
    chance = jpda.marginals(links.first, links.detection, score, links.detections, exact_side)
    some = np.bincount(links.track, weights=chance, minlength=links.first.size - 1)
    return chance, np.clip(1.0 - some, 0.0, 1.0)


def radar_density(per_m3: float, range_m: Floats, elevation_rad: Floats) -> Floats:
    """False detections by volume as a density over range, azimuth and elevation, (D,) in 1/(m rad2).

    A step in each spans r2 cos(elevation) of volume.
    """
    return per_m3 * np.asarray(range_m) ** 2 * np.cos(elevation_rad)


@dataclass(frozen=True)
class Ladder:
    """When a track is confirmed and when given up: `hits` in its last `of` looks; `misses` in a row.

    A tentative track is given up as soon as it can no longer be confirmed in the looks left to it.
    Source: the M-of-N logic of Blackman and Popoli, 1999, 6.5.
    """

    hits: int = 3
    of: int = 5
    misses: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.hits <= self.of <= 60 or not 1 <= self.misses <= 60:
            raise ValueError(f"{self.hits} hits of {self.of} looks and {self.misses} misses are no ladder")

    @functools.cached_property
    def row(self) -> Ints:
        """(3,) as `kernels.ledger` takes it."""
        return np.array([self.hits, self.of, self.misses])

    def step(self, status: Ints, looks: Ints, history: Ints, hit: Flags) -> tuple[Ints, Ints, Ints]:
        """Status, looks and history (T,) after a look that `hit` (T,) some; a track of its first look has
        0, 0.

        `history` holds the last looks as bits, the newest lowest. Deleted tracks stay so.
        """
        found = status.copy(), looks.copy(), history.copy()
        ledger.climb(*found, hit, self.row)
        return found
