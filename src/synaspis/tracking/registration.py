"""Registration: what one nation's picture is off another's, from tracks in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Offset:
    """By how much one picture's positions lie off another's: `mean` (3,) m ECEF and `cov` (3, 3).

    `observable` (3,) says which axes the tracks in common fixed; the others are not corrected.
    """

    mean: Floats
    cov: Floats
    observable: Flags
    tracks: int

    def corrected(self, mean: Floats, cov: Floats) -> tuple[Floats, Floats]:
        """A state of that picture, (D,) and (D, D), without the offset and with its uncertainty."""
        mean, cov = mean.copy(), cov.copy()
        axes = np.flatnonzero(self.observable)
        mean[axes] -= self.mean[axes]
        cov[np.ix_(axes, axes)] += self.cov[np.ix_(axes, axes)]
        return mean, cov
