"""Whether a filter is as good as it says: NEES against the truth, NIS against its own measurements.

Source: Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001,
5.4.2: the sum of N independent normalised squares of D degrees of freedom each is chi-square with N D of
them. Squares of one run at several times are correlated: put runs side by side, not times of one run, or
the band is too narrow.
"""

from __future__ import annotations

import math

import numpy as np

from synaspis.model.track_quality import Consistency, Floats

BAND = 0.95


def nees(errors: Floats, covariances: Floats) -> Floats:
    """Normalised estimation error squared, (..., D) and (..., D, D) -> (...); NaN where it has none.

    For NIS give innovations and their covariances: the arithmetic is the same.
    """
    from synaspis.kernels.squares import normalised_squares

    off = np.ascontiguousarray(errors, dtype=np.float64)
    size = off.shape[-1]
    if covariances.shape != (*off.shape, size):
        raise ValueError(f"errors {off.shape} do not go with covariances {covariances.shape}")
    flat = np.ascontiguousarray(covariances, dtype=np.float64).reshape(-1, size, size)
    return normalised_squares(off.reshape(-1, size), flat).reshape(off.shape[:-1])


def consistency(squares: Floats, size: int, band: float = BAND) -> Consistency:
    """The mean of independent normalised `squares`, of `size` degrees of freedom each, and its central
    `band`.

    NaN squares are counted as singular. With none left, mean and band are NaN.
    """
    from scipy.stats import chi2

    if size < 1 or not 0.0 < band < 1.0:
        raise ValueError(f"no band of {band} with {size} degrees of freedom")
    flat = np.asarray(squares, np.float64).ravel()
    used = flat[np.isfinite(flat)]
    if used.size == 0:
        return Consistency(mean=math.nan, low=math.nan, high=math.nan, samples=0, singular=flat.size)
    freedom = used.size * size
    low, high = chi2.ppf([0.5 * (1.0 - band), 0.5 * (1.0 + band)], freedom) / freedom
    return Consistency(
        mean=float(used.sum()) / freedom,
        low=float(low),
        high=float(high),
        samples=used.size,
        singular=flat.size - used.size,
    )
