"""DIS 7: protocol data units as bytes, one at a time or out of a stream.

Source: IEEE Std 1278.1-2012, header 6.2.66, Entity State 7.2.2, Fire 7.3.2, Detonation 7.3.3,
Start/Resume 7.5.4, Stop/Freeze 7.5.5, Electromagnetic Emission 7.6.2; values from SISO-REF-010. Big endian.

What is read is hostile until checked: `decode` gives a PDU or what is wrong with it, and raises nothing.
What is written is an exercise: the identifier is set and markings begin with `EX`.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from synaspis.errors import InputError, Problem
from synaspis.interop.dis_layout import FARTHEST_M, Layout, Refused
from synaspis.interop.dis_records import (
    MARK,
    Beam,
    Clock,
    Descriptor,
    Detonation,
    Emission,
    EntityId,
    EntityState,
    Fire,
    Head,
    Pdu,
    StartResume,
    StopFreeze,
    Target,
)
from synaspis.interop.dis_types import EntityType

VERSION = 7
HEADER = struct.Struct(">BBBBIHBx")
"""Version, exercise, PDU type, family, timestamp, length (bytes), status, padding."""
LONGEST = 8192
"""Bytes of a PDU at most (the standard's MAX_PDU_SIZE_OCTETS)."""
NOTES = 20
"""How many of what was skipped a reader keeps in words."""
PARAMETER = 16
"""Bytes of a variable parameter record."""
WORD = 4
WORDS_TOLD = 255
"""More words than this are told as 0."""


@dataclass(frozen=True)
class Malformed:
    """A record that was not read: where, and why."""

    place: str
    why: str


_ID, _TYPE, _V3, _WORLD = "HHH", "BBHBBBB", "3f", "3d"
_STATE = Layout(
    entity=_ID, force="B", count="B", type=_TYPE, alternative=_TYPE, velocity=_V3, location=_WORLD,
    orientation=_V3, appearance="I", algorithm="B", other="15s", acceleration=_V3, spin=_V3,
    charset="B", marking="11s", capabilities="I",
)  # fmt: skip
_SHOT: dict[str, str] = {"shooter": _ID, "target": _ID, "munition": _ID, "event": _ID}
_ROUND = {"type": _TYPE, "warhead": "H", "fuse": "H", "quantity": "H", "rate": "H"}
_FIRE = Layout(**_SHOT, mission="I", location=_WORLD, **_ROUND, velocity=_V3, range="f")
_BURST = Layout(**_SHOT, velocity=_V3, location=_WORLD, **_ROUND, offset=_V3, result="B", count="B", pad="2x")
_EMITTING = Layout(entity=_ID, event=_ID, update="B", systems="B", pad="2x")
_SYSTEM = Layout(words="B", beams="B", pad="2x", name="H", function="B", number="B", offset=_V3)
_FLOATS = (
    "frequency_hz", "frequency_range_hz", "power_dbm", "repetition_hz", "pulse_s", "azimuth_rad",
    "azimuth_sweep_rad", "elevation_rad", "elevation_sweep_rad", "sweep",
)  # fmt: skip
_BEAM = Layout(
    words="B", number="B", index="H", **dict.fromkeys(_FLOATS, "f"), function="B", followed="B",
    high_density="B", status="B", jamming="4s",
)  # fmt: skip
_TARGET = struct.Struct(">HHHBB")
_CLOCK = "iI"
_START = Layout(origin=_ID, receiver=_ID, real_world=_CLOCK, simulation=_CLOCK, request="I")
_STOP = Layout(origin=_ID, receiver=_ID, real_world=_CLOCK, reason="B", behaviour="B", pad="2x", request="I")
TYPES: dict[type[Pdu], tuple[int, int]] = {
    EntityState: (1, 1), Fire: (2, 2), Detonation: (3, 2), StartResume: (13, 5), StopFreeze: (14, 5),
    Emission: (23, 6),
}  # fmt: skip
"""PDU type and protocol family, SISO-REF-010, UID 4 and 5."""
_FAMILY = dict(TYPES.values())
_START_OF_BODY = HEADER.size


def encode(pdu: Pdu) -> bytes:
    """The PDU's bytes. InputError, with all problems, where it is no exercise or a field does not fit."""
    problems = _problems(pdu)
    if not problems and isinstance(pdu, EntityState) and (quick := _quickly(pdu)):
        return quick
    if not problems:
        kind, family = TYPES[type(pdu)]
        try:
            body = _body(pdu)
            head = pdu.head
            data = HEADER.pack(
                VERSION, head.exercise, kind, family, head.timestamp, HEADER.size + len(body), head.status
            )
        except (struct.error, OverflowError, TypeError) as error:
            problems.append(_problem(f"a field of {type(pdu).__name__} does not fit: {error}"))
        else:
            back = decode(data + body)
            if not isinstance(back, Malformed):
                return data + body
            problems.append(_problem(f"{type(pdu).__name__}: {back.why}"))
    raise InputError(problems)


def _quickly(p: EntityState) -> bytes:
    """The bytes of the PDU that comes most often; b"" where something is to be looked at more closely."""
    floats = (*p.velocity, *p.location, *p.orientation, *p.acceleration, *p.spin)
    if p.parameters or not all(map(math.isfinite, floats)) or max(map(abs, p.location)) > FARTHEST_M:
        return b""
    kind, family = TYPES[EntityState]
    head = p.head
    try:
        return HEADER.pack(
            VERSION, head.exercise, kind, family, head.timestamp, HEADER.size + _STATE.size, head.status
        ) + _STATE.struct.pack(
            *p.entity, p.force, 0, *p.type, *p.alternative, *floats[:9], p.appearance, p.algorithm, b"",
            *floats[9:], 1, p.marking.encode("ascii"), p.capabilities,
        )  # fmt: skip
    except (struct.error, OverflowError, TypeError):
        return b""


def _problem(what: str, mend: str = "") -> Problem:
    return Problem("DIS", 0, 0, what, mend)


def _problems(pdu: Pdu) -> list[Problem]:
    found = []
    if not 1 <= pdu.head.exercise <= 255:
        found.append(_problem(f"exercise identifier {pdu.head.exercise}", "give one from 1 to 255"))
    if isinstance(pdu, EntityState):
        mark = pdu.marking
        if not mark.startswith(MARK):
            found.append(_problem(f"marking {mark!r} does not say exercise", f"begin it with {MARK}"))
        if not (mark.isascii() and mark.isprintable() and len(mark) <= 11):
            found.append(_problem(f"marking {mark!r}", "give at most eleven printable ASCII characters"))
    if isinstance(pdu, EntityState | Detonation) and len(pdu.parameters) % PARAMETER:
        found.append(_problem("variable parameters", f"give records of {PARAMETER} bytes"))
    return found


def _body(pdu: Pdu) -> bytes:
    told = {name: value for name, value in vars(pdu).items() if name != "head"}
    if isinstance(pdu, EntityState):
        told |= {
            "marking": pdu.marking.encode("ascii"),
            "charset": 1,
            "count": len(pdu.parameters) // PARAMETER,
        }
        return _STATE.put(**told) + pdu.parameters
    if isinstance(pdu, Emission):
        return _emission_bytes(pdu)
    if isinstance(pdu, StartResume):
        return _START.put(**told)
    if isinstance(pdu, StopFreeze):
        return _STOP.put(**told)
    told |= vars(pdu.descriptor)
    if isinstance(pdu, Fire):
        return _FIRE.put(**told)
    return _BURST.put(**told, count=len(pdu.parameters) // PARAMETER) + pdu.parameters


def _words(size: int) -> int:
    return size // WORD if size <= WORDS_TOLD * WORD else 0


def _emission_bytes(pdu: Emission) -> bytes:
    beams = b""
    for beam in pdu.beams:
        told = vars(beam) | {"followed": len(beam.targets)}
        followed = b"".join(_TARGET.pack(*t.entity, t.emitter, t.beam) for t in beam.targets)
        beams += _BEAM.put(**told, words=_words(_BEAM.size + len(followed))) + followed
    told = vars(pdu) | {"systems": 1, "beams": len(pdu.beams)}
    system = _SYSTEM.put(**told, words=_words(_SYSTEM.size + len(beams)))
    return _EMITTING.put(**told) + system + beams


def decode(data: bytes, offset: int = 0) -> Pdu | Malformed:
    """The one PDU that `data` is, or why it is none; `offset` is where it stands in what it came from."""
    try:
        kind, head = _head(data)
        return _READ[kind](data, head)
    except Refused as refused:
        return Malformed(f"byte {offset + refused.at}", refused.why)


def _head(data: bytes) -> tuple[int, Head]:
    if len(data) < HEADER.size:
        raise Refused(len(data), f"a header has {HEADER.size} bytes, here are {len(data)}")
    version, exercise, kind, family, timestamp, length, status = HEADER.unpack_from(data)
    if version != VERSION:
        raise Refused(0, f"protocol version {version}, not {VERSION} (IEEE 1278.1-2012)")
    if exercise == 0:
        raise Refused(1, "no exercise identifier")
    if kind not in _READ:
        raise Refused(2, f"PDU type {kind} is not one of those read here")
    if family != _FAMILY[kind]:
        raise Refused(3, f"protocol family {family} for PDU type {kind}")
    if length != len(data) or length > LONGEST:
        raise Refused(8, f"length {length}, with {len(data)} bytes there and {LONGEST} at most")
    return kind, Head(exercise=exercise, timestamp=timestamp, status=status)


def _rest(data: bytes, start: int, count: int) -> bytes:
    if len(data) != start + PARAMETER * count:
        raise Refused(8, f"length {len(data)}, with {count} variable parameters {start + PARAMETER * count}")
    return data[start:]


def _ended(data: bytes, end: int) -> None:
    if len(data) != end:
        raise Refused(8, f"length {len(data)}, its fields take {end}")


def _text(marking: bytes) -> str:
    """Up to the first zero; what is not printable ASCII becomes a question mark."""
    return "".join(chr(c) if 32 <= c < 127 else "?" for c in marking.split(b"\0", 1)[0])


def _state(data: bytes, head: Head) -> EntityState:
    found = _STATE.take(data, _START_OF_BODY)
    more = _rest(data, _START_OF_BODY + _STATE.size, found.pop("count"))
    del found["other"], found["charset"]
    found["entity"] = EntityId(*found["entity"])
    found["type"], found["alternative"] = EntityType(*found["type"]), EntityType(*found["alternative"])
    found["marking"] = _text(found["marking"])
    return EntityState(head=head, parameters=more, **found)


def _shot(found: dict[str, Any]) -> dict[str, Any]:
    """Identifiers and the descriptor of a Fire or Detonation."""
    told = {name: EntityId(*found[name]) for name in _SHOT}
    rest = {name: found[name] for name in _ROUND if name != "type"}
    return {**told, "descriptor": Descriptor(type=EntityType(*found["type"]), **rest)}


def _fire(data: bytes, head: Head) -> Fire:
    found = _FIRE.take(data, _START_OF_BODY)
    _ended(data, _START_OF_BODY + _FIRE.size)
    return Fire(head=head, location=found["location"], mission=found["mission"], **_shot(found))


def _detonation(data: bytes, head: Head) -> Detonation:
    found = _BURST.take(data, _START_OF_BODY)
    more = _rest(data, _START_OF_BODY + _BURST.size, found["count"])
    plain = {name: found[name] for name in ("location", "velocity", "offset", "result")}
    return Detonation(head=head, parameters=more, **plain, **_shot(found))


def _start(data: bytes, head: Head) -> StartResume:
    found = _START.take(data, _START_OF_BODY)
    _ended(data, _START_OF_BODY + _START.size)
    return StartResume(
        head=head, origin=EntityId(*found["origin"]), receiver=EntityId(*found["receiver"]),
        real_world=Clock(*found["real_world"]), simulation=Clock(*found["simulation"]),
        request=found["request"],
    )  # fmt: skip


def _stop(data: bytes, head: Head) -> StopFreeze:
    found = _STOP.take(data, _START_OF_BODY)
    _ended(data, _START_OF_BODY + _STOP.size)
    return StopFreeze(
        head=head, origin=EntityId(*found["origin"]), receiver=EntityId(*found["receiver"]),
        real_world=Clock(*found["real_world"]), reason=found["reason"], behaviour=found["behaviour"],
        request=found["request"],
    )  # fmt: skip


def _emission(data: bytes, head: Head) -> Emission:
    who = _EMITTING.take(data, _START_OF_BODY)
    if who["systems"] != 1:
        raise Refused(_START_OF_BODY + 13, f"{who['systems']} emitter systems, one is read")
    start = at = _START_OF_BODY + _EMITTING.size
    system = _SYSTEM.take(data, at)
    at += _SYSTEM.size
    beams = []
    for _ in range(system["beams"]):
        beam, at = _beam(data, at)
        beams.append(beam)
    _ended(data, at)
    if system["words"] not in (_words(at - start), 0):
        raise Refused(start, f"system of {system['words']} words, its beams make {(at - start) // WORD}")
    return Emission(
        head=head, entity=EntityId(*who["entity"]), event=EntityId(*who["event"]), update=who["update"],
        name=system["name"], function=system["function"], number=system["number"], offset=system["offset"],
        beams=tuple(beams),
    )  # fmt: skip


def _beam(data: bytes, at: int) -> tuple[Beam, int]:
    found = _BEAM.take(data, at)
    words, followed = found.pop("words"), found.pop("followed")
    del found["jamming"]
    end = at + _BEAM.size + followed * _TARGET.size
    if words not in (_words(end - at), 0):
        raise Refused(at, f"beam of {words} words, its {followed} targets make {(end - at) // WORD}")
    if end > len(data):
        raise Refused(len(data), f"ends {end - len(data)} bytes early")
    targets = tuple(
        Target(EntityId(*t[:3]), *t[3:]) for t in _TARGET.iter_unpack(data[at + _BEAM.size : end])
    )
    return Beam(targets=targets, **found), end


_READ: dict[int, Callable[[bytes, Head], Pdu]] = {
    1: _state,
    2: _fire,
    3: _detonation,
    13: _start,
    14: _stop,
    23: _emission,
}


class Reader:
    """PDUs out of a stream of them. A bad one is skipped by its length and counted; without a length it ends.

    `read` and `skipped` count as it goes on; `first` has the first twenty that were skipped.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.read = self.skipped = 0
        self.first: list[Malformed] = []

    def __iter__(self) -> Iterator[Pdu]:
        at = 0
        while start := self._take(HEADER.size):
            length = HEADER.unpack(start)[5] if len(start) == HEADER.size else 0
            if length < HEADER.size:
                self._skip(
                    Malformed(f"byte {at}", "no header that tells where the next PDU is; the rest is unread")
                )
                return
            data = start + self._take(length - HEADER.size)
            if len(data) < length:
                self._skip(Malformed(f"byte {at + len(data)}", f"ends {length - len(data)} bytes early"))
                return
            made = decode(data, at)
            if isinstance(made, Malformed):
                self._skip(made)
            else:
                self.read += 1
                yield made
            at += length

    def _take(self, size: int) -> bytes:
        """So many bytes, or fewer where the stream ends."""
        data = b""
        while len(data) < size and (more := self._source.read(size - len(data))):
            data += more
        return data

    def _skip(self, why: Malformed) -> None:
        self.skipped += 1
        if len(self.first) < NOTES:
            self.first.append(why)
