"""How a node stands, for whoever looks at it on its machine: as nouns, and as counters in OpenMetrics."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from synaspis.model.live_warning import LiveEvent
from synaspis.model.network_status import Latency, NodeStatus, PartnerStatus, Warned
from synaspis.network.config import NodeConfig
from synaspis.network.gateway import Health
from synaspis.network.message import Message
from synaspis.network.node import Node
from synaspis.network.observing import Family, Histogram
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import parties
from synaspis.sharing.release import STEPS

MOST_WARNED: Final = 500
ODD_CLOCK_S: Final = 5.0
"""A partner's clock that differs by more is said: frames from more than half a minute ahead are refused."""
LATELY_S: Final = 10.0
TRACK, ALERT = "track", "alert"
"""What latencies are of."""


class Watch:
    """What is noted of a node while it runs. Each part may be told from another thread."""

    def __init__(self, clock: Clock, speed: Callable[[], float], delays_s: Mapping[str, float]) -> None:
        """`delays_s`: by how much clauses delay what they let go, by id."""
        self._clock, self._speed, self._delays_s = clock, speed, delays_s
        self._lock = threading.Lock()
        self.latency = {TRACK: Histogram(), ALERT: Histogram()}
        self.warned: dict[str, Warned] = {}
        self.events: dict[str, int] = {}
        self._why: dict[str, str] = {}
        self._clocks: dict[str, tuple[float, str]] = {}
        self.state = "starting"
        self.shut = ""
        """Why the link to all others is shut, as its rules could not be narrowed; "" while it is open."""

    def taken(self, _sender: str, message: Message) -> None:
        """A partner's message is in the picture: how long after its owner had what it rests on, beside what
        the clauses have it wait."""
        if message.product in STEPS:
            meant_s = max((self._delays_s.get(c, 0.0) for c in message.clauses), default=0.0)
            late_s = (self._clock.case_s() - message.made_s - meant_s) / max(self._speed(), 1e-9)
            self.latency[ALERT if message.product == ALERT else TRACK].add(late_s)

    def told(self, event: LiveEvent) -> None:
        """The node knows something new."""
        with self._lock:
            self.events[event.kind] = self.events.get(event.kind, 0) + 1
            if event.kind != "warned":
                return
            places, down_s = event.what["places"], event.what.get("impact_s")
            impact_s = float(down_s) if isinstance(down_s, int | float) else None
            for place in places if isinstance(places, tuple) else (str(places),):
                if place not in self.warned and len(self.warned) < MOST_WARNED:
                    self.warned[place] = Warned(places=(place,), time_s=event.time_s, impact_s=impact_s)

    def logged(self, event: str, /, about: str = "", **told: object) -> None:
        """Something was noted in the log: what is to be said until it is mended."""
        if event in ("alarm", "quarantine"):
            self._why[about] = str(told.get("why", ""))
        if event == "bus":
            self.shut = f"the link to all others is shut: {told.get('error', '')}" if about == "shut" else ""
        if event == "refused" and about == "clock":
            owner, _ = parties(str(told.get("key", "")))
            self._clocks[owner] = (time.monotonic(), str(told.get("what", "")))

    def why(self, nation: str) -> str:
        """Why a nation is in quarantine."""
        return self._why.get(nation) or "since before this start"

    def odd_clocks(self) -> list[str]:
        """Of whom something was refused lately as sent at an impossible time."""
        since = time.monotonic() - LATELY_S
        return [f"{n}: {what}" for n, (at, what) in sorted(self._clocks.items()) if at > since]

    def warnings(self) -> tuple[Warned, ...]:
        """What people were warned of, in order of time."""
        with self._lock:
            return tuple(sorted(self.warned.values(), key=lambda w: (w.time_s, w.places)))


def status(config: NodeConfig, node: Node, watch: Watch, version: str) -> NodeStatus:
    """All that a node says of itself now."""
    partners = node.gateway.health()
    now_ns = node.clock.utc_ns()
    case_s = node.clock.case_s()
    own = node.feeds.own
    return NodeStatus(
        nation=node.me,
        case=config.case.name,
        case_sha256=config.case.sha256,
        regime=config.regime,
        version=version,
        process=os.getpid(),
        state=watch.state,
        utc_ns=now_ns,
        case_s=case_s if watch.state in ("running", "over", "ended") else None,
        own=len(own.last.number) if own is not None and own.looked else 0,
        received=node.view.received,
        held=len(node.picture),
        latency={of: h.latency() for of, h in watch.latency.items() if h.latency() != Latency()},
        released=_about(node.tally, "released"),
        not_released=_about(node.tally, "not_released"),
        received_by=_about(node.tally, "received"),
        refused=_about(node.tally, "refused"),
        tombstones=node.tally.count("closed"),
        partners={n: _partner(h, now_ns) for n, h in partners.items()},
        warned=watch.warnings(),
        alarms=tuple(f"{n} is in quarantine: {watch.why(n)}" for n, h in partners.items() if h.quarantined),
        troubles=tuple(_troubles(config, node, watch, partners)),
    )


def _partner(h: Health, now_ns: int) -> PartnerStatus:
    return PartnerStatus(
        sent=h.sent,
        acknowledged=h.acknowledged,
        received=h.received,
        missing=h.missing,
        waiting=h.waiting,
        heard_s=(now_ns - h.heard_at_ns) / 1e9 if h.heard_at_ns else None,
        ahead_ms=h.ahead_ns / 1e6 if h.ahead_ns is not None else None,
        quarantined=h.quarantined,
    )


def _troubles(config: NodeConfig, node: Node, watch: Watch, partners: dict[str, Health]) -> Iterator[str]:
    """What is to be mended, in words."""
    if node.journal.trouble:
        yield node.journal.trouble
    if watch.shut:
        yield watch.shut
    yield from (str(doubt) for doubt in config.doubts)
    odd = watch.odd_clocks()
    yield from odd
    for nation, h in partners.items():
        if h.ahead_ns is not None and abs(h.ahead_ns) > ODD_CLOCK_S * 1e9:
            way = "ahead of" if h.ahead_ns > 0 else "behind"
            far = span(abs(h.ahead_ns) / 1e9)
            yield f"{nation}'s clock is {far} {way} this one\n    mend: set one of the two"


def span(seconds: float) -> str:
    """A time in words."""
    if seconds < 120.0:
        return f"{seconds:.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"


def _about(tally: Tally, event: str) -> dict[str, int]:
    """Counts of an event by what it is about. A copy, as others count meanwhile."""
    counts = tally.counts.copy()
    return {about: n for (name, about), n in sorted(counts.items()) if name == event and n}


def families(config: NodeConfig, node: Node, watch: Watch, version: str) -> Iterator[Family]:
    """What a node counts."""
    s = status(config, node, watch, version)
    labels = {"nation": s.nation, "case": s.case, "regime": s.regime, "version": version}
    yield Family("synaspis_node", "info", "Whose node it is.").add(1, **labels)
    yield Family("synaspis_state", "gauge", "1 for the state that the node is in.").add(1, state=s.state)
    yield Family("synaspis_case_seconds", "gauge", "Time of the raid.", "seconds").add(s.case_s)
    tracks = Family("synaspis_tracks", "gauge", "Tracks: its own, received, and missiles held apart.")
    yield tracks.add(s.own, of="own").add(s.received, of="received").add(s.held, of="held")
    for name, counts, label, meaning in (
        ("released", s.released, "product", "Messages sent under some clause."),
        ("not_released", s.not_released, "product", "Offers that no clause let go to a nation."),
        ("received", s.received_by, "product", "Messages taken."),
        ("refused", s.refused, "reason", "Frames and messages turned away."),
        ("events", dict(watch.events), "kind", "Events told."),
        ("not_used", dict(node.counts.not_used), "why", "Messages taken that the picture could not use."),
    ):
        family = Family(f"synaspis_{name}", "counter", meaning)
        for about, n in counts.items():
            family.add(n, **{label: about})
        yield family
    latency = Family(
        "synaspis_latency_seconds", "histogram", "From a measurement at its owner to the picture.", "seconds"
    )
    for of, histogram in watch.latency.items():
        latency.add(histogram, of=of)
    yield latency
    yield from _of_partners(s)
    journal = Family("synaspis_journal_waiting", "gauge", "Entries that wait for the disk.")
    yield journal.add(node.journal.waits)
    lost = Family(
        "synaspis_journal_superseded", "counter", "Entries that lost their content for want of room."
    )
    yield lost.add(node.journal.superseded)
    yield Family("synaspis_steps", "counter", "Steps that the node made.").add(node.counts.steps)
    yield Family("synaspis_troubles", "gauge", "What is to be mended.").add(len(s.troubles) + len(s.alarms))


def _of_partners(s: NodeStatus) -> Iterator[Family]:
    missing = Family("synaspis_partner_missing", "gauge", "Numbers of a partner that are missing.")
    waiting = Family("synaspis_partner_waiting", "gauge", "Messages that wait to go to it.")
    heard = Family("synaspis_partner_heard_seconds", "gauge", "Since it was last heard.", "seconds")
    ahead = Family("synaspis_partner_clock_ahead_seconds", "gauge", "Of this node's clock.", "seconds")
    for n, p in s.partners.items():
        missing.add(p.missing, partner=n)
        waiting.add(p.waiting, partner=n)
        heard.add(p.heard_s, partner=n)
        ahead.add(p.ahead_ms / 1e3 if p.ahead_ms is not None else None, partner=n)
    yield from (missing, waiting, heard, ahead)
