"""A nation's node: what its stations see and what partners release to it, made into one picture and warnings.

A node holds the case without its raid. It is moved on by `step`, which does all that is due: a thread, a
process or a test calls it, and what it finds does not hang on how often. What comes in waits in queues, so
that whoever brings it never waits for the node.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from synaspis.engine.detections import FRAME_S
from synaspis.engine.geometry import Floats
from synaspis.engine.live_joined import Held, pointing
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.world import World, world
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.model.case import Case
from synaspis.model.live_warning import LiveEvent
from synaspis.network import bodies, measuring
from synaspis.network.again import LOOK, Remembered, remembered, seen_of, since
from synaspis.network.alerting import EVENT, Alerting, payload
from synaspis.network.gateway import Gateway
from synaspis.network.handing_on import Onward
from synaspis.network.keyring import Ring, Signer
from synaspis.network.message import REQUESTS, URGENT, Message
from synaspis.network.picture import Name, View
from synaspis.network.releasing import Feeds, feeds_of
from synaspis.network.rulebook import Offer, Rulebook
from synaspis.network.seam import Looks
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import Transport
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules

RAID: Final = "raid"
"""What the journal calls the beginning of a raid: its payload says when the case's clock stood at 0."""
LOOK_S: Final = FRAME_S
"""Time between looks at the picture."""
MARKED_S: Final = 20.0
"""So often, in the case's time, the journal is told which raid it is."""
AHEAD_S: Final = 1.0
"""So much may the clock of the range be ahead of one's own."""
LATE_S: Final = 0.2
"""A look waits so long for what partners make of the same frame."""
WAKES_S: Final = 0.02
"""A node that nobody wakes steps so often."""
REMEMBERED_S: Final = 60.0
"""A node that starts again takes so much of its journal."""

Picture = list[tuple[Name, Held]]
Cued = tuple[Floats, Floats]
"""Places (K, 3) and one-sigma errors (K,)."""


def _nobody(_: LiveEvent) -> None:
    """Nobody listens."""


def _no_message(_sender: str, _message: Message) -> None:
    """Nobody listens."""


def _no_looks(_: Looks) -> None:
    """Nobody listens."""


class Part(Protocol):
    """Something that a node does besides: its batteries, its votes."""

    def heard(self, sender: str, message: Message) -> None:
        """A partner says how an engagement stands, asks, votes or orders."""

    def looked(self, picture: Picture, now_s: float) -> None:
        """The picture was looked at."""


@dataclass(kw_only=True, eq=False)
class Counts:
    """What a node did: `steps`, `scans` taken, `offers` made, messages `taken`, `looks` at the picture, and
    own scans `turned_away`."""

    steps: int = 0
    scans: int = 0
    offers: int = 0
    taken: int = 0
    looks: int = 0
    turned_away: int = 0
    not_used: dict[str, int] = field(default_factory=dict)


class Node:
    """One nation's. `seen` and what the gateway delivers may come from any thread; `step` from one at a time.

    `picture` is what the last look at it found, `own` and `whole` where its radars are to look. `tell` hears
    each event.
    """

    def __init__(
        self, identity: Signer, case: Case, case_sha256: str, rules: Rules, *, journal: Journal,
        transport: Transport, keyring: Ring, clock: Clock, tally: Tally | None = None,
        tell: Callable[[LiveEvent], None] = _nobody, parts: Iterable[Part] = (), secret: int = 0,
        look_s: float = LOOK_S, taken: Callable[[str, Message], None] = _no_message,
        saw: Callable[[Looks], None] = _no_looks, judge: Judge | None = None,
    ) -> None:  # fmt: skip
        """`case` need have no raid. `secret` is the seed of the errors that make others' copies coarser.
        `taken` hears of each message of a missile once it is in the picture, `saw` what own stations saw.
        `judge`, of the same case, may be one for several nodes of a process, which saves work."""
        self.me, self.clock, self.journal = identity.nation, clock, journal
        self.tally = tally or Tally()
        self.judge, self.counts = judge or Judge(world(case, ())), Counts()
        self.w: World = self.judge.w
        self.feeds: Feeds = feeds_of(self.w, self.me, rules)
        self.view, self.picture = View(self.me, self.judge.once), list[tuple[Name, Held]]()
        self.onward = Onward(self.me, rules, self.w.nations)
        self._freely = measuring.freely_given(self.w, self.me, rules)
        self.alerting = Alerting(self.judge, self.me, self._told)
        self.parts = list(parts)
        self._tell, self._look_s, self._taken, self._saw = tell, look_s, taken, saw
        self._base = journal.head()[0]
        self._begun = self._muted = self._unsettled = False
        self._looks: deque[Looks] = deque()
        self._messages: deque[tuple[str, Message]] = deque()
        self._woken = threading.Event()
        self._looked_s = self._marked_s = -math.inf
        self.gateway = Gateway(
            identity, case_sha256, self._rulebook(rules), journal=journal,
            transport=transport, keyring=keyring, clock=clock, deliver=self._deliver, alarm=self._alarm,
            tally=self.tally, degrade=bodies.Coarser(secret),
        )  # fmt: skip

    def _rulebook(self, rules: Rules) -> Rulebook:
        return Rulebook(self.me, rules, self.w.nations, {s.site: s.owner for s in self.w.stations})

    def adopt(self, rules: Rules) -> None:
        """Go by other rules from now on: what was received stays, and is not updated where none lets it be.

        All nations of an exercise do so at once: a node takes nothing by clauses that it does not know.
        """
        self.feeds = feeds_of(self.w, self.me, rules, before=self.feeds)
        self.onward.adopt(rules)
        self._freely = measuring.freely_given(self.w, self.me, rules)
        self.gateway.adopt(self._rulebook(rules))

    # -- what comes in -----------------------------------------------------------------------------

    def seen(self, looks: Looks) -> None:
        """Own stations have seen something: to be taken at the next step."""
        self._looks.append(looks)
        self._woken.set()

    def _deliver(self, sender: str, message: Message) -> None:
        self._messages.append((sender, message))
        self._woken.set()

    def _alarm(self, nation: str, why: str) -> None:
        self.tally.note("alarm", nation, why=why)

    # -- a step ------------------------------------------------------------------------------------

    def step(self) -> bool:
        """Do all that is due; whether anything was."""
        self.counts.steps += 1
        now_s = self.clock.case_s()
        if not self._begun and now_s >= 0.0:
            self._begin(now_s)
        if not self._begun:
            self.gateway.tick()
            return False
        self._mark(now_s)
        had_looks, had_messages = self._take_looks(), self._take_messages(now_s)
        if had_looks or had_messages:
            self.gateway.flush()
        at_s = math.floor((now_s - LATE_S) / self._look_s) * self._look_s
        due = at_s > self._looked_s
        if due:
            self._look(at_s)
        self.gateway.flush()
        self.gateway.tick()
        return had_looks or had_messages or due

    def _take_looks(self) -> bool:
        """Own scans into the feeds, and what follows from them to whoever may have it."""
        latest_s = self.feeds.at_s
        had = False
        while self._looks:
            looks = self._looks.popleft()
            had = True
            self._record(LOOK, msgspec.msgpack.encode(looks))
            self._saw(looks)
            latest_s = max(latest_s, self._hear(looks))
        if had and latest_s > -math.inf:
            # What is received a moment ahead of this clock counts as received; nothing brings tomorrow.
            self.feeds.settle(min(latest_s, self.clock.case_s() + AHEAD_S))
            self._offer(self.feeds.offers(self._base, self.judge))
        return had

    def _offer(self, offers: Iterable[Offer]) -> None:
        for offer in offers:
            self.counts.offers += 1
            self.gateway.offer(offer)

    def _hear(self, looks: Looks) -> float:
        """Take own scans on their way to the feeds: when they may be used."""
        seen, strange = seen_of(self.w, self.me, looks)
        self.counts.scans += len(seen)
        self.counts.turned_away += strange
        self.feeds.hear(seen)
        if not self._muted:
            self._offer(measuring.offers(self.w, self._freely, seen))
        for one in seen:
            self.alerting.detected(self.w.stations[one.station].name, one.scan.received_s)
        ended_s = looks.frame * FRAME_S if looks.ends else -math.inf
        return max([ended_s, *(one.scan.received_s for one in seen)])

    def _take_messages(self, now_s: float) -> bool:
        had, measured = False, list[tuple[str, Message]]()
        while self._messages:
            sender, message = self._messages.popleft()
            had = True
            if message.product in REQUESTS or message.product not in STEPS:
                for part in self.parts:
                    part.heard(sender, message)
                continue
            on = self.onward.offer(sender, message)
            self._offer([on] if on is not None else [])
            if message.product == measuring.PRODUCT:
                measured.append((sender, message))
                continue
            why = self.view.take(sender, message)
            if why:
                self.counts.not_used[why] = self.counts.not_used.get(why, 0) + 1
                continue
            self.counts.taken += 1
            self._taken(sender, message)
            self.alerting.released(sender, message, now_s)
            if message.product in URGENT:  # an alert waits for no look
                for name, one in self.view.beside((sender, message.number), now_s):
                    self.alerting.look(name, one, now_s)
        self._measured(measured)
        return had

    def _measured(self, messages: list[tuple[str, Message]]) -> None:
        """Others' measurements into its own picture's feed; they are settled with the next look."""
        seen, strange = measuring.seen_by_others(self.w, messages)
        self.feeds.hear(seen)
        self._unsettled |= bool(seen)
        self.counts.turned_away += strange

    def _look(self, now_s: float) -> None:
        """Look at the picture: what is new is told, and radars are pointed."""
        self._looked_s = now_s
        self.counts.looks += 1
        if self._unsettled:
            self._unsettled = False
            self.feeds.settle(now_s)
        own = self.feeds.own.last if self.feeds.own is not None and self.feeds.own.looked else None
        self.picture = self.view.look(now_s, own)
        for name, one in self.picture:
            self.alerting.look(name, one, now_s)
        self.onward.learn(self.view, self.picture, self.judge)
        for part in self.parts if not self._muted else ():
            part.looked(self.picture, now_s)

    @property
    def looked_s(self) -> float:
        """The time of the case at which the picture was last looked at; -inf before."""
        return self._looked_s

    def cues(self) -> tuple[Cued, Cued]:
        """Where its radars are to look: by its own stations alone, and by all that it holds."""
        alone = self.feeds.alone
        whole = pointing([one for _, one in self.picture])
        if alone is None or not alone.looked:
            return pointing([]), whole
        return (alone.last.mean[:, :3], alone.last.sigma_m), whole

    # -- what is kept ------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> None:
        """The case's clock is known: go on where the journal ends, if it is of the same raid."""
        self._begun = True
        entries = since(self.journal, self.clock.utc_ns() - round(REMEMBERED_S * 1e9))
        of = [entry.payload for entry in entries if entry.kind == RAID]
        if of[-1:] == [self._raid()]:
            self._remember(remembered(entries), now_s)

    def _raid(self) -> bytes:
        """When the raid began, as the case's clock has it: tells it from one before in the same journal."""
        return str(getattr(self.clock, "start_ns", None) or 0).encode()

    def _mark(self, now_s: float) -> None:
        """Write down now and then which raid it is."""
        if now_s - self._marked_s >= MARKED_S:
            self._marked_s = now_s
            self._record(RAID, self._raid())

    def _remember(self, held: Remembered, now_s: float) -> None:
        """Take in what the journal holds of the last minute. What it tells was told before."""
        self._muted = True
        times_s = [self._hear(looks) for looks in held.looks]
        for sender, message in held.messages:
            if message.product != measuring.PRODUCT:
                self.view.take(sender, message)
        self._measured([pair for pair in held.messages if pair[1].product == measuring.PRODUCT])
        if times_s and max(times_s) > -math.inf:
            self.feeds.settle(min(max(times_s), now_s))
            self.feeds.resume(held.sent)
        last_s = max([self.feeds.at_s, *(m.made_s for _, m in held.messages)])
        if 0.0 <= last_s <= now_s:
            self._look(math.floor(last_s / self._look_s) * self._look_s)
        self._muted = False

    def _told(self, event: LiveEvent) -> None:
        if self._muted:
            return
        self._record(EVENT, payload(event))
        self._tell(event)

    def _record(self, kind: str, told: bytes) -> None:
        try:
            self.journal.append(kind, told, at_ns=self.clock.utc_ns())
        except NotRecordedError as error:  # a node with a full disk goes on warning
            self.tally.note("disk", kind, error=str(error))

    # -- by itself ---------------------------------------------------------------------------------

    def run(self, until: threading.Event) -> None:
        """Step until the event is set, at once when something comes and else every `WAKES_S`."""
        while not until.is_set():
            self.wait(WAKES_S)
            self.step()

    def wait(self, longest_s: float) -> None:
        """Return when something has come for it, or after a time."""
        self._woken.wait(longest_s)
        self._woken.clear()

    def wake(self) -> None:
        """Something has come."""
        self._woken.set()

    def close(self) -> None:
        """Take nothing more; journal and transport are the caller's to close."""
        self.gateway.close()
