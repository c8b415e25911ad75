"""A layer in orbit: what moves it and which way, what cannot be met, and what it costs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import synaspis
from synaspis.engine.world import raid
from synaspis.errors import InputError
from synaspis.files import catalog
from synaspis.files.case import resolve
from synaspis.model.answers import Band
from synaspis.model.boost_layer import ASSURED, BoostAnswer
from synaspis.model.space_interceptor import SpaceInterceptor
from synaspis.report.boost_page import page
from synaspis.studies import absentee, boost_layer, layer_cost
from synaspis.studies.absentee import Rising
from tests import answers


def interceptor(name: str = "sbi-cbo-2026") -> SpaceInterceptor:
    found = catalog.noun(name)
    assert isinstance(found, SpaceInterceptor)
    return found


def rising(burn_s: float = 200.0, height_m: float = 250e3) -> Rising:
    """Even climb to `height_m` at burnout, above 38 N."""
    times = np.arange(0.0, burn_s + 1.0, 2.0)
    return Rising(math.radians(38.0), 0.8, times, height_m * times / burn_s, burn_s)


def share(i: SpaceInterceptor, m: Rising) -> float:
    return float(absentee.shares([absentee.row(i, m, m.burn_s)])[0])


@pytest.fixture(scope="module")
def answer() -> BoostAnswer:
    return answers.boost_layer()


@pytest.mark.parametrize("worse", [
    {"decision_s": 40.0}, {"detection_s": 60.0}, {"margin_s": 30.0}, {"fly_out_mps": 3000.0},
    {"accelerating_s": 60.0}, {"altitude_m": 600e3},
])  # fmt: skip
def test_each_figure_moves_it_the_way_it_should(worse: dict[str, float]) -> None:
    i, m = interceptor(), rising()
    assert 0.0 < share(replace(i, **worse), m) < share(i, m)  # type: ignore[arg-type]


def test_a_shorter_burn_at_the_same_heights_leaves_fewer_in_reach() -> None:
    told = [share(interceptor(), rising(burn_s)) for burn_s in (140.0, 170.0, 200.0, 260.0)]
    assert told == sorted(told)
    assert told[0] < told[-1]


@pytest.mark.parametrize(("i", "m", "verdict"), [
    (interceptor(), rising(), "in reach"),
    (interceptor(), rising(burn_s=45.0), "too late"),
    (interceptor(), rising(height_m=80e3), "too low"),
    (interceptor(), rising(burn_s=110.0, height_m=120e3), "too far"),
    (replace(interceptor(), inclination_rad=0.2), rising(), "no orbit"),
])  # fmt: skip
def test_what_cannot_be_met_says_why(i: SpaceInterceptor, m: Rising, verdict: str) -> None:
    assert absentee.verdict(i, m) == verdict
    assert (share(i, m) > 0.0) is (verdict == "in reach")


def test_the_count_over_a_day_is_the_closed_form(answer: BoostAnswer) -> None:
    """Within 2 %, for the missile of the study and for one that rises; during the burn more can meet it."""
    seen = answer.reference.simulated
    assert seen is not None
    assert seen.mean == pytest.approx(answer.reference.in_reach.value, rel=0.02)
    assert seen.least <= seen.p05 <= seen.p50 <= seen.most
    i, m = interceptor(), rising()
    (told,) = absentee.simulated(i, 1600, [m], 2, synaspis.load("first-light").file.starts, 1)
    assert told.mean == pytest.approx(1600 * share(i, m), rel=0.02)
    assert told.burning > told.mean
    assert told.burning < 2.0 * told.mean


def test_workers_change_nothing() -> None:
    start = synaspis.load("first-light").file.starts
    one, three = (absentee.simulated(interceptor(), 400, [rising()], 2, start, jobs) for jobs in (1, 3))
    assert one == three


@pytest.mark.parametrize(("satellites", "planes"), [(1600, 40), (7800, 78), (1, 1), (8, 2), (101, 10)])
def test_planes(satellites: int, planes: int) -> None:
    assert absentee.planes_of(satellites) == planes
    assert abs(planes * round(satellites / planes) - satellites) <= planes / 2


def test_sweeps_fall_and_rise(answer: BoostAnswer) -> None:
    told = {s.name: [b.value for b in s.satellites] for s in answer.sweeps}
    assert told["burn_s"] == sorted(told["burn_s"], reverse=True)
    assert told["decision_s"] == sorted(told["decision_s"])
    assert told["fly_out_kmps"] == sorted(told["fly_out_kmps"], reverse=True)
    for s in answer.sweeps:
        assert all(b.low <= b.value <= b.high for b in s.satellites)
        here = np.interp(s.at, s.values, [b.value for b in s.satellites])
        assert here == pytest.approx(answer.reference.satellites.value, rel=1e-9)


def test_satellites_needed_are_in_proportion_to_the_engagements(answer: BoostAnswer) -> None:
    three = synaspis.boost_layer("first-light", simultaneous=3, jobs=1)
    whole = answer.reference.satellites.value
    assert three.reference.satellites.value == pytest.approx(0.3 * whole)
    assert answer.needed == 10 * answer.interceptor.shots
    assert whole * answer.share == pytest.approx(answer.needed)


def test_always_takes_more_than_on_average(answer: BoostAnswer) -> None:
    """And a pattern of that size, counted again, has them."""
    assert answer.assured is not None
    whole = answer.reference.satellites.value
    assert whole <= answer.assured < 1.6 * whole
    m = boost_layer._reference(answer.interceptor)
    start = synaspis.load("first-light").file.starts
    (seen,) = absentee.simulated(answer.interceptor, answer.assured, [m], answer.needed, start, 1)
    assert seen.enough >= ASSURED
    (fewer,) = absentee.simulated(answer.interceptor, int(0.8 * whole), [m], answer.needed, start, 1)
    assert fewer.enough < ASSURED


def test_a_class_below_the_lowest_height_is_met_by_none(answer: BoostAnswer) -> None:
    (launch,) = answer.launches
    assert launch.height_m < answer.interceptor.lowest_m
    assert launch.verdict == "too low"
    assert launch.in_reach == Band(value=0.0, low=0.0, high=0.0)
    assert math.isinf(launch.satellites.value)
    assert launch.simulated is None


def test_the_drawn_burn_of_a_class_scales_its_rise() -> None:
    m = rising(200.0)
    assert m.height_m(50.0, 100.0) == pytest.approx(m.height_m(100.0, 200.0))
    case = synaspis.load("first-light")
    drawn = boost_layer._class_burns(case, case.threats["mrbm-2000"], m)
    burns = [burn for burn, _ in drawn]
    assert min(burns) < 200.0 < max(burns)
    assert np.mean(burns) == pytest.approx(200.0, rel=0.05)


def test_costs_add_up() -> None:
    i = replace(interceptor(), service_life_s=7.0 * layer_cost.YEAR_S)
    c = layer_cost.cost(i, [i], Band(value=1000.0, low=500.0, high=2000.0))
    assert c.generations == 3.0  # 20 years in lives of 7: what is begun is bought
    assert c.procurement == Band(value=66_000.0, low=33_000.0, high=132_000.0)
    assert c.launch is not None
    assert c.acquisition is not None
    assert c.total is not None
    assert c.launch.value == pytest.approx(3 * 1000 * 1.25 * 0.5)
    assert c.acquisition.value == pytest.approx(66_000.0 + c.launch.value)
    assert c.total.value == pytest.approx(c.acquisition.value + 20_000.0)


def test_a_case_may_bring_an_interceptor_of_its_own() -> None:
    """A short one: what a study does not publish is left out, and the constellation is what it needs."""
    figures = {
        "fly_out": "6, unit: kmps", "accelerating": "30, unit: s", "detection": "30, unit: s",
        "decision": "0, unit: s", "margin": "0, unit: s", "lowest": "80, unit: km",
        "altitude": "350, unit: km", "inclination": "50, unit: deg", "shots": "1, unit: '1'",
        "mass": "900, unit: kg",
        "reference_burn": "200, unit: s", "reference_height": "200, unit: km",
        "reference_latitude": "35, unit: deg", "reference_engagements": "2, unit: '1'",
    }  # fmt: skip
    cited = "source: s, as_of: 2026, confidence: low"
    lines = [
        f"      {name}: {{value: {figure}, low: {value}, high: {value}, {cited}}}"
        for name, figure in figures.items()
        for value in (figure.split(",")[0],)
    ]
    header = ["catalog:", "  sources: {s: A citation}", "  entries:", "    sbi-own:",
              "      kind: space-interceptor", "      title: Own", "      summary: Of a case."]  # fmt: skip
    text = synaspis.load("first-light").text.decode() + "\n" + "\n".join([*header, *lines]) + "\n"
    case, problems = resolve(text.encode(), "own.yaml")
    assert problems == []
    assert case is not None
    own = synaspis.boost_layer(case, "sbi-own", jobs=1)
    assert own.satellites == math.ceil(own.reference.satellites.value)
    assert own.reference.satellites.low == own.reference.satellites.high
    assert own.published.launch is None
    page(own)
    with pytest.raises(InputError):
        synaspis.boost_layer("first-light", "sbi-own")


def test_bad_arguments_are_told_together() -> None:
    with pytest.raises(InputError) as caught:
        synaspis.boost_layer("first-light", "an-tpy-2", 0)
    assert [p.file for p in caught.value.problems] == ["--interceptor", "--simultaneous"]
    with pytest.raises(InputError, match="1,000"):
        synaspis.boost_layer("first-light", simultaneous=1001)


def test_a_class_whose_flight_is_prescribed_is_left_out_and_named(answer: BoostAnswer) -> None:
    assert answer.notes == ()
    text = synaspis.load("first-light").text.decode()
    first = "  - {threat: mrbm-2000, launch: Tabriz area, target: Sofia}\n"
    assert first in text
    ground = "open_ground: {latitude_deg: 42, longitude_deg: 40}"
    more = first.replace("mrbm-2000", "cruise-subsonic").replace("target: Sofia", ground)
    case, problems = resolve(text.replace(first, first + more).encode(), "more.yaml")
    assert problems == []
    assert case is not None
    assert boost_layer._left_out(case, ["mrbm-2000"]) == (
        "Left out, since their flights are prescribed, without a burn: cruise-subsonic.",
    )


def test_a_class_takes_its_longest_burn(answer: BoostAnswer) -> None:
    """Two ways from Tabriz, of two ranges and so of two burns: the longer is told."""
    missiles = raid(synaspis.load("first-light"))
    ways = {m.aim: (math.degrees(m.aim[0]), math.degrees(m.aim[1])) for m in missiles}
    area = (math.degrees(missiles[0].launch.latitude_rad), math.degrees(missiles[0].launch.longitude_rad))
    flown = [synaspis.fly("mrbm-2000", area, to, shape=missiles[0].shape) for to in ways.values()]
    burns = [f.burnout_time_s for f in flown]
    assert len(burns) == 2
    assert max(burns) - min(burns) > 0.1
    assert answer.launches[0].burn_s == pytest.approx(max(burns), abs=0.02)


def test_bands_of_both_counts_come_from_the_same_draws(answer: BoostAnswer) -> None:
    """In reach goes with the share, satellites needed against it: the ends of one are those of the other."""
    r, product = answer.reference, answer.needed * answer.satellites
    assert r.satellites.low * r.in_reach.high == pytest.approx(product)
    assert r.satellites.high * r.in_reach.low == pytest.approx(product)


def test_enough_is_for_all_shots_of_all_engagements() -> None:
    """Two for the one missile of 2003: of 1,600 they are there some of the time, and one more often."""
    told = synaspis.boost_layer("first-light", "sbi-aps-2003", jobs=1)
    seen, m = told.reference.simulated, boost_layer._reference(told.interceptor)
    assert seen is not None
    start = synaspis.load("first-light").file.starts
    one, two = (absentee.simulated(told.interceptor, told.satellites, [m], n, start, 1)[0] for n in (1, 2))
    assert seen.enough == two.enough < one.enough


def test_the_figure_by_latitude_is_that_of_the_launches(answer: BoostAnswer) -> None:
    here = answer.latitudes_deg.index(round(answer.reference.latitude_deg))
    assert answer.by_latitude[here] == pytest.approx(answer.reference.in_reach.value)
    assert answer.by_latitude[here - 10] < answer.by_latitude[here] < answer.by_latitude[here + 10]


def test_it_is_met_a_margin_before_burnout_and_earlier_with_less_time_to_fly() -> None:
    """Even climb to 250 km in 200 s: 30 s earlier it is 37.5 km lower, and met from less far away."""
    i, m = replace(interceptor(), margin_s=30.0), rising()
    late, early = (absentee.row(replace(i, margin_s=s), m, m.burn_s) for s in (0.0, 30.0))
    assert late[4] - early[4] == pytest.approx(37.5e3, rel=1e-3)
    assert late[2] - early[2] == 30.0
    points, reach = absentee._looks(i, m)
    radii = np.linalg.norm(points, axis=1)
    assert math.atan2(points[0, 1], points[0, 0]) == pytest.approx(m.longitude_rad)
    time = absentee.flight_s(i, m.burn_s)
    for k in range(3):
        then = time - k * absentee.LOOK_S
        assert reach[k] == i.fly_out_mps * (then - 0.5 * i.accelerating_s)
        assert radii[0] - radii[k] == pytest.approx(12.5e3 * k, rel=1e-3)


def test_bands_are_the_5th_and_95th_percentile_and_hold_the_value() -> None:
    assert layer_cost.band(50.0, np.arange(101.0)) == Band(value=50.0, low=5.0, high=95.0)
    assert layer_cost.band(2.0, np.arange(101.0)) == Band(value=2.0, low=2.0, high=95.0)
    never = np.where(np.arange(101) > 90, np.inf, 7.0)
    assert layer_cost.band(7.0, never) == Band(value=7.0, low=7.0, high=math.inf)
