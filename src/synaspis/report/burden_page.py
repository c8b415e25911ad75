"""The page of `synaspis burden`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

import math
from html import escape

from synaspis.model.burden import BurdenAnswer
from synaspis.report import burden_figures as drawn
from synaspis.report import burden_findings as found
from synaspis.report import burden_together as together
from synaspis.report import burden_words as said_as
from synaspis.report.burden_apart import alone
from synaspis.report.burden_tables import (
    apart_table,
    bill_table,
    brings_table,
    complaints_table,
    gains_table,
    keys_table,
    leaving_table,
    shared_table,
    values_table,
)
from synaspis.report.markup import figure, key, section
from synaspis.report.shell import card, heading, outline, whole
from synaspis.report.svg import element, line, rect
from synaspis.report.words import counted, number, people, percent

LIMITS = (
    "Two kinds of doubt are kept apart. Luck: 5th and 95th percentile over trials and the standard error of "
    "a mean, of people. Ignorance: how far public sources differ, of money; bands are added low to low and "
    "high to high, the widest case.",
    "Protection is that against the raid of this case. A nation that is not attacked in it gains nothing "
    "here, whatever it gains in other ways: forces, standing, other theatres.",
    "A member outside takes its sites, its soil and its votes with it. People in all nations count for what "
    "it contributes, its own for what it gains.",
    "What a person protected is worth a year is the user's to say; it is swept, not assumed.",
    "A core in money lets members pay each other. A core in people divides protection as if it could be "
    "handed over.",
    "What is paid in common falls away with who leaves; nobody pays it in the leaver's place.",
    "Costs are public figures with wide bands; what none is known of is named and not counted.",
)


def page(answer: BurdenAnswer) -> str:
    """The whole page."""
    over = f"Synaspis burden · {answer.case} · {answer.date} · {answer.regime}"
    parts = [
        _contributions(answer), _gains(answer), _bill(answer), _keys(answer), _stability(answer),
        _leaving(answer), _alone(answer), _sources(answer), _limits(answer),
    ]  # fmt: skip
    main = _outline(answer) + "".join(parts)
    said = f"Synaspis {answer.version}. Seed {answer.seed}, {answer.trials:,} trials."
    header = heading(over, found.headline(answer))
    return whole(f"Burden: {answer.title}", drawn.STYLE, header, main, said)


def _outline(a: BurdenAnswer) -> str:
    lede = f"{a.title}. {found.contributes(a)} {found.gains(a)} {found.bill(a)}"
    return outline(lede, "".join(_cards(a)), found.METHOD)


def _cards(a: BurdenAnswer) -> list[str]:
    cards = []
    most = found.by_contribution(a)
    players = [m for m in most if m.plays]
    cards.append(card("Protected together", f"{a.regime}, of {people(a.at_risk)} at risk",
                      said_as.worth(a, a.worth), (
        ("members", f"{len(a.members)}"), ("that can change it", f"{len(players)}"),
        ("most is added by", ", ".join(found.foremost(a)) if most and a.worth > 0 else "–"),
    ), "headline"))  # fmt: skip
    b = a.bill
    big = said_as.money(b.members.value).removesuffix(" USD")
    cards.append(card("Paid a year", f"by the members, prices of {b.prices}", big, (
        ("low to high", f"{b.members.low:,.0f}–{b.members.high:,.0f} M"),
        ("by others", f"{number(b.others.value)} M"),
        ("assumed or weak", percent(b.assumed.get("all", 0.0))),
    ), "other", "US dollars"))  # fmt: skip
    cards.append(_riding_card(a))
    cards.append(_stable_card(a))
    return cards


def _riding_card(a: BurdenAnswer) -> str:
    riders = found.riders(a)
    big = riders[0].nation if riders else "–"
    lines = (
        [(m.nation, said_as.index(m)) for m in (*riders[:1], *riders[1:2], *riders[-1:])]
        if len(riders) > 2
        else []
    )
    return card("Gains most", "for what it pays: share of benefit less share of burden", big,
                list(dict.fromkeys(lines)), "against")  # fmt: skip


def _stable_card(a: BurdenAnswer) -> str:
    s = a.stability
    if len(a.members) == 1:
        big, small = "alone", "nobody to lose"
    elif s.holds_from is None:
        big, small = "never quite", "for any value of a person protected"
    elif s.holds_from[0] * 1e6 < 0.005 and math.isinf(s.holds_from[1]):
        big, small = "holds", "whatever a person protected is worth"
    else:
        big, small = said_as.per_person(s.holds_from[0]), "a year for a person protected, or more"
    lines = [
        ("groups heard", f"{s.looked_at:,}"),
        ("better by themselves now", f"{s.complaining:,}"),
        ("money apart", "holds" if s.stable else "does not hold"),
    ]
    return card("Holds together", "some sharing leaves no group better off by itself", big, lines,
                "headline" if s.holds_from else "against", small)  # fmt: skip


def _contributions(a: BurdenAnswer) -> str:
    title = found.contributes(a)
    if not any(m.shapley.value for m in a.members.values()):
        return section("Who contributes what", title, brings_table(a))
    how = "every coalition was played" if a.exact else f"sampled, {a.orders} random orders"
    note = (
        f"Shapley values with two standard errors of luck to either side; {how}, on the same luck. Members "
        f"that are not shown {'add nothing' if a.exact else 'added nothing in any of them'}."
    )
    inside = figure("", drawn.contributions(a, title), note) + values_table(a)
    return section("Who contributes what", title, inside + brings_table(a))


def _gains(a: BurdenAnswer) -> str:
    title = found.extremes(a)
    inside = ""
    if any(m.benefit_share is not None and m.burden_share is not None for m in a.members.values()):
        said = "Above the diagonal a member gains a larger share than it pays. Not all have room for a name."
        inside = figure("", drawn.shares(a, title), said)
    inside += "".join(element("p", escape(x)) for x in (found.free_riding(a), found.size_and_share(a)))
    return section("Who gains, and who pays", title, inside + gains_table(a))


def _bill(a: BurdenAnswer) -> str:
    title = found.bill(a)
    inside = "".join(
        element("p", escape(x)) for x in (found.shared_costs(a), found.assumed(a), found.raid(a)) if x
    )
    if a.bill.kinds:
        note = "Lines: how far public sources differ (ignorance)."
        inside += figure("", drawn.bill(a, title), note) + bill_table(a)
    if a.bill.missing:
        said = "".join(element("li", escape(x)) for x in a.bill.missing)
        words = f"{counted(len(a.bill.missing), 'figure')} not known, and not counted"
        inside += element("details", element("summary", words) + element("ul", said, cls="plain"))
    return section("What it costs", title, inside)


def _keys(a: BurdenAnswer) -> str:
    title = found.keys(a)
    what = f"{said_as.money(a.amount)} a year"
    amount = f"{what}, as was asked" if a.amount_given else f"the members' bill of {what}"
    note = f"Bars: what each pays of {amount}. Line: what it pays as things are shared now."
    inside = ""
    if a.amount > 0.0:
        marks = key([
            (rect(2, 3, 18, 8, "bar headline"), "under the key"), (line(11, 1, 11, 13, "now"), "now"),
        ])  # fmt: skip
        inside = figure("", drawn.keys(a, title), note, marks) + keys_table(a)
    said = "".join(element("li", escape(x)) for x in (_arrangement(a), *found.undefined(a)))
    return section("What each would pay", title, inside + element("ul", said, cls="plain"))


def _arrangement(a: BurdenAnswer) -> str:
    funding = next((k for k in a.keys if k.name == "common_funding" and k.share is not None), None)
    said = f"Common funding: NATO's cost shares of {a.arrangement}"
    if funding is None:
        return said + "."
    return f"{said}; these members' add up to {percent(funding.covered)} there and are scaled to the whole."


def _stability(a: BurdenAnswer) -> str:
    title = together.stability(a)
    if len(a.members) == 1:
        return section("Does it hold together?", title, "")
    note = (
        "The sharing that leaves the worst-off group least to complain of: above 0 some group would have "
        "more by itself. Values beyond the figure go on downwards."
    )
    inside = element("p", escape(together.more_on_stability(a))) + figure("", drawn.stability(a, title), note)
    inside += element("p", escape(together.complaints(a))) + complaints_table(a)
    inside += shared_table(a) + element("p", escape(together.joining(a)))
    return section("Does it hold together?", title, inside)


def _leaving(a: BurdenAnswer) -> str:
    if not any(m.leaving for m in a.members.values()):
        return ""
    title = together.leaving(a)
    marks = key([
        (drawn.dot(11, 7), "inside"), (drawn.ring(11, 7), "outside, still defended"),
        (drawn.cross(11, 7), "outside, not defended"),
    ])  # fmt: skip
    note = "People of the member's own. Outside it pays for what works of its own, and nothing in common."
    chart = ""
    if any(m.leaving is not None and m.at_risk >= 0.5 for m in a.members.values()):
        chart = figure("", drawn.inside_outside(a, title), note, marks)
    said = element("p", escape(together.missed(a)))
    return section("Better off outside?", title, chart + said + leaving_table(a))


def _alone(a: BurdenAnswer) -> str:
    if a.alone is None:
        return ""
    return section("What it would cost apart", alone(a), apart_table(a))


def _sources(a: BurdenAnswer) -> str:
    sources = dict.fromkeys(x.source for x in a.bill.lines if x.source)
    if not sources:
        return ""
    said = "".join(element("li", escape(x)) for x in sources)
    inside = element("summary", counted(len(sources), "source")) + element("ul", said, cls="plain")
    return section("Sources", "Where the figures of cost come from.", element("details", inside))


def _limits(a: BurdenAnswer) -> str:
    said = "".join(element("li", escape(text)) for text in (*a.notes, *LIMITS))
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
