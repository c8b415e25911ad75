"""How large a raid a shield absorbs at a stated confidence: frozen nouns and their JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Absorbed:
    """One regime: the largest multiple of the case's own raid that it absorbs, 0 for none.

    `chance` is the share of trials in which that raid is absorbed (1 where it is none), `next_chance` that of
    the next multiple, None where `most` was reached. `tried` are all multiples looked at, with their chances.
    """

    multiple: int
    missiles: int
    chance: float
    next_chance: float | None
    tried: Mapping[int, float]


@dataclass(frozen=True, kw_only=True)
class AbsorbAnswer:
    """What each regime absorbs. A raid is absorbed where at most `share` of what would land leaks."""

    case: str
    title: str
    version: str
    seed: int
    trials: int
    confidence: float
    share: float
    most: int
    missiles: int
    """Of the case's own raid."""
    regimes: Mapping[str, Absorbed]


def document(a: AbsorbAnswer) -> dict[str, object]:
    """What `synaspis absorb --json` prints."""
    return {
        "case": a.case,
        "title": a.title,
        "version": a.version,
        "seed": a.seed,
        "trials": a.trials,
        "confidence": a.confidence,
        "share": a.share,
        "most": a.most,
        "missiles": a.missiles,
        "regimes": {
            name: {
                "multiple": r.multiple,
                "missiles": r.missiles,
                "chance": r.chance,
                "next_chance": r.next_chance,
                "tried": [{"multiple": m, "chance": p} for m, p in sorted(r.tried.items())],
            }
            for name, r in a.regimes.items()
        },
    }
