"""Classes against their published ranges, and how they are sized."""

from __future__ import annotations

import dataclasses

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files.catalog import noun, shipped
from synaspis.model.threat import Stage, Threat
from synaspis.studies import sizing
from synaspis.studies.range_check import farthest_km, range_check


def _threat(name: str) -> Threat:
    found = noun(name)
    assert isinstance(found, Threat)
    return found


@pytest.mark.parametrize("name", shipped().names("threat"))
def test_every_class_holds_its_published_range(name: str) -> None:
    check = api.range_check(name)
    assert check.verdict in ("within", "margin")
    assert check.flown_km >= check.published_km
    if _threat(name).prescribed:  # its Earth does not turn
        assert check.by_direction == {}
        return
    assert check.flown_km > check.published_km
    # On a turning Earth all weighs up to 0.3 % less; a short flight loses less than that westward.
    lighter = 1.0 if check.published_km > 200.0 else 1.0035
    assert check.by_direction["west"] < lighter * check.flown_km


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(2000, 2500, "within"), (1500, 2000, "margin"), (500, 1000, "beyond"), (3000, 4000, "short")],
)
def test_verdicts(low: float, high: float, verdict: str) -> None:
    assert range_check(_threat("mrbm-2000"), low, high).verdict == verdict


def test_half_way_round_is_no_figure() -> None:
    fast = _threat("icbm-liquid")
    lighter = dataclasses.replace(fast, payload_kg=100.0)
    check = range_check(lighter, 10_000, 15_000)
    assert check.verdict == "beyond"
    assert check.flown_km != check.flown_km


def test_what_cannot_rise_flies_nowhere() -> None:
    heavy = dataclasses.replace(_threat("icbm-liquid"), payload_kg=200_000.0)
    assert farthest_km(heavy) == 0.0


def test_the_rocket_equation() -> None:
    """Closed form: a mass ratio of e gives the exhaust speed, and stages add up."""
    e = 2.718281828459045
    one = Stage(burn_s=60.0, propellant_kg=1000.0 * (e - 1.0), dry_kg=400.0, specific_impulse_s=250.0)
    assert sizing.ideal_mps((one,), 600.0) == pytest.approx(250.0 * 9.80665)
    two = dataclasses.replace(one, propellant_kg=(e - 1.0) * 1000.0 * e / (e - 0.0) * 1.0)
    assert sizing.ideal_mps((two, one), 600.0) > sizing.ideal_mps((one,), 600.0)


def test_loads() -> None:
    one = Stage(burn_s=50.0, propellant_kg=800.0, dry_kg=100.0, specific_impulse_s=250.0)
    start, end = sizing.loads_g((one,), 100.0)
    assert start == pytest.approx(250.0 * 800.0 / 50.0 / 1000.0)
    assert end == pytest.approx(250.0 * 800.0 / 50.0 / 200.0)


def test_needed_speed_goes_to_orbit() -> None:
    """Half way round takes the speed of a circular orbit at the ground (Bate, Mueller & White, 6.2)."""
    assert sizing.needed_mps(20_015e3) == pytest.approx(7909.0, rel=1e-3)


def test_unknown_class() -> None:
    with pytest.raises(InputError, match="did you mean `mrbm-2000`"):
        api.range_check("mrbm-200")
