"""`synaspis.track` keeps its contract, docs/contracts/track.schema.json, and says what its tables lack."""

from __future__ import annotations

import copy
import json
import math
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synaspis
from synaspis.errors import InputError
from synaspis.files import truths
from synaspis.model.tracking import TrackingAnswer, document
from tests.files.contract import contract, wrong
from tests.tracking import tables

SCHEMA = contract("track")


@pytest.fixture(scope="module")
def given() -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    return tables.one_flight(125.0)


@pytest.fixture(scope="module")
def answer(given: tuple[dict[str, list[Any]], dict[str, list[Any]]]) -> TrackingAnswer:
    return synaspis.track(given[0], tables.stations(), truth=given[1])


@pytest.fixture(scope="module")
def told(answer: TrackingAnswer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(document(answer), allow_nan=False))
    return found


def test_a_flight_is_tracked_from_boost_into_coast(answer: TrackingAnswer) -> None:
    """One track throughout, its estimates as near the truth as they say they are."""
    first, last = answer.pictures[1], answer.pictures[-1]
    assert [life.number for life in answer.lives] == [1]
    assert set(answer.lives[0].detections) == {"radar-0", "radar-1", "radar-2", "eye-0", "eye-1"}
    assert first.tracks[0].phases["boost"] > 0.99
    assert first.tracks[0].impact is None
    track = last.tracks[0]
    assert track.phases["boost"] < 0.01
    assert sum(track.classes.values()) == pytest.approx(1.0)
    # The bench's flight goes from 35 N 50 E towards 280 degrees, 900 km: a short-range missile.
    assert track.classes["srbm"] > 0.9
    assert track.launch is not None
    assert math.degrees(track.launch.latitude_rad) == pytest.approx(35.0, abs=0.3)
    assert math.degrees(track.launch.longitude_rad) == pytest.approx(50.0, abs=0.3)
    assert track.impact is not None
    assert track.impact.time_s == pytest.approx(509.0, abs=25.0)
    assert last.count.expected == pytest.approx(1.0, abs=1e-6)
    assert last.quality is not None
    assert (last.quality.missed, last.quality.false) == (0, 0)
    assert last.quality.ospa_m < 500.0
    assert answer.score is not None
    assert answer.score.air_picture.completeness > 0.8
    assert answer.score.switches == 0


def test_a_real_document_keeps_the_contract(told: dict[str, Any]) -> None:
    assert wrong(told, SCHEMA) == []


def test_without_truth_it_keeps_it_too(given: tuple[dict[str, list[Any]], dict[str, list[Any]]]) -> None:
    bare = document(synaspis.track(given[0], tables.stations(), association="jpda", at_s=[60.0, 20.0, 90.0]))
    assert wrong(json.loads(json.dumps(bare, allow_nan=False)), SCHEMA) == []
    assert [p["time_s"] for p in bare["pictures"]] == [20.0, 60.0, 90.0]  # type: ignore[attr-defined, index]
    assert bare["score"] is None


@pytest.mark.parametrize(("path", "value"), [
    (("association",), "best"), (("pictures", 3, "tracks", 0, "exists"), 1.5),
    (("lives", 0, "number"), "one"), (("pictures", 3, "objects", "low"), -1), (("score", "switches"), None),
])  # fmt: skip
def test_a_document_that_says_something_else_breaks_it(
    told: dict[str, Any], path: tuple[str | int, ...], value: object
) -> None:
    spoilt = copy.deepcopy(told)
    place: Any = spoilt
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert wrong(spoilt, SCHEMA) != []


def test_bad_rows_are_counted_and_the_answer_is_the_same(
    answer: TrackingAnswer, given: tuple[dict[str, list[Any]], dict[str, list[Any]]]
) -> None:
    spoilt = {name: list(column) for name, column in given[0].items()}
    size = len(spoilt["time_s"])
    for name, column in spoilt.items():
        column += [column[-1]] * 4
        if name == "range_km":
            column[-4:-1] = [math.nan, 1e9, "far"]
        if name == "sensor":
            column[-1] = "nobody"
    found = synaspis.track(spoilt, tables.stations(), truth=given[1])
    assert (
        found.rejected["not_finite"] == found.rejected["malformed"] == found.rejected["unknown_sensor"] == 1
    )
    assert sum(found.rejected.values()) == 4
    assert found.rejections[0].row == size + 1
    assert _same(found, answer)


def _same(one: TrackingAnswer, two: TrackingAnswer) -> bool:
    """Equal, where NaN equals NaN."""
    return json.dumps(document(one)["pictures"]) == json.dumps(document(two)["pictures"])


def test_files_say_the_same_as_columns(tmp_path: Path) -> None:
    measured, truth = tables.one_flight(60.0)
    for name, table in (("m.csv", measured), ("truth.csv", truth)):
        lines = [
            ",".join(table),
            *(",".join(str(x) for x in row) for row in zip(*table.values(), strict=True)),
        ]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    one = synaspis.track(measured, tables.stations(), truth=truth)
    two = synaspis.track(tmp_path / "m.csv", tables.stations(), truth=tmp_path / "truth.csv")
    assert _same(one, two)


@pytest.mark.long
def test_what_a_station_adds_is_found_by_those_that_are_trusted_and_taken_off() -> None:
    """100 m and 1.5 and -1 milliradians more than there is; the flight is free and high from 90 s on."""
    measured, truth = tables.one_flight(170.0, false=0.0)
    for i, sensor in enumerate(measured["sensor"]):
        if sensor == "radar-1":
            measured["range_km"][i] += 0.1
            measured["azimuth_deg"][i] += math.degrees(1.5e-3)
            measured["elevation_deg"][i] -= math.degrees(1e-3)
    asked = [120.0, 140.0, 160.0]
    off = synaspis.track(measured, tables.stations(), truth=truth, at_s=asked)
    found = synaspis.track(
        measured, tables.stations(), truth=truth, at_s=asked,
        trusted=["radar-0", "radar-2", *(s.name for s in tables.stations() if s.kind == "infrared")],
    )  # fmt: skip
    assert off.biases == ()
    (one,) = found.biases
    assert (one.station, one.kind, one.observable) == ("radar-1", "radar", (True, True, True))
    assert one.looks > 50
    wrong_by = (np.array(one.mean) - [100.0, 1.5e-3, -1e-3]) / one.sigma
    assert (np.abs(wrong_by) < 3.5).all(), wrong_by
    assert (np.array(one.sigma) < [15.0, 5e-4, 5e-4]).all()
    before, after = (
        [p.quality.ospa_m for p in x.pictures if p.quality is not None] for x in (off, found)
    )  # fmt: skip
    assert np.mean(after) < 0.7 * np.mean(before)
    told = json.loads(json.dumps(document(found), allow_nan=False))
    assert wrong(told, SCHEMA) == []
    assert told["biases"][0]["range_m"]["mean"] == pytest.approx(one.mean[0])
    with pytest.raises(InputError, match="trusted"):
        synaspis.track(measured, tables.stations(), trusted=["radar-9"])


def test_arguments_and_truth_that_cannot_be_are_said_all_at_once() -> None:
    measured, truth = tables.one_flight(50.0)
    with pytest.raises(InputError) as caught:
        synaspis.track(measured, None, association="best", at_s=[1.0, math.nan])  # type: ignore[arg-type]
    assert len(caught.value.problems) == 3
    bad = {name: [column[0]] * 4 for name, column in truth.items()}
    bad["time_s"] = [1.0, 2.0, 3.0, 3.0]
    bad["x_km"] = [math.nan, 1e9, bad["x_km"][0], bad["x_km"][0]]
    with pytest.raises(InputError) as caught:
        truths.read(bad)
    assert [p.line for p in caught.value.problems] == [1, 2, 4]
    with pytest.raises(InputError, match="no rows"):
        truths.read({name: [] for name in truth})


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"measurements": 5}, "measurements: is 5"), ({"measurements": None}, "measurements: is None"),
    ({"measurements": [1.0, 2.0]}, "measurements: is"), ({"truth": 5}, "truth: is 5"),
    ({"stations": 5}, "stations: is 5"), ({"stations": [5]}, "stations: has 5"),
    ({"stations": None}, "stations: is missing"), ({"at_s": 100.0}, "at_s: is 100.0"),
    ({"at_s": np.array(100.0)}, "at_s: is"), ({"at_s": "100"}, "at_s: is '100'"),
    ({"at_s": [True]}, "at_s: has True"), ({"at_s": ["1"]}, "at_s: has '1'"),
    ({"at_s": [1e8]}, "at_s: has"), ({"at_s": [-5.0]}, "at_s: has -5.0"), ({"jobs": 0}, "jobs: is 0"),
    ({"jobs": -1}, "jobs: is -1"), ({"jobs": 1.5}, "jobs: is 1.5"), ({"trusted": 5}, "trusted: is 5"),
    ({"trusted": [5]}, "trusted: has 5"), ({"trusted": "radar-9"}, "trusted: has 'radar-9'"),
    ({"association": ["gnn"]}, "association"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), WRONG, ids=[says for _, says in WRONG])
def test_arguments_of_another_kind_are_input_errors(change: dict[str, Any], says: str) -> None:
    measured, _ = tables.one_flight(45.0)
    asked: dict[str, Any] = {"measurements": measured, "stations": tables.stations()} | change
    with pytest.raises(InputError, match=re.escape(says)):
        synaspis.track(**asked)


def test_numbers_of_any_kind_and_a_lone_name_will_do() -> None:
    measured, _ = tables.one_flight(60.0)
    found = synaspis.track(measured, tables.stations(), at_s=[50.0], trusted=["radar-0"], jobs=1)
    for at_s in (np.array([50]), np.array([50.0], np.float32), [np.int64(50)], (Fraction(50),), iter([50])):
        one = synaspis.track(measured, tables.stations(), at_s=at_s, trusted="radar-0", jobs=np.int64(1))  # type: ignore[arg-type]
        assert _same(one, found)
    assert synaspis.track(measured, tables.stations(), at_s=[86_400.0]).pictures[0].tracks == ()


def test_truth_between_two_rows_is_a_cubic() -> None:
    """A path of constant acceleration is met exactly."""
    times = np.array([0.0, 10.0, 30.0])
    pace, place, pull = np.array([100.0, -50.0, 20.0]), np.array([7e6, 1e5, 0.0]), np.array([1.0, 2.0, -9.0])
    states = [np.concatenate([place + pace * t + 0.5 * pull * t * t, pace + pull * t]) for t in times]
    keys = ("x_km", "y_km", "z_km", "vx_mps", "vy_mps", "vz_mps")
    rows = [
        {"time_s": t, "object": "a"} | dict(zip(keys, s / np.repeat([1e3, 1.0], 3), strict=True))
        for t, s in zip(times, states, strict=True)
    ]
    found = truths.read(tables.table(rows))
    who, state = found.at(17.0)
    assert who.tolist() == [0]
    assert state[0] == pytest.approx(
        np.concatenate([place + pace * 17.0 + 0.5 * pull * 289.0, pace + pull * 17.0]), rel=1e-9
    )
    assert found.at(31.0)[0].size == 0
    assert found.at(30.0)[1][0] == pytest.approx(states[2])
