"""Keys are made where they are used; what is wrong with one is said at once, with its mend."""

from __future__ import annotations

import datetime as dt
import shutil
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from synaspis.errors import InputError
from synaspis.network import keys
from synaspis.network.keyring import Keyring
from synaspis.network.message import SIGNED_AS

from .world import NATIONS, NOON, NOON_NS, certificates, folder_of_keys, identity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder_of_keys(), tmp_path / "keys"))


def wrong(folder: Path, nation: str = "AAA", now: dt.datetime = NOON) -> list[str]:
    with pytest.raises(InputError) as caught:
        keys.load_identity(folder, nation, now)
    assert all(p.mend for p in caught.value.problems)
    return [p.what for p in caught.value.problems]


def test_a_key_is_for_its_owner_alone_and_never_overwritten(folder: Path) -> None:
    path = keys.key_path(folder, "AAA")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(InputError, match="already"):
        keys.make_key(folder, "AAA")
    with pytest.raises(InputError, match="already"):
        keys.make_authority(folder, NOON)
    assert path.read_bytes() == before


def test_both_ends_read_the_same_fingerprint(tmp_path: Path) -> None:
    keys.make_authority(tmp_path / "authority", NOON)
    told = keys.make_key(tmp_path / "nation", "POL")
    request = keys.request_path(tmp_path / "nation", "POL")
    assert keys.enrol(tmp_path / "authority", request, "POL", NOON, hosts=["pol.example", "::1"]) == told
    assert len(told.split()) == 8
    assert not keys.key_path(tmp_path / "authority", "POL").exists()
    assert b"PRIVATE" not in request.read_bytes()


def test_a_certificate_names_its_nation_and_begins_a_little_earlier() -> None:
    one = certificates()["BBB"]
    assert keys.nation_of(one) == "BBB"
    assert one.not_valid_before_utc == NOON - dt.timedelta(hours=1)
    assert one.not_valid_after_utc == NOON + dt.timedelta(days=90)


def test_a_nation_that_is_well_loads(folder: Path) -> None:
    found = keys.load_identity(folder, "AAA", NOON)
    assert found.nation == "AAA" and len(found.sign(b"x")) == 64


def test_everything_that_is_wrong_is_said_at_once(folder: Path) -> None:
    shutil.copy(keys.certificate_path(folder, "BBB"), keys.certificate_path(folder, "AAA"))
    keys.key_path(folder, "AAA").chmod(0o644)
    found = wrong(folder, now=NOON + dt.timedelta(days=100))
    assert [f.split(":")[0] for f in sorted(found)] == sorted(
        [
            "others on this machine may read this key",
            "this is the certificate of BBB",
            "it expired 10 days ago",
            "this is not the certificate of AAA's key here",
        ]
    )


def test_a_clock_that_is_hours_behind_is_named(folder: Path) -> None:
    (told,) = wrong(folder, now=NOON - dt.timedelta(hours=6))
    assert told == "it begins only in 5.0 hours: the clock may be wrong"


def test_another_authority_s_certificate_is_refused(folder: Path, tmp_path: Path) -> None:
    keys.make_authority(tmp_path / "other", NOON)
    shutil.copy(tmp_path / "other" / "authority.pem", folder / "authority.pem")
    assert wrong(folder) == ["it was not signed by the authority known here"]


def test_a_nation_s_certificate_is_no_authority_s(folder: Path) -> None:
    shutil.copy(keys.certificate_path(folder, "BBB"), folder / "authority.pem")
    assert wrong(folder) == ["this is no authority's certificate"]


@pytest.mark.parametrize("name", ["AAA.key", "AAA.pem", "authority.pem"])
def test_a_file_that_is_missing_or_spoilt_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"-----BEGIN NONSENSE-----")
    (told,) = wrong(folder)
    assert told.startswith("this is no ")
    (folder / name).write_bytes(bytes(100_000))
    (told,) = wrong(folder)
    assert told.startswith("it is larger")
    (folder / name).unlink()
    assert wrong(folder) == ["it is not there"]


def test_a_key_of_another_kind_is_refused(folder: Path) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    keys.key_path(folder, "AAA").write_bytes(
        other.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    assert wrong(folder) == ["this key is not Ed25519"]


def test_the_authority_signs_for_the_nation_that_it_was_told(folder: Path) -> None:
    request = keys.request_path(folder, "BBB")
    with pytest.raises(InputError, match="a request of BBB, not of AAA"):
        keys.enrol(folder, request, "AAA", NOON)
    request.write_bytes(b"nonsense")
    with pytest.raises(InputError, match="no signing request"):
        keys.enrol(folder, request, "BBB", NOON)
    request.unlink()
    keys.key_path(folder, "authority").unlink()
    with pytest.raises(InputError) as caught:
        keys.enrol(folder, request, "BBB", NOON)
    assert len(caught.value.problems) == 2


def test_a_partner_whose_certificate_is_wrong_is_left_out_and_the_others_stay(folder: Path) -> None:
    shutil.copy(keys.certificate_path(folder, "BBB"), keys.certificate_path(folder, "CCC"))
    keys.certificate_path(folder, "DDD").unlink()
    found, problems = keys.load_certificates(folder, NATIONS, NOON)
    assert set(found) == {"AAA", "BBB"}
    assert [p.what for p in problems] == ["this is the certificate of BBB", "it is not there"]


def test_a_keyring_knows_whose_word_it_is() -> None:
    ring = Keyring(certificates())
    sealed = identity("AAA").sign(SIGNED_AS + b"frame") + b"frame"
    assert "AAA" in ring and ring.refuse("AAA", sealed, NOON_NS) is None

    def reason(nation: str, what: bytes, now_ns: int = NOON_NS) -> str:
        refused = ring.refuse(nation, what, now_ns)
        return refused.reason if refused else ""

    assert reason("BBB", sealed) == "signature"
    assert reason("AAA", sealed + b"!") == "signature"
    assert reason("AAA", identity("AAA").sign(b"frame") + b"frame") == "signature"
    assert reason("AAA", b"") == "signature"
    assert reason("ZZZ", sealed) == "unknown_sender"
    day_ns = 86_400 * 10**9
    assert reason("AAA", sealed, NOON_NS + 91 * day_ns) == "certificate"
    assert reason("AAA", sealed, NOON_NS - day_ns) == "certificate"
