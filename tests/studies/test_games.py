"""Cooperative games: axioms on random games, and answers worked out another way."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.studies.games import (
    banzhaf,
    core,
    excess,
    members,
    nucleolus,
    sampled_banzhaf,
    sampled_shapley,
    shapley,
)


def random_game(n: int, seed: int, superadditive: bool = False) -> np.ndarray:
    draw = np.random.default_rng(seed)
    worth = draw.normal(size=1 << n) * 10.0
    if superadditive:
        worth = draw.random(1 << n) + members(n).sum(axis=1) ** 2
    worth[0] = 0.0
    return worth


@given(st.integers(1, 10), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_shares_add_up_to_the_whole(n: int, seed: int) -> None:
    worth = random_game(n, seed)
    assert shapley(worth).sum() == pytest.approx(worth[-1], abs=1e-9)


@given(st.integers(2, 10), st.integers(0, 2**32), st.data())
@settings(max_examples=30, deadline=None)
def test_who_adds_nothing_gets_nothing_and_equals_are_treated_alike(
    n: int, seed: int, data: st.DataObject
) -> None:
    worth = random_game(n, seed)
    idle = data.draw(st.integers(0, n - 1))
    sets = np.arange(1 << n)
    worth = worth[sets & ~(1 << idle)]
    for value in (shapley(worth), banzhaf(worth)):
        assert value[idle] == pytest.approx(0.0, abs=1e-12)
    one, other = data.draw(st.permutations(range(n)))[:2]
    swapped = np.where((sets >> one & 1) != (sets >> other & 1), sets ^ (1 << one | 1 << other), sets)
    alike = worth + worth[swapped]
    for value in (shapley(alike), banzhaf(alike)):
        assert value[one] == pytest.approx(value[other], abs=1e-9)


def test_shapley_is_the_mean_over_all_orders() -> None:
    worth = random_game(5, 3)
    total = np.zeros(5)
    for order in permutations(range(5)):
        coalition = 0
        for player in order:
            total[player] += worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
    assert shapley(worth) == pytest.approx(total / 120.0, abs=1e-12)


def test_sampled_values_err_as_they_say_and_pairs_help() -> None:
    worth = random_game(8, 5, superadditive=True)
    true = shapley(worth)
    found = sampled_shapley(lambda c: float(worth[c]), 8, 400, seed=1)
    assert found.value.sum() == pytest.approx(worth[-1])
    assert np.abs((found.value - true) / found.error).max() < 4.0
    assert found.orders == 800
    again = sampled_shapley(lambda c: float(worth[c]), 8, 400, seed=1)
    assert np.array_equal(found.value, again.value)
    # Orders alone, without their reverses, err more on a game whose additions grow with the coalition.
    one_way = _spread_of_single_orders(worth, 8)
    assert (found.error * np.sqrt(800) < 0.5 * one_way).all()


def test_sampled_banzhaf_values_err_as_they_say() -> None:
    worth = random_game(8, 5, superadditive=True)[np.arange(256) & ~4]  # player 2 adds nothing
    found = sampled_banzhaf(lambda c: float(worth[c]), 8, 400, seed=1)
    assert found.value[2] == found.error[2] == 0.0
    rest = np.arange(8) != 2
    assert np.abs((found.value - banzhaf(worth))[rest] / found.error[rest]).max() < 4.0
    assert (found.error[rest] < 0.1 * banzhaf(worth)[rest]).all()


def _spread_of_single_orders(worth: np.ndarray, n: int) -> np.ndarray:
    draw, rows = np.random.default_rng(2), []
    for _ in range(400):
        coalition, row = 0, np.empty(n)
        for player in draw.permutation(n).tolist():
            row[player] = worth[coalition | 1 << player] - worth[coalition]
            coalition |= 1 << player
        rows.append(row)
    return np.std(rows, axis=0)


@given(st.integers(2, 7), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_the_nucleolus_lies_in_the_least_core_and_nobody_can_do_better(n: int, seed: int) -> None:
    """Against its definition: no small change of shares makes the sorted excesses smaller."""
    worth = random_game(n, seed, superadditive=True)
    shares = nucleolus(worth)
    assert shares is not None
    assert shares.sum() == pytest.approx(worth[-1])
    proper = slice(1, -1)
    worst = float(excess(worth, shares)[proper].max())
    assert worst == pytest.approx(core(worth).excess, abs=1e-7)
    mine = np.sort(excess(worth, shares)[proper])[::-1]
    draw = np.random.default_rng(seed)
    for _ in range(20):
        move = draw.normal(size=n)
        move -= move.mean()
        other = shares + 0.01 * move
        if (other >= worth[1 << np.arange(n)]).all():
            theirs = np.sort(excess(worth, other)[proper])[::-1]
            first = int(np.argmax(np.abs(theirs - mine) > 1e-7))
            assert theirs[first] >= mine[first]


def test_a_coalition_that_would_leave_makes_the_core_empty() -> None:
    """Three who share 1 by majority: every pair can take all, and any sharing leaves a pair 1/3 short."""
    worth = np.array([0.0, 0, 0, 1, 0, 1, 1, 1])
    found = core(worth)
    assert not found.stable
    assert found.excess == pytest.approx(1 / 3)
    assert nucleolus(worth) == pytest.approx([1 / 3] * 3)


def test_where_all_are_worth_less_together_there_is_no_nucleolus() -> None:
    assert nucleolus(np.array([0.0, 1.0, 1.0, 1.5])) is None


@pytest.mark.parametrize("worth", [[0.0], [0.0, 1.0, 2.0], [1.0, 2.0]])
def test_what_is_no_game_is_refused(worth: list[float]) -> None:
    with pytest.raises(ValueError, match="a game holds"):
        shapley(np.array(worth))
