"""Ephemerides of satellites as files tell them: CCSDS Orbit Ephemeris Messages, as keys and values (KVN).

Source: CCSDS 502.0-B-2 (2009) and B-3 (2023), Orbit Data Messages, section 5. Read are versions 1 to 3, one
object that goes round the Earth, in the frames and times below; covariances are passed over.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synaspis.model.moments import SYSTEMS, seconds_utc

Floats = NDArray[np.float64]
Fault = tuple[int, int, str, str]
"""Line and column, what is wrong, and the mend."""

FIXED, TEME, J2000 = "fixed", "teme", "j2000"
_FRAMES: Final[Mapping[str, str]] = {
    "TDR": FIXED, "GRC": FIXED, "TEME": TEME, "TEMEOFDATE": TEME, "EME2000": J2000, "GCRF": J2000,
    "ICRF": J2000,
}  # fmt: skip
_ITRF: Final = re.compile(r"ITRF-?[0-9]{0,4}$")
METHODS: Final = ("LINEAR", "LAGRANGE", "HERMITE")
HIGHEST_DEGREE: Final = 20
USUAL: Final = ("HERMITE", 7)
"""Where a file says nothing of it: over four states, places and velocities."""
_HEADER: Final = ("CCSDS_OEM_VERS", "CREATION_DATE", "ORIGINATOR")
_HEADER_MAY: Final = ("CLASSIFICATION", "MESSAGE_ID")
_META: Final = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
)
_META_MAY: Final = (
    "USEABLE_START_TIME", "USEABLE_STOP_TIME", "INTERPOLATION", "INTERPOLATION_DEGREE", "REF_FRAME_EPOCH",
    "MESSAGE_ID",
)  # fmt: skip
_VERSIONS: Final = ("1.0", "2.0", "3.0")
_PAIR: Final = re.compile(r"\s*([A-Z][A-Z0-9_]*)\s*=(.*)$")
_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?$")
LONGEST_LINE: Final = 254
MOST_FAULTS: Final = 40
NEAREST_KM, FARTHEST_KM, FASTEST_KMPS = 6_450.0, 1_000_000.0, 12.0
"""What a satellite's state lies within; beyond it another unit was meant."""
DISCORD, SLACK_KM = 0.05, 1.0
"""By what share of the way from one state to the next their velocities may miss it, beyond rounding."""


@dataclass(frozen=True, eq=False)
class Segment:
    """States that are interpolated together: seconds (N,) UTC since 2000-01-01 12:00, km (N, 3), km/s (N, 3).

    It tells of `useable_s`, from and to; `states` is how many are interpolated between.
    """

    seconds: Floats
    places_km: Floats
    speeds_kmps: Floats
    useable_s: tuple[float, float]
    method: str
    states: int


@dataclass(frozen=True, eq=False)
class Ephemeris:
    """Where one satellite is, in the frame `FIXED`, `TEME` or `J2000`; its states begin on `line`."""

    line: int
    frame: str
    segments: tuple[Segment, ...]


class _Enough(Exception):
    """There are faults enough."""


@dataclass
class _Section:
    """One segment while it is read: what its metadata say, where, and its rows with their lines."""

    line: int
    said: dict[str, tuple[str, int]] = field(default_factory=dict)
    rows: list[tuple[float, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    system: str = ""


@functools.lru_cache(maxsize=64)
def read(text: str, name: str) -> tuple[Ephemeris | None, tuple[Fault, ...]]:
    """The ephemeris that `text` spells, and what is wrong with it; None where anything is.

    Of a file with several objects it is that of the one called `name`.
    """
    found = _Reading()
    chosen: list[int] = []
    try:
        found.take(text)
        chosen = found.of_object(name)
    except _Enough:
        found.faults.append((found.line, 1, "reading stops here", "mend what is said above first"))
    if found.faults:
        return None, tuple(found.faults)
    first = found.sections[chosen[0]]
    segments = tuple(found.made[i] for i in chosen)
    return Ephemeris(first.lines[0], _frame(first.said["REF_FRAME"][0]), segments), ()


def _frame(name: str) -> str:
    return _FRAMES.get(name.upper(), FIXED if _ITRF.match(name.upper()) else "")


class _Reading:
    """Goes through the lines once; `faults` grow."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.sections: list[_Section] = []
        self.made: list[Segment] = []
        self.header: dict[str, tuple[str, int]] = {}
        self.part = "header"
        self.line = 1

    def say(self, what: str, mend: str, column: int = 1, line: int = 0) -> None:
        """Note a fault. _Enough where there are enough."""
        self.faults.append((line or self.line, column, what, mend))
        if len(self.faults) >= MOST_FAULTS:
            raise _Enough

    def take(self, text: str) -> None:
        """All of `text`."""
        lines = text.split("\n")
        first = next((i for i, line in enumerate(lines) if line.strip()), 0)
        if not lines[first].lstrip("\ufeff").startswith("CCSDS_OEM_VERS"):
            self.line = first + 1
            xml = lines[first].lstrip().startswith("<")
            what = "this is XML" if xml else "the file does not begin with CCSDS_OEM_VERS"
            self.say(what, "give a CCSDS Orbit Ephemeris Message as keys and values (KVN)")
            return
        for self.line, line in enumerate(lines, start=1):
            self._line(line.rstrip("\r"))
        self.line = len(lines)
        if self.part in ("meta", "covariance"):
            self.say(f"the file ends within its {self.part}", "give the whole file")
        self._header_whole()
        if self.sections:
            self._close()
        else:
            self.say("the file has no META_START", "give the whole file")

    def _line(self, line: str) -> None:
        if len(line) > LONGEST_LINE:
            self.say(f"the line has {len(line):,} characters", f"lines have at most {LONGEST_LINE}")
            if self.part == "data":
                return
            line = line[:LONGEST_LINE]
        words = line.split()
        if not words or words[0] == "COMMENT":
            return
        if not line.isascii():
            self.say("the line is not plain ASCII", "keep such words to comments, or take them out")
        if len(words) == 1 and words[0] in _MARKS:
            self._mark(words[0])
        elif self.part == "covariance":
            return
        elif self.part == "data":
            self._row(line, words)
        else:
            self._pair(line)

    def _mark(self, mark: str) -> None:
        wanted = _MARKS[mark]
        if self.part not in wanted:
            self.say(f"{mark} stands in the {self.part}", f"it belongs in the {' or '.join(wanted)}")
        if mark == "META_START":
            if self.sections:
                self._close()
            self.sections.append(_Section(self.line))
            self.part = "meta"
        elif mark == "META_STOP" and self.sections:
            self._metadata(self.sections[-1])
            self.part = "data"
        elif self.sections:
            self.part = "covariance" if mark == "COVARIANCE_START" else "data"

    def _pair(self, line: str) -> None:
        found = _PAIR.match(line)
        if found is None:
            self.say("the line is no `KEY = value`", "mend it, or begin it with COMMENT")
            return
        key, value = found[1], found[2].strip()
        known = (*_HEADER, *_HEADER_MAY) if self.part == "header" else (*_META, *_META_MAY)
        said = self.header if self.part == "header" else self.sections[-1].said
        column = found.start(2) + 2
        if key not in known:
            self.say(f"unknown key {key} in the {self.part}", "give one of: " + ", ".join(known))
        elif key in said:
            self.say(f"{key} is given twice", f"keep one; the first is on line {said[key][1]}")
        elif not value:
            self.say(f"{key} is empty", "give its value", column)
        else:
            said[key] = (value, self.line)
            if key == "CCSDS_OEM_VERS" and value not in _VERSIONS:
                self.say(f"CCSDS_OEM_VERS is {value[:20]}", "give " + ", ".join(_VERSIONS), column)

    def _header_whole(self) -> None:
        for key in _HEADER:
            if key not in self.header:
                self.say(f"the header has no {key}", f"add {key} before META_START", line=1)

    def _metadata(self, s: _Section) -> None:
        """The whole block, at META_STOP."""
        for key in _META:
            if key not in s.said:
                self.say(f"the metadata have no {key}", f"add {key}", line=s.line)
        told = {key: value for key, (value, _) in s.said.items()}
        if told.get("CENTER_NAME", "EARTH").upper() != "EARTH":
            self._of(s, "CENTER_NAME", "give an ephemeris about the EARTH")
        if not _frame(told.get("REF_FRAME", "TEME")):
            self._of(s, "REF_FRAME", "give ITRF (of any year), TDR, TEME, EME2000, GCRF or ICRF")
        if "REF_FRAME_EPOCH" in told:
            self._of(s, "REF_FRAME_EPOCH", "leave it out: frames are read of date, or as fixed in themselves")
        system = told.get("TIME_SYSTEM", "UTC").upper()
        if system not in SYSTEMS:
            self._of(s, "TIME_SYSTEM", "give " + ", ".join(SYSTEMS))
        s.system = system if system in SYSTEMS else "UTC"
        for key in ("START_TIME", "STOP_TIME", "USEABLE_START_TIME", "USEABLE_STOP_TIME"):
            if key in told and seconds_utc(told[key], s.system) is None:
                self._of(s, key, "give a moment as 2024-12-01T03:00:00.000")
        if told.get("INTERPOLATION", "LINEAR").upper() not in METHODS:
            self._of(s, "INTERPOLATION", "give " + ", ".join(METHODS))
        degree = told.get("INTERPOLATION_DEGREE", "1")
        if not (
            degree.isascii() and degree.isdecimal() and len(degree) < 3 and 1 <= int(degree) <= HIGHEST_DEGREE
        ):
            self._of(s, "INTERPOLATION_DEGREE", f"give 1 to {HIGHEST_DEGREE}")
        elif "INTERPOLATION" in told and "INTERPOLATION_DEGREE" not in told:
            self._of(s, "INTERPOLATION", "add INTERPOLATION_DEGREE")

    def _of(self, s: _Section, key: str, mend: str) -> None:
        value, line = s.said[key]
        self.say(f"{key} is `{value[:40]}`", mend, line=line)

    def _row(self, line: str, words: list[str]) -> None:
        s = self.sections[-1]
        if len(words) not in (7, 10):
            what = f"the line has {len(words)} words"
            self.say(what, "a state is an epoch, three places (km) and three velocities (km/s)")
            return
        time_s = seconds_utc(words[0], s.system)
        if time_s is None:
            self.say(
                f"`{words[0][:40]}` is no moment",
                "give it as 2024-12-01T03:00:00.000",
                line.find(words[0]) + 1,
            )
        for word in words[1:]:
            if not _NUMBER.match(word):
                self.say(f"`{word[:40]}` is no number", "give a number", line.find(word) + 1)
                return
        if time_s is None:
            return
        state = tuple(float(w) for w in words[1:7])
        self._sane(state)
        if s.rows and time_s <= s.rows[-1][0]:
            self.say("the state is not later than the one before", "put them in order, each time once")
        else:
            s.rows.append((time_s, *state))
            s.lines.append(self.line)

    def _sane(self, state: tuple[float, ...]) -> None:
        away, speed = math.hypot(*state[:3]), math.hypot(*state[3:])
        if away < NEAREST_KM:
            self.say(
                f"the place is {away:,.6g} km from the Earth's middle", "an OEM has km; give a satellite's"
            )
        elif away > FARTHEST_KM:
            self.say(f"the place is {away:,.0f} km away", "an OEM has km: was it written in metres?")
        elif speed > FASTEST_KMPS:
            self.say(f"the velocity is {speed:,.6g} km/s", "an OEM has km/s: was it written in m/s?")

    def _close(self) -> None:
        """What the finished section says as a whole."""
        s = self.sections[-1]
        if self.faults:
            return
        told = {key: value for key, (value, _) in s.said.items()}
        method = told.get("INTERPOLATION", USUAL[0]).upper()
        degree = int(told.get("INTERPOLATION_DEGREE", USUAL[1]))
        states = {"LINEAR": 2, "LAGRANGE": degree + 1, "HERMITE": max(2, degree // 2 + 1)}[method]
        if "INTERPOLATION" not in told:
            states = max(2, min(states, len(s.rows)))
        if len(s.rows) < states:
            what = f"the segment has {len(s.rows)} states; {method} of degree {degree} takes {states}"
            self.say(what, "give more states, or a lower degree", line=s.line)
            return
        rows = np.array(s.rows)
        starts, stops = (self._moment(s, key) for key in ("START_TIME", "STOP_TIME"))
        out = np.flatnonzero((rows[:, 0] < starts - MOMENT_S) | (rows[:, 0] > stops + MOMENT_S))
        if len(out):
            self.say("the state is outside START_TIME to STOP_TIME", "mend one of them", line=s.lines[out[0]])
        self._concord(s, rows)
        begin = self._moment(s, "USEABLE_START_TIME") if "USEABLE_START_TIME" in told else starts
        end = self._moment(s, "USEABLE_STOP_TIME") if "USEABLE_STOP_TIME" in told else stops
        step_s = float(np.diff(rows[:, 0]).max())
        if rows[-1, 0] < end - step_s - MOMENT_S or rows[0, 0] > begin + step_s + MOMENT_S:
            what = "the states do not reach over the time that the metadata tell of"
            self.say(what, "is the file cut short? Give all of it, or mend the metadata", line=s.lines[-1])
        useable = max(begin, float(rows[0, 0])), min(end, float(rows[-1, 0]))
        self.made.append(Segment(rows[:, 0], rows[:, 1:4], rows[:, 4:], useable, method, states))

    def _moment(self, s: _Section, key: str) -> float:
        found = seconds_utc(s.said[key][0], s.system)
        assert found is not None
        return found

    def _concord(self, s: _Section, rows: Floats) -> None:
        """Places and velocities are of one motion."""
        lasts = np.diff(rows[:, 0])[:, None]
        way = np.diff(rows[:, 1:4], axis=0)
        half = 0.5 * lasts * (rows[1:, 4:] + rows[:-1, 4:])
        length = (
            0.5 * lasts[:, 0] * (np.linalg.norm(rows[1:, 4:], axis=1) + np.linalg.norm(rows[:-1, 4:], axis=1))
        )
        wrong = np.flatnonzero(np.linalg.norm(way - half, axis=1) > DISCORD * length + SLACK_KM)
        if len(wrong):
            what = "the velocities do not lead from the state before to this one"
            mend = "give places and velocities in one frame, km and km/s, and states closer together"
            self.say(what, mend, line=s.lines[int(wrong[0]) + 1])

    def of_object(self, name: str) -> list[int]:
        """The segments of the one object, or of that called `name`, which are all in one frame."""
        if self.faults:
            return []
        told = [{key: value for key, (value, _) in s.said.items()} for s in self.sections]
        if len({t["OBJECT_ID"].upper() for t in told}) == 1:
            chosen = list(range(len(told)))
        else:
            chosen = [i for i, t in enumerate(told) if t["OBJECT_NAME"] == name]
        if not chosen:
            named = list(dict.fromkeys(t["OBJECT_NAME"][:40] for t in told))
            what = f"none of the {len(named)} objects of the file is called `{name[:40]}`"
            mend = "name the sensor as one of: " + ", ".join(named[:12])
            self.say(what, mend, line=self.sections[0].line)
            return []
        first = told[chosen[0]]["REF_FRAME"].upper()
        for i in chosen[1:]:
            if told[i]["REF_FRAME"].upper() != first:
                self._of(self.sections[i], "REF_FRAME", f"give all of a satellite's segments in one: {first}")
        return chosen


MOMENT_S: Final = 1e-3
_MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "META_START": ("header", "data"), "META_STOP": ("meta",), "COVARIANCE_START": ("data",),
    "COVARIANCE_STOP": ("covariance",),
}  # fmt: skip
