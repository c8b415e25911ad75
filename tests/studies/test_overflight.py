"""The stretches of a track over land: in order, with lengths that add up, across date line and pole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from synaspis.files.borders import borders
from synaspis.studies.overflight import length_km, nations, stretches


def _track(start: tuple[float, float], end: tuple[float, float], count: int = 4000) -> np.ndarray:
    """Straight in latitude and longitude, a second to a point, 10 km high."""
    part = np.linspace(0.0, 1.0, count)
    latitude = start[0] + part * (end[0] - start[0])
    longitude = start[1] + part * (end[1] - start[1])
    return np.stack(
        [np.arange(float(count)), latitude, (longitude + 180) % 360 - 180, np.full(count, 10.0)], 1
    )


def test_order_and_return() -> None:
    """Along 50.6 N from the Rhineland to Volhynia; the border in the Sudetes is crossed more than once."""
    found = stretches(borders(), _track((50.6, 7.0), (50.6, 24.5)))
    assert nations(found) == ("DEU", "CZE", "POL", "UKR")
    assert [s.from_s for s in found] == sorted(s.from_s for s in found)
    assert all(a.to_s <= b.from_s for a, b in pairwise(found))


def test_over_land_alone_the_lengths_add_up() -> None:
    track = _track((50.6, 7.0), (50.6, 24.5))
    found = stretches(borders(), track)
    assert sum(s.length_km for s in found) == pytest.approx(length_km(track), rel=1e-6)
    assert length_km(track) == pytest.approx(1239.5, rel=1e-3)  # 17.5 degrees of the parallel of 50.6 N


def test_a_border_is_met_where_it_is() -> None:
    """The border on the 49th parallel is met at 49 N within 1 km: the map draws it as a few long lines."""
    track = _track((51.0, -105.0), (47.0, -105.0))
    found = stretches(borders(), track)
    assert nations(found) == ("CAN", "USA")
    latitude = np.interp(found[0].to_s, track[:, 0], track[:, 1])
    assert latitude == pytest.approx(49.0, abs=0.01)


def test_across_the_date_line() -> None:
    found = stretches(borders(), _track((67.0, 170.0), (67.0, 200.0)))
    assert nations(found) == ("RUS", "USA")
    assert found[0].from_s == 0.0
    crossed = 3999 * (180.0 - 170.0) / 30.0
    assert found[0].to_s > crossed, "the date line ends no stretch"


def test_sea_has_no_stretch() -> None:
    assert stretches(borders(), _track((40.0, -50.0), (40.0, -20.0))) == ()


def test_heights_and_names() -> None:
    track = _track((50.6, 7.0), (50.6, 24.5))
    track[:, 3] = np.linspace(0.0, 100.0, len(track))
    found = stretches(borders(), track)
    assert found[0].name == "Germany"
    assert found[0].lowest_km == 0.0
    assert found[-1].highest_km == 100.0
    assert found[1].lowest_km == pytest.approx(found[0].highest_km, abs=0.05)
