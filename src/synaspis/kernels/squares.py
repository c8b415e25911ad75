"""Normalised squares of errors and innovations, by Cholesky. A covariance that is none gives NaN."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
LEAST_PIVOT = 1e-12
"""Of a row's variance, what the rows before it must leave unexplained for a covariance to be one."""


@inlined
def factor(covariance: Floats, size: int, lower: Floats) -> float:
    """Fill the lower triangle of `lower` with the Cholesky factor; the logarithm of the determinant.

    NaN where the first `size` rows and columns are not positive definite beyond rounding: a pivot of at most
    `LEAST_PIVOT` of its variance, or anything not finite. Only the lower triangle of `covariance` is read.
    """
    log_determinant = 0.0
    for i in range(size):
        for j in range(i + 1):
            left = covariance[i, j]
            for k in range(j):
                left -= lower[i, k] * lower[j, k]
            if i == j:
                if not (left > LEAST_PIVOT * covariance[i, i] and left < math.inf):
                    return math.nan
                lower[i, i] = math.sqrt(left)
                log_determinant += math.log(left)
            else:
                lower[i, j] = left / lower[j, j]
    return log_determinant


@inlined
def square_of(lower: Floats, size: int, error: Floats, room: Floats) -> float:
    """|L^-1 e|^2 for the factor `lower`; `room` (size,) is filled with L^-1 e."""
    total = 0.0
    for i in range(size):
        left = error[i]
        for k in range(i):
            left -= lower[i, k] * room[k]
        room[i] = left / lower[i, i]
        total += room[i] * room[i]
    return total


@kernel
def normalised_squares(errors: Floats, covariances: Floats) -> Floats:
    """(N, D) and (N, D, D) -> (N,), without unit; NaN where a covariance or an error cannot be used.

    Source: Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001,
    5.4.
    """
    count, size = errors.shape
    out = np.empty(count)
    lower, room = np.empty((size, size)), np.empty(size)
    for n in range(count):
        good = math.isfinite(factor(covariances[n], size, lower))
        square = square_of(lower, size, errors[n], room) if good else math.nan
        out[n] = square if math.isfinite(square) else math.nan
    return out
