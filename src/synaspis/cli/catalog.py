"""`synaspis catalog [NAME]`: the public figures, each with its band, its source and its conditions."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from synaspis.cli.output import print_json
from synaspis.errors import InputError
from synaspis.files.catalog import KINDS, Catalog, Noun, shipped
from synaspis.model.answers import RangeCheck
from synaspis.model.arrangement import Arrangement
from synaspis.model.fact import Entry, Fact
from synaspis.model.money import Funded, Programme

if TYPE_CHECKING:
    from rich.console import Console


def catalog_command(name: str | None = None, json: bool = False) -> int:
    """List the catalogue by kind, or show one entry. Returns 0, or 2 where there is no such entry."""
    try:
        catalog = shipped()
        entry = None if name is None else catalog.get(name).entry
    except InputError as error:
        print("\n".join(_plainly(error)), file=sys.stderr)
        return 2
    if json:
        document = _listing(catalog) if entry is None else _document(catalog, entry) | _flown(entry)
        print_json(document)
    elif entry is None:
        _print_list(catalog)
    else:
        _print_entry(catalog, entry)
    return 0


def _plainly(error: InputError) -> list[str]:
    """A missing entry has no place in a file, so its message gives none."""
    if any(p.file != "catalog" for p in error.problems):
        return [str(error)]
    return [f"{p.what}\n    mend: {p.mend}" for p in error.problems]


def _listing(catalog: Catalog) -> dict[str, Any]:
    return {
        "entries": [
            {"name": e.name, "kind": e.kind, "title": e.title, "summary": e.summary, "figures": len(e.facts)}
            for e in (catalog.get(n).entry for n in catalog.names())
        ]
    }


def _document(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    facts = [
        {k: v for k, v in asdict(f).items() if k != "entry"} | {"at": dict(f.at), "record": _record(f)}
        for f in entry.facts
    ]
    return {
        "name": entry.name,
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary,
        **_words(catalog, entry),
        "facts": facts,
    }


def _record(fact: Fact) -> dict[str, Any] | None:
    """The tests behind a chance, and the band that they alone would give."""
    if fact.record is None:
        return None
    from synaspis import api

    return dict(vars(api.test_band(*fact.record)))


def _flown(entry: Entry) -> dict[str, Any]:
    """The range check of a missile class; nothing for other entries."""
    if entry.kind != "threat":
        return {}
    from synaspis import api

    check = api.range_check(entry.name)
    figures = {k: (round(v, 1) if math.isfinite(v) else None) for k, v in _checked(check).items()}
    return {"range_check": {**figures, "verdict": check.verdict, "because": check.because}}


def _checked(check: RangeCheck) -> dict[str, float]:
    ways = {f"{way}_from_equator_km": km for way, km in check.by_direction.items()}
    return {"flown_km": check.flown_km, "published_km": check.published_km, "low_km": check.low_km,
            "high_km": check.high_km, **ways}  # fmt: skip


_VERDICTS = {"within": "holds", "margin": "holds, with a margin", "beyond": "too far", "short": "too short"}


def _print_flown(entry: Entry, console: Console) -> None:
    if entry.kind != "threat":
        return
    from rich.text import Text

    from synaspis import api
    from synaspis.report.console import paragraph

    check = api.range_check(entry.name)
    ways = ", ".join(f"{_km(km)} {way}ward" for way, km in check.by_direction.items())
    console.print()
    console.print(Text(f"Range check: {_VERDICTS[check.verdict]}", style="bold"))
    said = (
        f"Published {_km(check.published_km)}. Flown {_km(check.flown_km)} on an Earth that does not turn: "
        f"{check.because}."
    )
    if ways:
        said += f" From the equator of the turning Earth: {ways}."
    paragraph(console, Text(said))


def _km(value: float) -> str:
    return f"{value:,.0f}\u00a0km" if math.isfinite(value) else "half way round"


def _words(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    """What the entry says in words: the fields of its noun that are no figures."""
    noun = catalog.get(entry.name).noun
    if isinstance(noun, Arrangement):
        from synaspis.report import arrangement

        return arrangement.document(noun)
    parts = ("development", "funding", "grants") if isinstance(noun, Programme) else ()
    said = {k: v for k, v in vars(noun).items() if k not in ("name", "title", *parts)}
    return {
        k: list(v) if isinstance(v, tuple) else v
        for k, v in said.items()
        if isinstance(v, str) or (isinstance(v, tuple) and all(isinstance(w, str) for w in v))
    }


def _print_list(catalog: Catalog) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("kind", "name", "what it is"):
        table.add_column(heading, no_wrap=heading == "name")
    for kind in KINDS:
        for i, name in enumerate(catalog.names(kind)):
            table.add_row(kind if i == 0 else "", name, catalog.get(name).entry.title)
    Console().print(table)


def _print_entry(catalog: Catalog, entry: Entry) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(entry.title, style="bold"), Text(f"({entry.kind} {entry.name})", style="dim"))
    console.print(Text(entry.summary))
    noun = catalog.get(entry.name).noun
    if isinstance(noun, Arrangement):
        from synaspis.report import arrangement

        arrangement.render(noun, console)
    else:
        for key, value in _words(catalog, entry).items():
            shown = ", ".join(value) if isinstance(value, list) else value
            console.print(Text(f"{key.replace('_', ' ')}: {shown}"))
    _print_facts(entry, noun, console)


def _print_facts(entry: Entry, noun: Noun, console: Console) -> None:
    """Every figure with its band, and below them the flown range, the sources and the conditions."""
    from rich.table import Table
    from rich.text import Text

    cited = list(dict.fromkeys(f.source for f in entry.facts))
    noted = list(dict.fromkeys(remark for f in entry.facts if (remark := _remark(f))))
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("figure")  # the one column that may wrap: a figure is never cut short
    for heading in ("value", "band", "unit", "confidence", "year", "source"):
        table.add_column(heading, no_wrap=True, justify="right" if heading in ("value", "band") else "left")
    for fact in entry.facts:
        remark = _remark(fact)
        table.add_row(
            Text(_parameter(fact.parameter, noun)),
            _figure(fact.value),
            f"{_figure(fact.low)} to {_figure(fact.high)}",
            "" if fact.unit == "1" else fact.unit,
            fact.confidence,
            str(fact.as_of),
            Text(
                f"[{cited.index(fact.source) + 1}]" + (f" {_letter(noted.index(remark))}" if remark else "")
            ),
        )
    console.print()
    if entry.facts:
        console.print(table)
    _print_flown(entry, console)
    _print_records(entry, noun, console)
    console.print()
    for i, source in enumerate(cited):
        console.print(Text(f"[{i + 1}] {source}"))
    for i, remark in enumerate(noted):
        console.print(Text(f"{_letter(i)}   {remark}"))


def _print_records(entry: Entry, noun: Noun, console: Console) -> None:
    """What the flight tests alone would say of each chance that rests on some."""
    from rich.text import Text

    from synaspis import api
    from synaspis.model.kills import TESTS_LABEL

    rows: dict[tuple[int, int], list[str]] = {}
    for fact in entry.facts:
        if fact.record is not None:
            rows.setdefault(fact.record, []).append(_parameter(fact.parameter, noun))
    if rows:
        console.print()
        console.print(Text(f"Flight tests ({TESTS_LABEL}), 95 % band from Jeffreys' prior", style="bold"))
    for (successes, attempts), names in rows.items():
        band = api.test_band(successes, attempts)
        said = f"{successes} of {attempts}: {band.centre:.2f} [{band.low:.2f} to {band.high:.2f}]"
        console.print(Text(f"{', '.join(names)}: {said}"))


def _remark(fact: Fact) -> str:
    """The conditions under which a figure holds, and its note."""
    prices = "".join(f"In prices of {value}" for key, value in fact.at if key == "prices")
    at = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in fact.at if key != "prices")
    return ". ".join(part for part in (prices, f"At {at}" if at else "", fact.note) if part)


def _parameter(path: str, noun: Noun) -> str:
    """`stages.0.specific_impulse` -> `stage 1 specific impulse`; in a clause, its id comes first."""
    first, *rest = path.split(".")
    if isinstance(noun, Arrangement):
        first, rest = getattr(noun, first)[int(rest[0])].id, rest[1:]
    if first == "stages":
        first, rest = f"stage {int(rest[0]) + 1}", rest[1:]
    if isinstance(noun, Programme) and rest:
        paid = getattr(noun, first)[int(rest[0])]
        whom = f" for {', '.join(paid.owners)}" if isinstance(paid, Funded) else ""
        return f"{first} by {paid.payer}{whom}: {' '.join(rest[1:])}"
    first = _SAID.get(first, first)
    return " ".join((first, *rest)).replace("_", " ")


_SAID = {
    "operation": "operation, a year",
    "life": "years of service",
    "fielding": "building",
    "cost_share": "share of cost that counts",
    "index": "prices",
}
"""What figures are called where their key alone says too little."""


def _letter(index: int) -> str:
    return chr(ord("a") + index % 26) * (1 + index // 26)


_MILLION = 1e6
"""From here on six digits would be written with an exponent; such figures are people and money."""


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _MILLION else f"{value:,.6g}"
