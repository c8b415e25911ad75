"""What a case's page has of its run and of what moves it, made anew on each change.

The table of what comes out stands between two comments. The first may ask for more columns than all have, by
where their figures lie under `regimes.NAME` in the run's document, or after `warn` in the warning study's:

    <!-- outcomes: nations.POL.warning_s.p50 = siren in Poland, s; warn nations.POL... = ... -->
    <!-- outcomes: end -->

The figures that move the answer most, of docs/sensitivity.json, stand between `<!-- movers -->` and
`<!-- movers: end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

BLOCK = re.compile(r"<!-- outcomes(?P<more>[^>]*) -->\n.*?\n<!-- outcomes: end -->", re.DOTALL)
MOVERS = re.compile(r"<!-- movers -->\n.*?\n<!-- movers: end -->", re.DOTALL)
MILLION, MANY, SHOWN = 1e6, 20.0, 3
WORDS = (
    "A missile *through* is a leaker; people are *kept from harm*, or protected, where every missile at "
    "their place is stopped ([words](../limits.md))."
)
Document = Mapping[str, Any]
Columns = Sequence[tuple[str, str]]


def renewed(page: str, documents: Mapping[str, Document], moved: Document | None) -> str:
    """The page with its parts made anew. ValueError where it has no place for one.

    `documents` are `run` and, where a column asks for it, `warn`; `moved` is what moves the answer.
    """
    found = BLOCK.search(page)
    if not found or not MOVERS.search(page):
        raise ValueError("no place for what comes out, or for what moves the answer")
    more = [
        (path.strip(), title.strip())
        for path, _, title in (one.partition("=") for one in found["more"].lstrip(":").split(";"))
        if path.strip()
    ]
    made = f"<!-- outcomes{found['more']} -->\n\n{table(documents, more)}\n\n<!-- outcomes: end -->"
    page = page[: found.start()] + made + page[found.end() :]
    said = f"<!-- movers -->\n\n{movers(documents['run']['case'], moved)}\n\n<!-- movers: end -->"
    return MOVERS.sub(lambda _: said, page)


def movers(case: str, moved: Document | None) -> str:
    """The first of the figures that move the answer, with how many people a step across its band moves."""
    if moved is None:
        return "Which public figures move the answer most has not been worked out yet."
    asked = moved["moved"]
    if " less " not in asked:
        asked = f"all whom {asked} protects, for what it is held against protects as many"
    told = (
        f"Of {moved['figures']} public figures with a band these move the answer ({asked}) "
        "most when each steps across its band, wherever in theirs the others stand "
        f"([the first ten](../sensitivity.md#{case})):"
    )
    return "\n".join([told, "", *(_moves(f) for f in moved["first"][:SHOWN])])


def _moves(f: Document) -> str:
    unit = "" if f["unit"] == "1" else f" {f['unit']}"
    band = f"{f['low']:g} to {f['high']:g}{unit}"
    return f"- {f['title']}, `{f['parameter']}`, {band} ({f['confidence']}): {people(f['mu_star'])} people"


def people(number: float) -> str:
    """A number of people, in words that are short."""
    return f"{number / MILLION:.1f} million" if number >= MILLION else f"{number:,.0f}"


def table(documents: Mapping[str, Document], more: Columns = ()) -> str:
    """Leakers, people kept from harm and rounds by regime, and `more`: (path, title) of other figures.

    Regimes that come to the same share a row.
    """
    run = documents["run"]
    regimes = run["regimes"]
    all_people, unit = in_unit(max(r["population_at_risk"] for r in regimes.values()))
    heads = [
        "regime",
        f"missiles through, of {run['self_check']['landings_undefended']:.1f} that would land",
        f"people kept from harm, {unit} of {all_people}",
        "rounds fired",
        *(title for _, title in more),
    ]
    rows = dict[tuple[str, ...], list[str]]()
    for name, regime in regimes.items():
        others = [figure_at(documents, name, path) for path, _ in more]
        rows.setdefault(tuple(cells(regime, unit, others)), []).append(f"`{name}`")
    lines = [heads, *([", ".join(names), *told] for told, names in rows.items())]
    written = [f"| {' | '.join(line)} |" for line in lines]
    written.insert(1, "|---" * len(heads) + "|")
    said = f"{run['trials']:,} trials, seed {run['seed']}, version {run['version']}; means over trials"
    if any(path.startswith("nations") and "warning_s" in path for path, _ in more):
        said += "; seconds from siren to impact are medians, 0 where none sounds"
    if any(path.startswith("warn ") for path, _ in more):
        said += "; seconds at a place are those of `synaspis warn`, with every station in order"
    return "\n".join([*written, "", f"{said}. {WORDS}"])


def cells(regime: Document, unit: str, others: Sequence[float | None]) -> list[str]:
    """One regime's figures, as they are written."""
    kept = regime["protected_population"] / (MILLION if unit == "million" else 1e3)
    rounds = sum(regime["rounds"].values())
    return [
        f"{regime['leakers']['mean']:.1f}",
        f"{kept:,.1f}" if unit == "million" else f"{kept:,.0f}",
        f"{rounds:.0f}" if rounds >= MANY else f"{rounds:.1f}",
        *("" if figure is None else f"{figure:.0f}" for figure in others),
    ]


def in_unit(people: float) -> tuple[str, str]:
    """A number of people as it is written, and its unit."""
    return (
        (f"{people / MILLION:,.1f}", "million")
        if people >= 3 * MILLION
        else (f"{people / 1e3:,.0f}", "thousand")
    )


def figure_at(documents: Mapping[str, Document], regime: str, path: str) -> float | None:
    """The figure of a regime at a path of keys joined by full stops, None where it has none."""
    asked = path.removeprefix("warn ")
    found: Any = documents["run" if asked == path else "warn"]["regimes"].get(regime)
    for key in asked.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found
