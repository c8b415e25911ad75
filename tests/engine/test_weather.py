"""The weather over a launch area: drawn by its name, the same in every regime, felt by infrared alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.engine.batch import play, replay
from synaspis.engine.tables import EngineTables
from synaspis.engine.weather import drawn, skies
from synaspis.model.case import Case
from synaspis.model.sensor import WEATHERS, Infrared
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import EVERYTHING, arena_of_four, four_owners, tables_of, with_file

SEED = 3


def weathers(area: str, case: Case, trials: int) -> np.ndarray:
    return drawn(skies(case), SEED, np.arange(trials), (area,))[:, 0]


@cache
def fixed(weather: str) -> Arena:
    return arena(with_file(four_owners(), weather=weather), 1)


def detections(tables: EngineTables, trial: int) -> dict[tuple[int, int], float]:
    return {
        (int(s), int(t)): time_s
        for time_s, kind, s, t, _ in replay(tables, SEED, trial)
        if kind == rows.DETECT
    }


def infrared(a: Arena) -> set[int]:
    return {i for i, s in enumerate(a.w.stations) if isinstance(s.type, Infrared)}


def test_the_bands_come_as_often_as_the_catalogue_says() -> None:
    """4,000 trials: four standard deviations of a share are at most 0.032."""
    case = four_owners()
    share = np.bincount(weathers("Tabriz area", case, 4000), minlength=4) / 4000
    expected = [case.sky.weather[name].probability for name in WEATHERS]
    assert share == pytest.approx(expected, abs=0.032)


def test_areas_have_weather_of_their_own() -> None:
    case = four_owners()
    one, other = (weathers(area, case, 2000) for area in ("Tabriz area", "Khoy area"))
    both = np.mean((one == 0) & (other == 0))
    assert both == pytest.approx(np.mean(one == 0) * np.mean(other == 0), abs=0.03)


def test_the_usual_weather_is_the_median_one() -> None:
    found = skies(four_owners())
    assert found.names == WEATHERS and found.names[found.usual] == "low-cloud"
    assert found.until[-1] == 1.0
    one = skies(with_file(four_owners(), weather="high-cloud"))
    assert (one.names, one.usual, one.until.tolist()) == (("high-cloud",), 0, [1.0])


def test_chances_drawn_from_bands_are_shares_of_their_sum() -> None:
    case = four_owners()
    doubled = {n: replace(x, probability=2.0 * x.probability) for n, x in case.sky.weather.items()}
    other = replace(case, sky=replace(case.sky, weather=doubled))
    np.testing.assert_allclose(skies(other).until, skies(case).until, rtol=1e-15)


def test_the_lower_the_cloud_the_sooner_a_satellite_sees_and_no_radar_minds() -> None:
    g, ir = arena_of_four().g, sorted(infrared(arena_of_four()))
    ground = [s for s in range(g.seen_s.shape[0]) if s not in ir]
    assert (np.diff(g.seen_in_s[:, ir], axis=0) >= 0.0).all()
    assert (g.seen_in_s[-1, ir] > g.seen_in_s[0, ir]).all()
    for seen in g.seen_in_s:
        np.testing.assert_array_equal(seen[ground], g.seen_s[ground])
    np.testing.assert_array_equal(g.seen_in_s[g.skies.usual], g.seen_s)


@pytest.mark.parametrize("weather", WEATHERS)
def test_a_case_may_fix_the_weather(weather: str) -> None:
    a, g = fixed(weather), arena_of_four().g
    np.testing.assert_array_equal(a.g.seen_s, g.seen_in_s[WEATHERS.index(weather)])
    assert a.g.seen_in_s.shape[0] == 1


def test_a_trial_s_first_detections_are_those_of_its_weather() -> None:
    """Each launch is first seen when it would be if its weather were fixed: luck at looks stays the same."""
    a = arena_of_four()
    tables, ir = tables_of(a, *EVERYTHING), infrared(a)
    bands = weathers("Tabriz area", a.w.case, 12)
    assert set(bands) == {0, 1, 2, 3}
    of_band = [tables_of(fixed(name), *EVERYTHING) for name in WEATHERS]
    for trial, band in enumerate(bands):
        today = detections(tables, trial)
        alone = detections(of_band[band], trial)
        assert today.keys() == alone.keys()
        for pair, time_s in today.items():
            if pair[0] in ir:
                assert time_s == pytest.approx(alone[pair], abs=1e-9)


def test_weather_is_the_same_luck_in_every_regime() -> None:
    a = arena_of_four()
    ir = infrared(a)
    for trial in range(6):
        one, other = (detections(t, trial) for t in (tables_of(a), tables_of(a, *EVERYTHING)))
        assert {k: v for k, v in one.items() if k[0] in ir} == {k: v for k, v in other.items() if k[0] in ir}


def test_nobody_is_warned_before_a_launch_is_seen() -> None:
    """With cloud so high that satellites see a missile only near burnout, news waits for them."""
    case = four_owners()
    high = {
        n: replace(x, cloud_break_m=20e3) if n == "high-cloud" else x for n, x in case.sky.weather.items()
    }
    late = replace(case, sky=replace(case.sky, weather=high))
    usual = play(tables_of(arena(late, 1), *EVERYTHING), SEED, 60, 1)
    low = play(tables_of(fixed("clear"), *EVERYTHING), SEED, 60, 1)
    assert (np.nan_to_num(usual.warning_s) <= np.nan_to_num(low.warning_s) + 1e-3).all()
