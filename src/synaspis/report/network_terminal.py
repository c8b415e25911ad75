"""The network in a terminal: a calm board while it runs, and what it came to at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from synaspis.model.network_audit import Audit, Passed, utc
from synaspis.model.network_status import Latency, NetworkTotals, NetworkView, RangeStatus, Seen
from synaspis.report.console import WIDE, paragraph, plain_table
from synaspis.report.live_terminal import FRIEND, QUIET, THREAT, clock

LATENCY = "track"
"""The latency that the board shows."""
ABOUT_LATENCY = "p50, p99: from a measurement at its owner to the updated track here"
NARROW = 76
"""Columns below which the board leaves out what one can do without."""
FIRST_CLAUSES = 2
NEWS = 5
"""Lines about what was warned and what is to be mended."""
SILENT_S = 5.0
"""A partner that has not been heard for so long is said to be silent."""
WORDS = {
    "starting": "starts", "waiting": "waits", "running": "runs", "over": "done", "ended": "ended",
}  # fmt: skip


class Board:
    """The view as it stands, drawn to the width of the console that shows it."""

    def __init__(self, view: NetworkView) -> None:
        self.view = view

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        v = self.view
        yield _head(v, options.max_width)
        yield Text(_range_line(v), style=QUIET)
        yield Text("")
        yield _table(v.nodes, options.max_width)
        yield Text(ABOUT_LATENCY, style=QUIET)
        news = _news(v, options.max_width)
        if news:
            yield Text("")
            yield Group(*news)


def _head(v: NetworkView, width: int) -> Text:
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(v.case, style="bold")
    line.append(f"  {v.regime}  EXERCISE", style=QUIET)
    at = v.range.case_s if v.range is not None else None
    state = "not started" if at is None or at < 0.0 else clock(at)
    if v.range is not None and at is not None and v.range.ends_s > 0.0:
        state += f" of {clock(v.range.ends_s)}"
    if v.range is not None and v.range.state in ("over", "ended"):
        state = "the raid is over"
    told = f"{state}  {v.speed:g}×"
    line.append(" " * max(width - line.cell_len - len(told), 2))
    line.append(told)
    return line


def _range_line(v: NetworkView) -> str:
    well = sum(1 for n in v.nodes if n.status is not None and n.status.healthy and not n.gone)
    nodes = f"{well} of {len(v.nodes)} nodes are well"
    r = v.range
    if v.range_gone:
        return f"the range has ended: {v.range_gone}"
    if r is None or r.case_s is None:
        return f"{nodes}; the range waits for them"
    shots = f", {_number(r.shots, 'shot')}, {_number(r.hits, 'hit')}" if r.shots else ""
    return f"{r.launched} launched, {r.flying} in flight, {r.down} down{shots}; {nodes}"


def _table(nodes: Sequence[Seen], width: int) -> Table:
    wide, narrow = width >= WIDE, width < NARROW
    columns = {
        "own": "own\ntracks" if wide else "own", "received": "received" if wide else "recv", "held": "held",
        "released": "released", "refused": "refused", "p50": "p50\nms", "p99": "p99\nms",
        "silent": "silent",
    }  # fmt: skip
    left_out = {"silent"} if not wide else set()
    if narrow:
        left_out |= {"own", "received", "refused", "p50"}
    shown = [name for name in columns if name not in left_out]
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    table.add_column("node", no_wrap=True)
    for name in shown:
        table.add_column(columns[name], justify="right", no_wrap=True)
    table.add_column("warned", no_wrap=True, overflow="ellipsis", ratio=1)
    for n in nodes:
        cells, told = _counts(n), _places(n)
        table.add_row(n.nation, _state(n), *(cells.get(name, "") for name in shown), told)
    return table


def _state(n: Seen) -> Text:
    """How its process does, in a word."""
    if n.gone:
        return Text("gone", style=THREAT)
    if n.status is None:
        return Text(WORDS["starting"], style=QUIET)
    return Text(WORDS[n.status.state], style="" if n.status.healthy else THREAT)


def _counts(n: Seen) -> dict[str, Text | str]:
    """The cells of a row, by column; none before the node has said anything."""
    s = n.status
    if s is None:
        return {}
    latency = s.latency.get(LATENCY, Latency())
    silent = sum(q.heard_s is None or q.heard_s > SILENT_S for q in s.partners.values())
    return {
        "own": _quiet(s.own),
        "received": _quiet(s.received),
        "held": _quiet(s.held),
        "released": _quiet(sum(s.released.values())),
        "refused": _loud(sum(s.refused.values())),
        "p50": _ms(latency.p50_ms),
        "p99": _ms(latency.p99_ms),
        "silent": _loud(silent),
    }


def _places(n: Seen) -> Text:
    found = [p for w in n.status.warned for p in w.places] if n.status is not None else []
    return Text(", ".join(dict.fromkeys(found)), style=f"bold {FRIEND}" if found else "")


def _loud(count: int) -> Text:
    return Text(_count(count), style=THREAT) if count else Text("·", style=QUIET)


def _quiet(count: int) -> Text:
    return Text(_count(count)) if count else Text("·", style=QUIET)


def _count(count: int) -> str:
    return f"{count:,}" if count < 100_000 else f"{count / 1000:,.0f} k"


def _number(count: int, of: str) -> str:
    return f"{count:,} {of}" if count == 1 else f"{count:,} {of}s"


def _ms(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.1f}"


def _news(v: NetworkView, width: int) -> list[Text]:
    """What is to be mended, and the last warnings."""
    lines: list[Text] = []
    troubles = [(n.nation, t) for n in v.nodes for t in _wrong(n)]
    if v.range is not None:
        troubles += [("range", t) for t in v.range.troubles]
    for nation, told in troubles[:NEWS]:
        line = Text(f"{nation}  ", style=THREAT, no_wrap=True, overflow="ellipsis")
        lines.append(line.append(" ".join(told.replace("\n    mend:", "; mend:").split())))
    if len(troubles) > NEWS:
        lines.append(Text(f"and {len(troubles) - NEWS} more to mend", style=THREAT))
    warned = sorted(
        ((w.time_s, n.nation, w) for n in v.nodes if n.status for w in n.status.warned), key=lambda x: x[:2]
    )
    for time_s, nation, w in warned[-max(NEWS - len(lines), 1) :]:
        line = Text(f"{clock(time_s):>6}  ", style=QUIET, no_wrap=True, overflow="ellipsis")
        line.append(f"{nation} warned ", style=FRIEND).append(", ".join(w.places))
        if w.impact_s is not None:
            line.append(f", down at {clock(w.impact_s)}", style=QUIET)
        lines.append(line)
    return lines


def _wrong(n: Seen) -> list[str]:
    if n.gone:
        return [n.gone]
    return [*n.status.alarms, *n.status.troubles] if n.status is not None else []


def line(v: NetworkView) -> str:
    """The network in a line, for a log."""
    at = v.range.case_s if v.range is not None else None
    return f"{clock(at) if at is not None and at >= 0.0 else 'not started'}  {_range_line(v)}"


def render_totals(t: NetworkTotals, console: Console) -> None:
    """What the network came to: messages under which clauses, latency, chains."""
    v = t.view
    console.print()
    head = "The raid is over" if t.finished else "Ended before the raid was over"
    at = v.range.case_s if v.range is not None else None
    when = f" at {clock(at)}" if at is not None and not t.finished else ""
    whole = sum(k.whole for k in t.kept)
    console.print(Text(f"{head}{when}: {v.case}, {v.regime}, seed {v.seed}, {v.speed:g}×", style="bold"))
    console.print()
    console.print(_totals_table(t, console.width))
    console.print(Text(ABOUT_LATENCY, style=QUIET))
    console.print()
    paragraph(console, Text(_finding(t, whole)))
    for k in t.kept:
        for fault in k.faults[:3]:
            console.print(Text(f"{k.nation}: {fault}", style=THREAT))
    if t.folder:
        console.print(Text(f"Folder: {t.folder}"), soft_wrap=True)
        where = f"synaspis network audit {t.kept[0].nation if t.kept else 'NATION'} --dir {t.folder}"
        console.print(Text(where, style=QUIET), soft_wrap=True)


def _totals_table(t: NetworkTotals, width: int) -> Table:
    wide, narrow = width >= WIDE, width < NARROW
    table = plain_table()
    table.add_column("nation", no_wrap=True)
    p50, p99 = "p50\nms", "p99\nms"
    names = ("released", "received", "refused", "entries", p50, p99)
    shown = [name for name in names if not narrow or name not in ("refused", "entries", p50)]
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("chain", no_wrap=True)
    table.add_column("under clauses", overflow="fold" if wide else "ellipsis", no_wrap=not wide, ratio=1)
    statuses = {n.nation: n.status for n in t.view.nodes}
    for k in t.kept:
        s = statuses.get(k.nation)
        latency = s.latency.get(LATENCY, Latency()) if s is not None else Latency()
        refused = sum(s.refused.values()) if s is not None else 0
        counts = (_quiet(k.released), _quiet(k.received), _loud(refused), _count(k.entries))
        cells: dict[str, Text | str] = dict(
            zip(names, (*counts, _ms(latency.p50_ms), _ms(latency.p99_ms)), strict=True)
        )
        chain = Text("whole") if k.whole else Text("broken", style=THREAT)
        table.add_row(k.nation, *(cells[name] for name in shown), chain, _cited(k.clauses, wide))
    return table


def _cited(clauses: Sequence[str], wide: bool) -> str:
    """The clauses; where there is little room the first, and how many more."""
    if wide or len(clauses) <= FIRST_CLAUSES:
        return " ".join(clauses)
    return f"{' '.join(clauses[:FIRST_CLAUSES])} +{len(clauses) - FIRST_CLAUSES}"


def _finding(t: NetworkTotals, whole: int) -> str:
    sent = sum(k.released for k in t.kept)
    warned = {(n.nation, p) for n in t.view.nodes if n.status for w in n.status.warned for p in w.places}
    chains = (
        f"All {whole} journals verify."
        if whole == len(t.kept)
        else f"{whole} of {len(t.kept)} journals verify."
    )
    gone = [n.nation for n in t.view.nodes if n.gone]
    nodes = "node" if len(gone) == 1 else "nodes"
    lost = f" The {nodes} of {', '.join(gone)} ended before the others." if gone else ""
    places = _number(len(warned), "place")
    verb = "was" if sent == 1 else "were"
    return f"{_number(sent, 'message')} {verb} released, and {places} warned. {chains}{lost}"


def render_status(nodes: Sequence[Seen], span: RangeStatus | None, console: Console) -> None:
    """How the nodes of a folder stand, and what is to be mended."""
    console.print(_table(nodes, console.width))
    console.print(Text(ABOUT_LATENCY, style=QUIET))
    if span is not None:
        at = clock(span.case_s) if span.case_s is not None else "not started"
        console.print(Text(f"range: {WORDS.get(span.state, span.state)}, {at}", style=QUIET))
    for n in nodes:
        for told in _wrong(n):
            console.print(Text(f"{n.nation}: {told}", style=THREAT), soft_wrap=True)


def render_audit(a: Audit, console: Console) -> None:
    """What a journal tells."""
    console.print()
    verdict = "the chain is whole" if a.whole else "the chain is broken"
    style = "bold" if a.whole else f"bold {THREAT}"
    console.print(Text(f"{a.nation}: {a.entries:,} entries, {verdict}", style=style))
    console.print(Text(f"case {a.case_sha256[:8]}, last entry {a.head[:16]}", style=QUIET))
    for fault in a.faults:
        console.print(Text(fault, style=THREAT), soft_wrap=True)
    _told(a.released, "Released", "to", console)
    _told(a.received, "Received", "from", console)
    for title, counts in (
        ("Refused, by reason", a.refused), ("Not released, by product", a.not_released),
        ("Turned away or no longer told, of frames from", a.turned_away),
        ("Closed by a tombstone", {"→".join(c): n for c, n in a.closed.items()}),
        ("Content not kept, as the disk was full", {"→".join(c): n for c, n in a.dropped.items()}),
    ):  # fmt: skip
        if counts:
            _line(title, counts, console)
    for q in a.alarms:
        console.print(Text(f"{utc(q.at_ns)}  {q.what}: {q.nation}, {q.why}", style=THREAT), soft_wrap=True)


def _told(passed: Sequence[Passed], title: str, way: str, console: Console) -> None:
    console.print()
    if not passed:
        console.print(Text(f"{title}: nothing", style=QUIET))
        return
    console.print(Text(title, style="bold"))
    table = plain_table()
    table.add_column(way, no_wrap=True)
    table.add_column("product", no_wrap=True)
    table.add_column("messages", justify="right", no_wrap=True)
    table.add_column("first, last UTC", no_wrap=True)
    table.add_column("under", overflow="fold")
    for p in passed:
        span = f"{utc(p.first_ns)[11:19]}–{utc(p.last_ns)[11:19]}"
        table.add_row(p.nation, p.product, _count(p.messages), span, escape(" ".join(p.clauses)))
    console.print(table)


def _line(title: str, counts: Mapping[str, int], console: Console) -> None:
    told = ", ".join(f"{name or 'other'} {n:,}" for name, n in counts.items())
    paragraph(console, Text(f"{title}: {told}"))
