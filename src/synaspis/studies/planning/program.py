"""The choice as mathematics: options, magazines, channels and money as rows of a mixed-integer program.

Nothing here knows the engine: numbers in, rows out. docs/plan-models.md states the model; the names of its
symbols stand beside the fields. The objective is made of people; an upper bound is bent to the true chance
of no impact by tangents and chords, and `worth` says what a choice is truly worth.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from synaspis.studies.planning.bends import chords, tangents

PROTECTED, WORST, COST = "protected-population", "worst-nation", "cost"
OBJECTIVES = (PROTECTED, WORST, COST)
TIE = 1e-5
"""Its square, of the people at risk, is the weight of a round or an addition between equal choices."""
LEAST_LOG = -40.0
MOST_JOINT = 300
"""Up to so many ways to defend an asset each has a column of its own, with its true chance."""


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

    def untouched(self, asset: int) -> float:
        """Chance that nothing comes down there, undefended: P0_a."""
        return math.prod((1.0 - k.lands) ** k.count for k in self.attacks if k.asset == asset)

    @functools.cached_property
    def at_risk(self) -> tuple[float, ...]:
        """People times the chance that something comes down on them, undefended, by asset."""
        return tuple(p * (1.0 - self.untouched(a)) for a, p in enumerate(self.people))

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


# -- rows ------------------------------------------------------------------------------------------


@dataclass
class Rows:
    """Columns and rows as they grow: low <= sum of coefficients x columns <= high."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    gain: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def column(self, low: float, high: float, whole: bool = False, gain: float = 0.0) -> int:
        """A new column; `gain` is its weight in what is to be as great as can be."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        self.gain.append(gain)
        return len(self.low) - 1

    def row(self, terms: Mapping[int, float], low: float = -math.inf, high: float = math.inf) -> None:
        """A new row."""
        self.rows.append((dict(terms), low, high))


@dataclass(frozen=True)
class Made:
    """Rows, and where to find what was chosen: columns of choices, additions, doctrines and rounds."""

    rows: Rows
    choices: tuple[int, ...]
    additions: tuple[int, ...]
    doctrines: Mapping[tuple[int, int], int]
    rounds: Mapping[int, int]
    slack: float
    """How much the tie-break can be worth in all."""


def rows_of(p: Program) -> Made:
    """The program as rows, to be made as great as can be."""
    r = Rows()
    risk = sum(p.at_risk) or 1.0
    rounds_tie = TIE * TIE * risk if p.objective == PROTECTED else 0.0
    choices = tuple(
        r.column(0.0, 1.0, True, -rounds_tie * sum(n for _, _, n in c.takes)) for c in p.choices
    )
    additions = tuple(
        r.column(
            0.0, 1.0 if p.allowed(c) else 0.0, True,
            -(x.cost if p.objective == COST else rounds_tie),
        )
        for c, x in enumerate(p.additions)
    )  # fmt: skip
    _one_each(p, r, choices, additions)
    doctrines = _doctrines(p, r, choices)
    rounds = _magazines(p, r, choices, additions)
    _channels(p, r, choices)
    _money(p, r, additions)
    clear = _clear(p, r, choices)
    _objective(p, r, clear)
    slack = rounds_tie * (len(additions) + sum(n for c in p.choices for _, _, n in c.takes))
    return Made(r, choices, additions, doctrines, rounds, slack)


def _one_each(p: Program, r: Rows, x: Sequence[int], z: Sequence[int]) -> None:
    """One posture for each attack and layer, and none that needs what is not added."""
    layers: dict[tuple[int, str], dict[int, float]] = {}
    needs: dict[tuple[int, str, int], dict[int, float]] = {}
    for o, c in enumerate(p.choices):
        layers.setdefault((c.attack, c.layer), {})[x[o]] = 1.0
        for a in c.needs:
            needs.setdefault((c.attack, c.layer, a), {})[x[o]] = 1.0
    for terms in layers.values():
        r.row(terms, high=1.0)
    for (_, _, a), terms in needs.items():
        r.row({**terms, z[a]: -1.0}, high=0.0)


def _doctrines(p: Program, r: Rows, x: Sequence[int]) -> dict[tuple[int, int], int]:
    """One doctrine for each battery, the same at every attack."""
    found: dict[tuple[int, int], int] = {}
    for b, m in enumerate(p.magazines):
        if m.doctrines > 1:
            found.update({(b, d): r.column(0.0, 1.0, True) for d in range(m.doctrines)})
            r.row({found[b, d]: 1.0 for d in range(m.doctrines)}, 1.0, 1.0)
    used: dict[tuple[int, str, int, int], dict[int, float]] = {}
    for o, c in enumerate(p.choices):
        for b, d, _ in c.takes:
            if (b, d) in found:
                used.setdefault((c.attack, c.layer, b, d), {})[x[o]] = 1.0
    for (_, _, b, d), terms in used.items():
        r.row({**terms, found[b, d]: -1.0}, high=0.0)
    return found


def _magazines(p: Program, r: Rows, x: Sequence[int], z: Sequence[int]) -> dict[int, int]:
    """Rounds that fit what each battery holds, its reserves, and the stock that is shared out."""
    takes: dict[int, dict[int, dict[int, float]]] = {}
    for o, c in enumerate(p.choices):
        for b, _, n in c.takes:
            takes.setdefault(b, {}).setdefault(c.attack, {})[x[o]] = n * p.attacks[c.attack].count
    held: dict[int, int] = {}
    for b, m in enumerate(p.magazines):
        if m.pool >= 0:
            held[b] = r.column(0.0, m.capacity, True)
    for pool, stock in enumerate(p.pools):
        r.row({held[b]: 1.0 for b, m in enumerate(p.magazines) if m.pool == pool}, high=stock)
    for b, m in enumerate(p.magazines) if "rounds" in p.limits else ():
        by_attack = takes.get(b, {})
        everything = tuple(by_attack)
        for kept, attacks in ((0.0, everything), *m.reserved):
            terms = {col: n for k in attacks for col, n in by_attack.get(k, {}).items()}
            if not terms:
                continue
            if b in held:
                r.row({**terms, held[b]: -1.0}, high=-kept)
            elif m.addition >= 0:
                r.row({**terms, z[m.addition]: -max(m.rounds - kept, 0.0)}, high=0.0)
            else:
                r.row(terms, high=max(m.rounds - kept, 0.0))
    return held


def _channels(p: Program, r: Rows, x: Sequence[int]) -> None:
    for moment in p.busy if "channels" in p.limits else ():
        terms: dict[int, float] = {}
        for o, n in moment.holds:
            terms[x[o]] = terms.get(x[o], 0.0) + n
        r.row(terms, high=moment.channels)


def _money(p: Program, r: Rows, z: Sequence[int]) -> None:
    if z and math.isfinite(p.most_added):
        r.row(dict.fromkeys(z, 1.0), high=p.most_added)
    if z and math.isfinite(p.budget):
        r.row({z[c]: a.cost for c, a in enumerate(p.additions)}, high=p.budget)


def _clear(p: Program, r: Rows, x: Sequence[int]) -> dict[int, int]:
    """A column for each attacked asset: at most a bent bound on the chance that nothing comes down there."""
    layers: dict[int, dict[str, dict[int, float]]] = {}
    for o, c in enumerate(p.choices):
        log_leak = max(math.log(max(c.leak, 1e-17)), LEAST_LOG)
        layers.setdefault(c.attack, {}).setdefault(c.layer, {})[x[o]] = log_leak
    found = {}
    for asset in dict.fromkeys(k.asset for k in p.attacks):
        own = [k for k, attack in enumerate(p.attacks) if attack.asset == asset]
        logs = {k: {col: v for terms in layers.get(k, {}).values() for col, v in terms.items()} for k in own}
        lows = {k: sum(min(t.values()) for t in layers.get(k, {}).values()) for k in own}
        slots = [list(terms) for k in own for terms in layers.get(k, {}).values()]
        if math.prod(1 + len(s) for s in slots) <= MOST_JOINT:
            found[asset] = _joint(p, r, own, slots, x)
        elif len(own) == 1 and p.attacks[own[0]].count == 1:
            found[asset] = _one_missile(p, r, own[0], logs[own[0]], lows[own[0]])
        else:
            found[asset] = _several(p, r, own, logs, lows)
    return found


def _joint(
    p: Program, r: Rows, own: Sequence[int], slots: Sequence[Sequence[int]], x: Sequence[int]
) -> int:
    """A column for each way to fill the slots (layers of attacks): where choices are whole, so are these."""
    choice = {col: p.choices[o] for o, col in enumerate(x)}
    chance = r.column(0.0, 1.0)
    ways: dict[int, float] = {}
    uses: dict[int, dict[int, float]] = {col: {} for slot in slots for col in slot}
    for way in itertools.product(*([None, *slot] for slot in slots)):
        leak = dict.fromkeys(own, 1.0)
        for col in way:
            if col is not None:
                leak[choice[col].attack] *= choice[col].leak
        y = r.column(0.0, 1.0)
        ways[y] = math.prod((1.0 - p.attacks[k].lands * leak[k]) ** p.attacks[k].count for k in own)
        for col in way:
            if col is not None:
                uses[col][y] = 1.0
    r.row(dict.fromkeys(ways, 1.0), 1.0, 1.0)
    for col, terms in uses.items():
        r.row({**terms, col: -1.0}, 0.0, 0.0)
    r.row({chance: 1.0, **{y: -v for y, v in ways.items()}}, high=0.0)
    return chance


def _one_missile(p: Program, r: Rows, k: int, logs: Mapping[int, float], low: float) -> int:
    """1 - lands exp(s) is concave in the sum of logarithms s: tangents alone bound it."""
    lands = p.attacks[k].lands
    chance = r.column(0.0, 1.0)
    for slope, level in tangents(lambda s: 1.0 - lands * math.exp(s), lambda s: -lands * math.exp(s), low):
        r.row({chance: 1.0, **{col: -slope * v for col, v in logs.items()}}, high=level)
    return chance


def _several(
    p: Program, r: Rows, own: Sequence[int], logs: Mapping[int, Mapping[int, float]],
    lows: Mapping[int, float],
) -> int:  # fmt: skip
    """The logarithm of the chance is concave in s, by tangents; its exponential convex, by chords."""
    terms: dict[int, float] = {}
    least = most = 0.0
    for k in own:
        lands, n = p.attacks[k].lands, p.attacks[k].count
        least += n * math.log(max(1.0 - lands, 1e-9))
        most += n * math.log(1.0 - lands * math.exp(lows[k]))
        w = r.column(-math.inf, 0.0)
        terms[w] = float(n)

        def bend(s: float, lands: float = lands) -> float:
            return math.log(max(1.0 - lands * math.exp(s), 1e-9))

        def slope_at(s: float, lands: float = lands) -> float:
            return -lands * math.exp(s) / max(1.0 - lands * math.exp(s), 1e-9)

        for slope, level in tangents(bend, slope_at, lows[k]):
            r.row({w: 1.0, **{col: -slope * v for col, v in logs[k].items()}}, high=level)
    chance = r.column(0.0, 1.0)
    _exponential(r, chance, terms, least, most)
    return chance


def _exponential(r: Rows, chance: int, terms: Mapping[int, float], least: float, most: float) -> None:
    """`chance` at most the chords of exp over [least, most], one stretch of which is chosen."""
    on, at = {}, {}
    parts: dict[int, float] = {chance: 1.0}
    for low, high, slope, level in chords(least, most):
        d, part = r.column(0.0, 1.0, True), r.column(-math.inf, 0.0)
        r.row({part: 1.0, d: -low}, low=0.0)
        r.row({part: 1.0, d: -high}, high=0.0)
        on[d], at[part] = 1.0, 1.0
        parts[d], parts[part] = -level, -slope
    r.row(on, 1.0, 1.0)
    r.row({**at, **{col: -v for col, v in terms.items()}}, high=0.0)
    r.row(parts, high=0.0)


def _objective(p: Program, r: Rows, clear: Mapping[int, int]) -> None:
    """Who is protected, by nation where the worst counts; floors; and the goal that a cost must reach."""
    risk = p.at_risk
    if p.objective == PROTECTED:
        for a, col in clear.items():
            r.gain[col] += p.people[a]
    if p.objective == WORST:
        worst = r.column(0.0, 1.0, gain=1.0)
        for assets in p.nations.values():
            terms, nothing = _share(p, clear, assets)
            r.row(terms | {worst: -1.0}, low=nothing)
    if p.objective == COST:
        terms, nothing = _share(p, clear, tuple(clear))
        r.row(terms, low=nothing + p.goal / (sum(risk) or 1.0))
    for least in p.least:
        terms, nothing = _share(p, clear, least.assets)
        r.row(terms, low=nothing + least.share)


def _share(p: Program, clear: Mapping[int, int], assets: Sequence[int]) -> tuple[dict[int, float], float]:
    """The share of people at risk there who are protected, and what of it no defence adds."""
    own = [a for a in assets if a in clear]
    risk = sum(p.at_risk[a] for a in own) or 1.0
    terms = {clear[a]: p.people[a] / risk for a in own}
    return terms, sum(p.people[a] / risk * p.untouched(a) for a in own)


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
