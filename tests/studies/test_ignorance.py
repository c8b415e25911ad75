"""Bands over draws: apart from luck, the same for any number of workers, and the right movers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pytest

from synaspis import api
from synaspis.files import run_folder
from synaspis.model.answers import SWITCHES, RunAnswer
from synaspis.model.case import Case
from synaspis.model.draw import facts, figures
from synaspis.model.summary import summary
from synaspis.studies.arena import silent
from synaspis.studies.ignorance import Stage, gain, ignorance, in_threads, stage_of
from synaspis.studies.movers import correlation, pointed_at, ranks
from tests.engine.scene import first_light

TRIALS, DRAWS = 60, 6
MOVES = ("sm-3-ib", "p_kill.mrbm")


def with_bands(case: Case, bands: Mapping[tuple[str, str], tuple[float, float]]) -> Case:
    """The case whose figures are all exact, but for those with `bands`."""
    entries = {}
    for entry in case.entries.values():
        made = []
        for f in entry.facts:
            low, high = bands.get((entry.name, f.parameter), (f.value, f.value))
            made.append(replace(f, low=low, high=high))
        entries[entry.name] = replace(entry, facts=tuple(made))
    return replace(case, entries=entries)


@cache
def some_bands() -> Case:
    """First light with ignorance of seven figures: of missile, radar, sky, warning and interceptor."""
    named = (
        MOVES, ("sm-3-ib", "burnout_speed"), ("sm-3-ib", "p_confusion"), ("mrbm-2000", "stages.0.burn"),
        ("an-tpy-2", "reference_range"), ("standard-sky", "weather.low-cloud.cloud_break"),
        ("public-warning", "dissemination"),
    )  # fmt: skip
    known = facts(first_light())
    return with_bands(first_light(), {n: (known[n].low, known[n].high) for n in named})


@cache
def answered(draws: int, jobs: int = 1) -> RunAnswer:
    return api.run(some_bands(), trials=TRIALS, seed=3, jobs=jobs, draws=draws)


def test_the_answer_itself_stays_the_same() -> None:
    plain, told = summary(answered(0)), summary(answered(DRAWS))
    assert plain.pop("ignorance") is None and told.pop("ignorance") is not None
    assert json.dumps(plain) == json.dumps(told)
    for name, columns in answered(0).tables.columns.items():
        for column, values in columns.items():
            np.testing.assert_array_equal(answered(DRAWS).tables.columns[name][column], values)


def test_the_number_of_workers_changes_nothing() -> None:
    one, two = answered(DRAWS, 1), answered(DRAWS, 2)
    assert json.dumps(summary(one)) == json.dumps(summary(two))
    for name in ("draws", "draw_figures"):
        for column, values in one.tables.columns[name].items():
            np.testing.assert_array_equal(two.tables.columns[name][column], values)


def test_a_draw_is_the_same_among_fewer() -> None:
    few, more = (answered(n).tables.columns["draws"] for n in (4, DRAWS))
    kept = more["draw"] < 4
    for column, values in few.items():
        np.testing.assert_array_equal(more[column][kept], values)


def test_the_block_holds_bands_and_no_luck() -> None:
    found = summary(answered(DRAWS))["ignorance"]
    assert isinstance(found, dict)
    assert set(found["regimes"]) == {"national", "allied"}
    for regime in found["regimes"].values():
        for name in ("leakers", "p_no_leaker", "protected_population"):
            assert set(regime[name]) == {"value", "low", "high"}
            assert regime[name]["low"] <= regime[name]["high"]
        for nation in regime["nations"].values():
            assert set(nation["warning_s"]) == {"value", "low", "high"}
    assert set(found["difference"]["whole"]) == {"value", "low", "high"}
    assert "p05" not in json.dumps(found)


def test_the_bands_are_percentiles_of_the_table() -> None:
    answer = answered(DRAWS)
    assert answer.ignorance is not None
    table = answer.tables.columns["draws"]
    assert len(table["draw"]) == DRAWS * 2
    protected = {n: table["protected_population"][table["regime"] == n] for n in answer.regimes}
    low, high = np.percentile(protected["allied"] - protected["national"], [5, 95])
    whole = answer.ignorance.difference["whole"]
    assert (whole.low, whole.high) == pytest.approx((low, high))
    assert answer.difference is not None and whole.value == answer.difference.whole
    used = answer.tables.columns["draw_figures"]
    assert len(used["value"]) == DRAWS * len(facts(some_bands()))


def test_the_run_folder_holds_the_draws(tmp_path: Path) -> None:
    answer = answered(4)
    plain, told = (run_folder.default_path(some_bands(), a) for a in (answered(0), answer))
    assert plain != told
    folder = api.write(some_bands(), answer, tmp_path / "run")
    assert json.loads((folder / "manifest.json").read_text())["draws"] == 4
    rows = duckdb.sql(f"SELECT draw, regime, leakers FROM '{folder}/draws.parquet' ORDER BY ALL").fetchall()
    assert [(draw, regime) for draw, regime, _ in rows] == [
        (draw, regime) for draw in range(4) for regime in ("allied", "national")
    ]
    counted = duckdb.sql(f"SELECT count(DISTINCT entry || parameter) FROM '{folder}/draw_figures.parquet'")
    assert counted.fetchall() == [(len(facts(some_bands())),)]


def test_exact_figures_leave_no_ignorance() -> None:
    case = with_bands(first_light(), {})
    answer = api.run(case, trials=TRIALS, seed=3, jobs=1, draws=3)
    found = answer.ignorance
    assert found is not None and found.figures == 0 and found.movers == ()
    for regime in found.regimes.values():
        for b in (regime.leakers, regime.p_no_leaker, regime.protected_population):
            assert b.low == b.value == b.high
        for b in regime.warning_s.values():
            assert b.low == b.value == b.high


def test_the_one_figure_that_matters_is_found() -> None:
    bands = {MOVES: (0.2, 0.85), ("mrbm-2000", "range"): (1900.0, 2100.0), ("arabel", "scan"): (1.0, 2.0)}
    case = with_bands(first_light(), bands)
    answer = api.run(
        case, trials=2000, seed=3, jobs=1, draws=8
    )  # 0.85 is so near 0.8 that luck could hide it
    assert answer.ignorance is not None
    (mover,) = answer.ignorance.movers  # the published range is not in the physics and moves nothing
    assert (mover.entry, mover.parameter) == MOVES
    assert (mover.low, mover.high, mover.confidence) == (0.2, 0.85, "low")
    assert mover.direction == "rises" and mover.at_low < answer.ignorance.at_value < mover.at_high
    assert mover.correlation > 0.7


def test_without_two_regimes_the_best_one_is_moved() -> None:
    case = with_bands(first_light(), {MOVES: (0.2, 0.85)})
    answer = api.run(case, regimes=["allied"], trials=TRIALS, seed=3, jobs=1, draws=4)
    found = answer.ignorance
    assert found is not None and found.moved == "allied" and found.difference == {}
    assert found.at_value == answer.regimes["allied"].protected_population
    assert [m.parameter for m in found.movers] == [MOVES[1]]


def test_a_class_that_falls_short_is_drawn_back() -> None:
    """Little propellant cannot reach Bucharest: the class comes back far enough to get there."""
    usual = next(f for f in first_light().entries["mrbm-2000"].facts if f.parameter == "stages.0.propellant")
    case = with_bands(first_light(), {("mrbm-2000", usual.parameter): (0.3 * usual.value, usual.value)})
    answer = api.run(case, trials=20, seed=3, jobs=1, draws=4)
    assert answer.ignorance is not None and answer.ignorance.drawn_back > 0
    assert answer.tables.columns["draws"]["population_at_risk"].min() > 0.0
    used = answer.tables.columns["draw_figures"]
    burnt = used["value"][used["parameter"] == usual.parameter]
    assert burnt.min() > 0.3 * usual.value and burnt.max() <= usual.value


@cache
def staged() -> Stage:
    return stage_of(some_bands(), answered(0), 1)


@pytest.mark.parametrize(
    ("moved", "lent"),
    [
        ({}, True),
        ({MOVES: 0.3}, True),
        ({MOVES: 0.3, ("sm-3-ib", "p_confusion"): 0.1}, True),
        ({MOVES: 0.3, ("mrbm-2000", "stages.0.burn"): 80.0}, False),
        ({("an-spy-1", "reference_range"): 100.0}, False),
    ],
    ids=["nothing", "a chance", "two", "a flight too", "a radar"],
)
def test_figures_set_before_lend_flights_and_pictures_and_no_number_changes(
    moved: Mapping[tuple[str, str], float], lent: bool
) -> None:
    stage, first = staged(), figures(some_bands(), 3, 1)
    before, values = stage.with_values(first), {**first, **moved}
    made = stage.with_values(values, before)
    assert (made.arena.g is before.arena.g) == lent
    pair = ("allied", "national")
    after, anew = stage.play_in(made, pair, TRIALS), stage.play(values, pair, TRIALS)
    assert after.figures == anew.figures and after.drawn_back == anew.drawn_back
    for name in pair:
        np.testing.assert_array_equal(after.outcomes[name].saved, anew.outcomes[name].saved)
    if moved:
        assert not np.array_equal(gain(after, pair), gain(stage.play(first, pair, TRIALS), pair))


def test_the_draws_point_at_what_bears_on_a_place() -> None:
    rng = np.random.default_rng(4)
    table = rng.random((40, 30))
    gains = np.column_stack([np.exp(3 * table[:, 7]), -5 * table[:, 12], np.zeros(40)])
    assert set(pointed_at(table, gains)[:2]) == {7, 12}
    assert correlation(table[:, 7], gains[:, 0]) == pytest.approx(1.0)
    assert correlation(table[:, 12], gains[:, 1]) == pytest.approx(-1.0)


@pytest.mark.parametrize("draws", [1, 4])
def test_gains_that_never_move_point_at_nothing(draws: int) -> None:
    table = np.random.default_rng(1).random((draws, 3))
    assert pointed_at(table, np.full((draws, 2), 5.0)) == []
    assert correlation(table[:, 0], np.full(draws, 5.0)) == 0.0


def test_equal_values_share_their_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [2.5, 0.0, 2.5, 1.0]


def test_an_interruption_ends_the_work() -> None:
    done: list[int] = []
    interrupted = threading.Event()

    def told(stage: str, share: float) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def work(i: int) -> None:
        done.append(i)
        if i > 0:
            interrupted.wait(10.0)
            time.sleep(0.01)  # so that the pool is shut while most of the work still waits

    with pytest.raises(KeyboardInterrupt):
        in_threads(work, range(500), 1, told, "working")
    assert len(done) < 500


def test_progress_is_told() -> None:
    said: list[tuple[str, float]] = []
    found = in_threads(lambda i: i * i, range(5), 2, lambda stage, share: said.append((stage, share)), "x")
    assert found == [0, 1, 4, 9, 16]
    assert said == [("x", share) for share in (0.2, 0.4, 0.6, 0.8, 1.0)]


def test_movers_carry_their_birth_certificate() -> None:
    answer = answered(DRAWS)
    assert answer.ignorance is not None and answer.ignorance.movers
    known, at_value = facts(some_bands()), answer.ignorance.at_value
    for m in answer.ignorance.movers:
        f = known[m.entry, m.parameter]
        assert (m.value, m.low, m.high) == (f.value, f.low, f.high)
        assert (m.unit, m.confidence) == (f.unit, f.confidence)
    ends = [(m.at_low, m.at_high, at_value) for m in answer.ignorance.movers]
    size = [max(e) - min(e) for e in ends]
    assert size == sorted(size, reverse=True) and min(size) > 0.0 and len(size) <= 5


def test_quick_figures_need_no_new_pictures() -> None:
    """What the short way gives for every figure that takes it is what the long way gives."""
    case, answer = first_light(), answered(0)
    quick = stage_of(case, answer, 1)
    slow = replace(quick, quick=frozenset())
    known = facts(case)
    assert {n[1].split(".")[0] for n in quick.quick} >= {"p_kill", "rounds", "cep", "dissemination"}
    values = {n: known[n].low for n in quick.quick}
    short, long = (s.play(values, ("national", "allied"), 30) for s in (quick, slow))
    for name, outcome in short.outcomes.items():
        other = long.outcomes[name]
        assert outcome.saved.tolist() == other.saved.tolist()
        assert (outcome.leakers, outcome.warning_s) == (other.leakers, other.warning_s)
    assert short.outcomes["allied"].leakers != answer.regimes["allied"].leakers.mean


def test_the_study_alone_gives_the_same() -> None:
    answer = answered(0)
    found, tables = ignorance(some_bands(), answer, DRAWS, 2, silent)
    assert found == answered(DRAWS).ignorance
    assert set(tables) == {"draws", "draw_figures"}


def test_the_parts_of_each_draw_add_up_to_its_whole() -> None:
    stage, pair = stage_of(some_bands(), answered(0), 1), ("allied", "national")
    drawn = stage.play(figures(some_bands(), 3, 0), pair, TRIALS, pair)
    assert set(drawn.parts) == set(SWITCHES)
    assert sum(drawn.parts.values()) == pytest.approx(float(gain(drawn, pair).sum()), abs=1e-6)
    assert sum(drawn.parts.values()) != pytest.approx(answered(0).difference.whole)  # type: ignore[union-attr]
    assert stage.play({}, pair, TRIALS).parts == {}


def test_the_parts_have_bands_around_what_the_run_found() -> None:
    answer = answered(DRAWS)
    assert answer.ignorance is not None and answer.difference is not None
    bands = answer.ignorance.difference
    assert tuple(bands) == ("whole", *SWITCHES)
    assert all(bands[s].value == getattr(answer.difference, s) for s in SWITCHES)
    assert any(bands[s].low < bands[s].high for s in SWITCHES)


def test_the_luck_of_few_trials_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synaspis.studies.ignorance.SPLIT_TRIALS", 7)
    answer = api.run(with_bands(first_light(), {}), trials=TRIALS, seed=3, jobs=1, draws=2)
    assert answer.ignorance is not None
    for b in answer.ignorance.difference.values():
        assert (b.low, b.high) == pytest.approx((b.value, b.value), abs=1e-6)
