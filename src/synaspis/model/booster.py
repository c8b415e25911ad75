"""Generic boosters: how a class of missile burns, when nothing but its flight is known."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.declare import part, quantity, text


@dataclass(frozen=True, kw_only=True)
class BoosterStage:
    """One stage, as ratios: its masses follow from the speed that a flight needs."""

    thrust_to_weight: float = quantity(
        "1", "thrust over the weight of all above the ground when it is lit", above=0.3, at_most=20
    )
    specific_impulse_s: float = quantity("s", "specific impulse in vacuum", above=100, at_most=480)
    speed_share: float = quantity("1", "its share of the ideal speed of all stages", above=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class Booster:
    """A generic booster (catalogue kind `booster`), scaled to the flight that a claim describes."""

    name: str = text("name of the class")
    title: str = text("what it is, in words")
    propellant: str = text("propellant", choices=("liquid", "solid"))
    stages: tuple[BoosterStage, ...] = part("the stages, first to last")
    dropped_share: float = quantity(
        "1", "mass dropped with a lower stage, over its propellant", above=0, at_most=0.5
    )
    least_left_share: float = quantity(
        "1",
        "least share of the launch mass left at burnout; below it a stage more is taken",
        above=0,
        at_most=1,
    )
    sectional_load_kgpm2: float = quantity(
        "kgpm2", "launch mass over the cross-section of the body", above=100, at_most=100_000
    )
    ballistic_coefficient_kgpm2: float = quantity("kgpm2", "of what re-enters", above=100, at_most=50_000)
