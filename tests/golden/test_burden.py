"""Burden sharing against published figures.

Size and share: M. Olson and R. Zeckhauser, "An Economic Theory of Alliances", Review of Economics and
Statistics 48(3), 1966, pp. 266-279, Table 1, year 1964; Spearman's coefficient of gross national product and
defence expenditure as a share of it is published as 0.490. The table is typed in from memory; that it gives
the published coefficient to its three digits is the check on both.

Payments: NATO's common funding in 2017, 2,440 million US dollars, and what four members paid of it by the
cost shares for 2016 and 2017, as the press quoted NATO in March 2017. Shares are given to two digits of per
cent, so amounts agree to 0.05 % at best; 0.1 % is asked.
"""

from __future__ import annotations

import pytest

from synaspis.files.catalog import shipped
from synaspis.files.economies import economies
from synaspis.studies.concordance import rank_correlation
from synaspis.studies.keys import common_funding

GNP_AND_DEFENCE = {
    "United States": (569.03, 9.0),
    "Germany": (88.87, 5.5),
    "United Kingdom": (79.46, 7.0),
    "France": (73.40, 6.7),
    "Italy": (43.63, 4.1),
    "Canada": (38.14, 4.4),
    "Netherlands": (15.00, 4.9),
    "Belgium": (13.43, 3.7),
    "Denmark": (7.73, 3.3),
    "Turkey": (6.69, 5.8),
    "Norway": (5.64, 3.9),
    "Greece": (4.31, 4.2),
    "Portugal": (2.88, 7.7),
    "Luxembourg": (0.53, 1.7),
}
"""Gross national product in 1964, thousand million US dollars, and defence expenditure, % of it."""
COMMON_FUNDS_MUSD = 2440.0
PAID_MUSD = {"USA": 540.32, "DEU": 357.46, "FRA": 259.46, "GBR": 240.3}


def test_olson_and_zeckhauser() -> None:
    found = rank_correlation(
        {n: gnp for n, (gnp, _) in GNP_AND_DEFENCE.items()},
        {n: share for n, (_, share) in GNP_AND_DEFENCE.items()},
    )
    assert found is not None
    assert found.members == 14
    assert found.spearman == pytest.approx(0.490, abs=0.001)


def test_payments_of_2017() -> None:
    """All others stand together as one member, so that the four keep their shares of the whole."""
    known = economies(shipped())
    share = {n: known[n].common_funding["2016-17"] for n in PAID_MUSD}
    share["others"] = 1.0 - sum(share.values())
    pays = common_funding(tuple(share), share).pays(COMMON_FUNDS_MUSD)
    assert pays is not None
    for nation, paid in PAID_MUSD.items():
        assert pays[nation] == pytest.approx(paid, rel=0.001)


def test_four_alone_pay_all_in_the_same_proportion() -> None:
    known = economies(shipped())
    key = common_funding(tuple(PAID_MUSD), {n: known[n].common_funding["2016-17"] for n in PAID_MUSD})
    pays = key.pays(COMMON_FUNDS_MUSD)
    assert pays is not None
    assert key.covered == pytest.approx(0.5727)
    assert pays["USA"] / pays["FRA"] == pytest.approx(PAID_MUSD["USA"] / PAID_MUSD["FRA"], rel=0.001)
