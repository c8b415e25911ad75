"""Tables of a burden's page."""

from __future__ import annotations

import math

from synaspis.model.burden import ApartRow, BurdenAnswer, Member
from synaspis.report import burden_findings as found
from synaspis.report import burden_together as together
from synaspis.report import burden_words as said_as
from synaspis.report.markup import flag, table
from synaspis.report.svg import element
from synaspis.report.words import duration, number, percent, short_people

MOST_LINES = 60


def brings_table(a: BurdenAnswer) -> str:
    """What each member puts in, in kind."""
    columns = [("member", "c"), ("sensors", "t"), ("batteries", "t"), ("rounds", "t"),
               ("hosts for others", "t"), ("money", "n")]  # fmt: skip
    rows = []
    for m in found.by_contribution(a):
        b = m.brings
        rounds = ", ".join(f"{count:,} {name}" for name, count in b.rounds.items())
        money = said_as.short_money(m.burden.value)
        rows.append([m.nation, *(", ".join(x) or "–" for x in (b.sensors, b.batteries)), rounds or "–",
                     ", ".join(b.hosts) or "–", money])  # fmt: skip
    return table("What each puts in; money in million USD a year", columns, rows)


def values_table(a: BurdenAnswer) -> str:
    """Shapley and Banzhaf values, with luck."""
    columns = [("member", "c"), *(("mean", "n"), ("error", "n"), ("5–95 %", "n")) * 2, ("share", "n")]
    rows = []
    for m in (m for m in found.by_contribution(a) if m.banzhaf.value or m.shapley.value):
        told = []
        for g in (m.shapley, m.banzhaf):
            told += [_value(a, g.value), _value(a, g.error), f"{_value(a, g.low)} to {_value(a, g.high)}"]
        share = found.contribution(a, m)
        rows.append([m.nation, *told, "–" if share is None else percent(share)])
    groups = [("", 1), ("Shapley", 3), ("Banzhaf", 3), ("Shapley", 1)]
    return table(
        "What each adds: mean over trials, its standard error, and single trials (luck)",
        columns,
        rows,
        groups=groups,
    )


def _value(a: BurdenAnswer, value: float) -> str:
    return short_people(value) if a.unit == "people" else percent(value)


def gains_table(a: BurdenAnswer) -> str:
    """What each receives and pays."""
    columns = [("member", "c"), ("protected", "n"), ("gained", "n"), ("error", "n"), ("warning", "n"),
               (f"under {a.against}", "n"), ("share", "n"), ("pays, M USD", "n"), ("share", "n"),
               ("index", "n")]  # fmt: skip
    rows = []
    for m in sorted(a.members.values(), key=lambda m: -(m.free_rider_index or -2.0)):
        rows.append([
            m.nation, _of(m), short_people(m.benefit.value), short_people(m.benefit.error),
            duration(m.warning_s), duration(m.warning_against_s), _share(m.benefit_share),
            said_as.band(m.burden), _share(m.burden_share), said_as.index(m),
        ])  # fmt: skip
    caption = (
        f"People protected, gained beyond {a.against} with the standard error of luck, mean warning; what is "
        "paid a year with how far sources differ"
    )
    return table(caption, columns, rows)


def _of(m: Member) -> str:
    if m.at_risk < 0.5:
        return "not attacked"
    return f"{short_people(m.protected)} of {short_people(m.at_risk)}"


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def keys_table(a: BurdenAnswer) -> str:
    """What each pays under each key."""
    columns = [("member", "c"), ("now", "n"), *((said_as.KEY_WORDS[k.name], "n") for k in a.keys)]
    order = sorted(a.members.values(), key=lambda m: -(found.now(a, m) or 0.0))
    rows = [
        [
            m.nation,
            said_as.short_money(found.now(a, m)),
            *(said_as.short_money(m.pays[k.name]) for k in a.keys),
        ]
        for m in order
    ]
    return table("Million USD a year", columns, rows)


def bill_table(a: BurdenAnswer) -> str:
    """Every line of the bill, largest first."""
    columns = [("payer", "c"), ("for", "t"), ("kind", "c"), ("where", "t"), ("M USD a year", "n"),
               ("rests on", "c")]  # fmt: skip
    lines = sorted(a.bill.lines, key=lambda x: -x.price.value)
    rows = [
        [said_as.payer(x.payer), x.what, said_as.KIND_SHORT[x.kind], x.where or "–", said_as.band(x.price),
         flag("assumed", "assumed") if x.assumed else flag(x.confidence or "given")]
        for x in lines[:MOST_LINES]
    ]  # fmt: skip
    more = f"; the largest {MOST_LINES} of {len(lines)}" if len(lines) > MOST_LINES else ""
    caption = f"Prices of {a.bill.prices}, one-off costs spread over years of service{more}"
    words = f"All {len(lines)} lines" if len(lines) <= MOST_LINES else f"{MOST_LINES} of {len(lines)} lines"
    return element("details", element("summary", words) + table(caption, columns, rows))


def complaints_table(a: BurdenAnswer) -> str:
    """The groups with most to complain of."""
    s = a.stability
    columns = [("group", "t"), ("people", "n"), ("pays less", "n")]
    if s.shown is not None:
        columns.append(("in money", "n"))
    rows = []
    real = [c for c in s.complaints if (c.musd if c.musd is not None else 1.0) > 0.0]
    for c in real or s.complaints[:3]:
        who = ", ".join(c.members) if len(c.members) <= len(a.members) / 2 else _all_but(a, c.members)
        row = [who, _signed_people(c.people), _minus(c.saves)]
        rows.append(row if c.musd is None else [*row, _minus(c.musd)])
    caption = (
        "What a group would have by itself beyond what it has now: people of its own; million USD a year"
    )
    return table(caption, columns, rows)


def _all_but(a: BurdenAnswer, inside: tuple[str, ...]) -> str:
    return "all but " + ", ".join(m for m in a.members if m not in inside)


def _minus(value: float) -> str:
    return number(value).replace("-", "−")


def _signed_people(value: float) -> str:
    return "0" if abs(value) < 0.5 else ("+" if value > 0 else "") + short_people(value)


def shared_table(a: BurdenAnswer) -> str:
    """The nucleolus beside what each has now."""
    if all(m.nucleolus is None for m in a.members.values()):
        return ""
    money = any(m.nucleolus_musd is not None for m in a.members.values())
    columns = [("member", "c"), ("now, beyond itself", "n"), ("nucleolus", "n")]
    if money:
        columns.append(("nucleolus, M USD", "n"))
    rows = []
    for m in sorted(a.members.values(), key=lambda m: -(m.nucleolus or 0.0)):
        alone = None if m.leaving is None else m.protected - m.by_itself
        row = [m.nation, "–" if alone is None else short_people(alone),
               short_people(math.nan if m.nucleolus is None else m.nucleolus)]  # fmt: skip
        rows.append([*row, said_as.short_money(m.nucleolus_musd)] if money else row)
    caption = (
        "Protection beyond what each has alone: as it falls, and as the nucleolus would divide it, the "
        "sharing that leaves every group as far as can be from wanting to go"
    )
    inside = element("summary", "The nucleolus, member by member") + table(caption, columns, rows)
    return element("details", inside)


def leaving_table(a: BurdenAnswer) -> str:
    """Each member inside and outside."""
    columns = [("member", "c"), ("inside", "n"), ("still defended", "n"), ("not defended", "n"),
               ("others lose", "n"), ("inside", "n"), ("outside", "n"), ("if defended", "c"),
               ("if not", "c")]  # fmt: skip
    rows = []
    for m in found.by_contribution(a):
        x = m.leaving
        if x is not None:
            rows.append([
                m.nation, short_people(x.inside), short_people(x.still_defended),
                short_people(x.undefended), short_people(x.others[0] - x.others[1]),
                said_as.short_money(x.pays_inside.value), said_as.short_money(x.pays_outside.value),
                together.better(x, defended=True),
                together.better(x, defended=False),
            ])  # fmt: skip
    groups = [("", 1), ("people of its own protected", 3), ("", 1), ("pays, M USD a year", 2),
              ("better off", 2)]  # fmt: skip
    caption = "A member in and out, all others staying; values are what a person protected is worth a year"
    return table(caption, columns, rows, groups=groups)


def apart_table(a: BurdenAnswer) -> str:
    """What groups would have to spend by themselves."""
    columns = [("group", "t"), ("people to protect", "n"), ("once, M USD", "n"), ("a year", "n"),
               ("buys", "t")]  # fmt: skip
    rows = [
        [", ".join(x.members), short_people(x.goal), "–" if x.cost is None else said_as.band(x.cost),
         "–" if x.yearly is None else said_as.band(x.yearly), _bought(x)]
        for x in a.alone or ()
    ]  # fmt: skip
    caption = "The cheapest additions with which a group by itself protects as many of its people"
    return table(caption, columns, rows)


def _bought(x: ApartRow) -> str:
    """What is bought and, beside it, why that is not enough or how near it comes."""
    return "; ".join(part for part in (", ".join(x.buys), x.why) if part) or "nothing"
