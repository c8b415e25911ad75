"""The page of `synaspis plan`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

from html import escape

from synaspis.model.plan import Magazine, PlanAnswer, Price, Responsibility
from synaspis.report import plan_figures as drawn
from synaspis.report import plan_findings as found
from synaspis.report.figures import Bar, bars
from synaspis.report.markup import figure, flag, key, section, table
from synaspis.report.shell import MAP_CREDIT, card, heading, outline, whole
from synaspis.report.svg import element
from synaspis.report.words import number, people, percent, short_people, tick, tick_people

MOST_BARS = 14
LIMITS = (
    "The model counts missiles as independent but for faults of a type, discrimination and objects within"
    " one layer; the engine also shares those between missiles, and its figure is the one to quote.",
    "Rounds and channels are counted on the mean: what the raid is likely to take, not what it could.",
    "Additions are judged one at a time beside what stands, then together: what two of them do only "
    "jointly is not sought, though it counts in the final figure.",
    "Candidate sites are the case's own places or those that it names; no site is searched for.",
    "A host is taken as willing where it lets something of that owner's work on its soil now. A nation "
    "that has a type in the case may have more of it; any other needs its makers' leave.",
    "Prices are public figures with bands, in dollars of the years that the catalogue gives, not "
    "deflated. They are procurement: operation, crews and land are not in them.",
)


def page(answer: PlanAnswer) -> str:
    """The whole page."""
    over = f"Synaspis plan · {answer.case} · {answer.date} · {answer.regime}"
    header = heading(over, found.headline(answer))
    parts = [
        _clash(answer), _map(answer), _laydown(answer), _nations(answer), _responsibility(answer),
        _binding(answer), _magazines(answer), _corridors(answer), _limits(answer),
    ]  # fmt: skip
    main = _outline(answer) + "".join(parts)
    said = f"Synaspis {answer.version}. Seed {answer.seed}, {answer.trials:,} trials. {MAP_CREDIT}"
    return whole(f"Plan: {answer.title}", drawn.STYLE, header, main, said)


def _outline(a: PlanAnswer) -> str:
    lede = f"{a.title}. {found.proof(a)} {found.played(a)}"
    return outline(lede, "".join(_cards(a)), found.METHOD)


def _cards(a: PlanAnswer) -> list[str]:
    cards = []
    if a.played is not None:
        p = a.played
        now = people(p.as_it_stands)
        cards.append(card("As things stand", "the engine, without the plan", now, (
            ("leakers", number(p.leakers_as_it_stands)), ("rounds fired", number(p.rounds_as_it_stands)),
            ("worst nation", percent(p.worst_as_it_stands)),
        ), "against"))  # fmt: skip
        cards.append(card("With the plan", "the engine, on the same luck", people(p.planned), (
            ("leakers", number(p.leakers_planned)), ("rounds fired", number(p.rounds_planned)),
            ("worst nation", percent(p.worst_planned)),
        ), "headline"))  # fmt: skip
    cards.append(card("The model", "what the plan was chosen by", people(a.protected), (
        ("at risk", short_people(a.at_risk)), ("gap to the bound", percent(a.gap)),
        ("covered, any corridor", short_people(a.covered_population)),
    ), "other"))  # fmt: skip
    if a.add:
        band, most = (
            f"{a.cost.low:,.0f}–{a.cost.high:,.0f}",
            f"at most {a.add}, of {a.considered:,} considered",
        )
        cards.append(card("Added", most, found.musd(a.cost.value), (
            ("band, M USD", band), ("candidates that a rule bars", f"{a.barred:,}"),
        ), "other"))  # fmt: skip
    return cards


def _clash(a: PlanAnswer) -> str:
    if a.clash is None:
        return ""
    said = "".join(element("li", escape(x)) for x in a.clash.constraints)
    nearest = "".join(element("li", escape(x)) for x in a.clash.nearest)
    inside = element("p", "These cannot all hold; without any one of them there is a plan:")
    inside += element("ul", said, cls="plain") + element("p", "Any one of these would do:")
    inside += element("ul", nearest, cls="plain")
    return section("Clash", "What is asked for cannot be had.", inside)


def _map(a: PlanAnswer) -> str:
    title = found.defenders(a)
    note = "A line runs from each primary to the place that it defends in the raid; dashed ones are backups."
    return section(
        "Who defends whom", title, figure("", drawn.plan_map(a, title), note, key(drawn.map_key(a)))
    )


def _laydown(a: PlanAnswer) -> str:
    if not a.add:
        return ""
    if not a.laydown:
        return section("What is added", "Nothing that may be added would help.", "")
    columns = [("type", "c"), ("place", "t"), ("owner", "c"), ("host", "c"), ("rounds", "n"),
               ("M USD", "n"), ("low", "n"), ("high", "n")]  # fmt: skip
    rows = [
        [x.type, x.place, x.owner, x.host, f"{x.rounds:,}" if x.rounds else "–",
         *_prices(x.price)]
        for x in a.laydown
    ]  # fmt: skip
    caption = "With the rounds of the type; bands as sources differ"
    return section("What is added", _added_sentence(a), table(caption, columns, rows))


def _prices(price: Price | None) -> tuple[str, ...]:
    if price is None:
        return ("–",) * 3
    return tuple(f"{v:,.0f}" for v in (price.value, price.low, price.high))


def _added_sentence(a: PlanAnswer) -> str:
    more = a.covered_population - a.covered_population_now
    said = f"The additions cost {found.musd(a.cost.value)} ({a.cost.low:,.0f} to {a.cost.high:,.0f} million)."
    if more > 0:
        said += f" People covered against every corridor: {people(more)} more."
    return said


def _nations(a: PlanAnswer) -> str:
    rows = [
        Bar(
            label=x.nation,
            value=x.protected,
            said=f"{short_people(x.protected)} of {short_people(x.at_risk)}",
            tone="headline",
            whole=x.at_risk,
            note=f"{x.missiles} missiles",
        )
        for x in a.nations
        if x.at_risk >= 0.5
    ]
    title = found.without(a)
    chart = bars(rows, "people protected, in the model", tick_people, title)
    return section("Nations", title, figure("", chart, "Outline: people at risk undefended."))


def _responsibility(a: PlanAnswer) -> str:
    raid = [r for r in a.responsibility if r.missiles]
    title = "Each layer of each attack has one battery that fires first, and where it helps one behind it."
    return section("Responsibility", title, _table_of("The raid, largest places first", raid))


def _table_of(caption: str, rows: list[Responsibility]) -> str:
    columns = [("place", "c"), ("nation", "c"), ("missiles", "c"), ("from", "c"), ("layer", "c"),
               ("primary", ""), ("backup", ""), ("gets through", "n")]  # fmt: skip
    listed = [
        [r.asset, r.nation, f"{r.missiles} {r.threat}" if r.missiles else r.threat, r.launch, r.layer,
         found.named(r.primary),
         _backup(r),
         percent(r.gets_through)]
        for r in rows
    ]  # fmt: skip
    return table(caption, columns, listed)


def _backup(r: Responsibility) -> str:
    if r.backup is None:
        return "–"
    return found.named(r.backup) + ("" if r.told else ", not told")


def _binding(a: PlanAnswer) -> str:
    title = found.costs(a)
    if not a.binding:
        return section("What each rule costs", title, "")
    unit = a.binding[0].unit
    shown = [b for b in a.binding if b.unit == unit][:MOST_BARS]
    rows = [
        Bar(label=f"{b.kind}: {b.what}", value=b.gain, said=found.gain(b), tone="headline") for b in shown
    ]
    ticks = tick_people if unit == "people" else tick
    chart = drawn.rule_bars(rows, f"gain, {unit}", ticks, title)
    columns = [("kind", "c"), ("if", "t"), ("clause", "c"), ("worth", "n"), ("how", "c")]
    listed = [[b.kind, b.what, b.clause or "–", found.gain(b), flag(b.how)] for b in a.binding]
    note = (
        "Re-solved: the plan was made again with that rule lifted and all others as they are. Dual: the "
        "slope of the relaxed model for one unit more, an estimate. Gains of several do not add up."
    )
    every = element("details", element("summary", "All of them") + table("", columns, listed))
    return section("What each rule costs", title, figure("", chart, note) + every)


def _magazines(a: PlanAnswer) -> str:
    columns = [("battery", "t"), ("nation", "c"), ("rounds", "c"), ("now", "n"), ("planned", "n"),
               ("likely fired", "n"), ("doctrine now", "c"), ("planned", "c")]  # fmt: skip
    used = [m for m in a.magazines if m.expected > 0.0]
    rows = [[m.battery, m.nation, m.interceptor, f"{m.rounds_now}", f"{m.rounds}", number(m.expected),
             f"{m.doctrine_now}, {m.salvo_now}", f"{m.doctrine}, {m.salvo}"] for m in used]  # fmt: skip
    title = _magazine_sentence(used)
    return section("Rounds and doctrine", title, table("Doctrine, and rounds at a time", columns, rows))


def _magazine_sentence(used: list[Magazine]) -> str:
    if not used:
        return "No battery has a part in it."
    most = max(used, key=lambda m: m.expected / max(m.rounds, 1))
    share = percent(min(most.expected / max(most.rounds, 1), 1.0))
    return f"The fullest use is at {most.battery}: {share} of its rounds, on the mean."


def _corridors(a: PlanAnswer) -> str:
    rest = [r for r in a.responsibility if not r.missiles]
    if not rest:
        return ""
    inside = element("summary", f"{len(rest)} layers of corridors outside the raid")
    inside += _table_of("One missile at a time, with every magazine full", rest)
    title = "The same question for every other declared corridor that reaches a place."
    return section("Other corridors", title, element("details", inside))


def _limits(a: PlanAnswer) -> str:
    said = "".join(element("li", escape(text)) for text in (*a.notes, *LIMITS))
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
