"""Luck in three figures: the mean and the 5th and 95th percentile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Spread


def spread(values: NDArray[Any]) -> Spread:
    """Of (K,) values; zeros where there are none."""
    return spreads(np.asarray(values)[:, None])[0]


def spreads(columns: NDArray[Any]) -> list[Spread]:
    """Of each column of (K, C): one sort of all costs less than one each."""
    if not len(columns):
        return [Spread(mean=0.0, p05=0.0, p95=0.0)] * columns.shape[1]
    low, high = np.percentile(columns, [5, 95], axis=0)
    mean = columns.mean(axis=0)
    return [
        Spread(mean=float(m), p05=float(a), p95=float(b)) for m, a, b in zip(mean, low, high, strict=True)
    ]
