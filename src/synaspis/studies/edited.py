"""What a change of the case did, from the documents and the trials of two runs on the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.model.edited import Figure, NationEdited, RegimeEdited, Seconds
from synaspis.studies.paired import gain

Trials = Mapping[str, Mapping[str, NDArray[np.float64]]]
"""By regime and measure (`protected_population`, `leakers`) one number a trial, in their order."""


def side_by_side(
    before: Mapping[str, Any], after: Mapping[str, Any], luck_before: Trials, luck_after: Trials
) -> dict[str, RegimeEdited]:
    """The regimes that both summaries hold, with the differences trial by trial."""
    return {
        name: _regime(was, after["regimes"][name], luck_before[name], luck_after[name])
        for name, was in before["regimes"].items()
        if name in after["regimes"]
    }


def _regime(
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    luck_before: Mapping[str, NDArray[np.float64]],
    luck_after: Mapping[str, NDArray[np.float64]],
) -> RegimeEdited:
    def paired(name: str, before: float, after: float) -> Figure:
        return Figure(before=before, after=after, gain=gain(luck_after[name] - luck_before[name]))

    return RegimeEdited(
        title=now["title"],
        protected_population=paired(
            "protected_population", was["protected_population"], now["protected_population"]
        ),
        population_at_risk=Figure(before=was["population_at_risk"], after=now["population_at_risk"]),
        leakers=paired("leakers", was["leakers"]["mean"], now["leakers"]["mean"]),
        nations={
            code: _nation(nation, now["nations"][code])
            for code, nation in was["nations"].items()
            if code in now["nations"]
        },
    )


def _nation(was: Mapping[str, Any], now: Mapping[str, Any]) -> NationEdited:
    protected = Figure(before=was["protected_population"], after=now["protected_population"])
    return NationEdited(
        protected_population=protected,
        leakers=Figure(before=was["leakers_mean"], after=now["leakers_mean"]),
        warning_before_s=Seconds(**was["warning_s"]),
        warning_after_s=Seconds(**now["warning_s"]),
    )
