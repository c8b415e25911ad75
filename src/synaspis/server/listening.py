"""Where a server of seats listens, under which names, and its life in a thread.

To this machine alone unless told otherwise; to others only over TLS.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from synaspis.errors import InputError, Problem, ServerError

if TYPE_CHECKING:
    from synaspis.server.gate import Gate, Names

TURN_S: Final = 0.0005
"""A thread that computes lets others have their turn so soon: frames of thirty lines wait for thirty."""
HOST: Final = "127.0.0.1"
PORT: Final = 8478
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
OPENING_S: Final = 20.0
CLOSING_S: Final = 5
MISSING: Final = (
    "the exercise's server needs {}, which is not installed\n    mend: pip install 'synaspis[exercise]'"
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to listen, and the files of TLS."""

    host: str = HOST
    port: int = PORT
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether it speaks TLS."""
        return self.certificate is not None


def place(listen: str | None, certificate: Path | None, key: Path | None) -> Place:
    """The place that `--listen`, `--tls-cert` and `--tls-key` name. InputError with all troubles."""
    problems = []
    host, port = HOST, PORT
    if listen is not None:
        told, _, digits = listen.rpartition(":")
        host = told.strip("[]")
        port = int(digits) if digits.isascii() and digits.isdigit() else -1
        if not host or not 0 <= port <= 65_535:
            mend = "give an address and a port, as 0.0.0.0:8478 or [::]:8478"
            problems.append(Problem("--listen", 0, 0, f"`{listen}` is no place to listen at", mend))
    if (certificate is None) != (key is None):
        one, other = ("--tls-key", "--tls-cert") if key is None else ("--tls-cert", "--tls-key")
        problems.append(Problem(one, 0, 0, f"missing; {other} is given", "give both, as PEM files"))
    elif certificate is None and not problems and not _is_loopback(host):
        what = f"{host} is not this machine alone, and nobody should join an exercise without TLS"
        problems.append(
            Problem("--listen", 0, 0, what, "give --tls-cert and --tls-key, or listen at 127.0.0.1")
        )
    if problems:
        raise InputError(problems)
    return Place(host=host, port=port, certificate=certificate, key=key)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bound(at: Place) -> socket.socket:
    """A socket that is bound there; port 0 takes a free one. ServerError where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            at.host, at.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(address)
        except OSError:
            made.close()
            raise
    except (OSError, UnicodeError) as problem:
        raise ServerError(
            f"cannot listen at {at.host}:{at.port}: {problem}\n"
            f"    mend: give another place, as --listen {HOST}:0 for any free port"
        ) from problem
    return made


def names(at: Place, port: int) -> Names:
    """Under which names it is reached. An address that stands for all goes by its certificate's names."""
    from synaspis.server.gate import Names

    hosts = [_bracketed(at.host)]
    if _is_loopback(at.host):
        hosts += [name for name in LOOPBACK if name not in hosts]
    if at.certificate is not None:
        of_certificate = [_bracketed(name) for name in _certified(at.certificate)]
        everywhere = at.host in ("0.0.0.0", "::")
        hosts = list(dict.fromkeys([*of_certificate, *([] if everywhere else hosts)]))
        if not hosts:
            mend = "make one with the name by which people reach this machine (subjectAltName)"
            raise InputError([Problem(str(at.certificate), 0, 0, "the certificate has no name in it", mend)])
    told = tuple(f"{name.lower()}:{port}" for name in hosts)
    usual = 443 if at.tls else 80
    return Names(hosts=told if port != usual else (*told, *(name.lower() for name in hosts)), tls=at.tls)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _certified(path: Path) -> list[str]:
    """Names and addresses in a certificate's subjectAltName; patterns are left out."""
    from cryptography import x509

    try:
        read = x509.load_pem_x509_certificate(path.read_bytes())
        found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    except (OSError, ValueError) as problem:
        raise InputError(
            [Problem(str(path), 0, 0, f"no certificate: {problem}", "give a PEM file")]
        ) from problem
    told = [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]
    return [name for name in told if "*" not in name]


class Serving:
    """A server in a thread of its own, from `opened` until it is closed."""

    def __init__(self, gate: Gate, at: Place, listening: socket.socket) -> None:
        """ServerError where a library is missing; InputError where certificate and key do not fit."""
        uvicorn = needed()
        from synaspis.server.protocol import Http, Protocol

        secure: dict[str, Any] = {}
        if at.certificate is not None and at.key is not None:
            _check_pair(at.certificate, at.key)
            secure = {"ssl_certfile": at.certificate, "ssl_keyfile": at.key}
        config = uvicorn.Config(
            gate, loop="asyncio", http=Http, ws=Protocol, lifespan="on", log_config=None,
            access_log=False, proxy_headers=False, server_header=False, ws_per_message_deflate=False,
            ws_max_size=gate.limits.frame_bytes, h11_max_incomplete_event_size=gate.limits.head_bytes,
            limit_concurrency=gate.limits.concurrent, timeout_keep_alive=10,
            timeout_graceful_shutdown=CLOSING_S, **secure,
        )  # fmt: skip
        self._gate, self._socket = gate, listening
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def open(self) -> None:
        """Serve. ServerError where it does not come up."""
        self._thread.start()
        until_s = time.monotonic() + OPENING_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until_s:
                raise ServerError("the server did not start")
            time.sleep(0.01)

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._thread.is_alive()

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._server.server_state.connections)

    def close(self) -> None:
        """End every connection, and then the server."""
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(2.0 * CLOSING_S)
        self._socket.close()
        self._gate.ledger.close()


@contextlib.contextmanager
def serving(gate: Gate, at: Place, listening: socket.socket) -> Iterator[Serving]:
    """Serve what is behind the gate meanwhile. Threads of this process then take turns more often."""
    made, turn_s = Serving(gate, at, listening), sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    try:
        made.open()
        yield made
    finally:
        made.close()
        sys.setswitchinterval(turn_s)


def needed() -> Any:
    """uvicorn, with all that it needs here. ServerError with the mend where a library is missing."""
    try:
        import fastapi  # noqa: F401
        import uvicorn
        import websockets  # noqa: F401
    except ImportError as problem:
        raise ServerError(MISSING.format(problem.name)) from problem
    return uvicorn


def _check_pair(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ssl.SSLError) as problem:
        what = f"certificate and key cannot be used: {problem}"
        mend = "give a PEM certificate and its key, without a passphrase"
        raise InputError([Problem("--tls-cert", 0, 0, what, mend)]) from problem
