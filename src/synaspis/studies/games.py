"""Cooperative games: what each player adds to a coalition, and which sharings no coalition would leave.

A game of n players is the worth of every coalition, `worth` (2^n,), by the bits of its players: entry 5 is
that of players 0 and 2. Entry 0, the empty coalition's, is 0.

L. S. Shapley, A value for n-person games, 1953; J. F. Banzhaf, 1965; D. Schmeidler, The nucleolus of a
characteristic function game, SIAM J. Appl. Math. 17 (1969); M. Maschler, B. Peleg and L. S. Shapley,
Geometric properties of the kernel, nucleolus, and related solution concepts, Math. Oper. Res. 4 (1979).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from synaspis.studies.few_rows import least

Floats = NDArray[np.float64]
TINY = 1e-9
"""Share of the largest worth below which a difference counts as rounding."""


def players(worth: Floats) -> int:
    """How many players the game has. ValueError where `worth` is no game."""
    n = len(worth).bit_length() - 1
    if n < 1 or len(worth) != 1 << n or worth[0] != 0.0:
        raise ValueError(f"a game holds 2^n worths, n >= 1, the first of them 0; not {len(worth)}")
    return n


def members(n: int) -> NDArray[np.bool_]:
    """(2^n, n) which players are in each coalition."""
    return (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(np.bool_)


def _added(worth: Floats, player: int) -> tuple[Floats, NDArray[np.int64]]:
    """What `player` adds to each coalition without it, and the sizes of those."""
    sets = np.arange(len(worth))
    without = sets[(sets >> player & 1) == 0]
    size = np.zeros(len(without), np.int64)
    for other in range(players(worth)):
        size += without >> other & 1
    return worth[without | 1 << player] - worth[without], size


def shapley(worth: Floats) -> Floats:
    """(n,) each player's Shapley value: what it adds, over all orders in which the coalition may form."""
    n = players(worth)
    weight = np.array([1.0 / (n * comb(n - 1, size)) for size in range(n)])
    found = np.empty(n)
    for player in range(n):
        added, size = _added(worth, player)
        found[player] = (added * weight[size]).sum()
    return found


def banzhaf(worth: Floats) -> Floats:
    """(n,) each player's Banzhaf value: what it adds, over all coalitions of the others alike."""
    return np.array([_added(worth, player)[0].mean() for player in range(players(worth))])


@dataclass(frozen=True)
class Sampled:
    """Values from random orders, and the standard error of each."""

    value: Floats
    error: Floats
    orders: int


def orders(n: int, pairs: int, seed: int) -> NDArray[np.int64]:
    """(2 * pairs, n) random orders of the players, each followed by the same backwards."""
    draw = np.random.Generator(np.random.Philox(seed))
    forth = np.array([draw.permutation(n) for _ in range(pairs)], np.int64)
    return np.stack([forth, forth[:, ::-1]], axis=1).reshape(2 * pairs, n)


def alike_by_size(n: int) -> Floats:
    """(n,) how much more often Banzhaf's coalitions of each size are met than those of random orders.

    A random order meets coalitions of the others of all sizes equally often, and those of a size alike.
    """
    return np.array([n * comb(n - 1, size) / 2.0 ** (n - 1) for size in range(n)])


def sampled_shapley(worth: Callable[[int], float], n: int, pairs: int, seed: int) -> Sampled:
    """Shapley values of a game too large to hold: `pairs` random orders, each also played backwards.

    `worth` is asked for coalitions by their bits. What is added by an order and by the same order backwards
    tends to err to opposite sides (antithetic pairs); the error is that of the means of pairs.
    """
    return _sampled(worth, n, pairs, seed, np.ones(n))


def sampled_banzhaf(worth: Callable[[int], float], n: int, pairs: int, seed: int) -> Sampled:
    """Banzhaf values from the same orders: who came before a player is one random coalition of the others,
    who came after it the opposite one. Sizes count as often as among all coalitions."""
    return _sampled(worth, n, pairs, seed, alike_by_size(n))


def _sampled(worth: Callable[[int], float], n: int, pairs: int, seed: int, by_size: Floats) -> Sampled:
    along = np.array([_along(worth, order, by_size) for order in orders(n, pairs, seed)])
    added = along.reshape(pairs, 2, n).mean(axis=1)
    error = added.std(axis=0, ddof=1) / np.sqrt(pairs) if pairs > 1 else np.full(n, np.inf)
    return Sampled(added.mean(axis=0), error, 2 * pairs)


def _along(worth: Callable[[int], float], order: NDArray[np.int64], by_size: Floats) -> Floats:
    """What each player adds when they join in `order`, times the weight of how many were there before it."""
    found, coalition, before = np.empty(len(order)), 0, 0.0
    for player, weight in zip(order.tolist(), by_size.tolist(), strict=True):
        coalition |= 1 << player
        now = worth(coalition)
        found[player], before = weight * (now - before), now
    return found


def excess(worth: Floats, shares: Floats) -> Floats:
    """(2^n,) what each coalition would have more by itself than its `shares` (n,) give it."""
    return worth - members(players(worth)) @ shares


@dataclass(frozen=True)
class Core:
    """Whether some sharing of the whole leaves no coalition better off by itself.

    `excess` is the least that the worst-off coalition must miss under any sharing (0 or less: stable);
    `shares` is one sharing that reaches it.
    """

    stable: bool
    excess: float
    shares: Floats


def core(worth: Floats) -> Core:
    """The least core: shares that keep the largest excess of any coalition least."""
    n = players(worth)
    return least_core(members(n)[1:-1].astype(np.float64), worth[1:-1], float(worth[-1]))


def least_core(inside: Floats, value: Floats, whole: float) -> Core:
    """The least core as far as the coalitions `inside` (R, n) of `value` (R,) tell; with all of them, exact.

    `whole` is what all have together. Where single players are not among `inside`, it may have no bound.
    """
    n = inside.shape[1]
    if n == 1:
        return Core(True, 0.0, np.array([whole]))
    found = _least(inside, value, np.ones((1, n)), np.array([whole]), None)
    largest = max(float(np.abs(value).max(initial=0.0)), abs(whole), 1e-300)
    return Core(bool(found.excess <= TINY * largest), found.excess, found.shares)


def _size(worth: Floats) -> float:
    return max(float(np.abs(worth).max()), 1e-300)


def nucleolus(worth: Floats) -> Floats | None:
    """(n,) the sharing that makes the largest excess least, then the next largest, and so on.

    Nobody gets less than it has alone; None where the whole is worth less than its players are alone.
    A series of linear programs (Maschler, Peleg and Shapley, 1979): coalitions whose excess cannot be made
    smaller are held (those with a dual price), until what is held leaves one sharing only.
    """
    n = players(worth)
    alone = worth[1 << np.arange(n)]
    if worth[-1] < alone.sum() - TINY * _size(worth):
        return None
    inside, value = members(n)[1:-1].astype(np.float64), worth[1:-1]
    held, sums = np.ones((1, n)), worth[-1:]
    while len(held) < n:
        free = _outside(inside, held)
        inside, value = inside[free], value[free]
        found = _least(inside, value, held, sums, alone)
        for row in np.argsort(-found.prices, kind="stable"):
            if found.prices[row] <= 1e-7:
                break
            if _outside(inside[row : row + 1], held)[0]:
                held = np.vstack([held, inside[row]])
                sums = np.append(sums, value[row] - found.excess)
    return np.asarray(np.linalg.solve(held, sums), np.float64)


def _outside(rows: Floats, span: Floats) -> NDArray[np.bool_]:
    """(R,) whether each of `rows` lies outside what `span` spans."""
    basis = np.linalg.svd(span, full_matrices=False)[2]
    return np.linalg.norm(rows - rows @ basis.T @ basis, axis=1) > 1e-7


@dataclass(frozen=True)
class _Least:
    prices: Floats
    excess: float
    shares: Floats


def _least(inside: Floats, value: Floats, held: Floats, sums: Floats, alone: Floats | None) -> _Least:
    """Least e such that shares x with held @ x = sums leave no coalition of `inside` more than e short.

    With the coalitions' prices and x. With `alone`, x is at least that.
    """
    n = held.shape[1]
    scale = max(float(np.abs(value).max(initial=0.0)), float(np.abs(sums).max()), 1e-300)
    found = least(
        c=np.append(np.zeros(n), 1.0),
        rows=np.column_stack([-inside, -np.ones(len(inside))]),
        limits=-value / scale,
        equal=np.column_stack([held, np.zeros(len(held))]),
        sums=sums / scale,
        bounds=[(None, None) if alone is None else (a / scale, None) for a in _at_least(alone, n)]
        + [(None, None)],
        first=small_or_large(inside),
    )
    if found is None:
        raise ArithmeticError("no sharing of the whole meets what is held")
    return _Least(found.prices, float(found.at[-1]) * scale, found.at[:-1] * scale)


def small_or_large(inside: Floats) -> NDArray[np.bool_]:
    """(R,) some coalitions of `inside` (R, n) to begin a program with: of few players, or of nearly all."""
    n = inside.shape[1]
    size = inside.sum(axis=1)
    chosen = np.zeros(len(inside), np.bool_)
    chosen[np.argsort(np.minimum(size, n - size), kind="stable")[: 8 * n]] = True
    return chosen


def _at_least(alone: Floats | None, n: int) -> Floats:
    return np.zeros(n) if alone is None else alone
