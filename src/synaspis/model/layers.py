"""What each layer of a defence does to a raid, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.answers import Spread
from synaspis.model.stock import Lasting

LAYERS = ("boost", "midcourse", "terminal")
"""In the order in which a missile meets them."""


@dataclass(frozen=True, kw_only=True)
class LayerAnswer:
    """One layer under one regime.

    Over the raid's missiles that are aimed at an asset, with every site ready and decisions at their
    median: `engageable` is the share with one engagement or more, `opportunities` counts sequential ones
    (shoot, look, shoot again; all batteries of the layer together), `battle_space_s` runs from the first
    launch that picture and order allow to the last one that still meets the missile, 0 for those that
    cannot be engaged. Over trials: `rounds` fired, `rounds_left`, `kills` of missiles that would have
    landed in an asset, and `left`, those of them that fly on when this layer is done. `leakage` is the
    share of all that would have landed.
    """

    layer: str
    batteries: tuple[str, ...]
    engageable: float
    opportunities: Spread
    battle_space_s: Spread
    rounds: Spread
    rounds_left: Spread
    kills: float
    left: Spread
    leakage: float
    lasting: Lasting


@dataclass(frozen=True, kw_only=True)
class LayersAnswer:
    """The layers of a regime that have batteries; `landing` would land in an asset undefended."""

    landing: Spread
    layers: tuple[LayerAnswer, ...]


def layers_document(answer: LayersAnswer) -> dict[str, object]:
    """For `summary.json`."""
    return {
        "landing": dict(vars(answer.landing)),
        "layers": {
            each.layer: {
                "batteries": list(each.batteries),
                "engageable": each.engageable,
                "opportunities": dict(vars(each.opportunities)),
                "battle_space_s": dict(vars(each.battle_space_s)),
                "rounds": dict(vars(each.rounds)),
                "rounds_left": dict(vars(each.rounds_left)),
                "kills": each.kills,
                "left": dict(vars(each.left)),
                "leakage": each.leakage,
                "lasting": each.lasting.document(),
            }
            for each in answer.layers
        },
    }
