"""How two bodies come apart when one hits the other: figures that say how far fragments are thrown."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.declare import quantity, text


@dataclass(frozen=True, kw_only=True)
class Breakup:
    """What comes down after an intercept (catalogue kind `breakup`)."""

    name: str = text("name of the entry")
    fastest_mps: float = quantity("mps", "greatest change of speed of a fragment", at_least=0, at_most=5000)
    lightest_kgpm2: float = quantity("kgpm2", "least ballistic coefficient of a fragment", above=0)
    heaviest_kgpm2: float = quantity("kgpm2", "greatest ballistic coefficient of a fragment", above=0)
    kill_vehicle_kg: float = quantity("kg", "mass of what hits the missile", above=0)
    least_share: float = quantity(
        "1", "share of the mass from which on a nation counts as under the debris", at_least=0, at_most=1
    )
