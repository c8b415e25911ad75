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
    launch_s: Floats, intercept_s: Floats, first_s: float, assess_s: float, interval_s: float, most: int,
    to_a_look: int,
) -> tuple[int, float]:  # fmt: skip
    """(feasible engagements one after the other, first intercept) of what may be ordered from `first_s` on.

    At most `most`. Each waits for the launcher, and after every `to_a_look` shots for the look at the last.
    The intercept is inf where there is none.
    """
    ordered_s, first_meets, count = first_s, np.inf, 0
    for shot in range(most):
        meets = met_s(launch_s, intercept_s, ordered_s)
        if not meets < np.inf:
            break
        count += 1
        if shot == 0:
            first_meets = meets
        ordered_s += interval_s
        if (shot + 1) % to_a_look == 0:
            ordered_s = max(meets + assess_s, ordered_s)
    return count, first_meets


@kernel
def feasible(
    launch_s: Floats, intercept_s: Floats, first_s: Floats, assess_s: float, interval_s: float, most: int,
    to_a_look: int, count: Ints, meets: Floats,
) -> None:  # fmt: skip
    """Fill `count` and `meets` (D, U) with the engagements of U missiles ordered from `first_s` (D, U) on.

    launch_s and intercept_s (U, J) are those of `flyout.launch_windows`; the rest as in `engagements`.
    """
    for d in range(first_s.shape[0]):
        for u in range(first_s.shape[1]):
            count[d, u], meets[d, u] = engagements(
                launch_s[u], intercept_s[u], first_s[d, u], assess_s, interval_s, most, to_a_look
            )
