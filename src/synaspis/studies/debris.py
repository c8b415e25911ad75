"""On whom the debris of intercepts falls: shares of mass by nation and battery, and whose consent it takes.

Where it falls is the same in every regime; the regime says whose orders ask for consent, and who gave it.
Each battery is taken at the first, middle and last point at which it may meet each missile of the raid,
whether or not it would fire. What burns up on the way down is not modelled: it counts as falling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from synaspis import units
from synaspis.engine.under import ALOFT, SEA, Fallen, Key, debris_of, own
from synaspis.model import draw
from synaspis.model.answers import Band
from synaspis.model.breakup import Breakup
from synaspis.model.case import Case
from synaspis.model.debris import BatteryDebris, DebrisAnswer, NationDebris
from synaspis.model.fact import Entry
from synaspis.sharing.authority import routes, third_state
from synaspis.sharing.rules import Rules, rules
from synaspis.studies.arena import Arena, arena

SCATTER = {"fastest": 1, "lightest": -1, "heaviest": -1, "kill_vehicle": 1}
"""Which end of a figure's band throws debris farther from the missile's own way: 1 the high end."""
LEAST_TOLD = 0.001
"""A nation that gets less than this everywhere is not told of."""


def debris(case: Case, entry: Entry, regime: str, version: str, jobs: int) -> DebrisAnswer:
    """The footprint of debris of a case that has its map (`files.case.with_map`)."""
    breakup, borders = case.breakup, case.borders
    assert breakup is not None
    assert borders is not None
    a = arena(case, jobs)
    all_three = [
        debris_of(a.w, a.g, borders, figures, jobs)
        for figures in (breakup, _scattered(breakup, entry, -1), _scattered(breakup, entry, 1))
    ]
    given = rules(case, case.regime(regime))
    count = np.bincount(a.g.flight_of, minlength=len(a.g.first_missile))
    found = {
        f.battery.name: _battery(a, given, b, all_three, count.tolist(), breakup.least_share)
        for b, f in enumerate(a.w.batteries)
        if any(key[0] == b for key in all_three[0])
    }
    return DebrisAnswer(
        case=case.name, title=case.file.title, date=case.file.date.isoformat(), version=version,
        regime=regime, least_share=breakup.least_share, batteries=found,
    )  # fmt: skip


def _scattered(breakup: Breakup, entry: Entry, side: int) -> Breakup:
    """The figures at the ends of their bands that throw debris little (-1) or far (1)."""
    ends = {
        f.parameter: units.to_si(f.high if SCATTER[f.parameter] == side else f.low, f.unit)
        for f in entry.facts
        if f.parameter in SCATTER
    }
    changed = draw.with_values(breakup, ends)
    assert isinstance(changed, Breakup)
    return replace(changed, least_share=breakup.least_share)


def _battery(
    a: Arena, given: Rules, b: int, fallen: Sequence[Mapping[Key, Fallen]], count: Sequence[int], least: float
) -> BatteryDebris:
    f = a.w.batteries[b]
    flights = [u for row, u in fallen[0] if row == b]
    means = [_mean([(figures[b, u], count[u]) for u in flights]) for figures in fallen]
    most: dict[str, float] = {}
    third: dict[str, int] = {}
    for u in flights:
        mine = own(a.w, f, a.w.missiles[a.g.first_missile[u]])
        for name, share in fallen[0][b, u].most().items():
            most[name] = max(share, most.get(name, 0.0))
            third[name] = third.get(name, 0) + (count[u] if share > least and name not in mine else 0)
    nations = {}
    for name in sorted(most, key=lambda n: (-means[0].get(n, 0.0), n)):
        if name not in (SEA, ALOFT) and most[name] >= LEAST_TOLD:
            leave = third_state(given, f.battery, name, "debris")
            nations[name] = NationDebris(
                share=_band(means, name), most=most[name], third=third[name],
                # One that always refuses, or never answers, lets nothing fall.
                leave=leave.clause if leave is not None and leave.unreachable < 1.0 else "",
            )  # fmt: skip
    return BatteryDebris(
        owner=f.battery.owner,
        host=f.battery.host or f.battery.owner,
        missiles=sum(count[u] for u in flights),
        asks=any("debris" in way.asks for way in routes(given, f.battery)),
        nations=nations,
        sea=_band(means, SEA),
        aloft=_band(means, ALOFT),
    )


def _mean(fallen: Sequence[tuple[Fallen, int]]) -> dict[str, float]:
    """Mean shares over missiles, of which each flight counts as many as fly it."""
    whole = sum(n for _, n in fallen)
    told: dict[str, float] = {}
    for f, n in fallen:
        for name, share in f.mean().items():
            told[name] = told.get(name, 0.0) + share * n / whole
    return told


def _band(means: Sequence[Mapping[str, float]], name: str) -> Band:
    """The share with the catalogue's figures, and the span over the three."""
    shares = [m.get(name, 0.0) for m in means]
    return Band(value=shares[0], low=min(shares), high=max(shares))
