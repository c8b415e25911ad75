"""The range as a process: the raid flown, all that it is told before it begins, and its end."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import Final

import numpy as np

from synaspis.engine.detections import Range
from synaspis.engine.manual import Engagements, by_order
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.model.answers import SiteMark
from synaspis.model.network_status import RangeStatus
from synaspis.network.attending import CaseClock
from synaspis.network.config import RangeConfig
from synaspis.network.hosting import bus
from synaspis.network.keyring import Keyring
from synaspis.network.observing import Family, Log, Window
from synaspis.network.range import RangeHost
from synaspis.network.tally import Tally
from synaspis.network.transport import Callback, Transport
from synaspis.studies.arena import arena
from synaspis.studies.marks import sites

LEAD_NS: Final = 1_000_000_000
"""From the word to begin to the start of the raid."""
JOURNAL: Final = "range.journal"
LONGEST_S: Final = 0.05


class HostedRange:
    """The range's process while it runs. To be used in a `with`.

    `begin` set: the raid begins, whoever is there; else when all nations are, or after `wait_s`.
    """

    def __init__(self, config: RangeConfig, version: str, wait_s: float) -> None:
        self.version, self.config = version, config
        self.clock, self.begin = CaseClock(), threading.Event()
        self.state = "starting"
        self._woken = threading.Event()
        with contextlib.ExitStack() as undone:
            self._open(config, wait_s, undone)
            self._close = undone.pop_all()

    def _open(self, config: RangeConfig, wait_s: float, undone: contextlib.ExitStack) -> None:
        self.log = Log(config.log, config.me)
        undone.callback(self.log.close)
        self.tally = Tally(self.log)
        self.journal = Journal.open(
            config.file.resolve().parent / JOURNAL, case_sha256=config.case.sha256, keeper=config.me,
            told=lambda trouble: self.tally.note("disk", "journal" if trouble else "mended", error=trouble),
        )  # fmt: skip
        undone.callback(self._close_journal)
        self.host: RangeHost | None = None
        self.sites: tuple[SiteMark, ...] = ()
        if config.metrics_port:
            window = Window(config.metrics_port, self.status, self.families, str(config.file))
            undone.callback(window.close)
        lit = arena(config.whole, jobs=1)
        given = lit.rules(config.regime)
        self.sites = sites(lit)
        over = Range(lit.w, lit.g, config.seed)
        tables = by_order(lit.w, lit.g, given)
        Engagements(tables, config.seed).advance(0.0)  # what is to be compiled is, before the raid begins
        engagements = Engagements(tables, config.seed)
        transport = bus(config, given)
        undone.callback(transport.close)
        self.host = RangeHost(
            over, engagements, config.identity, config.case.sha256,
            transport=_Waking(transport, self._woken), keyring=Keyring(config.certificates),
            clock=self.clock, journal=self.journal, tally=self.tally, speed=config.speed,
            patience_ns=round(wait_s * 1e9),
        )  # fmt: skip

    def __enter__(self) -> HostedRange:
        return self

    def __exit__(self, *_: object) -> None:
        self._close.close()

    def _close_journal(self) -> None:
        try:
            self.journal.close()
        except NotRecordedError as lost:
            self.log("disk", about="journal", error=str(lost))

    def run(self, stop: threading.Event) -> None:
        """Play the raid until it is over and that was said, or `stop` is set."""
        assert self.host is not None
        self.log("started", case=self.config.case.name, regime=self.config.regime, seed=self.config.seed)
        self.state = "waiting"
        while not stop.is_set():
            if self.begin.is_set() and self.host.start_ns is None:
                self.host.start_ns = self.clock.utc_ns() + LEAD_NS
                self.tally.note("started", ready=sorted(self.host.ready))
            if not self.host.step():
                break
            if self.host.start_ns is not None:
                self.state = "over" if self.host.ended else "running"
            self._woken.wait(min(self.host.wait_s(), LONGEST_S))
            self._woken.clear()
        self.state = "ended"
        self.log("ended")

    # -- what it says of itself --------------------------------------------------------------------

    def status(self) -> RangeStatus:
        """All that the range says of itself to who directs the exercise."""
        c, h = self.config, self.host
        told = {
            "case": c.case.name, "regime": c.regime, "version": self.version, "process": os.getpid(),
            "state": self.state,
            "utc_ns": time.time_ns(), "speed": c.speed,
        }  # fmt: skip
        if h is None:
            return RangeStatus(**told)  # type: ignore[arg-type]
        case_s = h.case_s()
        launched = h.over.launch_s <= case_s
        down = np.minimum(h.over.impact_s, h.over.gone_s) <= case_s
        counts = self.tally.counts.copy()
        return RangeStatus(
            **told,  # type: ignore[arg-type]
            case_s=case_s if h.start_ns is not None else None,
            ends_s=h.ends_s,
            ready=tuple(sorted(h.ready)),
            launched=int(launched.sum()),
            flying=int((launched & ~down).sum()),
            down=int((launched & down).sum()),
            shots=counts["order", "fired"],
            hits=counts["order", "hit"],
            late_cues=h.late_cues,
            behind=h.behind,
            refused={about: n for (name, about), n in sorted(counts.items()) if name == "refused" and n},
            troubles=(
                *((self.journal.trouble,) if self.journal.trouble else ()),
                *(str(doubt) for doubt in c.doubts),
            ),
        )

    def families(self) -> tuple[Family, ...]:
        """What the range counts."""
        s = self.status()
        refused = Family("synaspis_refused", "counter", "Notes turned away.")
        for reason, n in s.refused.items():
            refused.add(n, reason=reason)
        return (
            Family("synaspis_node", "info", "Whose it is.").add(1, nation=self.config.me, case=s.case),
            Family("synaspis_case_seconds", "gauge", "Time of the raid.", "seconds").add(s.case_s),
            Family("synaspis_ready", "gauge", "Nodes that have said that they are there.").add(len(s.ready)),
            Family("synaspis_behind", "counter", "Frames played late.").add(s.behind),
            Family("synaspis_late_cues", "counter", "Cues that missed their frame.").add(s.late_cues),
            refused,
        )


class _Waking:
    """A transport that wakes whoever waits when something comes."""

    def __init__(self, inner: Transport, woken: threading.Event) -> None:
        self._inner, self._woken = inner, woken

    def put(self, key: str, data: bytes) -> None:
        self._inner.put(key, data)

    def subscribe(self, prefix: str, callback: Callback) -> None:
        def came(key: str, data: bytes) -> None:
            callback(key, data)
            self._woken.set()

        self._inner.subscribe(prefix, came)

    def close(self) -> None:
        self._inner.close()
