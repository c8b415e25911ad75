"""Free riding and concordance: limits, signs, and what is undefined."""

from __future__ import annotations

import math
import random

import pytest

from synaspis.studies.concordance import free_rider_index, rank_correlation, signed_rank


@pytest.mark.parametrize("seed", range(20))
def test_the_index_adds_up_to_nothing_and_stays_within_its_limits(seed: int) -> None:
    draw = random.Random(seed)
    benefit = {m: draw.uniform(-0.5, 2.0) for m in "abcde"} | {"f": 5.0}
    burden = {m: draw.uniform(0.0, 3.0) for m in "fedcba"}
    index = free_rider_index(benefit, burden)
    assert index is not None
    assert math.fsum(index.values()) == pytest.approx(0.0, abs=1e-12)
    assert all(-1.0 <= i <= 1.0 for i in index.values())


def test_who_only_gains_and_who_only_pays() -> None:
    assert free_rider_index({"a": 3.0, "b": 0.0}, {"a": 0.0, "b": 2.0}) == {"a": 1.0, "b": -1.0}
    assert free_rider_index({"a": 3.0, "b": 1.0}, {"a": 6.0, "b": 2.0}) == {"a": 0.0, "b": 0.0}


@pytest.mark.parametrize(
    ("benefit", "burden"),
    [
        ({"a": 0.0, "b": 0.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 1.0, "b": -2.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 1.0, "b": 1.0}, {"a": 0.0, "b": 0.0}),
        ({"a": 1.0, "b": math.nan}, {"a": 1.0, "b": 1.0}),
        ({}, {}),
    ],
)
def test_undefined(benefit: dict[str, float], burden: dict[str, float]) -> None:
    assert free_rider_index(benefit, burden) is None


def test_signed_ranks_by_hand() -> None:
    """Differences 1, -2, 3, -4, 5: ranks of the negative add up to 6; 13 of 32 signs give 6 or less."""
    found = signed_rank({"a": 0.1, "b": -0.2, "c": 0.3, "d": -0.4, "e": 0.5, "f": 0.0})
    assert found is not None
    assert (found.statistic, found.members) == (6.0, 5)
    assert found.p_value == pytest.approx(2 * 13 / 32)
    assert signed_rank({"a": 0.0, "b": 1e-15}) is None


def test_rank_correlation_by_hand() -> None:
    """One swap of neighbours among four: rho = 1 - 6 * 2 / 60, tau = 1 - 2 / 6."""
    found = rank_correlation({"a": 1, "b": 2, "c": 3, "d": 4}, {"d": 4, "c": 3, "b": 1, "a": 2})
    assert found is not None
    assert found.spearman == pytest.approx(0.8)
    assert found.kendall == pytest.approx(2 / 3)
    assert found.members == 4
    assert rank_correlation({"a": 1, "b": 2}, {"a": 1, "b": 2}) is None
    assert rank_correlation({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 1, "c": 1}) is None
    assert rank_correlation({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": math.nan, "c": 1}) is None
