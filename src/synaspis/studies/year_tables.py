"""Columns for Parquet: a row for each year and regime, as it happened and as planned, and for each nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Tables
from synaspis.model.timeline import PlanAnswered, RegimeYear, Year

HAPPENED = "as it happened"


def year_tables(years: Sequence[Year], plans: Sequence[PlanAnswered]) -> Tables:
    """The tables `years` and `nations`."""
    rows: list[dict[str, Any]] = []
    nations: list[dict[str, Any]] = []
    for y in years:
        for name, r in y.regimes.items():
            cost = y.cost[name]
            more = {"cost_musd": cost.value, "cost_low": cost.low, "cost_high": cost.high}
            _add(rows, nations, y.year, HAPPENED, name, r, more)
    nothing = dict.fromkeys(("cost_musd", "cost_low", "cost_high"), float("nan"))
    for p in plans:
        for year, regimes in p.years.items():
            for name, r in regimes.items():
                _add(rows, nations, year, p.name, name, r, nothing)
    return Tables(columns={"years": _columns(rows), "nations": _columns(nations)})


def _add(
    rows: list[dict[str, Any]], nations: list[dict[str, Any]], year: int, course: str, regime: str,
    r: RegimeYear, more: Mapping[str, float],
) -> None:  # fmt: skip
    key = {"year": year, "course": course, "regime": regime}
    rows.append({
        **key, "protected_population": r.protected_population.value,
        "protected_error": r.protected_population.error, "population_at_risk": r.population_at_risk,
        "covered_population": r.covered_population, "covered_twice_population": r.covered_twice_population,
        "leakers": r.leakers.mean, "warning_p05": r.warning_s.p05, "warning_p50": r.warning_s.p50,
        "warning_p95": r.warning_s.p95, **more,
    })  # fmt: skip
    for code, n in r.nations.items():
        nations.append({
            **key, "nation": code, "protected_population": n.protected_population,
            "population_at_risk": n.population_at_risk, "covered_population": n.covered_population,
            "warning_p50": n.warning_s.p50,
        })  # fmt: skip


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[np.generic]]:
    def column(values: list[Any]) -> NDArray[np.generic]:
        return np.array(values, object) if isinstance(values[0], str) else np.array(values)

    return {name: column([row[name] for row in rows]) for name in (rows[0] if rows else ())}
