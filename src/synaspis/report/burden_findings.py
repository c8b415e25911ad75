"""What a burden says of who brings, gains and pays: the same words on the page and in the terminal."""

from __future__ import annotations

from synaspis.model.burden import BurdenAnswer, Member
from synaspis.model.cost import total
from synaspis.report.burden_together import holds
from synaspis.report.burden_words import KEY_WORDS, KIND_SHORT, money, payer, worth
from synaspis.report.words import counted, listed, number, people, percent

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


def by_contribution(a: BurdenAnswer) -> list[Member]:
    """Members, those first that contribute most."""
    return sorted(a.members.values(), key=lambda m: -m.shapley.value)


def foremost(a: BurdenAnswer) -> list[str]:
    """Those that contribute most: one member, or several that contribute alike."""
    most = max((m.shapley.value for m in a.members.values()), default=0.0)
    return [m.nation for m in a.members.values() if m.shapley.value > most * (1 - 1e-9)]


def sampled(a: BurdenAnswer) -> str:
    """That values are estimates, where they are; else nothing."""
    if a.exact:
        return ""
    return (
        f"More members than can be tried in every coalition: values are estimates from {a.orders:,} random "
        "orders of joining, and their errors have that in them."
    )


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
    equals = foremost(a)
    said = f"{listed(equals)} contribute{'' if len(equals) > 1 else 's'} most"
    found = riders(a)
    if found and (found[0].free_rider_index or 0.0) > CLEAR:
        said += f", {found[0].nation} gains most for what it pays"
    return f"{said}, and {holds(a)}."


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
        worse = [f"{m.nation} loses {people(-m.benefit.value)}" for m in told if m.benefit.value < -0.5]
        tail = f" (there the sites of all nations count); {listed(worse[::-1][:3])}" if worse else ""
        return f"Nobody is better protected than under {a.against}{tail}."
    parts = [f"{m.nation} {people(m.benefit.value)}" for m in gainers[:3]]
    payers = sorted(a.members.values(), key=lambda m: -m.burden.value)
    said = f"Beyond {a.against}, most people are gained by {listed(parts)}"
    if payers[0].burden_share is None:
        return said + "; who pays is not known."
    share = percent(payers[0].burden_share)
    return f"{said}; {payers[0].nation} pays {share} of the bill."


def extremes(a: BurdenAnswer) -> str:
    """Who stands farthest from the diagonal of shares, on either side."""
    told = riders(a)
    if not told:
        return "Shares of benefit and burden cannot be held against each other."
    parts = []
    for m in (told[0], told[-1]) if len(told) > 1 else told:
        gained, borne = percent(m.benefit_share or 0.0), percent(m.burden_share or 0.0)
        parts.append(f"{m.nation} has {gained} of the benefit and {borne} of the burden")
    return ", ".join(parts) + "."


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
        if k.at_zero and k.share is not None:
            told.append(f"Key {words}: the weight of {listed(k.at_zero)} is below 0 and counts as 0.")
    return tuple(told)


def bill(a: BurdenAnswer) -> str:
    """What the members pay a year."""
    b = a.bill
    if b.members.value <= 0.0 and b.others.value <= 0.0:
        return "No figure of cost is known for this coalition: burdens are 0 and keys share out nothing."
    if b.members.high <= 0.0:
        return "The members pay nothing; all costs that are known are others'."
    return (
        f"The members pay {money(b.members.value)} a year ({money(b.members.low)} to {money(b.members.high)} "
        f"as sources differ), in prices of {b.prices}."
    )


def raid(a: BurdenAnswer) -> str:
    """What the rounds of one raid cost; nothing where none is fired."""
    r, owners = a.raid, sorted(a.raid.rounds_musd.items(), key=lambda x: -x[1].value)
    if r.rounds <= 0.0:
        return ""
    whole = total(x for _, x in owners)
    unknown = f"; not known and not counted: {listed(r.missing)}" if r.missing else ""
    return (
        f"In one raid they fire {number(r.rounds)} rounds on average, for {money(whole.value)} "
        f"({money(whole.low)} to {money(whole.high)})"
        + (f", of which {listed([f'{n} {money(x.value)}' for n, x in owners])}" if len(owners) > 1 else "")
        + f"{unknown}."
    )


def shared_costs(a: BurdenAnswer) -> str:
    """Co-development and what others than members pay."""
    b, said = a.bill, []
    together = b.kinds.get("development")
    if together is not None:
        said.append(f"Programmes developed together come to {money(together.value)} a year in all.")
    if b.others.value > 0.0:
        outside = [payer(p) for p in b.payers if p not in a.members]
        pay = "pays" if len(outside) == 1 else "pay"
        said.append(f"{listed(outside)} {pay} {money(b.others.value)} a year beside the members.")
    third = b.kinds.get("third-party")
    if third is not None:
        said.append(f"Third parties pay {money(third.value)} a year for sites of others.")
    return " ".join(said)


def assumed(a: BurdenAnswer) -> str:
    """How much of the bill rests on little."""
    share = a.bill.assumed.get("all", 0.0)
    if not a.bill.lines:
        return ""
    if share <= 0.0:
        return "No part of the bill rests on assumed or low-confidence figures."
    firm = [KIND_SHORT[k] for k, x in a.bill.assumed.items() if k != "all" and x <= 0.5]
    tail = f"; of {listed(firm)} most does not" if firm else ""
    return f"{percent(share)} of the bill rests on assumed or low-confidence figures{tail}."
