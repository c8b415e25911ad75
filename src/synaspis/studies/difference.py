"""What one regime is worth against another, split over four switches and clause by clause.

The split is the Shapley value of four players (Shapley, 1953): each switch takes its clauses from the
headline regime or from the other; all sixteen mixes are played on the same luck, and the four parts
add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np

from synaspis.model.answers import SWITCHES, ClauseGain, Difference
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Begun, Mix, Progress, protected_population, pure, silent
from synaspis.studies.games import shapley

_NONE: Mapping[frozenset[str], float] = {}
GROUP_OF = ("information", "mandate", "authority", "information")


def shares(worth: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Each switch's Shapley value, from the worth of every mix by the switches that it takes."""
    groups = (
        frozenset(s for i, s in enumerate(SWITCHES) if mix >> i & 1) for mix in range(1 << len(SWITCHES))
    )
    above = np.array([worth[group] - worth[frozenset()] for group in groups])
    return dict(zip(SWITCHES, shapley(above).tolist(), strict=True))


def begin_mixes(
    a: Arena, high: Rules, low: Rules, seed: int, trials: int, known: Mapping[frozenset[str], float] = _NONE
) -> dict[frozenset[str], Begun]:
    """The sixteen mixes, by the switches that are taken from `high`; but for those whose worth is `known`."""
    groups = (frozenset(g) for size in range(len(SWITCHES) + 1) for g in combinations(SWITCHES, size))
    return {
        group: a.begin(Mix(*(high if switch in group else low for switch in SWITCHES)), seed, trials)
        for group in groups
        if group not in known
    }


def mixed(
    a: Arena, begun: Mapping[frozenset[str], Begun], progress: Progress = silent
) -> dict[frozenset[str], float]:
    """People protected under each mix."""
    worth: dict[frozenset[str], float] = {}
    for group, mix in begun.items():
        worth[group] = protected_population(a.w, mix.outcomes())
        progress("splitting the difference", len(worth) / len(begun))
    return worth


def begin_difference(
    a: Arena, headline: str, against: str, seed: int, trials: int
) -> Callable[[Progress], Difference]:
    """`headline` minus `against` in protected people: all is begun, and the end is what is returned."""
    high, low = a.rules(headline), a.rules(against)
    mixes = begin_mixes(a, high, low, seed, trials)
    new = [c for c in high.ids() if c not in set(low.ids())]
    without = {clause: a.begin(pure(high.without(clause)), seed, trials) for clause in new}

    def ended(progress: Progress) -> Difference:
        worth = mixed(a, mixes, progress)
        full = worth[frozenset(SWITCHES)]
        return Difference(
            headline=headline,
            against=against,
            whole=full - worth[frozenset()],
            **shares(worth),
            hypothetical=_hypothetical(a, mixes[frozenset(SWITCHES)], mixes[frozenset()]),
            clauses=_clauses(a, high, without, full, progress),
        )

    return ended


def _hypothetical(a: Arena, high: Begun, low: Begun) -> float:
    """The difference less what it is where missiles of hypothetical classes are left out, people."""
    exists = [m.threat.status != "hypothetical" for m in a.w.missiles]
    if all(exists):
        return 0.0
    gains = [
        protected_population(a.w, high.outcomes(), of=of) - protected_population(a.w, low.outcomes(), of=of)
        for of in (None, exists)
    ]
    return gains[0] - gains[1]


def _clauses(
    a: Arena, high: Rules, without: Mapping[str, Begun], full: float, progress: Progress
) -> tuple[ClauseGain, ...]:
    """People who lose protection when one clause alone is left out of the headline regime."""
    gains = []
    for clause_id, begun in without.items():
        gains.append(_gain(high, clause_id, full - protected_population(a.w, begun.outcomes())))
        progress("leaving out one clause at a time", len(gains) / len(without))
    return tuple(sorted(gains, key=lambda g: (-g.gain, g.id)))


def _gain(high: Rules, clause_id: str, gain: float) -> ClauseGain:
    groups = (high.releases, high.mandates, high.authorities, high.consents)
    for name, clauses in zip(GROUP_OF, groups, strict=True):
        for c in clauses:
            if c.id == clause_id:
                told = getattr(c, "products", ()) == ("engagement_status",)
                return ClauseGain(
                    id=clause_id,
                    agreement=high.agreement_of[clause_id],
                    group="coordination" if told else name,
                    gain=gain,
                    assumed=c.assumed,
                    note=c.note,
                )
    raise KeyError(clause_id)
