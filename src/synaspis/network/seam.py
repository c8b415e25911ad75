"""The seam between the range, which alone holds the raid, and the nodes: what the two say to each other.

The range tells a node what its own stations saw, and what became of its orders; a node tells the range where
its radars are to look, and what it ordered. The range is a party with a key of its own, no nation. What is
said is signed as frames are, under other words, so that neither ever passes for the other; it is read as
strictly: hostile bytes give a `Refusal`, and nothing is raised.

On the wire: 64 bytes of Ed25519 over `SIGNED_AS` and the rest, then msgpack in one canonical form. Times of
the case in seconds from the start of the raid, times of clocks in nanoseconds UTC; SI units, Earth-fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from synaspis.kernels import sight
from synaspis.network.message import (
    LATEST_S,
    LONGEST_NAME,
    MOST_RANGES,
    PURPOSE,
    SIGNATURE_BYTES,
    UNDECODABLE,
    Count,
    Digest,
    Name,
    Nanoseconds,
    Nation,
    Range,
    Refusal,
)
from synaspis.network.transport import ROOT
from synaspis.tracking.scan import Scan

RANGE: Final = "XRG"
"""The range's own code, of those that ISO 3166 leaves to users: no nation has it."""
PART: Final = "range"
"""The last part of its keys on the bus."""
FORMAT: Final = 1
SIGNED_AS: Final = b"synaspis EXERCISE range 1\0"
"""Said before what is signed: a frame's signature is over other words."""
LARGEST_BYTES: Final = 2**20
MOST_PARTS: Final = 256
MOST_ROWS: Final = 2_048
MOST_CUES: Final = 4_096
FASTEST: Final = 1_000.0
"""Of the case's clock, in seconds a second."""
FARTHEST_M: Final = 1e8
"""From the Earth's centre: beyond all that flies in a raid, and all satellites."""
ANSWERS: Final = ("taken", "fired", "hit", "missed", "given up", "refused")
"""What becomes of an order: it is taken or refused, then what those who fight would tell of it."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Packed = Annotated[bytes, Meta(max_length=MOST_ROWS * sight.ROW_COLUMNS * 8)]
"""Little-endian float64, row by row."""
Words = Annotated[str, Meta(max_length=LONGEST_NAME)]
Place = tuple[float, float, float]


class Started(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="s"):
    """Said each second: the case's clock stood at 0 at `start_ns`, runs at `speed`, and stands at `case_s`.

    `sent` is the number of what was last told to this node; `heard_ns` and `heard_at_ns` as in `Standing`.
    """

    start_ns: Nanoseconds
    speed: float
    case_s: float
    sent: Count
    heard_ns: Nanoseconds
    heard_at_ns: Nanoseconds


class Look(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What one station saw in one frame: a `Scan`, and a byte 0 or 1 for each row that its owner has by its
    own means, without a cue from what others release. `sight` and `rows` as in `kernels.sight`."""

    station: Name
    time_s: float
    received_s: float
    sight: Annotated[bytes, Meta(min_length=sight.STATION_COLUMNS * 8, max_length=sight.STATION_COLUMNS * 8)]
    rows: Packed
    free: Annotated[bytes, Meta(max_length=MOST_ROWS)]


class Looks(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="l"):
    """What some of a nation's own stations saw, sent when it may know of it.

    `frame` is the frame that the case's clock has come to; with `ends` it has just ended, and all that the
    nation may know by then has been told: so a node knows when to look. It comes for each frame, also where
    nothing was seen.
    """

    frame: Count
    scans: Annotated[tuple[Look, ...], Meta(max_length=MOST_PARTS)]
    ends: bool = False


class Told(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="t"):
    """What became of the order of that id: `phase` one of `ANSWERS`, `why` it was refused or given up, and
    the rounds that the battery has left."""

    order: Name
    phase: Annotated[str, Meta(max_length=16)]
    time_s: float
    why: Words
    rounds: Count


class Over(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="o"):
    """The raid has ended. Said each second until the range closes."""

    time_s: float


class Ready(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="r"):
    """A node is there and wants what its stations see."""


class Heard(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="h"):
    """Said now and then: the highest `number` that came from the range, and those `missing` that it is to
    tell again; clocks as in `Standing`."""

    number: Count
    missing: Annotated[tuple[Range, ...], Meta(max_length=MOST_RANGES)]
    heard_ns: Nanoseconds
    heard_at_ns: Nanoseconds


class Cue(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="c"):
    """Where the nation's radars look from the frame after `frame` on, until the next.

    Places (K, 3) and one-sigma errors (K,) of the tracks from its own sensors alone, and of all it holds.
    """

    frame: Count
    own: Annotated[bytes, Meta(max_length=MOST_CUES * 24)]
    own_errors: Annotated[bytes, Meta(max_length=MOST_CUES * 8)]
    whole: Annotated[bytes, Meta(max_length=MOST_CUES * 24)]
    whole_errors: Annotated[bytes, Meta(max_length=MOST_CUES * 8)]


class Ordered(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="d"):
    """In the exercise, at `given_s` a battery is ordered to engage what is at a place at a time, known within
    a one-sigma error.

    It steers nothing: the range finds which missile it means, and plays doctrine and dice. Repeated under
    the same id until a `Told` comes; a second one of the same id does nothing.
    """

    id: Name
    battery: Name
    place_m: Place
    at_s: float
    error_m: float
    given_s: float


FromRange = Started | Looks | Told | Over
FromNode = Ready | Heard | Cue | Ordered
Said = FromRange | FromNode
TIMELY: Final = (Started, Over, Ready, Heard)
"""What is of its moment: it goes alone, without a number, and is not told again."""


class Note(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What one party says to the other at one time.

    `session` is when the owner began, by its clock; `number` counts its notes to this recipient from 1 in
    this session, and is 0 where the note holds one of `TIMELY`.
    """

    format: int
    purpose: Annotated[str, Meta(max_length=32)]
    case: Digest
    owner: Nation
    recipient: Nation
    session: Nanoseconds
    number: Count
    sent_ns: Nanoseconds
    said: Annotated[tuple[Said, ...], Meta(min_length=1, max_length=MOST_PARTS)]


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(Note)


def key_of(owner: str, recipient: str) -> str:
    """The key on the bus from the range to a node, or back."""
    return f"{ROOT}/{owner}/{recipient}/{PART}"


def egress(me: str, nations: Iterable[str] = ()) -> frozenset[str]:
    """Keys of the bus under which a node, or with `nations` the range, says anything here."""
    return frozenset(key_of(me, n) for n in (nations if me == RANGE else (RANGE,)))


def seal(note: Note, sign: Callable[[bytes], bytes]) -> bytes:
    """A note as it goes on the wire. ValueError where it breaks a limit: our own mistake."""
    content = _encoder.encode(note)
    wrong = check(note, len(content))
    if wrong is not None:
        raise ValueError(f"{wrong.reason}: {wrong.what}")
    return sign(SIGNED_AS + content) + content


def open_sealed(sealed: bytes) -> Note | Refusal:
    """What came, read and checked for form and limits. The signature is for the caller to check."""
    if not SIGNATURE_BYTES < len(sealed) <= SIGNATURE_BYTES + LARGEST_BYTES:
        return Refusal("size", f"{len(sealed)} bytes")
    content = sealed[SIGNATURE_BYTES:]
    try:
        note = _decoder.decode(content)
    except UNDECODABLE as wrong:
        return Refusal("malformed", str(wrong)[:200])
    found = check(note, len(content))
    if found is not None:
        return found
    return note if _encoder.encode(note) == content else Refusal("not_canonical")


def check(note: Note, size: int) -> Refusal | None:
    """What is wrong with a note of `size` bytes, whoever sent it."""
    if size > LARGEST_BYTES:
        return Refusal("size", f"{size} bytes")
    if note.purpose != PURPOSE:
        return Refusal("purpose", note.purpose)
    if note.format != FORMAT:
        return Refusal("malformed", f"format {note.format}")
    if (note.owner == RANGE) == (note.recipient == RANGE):
        return Refusal("malformed", "not between the range and a node")
    if any(isinstance(s, FromRange) != (note.owner == RANGE) for s in note.said):
        return Refusal("malformed", "the range's words from a node, or the other way round")
    if any(isinstance(s, TIMELY) for s in note.said) != (note.number == 0) or (
        note.number == 0 and len(note.said) != 1
    ):
        return Refusal("malformed", "what has no number goes alone")
    wrong = next((w for w in map(_wrong, note.said) if w), "")
    return Refusal("malformed", wrong) if wrong else None


def _wrong(said: Said) -> str:
    """What cannot be in one thing said; "" for nothing."""
    match said:
        case Started():
            fits = math.isfinite(said.speed) and 0.0 < said.speed <= FASTEST and _in_case(said.case_s)
        case Looks():
            return next((w for w in map(_wrong_look, said.scans) if w), "")
        case Told():
            fits = said.phase in ANSWERS and _in_case(said.time_s)
        case Over():
            fits = _in_case(said.time_s)
        case Heard():
            fits = all(1 <= first <= last for first, last in said.missing)
        case Cue():
            fits = all(_fit_cues(*pair) for pair in _pairs(said))
        case Ordered():
            fits = _near(np.array(said.place_m)) and _in_case(said.at_s)
            fits = fits and 0.0 < said.error_m <= FARTHEST_M and _in_case(said.given_s)
        case Ready():
            fits = True
    return "" if fits else f"a value that cannot be in {type(said).__name__}"


def _in_case(time_s: float) -> bool:
    """A little before the start is a time too: the clock of a range that waits."""
    return math.isfinite(time_s) and -LATEST_S <= time_s <= LATEST_S


def _near(places: Floats) -> bool:
    return bool(np.isfinite(places).all() and (np.abs(places) <= FARTHEST_M).all())


def _pairs(cue: Cue) -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    return (cue.own, cue.own_errors), (cue.whole, cue.whole_errors)


def _fit_cues(places: bytes, errors: bytes) -> bool:
    if len(errors) % 8 or len(places) != 3 * len(errors):
        return False
    found = unpacked(errors)
    return _near(unpacked(places)) and bool((found > 0.0).all())


def _wrong_look(look: Look) -> str:
    if not (_in_case(look.time_s) and _in_case(look.received_s) and look.received_s >= look.time_s):
        return "a time that cannot be in a look"
    if len(look.rows) != len(look.free) * sight.ROW_COLUMNS * 8 or look.free.strip(b"\0\1"):
        return "the rows of a look"
    rows = unpacked(look.rows, sight.ROW_COLUMNS)
    fits = np.isfinite(rows[:, : sight.ERROR]).all() and (rows[:, sight.ERROR :] > 0.0).all()
    fits = fits and (rows[:, sight.TIME] == look.time_s).all()
    return "" if fits and _near(unpacked(look.sight)) else "a value that cannot be in a look"


def packed(values: Floats) -> bytes:
    """Numbers as they travel."""
    return np.ascontiguousarray(values, "<f8").tobytes()


def unpacked(told: bytes, columns: int = 0) -> Floats:
    """Numbers that travelled, (N,) or (N, columns)."""
    found = np.frombuffer(told, "<f8").astype(np.float64)
    return found.reshape(-1, columns) if columns else found


def look_of(station: str, scan: Scan, free: Flags) -> Look:
    """A station's scan as it travels."""
    return Look(
        station, float(scan.time_s), float(scan.received_s), packed(scan.sight), packed(scan.rows),
        free.astype(np.uint8).tobytes(),
    )  # fmt: skip


def scan_of(look: Look, station: int) -> tuple[Scan, Flags]:
    """The scan again, with the station's row among the watches of whoever reads it, and its free rows."""
    scan = Scan(
        time_s=look.time_s, received_s=look.received_s, station=station, sight=unpacked(look.sight),
        rows=unpacked(look.rows, sight.ROW_COLUMNS),
    )  # fmt: skip
    return scan, np.frombuffer(look.free, np.uint8).astype(np.bool_)


@dataclass(frozen=True, eq=False)
class Pointed:
    """A cue read again: places (K, 3) and errors (K,), own alone and whole."""

    own: tuple[Floats, Floats]
    whole: tuple[Floats, Floats]


def cue_of(frame: int, own: tuple[Floats, Floats], whole: tuple[Floats, Floats]) -> Cue:
    """A cue as it travels; what is not finite is left out, since it points nowhere."""
    told = []
    for places, errors in (own, whole):
        good = np.isfinite(places).all(axis=1) & np.isfinite(errors) & (errors > 0.0)
        told += [packed(places[good][:MOST_CUES]), packed(errors[good][:MOST_CUES])]
    return Cue(frame, *told)


def pointed(cue: Cue) -> Pointed:
    """A cue as the range takes it."""
    own, whole = ((unpacked(p, 3), unpacked(e)) for p, e in _pairs(cue))
    return Pointed(own, whole)
