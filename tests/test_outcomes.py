"""The tables of what comes out, on the cases' pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synaspis.files.case import shipped_cases
from tools.outcomes import BLOCK, MOVERS, renewed

PAGES = Path(__file__).resolve().parents[1] / "docs" / "cases"


def regime(leakers: float, people: float, rounds: float, **more: Any) -> dict[str, Any]:
    return {
        "leakers": {"mean": leakers}, "protected_population": people, "population_at_risk": 2.764e6,
        "rounds": {"one": rounds, "two": 0.5}, **more,
    }  # fmt: skip


RUN = {
    "case": "case", "trials": 1000, "seed": 1, "version": "0", "self_check": {"landings_undefended": 2.57},
    "regimes": {
        "floor": regime(1.24, 1.1756e6, 1.2), "national": regime(1.23, 1.1762e6, 1.2),
        "allied": regime(0.4, 2.1e6, 30.0, nations={"ROU": {"warning_s": {"p50": 512.6}}}),
    },
}  # fmt: skip
PAGE = (
    "# Case\n\n<!-- outcomes{} -->\nan older table\n<!-- outcomes: end -->\n\n"
    "<!-- movers -->\nolder ones\n<!-- movers: end -->\n\nMore."
)
WARN = {"regimes": {"allied": {"nations": {"ROU": {"assets": {"Bucharest": {"impact_10km_s": 371.6}}}}}}}
FIRST = {
    "title": "AN/SPY-1", "parameter": "reference_range", "low": 100.0, "high": 250.0, "unit": "km",
    "confidence": "low", "mu_star": 339_667,
}  # fmt: skip
MOVED = {
    "figures": 186, "moved": "allied less national",
    "first": [FIRST, {**FIRST, "unit": "1", "mu_star": 2.5e6}, FIRST, {**FIRST, "title": "the fourth"}],
}  # fmt: skip
HEADS = (
    "regime", "missiles through, of 2.6 that would land", "people kept from harm, thousand of 2,764",
    "rounds fired",
)  # fmt: skip
TABLE = f"""\
| {" | ".join(HEADS)} |
|---|---|---|---|
| `floor`, `national` | 1.2 | 1,176 | 1.7 |
| `allied` | 0.4 | 2,100 | 30 |"""


def made(more: str = "", moved: dict[str, Any] | None = None) -> str:
    return renewed(PAGE.format(more), {"run": RUN, "warn": WARN}, moved)


def test_regimes_that_come_to_the_same_share_a_row() -> None:
    page = made()
    assert TABLE in page and "older" not in page
    assert page.startswith("# Case\n\n<!-- outcomes -->\n") and page.endswith("movers: end -->\n\nMore.")
    assert renewed(page, {"run": RUN}, None) == page


def test_a_page_may_ask_for_more_columns() -> None:
    page = made(": nations.ROU.warning_s.p50 = siren in Romania, s")
    assert "rounds fired | siren in Romania, s |" in page
    assert "| 1.7 |  |" in page and "| 30 | 513 |" in page and "0 where none sounds" in page
    page = made(": warn nations.ROU.assets.Bucharest.impact_10km_s = known to 10 km, s")
    assert "| 1.7 |  |" in page and "| 30 | 372 |" in page and "sounds" not in page


def test_a_page_has_the_figures_that_move_its_answer_most() -> None:
    page = made(moved=MOVED)
    assert (
        "Of 186 public figures" in page and "(allied less national)" in page and "sensitivity.md#case" in page
    )
    assert "- AN/SPY-1, `reference_range`, 100 to 250 km (low): 339,667 people\n" in page
    assert "100 to 250 (low): 2.5 million people" in page and "the fourth" not in page
    assert "not been worked out" in made()
    assert "all whom allied protects" in made(moved={**MOVED, "moved": "allied"})


@pytest.mark.parametrize("part", ["outcomes", "movers"])
def test_a_page_without_a_place_for_them_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        renewed(PAGE.format("").replace(f"<!-- {part}: end -->", ""), {"run": RUN}, None)


def test_every_shipped_case_has_a_place_for_its_table() -> None:
    pages = {name: (PAGES / f"{name}.md").read_text(encoding="utf-8") for name in shipped_cases()}
    assert [
        name
        for name, page in pages.items()
        if not (len(BLOCK.findall(page)) == len(MOVERS.findall(page)) == 1)
    ] == []
