"""Coalitions played: the raid against the sites of some nations alone, each distinct table once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes, begin, in_order, joined
from synaspis.engine.tables import EngineTables
from synaspis.engine.world import World
from synaspis.sharing.coalition import effective, rules_of, works_in
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Progress, protected_by_trial, pure, silent
from synaspis.studies.paired import Measures, mean, measures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lots = list[tuple[EngineTables, Ints]]
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
    """How a trial is valued: people by asset and nation, and what counts for the worst nation.

    own (A, N) people of each asset by its nation; weights (A,) of people; counted (N,) nations of which the
    worst counts (None: people are summed).
    """

    own: Floats
    weights: Floats
    counted: NDArray[np.bool_] | None = None

    def worth(self, undefended: Floats, defended: Floats) -> Floats:
        """(K,) the worth of K trials, from what is struck (K, A) with no defence and with it.

        Its mean is the worth of the coalition. The least share is no mean over trials: it is that of the
        nation whose share over all trials is least, and each trial's value is this share and what the trial
        adds to it to first order, so that their spread is that of the share.
        """
        if self.counted is None:
            return (undefended - defended) @ self.weights
        if not self.counted.any():
            return np.zeros(len(undefended))
        safe, risk = (undefended - defended) @ self.own, undefended @ self.own
        rows = np.flatnonzero(self.counted)
        share = safe.mean(axis=0)[rows] / risk.mean(axis=0)[rows]
        least = int(share.argmin())
        n = rows[least]
        return share[least] + (safe[:, n] - share[least] * risk[:, n]) / risk[:, n].mean()


def people_of(w: World) -> Floats:
    """(A, N) people of each asset by its nation."""
    own = np.array([[a.nation == n for n in w.nations] for a in w.assets], float)
    return own.reshape(len(w.assets), len(w.nations)) * np.array([a.population for a in w.assets])[:, None]


@dataclass
class Stage:
    """Plays coalitions of one regime, all on the same luck, and remembers each by what enters into it."""

    a: Arena
    given: Rules
    seed: int
    trials: int
    scale: Scale
    pool: Executor | None = None
    rows: list[Row] = field(default_factory=list)
    """What was played: one for each distinct table, from whatever coalitions."""
    _of: dict[frozenset[str], int] = field(default_factory=dict)
    _alike: dict[tuple[bytes, ...], int] = field(default_factory=dict)

    def play(
        self, coalitions: Sequence[Collection[str]], progress: Progress = silent, stage: str = ""
    ) -> list[int]:
        """For each coalition (nations), its place among `rows`."""
        case = self.a.w.case
        keys = [effective(case, self.given, members) for members in coalitions]
        waiting: deque[tuple[int, Callable[[], Row]]] = deque()
        for i, key in enumerate(keys):
            if key not in self._of:
                self._of[key] = self._begun(self.lots(key), waiting)
            while len(waiting) > AHEAD:
                self._ended(waiting)
            progress(stage, i / len(keys))
        while waiting:
            self._ended(waiting)
        return [self._of[key] for key in keys]

    def _begun(self, lots: Lots, waiting: deque[tuple[int, Callable[[], Row]]]) -> int:
        told = tuple(part for made, numbers in lots for part in (made.digest, numbers.tobytes()))
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
        """The rules of a coalition."""
        return rules_of(self.a.w.case, self.given, members)

    def lots_under(self, given: Rules, members: Collection[str]) -> Lots:
        """`lots` under other rules with the sites that work among `members`."""
        works = frozenset(works_in(self.a.w.case, self.given, members))
        out = frozenset(i for i, s in enumerate(self.a.w.stations) if s.site not in works)
        by_down: dict[frozenset[int], list[Ints]] = {}
        for down, numbers in self.a.patterns(self.seed, self.trials):
            by_down.setdefault(down | out, []).append(numbers)
        return [
            (self.a.tables(pure(given), down), np.sort(np.concatenate(numbers)))
            for down, numbers in by_down.items()
        ]

    def row(self, lots: Lots) -> Row:
        """The lots played."""
        return self.row_of(self.outcomes(lots))

    def measured(self, lots: Lots) -> Measures:
        """The lots played, trial by trial."""
        return measures(self.a.w, self.outcomes(lots))

    def row_of(self, out: Outcomes) -> Row:
        """What the outcomes come to."""
        told = measures(self.a.w, out)
        return Row(
            told.protected.mean(axis=0),
            np.array([mean(seconds) for seconds in told.warning_s.T]),
            self.scale.worth(*protected_by_trial(self.a.w, out)),
        )

    def at_risk(self, out: Outcomes) -> Floats:
        """(N,) people struck undefended, mean over trials: no coalition changes it."""
        struck: Floats = protected_by_trial(self.a.w, out)[0].mean(axis=0) @ self.scale.own
        return struck

    def outcomes(self, lots: Lots) -> Outcomes:
        """What happened, trial by trial."""
        parts = [begin(made, self.seed, numbers).outcomes for made, numbers in lots]
        order = np.argsort(np.concatenate([numbers for _, numbers in lots]), kind="stable")
        return in_order(joined(parts), order)


def weighted(w: World, weights: Mapping[str, float]) -> Floats:
    """(A,) people of each asset times its weight by name; 1 where none is given."""
    return np.array([a.population * weights.get(a.name, 1.0) for a in w.assets])
