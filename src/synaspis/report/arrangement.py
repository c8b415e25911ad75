"""An arrangement of the catalogue in a terminal: who, since when, and every clause in words."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from synaspis.model.agreement import (
    PURPOSES,
    Authority,
    Clause,
    Condition,
    Consent,
    Mandate,
    Release,
    Transfer,
)
from synaspis.model.arrangement import NOT, Arrangement
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import listed

KINDS = {
    Release: "release",
    Mandate: "mandate",
    Authority: "authority",
    Consent: "consent",
    Transfer: "transfer",
}
_SCOPES = {"use": "work", "fire": "fire", "overflight": "be overflown", "debris": "let debris fall"}


def render(a: Arrangement, console: Console) -> None:
    """Print parties, dates, citation and clauses of `a`, for 80 columns or more."""
    paragraph(console, Text("Parties: " + ", ".join(_party(p) for p in a.parties)))
    for group in a.alliances:
        paragraph(console, Text(f"{group.name}: {', '.join(group.members)}", style="dim"))
    until = f" until {a.until}" if a.until else ""
    paragraph(console, Text(f"In force: from {a.since}{until}"))
    paragraph(console, Text(f"Source: {a.source}"))
    if a.recalled or not a.addresses:
        paragraph(console, Text(f"Recalled, not read again: {a.recalled or 'all of it'}", style="dim"))
    console.print()
    table = plain_table()
    table.add_column("clause", no_wrap=True)
    table.add_column("terms", no_wrap=True)
    table.add_column("what it says", overflow="fold")
    for clause in a.clauses:
        source = f" [{clause.source}]" if clause.source else ""
        sentence = says(clause)
        said = Text(f"{sentence[:1].upper()}{sentence[1:]}.")
        said.append(f"\n{clause.note}{source}", style="dim")
        table.add_row(escape(clause.id), "assumed" if clause.assumed else "cited", said)
    console.print(table)
    if a.addresses:
        console.print()
        console.print(Text("Read at", style="bold"))
        for address in a.addresses:
            # An address that is broken into lines cannot be followed.
            console.print(Text(address, style="dim"), soft_wrap=True)


def says(clause: Clause) -> str:
    """What the clause provides, in a sentence without its stop."""
    if isinstance(clause, Release):
        return _release(clause)
    if isinstance(clause, Mandate):
        verb = "defend" if clause.effect == "permit" else "must not defend"
        return f"Rounds of {_parties(clause.owners)}{_of(clause.batteries)} {verb} {_parties(clause.defends)}"
    if isinstance(clause, Authority):
        who = f" by {_parties(clause.deciders)}" if clause.deciders else ""
        late = f", in {clause.decision_s:g} s at the median" if clause.decision_s else ""
        what = f"Fire of {_parties(clause.owners)}{_of(clause.batteries)} is decided"
        return f"{what} under {clause.protocol} authority{who}{late}"
    if isinstance(clause, Consent):
        what = listed([_SCOPES[s] for s in clause.scope])
        asked = " when asked" if clause.decision_s else ""
        return f"{clause.by} lets {listed(clause.sites) or _parties(clause.owners)} {what}{asked}"
    assert isinstance(clause, Transfer)
    verb = "may" if clause.effect == "permit" else "must not"
    onward = f"; onward to {_parties(clause.onward)}" if clause.onward else "; onward to nobody"
    acts = listed(clause.acts)
    what = f"{_parties(clause.recipients)} {verb} {acts} {listed(clause.items)} of {_parties(clause.makers)}"
    return what + (onward if clause.effect == "permit" else "")


def _release(c: Release) -> str:
    products = listed([p.replace("_", " ") for p in c.products])
    verb = "may have" if c.effect == "permit" else "must not have"
    late = f", {c.delay_s:g} s late" if c.delay_s else ""
    use = f", for {listed(c.purposes)} alone" if c.purposes != PURPOSES else ""
    onward = f"; onward to {_parties(c.onward)}" if c.onward else ""
    caveats = f"; caveat: {'; '.join(c.caveats)}" if c.caveats else ""
    given = f"{_parties(c.recipients)} {verb} {products} of {_parties(c.owners)}{_of(c.sensors)}"
    return given + _when(c.when) + late + use + onward + caveats


def _when(when: Condition) -> str:
    said = [
        ("threatens", when.threatens),
        ("is of category", when.category),
        ("is launched from", when.launched_from),
        ("lands in", when.lands_in),
    ]
    parts = [f"{words} {_parties(given)}" for words, given in said if given]
    alert = f", in {listed(when.alert)}" if when.alert else ""
    return (f" on what {' and '.join(parts)}" if parts else "") + alert


def _of(sites: tuple[str, ...]) -> str:
    return f" ({', '.join(sites)})" if sites else ""


def _parties(parties: tuple[str, ...]) -> str:
    return listed([_party(p) for p in parties])


def _party(party: str) -> str:
    return f"nations outside {party[len(NOT) :]}" if party.startswith(NOT) else party


def document(a: Arrangement) -> dict[str, Any]:
    """The arrangement as `catalog NAME --json` has it; clauses as the catalogue has them, in SI."""
    return {
        "alliances": {g.name: list(g.members) for g in a.alliances},
        "parties": list(a.parties),
        "since": a.since.isoformat(),
        "until": a.until.isoformat() if a.until else None,
        "source": a.source,
        "addresses": list(a.addresses),
        "recalled": a.recalled,
        "clauses": [_clause(c) for c in a.clauses],
    }


def _clause(clause: Clause) -> dict[str, Any]:
    given = {k: _plain(v) for k, v in vars(clause).items()}
    return {"id": clause.id, "kind": KINDS[type(clause)], "says": says(clause), **given}


def _plain(value: Any) -> Any:
    if isinstance(value, Condition):
        return {k: list(v) for k, v in vars(value).items() if v}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value == float("inf"):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
