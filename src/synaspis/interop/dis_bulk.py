"""DIS Entity State PDUs by the hundred thousand: arrays in, bytes out, and back.

The record is IEEE Std 1278.1-2012, 7.2.2, as a NumPy structured type of 144 bytes, big endian. One by one,
with every field: `synaspis.interop.dis`.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import InputError, Problem
from synaspis.interop.dis import HEADER, LONGEST, NOTES, PARAMETER, VERSION, Malformed
from synaspis.interop.dis_layout import FARTHEST_M
from synaspis.interop.dis_records import CONSTRUCTIVE, HOUR_UNITS, MARK

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

RECORD = np.dtype(
    [
        ("version", "u1"), ("exercise", "u1"), ("kind", "u1"), ("family", "u1"), ("timestamp", ">u4"),
        ("length", ">u2"), ("status", "u1"), ("padding", "u1"), ("entity", ">u2", 3), ("force", "u1"),
        ("count", "u1"), ("type", ">u8"), ("alternative", ">u8"), ("velocity", ">f4", 3),
        ("location", ">f8", 3), ("orientation", ">f4", 3), ("appearance", ">u4"), ("algorithm", "u1"),
        ("other", "u1", 15), ("acceleration", ">f4", 3), ("spin", ">f4", 3), ("charset", "u1"),
        ("marking", "S11"), ("capabilities", ">u4"),
    ]
)  # fmt: skip
ENTITY_STATE, ENTITY_FAMILY = 1, 1
_FLOATS = ("velocity", "location", "orientation", "acceleration", "spin")
_COLUMNS = ("exercise", "timestamp", "entity", "force", "type", "algorithm", "marking", *_FLOATS)


@dataclass(frozen=True, kw_only=True)
class States:
    """Entity states, one a row. Metres, seconds, radians; `type` as `EntityType.code` has it."""

    exercise: NDArray[np.uint8]
    timestamp: NDArray[np.uint32]
    entity: NDArray[np.uint16]
    force: NDArray[np.uint8]
    type: NDArray[np.uint64]
    algorithm: NDArray[np.uint8]
    marking: NDArray[np.bytes_]
    velocity: Singles
    location: Floats
    orientation: Singles
    acceleration: Singles
    spin: Singles

    def __len__(self) -> int:
        return len(self.timestamp)


@dataclass(frozen=True)
class Decoded:
    """What was read: states, the byte each began at, how many PDUs were of other types, what was skipped."""

    states: States
    places: NDArray[np.int64]
    others: int
    skipped: int
    first: tuple[Malformed, ...]


def timestamps_of(past_hour_s: Floats) -> NDArray[np.uint32]:
    """Relative timestamps (n,), as `dis_records.timestamp_of` has each. Wraps at the hour."""
    units = np.rint(past_hour_s / 3600.0 * HOUR_UNITS).astype(np.int64) % HOUR_UNITS
    return (units << 1).astype(np.uint32)


def encode_states(states: States) -> bytes:
    """The PDUs, one after the other. InputError where one is no exercise or has no position near the Earth.

    Shapes: (n,), `entity` and vectors (n, 3).
    """
    records = np.zeros(len(states), RECORD)
    records["version"], records["kind"], records["family"] = VERSION, ENTITY_STATE, ENTITY_FAMILY
    records["length"], records["status"], records["charset"] = RECORD.itemsize, CONSTRUCTIVE, 1
    for name in _COLUMNS:
        records[name] = getattr(states, name)
    problems = [Problem("DIS", 0, 0, f"row {row}: {why}") for row, why in _wrong(records)[:NOTES]]
    mark = records["marking"]
    for bad, what, mend in (
        (mark.astype("S2") != MARK.encode(), "marking does not say exercise", f"begin it with {MARK}"),
        (
            (_plain(mark) != mark) | (mark != states.marking),
            "marking",
            "give at most eleven printable ASCII characters",
        ),
    ):
        if bad.any():
            problems.append(Problem("DIS", 0, 0, f"row {int(bad.argmax())}: {what}", mend))
    if problems:
        raise InputError(problems)
    return records.tobytes()


def decode_states(data: bytes) -> Decoded:
    """Entity states out of PDUs that follow each other. Bad ones are skipped and counted; nothing is raised.

    Other types of PDU are counted and passed over, variable parameters dropped. Memory: a few times `data`.
    """
    starts, lengths, end = _starts(data)
    flat = np.frombuffer(data, np.uint8)
    other = flat[starts + 2] != ENTITY_STATE if len(starts) else np.zeros(0, bool)
    whole = ~other & (lengths >= RECORD.itemsize)
    short = np.flatnonzero(~other & ~whole)
    notes = [
        (int(starts[i]), f"length {lengths[i]}, an entity state has {RECORD.itemsize}") for i in short[:NOTES]
    ]
    places = starts[whole]
    records = _gathered(data, flat, places)
    wrong = _wrong(records)
    notes += [(int(places[row]), why) for row, why in wrong[:NOTES]]
    keep = np.ones(len(records), bool)
    keep[[row for row, _ in wrong]] = False
    if end is not None:
        notes.append(end)
    skipped = len(short) + len(wrong) + (end is not None)
    first = tuple(Malformed(f"byte {at}", why) for at, why in sorted(notes)[:NOTES])
    kept = records if keep.all() else records[keep]
    return Decoded(_columns(kept), places[keep], int(other.sum()), skipped, first)


def _columns(records: NDArray[np.void]) -> States:
    columns = {name: records[name].astype(records[name].dtype.newbyteorder("=")) for name in _COLUMNS}
    return States(**(columns | {"marking": _plain(records["marking"])}))


def _plain(markings: NDArray[np.bytes_]) -> NDArray[np.bytes_]:
    """Up to the first zero; what is not printable ASCII becomes a question mark."""
    told = np.ascontiguousarray(markings).copy()
    letters = told.view(np.uint8).reshape(len(told), told.dtype.itemsize)
    over = np.logical_or.accumulate(letters == 0, axis=1)
    letters[(letters < 32) | (letters > 126)] = ord("?")
    letters[over] = 0
    return told


def _starts(data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64], tuple[int, str] | None]:
    """Where PDUs begin, how long they say they are, and where and why it went no farther."""
    size = RECORD.itemsize
    if len(data) % size == 0:
        lengths = np.frombuffer(data, RECORD)["length"]
        if (lengths == size).all():
            return np.arange(0, len(data), size), np.full(len(lengths), size), None
    length_at = struct.Struct(">H").unpack_from
    starts, spans, at, end = array("q"), array("q"), 0, None
    while at < len(data):
        span = length_at(data, at + 8)[0] if at + HEADER.size <= len(data) else 0
        if span < HEADER.size:
            end = (at, "no header that tells where the next PDU is; the rest is unread")
            break
        if at + span > len(data):
            end = (len(data), f"ends {at + span - len(data)} bytes early")
            break
        starts.append(at)
        spans.append(span)
        at += span
    return np.frombuffer(starts, np.int64), np.frombuffer(spans, np.int64), end


def _gathered(data: bytes, flat: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.void]:
    size = RECORD.itemsize
    if len(places) * size == len(data):
        return np.frombuffer(data, RECORD)
    return flat[places[:, None] + np.arange(size)].view(RECORD)[:, 0] if len(places) else np.zeros(0, RECORD)


def _wrong(records: NDArray[np.void]) -> list[tuple[int, str]]:
    """Rows that are refused, each with its first reason."""
    span = RECORD.itemsize + PARAMETER * records["count"].astype(np.int64)
    checks = [
        (records["version"] != VERSION, f"protocol version is not {VERSION}"),
        (records["exercise"] == 0, "no exercise identifier"),
        (records["family"] != ENTITY_FAMILY, "protocol family of another type"),
        ((records["length"] != span) | (span > LONGEST), "wrong length"),
    ]
    with np.errstate(invalid="ignore"):  # a signalling NaN is refused below
        checks += [(~np.isfinite(records[name]).all(axis=1), f"{name} is not finite") for name in _FLOATS]
        far = (np.abs(records["location"]) > FARTHEST_M).any(axis=1)
        checks.append((far, f"location is more than {FARTHEST_M:.0e} m away"))
    found: dict[int, str] = {}
    for bad, why in checks:
        for row in np.flatnonzero(bad):
            found.setdefault(int(row), why)
    return sorted(found.items())
