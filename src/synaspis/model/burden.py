"""What `synaspis burden` answers, as frozen nouns: who brings, gains and pays what, and whether it holds.

Two kinds of uncertainty stay apart. A `Gain` is luck: mean, 5th and 95th percentile over trials, and the
paired standard error of the mean. A `Price` is ignorance: the figure and how far sources differ.
Money is in millions of US dollars a year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.answers import Tables
from synaspis.model.compared import Gain
from synaspis.model.plan import Price

POPULATION, WORST_NATION = "population", "worst-nation"
MEASURES = (POPULATION, WORST_NATION)
UNITS = {POPULATION: "people", WORST_NATION: "share of the worst-off nation's people at risk"}
STAYS, LEAVES, PRICED, BURDENED = "stays", "leaves", "priced", "burdened"
"""Verdicts: better off inside; better off outside; inside where a person protected is worth so much or more;
outside where it is, because more of its people are protected there, at a higher cost."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One way to share a cost.

    `share` what each member pays of one unit; adds up to 1; None where the key is undefined, and then
            `why` says what is missing
    `covered` sum of the given weights before they were scaled to the members present
    `at_zero` members whose weight is below nothing and was taken as nothing
    `outside` members that the key knows no weight of and that therefore pay nothing (common funding only)
    """

    name: str
    share: Mapping[str, float] | None
    covered: float = math.nan
    at_zero: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    why: str = ""

    def pays(self, amount: float) -> dict[str, float] | None:
        """What each member pays of `amount`, in its unit; adds up to it. None where the key is undefined."""
        return None if self.share is None else {m: amount * part for m, part in self.share.items()}


@dataclass(frozen=True, kw_only=True)
class SignedRank:
    """Wilcoxon's test that benefit and burden agree: `statistic` is the smaller sum of ranks.

    `members` are those that differ; the others are left out of the ranks. A small `p_value`, two-sided,
    speaks against agreement.
    """

    statistic: float
    p_value: float
    members: int


@dataclass(frozen=True, kw_only=True)
class RankCorrelation:
    """Rank correlation of two figures over `members`, Spearman's rho and Kendall's tau-b, two-sided."""

    spearman: float
    spearman_p_value: float
    kendall: float
    kendall_p_value: float
    members: int


@dataclass(frozen=True, kw_only=True)
class Brings:
    """What a member puts in: sensors and batteries, rounds by type, sites of others on its soil, money."""

    sensors: tuple[str, ...]
    batteries: tuple[str, ...]
    rounds: Mapping[str, int]
    hosts: tuple[str, ...]
    money: Mapping[str, Price]
    """By kind of line."""


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A member inside and outside: people of its own protected, those of others, and what it pays.

    `still_defended`: its sites are out, the others still defend its people. `undefended`: besides, nothing is
    released to it and nobody defends it. `lost` is what changes for its people when it leaves still defended,
    with the luck of it. `others` (inside, outside) are people of all others protected.
    `value_musd`: what a person protected must be worth a year for it to stay (`priced`) or go (`burdened`).
    Verdict and value are those of a member that is still defended outside, then those of one that is not.
    """

    inside: float
    still_defended: float
    undefended: float
    lost: Gain
    others: tuple[float, float]
    pays_inside: Price
    pays_outside: Price
    verdict: str
    value_musd: float | None
    verdict_undefended: str
    value_undefended_musd: float | None


@dataclass(frozen=True, kw_only=True)
class Member:
    """One member. People are means over trials; shares are of the members' sum, None where that is nothing.

    `plays`: it owns, hosts or decides something that can change the outcome; else its values are 0.
    `by_itself` counts people of its own that it protects alone.
    """

    nation: str
    plays: bool
    brings: Brings
    shapley: Gain
    banzhaf: Gain
    at_risk: float
    protected: float
    protected_against: float
    by_itself: float
    benefit: Gain
    warning_s: float
    warning_against_s: float
    burden: Price
    benefit_share: float | None
    burden_share: float | None
    gdp_musd: float | None
    pays: Mapping[str, float | None]
    free_rider_index: float | None
    nucleolus: float | None
    """People under the nucleolus of v; None where it is not worked out."""
    nucleolus_musd: float | None
    """Millions a year under that of v_lambda at the value shown."""
    leaving: Leaving | None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the bill, as the page lists it; `where` is its site or sites, or its agreement."""

    what: str
    where: str
    kind: str
    payer: str
    price: Price
    source: str
    confidence: str
    assumed: bool


@dataclass(frozen=True, kw_only=True)
class BillSaid:
    """A year's bill: what members pay, what others pay for them, by kind, and how much of it is assumed.

    `assumed` by kind and for `all`: the share that rests on assumed or low-confidence figures. `missing` is
    what no figure is known of, and not counted.
    """

    prices: int
    members: Price
    others: Price
    kinds: Mapping[str, Price]
    payers: Mapping[str, Price]
    assumed: Mapping[str, float]
    lines: tuple[Entry, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RaidCost:
    """What all members together fire in the raid, mean over trials: rounds, and what they cost by owner.

    In millions of US dollars of the bill's prices, once and not a year. `missing` as in a bill.
    """

    rounds: float
    rounds_musd: Mapping[str, Price]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Point:
    """Stability at one value of a person protected a year: the least that the worst-off coalition misses."""

    per_person_musd: float
    stable: bool
    excess_musd: float


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What a group of members would have by itself beyond what it has now.

    `people` of its own protected, more (below 0: fewer); `saves` what it would spend less, millions a year.
    `musd` both together at the value of a person protected that was given, else None.
    """

    members: tuple[str, ...]
    people: float
    saves: float
    musd: float | None


@dataclass(frozen=True, kw_only=True)
class Nearly:
    """Of a coalition that never holds: the least that its worst-off group misses, millions a year.

    That is so from a value of a person protected of `per_person_musd` on; `left_out` are the members outside
    each group that then misses it.
    """

    missing_musd: float
    per_person_musd: float
    left_out: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class NotTogether:
    """Pairs of coalitions that would lose by joining: how many of how many, and the worst."""

    pairs: int
    failures: int
    lost: float
    one: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stability:
    """Whether some sharing keeps every coalition in: `stable` and `excess` in people, without money.

    `holds_from` is the least and greatest value of a person protected (musd a year) between which the core
    of v_lambda is not empty, None where it always is; `holds_low` and `holds_high` the same at either end of
    the costs' bands. `looked_at` coalitions of `coalitions` were heard; all of them where `exact`.
    `complaining` counts groups that as things stand would do better by themselves whatever a person protected
    is worth: more people protected or less to pay, and neither worse. `nearly` is told where none is stable.
    """

    stable: bool
    excess: float
    exact: bool
    looked_at: int
    coalitions: float
    saved: float
    extra_cost: Price
    holds_from: tuple[float, float] | None
    holds_low: tuple[float, float] | None
    holds_high: tuple[float, float] | None
    sweep: tuple[Point, ...]
    shown: Point | None
    complaints: tuple[Complaint, ...]
    complaining: int
    nearly: Nearly | None
    joining: NotTogether | None


@dataclass(frozen=True, kw_only=True)
class ApartRow:
    """What a sub-coalition would have to spend alone to protect `goal` of its people; None where it cannot.

    `why` says what is out of reach. With a cost it says how near it comes, where no laydown reaches the whole
    goal but one comes to within the share `within`. `cost` is paid once; `yearly` is a year of it with
    running costs, spread over years of service.
    """

    members: tuple[str, ...]
    goal: float
    cost: Price | None
    yearly: Price | None
    why: str
    buys: tuple[str, ...]
    within: float = 0.0


@dataclass(frozen=True, kw_only=True)
class BurdenAnswer:
    """Everything that `synaspis burden` found. `against` is what benefit is held against."""

    case: str
    title: str
    date: str
    version: str
    seed: int
    trials: int
    regime: str
    against: str
    measure: str
    members: Mapping[str, Member]
    exact: bool
    orders: int
    played: int
    worth: float
    at_risk: float
    bill: BillSaid
    raid: RaidCost
    amount: float
    amount_given: bool
    arrangement: str
    keys: tuple[Key, ...]
    concordance: SignedRank | None
    size_and_share: RankCorrelation | None
    stability: Stability
    alone: tuple[ApartRow, ...] | None
    notes: tuple[str, ...]
    tables: Tables = field(default=Tables(columns={}))

    @property
    def regimes(self) -> tuple[str, ...]:
        """The one regime that it is about."""
        return (self.regime,)

    @property
    def unit(self) -> str:
        """That of Shapley and Banzhaf values."""
        return UNITS[self.measure]
