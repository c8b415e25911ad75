"""One case made ready to be played under any mix of rules, with everything worked out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synaspis.engine.advance import LEAKED
from synaspis.engine.batch import Outcomes, play
from synaspis.engine.geometry import Floats, Geometry, geometry
from synaspis.engine.pictures import PictureMaker, Pictures
from synaspis.engine.tables import EngineTables, Orders, authorities, mandates, tables, told
from synaspis.engine.world import Missile, World, world
from synaspis.errors import UnreachableError
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
    _made: dict[object, Any] = field(default_factory=dict)
    _played: list[tuple[EngineTables, int, int, Outcomes]] = field(default_factory=list)

    def rules(self, regime: str) -> Rules:
        return rules(self.w.case, self.w.case.regime(regime))

    def _once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """What `make` returns, worked out once for equal clauses."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def pictures(self, given: Rules) -> Pictures:
        """Pictures under `given`: they rest on its releases and consents alone."""
        key = ("pictures", given.releases, given.consents)
        made: Pictures = self._once(key, lambda: self.maker.make(given))
        return made

    def orders(self, mix: Mix) -> Orders:
        """Mandates, authorities and coordination of a mix, each worked out once."""
        m, a, c = mix.mandate, mix.authority, mix.coordination
        return Orders(
            *self._once(("mandate", m.mandates), lambda: mandates(self.w, m)),
            *self._once(("authority", a.authorities, a.consents), lambda: authorities(self.w, a)),
            *self._once(("told", c.releases), lambda: told(self.w, c)),
        )

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
    """Fly the raid (or the given missiles) and make the case ready.

    UnreachableError where a missile of the raid cannot get where it is aimed; a given one may not.
    """
    w = world(case, missiles)
    g = geometry(w, jobs)
    if missiles is None:
        _all_arrive(w, g)
    maker = PictureMaker(w, g)
    return Arena(w, g, maker, maker.pooled(), jobs)


def _all_arrive(w: World, g: Geometry) -> None:
    short = [u for u in range(len(g.impact_s)) if g.impact_s[u] <= 0.0]
    if short:
        told = [
            f"{w.missiles[g.first_missile[u]].name} ({w.missiles[g.first_missile[u]].shape}) "
            f"gets {g.reach_m[u] / 1000:,.0f} km far"
            for u in short
        ]
        raise UnreachableError("out of reach: " + "; ".join(told), float(g.reach_m[short[0]]))


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
