"""CZML: times, positions and ellipses as its guide has them."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from synaspis.interop.czml import Scene, disc

EPOCH = dt.datetime(2026, 3, 1, 23, 59, 58)


def scene() -> Scene:
    return Scene("x", EPOCH, 0.0, 10.0, 5.0)


def test_the_first_packet_has_the_clock() -> None:
    first = scene().packets[0]
    assert (first["id"], first["version"]) == ("document", "1.0")
    assert first["clock"]["interval"] == "2026-03-01T23:59:58.000Z/2026-03-02T00:00:08.000Z"
    assert first["clock"]["currentTime"] == "2026-03-01T23:59:58.000Z"


@pytest.mark.parametrize(
    ("time_s", "told"), [(1.9996, "2026-03-02T00:00:00.000Z"), (0.0625, "2026-03-01T23:59:58.062Z")]
)
def test_times_are_rounded_to_milliseconds(time_s: float, told: str) -> None:
    assert scene().at(time_s) == told


def test_positions_are_longitude_first_and_part_where_nothing_was_seen() -> None:
    made = scene()
    made.moving(
        "a",
        "A",
        [[(0.0, 1.0, 2.0, 300.0), (1.0, 1.1, 2.1, 400.0)], [], [(4.0, 5.0, 6.0, 0.0), (5.0, 5.0, 6.5, 0.0)]],
    )
    told = made.packets[-1]
    assert told["position"][0]["cartographicDegrees"] == [0.0, 2.0, 1.0, 300.0, 1.0, 2.1, 1.1, 400.0]
    assert told["availability"] == [made.span(0.0, 1.0), made.span(4.0, 5.0)]
    assert [p["interval"] for p in told["position"]] == told["availability"]


def test_what_never_moved_is_not_there() -> None:
    made = scene()
    made.moving("a", "A", [[], []])
    assert len(made.packets) == 1


@pytest.mark.parametrize(("bearing_deg", "turned"), [(90.0, 0.0), (0.0, math.pi / 2), (135.0, -math.pi / 4)])
def test_an_ellipse_turns_anticlockwise_from_east(bearing_deg: float, turned: float) -> None:
    told = disc(50e3, 10e3, bearing_deg, (1, 2, 3, 4))
    assert told["rotation"] == pytest.approx(turned)
    assert told["semiMajorAxis"] >= told["semiMinorAxis"]
