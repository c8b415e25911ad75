"""Draws of public figures: named, replayable, within their bands, and independent of one another."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from synaspis.files.case import load
from synaspis.model.battery import Interceptor
from synaspis.model.case import Case
from synaspis.model.draw import die, drawn, facts, figures, throw, with_figures
from synaspis.model.fact import Fact
from synaspis.units import to_si


@pytest.fixture(scope="module")
def case() -> Case:
    return load("europe")


def fact(low: float, value: float, high: float) -> Fact:
    return Fact(
        entry="radar", parameter="scan", value=value, unit="s", low=low, high=high, source="", as_of=2024,
        confidence="assumed",
    )  # fmt: skip


def test_every_figure_stays_within_its_band(case: Case) -> None:
    known = facts(case)
    for draw in range(40):
        values = figures(case, 5, draw)
        assert values.keys() == known.keys()
        outside = [n for n, v in values.items() if not known[n].low <= v <= known[n].high]
        assert outside == []


def test_a_band_without_width_never_moves(case: Case) -> None:
    fixed = {n: f.value for n, f in facts(case).items() if f.low == f.high}
    assert ("an-tpy-2", "reference_rcs") in fixed
    for draw in range(10):
        values = figures(case, 5, draw)
        assert {n: values[n] for n in fixed} == fixed


def test_a_draw_replays_alone_and_differs_from_the_next(case: Case) -> None:
    several = [figures(case, 5, draw) for draw in range(9)]
    assert figures(case, 5, 7) == several[7]
    assert several[6] != several[7]
    assert figures(case, 6, 7) != several[7]


def test_another_entry_changes_no_draw(case: Case) -> None:
    fewer = replace(
        case,
        threats={n: t for n, t in case.threats.items() if n != "irbm-4500"},
        entries={n: e for n, e in case.entries.items() if n != "irbm-4500"},
    )
    whole = figures(case, 5, 3)
    assert figures(fewer, 5, 3) == {n: v for n, v in whole.items() if n[0] != "irbm-4500"}


def test_the_die_of_a_figure_is_fixed_for_good() -> None:
    # Kept so that a change of the naming, which would change every band on record, is noticed.
    assert die(1, "an-tpy-2", "scan", 0) == pytest.approx(0.15911261619340805, abs=1e-15)
    assert len({die(1, "an-tpy-2", "scan", d) for d in range(100)}) == 100


def test_the_nouns_hold_the_drawn_figures_in_si(case: Case) -> None:
    values, made = figures(case, 5, 2), drawn(case, 5, 2)
    assert made.radars["an-tpy-2"].reference_range_m == 1000 * values["an-tpy-2", "reference_range"]
    assert made.radars["an-tpy-2"].beamwidth_rad == to_si(values["an-tpy-2", "beamwidth"], "deg")
    assert made.threats["mrbm-2000"].stages[0].burn_s == values["mrbm-2000", "stages.0.burn"]
    seen = made.threats["mrbm-2000"].cross_section_m2["X"]["midcourse"]
    assert seen == values["mrbm-2000", "cross_section.X.midcourse"]
    break_km = values["standard-sky", "weather.high-cloud.cloud_break"]
    assert made.sky.weather["high-cloud"].cloud_break_m == 1000 * break_km
    rounds = made.systems["patriot-mse"].rounds
    assert isinstance(rounds, int) and rounds == values["patriot-mse", "rounds"]
    assert made.file is case.file


def test_setting_the_catalogue_values_changes_nothing(case: Case) -> None:
    assert with_figures(case, {n: f.value for n, f in facts(case).items()}) == case


def test_an_unknown_figure_is_refused(case: Case) -> None:
    with pytest.raises(KeyError):
        with_figures(case, {("an-tpy-2", "colour"): 1.0})


def test_a_drawn_interceptor_can_be(case: Case) -> None:
    """A kill chance is the mean over shots that common causes spoil too, so they bound it."""
    conflicts = 0
    for draw in range(60):
        values, made = figures(case, 5, draw), drawn(case, 5, draw)
        for i in (i for i in made.interceptors.values() if i.name in made.entries):
            assert i.minimum_altitude_m < i.maximum_altitude_m
            for category in i.engages:
                assert i.p_kill[category] <= sound(i)
                assert i.p_kill[category] == values[i.name, f"p_kill.{category}"]  # nothing was capped
        first = {n: throw(f, die(5, *n, draw)) for n, f in facts(case).items() if n[0] == "sm-3-ib"}
        conflicts += first["sm-3-ib", "p_kill.mrbm"] != values["sm-3-ib", "p_kill.mrbm"]
    assert conflicts > 5  # else the rule was not put to the test


def test_one_figure_at_its_end_is_capped_where_it_must_be(case: Case) -> None:
    made = with_figures(case, {("sm-3-ib", "p_confusion"): 0.4}).interceptors["sm-3-ib"]
    assert made.p_confusion == 0.4
    assert made.p_kill["mrbm"] == pytest.approx(0.95 * 0.6)


def test_narrow_bands_are_triangles() -> None:
    """Mean and variance of a triangle, against closed form within four standard errors."""
    f = fact(4.0, 5.0, 9.0)
    values = np.array([throw(f, die(1, "radar", "scan", d)) for d in range(4000)])
    mean, variance = (4 + 5 + 9) / 3, (16 + 25 + 81 - 20 - 36 - 45) / 18
    assert abs(values.mean() - mean) < 4 * math.sqrt(variance / 4000)
    assert abs(values.var() / variance - 1) < 0.1


def test_wide_bands_are_triangles_of_the_logarithm() -> None:
    f = fact(0.01, 0.1, 1.0)
    assert throw(f, 0.5) == pytest.approx(0.1)
    assert throw(f, 0.125) == pytest.approx(10**-1.5)


@pytest.mark.parametrize(("low", "value", "high"), [(1.0, 1.0, 2.0), (1.0, 2.0, 2.0), (0.0, 0.0, 0.05)])
def test_a_value_at_the_end_of_its_band_is_drawn(low: float, value: float, high: float) -> None:
    f = fact(low, value, high)
    values = [throw(f, u) for u in (1e-12, 0.3, 0.7, 1 - 1e-12)]
    assert values == sorted(values) and low <= values[0] < values[-1] <= high


def sound(i: Interceptor) -> float:
    return (1 - i.p_type_defect) * (1 - i.p_confusion)
