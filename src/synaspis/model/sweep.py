"""What `synaspis sweep` asks and answers, as frozen nouns, its table and its JSON document."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

REGIME, TRIALS, SEED = "regime", "trials", "seed"
PLAYING = (REGIME, TRIALS, SEED)
"""Axes that change how the case is played and not the case."""
SALVO, SCALE = "raid.salvo", "raid.scale"
"""Missiles in each row of the raid; and how many times the case's own number, in the same time."""

Settings = tuple[tuple[str, str], ...]
"""Keys of the case with their values, as written in a file."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One key and the values that it takes in turn, as written."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One setting of every axis but the regime: `settings` of the case, and how it is played."""

    number: int
    settings: Settings
    trials: int
    seed: int

    @property
    def world(self) -> Settings:
        """The settings that no clause is: what flies, and what looks at it."""
        return tuple(s for s in self.settings if s[0].partition(".")[0] not in ("agreements", "clauses"))

    @property
    def ground(self) -> Settings:
        """The settings that matter where no raid is: how many missiles fly is none of them."""
        return tuple(s for s in self.settings if s[0] not in (SALVO, SCALE))


@dataclass(frozen=True, kw_only=True)
class SweepRequest:
    """A checked grid: every combination of the axes' values is a point, the last axis changing fastest."""

    axes: tuple[Axis, ...]
    regimes: tuple[str, ...]
    trials: int
    seed: int

    @property
    def of_points(self) -> tuple[Axis, ...]:
        """The axes but that of the regime, which is played within each point on the same luck."""
        return tuple(a for a in self.axes if a.key != REGIME)

    def __len__(self) -> int:
        """How many points there are."""
        return int(np.prod([len(a.values) for a in self.of_points], dtype=np.int64))

    def points(self) -> Iterator[Point]:
        """Every point, in order."""
        axes = self.of_points
        for number, values in enumerate(itertools.product(*(a.values for a in axes))):
            told = dict(zip((a.key for a in axes), values, strict=True))
            yield Point(
                number=number,
                settings=tuple((k, v) for k, v in told.items() if k not in PLAYING),
                trials=int(told.get(TRIALS, self.trials)),
                seed=int(told.get(SEED, self.seed)),
            )


def _figure(unit: str, meaning: str) -> Any:
    found: Any = field(metadata={"unit": unit, "meaning": meaning})
    return found


@dataclass(frozen=True, kw_only=True)
class RegimePoint:
    """One regime at one point: the figures of the table, means over trials unless said."""

    missiles: int = _figure("1", "missiles of the raid")
    landing_undefended: float = _figure("1", "of them, those that would land in an asset undefended")
    leakers_mean: float = _figure("1", "of them, those that do")
    leakers_p05: float = _figure("1", "5th percentile over trials")
    leakers_p95: float = _figure("1", "95th percentile over trials")
    p_no_leaker: float = _figure("1", "chance that none does")
    protected_population: float = _figure("people", "people in attacked assets, protected")
    population_at_risk: float = _figure("people", "people in attacked assets, at risk undefended")
    covered_population: float = _figure("people", "people with an engagement against every class and area")
    covered_twice_population: float = _figure("people", "the same, with two")
    warned_90_s: float = _figure("people", "people struck with at least 90 s of warning")
    warned_300_s: float = _figure("people", "people struck with at least 300 s of warning")
    warned_600_s: float = _figure("people", "people struck with at least 600 s of warning")
    warned_needlessly: float = _figure("people", "people warned where nothing would land")
    warning_p50_s: float = _figure("s", "median warning over trials and people; zeros count")
    rounds: float = _figure("1", "rounds fired")
    wasted: float = _figure("1", "of them at things that are no warhead")


FIGURES = tuple(f.name for f in fields(RegimePoint))

Answered = Mapping[str, RegimePoint]
"""One point's figures by regime."""


@dataclass(frozen=True, kw_only=True)
class SweepAnswer:
    """Every point's figures, in the order of the points. `headline` and `against` are the case's."""

    case: str
    title: str
    request: SweepRequest
    version: str
    headline: str
    against: str
    answered: tuple[Answered, ...]
    resumed: int = 0
    """How many points an earlier call had left behind. No part of the answer."""

    @property
    def seed(self) -> int:
        """The seed of points that no axis gives one."""
        return self.request.seed

    @property
    def trials(self) -> int:
        """The trials of points that no axis gives a number."""
        return self.request.trials

    @property
    def regimes(self) -> tuple[str, ...]:
        """The regimes played."""
        return self.request.regimes

    @cached_property
    def columns(self) -> Mapping[str, NDArray[np.generic]]:
        """The tidy table: a row for each point and regime; the axes' values first, then the figures."""
        axes, regimes = self.request.of_points, self.regimes
        grid = list(itertools.product(*(a.values for a in axes)))
        made: dict[str, NDArray[np.generic]] = {
            "point": np.repeat(np.arange(len(grid), dtype=np.int64), len(regimes))
        }
        for i, axis in enumerate(axes):
            made[axis.key] = np.repeat(as_column(axis.values, [line[i] for line in grid]), len(regimes))
        made[REGIME] = np.array([r for _ in grid for r in regimes], object)
        rows = [told[r] for told in self.answered for r in regimes]
        for name in FIGURES:
            kind = np.int64 if name == "missiles" else np.float64
            made[name] = np.array([getattr(row, name) for row in rows], kind)
        return made


def as_column(values: Sequence[str], used: Sequence[str]) -> NDArray[np.generic]:
    """`used` as whole numbers, numbers or text: whichever fits all `values` of the axis."""
    for kind in (np.int64, np.float64):
        try:
            _ = [kind(v) for v in values]
            return np.array([kind(v) for v in used], kind)
        except ValueError:
            continue
    return np.array(list(used), object)


def document(a: SweepAnswer) -> dict[str, object]:
    """What `synaspis sweep --json` prints."""
    columns = {name: column.tolist() for name, column in a.columns.items()}
    count = len(columns["point"])
    return {
        "case": a.case,
        "title": a.title,
        "version": a.version,
        "seed": a.seed,
        "trials": a.trials,
        "headline": a.headline,
        "against": a.against,
        "axes": [{"key": axis.key, "values": list(axis.values)} for axis in a.request.axes],
        "points": len(a.answered),
        "rows": [{name: column[i] for name, column in columns.items()} for i in range(count)],
    }
