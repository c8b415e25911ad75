"""The transparency page of a run: what this shield is and is not able to do about third states' missiles."""

from __future__ import annotations

from html import escape

from synaspis.model.answers import Band, RunAnswer
from synaspis.model.stability import LEAST_RADIUS_M, ReachShare, StabilityAnswer
from synaspis.report import stability_figures as drawn
from synaspis.report import stability_findings as found
from synaspis.report.grounds import figures_section
from synaspis.report.markup import Markup, figure, flag, key, section, table
from synaspis.report.shell import MAP_CREDIT, card, heading, outline, whole
from synaspis.report.svg import element

MEANING = (
    "Each share is a bound from above: could an interceptor get to some point of a path in time, if all was "
    "known? What a real shield does is less, never more. In brackets: every public figure of the "
    "interceptors at the worse and at the better end of its band."
)
SHAPE = (
    f"Regions and destinations are circles of at least {LEAST_RADIUS_M / 1000:,.0f} km radius, or whole "
    "nations. Paths are not drawn, listed or kept: shares are all that there is."
)
LIMITS = (
    "It compares public figures. It does not say what anybody intends, and no figure here is a plan.",
    "Only what the case holds is asked about: its batteries, the declared classes and regions. Submarines, "
    "aircraft and other shields are not in it.",
    "Shares cannot be taken for chances: a path in reach is not a missile stopped.",
    "Nothing here searches for what would get through, and no path can be told from another.",
)


def page(answer: RunAnswer) -> str:
    """The whole page; "" where the case asks no such question."""
    s = answer.stability
    if s is None:
        return ""
    header = heading(f"Synaspis · {answer.case} · {answer.date} · strategic stability", found.headline(s))
    parts = [_question(answer, q) for q in s.questions]
    parts += [_assumptions(answer), figures_section(s.entries), _limits(answer)]
    first, *others = s.questions
    told = (found.list_sentence(first), found.rounds_sentence(first), *map(found.titled, others))
    lede = f"What this shield is and is not able to do. {answer.title}. {' '.join(filter(None, told))}"
    main = outline(lede, "".join(_card(q) for q in s.questions), MEANING) + "".join(parts)
    said = f"Synaspis {answer.version}. {MAP_CREDIT}"
    return whole(f"What this shield can do: {answer.title}", drawn.STYLE, header, main, said)


def report_section(answer: RunAnswer) -> str:
    """The same in short, for the run's report."""
    s = answer.stability
    if s is None:
        return ""
    columns = [("paths", "t"), ("in reach from launch", "n"), ("from burnout", "n"), ("on a list", "n"),
               ("rounds to a missile", "n")]  # fmt: skip
    rows = [
        [q.title, *_shares(q.whole), found.rate(q.ratio_within_reach)] for q in s.questions
    ]  # fmt: skip
    link = element("a", escape("What this shield is and is not able to do"), href=found.PAGE)
    inside = table("Share of paths that some interceptor could meet, at most", columns, rows)
    inside += element("p", f"{link}, with maps, bands, assumptions and sources, stands beside this file.")
    return section("Strategic stability", found.headline(s), inside)


def _card(q: StabilityAnswer) -> str:
    lines = (
        ("in reach from launch", _said(q.whole.from_launch)),
        ("on an interceptor’s list", _said(q.whole.on_list)),
        ("rounds in reach", found.count(found.total(q, "within_reach"))),
        ("missiles", found.count(q.missiles)),
    )
    big = "–" if q.whole.from_burnout is None else found.shown(q.whole.from_burnout)
    return card(
        q.title, "at most, if everything worked", big, lines, "headline", "of paths in reach from burnout"
    )


def _said(b: Band | None) -> str:
    return "–" if b is None else found.shown(b)


def _shares(x: ReachShare) -> list[str]:
    return [_said(b) for b in (x.from_launch, x.from_burnout, x.on_list)]


def _question(answer: RunAnswer, q: StabilityAnswer) -> str:
    where = found.sites_sentence(drawn.far_reaching(answer.sites), answer.sites)
    place = figure(where, drawn.stability_map(q, answer.sites, where), _map_note(q), key(drawn.map_key(q)))
    shares = found.reach_sentence(q)
    bars = figure(shares, drawn.share_bars(q, shares), "", key(drawn.share_key(q)))
    rounds = found.rounds_sentence(q)
    note = f"Missiles, {q.as_of}: {q.source}."
    against = figure(rounds, drawn.rounds_bars(q, rounds), note, key(drawn.rounds_key(q)))
    told = element("p", escape(found.list_sentence(q)))
    noted = element("p", element("b", "Note. ") + escape(q.note), cls="said") if q.note else ""
    title = found.finding(q)
    title = title[0].upper() + title[1:]
    return section(q.title, title, told + noted + bars + _table(answer, q) + place + against)


def _map_note(q: StabilityAnswer) -> str:
    return f"{SHAPE} Classes: {found.classes_sentence(q)}."


def _table(answer: RunAnswer, q: StabilityAnswer) -> str:
    columns = [("launch region", "c"), ("class", "c"), ("status", "c"), ("paths", "n"), ("from launch", "n"),
               ("from burnout", "n"), ("on a list", "n")]  # fmt: skip
    regimes = list(q.whole.released or ()) if _any_listed(q) else []
    columns += [(name, "n") for name in regimes]
    rows: list[list[str]] = []
    for region, by_class in q.cells.items():
        for i, (name, cell) in enumerate(by_class.items()):
            status = q.classes[name][1]
            tone = "hypothetical" if status == "hypothetical" else ""
            rows.append([region if i == 0 else "", name, flag(status, tone), *_cells(cell, regimes)])
    rows.append(["all", "", "", *_cells(q.whole, regimes)])
    groups = [("", 4), ("in reach, at most", 3)]
    if regimes:
        groups.append(("and tracked in time under", len(regimes)))
    caption = "Share of paths, by launch region and class"
    return table(caption, columns, rows, ["", *[""] * (len(rows) - 2), "headline"], groups)


def _any_listed(q: StabilityAnswer) -> bool:
    return q.whole.on_list is not None and q.whole.on_list.value > 0.0


def _cells(x: ReachShare, regimes: list[str]) -> list[str]:
    paths = f"{x.paths}" + (f" of {x.paths + x.out_of_range}" if x.out_of_range else "")
    if x.from_launch is None:
        words = "out of range" if x.paths == 0 else "too few"
        return [paths, words, "–", "–", *("–" for _ in regimes)]
    released = x.released or {}
    return [paths, *_shares(x), *(found.share_of(released.get(name, 0.0)) for name in regimes)]


def _assumptions(answer: RunAnswer) -> str:
    s = answer.stability
    assert s is not None
    said = "".join(element("li", escape(words)) for words in s.assumptions)
    return section(
        "What this rests on", "Every share is a bound: a real shield does less, never more.",
        element("ul", said, cls="plain"),
    )  # fmt: skip


def _limits(answer: RunAnswer) -> str:
    said = "".join(element("li", escape(words)) for words in LIMITS)
    again = Markup(f"The run itself: {element('a', 'report.html', href='report.html')}.")
    return section(
        "What this is not", "A statement about public figures, open to anybody who would check it.",
        element("ul", said, cls="plain") + element("p", again),
    )  # fmt: skip
