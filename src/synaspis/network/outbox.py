"""The way out: each offer decided for each nation, framed, numbered, signed, recorded, and only then sent.

A frame is in the journal before it is on the bus, so that what is missing at the other end can be sent again
after the process was killed. What is asked for again is decided again, by the rules of that moment.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from synaspis.errors import NotRecordedError
from synaspis.journal import Channel, Journal
from synaspis.network import bodies
from synaspis.network.holding import Held, Holding, Key
from synaspis.network.keyring import Signer
from synaspis.network.message import (
    ADDRESSED,
    FORMAT,
    LARGEST_BODY_BYTES,
    MOST_MESSAGES,
    NO_FRAME,
    PURPOSE,
    URGENT,
    Frame,
    Message,
    digest,
    encode,
    family,
    key_of,
    seal,
)
from synaspis.network.queues import LATEST_WINS, Item, Queue
from synaspis.network.rulebook import Leave, Offer, Rulebook
from synaspis.network.sent import SENT, ground, kept, opened
from synaspis.network.tally import Clock, Tally
from synaspis.sharing.labels import Label

FRAME_NS: Final = 50_000_000
"""A recipient gets a frame at most so often, but for what is urgent."""
SETTLED_NS: Final = 200_000_000
"""Under steady traffic an alert that was sent is on the disk within this and one wait for the disk."""
FRAME_ROOM_BYTES: Final = 200_000
"""Bodies in one frame; the rest of its limit is for labels and clauses."""

NUMBERS: Final = 4_096
"""Numbers of tracks that are remembered; others are worked out anew."""

Degrade = Callable[[Offer, float], bytes | None]
"""The body made coarser, to a one-sigma position error in metres; None if it cannot be."""
Parcel = tuple[str, bytes]
"""Key and bytes, ready for the bus."""


def never(_offer: Offer, _floor_m: float) -> None:
    """Makes nothing coarser: what may go only so does not go."""


def nobody(_recipient: str, _message: Message) -> None:
    """Nobody listens."""


class Outbox:
    """Of one node. Not to be used from two threads at once.

    `told` hears of each message that leaves, and to whom.
    """

    def __init__(
        self,
        identity: Signer,
        case: bytes,
        rulebook: Rulebook,
        journal: Journal,
        clock: Clock,
        tally: Tally,
        degrade: Degrade = never,
    ) -> None:
        self.me = identity.nation
        self.rulebook = rulebook
        self.closed_to: set[str] = set()
        self._sign, self._case, self._journal = identity.sign, case, journal
        self._clock, self._tally, self._degrade = clock, tally, degrade
        # A signature by Ed25519 is always the same, so numbers of tracks outlast a restart.
        self._secret = hashlib.sha256(identity.sign(b"synaspis numbers of tracks\0")).digest()
        self.told: Callable[[str, Message], None] = nobody
        self.holding = Holding()
        self._counted: dict[str, int] | None = None
        self._firsts: dict[str, str] = {}
        self._queues: dict[str, Queue] = {n: Queue() for n in rulebook.nations if n != self.me}
        self._last_ns: dict[str, int] = {}
        self._last: dict[str, tuple[int, bytes]] = {}
        self._since: dict[tuple[object, ...], float] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._unsettled_ns: int | None = None

    def sent(self, recipient: str) -> int:
        """The last number sent to `recipient`, also before a restart."""
        return self._before(recipient)[0]

    def waiting(self) -> dict[str, Queue]:
        """What waits, by recipient."""
        return self._queues

    def number(self, recipient: str, track: str) -> int:
        """The number under which `recipient`, and nobody else, knows a track."""
        found = self._numbers.get((recipient, track))
        if found is not None:
            return found
        if self._counted is not None:
            found = self._counted[recipient] = self._counted.get(recipient, 0) + 1
        else:
            told = f"{recipient}\0{track}".encode()
            found = int.from_bytes(hashlib.blake2b(told, key=self._secret, digest_size=6).digest(), "big")
            if len(self._numbers) >= NUMBERS:
                self._numbers.clear()
        self._numbers[recipient, track] = found
        return found

    def count_tracks(self) -> None:
        """Number tracks for each recipient from 1 on, in the order in which it is told of them.

        So a recipient's numbers hang on nothing but what it was given, and on no key; but they do not outlast
        this process, which is for a room that is played again from its record.
        """
        self._counted = {}

    def offer(self, offer: Offer) -> tuple[str, ...]:
        """Put an offer in the queue of every nation that may have it; returns those.

        ValueError where the body is too large: our own mistake.
        """
        if len(offer.body) > LARGEST_BODY_BYTES:
            raise ValueError(f"a body of {len(offer.body)} bytes; {LARGEST_BODY_BYTES} is the most")
        now_s = self._clock.case_s()
        if self._counted is not None and offer.track not in self._firsts:
            self._firsts[offer.track] = hashlib.blake2b(offer.body, digest_size=8).hexdigest()
        found = []
        epoch, told = self.rulebook.epoch(now_s), ground(offer)
        may = self.rulebook.leaves_of_all(offer, now_s)
        for recipient, queue in self._queues.items():
            if offer.to is not None and recipient not in offer.to:
                continue
            leaves = () if recipient in self.closed_to else may.get(recipient, ())
            if not leaves:
                self._tally.counts["not_released", offer.product] += 1
                continue
            found.append(recipient)
            for leave in leaves:
                self._queue(queue, Item(offer, leave, self.rulebook, epoch, told), recipient, now_s)
        return tuple(found)

    def _queue(self, queue: Queue, item: Item, recipient: str, now_s: float) -> None:
        due_s = self._due_s(item, recipient, now_s)
        if self.holding.on and self.holding.concerns(item):
            if self.holding.lets(recipient, item, now_s):
                queue.put(item)
        elif self.holding.said(recipient, item.offer.track) is False and self.holding.concerns(item):
            pass  # a no stays, also when whoever said it has gone
        elif due_s <= now_s:
            queue.put(item)
        else:
            queue.delay(item, due_s)

    def hold(self, on: bool) -> None:
        """A person lets go what clauses release after a time; with `on` false their times do again."""
        self.holding.on = on
        if not on:
            for recipient, item in self.holding.release_all():
                self._queue(self._queues[recipient], item, recipient, self._clock.case_s())

    def held(self) -> dict[Key, Held]:
        """What waits for a person, by recipient and own track."""
        now_s = self._clock.case_s()
        self.holding.keep(now_s, lambda recipient, item: self._may_still(recipient, item, now_s))
        return self.holding.open

    def _may_still(self, recipient: str, item: Item, now_s: float) -> bool:
        if item.rulebook is self.rulebook and item.epoch == self.rulebook.epoch(now_s):
            return recipient not in self.closed_to
        return self.still(item.offer, recipient, item.leave.floor_m, item.leave.delay_s, now_s) is not None

    def held_body(self, track: str) -> bodies.Body | None:
        """What is told of a track that waits for a person, of the latest product; None where none waits."""
        for held in self.holding.open.values():
            if held.track == track:
                offer = next(reversed(held.items.values())).offer
                return bodies.read(offer.product, offer.body)
        return None

    def let_go(self, recipient: str, track: str, yes: bool) -> None:
        """A person's word about what is held of a track for a recipient; see `holding`."""
        for item in self.holding.answer(recipient, track, yes):
            self._queues[recipient].put(item)

    def tell(self, recipient: str, offer: Offer) -> bool:
        """Put what is addressed to one nation in its queue; False if no clause has it go there."""
        clauses = self._spoken(offer.product, recipient) if offer.product in ADDRESSED else ()
        if not clauses or recipient not in self._queues or recipient in self.closed_to:
            self._tally.counts["not_released", offer.product] += 1
            return False
        label = self.rulebook.request_label(self.me, recipient, clauses)
        leave = Leave(0.0, 0.0, ("exercise",), clauses, label)
        self._queues[recipient].put(Item(offer, leave, self.rulebook, 0, ground(offer)))
        return True

    def _spoken(self, product: str, recipient: str) -> tuple[str, ...]:
        """Clauses under which something addressed to one nation may go to it now."""
        return self.rulebook.asked(product, self.me, recipient, self._clock.case_s())

    def _due_s(self, item: Item, recipient: str, now_s: float) -> float:
        """Release = max(product's time, since its clauses let it) + delay."""
        if item.leave.delay_s <= 0.0:
            return now_s
        since_s = self._since.setdefault((recipient, *item.name), now_s)
        return max(item.offer.made_s, since_s) + item.leave.delay_s

    def compose(self) -> list[Parcel]:
        """Frames for all recipients whose time has come, recorded and signed; to be put on the bus."""
        now_ns, now_s = self._clock.utc_ns(), self._clock.case_s()
        parcels: list[Parcel] = []
        orders = False
        for recipient, queue in self._queues.items():
            for item in queue.ripen(now_s):  # what began to wait before somebody sat there waits for a yes
                if not self.holding.on or self.holding.lets(recipient, item, now_s):
                    queue.put(item)
            waited = now_ns - self._last_ns.get(recipient, -FRAME_NS) >= FRAME_NS
            if queue.ready and (queue.urgent or waited) and recipient not in self.closed_to:
                orders |= queue.orders
                if queue.urgent and self._unsettled_ns is None:
                    self._unsettled_ns = now_ns
                if queue.ready > queue.urgent:  # an alert alone makes nothing else wait
                    self._last_ns[recipient] = now_ns
                parcels += self._frames(recipient, queue, now_ns, now_s)
        if parcels:
            self._recorded(orders)
        return parcels

    def settle(self, *, busy: bool) -> None:
        """After sending: return when alerts are on the disk. They do not wait for it, orders do.

        While it is `busy` the disk is waited for only where an alert was sent SETTLED_NS ago.
        """
        since_ns = self._unsettled_ns
        if since_ns is not None and not (busy and self._clock.utc_ns() - since_ns < SETTLED_NS):
            self._unsettled_ns = None
            self._recorded(True)

    def _recorded(self, durable: bool) -> None:
        """Return when the journal has what was appended, or cannot take it: the node carries on."""
        try:
            self._journal.flush(durable=durable)
        except NotRecordedError as error:
            self._tally.note("disk", "sent", error=str(error))

    def _frames(self, recipient: str, queue: Queue, now_ns: int, now_s: float) -> list[Parcel]:
        batches: list[list[tuple[Item, Message]]] = []
        open_: dict[str, tuple[list[tuple[Item, Message]], int]] = {}
        for item in queue.take():
            message = self._message(item, recipient, now_s)
            if message is None:
                continue
            kin, size = family(message.product), _size(message)
            batch, room = open_.get(kin, ([], 0))
            if len(batch) >= MOST_MESSAGES or room < size:
                batch, room = [], FRAME_ROOM_BYTES
                batches.append(batch)
            open_[kin] = (batch, room - size)
            batch.append((item, message))
        parcels: list[Parcel] = []
        for i, batch in enumerate(batches):
            try:
                parcels.append(self._frame(recipient, batch, now_ns))
            except NotRecordedError as error:  # no number can be given that would stay the only one
                self._tally.note("disk", "numbers", error=str(error))
                queue.give_back(item for rest in batches[i:] for item, _ in rest)
                break
        return parcels

    def _message(self, item: Item, recipient: str, now_s: float) -> Message | None:
        """The message that an item becomes, by the rules of now; None if they no longer let it go."""
        leave: Leave | None = item.leave
        if item.rulebook is not self.rulebook or item.epoch != self.rulebook.epoch(now_s):
            leave = self.still(item.offer, recipient, item.leave.floor_m, item.leave.delay_s, now_s)
        if leave is None:
            self._tally.note("revoked", item.offer.product, recipient=recipient)
            return None
        offer, body = item.offer, item.offer.body
        if leave.floor_m > 0.0:
            coarse = self._degrade(self._named(offer), leave.floor_m)
            if coarse is None:
                self._tally.note("not_degraded", offer.product, recipient=recipient)
                return None
            body = coarse
        number = self.number(recipient, offer.track)
        return Message(offer.product, number, offer.made_s, leave.purposes, leave.label, leave.clauses, body)

    def _named(self, offer: Offer) -> Offer:
        """The offer under the name by which its errors are drawn.

        The node's own name of a track hangs on what else it sees; where tracks are counted it is what was
        first told of the track, so that the errors of one tell nothing of another.
        """
        return replace(offer, track=self._firsts.get(offer.track, offer.track))

    def still(
        self, offer: Offer, recipient: str, floor_m: float, delay_s: float, now_s: float
    ) -> Leave | None:
        """The leave that an offer has now on terms as good as before, or None."""
        if recipient in self.closed_to:
            return None
        if offer.product in ADDRESSED:
            clauses = self._spoken(offer.product, recipient)
            label = self.rulebook.request_label(self.me, recipient, clauses)
            return Leave(0.0, 0.0, ("exercise",), clauses, label) if clauses else None
        leaves = self.rulebook.leaves(offer, recipient, now_s)
        fits = [a for a in leaves if a.floor_m <= floor_m and a.delay_s <= delay_s]
        if not fits:
            return None
        # What was made coarser, or waited, stays so: another body or time would be another message.
        best = max(fits, key=lambda a: (len(a.purposes), len(a.label.releasable_to)))
        return replace(best, floor_m=floor_m, delay_s=delay_s)

    def _before(self, recipient: str) -> tuple[int, bytes]:
        """Number and hash of the last frame sent to `recipient`."""
        if recipient not in self._last:
            channel = Channel(self.me, recipient)
            high = self._journal.high(channel)
            entries = self._journal.read(channel, high, high) if high else []
            found = opened(entries[0].payload) if entries and entries[0].kind == SENT else None
            self._last[recipient] = (high, found[0].digest if found else NO_FRAME)
        return self._last[recipient]

    def _frame(self, recipient: str, batch: list[tuple[Item, Message]], now_ns: int) -> Parcel:
        channel = Channel(self.me, recipient)
        _, previous = self._before(recipient)
        sequence = self._journal.next_sequence(channel)
        messages = tuple(message for _, message in batch)
        frame = Frame(
            FORMAT, PURPOSE, self._case, self.me, recipient, sequence, now_ns, previous, b"", messages
        )
        content = encode(frame)
        sealed = seal(content, self._sign)
        grounds = tuple([item.ground for item, _ in batch])
        payload = kept(sealed, grounds, tuple([item.leave.floor_m for item, _ in batch]))
        self._append(channel, sequence, payload, messages, now_ns)
        self._last[recipient] = (sequence, digest(content))
        for m in messages:
            self._tally.counts["released", m.product] += 1
            self.told(recipient, m)
        return key_of(frame), sealed

    def _append(
        self, channel: Channel, sequence: int, payload: bytes, messages: tuple[Message, ...], now_ns: int
    ) -> None:
        try:
            self._journal.append(
                SENT, payload, channel=channel, sequence=sequence, replaces=replaced_by(channel, messages),
                at_ns=now_ns,
            )  # fmt: skip
        except NotRecordedError as error:  # the warning goes out all the same; it cannot be sent again
            self._tally.note("disk", SENT, error=str(error))


def replaced_by(channel: Channel, messages: Iterable[object]) -> str:
    """Names a frame that a later one about the same tracks makes worthless; "" where it is never dropped."""
    names = []
    for m in messages:
        if not isinstance(m, Message) or m.product not in LATEST_WINS or m.product in URGENT:
            return ""
        names.append(f"{m.product} {m.number}")
    told = hashlib.blake2b("\n".join(sorted(names)).encode(), digest_size=8).hexdigest()
    return f"{channel.owner} {channel.recipient} {told}"


def _size(message: Message) -> int:
    """Bytes that it takes in a frame, a little more rather than less."""
    return len(message.body) + _size_of_names(message.label, message.clauses)


@functools.lru_cache(maxsize=1024)
def _size_of_names(label: Label, clauses: tuple[str, ...]) -> int:
    names = (*clauses, *label.policy, *label.releasable_to, *label.originators, *label.caveats)
    return 200 + sum(5 + 4 * len(name) for name in names)
