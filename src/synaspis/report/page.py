"""The report: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from synaspis.model.answers import RegimeAnswer, RunAnswer
from synaspis.model.fact import Entry
from synaspis.report import caveats, findings, globe, grounds, ignorance, layers, outcome, seconds
from synaspis.report.shell import MAP_CREDIT, card, heading, outline, whole
from synaspis.report.stability_page import report_section
from synaspis.report.svg import element
from synaspis.report.words import band, number, people, percent

MEANING = (
    "People protected: population of each attacked place times the chance that no missile lands there, "
    "less that chance with no defence. One leaker leaves a whole city unprotected: a strict convention. "
    "People covered: those in places that can be defended against every class and launch area."
)


def page(answer: RunAnswer, facts: Sequence[Entry]) -> str:
    """The whole report of `answer`; `facts` are the catalogue entries that its case uses."""
    parts = (
        outcome.protection_section(answer),
        outcome.difference_section(answer),
        outcome.nations_section(answer),
        outcome.warning_section(answer),
        caveats.needless_section(answer),
        outcome.leakers_section(answer),
        layers.layers_section(answer),
        caveats.countermeasures_section(answer),
        seconds.seconds_section(answer),
        ignorance.page_section(answer),
        grounds.lost_section(answer),
        grounds.rounds_section(answer),
        layers.stock_section(answer),
        report_section(answer),
        grounds.raid_section(answer),
        grounds.figures_section(facts),
        grounds.limits_section(answer),
    )
    main = _picture(answer) + _outline(answer) + "".join(parts)
    over = f"Synaspis · {answer.case} · {_day(answer.date)}"
    header = heading(over, findings.headline(answer), findings.condition_sentence(answer))
    said = f"Synaspis {answer.version}. Seed {answer.seed}, {answer.trials:,} trials. {MAP_CREDIT} "
    said += "Symbols: APP-6."
    return whole(answer.title, globe.style(), header, main, said, globe.scripts(answer))


def _picture(answer: RunAnswer) -> str:
    """The place of the globe, and the map that stands there until the globe does, and on paper."""
    place = element("div", "", id="synaspis-globe", hidden="hidden")
    return place + element("div", outcome.map_figure(answer), cls="still")


def _outline(answer: RunAnswer) -> str:
    said = [f"{answer.title}. {findings.raid_sentence(answer.flights)}"]
    if answer.difference is not None:
        said += [findings.split_sentence(answer.difference), findings.clause_sentence(answer.difference)]
    said.append(findings.doubled_sentence(answer))
    cards = "".join(_card(answer, regime) for regime in answer.regimes.values())
    return outline(" ".join(filter(None, said)), cards, MEANING)


def _card(answer: RunAnswer, r: RegimeAnswer) -> str:
    leakers = f"{number(r.leakers.mean)} [{band(r.leakers.p05, r.leakers.p95)}]"
    lines = (
        ("leakers [5–95 %]", leakers),
        ("chance of no leaker", percent(r.p_no_leaker)),
        ("people covered", people(r.covered_population)),
    )
    big = people(r.protected_population)
    small = f"protected of {people(r.population_at_risk)} people at risk"
    return card(r.name, r.title, big, lines, findings.tone(answer, r.name), small)


def _day(date: str) -> str:
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        return date
    return f"{day.day} {day:%B %Y}"
