"""Who is who: an authority, and for each nation one key made on its own machine.

A nation's key (Ed25519) opens its TLS links and signs its frames. The authority signs a certificate with the
nation's code as its common name; it never sees the private key. Nobody else's word counts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import os
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from synaspis.errors import InputError, Problem

AUTHORITY: Final = "authority"
ORGANISATION: Final = "synaspis exercise"
AUTHORITY_DAYS: Final = 365
NATION_DAYS: Final = 90
BACKDATED: Final = dt.timedelta(hours=1)
"""How long before its making a certificate begins, for machines whose clocks are behind."""
PRIVATE: Final = 0o600
LOOPBACK: Final = ("localhost", "127.0.0.1")
LARGEST_FILE_BYTES: Final = 65_536


@dataclass(frozen=True)
class Identity:
    """A nation's own key and certificate, loaded and checked."""

    nation: str
    key: Ed25519PrivateKey
    certificate: x509.Certificate

    def sign(self, told: bytes) -> bytes:
        """64 bytes of Ed25519."""
        return self.key.sign(told)


def key_path(folder: Path, name: str) -> Path:
    """Where the private key of a nation, or of the authority, is kept."""
    return folder / f"{name}.key"


def certificate_path(folder: Path, name: str) -> Path:
    """Where its certificate is kept."""
    return folder / f"{name}.pem"


def request_path(folder: Path, nation: str) -> Path:
    """Where a nation's signing request is kept."""
    return folder / f"{nation}.csr"


def fingerprint(public: Ed25519PublicKey) -> str:
    """What two people read to each other to know that they mean the same key: 32 hex digits in fours."""
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    told = hashlib.sha256(raw).hexdigest()[:32]
    return " ".join(told[i : i + 4] for i in range(0, 32, 4))


def make_authority(folder: Path, now: dt.datetime, days: int = AUTHORITY_DAYS) -> None:
    """A new authority's key and certificate in `folder`. InputError where one is there already."""
    key = _new_key(folder, AUTHORITY)
    name = _name(AUTHORITY)
    certificate = (
        _builder(name, name, key.public_key(), now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, None)
    )
    _write(certificate_path(folder, AUTHORITY), certificate.public_bytes(serialization.Encoding.PEM))


def make_key(folder: Path, nation: str) -> str:
    """A nation's new key and signing request, on its own machine; returns the key's fingerprint.

    InputError where there is a key already: it is never overwritten.
    """
    key = _new_key(folder, nation)
    request = x509.CertificateSigningRequestBuilder().subject_name(_name(nation)).sign(key, None)
    _write(request_path(folder, nation), request.public_bytes(serialization.Encoding.PEM))
    return fingerprint(key.public_key())


def enrol(
    folder: Path,
    request: Path,
    nation: str,
    now: dt.datetime,
    days: int = NATION_DAYS,
    hosts: Iterable[str] = LOOPBACK,
) -> str:
    """The authority in `folder` signs a nation's request: its certificate is written there.

    Returns the fingerprint of the key, to be compared with what the nation reads out. InputError with every
    problem: of the authority's files, of the request, of the nation named in it.
    """
    problems: list[Problem] = []
    key, authority = _key(key_path(folder, AUTHORITY), problems), load_authority(folder, problems)
    asked = _request(request, nation, problems)
    if problems or key is None or authority is None or asked is None:
        raise InputError(problems)
    public = asked.public_key()
    assert isinstance(public, Ed25519PublicKey)
    certificate = (
        _builder(_name(nation), authority.subject, public, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False)
        .sign(key, None)
    )
    _write(certificate_path(folder, nation), certificate.public_bytes(serialization.Encoding.PEM))
    return fingerprint(public)


def request_key(request: Path, nation: str) -> Ed25519PublicKey | None:
    """The key that a nation's request asks a certificate for; None where it is no sound request of it."""
    problems: list[Problem] = []
    asked = _request(request, nation, problems)
    if problems or asked is None:
        return None
    public = asked.public_key()
    return public if isinstance(public, Ed25519PublicKey) else None


def load_identity(folder: Path, nation: str, now: dt.datetime) -> Identity:
    """A nation's own key and certificate. InputError with everything that is wrong with them."""
    problems: list[Problem] = []
    authority = load_authority(folder, problems)
    key = _key(key_path(folder, nation), problems)
    path = certificate_path(folder, nation)
    certificate = _certificate(path, problems, "send the signing request to the authority: `node enrol`")
    if certificate is not None:
        problems += certificate_problems(path, certificate, nation, authority, now)
        if key is not None and certificate.public_key() != key.public_key():
            mend = f"ask for a certificate with {request_path(folder, nation).name}, made with this key"
            problems.append(_problem(path, f"this is not the certificate of {nation}'s key here", mend))
    if problems or key is None or certificate is None:
        raise InputError(problems)
    return Identity(nation, key, certificate)


def load_authority(folder: Path, problems: list[Problem]) -> x509.Certificate | None:
    """The authority's certificate; None, with the problem added, where there is none that can be used."""
    path = certificate_path(folder, AUTHORITY)
    found = _certificate(path, problems, "copy the authority's certificate there")
    if found is None:
        return None
    try:
        constraints = found.extensions.get_extension_for_class(x509.BasicConstraints).value
        found.verify_directly_issued_by(found)
    except Exception:  # whatever is wrong with a certificate, it is no authority's
        constraints = None
    if constraints is None or not constraints.ca:
        problems.append(
            _problem(path, "this is no authority's certificate", "copy the one of `network init`")
        )
        return None
    return found


def load_certificates(
    folder: Path, nations: Collection[str], now: dt.datetime
) -> tuple[dict[str, x509.Certificate], tuple[Problem, ...]]:
    """The partners' certificates that can be used, and what is wrong with the others.

    A partner whose certificate is wrong is left out; the node carries on with the rest.
    """
    problems: list[Problem] = []
    authority = load_authority(folder, problems)
    found = {}
    for nation in nations:
        path = certificate_path(folder, nation)
        before = len(problems)
        one = _certificate(path, problems, f"ask {nation} or the authority for it")
        if one is not None:
            problems += certificate_problems(path, one, nation, authority, now)
        if one is not None and authority is not None and len(problems) == before:
            found[nation] = one
    return found, tuple(problems)


def certificate_problems(
    path: Path, found: x509.Certificate, nation: str, authority: x509.Certificate | None, now: dt.datetime
) -> list[Problem]:
    """Everything that is wrong with a certificate said to be `nation`'s: whose, by whom, from when on."""
    wrong = []
    named = nation_of(found)
    if named != nation:
        mend = f"put {nation}'s certificate there"
        wrong.append(_problem(path, f"this is the certificate of {named or 'no nation'}", mend))
    if not isinstance(found.public_key(), Ed25519PublicKey):
        wrong.append(_problem(path, "its key is not Ed25519", "make the key with `node enrol`"))
    if authority is not None:
        try:
            found.verify_directly_issued_by(authority)
        except Exception:  # a signature that cannot be checked is as wrong as a false one
            mend = "ask this exercise's authority for a certificate, or copy its `authority.pem` there"
            wrong.append(_problem(path, "it was not signed by the authority known here", mend))
    if now < found.not_valid_before_utc:
        ahead = _hours(found.not_valid_before_utc - now)
        mend = f"set this machine's clock, which says {now:%Y-%m-%d %H:%M} UTC, or wait"
        wrong.append(_problem(path, f"it begins only in {ahead}: the clock may be wrong", mend))
    if now > found.not_valid_after_utc:
        mend = f"ask the authority for a new one; or set the clock, which says {now:%Y-%m-%d %H:%M} UTC"
        wrong.append(_problem(path, f"it expired {_hours(now - found.not_valid_after_utc)} ago", mend))
    return wrong


def nation_of(certificate: x509.Certificate) -> str:
    """The nation that a certificate names, or "" where it names none or several."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def _hours(span: dt.timedelta) -> str:
    hours = span.total_seconds() / 3600.0
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def _problem(path: Path, what: str, mend: str) -> Problem:
    return Problem(str(path), 0, 0, what, mend)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: Ed25519PublicKey, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _new_key(folder: Path, name: str) -> Ed25519PrivateKey:
    path = key_path(folder, name)
    key = Ed25519PrivateKey.generate()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    except FileExistsError as there:
        mend = "use it, or remove it first: what was signed with it then no longer counts"
        raise InputError([_problem(path, "there is a key already", mend)]) from there
    except OSError as wrong:
        told = f"it cannot be written: {wrong.strerror}"
        raise InputError([_problem(path, told, "choose a folder that can be written")]) from wrong
    with os.fdopen(handle, "wb") as file:
        file.write(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return key


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as wrong:
        told = f"it cannot be written: {wrong.strerror}"
        raise InputError([_problem(path, told, "choose a folder that can be written")]) from wrong


def _read(path: Path, problems: list[Problem], mend: str) -> bytes | None:
    try:
        with path.open("rb") as file:
            found = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        problems.append(_problem(path, "it is not there", mend))
        return None
    except OSError as wrong:
        problems.append(_problem(path, f"it cannot be read: {wrong.strerror}", "let this user read it"))
        return None
    if len(found) > LARGEST_FILE_BYTES:
        problems.append(_problem(path, f"it is larger than {LARGEST_FILE_BYTES} bytes", mend))
        return None
    return found


def _key(path: Path, problems: list[Problem]) -> Ed25519PrivateKey | None:
    mend = "make one on this machine with `node enrol`"
    content = _read(path, problems, mend)
    if content is None:
        return None
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        problems.append(_problem(path, "others on this machine may read this key", f"chmod 600 {path}"))
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except Exception:  # the library raises many kinds for what is no key
        problems.append(_problem(path, "this is no private key in PEM without a password", mend))
        return None
    if not isinstance(key, Ed25519PrivateKey):
        problems.append(_problem(path, "this key is not Ed25519", mend))
        return None
    return key


def _certificate(path: Path, problems: list[Problem], mend: str) -> x509.Certificate | None:
    content = _read(path, problems, mend)
    if content is None:
        return None
    try:
        found = x509.load_pem_x509_certificate(content)
        found.public_key()
    except Exception:  # the library raises many kinds for what is no certificate
        problems.append(_problem(path, "this is no certificate in PEM", mend))
        return None
    return found


def _request(path: Path, nation: str, problems: list[Problem]) -> x509.CertificateSigningRequest | None:
    mend = f"ask {nation} for the request that its `node enrol` made"
    content = _read(path, problems, mend)
    if content is None:
        return None
    try:
        found = x509.load_pem_x509_csr(content)
        names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        fits = found.is_signature_valid and isinstance(found.public_key(), Ed25519PublicKey)
    except Exception:  # the library raises many kinds for what is no request
        problems.append(_problem(path, "this is no signing request in PEM", mend))
        return None
    if not fits:
        problems.append(_problem(path, "it is not signed with the Ed25519 key that it names", mend))
    if [str(n.value) for n in names] != [nation]:
        told = ", ".join(str(n.value) for n in names) or "no nation"
        problems.append(_problem(path, f"this is a request of {told}, not of {nation}", mend))
    return None if not fits else found
