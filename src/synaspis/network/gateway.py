"""A nation's gateway: all that leaves and all that comes passes here, and the rules are asked each time.

No by default. What leaves is decided for each nation, and cites the clauses; what comes is checked, whoever
sent it. Beside the frames partners tell each other how far they have come, and what is missing is mended.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from synaspis.errors import NotRecordedError
from synaspis.journal import Channel, Journal
from synaspis.network import bodies
from synaspis.network.inbox import Alarm, Deliver, Inbox, Unfit
from synaspis.network.keyring import Ring, Signer
from synaspis.network.message import Opened, Range, Refusal, Standing
from synaspis.network.outbox import Degrade, Outbox, Parcel, never
from synaspis.network.partners import NOTHING, Partner, to_ask
from synaspis.network.repair import Repair
from synaspis.network.rulebook import Offer, Rulebook
from synaspis.network.seam import RANGE, key_of
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import ROOT, Transport

STANDING_NS: Final = 500_000_000
"""Each partner is told so often how far this node has come, while there is news between the two."""
IDLE_NS: Final = 2_000_000_000
"""And so often where there is none: a sign of life, and a comparison of clocks."""
ANSWER_NS: Final = 90_000_000
"""A partner that asks more often is not answered: looking up what it misses is work."""


@dataclass(frozen=True)
class Health:
    """How it stands with one partner: `sent` to it and `acknowledged` by it, `received` without a gap from
    it, how many are `missing` and `waiting`, when it was last heard (UTC, 0 never), and how far its clock is
    ahead (None: not known)."""

    sent: int
    acknowledged: int
    received: int
    missing: int
    waiting: int
    heard_at_ns: int
    ahead_ns: int | None
    quarantined: bool


class Gateway:
    """Safe to use from several threads. `deliver` and `alarm` are called by the thread that brought what
    came, and may call the gateway."""

    def __init__(
        self,
        identity: Signer,
        case_sha256: str,
        rulebook: Rulebook,
        *,
        journal: Journal,
        transport: Transport,
        keyring: Ring,
        clock: Clock,
        deliver: Deliver,
        alarm: Alarm,
        tally: Tally | None = None,
        degrade: Degrade = never,
        unfit: Unfit = bodies.why_not,
    ) -> None:
        self.me = identity.nation
        self.tally = tally or Tally()
        self._journal, self._transport, self._clock = journal, transport, clock
        case = bytes.fromhex(case_sha256)
        self._lock = threading.RLock()
        self._parcels: list[Parcel] = []
        self._partners = {n: Partner() for n in rulebook.partners()}
        self._told_ns = 0
        self.standing_ns = STANDING_NS
        """So often partners are told where this node stands, at most."""
        self._closed = False
        self.outbox = Outbox(identity, case, rulebook, journal, clock, self.tally, degrade)
        self._repair = Repair(identity, case, self.outbox, journal, clock, self.tally)
        self.inbox = Inbox(
            self.me,
            case,
            rulebook,
            journal,
            keyring,
            clock,
            self.tally,
            deliver,
            self._alarmed(alarm),
            unfit,
        )
        self.outbox.closed_to |= self.inbox.quarantined
        transport.subscribe(f"{ROOT}/*/{self.me}", self._came)

    def _alarmed(self, alarm: Alarm) -> Alarm:
        def heard(nation: str, why: str) -> None:
            self.outbox.closed_to.add(nation)
            alarm(nation, why)

        return heard

    @property
    def rulebook(self) -> Rulebook:
        """The agreements by which it decides."""
        return self.outbox.rulebook

    def adopt(self, rulebook: Rulebook) -> None:
        """Go by other rules from now on. What waits is decided again before it leaves."""
        with self._lock:
            self.outbox.rulebook = self.inbox.rulebook = rulebook
            self._partners = {n: self._partners.get(n, Partner()) for n in rulebook.partners()}
            self.tally.note("rules", clauses=rulebook.rules.ids())

    def offer(self, offer: Offer) -> tuple[str, ...]:
        """Offer a product to all nations; returns those that may have it. It leaves with `flush`."""
        with self._lock:
            return self.outbox.offer(offer)

    def tell(self, recipient: str, offer: Offer) -> bool:
        """Send a request, a vote or an order to one nation; False if no clause has it go there."""
        with self._lock:
            return self.outbox.tell(recipient, offer)

    def number(self, recipient: str, track: str) -> int:
        """The number under which `recipient`, and nobody else, knows a track."""
        return self.outbox.number(recipient, track)

    def flush(self) -> int:
        """Send what may leave now; returns the number of frames. To be called after each batch of input, and
        every 50 ms: alerts that were sent are on the disk when it had nothing to send, or soon after."""
        with self._lock:
            found = self.outbox.compose()
        self._put(found)
        self.outbox.settle(busy=bool(found))  # the disk is waited for when nothing else wants to leave
        return len(found)

    def tick(self) -> None:
        """To be called often: tells partners where this node stands, when it is time."""
        with self._lock:
            now_ns = self._clock.utc_ns()
            if now_ns - self._told_ns < self.standing_ns:
                return
            self._told_ns = now_ns
            come = self._to_tell(now_ns)
            durable, self.inbox.urgent = self.inbox.urgent, False
        written = self._written(durable)  # not under the lock: what comes need not wait for the disk
        with self._lock:
            for nation, found in come.items():
                partner = self._partners.get(nation)
                if partner is None or nation in self.inbox.quarantined:
                    continue
                if not written:  # what came is not said, and is news still
                    partner.stood = NOTHING
                self._parcels.append(self._standing(nation, partner, found if written else None))
        self._send()

    def _to_tell(self, now_ns: int) -> dict[str, tuple[list[Range], int]]:
        """Partners to be told now where this node stands, with what came from each."""
        found = {}
        for nation, partner in self._partners.items():
            gaps, high = self._come(nation)
            sent = self.outbox.sent(nation)
            if now_ns - partner.told_ns >= IDLE_NS or not partner.settled(sent, gaps, high):
                found[nation] = (gaps, high)
                partner.told_ns, partner.stood = now_ns, (sent, high)
        return found

    def _come(self, nation: str) -> tuple[list[Range], int]:
        """What came from a nation: the gaps, and the highest number."""
        channel = Channel(nation, self.me)
        return self._journal.gaps(channel), self._journal.high(channel)

    def _written(self, durable: bool) -> bool:
        """Whether all that came is in the journal: nothing else is acknowledged."""
        try:
            self._journal.flush(durable=durable)
        except NotRecordedError as error:
            self.inbox.urgent |= durable
            self.tally.note("disk", "standing", error=str(error))
            return False
        return True

    def _standing(self, nation: str, partner: Partner, come: tuple[list[Range], int] | None) -> Parcel:
        """Where this node stands with a partner; without what came where that is not to be said."""
        missing: tuple[Range, ...] = ()
        held = 0
        if come is not None:
            gaps, high = come
            held = gaps[0][0] - 1 if gaps else high
            missing, partner.top = to_ask(gaps, high, partner)
        heard = (partner.heard_ns, partner.heard_at_ns)
        return self._repair.standing(nation, partner.void, held, missing, heard)

    def _came(self, key: str, sealed: bytes) -> None:
        if not self._closed and key != key_of(RANGE, self.me):  # the range's word is no frame
            self.receive(key, sealed)

    def close(self) -> None:
        """Take nothing more, let go what waited to leave; journal and transport are the caller's to close."""
        with self._lock:
            self._closed = True

    def receive(self, key: str, sealed: bytes) -> Opened | Refusal:
        """Take what came on the bus. Never raises, whatever it is."""
        opened = self.inbox.opened(key, sealed)  # most of the work, and nobody need wait for it
        with self._lock:
            partner = self._partners.get(key.split("/")[1] if key.count("/") == 3 else "")
            found = self.inbox.receive(key, sealed, opened, partner)
            if isinstance(found, Opened) and found.frame.sequence == 0 and partner is not None:
                self._heard(found, partner)
        self._send()
        return found

    def _heard(self, found: Opened, partner: Partner) -> None:
        """A partner says where it stands: close what is void, answer what it misses."""
        frame = found.frame
        told = frame.messages[0]
        assert isinstance(told, Standing)
        partner.hear(frame, told, self._clock.utc_ns())
        self._close(Channel(frame.owner, self.me), told)
        now_ns = self._clock.utc_ns()
        if not told.missing:
            partner.void = ()
            return
        if now_ns - partner.answered_ns < ANSWER_NS:
            return
        partner.answered_ns = now_ns
        parcels, void = self._repair.answer(frame.owner, told.missing)
        self._parcels += parcels
        partner.void = tuple(void)
        if void:
            self._parcels.append(self._standing(frame.owner, partner, None))

    def _close(self, channel: Channel, told: Standing) -> None:
        for first, last in told.void:
            if last > told.sent:
                self.tally.note(
                    "refused", "malformed", what="a void beyond what was sent", owner=channel.owner
                )
                continue
            try:
                closed = self._journal.tombstone(channel, first, last, b"", durable=False)
            except NotRecordedError as error:
                self.tally.note("disk", "tombstone", error=str(error))
                return
            for a, b in closed:
                self.tally.note("closed", channel.owner, times=b - a + 1, first=a, last=b)

    def _send(self) -> None:
        with self._lock:
            parcels, self._parcels = self._parcels, []
        self._put(parcels)

    def _put(self, parcels: list[Parcel]) -> None:
        for key, data in parcels:
            self._transport.put(key, data)

    def lift(self, nation: str, why: str) -> None:
        """End a nation's quarantine."""
        with self._lock:
            self.inbox.lift(nation, why)
            self.outbox.closed_to.discard(nation)

    def health(self) -> dict[str, Health]:
        """How it stands with each partner."""
        with self._lock:
            return {n: self._health(n, p) for n, p in self._partners.items()}

    def _health(self, nation: str, partner: Partner) -> Health:
        gaps, high = self._come(nation)
        return Health(
            sent=self.outbox.sent(nation),
            acknowledged=partner.acknowledged,
            received=gaps[0][0] - 1 if gaps else high,
            missing=sum(b - a + 1 for a, b in gaps) + max(partner.sent - high, 0),
            waiting=len(self.outbox.waiting()[nation]),
            heard_at_ns=partner.heard_at_ns,
            ahead_ns=partner.ahead_ns,
            quarantined=nation in self.inbox.quarantined,
        )
