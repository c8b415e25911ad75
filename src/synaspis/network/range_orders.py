"""Orders as the range takes them: which missile one means, why it is refused, and what becomes of it.

A node knows no missile, only a place and a time. The range plays doctrine, rounds and dice with the event
kernel of a batch, and tells what the nation would see: that rounds left, and what the look after them shows.
Whether the nation was entitled to order is for its own node, and for whoever reads the journals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from synaspis.engine.detections import Range
from synaspis.engine.manual import Engagements, Happened
from synaspis.network.seam import Ordered, Told

NEAR_S: Final = 120.0
"""An order says where its target is at a time no farther than this from now, and is given then."""
MOST_ORDERS: Final = 10_000
"""Of one nation in a raid."""


@dataclass
class _Given:
    """An order that was taken, and what was told of it last."""

    nation: str
    id: str
    battery: int
    missile: int
    told: Told
    done: bool = False


class RangeOrders:
    """All nations' orders in one raid, and the kills that come of them. `late` counts orders that came after
    their time had been played."""

    def __init__(self, over: Range, engagements: Engagements) -> None:
        self.over, self.engagements = over, engagements
        over.gone_s[engagements.duds] = -np.inf
        self.late = 0
        self.happened: list[Happened] = []
        """Shots and rounds that arrived, as they were played: truth, for who directs."""
        self._rows = {f.battery.name: (b, f.battery.owner) for b, f in enumerate(over.w.batteries)}
        self._by_id: dict[tuple[str, str], _Given | Told] = {}
        self._by_pair: dict[tuple[int, int], _Given] = {}
        self._count: dict[str, int] = {}

    def known(self, nation: str, order: str) -> Told | None:
        """What was last told of an order of that id, None for a new one."""
        found = self._by_id.get((nation, order))
        return found.told if isinstance(found, _Given) else found

    def take(self, nation: str, ordered: Ordered, now_s: float) -> Told:
        """Carry out a nation's order, or refuse it; one of an id that was seen before does nothing."""
        told = self.known(nation, ordered.id)
        if told is not None:
            return told
        battery, missile, why = self._target(nation, ordered, now_s)
        rounds = self.engagements.rounds(battery) if battery >= 0 else 0
        told = Told(ordered.id, "refused" if why else "taken", now_s, why, rounds)
        self._count[nation] = self._count.get(nation, 0) + 1
        if why:
            if self._count[nation] <= MOST_ORDERS:
                self._by_id[nation, ordered.id] = told
            return told
        self.late += ordered.given_s < self.engagements.until_s
        self.engagements.order(battery, missile, ordered.given_s)
        given = _Given(nation, ordered.id, battery, missile, told)
        self._by_id[nation, ordered.id] = self._by_pair[battery, missile] = given
        return told

    def _target(self, nation: str, ordered: Ordered, now_s: float) -> tuple[int, int, str]:
        """Rows of battery and missile, and why it is refused; -1 for no row."""
        battery, owner = self._rows.get(ordered.battery, (-1, ""))
        if owner != nation:
            return -1, -1, "it has no battery of that name"
        if self._count.get(nation, 0) >= MOST_ORDERS:
            return battery, -1, "more orders than a nation may give in a raid"
        if max(abs(ordered.at_s - now_s), abs(ordered.given_s - now_s)) > NEAR_S:
            return battery, -1, f"its time is more than {NEAR_S:.0f} s from now"
        missile = self.over.meant(np.array(ordered.place_m), ordered.error_m, ordered.at_s)
        if missile < 0:
            return battery, -1, "nothing that flies is there"
        if self.engagements.ordered(battery, missile):
            return battery, missile, "that battery was ordered to engage it before"
        when_s = max(ordered.given_s, self.engagements.until_s)
        return battery, missile, self.engagements.why_not(battery, missile, when_s)

    def advance(self, until_s: float) -> list[tuple[str, Told]]:
        """Play up to a time: what is to be told to whom. What was killed flies no more."""
        found = []
        for h in self.engagements.advance(until_s):
            if h.kind == "arrived" and h.value == 1.0:
                gone_s = self.over.gone_s
                gone_s[h.missile] = min(gone_s[h.missile], h.time_s)
            if h.kind != "looked":
                self.happened.append(h)
            phase = _phase(h)
            given = self._by_pair.get((h.battery, h.missile))
            if phase and given is not None:
                found.append((given.nation, self._tell(given, phase, h.time_s, "")))
        for given in self._by_pair.values():
            if not given.done and self.engagements.over(given.battery, given.missile, until_s):
                given.done = True
                if given.told.phase != "hit":
                    why = self.engagements.why_not(given.battery, given.missile, until_s)
                    found.append((given.nation, self._tell(given, "given up", until_s, why)))
        return found

    def _tell(self, given: _Given, phase: str, time_s: float, why: str) -> Told:
        given.told = Told(given.id, phase, time_s, why, self.engagements.rounds(given.battery))
        return given.told


def _phase(h: Happened) -> str:
    """What a nation sees of it: a kill it learns from its own look alone, which may err."""
    if h.kind == "fired":
        return "fired"
    return ("hit" if h.value == 1.0 else "missed") if h.kind == "looked" else ""
