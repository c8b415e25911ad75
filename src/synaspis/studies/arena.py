"""One case made ready to be played under any mix of rules, with everything worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from synaspis.engine.advance import LEAKED
from synaspis.engine.batch import Outcomes, play
from synaspis.engine.geometry import Floats, Geometry, geometry
from synaspis.engine.pictures import PictureMaker, Pictures
from synaspis.engine.tables import EngineTables, Orders, orders, tables
from synaspis.engine.world import Missile, World, world
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules, rules

Progress = Callable[[str, float], None]


def silent(stage: str, fraction: float) -> None:
    """Progress to nobody."""


@dataclass(frozen=True)
class Mix:
    """Rules by switch: a regime is a mix of four equal rules; a hybrid takes some from another."""

    information: Rules
    mandate: Rules
    authority: Rules
    coordination: Rules


def pure(given: Rules) -> Mix:
    """All four switches from the same rules."""
    return Mix(given, given, given, given)


@dataclass
class Arena:
    """A world, its geometry, and memories of pictures and outcomes."""

    w: World
    g: Geometry
    maker: PictureMaker
    pooled: tuple[Floats, Floats]
    jobs: int
    _pictures: list[tuple[Rules, Pictures]] = field(default_factory=list)
    _played: list[tuple[EngineTables, int, int, Outcomes]] = field(default_factory=list)

    def rules(self, regime: str) -> Rules:
        return rules(self.w.case, self.w.case.regime(regime))

    def pictures(self, given: Rules) -> Pictures:
        """Pictures under `given`; equal release and consent clauses are worked out once."""
        for known, made in self._pictures:
            if known.releases == given.releases and known.consents == given.consents:
                return made
        made = self.maker.make(given)
        self._pictures.append((given, made))
        return made

    def orders(self, mix: Mix) -> Orders:
        return orders(self.w, mix.mandate, mix.authority, mix.coordination)

    def tables(self, mix: Mix) -> EngineTables:
        return tables(self.w, self.g, self.pictures(mix.information), self.pooled, self.orders(mix))

    def play(self, mix: Mix, seed: int, trials: int) -> Outcomes:
        """Outcomes of a mix; mixes that compile to identical tables are played once."""
        compiled = self.tables(mix)
        for made, s, n, outcomes in self._played:
            if s == seed and n == trials and made.same_as(compiled):
                return outcomes
        outcomes = play(compiled, seed, trials, self.jobs)
        self._played.append((compiled, seed, trials, outcomes))
        return outcomes


def arena(case: Case, jobs: int, missiles: tuple[Missile, ...] | None = None) -> Arena:
    """Fly the raid (or the given missiles) and make the case ready."""
    w = world(case, missiles)
    g = geometry(w, jobs)
    maker = PictureMaker(w, g)
    return Arena(w, g, maker, maker.pooled(), jobs)


def protected_by_trial(w: World, outcomes: Outcomes) -> tuple[Floats, Floats]:
    """(K, A) of 0 or 1: struck undefended, and struck defended."""
    trials = len(outcomes.fate)
    undefended, defended = np.zeros((trials, len(w.assets))), np.zeros((trials, len(w.assets)))
    for t, missile in enumerate(w.missiles):
        if missile.target >= 0:
            a = missile.target
            np.maximum(undefended[:, a], outcomes.lands[:, t], out=undefended[:, a])
            np.maximum(defended[:, a], outcomes.fate[:, t] == LEAKED, out=defended[:, a])
    return undefended, defended


def protected_population(w: World, outcomes: Outcomes) -> float:
    """People in attacked assets times the chance of no impact gained by the defence, summed."""
    undefended, defended = protected_by_trial(w, outcomes)
    people = np.array([a.population for a in w.assets])
    return float(((undefended - defended).mean(axis=0) * people).sum())
