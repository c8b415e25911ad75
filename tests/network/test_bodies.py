"""A body is of its product's form or is refused; what is made coarser stays so however long one listens."""

from __future__ import annotations

import math
import statistics
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.network import bodies
from synaspis.network.bodies import (
    Alert,
    Coarser,
    EngagementStatus,
    ImpactEstimate,
    Measurement,
    Order,
    Place,
    Request,
    Track,
    Vote,
)

from .world import World, offer, permit, rules_of

PLACE = Place(0.9, 0.3, 20_000.0, 5_000.0, 1.0)
TRACK = Track(10.0, (6.4e6, 1e5, 2e5, 1e3, 2e3, 3e3, 0.0), tuple(float(i) for i in range(28)))
EXAMPLES = {
    "alert": Alert(5.0, PLACE, None, None, "mrbm"),
    "impact_estimate": ImpactEstimate(PLACE, 400.0, 3.0),
    "track": TRACK,
    "fire_control_track": TRACK,
    "measurement": Measurement("radar", "radar", 3.0, (1e6, 0.1, 0.2, None), (1.0,) * 10, (1.0, 2.0, 3.0)),
    "engagement_status": EngagementStatus("battery", 7, "fired", 30.0),
    "request": Request("battery", 7, 60.0, "clause"),
    "vote": Vote(9, True),
    "order": Order(9, "battery", 7),
}


@pytest.mark.parametrize("product", EXAMPLES)
def test_a_body_comes_back_and_is_of_its_product_alone(product: str) -> None:
    told = bodies.write(EXAMPLES[product])
    assert bodies.read(product, told) == EXAMPLES[product] and not bodies.why_not(product, told)
    for other in set(EXAMPLES) - {product}:
        alike = type(EXAMPLES[other]) is type(EXAMPLES[product])
        assert (bodies.read(other, told) is not None) == alike
    assert bodies.read(product, told + b"\x00") is None and bodies.read("gossip", told) is None


@pytest.mark.parametrize(
    ("product", "body"),
    [
        ("track", msgspec.structs.replace(TRACK, covariance=TRACK.covariance[:-1])),
        ("track", msgspec.structs.replace(TRACK, mean=TRACK.mean[:5])),
        ("track", msgspec.structs.replace(TRACK, time_s=math.nan)),
        ("alert", Alert(5.0, msgspec.structs.replace(PLACE, latitude_rad=3.0), None, None, None)),
        ("alert", Alert(5.0, None, None, None, "x" * 100)),
        ("engagement_status", EngagementStatus("battery", 7, "winning", 30.0)),
        ("vote", Vote(-1, True)),
    ],
)
def test_what_cannot_be_is_refused(product: str, body: bodies.Body) -> None:
    assert bodies.read(product, msgspec.msgpack.encode(body)) is None


def test_numbers_that_are_not_finite_are_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="not finite"):
        bodies.write(ImpactEstimate(PLACE, math.inf, 1.0))


@settings(max_examples=100)
@given(st.sampled_from(sorted(EXAMPLES)), st.binary(max_size=120))
def test_any_bytes_are_answered(product: str, told: bytes) -> None:
    assert bodies.read(product, told) is None or told


def test_a_node_turns_away_what_is_not_of_its_product_s_form(tmp_path: Path) -> None:
    with World(tmp_path, rules_of(permit("p", "track"))) as w:
        w.start("AAA").start("BBB", unfit=bodies.why_not)
        w["AAA"].gateway.offer(offer("alert", body=bodies.write(TRACK)))
        w["AAA"].gateway.offer(offer("track", body=bodies.write(TRACK)))
        w.step(times=3)
        assert [m.product for _, m in w["BBB"].got] == ["track"]
        assert w["BBB"].gateway.tally.count("refused", "label") == 1


def track(seed: int = 1, name: str = "t1", floor_m: float = 6_000.0, body: Track = TRACK) -> Track:
    told = Coarser(seed)(offer("track", name, bodies.write(body)), floor_m)
    found = bodies.read("track", told or b"")
    assert isinstance(found, Track)
    return found


def test_a_track_is_off_by_one_error_for_as_long_as_it_lasts() -> None:
    one = track()
    later = track(body=msgspec.structs.replace(TRACK, time_s=11.0, mean=(6.5e6, *TRACK.mean[1:])))
    off = [a - b for a, b in zip(one.mean, TRACK.mean, strict=True)]
    assert [a - b for a, b in zip(later.mean, (6.5e6, *TRACK.mean[1:]), strict=True)] == pytest.approx(off)
    assert off[3:] == [0.0] * 4 and math.hypot(*off[:3]) > 100.0
    assert track(seed=2).mean != one.mean != track(name="t2").mean


def test_two_copies_of_unlike_coarseness_have_errors_of_their_own() -> None:
    """Were they alike but in size, the true place would lie on the line through both."""
    fine, coarse = (
        [a - b for a, b in zip(track(floor_m=m).mean[:3], TRACK.mean[:3], strict=True)] for m in (1e3, 6e3)
    )
    assert math.hypot(*(a * 6.0 - b for a, b in zip(fine, coarse, strict=True))) > 1_000.0


def test_a_track_says_how_coarse_it_is() -> None:
    added = [a - b for a, b in zip(track().covariance, TRACK.covariance, strict=True)]
    # 7 states: the diagonal's first three stand at 0, 7 and 13; together the square of 6 km.
    assert {i: round(x) for i, x in enumerate(added) if x} == dict.fromkeys((0, 7, 13), 12_000_000)


def test_errors_are_as_large_as_is_said() -> None:
    off = [
        math.dist(track(name=f"t{i}").mean[:3], TRACK.mean[:3]) ** 2 for i in range(400)
    ]  # mean 36 km2; one sigma of the mean of 400 squares with 3 degrees of freedom is 4 %
    assert statistics.mean(off) == pytest.approx(36e6, rel=0.15)


def test_places_are_off_and_their_ellipses_larger() -> None:
    coarser = Coarser(1)
    told = coarser(offer("alert", body=bodies.write(EXAMPLES["alert"])), 10_000.0)
    found = bodies.read("alert", told or b"")
    assert isinstance(found, Alert) and found.origin is not None and found.impact is None
    assert found.origin.semi_minor_m == pytest.approx(math.hypot(5_000.0, 2.146 * 10_000.0), rel=1e-3)
    north_m = (found.origin.latitude_rad - 0.9) * 6_378_137.0
    assert 10.0 < abs(north_m) < 40_000.0
    told = coarser(offer("impact_estimate", body=bodies.write(EXAMPLES["impact_estimate"])), 10_000.0)
    assert isinstance(bodies.read("impact_estimate", told or b""), ImpactEstimate)


def test_what_has_no_place_stays_and_a_measurement_does_not_go() -> None:
    status = bodies.write(EXAMPLES["engagement_status"])
    assert Coarser(1)(offer("engagement_status", body=status), 1.0) == status
    assert Coarser(1)(offer("measurement", body=bodies.write(EXAMPLES["measurement"])), 1.0) is None
    assert Coarser(1)(offer("track", body=b"nonsense"), 1.0) is None
