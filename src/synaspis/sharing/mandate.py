"""For whom? Whose people and forces a battery's rounds defend, in what order, and with how many kept back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from synaspis.model.agreement import Mandate
from synaspis.model.battery import Battery
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Decision, Rules


@dataclass(frozen=True)
class Duty:
    """Under `clause` a battery may defend an asset down to its last `reserve` rounds.

    `rank` is its place where the clause sets an order, from 0; the lower is served first.
    """

    clause: str
    reserve: int
    rank: int = 0


def defended(mandate: Mandate, battery: Battery) -> tuple[str, ...]:
    """Nations that the clause names for this battery, `owner` and `host` read."""
    own = {"owner": battery.owner, "host": battery.host or battery.owner}
    return tuple(dict.fromkeys(own.get(nation, nation) for nation in mandate.defends))


def duty(given: Rules, battery: Battery, asset: Asset) -> Duty | None:
    """The mandate with the smallest reserve that lets `battery` defend `asset`; None: no mandate.

    A reservation (a forbid) of the battery's owner wins.
    """
    return duties(named(given, battery), (asset,))[0]


Named = tuple[Mandate, tuple[str, ...]]


def named(given: Rules, battery: Battery) -> tuple[Named, ...]:
    """The mandates over a battery, each with the nations that it names for it."""
    return tuple((m, defended(m, battery)) for m in _of(given, battery))


def duties(over: Sequence[Named], assets: Sequence[Asset]) -> list[Duty | None]:
    """`duty` for each asset under the mandates `over` a battery; the same people are asked after once."""
    if not over:
        return [None] * len(assets)
    people = [(asset.nation, *asset.forces) for asset in assets]
    found = {who: _fit(over, who) for who in dict.fromkeys(people)}
    return [found[who] for who in people]


def _fit(over: Sequence[Named], people: Collection[str]) -> Duty | None:
    fit = []
    for m, nations in over:
        places = [i for i, nation in enumerate(nations) if nation in people]
        if places and m.effect == "forbid":
            return None
        if places:
            fit.append(Duty(m.id, m.reserve, places[0] if m.in_order else 0))
    return min(fit, key=lambda d: d.reserve, default=None)


def defends(given: Rules, battery: Battery, asset: Asset) -> Decision:
    """Whether the battery's rounds defend the asset, and the mandate or the reservations that say so."""
    found = duty(given, battery, asset)
    if found is not None:
        return Decision(True, (found.clause,))
    people = {asset.nation, *asset.forces}
    barred = [
        m.id for m in _of(given, battery) if m.effect == "forbid" and people & set(defended(m, battery))
    ]
    return Decision(False, tuple(barred))


def _of(given: Rules, battery: Battery) -> list[Mandate]:
    return [
        m
        for m in given.mandates
        if battery.owner in m.owners and (not m.batteries or battery.name in m.batteries)
    ]
