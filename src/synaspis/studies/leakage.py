"""Leakage in closed form, where one exists, beside the same kernels that play the raid."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from synaspis.engine.batch import play
from synaspis.engine.duel import duel_tables
from synaspis.engine.layout import LEAKED
from synaspis.engine.world import World
from synaspis.model.battery import Battery, Interceptor

LOOKS = 2
"""Engagements of a duel, each followed by a look."""
TRIALS = 2000
"""Of each duel: all of a case take some milliseconds."""


@dataclass(frozen=True)
class Duel:
    """A battery against a class: the share of missiles that leak, played and expected."""

    battery: str
    category: str
    leaked: float
    expected: float

    @property
    def z(self) -> float:
        """Standard deviations between the two."""
        deviation = math.sqrt(max(self.expected * (1.0 - self.expected), 0.0) / TRIALS)
        return (self.leaked - self.expected) / max(deviation, 1e-9)


def duels(w: World, seed: int) -> tuple[Duel, ...]:
    """A duel for each type, doctrine and salvo of the case's batteries, and each class it may meet."""
    first = {
        (f.battery.system, f.battery.doctrine, salvo): f
        for f in reversed(w.batteries)
        for salvo in (f.battery.salvo, *(line.salvo for line in f.battery.salvo_by_value))
    }
    categories = dict.fromkeys(m.threat.category for m in w.missiles)
    found = []
    for (_, _, salvo), f in first.items():
        battery = replace(f.battery, salvo=salvo)
        for category in (c for c in categories if c in f.interceptor.engages):
            made = duel_tables(battery, f.system, f.interceptor, category, LOOKS)
            leaked = float((play(made, seed, TRIALS, 1).fate == LEAKED).mean())
            expected = leakage(battery, f.interceptor, category, LOOKS)
            found.append(Duel(battery.name, category, leaked, expected))
    return tuple(found)


def leakage(battery: Battery, interceptor: Interceptor, category: str, looks: int) -> float:
    """Chance that a missile without objects beside it survives `looks` engagements.

    Where neither the type nor discrimination fails, n rounds leave it alive with the chance
    E[(1 - P)^n]; each look at a missile that lives ends the battle wrongly with the chance `wrong_look`,
    but for the last, after which there is no time.
    """
    told = 1.0 - (interceptor.p_confusion if interceptor.layer == "midcourse" else 0.0)
    sound = (1.0 - interceptor.p_type_defect) * told
    chance = interceptor.p_kill.get(category, 0.0) / sound
    rounds = battery.salvo * (2 if battery.doctrine == "shoot-shoot-look" else 1)
    times = 1 if battery.doctrine == "barrage" else looks
    wrong, alive = interceptor.wrong_look, 0.0
    for n in range(1, times + 1):
        ends_here = 1.0 if n == times else wrong
        alive += (1.0 - wrong) ** (n - 1) * ends_here * survives(chance, interceptor.correlation, n * rounds)
    return 1.0 - sound + sound * alive


def survives(chance: float, correlation: float, rounds: int) -> float:
    """E[(1 - P)^rounds] of a Beta-distributed P of mean `chance` and intra-class `correlation`.

    Source: Griffiths, Biometrics 29 (1973), doi:10.2307/2529131, the beta-binomial.
    """
    spread = correlation / (1.0 - correlation)
    terms = ((1.0 - chance + j * spread) / (1.0 + j * spread) for j in range(rounds))
    return math.prod(terms)
