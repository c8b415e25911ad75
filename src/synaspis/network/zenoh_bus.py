"""The bus between processes and hosts: Eclipse Zenoh in peer mode, TLS with a certificate at both ends.

No broker, and nobody looks for others by multicast: each node listens at its own address and calls those that
it was told of. The bus has rules of its own below the gateway: to each partner, known by the nation in its
certificate, only the keys that some clause could ever open may leave; from each partner only its own come in.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synaspis.errors import BusError
from synaspis.network import keys
from synaspis.network.transport import ROOT, Callback, parties

TALK = ("declare_subscriber",)
"""What peers say to find out who wants what; it carries no product."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a node listens: a host and a port."""

    host: str
    port: int

    @property
    def endpoint(self) -> str:
        """As Zenoh writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tls/{host}:{self.port}"


def settings(
    folder: Path, me: str, addresses: Mapping[str, Address], egress: Iterable[str]
) -> dict[str, object]:
    """Zenoh's configuration for `me`: keys in `folder`, all nodes' addresses, and the keys that may leave."""
    others = sorted(set(addresses) - {me})
    certificate, key = str(keys.certificate_path(folder, me)), str(keys.key_path(folder, me))
    return {
        "mode": "peer",
        "listen": {"endpoints": [addresses[me].endpoint], "exit_on_failure": True},
        "connect": {
            "endpoints": [addresses[n].endpoint for n in others],
            "exit_on_failure": False,
            "timeout_ms": -1,
        },
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        "timestamping": {"enabled": False},
        "transport": {
            "link": {
                "tls": {
                    "root_ca_certificate": str(keys.certificate_path(folder, keys.AUTHORITY)),
                    "listen_certificate": certificate,
                    "listen_private_key": key,
                    "connect_certificate": certificate,
                    "connect_private_key": key,
                    "enable_mtls": True,
                    "verify_name_on_connect": False,
                }
            }
        },
        "access_control": _access(me, others, egress),
    }


def _access(me: str, others: Iterable[str], egress: Iterable[str]) -> dict[str, object]:
    """What is not allowed is denied. The nation is read from the certificate of the link."""
    told = list(egress)
    rules: list[dict[str, object]] = []
    policies: list[dict[str, object]] = []
    names = list(others)
    for n in names:
        mine = sorted(k for k in told if parties(k) == (me, n))
        rules.append(_rule(f"from {n}", ["ingress"], ["put"], [f"{ROOT}/{n}/{me}/*"]))
        rules.append(_rule(f"talk {n}", ["ingress", "egress"], TALK, [f"{ROOT}/**"]))
        here = [f"from {n}", f"talk {n}"]
        if mine:
            rules.append(_rule(f"to {n}", ["egress"], ["put"], mine))
            here.append(f"to {n}")
        policies.append({"rules": here, "subjects": [n]})
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [{"id": n, "cert_common_names": [n]} for n in names],
        "policies": policies,
    }


def _rule(name: str, flows: Iterable[str], messages: Iterable[str], exprs: list[str]) -> dict[str, object]:
    return {
        "id": name,
        "permission": "allow",
        "flows": list(flows),
        "messages": list(messages),
        "key_exprs": exprs,
    }


class ZenohBus:
    """A `Transport` over Zenoh. What is put while it is reopened, or while a partner is away, is lost: the
    gateway's journal sends it again."""

    def __init__(
        self, folder: Path, me: str, addresses: Mapping[str, Address], egress: Iterable[str]
    ) -> None:
        """Open the node's link. BusError, with the mend, where the port is taken or Zenoh is not there."""
        self._folder, self._me, self._addresses = folder, me, dict(addresses)
        self._wanted: list[tuple[str, Callback]] = []
        self._lock = threading.Lock()
        self._session: Any = None
        _free(self._addresses[me])
        self._open(egress)

    def _open(self, egress: Iterable[str]) -> None:
        zenoh = _zenoh()
        config = zenoh.Config.from_json5(
            json.dumps(settings(self._folder, self._me, self._addresses, egress))
        )
        try:
            session = zenoh.open(config)
        except zenoh.ZError as error:
            raise BusError(
                f"the bus of {self._me} does not open at {self._addresses[self._me].endpoint}: {error}\n"
                "    mend: look at its address, its key and its certificate"
            ) from error
        for prefix, callback in self._wanted:
            _subscribe(session, prefix, callback)
        self._session = session

    def put(self, key: str, data: bytes) -> None:
        """As in `Transport`."""
        with self._lock:
            session = self._session
        if session is not None:
            try:
                session.put(key, data)
            except _zenoh().ZError:  # closed meanwhile: lost, and asked for again
                return

    def subscribe(self, prefix: str, callback: Callback) -> None:
        """As in `Transport`; `callback` is called by Zenoh's threads."""
        with self._lock:
            self._wanted.append((prefix, callback))
            _subscribe(self._session, prefix, callback)

    def narrow(self, egress: Iterable[str]) -> None:
        """Let only these keys leave from now on. The link is closed and opened again: Zenoh's rules are fixed
        when it opens. Nothing leaves in between."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()
        with self._lock:
            self._open(egress)

    def close(self) -> None:
        """As in `Transport`."""
        with self._lock:
            session, self._session = self._session, None
            self._wanted.clear()
        if session is not None:
            session.close()


def _subscribe(session: Any, prefix: str, callback: Callback) -> None:
    session.declare_subscriber(
        f"{prefix}/**", lambda sample: callback(str(sample.key_expr), sample.payload.to_bytes())
    )


def _zenoh() -> Any:
    try:
        import zenoh
    except ImportError as error:
        raise BusError("Eclipse Zenoh is not installed\n    mend: pip install 'synaspis[network]'") from error
    return zenoh


def _free(address: Address) -> None:
    """BusError where another process listens at the address: Zenoh would say so less plainly."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            raise BusError(
                f"{address.host}:{address.port} cannot be listened at: {error.strerror}\n"
                "    mend: end what uses the port, or give the node another one in every configuration"
            ) from error
