"""The split of a difference against games whose Shapley value is published.

Glove game: players 1 and 2 own a right glove, player 3 a left one; only a pair is worth 1. The value is
(1/6, 1/6, 2/3): L. S. Shapley and M. Shubik, "Pure competition, coalitional power, and fair division",
International Economic Review 10 (1969), and every textbook since.

Airport game: a runway for aircraft that need lengths costing 8, 11, 13 and 18; a coalition pays for its
longest. Each section is shared equally by those who need it: 2, 3, 4 and 9. S. C. Littlechild and G. Owen,
"A simple expression for the Shapley value in a special case", Management Science 20 (1973).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from synaspis.studies.difference import shapley

Worth = Callable[[frozenset[str]], float]


def game(players: tuple[str, ...], worth: Worth) -> dict[str, float]:
    every = [frozenset(c) for n in range(len(players) + 1) for c in combinations(players, n)]
    return shapley({c: worth(c) for c in every}, players)


def glove(c: frozenset[str]) -> float:
    return float("left" in c and len(c) >= 2)


def test_glove_game() -> None:
    assert game(("right", "other right", "left"), glove) == pytest.approx(
        {"right": 1 / 6, "other right": 1 / 6, "left": 2 / 3}
    )


RUNWAY = {"a": 8.0, "b": 11.0, "c": 13.0, "d": 18.0}


def test_airport_game() -> None:
    found = game(tuple(RUNWAY), lambda c: max((RUNWAY[p] for p in c), default=0.0))
    assert found == pytest.approx({"a": 2.0, "b": 3.0, "c": 4.0, "d": 9.0})


def test_unanimity_dummies_and_sums() -> None:
    """The axioms: all who are needed share equally, who adds nothing gets nothing, and nothing is lost."""
    players = ("a", "b", "c", "d")
    found = game(players, lambda c: 6.0 * float({"a", "b", "c"} <= c) - 1.0)
    assert found == pytest.approx({"a": 2.0, "b": 2.0, "c": 2.0, "d": 0.0})
    assert sum(found.values()) == pytest.approx(6.0)
