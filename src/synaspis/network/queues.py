"""What waits to leave for one recipient, bounded, with the policy for when there is more than fits.

Of a track (or impact estimate) the latest wins: an older one that has not left yet is let go. Measurements
each say something of their own: beyond the room the oldest is dropped, and counted. Alerts, requests, votes
and orders are never dropped.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from synaspis.network.message import REQUESTS, URGENT
from synaspis.network.rulebook import Leave, Offer, Rulebook

ROOM: Final = 2_000
"""Messages that are not urgent and may wait for one recipient."""
ROOM_DELAYED: Final = 20_000
"""Those that a clause makes wait."""
LATEST_WINS: Final = frozenset({"impact_estimate", "track", "fire_control_track", "engagement_status"})


@dataclass(frozen=True)
class Item:
    """An offer on its way to one recipient, with the leave that it was given, by which rules and when, and
    its `ground` as the journal keeps it."""

    offer: Offer
    leave: Leave
    rulebook: Rulebook
    epoch: int
    ground: msgspec.Raw

    @property
    def urgent(self) -> bool:
        """Whether it waits for nothing and is never dropped."""
        return self.offer.product in URGENT

    @property
    def name(self) -> tuple[object, ...]:
        """What a later item of the same name makes worthless."""
        leave = self.leave
        return (self.offer.product, self.offer.track, leave.floor_m, leave.delay_s, leave.purposes)


@dataclass
class Queue:
    """One recipient's: ready to leave, and waiting for the time that a clause takes."""

    dropped: int = 0
    urgent: int = 0
    _ready: dict[object, Item] = field(default_factory=dict)
    _delayed: list[tuple[float, int, Item]] = field(default_factory=list)
    _count: int = 0

    def __len__(self) -> int:
        return len(self._ready) + len(self._delayed)

    @property
    def ready(self) -> int:
        """How many may leave now."""
        return len(self._ready)

    @property
    def orders(self) -> bool:
        """Whether a request, a vote or an order is among them."""
        return any(item.offer.product in REQUESTS for item in self._ready.values())

    def delay(self, item: Item, due_s: float) -> None:
        """Keep an item until `due_s`. Beyond the room the one due first, if it is not urgent, is dropped."""
        self._count += 1
        heapq.heappush(self._delayed, (due_s, self._count, item))
        if len(self._delayed) > ROOM_DELAYED:
            oldest = min((entry for entry in self._delayed if not entry[2].urgent), default=None)
            if oldest is not None:
                self._delayed.remove(oldest)
                heapq.heapify(self._delayed)
                self.dropped += 1

    def ripen(self, now_s: float) -> list[Item]:
        """Take out what has waited long enough, in order of its time."""
        found = []
        while self._delayed and self._delayed[0][0] <= now_s:
            found.append(heapq.heappop(self._delayed)[2])
        return found

    def put(self, item: Item) -> None:
        """Ready to leave. An older one of the same name, if there is one, is let go."""
        self._count += 1
        self.urgent += item.urgent
        latest = item.offer.product in LATEST_WINS
        key: object = item.name if latest else self._count
        self._ready.pop(key, None)
        self._ready[key] = item
        if len(self._ready) - self.urgent > ROOM:
            del self._ready[next(k for k, i in self._ready.items() if not i.urgent)]
            self.dropped += 1

    def take(self) -> list[Item]:
        """All that is ready, in order."""
        found = list(self._ready.values())
        self._ready.clear()
        self.urgent = 0
        return found

    def give_back(self, items: Iterable[Item]) -> None:
        """What could not leave waits on, before what came since."""
        later = self.take()
        for item in (*items, *later):
            self.put(item)
