"""Straight lines above bent ones: tangents of a concave function, chords of the exponential."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

TANGENTS = 14
CHORD_ERROR = 0.002
"""How far a chord may lie above the exponential: a chance."""


def tangents(
    function: Callable[[float], float], slope: Callable[[float], float], low: float, most: int = TANGENTS
) -> list[tuple[float, float]]:
    """(slope, level) of tangents of a concave `function` on [low, 0]: function(s) <= level + slope s.

    Their feet are spread so that the gaps between function and tangents are alike.
    """
    if low > -1e-12:
        return [(0.0, function(0.0))]
    steps = 200
    grid = [low * (1.0 - i / steps) for i in range(steps + 1)]
    bent = [math.sqrt(abs(slope(b) - slope(a)) * (b - a)) for a, b in pairwise(grid)]
    total = sum(bent)
    feet, done, k = [low], 0.0, 1
    for part, s in zip(bent, grid[1:], strict=True):
        done += part
        while k < most and done >= total * k / (most - 1) - 1e-12:
            feet.append(s)
            k += 1
    feet[-1] = 0.0
    return [(slope(s), function(s) - slope(s) * s) for s in dict.fromkeys(feet)]


def chords(least: float, most: float) -> list[tuple[float, float, float, float]]:
    """(low, high, slope, level) of chords of exp over [least, most] that lie at most CHORD_ERROR above it."""
    found = []
    high = most
    while high > least + 1e-12:
        # A chord of width h lies above exp by at most exp(high) h^2 / 8.
        width = math.sqrt(8.0 * CHORD_ERROR * math.exp(-high))
        low = max(least, high - width)
        if low - least < 0.25 * width:
            low = least
        slope = (math.exp(high) - math.exp(low)) / (high - low)
        found.append((low, high, slope, math.exp(low) - slope * low))
        high = low
    return found or [(least, most, 0.0, math.exp(most))]
