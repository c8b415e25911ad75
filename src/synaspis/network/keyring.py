"""Whose signature it is: the partners' certificates, held against what they sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from synaspis.network.message import SIGNATURE_BYTES, SIGNED_AS, Refusal


class Signer(Protocol):
    """A party that signs what it says; `keys.Identity` is one."""

    @property
    def nation(self) -> str:
        """Its code."""

    def sign(self, told: bytes) -> bytes:
        """SIGNATURE_BYTES over what it says."""


class Ring(Protocol):
    """Knows whose signature it is; `Keyring` is one."""

    def refuse(self, nation: str, sealed: bytes, now_ns: int, signed_as: bytes = SIGNED_AS) -> Refusal | None:
        """Why what came sealed is not `nation`'s word, or None if it is; `signed_as` what goes before."""


@dataclass(frozen=True)
class _Holder:
    public: Ed25519PublicKey
    begins_ns: int
    ends_ns: int


class Keyring:
    """The certificates of partners, checked when they were loaded; see `keys.load_certificates`."""

    def __init__(self, certificates: Mapping[str, x509.Certificate]) -> None:
        self._holders = {nation: _holder(c) for nation, c in certificates.items()}

    def __contains__(self, nation: str) -> bool:
        return nation in self._holders

    def refuse(self, nation: str, sealed: bytes, now_ns: int, signed_as: bytes = SIGNED_AS) -> Refusal | None:
        """Why what came sealed is not `nation`'s word, or None if it is; `signed_as` what goes before."""
        holder = self._holders.get(nation)
        if holder is None:
            return Refusal("unknown_sender", nation[:8])
        if not holder.begins_ns <= now_ns <= holder.ends_ns:
            when = dt.datetime.fromtimestamp(now_ns / 1e9, tz=dt.UTC)
            return Refusal("certificate", f"{nation}'s is not in force at {when:%Y-%m-%d %H:%M} UTC")
        try:
            holder.public.verify(sealed[:SIGNATURE_BYTES], signed_as + sealed[SIGNATURE_BYTES:])
        except InvalidSignature:
            return Refusal("signature", nation)
        return None


def _holder(certificate: x509.Certificate) -> _Holder:
    public = certificate.public_key()
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("a nation's key is Ed25519")
    return _Holder(public, _ns(certificate.not_valid_before_utc), _ns(certificate.not_valid_after_utc))


def _ns(when: dt.datetime) -> int:
    return int(when.timestamp()) * 1_000_000_000
