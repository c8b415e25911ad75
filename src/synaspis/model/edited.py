"""A run and the run of a changed case, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.compared import Gain


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A mean over trials before and after; `gain` is the difference trial by trial, on the same luck."""

    before: float
    after: float
    gain: Gain | None = None

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


@dataclass(frozen=True, kw_only=True)
class Seconds:
    """Seconds of warning over trials and attacked assets: the median, 5th and 95th percentile."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class NationEdited:
    """What the changes do to one nation under a regime."""

    protected_population: Figure
    leakers: Figure
    warning_before_s: Seconds
    warning_after_s: Seconds


@dataclass(frozen=True, kw_only=True)
class RegimeEdited:
    """What the changes do to one regime."""

    title: str
    protected_population: Figure
    population_at_risk: Figure
    leakers: Figure
    nations: Mapping[str, NationEdited]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A changed case and what its run found beside the run of the case as it was.

    `file` is the changed case, `changes` what is changed in it, in words; `finding` says what came of it.
    """

    name: str
    case: str
    file: str
    trials: int
    seed: int
    headline: str
    changes: tuple[str, ...]
    finding: str
    regimes: Mapping[str, RegimeEdited]
    nations: Mapping[str, str] = field(default_factory=dict)
    """What the nations are called, by code."""
