"""What one regime is worth against another, split over four switches and clause by clause.

The split is the Shapley value of four players (Shapley, 1953): each switch takes its clauses from the
headline regime or from the other; all sixteen mixes are played on the same luck, and the four parts
add up to the whole.
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

from synaspis.model.answers import SWITCHES, ClauseGain, Difference
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Mix, Progress, protected_population, pure, silent

GROUP_OF = ("information", "mandate", "authority", "information")


def shapley(worth: dict[frozenset[str], float], players: tuple[str, ...]) -> dict[str, float]:
    """Shapley value of each player from the worth of every coalition (2^n entries)."""
    n = len(players)
    value = dict.fromkeys(players, 0.0)
    for player in players:
        others = [p for p in players if p != player]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for group in combinations(others, size):
                value[player] += weight * (worth[frozenset((*group, player))] - worth[frozenset(group)])
    return value


def mixed(
    a: Arena, high: Rules, low: Rules, seed: int, trials: int, progress: Progress = silent
) -> dict[frozenset[str], float]:
    """People protected under each of the sixteen mixes, by the switches that are taken from `high`."""
    worth: dict[frozenset[str], float] = {}
    for size in range(len(SWITCHES) + 1):
        for group in combinations(SWITCHES, size):
            mix = Mix(*(high if switch in group else low for switch in SWITCHES))
            worth[frozenset(group)] = protected_population(a.w, a.play(mix, seed, trials))
            progress("splitting the difference", len(worth) / 16)
    return worth


def difference(
    a: Arena, headline: str, against: str, seed: int, trials: int, progress: Progress = silent
) -> Difference:
    """`headline` minus `against` in protected people."""
    high, low = a.rules(headline), a.rules(against)
    worth = mixed(a, high, low, seed, trials, progress)
    parts = shapley(worth, SWITCHES)
    whole = worth[frozenset(SWITCHES)] - worth[frozenset()]
    return Difference(
        headline=headline,
        against=against,
        whole=whole,
        **parts,
        clauses=_clauses(a, high, low, worth[frozenset(SWITCHES)], seed, trials, progress),
    )


def _clauses(
    a: Arena, high: Rules, low: Rules, full: float, seed: int, trials: int, progress: Progress
) -> tuple[ClauseGain, ...]:
    """People who lose protection when one clause alone is left out of the headline regime."""
    new = [c for c in high.ids() if c not in set(low.ids())]
    gains = []
    for i, clause_id in enumerate(new):
        rest = protected_population(a.w, a.play(pure(high.without(clause_id)), seed, trials))
        gains.append(_gain(high, clause_id, full - rest))
        progress("leaving out one clause at a time", (i + 1) / len(new))
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
