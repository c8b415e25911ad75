"""How often a battery can engage a missile: the rule that coverage and footprints share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRACE_S = 1e-9
"""Rounding by which an order may come after the launch that it is for."""


@inlined
def met_s(launch_s: Floats, intercept_s: Floats, ordered_s: float) -> float:
    """Intercept of the first launch (J,) of `flyout.launch_windows` not before an order; inf if too late."""
    for j in range(launch_s.shape[0]):
        if not launch_s[j] < np.inf:
            break
        if launch_s[j] >= ordered_s - GRACE_S:
            return intercept_s[j]
    return np.inf


@inlined
def engagements(
    launch_s: Floats, intercept_s: Floats, first_s: float, assess_s: float, interval_s: float, looks: bool
) -> tuple[int, float]:
    """(feasible engagements, first intercept) of an order that may be given from `first_s` on.

    One where some launch still meets the missile; two where, with `looks`, another does so after the first
    has been assessed and the launcher is ready again. The intercept is inf where there is none.
    """
    meets = met_s(launch_s, intercept_s, first_s)
    if not meets < np.inf:
        return 0, np.inf
    again = max(meets + assess_s, first_s + interval_s)
    return (2 if looks and met_s(launch_s, intercept_s, again) < np.inf else 1), meets


@kernel
def feasible(
    launch_s: Floats, intercept_s: Floats, first_s: Floats, assess_s: float, interval_s: float, looks: bool,
    count: Ints,
) -> None:  # fmt: skip
    """Fill `count` (D, U) with the feasible engagements of U missiles, orders given from `first_s` (D, U) on.

    launch_s and intercept_s (U, J) are those of `flyout.launch_windows`.
    """
    for d in range(first_s.shape[0]):
        for u in range(first_s.shape[1]):
            count[d, u], _ = engagements(
                launch_s[u], intercept_s[u], first_s[d, u], assess_s, interval_s, looks
            )
