"""The report's second half: shots lost and why, rounds, the raid, the public figures, the limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from synaspis.model.answers import CAUSES, LostShot, RegimeAnswer, RunAnswer
from synaspis.model.fact import Entry, Fact
from synaspis.report import findings, svg
from synaspis.report import words as say
from synaspis.report.figures import Bar, bars
from synaspis.report.findings import tone
from synaspis.report.markup import Markup, flag, section, table, tables_of
from synaspis.report.words import CAUSE_WORDS, band, duration, number, tick

LOST_ROWS = 12


def lost_section(answer: RunAnswer) -> str:
    """Shots in reach that were never fired."""
    shown = findings.compared(answer) or tuple(answer.regimes.values())
    causes = [c for c in CAUSES if any(r.shots_lost.get(c, 0.0) > 0 for r in answer.regimes.values())]
    if not causes:
        return section("Shots lost", "No battery let a shot in reach go by.", "")
    title = findings.lost_sentence(answer)
    rows = [
        Bar(
            label=CAUSE_WORDS[cause] if i == 0 else "",
            value=r.shots_lost.get(cause, 0.0),
            said=f"{number(r.shots_lost.get(cause, 0.0))} {r.name}",
            tone=tone(answer, r.name),
        )
        for cause in causes
        for i, r in enumerate(shown)
    ]
    note = "Pairs in geometric reach where the battery never fired, by the first gate that failed."
    chart = svg.element(
        "figure",
        bars(rows, "battery and missile pairs, mean over trials", tick, title)
        + svg.element("figcaption", escape(note)),
    )
    columns = [("cause", "c")] + [(name, "n") for name in answer.regimes]
    listed = [
        [CAUSE_WORDS[c], *(number(r.shots_lost.get(c, 0.0)) for r in answer.regimes.values())] for c in causes
    ]
    inside = chart + table("Shots lost by cause, mean", columns, listed)
    return section("Shots lost", title, inside + "".join(_lost_table(r) for r in shown if r.lost))


def _lost_table(r: RegimeAnswer) -> str:
    """The commonest losses, alike ones together."""
    alike: dict[tuple[str, str, tuple[str, ...], str], list[LostShot]] = {}
    for shot in r.lost:
        alike.setdefault((shot.battery, shot.cause, shot.clauses, shot.why), []).append(shot)
    ordered = sorted(alike.items(), key=lambda item: -sum(s.mean for s in item[1]))[:LOST_ROWS]
    columns = [
        ("battery", "c"),
        ("missiles", "n"),
        ("lost, mean", "n"),
        ("cause", "c"),
        ("clauses", ""),
        ("why", "t"),
    ]
    rows = [
        [
            battery,
            str(len({s.threat for s in shots})),
            number(sum(s.mean for s in shots)),
            CAUSE_WORDS.get(cause, cause),
            ", ".join(clauses) or "–",
            why or "–",
        ]
        for (battery, cause, clauses, why), shots in ordered
    ]
    return table(f"Why, under {r.name}: the commonest losses", columns, rows)


def rounds_section(answer: RunAnswer) -> str:
    """Rounds fired and kills by battery."""
    names = list(dict.fromkeys(b for r in answer.regimes.values() for b in (*r.rounds, *r.kills)))
    if not names:
        return section("Rounds", "No battery is in the case.", "")
    rounds, kills = [], []
    for battery in names:
        fired = []
        for r in answer.regimes.values():
            spread = r.rounds_spread.get(battery)
            luck = "" if spread is None else f" [{band(spread.p05, spread.p95)}]"
            fired.append(number(r.rounds.get(battery, 0.0)) + luck)
        rounds.append(([battery], fired))
        kills.append(([battery], [number(r.kills.get(battery, 0.0)) for r in answer.regimes.values()]))
    totals = [f"{number(sum(r.rounds.values()))} under {r.name}" for r in answer.regimes.values()]
    title = f"Rounds fired on average: {', '.join(totals)}."
    wasted = {r.name: sum(r.wasted.values()) for r in answer.regimes.values()}
    most = max(wasted, key=lambda name: wasted[name])
    if wasted[most] > 0.0:
        title += f" Up to {number(wasted[most])} ({most}) go at spent bodies or decoys, not at warheads."
    title = " ".join(filter(None, (title, findings.doubled_sentence(answer))))
    groups = [("rounds, mean [5–95 %]", rounds), ("kills, mean", kills)]
    listed = tables_of("Rounds and kills by battery", [("battery", "c")], list(answer.regimes), groups)
    return section("Rounds", title, listed)


def raid_section(answer: RunAnswer) -> str:
    """The raid, alike missiles together."""
    count = Counter((f.type, f.status, f.launch, f.target, f.nation) for f in answer.flights)
    first = {(f.type, f.status, f.launch, f.target, f.nation): f for f in reversed(answer.flights)}
    columns = [
        ("missiles", "n"),
        ("class", "c"),
        ("status", "c"),
        ("from", "c"),
        ("at", "c"),
        ("nation", "c"),
    ]
    columns += [("range, km", "n"), ("apogee, km", "n"), ("flight", "n"), ("first launch", "n")]
    rows = [
        [
            str(n),
            row[0],
            flag(row[1], "hypothetical" if row[1] == "hypothetical" else ""),
            row[2],
            row[3] or "–",
            row[4] or "–",
            f"{first[row].range_km:,.0f}",
            f"{first[row].apogee_km:,.0f}",
            duration(first[row].impact_s - first[row].launch_s),
            duration(first[row].launch_s),
        ]
        for row, n in count.items()
    ]
    statuses = Counter(f.status for f in answer.flights)
    title = "The raid is an input: " + ", ".join(f"{n} {status}" for status, n in statuses.items()) + "."
    return section("The raid, row by row", title, table("", columns, rows))


def figures_section(facts: Sequence[Entry]) -> str:
    """Every public figure behind the answer, with its birth certificate."""
    number_of = sum(len(entry.facts) for entry in facts)
    low = sum(f.confidence == "low" for entry in facts for f in entry.facts)
    title = f"{number_of} public figures stand behind this answer, {low} of them of low confidence."
    return section("Public figures", title, "".join(_entry(entry) for entry in facts))


def _entry(entry: Entry) -> str:
    columns = [("figure", "c"), ("value", "n"), ("low", "n"), ("high", "n"), ("unit", "c"), ("holds for", "")]
    columns += [("source", "t"), ("as of", "n"), ("confidence", "c")]
    rows = [_fact(fact) for fact in entry.facts]
    heading = Markup(
        svg.element("b", escape(entry.title))
        + svg.element("span", escape(f"{entry.name}, {entry.kind}"), cls="small")
    )
    inside = svg.element("summary", heading) + svg.element("p", escape(entry.summary), cls="small")
    return svg.element("details", inside + table("", columns, rows))


def _fact(fact: Fact) -> list[str]:
    held = ", ".join(f"{name} {value}" for name, value in fact.at)
    note = f"{fact.source}. {fact.note}" if fact.note else fact.source
    values = [say.figure(fact.value), say.figure(fact.low), say.figure(fact.high)]
    return [
        fact.parameter,
        *values,
        "" if fact.unit == "1" else fact.unit,
        held or "–",
        note,
        str(fact.as_of),
        fact.confidence,
    ]


def _coded(words: str) -> str:
    """Text escaped; what stands between backticks is a name as typed."""
    parts = [escape(part) for part in words.split("`")]
    if len(parts) % 2 == 0:
        return escape(words)
    return "".join(svg.element("code", part) if i % 2 else part for i, part in enumerate(parts))


def limits_section(answer: RunAnswer) -> str:
    """How it was reckoned, and what it is not."""
    said = (
        "Kill probabilities are inputs with bands, not results.",
        "Intervals show luck over trials only. Doubt about the public figures is not in them.",
        "It is for planning, research and teaching. It holds no weapon guidance and controls nothing.",
        "Raids are inputs: nothing here searches for what would get through.",
        "Clauses marked assumed rest on no public text; what they say is a working assumption.",
        *answer.notes,
    )
    points = svg.element("ul", "".join(svg.element("li", _coded(words)) for words in said), cls="plain")
    rows = [
        ["case", answer.case],
        ["seed", str(answer.seed)],
        ["trials", f"{answer.trials:,}"],
        ["version", answer.version],
    ]
    rows += [
        [f"self-check: {name.replace('_', ' ')}", f"{value:.6g}"] for name, value in answer.self_check.items()
    ]
    again = f"synaspis run {answer.case} --trials {answer.trials} --seed {answer.seed}"
    if answer.ignorance is not None:
        again += f" --draws {answer.ignorance.draws}"
        rows.insert(3, ["draws", str(answer.ignorance.draws)])
    same = svg.element("p", "The same bytes again: " + svg.element("code", escape(again)))
    return section(
        "What this is not",
        "It compares agreements on equal luck; it does not foretell a war.",
        points + table("The run", [("what", "c"), ("value", "")], rows) + same,
    )
