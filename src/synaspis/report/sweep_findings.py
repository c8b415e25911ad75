"""What a sweep found, in sentences: which axis moves the answer most, and from where to where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.sweep import Axis, SweepAnswer
from synaspis.report.words import counted, people

METHOD = (
    "Every figure is a mean over the trials of its point, on luck that all points of one seed share. "
    "People protected "
    "are those in attacked places who would be struck undefended and are not: one leaker leaves a city "
    "out. The raid "
    "is the case's own, in the numbers stated; nothing looked for a raid that gets through."
)


@dataclass(frozen=True)
class Effect:
    """What one axis does to people protected under the regime shown, the other axes averaged out."""

    axis: Axis
    low: float
    high: float
    at_low: str
    at_high: str

    @property
    def size(self) -> float:
        """How many people lie between its best and its worst value."""
        return self.high - self.low


def shown(a: SweepAnswer) -> str:
    """The regime that findings speak of: the headline's where it was played."""
    return a.headline if a.headline in a.regimes else a.regimes[-1]


def grid(a: SweepAnswer, regime: str, figure: str) -> NDArray[np.float64]:
    """A figure under a regime over the axes of points, in their order."""
    shape = tuple(len(axis.values) for axis in a.request.of_points)
    return np.array([getattr(told[regime], figure) for told in a.answered], float).reshape(shape)


def effects(a: SweepAnswer) -> list[Effect]:
    """Axes of points by what they do, the largest first."""
    protected = grid(a, shown(a), "protected_population")
    found = []
    for i, axis in enumerate(a.request.of_points):
        mean = protected.mean(axis=tuple(k for k in range(protected.ndim) if k != i))
        low, high = int(mean.argmin()), int(mean.argmax())
        ends = float(mean[low]), float(mean[high])
        found.append(Effect(axis, *ends, axis.values[low], axis.values[high]))
    return sorted(found, key=lambda e: -e.size)


def headline(a: SweepAnswer) -> str:
    """The finding of the whole."""
    regime, found = shown(a), effects(a)
    if not found:
        best = max(a.regimes, key=lambda r: a.answered[0][r].protected_population)
        return f"The {best} regime protects most: {people(a.answered[0][best].protected_population)} people."
    first = found[0]
    if first.size < 0.5:
        return f"Nothing that was varied changes whom {regime} protects: {people(first.high)} people."
    at = "with it" if set(first.axis.values) <= {"on", "off"} else "at"
    told = f"{regime} protects {people(first.high)} people {at} {first.at_high} and "
    told += f"{people(first.low)} {at} {first.at_low}"
    if len(found) == 1:
        return f"{first.axis.key}: {told}."
    return f"{first.axis.key} matters most: {told}, the other axes averaged."


def others(a: SweepAnswer) -> str:
    """What the other axes do, and how large the sweep was."""
    count = f"{counted(len(a.answered), 'point')}, {counted(len(a.regimes), 'regime')} at each."
    rest = [e for e in effects(a)[1:] if e.size >= 0.5]
    told = [f"{e.axis.key} {people(e.size)} people ({e.at_low} to {e.at_high})" for e in rest]
    still = [e.axis.key for e in effects(a)[1:] if e.size < 0.5]
    words = f" Then {'; '.join(told)}." if told else ""
    return count + words + (f" No effect on whom {shown(a)} protects: {', '.join(still)}." if still else "")


def between(a: SweepAnswer) -> str:
    """What the regimes differ by over all points, where the case's two were played."""
    if a.headline == a.against or not {a.headline, a.against} <= set(a.regimes):
        return ""
    gain = grid(a, a.headline, "protected_population") - grid(a, a.against, "protected_population")
    return (
        f"Over all points {a.headline} protects {people(float(gain.min()))} to "
        f"{people(float(gain.max()))} people "
        f"more than {a.against}."
    )
