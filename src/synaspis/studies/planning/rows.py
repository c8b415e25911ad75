"""A program as rows and columns: what HiGHS is given.

The objective is made of people. Where the ways to defend an asset are few each has a column with its true
chance of no impact; where they are many, tangents and chords bound that chance from above.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from synaspis.studies.planning.bends import chords, tangents
from synaspis.studies.planning.program import COST, PROTECTED, WORST, Program

TIE = 1e-5
"""Its square, of the people at risk, is the weight of a round or an addition between equal choices."""
LEAST_LOG = -40.0
MISSED = 100.0
"""What missing a floor weighs against everybody at risk."""
AIR = 1e-3
"""Room below the logarithm of the undefended chance, so that rounding shuts out no plan."""
MOST_JOINT = 300
"""Up to so many ways to defend an asset each has a column of its own, with its true chance."""


@dataclass
class Rows:
    """Columns and rows as they grow: low <= sum of coefficients x columns <= high."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    gain: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    names: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Of rows whose slope is asked for: what they are about (`rounds`, `channels`, `budget`) and whose."""

    def column(self, low: float, high: float, whole: bool = False, gain: float = 0.0) -> int:
        """A new column; `gain` is its weight in what is to be as great as can be."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        self.gain.append(gain)
        return len(self.low) - 1

    def row(
        self, terms: Mapping[int, float], low: float = -math.inf, high: float = math.inf,
        name: tuple[str, int] | None = None,
    ) -> None:  # fmt: skip
        """A new row; `name` where its slope may be asked for."""
        if name is not None:
            self.names[len(self.rows)] = name
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
    risk = sum(p.at_risk)
    rounds_tie = TIE * TIE * risk if p.objective == PROTECTED else 0.0
    choices = tuple(r.column(0.0, 1.0, True, -rounds_tie * sum(n for _, _, n in c.takes)) for c in p.choices)
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
                r.row({**terms, held[b]: -1.0}, high=-kept, name=("rounds", b))
            elif m.addition >= 0:
                r.row({**terms, z[m.addition]: -max(m.rounds - kept, 0.0)}, high=0.0)
            else:
                r.row(terms, high=max(m.rounds - kept, 0.0), name=("rounds", b))
    return held


def _channels(p: Program, r: Rows, x: Sequence[int]) -> None:
    for moment in p.busy if "channels" in p.limits else ():
        terms: dict[int, float] = {}
        for o, n in moment.holds:
            terms[x[o]] = terms.get(x[o], 0.0) + n
        r.row(terms, high=moment.channels, name=("channels", moment.battery))


def _money(p: Program, r: Rows, z: Sequence[int]) -> None:
    if z and math.isfinite(p.most_added):
        r.row(dict.fromkeys(z, 1.0), high=p.most_added)
    if z and math.isfinite(p.budget):
        r.row({z[c]: a.cost for c, a in enumerate(p.additions)}, high=p.budget, name=("budget", -1))


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


def _joint(p: Program, r: Rows, own: Sequence[int], slots: Sequence[Sequence[int]], x: Sequence[int]) -> int:
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
    for low, high, slope, level in chords(least - AIR, most):
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
    if p.objective == WORST and p.nations:
        worst = r.column(-1.0, 1.0, gain=1.0)
        for assets in p.nations.values():
            terms, nothing = _share(p, clear, assets)
            r.row(terms | {worst: -1.0}, low=nothing)
    if p.objective == COST:
        terms, nothing = _share(p, clear, tuple(clear))
        r.row(terms, low=nothing + p.goal / (sum(risk) or 1.0))
    for least in p.least:
        terms, nothing = _share(p, clear, least.assets)
        if p.elastic:
            missed = r.column(0.0, 1.0, gain=-MISSED * (sum(risk) if p.objective == PROTECTED else 1.0))
            terms = terms | {missed: 1.0}
        r.row(terms, low=nothing + least.share)


def _share(p: Program, clear: Mapping[int, int], assets: Sequence[int]) -> tuple[dict[int, float], float]:
    """The share of people at risk there who are protected, and what of it no defence adds."""
    own = [a for a in assets if a in clear]
    risk = sum(p.at_risk[a] for a in own) or 1.0
    terms = {clear[a]: p.people[a] / risk for a in own}
    return terms, sum(p.people[a] / risk * p.untouched(a) for a in own)
