"""The main question: who is warned and protected under each regime, and what makes the difference."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import KILLED, KILLED_ASTRAY, LEAKED
from synaspis.engine.tables import missile_rows
from synaspis.engine.workers import pool_of
from synaspis.model.answers import (
    CAUSES,
    Column,
    NationAnswer,
    RegimeAnswer,
    RunAnswer,
    Tables,
    Warning,
)
from synaspis.model.case import Case
from synaspis.studies.arena import (
    Arena,
    Progress,
    arena,
    protected_by_trial,
    protected_population,
    pure,
    silent,
)
from synaspis.studies.coverage import covered_assets, price_of_a_second, probe_arena
from synaspis.studies.difference import begin_difference
from synaspis.studies.layers import layers, stock_answer
from synaspis.studies.leakage import duels
from synaspis.studies.lost import lost_shots
from synaspis.studies.marks import flights, sites
from synaspis.studies.scenes import ordinary_trial, scene
from synaspis.studies.spreads import spread, spreads

WARNING_STEPS_S = (90, 300, 600)

Floats = NDArray[np.float64]


def run(
    case: Case,
    regimes: Sequence[str] | None,
    trials: int,
    seed: int,
    jobs: int,
    version: str,
    progress: Progress = silent,
) -> RunAnswer:
    """Play the case's raid under each regime and compare. See DESIGN, "What the answers mean"."""
    names = tuple(regimes or (r.name for r in case.file.regimes))
    with pool_of(jobs) as pool:
        return _run(case, names, trials, seed, jobs, version, progress, pool)


def _run(
    case: Case,
    names: Sequence[str],
    trials: int,
    seed: int,
    jobs: int,
    version: str,
    progress: Progress,
    pool: Executor | None,
) -> RunAnswer:
    """All that is to be played is begun first; what needs no trial is worked out meanwhile."""
    progress("flying the raid", 0.0)
    a = arena(case, jobs, pool=pool)
    mixes = {name: pure(a.rules(name)) for name in names}
    begun = {name: a.begin(mix, seed, trials) for name, mix in mixes.items()}
    tricked = {name: a.begin(mix, seed, trials, countermeasures=True) for name, mix in mixes.items()}
    compare = case.file.compare
    compared = {compare.headline, compare.against} <= set(names)
    ended = begin_difference(a, compare.headline, compare.against, seed, trials) if compared else None
    progress("flying the coverage probes", 0.0)
    probing = probe_arena(case, jobs)
    answers, outcomes = {}, {}
    for i, name in enumerate(names):
        progress(f"playing {name}", i / len(names))
        outcomes[name] = begun[name].outcomes()
        answers[name] = replace(
            _regime(a, name, outcomes[name], *covered_assets(probing, name)),
            simple_countermeasures=_column(a, tricked[name].outcomes()),
        )
    made = ended(progress) if ended else None
    shown = ordinary_trial((outcomes.get(compare.headline, outcomes[names[-1]]).fate == LEAKED).sum(axis=1))
    progress("done", 1.0)
    return RunAnswer(
        case=case.name,
        title=case.file.title,
        date=case.file.date.isoformat(),
        seed=seed,
        trials=trials,
        version=version,
        regimes=answers,
        difference=made,
        flights=flights(a),
        sites=sites(a),
        tables=_tables(a, outcomes),
        self_check=_self_check(a, outcomes, seed),
        notes=case.file.notes,
        scenes={name: scene(a, name, seed, out.fate[shown], shown) for name, out in outcomes.items()},
        price_of_a_second={name: price_of_a_second(probing, name) for name in names},
    )


def _column(a: Arena, out: Outcomes) -> Column:
    leaked = (out.fate == LEAKED).sum(axis=1)
    return Column(
        leakers=spread(leaked),
        p_no_leaker=float((leaked == 0).mean()),
        protected_population=protected_population(a.w, out),
        wasted=float(out.wasted.sum(axis=1).mean()),
    )


def _regime(
    a: Arena, name: str, out: Outcomes, covered: NDArray[np.bool_], twice: NDArray[np.bool_]
) -> RegimeAnswer:
    people = np.array([x.population for x in a.w.assets])
    undefended, defended = protected_by_trial(a.w, out)
    saved = undefended - defended
    leaked = (out.fate == LEAKED).sum(axis=1)
    prevented = out.lands.sum(axis=1) - leaked
    batteries = [f.battery.name for f in a.w.batteries]
    kills = kills_of(a, out)
    by_layer: dict[str, float] = {}
    for f, count in zip(a.w.batteries, kills, strict=True):
        by_layer[f.interceptor.layer] = by_layer.get(f.interceptor.layer, 0.0) + count
    fired = spreads(out.rounds)
    stocks = stock_answer(a, fired)
    return RegimeAnswer(
        name=name,
        title=a.w.case.regime(name).title,
        leakers=spread(leaked),
        p_no_leaker=float((leaked == 0).mean()),
        protected_population=float((saved.mean(axis=0) * people).sum()),
        protected_spread=spread(saved @ people),
        population_at_risk=float((undefended.mean(axis=0) * people).sum()),
        prevented_impacts=spread(prevented),
        covered_population=float(people[covered].sum()),
        covered_twice_population=float(people[twice].sum()),
        rounds={b: s.mean for b, s in zip(batteries, fired, strict=True)},
        rounds_spread=dict(zip(batteries, fired, strict=True)),
        wasted={b: float(out.wasted[:, i].mean()) for i, b in enumerate(batteries)},
        doubled={b: float(out.doubled[:, i].mean()) for i, b in enumerate(batteries)},
        kills={b: float(kills[i]) for i, b in enumerate(batteries)},
        kills_by_layer=by_layer,
        nations=nation_answers(a, out, undefended, saved, covered, twice),
        shots_lost={c: float(out.lost[:, :, i].sum() / len(out.fate)) for i, c in enumerate(CAUSES)},
        lost=lost_shots(a, name, out),
        layers=layers(a, name, out, stocks),
        stock=stocks,
    )


def kills_of(a: Arena, out: Outcomes) -> Floats:
    """(B,) missiles that would have landed in an asset, killed by each battery, mean over trials."""
    killed = out.fate == KILLED
    return np.array([(killed & (out.killer == b)).sum() for b in range(len(a.w.batteries))]) / len(out.fate)


def nation_answers(
    a: Arena,
    out: Outcomes,
    undefended: Floats,
    saved: Floats,
    covered: NDArray[np.bool_],
    twice: NDArray[np.bool_],
) -> dict[str, NationAnswer]:
    """What it means for every nation with an asset.

    `undefended` and `saved` (K, A) struck without defence, and that less struck with it; `covered` and
    `twice` (A,).
    """
    targets = np.array([m.target for m in a.w.missiles])
    answers = {}
    for code in a.w.nations:
        own = np.array([x.nation == code for x in a.w.assets])
        if not own.any():
            continue
        people = np.array([x.population for x in a.w.assets]) * own
        at_nation = (targets >= 0) & own[np.maximum(targets, 0)]
        answers[code] = NationAnswer(
            warning_s=weighted_warning(out.warning_s[:, own], people[own]),
            warned_people={s: warned_people(out.warning_s[:, own], people[own], s) for s in WARNING_STEPS_S},
            leakers_mean=float((out.fate[:, at_nation] == LEAKED).sum(axis=1).mean()),
            protected_population=float((saved.mean(axis=0) * people).sum()),
            population_at_risk=float((undefended.mean(axis=0) * people).sum()),
            covered_population=float(people[covered].sum()),
            covered_twice_population=float(people[twice].sum()),
            warned_needlessly=float(out.needless.mean(axis=0) @ people),
        )
    return answers


def weighted_warning(seconds: NDArray[np.float32], people: Floats) -> Warning:
    """Percentiles over trials and attacked assets, weighted by population; zero where nothing came."""
    weight = np.broadcast_to(people, seconds.shape)[~np.isnan(seconds)]
    value = seconds[~np.isnan(seconds)]
    if value.size == 0 or weight.sum() == 0.0:
        return Warning(p05=0.0, p50=0.0, p95=0.0)
    order = np.argsort(value, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    p05, p50, p95 = (
        float(value[order][min(int(np.searchsorted(share, q)), len(order) - 1)]) for q in (0.05, 0.5, 0.95)
    )
    return Warning(p05=p05, p50=p50, p95=p95)


def warned_people(seconds: NDArray[np.float32], people: Floats, least_s: float) -> float:
    """People in struck places with at least `least_s` of warning, mean over trials."""
    return float((np.nan_to_num(seconds, nan=-1.0) >= least_s).mean(axis=0) @ people)


def _tables(a: Arena, outcomes: dict[str, Outcomes]) -> Tables:
    """Arrays for Parquet: one row per trial, per missile, per shot group and per warned asset."""
    trials = len(next(iter(outcomes.values())).fate)
    people = np.array([x.population for x in a.w.assets])
    number = np.arange(trials)
    by_trial: dict[str, list[NDArray[np.generic]]] = {}
    by_missile: dict[str, list[NDArray[np.generic]]] = {}
    by_asset: dict[str, list[NDArray[np.generic]]] = {}
    names = np.array([m.name for m in a.w.missiles], object)
    for regime, out in outcomes.items():
        undefended, defended = protected_by_trial(a.w, out)
        _extend(by_trial, regime=np.full(trials, regime, object), trial=number,
                leakers=(out.fate == LEAKED).sum(axis=1), landing_undefended=out.lands.sum(axis=1),
                protected_population=(undefended - defended) @ people, rounds=out.rounds.sum(axis=1),
                wasted=out.wasted.sum(axis=1), doubled=out.doubled.sum(axis=1),
                events=out.events)  # fmt: skip
        killed = (out.fate == KILLED) | (out.fate == KILLED_ASTRAY)
        _extend(by_missile, regime=np.full(len(names), regime, object), missile=names,
                p_lands_undefended=out.lands.mean(axis=0), p_leaks=(out.fate == LEAKED).mean(axis=0),
                p_killed=killed.mean(axis=0))  # fmt: skip
        _extend(by_asset, regime=np.full(len(people), regime, object),
                asset=np.array([x.name for x in a.w.assets], object),
                nation=np.array([x.nation for x in a.w.assets], object), population=people,
                p_struck_undefended=undefended.mean(axis=0), p_struck=defended.mean(axis=0),
                warning_s=_mean_warning(out))  # fmt: skip
    return Tables(
        columns={
            name: {k: np.concatenate(v) for k, v in table.items()}
            for name, table in (("trials", by_trial), ("missiles", by_missile), ("assets", by_asset))
        }
    )


def _mean_warning(out: Outcomes) -> Floats:
    """(A,) mean warning over the trials in which something would land; NaN where nothing ever does."""
    known = ~np.isnan(out.warning_s)
    total = np.where(known, out.warning_s, 0.0).sum(axis=0)
    count = known.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _extend(table: dict[str, list[NDArray[np.generic]]], **columns: NDArray[np.generic]) -> None:
    for name, column in columns.items():
        table.setdefault(name, []).append(column)


def _self_check(a: Arena, outcomes: dict[str, Outcomes], seed: int) -> dict[str, float]:
    """Figures that must come out right in every run: landings and leakage against closed forms, closure."""
    out = next(iter(outcomes.values()))
    rows = missile_rows(a.w, a.g, np.zeros(len(a.w.missiles)))
    p = rows[2] * rows[3]
    expected, deviation = p.sum(), np.sqrt((p * (1 - p)).sum() / len(out.fate))
    fought = duels(a.w, seed)
    return {
        "landings_undefended": float(out.lands.sum(axis=1).mean()),
        "landings_expected": float(expected),
        "landings_z": float((out.lands.sum(axis=1).mean() - expected) / max(deviation, 1e-12)),
        "largest_closure_error_m": float(np.nanmax(a.g.closure_m)),
        "events_per_trial": float(out.events.mean()),
        "duels": float(len(fought)),
        "largest_leakage_z": max((abs(d.z) for d in fought), default=0.0),
    }
