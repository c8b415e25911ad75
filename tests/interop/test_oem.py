"""Ephemerides of a trial's satellites, read back as a case takes them in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.engine.ephemerides import interpolated
from synaspis.engine.satellites import Motion, places
from synaspis.engine.world import world
from synaspis.errors import InputError
from synaspis.files.case import resolve
from synaspis.interop.oem import LONGEST, oem
from synaspis.interop.telling import Telling, telling
from synaspis.kernels import satellite
from synaspis.model import oem as model
from synaspis.model.orbit import days_since_2000
from synaspis.model.shown import Orbiting
from synaspis.studies.orbiting import LEAST, satellites
from tests.files.example import swap
from tests.interop.told import ACROSS, HOSTILE, STARTS, flight, trial

ORBIT = "geostationary_longitude_deg: 60"
KINDS = [
    ORBIT,
    "orbit: {semi_major_axis_km: 26600, eccentricity: 0.7, inclination_deg: 63}",
    "walker: {satellites: 2, planes: 1, altitude_km: 1000, inclination_deg: 80}",
]


def told(states: np.ndarray, name: str = "geo", title: str = "A title") -> Telling:
    one = Orbiting(name=name, sensor=name, type="t", owner="USA", field_of_regard_deg=180.0, states=states)
    return telling(replace(trial((flight("one", ACROSS),), title=title), satellites=(one,)))


def orbiting(place: str, until_s: float) -> tuple[Orbiting, ...]:
    case, problems = resolve(swap((ORBIT, place)).encode(), "small.yaml")
    assert case is not None, problems
    return satellites(world(case, ()), until_s)


@pytest.mark.parametrize("place", KINDS)
@pytest.mark.parametrize("until_s", [3.0, 806.2864])
def test_states_are_those_of_the_run(place: str, until_s: float) -> None:
    case, _ = resolve(swap((ORBIT, place)).encode(), "small.yaml")
    assert case is not None
    stations = [s for s in world(case, ()).stations if s.name.startswith("geo")]
    found = orbiting(place, until_s)
    assert [s.name for s in found] == [s.name for s in stations]
    for s, station in zip(found, stations, strict=True):
        seconds = s.states[:, 0]
        assert len(seconds) >= LEAST and seconds[0] == 0.0 and seconds[-1] <= max(until_s, LEAST)
        assert (seconds == np.floor(1e3 * seconds + 1e-6) / 1e3).all()
        if station.motion is None:
            assert not s.states[:, 4:].any()
            continue
        moves = [places([station.motion], case.file.starts, seconds + by)[:, 0] for by in (-0.01, 0.0, 0.01)]
        assert np.abs(s.states[:, 1:4] - moves[1]).max() < 1e-6
        assert np.abs(s.states[:, 4:] - (moves[2] - moves[0]) / 0.02).max() < 0.005


def test_a_case_reads_what_is_exported_property() -> None:
    """Out and in again: between the states, too, the satellite is where it was, within two centimetres."""
    (one,) = orbiting(KINDS[1], 1_200.0)
    case, problems = resolve(swap((ORBIT, f"oem: {_quoted(oem(told(one.states)))}")).encode(), "small.yaml")
    assert case is None and "the raid lasts from 2024-12-01" in problems[0].what  # told at another day's raid
    e, faults = model.read(oem(told(one.states)), "geo")
    assert faults == () and e is not None
    starts = satellite.DAY_S * days_since_2000(STARTS)
    seconds = np.linspace(0.0, 1_199.0, 300)
    elements = (26_600e3, 0.7, np.radians(63.0), 0.0, 0.0, 0.0, 0.0)
    case, _ = resolve(swap().encode(), "small.yaml")
    assert case is not None
    true = places([Motion(elements=elements)], case.file.starts, seconds)[:, 0]
    assert np.linalg.norm(interpolated(e, starts + seconds) - true, axis=1).max() < 0.02


def _quoted(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'


finite = st.floats(-3e4, 3e4)


@given(
    st.lists(st.tuples(finite, finite, finite), min_size=8, max_size=12),
    st.text(max_size=300),
    st.text(max_size=600),
)
@settings(max_examples=60, deadline=None)
def test_whatever_it_is_called_property(
    given: list[tuple[float, float, float]], name: str, title: str
) -> None:
    """Every line is printable ASCII and short; states come back to a millimetre, a micrometre a second."""
    rows = [
        [60.0 * i, 1e3 * x + 4e7, 1e3 * y, 1e3 * z, 0.0, x / 3e4, -y / 3e4]
        for i, (x, y, z) in enumerate(given)
    ]
    text = oem(told(np.array(rows), f"a{name}", title))
    lines = text.split("\n")
    assert all(line.isascii() and len(line) <= LONGEST for line in lines) and "\r" not in text
    assert lines[1].startswith("COMMENT EXERCISE") and any(line == "COMMENT regime: allied" for line in lines)
    states = [line.split() for line in lines if line[:4] == "2026" or line[:4] == "2027"]
    back = np.array([[float(x) for x in row[1:]] for row in states])
    assert np.abs(1e3 * back[:, :3] - np.array(rows)[:, 1:4]).max() < 1e-3 + 1e-6
    assert np.abs(1e3 * back[:, 3:] - np.array(rows)[:, 4:]).max() < 1e-6 + 1e-9


def test_hostile_names_stay_in_their_line() -> None:
    (one,) = orbiting(KINDS[0], 600.0)
    text = oem(told(one.states, HOSTILE + "\nMETA_START", HOSTILE))
    assert text.count("\nMETA_START\n") == 1
    assert model.read(text, "")[1] == ()


def test_none_and_several_are_refused() -> None:
    with pytest.raises(InputError, match="the case has none"):
        oem(telling(trial((flight("one", ACROSS),))))
    two = telling(replace(trial((flight("one", ACROSS),)), satellites=orbiting(KINDS[2], 60.0)))
    with pytest.raises(InputError, match=r"the case has 2\n.*one of: geo/1, geo/2"):
        oem(two)
