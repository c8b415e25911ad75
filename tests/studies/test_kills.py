"""Correlation within attacks: intervals that cover, tests that are exact, tables that tell nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.kernels import clusters
from synaspis.studies import kills
from tests.soak.correlations import CORRELATIONS, covered, table

TABLES, WHOLE = 1200, 12
"""Tables of the quick look at coverage: most are asked of the truth alone. The whole thousand is a soak."""


def _tails(launched: list[int], destroyed: list[int]) -> np.ndarray:
    tails = np.empty((3, max(launched)))
    clusters.fill_tails(np.array(launched), np.array(destroyed), tails)
    return tails


def test_the_likelihood_is_the_beta_binomials() -> None:
    """Against the beta functions of the textbook form, whose binomial factors are left out here."""
    launched, destroyed, p, rho = [3, 5, 1, 8], [0, 4, 1, 3], 0.4, 0.3
    a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho

    def beta(x: float, y: float) -> float:
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    expected = sum(beta(a + k, b + n - k) - beta(a, b) for n, k in zip(launched, destroyed, strict=True))
    found = clusters.log_likelihood(p, rho, _tails(launched, destroyed))
    assert found == pytest.approx(expected, abs=1e-12)


def test_the_ends_of_correlation() -> None:
    """Without correlation it is the binomial's; at 1 an attack is stopped whole or not at all."""
    assert clusters.log_likelihood(0.4, 0.0, _tails([3, 2], [1, 2])) == pytest.approx(
        3 * math.log(0.4) + 2 * math.log(0.6)
    )
    assert clusters.log_likelihood(0.4, 1.0, _tails([3, 2], [1, 2])) == -math.inf
    whole = clusters.log_likelihood(0.4, 1.0, _tails([3, 2, 4], [3, 0, 0]))
    assert whole == pytest.approx(math.log(0.4) + 2 * math.log(0.6))


@pytest.mark.parametrize(("p", "rho"), [(0.3, 0.2), (0.6, 0.05), (0.5, 0.7)])
def test_the_fit_is_the_top(p: float, rho: float) -> None:
    """No point of a fine grid is likelier than the fit."""
    launched, destroyed = table(1, p, rho, np.random.default_rng(5))
    tails = _tails(launched.tolist(), destroyed.tolist())
    best, top = clusters.likeliest_rho(clusters.FREE, tails)
    grid = np.linspace(0.0, 0.999, 400)
    assert top >= max(clusters.log_likelihood(clusters.likeliest_p(r, tails), r, tails) for r in grid) - 1e-9
    chances = np.linspace(0.001, 0.999, 400)
    assert top >= max(clusters.log_likelihood(x, best, tails) for x in chances) - 1e-9


def test_drawn_tables_have_the_correlation() -> None:
    """The urns' mean and pairwise correlation, in 4,000 attacks of 6: within four standard errors."""
    launched, destroyed = np.full(4000, 6), np.empty(4000, np.int64)
    clusters.draw(launched, 0.4, 0.3, np.uint64(9), destroyed)
    assert destroyed.mean() / 6 == pytest.approx(0.4, abs=4 * 0.01)
    spread = destroyed.var() / (6 * 0.4 * 0.6)  # 1 + (n - 1) rho
    assert (spread - 1) / 5 == pytest.approx(0.3, abs=4 * 0.01)


def test_the_truth_is_plausible_in_95_of_100_tables() -> None:
    """What intervals invert, for correlation and for kill chance: three standard errors either way."""
    rng = np.random.default_rng(11)
    held = np.zeros((TABLES, 2), bool)
    for i in range(TABLES):
        p, rho = 0.4, CORRELATIONS[i % len(CORRELATIONS)]
        launched, destroyed = table((0, 4)[i % 2], p, rho, rng)
        tails = _tails(launched.tolist(), destroyed.tolist())
        for row, value in enumerate((rho, p)):
            held[i, row] = clusters.plausible(value, row == 1, launched, tails, i, 199, 0.95)
    slack = 3 * math.sqrt(0.05 * 0.95 / TABLES)
    assert held.mean(axis=0) == pytest.approx(0.95, abs=slack)


@pytest.mark.long
def test_whole_intervals_cover_the_truth() -> None:
    """A few of the soak's tables: 12 of them with three misses or more would be one case in 50."""
    held = covered(WHOLE, 3)["all"]
    assert sum(held["correlation"]) >= WHOLE - 2
    assert sum(held["p_kill"]) >= WHOLE - 2


def test_an_interval_keeps_other_values_out() -> None:
    """Wide enough is easy: it must also exclude what is far away."""
    launched, destroyed = table(2, 0.5, 0.6, np.random.default_rng(1))
    band = kills.fit(launched, destroyed).correlation
    assert band is not None
    assert 0.35 < band.low < 0.6 < band.high < 0.8
    launched, destroyed = table(2, 0.5, 0.0, np.random.default_rng(1))
    band = kills.fit(launched, destroyed).correlation
    assert band is not None
    assert band.low == 0.0
    assert band.high < 0.15


def test_the_chance_of_so_large_a_spread_is_uniform_without_correlation() -> None:
    """A test at 5 % must reject 5 % of independent tables: 300 of them, four standard errors."""
    rng = np.random.default_rng(2)
    chances = [kills._against_chance(*table(0, 0.4, 0.0, rng), 1, 199)[0] for _ in range(300)]
    assert np.mean(np.array(chances) <= 0.05) == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 300))
    assert 0.4 < np.mean(chances) < 0.6


def test_zeros_under_independence_are_hypergeometric() -> None:
    """Three attacks of 2, 2 and 1, two of five missiles fall: 3/10 + 3/10 + 6/10."""
    assert kills.none_expected(np.array([2, 2, 1]), 2) == pytest.approx(1.2)
    assert kills.none_expected(np.array([3, 2]), 4) == 0.0
    drawn = clusters.shuffled(np.array([2, 2, 1]), 2, 1, 20_000)[:, 1].mean()
    assert drawn == pytest.approx(1.2, abs=0.02)


def test_zeros_of_the_fit() -> None:
    assert kills._none_fitted(np.array([1, 3]), 0.25, 1.0) == pytest.approx(1.5)
    assert kills._none_fitted(np.array([1, 3]), 0.25, 0.0) == pytest.approx(0.75 + 0.75**3)
    urn = 0.75 * (0.75 * 0.8 + 0.2) / 1.0 * (0.75 * 0.8 + 0.4) / 1.2
    assert kills._none_fitted(np.array([3]), 0.25, 0.2) == pytest.approx(urn)


def test_attacks_outside_coverage_look_like_correlation() -> None:
    """Independent kills, and eight attacks nobody could reach: found, and how few would explain it."""
    rng = np.random.default_rng(4)
    launched = np.full(40, 5)
    destroyed = rng.binomial(launched, 0.6)
    destroyed[:8] = 0
    found = kills.fit(launched, destroyed)
    assert found.p_independent < 0.05
    assert found.correlation is not None
    assert found.correlation.low > 0.0
    assert found.outside is not None
    assert 0 < found.outside <= 8
    for left_out, looks_independent in ((found.outside, True), (found.outside - 1, False)):
        chance = kills._against_chance(launched[left_out:], destroyed[left_out:], 1, kills.SHUFFLES_OF_MANY)[
            0
        ]
        assert (chance >= 0.05) == looks_independent
    answer = api.fit_kills(list(zip(launched.tolist(), destroyed.tolist(), strict=True)))
    assert any("outside coverage" in warning for warning in answer.warnings)


def test_nothing_need_lie_outside_where_independence_holds() -> None:
    found = kills.fit(np.full(12, 3), np.array([0, 1, 2, 1, 3, 0, 2, 1, 1, 2, 0, 1]))
    assert found.p_independent > 0.05
    assert found.none_seen == 3
    assert found.outside == 0


def test_what_zeros_do_not_explain() -> None:
    """Attacks stopped whole are correlation without any zero."""
    found = kills.fit(np.full(24, 6), np.array([6, 2] * 12))
    assert found.p_independent < 0.05
    assert found.none_seen == 0
    assert found.outside is None


@pytest.mark.parametrize(("rows", "why"), [
    ([(1, 1), (1, 0), (1, 1)], "no attack launched more than one"),
    ([(3, 0), (2, 0)], "nothing was destroyed"), ([(3, 3), (2, 2)], "everything was destroyed"),
])  # fmt: skip
def test_tables_that_tell_nothing_of_correlation(rows: list[tuple[int, int]], why: str) -> None:
    found = api.fit_kills(rows).whole
    assert found.correlation is None
    assert why in found.undetermined
    assert 0.0 <= found.p_kill.low <= found.p_kill.value <= found.p_kill.high <= 1.0
    assert found.p_kill.high - found.p_kill.low > 0.3


def test_the_same_table_and_seed_give_the_same_answer() -> None:
    rows = [(4, 1), (5, 0), (3, 3), (6, 2), (2, 0)]
    assert api.fit_kills(rows) == api.fit_kills(rows)
    assert api.fit_kills(rows).whole != api.fit_kills(rows, seed=2).whole


def test_classes_are_fitted_alone() -> None:
    rows = {
        "launched": [4, 5, 6, 3, 7, 5], "destroyed": [4, 5, 5, 0, 1, 0], "class": [*"aaa", *"bbb"],
    }  # fmt: skip
    found = api.fit_kills(rows)
    assert list(found.classes) == ["a", "b"]
    assert found.classes["a"].launched == 15
    assert found.whole.launched == 30
    assert any("classes" in warning.lower() for warning in found.warnings)
    assert api.fit_kills({**rows, "class": ["a"] * 6}).classes == {}


def test_counts_that_no_report_can_give_are_all_said() -> None:
    with pytest.raises(InputError) as wrong:
        api.no_intercept_band(0, 5, 7, seen=3)
    assert len(wrong.value.problems) == 3


def test_the_chance_of_so_many_zeros_by_hand() -> None:
    """Two attacks of two, two of four missiles fall: both in one attack in 2 of 6 ways."""
    as_many = kills._against_chance(np.array([2, 2]), np.array([2, 0]), 1, 9_999)[1]
    assert as_many == pytest.approx(1 / 3, abs=0.02)
    never = kills._against_chance(np.full(30, 6), np.array([6, 0] * 15), 1, 199)[1]
    assert never == 1 / 200  # no shuffle is as odd: the table itself counts


def test_zeros_of_independence_lie_in_their_band_in_95_of_100() -> None:
    """Against shuffles by NumPy: the band holds 95 %, and without its ends less. Counts are whole."""
    launched, destroyed = np.full(400, 3), np.zeros(400, int)
    destroyed[:200] = 2
    low, high = kills._against_chance(launched, destroyed, 1, 9_999)[2:]
    rng, fates = np.random.default_rng(3), np.repeat([1, 0], [400, 800])
    zeros = np.array([(rng.permutation(fates).reshape(-1, 3).sum(axis=1) == 0).sum() for _ in range(4000)])
    assert np.mean((zeros >= low) & (zeros <= high)) > 0.94
    assert np.mean((zeros > low) & (zeros < high)) < 0.95


def test_the_largest_attacks_with_no_intercept_are_left_out_first() -> None:
    """One attack of thirty without a kill says it all; three single missiles say nothing."""
    launched = np.array([1, 1, 1, 30, *[4] * 8])
    destroyed = np.array([0, 0, 0, 0, *[2, 3, 1, 2, 3, 2, 1, 2]])
    assert kills.fit(launched, destroyed).outside == 1


def test_a_class_of_one_attack_is_said_to_have_no_row() -> None:
    found = api.fit_kills({"launched": [4, 5, 6], "destroyed": [4, 1, 0], "class": ["a", "a", "b"]})
    assert list(found.classes) == ["a"]
    assert any("single attack" in warning and warning.endswith(": b.") for warning in found.warnings)


def test_the_ends_are_told_as_ends() -> None:
    """Kills more even than luck: no correlation at all; attacks stopped whole or not at all: 1."""
    even = clusters.likeliest_rho(clusters.FREE, _tails([4] * 10, [2] * 10))
    assert even[0] == 0.0
    whole = clusters.likeliest_rho(clusters.FREE, _tails([4] * 10, [4, 0] * 5))
    assert whole[0] == 1.0
    assert whole[1] == pytest.approx(10 * math.log(0.5))
