"""Where a server of seats listens: this machine alone, or TLS; and what is said where that cannot be."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import sys
import time
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.sync.client import connect

from synaspis.errors import InputError, ServerError
from synaspis.server.app import app
from synaspis.server.house import House
from synaspis.server.invitations import Doors
from synaspis.server.limits import Limits
from synaspis.server.listening import PORT, bound, names, needed, place, serving
from tests.server.seats import Nothing, joined

NAMES = ("localhost", "drill.example", "*.example")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of its own making, with names, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "drill")])
    now = dt.datetime.now(dt.UTC)
    told = [*map(x509.DNSName, NAMES), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(told), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, kept = folder / "c.pem", folder / "k.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kept.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, kept


def test_it_listens_to_this_machine_unless_told_otherwise() -> None:
    at = place(None, None, None)
    assert (at.host, at.port, at.tls) == ("127.0.0.1", PORT, False)
    assert place("[::1]:0", None, None).host == "::1"
    assert place("localhost:90", None, None).port == 90


@pytest.mark.parametrize(
    "listen", ["", "8478", ":8478", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "a:-1"]
)
def test_what_is_no_place_is_said(listen: str) -> None:
    with pytest.raises(InputError, match="no place to listen at"):
        place(listen, None, None)


@pytest.mark.parametrize("listen", ["0.0.0.0:8478", "192.0.2.1:1", "[::]:8478", "drill.example:1"])
def test_to_others_only_over_tls(listen: str) -> None:
    with pytest.raises(InputError, match="without TLS"):
        place(listen, None, None)
    assert place(listen, Path("c.pem"), Path("k.pem")).tls


def test_a_certificate_without_its_key_is_said() -> None:
    with pytest.raises(InputError, match="--tls-key: missing"):
        place(None, Path("c.pem"), None)
    with pytest.raises(InputError, match="--tls-cert: missing"):
        place(None, None, Path("k.pem"))


def test_an_address_that_stands_for_all_goes_by_the_names_of_its_certificate(pair: tuple[Path, Path]) -> None:
    told = names(place("0.0.0.0:443", *pair), 443)
    assert told.hosts[:3] == ("localhost:443", "drill.example:443", "127.0.0.1:443")
    assert "drill.example" in told.hosts
    assert not any("0.0.0.0" in host or "*" in host for host in told.hosts)
    assert names(place("127.0.0.1:0", None, None), 7).base == "http://127.0.0.1:7"


def test_a_certificate_that_is_none_is_said(tmp_path: Path) -> None:
    odd = tmp_path / "c.pem"
    odd.write_text("nothing")
    at = place("0.0.0.0:1", odd, odd)
    with pytest.raises(InputError, match="no certificate"):
        names(at, 1)


def test_a_port_in_use_is_said() -> None:
    with bound(place("127.0.0.1:0", None, None)) as held:
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(ServerError, match=f"cannot listen at 127.0.0.1:{port}"):
            bound(place(f"127.0.0.1:{port}", None, None))
    with pytest.raises(ServerError, match="cannot listen"):
        bound(place("no-such-host.invalid:1", Path("c"), Path("k")))


def test_a_library_that_is_not_there_is_said_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(ServerError, match=r"pip install 'synaspis\[exercise\]'"):
        needed()


def test_a_seat_over_tls(pair: tuple[Path, Path]) -> None:
    at = place("127.0.0.1:0", *pair)
    listening = bound(at)
    house = House(Nothing(), Doors(), names(at, listening.getsockname()[1]), Limits(), 0.02)
    trust = ssl.create_default_context(cafile=str(pair[0]))
    with serving(app(house), at, listening):
        with httpx.Client(base_url=house.names.base, verify=trust, trust_env=False) as client:
            told = client.post(
                "/seats/POL/join",
                json={"invite": house.doors.invite("POL")},
                headers={"Origin": house.names.base},
            )
            assert "Secure" in told.headers["set-cookie"]
            assert client.get("/seats/POL/still.json").json()["seat"] == "POL"
        with connect(
            f"wss{house.names.base[5:]}/seats/POL/ws", ssl=trust, origin=house.names.base, compression=None,
            ping_interval=None,
            additional_headers={"Cookie": joined(house, "POL")},
        ) as line:  # fmt: skip
            assert '"doc"' in str(line.recv(timeout=10))


def test_a_key_that_does_not_fit_is_said(pair: tuple[Path, Path]) -> None:
    at = place("127.0.0.1:0", pair[0], pair[0])
    with bound(at) as listening:
        house = House(Nothing(), Doors(), names(at, 1), Limits())
        with pytest.raises(InputError, match="cannot be used"), serving(app(house), at, listening):
            pass


@pytest.mark.parametrize("told", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
def test_a_head_that_does_not_come_to_its_end_is_not_waited_for(
    told: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synaspis.server.protocol.HEAD_S", 0.2)
    at = place("127.0.0.1:0", None, None)
    listening = bound(at)
    port = listening.getsockname()[1]
    house = House(Nothing(), Doors(), names(at, port), Limits(), 0.02)
    with serving(app(house), at, listening), socket.create_connection(("127.0.0.1", port), 20.0) as line:
        line.sendall(told)
        with contextlib.suppress(ConnectionResetError):
            assert line.recv(1) == b""
        with httpx.Client(base_url=house.names.base, trust_env=False) as client:
            assert client.get("/").status_code == 200
            time.sleep(0.4)  # a connection between two requests is kept for longer
            assert client.get("/").status_code == 200
