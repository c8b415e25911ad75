"""What each nation adds to a coalition: the raid played against the sites of every set of members.

A site works only if its owner, operator and host, and those whose consent names it, are all inside
(`sharing.coalition`). All coalitions meet the same luck, so what a member adds is a paired difference.
Exact to `EXACT` players; above that random orders, each with the same backwards (`games`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import factorial

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.workers import pool_of
from synaspis.model.case import Case
from synaspis.model.compared import Gain
from synaspis.sharing.coalition import cut_off, matters, works_in
from synaspis.sharing.rules import Rules, rules
from synaspis.studies.arena import Progress, arena, silent
from synaspis.studies.coalition_stage import Stage
from synaspis.studies.games import alike_by_size, orders, sampled_banzhaf, sampled_shapley
from synaspis.studies.games import members as inside
from synaspis.studies.paired import Measures, gain, mean

Floats = NDArray[np.float64]
EXACT = 12
"""Most players of whom every coalition is played."""
ORDERS = 200
"""Random orders where there are more, unless another number is asked for."""
MEASURES = ("population", "worst-nation", "weighted")
HELPED = 0.01
"""A nation of whose people at risk all members together protect no larger share is left out of the worst."""
NOTHING = Gain(value=0.0, low=0.0, high=0.0)


@dataclass(frozen=True)
class Found:
    """What was played of any coalition, or is played when asked for where it was not yet."""

    stage: Stage
    players: tuple[str, ...]

    def protected(self, bits: int) -> Floats:
        """(N,) people protected by a coalition, by its bits."""
        (place,) = self.stage.play([_inside(self.players, bits)])
        return self.stage.rows[place].protected


@dataclass(frozen=True)
class Coalitions:
    """What every coalition of a regime's members is worth.

    `members` in the case's order of nations; `players` are those of them that can change anything, and bit j
    of a coalition stands for players[j]. The others add nothing, wherever they are. `nations` are the columns
    N. at_risk (N,) people struck undefended; protected and warning_s (2^n, N) and worth (2^n,) are means over
    trials, None where they were sampled. `shapley` and `banzhaf` hold every member, with bounds over trials
    and a standard error of luck (and of sampling where not `exact`). `played` counts distinct tables.
    """

    regime: str
    members: tuple[str, ...]
    players: tuple[str, ...]
    nations: tuple[str, ...]
    at_risk: Floats
    protected: Floats | None
    warning_s: Floats | None
    worth: Floats | None
    measure: str
    shapley: Mapping[str, Gain]
    banzhaf: Mapping[str, Gain]
    exact: bool
    orders: int
    played: int
    trials: int
    seed: int
    found: Found

    def of(self, members: Iterable[str]) -> Floats:
        """(N,) people protected of each nation by the coalition of `members`; nulls change nothing."""
        inside = set(members)
        return self.found.protected(sum(1 << j for j, player in enumerate(self.players) if player in inside))


def members_of(case: Case, given: Rules, regime: str) -> tuple[str, ...]:
    """The nations that sign an agreement of the regime, and all who matter in it, in the case's order."""
    named = set(case.regime(regime).agreements)
    parties = {p for a in case.file.agreements if a.name in named for p in case.members(a.parties)}
    return case.members(tuple({*parties, *matters(case, given)}))


def coalitions(
    a_case: Case, regime: str, trials: int, seed: int, jobs: int, *, members: Sequence[str] | None = None,
    measure: str = "population", weights: Mapping[str, float] | None = None, orders: int = ORDERS,
    progress: Progress = silent,
) -> Coalitions:  # fmt: skip
    """The worth of every coalition of the regime's members (or of `members`, the others being outside).

    `weights` by asset name count people at a place more or less under the measure `weighted` (1 where left
    out). ValueError for a measure or a member that there is not.
    """
    given = rules(a_case, a_case.regime(regime))
    asked = _asked(a_case, given, regime, members)
    counting = _checked(a_case, measure, weights or {})
    players = tuple(n for n in asked if n in set(matters(a_case, given)))
    with pool_of(jobs) as pool:
        progress("flying the raid", 0.0)
        stage = Stage(arena(a_case, jobs, pool=pool), given, seed, trials, counting, pool)
        if measure == "worst-nation":
            stage = Stage(stage.a, given, seed, trials, counting, pool, counted=_helped(stage, players))
        exact = len(players) <= EXACT
        play = _every if exact else _some
        made = play(stage, players, orders, seed, progress)
        progress("done", 1.0)
    return Coalitions(
        regime=regime,
        members=asked,
        players=players,
        nations=stage.a.w.nations,
        at_risk=stage.scale.at_risk,
        protected=made.protected,
        warning_s=made.warning_s,
        worth=made.worth,
        measure=measure,
        shapley={n: made.shapley.get(n, NOTHING) for n in asked},
        banzhaf={n: made.banzhaf.get(n, NOTHING) for n in asked},
        exact=exact,
        orders=0 if exact else 2 * max(orders // 2, 1),
        played=len(stage.rows),
        trials=trials,
        seed=seed,
        found=Found(replace(stage, pool=None), players),
    )


@dataclass(frozen=True)
class _Made:
    """What was found about the players; arrays as in `Coalitions`."""

    shapley: Mapping[str, Gain]
    banzhaf: Mapping[str, Gain]
    protected: Floats | None = None
    warning_s: Floats | None = None
    worth: Floats | None = None


def _asked(case: Case, given: Rules, regime: str, members: Sequence[str] | None) -> tuple[str, ...]:
    """The members asked for, checked."""
    if members is None:
        return members_of(case, given, regime)
    unknown = sorted(set(members) - {n.code for n in case.file.nations})
    if unknown:
        raise ValueError(f"no nation of the case: {', '.join(unknown)}")
    return case.members(tuple(members))


def _checked(case: Case, measure: str, weights: Mapping[str, float]) -> Mapping[str, float]:
    """The weights that count under a measure."""
    if measure not in MEASURES:
        raise ValueError(f"no measure `{measure}`; there are {', '.join(MEASURES)}")
    unknown = sorted(set(weights) - {asset.name for asset in case.file.assets})
    if unknown:
        raise ValueError(f"no asset of the case: {', '.join(unknown)}")
    return weights if measure == "weighted" else {}


def _helped(stage: Stage, players: tuple[str, ...]) -> NDArray[np.bool_]:
    """(N,) nations of whose people at risk all players together protect more than the least share."""
    (place,) = stage.play([players])
    return np.asarray(stage.rows[place].protected > HELPED * stage.scale.at_risk)


def _inside(players: Sequence[str], bits: int) -> tuple[str, ...]:
    return tuple(player for j, player in enumerate(players) if bits >> j & 1)


def _every(stage: Stage, players: tuple[str, ...], asked: int, seed: int, progress: Progress) -> _Made:
    """Every coalition played.

    What is worth the same in every trial is weighed once, in whole numbers: so that who adds nothing to any
    coalition gets nothing, exactly.
    """
    n = len(players)
    rows = np.array(
        stage.play([_inside(players, bits) for bits in range(1 << n)], progress, "playing every coalition")
    )
    kinds: dict[bytes, int] = {}
    kind = np.array([kinds.setdefault(row.by_trial.tobytes(), len(kinds)) for row in stage.rows])
    by_trial = np.stack([np.frombuffer(told) for told in kinds])
    joined, alike = np.zeros((2, n, len(kinds)), np.int64)
    size = np.array([bits.bit_count() for bits in range(1 << n)])
    ways = np.array([factorial(s) * factorial(n - 1 - s) for s in range(n)] or [1], np.int64)
    for j in range(n):
        inside = (np.arange(1 << n) >> j & 1).astype(np.bool_)
        np.add.at(joined[j], kind[rows], np.where(inside, ways[size - 1], -ways[np.minimum(size, n - 1)]))
        np.add.at(alike[j], kind[rows], np.where(inside, 1, -1))
    return _Made(
        _gains(players, joined / float(factorial(n)) @ by_trial),
        _gains(players, alike / float(1 << max(n - 1, 0)) @ by_trial),
        np.stack([row.protected for row in stage.rows])[rows],
        np.stack([row.warning_s for row in stage.rows])[rows],
        by_trial.mean(axis=1)[kind[rows]],
    )


def _gains(players: Sequence[str], added: Floats, sampling: Floats | None = None) -> dict[str, Gain]:
    """Of what each player adds trial by trial (n, K); an error of `sampling` (n,) joins that of luck."""
    made = {player: gain(row) for player, row in zip(players, added, strict=True)}
    if sampling is None:
        return made
    errors = dict(zip(players, sampling.tolist(), strict=True))
    return {p: replace(g, error=float(np.hypot(g.error, errors[p]))) for p, g in made.items()}


def _some(stage: Stage, players: tuple[str, ...], asked: int, seed: int, progress: Progress) -> _Made:
    """Random orders, each with the same backwards: what players add along them, and how that scatters."""
    n, pairs = len(players), max(asked // 2, 1)
    joining = orders(n, pairs, seed)
    after = np.bitwise_or.accumulate(1 << joining, axis=1)
    bits, place = np.unique(after, return_inverse=True)
    met = [_inside(players, each) for each in bits.tolist()]
    rows = np.array(stage.play(met, progress, "playing some coalitions"))
    by_trial = np.stack([stage.rows[row].by_trial for row in rows])
    worth = dict(zip(bits.tolist(), by_trial.mean(axis=1).tolist(), strict=True))
    place = place.reshape(after.shape)
    made = []
    for sampled, by_size in ((sampled_shapley, np.ones(n)), (sampled_banzhaf, alike_by_size(n))):
        share = np.zeros((n, len(rows)))
        np.add.at(share, (joining, place), by_size / len(joining))
        np.subtract.at(share, (joining[:, 1:], place[:, :-1]), by_size[1:] / len(joining))
        made.append(_gains(players, share @ by_trial, sampled(worth.__getitem__, n, pairs, seed).error))
    return _Made(made[0], made[1])


def benefits(made: Coalitions) -> Floats:
    """(2^n,) v(S): what the players in S have more together than each alone, in people protected.

    ValueError where coalitions were sampled.
    """
    if made.protected is None:
        raise ValueError("only where every coalition was played")
    columns = [made.nations.index(player) for player in made.players]
    own = made.protected[:, columns]
    alone = np.array([own[1 << j, j] for j in range(len(columns))])
    worth: Floats = (np.where(inside(len(columns)), own - alone, 0.0)).sum(axis=1)
    return worth


@dataclass(frozen=True, kw_only=True)
class Left:
    """What changes when `member` leaves all the others: people protected by nation, less those with it.

    `apart`: its `sites` stand still and it decides nothing, yet the others' mandates still name its people.
    `cut_off`: besides, nobody's rounds are there for them and nothing is released to it. The same for mean
    seconds of warning.
    """

    member: str
    sites: tuple[str, ...]
    apart: Mapping[str, Gain]
    cut_off: Mapping[str, Gain]
    apart_warning_s: Mapping[str, float]
    cut_off_warning_s: Mapping[str, float]


def left(made: Coalitions, jobs: int = 1, progress: Progress = silent) -> dict[str, Left]:
    """For every member, what its leaving does to everyone: two more runs each, on the same luck."""
    with pool_of(jobs) as pool:
        stage = replace(made.found.stage, pool=pool)
        whole = stage.measured(stage.lots(made.members))
        found = {}
        for i, member in enumerate(made.members):
            rest = [n for n in made.members if n != member]
            runs = stage.lots(rest), stage.lots_under(cut_off(stage.rules(rest), member), rest)
            found[member] = _left(made, stage, member, whole, *(stage.measured(lots) for lots in runs))
            progress("leaving one by one", (i + 1) / len(made.members))
    return found


def _left(made: Coalitions, stage: Stage, member: str, *told: Measures) -> Left:
    """What changes from the first of `told` to the second (apart) and to the third (cut off)."""
    whole, *after = told
    case, all_in = stage.a.w.case, made.members
    works = [works_in(case, stage.given, m) for m in (all_in, [n for n in all_in if n != member])]
    people = [
        {n: gain(m.protected[:, i] - whole.protected[:, i]) for i, n in enumerate(made.nations)}
        for m in after
    ]
    seconds = [
        {n: mean(m.warning_s[:, i]) - mean(whole.warning_s[:, i]) for i, n in enumerate(made.nations)}
        for m in after
    ]
    sites = tuple(site for site in works[0] if site not in works[1])
    return Left(member=member, sites=sites, apart=people[0], cut_off=people[1],
                apart_warning_s=seconds[0], cut_off_warning_s=seconds[1])  # fmt: skip
