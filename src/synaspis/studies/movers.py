"""Which public figures move the answer most: a screen, then one figure at a time.

Hundreds of figures stand behind an answer, and fifty draws cannot tell them apart by correlation alone:
measured on `europe`, it missed three of the five that matter most. Hence three steps, all on the same
luck. Figures that change neither flights nor pictures are quick to try, so all of them are tried at both
ends of their bands. Of the others those are tried to which the draws point, place by place: few figures
bear on one place, so they stand out there. What moves the answer most is tried again with all trials.
Source: Saltelli et al., Global Sensitivity Analysis (2008), chapters 1 and 2.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Mover
from synaspis.model.case import Case
from synaspis.model.draw import Name, facts

POINTED_AT = 24
"""How many of the slow figures are tried."""
SCREEN_TRIALS = 200
FINALISTS = 10
SHOWN = 5

Floats = NDArray[np.float64]
Try = Callable[[Sequence[Mapping[Name, float]], int], list[float]]
"""Answers for sets of figures, each set over the catalogue's values, with so many trials."""


def found_movers(
    case: Case,
    drawn: Sequence[Mapping[Name, float]],
    gains: Floats,
    at_value: float,
    quick: Collection[Name],
    trials: int,
    answers: Try,
) -> tuple[Mover, ...]:
    """At most five movers, largest first.

    `gains` (D, A) is what each draw gives at each asset, and sums to the answer; `at_value` is the
    answer with the catalogue's values, `quick` the figures that change neither flights nor pictures.
    """
    known = facts(case)
    names = [n for n, f in known.items() if f.low < f.high]
    table = np.array([[values[n] for n in names] for values in drawn]).reshape(len(drawn), len(names))
    slow = [i for i in pointed_at(table, gains) if names[i] not in quick][:POINTED_AT]
    tried = [i for i, n in enumerate(names) if n in quick] + slow
    few = min(SCREEN_TRIALS, trials)
    ends = [{names[i]: end} for i in tried for end in (known[names[i]].low, known[names[i]].high)]
    base, *screened = answers([{}, *ends], few) if ends else [at_value]
    swings = [_swing(base, *screened[2 * k : 2 * k + 2]) for k in range(len(tried))]
    order = sorted((k for k in range(len(tried)) if swings[k] > 0.0), key=lambda k: (-swings[k], tried[k]))
    last = [tried[k] for k in order[:FINALISTS]]
    ends = [{names[i]: end} for i in last for end in (known[names[i]].low, known[names[i]].high)]
    final = answers(ends, trials) if ends else []
    worth = gains.sum(axis=1)
    made = [
        _mover(case, names[i], final[2 * k], final[2 * k + 1], correlation(table[:, i], worth))
        for k, i in enumerate(last)
    ]
    made.sort(key=lambda m: (-_swing(at_value, m.at_low, m.at_high), m.entry, m.parameter))
    return tuple(m for m in made[:SHOWN] if _swing(at_value, m.at_low, m.at_high) > 0.0)


def _mover(case: Case, name: Name, at_low: float, at_high: float, correlated: float) -> Mover:
    f = facts(case)[name]
    return Mover(
        entry=name[0],
        title=case.entries[name[0]].title,
        parameter=name[1],
        unit=f.unit,
        value=f.value,
        low=f.low,
        high=f.high,
        confidence=f.confidence,
        at_low=at_low,
        at_high=at_high,
        direction="neither" if at_low == at_high else "rises" if at_high > at_low else "falls",
        correlation=correlated,
    )


def _swing(*answers: float) -> float:
    return max(answers) - min(answers)


def pointed_at(table: Floats, gains: Floats) -> list[int]:
    """Columns of `table` (D, F), those first that explain most of `gains` (D, A), place by place.

    What a figure explains at a place is the square of the covariance of its ranks with the gain there;
    the sum over places orders the figures. One draw, or gains that never move, point at none.
    """
    if table.shape[1] == 0:
        return []
    columns = np.column_stack([_unit(ranks(c)) for c in table.T])
    explained = ((columns.T @ (gains - gains.mean(axis=0))) ** 2).sum(axis=1)
    order = np.argsort(-explained, kind="stable")
    return [int(i) for i in order if explained[i] > 0.0]


def correlation(one: Floats, other: Floats) -> float:
    """Spearman's correlation of ranks; 0 where either never moves."""
    return float(_unit(ranks(one)) @ _unit(ranks(other)))


def ranks(values: Floats) -> Floats:
    """Ranks from 0, equal values sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(count) - (count + 1.0) / 2.0
    return np.asarray(middle[place], np.float64)


def _unit(values: Floats) -> Floats:
    """`values` less their mean, of length 1; zero where they are all equal."""
    centred = values - values.mean()
    size = float(np.sqrt((centred**2).sum()))
    return np.asarray(centred / size if size > 0.0 else centred, np.float64)
