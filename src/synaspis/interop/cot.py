"""Cursor-on-Target events as XML: marked as an exercise, machine-simulated and releasable, or not written.

Source: the event schema 2.0 of 2003 (MITRE, public release 11-3895), its types from MIL-STD-2525C; the
attributes `caveat` and `releasableTo` are those of MIL-STD-6090 as TAK has them. Version 0 of TAK's protocol
is one such event in a datagram. Errors of the place that are not known are 9999999 (m), as is a height.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from synaspis.errors import InputError, Problem
from synaspis.interop.incoming_xml import Element, parsed
from synaspis.interop.telling import MARKING, plain

PREFIX: Final = MARKING
"""Of every callsign and caveat."""
HOW: Final = "m-s"
"""Machine, simulated."""
OPEX: Final = "e"
"""An exercise, neither an operation (o) nor only a simulation (s); a name may follow after a hyphen."""
VERSION: Final = "2.0"
UNKNOWN: Final = 9999999.0
LONGEST: Final = 65_507
"""Bytes of one event at most: what a datagram takes."""
LONGEST_DOCUMENT: Final = 16_000_000
WORDS: Final = 2000
"""Characters of a text at most."""
NOTES: Final = 20
"""How much of what was skipped, or is wrong with one event, is kept in words."""
FASTEST_MPS: Final = 20_000.0
HIGHEST_M: Final = 1e8
_UID = re.compile(r"[!-~]{1,128}")
_TYPE = re.compile(r"\w+(-\w+)*(;[^;]*)?", re.ASCII)
_NATION = re.compile(r"[A-Z]{3}")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_EVENT = ("version", "uid", "type", "time", "start", "stale", "how")
_MARKED = ("access", "caveat", "releasableTo", "opex")
_POINT = ("lat", "lon", "hae", "ce", "le")


@dataclass(frozen=True, kw_only=True)
class Marking:
    """Who may have it: `access` is its classification, `releasable_to` nations (ISO 3166 alpha-3)."""

    releasable_to: tuple[str, ...]
    access: str = "UNCLASSIFIED"
    caveat: str = f"{PREFIX}, public figures"


@dataclass(frozen=True, kw_only=True)
class CotEvent:
    """One event. Times are UTC, to the millisecond; `ce_m` and `le_m` the errors of place and height.

    `symbol` and `letters` are its codes of 2525D and 2525C; `facts` what else is told, by name.
    """

    uid: str
    type: str
    time: dt.datetime
    start: dt.datetime
    stale: dt.datetime
    latitude_deg: float
    longitude_deg: float
    callsign: str
    marking: Marking
    height_m: float = UNKNOWN
    ce_m: float = UNKNOWN
    le_m: float = UNKNOWN
    remarks: str = ""
    course_deg: float | None = None
    speed_mps: float | None = None
    symbol: str = ""
    letters: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    how: str = HOW
    opex: str = OPEX


@lru_cache(maxsize=1024)
def is_nation(code: str) -> bool:
    """Whether it looks like one."""
    return _NATION.fullmatch(code) is not None


def problems(e: CotEvent, name: str = "CoT", line: int = 0) -> list[Problem]:
    """All that keeps an event from being written, or from being taken as read."""
    wrong: list[tuple[str, str]] = []
    m = e.marking
    if not (e.callsign == PREFIX or e.callsign.startswith(f"{PREFIX} ")):
        wrong.append((f"callsign {e.callsign[:80]!r} does not say exercise", f"begin it with {PREFIX}"))
    if e.how != HOW:
        wrong.append((f"how is {e.how[:80]!r}", f"machine-simulated is {HOW!r}, nothing else is told"))
    if not re.fullmatch(rf"{OPEX}(-.*)?", e.opex):
        wrong.append((f"opex is {e.opex[:80]!r}", f"an exercise is {OPEX!r}"))
    if not m.access:
        wrong.append(("no access", "say its classification"))
    if not m.caveat.startswith(PREFIX):
        wrong.append((f"caveat {m.caveat[:80]!r} does not say exercise", f"begin it with {PREFIX}"))
    if not m.releasable_to or not all(map(is_nation, m.releasable_to)):
        wrong.append(("releasableTo names no nations", "give codes of three letters"))
    if not _UID.fullmatch(e.uid):
        wrong.append((f"uid {e.uid[:80]!r}", "give up to 128 printable ASCII characters"))
    if not _TYPE.fullmatch(e.type):
        wrong.append((f"type {e.type[:80]!r}", "give words joined by hyphens"))
    wrong += _bounds(e) + _texts(e)
    return [Problem(name, line, 1 if line else 0, what, mend) for what, mend in wrong]


def _bounds(e: CotEvent) -> list[tuple[str, str]]:
    limits: list[tuple[str, float | None, float, float]] = [
        ("lat", e.latitude_deg, -90.0, 90.0), ("lon", e.longitude_deg, -180.0, 180.0),
        ("hae", e.height_m, -HIGHEST_M, HIGHEST_M), ("ce", e.ce_m, 0.0, UNKNOWN),
        ("le", e.le_m, 0.0, UNKNOWN), ("course", e.course_deg, 0.0, 360.0),
        ("speed", e.speed_mps, 0.0, FASTEST_MPS),
    ]  # fmt: skip
    wrong = [
        (f"{name} is {value}", f"give it from {low:g} to {high:g}")
        for name, value, low, high in limits
        if value is not None and not low <= value <= high
    ]
    if (e.course_deg is None) != (e.speed_mps is None):
        wrong.append(("course without speed, or speed without course", "give both or neither"))
    moments = (("time", e.time), ("start", e.start), ("stale", e.stale))
    wrong += [(f"{name} has no zone", "give UTC") for name, at in moments if at.tzinfo is None]
    return wrong


def _texts(e: CotEvent) -> list[tuple[str, str]]:
    told = {
        "callsign": e.callsign, "remarks": e.remarks, "access": e.marking.access,
        "caveat": e.marking.caveat, "opex": e.opex, "type": e.type, **e.facts,
    }  # fmt: skip
    wrong = [
        (f"{key[:80]!r} is too long or holds what XML cannot", f"give at most {WORDS} characters")
        for key, text in told.items()
        if len(text) > WORDS or plain(text) != text
    ]
    wrong += [
        (f"fact {key[:80]!r}", "name it in small letters") for key in e.facts if not _KEY.fullmatch(key)
    ]
    if e.symbol and not re.fullmatch(r"\d{20}", e.symbol, re.ASCII):
        wrong.append((f"symbol {e.symbol[:80]!r}", "give the 20 digits of 2525D"))
    if e.letters and not re.fullmatch(r"[A-Z*-]{15}", e.letters):
        wrong.append((f"symbol {e.letters[:80]!r}", "give the 15 characters of 2525C"))
    return wrong


def encode(e: CotEvent) -> bytes:
    """The event as a document of its own, a datagram. InputError with all that `problems` finds."""
    return bytes(etree.tostring(element(e), encoding="UTF-8", xml_declaration=True, standalone=True))


def element(e: CotEvent) -> Element:
    """The event as an element. InputError with all that `problems` finds."""
    wrong = problems(e)
    if wrong:
        raise InputError(wrong)
    m = e.marking
    top = etree.Element("event", {
        "version": VERSION, "uid": e.uid, "type": e.type, "how": e.how, "time": _moment(e.time),
        "start": _moment(e.start), "stale": _moment(e.stale), "access": m.access, "caveat": m.caveat,
        "releasableTo": ",".join(m.releasable_to), "opex": e.opex,
    })  # fmt: skip
    place = (e.latitude_deg, e.longitude_deg, e.height_m, e.ce_m, e.le_m)
    etree.SubElement(top, "point", {k: _number(v) for k, v in zip(_POINT, place, strict=True)})
    detail = etree.SubElement(top, "detail")
    etree.SubElement(detail, "contact", {"callsign": e.callsign})
    source = "???" if e.height_m == UNKNOWN else "CALC"
    etree.SubElement(detail, "precisionlocation", {"geopointsrc": "CALC", "altsrc": source})
    if e.course_deg is not None and e.speed_mps is not None:
        moves = {"course": _number(e.course_deg), "speed": _number(e.speed_mps)}
        etree.SubElement(detail, "track", moves)
    if e.letters:
        etree.SubElement(detail, "__milsym", {"id": e.letters})
    if e.symbol:
        etree.SubElement(detail, "__milicon", {"id": e.symbol})
    if e.remarks:
        etree.SubElement(detail, "remarks").text = e.remarks
    if e.facts:
        etree.SubElement(detail, "__synaspis", dict(e.facts))
    return top


@lru_cache(maxsize=64)
def _moment(at: dt.datetime) -> str:
    utc = at.astimezone(dt.UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds") + "Z"


def _number(value: float) -> str:
    """A decimal as XML Schema has them, which know no exponent, to the seventh place."""
    whole, _, rest = f"{round(value, 7) + 0.0:.7f}".partition(".")
    return f"{whole}.{rest.rstrip('0') or '0'}"


def decode(data: bytes, name: str = "CoT") -> CotEvent:
    """The one event that `data` is. InputError with all that is wrong, each with its line in `name`."""
    return _event(parsed(data, name, LONGEST), name)


@dataclass(frozen=True)
class Events:
    """What a document held. `first` says of the first that were skipped why."""

    read: tuple[CotEvent, ...]
    skipped: int
    first: tuple[Problem, ...]


def read(data: bytes, name: str = "CoT") -> Events:
    """The events of a document with the root `events`; a bad one is skipped and counted.

    InputError where it is no such document at all.
    """
    root = parsed(data, name, LONGEST_DOCUMENT)
    if root.tag != "events":
        what = f"begins with `{str(root.tag)[:80]}`"
        raise InputError([Problem(name, root.sourceline or 1, 1, what, "`events` is read")])
    found: list[CotEvent] = []
    first: list[Problem] = []
    skipped = 0
    for each in root:
        try:
            found.append(_event(each, name))
        except InputError as error:
            skipped += 1
            first += error.problems[: NOTES - len(first)]
    return Events(tuple(found), skipped, tuple(first))


class _Taken:
    """Values out of an element's attributes; what is wrong is noted with its line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wrong: list[Problem] = []

    def say(self, at: Element, what: str, mend: str = "") -> None:
        if len(self.wrong) < NOTES:
            self.wrong.append(Problem(self.name, at.sourceline or 1, 1, what, mend))

    def text(self, at: Element, key: str) -> str:
        found = at.get(key)
        if found is None:
            self.say(at, f"`{at.tag}` has no `{key}`")
        return found or ""

    def number(self, at: Element, key: str) -> float:
        found = self.text(at, key)
        if len(found) > 40 or not _NUMBER.fullmatch(found):
            self.say(at, f"{key} {found[:40]!r} is no decimal")
            return math.nan
        return round(float(found), 7) + 0.0

    def moment(self, at: Element, key: str) -> dt.datetime:
        """To the millisecond, below which nothing is told."""
        found = self.text(at, key)
        try:
            if not _MOMENT.fullmatch(found):
                raise ValueError
            moment = dt.datetime.fromisoformat(found).astimezone(dt.UTC)
            return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        except (ValueError, OverflowError):
            self.say(at, f"{key} {found[:40]!r} is no moment with a zone", "give UTC as ISO 8601 has it")
            return dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

    def only(self, at: Element, keys: tuple[str, ...], children: tuple[str, ...]) -> None:
        """Notes attributes and children that are not known, and text where there is none."""
        for key in at.attrib:
            if key not in keys:
                self.say(at, f"`{at.tag}` has `{str(key)[:80]}`, which is not known")
        for tag, count in Counter(str(child.tag) for child in at).items():
            if tag not in children or count > 1:
                self.say(at, f"`{at.tag}` holds `{tag[:80]}`, which is not known or there twice")
        if any((text or "").strip() for text in (at.text, *(child.tail for child in at))):
            self.say(at, f"`{at.tag}` holds text")


def _event(top: Element, name: str) -> CotEvent:
    take = _Taken(name)
    if top.tag != "event":
        take.say(top, f"is `{str(top.tag)[:80]}`, no event")
        raise InputError(take.wrong)
    take.only(top, _EVENT + _MARKED, ("point", "detail"))
    if take.text(top, "version") not in (VERSION, "2"):
        take.say(top, f"version {top.get('version', '')[:40]!r}", f"{VERSION} is read")
    marking = Marking(
        access=take.text(top, "access"), caveat=take.text(top, "caveat"),
        releasable_to=tuple(take.text(top, "releasableTo").split(",")),
    )  # fmt: skip
    told: dict[str, Any] = {key: take.text(top, key) for key in ("uid", "type", "how", "opex")}
    told |= {key: take.moment(top, key) for key in ("time", "start", "stale")}
    point, detail = top.find("point"), top.find("detail")
    if point is None or detail is None:
        take.say(top, "has no point or no detail")
    else:
        take.only(point, _POINT, ())
        keys = ("latitude_deg", "longitude_deg", "height_m", "ce_m", "le_m")
        told |= {key: take.number(point, k) for key, k in zip(keys, _POINT, strict=True)}
        told |= _detail(take, detail)
    if take.wrong:
        raise InputError(take.wrong)
    found = CotEvent(**told, marking=marking)
    wrong = problems(found, name, top.sourceline or 1)
    if wrong:
        raise InputError(wrong)
    return found


def _detail(take: _Taken, detail: Element) -> dict[str, Any]:
    """What is read of the detail; others' parts of it stay unread."""
    told: dict[str, Any] = {}
    parts = {}
    for part in ("contact", "track", "__milsym", "__milicon", "remarks", "__synaspis"):
        found = detail.findall(part)
        if len(found) > 1:
            take.say(detail, f"`{part}` is there twice")
        parts[part] = found[0] if found else None
    if parts["contact"] is None:
        take.say(detail, "has no contact", "give a callsign")
    else:
        told["callsign"] = take.text(parts["contact"], "callsign")
    if (track := parts["track"]) is not None:
        told |= {"course_deg": take.number(track, "course"), "speed_mps": take.number(track, "speed")}
    if (letters := parts["__milsym"]) is not None:
        told["letters"] = take.text(letters, "id")
    if (symbol := parts["__milicon"]) is not None:
        told["symbol"] = take.text(symbol, "id")
    if (remarks := parts["remarks"]) is not None:
        told["remarks"] = remarks.text or ""
    if (facts := parts["__synaspis"]) is not None:
        told["facts"] = {str(key): str(value) for key, value in facts.attrib.items()}
    return told
