"""CCSDS OEM files read: foreign ones, and everything that can be wrong with one."""

from __future__ import annotations

import numpy as np
import pytest

from synaspis.model.moments import seconds_utc
from synaspis.model.oem import FIXED, J2000, LONGEST_LINE, MOST_FAULTS, TEME, read
from tests.files.oem_samples import GEO, HEAD, message, moment, segment

HOUR = message()


def test_another_programs_file() -> None:
    found, faults = read(GEO, "any")
    assert faults == () and found is not None
    assert found.frame == J2000 and len(found.segments) == 1 and found.line == 24
    s = found.segments[0]
    assert (s.method, s.states, len(s.seconds)) == ("LAGRANGE", 6, 8)
    assert s.places_km[1].tolist() == [4.201820541171129e04, -3.516683057150813e03, -5.887197476200347e01]
    assert s.useable_s == (seconds_utc("2020-06-01T12:00:00", "UTC"), seconds_utc("2020-153T12:07:00", "UTC"))


# The heads of files as NASA's Johnson Space Center writes them for the space station, and GMAT.
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CENTER_NAME          = Earth", "CENTER_NAME = EARTH"),
        ("ORIGINATOR     = Test", "ORIGINATOR     = NASA/JSC/FOD/TOPO"),
        ("CCSDS_OEM_VERS = 2.0", "CCSDS_OEM_VERS = 1.0"),
        ("CCSDS_OEM_VERS = 2.0", "CCSDS_OEM_VERS = 3.0\nCLASSIFICATION = NONE\nMESSAGE_ID = A-1"),
        ("INTERPOLATION        = Lagrange\nINTERPOLATION_DEGREE = 5\n", ""),
        ("\n", "\r\n"),
        ("META_STOP\n", "META_STOP\nCOMMENT  GMT 051 ISS Reboost   051:02:58:00.000   1.7   425.4   406.2\n"),
        ("e+00 ", " "),
    ],
)
def test_spellings_that_other_programs_have(old: str, new: str) -> None:
    assert old in GEO
    text = GEO if old == "e+00 " else GEO.replace(old, new)
    assert read(text, "any")[1] == ()


def test_covariances_and_accelerations_are_passed_over() -> None:
    more = "COVARIANCE_START\nEPOCH = 2024-12-01T00:00:00\nCOV_REF_FRAME = RTN\n1e-3\n1 2\nCOVARIANCE_STOP\n"
    plain = read(HOUR, "X")[0]
    found, faults = read(HOUR + more, "X")
    assert faults == () and found is not None and plain is not None
    lines = [f"{line} 0.0 -0.0 1e-3" if line.startswith("2024") else line for line in HOUR.split("\n")]
    other, faults = read("\n".join(lines), "X")
    assert faults == () and other is not None
    for one in (found, other):
        assert (one.segments[0].places_km == plain.segments[0].places_km).all()


@pytest.mark.parametrize(
    ("name", "frame"),
    [("ITRF", FIXED), ("ITRF-97", FIXED), ("itrf2014", FIXED), ("TDR", FIXED), ("TEME", TEME),
     ("GCRF", J2000), ("EME2000", J2000)],
)  # fmt: skip
def test_frames(name: str, frame: str) -> None:
    found, _ = read(HOUR.replace("ITRF2000", name), "X")
    assert found is not None and found.frame == frame


def test_of_several_objects_the_one_of_that_name() -> None:
    seconds = np.arange(0.0, 1_200.0, 60.0)
    both = HEAD + segment(seconds, name="one", id="1") + segment(seconds + 60.0, name="two", id="2")
    found, faults = read(both, "two")
    assert faults == () and found is not None
    assert found.segments[0].seconds[0] == seconds_utc(moment(60.0), "UTC")
    line, _, what, mend = read(both, "three")[1][0]
    assert line == 4 and "none of the 2 objects of the file is called `three`" in what and "one, two" in mend


ROW = moment(0.0)
AT = next(i for i, line in enumerate(HOUR.split("\n"), start=1) if line.startswith(ROW))


def row(change: str) -> str:
    lines = HOUR.split("\n")
    lines[AT - 1] = change.format(*lines[AT - 1].split())
    return "\n".join(lines)


WRONG: dict[str, tuple[str, int, str, str]] = {
    "another format": ("<?xml version='1.0'?><oem/>", 1, "this is XML", "keys and values"),
    "nothing of it": ("hello", 1, "does not begin with CCSDS_OEM_VERS", "Orbit Ephemeris Message"),
    "version": (HOUR.replace("VERS = 2.0", "VERS = 9.9"), 1, "CCSDS_OEM_VERS is 9.9", "1.0, 2.0, 3.0"),
    "no originator": (HOUR.replace("ORIGINATOR = TEST\n", ""), 1, "has no ORIGINATOR", "add ORIGINATOR"),
    "no frame": (HOUR.replace("REF_FRAME = ITRF2000\n", ""), 4, "have no REF_FRAME", "add REF_FRAME"),
    "frame": (HOUR.replace("ITRF2000", "MCI"), 8, "REF_FRAME is `MCI`", "ITRF (of any year)"),
    "frame of an epoch": (HOUR.replace("TIME_S", "REF_FRAME_EPOCH = 2000-01-01T00:00:00\nTIME_S"), 9,
                          "REF_FRAME_EPOCH is", "leave it out"),
    "centre": (HOUR.replace("= EARTH", "= MARS BARYCENTER"), 7, "`MARS BARYCENTER`", "about the EARTH"),
    "times": (HOUR.replace("= UTC", "= TDB"), 9, "TIME_SYSTEM is `TDB`", "UTC, TAI, GPS, TT"),
    "unknown key": (HOUR.replace("OBJECT_ID", "OBJEKT_ID"), 6, "unknown key OBJEKT_ID", "OBJECT_ID"),
    "key twice": (HOUR.replace("OBJECT_ID", "OBJECT_NAME"), 6, "given twice", "the first is on line 5"),
    "no pair": (HOUR.replace("OBJECT_ID =", "OBJECT_ID"), 6, "no `KEY = value`", "COMMENT"),
    "interpolation": (HOUR.replace("= HERMITE", "= SPLINE"), 12, "INTERPOLATION is `SPLINE`", "LAGRANGE"),
    "no degree": (HOUR.replace("INTERPOLATION_DEGREE = 7\n", ""), 12, "is `HERMITE`", "add INTERP"),
    "degree": (HOUR.replace("DEGREE = 7", "DEGREE = 99"), 13, "DEGREE is `99`", "1 to 20"),
    "degree in small": (HOUR.replace("DEGREE = 7", "DEGREE = ¹7"), 13, "DEGREE is `¹7`", "1 to 20"),
    "start": (HOUR.replace("START_TIME = 2024-11-30", "START_TIME = 2024-11-31"), 10, "START_TIME", "moment"),
    "too few states": (message(np.arange(0.0, 121.0, 60.0)), 4, "3 states; HERMITE of degree 7", "more"),
    "cut within metadata": (HOUR[: HOUR.index("TIME_SYSTEM")], 9, "ends within its meta", "whole file"),
    "cut within states": ("\n".join(HOUR.split("\n")[:-9]), 77, "do not reach over the time", "cut short"),
    "cut within a line": (HOUR[:-25], 85, "the line has 5 words", "an epoch, three places"),
    "not ASCII": (HOUR.replace("TEST", "TÊST"), 3, "not plain ASCII", "comments"),
    "a megabyte": (HOUR.replace("TEST", "T" * 1_000_000), 3, "line has 1,000,013", f"most {LONGEST_LINE}"),
    "no moment": (row("2024-12-01T25:00:00 {1} {2} {3} {4} {5} {6}"), AT, "is no moment", "2024-12-01T03:00"),
    "no number": (row("{0} {1} nan {3} {4} {5} {6}"), AT, "`nan` is no number", "give a number"),
    "underscores": (row("{0} 1_0 {2} {3} {4} {5} {6}"), AT, "`1_0` is no number", "give a number"),
    "a word more": (row("{0} {1} {2} {3} {4} {5} {6} 7"), AT, "has 8 words", "three velocities"),
    "within the Earth": (row("{0} 1 2 3 {4} {5} {6}"), AT, "3.74166 km from the Earth", "km"),
    "metres": (row("{0} 2e7 1e7 3e7 {4} {5} {6}"), AT, "37,416,574 km away", "metres"),
    "metres a second": (row("{0} {1} {2} {3} 1e3 2e3 1e3"), AT, "the velocity is 2,449.49 km/s", "m/s"),
    "order": (row("2024-11-30T23:50:00 {1} {2} {3} {4} {5} {6}"), AT, "not later", "in order"),
    "velocities of another frame": (row("{0} {1} {2} {3} 0 0 9"), AT, "do not lead", "one frame"),
    "outside": (HOUR.replace("START_TIME = 2024-11-30T23:50", "START_TIME = 2024-11-30T23:55"), 15,
                "outside START_TIME", "mend one"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_its_line(what: str) -> None:
    text, line, said, mend = WRONG[what]
    found, faults = read(text, "X")
    assert found is None and len(faults) <= 2, faults
    assert any(f[0] == line and said in f[2] and mend in f[3] for f in faults), faults


def test_a_flood_of_faults_stops() -> None:
    _, faults = read(HOUR.replace("2024-", "x"), "X")
    assert len(faults) == MOST_FAULTS + 1 and faults[-1][2] == "reading stops here"


@pytest.mark.parametrize(
    ("spelt", "system", "utc"),
    [
        ("2000-01-01T12:00:00", "UTC", 0.0),
        ("2000-001T12:00:00.5Z", "UTC", 0.5),
        ("2017-01-01T00:00:35", "TAI", 536_500_799.0),
        ("2017-01-01T00:00:37", "TAI", 536_500_800.0),
        ("2017-01-01T00:00:18", "GPS", 536_500_800.0),
        ("2017-01-01T00:01:09.184", "TT", 536_500_800.0),
        ("2016-12-31T23:59:60", "UTC", 536_500_800.0),
        ("1999-01-01T00:00:32", "TAI", -31_579_200.0),
    ],
)
def test_moments(spelt: str, system: str, utc: float) -> None:
    # UTC was 36 s behind TAI until the end of 2016, and 37 s from then on (IERS Bulletin C 52).
    assert seconds_utc(spelt, system) == pytest.approx(utc, abs=1e-6)


@pytest.mark.parametrize("spelt", [
    "", "2024-02-30T00:00:00", "2023-366T00:00:00", "2024-000T00:00:00", "2024-12-01", "2024-12-01T24:00:00",
    "2024-12-01T00:60:00", "2024-12-01T00:00:61", "2024-12-01T12:00:60", "0000-01-01T00:00:00",
])  # fmt: skip
def test_no_moments(spelt: str) -> None:
    assert seconds_utc(spelt, "UTC") is None
