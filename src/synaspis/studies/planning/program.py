"""What is chosen among, as numbers: attacks, choices, magazines, channels, additions; and their worth.

Nothing here knows the engine. docs/plan-models.md states the model; `rows` makes it a mixed-integer program.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

PROTECTED, WORST, COST = "protected-population", "worst-nation", "cost"
OBJECTIVES = (PROTECTED, WORST, COST)
ALIKE = 1e-9


@dataclass(frozen=True)
class Attack:
    """n missiles at one asset that are met alike; `lands` is the chance that one would come down there."""

    asset: int
    count: int
    lands: float


@dataclass(frozen=True)
class Choice:
    """One layer's posture against one attack: x_o.

    `takes` are (battery, doctrine, rounds per missile); `needs` the additions without which it is not there.
    """

    attack: int
    layer: str
    leak: float
    takes: tuple[tuple[int, int, float], ...]
    needs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Magazine:
    """One battery's rounds: those in it, the most that it holds, and the pool that it draws on (-1: none).

    `doctrines` is how many it may choose from; `addition` the candidate that it is (-1: it stands);
    `reserved` gives, for each clause with a reserve, the rounds kept back and the attacks that it bears on.
    """

    rounds: float
    capacity: float
    pool: int = -1
    doctrines: int = 1
    addition: int = -1
    reserved: tuple[tuple[float, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Busy:
    """One battery at one moment: channels, and how many each choice is likely to hold."""

    battery: int
    channels: float
    holds: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Addition:
    """Something that could be added: z_c. `bars` are the rules against it."""

    cost: float
    bars: tuple[object, ...] = ()


@dataclass(frozen=True)
class Least:
    """A floor: the share of people at risk in `assets` who must be protected; `name` as messages call it."""

    name: str
    assets: tuple[int, ...]
    share: float


@dataclass(frozen=True)
class Program:
    """All of it. `people` by asset, `nations` the assets of each nation that counts for the worst of them."""

    attacks: tuple[Attack, ...]
    choices: tuple[Choice, ...]
    magazines: tuple[Magazine, ...]
    people: tuple[float, ...]
    nations: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    pools: tuple[float, ...] = ()
    busy: tuple[Busy, ...] = ()
    additions: tuple[Addition, ...] = ()
    lifted: frozenset[object] = frozenset()
    most_added: float = 0.0
    budget: float = math.inf
    least: tuple[Least, ...] = ()
    objective: str = PROTECTED
    goal: float = 0.0
    """People who must be protected at least, where the objective is cost."""
    limits: frozenset[str] = frozenset(("rounds", "channels"))
    """Which of the resources bind: what a search for a clash leaves out in turn."""
    elastic: bool = False
    """Whether floors may be missed, by as little as can be."""

    def untouched(self, asset: int) -> float:
        """Chance that nothing comes down there, undefended: P0_a."""
        return math.prod((1.0 - k.lands) ** k.count for k in self.attacks if k.asset == asset)

    @functools.cached_property
    def at_risk(self) -> tuple[float, ...]:
        """People times the chance that something comes down on them, undefended, by asset."""
        return tuple(p * (1.0 - self.untouched(a)) for a, p in enumerate(self.people))

    def within(self) -> Program:
        """The same without choices that need what a rule bars."""
        kept = {o: i for i, o in enumerate(self.possible)}
        busy = tuple(
            replace(m, holds=tuple((kept[o], n) for o, n in m.holds if o in kept)) for m in self.busy
        )
        return replace(
            self,
            choices=tuple(self.choices[o] for o in self.possible),
            busy=tuple(m for m in busy if m.holds),
        )

    @functools.cached_property
    def possible(self) -> tuple[int, ...]:
        """Rows of `choices` that need nothing that a rule bars."""
        open_ = [self.allowed(c) for c in range(len(self.additions))]
        return tuple(o for o, c in enumerate(self.choices) if all(open_[a] for a in c.needs))

    def allowed(self, c: int) -> bool:
        """Whether an addition may be chosen: every rule against it is lifted."""
        return set(self.additions[c].bars) <= self.lifted


@dataclass(frozen=True)
class Worth:
    """What a choice is truly worth: people protected by asset, and the objective's value."""

    protected: tuple[float, ...]
    total: float
    worst: float
    cost: float

    def of(self, objective: str) -> float:
        """The figure that the objective is about."""
        return {PROTECTED: self.total, WORST: self.worst, COST: self.cost}[objective]


def worth(p: Program, chosen: Sequence[int], added: Sequence[int]) -> Worth:
    """The worth of choices (rows of `choices`) and additions, with no approximation."""
    leak = [1.0] * len(p.attacks)
    for o in chosen:
        leak[p.choices[o].attack] *= p.choices[o].leak
    clear = [1.0] * len(p.people)
    for k, attack in enumerate(p.attacks):
        clear[attack.asset] *= (1.0 - attack.lands * leak[k]) ** attack.count
    protected = tuple(x * (clear[a] - p.untouched(a)) for a, x in enumerate(p.people))
    risk = p.at_risk
    shares = [
        sum(protected[a] for a in assets) / sum(risk[a] for a in assets) for assets in p.nations.values()
    ]
    cost = sum(p.additions[c].cost for c in added)
    return Worth(protected, sum(protected), min(shares, default=0.0), cost)


def moments(
    p_choices: Sequence[Choice], spans: Sequence[Sequence[tuple[int, float, float, float]]],
    channels: Sequence[float],
) -> Iterator[Busy]:  # fmt: skip
    """The moments at which a battery's channels could run short.

    `spans` holds, for each choice, (battery, from, to, chance) of every engagement in the raid's time.
    """
    by_battery: dict[int, list[tuple[int, float, float, float]]] = {}
    for o, held in enumerate(spans):
        for b, start, end, chance in held:
            by_battery.setdefault(b, []).append((o, start, end, chance))
    for b, held in by_battery.items():
        seen = set()
        for moment in sorted({start for _, start, _, _ in held}):
            busy: dict[int, float] = {}
            for o, start, end, chance in held:
                if start <= moment < end:
                    busy[o] = busy.get(o, 0.0) + chance
            most: dict[tuple[int, str], float] = {}
            for o, n in busy.items():
                key = (p_choices[o].attack, p_choices[o].layer)
                most[key] = max(most.get(key, 0.0), n)
            found = tuple(sorted(busy.items()))
            if sum(most.values()) > channels[b] and found not in seen:
                seen.add(found)
                yield Busy(b, channels[b], found)


def plainer(
    p: Program, chosen: Sequence[int], doctrines: Mapping[int, int]
) -> tuple[tuple[int, ...], dict[int, int]]:
    """The same plan with each battery's first doctrine that is no worse anywhere; none for one without part.

    HiGHS stops near its bound and does not settle ties that small.
    """
    now, by = list(chosen), dict(doctrines)
    place = {(c.attack, c.layer, c.needs, tuple(t[:2] for t in c.takes)): o for o, c in enumerate(p.choices)}
    for b in by:
        mine = [i for i, o in enumerate(now) if any(t[0] == b for t in p.choices[o].takes)]
        for d in range(by[b]):
            swapped = {i: _swapped(p, place, now[i], b, d) for i in mine}
            if all(o is not None for o in swapped.values()):
                now = [swapped.get(i, o) for i, o in enumerate(now)]  # type: ignore[misc]
                by[b] = d
                break
    return tuple(now), by


def _swapped(p: Program, place: Mapping[Any, int], o: int, b: int, d: int) -> int | None:
    """The choice like `o` but with doctrine `d` at battery `b`, where it is there and no worse."""
    c = p.choices[o]
    takes = tuple((x, d if x == b else e) for x, e, _ in c.takes)
    other = place.get((c.attack, c.layer, c.needs, takes))
    if other is None or p.choices[other].leak > c.leak + ALIKE:
        return None
    more = (n > m + ALIKE for (_, _, n), (_, _, m) in zip(p.choices[other].takes, c.takes, strict=True))
    return None if any(more) else other
