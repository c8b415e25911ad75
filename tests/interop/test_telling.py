"""What every format tells: marked, on the drawn path, cut where the missile ended, within bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop.moments import utc
from synaspis.interop.telling import along, event_facts, path_facts, plain, site_facts, telling
from synaspis.model.answers import MOST_DRAWN
from tests.interop.told import ACROSS, HOSTILE, STARTS, event, flight, hostile, small, trial

NUMBERS = st.floats(-1e4, 1e4)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-540, 540)


def test_it_says_what_it_is_and_of_which_run() -> None:
    told = small()
    assert told.head["marking"] == "EXERCISE" and "simulated" in str(told.head["about"])
    assert [told.head[k] for k in ("case", "regime", "trial", "seed", "version")] == [
        "small", "allied", 37, 5, "0.1.0",
    ]  # fmt: skip
    assert told.head["starts_utc"] == "2026-03-01T23:59:58.000Z"
    assert told.name == "EXERCISE: A title, regime allied, trial 37"


def test_a_path_ends_where_the_missile_did() -> None:
    (path,) = small().paths
    assert path.fate == "killed"
    assert [s[0] for s in path.samples] == [10.0, 30.0, 50.0, 60.0]
    assert path.samples[-1] == pytest.approx((60.0, 62.5, -173.0, 50_000.0))


@pytest.mark.parametrize(
    ("kinds", "fate", "last_s"),
    [(["landed"], "landed", 40.0), (["failed"], "failed in flight", 40.0), (["missed"], "unknown", 70.0),
     (["hit", "landed"], "killed", 40.0)],
)  # fmt: skip
def test_the_first_end_counts_and_a_miss_is_none(kinds: list[str], fate: str, last_s: float) -> None:
    events = tuple(event(kind, 40.0 + 20.0 * i, "one") for i, kind in enumerate(kinds))
    (path,) = telling(trial((flight("one", ACROSS),), events)).paths
    assert (path.fate, path.samples[-1][0]) == (fate, last_s)


def test_nothing_is_finer_than_the_drawn_path() -> None:
    """Neither when burning ended nor where a missile then was; a shot is where its battery stands."""
    times = np.linspace(0.0, 600.0, 301)
    rows = np.column_stack([times, 40 + times**2 / 1e5, 20 + times / 100, 300 * np.sin(times / 191)])
    one = replace(flight("one", ACROSS), points=rows, burnout_s=61.7)
    told = telling(trial((one,), (event("failed", 61.7, "one"), event("fired", 61.7, "one", 44.08, 24.41))))
    drawn = one.drawn
    assert len(drawn) == MOST_DRAWN
    (path,) = told.paths
    assert {s[0] for s in path.samples[:-1]} <= set(drawn[:, 0].tolist())
    failed, fired = sorted(told.events, key=lambda e: e.kind)
    on_path = along([(t, lat, lon, 1e3 * km) for t, lat, lon, km in drawn.tolist()], 61.7)
    assert (failed.latitude_deg, failed.longitude_deg) == on_path[1:3] == path.samples[-1][1:3]
    assert (fired.latitude_deg, fired.longitude_deg) == (44.08, 24.41)
    told_of = {*path_facts(path), *event_facts(failed), *(k for s in told.sites for k in site_facts(s))}
    assert not [k for k in told_of if any(w in k for w in ("burn", "azimuth", "pitch", "speed", "bearing"))]


@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES, NUMBERS), min_size=1, max_size=60),
    st.floats(-10, 1e3),
    LONGITUDES,
)
def test_every_place_is_on_the_globe(
    places: list[tuple[float, float, float]], end_s: float, lon: float
) -> None:
    points = [(10.0 * i, *place) for i, place in enumerate(places)]
    told = telling(
        trial((flight("one", points),), (event("hit", end_s, "one"), event("fired", 1.0, "one", 1, lon)))
    )
    spots = [s[1:3] for p in told.paths for s in p.samples]
    spots += [(e.latitude_deg, e.longitude_deg) for e in told.events]
    assert all(-90 <= a <= 90 and -180 <= b <= 180 for a, b in spots)
    for path in told.paths:
        times = [s[0] for s in path.samples]
        assert times == sorted(set(times))


@given(LONGITUDES, LONGITUDES, st.floats(0, 1))
def test_between_two_points_it_goes_the_shorter_way(one: float, other: float, part: float) -> None:
    ways = telling(trial((flight("one", [(0.0, 0.0, one, 0.0), (10.0, 0.0, other, 0.0)]),))).paths
    start, end = (s[2] for s in ways[0].samples)
    at = along(ways[0].samples, 10.0 * part)[2]
    far = abs((end - start + 180.0) % 360.0 - 180.0)
    gone = abs((at - start + 180.0) % 360.0 - 180.0)
    assert gone <= far + 0.002


def test_what_is_nowhere_or_never_is_left_out() -> None:
    told = telling(trial((), (event("hit", float("inf"), "x"), event("hit", 1.0, "x", float("nan")))))
    assert told.events == () and told.span_s == (0.0, 0.0)


@given(st.text())
def test_words_can_be_written(text: str) -> None:
    assert plain(text).encode() is not None
    assert plain(plain(text)) == plain(text)


def test_hostile_words_keep_what_can_be_kept() -> None:
    name = hostile().paths[0].flight.threat
    assert name == HOSTILE.translate({ord(c): "\ufffd" for c in "\x00\x0b\ud800\ufffe"})


@pytest.mark.parametrize(
    ("year", "told"), [(2026, "2026-03-02T00:00:00.500Z"), (999, "0999-03-02T00:00:00.500Z")]
)
def test_moments(year: int, told: str) -> None:
    assert utc(STARTS.replace(year=year), 2.4996) == told


def test_whatever_is_told_carries_its_symbol() -> None:
    told = small()
    sites = {s.kind: site_facts(s)["symbol"] for s in told.sites}
    assert sites == {"battery": "10131000001301020000", "satellite": "10130500001107000002"}
    missile = replace(told.paths[0], flight=replace(told.paths[0].flight, category="mrbm"))
    assert path_facts(missile)["symbol"] == "10160200001100000613"
    assert [event_facts(e)["symbol"] for e in told.events] == ["10132500001313010000", "10134000001106000000"]
