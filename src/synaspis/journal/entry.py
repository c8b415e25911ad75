"""One entry of a journal: its fields, the bytes that its hash covers, and the chain of hashes.

The hash of an entry covers the hash of the entry before it and every field of its own, so none can be
changed, left out, put in or moved without every later hash being another.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import NamedTuple

HASH_BYTES = 32
LARGEST = 2**63 - 1  # of SQLite's integers
LARGEST_PAYLOAD_BYTES = 4 * 2**20
LONGEST_WORD_BYTES = 255
_PERSON = b"synaspis-journal"  # keeps these hashes apart from any other use of BLAKE2b


class Channel(NamedTuple):
    """From one nation to another: each channel counts its own sequence, from 1 on."""

    owner: str
    recipient: str


NO_CHANNEL = Channel("", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded at one place of the chain.

    `position` counts from 1. `at_ns` is UTC in nanoseconds, as whoever recorded it said. An entry about a
    channel covers `sequence` to `through` there, one number but for a tombstone; else both are 0. `hash` is
    32 bytes.
    """

    position: int
    at_ns: int
    kind: str
    channel: Channel
    sequence: int
    through: int
    payload: bytes
    hash: bytes


def canonical(
    position: int, at_ns: int, kind: str, channel: Channel, sequence: int, through: int, payload: bytes
) -> bytes:
    """The bytes that stand for an entry: every field with its length, so that no two entries share them."""
    parts = [struct.pack(">Qqqq", position, at_ns, sequence, through)]
    for word in (kind, channel.owner, channel.recipient):
        told = word.encode()
        parts += (struct.pack(">B", len(told)), told)
    parts += (struct.pack(">Q", len(payload)), payload)
    return b"".join(parts)


def chained(before: bytes, told: bytes) -> bytes:
    """The hash of an entry with the canonical bytes `told` that follows one with the hash `before`."""
    return hashlib.blake2b(before + told, digest_size=HASH_BYTES, person=_PERSON).digest()


def first_hash(case_sha256: str, keeper: str) -> bytes:
    """What the first entry follows: the journal's own name, so that no two journals share a chain."""
    return chained(b"", f"{case_sha256}\n{keeper}".encode())


def digest(payload: bytes) -> bytes:
    """What is kept of a payload that is dropped: enough to know it again."""
    return hashlib.blake2b(payload, digest_size=HASH_BYTES, person=_PERSON).digest()


def expected_hash(before: bytes, entry: Entry) -> bytes:
    """The hash that `entry` must have if nothing was changed."""
    e = entry
    return chained(
        before, canonical(e.position, e.at_ns, e.kind, e.channel, e.sequence, e.through, e.payload)
    )


def why_not(at_ns: int, kind: str, channel: Channel, sequence: int, through: int, payload: bytes) -> str:
    """What keeps these from being an entry; empty when nothing does. ValueError for text that is none."""
    if not isinstance(payload, bytes) or len(payload) > LARGEST_PAYLOAD_BYTES:
        return f"a payload is bytes, at most {LARGEST_PAYLOAD_BYTES:,}"
    if not kind or any(len(word.encode()) > LONGEST_WORD_BYTES for word in (kind, *channel)):
        return (
            f"a kind and a nation are words of at most {LONGEST_WORD_BYTES} bytes, and the kind is not empty"
        )
    if not 0 <= sequence <= through <= LARGEST or not 0 <= at_ns <= LARGEST:
        return f"a sequence and a time are from 0 to {LARGEST}"
    if (sequence > 0) != (channel != NO_CHANNEL):
        return "an entry of a channel has a sequence from 1 on, and one of none has none"
    return ""
