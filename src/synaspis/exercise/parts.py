"""What a room is made of: the range and every nation's node, in one process, on a clock that is set.

It is the network as it runs between machines, with its gateways, seals and journals; only the bus is in this
process, and the clock stands until somebody moves it. Keys are made anew for each room, and nothing that a
seat shows hangs on them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from synaspis.engine.detections import Range
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.manual import Engagements, by_order
from synaspis.engine.world import world
from synaspis.exercise.sealing import Sealer, Seals
from synaspis.journal import Journal
from synaspis.model.case import Case
from synaspis.model.live_warning import LiveEvent
from synaspis.network.attending import CaseClock
from synaspis.network.cell import Cell, joined
from synaspis.network.message import Message
from synaspis.network.node import Node
from synaspis.network.range import RangeHost
from synaspis.network.seam import RANGE, Looks
from synaspis.network.tally import Tally
from synaspis.network.transport import InProcess
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, arena

NS: Final = 1_000_000_000
STANDING_NS: Final = 5 * NS
"""Nothing is lost on a bus in one process: nodes tell each other seldom where they stand."""


@dataclass
class Now:
    """The moment that all clocks of a room show, UTC in nanoseconds."""

    ns: int


class SetClock(CaseClock):
    """A party's clock, which stands until the room moves on."""

    def __init__(self, now: Now) -> None:
        super().__init__()
        self._now = now

    def utc_ns(self) -> int:
        """UTC in nanoseconds."""
        return self._now.ns


@dataclass(kw_only=True)
class Hears:
    """Who is told what happens in a nation's node."""

    event: Callable[[LiveEvent], None]
    taken: Callable[[str, Message], None]
    saw: Callable[[Looks], None]
    sent: Callable[[str, Message], None]


@dataclass(kw_only=True, eq=False)
class Parts:
    """All that is in a room. `lit` holds the truth; `given` are the rules in force now, `lost` the stations
    out of order, `unreachable` the nations whose authority answers nobody, until when."""

    case: Case
    regime: str
    seed: int
    lit: Arena
    given: Rules
    now: Now
    bus: InProcess
    host: RangeHost
    cells: dict[str, Cell]
    folder: Path
    journal: Journal
    lost: set[str] = field(default_factory=set)
    unreachable: dict[str, float] = field(default_factory=dict)

    @property
    def over(self) -> Range:
        """The truth as it flies."""
        return self.host.over

    def close(self) -> None:
        """Close everything, and remove what was written."""
        for cell in self.cells.values():
            cell.close()
        self.journal.close()
        self.bus.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def make(
    case: Case, regime: str, seed: int, starts_s: float, hears: Callable[[str], Hears], secret: str = "",
) -> Parts:  # fmt: skip
    """A room's parts, at the beginning. `hears` says who is told of what happens in a nation's node; `secret`
    is as `Room` has it."""
    lit = arena(case, jobs=1)
    given = lit.rules(regime)
    now = Now(int(case.file.starts.replace(tzinfo=dt.UTC).timestamp()) * NS)
    folder = Path(tempfile.mkdtemp(prefix="synaspis-room-"))
    try:
        seals = Seals((*lit.w.nations, RANGE))
        bus, sha256 = InProcess(), case.sha256
        journal = Journal.open(folder / "range.journal", case_sha256=sha256, keeper=RANGE, lasting=False)
        # Batteries fire on order alone, so no mandate of the tables is asked; see `engine.manual`.
        host = RangeHost(
            Range(lit.w, lit.g, seed), Engagements(by_order(lit.w, lit.g, given), seed), seals.parties[RANGE],
            sha256, transport=bus, keyring=seals, clock=SetClock(now), journal=journal,
            start_ns=now.ns - round(starts_s * NS),
        )  # fmt: skip
        bare = replace(case, file=replace(case.file, raid=()))
        parts = Parts(
            case=case, regime=regime, seed=seed, lit=lit, given=given, now=now, bus=bus, host=host, cells={},
            folder=folder, journal=journal,
        )  # fmt: skip
        judge = Judge(world(bare, ()))
        for nation in lit.w.nations:
            errors = _errors_seed(secret, seed, nation)
            own = (seals.parties[nation], seals, hears(nation), errors)
            parts.cells[nation] = _cell(parts, bare, judge, *own)
        return parts
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _errors_seed(secret: str, seed: int, nation: str) -> int:
    """What names the errors that an owner adds: who plays the case alone beforehand does not learn them."""
    told = hashlib.blake2b(f"{seed}\0{nation}".encode(), key=bytes.fromhex(secret), digest_size=16)
    return int.from_bytes(told.digest(), "big")


def _cell(
    parts: Parts, bare: Case, judge: Judge, identity: Sealer, seals: Seals, hears: Hears,
    errors_seed: int,
) -> Cell:  # fmt: skip
    """A nation's node with its end of the seam and its authority; `bare` is the case without its raid."""
    nation, sha256 = identity.nation, parts.case.sha256
    journal = Journal.open(
        parts.folder / f"{nation}.journal", case_sha256=sha256, keeper=nation, lasting=False
    )
    clock, tally = SetClock(parts.now), Tally()
    node = Node(
        identity, bare, sha256, parts.given, journal=journal, transport=parts.bus, keyring=seals, clock=clock,
        tally=tally, tell=hears.event, taken=hears.taken, saw=hears.saw, secret=errors_seed,
        judge=judge,
    )  # fmt: skip
    node.gateway.outbox.count_tracks()
    node.gateway.standing_ns = STANDING_NS
    node.gateway.outbox.told = hears.sent
    return joined(
        node, identity, sha256, parts.given, parts.seed, journal=journal, transport=parts.bus, keyring=seals,
        clock=clock, tally=tally,
    )  # fmt: skip
