"""Many runs of one case at the points of a grid: what they share is worked out once.

Regimes of one point are played together on the same luck. Points whose missiles and sensors are the same
share flights, looks and pictures, and those whose raid alone differs share who is covered. While one point
is being played, the next is made ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import LEAKED
from synaspis.engine.world import world
from synaspis.model.case import Case
from synaspis.model.sweep import Answered, Point, RegimePoint, Settings
from synaspis.studies.arena import Arena, Begun, arena, protected_by_trial, pure
from synaspis.studies.coverage import covered_assets, probe_arena
from synaspis.studies.protection import WARNING_STEPS_S, warned_people, weighted_warning
from synaspis.studies.spreads import spread

MOST_WORLDS, MOST_GROUNDS = 4, 4
"""How many arenas are kept: of raids, and of the probes that coverage is found with."""

T = TypeVar("T")


@dataclass
class Player:
    """Plays points of one sweep, and keeps what they share.

    `case_of` gives the case with some settings; `jobs` threads of `pool` play (None: one, when asked).
    """

    case_of: Callable[[Settings], Case]
    regimes: Sequence[str]
    jobs: int = 1
    pool: Executor | None = None
    _worlds: dict[object, Arena] = field(default_factory=dict)
    _grounds: dict[object, Arena] = field(default_factory=dict)
    _covered: dict[object, dict[str, tuple[float, float]]] = field(default_factory=dict)

    def all_of(self, points: Iterable[Point]) -> Iterator[tuple[Point, Answered]]:
        """Every point answered, in the order given; the next is begun before the one before is waited for."""
        waiting: tuple[Point, Callable[[], Answered]] | None = None
        for point in points:
            begun = self.begin(point)
            if waiting is not None:
                yield waiting[0], waiting[1]()
            waiting = point, begun
        if waiting is not None:
            yield waiting[0], waiting[1]()

    def play(self, point: Point) -> Answered:
        """One point answered."""
        return self.begin(point)()

    def begin(self, point: Point) -> Callable[[], Answered]:
        """One point made ready and its trials begun in the pool; what is returned waits for them."""
        case = self.case_of(point.settings)
        a = self._arena(case, point)
        begun = {name: a.begin(pure(a.rules(name)), point.seed, point.trials) for name in self.regimes}

        def ended() -> Answered:
            covered = self._who_is_covered(case, point)
            return {name: _answer(a, begun[name], *covered[name]) for name in self.regimes}

        return ended

    def _arena(self, case: Case, point: Point) -> Arena:
        key = (point.world, _revocations(case))
        kept = _kept(self._worlds, key, MOST_WORLDS, lambda: self._flown(case))
        self._worlds[key] = kept.under_clauses(world(case, kept.w.missiles))
        return self._worlds[key]

    def _flown(self, case: Case) -> Arena:
        return replace(arena(case, self.jobs, pool=self.pool), counted=False)

    def _who_is_covered(self, case: Case, point: Point) -> dict[str, tuple[float, float]]:
        """People covered once and twice, by regime."""
        if point.ground not in self._covered:
            where = tuple(s for s in point.world if s in point.ground)
            key = (where, _revocations(case))
            kept = _kept(self._grounds, key, MOST_GROUNDS, lambda: probe_arena(case, self.jobs))
            probing = kept.under_clauses(world(case, kept.w.missiles))
            people = np.array([x.population for x in probing.w.assets])
            found = {name: covered_assets(probing, name) for name in self.regimes}
            self._covered[point.ground] = {
                name: (float(people[once].sum()), float(people[twice].sum()))
                for name, (once, twice) in found.items()
            }
        return self._covered[point.ground]


def in_worlds(points: Iterable[Point]) -> list[Point]:
    """The points in an order in which those of one world follow each other."""
    found: dict[Settings, list[Point]] = {}
    for point in points:
        found.setdefault(point.world, []).append(point)
    return [point for group in found.values() for point in group]


def _revocations(case: Case) -> bool:
    """Whether some clause ends in mid raid: missiles of one path then fly apart."""
    return any(c.revoked_s < np.inf for a in case.file.agreements for c in a.releases)


def _kept(memory: dict[object, T], key: object, most: int, make: Callable[[], T]) -> T:
    """What `memory` holds of `key`, made where it holds nothing; the oldest goes beyond `most`."""
    if key not in memory:
        while len(memory) >= most:
            del memory[next(iter(memory))]
        memory[key] = make()
    return memory[key]


def _answer(a: Arena, begun: Begun, covered: float, twice: float) -> RegimePoint:
    out = begun.outcomes()
    people = np.array([x.population for x in a.w.assets])
    undefended, defended = protected_by_trial(a.w, out)
    leakers = spread(leaked(out))
    warned = {s: warned_people(out.warning_s, people, s) for s in WARNING_STEPS_S}
    return RegimePoint(
        missiles=len(a.w.missiles),
        landing_undefended=float(out.lands.sum(axis=1).mean()),
        leakers_mean=leakers.mean,
        leakers_p05=leakers.p05,
        leakers_p95=leakers.p95,
        p_no_leaker=float((leaked(out) == 0).mean()),
        protected_population=float(((undefended - defended).mean(axis=0) * people).sum()),
        population_at_risk=float((undefended.mean(axis=0) * people).sum()),
        covered_population=covered,
        covered_twice_population=twice,
        warned_90_s=warned[90],
        warned_300_s=warned[300],
        warned_600_s=warned[600],
        warned_needlessly=float(out.needless.mean(axis=0) @ people),
        warning_p50_s=weighted_warning(out.warning_s, people).p50,
        rounds=float(out.rounds.sum(axis=1).mean()),
        wasted=float(out.wasted.sum(axis=1).mean()),
    )


def leaked(out: Outcomes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(K,) leakers of each trial."""
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = (out.fate == LEAKED).sum(axis=1)
    return found
