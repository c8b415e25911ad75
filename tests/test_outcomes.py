"""The tables of what comes out, on the cases' pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synaspis.files.case import shipped_cases
from tools.outcomes import BLOCK, renewed

PAGES = Path(__file__).resolve().parents[1] / "docs" / "cases"


def regime(leakers: float, people: float, rounds: float, **more: Any) -> dict[str, Any]:
    return {
        "leakers": {"mean": leakers}, "protected_population": people, "population_at_risk": 2.764e6,
        "rounds": {"one": rounds, "two": 0.5}, **more,
    }  # fmt: skip


RUN = {
    "trials": 1000, "seed": 1, "version": "0", "self_check": {"landings_undefended": 2.57},
    "regimes": {
        "floor": regime(1.24, 1.1756e6, 1.2), "national": regime(1.23, 1.1762e6, 1.2),
        "allied": regime(0.4, 2.1e6, 30.0, nations={"ROU": {"warning_s": {"p50": 512.6}}}),
    },
}  # fmt: skip
PAGE = "# Case\n\n<!-- outcomes{} -->\nan older table\n<!-- outcomes: end -->\n\nMore."
HEADS = (
    "regime", "missiles through, of 2.6 that would land", "people kept from harm, thousand of 2,764",
    "rounds fired",
)  # fmt: skip
TABLE = f"""\
| {" | ".join(HEADS)} |
|---|---|---|---|
| `floor`, `national` | 1.2 | 1,176 | 1.7 |
| `allied` | 0.4 | 2,100 | 30 |"""


def test_regimes_that_come_to_the_same_share_a_row() -> None:
    page = renewed(PAGE.format(""), RUN)
    assert TABLE in page and "older" not in page
    assert page.startswith("# Case\n\n<!-- outcomes -->\n") and page.endswith("outcomes: end -->\n\nMore.")
    assert renewed(page, RUN) == page


def test_a_page_may_ask_for_more_columns() -> None:
    page = renewed(PAGE.format(": nations.ROU.warning_s.p50 = siren in Romania, s"), RUN)
    assert "rounds fired | siren in Romania, s |" in page
    assert "| 1.7 |  |" in page and "| 30 | 513 |" in page and "0 where none sounds" in page


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="outcomes: end"):
        renewed("# Case\n\n<!-- outcomes -->\n", RUN)


def test_every_shipped_case_has_a_place_for_its_table() -> None:
    pages = {name: (PAGES / f"{name}.md").read_text(encoding="utf-8") for name in shipped_cases()}
    assert [name for name, page in pages.items() if len(BLOCK.findall(page)) != 1] == []
