"""For whom? Whose people and forces a battery's rounds defend, and with how many kept back."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.battery import Battery
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Rules


@dataclass(frozen=True)
class Duty:
    """Under `clause` a battery may defend an asset down to its last `reserve` rounds."""

    clause: str
    reserve: int


def duty(given: Rules, battery: Battery, asset: Asset) -> Duty | None:
    """The mandate with the smallest reserve that lets `battery` defend `asset`; None: no mandate."""
    people = {asset.nation, *asset.forces}
    fit = [
        Duty(m.id, m.reserve)
        for m in given.mandates
        if battery.owner in m.owners
        and (not m.batteries or battery.name in m.batteries)
        and people & set(m.defends)
    ]
    return min(fit, key=lambda d: d.reserve, default=None)
