"""A journal read again: what a nation saw and was told, for a node that starts again, and to fuse once more.

What is fused again is put in order of the case's time first, so that it does not hang on which way messages
came, how late, or how often: two deliveries of the same give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np

from synaspis.engine.detections import FRAME_S, Seen
from synaspis.engine.live_joined import Held
from synaspis.engine.world import World
from synaspis.journal import Entry, Journal
from synaspis.network import measuring
from synaspis.network.inbox import IN_PART, RECEIVED
from synaspis.network.message import HASH_BYTES, Message, Opened, Tombstone, open_sealed
from synaspis.network.picture import Name, View
from synaspis.network.releasing import feeds_of
from synaspis.network.rulebook import Offer
from synaspis.network.seam import Looks, scan_of
from synaspis.network.sent import SENT, opened
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules

LOOK: Final = "look"
"""What the journal calls the looks of own stations; the payload is a `seam.Looks` in msgpack."""
PAGE: Final = 500

_looks = msgspec.msgpack.Decoder(Looks)
_in_part = msgspec.msgpack.Decoder(tuple[Message | Tombstone, ...])


@dataclass
class Remembered:
    """What a journal holds of a time, each in the order in which it was written: looks, messages with their
    senders, and what was sent of which offer."""

    looks: list[Looks] = field(default_factory=list)
    messages: list[tuple[str, Message]] = field(default_factory=list)
    sent: list[tuple[Offer, Message]] = field(default_factory=list)


def remembered(entries: Iterable[Entry]) -> Remembered:
    """What these entries hold; what cannot be read is left out."""
    found = Remembered()
    for entry in entries:
        if entry.kind == LOOK:
            try:
                found.looks.append(_looks.decode(entry.payload))
            except (msgspec.MsgspecError, ValueError):
                continue
        elif entry.kind in (RECEIVED, IN_PART):
            found.messages += [(entry.channel.owner, m) for m in _messages(entry) if m.product in STEPS]
        elif entry.kind == SENT:
            frame = opened(entry.payload)
            if frame is not None:
                pairs = zip(frame[1].grounds, frame[0].frame.messages, strict=False)
                found.sent += [(ground, m) for ground, m in pairs if isinstance(m, Message)]
    return found


def _messages(entry: Entry) -> list[Message]:
    if entry.kind == RECEIVED:
        frame = open_sealed(entry.payload)
        said: Iterable[object] = frame.frame.messages if isinstance(frame, Opened) else ()
    else:
        try:
            said = _in_part.decode(entry.payload[HASH_BYTES:])
        except (msgspec.MsgspecError, ValueError):
            said = ()
    return [m for m in said if isinstance(m, Message)]


def since(journal: Journal, at_ns: int) -> list[Entry]:
    """A journal's last entries, from the first one recorded at or after `at_ns` on."""
    found: list[Entry] = []
    last = journal.head()[0]
    while last > 0:
        first = max(last - PAGE, 0)
        page = [e for e in journal.entries(first, PAGE) if e.position <= last]
        fresh = [e for e in page if e.at_ns >= at_ns]
        found = fresh + found
        if len(fresh) < len(page):
            break
        last = first
    return found


def seen_of(w: World, nation: str, looks: Looks) -> tuple[list[Seen], int]:
    """Scans as feeds take them, and how many are of no station of the nation."""
    rows = {w.stations[s].name: s for s in w.stations_of(nation)}
    found, strange = [], 0
    for look in looks.scans:
        row = rows.get(look.station)
        if row is None:
            strange += 1
            continue
        scan, free = scan_of(look, row)
        found.append(Seen(station=row, scan=scan, free=free))
    return found, strange


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture at one time: every object by name, as `View.look` has it."""

    time_s: float
    objects: tuple[tuple[Name, Held], ...]

    def told(self) -> bytes:
        """All that it says, in one form."""
        parts = [np.float64(self.time_s).tobytes()]
        for (owner, number), one in self.objects:
            i = one.impact
            told = [
                a[one.i] for a in (i.latitude_rad, i.longitude_rad, i.time_s, i.semi_major_m, i.semi_minor_m)
            ]
            parts += [
                owner.encode(), str((number, one.level)).encode(), " ".join(one.clauses).encode(),
                np.array([one.sigma_m, one.semi_m, *told]).tobytes(), one.chances.tobytes(),
            ]  # fmt: skip
            if one.fused is not None:
                parts += [one.fused.mean.tobytes(), one.fused.cov.tobytes(), one.fused.mode.tobytes()]
        return b"\0".join(parts)


def fused(
    entries: Iterable[Entry], w: World, nation: str, rules: Rules, look_s: float = FRAME_S
) -> Iterator[Shot]:
    """The picture of a nation each `look_s`, from all that its journal holds.

    A message counts from when it was made, whenever it came. `w` need hold no missiles.
    """
    held = remembered(entries)
    seen = sorted((s for looks in held.looks for s in seen_of(w, nation, looks)[0]), key=_in_time)
    messages = sorted(
        held.messages, key=lambda m: (m[1].made_s, m[0], m[1].number, m[1].product, m[1].clauses)
    )
    looks = [pair for pair in messages if pair[1].product == measuring.PRODUCT]
    seen += measuring.seen_by_others(w, looks)[0]
    seen.sort(key=_in_time)
    times = [s.scan.received_s for s in seen] + [m.made_s for _, m in messages]
    if not times:
        return
    feeds, view = feeds_of(w, nation, rules, releases=False), View(nation)
    seen.reverse()
    messages.reverse()
    first, last = math.ceil(min(times) / look_s), math.ceil(max(times) / look_s)
    for number in range(first, last + 1):
        now_s = number * look_s
        while seen and seen[-1].scan.received_s <= now_s:
            feeds.hear((seen.pop(),))
        while messages and messages[-1][1].made_s <= now_s:
            sender, message = messages.pop()
            if message.product != measuring.PRODUCT:
                view.take(sender, message)
        feeds.settle(now_s)
        own = feeds.own.last if feeds.own is not None else None
        yield Shot(now_s, tuple(view.look(now_s, own)))


def _in_time(s: Seen) -> tuple[float, float, int, bytes, bytes]:
    """In order of time, and of what they say."""
    return s.scan.received_s, s.scan.time_s, s.station, s.scan.rows.tobytes(), s.free.tobytes()
