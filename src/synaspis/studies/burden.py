"""Who brings what to a coalition, gains what, pays what and would pay what; and whether it holds together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Tables
from synaspis.model.burden import BurdenAnswer, Leaving, Member
from synaspis.model.case import Case
from synaspis.model.compared import Gain
from synaspis.model.cost import Bill
from synaspis.model.economy import ARRANGEMENTS, Economy
from synaspis.model.plan import Price
from synaspis.studies import bargain, burden_bill
from synaspis.studies.arena import Progress, pure, silent
from synaspis.studies.bargain import Outlay
from synaspis.studies.burden_leaving import Left, leaving
from synaspis.studies.burden_stability import Found, stability
from synaspis.studies.coalition_stage import Scale, Stage, people_of, weighted
from synaspis.studies.coalitions import Coalitions, coalitions
from synaspis.studies.concordance import free_rider_index, rank_correlation, signed_rank
from synaspis.studies.cost import bill as bill_of
from synaspis.studies.cost import economies_of
from synaspis.studies.keys import Key, all_keys
from synaspis.studies.paired import Measures, gain, mean, measures

Floats = NDArray[np.float64]
NATIONAL = "national"


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


@dataclass(frozen=True)
class _Played:
    """The coalition of all members and what it is held against, trial by trial."""

    nations: tuple[str, ...]
    inside: Measures
    against: Measures


@dataclass(frozen=True)
class _Figures:
    """What is known of each member before shares are taken."""

    c: Coalitions
    benefit: Mapping[str, Gain]
    burden: Mapping[str, Price]
    index: Mapping[str, float] | None
    keys: tuple[Key, ...]
    amount: float
    gdp: Mapping[str, float]
    found: Found
    left: Mapping[str, Leaving]


def arrangement_of(day: dt.date) -> str:
    """The cost share arrangement of NATO that is nearest to `day`, the newer of two."""

    def away(name: str) -> int:
        first = int(name[:4])
        last = int(name[:2] + name[-2:])
        return max(first - day.year, day.year - last, 0)

    return min(reversed(ARRANGEMENTS), key=away)


def burden(
    case: Case, request: Request, jobs: int, version: str, progress: Progress = silent
) -> BurdenAnswer:
    """Everything about the coalition of a regime's members, or of some of them. Money is of a year."""
    progress("playing every coalition", 0.0)
    c = coalitions(
        case, request.regime, request.trials, request.seed, jobs,
        members=request.members, measure=request.measure, progress=progress,
    )  # fmt: skip
    bill = bill_of(case, regime=request.regime)
    progress("who would leave", 0.0)
    played, left, given = _play(case, request, c, jobs, progress)
    outlays = burden_bill.outlays(case, given, bill)
    figures = _figures(case, request, c, played, bill, outlays, left)
    members = {m: _member(case, m, figures, played, bill) for m in c.members}
    progress("done", 1.0)
    s = figures.found
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
        worth=_worth(c),
        at_risk=float(c.at_risk.sum()),
        bill=burden_bill.said(bill, c.members),
        amount=figures.amount,
        amount_given=request.amount_musd is not None,
        arrangement=request.arrangement,
        keys=figures.keys,
        concordance=None if figures.index is None else signed_rank(figures.index),
        size_and_share=_size_and_share(figures),
        stability=s.told,
        alone=None,
        notes=(*burden_bill.remarks(case, members), *case.file.notes),
        tables=Tables(columns={"coalitions": s.table, "members": _table(members)}),
    )


def _play(
    case: Case, request: Request, c: Coalitions, jobs: int, progress: Progress
) -> tuple[_Played, Mapping[str, Left], Rules]:
    """The whole coalition, what it is held against and what is left without each member, on one luck."""
    with pool_of(jobs) as pool:
        a = arena(case, jobs, pool=pool)
        given = a.rules(request.regime)
        stage = Stage(a, given, request.seed, request.trials, Scale(people_of(a.w), weighted(a.w, {})))
        inside = measures(a.w, stage.outcomes(stage.lots(c.players)))
        other = measures(a.w, a.play(pure(a.rules(request.against)), request.seed, request.trials))
        progress("who would leave", 0.3)
    return _Played(a.w.nations, inside, other), left, given
