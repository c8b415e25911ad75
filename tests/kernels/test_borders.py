"""Points fall into the areas where maps have them: date line, poles, holes, straits and small states."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.engine.under import areas
from synaspis.files.borders import borders
from synaspis.files.iso3166 import CODES
from synaspis.kernels.borders import stripes

# (latitude, longitude, code): places known to lie well inside, "" for sea.
PLACES = {
    "Berlin": (52.52, 13.405, "DEU"), "Kaliningrad": (54.7, 20.8, "RUS"), "Pristina": (42.66, 21.17, "XKX"),
    "Anadyr region": (67.0, 178.0, "RUS"), "beyond the date line": (67.0, -175.0, "RUS"),
    "on the date line": (67.0, 180.0, "RUS"), "on the date line, west": (67.0, -180.0, "RUS"),
    "Wrangel Island": (71.2, -179.5, "RUS"), "Viti Levu": (-17.8, 178.0, "FJI"),
    "Taveuni": (-16.85, -179.97, "FJI"), "Attu": (52.9, 173.0, "USA"), "Honolulu": (21.45, -158.0, "USA"),
    "South Pole": (-90.0, 12.0, "ATA"), "South Pole, otherwise": (-90.0, -170.0, "ATA"),
    "Dome C": (-75.1, 123.35, "ATA"), "North Pole": (90.0, 0.0, ""), "Maseru, a hole": (-29.5, 28.0, "LSO"),
    "around Lesotho": (-27.0, 28.0, "ZAF"), "Caspian Sea": (42.0, 51.0, ""), "Black Sea": (43.0, 34.0, ""),
    "mid Atlantic": (40.0, -40.0, ""), "Luxembourg": (49.75, 6.1, "LUX"),
    "longitude above 180": (-17.8, 538.0, "FJI"),
    "Christmas Island": (-10.48, 105.63, "CXR"), "Cyprus": (34.9, 33.2, "CYP"), "Tokyo": (35.7, 139.5, "JPN"),
}  # fmt: skip


def _codes(points: np.ndarray) -> list[str]:
    found = borders()
    return [found.codes[a] if a >= 0 else "" for a in areas(found, points)]


def test_places_lie_where_they_should() -> None:
    points = np.array([place[:2] for place in PLACES.values()])
    wrong = {
        name: code
        for (name, place), code in zip(PLACES.items(), _codes(points), strict=True)
        if code != place[2]
    }
    assert wrong == {}


def test_no_number_lies_nowhere() -> None:
    assert _codes(np.array([[np.nan, 10.0], [50.0, np.nan]])) == ["", ""]


@pytest.mark.parametrize(("code", "box", "published_km2"), [
    ("BRA", (-34.0, 6.0, -75.0, -34.0), 8_460e3), ("AUS", (-44.0, -10.0, 112.0, 154.0), 7_633e3),
    ("KAZ", (40.0, 56.0, 46.0, 88.0), 2_670e3), ("EGY", (21.0, 32.5, 24.0, 37.5), 995e3),
    ("FJI", (-20.0, -15.0, 176.0, 182.0), 18.3e3),
])  # fmt: skip
def test_areas_are_the_nations_own(
    code: str, box: tuple[float, float, float, float], published_km2: float
) -> None:
    """Land areas of the CIA World Factbook, on a grid: 2 % (lakes count differently); 6 % for islands."""
    south, north, west, east = box
    sine = np.linspace(np.sin(np.radians(south)), np.sin(np.radians(north)), 300)
    longitude = np.linspace(west, east, 300)
    points = np.stack(np.meshgrid(np.degrees(np.arcsin(sine)), longitude, indexing="ij"), axis=-1).reshape(
        -1, 2
    )
    found = borders()
    rows = [i for i, c in enumerate(found.codes) if c == code]
    share = np.isin(areas(found, points), rows).mean()
    whole = 510.07e6 * (sine[-1] - sine[0]) / 2 * (east - west) / 360
    assert share * whole == pytest.approx(published_km2, rel=0.06 if code == "FJI" else 0.02)


def test_every_code_is_one() -> None:
    assert {c for c in borders().codes if c} <= CODES
    assert [n for c, n in zip(borders().codes, borders().names, strict=True) if not c] == ["Siachen Glacier"]


def test_stripes_hold_every_edge_that_they_cross() -> None:
    """Edges over the date line are kept on both sides; none is lost."""
    edges = np.array(
        [[179.9, 0.0, -179.9, 1.0], [10.1, 0.0, 12.2, 0.0], [-0.1, 5.0, 0.1, 5.0], [45.0, 0.0, 45.0, 9.0]]
    )
    first, rows = stripes(edges)
    where = {e: [s for s in range(720) if e in rows[first[s] : first[s + 1]]] for e in range(4)}
    assert where == {0: [0, 719], 1: [380, 381, 382, 383, 384], 2: [359, 360], 3: [450]}
