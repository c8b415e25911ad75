"""Coalitions played: the raid against the sites of some nations alone, each distinct table once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes, begin, in_order, joined
from synaspis.engine.digest import digest
from synaspis.engine.layout import LEAKED
from synaspis.engine.orders import Orders, authorities, mandates, told
from synaspis.engine.tables import EngineTables, tables
from synaspis.engine.world import World
from synaspis.sharing.coalition import effective, rules_of, works_in
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Progress, protected_by_trial, silent
from synaspis.studies.paired import Measures, measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lots = list[tuple[EngineTables, Ints]]
HELD = 512
"""Most sets of sources of which it is kept what nations make of them: they rarely come again."""
AHEAD = 6
"""Coalitions that are made ready while others are being played."""


@dataclass(frozen=True)
class Row:
    """What one coalition does: people protected and seconds of warning (N,) by nation, means over trials.

    by_trial (K,): its worth under the measure asked for, trial by trial.
    """

    protected: Floats
    warning_s: Floats
    by_trial: Floats


@dataclass(frozen=True)
class Scale:
    """How outcomes are valued, and what luck alone decides of them.

    own (A, N) people of each asset by its nation; weights (A,) of its people; aimed (T, A) 1 where a missile
    is aimed. undefended (K, A) 1 where something would land. counted (N,): nations of which the worst counts
    (None: people are summed).
    """

    own: Floats
    weights: Floats
    aimed: Floats
    undefended: Floats
    counted: NDArray[np.bool_] | None = None

    def row(self, out: Outcomes) -> Row:
        """What outcomes come to. They are of the trials of `undefended`."""
        defended = ((out.fate == LEAKED) @ self.aimed > 0.0).astype(float)
        struck = self._struck
        with np.errstate(invalid="ignore"):
            seconds = np.where(self.undefended > 0.0, out.warning_s, 0.0) @ self.own / struck
        known = struck > 0.0
        warning_s = np.where(known, seconds, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        safe = (self.undefended - defended) @ self.own
        return Row(safe.mean(axis=0), warning_s, self._worth(defended, safe))

    @cached_property
    def _struck(self) -> Floats:
        """(K, N) people struck undefended."""
        return self.undefended @ self.own

    @property
    def at_risk(self) -> Floats:
        """(N,) the same, mean over trials: no coalition changes it."""
        return np.asarray(self._struck.mean(axis=0))

    def _worth(self, defended: Floats, safe: Floats) -> Floats:
        """(K,) the worth of K trials, whose mean is that of the coalition.

        The least share is no mean over trials: it is that of the nation whose share over all trials is least.
        A trial's value is this share and what the trial adds to it to first order, so that their spread tells
        how sure the share is.
        """
        if self.counted is None:
            return np.asarray((self.undefended - defended) @ self.weights)
        if not self.counted.any():
            return np.zeros(len(defended))
        rows = np.flatnonzero(self.counted)
        share = safe.mean(axis=0)[rows] / self.at_risk[rows]
        least, n = share.min(), rows[share.argmin()]
        return np.asarray(least + (safe[:, n] - least * self._struck[:, n]) / self.at_risk[n])


def scale_of(w: World, out: Outcomes, weights: Mapping[str, float]) -> Scale:
    """People count once, times the weight of their asset by name where one is given."""
    people = np.array([a.population for a in w.assets])
    own = np.array([[a.nation == n for n in w.nations] for a in w.assets], float) * people[:, None]
    aimed = np.array([[m.target == a for a in range(len(w.assets))] for m in w.missiles], float)
    by_asset = people * np.array([weights.get(a.name, 1.0) for a in w.assets])
    return Scale(own, by_asset, aimed, protected_by_trial(w, out)[0])


@dataclass
class Stage:
    """Plays coalitions of one regime, all on the same luck, and remembers each by what enters into it."""

    a: Arena
    given: Rules
    seed: int
    trials: int
    weights: Mapping[str, float] = field(default_factory=dict)
    """Of people, by asset; 1 where left out."""
    pool: Executor | None = None
    rows: list[Row] = field(default_factory=list)
    """What was played: one for each distinct table, from whatever coalitions."""
    counted: NDArray[np.bool_] | None = None
    """(N,) nations of which the worst counts; None where people are summed."""
    _of: dict[frozenset[str], int] = field(default_factory=dict)
    _duties: dict[object, Any] = field(default_factory=dict)
    _alike: dict[tuple[bytes, ...], int] = field(default_factory=dict)

    @cached_property
    def scale(self) -> Scale:
        """How outcomes are valued. Luck is the same for all: the empty coalition tells."""
        made = scale_of(self.a.w, self.outcomes(self.lots(())), self.weights)
        return replace(made, counted=self.counted)

    def play(
        self, coalitions: Sequence[Collection[str]], progress: Progress = silent, stage: str = ""
    ) -> list[int]:
        """For each coalition (nations), its place among `rows`."""
        case, _ = self.a.w.case, self.scale  # made before workers ask for it
        keys = [effective(case, self.given, members) for members in coalitions]
        waiting: deque[tuple[int, Callable[[], Row]]] = deque()
        for i, key in enumerate(keys):
            if key not in self._of:
                given = self.rules(key)
                self._of[key] = self._begun(self.lots_under(given, key), waiting)
                given.lend(self.given, key)
            while len(waiting) > AHEAD:
                self._ended(waiting)
            progress(stage, i / len(keys))
        while waiting:
            self._ended(waiting)
        return [self._of[key] for key in keys]

    def _begun(self, lots: Lots, waiting: deque[tuple[int, Callable[[], Row]]]) -> int:
        told = tuple(part for made, numbers in lots for part in (_differs(made), numbers.tobytes()))
        if told not in self._alike:
            self._alike[told] = len(self.rows) + len(waiting)
            task = self.pool.submit(self.row, lots).result if self.pool else lambda: self.row(lots)
            waiting.append((self._alike[told], task))
        return self._alike[told]

    def _ended(self, waiting: deque[tuple[int, Callable[[], Row]]]) -> None:
        place, task = waiting.popleft()
        assert place == len(self.rows)
        self.rows.append(task())

    def lots(self, members: Collection[str]) -> Lots:
        """The tables of a coalition, each with the trials that it holds for."""
        return self.lots_under(self.rules(members), members)

    def rules(self, members: Collection[str]) -> Rules:
        """The rules of a coalition, with what was worked out of the same clauses before."""
        made = rules_of(self.a.w.case, self.given, members)
        self.given.lend(made, members)
        return made

    def lots_under(self, given: Rules, members: Collection[str]) -> Lots:
        """`lots` under other rules with the sites that work among `members`."""
        works = frozenset(works_in(self.a.w.case, self.given, members))
        out = frozenset(i for i, s in enumerate(self.a.w.stations) if s.site not in works)
        by_down: dict[frozenset[int], list[Ints]] = {}
        pooled: dict[frozenset[int], tuple[Floats, Floats]] = {}
        for down, numbers in self.a.patterns(self.seed, self.trials):
            by_down.setdefault(down | out, []).append(numbers)
            pooled.setdefault(down | out, self.a.pooled(down))
        mandate, reserve, rank = mandates(self.a.w, given, self._duties)
        ways, fire, consents, leave = authorities(self.a.w, given)
        orders = Orders(mandate, reserve, rank, ways, fire, consents, leave, told(self.a.w, given))
        return [
            (self._compiled(given, down, pooled[down], orders), np.sort(np.concatenate(numbers)))
            for down, numbers in by_down.items()
        ]

    def _compiled(
        self, given: Rules, down: frozenset[int], pooled: tuple[Floats, Floats], orders: Orders
    ) -> EngineTables:
        """Tables that nobody keeps: there are thousands."""
        pictures = self.a.maker.make(given, down)
        if len(self.a.maker.held) > HELD:
            self.a.maker.held.clear()
        # What no sensor would see, if all were shared, tells outcomes nothing: it may be the whole case's.
        return tables(self.a.w, self.a.g, pictures, pooled, orders, counted=False)

    def row(self, lots: Lots) -> Row:
        """The lots played."""
        return self.scale.row(self.outcomes(lots))

    def measured(self, lots: Lots) -> Measures:
        """The lots played, trial by trial."""
        return measures(self.a.w, self.outcomes(lots))

    def outcomes(self, lots: Lots) -> Outcomes:
        """What happened, trial by trial."""
        parts = [begin(made, self.seed, numbers).outcomes for made, numbers in lots]
        order = np.argsort(np.concatenate([numbers for _, numbers in lots]), kind="stable")
        return in_order(joined(parts), order)


def _differs(made: EngineTables) -> bytes:
    """What stands for all in which coalitions of a regime may differ."""
    return digest(
        (*made.ids, made.st, made.nt, made.bt, made.battery, made.route, made.decider, made.allows,
         made.consent, made.asks, made.holds, made.serves, made.share, made.reach, made.seen, made.wants,
         made.chances)
    )  # fmt: skip
