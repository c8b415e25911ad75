"""The layers of a regime in full: chances to engage, battle space, rounds, kills, and what flies on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import KILLED, LEAKED
from synaspis.model.answers import Spread
from synaspis.model.layers import LAYERS, LayerAnswer, LayersAnswer
from synaspis.model.stock import StockAnswer
from synaspis.studies.arena import Arena
from synaspis.studies.coverage import Chances, chances
from synaspis.studies.spreads import spread, spreads
from synaspis.studies.stock import Launchers, lasting, stock


def stock_answer(a: Arena, per_raid: Sequence[Spread]) -> StockAnswer:
    """How many days of such raids the case's magazines last, each battery firing `per_raid`."""
    file = a.w.case.file
    batteries = [
        Launchers(
            battery=f.battery.name,
            owner=f.battery.owner,
            interceptor=f.interceptor.name,
            rounds=float(f.rounds),
            reloads=float(f.battery.reloads),
            reload_s=f.battery.reload_s,
        )
        for f in a.w.batteries
    ]
    return stock(batteries, per_raid, file.stock, file.raids_per_day)


def layers(a: Arena, regime: str, out: Outcomes, stocks: StockAnswer) -> LayersAnswer:
    """Each layer that has batteries, in the order of time."""
    of = [f.interceptor.layer for f in a.w.batteries]
    names = [x for x in LAYERS if x in of]
    if not names:
        return LayersAnswer(landing=spread(out.lands.sum(axis=1)), layers=())
    rows = [[b for b, layer in enumerate(of) if layer == name] for name in names]
    place = np.array([*(names.index(layer) for layer in of), -1])  # the last stands for no battery
    by = np.where(out.fate == KILLED, place[out.killer], -1)
    landing = out.lands.sum(axis=1)
    kills = np.stack([(by == i).sum(axis=1) for i in range(len(names))], axis=1)  # (K, layers)
    left = landing[:, None] - kills.cumsum(axis=1)
    assert (left[:, -1] == (out.fate == LEAKED).sum(axis=1)).all()
    fired = np.stack([out.rounds[:, each].sum(axis=1) for each in rows], axis=1)
    ready = np.array([sum(a.w.batteries[b].rounds for b in each) for each in rows])
    over_trials = spreads(np.concatenate([landing[:, None], fired, ready - fired, left], axis=1))
    chance = _over_missiles(a, chances(a, regime), rows)
    whole = over_trials[0].mean
    n = len(names)
    return LayersAnswer(
        landing=over_trials[0],
        layers=tuple(
            LayerAnswer(
                layer=name,
                batteries=(batteries := tuple(a.w.batteries[b].battery.name for b in rows[i])),
                engageable=chance[i][0],
                opportunities=chance[i][1],
                battle_space_s=chance[i][2],
                rounds=over_trials[1 + i],
                rounds_left=over_trials[1 + n + i],
                kills=float(kills[:, i].mean()),
                left=over_trials[1 + 2 * n + i],
                leakage=over_trials[1 + 2 * n + i].mean / whole if whole > 0.0 else 0.0,
                lasting=lasting(stocks, batteries),
            )
            for i, name in enumerate(names)
        ),
    )


def _over_missiles(a: Arena, found: Chances, rows: list[list[int]]) -> list[tuple[float, Spread, Spread]]:
    """For each layer: share of missiles that it can engage, engagements, and battle space in seconds."""
    aimed = a.g.flight_of[[t for t, m in enumerate(a.w.missiles) if m.target >= 0]]
    count = np.stack([found.count[0, each].sum(axis=0)[aimed] for each in rows], axis=1)
    opens = np.stack([found.opens_s[0, each].min(axis=0)[aimed] for each in rows], axis=1)
    closes = np.stack([found.closes_s[0, each].max(axis=0)[aimed] for each in rows], axis=1)
    space = np.subtract(closes, opens, out=np.zeros_like(opens), where=count > 0)
    told = spreads(np.concatenate([count, space], axis=1))
    share = (count > 0).mean(axis=0) if len(count) else np.zeros(len(rows))
    return [(float(share[i]), told[i], told[len(rows) + i]) for i in range(len(rows))]
