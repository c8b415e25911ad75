"""Who brings what to a coalition, gains what, pays what and would pay what; and whether it holds together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Tables
from synaspis.model.burden import BurdenAnswer, Key, Leaving, Member, RankCorrelation
from synaspis.model.case import Case
from synaspis.model.compared import Gain
from synaspis.model.cost import Bill, exactly
from synaspis.model.economy import ARRANGEMENTS
from synaspis.model.plan import Price
from synaspis.sharing.coalition import works_in
from synaspis.studies import burden_bill
from synaspis.studies.arena import Progress, pure, silent
from synaspis.studies.burden_leaving import leavings
from synaspis.studies.burden_stability import Found, stability
from synaspis.studies.coalitions import Coalitions, coalitions, left
from synaspis.studies.concordance import free_rider_index, rank_correlation, signed_rank
from synaspis.studies.cost import bill as bill_of
from synaspis.studies.cost import economies_of
from synaspis.studies.keys import all_keys, by_weight
from synaspis.studies.paired import Measures, gain, mean, measures

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked. `members` None: all of the regime's; `per_person_musd` a year; `amount_musd` a year."""

    regime: str
    against: str
    members: tuple[str, ...] | None
    measure: str
    trials: int
    seed: int
    per_person_musd: float | None
    amount_musd: float | None
    arrangement: str


def arrangement_of(day: dt.date) -> str:
    """The cost share arrangement of NATO nearest to `day`, the newer of two that are."""

    def away(name: str) -> int:
        first, last = int(name[:4]), int(name[:2] + name[-2:])
        return max(first - day.year, day.year - last, 0)

    return min(reversed(ARRANGEMENTS), key=away)


@dataclass(frozen=True)
class _Played:
    """All members together and what that is held against, trial by trial, by nation."""

    nations: tuple[str, ...]
    inside: Measures
    against: Measures
    fired: Mapping[str, float]
    """Rounds that each battery fires when all take part, mean over trials."""

    def benefit(self, nation: str) -> Gain:
        """People of `nation` protected beyond what they would be: paired over trials."""
        i = self.nations.index(nation)
        return gain(self.inside.protected[:, i] - self.against.protected[:, i])


@dataclass(frozen=True)
class _Figures:
    """What is worked out over all members together."""

    benefit: Mapping[str, Gain]
    burden: Mapping[str, Price]
    gdp: Mapping[str, float]
    keys: tuple[Key, ...]
    amount: float
    index: Mapping[str, float] | None
    found: Found
    leaving: Mapping[str, Leaving]


def burden(
    case: Case, request: Request, jobs: int, version: str, progress: Progress = silent
) -> BurdenAnswer:
    """Everything about the coalition of a regime's members, or of some of them. Money is of one year."""
    c = coalitions(
        case, request.regime, request.trials, request.seed, jobs,
        members=request.members, measure=request.measure, progress=progress,
    )  # fmt: skip
    works = works_in(case, c.found.stage.given, c.members)
    bill = burden_bill.of_working(bill_of(case, regime=request.regime), works, c.members)
    played = _play(request, c)
    figures = _figures(case, request, c, played, bill, jobs, progress)
    members = {m: _member(case, m, c, played, figures, bill) for m in c.members}
    s = figures.found
    progress("done", 1.0)
    return BurdenAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        version=version,
        seed=request.seed,
        trials=request.trials,
        regime=request.regime,
        against=request.against,
        measure=request.measure,
        members=members,
        exact=c.exact,
        orders=c.orders,
        played=c.played,
        worth=math.fsum(g.value for g in c.shapley.values()),
        at_risk=float(c.at_risk.sum()),
        bill=burden_bill.said(bill, c.members),
        raid=burden_bill.raid(case, played.fired),
        amount=figures.amount,
        amount_given=request.amount_musd is not None,
        arrangement=request.arrangement,
        keys=figures.keys,
        concordance=None if figures.index is None else signed_rank(figures.index),
        size_and_share=_size_and_share(c.members, figures),
        stability=s.told,
        alone=None,
        notes=(
            *burden_bill.remarks(case, members, request.regime, request.against, works),
            *case.file.notes,
        ),
        tables=Tables(columns={"members": _table(members), "coalitions": s.table}),
    )


def _play(request: Request, c: Coalitions) -> _Played:
    """The whole coalition and the regime that it is held against, on the luck of all coalitions."""
    stage = c.found.stage
    a = replace(stage.a, pool=None)
    other = a.play(pure(a.rules(request.against)), request.seed, request.trials)
    together = stage.outcomes(stage.lots(c.members))
    names = [f.battery.name for f in a.w.batteries]
    fired = dict(zip(names, together.rounds.mean(axis=0).tolist(), strict=True))
    return _Played(c.nations, measures(a.w, together), measures(a.w, other), fired)


def _figures(
    case: Case, request: Request, c: Coalitions, played: _Played, bill: Bill, jobs: int, progress: Progress
) -> _Figures:
    paid = bill.by_member()
    burden = {m: paid.get(m, exactly(0.0)) for m in c.members}
    benefit = {m: played.benefit(m) for m in c.members}
    gained = {m: g.value for m, g in benefit.items()}
    borne = {m: p.value for m, p in burden.items()}
    known = economies_of(case)
    gdp = {m: known[m].gdp_musd for m in c.members if m in known}
    keys = all_keys(
        c.members,
        funding={m: known[m].common_funding.get(request.arrangement, math.nan) for m in gdp},
        gdp=gdp,
        population={m: known[m].population for m in gdp},
        benefit=gained,
        shapley={m: _whole(g, c).value for m, g in c.shapley.items()},
    )
    outlays = burden_bill.outlays(case, c.found.stage.given, bill)
    alone = len(c.members) == 1
    out = {} if alone else leavings(c, left(c, jobs, progress), outlays, burden)
    progress("what holds it together", 0.0)
    return _Figures(
        benefit=benefit,
        burden=burden,
        gdp=gdp,
        keys=keys,
        amount=math.fsum(borne.values()) if request.amount_musd is None else request.amount_musd,
        index=free_rider_index(gained, borne),
        found=stability(c, outlays, request.per_person_musd, np.array(list(borne.values()))),
        leaving=out,
    )


def _member(case: Case, m: str, c: Coalitions, played: _Played, f: _Figures, bill: Bill) -> Member:
    i = played.nations.index(m)
    paid = {k.name: k.pays(f.amount) for k in f.keys}
    gained = by_weight("benefit", c.members, {n: g.value for n, g in f.benefit.items()}).share
    borne = by_weight("burden", c.members, {n: p.value for n, p in f.burden.items()}).share
    return Member(
        nation=m,
        plays=m in c.players,
        brings=burden_bill.brings(case, m, bill),
        shapley=_whole(c.shapley[m], c),
        banzhaf=_whole(c.banzhaf[m], c),
        at_risk=float(c.at_risk[i]),
        protected=float(played.inside.protected[:, i].mean()),
        protected_against=float(played.against.protected[:, i].mean()),
        by_itself=float(c.of([m])[i]),
        benefit=f.benefit[m],
        warning_s=_seconds(played.inside, i),
        warning_against_s=_seconds(played.against, i),
        burden=f.burden[m],
        benefit_share=None if gained is None else gained[m],
        burden_share=None if borne is None else borne[m],
        gdp_musd=f.gdp.get(m),
        pays={key: None if shares is None else shares[m] for key, shares in paid.items()},
        free_rider_index=None if f.index is None else f.index[m],
        nucleolus=f.found.nucleolus.get(m),
        nucleolus_musd=f.found.nucleolus_musd.get(m),
        leaving=f.leaving.get(m),
    )


def _whole(g: Gain, c: Coalitions) -> Gain:
    """A value without what adding up leaves of nothing."""
    tiny = 1e-9 * max((abs(x.value) for x in c.shapley.values()), default=0.0)
    parts = {k: 0.0 if abs(x) <= tiny else x for k, x in vars(g).items()}
    return Gain(**parts)


def _seconds(told: Measures, column: int) -> float:
    """Mean warning, zeros counted; NaN where nobody is struck."""
    seconds = told.warning_s[:, column]
    return mean(seconds) if not np.isnan(seconds).all() else math.nan


def _size_and_share(members: Sequence[str], f: _Figures) -> RankCorrelation | None:
    """Rank correlation of product and what is paid of it, over the members whose product is known."""
    share = {m: f.burden[m].value / f.gdp[m] for m in members if m in f.gdp}
    return rank_correlation({m: f.gdp[m] for m in share}, share)


def _table(members: Mapping[str, Member]) -> dict[str, NDArray[np.generic]]:
    """One row for each member: its figures as in the document, without what it brings."""
    rows = list(members.values())
    gains = {"shapley": [m.shapley for m in rows], "banzhaf": [m.banzhaf for m in rows],
             "benefit": [m.benefit for m in rows]}  # fmt: skip
    out: dict[str, NDArray[np.generic]] = {"member": np.array(list(members))}
    for name, told in gains.items():
        for part in ("value", "low", "high", "error"):
            out[f"{name}_{part}" if part != "value" else name] = np.array([getattr(g, part) for g in told])
    for part in ("value", "low", "high"):
        name = "burden_musd" if part == "value" else f"burden_{part}_musd"
        out[name] = np.array([getattr(m.burden, part) for m in rows])
    out["free_rider_index"] = np.array([_or_nan(m.free_rider_index) for m in rows])
    out["nucleolus"] = np.array([_or_nan(m.nucleolus) for m in rows])
    for key in rows[0].pays if rows else ():
        out[f"pays_{key}_musd"] = np.array([_or_nan(m.pays[key]) for m in rows])
    return out


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value
