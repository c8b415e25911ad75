"""What a shield could touch of a third state's missiles: bounds that hold, and shares alone."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synaspis import api
from synaspis.files.borders import borders
from synaspis.files.case import load, resolve
from synaspis.model.case import Case
from synaspis.model.stability import LEAST_MET, LEAST_PATHS, PATHS, ReachShare, Stability, stability_document
from synaspis.model.summary import summary
from synaspis.server.run_report import read
from synaspis.studies import stability as study
from synaspis.studies.stability import envelopes, stability

BASE = (resources.files("synaspis.cases") / "first-light.yaml").read_text(encoding="utf-8")
ASKED = """\
stability:
  - state: IRN
    title: medium range towards Romania and Bulgaria
    classes: [mrbm-2000]
    regions:
      - {name: north-west, latitude_deg: 36.5, longitude_deg: 46.5, radius_km: 200}
      - {name: middle, latitude_deg: 33, longitude_deg: 49.4, radius_km: 200}
      - {name: far east, latitude_deg: 33, longitude_deg: 60, radius_km: 200}
    towards: [ROU, BGR]
    missiles: {value: 100, low: 50, high: 200}
    source: assumed
    as_of: 2024
  - state: RUS
    title: intercontinental towards the United States
    classes: [icbm-solid, icbm-liquid]
    regions:
      - {name: European Russia, latitude_deg: 54.9, longitude_deg: 40.7, radius_km: 550}
    towards: [{name: west, latitude_deg: 40, longitude_deg: -95, radius_km: 1500}]
    missiles: 300
    source: assumed
    as_of: 2024
"""
MORE = """\
  - {name: polish, system: aegis-ashore-iia, owner: USA, host: POL, latitude_deg: 54.48, longitude_deg: 17.1,
     facing_deg: 125}
"""
REGIMES = ("floor", "national", "allied")
FLOOR = "regimes:\n  - {name: floor, title: Nothing that needs an agreement works, agreements: []}\n"
BASE = BASE.replace("regimes:\n", FLOOR)


def case(text: str = BASE + ASKED) -> Case:
    made, problems = resolve(text.encode(), "mine.yaml")
    assert made is not None, problems
    return made


def with_more() -> Case:
    return case(
        (BASE + ASKED).replace("batteries:\n", "batteries:\n" + MORE).replace("TUR, BGR]", "TUR, BGR, POL]")
    )


@cache
def answered(more: bool = False, jobs: int = 1) -> Stability:
    found = stability(with_more() if more else case(), borders(), REGIMES, jobs)
    assert found is not None
    return found


def shares(s: Stability) -> list[ReachShare]:
    cells = [cell for q in s.questions for by_class in q.cells.values() for cell in by_class.values()]
    return [*cells, *(q.whole for q in s.questions)]


def test_a_case_that_asks_nothing_gets_no_answer() -> None:
    assert stability(case(BASE), None, REGIMES, 1) is None


@pytest.mark.parametrize("more", [False, True])
def test_each_gate_lets_fewer_through_and_bands_hold_their_values(more: bool) -> None:
    told = [x for x in shares(answered(more)) if x.from_launch is not None]
    assert len(told) >= 5
    for x in told:
        assert x.from_launch is not None and x.from_burnout is not None and x.on_list is not None
        for band in (x.from_launch, x.from_burnout, x.on_list):
            assert 0.0 <= band.low <= band.value <= band.high <= 1.0
        assert x.from_burnout.value <= x.from_launch.value
        assert x.on_list.value <= x.from_launch.value
        assert x.released is not None and max(x.released.values()) <= x.on_list.value


def test_what_is_on_the_list_is_seen_and_released_as_the_regime_says() -> None:
    q = answered().questions[0]
    near = q.cells["north-west"]["mrbm-2000"]
    assert near.from_launch is not None and near.on_list == near.from_launch
    assert near.released is not None
    # Radar and interceptor have one owner: no release adds to it, but the radar's host must let it work.
    assert near.released["floor"] == 0.0
    assert 0.0 < near.released["national"] == near.released["allied"]


def test_a_class_on_no_list_is_touched_by_nothing() -> None:
    q = answered(True).questions[1]
    assert q.whole.on_list is not None and q.whole.on_list.high == 0.0
    assert q.whole.released == dict.fromkeys(REGIMES, 0.0)
    assert q.ratio_on_list.high == 0.0
    # What is not on the list is in reach all the same, and that is not hidden.
    assert q.whole.from_launch is not None and q.whole.from_launch.value > 0.0


def test_what_is_out_of_range_is_counted_and_told_as_such() -> None:
    q = answered().questions[0]
    few, none = q.cells["middle"]["mrbm-2000"], q.cells["far east"]["mrbm-2000"]
    assert 0 < few.paths < LEAST_PATHS and none.paths == 0
    for cell in (few, none):
        assert cell.paths + cell.out_of_range == PATHS
        assert cell.from_launch is cell.from_burnout is cell.on_list is cell.released is None
    # So few are left out of the whole: a difference would tell their share after all.
    near = q.cells["north-west"]["mrbm-2000"]
    assert (q.whole.paths, q.whole.from_launch) == (near.paths, near.from_launch)
    assert q.whole.out_of_range == sum(q.cells[r]["mrbm-2000"].out_of_range for r in q.cells)


def test_cells_too_small_for_a_share_join_the_whole_where_they_are_enough() -> None:
    few = "      - {name: middle, latitude_deg: 33, longitude_deg: 49.4, radius_km: 200}\n"
    more = "".join(few.replace("middle", f"middle {i}").replace("49.4", "47") for i in range(2, 7))
    found = stability(case((BASE + ASKED).replace(few, few + more)), borders(), (), 1)
    assert found is not None
    q = found.questions[0]
    flown = [q.cells[r]["mrbm-2000"].paths for r in q.cells]
    assert sum(x for x in flown if x < LEAST_PATHS) >= LEAST_PATHS
    assert q.whole.paths == sum(flown)


def test_a_battery_more_never_lowers_a_share() -> None:
    for before, after in zip(shares(answered()), shares(answered(True)), strict=True):
        assert (before.paths, before.out_of_range) == (after.paths, after.out_of_range)
        if before.from_launch is None:
            continue
        for name in ("from_launch", "from_burnout", "on_list"):
            for end in ("low", "value", "high"):
                assert getattr(getattr(before, name), end) <= getattr(getattr(after, name), end)
        assert before.released is not None and after.released is not None
        assert all(before.released[r] <= after.released[r] for r in REGIMES)
    assert answered(True).questions[1].whole.from_launch != answered().questions[1].whole.from_launch


def test_twice_the_rounds_are_twice_the_ratio() -> None:
    once = case()
    batteries = tuple(replace(b, rounds=n) for b, n in zip(once.file.batteries, (24, 16), strict=True))
    twice = tuple(replace(b, rounds=2 * (b.rounds or 0)) for b in batteries)
    found = [
        stability(replace(once, file=replace(once.file, batteries=b)), borders(), (), 1)
        for b in (batteries, twice)
    ]
    assert found[0] is not None and found[1] is not None
    for one, two in zip(found[0].questions, found[1].questions, strict=True):
        for name in ("ratio", "ratio_within_reach", "ratio_on_list"):
            a, b = getattr(one, name), getattr(two, name)
            assert (b.value, b.low, b.high) == (2 * a.value, 2 * a.low, 2 * a.high)
    assert found[0].questions[1].ratio_within_reach.high == 0.0 < found[0].questions[1].ratio.low
    q = found[0].questions[0]
    assert (q.ratio.value, q.ratio.low, q.ratio.high) == (0.4, 0.2, 0.8)
    assert q.layers["midcourse"].ready.value == 24 and q.layers["terminal"].ready.value == 16


def test_no_single_path_makes_a_battery_count() -> None:
    europe = load("europe")
    paths = study._paths(europe, borders(), 1)
    rows = [i for c in paths.cells if c.question == 1 for i in range(c.rows.start, c.rows.stop)]
    found = study.met(europe, paths, 1)
    times = (found.latest_s[:, rows] >= 0.0).sum(axis=1)
    assert ((times > 0) & (times < LEAST_MET)).any()  # else nothing is tested
    due = sum(f.rounds for f, n in zip(found.w.batteries, times, strict=True) if n >= LEAST_MET)
    told = stability(europe, borders(), (), 1)
    assert told is not None
    assert sum(x.within_reach.value for x in told.questions[1].layers.values()) == due


def test_better_figures_reach_farther() -> None:
    worse, _, better = envelopes(case())
    for name, i in worse.interceptors.items():
        assert i.burnout_speed_mps < better.interceptors[name].burnout_speed_mps
        assert i.burn_s > better.interceptors[name].burn_s
        assert i.range_m < better.interceptors[name].range_m
        assert i.p_kill == better.interceptors[name].p_kill
    assert worse.radars == better.radars and worse.threats == better.threats


def test_paths_are_left_aside_only_where_nothing_reaches_them(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = json.dumps(stability_document(answered(True)))
    monkeypatch.setattr(study, "_near", lambda states, place, row: np.ones(len(states), np.bool_))
    found = stability(with_more(), borders(), REGIMES, 1)
    assert found is not None and json.dumps(stability_document(found)) == plain


def test_the_number_of_jobs_changes_no_byte() -> None:
    told = [json.dumps(stability_document(answered(True, jobs))) for jobs in (1, 2)]
    assert told[0] == told[1]


# -- shares alone -------------------------------------------------------------------------------

KEYS = {
    "questions", "assumptions", "least_radius_km", "least_paths", "state", "title", "classes", "status",
    "towards", "missiles", "source", "as_of", "note", "regions", "whole", "rounds", "ready", "within_reach",
    "on_list", "ratio", "ratio_within_reach", "ratio_on_list", "paths", "out_of_range", "from_launch",
    "from_burnout", "released", "value", "low", "high",
}  # fmt: skip
NAMES = {"north-west", "middle", "far east", "European Russia", "mrbm-2000", "icbm-solid", "icbm-liquid",
         "midcourse", "terminal", "boost", *REGIMES}  # fmt: skip


def _walk(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(k, v) for k, v in value.items()] + [x for v in value.values() for x in _walk(v)]
    if isinstance(value, list):
        return [x for v in value for x in _walk(v)]
    return []


def test_the_document_holds_shares_and_counts_and_no_path() -> None:
    document = stability_document(answered(True))
    told = _walk(document)
    assert {key for key, _ in told} <= KEYS | NAMES
    # No list is as long as the paths of a cell, and nothing but texts and questions is listed.
    lists = {key: value for key, value in told if isinstance(value, list)}
    assert set(lists) == {"questions", "assumptions", "towards"}
    assert all(len(value) < LEAST_PATHS for value in lists.values())
    numbers = [v for _, v in told if isinstance(v, int | float)]
    assert len(numbers) < 30 * len(shares(answered(True)))


def test_a_run_holds_it_and_keeps_its_other_numbers(tmp_path: Path) -> None:
    plain, asked = (api.run(case(text), trials=5, jobs=1) for text in (BASE, BASE + ASKED))
    for answer, text, there in ((plain, BASE, False), (asked, BASE + ASKED, True)):
        folder = api.write(case(text), answer, tmp_path / str(there))
        assert (folder / "stability.html").exists() == there
        assert [n for n in read(folder).documents if "stability" in n] == ["/stability.html"] * there
    before, after = summary(plain), summary(asked)
    assert before.pop("stability") is None and after.pop("stability") is not None
    assert json.dumps(before) == json.dumps(after)
    assert [len(t) for t in plain.tables.columns.values()] == [len(t) for t in asked.tables.columns.values()]


def test_a_shield_without_batteries_touches_nothing() -> None:
    made = case()
    found = stability(replace(made, file=replace(made.file, batteries=())), borders(), REGIMES, 1)
    assert found is not None
    for q in found.questions:
        assert q.whole.from_launch is not None and q.whole.from_launch.high == 0.0
        assert q.layers == {} and q.ratio.high == 0.0


# -- two runs compared ----------------------------------------------------------------------------

WEST = "{name: west, latitude_deg: 40, longitude_deg: -95, radius_km: 1500}"
SMALL = "{{name: small, latitude_deg: {}, longitude_deg: -95, radius_km: 100}}"


def ends_of(text: str) -> list[set[tuple[float, float]]]:
    """Launch places and aims of the second question's first class."""
    made = case(text)
    paths = study._paths(made, borders(), 1)
    cell = next(c for c in paths.cells if c.question == 1)
    orders = paths.orders[cell.rows]
    return [{o.launch for o in orders}, {o.target for o in orders}]


def test_questions_that_differ_a_little_have_no_path_in_common() -> None:
    """Else their shares would differ by single paths, and tell what became of them."""
    plain = BASE + ASKED
    small = [plain.replace(WEST, WEST + ", " + SMALL.format(at)) for at in (40, 41)]
    shifted = plain.replace("latitude_deg: 54.9", "latitude_deg: 55.5")
    heavier = (
        plain.replace("[icbm-solid, icbm-liquid]", "[own, icbm-liquid]")
        + "threats:\n  - {name: own, like: icbm-solid, range_km: 10900, burn_s: 180}\n"
    )
    asked = [ends_of(text) for text in (plain, *small, shifted, heavier)]
    for i, one in enumerate(asked):
        for other in asked[:i]:
            assert not one[0] & other[0]
            assert not one[1] & other[1]


def test_a_shift_below_the_step_changes_nothing() -> None:
    plain = BASE + ASKED
    moved = plain.replace("latitude_deg: 54.9", "latitude_deg: 55.2").replace(
        "radius_km: 550", "radius_km: 530"
    )
    renamed = plain.replace("European Russia", "the west of it").replace("name: west,", "name: there,")
    assert moved != plain != renamed
    assert ends_of(plain) == ends_of(moved) == ends_of(renamed)
    (region,) = answered().questions[1].regions
    assert np.degrees(region.latitude_rad) == pytest.approx(55.0) and region.radius_m == 550_000.0
