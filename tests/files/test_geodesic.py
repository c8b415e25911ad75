"""Distances agree with the geodesics of Karney's GeographicLib."""

from __future__ import annotations

import math

from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from synaspis.files.geodesic import distance_m

_latitude, _longitude = st.floats(-90, 90), st.floats(-180, 180)


@given(_latitude, _longitude, _latitude, _longitude)
def test_distance_is_the_length_of_the_geodesic(
    lat_1: float, lon_1: float, lat_2: float, lon_2: float
) -> None:
    exact = Geodesic.WGS84.Inverse(lat_1, lon_1, lat_2, lon_2)["s12"]
    found = distance_m(*(math.radians(x) for x in (lat_1, lon_1, lat_2, lon_2)))
    # First order in the flattening: the terms left out are flattening squared, 1e-5 of the distance,
    # and grow towards the antipode.
    assert abs(found - exact) <= (50.0 if exact < 15e6 else 0.005 * exact)
