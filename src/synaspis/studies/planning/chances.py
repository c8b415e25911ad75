"""What shots do: the chance that one layer lets a missile through, and the rounds that it is likely to take.

A chain of looks is two numbers after each salvo: alive, and dead, while the look says that it lives on. What
spoils several shots at once is summed over: a fault of the type, discrimination that fails for the missile,
objects taken for the warhead. docs/plan-models.md writes this down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import comb


@dataclass(frozen=True)
class Weapon:
    """What a battery's round does to one missile: chances, and the objects beside that it can see.

    `p_kill` is that of one shot where nothing common fails; `ready` the chance that the battery stands
    ready and is ordered to fire.
    """

    type: str
    p_kill: float
    p_defect: float
    p_confusion: float
    wrong_look: float
    objects: int
    ready: float


@dataclass(frozen=True)
class Fires:
    """`looks` salvos of `salvo` rounds one after the other, each after a look at the last."""

    weapon: Weapon
    salvo: int
    looks: int


@dataclass(frozen=True)
class Chain:
    """After all looks: killed, alive and fired at on, dead and fired at on; salvos fired on the mean."""

    killed: float
    alive: float
    dead: float
    salvos: float


@lru_cache(maxsize=1 << 16)
def chain(p_salvo: float, wrong_look: float, looks: int) -> Chain:
    """A missile that is shot at until a look says that it is dead, at most `looks` times."""
    alive, dead, killed, salvos = 1.0, 0.0, 0.0, 0.0
    for _ in range(looks):
        salvos += alive + dead
        hit = alive * p_salvo
        killed += hit
        alive, dead = (alive - hit) * (1.0 - wrong_look), (hit + dead) * wrong_look
    return Chain(killed, alive, dead, salvos)


def _objects(weapon: Weapon) -> list[tuple[float, int]]:
    """(chance, how many of the objects are taken for the warhead)."""
    n, p = weapon.objects, weapon.p_confusion
    if n == 0 or p == 0.0:
        return [(1.0, 0)]
    return [(comb(n, i) * p**i * (1.0 - p) ** (n - i), i) for i in range(n + 1)]


def _told(weapon: Weapon) -> list[tuple[float, bool]]:
    p = weapon.p_confusion
    return [(1.0 - p, True), (p, False)] if p > 0.0 else [(1.0, True)]


def _sound(weapon: Weapon) -> list[tuple[float, bool]]:
    p = weapon.p_defect
    return [(1.0 - p, True), (p, False)] if p > 0.0 else [(1.0, True)]


Fortune = tuple[bool, int, bool]
"""Whether the warhead is told apart, how many objects are taken for it besides, whether the type is sound."""


@lru_cache(maxsize=1 << 12)
def fortunes(one: Weapon, other: Weapon | None) -> tuple[tuple[float, Fortune, Fortune], ...]:
    """Chances of what two weapons meet together: shared where they are alike in it, else each its own."""
    if other is None:
        return tuple((p, f, f) for p, f in _alone(one))
    alike = one.p_confusion == other.p_confusion and one.objects == other.objects
    if alike and one.type == other.type:
        return tuple((p, f, f) for p, f in _alone(one))
    if alike:
        return tuple(
            (p * q * r * s, (told, n, mine), (told, n, theirs))
            for p, told in _told(one)
            for q, n in _objects(one)
            for r, mine in _sound(one)
            for s, theirs in _sound(other)
        )
    return tuple((p * q, f, h) for p, f in _alone(one) for q, h in _alone(other))


def _alone(weapon: Weapon) -> Iterator[tuple[float, Fortune]]:
    for p, told in _told(weapon):
        for q, n in _objects(weapon):
            for r, sound in _sound(weapon):
                yield p * q * r, (told, n, sound)


def _chain(fires: Fires, met: Fortune) -> Chain:
    told, others, sound = met
    w = fires.weapon
    each = w.p_kill / (others + 1) if told and sound else 0.0
    return chain(1.0 - (1.0 - min(each, 1.0)) ** fires.salvo, w.wrong_look, fires.looks)


@lru_cache(maxsize=1 << 18)
def outcome(first: Fires, second: Fires | None = None, tells: bool = False) -> tuple[float, float, float]:
    """(chance that the missile gets through, rounds of the first, rounds of the second), on the mean.

    `tells`: the first tells the second, which then fires only where the first's looks say that it lives.
    Otherwise both fire as if alone.
    """
    leak = rounds_first = rounds_second = 0.0
    for p, met, met_other in fortunes(first.weapon, None if second is None else second.weapon):
        a = _chain(first, met)
        ready = first.weapon.ready
        rounds_first += p * ready * first.salvo * a.salvos
        if second is None:
            leak += p * (1.0 - ready * a.killed)
            continue
        b = _chain(second, met_other)
        then = second.weapon.ready
        if tells:
            goes_on = (1.0 - ready) + ready * a.alive
            leak += p * (1.0 - ready * a.killed - goes_on * then * b.killed)
            asked = goes_on + ready * a.dead
        else:
            leak += p * (1.0 - ready * a.killed) * (1.0 - then * b.killed)
            asked = 1.0
        rounds_second += p * asked * then * second.salvo * b.salvos
    return leak, rounds_first, rounds_second
