"""What comes of a shipped case, regime by regime: the table on its page, made of its run.

A page has it between two comments; the first may ask for more columns than all have, by where their
figures lie in the run's document under `regimes.NAME`:

    <!-- outcomes: nations.POL.warning_s.p50 = siren in Poland, s -->
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

START, END = "<!-- outcomes", "<!-- outcomes: end -->"
BLOCK = re.compile(rf"{START}(?P<more>[^>]*) -->\n.*?\n{END}", re.DOTALL)
MILLION, MANY = 1e6, 20.0


def renewed(page: str, run: Mapping[str, Any]) -> str:
    """The page with its table made anew from a run's document. ValueError where it has no place for one."""
    found = BLOCK.search(page)
    if not found:
        raise ValueError(f"no `{START} -->` and `{END}`")
    more = [
        (path.strip(), title.strip())
        for path, _, title in (one.partition("=") for one in found["more"].lstrip(":").split(";"))
        if path.strip()
    ]
    made = f"{START}{found['more']} -->\n\n{table(run, more)}\n\n{END}"
    return page[: found.start()] + made + page[found.end() :]


def table(run: Mapping[str, Any], more: Sequence[tuple[str, str]] = ()) -> str:
    """Leakers, people kept from harm and rounds by regime, and `more`: (path, title) of other figures.

    Regimes that come to the same share a row.
    """
    regimes = run["regimes"]
    people, unit = in_unit(max(r["population_at_risk"] for r in regimes.values()))
    heads = [
        "regime",
        f"missiles through, of {run['self_check']['landings_undefended']:.1f} that would land",
        f"people kept from harm, {unit} of {people}",
        "rounds fired",
        *(title for _, title in more),
    ]
    rows = dict[tuple[str, ...], list[str]]()
    for name, regime in regimes.items():
        rows.setdefault(tuple(cells(regime, unit, [path for path, _ in more])), []).append(f"`{name}`")
    lines = [heads, *([", ".join(names), *told] for told, names in rows.items())]
    written = [f"| {' | '.join(line)} |" for line in lines]
    written.insert(1, "|---" * len(heads) + "|")
    said = f"{run['trials']:,} trials, seed {run['seed']}, version {run['version']}; means over trials"
    if any("warning_s" in path for path, _ in more):
        said += "; seconds from siren to impact are medians, 0 where none sounds"
    return "\n".join([*written, "", f"{said}."])


def cells(regime: Mapping[str, Any], unit: str, more: Sequence[str]) -> list[str]:
    """One regime's figures, as they are written."""
    people = regime["protected_population"] / (MILLION if unit == "million" else 1e3)
    rounds = sum(regime["rounds"].values())
    return [
        f"{regime['leakers']['mean']:.1f}",
        f"{people:,.1f}" if unit == "million" else f"{people:,.0f}",
        f"{rounds:.0f}" if rounds >= MANY else f"{rounds:.1f}",
        *("" if (figure := figure_at(regime, path)) is None else f"{figure:.0f}" for path in more),
    ]


def in_unit(people: float) -> tuple[str, str]:
    """A number of people as it is written, and its unit."""
    return (
        (f"{people / MILLION:,.1f}", "million")
        if people >= 3 * MILLION
        else (f"{people / 1e3:,.0f}", "thousand")
    )


def figure_at(regime: Mapping[str, Any], path: str) -> float | None:
    """The figure at a path of keys joined by full stops, None where the regime has none."""
    found: Any = regime
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
