"""What the journal keeps of a frame sent, so that the rules can be asked again before it is sent again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from synaspis.network.message import Opened, Refusal, open_sealed
from synaspis.network.rulebook import Offer

SENT: Final = "sent"


class Sent(msgspec.Struct, frozen=True, array_like=True):
    """The bytes, and for each message what it rested on, without bodies, and how coarse it was."""

    sealed: bytes
    grounds: tuple[Offer, ...]
    floors_m: tuple[float, ...]


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(Sent)


def ground(offer: Offer) -> msgspec.Raw:
    """What the journal keeps of an offer, the same for all to whom it goes: all but bodies."""
    return msgspec.Raw(_encoder.encode(_without_bodies(offer)))


def kept(sealed: bytes, grounds: tuple[msgspec.Raw, ...], floors_m: tuple[float, ...]) -> bytes:
    """The payload of the journal's entry: `grounds` of the messages, and their floors."""
    return _encoder.encode((sealed, grounds, floors_m))


def opened(payload: bytes) -> tuple[Opened, Sent] | None:
    """A frame from the own journal; None where it is none, as where no room was left to keep it."""
    try:
        found = _decoder.decode(payload)
    except msgspec.MsgspecError:
        return None
    frame = open_sealed(found.sealed)
    return None if isinstance(frame, Refusal) else (frame, found)


def _without_bodies(offer: Offer) -> Offer:
    given = tuple(replace(g, message=msgspec.structs.replace(g.message, body=b"")) for g in offer.given)
    return replace(offer, body=b"", given=given)
