"""Which public figures move the answer most: a screen over the draws, then one figure at a time.

Hundreds of figures stand behind an answer, and fifty draws cannot tell them apart by correlation alone:
by chance some figure always seems to matter. So the draws only choose candidates, by forward selection
on ranks, and each candidate is then put at either end of its band with all others at the catalogue's
values. What that does to the answer, on the same luck, ranks them.
Source: Saltelli et al., Global Sensitivity Analysis (2008), chapters 1 and 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Mover
from synaspis.model.case import Case
from synaspis.model.draw import Name, facts

CANDIDATES = 10
SHOWN = 5
LEAST_SHARE = 1e-9
"""A part of the spread that is rounding, not movement."""

Floats = NDArray[np.float64]
Ends = Callable[[Sequence[Mapping[Name, float]]], list[float]]
"""Answers for sets of figures, each set over the catalogue's values."""


def found_movers(
    case: Case, drawn: Sequence[Mapping[Name, float]], worth: Sequence[float], at_value: float, ends: Ends
) -> tuple[Mover, ...]:
    """At most five movers, largest first; none where no draw moved anything."""
    known = facts(case)
    names = [n for n, f in known.items() if f.low < f.high]
    table = np.array([[values[n] for n in names] for values in drawn]).reshape(len(drawn), len(names))
    chosen = candidates(table, np.array(worth))
    asked = [{names[c]: end} for c, _ in chosen for end in (known[names[c]].low, known[names[c]].high)]
    answers = ends(asked) if asked else []
    found = []
    for i, (column, correlation) in enumerate(chosen):
        entry, parameter = names[column]
        f, at_low, at_high = known[names[column]], answers[2 * i], answers[2 * i + 1]
        mover = Mover(
            entry=entry, title=case.entries[entry].title, parameter=parameter, unit=f.unit, value=f.value,
            low=f.low, high=f.high, confidence=f.confidence, at_low=at_low, at_high=at_high,
            direction=_direction(at_low, at_high), correlation=correlation,
        )  # fmt: skip
        found.append((_swing(at_low, at_value, at_high), mover))
    found.sort(key=lambda pair: (-pair[0], pair[1].entry, pair[1].parameter))
    return tuple(mover for swing, mover in found[:SHOWN] if swing > 0.0)


def _swing(*answers: float) -> float:
    return max(answers) - min(answers)


def _direction(at_low: float, at_high: float) -> str:
    return "neither" if at_low == at_high else "rises" if at_high > at_low else "falls"


def candidates(table: Floats, worth: Floats) -> list[tuple[int, float]]:
    """Columns of `table` (D, F) that explain `worth` (D,), best first, each with its rank correlation.

    Forward selection: the column that explains most of what those before it leave, again and again.
    Fewer than three draws, or an answer that never moves, give none.
    """
    if len(worth) < 3 or np.ptp(worth) == 0.0:
        return []
    left = _unit(ranks(worth))
    columns: Floats = np.column_stack([_unit(ranks(c)) for c in table.T]) if table.shape[1] else table
    correlation: Floats = left @ columns
    found: list[tuple[int, float]] = []
    rest: Floats = columns.copy()
    for _ in range(min(CANDIDATES, len(worth) - 2, table.shape[1])):
        size = np.sqrt((rest**2).sum(axis=0))
        share = np.where(size > 1e-6, np.abs(left @ rest) / np.maximum(size, 1e-6), 0.0)
        best = int(np.argmax(share))
        if share[best] <= LEAST_SHARE:
            break
        found.append((best, float(correlation[best])))
        axis = rest[:, best] / size[best]
        left = np.asarray(left - (left @ axis) * axis, np.float64)
        rest = rest - np.outer(axis, axis @ rest)
    return found


def ranks(values: Floats) -> Floats:
    """Ranks from 0, equal values sharing the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last: Floats = np.cumsum(count) - 1.0
    shared: Floats = (last - (count - 1.0) / 2.0)[place]
    return shared


def _unit(values: Floats) -> Floats:
    """`values` less their mean, of length 1; zero where they are all equal."""
    centred = values - values.mean()
    size = float(np.sqrt((centred**2).sum()))
    return centred / size if size > 0.0 else centred
