"""THAAD against one strategic warhead: about 120 km across, says the Congressional Budget Office.

D. Wilkening, Ballistic-Missile Defence and Strategic Stability (Adelphi Papers, 2000), chapter on theatre
missile defence, abstract (doi 10.4324/9781315001043-4): by calculations of the Congressional Budget Office
and others, such a system could with launch-point cueing from early-warning satellites defend an area
about 120 km in diameter against a single strategic re-entry vehicle. Only the abstract was read (2026): what
the calculation took for the interceptor and for the radar is not in it.

Fixed here: an interceptor of 2.6 km/s that meets nothing below 40 km (the catalogue's THAAD has 2.7 and 40),
an ICBM on the interceptor's list, three satellites for the cue, and a radar that finds the warhead at 350 km
in search, as the catalogue's finds a cross-section some 50 times smaller than the 0.01 m2 which it finds
at 950 km. The last is assumed, and matters most. Any figure from 90 to 150 km agrees: about half the
source's area to one and a half times it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis import api
from synaspis.files.case import resolve
from synaspis.model.case import Case
from synaspis.model.footprint import FootprintAnswer

CASE = """
case: one-thaad
title: One THAAD battery and one strategic warhead
date: 2024-12-01
nations: [USA]
sensors:
  - {name: geo-a, type: geo-infrared, owner: USA, geostationary_longitude_deg: -130}
  - {name: geo-b, type: geo-infrared, owner: USA, geostationary_longitude_deg: -60}
  - {name: geo-c, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}
batteries:
  - {name: thaad, system: thaad-battery, owner: USA, latitude_deg: 39, longitude_deg: -98, facing_deg: 0}
assets:
  - {name: Town, nation: USA, latitude_deg: 39, longitude_deg: -98, population: 1000}
launch_areas:
  - {name: Far area, nation: RUS, latitude_deg: 62, longitude_deg: 40}
raid:
  - {threat: icbm-solid, launch: Far area, target: Town}
agreements:
  - name: own
    title: What the owner decides for itself
    parties: [USA]
    source: assumed
    since: 2000-01-01
    mandates:
      - {id: defend, owners: [USA], defends: [USA], assumed: true}
    authorities:
      - {id: fire, owners: [USA], protocol: national, decision_s: 0, spread: 0, assumed: true}
regimes:
  - {name: alone, title: The owner alone, agreements: [own]}
  - {name: same, title: The same, agreements: [own]}
compare: {headline: alone, against: same}
"""
SPEED_MPS, LOWEST_M = 2_600.0, 40_000.0
CUED_BY_LAUNCH_POINT_M = 350_000.0


def case_with(acquisition_m: float) -> Case:
    """The case with a radar that finds the warhead at `acquisition_m` in search."""
    case, problems = resolve(CASE.encode(), "one-thaad.yaml")
    assert case is not None, problems
    interceptor = replace(
        case.interceptors["thaad"], engages=("icbm",), p_kill={"icbm": 0.5}, burnout_speed_mps=SPEED_MPS,
        minimum_altitude_m=LOWEST_M,
    )  # fmt: skip
    name = "an-tpy-2-terminal"
    radar = case.radars[name]
    fourth_root = 10.0 ** ((radar.reference_snr_db - radar.detection_snr_db) / 40.0)
    warhead_m2 = case.threats["icbm-solid"].cross_section_m2["X"]["terminal"]
    weaker = replace(radar, reference_range_m=acquisition_m / fourth_root, reference_rcs_m2=warhead_m2)
    return replace(case, interceptors={"thaad": interceptor}, radars={**case.radars, name: weaker})


def found(acquisition_m: float) -> FootprintAnswer:
    return api.footprint(case_with(acquisition_m), regimes=["alone"], jobs=2, cells=60)


@pytest.fixture(scope="module")
def answer() -> FootprintAnswer:
    return found(CUED_BY_LAUNCH_POINT_M)


def test_a_footprint_of_the_size_that_cbo_gives(answer: FootprintAnswer) -> None:
    held = answer.batteries["thaad"].regimes["alone"].extent
    assert 90e3 <= held.diameter_m <= 150e3
    assert held.diameter_m <= held.across_m <= 1.4 * held.diameter_m


def test_the_warhead_is_met_at_a_strategic_speed(answer: FootprintAnswer) -> None:
    arrival = answer.batteries["thaad"].regimes["alone"].extent.arrival
    assert arrival is not None
    assert 6_000.0 <= arrival["closing_mps"].median <= 7_200.0 + SPEED_MPS
    assert arrival["interceptor_mps"].high <= SPEED_MPS


def test_a_better_cue_widens_it(answer: FootprintAnswer) -> None:
    """Remote tracks where to look; and a radar that finds the warhead later has less."""
    modes = answer.batteries["thaad"].modes
    assert modes["launch_on_remote"].area_m2 > 1.3 * modes["own_radar"].area_m2
    late = found(300_000.0).batteries["thaad"].regimes["alone"].extent
    assert 50e3 < late.diameter_m < answer.batteries["thaad"].regimes["alone"].extent.diameter_m - 20e3
