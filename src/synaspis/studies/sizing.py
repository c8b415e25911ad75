"""Stages for a class of which only range and burn time are said.

A generic class lends its structure: impulses, shares of the stages, dry mass by propellant. One factor on all
its stages is found by the rocket equation, from the speed that the range asks for and the losses that the
class has in flight; then it is flown, and the losses are corrected until it flies as far as it should.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from synaspis.kernels.earth import GRAVITY_M3PS2, MEAN_RADIUS_M, STANDARD_GRAVITY_MPS2
from synaspis.model.threat import Stage, Threat
from synaspis.studies.range_check import farthest_km

MARGIN = 1.1
"""Classes are sized with a margin of a tenth, as those of the catalogue."""
LEAST_START_G = 1.1
MOST_END_G = 60.0
"""Assumed: thrust over weight at launch, to rise at all, and at a burnout, which no such missile passes."""

_ROUNDS = 25
_NEAR_ENOUGH = 0.002
_LARGEST = 1e4


class SizingError(ValueError):
    """No missile of the class's structure flies so far, or so long; the text says why."""


def ideal_mps(stages: Sequence[Stage], payload_kg: float) -> float:
    """Speed by the rocket equation, with no air and no weight."""
    speed, above = 0.0, payload_kg
    for stage in reversed(stages):
        full, empty = above + stage.dry_kg + stage.propellant_kg, above + stage.dry_kg
        speed += stage.specific_impulse_s * STANDARD_GRAVITY_MPS2 * math.log(full / empty)
        above = full
    return speed


def needed_mps(range_m: float) -> float:
    """Least speed at the ground for a range over a sphere without air.

    Source: Bate, Mueller & White, Fundamentals of Astrodynamics (1971), section 6.2.
    """
    half = math.sin(0.5 * min(range_m / MEAN_RADIUS_M, math.pi))
    return math.sqrt(GRAVITY_M3PS2 / MEAN_RADIUS_M * 2.0 * half / (1.0 + half))


def loads_g(stages: Sequence[Stage], payload_kg: float) -> tuple[float, float]:
    """Thrust over weight at launch, and the greatest at the end of a stage."""
    greatest, start, above = 0.0, 0.0, payload_kg
    for stage in reversed(stages):
        full = above + stage.dry_kg + stage.propellant_kg
        thrust = stage.specific_impulse_s * stage.propellant_kg / stage.burn_s  # over standard gravity
        start, greatest = thrust / full, max(greatest, thrust / (above + stage.dry_kg))
        above = full
    return start, greatest


def check_loads(stages: Sequence[Stage], payload_kg: float) -> None:
    """SizingError where a missile would not rise, or would be pressed beyond what any is built for."""
    start, greatest = loads_g(stages, payload_kg)
    if start < LEAST_START_G:
        raise SizingError(f"it does not rise: its thrust is {start:.2f} times its weight")
    if greatest > MOST_END_G:
        raise SizingError(f"it would be pressed by {greatest:,.0f} g: it burns too fast")


def sized(like: Threat, range_m: float, burn_s: float) -> tuple[Stage, ...]:
    """Stages that carry the payload of `like` over `range_m` (on an Earth that does not turn), with MARGIN.

    SizingError where none do.
    """
    goal_m = MARGIN * range_m
    payload = like.payload_kg
    longer = burn_s / sum(s.burn_s for s in like.stages)
    burning = tuple(dataclasses.replace(s, burn_s=s.burn_s * longer) for s in like.stages)
    stages, losses = burning, 0.0
    for _ in range(_ROUNDS):
        flown_m = 1000.0 * farthest_km(dataclasses.replace(like, stages=stages))
        if math.isnan(flown_m):
            losses -= 200.0
        elif abs(flown_m - goal_m) < _NEAR_ENOUGH * goal_m:
            check_loads(stages, payload)
            return stages
        else:
            losses = ideal_mps(stages, payload) - needed_mps(flown_m)
        stages = _scaled(burning, _factor(burning, payload, needed_mps(goal_m) + losses))
    check_loads(stages, payload)
    raise SizingError("no missile of this build flies so far with such a burn")


def _scaled(stages: Sequence[Stage], factor: float) -> tuple[Stage, ...]:
    return tuple(
        dataclasses.replace(s, propellant_kg=factor * s.propellant_kg, dry_kg=factor * s.dry_kg)
        for s in stages
    )


def _factor(stages: Sequence[Stage], payload_kg: float, speed_mps: float) -> float:
    """The factor on all stages that gives `speed_mps` by the rocket equation, by halving its logarithm."""
    low, high = 0.0, math.log(_LARGEST)
    low = -high
    for _ in range(60):
        middle = 0.5 * (low + high)
        if ideal_mps(_scaled(stages, math.exp(middle)), payload_kg) < speed_mps:
            low = middle
        else:
            high = middle
    if high >= math.log(_LARGEST) - 1e-9:
        raise SizingError("no missile of this build flies so far: it would need more stages")
    return math.exp(high)
