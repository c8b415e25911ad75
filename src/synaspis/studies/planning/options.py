"""What may be chosen: for each attack and layer, who fires first, who stands behind, by which doctrine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synaspis.engine.layout import P_LAND, RELIABILITY
from synaspis.engine.tables import missile_rows
from synaspis.model.battery import Battery
from synaspis.studies.arena import Arena
from synaspis.studies.planning.chances import Fires, chain, outcome
from synaspis.studies.planning.shots import MIDDLE, QUANTILES, Burst, Shots

NOTICED = 1e-6
"""A backup that takes less than this off the chance of getting through is none."""
MOST_TOGETHER = 30
"""Pairs of two new batteries are tried at an attack while there are no more than these."""


@dataclass(frozen=True)
class Doctrine:
    """How a battery fires: its doctrine's name, and so many rounds at a time."""

    name: str
    salvo: int

    @property
    def barrage(self) -> bool:
        return self.name == "barrage"

    @property
    def salvos(self) -> int:
        """Salvos before each look; the model takes them as fired at once."""
        return 2 if self.name == "shoot-shoot-look" else 1

    @property
    def together(self) -> int:
        """Rounds before each look."""
        return self.salvo * self.salvos


DOCTRINES = (
    Doctrine("shoot-look-shoot", 1),
    Doctrine("shoot-look-shoot", 2),
    Doctrine("barrage", 2),
)
"""Those that are tried beside the one that a battery has."""


@dataclass(frozen=True)
class Group:
    """Missiles of one class from one area at one asset: they are met alike.

    `lands` is the chance that one of them, undefended, comes down in the asset.
    """

    asset: int
    threat: str
    launch: str
    missiles: tuple[int, ...]
    flight: int
    lands: float

    @property
    def count(self) -> int:
        return len(self.missiles)


@dataclass(frozen=True)
class Post:
    """One battery in an option: its doctrine, rounds per missile, and when it is busy with one.

    `busy` holds (from, to, chance), seconds after the missile's launch; `waits_s` is when it may fire first.
    """

    battery: int
    doctrine: int
    rounds: float
    busy: tuple[tuple[float, float, float], ...]
    waits_s: float = -math.inf


@dataclass(frozen=True)
class Option:
    """What one layer does against one group: the first post is primary, a second is backup.

    `leak` is the chance that a missile gets through the layer; `needs` the candidates that must be chosen.
    """

    group: int
    layer: str
    posts: tuple[Post, ...]
    leak: float
    needs: tuple[int, ...] = ()


def groups(a: Arena) -> tuple[Group, ...]:
    """The raid by asset and corridor; what is aimed at open ground is no concern of a plan."""
    found: dict[tuple[object, ...], list[int]] = {}
    for t, m in enumerate(a.w.missiles):
        if m.target >= 0 and a.g.impact_s[a.g.flight_of[t]] > 0.0:
            found.setdefault((m.target, m.threat.name, m.launch.name, m.shape), []).append(t)
    rows = missile_rows(a.w, a.g, np.zeros(len(a.w.missiles)))
    lands = rows[RELIABILITY] * rows[P_LAND]
    return tuple(
        Group(
            a.w.missiles[ts[0]].target, a.w.missiles[ts[0]].threat.name, a.w.missiles[ts[0]].launch.name,
            tuple(ts), int(a.g.flight_of[ts[0]]), float(lands[ts].mean()),
        )
        for ts in found.values()
    )  # fmt: skip


def doctrines(battery: Battery, free: bool) -> tuple[Doctrine, ...]:
    """The battery's own doctrine first, and the others where it is `free` to take them."""
    own = Doctrine(battery.doctrine, battery.salvo)
    return (own, *(d for d in DOCTRINES if d != own)) if free else (own,)


@dataclass(frozen=True)
class Maker:
    """Makes options from tables of shots.

    `base` is without any candidate, `added[c]` with candidate c alone; `own` is the battery row of each
    candidate battery, `known` the doctrines of each battery.
    """

    a: Arena
    groups: tuple[Group, ...]
    base: Shots
    added: Mapping[int, Shots]
    own: Mapping[int, int]
    known: tuple[tuple[Doctrine, ...], ...]

    def every(self) -> tuple[Option, ...]:
        """All options of all groups and layers."""
        return tuple(o for g in range(len(self.groups)) for o in self._of(g))

    def _of(self, g: int) -> Iterator[Option]:
        u = self.groups[g].flight
        new = set(self.own.values())
        standing = [b for b in range(len(self.a.w.batteries)) if b not in new]
        able = [b for b in standing if self._able(self.base, b, u)]
        yield from self._among(g, self.base, able, able, ())
        for c, shots in self.added.items():
            changed = [b for b in standing if not shots.same_for(self.base, b, u)]
            if c in self.own and self._able(shots, self.own[c], u):
                changed.append(self.own[c])
            if changed:
                both = [b for b in (*standing, *changed) if self._able(shots, b, u)]
                yield from self._among(g, shots, list(dict.fromkeys(both)), changed, (c,))
        yield from self._new_pairs(g)

    def _able(self, shots: Shots, b: int, u: int) -> bool:
        return bool(shots.burst(b, u, True, 0).looks)

    def _among(
        self, g: int, shots: Shots, able: Sequence[int], touched: Sequence[int], needs: tuple[int, ...]
    ) -> Iterator[Option]:
        """Singles of `touched` and pairs with one of them."""
        for b in touched:
            if b in able:
                yield from self._single(g, shots, b, needs)
        for first in able:
            for second in able:
                if first != second and (first in touched or second in touched):
                    yield from self._pair(g, shots, shots, first, second, needs)

    def _new_pairs(self, g: int) -> Iterator[Option]:
        u = self.groups[g].flight
        able = [c for c, b in self.own.items() if c in self.added and self._able(self.added[c], b, u)]
        if len(able) * (len(able) - 1) > MOST_TOGETHER:
            return
        for c in able:
            for d in able:
                if c != d:
                    pair = tuple(sorted((c, d)))
                    yield from self._pair(g, self.added[c], self.added[d], self.own[c], self.own[d], pair)

    def _single(self, g: int, shots: Shots, b: int, needs: tuple[int, ...]) -> Iterator[Option]:
        group = self.groups[g]
        weapon = shots.weapon(b, group.missiles[0])
        for d, doctrine in enumerate(self.known[b]):
            bursts = [shots.burst(b, group.flight, doctrine.barrage, q) for q in range(len(QUANTILES))]
            leak = rounds = 0.0
            for chance, q, late, sight in _cases(shots, b, group.flight):
                burst = shots.burst(b, group.flight, doctrine.barrage, q, late, sight=sight)
                told = outcome(Fires(weapon, doctrine.together, burst.looks))
                leak, rounds = leak + chance * told[0], rounds + chance * told[1]
            if leak < 1.0 - NOTICED:
                post = Post(b, d, rounds, _busy(bursts, weapon.p_kill, weapon.wrong_look, doctrine.together))
                yield Option(g, self._layer(b), (post,), leak, needs)

    def _pair(
        self, g: int, one: Shots, other: Shots, first: int, second: int, needs: tuple[int, ...]
    ) -> Iterator[Option]:
        if self._layer(first) != self._layer(second):
            return
        for d in range(len(self.known[first])):
            for e in range(len(self.known[second])):
                found = self._posted(g, one, other, (first, d), (second, e), needs)
                if found is not None:
                    yield found

    def _posted(
        self, g: int, one: Shots, other: Shots, first: tuple[int, int], second: tuple[int, int],
        needs: tuple[int, ...],
    ) -> Option | None:  # fmt: skip
        group = self.groups[g]
        (b, d), (c, e) = first, second
        tells = bool(one.duty.tells[b, c])
        mine, theirs = one.weapon(b, group.missiles[0]), other.weapon(c, group.missiles[0])
        how, then = self.known[b][d], self.known[c][e]
        after = self.a.w.batteries[b].interceptor.assess_s
        leak = rounds = more = alone = 0.0
        bursts: tuple[list[Burst], list[Burst]] = ([], [])
        for p, q, late, sight in _cases(one, b, group.flight):
            x = one.burst(b, group.flight, how.barrage, q, late, sight=sight)
            wait = x.meets_s[-1] + after if tells and x.looks else -math.inf
            for r, later in other.sights[sight].lags[c][group.flight]:
                y = other.burst(c, group.flight, then.barrage, q, later, wait, sight)
                told = outcome(
                    Fires(mine, how.together, x.looks), Fires(theirs, then.together, y.looks), tells
                )
                leak, rounds, more = (
                    leak + p * r * told[0], rounds + p * r * told[1], more + p * r * told[2],
                )  # fmt: skip
                alone += p * r * outcome(Fires(mine, how.together, x.looks))[0]
                if sight == 0 and late == later == 0.0:
                    bursts[0].append(x)
                    bursts[1].append(y)
        if alone - leak < NOTICED or alone > 1.0 - NOTICED:
            return None
        middle = bursts[0][MIDDLE]
        wait = middle.meets_s[-1] + after if tells and middle.looks else -math.inf
        posts = (
            Post(b, d, rounds, _busy(bursts[0], mine.p_kill, mine.wrong_look, how.together)),
            Post(c, e, more, _busy(bursts[1], theirs.p_kill, theirs.wrong_look, then.together), wait),
        )
        return Option(g, self._layer(b), posts, leak, needs)

    def _layer(self, b: int) -> str:
        return self.a.w.batteries[b].interceptor.layer


def _cases(shots: Shots, b: int, u: int) -> Iterator[tuple[float, int, float, int]]:
    """(chance, how late the decision is, how late the detection, which sensors are at work)."""
    for k, sight in enumerate(shots.sights):
        for q in range(len(QUANTILES)):
            for p, late in sight.lags[b][u]:
                yield sight.chance * p / len(QUANTILES), q, late, k


def _busy(
    bursts: Sequence[Burst], p_kill: float, wrong_look: float, salvo: int
) -> tuple[tuple[float, float, float], ...]:
    """When a channel is taken, and with what chance: by the burst after a middling decision, if any."""
    order = sorted(range(len(bursts)), key=lambda q: abs(q - MIDDLE))
    burst = next((bursts[q] for q in order if bursts[q].looks), Burst((), ()))
    p_salvo = 1.0 - (1.0 - min(p_kill, 1.0)) ** salvo
    fired = [chain(p_salvo, wrong_look, k).salvos for k in range(burst.looks + 1)]
    return tuple(
        (start, end, fired[k + 1] - fired[k])
        for k, (start, end) in enumerate(zip(burst.ordered_s, burst.meets_s, strict=True))
    )
