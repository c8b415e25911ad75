"""Which clauses together reach a goal? The smallest sets, who must sign them, and who loses by it.

The pool is every clause that the case writes down and the regime lacks. Single clauses are often AND-gates:
alone they change nothing, so sets are tried whole, smallest first, on the regime's own luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from synaspis.model.agreement import Authority, Clause, Consent, Mandate, Regime, Release
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsPackage, Package
from synaspis.sharing.rules import Rules, rules
from synaspis.studies.arena import Arena, Progress, arena, protected_by_trial, pure, silent
from synaspis.studies.paired import Measures, gain, measures

Floats = NDArray[np.float64]
UNITS = {"protected-population": "people", "worst-nation": "share of people at risk", "warning": "s"}
SHOWN = 3
"""Sets whose signatories are tried one by one."""
HELPED = 0.01
"""A nation of whose people at risk all clauses together protect no larger share is left out of the worst."""
PIVOTAL = 0.9
"""A signature is pivotal without which the other nations keep a smaller share of their gain."""
SURE = 2.0
"""So many standard errors a nation must lose or gain to count as a loser or gainer."""
Set = tuple[int, ...]


@dataclass
class Search:
    """The pool, what each set of it that was tried comes to, and how a goal is measured."""

    a: Arena
    given: Rules
    pool: tuple[Clause, ...]
    goal: str
    seed: int
    trials: int
    at_risk: Floats = field(default_factory=lambda: np.zeros(0))
    counted: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    tried: dict[tuple[Clause, ...], Measures] = field(default_factory=dict)
    _alike: dict[tuple[bytes, ...], Measures] = field(default_factory=dict)

    def under(self, clauses: tuple[Clause, ...]) -> Measures:
        """What the regime with `clauses` comes to; equal tables are played once."""
        if clauses not in self.tried:
            mix = pure(self.given.plus(*clauses) if clauses else self.given)
            key = self.a.fingerprint(mix, self.seed, self.trials)
            if key not in self._alike:
                self._alike[key] = measures(self.a.w, self.a.play(mix, self.seed, self.trials))
            self.tried[clauses] = self._alike[key]
        return self.tried[clauses]

    def of(self, chosen: Iterable[int]) -> Measures:
        """What the regime comes to with the clauses of these rows of the pool."""
        return self.under(tuple(self.pool[i] for i in sorted(chosen)))

    def value(self, m: Measures, among: NDArray[np.bool_] | None = None) -> float:
        """The goal, over the nations that count (of those in `among`)."""
        rows = self.counted if among is None else self.counted & among
        protected = m.protected.mean(axis=0)[rows]
        risk = self.at_risk[rows]
        if not rows.any():
            return 0.0
        if self.goal == "protected-population":
            return float(protected.sum())
        if self.goal == "worst-nation":
            return float((protected / risk).min())
        known = ~np.isnan(m.warning_s[:, rows])
        seconds = np.where(known, m.warning_s[:, rows], 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return float((seconds * risk).sum() / risk.sum())


def package(
    case: Case, regime: str, goal: str, most: int, share: float, trials: int, seed: int, jobs: int,
    tries: int, progress: Progress = silent,
) -> AgreementsPackage:  # fmt: skip
    """The smallest sets of at most `most` clauses with which `regime` gets `share` of what all would give.

    Every set of a size is tried while `tries` sets suffice; beyond that the search is heuristic.
    """
    progress("flying the raid", 0.0)
    a = arena(case, jobs)
    given = a.rules(regime)
    s = Search(a, given, pool_of(case, given), goal, seed, trials)
    notes = _begin(s)
    base, full = s.value(s.of(())), s.value(s.of(range(len(s.pool))))
    target = base + share * (full - base)

    def reaches(chosen: Set) -> bool:
        return s.value(s.of(chosen)) >= target - 1e-9

    found: list[Set] = []
    proven = False
    if full > base:
        found, proven = _search(s, most, tries, reaches, progress)
    reached = bool(found) and all(reaches(x) for x in found)
    found.sort(key=lambda x: (-s.value(s.of(x)), x))
    progress("asking who must sign", 0.95)
    made = AgreementsPackage(
        case=case.name,
        regime=regime,
        goal=goal,
        unit=UNITS[goal],
        trials=trials,
        seed=seed,
        most=most,
        pool=tuple(c.id for c in s.pool),
        base=base,
        all_clauses=full,
        target=target,
        reached=reached,
        proven=proven,
        tried=len(s.tried),
        alone={c.id: s.value(s.of((i,))) - base for i, c in enumerate(s.pool)},
        packages=tuple(_package(s, x) for x in found[:SHOWN]),
        notes=notes,
    )
    progress("done", 1.0)
    return made


def pool_of(case: Case, given: Rules) -> tuple[Clause, ...]:
    """Every clause of the case in force on its date that `given` lacks; forbids are no part of a package."""
    every = rules(case, Regime(name="", title="", agreements=tuple(a.name for a in case.file.agreements)))
    held = set(given.ids())
    pool: tuple[Clause, ...] = (*every.releases, *every.mandates, *every.authorities, *every.consents)
    return tuple(c for c in pool if c.id not in held and getattr(c, "effect", "permit") == "permit")


def _begin(s: Search) -> tuple[str, ...]:
    """Settle which nations count, from what none and all of the clauses come to; say whom nothing helps."""
    none, every = s.of(()), s.of(range(len(s.pool)))
    s.at_risk = _at_risk(s)
    s.counted = s.at_risk > 0.0
    if s.goal != "worst-nation":
        return ()
    more = every.protected.mean(axis=0) - none.protected.mean(axis=0)
    helped = more >= HELPED * np.maximum(s.at_risk, 1.0)
    left = [n for n, at_risk, h in zip(s.a.w.nations, s.counted, helped, strict=True) if at_risk and not h]
    s.counted = s.counted & helped
    if not left:
        return ()
    return (f"all clauses together hardly help {', '.join(left)}: the worst of the others counts",)


def _at_risk(s: Search) -> Floats:
    """(N,) people at risk undefended, mean over trials."""
    undefended, _ = protected_by_trial(s.a.w, s.a.play(pure(s.given), s.seed, s.trials))
    people = np.array([x.population for x in s.a.w.assets])
    own = np.array([[x.nation == n for n in s.a.w.nations] for x in s.a.w.assets])
    risk: Floats = (undefended.mean(axis=0) * people) @ own
    return risk


def _search(
    s: Search, most: int, tries: int, reaches: Callable[[Set], bool], progress: Progress
) -> tuple[list[Set], bool]:
    """All smallest sets that reach the goal, and whether every smaller one was tried."""
    count, tried = len(s.pool), 0
    best: Set = ()
    for size in range(1, min(most, count) + 1):
        if tried + comb(count, size) > tries:
            return _heuristic(s, size, most, best, reaches)
        hits = []
        for chosen in combinations(range(count), size):
            tried += 1
            progress(f"trying every set of {size}", 0.05 + 0.9 * tried / tries)
            if reaches(chosen):
                hits.append(chosen)
            if s.value(s.of(chosen)) > s.value(s.of(best)):
                best = chosen
        if hits:
            return hits, True
    return ([best] if best else []), True


def _heuristic(
    s: Search, size: int, most: int, best: Set, reaches: Callable[[Set], bool]
) -> tuple[list[Set], bool]:
    """A set of at least `size` clauses: from the whole pool down, and from the `best` smaller one up."""
    found = []
    for order in (range(len(s.pool)), reversed(range(len(s.pool)))):
        left = tuple(range(len(s.pool)))
        for i in order:
            rest = tuple(x for x in left if x != i)
            left = rest if reaches(rest) else left
        found.append(left)
    up = best
    while len(up) < most and not reaches(up):
        more = [tuple(sorted((*up, i))) for i in range(len(s.pool)) if i not in up]
        up = max(more, key=lambda x: (s.value(s.of(x)), [-i for i in x]))
    found.append(up)
    fit = [x for x in dict.fromkeys(found) if len(x) <= most and reaches(x)]
    if not fit:
        return [up], False
    least = min(map(len, fit))
    return [x for x in fit if len(x) == least], least == size


def _package(s: Search, chosen: Set) -> Package:
    none, m = s.of(()), s.of(chosen)
    clauses = tuple(s.pool[i] for i in chosen)
    losers: dict[str, float] = {}
    gainers: dict[str, float] = {}
    for row, nation in enumerate(s.a.w.nations):
        g = gain(m.protected[:, row] - none.protected[:, row])
        if abs(g.value) > SURE * g.error and abs(g.value) >= 0.5:
            (gainers if g.value > 0 else losers)[nation] = g.value
    return Package(
        clauses=tuple(c.id for c in clauses),
        value=s.value(m),
        gain=gain(m.whole() - none.whole()),
        pivotal=_pivotal(s, clauses, m),
        losers=losers,
        gainers=gainers,
    )


def _pivotal(s: Search, clauses: tuple[Clause, ...], m: Measures) -> dict[str, float]:
    """Nations without whose signature the others keep too little of their gain, with the share kept."""
    found = {}
    none = s.of(())
    for row, nation in enumerate(s.a.w.nations):
        left = tuple(c for c in (unsigned(c, nation) for c in clauses) if c is not None)
        if left == clauses:
            continue
        others = np.arange(len(s.a.w.nations)) != row
        before, whole = s.value(none, others), s.value(m, others)
        kept = s.value(s.under(left), others) - before
        if whole > before and kept < PIVOTAL * (whole - before):
            found[nation] = kept / (whole - before)
    return dict(sorted(found.items(), key=lambda item: item[1]))


def unsigned(c: Clause, nation: str) -> Clause | None:
    """The clause with `nation` no party to it; None where nothing of it is left."""

    def rest(parties: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(n for n in parties if n != nation)

    if isinstance(c, Release):
        left: Clause = replace(c, owners=rest(c.owners), recipients=rest(c.recipients), onward=rest(c.onward))
        return left if rest(c.owners) and rest(c.recipients) else None
    if isinstance(c, Mandate):
        kept = replace(c, owners=rest(c.owners), defends=rest(c.defends))
        return kept if kept.owners and kept.defends else None
    if isinstance(c, Authority):
        asked = replace(c, owners=rest(c.owners), deciders=rest(c.deciders), veto=rest(c.veto))
        return asked if asked.owners and bool(asked.deciders) == bool(c.deciders) else None
    assert isinstance(c, Consent)
    over = replace(c, owners=rest(c.owners))
    return over if c.by != nation and (over.sites or over.owners) else None
