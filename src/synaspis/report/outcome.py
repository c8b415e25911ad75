"""The report's first half: the raid, who is protected, what makes the difference, who is warned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import ClauseGain, Difference, NationAnswer, RegimeAnswer, RunAnswer
from synaspis.report import findings, svg
from synaspis.report.figures import Bar, Range, bars, histogram, ranges
from synaspis.report.findings import tone
from synaspis.report.map import drawn_sites, hull, wing, world_map
from synaspis.report.markup import figure, flag, key, section, table, tables_of
from synaspis.report.words import band, duration, number, people, percent, short_people, tick, tick_people

CLAUSE_BARS = 10
LUCK = "Whiskers hold 90 % of trials: luck alone, not doubt about the public figures."


def map_figure(answer: RunAnswer) -> str:
    """Where the raid flies and what stands in its way."""
    said = f"Map: {findings.raid_sentence(answer.flights)}"
    wide, narrow = world_map(answer, 1040, 600, said), world_map(answer, 350, 380, said)
    marks = [
        (svg.element("circle", cx=11, cy=7, r=6, cls="asset"), "place attacked, by population"),
        (svg.rect(6.5, 2.5, 9, 9, "battery"), "battery and its reach"),
        (svg.path([(11, 1), (17, 12), (5, 12)], "sensor", closed=True), "radar and its sector"),
    ]
    if any(s.kind == "battery" and s.domain == "sea" for s in drawn_sites(answer)):
        marks.insert(
            2, (svg.path(hull(11, 7), "battery", closed=True), "ship with interceptors and its reach")
        )
    if any(s.kind == "aircraft" for s in drawn_sites(answer)):
        marks.append((svg.path(wing(11, 7), "sensor", closed=True), "aircraft with an infrared sensor"))
    for status in dict.fromkeys(f.status for f in answer.flights):
        marks.append((svg.line(0, 7, 22, 7, f"track {escape(status)}"), f"ground track, {status} class"))
    drawn = f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
    return svg.element("figure", key(marks) + drawn, cls="maps")


def protection_section(answer: RunAnswer) -> str:
    """People protected by regime, with the whole table of regimes."""
    rows = [
        Bar(
            label=r.name,
            value=r.protected_population,
            said=short_people(r.protected_population),
            tone=tone(answer, r.name),
            low=r.protected_spread.p05,
            high=r.protected_spread.p95,
            whole=r.population_at_risk,
            note=r.title,
        )
        for r in answer.regimes.values()
    ]
    best = max(answer.regimes.values(), key=lambda r: r.protected_population)
    title = (
        f"Under the best regime, {best.name}, {people(best.protected_population)} "
        f"of {people(best.population_at_risk)} people at risk are protected."
    )
    drawn = bars(rows, "people protected", tick_people, title)
    chart = figure("", drawn, f"Dotted outline: people at risk. {LUCK}")
    columns = [
        ("regime", "c"),
        ("people", "n"),
        ("5–95 %", "n"),
        ("at risk", "n"),
        ("once", "n"),
        ("twice", "n"),
    ]
    columns += [("mean", "n"), ("5–95 %", "n"), ("none", "n"), ("impacts", "n"), ("rounds", "n")]
    groups = [
        ("", 1),
        ("protected", 2),
        ("", 1),
        ("covered", 2),
        ("leakers", 3),
        ("prevented", 1),
        ("fired", 1),
    ]
    listed = [_regime_row(r) for r in answer.regimes.values()]
    tones = [tone(answer, name) for name in answer.regimes]
    return section("Protection", title, chart + table("Every regime", columns, listed, tones, groups))


def _regime_row(r: RegimeAnswer) -> list[str]:
    return [
        r.name,
        short_people(r.protected_population),
        f"{short_people(r.protected_spread.p05)} – {short_people(r.protected_spread.p95)}",
        short_people(r.population_at_risk),
        short_people(r.covered_population),
        short_people(r.covered_twice_population),
        number(r.leakers.mean),
        band(r.leakers.p05, r.leakers.p95),
        percent(r.p_no_leaker),
        number(r.prevented_impacts.mean),
        number(sum(r.rounds.values())),
    ]


def difference_section(answer: RunAnswer) -> str:
    """The difference in four parts, and clause by clause."""
    d = answer.difference
    if d is None:
        return ""
    clauses = sorted(d.clauses, key=lambda c: -c.gain)
    columns = [("clause", "c"), ("agreement", "c"), ("group", "c"), ("people", "n"), ("terms", "c")]
    columns.append(("what it says", "t"))
    listed = [
        [c.id, c.agreement, c.group, short_people(c.gain), _terms(c.assumed), c.note or "–"] for c in clauses
    ]
    inside = svg.element("div", _four(d) + _each(d, clauses), cls="pair")
    inside += table("Clauses", columns, listed) if listed else ""
    return section("What makes the difference", findings.headline(answer), inside)


def _four(d: Difference) -> str:
    """The difference in its four groups."""
    rows = [
        Bar(label=name, value=value, said=short_people(value), tone="headline" if value >= 0 else "loss")
        for name, value in findings.groups(d)
    ]
    said = findings.split_sentence(d)
    drawn = bars(rows, f"people protected, {d.headline} less {d.against}", tick_people, said)
    note = "Shapley value over the four groups: the mean gain of each over all orders of adding them."
    return figure(said, drawn, note)


def _each(d: Difference, clauses: Sequence[ClauseGain]) -> str:
    """What is lost with each clause, the first `CLAUSE_BARS` of them."""
    rows = [
        Bar(
            label=c.id,
            value=c.gain,
            said=short_people(c.gain),
            tone="headline" if c.gain >= 0 else "loss",
            note=c.note,
        )
        for c in clauses[:CLAUSE_BARS]
    ]
    if not rows:
        return ""
    said = findings.clause_sentence(d)
    drawn = bars(rows, "people no longer protected without the clause", tick_people, said)
    return figure(said, drawn, "Each clause left out alone; gains do not add up.")


def _terms(assumed: bool) -> str:
    return flag("assumed", "assumed") if assumed else "on record"


def nations_section(answer: RunAnswer) -> str:
    """Who is protected, nation by nation."""
    names = list(answer.regimes)
    readings: list[tuple[str, Callable[[NationAnswer], str]]] = [
        ("people protected", lambda n: short_people(n.protected_population)),
        ("leakers, mean", lambda n: number(n.leakers_mean)),
        ("people covered", lambda n: short_people(n.covered_population)),
    ]
    groups = []
    for what, said in readings:
        rows = []
        for code in findings.nation_codes(answer):
            told = [r.nations.get(code) for r in answer.regimes.values()]
            at_risk = next(n.population_at_risk for n in told if n is not None)
            cells = ["–" if n is None else said(n) for n in told]
            rows.append(([code, short_people(at_risk)], cells))
        groups.append((what, rows))
    lead = [("nation", "c"), ("at risk", "n")]
    return section("Nations", findings.nation_sentence(answer), tables_of("Each nation", lead, names, groups))


def warning_section(answer: RunAnswer) -> str:
    """Seconds of warning by nation and regime."""
    codes = [
        code
        for code in findings.nation_codes(answer)
        if any(code in r.nations and r.nations[code].population_at_risk > 0 for r in answer.regimes.values())
    ]
    rows = []
    for code in codes:
        told = []
        for name, r in answer.regimes.items():
            if code in r.nations:
                w = r.nations[code].warning_s
                said = f"{code}, {name}: {duration(w.p50)} [{duration(w.p05)} to {duration(w.p95)}]"
                told.append(Range(low=w.p05, middle=w.p50, high=w.p95, tone=tone(answer, name), said=said))
        rows.append((code, told))
    title = findings.warning_sentence(answer)
    marks = [
        (
            svg.line(1, 7, 21, 7, f"reach {tone(answer, n)}")
            + svg.element("circle", cx=11, cy=7, r=5, cls=f"dot {tone(answer, n)}"),
            n,
        )
        for n in answer.regimes
    ]
    note = (
        "Rows of a nation stand in the order of the key. Dot: median over trials and attacked places, by "
        "population; line: 5–95 %. No warning counts as zero."
    )
    chart = figure("", ranges(rows, "warning before impact, s", _seconds, title), note, key(marks))
    names = list(answer.regimes)
    groups = [
        ("median [5–95 %], s", [([code], _warning_times(answer, code)) for code in codes]),
        ("people with 300 s or more, mean", [([code], _warned(answer, code)) for code in codes]),
    ]
    listed = tables_of("Warning by nation", [("nation", "c")], names, groups)
    return section("Warning", title, chart + listed)


def _seconds(value: float) -> str:
    return f"{value:,.0f}"


def _warning_times(answer: RunAnswer, code: str) -> list[str]:
    told = [r.nations.get(code) for r in answer.regimes.values()]
    return [
        "–" if n is None else f"{n.warning_s.p50:,.0f} [{n.warning_s.p05:,.0f}–{n.warning_s.p95:,.0f}]"
        for n in told
    ]


def _warned(answer: RunAnswer, code: str) -> list[str]:
    told = [r.nations.get(code) for r in answer.regimes.values()]
    return ["–" if n is None else short_people(n.warned_people.get(300, 0.0)) for n in told]


def leakers_section(answer: RunAnswer) -> str:
    """How many missiles get through: distribution where the tables hold it, else the range."""
    title = findings.leaker_sentence(answer)
    found = _leakers_by_trial(answer)
    if found:
        chart = histogram(found, "missiles that get through", title)
        note = f"Height: share of trials. {answer.trials:,} trials of the same raid: luck alone."
    else:
        rows = [
            Bar(
                label=r.name,
                value=r.leakers.mean,
                said=number(r.leakers.mean),
                tone=tone(answer, r.name),
                low=r.leakers.p05,
                high=r.leakers.p95,
            )
            for r in answer.regimes.values()
        ]
        chart, note = bars(rows, "missiles that get through, mean", tick, title), LUCK
    layers = list(dict.fromkeys(layer for r in answer.regimes.values() for layer in r.kills_by_layer))
    columns = [("layer", "c")] + [(name, "n") for name in answer.regimes]
    listed = [
        [layer, *(number(r.kills_by_layer.get(layer, 0.0)) for r in answer.regimes.values())]
        for layer in layers
    ]
    drawn = svg.element("figure", chart + svg.element("figcaption", escape(note)))
    return section(
        "Leakers", title, drawn + (table("Kills by layer, mean", columns, listed) if listed else "")
    )


def _leakers_by_trial(answer: RunAnswer) -> list[tuple[str, str, NDArray[np.float64]]]:
    """(regime, tone, leakers over trials) from the table `trials`, where it has those columns."""
    columns = answer.tables.columns.get("trials", {})
    if "regime" not in columns or "leakers" not in columns:
        return []
    names = np.asarray(columns["regime"]).astype(str)
    leakers = np.asarray(columns["leakers"], dtype=np.float64)
    picked = [(name, tone(answer, name), leakers[names == name]) for name in answer.regimes]
    return [row for row in picked if len(row[2])]
