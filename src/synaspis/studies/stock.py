"""How long magazines last: raid after raid like this one, with reloads, depots and production.

Each raid takes from each battery what the Monte Carlo says one takes with a full magazine: the mean, or the
5th or 95th percentile. Between raids launchers are filled again from the rounds held at the battery, as
fast as reloading allows; depots send what is short, and get what is made. Rounds are counted as means, so
they may be fractions. A battery that falls short is not stood in for by others: days are those until the
first shortfall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import InputError, Problem
from synaspis.kernels import magazines
from synaspis.model.answers import Spread
from synaspis.model.stock import (
    LONGEST_DAYS,
    Inventory,
    Lasting,
    Magazine,
    Stock,
    StockAnswer,
    StockWeek,
)

Floats = NDArray[np.float64]
MEAN, HEAVY, LIGHT = range(3)
"""Rows: raids that take the mean, the 95th and the 5th percentile of rounds."""
DAY_S = 86_400.0
MONTH_DAYS = 365.25 / 12.0
WEEKS = 12
"""Weeks of the table."""
_WHOLE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Launchers:
    """A battery as its stock sees it: full launchers, rounds held for reload, the time to fill all again."""

    battery: str
    owner: str
    interceptor: str
    rounds: float
    reloads: float
    reload_s: float


@dataclass(frozen=True)
class Course:
    """Raids in turn.

    wanted (3, B) in each; fired and left (3, R, B) at batteries and on the way to them; depots (3, R, G);
    made (G,) between two raids.
    """

    wanted: Floats
    fired: Floats
    left: Floats
    depots: Floats
    made: Floats


def stock(
    batteries: Sequence[Launchers],
    per_raid: Sequence[Spread],
    stocks: Sequence[Stock],
    raids_per_day: float,
) -> StockAnswer:
    """How many days of raids `batteries` last, each firing `per_raid`, with `stocks` behind them."""
    wanted = np.array([[s.mean, s.p95, s.p05] for s in per_raid], float).reshape(-1, 3).T
    pools = list(dict.fromkeys((b.owner, b.interceptor) for b in batteries))
    course = play(batteries, wanted, stocks, raids_per_day, pools)
    first = _first_short(course) / raids_per_day
    return StockAnswer(
        raids_per_day=raids_per_day,
        lasting=_lasting(first, batteries),
        magazines=tuple(
            Magazine(
                battery=b.battery,
                owner=b.owner,
                interceptor=b.interceptor,
                ready=b.rounds,
                reloads=b.reloads,
                per_raid=s,
                lasting=_lasting(first[:, i : i + 1], batteries[i : i + 1]),
            )
            for i, (b, s) in enumerate(zip(batteries, per_raid, strict=True))
        ),
        weeks=_weeks(course, batteries, pools, raids_per_day),
    )


def lasting(answer: StockAnswer, batteries: Sequence[str]) -> Lasting:
    """How long those of `batteries` last: until the first of them falls short."""
    each = [m for m in answer.magazines if m.battery in batteries]
    first = [m for m in each if m.lasting.mean is not None]
    dry = min(first, key=lambda m: m.lasting.mean or 0.0).battery if first else ""
    return Lasting(
        mean=_least([m.lasting.mean for m in each]),
        heavy=_least([m.lasting.heavy for m in each]),
        light=_least([m.lasting.light for m in each]),
        first_dry=dry,
    )


def _least(days: Sequence[float | None]) -> float | None:
    return min((d for d in days if d is not None), default=None)


def play(
    batteries: Sequence[Launchers],
    wanted: Floats,
    stocks: Sequence[Stock],
    raids_per_day: float,
    pools: Sequence[tuple[str, str]],
) -> Course:
    """A year of raids, evenly apart, each wanting `wanted` (3, B) rounds."""
    gap_s = DAY_S / raids_per_day
    raids = max(int(LONGEST_DAYS * raids_per_day), 1)  # where less than one a year comes, the first
    of = {(s.owner, s.interceptor): s for s in stocks}
    launchers = np.array([
        (b.rounds, b.reloads, b.rounds * min(1.0, gap_s / max(b.reload_s, 1.0))) for b in batteries
    ], float).reshape(-1, 3).T.copy()  # fmt: skip
    behind = np.array([_behind(of.get(p), gap_s) for p in pools], float).reshape(-1, 3).T.copy()
    pool = np.array([pools.index((b.owner, b.interceptor)) for b in batteries], np.int64)
    fired, left = np.empty((2, len(wanted), raids, len(batteries)))
    depots = np.empty((len(wanted), raids, len(pools)))
    magazines.spend(launchers, behind, pool, wanted, fired, left, depots)
    return Course(wanted, fired, left, depots, behind[magazines.MADE])


def _behind(stock: Stock | None, gap_s: float) -> tuple[float, float, float]:
    """Of `magazines.spend`: rounds in depot, made between two raids, and raids until a delivery counts."""
    if stock is None:
        return 0.0, 0.0, 0.0
    made = stock.production_per_month * (1.0 - stock.to_others) * gap_s / (MONTH_DAYS * DAY_S)
    return float(stock.depot), made, max(float(np.ceil(stock.resupply_s / gap_s - _WHOLE)), 1.0)


def _first_short(course: Course) -> Floats:
    """(3, B) raids fully served before the first shortfall, inf where there is none."""
    short = course.fired < course.wanted[:, None] - _WHOLE
    return np.where(short.any(axis=1), short.argmax(axis=1), np.inf)


def _lasting(first: Floats, batteries: Sequence[Launchers]) -> Lasting:
    """Days until the first shortfall of any of `batteries`, from those of each (3, B)."""
    mean, heavy, light = (None if day == np.inf else float(day) for day in first.min(axis=1, initial=np.inf))
    dry = "" if mean is None else batteries[int(first[MEAN].argmin())].battery
    return Lasting(mean=mean, heavy=heavy, light=light, first_dry=dry)


def _weeks(
    course: Course, batteries: Sequence[Launchers], pools: Sequence[tuple[str, str]], raids_per_day: float
) -> tuple[StockWeek, ...]:
    """Week by week of mean raids, of those owners and types of which something is wanted."""
    # Week w holds the raids of days [7 w, 7 w + 7).
    ends = np.ceil(7.0 * np.arange(WEEKS + 1) * raids_per_day - _WHOLE).astype(int)
    ends = ends[ends <= course.fired.shape[1]]
    of = np.array([[(b.owner, b.interceptor) == p for p in pools] for b in batteries], float)
    of = of.reshape(len(batteries), len(pools))
    so_far = np.concatenate([np.zeros((1, len(batteries))), course.fired[MEAN, : ends[-1]].cumsum(axis=0)])
    fired = np.diff(so_far[ends], axis=0) @ of
    wanted = course.wanted[MEAN] @ of
    left = course.left[MEAN, ends[1:] - 1] @ of + course.depots[MEAN, ends[1:] - 1]
    raids = np.diff(ends)
    return tuple(
        StockWeek(
            week=week + 1,
            owner=owner,
            interceptor=interceptor,
            wanted=float(wanted[g] * raids[week]),
            fired=float(fired[week, g]),
            produced=float(course.made[g] * raids[week]),
            left=float(left[week, g]),
        )
        for week in range(len(ends) - 1)
        for g, (owner, interceptor) in enumerate(pools)
        if wanted[g] > 0.0
    )


def inventory(
    delivered: int, batteries: int, launchers: int, per_launcher: int, fired: int = 0, firing: int = 0
) -> Inventory:
    """Rounds on launchers and behind them, and what is left after `firing` batteries have `fired`.

    They fire what is on their launchers and then draw on the reloads. InputError where that cannot be.
    """
    each = launchers * per_launcher
    on_launchers = batteries * each
    reloads = delivered - on_launchers
    drawn = max(fired - firing * each, 0)
    wrong = [
        Problem(name, 0, 0, what, mend)
        for name, bad, what, mend in (
            ("delivered", reloads < 0, f"{delivered} rounds do not fill {batteries} batteries", "give more"),
            (
                "firing",
                not 0 <= firing <= batteries,
                f"{firing} of {batteries} fire",
                "give as many or fewer",
            ),
            ("fired", fired < 0 or drawn > max(reloads, 0), f"{fired} rounds are not there", "give fewer"),
        )
        if bad
    ]
    if wrong:
        raise InputError(wrong)
    return Inventory(
        delivered=delivered,
        on_launchers=on_launchers,
        reloads=reloads,
        fired=fired,
        reloads_left=reloads - drawn,
        to_fill_again=min(fired, firing * each),
        total_left=delivered - fired,
    )
