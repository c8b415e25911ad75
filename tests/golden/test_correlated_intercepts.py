"""RUSI's count of Iskander attacks: more with no intercept than independence gives for any sizes.

A. Cranny-Evans and S. Kaushal, *Iskander: An Improved Russian Missile Tests Ukraine's Air Defence*, RUSI, 18
November 2025: June to September 2025, 50 attacks, 179 missiles fired, 67 intercepted, 36 attacks with none.
The sizes of the attacks are not told. What independence predicts is bounded by theory for any sizes: see
`synaspis.no_intercept_band` and docs/decisions/correlated-kills.md. Exact: no tolerance but that of rounding.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synaspis import api
from synaspis.studies import kills

ATTACKS, FIRED, INTERCEPTED, NONE = 50, 179, 67, 36


def test_independence_predicts_9_to_31_and_36_were_seen() -> None:
    band = api.no_intercept_band(ATTACKS, FIRED, INTERCEPTED, seen=NONE)
    assert (round(band.fewest), round(band.most)) == (9, 31)
    assert band.most < NONE
    # Beyond the mean: even of the sizes that favour it most, 49 single missiles and one attack of 130,
    # fewer than one war in twenty would show as many; of equal sizes, none.
    assert band.p_most < 0.05
    assert band.p_fewest < 0.001


def test_no_sizes_lie_outside_the_band() -> None:
    """All lists of sizes of a small case, one by one, and random ones of RUSI's."""
    small = api.no_intercept_band(4, 11, 5)
    for sizes in itertools.product(range(1, 9), repeat=4):
        if sum(sizes) == 11:
            assert small.fewest - 1e-12 <= sum((6 / 11) ** n for n in sizes) <= small.most + 1e-12
    band = api.no_intercept_band(ATTACKS, FIRED, INTERCEPTED)
    rng = np.random.default_rng(1)
    miss = 1 - INTERCEPTED / FIRED
    for _ in range(300):
        cuts = np.sort(rng.choice(np.arange(1, FIRED), ATTACKS - 1, replace=False))
        sizes_drawn = np.diff(np.r_[0, cuts, FIRED])
        assert band.fewest <= (miss**sizes_drawn).sum() <= band.most


def test_the_bounds_are_met() -> None:
    """Single missiles and one large attack give the most; equal sizes, where whole, the fewest."""
    miss = 1 - INTERCEPTED / FIRED
    band = api.no_intercept_band(ATTACKS, FIRED, INTERCEPTED)
    assert band.most == pytest.approx(49 * miss + miss**130)
    even = api.no_intercept_band(10, 40, 15)
    assert even.fewest == pytest.approx(10 * (1 - 15 / 40) ** 4)


def test_a_table_of_such_totals_shows_the_correlation() -> None:
    """Made up to RUSI's totals: 14 attacks of six that share the 67, and 36 smaller ones with none."""
    launched = np.array([6] * 14 + [3] * 23 + [2] * 13)
    destroyed = np.array([5] * 11 + [4] * 3 + [0] * NONE)
    assert (len(launched), launched.sum(), destroyed.sum()) == (ATTACKS, FIRED, INTERCEPTED)
    found = kills.fit(launched, destroyed)
    assert found.none_seen == NONE > found.none_independent.high
    assert found.p_none < 0.001
    assert found.correlation is not None
    assert found.correlation.low > 0.3
