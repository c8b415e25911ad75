"""One case made ready to be played under any mix of rules, with everything worked out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from synaspis.engine.batch import Outcomes, Playing, begin, in_order, joined, play, stands_ready
from synaspis.engine.geometry import Floats, Geometry, Ints, geometry
from synaspis.engine.layout import LEAKED
from synaspis.engine.orders import Orders, authorities, mandates, told
from synaspis.engine.pictures import PictureMaker, Pictures
from synaspis.engine.tables import EngineTables, tables
from synaspis.engine.under import states_under
from synaspis.engine.world import Missile, World, world
from synaspis.errors import UnreachableError
from synaspis.kernels.dice import name_hashes
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules, rules

Progress = Callable[[str, float], None]
MOST_KEPT = 32
"""Compiled tables and lots of outcomes that arenas of one world hand on to each other."""


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


@dataclass(frozen=True)
class Begun:
    """A mix that is being played: for each set of stations out of order, the trials in which it is."""

    numbers: tuple[Ints, ...]
    playing: tuple[Playing, ...]

    def outcomes(self) -> Outcomes:
        """What happened, trial by trial, once all have been played."""
        parts = [p.outcomes for p in self.playing]
        if len(parts) == 1:
            return parts[0]
        return in_order(joined(parts), np.argsort(np.concatenate(self.numbers), kind="stable"))


@dataclass
class Arena:
    """A world, its geometry, and memories of pictures and outcomes.

    With a `pool`, mixes are played there while others are made ready. `of_clauses` holds what rests on
    clauses alone, and may be shared by worlds that differ in figures only. `counted`: the number of
    events is wanted.
    """

    w: World
    g: Geometry
    maker: PictureMaker
    jobs: int
    pool: Executor | None = None
    of_clauses: dict[object, Any] = field(default_factory=dict)
    counted: bool = True
    _made: dict[Any, Any] = field(default_factory=dict)
    _compiled: dict[object, EngineTables] = field(default_factory=dict)
    _played: dict[object, list[tuple[EngineTables, Playing]]] = field(default_factory=dict)

    def moved_to(self, w: World) -> Arena:
        """The same, for one worker, in a world whose figures change tables but neither flight nor picture."""
        return replace(self, w=w, jobs=1, counted=False, _compiled={}, _played={})

    def under_clauses(self, w: World) -> Arena:
        """The same in `w`, which may differ in agreements and regimes alone: all else is kept.

        What was compiled and played goes along too, for rules that did not change, until it is much.
        """
        made = {key: found for key, found in self._made.items() if key[0] not in ("rules", "under")}
        if max(len(self._compiled), len(self._played)) > MOST_KEPT:
            return replace(self, w=w, _made=made, _compiled={}, _played={})
        return replace(self, w=w, _made=made)

    def rules(self, regime: str) -> Rules:
        made: Rules = self._once(("rules", regime), lambda: rules(self.w.case, self.w.case.regime(regime)))
        return made

    def under(self) -> dict[tuple[int, int, str], tuple[str, ...]]:
        """Third states under what each battery may meet: see `states_under`."""
        made: dict[tuple[int, int, str], tuple[str, ...]] = self._once(
            ("under",), lambda: states_under(self.w, self.g)
        )
        return made

    def _once(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """What `make` returns, worked out once for equal clauses."""
        return _found(self._made, key, make)

    def pictures(self, given: Rules, down: frozenset[int] = frozenset()) -> Pictures:
        """Pictures under `given` with the stations in `down` out of order.

        They rest on its releases and consents alone.
        """
        key = ("pictures", given.releases, given.consents, down)
        made: Pictures = self._once(key, lambda: self.maker.make(given, down))
        return made

    def pooled(self, down: frozenset[int] = frozenset()) -> tuple[Floats, Floats]:
        """What all stations but those in `down` would tell if all were shared: see `PictureMaker.pooled`."""
        made: tuple[Floats, Floats] = self._once(("pooled", down), lambda: self.maker.pooled(down))
        return made

    def down(self, seed: int, numbers: Ints) -> list[frozenset[int]]:
        """For each trial of `numbers`, the stations that are out of order in it."""
        rows = [i for i, s in enumerate(self.w.stations) if s.availability < 1.0]
        ready = np.ones((len(numbers), len(rows)), np.bool_)
        if rows:
            names = name_hashes(tuple(self.w.stations[i].name for i in rows))
            chance = np.array([self.w.stations[i].availability for i in rows])
            stands_ready(seed, numbers, names, chance, ready)
        return [frozenset(i for i, up in zip(rows, line, strict=True) if not up) for line in ready]

    def orders(self, mix: Mix) -> Orders:
        """Mandates, authorities and coordination of a mix, each worked out once."""
        m, a, c = mix.mandate, mix.authority, mix.coordination
        known = self.of_clauses
        mandate, reserve, rank = _found(known, ("mandate", m.mandates), lambda: mandates(self.w, m))
        key = ("authority", a.authorities, a.consents)
        ways, fire, consents, leave = _found(known, key, lambda: authorities(self.w, a))
        share = _found(known, ("told", c.releases), lambda: told(self.w, c))
        return Orders(mandate, reserve, rank, ways, fire, consents, leave, share)

    def tables(
        self, mix: Mix, down: frozenset[int] = frozenset(), countermeasures: bool = False
    ) -> EngineTables:
        """A mix compiled, with some stations out of order, or with simple countermeasures in the raid.

        Mixes of equal pictures and orders share one compiled whole.
        """
        pictures, orders = self.pictures(mix.information, down), self.orders(mix)
        pooled = self.pooled(down)
        asked = (mix.mandate.mandates, mix.authority.authorities, mix.authority.consents)
        key = (pictures.digest, orders.share.tobytes(), *asked, down, countermeasures)
        return _found(
            self._compiled,
            key,
            lambda: tables(self.w, self.g, pictures, pooled, orders, countermeasures, self.counted),
        )

    def tables_of(self, mix: Mix, seed: int, trial: int) -> EngineTables:
        """A mix compiled as it stands in one trial."""
        return self.tables(mix, self.down(seed, np.array([trial], np.int64))[0])

    def play(self, mix: Mix, seed: int, trials: int, countermeasures: bool = False) -> Outcomes:
        """Outcomes of a mix; mixes that compile to identical tables are played once."""
        return self.begin(mix, seed, trials, countermeasures).outcomes()

    def begin(self, mix: Mix, seed: int, trials: int, countermeasures: bool = False) -> Begun:
        """`play`, begun in the pool; without one it is played when asked for."""
        lots = self.lots(mix, seed, trials, countermeasures)
        playing = (self._played_once(made, seed, numbers) for made, numbers in lots)
        return Begun(tuple(numbers for _, numbers in lots), tuple(playing))

    def fingerprint(self, mix: Mix, seed: int, trials: int) -> tuple[bytes, ...]:
        """What mixes have in common that compile to identical tables: nothing need be played to tell."""
        return tuple(made.digest for made, _ in self.lots(mix, seed, trials, False))

    def lots(
        self, mix: Mix, seed: int, trials: int, countermeasures: bool
    ) -> list[tuple[EngineTables, Ints]]:
        """The mix compiled for each set of stations that is out of order, with the trials that have it so."""
        patterns = self.patterns(seed, trials)
        return [(self.tables(mix, pattern, countermeasures), numbers) for pattern, numbers in patterns]

    def patterns(self, seed: int, trials: int) -> list[tuple[frozenset[int], Ints]]:
        """Each set of stations that is out of order in some trial, and the numbers of those trials."""
        made: list[tuple[frozenset[int], Ints]] = self._once(
            ("patterns", seed, trials), lambda: self._patterns(seed, trials)
        )
        return made

    def _patterns(self, seed: int, trials: int) -> list[tuple[frozenset[int], Ints]]:
        numbers = np.arange(trials, dtype=np.int64)
        down = self.down(seed, numbers)
        found = sorted(set(down), key=lambda rows: (len(rows), sorted(rows)))
        return [(pattern, numbers[[d == pattern for d in down]]) for pattern in found]

    def _played_once(self, compiled: EngineTables, seed: int, numbers: Ints) -> Playing:
        # Whatever differs most often is hashed, the rest compared.
        told = (hash(compiled.bt.tobytes()), hash(compiled.nt.tobytes()))
        alike = self._played.setdefault((seed, numbers.tobytes(), *told), [])
        for made, playing in alike:
            if made.same_as(compiled):
                return playing
        if self.pool is None and self.jobs > 1:
            outcomes = play(compiled, seed, len(numbers), self.jobs, numbers=numbers)
            playing = Playing((lambda: outcomes,))
        else:
            playing = begin(compiled, seed, numbers, self.pool)
        alike.append((compiled, playing))
        return playing


def _found(memory: dict[Any, Any], key: object, make: Callable[[], Any]) -> Any:
    """What `memory` holds under `key`; what `make` returns where it holds nothing yet."""
    if key not in memory:
        memory[key] = make()
    return memory[key]


def arena(
    case: Case,
    jobs: int,
    missiles: tuple[Missile, ...] | None = None,
    warns: bool = True,
    pool: Executor | None = None,
    together: bool = False,
) -> Arena:
    """Fly the raid (or the given missiles) and make the case ready; `warns`: people are to be warned.

    Given missiles are looked at each for itself, unless they fly `together` and share the radars' time.

    UnreachableError where a missile of the raid cannot get where it is aimed; a given one may not.
    """
    w = world(case, missiles)
    g = geometry(w, jobs, together or missiles is None)
    if missiles is None:
        _all_arrive(w, g)
    maker = PictureMaker(w, g, warns)
    return Arena(w, g, maker, jobs, pool)


def _all_arrive(w: World, g: Geometry) -> None:
    short = [u for u in range(len(g.impact_s)) if g.impact_s[u] <= 0.0]
    if short:
        told = [
            f"{w.missiles[g.first_missile[u]].name} ({w.missiles[g.first_missile[u]].shape}) "
            f"gets {g.reach_m[u] / 1000:,.0f} km far"
            for u in short
        ]
        raise UnreachableError("out of reach: " + "; ".join(told), float(g.reach_m[short[0]]))


def protected_by_trial(
    w: World, outcomes: Outcomes, of: Sequence[bool] | None = None
) -> tuple[Floats, Floats]:
    """(K, A) of 0 or 1: struck undefended, and struck defended; by the missiles `of` that, where given."""
    trials = len(outcomes.fate)
    undefended, defended = np.zeros((trials, len(w.assets))), np.zeros((trials, len(w.assets)))
    for t, missile in enumerate(w.missiles):
        if missile.target >= 0 and (of is None or of[t]):
            a = missile.target
            np.maximum(undefended[:, a], outcomes.lands[:, t], out=undefended[:, a])
            np.maximum(defended[:, a], outcomes.fate[:, t] == LEAKED, out=defended[:, a])
    return undefended, defended


def protected_population(
    w: World, outcomes: Outcomes, trials: int | None = None, of: Sequence[bool] | None = None
) -> float:
    """People in attacked assets times the chance of no impact gained by the defence, summed.

    Of the first `trials` trials only, and as if the missiles `of` had been all, where given.
    """
    undefended, defended = (struck[:trials] for struck in protected_by_trial(w, outcomes, of))
    people = np.array([a.population for a in w.assets])
    return float(((undefended - defended).mean(axis=0) * people).sum())
