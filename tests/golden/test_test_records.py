"""Flight-test records as Beta bands, and the catalogue's kill chances beside them: tests, not combat.

Records: GMD 7 of 14 (MDA via Arms Control Today, February 2013); SM-3 22 of 27 (MDA, September 2011); SM-3
Block IA 19 of 22 (MDAA, September 2011); THAAD 15 of 15 (MDA, July 2017); SM-3 Block IIA 4 of 6.
"""

from __future__ import annotations

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files import catalog
from synaspis.model.fact import Fact
from synaspis.model.kills import TESTS_LABEL

RECORDS = {
    ("sm-3-ib", "p_kill.srbm"): (22, 27), ("sm-3-ib", "p_kill.mrbm"): (22, 27),
    ("sm-3-ia", "p_kill.srbm"): (19, 22), ("sm-3-ia", "p_kill.mrbm"): (19, 22),
    ("sm-3-iia", "p_kill.mrbm"): (4, 6),
    ("thaad", "p_kill.srbm"): (15, 15), ("thaad", "p_kill.mrbm"): (15, 15),
    ("gbi", "p_kill.irbm"): (7, 14), ("gbi", "p_kill.icbm"): (7, 14),
}  # fmt: skip


def _recorded() -> dict[tuple[str, str], Fact]:
    facts = (f for name in catalog.names() for f in catalog.entry(name).facts)
    return {(f.entry, f.parameter): f for f in facts if f.record is not None}


def test_the_catalogue_holds_these_records() -> None:
    assert {where: fact.record for where, fact in _recorded().items()} == RECORDS


def test_gmd() -> None:
    """7 of 14: symmetric about a half, so the median is a half; the ends by tables of Beta(7.5, 7.5)."""
    band = api.test_band(7, 14)
    assert band.centre == pytest.approx(0.5, abs=1e-12)
    assert band.low == pytest.approx(1 - band.high, abs=1e-12)
    assert (band.low, band.high) == pytest.approx((0.2589, 0.7411), abs=1e-4)
    assert band.label == TESTS_LABEL == "tests, not combat"


def test_the_band_is_the_posterior_of_jeffreys_prior() -> None:
    """By summing the density s^21.5 (1 - s)^4.5 of 22 in 27, with no special function."""
    import numpy as np

    s = (np.arange(400_000) + 0.5) / 400_000
    share = np.cumsum(s**21.5 * (1 - s) ** 4.5)
    share /= share[-1]
    band = api.test_band(22, 27)
    for end, at in ((band.low, 0.025), (band.centre, 0.5), (band.high, 0.975)):
        assert end == pytest.approx(float(s[np.searchsorted(share, at)]), abs=1e-5)


def test_a_record_without_a_failure_does_not_promise_one() -> None:
    band = api.test_band(15, 15)
    assert band.high == 1.0
    assert 0.8 < band.low < band.centre < 1.0
    assert api.test_band(0, 3).low == 0.0


@pytest.mark.parametrize("where", RECORDS, ids=" ".join)
def test_the_catalogues_band_holds_the_records_centre_or_says_why_not(where: tuple[str, str]) -> None:
    fact = _recorded()[where]
    assert fact.record is not None
    centre = api.test_band(*fact.record).centre
    assert "tests, not combat" in fact.note.lower()
    if not fact.low <= centre <= fact.high:
        assert "kept below the record" in fact.note, (
            f"{where}: {centre:.3f} lies outside the band, unexplained"
        )


@pytest.mark.parametrize(("successes", "attempts"), [(3, 2), (-1, 4), (0, 0)])
def test_a_record_that_cannot_be(successes: int, attempts: int) -> None:
    with pytest.raises(InputError, match="attempts"):
        api.test_band(successes, attempts)
