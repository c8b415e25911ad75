"""What nations send each other: messages in signed frames, every one of them marked as an exercise.

On the wire a frame is its signature (64 bytes, Ed25519 over `SIGNED_AS` and the rest), then msgpack in one
canonical form: whatever decodes encodes to the same bytes again, so a frame has one hash. What comes from
outside is read by `open_sealed`, which answers with a `Refusal` and raises nothing.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from synaspis.model.agreement import CLASSIFICATIONS, PURPOSES
from synaspis.sharing.labels import Label
from synaspis.sharing.release import STEPS

FORMAT: Final = 1
PURPOSE: Final = "EXERCISE"
SIGNED_AS: Final = b"synaspis EXERCISE frame 1\0"
"""Said before what is signed, so that no signature made for something else passes for a frame's."""
SIGNATURE_BYTES: Final = 64
UNDECODABLE: Final = (
    msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError, MemoryError,
)  # fmt: skip
"""What a decoder may raise on hostile bytes."""
HASH_BYTES: Final = 32
NO_FRAME: Final = bytes(HASH_BYTES)
"""The previous frame's hash where there is none before."""
LARGEST_FRAME_BYTES: Final = 262_144
LARGEST_BODY_BYTES: Final = 16_384
MOST_MESSAGES: Final = 512
MOST_RANGES: Final = 64
MOST_NAMES: Final = 256
LONGEST_NAME: Final = 200
LATEST_S: Final = 172_800.0
SHORT_LABEL_BYTES: Final = 4_096
"""A label that takes no more is remembered."""

REQUESTS: Final = ("request", "vote", "order")
"""What is said about authority to fire: asked, answered, and the event that follows."""
WORDS: Final = "words"
"""What people of one nation write to those of another."""
ADDRESSED: Final = (*REQUESTS, WORDS)
"""What is said to one nation by name."""
CARRIED: Final = (*STEPS, "engagement_status", *ADDRESSED)
"""Everything that a message may be, from the least step of the ladder."""
_CARRIED, _PURPOSES = frozenset(CARRIED), frozenset(PURPOSES)
URGENT: Final = frozenset({"alert", *ADDRESSED})
"""What waits for no frame to fill, is written to disk before it counts as held, and is never dropped."""
CONTROL: Final = "control"
"""The last part of the key of frames that carry no product."""

REASONS: Mapping[str, str] = {
    "size": "larger than a frame, a message or a name may be",
    "malformed": "not a frame: cut short, of another format, or with values that cannot be",
    "not_canonical": "not the one form in which this frame is written",
    "purpose": "not marked as an exercise",
    "unknown_sender": "no certificate of this nation is known",
    "certificate": "the sender's certificate is not in force",
    "signature": "not signed by the nation that it names",
    "key": "it came under another key of the bus than its own",
    "recipient": "for another nation",
    "case": "of another case",
    "clock": "sent in the future, or a control frame that is old",
    "replay": "held or refused before",
    "fork": "another frame than the one held under the same number: two nodes use one nation's key",
    "quarantined": "its nation is in quarantine",
    "label": "its label, or this nation's own copy of the agreements, does not let this nation have it",
    "window": "so far ahead of what is held that the gap cannot be kept",
    "disk": "the journal could not take it",
}
"""Why something that came is turned away. One reason each, the first that is found."""

Nation = Annotated[str, Meta(pattern="^[A-Z]{3}$", max_length=3)]
Digest = Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Nanoseconds = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Range = tuple[Count, Count]
"""First and last number, both included."""


@dataclass(frozen=True)
class Refusal:
    """Why something that came is turned away: one of `REASONS`, and what was seen."""

    reason: str
    what: str = ""


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="m"):
    """One product for one recipient.

    `product` one of `CARRIED`; `number` the sender's number of the track (or request) for this recipient
    alone, so that two recipients cannot count each other's; `made_s` when it was made, in the case's clock;
    `purposes` what it may be used for; `label` whose it is and who may have it; `clauses` the ids of the
    permits it goes under; `body` its content as msgpack.
    """

    product: Annotated[str, Meta(max_length=32)]
    number: Count
    made_s: float
    purposes: Annotated[tuple[str, ...], Meta(min_length=1, max_length=len(PURPOSES))]
    label: Label
    clauses: Annotated[tuple[Name, ...], Meta(max_length=MOST_NAMES)]
    body: Annotated[bytes, Meta(max_length=LARGEST_BODY_BYTES)]

    @property
    def originators(self) -> frozenset[str]:
        """The nations whose sensors it rests on."""
        return self.label.originators


class Tombstone(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="t"):
    """Stands where a message was that may no longer be told. It says nothing of it, not even its product."""


class Standing(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag="s"):
    """Said now and then to each partner, in frames without a number: how far each has come.

    `sent` is the last number sent to the partner; the numbers in `void`, asked for before, hold nothing that
    may be told: they were never used, or what they held was revoked, and which of the two is not said. Of
    the partner's frames `held` and all before it are in the journal, and those in `missing` are asked for
    again. `heard_ns` is when the partner's last Standing was sent by the partner's clock and `heard_at_ns`
    when it came by this one's: so clocks are compared. 0 where none came.
    """

    sent: Count
    void: Annotated[tuple[Range, ...], Meta(max_length=MOST_RANGES)]
    held: Count
    missing: Annotated[tuple[Range, ...], Meta(max_length=MOST_RANGES)]
    heard_ns: Nanoseconds
    heard_at_ns: Nanoseconds


class Frame(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What one nation tells another at one time.

    `case` is the hash of the case; `sequence` counts the frames of this owner to this recipient from 1, and
    is 0 for a frame that carries a `Standing` alone; `sent_ns` UTC; `previous` the hash of the frame before
    it. `stands_for` is empty, or the hash of the frame that this one is sent in place of because some of its
    messages may no longer be told.
    """

    format: int
    purpose: Annotated[str, Meta(max_length=32)]
    case: Digest
    owner: Nation
    recipient: Nation
    sequence: Count
    sent_ns: Nanoseconds
    previous: Digest
    stands_for: Annotated[bytes, Meta(max_length=HASH_BYTES)]
    messages: Annotated[tuple[Message | Tombstone | Standing, ...], Meta(max_length=MOST_MESSAGES)]

    @property
    def part(self) -> str:
        """The last part of its key on the bus: `control`, or the highest step or other product in it.

        Tombstones alone go under the lowest step.
        """
        if self.sequence == 0:
            return CONTROL
        products = {m.product for m in self.messages if isinstance(m, Message)}
        return CARRIED[max(map(CARRIED.index, products), default=0)]


@dataclass(frozen=True)
class Opened:
    """A frame that was read: its hash, and the bytes that its signature must be of."""

    frame: Frame
    digest: bytes
    signature: bytes
    content: bytes

    @property
    def identity(self) -> bytes:
        """The hash of the frame first sent under its number."""
        return self.frame.stands_for or self.digest


_encoder = msgspec.msgpack.Encoder(order="deterministic")
# As the two types above are written, but that labels stay as they are: most are ones that came before.
_Written = msgspec.defstruct(
    "_Written",
    [(f.name, msgspec.Raw if f.name == "label" else f.type) for f in msgspec.structs.fields(Message)],
    frozen=True, array_like=True, forbid_unknown_fields=True, tag="m",
)  # fmt: skip
_Messages = Annotated[tuple[_Written | Tombstone | Standing, ...], Meta(max_length=MOST_MESSAGES)]  # type: ignore[valid-type]
_WrittenFrame = msgspec.defstruct(
    "_WrittenFrame",
    [(f.name, _Messages if f.name == "messages" else f.type) for f in msgspec.structs.fields(Frame)],
    frozen=True, array_like=True, forbid_unknown_fields=True,
)  # fmt: skip
_decoder = msgspec.msgpack.Decoder(_WrittenFrame)
_labels = msgspec.msgpack.Decoder(Label)


@functools.lru_cache(maxsize=4096)
def _label_of(told: bytes) -> Label | None:
    """The label that is written so; None where this is not the one form in which it is written."""
    found = _labels.decode(told)
    return found if _encoder.encode(found) == told else None


@functools.lru_cache(maxsize=4096)
def _written_label(label: Label) -> msgspec.Raw:
    return msgspec.Raw(_encoder.encode(label))


def _written(message: Message | Tombstone | Standing) -> object:
    if not isinstance(message, Message):
        return message
    m = message
    label = _written_label(m.label)
    return _Written(m.product, m.number, m.made_s, m.purposes, label, m.clauses, m.body)


def _read(content: bytes) -> tuple[Frame, bool]:
    """A frame, and whether this is the one form in which it is written. The errors of a decoder."""
    written: Any = _decoder.decode(content)
    same, messages = _encoder.encode(written) == content, []
    for m in written.messages:
        if isinstance(m, _Written):
            told = bytes(m.label)  # type: ignore[attr-defined]
            known = _label_of(told) if len(told) <= SHORT_LABEL_BYTES else _label_of.__wrapped__(told)
            same = same and known is not None
            label = known or _labels.decode(told)
            m = Message(m.product, m.number, m.made_s, m.purposes, label, m.clauses, m.body)  # type: ignore[attr-defined]
        messages.append(m)
    f = written
    return Frame(
        f.format, f.purpose, f.case, f.owner, f.recipient, f.sequence, f.sent_ns, f.previous, f.stands_for,
        tuple(messages),
    ), same  # fmt: skip


def encode(frame: Frame) -> bytes:
    """The one form in which `frame` is written. ValueError where it breaks a limit: our own mistake."""
    f = frame
    messages = tuple([_written(m) for m in f.messages])
    content = _encoder.encode(
        _WrittenFrame(
            f.format, f.purpose, f.case, f.owner, f.recipient, f.sequence, f.sent_ns, f.previous,
            f.stands_for, messages,
        )
    )  # fmt: skip
    wrong = check(frame, len(content))
    if wrong is not None:
        raise ValueError(f"{wrong.reason}: {wrong.what}")
    return content


def digest(content: bytes) -> bytes:
    """The hash by which an encoded frame is known: SHA-256."""
    return hashlib.sha256(content).digest()


def seal(content: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """An encoded frame as it goes on the wire; `sign` gives 64 bytes of Ed25519."""
    return sign(SIGNED_AS + content) + content


def open_sealed(sealed: bytes) -> Opened | Refusal:
    """What came, read and checked for form and limits. The signature is for the caller to check."""
    if len(sealed) > SIGNATURE_BYTES + LARGEST_FRAME_BYTES:
        return Refusal("size", f"{len(sealed)} bytes")
    signature, content = sealed[:SIGNATURE_BYTES], sealed[SIGNATURE_BYTES:]
    try:
        frame, canonical = _read(content)
    except UNDECODABLE as wrong:
        return Refusal("malformed", str(wrong)[:200])
    found = check(frame, len(content))
    if found is not None:
        return found
    if not canonical:
        return Refusal("not_canonical")
    return Opened(frame, digest(content), signature, content)


def check(frame: Frame, size: int) -> Refusal | None:
    """What is wrong with a frame of `size` bytes, whoever sent it."""
    if size > LARGEST_FRAME_BYTES:
        return Refusal("size", f"{size} bytes")
    if frame.purpose != PURPOSE:
        return Refusal("purpose", frame.purpose)
    if frame.format != FORMAT:
        return Refusal("malformed", f"format {frame.format}")
    if len(frame.stands_for) not in (0, HASH_BYTES) or frame.owner == frame.recipient:
        return Refusal("malformed", "the frame's own fields")
    ranges = [r for m in frame.messages if isinstance(m, Standing) for r in (*m.void, *m.missing)]
    if any(first < 1 or last < first for first, last in ranges):
        return Refusal("malformed", "a range of numbers")
    if frame.sequence == 0:
        fits = len(frame.messages) == 1 and isinstance(frame.messages[0], Standing) and not frame.stands_for
        return None if fits else Refusal("malformed", "a frame without a number holds one Standing alone")
    if not frame.messages:
        return Refusal("malformed", "a frame with a number and nothing in it")
    for message in frame.messages:
        found = _check_message(message)
        if found is not None:
            return found
    for label in {id(m.label): m.label for m in frame.messages if isinstance(m, Message)}.values():
        found = _check_label(label)
        if found is not None:
            return found
    if not _one_family(frame):
        return Refusal("malformed", "products of different families in one frame")
    return None


def _check_message(message: Message | Tombstone | Standing) -> Refusal | None:
    if isinstance(message, Tombstone):
        return None
    if isinstance(message, Standing):
        return Refusal("malformed", "a Standing in a frame with a number")
    if message.product not in _CARRIED:
        return Refusal("malformed", f"product {message.product}")
    if not math.isfinite(message.made_s) or not 0.0 <= message.made_s <= LATEST_S:
        return Refusal("malformed", f"made at {message.made_s} s")
    if not _PURPOSES.issuperset(message.purposes):
        return Refusal("malformed", "a purpose that there is not")
    return None


@functools.lru_cache(maxsize=256)
def _check_label(label: Label) -> Refusal | None:
    if label.classification not in CLASSIFICATIONS or not label.originators:
        return Refusal("malformed", "a label without classification or originators")
    for names in (label.policy, label.releasable_to, label.originators, label.caveats):
        if len(names) > MOST_NAMES or any(len(n) > LONGEST_NAME for n in names):
            return Refusal("size", "a label")
    return None


def _one_family(frame: Frame) -> bool:
    """Whether its products are all of the ladder, or all one other product."""
    return len({family(p) for p in {m.product for m in frame.messages if isinstance(m, Message)}}) <= 1


def family(product: str) -> str:
    """What may share a frame: all steps of the ladder, and each other product with its like.

    So the key of a frame on the bus says all that it may hold: a permit for a step reveals those below.
    """
    return STEPS[0] if product in STEPS else product


def key_of(frame: Frame) -> str:
    """Its key on the bus, `syn/OWNER/RECIPIENT/PRODUCT`."""
    return f"syn/{frame.owner}/{frame.recipient}/{frame.part}"
