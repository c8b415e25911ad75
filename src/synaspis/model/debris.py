"""What comes down after intercepts, by nation and battery, and whose consent that takes.

The document's schema is docs/contracts/debris.schema.json. Bands run from fragments thrown little to thrown
far: every figure at the end of its band that keeps them near, and at the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.answers import Band


@dataclass(frozen=True, kw_only=True)
class NationDebris:
    """One nation under one battery's intercepts.

    `share` of the mass that comes down, mean over the missiles that the battery may meet and the points at
    which it may; `most` for the worst of them. `third` counts missiles for which more than the least share
    falls there and it is neither owner, host, aimed at nor attacker. `leave` is the clause under which it
    lets debris fall, "" for none.
    """

    share: Band
    most: float
    third: int
    leave: str


@dataclass(frozen=True, kw_only=True)
class BatteryDebris:
    """One battery; `missiles` of the raid it may meet, `asks` says whether its orders ask at all."""

    owner: str
    host: str
    missiles: int
    asks: bool
    nations: Mapping[str, NationDebris]
    sea: Band
    aloft: Band
    """What does not come down within hours."""

    @property
    def silent(self) -> tuple[str, ...]:
        """Third states whose land gets more than the least share for some missile, and that gave no leave."""
        return tuple(code for code, n in self.nations.items() if n.third and not n.leave)


@dataclass(frozen=True, kw_only=True)
class DebrisAnswer:
    """The footprint of intercept debris under one regime; flights and places are the same in every one."""

    case: str
    title: str
    date: str
    version: str
    regime: str
    least_share: float
    batteries: Mapping[str, BatteryDebris]


def document(answer: DebrisAnswer) -> dict[str, object]:
    """The JSON document: shares of mass."""
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "version": answer.version,
        "regime": answer.regime,
        "least_share": answer.least_share,
        "batteries": {name: _battery(b) for name, b in answer.batteries.items()},
    }


def _battery(b: BatteryDebris) -> dict[str, object]:
    return {
        "owner": b.owner,
        "host": b.host,
        "missiles": b.missiles,
        "asks": b.asks,
        "sea": _band(b.sea),
        "aloft": _band(b.aloft),
        "silent": list(b.silent),
        "nations": {
            code: {"share": _band(n.share), "most": round(n.most, 4), "third": n.third,
                   "leave": n.leave or None}
            for code, n in b.nations.items()
        },
    }  # fmt: skip


def _band(b: Band) -> dict[str, float]:
    return {"value": round(b.value, 4), "low": round(b.low, 4), "high": round(b.high, 4)}
