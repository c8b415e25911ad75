"""What a director means to do: injects at their times, and spare missiles."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.exercise.inputs import Inject


@dataclass(frozen=True, kw_only=True)
class Timed:
    """An inject at a time of the case's clock."""

    time_s: float
    what: Inject


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`starts_s`: where the case's clock stands when the exercise begins."""

    injects: tuple[Timed, ...] = ()
    spares: tuple[object, ...] = ()
    starts_s: float = 0.0
