"""Seals in place of signatures, for a room: one process holds all its parties' keys anyway.

There a public key would prove nothing that a common one does not, and costs a hundred times as much. What is
said is sealed and checked all the same: by BLAKE2b with a key of each party, made for this room alone. The
record of an exercise is signed; see there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from synaspis.network.message import SIGNATURE_BYTES, SIGNED_AS, Refusal

KEY_BYTES = 32


@dataclass(frozen=True)
class Sealer:
    """A party of a room, and its key."""

    nation: str
    key: bytes = field(repr=False)

    def sign(self, told: bytes) -> bytes:
        """The seal over what it says."""
        return hashlib.blake2b(told, digest_size=SIGNATURE_BYTES, key=self.key).digest()


class Seals:
    """All parties of a room."""

    def __init__(self, nations: Iterable[str]) -> None:
        self.parties = {n: Sealer(n, secrets.token_bytes(KEY_BYTES)) for n in nations}

    def refuse(self, nation: str, sealed: bytes, now_ns: int, signed_as: bytes = SIGNED_AS) -> Refusal | None:
        """As in `network.keyring.Ring`. Seals do not expire: the room ends first."""
        party = self.parties.get(nation)
        if party is None:
            return Refusal("unknown_sender", nation[:8])
        due = party.sign(signed_as + sealed[SIGNATURE_BYTES:])
        same = hmac.compare_digest(due, sealed[:SIGNATURE_BYTES])
        return None if same else Refusal("signature", nation)
