"""CCSDS Orbit Ephemeris Message (502.0-B-2), keys and values: one satellite of a trial during its raid.

A message is of one object. Places are Earth-fixed as the run has them, UT1 taken as UTC and without polar
motion, so within 0.5 km of ITRF at 1,000 km height and 2.8 km in the geostationary ring. Missiles have no
place here: a state has a velocity, and a boosting missile's tells its end of burning.
"""

from __future__ import annotations

import re
from typing import Final

from synaspis.errors import InputError, Problem
from synaspis.interop.telling import Telling
from synaspis.model.shown import Orbiting

FRAME: Final = "ITRF2000"
DEGREE: Final = 7
LONGEST: Final = 254
ABOUT: Final = (
    "Earth-fixed as the run has it, UT1 taken as UTC and without polar motion: within 0.5 km of ITRF at",
    "1,000 km height and 2.8 km in the geostationary ring. CREATION_DATE is the raid's start, so that",
    "the same run gives the same bytes. OBJECT_ID is no designator.",
)


def oem(told: Telling) -> str:
    """The document. InputError where the trial does not have just one satellite."""
    names = [s.name for s in told.satellites]
    if not names:
        what = "`oem` tells of a satellite, and the case has none"
        raise InputError([Problem("--to", 0, 0, what, "give czml, kml, geojson or csv")])
    if len(names) > 1:
        what = f"`oem` tells of one satellite, and the case has {len(names)}"
        mend = "give `--of` with one of: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        raise InputError([Problem("--to", 0, 0, what, mend)])
    created = told.at(0.0).removesuffix("Z")
    lines = ["CCSDS_OEM_VERS = 2.0", _comment(str(told.head["about"]))]
    lines += [_comment(f"{key}: {value}") for key, value in told.head.items() if key != "about"]
    lines += [_comment(line) for line in ABOUT]
    lines += [f"CREATION_DATE = {created}", "ORIGINATOR = SYNASPIS", ""]
    return "\n".join([*lines, *_segment(told, told.satellites[0])]) + "\n"


def _segment(told: Telling, s: Orbiting) -> list[str]:
    rows = s.states.tolist()
    times = [told.at(row[0]).removesuffix("Z") for row in rows]
    head = [
        "META_START", f"OBJECT_NAME = {named(s.name)}", f"OBJECT_ID = EXERCISE {named(s.name)}",
        "CENTER_NAME = EARTH",
        f"REF_FRAME = {FRAME}", "TIME_SYSTEM = UTC", f"START_TIME = {times[0]}", f"STOP_TIME = {times[-1]}",
        "INTERPOLATION = HERMITE", f"INTERPOLATION_DEGREE = {DEGREE}", "META_STOP",
        _comment(f"EXERCISE: {s.type}, owner {s.owner}"),
    ]  # fmt: skip
    states = (
        " ".join(
            [time, *(f"{x / 1e3 + 0.0:.6f}" for x in row[1:4]), *(f"{v / 1e3 + 0.0:.9f}" for v in row[4:])]
        )
        for time, row in zip(times, rows, strict=True)
    )
    return [*head, *states]


def _comment(text: str) -> str:
    return f"COMMENT {named(text)}"[:LONGEST]


def named(text: str) -> str:
    """`text` as the format can hold it: one line of printable ASCII, `?` for what is none."""
    return re.sub(r"[^ -~]", "?", " ".join(text.split()))[: LONGEST - 40]
