"""What a burden says, in sentences: the same words on the page and in the terminal."""

from __future__ import annotations

import math

from synaspis.model.burden import BURDENED, LEAVES, PRICED, BurdenAnswer, Member
from synaspis.model.plan import Price
from synaspis.report.words import counted, listed, number, people, percent

KEY_WORDS = {
    "common_funding": "common funding",
    "gdp": "GDP",
    "population": "population",
    "benefit": "benefit",
    "shapley": "Shapley",
    "equal": "equal",
}
KIND_WORDS = {
    "procurement": "buying, a year of service",
    "fielding": "building and fielding, a year of service",
    "operation": "operation",
    "rounds": "rounds",
    "hosting": "hosting",
    "common": "common funding",
    "development": "co-development",
    "third-party": "paid by third parties",
    "friction": "friction (the user's figures)",
    "other": "other",
}
KIND_SHORT = {kind: words.partition(",")[0] for kind, words in KIND_WORDS.items()}
METHOD = (
    "Contribution: what a member adds to the people protected in all nations, over every order in which the "
    "coalition may form (Shapley) and over all coalitions alike (Banzhaf); a site works only if its owner, "
    "operator, host and all who must consent are in. Benefit: people of its own protected beyond the regime "
    "it is held against. Burden: a year of what it pays, one-off costs spread over years of service."
)
SIGNIFICANT = 0.05
FEWEST_SIGNIFICANT = 6
"""Members below which the signed-rank test cannot reject at 5 %."""
CLEAR = 0.005
"""A share of the whole below which a member is not named as contributing or gaining."""


def money(value: float) -> str:
    """Millions of US dollars in words: `812 million USD`, `1.23 billion USD`, `340,000 USD`."""
    size = abs(value)
    if size >= 999.5:
        return f"{value / 1000.0:,.2f}\u00a0billion USD"
    if size >= 9.95:
        return f"{value:,.0f}\u00a0million USD"
    if size >= 0.995:
        return f"{value:,.1f}\u00a0million USD"
    return f"{people(value * 1e6)}\u00a0USD"


def short_money(value: float | None) -> str:
    """Millions of US dollars, for a table cell under such a heading."""
    return "–" if value is None else number(value)


def band(p: Price) -> str:
    """`123 (90–210)`, the band left out where it has no width."""
    if p.low == p.high:
        return number(p.value)
    return f"{number(p.value)} ({number(p.low)}–{number(p.high)})"


def per_person(value_musd: float) -> str:
    """What a person protected is worth a year, in US dollars."""
    usd = value_musd * 1e6
    return f"{number(usd) if usd < 10 else people(usd)}\u00a0USD"


def worth(a: BurdenAnswer, value: float) -> str:
    """A Shapley or Banzhaf value, or what they add up to."""
    return people(value) if a.unit == "people" else percent(value)


def by_contribution(a: BurdenAnswer) -> list[Member]:
    """Members, those first that contribute most."""
    return sorted(a.members.values(), key=lambda m: -m.shapley.value)


def contribution(a: BurdenAnswer, m: Member) -> float | None:
    """A member's share of the whole worth; None where there is none."""
    return m.shapley.value / a.worth if a.worth > 0.0 else None


def riders(a: BurdenAnswer) -> list[Member]:
    """Members with a free-rider index, those first that gain most for what they pay."""
    told = [m for m in a.members.values() if m.free_rider_index is not None]
    return sorted(told, key=lambda m: -(m.free_rider_index or 0.0))


def headline(a: BurdenAnswer) -> str:
    """The finding in a sentence."""
    if not a.members:
        return "Nobody takes part in this coalition."
    if a.worth <= 0.0:
        return f"Under {a.regime} the sites of these members protect nobody: there is nothing to share."
    most = by_contribution(a)[0]
    if len(a.members) == 1:
        return f"{most.nation} is by itself: all that it protects and pays is its own."
    equals = [m.nation for m in a.members.values() if m.shapley.value > most.shapley.value * (1 - 1e-9)]
    said = f"{listed(equals)} contribute{'' if len(equals) > 1 else 's'} most"
    found = riders(a)
    if found and (found[0].free_rider_index or 0.0) > CLEAR:
        said += f", {found[0].nation} gains most for what it pays"
    return f"{said}, and {holds(a)}."


def holds(a: BurdenAnswer) -> str:
    """Whether the coalition holds together, without a full stop."""
    s = a.stability
    heard = "" if s.exact else f"as far as {s.looked_at:,} coalitions tell, "
    if s.holds_from is None:
        return heard + "no sharing of cost keeps every group of members in"
    low, high = s.holds_from
    if math.isinf(high):
        if low * 1e6 < 0.005:
            return heard + "some sharing keeps every group of members in"
        return (
            heard
            + f"the coalition can hold together once a person protected is worth {per_person(low)} a year"
        )
    return (
        heard
        + "the coalition can hold together only where a person protected is worth between "
        + f"{per_person(low)} and {per_person(high)} a year"
    )


def contributes(a: BurdenAnswer) -> str:
    """Who adds how much of the protection."""
    told = [m for m in by_contribution(a) if (contribution(a, m) or 0.0) > CLEAR]
    if not told:
        return "No member adds anything."
    parts = [f"{m.nation} {percent(contribution(a, m) or 0.0)}" for m in told[:4]]
    rest = len(a.members) - len(told)
    tail = (
        f"; {counted(rest, 'other')} less than {percent(CLEAR)}{' each' if rest > 1 else ''}" if rest else ""
    )
    return f"Of {worth(a, a.worth)} {_protected(a)}, the sites of {listed(parts)} make the difference{tail}."


def _protected(a: BurdenAnswer) -> str:
    return "people protected" if a.unit == "people" else "of the worst-off nation's people"


def gains(a: BurdenAnswer) -> str:
    """Who gains, against who pays."""
    told = sorted(a.members.values(), key=lambda m: -m.benefit.value)
    gainers = [m for m in told if (m.benefit_share or 0.0) > CLEAR]
    if not gainers:
        return f"Nobody is better protected than under {a.against}."
    parts = [f"{m.nation} {people(m.benefit.value)}" for m in gainers[:3]]
    payers = sorted(a.members.values(), key=lambda m: -m.burden.value)
    said = f"Beyond {a.against}, most people are gained by {listed(parts)}"
    if payers[0].burden_share is None:
        return said + "; who pays is not known."
    share = percent(payers[0].burden_share)
    return f"{said}; {payers[0].nation} pays {share} of the bill."


def free_riding(a: BurdenAnswer) -> str:
    """Whether shares of benefit and burden agree, as the test has it."""
    if not riders(a):
        return "A free-rider index is undefined: benefit or burden add up to nothing."
    w = a.concordance
    if w is None:
        return "Every member pays just its share of the benefit."
    test = f"Wilcoxon's signed-rank test, p = {w.p_value:.2g}, over {counted(w.members, 'member')}"
    if w.p_value < SIGNIFICANT:
        return f"Shares of benefit and burden do not agree over the members ({test})."
    few = "; so few can never tell" if w.members < FEWEST_SIGNIFICANT else ""
    return f"No systematic gap between shares of benefit and burden is shown ({test}{few})."


def size_and_share(a: BurdenAnswer) -> str:
    """Whether larger economies pay more of their product (Olson and Zeckhauser)."""
    r = a.size_and_share
    if r is None:
        return "Too few members have a known product and a burden that differs to rank size against share."
    test = f"Spearman {r.spearman:+.2f}, p = {r.spearman_p_value:.2g}, over {counted(r.members, 'member')}"
    test = test.replace("-", "−")
    if r.spearman_p_value >= SIGNIFICANT:
        return f"Larger economies do not clearly pay a larger or smaller share of their product ({test})."
    how = "larger" if r.spearman > 0 else "smaller"
    return f"The larger an economy, the {how} the share of its product that it pays ({test})."


def index(m: Member) -> str:
    """The free-rider index with its sign."""
    value = m.free_rider_index
    if value is None:
        return "–"
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "−")


def keys(a: BurdenAnswer) -> str:
    """What changes most under some key."""
    moved = [
        (abs(paid - now), m, key.name, paid, now)
        for m in a.members.values()
        for key in a.keys
        for paid in [m.pays[key.name]]
        for now in [_now(a, m)]
        if paid is not None and now is not None
    ]
    if not moved or a.amount <= 0.0:
        return "There is nothing to share out."
    _, m, name, paid, now = max(moved, key=lambda x: x[0])
    words = KEY_WORDS[name]
    return (
        f"Most would change for {m.nation} under the key {words}: {money(paid)} a year, where it "
        f"{'would pay' if a.amount_given else 'pays'} {money(now)} as things are shared now."
    )


def _now(a: BurdenAnswer, m: Member) -> float | None:
    """What a member pays now, or would of the amount given as the bill is shared now."""
    if not a.amount_given:
        return m.burden.value
    return None if m.burden_share is None else a.amount * m.burden_share


def now(a: BurdenAnswer, m: Member) -> float | None:
    """What a member pays as things are shared now, of the bill or of the amount given."""
    return _now(a, m)


def undefined(a: BurdenAnswer) -> tuple[str, ...]:
    """Keys that cannot be had, with why, and members that a key leaves out."""
    told = [f"Key {KEY_WORDS[k.name]}: undefined, {k.why}." for k in a.keys if k.share is None]
    for k in a.keys:
        words = KEY_WORDS[k.name]
        if k.outside and k.share is not None:
            told.append(f"Key {words}: {listed(k.outside)} have no share in the arrangement and pay nothing.")
        if k.at_zero:
            told.append(f"Key {words}: the weight of {listed(k.at_zero)} is below 0 and counts as 0.")
    return tuple(told)


def stability(a: BurdenAnswer) -> str:
    """Stability at length."""
    if len(a.members) == 1:
        return "A coalition of one has nobody to lose."
    said = holds(a)
    s = a.stability
    said = said[0].upper() + said[1:]
    ends = [h for h in (s.holds_low, s.holds_high) if h is not None]
    if s.holds_from is not None and s.holds_from[0] > 0.0 and len(ends) == 2 and ends[0] != ends[1]:
        low, high = sorted(h[0] for h in ends)
        said += f" (from {per_person(low)} to {per_person(high)} as far as costs are known)"
    said += ". " + (nearly(a) + " " if s.nearly else "") + in_people(a)
    if s.shown is not None:
        word = "stable" if s.shown.stable else "not stable"
        said += f" At {per_person(s.shown.per_person_musd)} a year it is {word}."
    return said


def nearly(a: BurdenAnswer) -> str:
    """How near a coalition that never holds comes to it, and who stands in the way."""
    near = a.stability.nearly
    if near is None:
        return ""
    groups = listed([_group(a, x) for x in near.left_out[:3]])
    share = (
        f", {percent(near.missing_musd / a.bill.members.value)} of the bill" if a.bill.members.value else ""
    )
    return (
        f"It comes nearest from {per_person(near.per_person_musd)} a year for a person protected on: the "
        f"worst-off group then misses {money(near.missing_musd)} a year{share} ({groups})."
    )


def _group(a: BurdenAnswer, left_out: tuple[str, ...]) -> str:
    inside = [m for m in a.members if m not in left_out]
    if len(left_out) < len(inside):
        return f"all but {listed(left_out)}"
    return " with ".join([inside[0], listed(inside[1:])]) if len(inside) > 1 else f"{inside[0]} alone"


def complaints(a: BurdenAnswer) -> str:
    """Groups that as things stand would do better by themselves."""
    s = a.stability
    if not s.complaining:
        return "As bills stand, no group would do better by itself whatever a person protected is worth."
    first = s.complaints[0]
    what = f"spends {money(first.saves)} a year less" if first.saves > 0.0 else ""
    more = f"has {people(first.people)} more people protected" if first.people > 0.5 else "loses nobody"
    alone = " with ".join([first.members[0], listed(first.members[1:])]).removesuffix(" with ")
    both = " and ".join(x for x in (more, what) if x)
    return (
        f"As bills stand, {s.complaining:,} of {s.looked_at - 1:,} groups would do better by themselves "
        f"whatever a person protected is worth; first of them {alone}, which {both}."
    )


def in_people(a: BurdenAnswer) -> str:
    """Stability without money."""
    s = a.stability
    if s.stable:
        if s.excess >= -0.5:
            return "Money apart it just holds: some group has nothing to lose by going its own way."
        return f"Money apart it holds: shared at best, every group would lose {people(-s.excess)} or more."
    return f"Money apart it does not hold: however shared, some group misses {people(s.excess)} people."


def joining(a: BurdenAnswer) -> str:
    """Whether coalitions that join ever lose."""
    j = a.stability.joining
    if j is None:
        return "Whether joining always helps was not tried: not every coalition was looked at."
    if not j.failures:
        return f"Joining never costs anybody protected: {counted(j.pairs, 'pair')} of coalitions were tried."
    return (
        f"Joining does not always help: of {counted(j.pairs, 'pair')} of coalitions {j.failures:,} protect "
        f"fewer people together than apart, at worst {people(j.lost)} ({', '.join(j.one)} with "
        f"{', '.join(j.other)})."
    )


def leaving(a: BurdenAnswer) -> str:
    """Who would be better off outside."""
    told = {m.nation: m.leaving for m in a.members.values() if m.leaving is not None}
    if not told:
        return "Nobody can leave."
    out = [n for n, x in told.items() if x.verdict == LEAVES]
    torn = [n for n, x in told.items() if x.verdict in (PRICED, BURDENED)]
    if not out and not torn:
        return "No member would be better off outside."
    said = []
    if out:
        many = f"{len(out)} of {len(told)} members" if len(out) > 4 else listed(out)
        lone = [n for n in out if told[n].verdict_undefended == LEAVES]
        said.append(f"{many} would pay less outside and lose nobody of their own while still defended")
        if lone and len(lone) < len(out):
            said.append(f"{listed(lone)} even if not")
    if torn:
        said.append(f"for {listed(torn)} it turns on what a person protected is worth")
    text = "; ".join(said)
    return text[0].upper() + text[1:] + "."


def verdict(how: str, value_musd: float | None) -> str:
    """Inside or outside, in words."""
    value = "" if value_musd is None else per_person(value_musd)
    if how == PRICED:
        return f"inside, from {value} a person on"
    if how == BURDENED:
        return f"outside, from {value} a person on"
    return "outside" if how == LEAVES else "inside"


def bill(a: BurdenAnswer) -> str:
    """What is paid a year, and by whom beside the members."""
    b = a.bill
    if b.members.value <= 0.0 and b.others.value <= 0.0:
        return "No figure of cost is known for this coalition: burdens are 0 and keys share out nothing."
    said = (
        f"The members pay {money(b.members.value)} a year ({money(b.members.low)} to {money(b.members.high)} "
        f"as sources differ), in prices of {b.prices}."
    )
    if b.others.value > 0.0:
        outside = [payer(p) for p in b.payers if p not in a.members]
        said += f" {listed(outside)} pay {money(b.others.value)} beside them."
    return said


def payer(name: str) -> str:
    """Who pays, in words."""
    return name.replace(", others", "'s other members")


def assumed(a: BurdenAnswer) -> str:
    """How much of the bill rests on little."""
    share = a.bill.assumed.get("all", 0.0)
    if share <= 0.0:
        return "No part of the bill rests on assumed or low-confidence figures."
    firm = [KIND_SHORT[k] for k, x in a.bill.assumed.items() if k != "all" and x <= 0.5]
    tail = f"; of {listed(firm)} most does not" if firm else ""
    return f"{percent(share)} of the bill rests on assumed or low-confidence figures{tail}."
