"""Nodes of several nations in one process, with keys made once, clocks that are set, and a bus to watch."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509

from synaspis.journal import Journal
from synaspis.model.agreement import Authority, Consent, Release
from synaspis.network import keys
from synaspis.network.gateway import Gateway
from synaspis.network.keyring import Keyring
from synaspis.network.keys import Identity
from synaspis.network.message import Message
from synaspis.network.rulebook import Offer, Rulebook
from synaspis.network.tally import Tally
from synaspis.network.transport import InProcess, Transport
from synaspis.sharing.rules import Rules

NATIONS = ("AAA", "BBB", "CCC", "DDD")
CERTIFIED = (*NATIONS, "XRG")
CASE = "ab" * 32
NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
NOON_NS = int(NOON.timestamp()) * 1_000_000_000


@functools.cache
def folder_of_keys() -> Path:
    """Keys and certificates of all nations, made once."""
    folder = Path(tempfile.mkdtemp(prefix="synaspis-test-keys-"))
    keys.make_authority(folder, NOON)
    for nation in CERTIFIED:
        keys.make_key(folder, nation)
        keys.enrol(folder, keys.request_path(folder, nation), nation, NOON)
    return folder


@functools.cache
def identity(nation: str, folder: Path | None = None, now: dt.datetime = NOON) -> Identity:
    return keys.load_identity(folder or folder_of_keys(), nation, now)


@functools.cache
def certificates(folder: Path | None = None, now: dt.datetime = NOON) -> Mapping[str, x509.Certificate]:
    found, problems = keys.load_certificates(folder or folder_of_keys(), CERTIFIED, now)
    assert not problems
    return found


@dataclass
class SetClock:
    """Both times move when they are set."""

    s: float = 0.0
    raid: int = 0
    """Raids of at most ten minutes, one after the other: each begins its own seconds."""
    noon_ns: int = NOON_NS

    def utc_ns(self) -> int:
        return self.noon_ns + round((600.0 * self.raid + self.s) * 1e9)

    def case_s(self) -> float:
        return self.s


@dataclass
class Node:
    gateway: Gateway
    journal: Journal
    got: list[tuple[str, Message]] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        return [m.body for _, m in self.got]


@dataclass
class World:
    """Nodes of `NATIONS` on one bus; `wire` is all that passed on it."""

    folder: Path
    rules: Rules
    clock: SetClock = field(default_factory=SetClock)
    bus: InProcess = field(default_factory=InProcess)
    transports: dict[str, Transport] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    wire: list[tuple[str, bytes]] = field(default_factory=list)
    keys: Path | None = None
    now: dt.datetime = NOON
    """Where other keys are than those made once, and when they are in force."""

    def __post_init__(self) -> None:
        self.bus.subscribe("syn", lambda key, data: self.wire.append((key, data)))

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        for nation in list(self.nodes):
            self.stop(nation)

    def rulebook(self, nation: str, rules: Rules | None = None) -> Rulebook:
        return Rulebook(nation, rules or self.rules, NATIONS)

    def start(self, *nations: str, **more: Any) -> World:
        for nation in nations or NATIONS:
            journal = Journal.open(self.folder / f"{nation}.journal", case_sha256=CASE, keeper=nation)
            got: list[tuple[str, Message]] = []
            alarms: list[tuple[str, str]] = []
            gateway = Gateway(
                identity(nation, self.keys, self.now),
                CASE,
                self.rulebook(nation),
                **{
                    "journal": journal,
                    "transport": self.transports.get(nation, self.bus),
                    "keyring": Keyring(certificates(self.keys, self.now)),
                    "clock": self.clock,
                    "deliver": lambda owner, m, got=got: got.append((owner, m)),
                    "alarm": lambda nation, why, alarms=alarms: alarms.append((nation, why)),
                    "tally": Tally(),
                    "unfit": lambda _product, _body: "",
                    **more,
                },
            )
            self.nodes[nation] = Node(gateway, journal, got, alarms)
        return self

    def stop(self, nation: str) -> None:
        node = self.nodes.pop(nation)
        node.gateway.close()
        node.journal.close()

    def __getitem__(self, nation: str) -> Node:
        return self.nodes[nation]

    def step(self, seconds: float = 0.1, times: int = 1) -> None:
        """Let time pass, with everybody's timers."""
        for _ in range(times):
            self.clock.s += seconds
            for transport in self.transports.values():
                if hasattr(transport, "advance"):
                    transport.advance(self.clock.s)
            for node in list(self.nodes.values()):
                node.gateway.flush()
                node.gateway.tick()

    def to(self, owner: str, recipient: str) -> list[tuple[str, bytes]]:
        """What passed on the bus from one to the other with a product in it."""
        return [
            (k, d) for k, d in self.wire
            if k.startswith(f"syn/{owner}/{recipient}/") and not k.endswith("/control")
        ]  # fmt: skip


def permit(name: str, *products: str, **more: Any) -> Release:
    """From AAA to BBB unless said otherwise."""
    base: dict[str, Any] = {
        "id": name, "effect": "permit", "owners": ("AAA",), "recipients": ("BBB",), "products": products
    }  # fmt: skip
    return Release(**(base | more))


def rules_of(
    *releases: Release, authorities: Iterable[Authority] = (), consents: Iterable[Consent] = ()
) -> Rules:
    return Rules(
        releases=releases,
        mandates=(),
        authorities=tuple(authorities),
        consents=tuple(consents),
        agreement_of={c.id: "treaty" for c in releases},
    )


def offer(product: str = "track", track: str = "t1", body: bytes = b"state", **more: Any) -> Offer:
    base: dict[str, Any] = {"made_s": 0.0, "sensors": ("north",)}
    return Offer(product=product, track=track, body=body, **(base | more))


def forbid(name: str, *products: str, **more: Any) -> Release:
    """As `permit`."""
    return permit(name, *products, **({"effect": "forbid"} | more))
