"""Every bad row of a table of measurements is turned away with a reason and counted; the good ones stay."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.errors import InputError
from synaspis.files import measurements, run_folder, stations
from synaspis.files.measurement_checks import rising
from synaspis.files.reader import columns
from synaspis.kernels import sight
from synaspis.model.measurement import REASONS, MeasurementRow, Measurements, Station
from synaspis.tracking.sights import scans

RADAR = Station(
    name="deveselu",
    kind="radar",
    latitude_rad=0.77,
    longitude_rad=0.42,
    longest_range_m=1_000e3,
    sigma_range_m=20.0,
    sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3,
    sigma_range_rate_mps=2.0,
)
EYE = Station(name="eye", kind="infrared", sigma_line_rad=50e-6)
GOOD = {"time_s": 10.0, "sensor": "deveselu", "range_km": 500.0, "azimuth_deg": 120.0, "elevation_deg": 20.0}
SEEN = {
    "time_s": 11.0, "sensor": "eye", "line_longitude_deg": -150.0, "line_latitude_deg": 60.0,
    "x_km": 42_164.0, "y_km": 0.0, "z_km": 0.0,
}  # fmt: skip


def _read(*rows: dict[str, Any], now_s: float = math.inf) -> Measurements:
    names = list(dict.fromkeys(name for row in rows for name in row))
    table = {name: [row.get(name, "") for row in rows] for name in names}
    return measurements.read(table, [RADAR, EYE], now_s)


def _reason(row: dict[str, Any], now_s: float = math.inf) -> str:
    """The reason for which `row` falls between two good ones, which must stay whatever it is."""
    found = _read(GOOD | {"time_s": 9.0}, row, GOOD | {"time_s": 30.0}, now_s=now_s)
    assert {1, 3} <= set(found.row.tolist())
    assert found.rejected == 3 - found.time_s.size == len(found.rejections)
    return found.rejections[0].reason if found.rejections else "kept"


def test_a_good_row_comes_out_in_si() -> None:
    found = _read(GOOD | {"range_rate_mps": -1500.0}, SEEN)
    assert found.rejected == 0
    assert found.values[0] == pytest.approx([500e3, math.radians(120), math.radians(20), -1500.0])
    assert np.diag(found.covariance[0]) == pytest.approx([400.0, 1e-6, 1e-6, 4.0])
    assert found.values[1, :2] == pytest.approx([math.radians(-150), math.radians(60)])
    # At latitude 60 a longitude counts half.
    assert np.diag(found.covariance[1])[:2] == pytest.approx([4 * 2.5e-9, 2.5e-9])
    assert found.place_m[1].tolist() == [42_164e3, 0.0, 0.0]
    assert np.isnan(found.place_m[0]).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "kept"),
        ({"range_km": math.nan}, "not_finite"),
        ({"azimuth_deg": math.inf}, "not_finite"),
        ({"time_s": math.nan}, "not_finite"),
        ({"elevation_deg": ""}, "not_finite"),
        ({"range_rate_mps": math.inf}, "not_finite"),
        ({"range_rate_mps": math.nan}, "kept"),
        ({"sensor": "nobody"}, "unknown_sensor"),
        ({"sensor": ""}, "unknown_sensor"),
        ({"range_km": "far"}, "malformed"),
        ({"range_km": [500.0]}, "malformed"),
        ({"range_km": 500_000.0}, "units"),
        ({"range_km": 0.5}, "units"),
        ({"elevation_deg": 20_000.0}, "units"),
        ({"elevation_deg": 95.0}, "out_of_limits"),
        ({"range_rate_mps": 2_000_000.0}, "units"),
        ({"range_rate_mps": 20_000.0}, "out_of_limits"),
        ({"sigma_range_m": 0.02}, "units"),
        ({"sigma_range_m": 20_000.0}, "units"),
        ({"sigma_range_m": 600.0}, "kept"),
        ({"sigma_range_m": 0.0}, "singular_covariance"),
        ({"sigma_azimuth_urad": -1.0}, "singular_covariance"),
        ({"correlation_range_azimuth": 1.0}, "singular_covariance"),
        ({"correlation_range_azimuth": 0.99}, "kept"),
        ({"correlation_range_azimuth": 0.8, "correlation_range_elevation": 0.8,
          "correlation_azimuth_elevation": -0.8}, "singular_covariance"),
        ({"time_s": 10_000.0}, "future"),
        ({"received_s": 9.5}, "future"),
        ({"received_s": 12.0}, "kept"),
        ({"time_s": -1.0}, "out_of_limits"),
        ({"time_s": 8.0}, "out_of_order"),
        ({"time_s": 9.0}, "duplicate"),
    ],
)  # fmt: skip
def test_every_bad_radar_row_has_its_reason(change: dict[str, Any], reason: str) -> None:
    assert reason in (*REASONS, "kept")
    assert _reason(GOOD | change) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "kept"),
        ({"x_km": 42_164_000.0}, "units"),
        ({"x_km": 42.164}, "units"),
        ({"x_km": 90_000.0}, "out_of_limits"),
        ({"y_km": math.nan}, "not_finite"),
        ({"line_latitude_deg": 91.0}, "out_of_limits"),
        ({"sigma_line_urad": 0.05}, "units"),
        ({"sigma_line_urad": 0.0}, "singular_covariance"),
    ],
)
def test_every_bad_infrared_row_has_its_reason(change: dict[str, Any], reason: str) -> None:
    assert _reason(SEEN | change) == reason


@given(st.floats(1.001, 1_000.0), st.sampled_from([1e-3, 1e3]))
def test_a_range_wrong_by_a_thousand_is_always_seen(range_km: float, factor: float) -> None:
    assert _reason(GOOD | {"range_km": range_km}) == "kept"
    assert _reason(GOOD | {"range_km": range_km * factor}) == "units"


@given(st.floats(0.64, 632.0), st.sampled_from([1e-3, 1e3]))
def test_an_error_wrong_by_a_thousand_is_always_seen(sigma_m: float, factor: float) -> None:
    assert _reason(GOOD | {"sigma_range_m": sigma_m}) == "kept"
    assert _reason(GOOD | {"sigma_range_m": sigma_m * factor}) == "units"


def test_now_is_the_end_of_time() -> None:
    assert _read(GOOD, now_s=9.0).counts["future"] == 1
    assert _read(GOOD | {"received_s": 12.0}, now_s=11.0).counts["future"] == 1
    assert _read(GOOD | {"received_s": 12.0}, now_s=12.0).rejected == 0


def test_one_wrong_clock_reading_turns_away_one_row() -> None:
    rows = [GOOD | {"time_s": float(t)} for t in (1, 2, 50_000, 3, 4, 2.5, 5)]
    found = _read(*rows)
    assert (found.counts["future"], found.counts["out_of_order"]) == (1, 1)
    assert found.row.tolist() == [1, 2, 4, 5, 7]


@pytest.mark.parametrize(("axis", "factor", "reason"), [
    ("x_km", 1e-3, "units"), ("y_km", 1e-3, "units"), ("y_km", -1.0, "out_of_limits"), ("x_km", 1.0, None),
])  # fmt: skip
@pytest.mark.parametrize("wrong", [[4], [0], [11], [3, 4, 5], [0, 11]])
def test_a_satellite_is_where_it_can_have_come_to(
    axis: str, factor: float, reason: str | None, wrong: list[int]
) -> None:
    """An orbit that leaves the distance possible with one coordinate over a thousand."""
    angle = np.linspace(0.7, 0.75, 12)
    rows = [
        SEEN | {"time_s": 60.0 * i, "x_km": 40e3 * math.cos(a), "y_km": 40e3 * math.sin(a), "z_km": 9e3}
        for i, a in enumerate(angle)
    ]
    for i in wrong:
        rows[i] = rows[i] | {axis: float(rows[i][axis]) * factor}  # type: ignore[arg-type]
    found = _read(*rows)
    assert {k: n for k, n in found.counts.items() if n} == ({} if reason is None else {reason: len(wrong)})


def test_two_places_of_a_satellite_tell_nothing_of_which_is_wrong() -> None:
    assert _read(SEEN, SEEN | {"time_s": 12.0, "y_km": 20e3}).rejected == 0


@pytest.mark.parametrize(("sigma_mps", "reason"), [
    (1e200, "out_of_limits"), (2e3, "units"), (1e-4, "units"), (5.0, None),
])  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_an_error_that_the_station_has_not_has_a_band(sigma_mps: float, reason: str | None) -> None:
    plain = replace(RADAR, sigma_range_rate_mps=math.nan)
    row = GOOD | {"range_rate_mps": -900.0, "sigma_range_rate_mps": sigma_mps}
    found = measurements.read({name: [x] for name, x in row.items()}, [plain])
    assert [r.reason for r in found.rejections] == ([reason] if reason else [])
    assert all(np.isfinite(s.rows[:, sight.ERROR :]).all() for s in scans(found))


def test_yes_is_no_number_whatever_the_other_rows_hold() -> None:
    rows = [GOOD | {"time_s": float(t)} for t in range(6)]
    rows[3] = rows[3] | {"elevation_deg": True}
    assert _read(*rows).counts["malformed"] == 1
    rows[4] = rows[4] | {"elevation_deg": "x"}
    assert _read(*rows).counts["malformed"] == 2
    names = list(GOOD)
    table: dict[str, Any] = {name: [row[name] for row in rows] for name in names}
    table["elevation_deg"] = np.array([True] * 6)
    assert measurements.read(table, [RADAR]).counts["malformed"] == 6


@pytest.mark.parametrize("kind", [float, int, object])
@pytest.mark.filterwarnings("error")
def test_what_is_masked_is_not_given(kind: type) -> None:
    table: dict[str, Any] = {name: [value] * 6 for name, value in GOOD.items()}
    table["time_s"] = list(range(6))
    hidden = np.ma.array(np.array([500, 777, 502, 777, 504, 505], kind), mask=[0, 1, 0, 1, 0, 0])
    table["range_km"] = hidden
    for column in (hidden, list(hidden)):
        found = measurements.read(table | {"range_km": column}, [RADAR])
        assert found.counts["not_finite"] == found.rejected == 2
        assert found.values[:, 0] == pytest.approx([500e3, 502e3, 504e3, 505e3])
    names = np.ma.array(["deveselu"] * 6, mask=[1, 0, 0, 0, 0, 0])
    assert measurements.read(table | {"sensor": names}, [RADAR]).counts["unknown_sensor"] == 1


def test_stations_may_lag_behind_each_other() -> None:
    found = _read(GOOD | {"time_s": 100.0}, SEEN | {"time_s": 50.0}, GOOD | {"time_s": 101.0})
    assert found.rejected == 0
    assert found.time_s.tolist() == [50.0, 100.0, 101.0]


def test_rows_stand_in_the_order_in_which_they_were_received() -> None:
    found = _read(GOOD | {"time_s": 2.0, "received_s": 8.0}, GOOD | {"time_s": 1.0, "received_s": 7.0})
    assert found.rejected == 0
    assert found.received_s.tolist() == [7.0, 8.0]
    # A row that is no use says nothing of the order of the others.
    bad = GOOD | {"received_s": "late"}
    found = _read(GOOD | {"time_s": 2.0, "received_s": 8.0}, bad, GOOD | {"time_s": 1.0, "received_s": 7.0})
    assert found.received_s.tolist() == [7.0, 8.0]


@given(st.lists(st.integers(0, 6), max_size=12))
def test_the_longest_run_is_kept(times: list[int]) -> None:
    run = rising(np.array(times, dtype=np.float64))
    kept = [times[i] for i in run]
    assert kept == sorted(kept) and (np.diff(run) > 0).all()
    best = [1] * len(times)
    for i in range(len(times)):
        best[i] += max((best[j] for j in range(i) if times[j] <= times[i]), default=0)
    assert len(kept) == max(best, default=0)


def test_of_two_runs_as_long_the_first_to_come_stays() -> None:
    assert rising(np.array([9.0, 8.0, 30.0])).tolist() == [0, 2]
    assert rising(np.array([9.0, 10_000.0, 30.0])).tolist() == [0, 2]


HEAD = "time_s;sensor;range_km;azimuth_deg;elevation_deg\n"


def test_a_csv_file_says_the_line(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "\ufeff" + HEAD + "1;deveselu;500;1;2\n\n2;deveselu;500;1\n3;deveselu;x;1;2\n4;deveselu;9;1;2\n"
    )
    found = measurements.read(path, [RADAR])
    assert found.row.tolist() == [2, 6]
    assert [(r.row, r.reason) for r in found.rejections] == [(4, "malformed"), (5, "malformed")]
    assert "4 fields, where the heading has 5" in found.rejections[0].what
    assert "'x'" in found.rejections[1].what


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    luck = np.random.default_rng(4)
    table = {
        "time_s": np.sort(luck.uniform(0.0, 100.0, 50)),
        "sensor": np.array(["deveselu"] * 49 + ["nobody"]),
        "range_km": np.where(luck.random(50) < 0.1, np.nan, luck.uniform(2.0, 900.0, 50)),
        "azimuth_deg": luck.integers(0, 360, 50),
        "elevation_deg": luck.uniform(0.0, 89.0, 50),
    }
    run_folder.write_parquet(tmp_path / "m.parquet", table)
    lines = [",".join(table), *(",".join(str(c[i]) for c in table.values()) for i in range(50))]
    (tmp_path / "m.csv").write_text("\n".join(lines))
    one, two = (measurements.read(tmp_path / name, [RADAR]) for name in ("m.parquet", "m.csv"))
    assert one.counts == two.counts
    assert one.counts["unknown_sensor"] == 1 and one.counts["not_finite"] > 0
    assert np.array_equal(one.values, two.values, equal_nan=True)
    assert (one.row + 1).tolist() == two.row.tolist()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("none.csv", None, "no such file"),
        ("a.txt", HEAD, "no table"),
        ("a.csv", "", "empty"),
        ("a.csv", "time_s,sensor,speed\n", "unknown column `speed`"),
        ("a.csv", "sensor,range_km\n", "no column `time_s`"),
        ("a.csv", "time_s,sensor,time_s\n", "stands twice"),
        ("a.parquet", "PAR1 and nothing", "no Parquet file"),
    ],
)
def test_what_is_no_table_is_an_input_error(tmp_path: Path, name: str, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=says):
        measurements.read(tmp_path / name, [RADAR])


@pytest.mark.parametrize(
    "table",
    [
        {"time_s": [1.0], "sensor": []},
        {"time_s": np.ones((1, 1)), "sensor": ["a"]},
        {"time_s": 1.0, "sensor": "a"},
        {},
    ],
)
def test_columns_that_are_none_are_an_input_error(table: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        measurements.read(table, [RADAR])


def test_an_empty_table_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEAD)
    found = measurements.read(tmp_path / "m.csv", [RADAR])
    assert found.time_s.size == found.rejected == 0
    assert found.covariance.shape == (0, 4, 4)


CELLS = st.one_of(
    st.sampled_from(
        ["", "nan", "inf", "-inf", "1e999", "0", "deveselu", "eye", "\x00", '"', "a;b", "١", "1_0"]
    ),
    st.floats().map(str),
    st.floats(0.0, 900.0).map(str),
    st.text(max_size=6),
)
NAMES = [c.key for c in columns(MeasurementRow)]


@pytest.mark.filterwarnings("error")
@given(st.lists(st.lists(CELLS, min_size=len(NAMES) - 1, max_size=len(NAMES) + 1), max_size=6))
@settings(max_examples=150)
def test_no_text_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    text = "\n".join(";".join(row) for row in [NAMES, *rows])
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    _sound(measurements.read(path, [RADAR, EYE]))


VALUES = st.one_of(st.floats(), st.floats(0.0, 900.0), st.none(), st.text(max_size=3), st.booleans())
ROWS = st.fixed_dictionaries(
    {
        "time_s": st.one_of(st.floats(0.0, 50.0), VALUES),
        "sensor": st.sampled_from(["deveselu", "eye", "x", 3]),
    },
    optional=dict.fromkeys(NAMES[2:], VALUES),
)


@given(
    st.lists(
        st.one_of(ROWS, ROWS.map(lambda r: GOOD | r), ROWS.map(lambda r: SEEN | r)), min_size=1, max_size=6
    )
)
@settings(max_examples=150)
@pytest.mark.filterwarnings("error")
def test_no_value_crashes_the_reader(rows: list[dict[str, Any]]) -> None:
    found = _read(*rows)
    _sound(found)
    assert found.time_s.size + found.rejected == len(rows)


def _sound(found: Measurements) -> None:
    """What a tracker may rely on."""
    assert set(found.counts) == set(REASONS)
    assert np.isfinite(found.time_s).all() and (np.diff(found.time_s) >= 0.0).all()
    assert (found.received_s >= found.time_s).all()
    for values, covariance in zip(found.values, found.covariance, strict=True):
        there = ~np.isnan(values)
        assert there.sum() >= 2 and np.isfinite(values[there]).all()
        np.linalg.cholesky(covariance[np.ix_(there, there)])


STATIONS = """
- {name: deveselu, kind: radar, latitude_deg: 44.1, longitude_deg: 24.4, longest_range_km: 1000,
   sigma_range_m: 20, sigma_azimuth_urad: 1000, sigma_elevation_urad: 1000}
- {name: eye, kind: infrared, sigma_line_urad: 50}
"""


def test_stations_are_read_from_a_list(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(STATIONS)
    one, two = stations.read(tmp_path / "s.yaml")
    assert (one.sigma_azimuth_rad, two.sigma_line_rad) == pytest.approx((1e-3, 5e-5))
    assert one.latitude_rad == pytest.approx(math.radians(44.1))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "no stations"),
        ("a: 1", "no list"),
        (STATIONS + STATIONS, "stands twice"),
        (STATIONS.replace("sigma_range_m: 20, ", ""), "sigma_range_m"),
        (STATIONS.replace("kind: radar", "kind: sonar"), "sonar"),
        (STATIONS.replace("44.1", "144.1"), "144.1"),
    ],
)
def test_stations_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(InputError, match=says):
        stations.read(tmp_path / "s.yaml")


def test_the_page_documents_every_column_and_reason() -> None:
    page = (Path(__file__).parents[2] / "docs" / "measurements.md").read_text(encoding="utf-8")
    for column in (*columns(MeasurementRow), *columns(Station)):
        unit = "" if column.spec.unit == "1" else column.spec.unit
        needed = "yes" if column.required else ""
        assert f"| `{column.key}` | {unit} | {needed} | {column.spec.meaning} |" in page
    for reason, meaning in REASONS.items():
        assert f"| `{reason}` | {meaning} |" in page
