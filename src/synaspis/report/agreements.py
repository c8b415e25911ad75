"""Agreements compared, ranked and packaged, in a terminal: a finding, then the tables behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.agreement import PRODUCTS
from synaspis.model.compared import (
    AgreementsDiff,
    AgreementsRank,
    Change,
    ClauseWorth,
    Door,
    Gain,
    NationChange,
)
from synaspis.report.console import paragraph, plain_table
from synaspis.report.words import counted, listed, number, people, short_people

FEW = 4
"""So many nations are named in a cell; more are counted."""
ROWS = 24
"""Lines of a table of changes, at most; the document has them all."""
PLURALS = {"mandate": "mandates", "authority": "authorities", "consent": "consents"}
KINDS = {
    "release": ("missing permit", "missing permits"),
    "mandate": ("missing mandate", "missing mandates"),
    "authority": ("change of authority", "changes of authority"),
    "consent": ("consent", "consents"),
    "suspended": ("clause suspended", "clauses suspended"),
}


def render_diff(d: AgreementsDiff, console: Console) -> None:
    """Print the comparison of two regimes."""
    console.print()
    paragraph(console, Text(diff_finding(d), style="bold"))
    paragraph(
        console,
        Text(
            f"{d.case}, {d.trials:,} trials on the same luck, seed {d.seed}. Bands are the 5th and 95th "
            "percentile of the difference, trial by trial.",
            style="dim",
        ),
    )
    rows = grouped(d.changes)
    if rows:
        console.print()
        console.print(Text("What goes otherwise", style="bold"))
        table = plain_table()
        for heading in ("owner", "recipient", "product", d.before, d.after, "because"):
            table.add_column(escape(heading), overflow="fold")
        for row in rows[:ROWS]:
            table.add_row(*(escape(_spoken(cell)) for cell in row))
        console.print(table)
        if len(rows) > ROWS:
            paragraph(console, Text(f"and {len(rows) - ROWS} more rows: see --json", style="dim"))
    if d.clauses:
        console.print()
        paragraph(console, Text(lone_sentence(d)))
    moved = {code: n for code, n in d.nations.items() if _moved(n)}
    if moved:
        console.print()
        console.print(Text("What that does to each nation", style="bold"))
        console.print(_nations(d, moved))


def _spoken(cell: str) -> str:
    """Names of products and of batteries' radars as words, which a narrow column may break."""
    return cell.replace("_", " ").replace("/radar", " radar")


def diff_finding(d: AgreementsDiff) -> str:
    """The comparison in a sentence or two."""
    ways = len({(c.owner, c.recipient, c.product) for c in d.changes})
    otherwise = f"{counted(ways, 'ask')} {'goes' if ways == 1 else 'go'}" if ways else "no ask goes"
    head = f"From {d.before} to {d.after} {otherwise} otherwise"
    gain = d.protected_population
    if abs(gain.value) < 0.5 and abs(d.leakers.value) < 0.005:
        return f"{head}; nobody is better or worse protected for it."
    word = "more" if gain.value > 0 else "fewer"
    landed = f"{number(abs(d.leakers.value))} {'fewer' if d.leakers.value < 0 else 'more'} missiles land"
    return (
        f"{head}, {people(abs(gain.value))} {word} people are protected "
        f"({short_people(gain.low)} to {short_people(gain.high)}), and {landed}."
    )


def lone_sentence(d: AgreementsDiff) -> str:
    """The clauses that let nothing go and yet differ: who is defended, who orders, who must consent."""
    said = []
    for regime, other in ((d.after, d.before), (d.before, d.after)):
        kinds = dict.fromkeys(c.kind for c in d.clauses if c.regime == regime)
        parts = []
        for kind in kinds:
            ids = [c.id for c in d.clauses if c.regime == regime and c.kind == kind]
            word = kind if len(ids) == 1 else PLURALS[kind]
            parts.append(f"the {word} {listed(ids)}")
        if parts:
            said.append(f"{regime} has {listed(parts)}, which {other} has not")
    return f"Beside what is released: {'; '.join(said)}."


def grouped(changes: Sequence[Change]) -> list[tuple[str, ...]]:
    """Rows (owner, recipient, product, before, after, because), like changes of several nations together."""
    found: dict[tuple[str, ...], dict[tuple[str, str], list[str]]] = {}
    for c in changes:
        of = f" of {listed(c.sensors)}" if c.sensors else ""
        key = (_door(c.before), _door(c.after), ", ".join(c.because), of)
        found.setdefault(key, {}).setdefault((c.owner, c.recipient), []).append(c.product)
    rows: list[tuple[str, ...]] = []
    for (before, after, because, of), pairs in found.items():
        recipients: dict[tuple[str, str], set[str]] = {}
        for (owner, recipient), products in pairs.items():
            recipients.setdefault((owner, ", ".join(products) + of), set()).add(recipient)
        # Each owner gives to the others of its group: so the members of an alliance come together.
        groups: dict[tuple[frozenset[str], str], list[str]] = {}
        for (owner, products_), others in recipients.items():
            groups.setdefault((frozenset(others | {owner}), products_), []).append(owner)
        for (group, products_), owners in groups.items():
            told = sorted(group - set(owners) if len(owners) == 1 else group)
            rows.append((_few(owners), _few(told), products_, before, after, because))
    return rows


def _few(nations: Iterable[str]) -> str:
    found = list(nations)
    return ", ".join(found) if len(found) <= FEW else f"{len(found)} nations"


def _door(d: Door) -> str:
    late = f" after {d.delay_s:g} s" if d.delay_s else ""
    when = f", known to {d.when}" if d.when else ""
    return {"no": "no", "yes": "yes"}.get(d.answer, "only if") + late + when


def _moved(n: NationChange) -> bool:
    gains = (n.warning_s, n.leakers, n.protected_population)
    return any(g.value for g in gains) or n.covered_before != n.covered_after


def _nations(d: AgreementsDiff, moved: dict[str, NationChange]) -> Table:
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    for heading in ("warning, s", "leakers", "people protected", "people covered"):
        table.add_column(heading, justify="right", no_wrap=True)
    ordered = sorted(moved.items(), key=lambda item: -item[1].protected_population.value)
    for code, n in ordered:
        table.add_row(
            code,
            f"{n.warning_before_s:,.0f} → {n.warning_after_s:,.0f}{_band(n.warning_s, _seconds)}",
            f"{number(n.leakers_before)} → {number(n.leakers_after)}{_band(n.leakers, number)}",
            f"{_signed(n.protected_population.value)}{_band(n.protected_population, short_people)}",
            f"{short_people(n.covered_before)} → {short_people(n.covered_after)}",
        )
    return table


def _seconds(value: float) -> str:
    return f"{value:,.0f}".replace("-", "−")


def _band(g: Gain, said: Callable[[float], str]) -> str:
    """The band of a difference, on a line of its own."""
    if g.low == g.high == 0.0:
        return ""
    return f"\n\\[{said(g.low)} to {said(g.high)}]"


def _signed(count: float) -> str:
    told = short_people(count)
    return f"+{told}" if count > 0 else told


def render_rank(r: AgreementsRank, console: Console, top: int) -> None:
    """Print the clauses that buy or cost most."""
    console.print()
    paragraph(console, Text(rank_finding(r), style="bold"))
    paragraph(console, Text(_rank_under(r), style="dim"))
    better = [c for c in r.clauses if c.kind != "suspended" and c.gain.value > 0.5]
    worse = [c for c in reversed(r.clauses) if c.kind == "suspended" and c.gain.value < -0.5]
    warned = sorted(
        (c for c in r.clauses if c.kind != "suspended" and c not in better and c.warning_s),
        key=lambda c: -sum(c.warning_s.values()),
    )
    for heading, found in (
        ("What one clause would buy", better),
        ("What would be lost without a clause in force", worse),
        ("What would buy warning alone", warned),
    ):
        if found:
            console.print()
            console.print(Text(heading, style="bold"))
            least = least_of_each(found)
            console.print(_worths(least[:top]))
            if len(least) > top:
                console.print(Text(f"and {len(least) - top} more: --top {len(least)}", style="dim"))
    console.print()
    idle = sum(c.gain.value == 0.0 and not c.warning_s for c in r.clauses)
    paragraph(console, Text(f"{counted(idle, 'clause')} alone would change nothing at all.", style="dim"))


def least_of_each(found: Sequence[ClauseWorth]) -> list[ClauseWorth]:
    """Of releases between two nations that do the same, the product that reveals least."""
    kept: dict[tuple[object, ...], ClauseWorth] = {}
    for c in found:
        same = (c.gain, *sorted(c.warning_s.items())) if c.kind == "release" else (c.what,)
        key = (c.kind, c.owner, c.recipient, *same)
        if key not in kept or (
            c.kind == "release" and PRODUCTS.index(c.product) < PRODUCTS.index(kept[key].product)
        ):
            kept[key] = c
    return list(kept.values())


def rank_finding(r: AgreementsRank) -> str:
    """The best single clause in a sentence."""
    best = next((c for c in r.clauses if c.kind != "suspended"), None)
    if best is None or best.gain.value <= 0.5:
        return f"No single clause would protect anybody more than {r.regime} does; see `agreements package`."
    sure = "" if best.gain.value > 2 * best.gain.error else ", which may be luck"
    more = f"{people(best.gain.value)} more people{sure}"
    return f"One clause beyond {r.regime} would protect {more}: {best.what}."


def _rank_under(r: AgreementsRank) -> str:
    kinds = listed([counted(n, *KINDS[kind]) for kind, n in r.candidates.items()])
    return (
        f"{r.case}, regime {r.regime}: {people(r.protected_population)} protected. "
        f"{counted(sum(r.candidates.values()), 'candidate')}: {kinds}. They compile to {r.distinct} "
        f"different tables, each played once over {r.trials:,} trials on the same luck (seed {r.seed}). "
        f"Releases that are added come {r.delay_s:g} s late."
    )


def _worths(found: Sequence[ClauseWorth]) -> Table:
    table = plain_table()
    table.add_column("clause")
    table.add_column("people", justify="right", no_wrap=True)
    table.add_column("5 to 95 %", justify="right", no_wrap=True)
    table.add_column("warning", justify="right")
    for c in found:
        table.add_row(
            escape(c.what),
            f"{_signed(c.gain.value)} ±\u00a0{short_people(2 * c.gain.error)}",
            f"{short_people(c.gain.low)} to {short_people(c.gain.high)}",
            _warned(c),
        )
    return table


def _warned(c: ClauseWorth) -> str:
    ordered = sorted(c.warning_s.items(), key=lambda item: -abs(item[1]))
    told = [f"{code} {value:+,.0f}\u00a0s".replace("-", "−") for code, value in ordered if abs(value) >= 0.5]
    return ", ".join(told[:3]) + (", ..." if len(told) > 3 else "")
