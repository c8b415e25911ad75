"""Two-line elements: what is wrong with them, and places by SGP4.

SGP4 itself is the `sgp4` package, which is the authors' own code. It is loaded on first use only.
Source: Vallado, Crawford, Hujsak and Kelso, Revisiting Spacetrack Report 3, AIAA 2006-6753.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LENGTH = 69
J2000 = 2_451_545.0
DECAYED = 6
WRONG = {
    1: "the mean eccentricity leaves 0 to 1",
    2: "the mean motion is below zero",
    3: "the eccentricity leaves 0 to 1",
    4: "the orbit's parameter is below zero",
    DECAYED: "the satellite has decayed",
}
"""What SGP4's error codes say (source as above, section V)."""


def checksum(line: str) -> int:
    """Last digit that a line must have: the sum of its digits, a minus counting 1, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[: LENGTH - 1]) % 10


def faults(lines: tuple[str, ...]) -> list[tuple[int, str, str]]:
    """What is wrong with the form of two lines: (line 0 or 1, what, mend). None where SGP4 can read them."""
    if len(lines) != 2:
        return [(0, f"a TLE has two lines, not {len(lines)}", "give line 1 and line 2")]
    if lines[0][:2] == "2 " and lines[1][:2] == "1 ":
        return [(0, "the two lines of the TLE are the wrong way round", "give line 1, then line 2")]
    found = []
    for i, line in enumerate(lines):
        if not line.isascii() or len(line) != LENGTH or not line.startswith(f"{i + 1} "):
            mend = f"give {LENGTH} characters that begin with `{i + 1} `, blanks as they were"
            found.append((i, f"line {i + 1} of the TLE has {len(line)} characters", mend))
        elif line[-1] != str(checksum(line)):
            what = f"line {i + 1} of the TLE ends in {line[-1]}; its digits sum to {checksum(line)}"
            found.append((i, what, "copy the line again: a character is wrong or missing"))
    if found:
        return found
    if lines[0][2:7] != lines[1][2:7]:
        what = f"line 2 is of satellite {lines[1][2:7]}, line 1 of {lines[0][2:7]}"
        return [(1, what, "give the two lines of one satellite")]
    return _unread(lines)


def _unread(lines: tuple[str, ...]) -> list[tuple[int, str, str]]:
    try:
        record = _record(lines)
    except ValueError:
        return [(0, "the TLE cannot be read", "copy both lines again, blanks as they were")]
    # The parser of C reads an unreadable number as zero, and a mean motion of zero is no orbit.
    if not record.no_kozai > 0.0 or not 0.0 <= record.epochdays < 367.0:
        return [(1, "the TLE has no mean motion, or no epoch", "copy both lines again")]
    return []


def _record(lines: tuple[str, ...]) -> Any:
    from sgp4.api import Satrec

    return Satrec.twoline2rv(*lines)


def epoch_days(lines: tuple[str, ...]) -> float:
    """The epoch of the elements, days since J2000."""
    record = _record(lines)
    return float(record.jdsatepoch - J2000 + record.jdsatepochF)


def perigee_m(lines: tuple[str, ...]) -> float:
    """Height of the perigee at the epoch above the equator's radius, metres."""
    record = _record(lines)
    return float(record.altp * record.radiusearthkm * 1000.0)


def teme_states(lines: tuple[str, ...], days: Floats) -> tuple[NDArray[np.uint8], Floats, Floats]:
    """SGP4's error code (T,), place (T, 3) m and velocity (T, 3) m/s, true equator and mean equinox.

    `days` (T,) since J2000. Where the code is not 0 the state is NaN.
    """
    whole = np.floor(days)
    codes, place, speed = _record(lines).sgp4_array(J2000 + whole, days - whole)
    wrong = codes != 0
    place[wrong], speed[wrong] = np.nan, np.nan
    return codes, 1000.0 * place, 1000.0 * speed
