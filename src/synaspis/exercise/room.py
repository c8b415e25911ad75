"""A room: an exercise that is played tick by tick, with people's inputs at ticks, and a document per seat.

No wall clock, no chance but the seed's dice, no order but the room's own: the same inputs at the same ticks,
with the same case, regime, seed, plan, secret and version, give the same documents, byte for byte. To go on
after a crash, or to step back, the room is built again and its inputs played.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, Final

from synaspis.exercise import still
from synaspis.exercise.campaign import Campaign, begun
from synaspis.exercise.injecting import Injecting
from synaspis.exercise.inputs import (
    DIRECTOR,
    OBSERVER,
    Answer,
    FalseAlarm,
    Hold,
    Inject,
    Launch,
    Lose,
    Played,
    Say,
    Suspend,
    Take,
    Unreachable,
    Weather,
)
from synaspis.exercise.overview import Overview
from synaspis.exercise.parts import NS, Parts, make
from synaspis.exercise.plan import Plan, with_spares
from synaspis.exercise.seat import Seat
from synaspis.exercise.turns import ALL, RAID, Turns
from synaspis.model.case import Case

TICK_S: Final = 0.5
"""Of the case's clock."""
Document = dict[str, Any]


class Room:
    """Not to be used from two threads at once. `tick` counts from 0; close it, or use it in a `with`.

    Where the plan has turns they are played first, while the case's clock stands. When they are over the raid
    begins with the next tick, which is then `began`, under what was agreed.

    What `document` gives is not changed afterwards: the next one has new mappings where something differs,
    and the same ones where nothing does.
    """

    def __init__(
        self, case: Case, regime: str, seed: int, plan: Plan = Plan(), secret: str = "",  # noqa: B008
    ) -> None:  # fmt: skip
        """`secret` (hex, 64 bytes at most) and the seed name the errors that clauses add to what is released.

        KeyError where the case has no such regime, InputError for refused turns before the raid.
        """
        self.tick, self.began, self.plan, self._seed, self._secret = 0, 0, plan, seed, secret
        self._seats: dict[str, Seat] = {}
        self._campaign = begun(case, regime, seed, plan)
        self._turns = Turns(self._campaign, plan.starts_s, TICK_S) if not self._campaign.over else None
        if self._turns is None:
            self._open()

    def _open(self) -> None:
        """The raid's part begins, with the terms that were agreed."""
        turns, self._turns, self.began = self._turns, None, self.tick
        case, regime = self._campaign.outcome()
        self._parts: Parts = make(
            with_spares(case, self.plan), regime, self._seed, self.plan.starts_s, self._hears, self._secret
        )
        for nation, seat in self._seats.items():
            seat.sit(self._parts, self._parts.cells[nation])
        self._injecting = Injecting(self._parts, self.plan, self._tell)
        self._overview = Overview(self._parts, self._seats)
        if turns is not None:
            self._overview.messages, self._overview.events = turns.messages[DIRECTOR], turns.events
            for nation, seat in self._seats.items():
                seat.messages = turns.messages[nation]
                if nation in turns.taken:
                    seat.take(True, self.now_s)
        self._move()

    def _hears(self, nation: str) -> Any:
        seat = self._seats[nation] = Seat(nation)
        return seat.hears()

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, nation: str, event: Document) -> None:
        self._seats[nation].events.add(event)

    @property
    def parts(self) -> Parts:
        """The range and the nodes, once the raid has begun: for a review, and for nobody's seat."""
        return self._parts

    @property
    def before(self) -> bool:
        """Whether the turns before the raid are being played."""
        return self._turns is not None

    @property
    def campaign(self) -> Campaign:
        """What was agreed before the raid: for the director and for a review."""
        return self._campaign

    @property
    def nations(self) -> tuple[str, ...]:
        """Those with a seat, in the case's order."""
        return tuple(n.code for n in self._campaign.case.file.nations)

    def go_under(self, regime: str) -> None:
        """All nations go by another regime from now on; what was suspended stays so. KeyError for none."""
        self._injecting.go_under(self._parts.lit.rules(regime))

    # -- time --------------------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """The case's clock."""
        return self.time_of(self.began if self.before else self.tick)

    def time_of(self, tick: int) -> float:
        """The case's clock at a tick, when the raid has begun."""
        return self.plan.starts_s + (tick - self.began) * TICK_S

    def tick_at(self, time_s: float) -> int:
        """The tick nearest to a time of the case's clock."""
        return self.began + round((time_s - self.plan.starts_s) / TICK_S)

    @property
    def ends_s(self) -> float:
        """When the raid is over."""
        return inf if self.before else self._parts.host.ends_s

    @property
    def over(self) -> bool:
        """Whether the raid is over."""
        return not self.before and self._parts.host.ended

    def advance(self) -> None:
        """One tick."""
        self.tick += 1
        if self._turns is not None:
            if not self._turns.over:
                self._turns.advance()
            if self._turns.over:
                self._open()
            return
        self._parts.now.ns += round(TICK_S * NS)
        self._move()

    def _move(self) -> None:
        """Let every party do what is due at this tick: the range first, then nation by nation."""
        parts = self._parts
        self._injecting.move(self.now_s)
        while True:
            frame = parts.host.frame
            parts.host.step()
            if parts.host.frame == frame:
                break
        for cell in parts.cells.values():
            cell.step()
        self._overview.move(self.now_s)
        for seat in self._seats.values():
            seat.move(self.now_s)

    # -- inputs ------------------------------------------------------------------------------------

    def play(self, played: Played) -> str:
        """Have an input take effect at this tick; "", or in words why it is refused: then nothing happens."""
        if self._turns is not None:
            return self._turns.play(played)
        what, seat = played.what, self._seats.get(played.seat)
        match what:
            case Take():
                return self._take(played.seat, what)
            case Answer() if seat is not None:
                about = seat.questions.shown.get(what.question.removesuffix("/all"), {})
                words = seat.answer(what.question, what.yes, self.now_s)
                return self._noted(words, "answer", f"{seat.me} says {'yes' if what.yes else 'no'}", about)
            case Hold() if seat is not None:
                words = seat.hold(what.battery, what.held)
                does = "is held" if what.held else "is no longer held"
                return self._noted(words, "hold", f"{what.battery} {does}", {})
            case Say():
                return self._say(played.seat, what)
            case Lose() | Suspend() | FalseAlarm() | Weather() | Unreachable() | Launch():
                return self._inject(played.seat, what)
            case Answer() | Hold():
                return "that is not for this seat"
            case _:
                return "the turns before the raid are over"

    def _noted(self, refused: str, kind: str, text: str, about: Document) -> str:
        """Have the director read what was done; what was refused was not."""
        if not refused:
            named = [str(about[k]) for k in ("kind", "recipient", "battery", "clause") if k in about]
            self._overview.note(kind, f"{text}: {', '.join(named)}" if named else text, self.now_s)
        return refused

    def _inject(self, by: str, what: Inject) -> str:
        if by != DIRECTOR:
            return "that is not for this seat"
        return self._injecting.by_hand(what, self.now_s)

    def _take(self, by: str, what: Take) -> str:
        if by not in (DIRECTOR, what.nation):
            return "only the director, or whoever sits there, says who takes a seat"
        if what.nation not in self._seats:
            return f"no nation {what.nation} is in this case"
        self._seats[what.nation].take(what.taken, self.now_s)
        self._overview.note("seat", f"{what.nation} is {'taken' if what.taken else 'empty'}", self.now_s)
        return ""

    def _say(self, by: str, what: Say) -> str:
        """A cell writes by its gateway; what the director writes or reads is of the exercise alone."""
        to = tuple(self._seats) if what.to == ALL and by == DIRECTOR else (what.to,)
        if what.to == by or not all(name in self._seats or name == DIRECTOR for name in to):
            return f"no other seat is called {what.to}"
        if by == OBSERVER:
            return "an observer writes to nobody"
        for name in to:
            if by == DIRECTOR:
                self._seats[name].received(by, name, what.text)
            elif name == DIRECTOR:
                self._seats[by].received(by, name, what.text)
            elif not self._seats[by].say(name, what.text, self.now_s):
                return f"no clause in force lets {by} release anything to {name}, so no message goes there"
        self._overview.wrote(by, what.to, what.text, self.now_s)
        return ""

    # -- documents ---------------------------------------------------------------------------------

    @property
    def seats(self) -> Mapping[str, str]:
        """Seats and their titles."""
        return still.titles(self.nations)

    def still(self, seat: str) -> Document:
        """What never changes in a seat as long as a stage lasts. KeyError for no seat of this room."""
        if self._turns is not None:
            return self._turns.still(seat)
        parts = self._parts
        agreed = parts.lit.rules(
            parts.regime
        )  # not `parts.given`: who may not know reads of no suspension here
        told = still.still(parts.lit.w, agreed, self._campaign.regime, seat)
        return {**told, **self._stage}

    @property
    def _stage(self) -> Document:
        return {"stage": RAID} if self.plan.turns else {}

    def document(self, seat: str) -> Document:
        """What a seat shows now. KeyError for no seat of this room."""
        clock: Document = {
            "case_s": round(self.now_s, 1), "state": "over" if self.over else "running", "speed": 1.0,
        }  # fmt: skip
        if self._turns is not None:
            return {"clock": clock, **self._turns.document(seat)}
        shown: Document = {"clock": clock, **self._stage}
        if seat == DIRECTOR:  # nobody else: when the raid ends is truth
            if self.ends_s < inf:
                clock["ends_s"] = round(self.ends_s)
            told = {"injects": self._injecting.shown, "spares": self._injecting.spares}
            return {**shown, **self._overview.director(), **told}
        if seat == OBSERVER:
            return {**shown, **self._overview.observer()}
        return {**shown, **self._seats[seat].document()}

    def close(self) -> None:
        """End it; what it wrote is removed."""
        if not self.before:
            self._parts.close()
