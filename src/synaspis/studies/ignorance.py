"""Ignorance apart from luck: the same raid on the same luck with the public figures drawn from their bands.

Every draw flies the raid anew and plays all trials under every regime, with the seed of the run, so
that nothing but the figures differs. What a band shows is the spread of the means over trials: luck is
not in it, but for what so many trials leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import LEAKED
from synaspis.engine.world import World, raid, world
from synaspis.model.answers import SWITCHES, Band, Difference, Ignorance, RegimeIgnorance, RunAnswer
from synaspis.model.case import Case
from synaspis.model.draw import Name, facts, figures, with_figures
from synaspis.sharing.rules import Rules, rules
from synaspis.studies.arena import (
    Arena,
    Progress,
    arena,
    protected_by_trial,
    protected_population,
    pure,
    silent,
)
from synaspis.studies.difference import begin_mixes, mixed, shares
from synaspis.studies.movers import found_movers
from synaspis.studies.protection import weighted_warning

SHARES = (1.0, 0.5, 0.25, 0.125, 0.0)
"""What is left, in turn, of a drawn class's way from the catalogue when it falls short of a target."""
SPLIT_TRIALS = 200
"""Trials from which each draw splits the difference: sixteen mixes with all of them would double a run."""
_FLIGHT = ("payload", "diameter", "ballistic_coefficient")
_QUICK = {
    "interceptor": ("p_kill", "correlation", "p_type_defect", "p_confusion", "wrong_look", "assess"),
    "system": ("rounds", "channels", "launch_interval"),
    "threat": ("reliability", "cep"),
    "warning": ("dissemination",),
    "breakup": ("fastest", "lightest", "heaviest", "kill_vehicle", "least_share"),
}
"""Figures by kind of entry that change neither flights nor pictures: what they do is quick to work out."""

Columns = dict[str, NDArray[np.generic]]
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """One regime under one set of figures, means over trials.

    `saved` (A,) people protected at each asset; `warning_s` is the median by nation.
    """

    leakers: float
    p_no_leaker: float
    protected_population: float
    population_at_risk: float
    saved: NDArray[np.float64]
    warning_s: Mapping[str, float]


@dataclass(frozen=True)
class Draw:
    """Outcomes by regime under one set of figures, as they were used, and whether a class fell short."""

    figures: Mapping[Name, float]
    outcomes: Mapping[str, Outcome]
    drawn_back: bool
    parts: Mapping[str, float]
    """Of the difference by switch, from the first `SPLIT_TRIALS` trials; empty where none was asked for."""


@dataclass(frozen=True)
class Valued:
    """The arena with some figures set: to `values`, but for classes that had to be drawn back `used`."""

    arena: Arena
    values: Mapping[Name, float]
    used: Mapping[Name, float]


@dataclass(frozen=True)
class Stage:
    """What no figure changes: the rules of each regime, and which missiles get there.

    `usual` is the arena with the catalogue's values; its pictures serve every figure that changes none.
    """

    case: Case
    given: Mapping[str, Rules]
    arrives: tuple[bool, ...]
    seed: int
    usual: Arena
    quick: frozenset[Name]

    def play(
        self, values: Mapping[Name, float], regimes: Sequence[str], trials: int, split: Sequence[str] = ()
    ) -> Draw:
        """Play `regimes` with some figures set to `values` and the others as in the catalogue.

        Where `split` names two regimes, their difference is split over the switches too.
        """
        return self.play_in(self.with_values(values), regimes, trials, split)

    def with_values(self, values: Mapping[Name, float], before: Valued | None = None) -> Valued:
        """The arena with some figures set to `values` and the others as in the catalogue.

        Where they differ from those of `before` in quick figures alone, its flights and pictures serve.
        """
        if values.keys() <= self.quick:
            return Valued(self.usual.moved_to(world(with_figures(self.case, values))), values, values)
        if before and before.values.keys() == values.keys():
            moved = {n for n, value in values.items() if value != before.values[n]}
            if moved <= self.quick:
                used = {n: values[n] if n in moved else value for n, value in before.used.items()}
                return Valued(before.arena.moved_to(world(with_figures(self.case, used))), values, used)
        a, used = _reaching(self, values)
        return Valued(a, values, used)

    def play_in(self, made: Valued, regimes: Sequence[str], trials: int, split: Sequence[str] = ()) -> Draw:
        """`play`, in an arena that is made ready."""
        a = made.arena
        played = {name: a.play(pure(self.given[name]), self.seed, trials) for name in regimes}
        found = {name: _outcome(a.w, out) for name, out in played.items()}
        back = dict(made.values) != dict(made.used)
        return Draw(made.used, found, back, self.parts(a, split, trials, played))

    def parts(
        self, a: Arena, split: Sequence[str], trials: int, played: Mapping[str, Outcomes]
    ) -> dict[str, float]:
        """The difference of two regimes by switch, from few trials; empty where not two are named.

        What the two come to themselves is read off the first trials of what was `played`.
        """
        if len(split) != 2:
            return {}
        few, ends = min(trials, SPLIT_TRIALS), (frozenset(SWITCHES), frozenset[str]())
        worth = {
            group: protected_population(a.w, played[name], few)
            for group, name in zip(ends, split, strict=True)
            if name in played
        }
        high, low = (self.given[name] for name in split)
        begun = begin_mixes(a, high, low, self.seed, few, worth)
        return shares({**worth, **mixed(a, begun)})


def ignorance(
    case: Case, answer: RunAnswer, draws: int, jobs: int, progress: Progress = silent
) -> tuple[Ignorance, dict[str, Columns]]:
    """What the bands of the public figures do to `answer`, and the tables `draws` and `draw_figures`.

    The same for any number of `jobs` (threads over draws). Every regime of `answer` is played in each
    of `draws` draws; then the figures that seem to move its headline are moved one at a time.
    """
    stage = stage_of(case, answer, jobs)
    names, trials = tuple(answer.regimes), answer.trials
    thrown = [figures(case, answer.seed, i) for i in range(draws)]
    moved, at_value, pair = headline_of(answer)
    made = in_threads(
        lambda v: stage.play(v, names, trials, pair), thrown, jobs, progress, "drawing public figures"
    )

    def answers(asked: Sequence[Mapping[Name, float]], count: int) -> list[float]:
        def one(v: Mapping[Name, float]) -> float:
            return float(gain(stage.play(v, pair, count), pair).sum())

        return in_threads(one, asked, jobs, progress, "moving one figure at a time")

    gains = np.array([gain(d, pair) for d in made])
    worth = [float(w) for w in gains.sum(axis=1)]
    used = [d.figures for d in made]
    movers = found_movers(case, used, gains, at_value, stage.quick, trials, answers)
    found = Ignorance(
        draws=draws,
        figures=sum(f.low < f.high for f in facts(case).values()),
        regimes={name: _regime(answer, name, [d.outcomes[name] for d in made]) for name in names},
        difference=_difference(stage, answer.difference, worth, [d.parts for d in made], trials),
        moved=moved,
        at_value=at_value,
        movers=movers,
        drawn_back=sum(d.drawn_back for d in made),
    )
    return found, {"draws": _draws_table(made), "draw_figures": _figures_table(case, made)}


def _difference(
    stage: Stage,
    d: Difference | None,
    whole: Sequence[float],
    parts: Sequence[Mapping[str, float]],
    trials: int,
) -> dict[str, Band]:
    """Bands of the whole and of its parts.

    Parts come from few trials; what those few give with the catalogue's values, against all trials, is
    taken off again: the luck of the few is the same in every draw.
    """
    if d is None:
        return {}
    few = stage.parts(stage.usual, (d.headline, d.against), trials, {})
    found = {"whole": band(d.whole, whole)}
    for switch in SWITCHES:
        value = float(getattr(d, switch))
        found[switch] = band(value, [p[switch] + value - few[switch] for p in parts])
    return found


def band(value: float, over_draws: Sequence[float]) -> Band:
    """`value` with the 5th and 95th percentile of the draws."""
    low, high = np.percentile(np.array(over_draws), [5, 95])
    return Band(value=value, low=float(low), high=float(high))


def in_threads(
    task: Callable[[S], T], items: Sequence[S], jobs: int, progress: Progress, stage: str
) -> list[T]:
    """`task` of each of `items`, in order. Kernels hold no lock, so threads gain and copy nothing."""
    pool = ThreadPoolExecutor(jobs)
    try:
        running = [pool.submit(task, item) for item in items]
        for done, _ in enumerate(as_completed(running), start=1):
            progress(stage, done / len(items))
        return [r.result() for r in running]
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C only what has begun is ended


def stage_of(case: Case, answer: RunAnswer, jobs: int) -> Stage:
    """What no figure changes of `answer`, a run of `case`."""
    usual = arena(case, jobs)
    given = {name: rules(case, case.regime(name)) for name in answer.regimes}
    arrives = tuple(f.impact_s > f.launch_s for f in answer.flights)
    quick = frozenset(n for n in facts(case) if n[1].split(".")[0] in _QUICK.get(case.entries[n[0]].kind, ()))
    return Stage(case, given, arrives, answer.seed, usual, quick)


def _reaching(stage: Stage, values: Mapping[Name, float]) -> tuple[Arena, dict[Name, float]]:
    """The raid flown with `values`, and the values used.

    A class that falls short of a target that it reaches with its catalogue values has what makes it
    fly (stages, payload, diameter, ballistic coefficient) moved half of the way to those values, up to
    three times, and then put there. Its other figures stay as drawn.
    """
    known = facts(stage.case)
    short: set[str] = set()
    used = dict(values)
    for share in SHARES:
        for (entry, parameter), value in values.items():
            if entry in short and (parameter.startswith("stages.") or parameter in _FLIGHT):
                usual = known[entry, parameter].value
                used[entry, parameter] = usual + share * (value - usual)
        drawn = with_figures(stage.case, used)
        flown = arena(drawn, 1, raid(drawn), together=True)  # given missiles may fall short
        a = replace(flown, of_clauses=stage.usual.of_clauses, counted=False)
        fell = {
            m.threat.name
            for t, m in enumerate(a.w.missiles)
            if stage.arrives[t] and a.g.impact_s[a.g.flight_of[t]] <= 0.0
        }
        if not fell:
            break
        short |= fell
    return a, used


def _outcome(w: World, out: Outcomes) -> Outcome:
    people = np.array([a.population for a in w.assets])
    undefended, defended = protected_by_trial(w, out)
    leaked = (out.fate == LEAKED).sum(axis=1)
    warned = {}
    for code in w.nations:
        own = np.array([a.nation == code for a in w.assets])
        if own.any() and not np.isnan(out.warning_s[:, own]).all():
            warned[code] = weighted_warning(out.warning_s[:, own], people[own]).p50
    return Outcome(
        float(leaked.mean()),
        float((leaked == 0).mean()),
        float(((undefended - defended).mean(axis=0) * people).sum()),
        float((undefended.mean(axis=0) * people).sum()),
        (undefended - defended).mean(axis=0) * people,
        warned,
    )


def headline_of(answer: RunAnswer) -> tuple[str, float, tuple[str, ...]]:
    """What movers move, in words; its size; and the regimes that it takes: A less B, or A."""
    d = answer.difference
    if d is not None:
        return f"{d.headline} less {d.against}", d.whole, (d.headline, d.against)
    best = max(answer.regimes.values(), key=lambda r: r.protected_population)
    return best.name, best.protected_population, (best.name,)


def gain(draw: Draw, pair: Sequence[str]) -> NDArray[np.float64]:
    """(A,) people at each asset whom the first of `pair` protects, less those whom the second does."""
    first, *rest = (draw.outcomes[name].saved for name in pair)
    return np.asarray(first - sum(rest), np.float64)


def _regime(answer: RunAnswer, name: str, over: Sequence[Outcome]) -> RegimeIgnorance:
    r = answer.regimes[name]
    warned = [code for code in r.nations if any(code in o.warning_s for o in over)]
    return RegimeIgnorance(
        leakers=band(r.leakers.mean, [o.leakers for o in over]),
        p_no_leaker=band(r.p_no_leaker, [o.p_no_leaker for o in over]),
        protected_population=band(r.protected_population, [o.protected_population for o in over]),
        warning_s={
            code: band(r.nations[code].warning_s.p50, [o.warning_s.get(code, 0.0) for o in over])
            for code in warned
        },
    )


def _draws_table(made: Sequence[Draw]) -> Columns:
    """One row for each draw and regime; `warning_s_ISO3` is the nation's median, NaN where none is struck."""
    rows = [(i, name, o) for i, d in enumerate(made) for name, o in d.outcomes.items()]
    codes = dict.fromkeys(code for _, _, o in rows for code in o.warning_s)
    columns: Columns = {
        "draw": np.array([i for i, _, _ in rows], np.int64),
        "regime": np.array([name for _, name, _ in rows], object),
    }
    for field in ("leakers", "p_no_leaker", "protected_population", "population_at_risk"):
        columns[field] = np.array([getattr(o, field) for _, _, o in rows], np.float64)
    for code in codes:
        columns[f"warning_s_{code}"] = np.array([o.warning_s.get(code, np.nan) for _, _, o in rows])
    return columns


def _figures_table(case: Case, made: Sequence[Draw]) -> Columns:
    """One row for each draw and figure: the value used, in the figure's unit."""
    known = facts(case)
    rows = [(i, name, value) for i, d in enumerate(made) for name, value in d.figures.items()]
    return {
        "draw": np.array([i for i, _, _ in rows], np.int64),
        "entry": np.array([name[0] for _, name, _ in rows], object),
        "parameter": np.array([name[1] for _, name, _ in rows], object),
        "unit": np.array([known[name].unit for _, name, _ in rows], object),
        "value": np.array([value for _, _, value in rows], np.float64),
    }
