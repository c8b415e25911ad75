"""A nation's node as a process: opened from its configuration, run until it is to end, closed in order.

All that may be wrong is said before anything is opened to others; what goes wrong later is said in the log
and in the status, and the process carries on.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from synaspis.engine.world import world
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.network import health, seam
from synaspis.network.attending import CaseClock
from synaspis.network.auditing import keep_tally
from synaspis.network.cell import Cell, joined
from synaspis.network.config import NodeConfig, Party
from synaspis.network.keyring import Keyring
from synaspis.network.narrowing import Narrowing
from synaspis.network.node import Node
from synaspis.network.observing import Log, Window
from synaspis.network.recorded import Recording
from synaspis.network.rulebook import Rulebook
from synaspis.network.tally import Tally
from synaspis.network.zenoh_bus import ZenohBus
from synaspis.sharing.rules import Rules, rules

LEAP_S: Final = 1.0
"""A recording goes on by no more from one step to the next."""
TALLY_S: Final = 60.0
"""A node's counts go into its journal so often, and at its end."""
WAKES_S: Final = 0.01
"""It steps so often though nothing comes."""
IDLES_S: Final = 0.1
"""And so often before the raid begins."""
DRAIN_S: Final = 30.0
"""After the last measurement of a recording the node runs on for so long, for what others still send."""


class Hosted:
    """A node's process while it runs. To be used in a `with`: what was opened is closed, in order.

    InputError, JournalError or BusError, with the mend, where it cannot be opened.
    """

    def __init__(
        self, config: NodeConfig, version: str, recorded: Path | None = None, speed: float | None = None
    ) -> None:
        self.config, self.version, self.clock = config, version, CaseClock()
        self.started_ns = time.time_ns()
        self._speed = speed or 1.0
        with contextlib.ExitStack() as undone:
            self._open(config, recorded, undone)
            self._close = undone.pop_all()

    def _open(self, config: NodeConfig, recorded: Path | None, undone: contextlib.ExitStack) -> None:
        given = rules(config.case, config.case.regime(config.regime))
        delays_s = {c.id: c.delay_s for c in given.releases}
        self.watch = health.Watch(self.clock, lambda: self.clock.speed, delays_s)
        self.log = Log(config.log, config.me, self.watch.logged)
        undone.callback(self.log.close)
        self.tally = Tally(self.log)
        self.journal = Journal.open(
            config.journal, case_sha256=config.case.sha256, keeper=config.me, told=self._disk
        )
        undone.callback(self._close_journal)
        transport = bus(config, given)
        undone.callback(transport.close)
        seams = seam.egress(config.me, [n.code for n in config.case.file.nations])
        self.narrowing = Narrowing(transport, seams, self.tally)
        undone.callback(self.narrowing.close)
        keyring = Keyring(config.certificates)
        self.node = Node(
            config.identity, config.case, config.case.sha256, given, journal=self.journal,
            transport=transport, keyring=keyring, clock=self.clock, tally=self.tally, tell=self.watch.told,
            taken=self.watch.taken, secret=secret_of(config),
        )  # fmt: skip
        undone.callback(self.node.close)
        self.recording = Recording(recorded, self.node.w, config.me) if recorded is not None else None
        self.cell: Cell | None = None
        if self.recording is None:
            self.cell = joined(
                self.node, config.identity, config.case.sha256, given, config.seed, journal=self.journal,
                transport=transport, keyring=keyring, clock=self.clock, tally=self.tally,
            )  # fmt: skip
        if config.metrics_port:
            window = Window(
                config.metrics_port, lambda: health.status(config, self.node, self.watch, self.version),
                lambda: health.families(config, self.node, self.watch, self.version), str(config.file),
            )  # fmt: skip
            undone.callback(window.close)

    def __enter__(self) -> Hosted:
        return self

    def __exit__(self, *_: object) -> None:
        self._close.close()

    def _disk(self, trouble: str) -> None:
        """The journal's disk is in trouble, or no more."""
        self.tally.note("disk", "journal" if trouble else "mended", error=trouble)

    def _close_journal(self) -> None:
        with contextlib.suppress(NotRecordedError):
            keep_tally(self.journal, self.tally, self.started_ns)
        try:
            self.journal.close()
        except NotRecordedError as lost:
            self.log("disk", about="journal", error=str(lost))

    def run(self, stop: threading.Event) -> None:
        """Step until `stop` is set, the raid is over and was read to its end, or the recording is."""
        for doubt in self.config.doubts:
            self.tally.note("doubt", str(doubt.file), what=doubt.what, mend=doubt.mend)
        self.log("started", nation=self.config.me, case=self.config.case.name, regime=self.config.regime)
        self.watch.state = "waiting"
        if self.recording is not None:
            self.clock.start_ns, self.clock.speed = self.clock.utc_ns(), self._speed
            self.clock.most_s = 0.0
        told_s = time.monotonic()
        while not stop.is_set() and not self._over():
            self._step()
            if time.monotonic() - told_s >= TALLY_S:
                told_s = time.monotonic()
                self._keep_tally()
            self.node.wait(WAKES_S if self.clock.start_ns is not None else IDLES_S)
        self.watch.state = "ended"
        self.log("ended", nation=self.config.me)

    def _step(self) -> None:
        """Do all that is due."""
        if self.cell is not None:
            self.cell.step(self._narrow)
        else:
            assert self.recording is not None
            self._keep_pace()
            for looks in self.recording.due(self.clock.case_s()):
                self.node.seen(looks)
            self.node.step()
            self._narrow()
        if self.clock.start_ns is not None:
            over = self.cell is not None and self.cell.attending.over
            self.watch.state = "over" if over else "running"

    def _narrow(self) -> None:
        self.narrowing.step(self.node.gateway.rulebook, self.clock.case_s())

    def _keep_pace(self) -> None:
        """A recording waits for a machine that cannot follow: no look at the picture is left out."""
        clock = self.clock
        now_s, clock.most_s = clock.most_s, math.inf
        late_s = clock.case_s() - now_s
        if late_s > 0.0:
            clock.ahead_ns -= round(late_s / clock.speed * 1e9)
        clock.most_s = clock.case_s() + LEAP_S

    def _over(self) -> bool:
        if self.recording is None:
            return False
        return self.recording.over and self.clock.case_s() > self.recording.ends_s + DRAIN_S

    def _keep_tally(self) -> None:
        try:
            keep_tally(self.journal, self.tally, self.started_ns)
        except NotRecordedError as error:
            self.tally.note("disk", "tally", error=str(error))


def bus(config: Party, given: Rules) -> ZenohBus:
    """The party's link to all others: what no clause could ever open does not leave, nor what is not the
    seam's."""
    w = world(config.case, ())
    egress = set(seam.egress(config.me, w.nations))
    if config.me != seam.RANGE:
        owners = {s.site: s.owner for s in w.stations}
        egress |= Rulebook(config.me, given, w.nations, owners).egress()
    return ZenohBus(config.keys, config.me, config.addresses, sorted(egress))


def secret_of(config: NodeConfig) -> int:
    """The seed of the errors that make others' copies coarser: the same after a restart, secret."""
    told = config.identity.sign(b"synaspis errors of coarser copies\0")
    return int.from_bytes(hashlib.sha256(told).digest()[:7], "big")


def run_node(
    config: NodeConfig, version: str, stop: threading.Event, recorded: Path | None = None,
    speed: float | None = None, opened: Callable[[Hosted], None] = lambda _: None,
) -> None:  # fmt: skip
    """A node from its start to its end. `opened` hears of it once all is open."""
    with Hosted(config, version, recorded, speed) as hosted:
        opened(hosted)
        hosted.run(stop)
