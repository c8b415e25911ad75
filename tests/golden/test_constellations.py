"""Published sizing figures of infrared constellations.

Source: M. Dahlgren and T. Karako, Getting on Track: Space and Airborne Sensors for Hypersonic Missile
Defense, CSIS, 18 December 2023: targets at 20 km, 6-degree grid, success is no gap in global stereo over
a day. The patterns' planes and inclinations are not published with these figures. Ours are Walker deltas at
80 degrees, 7 planes of 13 and 9 planes of 15, phasing 1.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from synaspis.files import catalog
from synaspis.kernels.earth import EQUATORIAL_RADIUS_M, MEAN_RADIUS_M
from synaspis.model.constellation import Merits
from synaspis.model.orbit import Walker
from synaspis.model.sensor import Infrared, Sensor
from synaspis.studies.constellation import merits_of

START = dt.datetime(2024, 12, 1)


def merits(satellites: int, planes: int, field_deg: float) -> Merits:
    walker = Walker(
        satellites=satellites, planes=planes, phasing=1, altitude_m=1e6, inclination_rad=math.radians(80.0)
    )
    kind = catalog.noun("geo-infrared")
    assert isinstance(kind, Infrared)
    kind = replace(kind, field_of_regard_rad=math.radians(field_deg))
    return merits_of([Sensor(name="leo", type="any", owner="USA", walker=walker)], {"any": kind}, START)


@pytest.mark.parametrize(
    ("satellites", "planes", "field_deg", "persistent"),
    [(91, 7, 120.0, True), (91, 7, 100.0, False), (135, 9, 120.0, True)],
)
def test_persistent_global_stereo(satellites: int, planes: int, field_deg: float, persistent: bool) -> None:
    found = merits(satellites, planes, field_deg)
    assert found.satellites == satellites
    assert found.persistent_stereo is persistent
    assert (found.coverage_min >= 2) is persistent
    assert (found.worst_gap_s == 0.0) is persistent
    assert (found.stereo_share == 1.0) is persistent
    # What each satellite sees adds up to the mean: an independent count by the cap's area, in the middle of
    # its field, where no ray grazes. Half of 100 degrees sees a cap of asin(7378/6398 sin 50) - 50 degrees.
    if field_deg == 100.0:
        edge = math.asin((EQUATORIAL_RADIUS_M + 1e6) / (MEAN_RADIUS_M + 20e3) * math.sin(math.radians(50.0)))
        cap = 0.5 * (1.0 - math.cos(edge - math.radians(50.0)))
        assert found.coverage_mean == pytest.approx(satellites * cap, rel=0.02)


def test_the_limb() -> None:
    """At 1,000 km the Earth fills 119.6 degrees, 1 %: below that a field of regard cuts the view."""
    limb = 2.0 * math.degrees(math.asin(MEAN_RADIUS_M / (MEAN_RADIUS_M + 1e6)))
    assert limb == pytest.approx(119.6, rel=0.01)
    seen = [merits(1, 1, field).coverage_mean for field in (110.0, 118.0, 119.6, 121.5, 125.0, 150.0)]
    assert all(np.diff(seen[:4]) > 0.0)
    # Targets stand 20 km above the limb, so that the view grows for 0.8 degrees more, and then no further.
    assert seen[3] == seen[4] == seen[5]
