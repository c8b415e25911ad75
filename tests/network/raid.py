"""A raid played to nodes of its nations in one process: a range, a bus, clocks that are set."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from synaspis.engine.detections import FRAME_S, Range, Seen
from synaspis.engine.world import World
from synaspis.journal import Journal
from synaspis.model.agreement import Release
from synaspis.model.live_warning import LiveEvent
from synaspis.network import keys
from synaspis.network.keyring import Keyring
from synaspis.network.keys import Identity
from synaspis.network.node import Node
from synaspis.network.seam import Looks, look_of
from synaspis.network.transport import InProcess, Transport
from synaspis.studies.arena import Arena
from tests.engine.scene import with_file

NOON = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
NOON_NS = int(NOON.timestamp()) * 1_000_000_000
CASE = "cd" * 32
STEP_S = 0.1


@functools.cache
def identities(nations: tuple[str, ...]) -> tuple[dict[str, Identity], Keyring]:
    """Keys and certificates of all nations, made once."""
    folder = Path(tempfile.mkdtemp(prefix="synaspis-test-keys-"))
    keys.make_authority(folder, NOON)
    for nation in nations:
        keys.make_key(folder, nation)
        keys.enrol(folder, keys.request_path(folder, nation), nation, NOON)
    found, problems = keys.load_certificates(folder, nations, NOON)
    assert not problems
    return {n: keys.load_identity(folder, n, NOON) for n in nations}, Keyring(found)


def uncued(lit: Arena, frames: int) -> list[tuple[Seen, ...]]:
    """What all stations see of the first frames, with no cue from anybody."""
    over = Range(lit.w, lit.g, 1)
    return [over.frame(number) for number in range(1, frames + 1)]


def looks_of(w: World, frame: int, seen: Iterable[Seen]) -> Looks:
    """Scans of own stations as the range tells them."""
    return Looks(frame, tuple(look_of(w.stations[s.station].name, s.scan, s.free) for s in seen))


@dataclass
class SetClock:
    """Stands until it is set."""

    s: float = 0.0

    def utc_ns(self) -> int:
        return NOON_NS + round(self.s * 1e9)

    def case_s(self) -> float:
        return self.s


@dataclass
class Exercise:
    """Nodes of all nations of a case under one regime, each with its own journal in `folder`."""

    lit: Arena
    regime: str
    folder: Path
    bus: Transport = field(default_factory=InProcess)
    clock: SetClock = field(default_factory=SetClock)
    nodes: dict[str, Node] = field(default_factory=dict)
    events: dict[str, list[LiveEvent]] = field(default_factory=dict)
    releases: tuple[Release, ...] | None = None
    """In place of those of the regime."""
    _late: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rules = self.lit.rules(self.regime)
        if self.releases is not None:
            names = {c.id: "treaty" for c in self.releases}
            self.rules = replace(
                self.rules, releases=self.releases, agreement_of={**self.rules.agreement_of, **names}
            )
        self.case = with_file(self.lit.w.case, raid=())
        for nation in self.lit.w.nations:
            self.start(nation)

    def start(self, nation: str) -> Node:
        """Start a node, or start it again on the journal that it left."""
        own, keyring = identities(self.lit.w.nations)
        journal = Journal.open(self.folder / f"{nation}.journal", case_sha256=CASE, keeper=nation)
        events = self.events.setdefault(nation, [])
        node = Node(
            own[nation], self.case, CASE, self.rules, journal=journal, transport=self.bus, keyring=keyring,
            clock=self.clock, tell=events.append,
        )  # fmt: skip
        self.nodes[nation] = node
        return node

    def stop(self, nation: str) -> None:
        """End a node. Its journal stays."""
        node = self.nodes.pop(nation)
        node.close()
        node.journal.close()

    def close(self) -> None:
        for nation in list(self.nodes):
            self.stop(nation)

    def frame(self, number: int, seen: tuple[Seen, ...]) -> None:
        """Tell each node what its stations saw, once that was received, and let a frame's time pass."""
        self.clock.s = number * FRAME_S
        self._late += seen
        now = [s for s in self._late if s.scan.received_s <= self.clock.s]
        self._late = [s for s in self._late if s.scan.received_s > self.clock.s]
        for nation, node in self.nodes.items():
            own = [s for s in now if self.lit.w.stations[s.station].owner == nation]
            if own:
                node.seen(looks_of(self.lit.w, number, own))
        steps = round(FRAME_S / STEP_S)
        for i in range(steps):
            self.clock.s = round(number * FRAME_S + i * STEP_S, 6)
            if hasattr(self.bus, "advance"):
                self.bus.advance(self.clock.s)
            for node in self.nodes.values():
                node.step()

    def play(
        self, over: Range, until_s: float, looked: Callable[[int], None] | None = None, first: int = 1
    ) -> None:
        """Fly the raid until a time, radars pointed by the nodes' own pictures."""
        for number in range(first, int(until_s / FRAME_S) + 1):
            self.frame(number, over.frame(number))
            for nation, node in self.nodes.items():
                over.cue(nation, *node.cues())
            if looked is not None:
                looked(number)
