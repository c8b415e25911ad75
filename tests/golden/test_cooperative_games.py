"""Shares in cooperative games against published values; exact, so within rounding (1e-12; 1e-9 by programs).

Glove game: players 1 and 2 own a right glove, player 3 a left one; only a pair is worth 1. The value is
(1/6, 1/6, 2/3): L. S. Shapley and M. Shubik, "Pure competition, coalitional power, and fair division",
International Economic Review 10 (1969), and every textbook since.

Airport game: a runway for aircraft that need lengths costing 8, 11, 13 and 18; a coalition pays for its
longest. Each section is shared equally by those who need it: 2, 3, 4 and 9. S. C. Littlechild and G. Owen,
"A simple expression for the Shapley value in a special case", Management Science 20 (1973). Its nucleolus
by Littlechild's formula ("A simple expression for the nucleolus in a special case", International Journal
of Game Theory 3, 1974): 13/4 for each of the first three, and what is left.

UN Security Council: 9 of 15 votes with all five permanent members; L. S. Shapley and M. Shubik, "A method
for evaluating the distribution of power in a committee system", American Political Science Review 48
(1954), for the council of 15: 421/2145 and 4/2145.

Bankruptcy: the Talmud (Kethubot 93a) divides estates of 100, 200 and 300 among creditors of 100, 200 and
300; R. J. Aumann and M. Maschler, "Game theoretic analysis of a bankruptcy problem from the Talmud",
Journal of Economic Theory 36 (1985): the nucleolus.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from synaspis.studies.games import nucleolus, shapley

Worth = Callable[[set[int]], float]


def game(n: int, worth: Worth) -> np.ndarray:
    return np.array([worth({i for i in range(n) if c >> i & 1}) for c in range(1 << n)])


def exactly(values: list[float]) -> object:
    return pytest.approx(values, rel=1e-12, abs=1e-12)


def test_glove_game() -> None:
    found = shapley(game(3, lambda c: float(2 in c and len(c) >= 2)))
    assert found == exactly([1 / 6, 1 / 6, 2 / 3])


RUNWAY = (8.0, 11.0, 13.0, 18.0)


def runway(c: set[int]) -> float:
    return max((RUNWAY[p] for p in c), default=0.0)


def test_airport_game() -> None:
    assert shapley(game(4, runway)) == exactly([2.0, 3.0, 4.0, 9.0])
    costs = nucleolus(game(4, lambda c: -runway(c)))
    assert costs is not None
    assert -costs == pytest.approx([3.25, 3.25, 3.25, 8.25], abs=1e-9)


TWENTY = [0, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7, 8, 8]
FIRST_14 = [
    0.0, 0.052631578947, 0.052631578947, 0.111455108359, 0.111455108359, 0.178121775026, 0.249550346454,
    0.249550346454, 0.249550346454, 0.249550346454, 0.349550346454, 0.349550346454, 0.349550346454,
    0.492407489312,
]  # fmt: skip
"""An airport of twenty users, as public implementations of the airport game test it, to twelve decimals."""


def test_airport_of_twenty() -> None:
    coalitions = np.arange(1 << 20)
    worth = np.zeros(1 << 20)
    for player, cost in enumerate(TWENTY):
        np.maximum(worth, np.where(coalitions >> player & 1, float(cost), 0.0), out=worth)
    found = shapley(worth)
    assert found[:14] == pytest.approx(FIRST_14, abs=1e-12)
    assert found.sum() == pytest.approx(8.0, rel=1e-12)


def test_three_players() -> None:
    assert shapley(np.array([0.0, 0, 0, 6, 0, 6, 0, 12])) == exactly([6.0, 3.0, 3.0])


def test_security_council() -> None:
    found = shapley(game(15, lambda c: float({0, 1, 2, 3, 4} <= c and len(c) >= 9)))
    assert found == exactly([421 / 2145] * 5 + [4 / 2145] * 10)


CLAIMS = (100.0, 200.0, 300.0)


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100.0, [100 / 3] * 3), (200.0, [50.0, 75.0, 75.0]), (300.0, [50.0, 100.0, 150.0])],
)
def test_the_talmud_s_bankruptcies(estate: float, shares: list[float]) -> None:
    """A coalition is sure of what the others' claims leave."""
    worth = game(3, lambda c: max(0.0, estate - sum(CLAIMS[i] for i in range(3) if i not in c)))
    assert nucleolus(worth) == pytest.approx(shares, abs=1e-9)


def test_unanimity_dummies_and_sums() -> None:
    """The axioms: all who are needed share equally, who adds nothing gets nothing, and nothing is lost."""
    found = shapley(game(4, lambda c: 6.0 * float({0, 1, 2} <= c)))
    assert found == exactly([2.0, 2.0, 2.0, 0.0])
