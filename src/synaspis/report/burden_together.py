"""Whether a coalition holds together and who would leave it, in sentences."""

from __future__ import annotations

import math

from synaspis.model.burden import BURDENED, LEAVES, PRICED, STAYS, BurdenAnswer, Leaving
from synaspis.report.burden_words import money, per_person
from synaspis.report.words import counted, listed, people, percent

ONE_PERSON, A_THOUSAND_USD = 1.0, 1e-3
MOST_NAMED = 4
"""Members named in a sentence; more are counted."""


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


def stability(a: BurdenAnswer) -> str:
    """The finding on stability, as a sentence."""
    if len(a.members) == 1:
        return "A coalition of one has nobody to lose."
    said = holds(a)
    near = a.stability.nearly
    if near is not None:
        said += f": at best some group misses {money(near.missing_musd)} a year"
    return said[0].upper() + said[1:] + "."


def more_on_stability(a: BurdenAnswer) -> str:
    """What bands of cost, people alone and the user's own value make of it."""
    s = a.stability
    if len(a.members) == 1:
        return ""
    said = []
    ends = [h for h in (s.holds_low, s.holds_high) if h is not None]
    if s.holds_from is not None and s.holds_from[0] > 0.0 and len(ends) == 2 and ends[0] != ends[1]:
        low, high = sorted(h[0] for h in ends)
        said.append(
            f"With costs at either end of their bands that is {per_person(low)} to {per_person(high)}."
        )
    if s.nearly:
        said.append(nearly(a))
    said.append(in_people(a))
    if s.shown is not None:
        at = f"At {per_person(s.shown.per_person_musd)} a year for a person protected"
        by = "" if s.shown.stable else f": some group misses {money(s.shown.excess_musd)} a year"
        said.append(f"{at} it is {'' if s.shown.stable else 'not '}stable{by}.")
    return " ".join(said)


def nearly(a: BurdenAnswer) -> str:
    """How near a coalition that never holds comes to it, and who stands in the way."""
    near = a.stability.nearly
    if near is None:
        return ""
    groups = listed([_group(a, x) for x in near.left_out[:3]])
    whole = a.bill.members.value
    share = f", {percent(near.missing_musd / whole)} of the bill" if whole > 0.0 else ""
    missed = f"miss most ({groups}) miss {money(near.missing_musd)}{share}."
    if near.per_person_musd <= 0.0:
        return f"What a person protected is worth changes nothing in that: the groups that {missed}"
    value = per_person(near.per_person_musd)
    return f"It comes nearest once a person protected is worth {value} a year: the groups that then {missed}"


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
    others = s.looked_at - 1
    many = f"{s.complaining:,} of {others:,} groups" if s.complaining > 1 else f"one of {others:,} groups"
    who = f"first of them {alone}" if s.complaining > 1 else alone
    return (
        f"As bills stand, {many} would do better by {'themselves' if s.complaining > 1 else 'itself'} "
        f"whatever a person protected is worth: {who}, which {both}."
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
    if not j.pairs:
        return "Nobody's joining changes anything."
    if not j.failures:
        tried = counted(j.pairs, "pair of coalitions was", "pairs of coalitions were")
        return f"Joining never costs anybody protected: {tried} tried."
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
        many = f"{len(out)} of {len(told)} members" if len(out) > MOST_NAMED else listed(out)
        lone = [n for n in out if told[n].verdict_undefended == LEAVES]
        even = f", {_few(lone)} even if not" if lone and len(lone) < len(out) else ""
        said.append(f"{many} would pay less outside and lose nobody of their own while still defended{even}")
    if torn:
        said.append(f"for {listed(torn)} it turns on what a person protected is worth")
    text = "; ".join(said)
    return text[0].upper() + text[1:] + "."


def _few(names: list[str]) -> str:
    return listed(names) if len(names) <= MOST_NAMED else f"{len(names)} of them"


def missed(a: BurdenAnswer) -> str:
    """Whom the others would miss most."""
    told = [(m.leaving.others[0] - m.leaving.others[1], m) for m in a.members.values() if m.leaving]
    told = [x for x in told if x[0] > 0.5]
    if not told:
        return "Nobody's leaving would cost the others any protection."
    lost, m = max(told, key=lambda x: x[0])
    return f"The others would miss {m.nation} most: {people(lost)} of their people are protected through it."


def better(x: Leaving, *, defended: bool) -> str:
    """Where a member is better off, outside still `defended` by others or not; `either` if alike."""
    if not defended:
        how, value, people_out = x.verdict_undefended, x.value_undefended_musd, x.undefended
    else:
        how, value, people_out = x.verdict, x.value_musd, x.still_defended
    same = abs(x.inside - people_out) < ONE_PERSON / 2
    if how == STAYS and same and abs(x.pays_inside.value - x.pays_outside.value) < A_THOUSAND_USD / 2:
        return "either"
    return verdict(how, value)


def verdict(how: str, value_musd: float | None) -> str:
    """Inside or outside, in words; a value is what a person protected is worth a year."""
    value = "" if value_musd is None else per_person(value_musd)
    if how == PRICED:
        return f"inside above {value}"
    if how == BURDENED:
        return f"outside above {value}"
    return "outside" if how == LEAVES else "inside"
