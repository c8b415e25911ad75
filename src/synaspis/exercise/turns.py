"""The turns before the raid as a part of an exercise: inputs at ticks, and a document for each seat.

The case's clock stands meanwhile. No node runs yet: there is nothing to see but the table, and what was said.
"""

from __future__ import annotations

from typing import Any, Final

from synaspis.engine.world import world
from synaspis.exercise import still
from synaspis.exercise.campaign import Campaign
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Agree, EndTurn, Played, Say, Take
from synaspis.exercise.seat import Counted

TURNS: Final = "turns"
RAID: Final = "raid"
"""Stages of an exercise that begins with turns, as its documents say them."""
ALL: Final = "all"
"""To whom the director may write: every nation."""
Document = dict[str, Any]


class Turns:
    """Of one room. `taken` are the nations in whose seat somebody sits, `messages` what each seat was told,
    and `events` what the director reads of what happened."""

    def __init__(self, campaign: Campaign, now_s: float, tick_s: float) -> None:
        """`now_s`: where the case's clock stands; a tick is `tick_s` seconds."""
        self.campaign = campaign
        self.taken: set[str] = set()
        self._w = world(campaign.case)
        self.messages = {seat: Counted() for seat in (DIRECTOR, *self._w.nations)}
        self.events = Counted()
        self._now_s, self._tick_s, self._passed = now_s, tick_s, 0

    # -- time --------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether the raid may begin."""
        return self.campaign.over

    def advance(self) -> None:
        """One tick; a turn whose time is over ends."""
        self._passed += 1
        for_s = self.campaign.now.for_s
        if not self.over and 0.0 < for_s <= self._passed * self._tick_s:
            self._end(EndTurn())

    def _end(self, what: EndTurn) -> str:
        ended = self.campaign.turn
        refused = self.campaign.play(DIRECTOR, what)
        if not refused:
            self._passed = 0
            self._note("turn", f"turn {ended} ended")
        return refused

    # -- inputs ------------------------------------------------------------------------------------

    def play(self, played: Played) -> str:
        """Have an input take effect; "", or in words why it is refused: then nothing happens."""
        match played.what:
            case Take():
                return self._take(played.seat, played.what)
            case Say():
                return self._say(played.seat, played.what)
            case EndTurn() if played.seat == DIRECTOR:
                return self._end(played.what)
        table = self.campaign.tabled
        before = table.get(played.what.proposal) if isinstance(played.what, Agree) else None
        refused = self.campaign.play(played.seat, played.what)
        if not refused and isinstance(played.what, Agree) and before is not None:
            said = "says yes" if played.what.yes else "says no"
            gone = played.what.proposal not in table
            self._note("answer", f"{played.seat} {'withdraws' if gone else said}: {before.terms.text}")
        elif not refused:
            self._note("proposal", f"{played.seat}: {next(reversed(table.values())).terms.text}")
        return refused

    def _note(self, kind: str, text: str) -> None:
        self.events.add({"at_s": round(self._now_s), "kind": kind, "text": text, "because": []})

    def _take(self, by: str, what: Take) -> str:
        if by not in (DIRECTOR, what.nation):
            return "only the director, or whoever sits there, says who takes a seat"
        if what.nation not in self._w.nations:
            return f"no nation {what.nation} is in this case"
        (self.taken.add if what.taken else self.taken.discard)(what.nation)
        self._note("seat", f"{what.nation} is {'taken' if what.taken else 'empty'}")
        return ""

    def _say(self, by: str, what: Say) -> str:
        """Nations write to whom they will: nothing has been seen yet that a clause would have to release."""
        if by == OBSERVER:
            return "an observer writes to nobody"
        to = self._w.nations if what.to == ALL and by == DIRECTOR else (what.to,)
        if what.to == by or not all(name in self.messages for name in to):
            return f"no other seat is called {what.to}"
        for seat in {by: None, **dict.fromkeys(to), DIRECTOR: None}:
            told = what.to if seat in (by, DIRECTOR) else seat
            self.messages[seat].add({"at_s": round(self._now_s), "from": by, "to": told, "text": what.text})
        return ""

    # -- documents ---------------------------------------------------------------------------------

    def still(self, seat: str) -> Document:
        """What never changes in a seat as long as the turns last. KeyError for no seat."""
        campaign = self.campaign
        told = still.still(self._w, campaign.given, campaign.regime, seat)
        return {**told, "stage": TURNS, "choices": campaign.choices(seat)}

    def document(self, seat: str) -> Document:
        """What a seat shows now, all but the clock. KeyError for no seat."""
        told = self.campaign.document(seat)
        for_s = self.campaign.now.for_s
        if for_s > 0.0 and not self.over:
            told["for_s"] = for_s
            told["left_s"] = round(for_s - self._passed * self._tick_s, 1)
        shown: Document = {"stage": TURNS, "turns": told}
        if seat == OBSERVER:
            return shown
        shown["messages"] = self.messages[seat].shown
        if seat == DIRECTOR:
            shown |= {
                "events": self.events.shown, "truth": {}, "impacts": {}, "injects": {}, "spares": {},
                "nations": {n: self._nation(n) for n in self._w.nations}, "health": {},
            }  # fmt: skip
        return shown

    def _nation(self, nation: str) -> Document:
        """Where a nation stands, for the director."""
        own = [t for t in self.campaign.tabled.values() if t.by == nation]
        return {"taken": nation in self.taken, "tabled": len(own), "waits": self.campaign.waits(nation)}
