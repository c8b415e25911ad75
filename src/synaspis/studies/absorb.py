"""How many times its own raid a shield absorbs at a stated confidence, regime by regime.

The raid is the case's own, so many times as many missiles in the same time: a stated mix scaled up, and no
search over what else might be fired. Multiples are whole numbers; the largest that holds is found by doubling
and halving, on the same luck for all of them, which takes it that a larger raid is absorbed no more often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

from synaspis.engine.workers import pool_of
from synaspis.model.absorb import Absorbed
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, Progress, arena, pure, silent
from synaspis.studies.sweep import leaked

ROUNDING = 1e-9
"""So that a share of a whole number is not missed by rounding."""


@dataclass
class _Scale:
    """The raid at every multiple that was asked for."""

    case_of: Callable[[int], Case]
    share: float
    trials: int
    seed: int
    jobs: int
    pool: Executor | None
    _arenas: dict[int, Arena] = field(default_factory=dict)
    _chances: dict[tuple[int, str], float] = field(default_factory=dict)

    def chance(self, multiple: int, regime: str) -> float:
        """Share of trials in which so large a raid is absorbed."""
        key = (multiple, regime)
        if key not in self._chances:
            if multiple not in self._arenas:
                flown = arena(self.case_of(multiple), self.jobs, pool=self.pool)
                self._arenas[multiple] = replace(flown, counted=False)
            a = self._arenas[multiple]
            out = a.play(pure(a.rules(regime)), self.seed, self.trials)
            enough = leaked(out) <= self.share * out.lands.sum(axis=1) + ROUNDING
            self._chances[key] = float(enough.mean())
        return self._chances[key]


def absorb(
    case_of: Callable[[int], Case],
    regimes: Sequence[str],
    confidence: float,
    share: float,
    most: int,
    trials: int,
    seed: int,
    jobs: int,
    progress: Progress = silent,
) -> dict[str, Absorbed]:
    """By regime, the largest multiple up to `most` at which at most `share` of what would land leaks.

    It holds where it does so in at least `confidence` of the trials. `case_of` gives the case with a multiple
    of its raid.
    """
    found = {}
    with pool_of(jobs) as pool:
        scale = _Scale(case_of, share, trials, seed, jobs, pool)
        own = sum(f.count for f in case_of(1).file.raid)
        for i, name in enumerate(regimes):
            progress(f"scaling the raid under {name}", i / len(regimes))
            found[name] = _of(lambda m, name=name: scale.chance(m, name), confidence, most, own)  # type: ignore[misc]
        progress("done", 1.0)
    return found


def _of(chance: Callable[[int], float], confidence: float, most: int, own: int) -> Absorbed:
    tried: dict[int, float] = {}

    def holds(multiple: int) -> bool:
        tried[multiple] = chance(multiple)
        return tried[multiple] >= confidence

    held, fails = 0, 1
    while fails <= most and holds(fails):
        held, fails = fails, min(2 * fails, most) if fails < most else most + 1
    while fails - held > 1:
        middle = (held + fails) // 2
        held, fails = (middle, fails) if holds(middle) else (held, middle)
    return Absorbed(
        multiple=held,
        missiles=held * own,
        chance=tried.get(held, 1.0),
        next_chance=tried.get(held + 1),
        tried=tried,
    )
