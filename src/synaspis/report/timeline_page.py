"""The page of `synaspis timeline`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

from html import escape

from synaspis.model.timeline import PlanAnswered, TimelineAnswer
from synaspis.report import timeline_figures as drawn
from synaspis.report import timeline_findings as found
from synaspis.report.markup import Markup, figure, flag, key, section, table
from synaspis.report.shell import card, heading, outline, whole
from synaspis.report.svg import element, line
from synaspis.report.words import listed, number, people, percent, short_people

LIMITS = (
    "A site counts whole from its first day to its last; how it grows into its task, and what it lacks at "
    "first, is not modelled. Kinds and rounds of batteries are those of the case's own date throughout.",
    "The raid is the case's own in every year, less what its owners do not have yet. Populations, and where "
    "satellites stand, are those of the case's own date.",
    "A plan changes the dates of its sites and nothing else: agreements come when they came.",
    "People-years count every day alike; that a raid comes on any of them is not said, and not likely.",
    "Costs are public prices with bands, in dollars of one year: what is bought counts in the year in which "
    "it comes, or in which it was bought where that is known to be sooner.",
)


def page(answer: TimelineAnswer) -> str:
    """The whole page."""
    a = answer
    over = f"Synaspis timeline · {a.case} · {a.first_year} to {a.last_year}"
    parts = [_protected(a), *(_plan(a, p) for p in a.plans), _warning(a), _cost(a), _whose(a), _years(a),
             _changes(a), _limits(a)]  # fmt: skip
    said = f"Synaspis {a.version}. Seed {a.seed}, {a.trials:,} trials."
    return whole(
        f"Timeline: {a.title}",
        drawn.STYLE,
        heading(over, found.headline(a)),
        _outline(a) + "".join(parts),
        said,
    )


def _outline(a: TimelineAnswer) -> str:
    cards = "".join(_card(a, name) for name in (a.headline, a.against)[: 1 if a.headline == a.against else 2])
    late = found.latest(a)
    if late is not None:
        short = late.alone[a.headline]
        when = (("planned", late.planned), ("came", late.happened or "–"),
                ("unprotected in the raid", short_people(short.protected.value)))  # fmt: skip
        cards += card(late.site, f"{found.lateness(late)} late", people(short.covered), when, "other",
                      "people-years uncovered")  # fmt: skip
    return outline(f"{a.title}. {found.proof(a)}", cards, found.METHOD)


def _card(a: TimelineAnswer, regime: str) -> str:
    last = a.years[-1].regimes[regime]
    lines = (
        ("at risk", short_people(last.population_at_risk)),
        ("covered", short_people(last.covered_population)),
        ("leakers", number(last.leakers.mean)),
        ("warning, middle", f"{last.warning_s.p50:.0f}\u00a0s"),
    )
    title = a.regime_titles[regime]
    small = f"people protected in {a.years[-1].year}"
    tone = "headline" if regime == a.headline else "against"
    return card(regime, title, people(last.protected_population.value), lines, tone, small)


def _protected(a: TimelineAnswer) -> str:
    title = found.steps(a)
    marks = [(line(2, 7, 20, 7, f"curve {drawn.tone(a, a.headline)}"), a.headline)]
    if a.headline != a.against:
        marks.append((line(2, 7, 20, 7, "curve against"), a.against))
    marks.append((line(2, 7, 20, 7, "curve other"), "other regimes"))
    if a.plans:
        marks.append((line(2, 7, 20, 7, "curve planned"), f"{a.headline}, as planned"))
    marks.append((line(11, 1, 11, 13, "mark"), "what came into force"))
    note = (
        "People in attacked places who would be struck undefended and are not: one leaker leaves a city out."
    )
    return section("Protection", title, figure("", drawn.protected_chart(a, title), note, key(marks)))


def _plan(a: TimelineAnswer, p: PlanAnswered) -> str:
    title = found.delay(a, p)
    short = p.shortfall[a.headline]
    inside = element("p", escape(f"{p.title}. {found.raid_words(a, p) if short.lags else ''}"))
    if short.covered > 0.0:
        note = (
            f"People in places that {p.name} would have covered under {a.headline} and that were not, day by "
            "day: the area is the people-years."
        )
        inside += figure("", drawn.lag_chart(a, short, title), note)
    said = "".join(element("li", escape(found.moved(m, a.headline))) for m in p.moved)
    inside += element("ul", said, cls="plain")
    if short.nations:
        rows = [[code, short_people(count)] for code, count in short.nations.items()]
        inside += table("People-years uncovered by nation", [("nation", "c"), ("people-years", "n")], rows)
    told = [p.source, p.note]
    inside += "".join(element("p", escape(text), cls="small") for text in told if text)
    return section("As planned", title, inside)


def _warning(a: TimelineAnswer) -> str:
    title = found.warning(a)
    note = "Median over trials and attacked places, weighted by people; zero where no warning comes in time."
    return section("Warning", title, figure("", drawn.warning_chart(a, title), note))


def _cost(a: TimelineAnswer) -> str:
    title = found.cost(a)
    if sum(y.cost[a.headline].value for y in a.years) <= 0.0:
        return section("Cost", title, "")
    note = "What is paid in the year. The line is the band of the whole, as sources differ."
    return section("Cost", title, figure("", drawn.cost_chart(a, title), note, key(drawn.pay_key(a))))


def _whose(a: TimelineAnswer) -> str:
    """Whose rounds it was, and where asked for each member's Shapley value."""
    owners = list(
        dict.fromkeys(n for y in a.years for n, k in y.regimes[a.headline].kills.items() if k > 0.0)
    )
    if not owners:
        return ""
    last = a.years[-1].regimes[a.headline].kills
    all_of = sum(last.values())
    most = max(last, key=lambda n: last[n]) if last else owners[0]
    part = last.get(most, 0.0) / all_of if all_of else 0.0
    title = (
        f"In {a.years[-1].year}, {percent(part)} of what is stopped under {a.headline} is stopped by {most}."
    )
    columns = [("year", "c"), *((n, "n") for n in owners)]
    rows = [
        [str(y.year), *(number(y.regimes[a.headline].kills.get(n, 0.0)) for n in owners)] for y in a.years
    ]
    inside = table("Missiles stopped by owner of the battery, mean", columns, rows)
    return section("Whose shield", title, inside + _shares(a))


def _shares(a: TimelineAnswer) -> str:
    """Shapley values by year of the members that have any, where they were asked for."""
    by_year = {y.year: y.regimes[a.headline].shapley for y in a.years}
    some = dict.fromkeys(n for told in by_year.values() for n, x in told.items() if abs(x.value) >= 0.5)
    if not some:
        return ""
    rows = [
        [str(year), *(short_people(round(told[n].value) + 0.0) if n in told else "–" for n in some)]
        for year, told in by_year.items()
    ]
    caption = f"Shapley value of each member under {a.headline}, people protected"
    return table(caption, [("year", "c"), *((n, "n") for n in some)], rows)


def _years(a: TimelineAnswer) -> str:
    columns = [("year", "c"), ("new or gone", "t"), ("missiles", "n"), ("protected", "n"), ("error", "n"),
               ("at risk", "n"), ("covered", "n"), ("warning, s", "n"), ("million USD", "n")]  # fmt: skip
    planned = a.plans[0] if a.plans else None
    if planned:
        columns.insert(5, ("as planned", "n"))
    rows = []
    for y in a.years:
        r = y.regimes[a.headline]
        row = [
            str(y.year), ", ".join(found.came(y)) or "–", str(sum(y.raid.values())),
            short_people(r.protected_population.value), short_people(r.protected_population.error),
            short_people(r.population_at_risk), short_people(r.covered_population),
            f"{r.warning_s.p50:.0f}", found.band(y.cost[a.headline]),
        ]  # fmt: skip
        if planned:
            then = planned.years[y.year][a.headline]
            row.insert(5, short_people(then.protected_population.value))
        rows.append(row)
    caption = f"Under {a.headline}, on {a.on} of each year"
    inside = table(caption, columns, rows) + _classes(a)
    return section("Year by year", "All years in figures.", inside)


def _classes(a: TimelineAnswer) -> str:
    """Who is covered against each class, whatever the others may do."""
    classes = list(dict.fromkeys(c for y in a.years for c in y.regimes[a.headline].covered_by_class))
    if len(classes) < 2:
        return ""
    columns = [("year", "c"), *((c, "n") for c in classes)]
    rows = [
        [str(y.year), *(short_people(y.regimes[a.headline].covered_by_class.get(c, 0.0)) for c in classes)]
        for y in a.years
    ]
    return table(f"People covered against each class alone, under {a.headline}", columns, rows)


def _changes(a: TimelineAnswer) -> str:
    columns = [("from or to", "c"), ("what", "c"), ("name", "c"), ("", "t"), ("regimes", ""), ("source", "t")]
    rows = []
    for y in a.years:
        for c in y.changes:
            how = flag("begins") if c.begins else flag("ends", "assumed")
            what = Markup(escape(c.kind) + " " + how)
            rows.append([c.date, what, c.name, c.title, listed(c.regimes) or "all", c.source or "–"])
    if not rows:
        return section("What changed", "Nothing came and nothing ended in these years.", "")
    title = f"{len(rows)} dates on public record make the difference."
    return section("What changed", title, table("", columns, rows))


def _limits(a: TimelineAnswer) -> str:
    told = (*found.assumptions(a), *a.notes, *LIMITS)
    said = "".join(element("li", escape(text)) for text in told)
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
