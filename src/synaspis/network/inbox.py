"""The way in: whatever comes is doubted, then handed to the node and recorded, each number once.

The checks go from the cheap to the dear, and nothing is decoded before its signature has been checked. The
disk is not waited for here: what came is acknowledged only when the journal has written it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec

from synaspis.errors import NotRecordedError
from synaspis.journal import Channel, Journal
from synaspis.network.keyring import Ring
from synaspis.network.message import (
    HASH_BYTES,
    LARGEST_FRAME_BYTES,
    NO_FRAME,
    SIGNATURE_BYTES,
    URGENT,
    Frame,
    Message,
    Opened,
    Refusal,
    Tombstone,
    key_of,
    open_sealed,
)
from synaspis.network.outbox import replaced_by
from synaspis.network.partners import Partner
from synaspis.network.rulebook import Rulebook
from synaspis.network.tally import Clock, Tally
from synaspis.network.transport import parties

RECEIVED, IN_PART = "received", "received_in_part"
SUPERSEDED: Final = "superseded"
REMEMBERED: Final = 1024
"""Hashes of frames kept in memory for each partner; those before are looked up in the journal."""
AHEAD: Final = 1_000_000
"""A number so far beyond the highest held is no gap but a mistake or worse."""
FUTURE_NS: Final = 30_000_000_000
"""How far a partner's clock may be ahead, and how old a frame without a number may be."""

Deliver = Callable[[str, Message], None]
"""Hears each message once, with who sent it."""
Unfit = Callable[[str, bytes], str]
"""Why a body is not of its product's form, "" if it is; see `bodies.why_not`."""
Alarm = Callable[[str, str], None]
"""Hears of a nation that must be looked at, and why."""


class Inbox:
    """Of one node. Not to be used from two threads at once, but for `opened`."""

    def __init__(
        self,
        me: str,
        case: bytes,
        rulebook: Rulebook,
        journal: Journal,
        keyring: Ring,
        clock: Clock,
        tally: Tally,
        deliver: Deliver,
        alarm: Alarm,
        unfit: Unfit,
    ) -> None:
        self.me, self.rulebook = me, rulebook
        self.quarantined: set[str] = set()
        self.urgent = False
        """Whether something came that must be on the disk before it is acknowledged."""
        self._case, self._journal, self._keyring = case, journal, keyring
        self._clock, self._tally, self._deliver, self._alarm = clock, tally, deliver, alarm
        self._unfit = unfit
        self._known: dict[str, OrderedDict[int, bytes]] = {n: OrderedDict() for n in rulebook.nations}
        self._unrecorded: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        for nation in rulebook.nations:
            if journal.high(_quarantine(nation)) % 2:
                self.quarantined.add(nation)

    def receive(
        self, key: str, sealed: bytes, found: Opened | Refusal, partner: Partner | None
    ) -> Opened | Refusal:
        """Take what came under a key of the bus: the frame, if it was taken, or why not.

        `found` is what `opened` gave; `partner` what is known of its owner. A frame without a number is
        checked and left to the caller.
        """
        if isinstance(found, Opened) and found.frame.owner in self.quarantined:  # since it was opened
            found = Refusal("quarantined", found.frame.owner)
        if isinstance(found, Opened):
            if found.frame.sequence == 0:
                wrong = self._stale(found.frame, partner)
            else:
                wrong = self._numbered(found, sealed)
            found = wrong or found
        if isinstance(found, Refusal):
            self._tally.note("refused", found.reason, what=found.what, key=key[:60])
        return found

    def opened(self, key: str, sealed: bytes) -> Opened | Refusal:
        """What came, if it is the word of the nation whose key it came under, for this node and case.

        It changes nothing, so several threads may ask at once.
        """
        owner, recipient = parties(key)
        if recipient != self.me:
            return Refusal("recipient", recipient[:8])
        if owner not in self._known:
            return Refusal("unknown_sender", owner[:8])
        if owner in self.quarantined:
            return Refusal("quarantined", owner)
        if not SIGNATURE_BYTES < len(sealed) <= SIGNATURE_BYTES + LARGEST_FRAME_BYTES:
            return Refusal("size", f"{len(sealed)} bytes")
        now_ns = self._clock.utc_ns()
        wrong = self._keyring.refuse(owner, sealed, now_ns)
        if wrong is not None:
            return wrong
        found = open_sealed(sealed)
        if isinstance(found, Refusal):
            return found
        if key_of(found.frame) != key:
            return Refusal("key", f"{key_of(found.frame)} under {key[:60]}")
        if found.frame.case != self._case:
            return Refusal("case", found.frame.case.hex()[:8])
        if found.frame.sent_ns > now_ns + FUTURE_NS:
            ahead_s = (found.frame.sent_ns - now_ns) / 1e9
            return Refusal("clock", f"sent {ahead_s:.0f} s ahead of this clock: set one of the two")
        return found

    def _stale(self, frame: Frame, partner: Partner | None) -> Refusal | None:
        """Why a frame without a number is not heard: it is old, or one sent later came before."""
        late_ns = self._clock.utc_ns() - frame.sent_ns
        if late_ns > FUTURE_NS:
            return Refusal("clock", f"sent {late_ns / 1e9:.0f} s ago by its own clock: set one of the two")
        if partner is not None and frame.sent_ns <= partner.heard_ns:
            return Refusal("replay", f"{frame.owner} spoke later")
        return None

    def _numbered(self, found: Opened, sealed: bytes) -> Refusal | None:
        frame = found.frame
        channel = Channel(frame.owner, self.me)
        if self._journal.seen(channel, frame.sequence):
            return self._again(channel, found, sealed)
        if frame.sequence > self._journal.high(channel) + AHEAD:
            return Refusal("window", f"number {frame.sequence}")
        if self._forks(found):
            return self._fork(frame)
        delivered = self._unrecorded.get((frame.owner, frame.sequence))
        if delivered is not None and delivered != found.identity:
            return self._fork(frame)
        stays, turned_away = self._sifted(frame)
        if not turned_away:
            payload, kind = sealed, RECEIVED
        else:
            payload, kind = found.identity + msgspec.msgpack.encode(stays), IN_PART
        if delivered is None:
            for message in stays:
                if isinstance(message, Message):
                    self._hand_over(frame.owner, message)
        return self._record(channel, found, kind, payload, stays)

    def _sifted(self, frame: Frame) -> tuple[tuple[Message | Tombstone, ...], int]:
        """The messages that may stay here, tombstones for the others, and how many those are."""
        stays: list[Message | Tombstone] = []
        turned_away = 0
        for message in frame.messages:
            why = ""
            if isinstance(message, Message):
                try:
                    why = self.rulebook.why_not(frame.owner, message)
                    why = why or self._unfit(message.product, message.body)
                except Exception as error:  # a rule that raises closes the door
                    why = f"a rule failed: {error}"
                if why:
                    turned_away += 1
                    self._tally.note("refused", "label", what=why, owner=frame.owner, product=message.product)
            stays.append(Tombstone() if why or not isinstance(message, Message) else message)
        return tuple(stays), turned_away

    def _hand_over(self, owner: str, message: Message) -> None:
        self._tally.counts["received", message.product] += 1
        try:
            self._deliver(owner, message)
        except Exception as error:  # one message that the node cannot use must not stop the others
            self._tally.note("not_used", message.product, owner=owner, error=repr(error))

    def _record(
        self,
        channel: Channel,
        found: Opened,
        kind: str,
        payload: bytes,
        stays: tuple[Message | Tombstone, ...],
    ) -> Refusal | None:
        frame = found.frame
        self.urgent |= any(isinstance(m, Message) and m.product in URGENT for m in stays)
        name = (channel.owner, frame.sequence)
        try:
            self._journal.append(
                kind, payload, channel=channel, sequence=frame.sequence,
                replaces=replaced_by(channel, stays), at_ns=self._clock.utc_ns(),
            )  # fmt: skip
        except NotRecordedError as error:
            self._unrecorded[name] = found.identity
            if len(self._unrecorded) > REMEMBERED:
                self._unrecorded.popitem(last=False)
            return Refusal("disk", str(error))
        self._unrecorded.pop(name, None)
        known = self._known[channel.owner]
        known[frame.sequence] = found.identity
        if len(known) > REMEMBERED:
            known.popitem(last=False)
        return None

    def _again(self, channel: Channel, found: Opened, sealed: bytes) -> Refusal:
        """A number that is held: the same frame again, or another, which is the mark of a second node."""
        frame = found.frame
        held = self._identity(channel, frame.sequence, sealed)
        if held is not None and held != found.identity:
            return self._fork(frame)
        return Refusal("replay", f"{frame.owner} {frame.sequence}")

    def _identity(self, channel: Channel, sequence: int, sealed: bytes) -> bytes | None:
        """The hash of the frame first sent under a number that is held; None where it is not known."""
        known = self._known[channel.owner].get(sequence)
        if known is not None:
            return known
        entries = self._journal.read(channel, sequence, sequence)
        if not entries:
            return None
        kind, payload = entries[0].kind, entries[0].payload
        if kind == IN_PART:
            return payload[:HASH_BYTES]
        if kind == SUPERSEDED:
            # What was held is gone but for its hash: the same bytes are known again, others are not judged.
            return None
        opened = open_sealed(payload) if kind == RECEIVED else None
        return opened.identity if isinstance(opened, Opened) else None

    def _forks(self, found: Opened) -> bool:
        """Whether the frame before it, as it says, is another than the one held."""
        frame = found.frame
        before = self._known[frame.owner].get(frame.sequence - 1)
        return before is not None and frame.previous not in (NO_FRAME, before)

    def _fork(self, frame: Frame) -> Refusal:
        self.quarantine(frame.owner, f"number {frame.sequence} came as two different frames")
        return Refusal("fork", f"{frame.owner} {frame.sequence}")

    def quarantine(self, nation: str, why: str) -> None:
        """Take nothing more from a nation until `lift`, also after a restart, and raise the alarm."""
        if nation in self.quarantined:
            return
        self.quarantined.add(nation)
        self._mark(nation, "quarantine", why)
        self._tally.note("quarantine", nation, why=why)
        self._alarm(nation, why)

    def lift(self, nation: str, why: str) -> None:
        """End a quarantine, as when the nation has a new key."""
        if nation in self.quarantined:
            self._mark(nation, "quarantine_lifted", why)
            self.quarantined.discard(nation)
            self._known[nation].clear()

    def _mark(self, nation: str, kind: str, why: str) -> None:
        channel = _quarantine(nation)
        number = self._journal.high(channel) + 1
        try:
            self._journal.append(kind, why.encode()[:1000], channel=channel, sequence=number, durable=True)
        except NotRecordedError as error:
            self._tally.note("disk", kind, error=str(error))


def _quarantine(nation: str) -> Channel:
    """The journal's channel of a nation's quarantines: an odd number is a beginning, an even one an end."""
    return Channel("quarantine", nation)
