"""Turns before the raid: what nations agree, where they deploy, whom they tell; the case that comes of it.

A campaign is played by inputs as a room is, and is a function of them: the same case, regime and inputs give
the same case and regime for the room. Nothing holds without a yes of everybody whom it binds, and nothing can
be put on the table but what the case or the plan lists, a release between two nations, or a step of one's
own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import msgspec

from synaspis.errors import InputError, Problem
from synaspis.exercise import effects, terms
from synaspis.exercise.inputs import (
    DIRECTOR,
    Agree,
    Bring,
    Deploy,
    Draft,
    EndTurn,
    Inform,
    Input,
    Preauthorise,
    Proposal,
    WarnPublic,
)
from synaspis.exercise.notional import Notional
from synaspis.exercise.plan import Plan, Turn, named
from synaspis.exercise.terms import Refused, Terms
from synaspis.files import words
from synaspis.model.case import Case
from synaspis.model.planning import PlanSite
from synaspis.report.words import listed
from synaspis.sharing.rules import rules

Document = dict[str, Any]
MOST_PROPOSALS: Final = 40
"""Of one nation, so that none can fill the table for the others."""
NOT_HERE: Final = "that is not for the turns before the raid"


@dataclass
class Tabled:
    """What is on the table: by whom, since which turn, what it would do, who said yes, who said no, and for
    whom it is `bound` to hold."""

    by: str
    turn: int
    terms: Terms
    change: str
    agreed: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)

    def document(self) -> Document:
        """As a seat shows it."""
        of = self.terms.parties
        return {
            "text": self.terms.text, "change": self.change, "by": self.by,
            "parties": list(of), "agreed": [n for n in of if n in self.agreed],
            "refused": [n for n in of if n in self.refused], "holds": [n for n in of if n in self.bound],
        }  # fmt: skip


class Campaign:
    """Of one case and regime. `turn` counts from 1; once `over` nothing is taken any more.

    What is refused, and what a seat is shown, hangs on nothing that does not bind that seat.
    """

    def __init__(self, case: Case, regime: str, turns: Sequence[Turn]) -> None:
        """KeyError where the case has no such regime."""
        self.case, self.regime, self.turns = case, regime, tuple(turns)
        self.turn = 1
        self.past = 0
        """Turns that were over when people came; theirs count from 1."""
        self.tabled: dict[str, Tabled] = {}
        self.given = rules(case, case.regime(regime))
        self._nations = tuple(n.code for n in case.file.nations)
        self._played = hashlib.sha256()

    @property
    def over(self) -> bool:
        """Whether all turns are played."""
        return self.turn > len(self.turns)

    @property
    def now(self) -> Turn:
        """The turn that is played, the last one when all are over."""
        return self.turns[min(self.turn, len(self.turns)) - 1]

    # -- inputs ------------------------------------------------------------------------------------

    def play(self, seat: str, what: Input) -> str:
        """Take an input; "", or in words why it is refused: then nothing happens."""
        if self.over:
            return "the turns before the raid are over"
        try:
            match what:
                case EndTurn():
                    self._end(seat)
                case Agree():
                    self._agree(seat, what)
                case Bring() | Draft() | Deploy() | Preauthorise() | WarnPublic() | Inform():
                    self._propose(seat, what)
                case _:
                    return NOT_HERE
        except Refused as why:
            return str(why)
        self._played.update(msgspec.json.encode((seat, what)))
        return ""

    def _propose(self, seat: str, what: Proposal) -> None:
        if seat not in self._nations:
            raise Refused("only a nation puts something on the table")
        kind = str(type(what).__struct_config__.tag)
        if kind not in self.now.may:
            raise Refused(f"that is not for this turn, which is for {listed(map(_worded, self.now.may))}")
        if sum(t.by == seat for t in self.tabled.values()) >= MOST_PROPOSALS:
            raise Refused(f"{seat} has {MOST_PROPOSALS} things on the table")
        made = terms.of(self.case, self.given, seat, what)
        if any(t.terms.text == made.text for t in self.tabled.values()):
            raise Refused("that is on the table already")
        self._refuse_twice(seat, made)
        change = effects.change(self.case, self.given, made)
        self.tabled[named(seat, what)] = Tabled(seat, self.turn, made, change, {seat})

    def _refuse_twice(self, seat: str, made: Terms) -> None:
        """Nobody says yes to two things of which only one can be. Who hosts a site says yes to all that comes
        there, and so knows of all."""
        for other in self.tabled.values():
            if seat in other.agreed and (both := other.terms.takes & made.takes):
                raise Refused(f"{', '.join(sorted(both))}, and you said yes to: {other.terms.text}")

    def _agree(self, seat: str, what: Agree) -> None:
        found = self.tabled.get(what.proposal)
        if (
            found is None or seat not in found.terms.parties
        ):  # the same words: no seat learns what others table
            raise Refused(f"nothing that is on the table for {seat} is called {words.shown(what.proposal)}")
        if seat in found.bound:
            raise Refused("that holds since the end of a turn")
        if not what.yes and seat == found.by:
            del self.tabled[what.proposal]
            return
        if what.yes and seat not in found.agreed:
            self._refuse_twice(seat, found.terms)
        (found.agreed.add if what.yes else found.agreed.discard)(seat)
        (found.refused.discard if what.yes else found.refused.add)(seat)

    def _end(self, seat: str) -> None:
        if seat != DIRECTOR:
            raise Refused("only the director ends a turn")
        for found in self.tabled.values():
            if found.terms.holds(found.agreed):
                found.bound = set(found.agreed)
        self.turn += 1

    # -- what comes of it ----------------------------------------------------------------------------

    def outcome(self) -> tuple[Case, str]:
        """The case and the regime that the room plays, by what held at the end of the last turn."""
        held = [(found.terms, frozenset(found.bound)) for found in self.tabled.values() if found.bound]
        if not held:
            return self.case, self.regime
        return terms.applied(self.case, self.regime, held, self._played.hexdigest())

    # -- what is shown -------------------------------------------------------------------------------

    def document(self, seat: str) -> Document:
        """The table as a seat sees it: what binds it and what is public; all for the director."""
        return {
            "turn": min(self.turn, len(self.turns)) - self.past, "of": len(self.turns) - self.past,
            "title": self.now.title,
            "may": list(self.now.may), "over": self.over,
            "table": {
                id: {**t.document(), "turn": t.turn - self.past}
                for id, t in self.tabled.items()
                if self._shown(t, seat)
            },
        }  # fmt: skip

    def _shown(self, t: Tabled, seat: str) -> bool:
        """Public is what all are party to, and of what holds where things stand and who was warned."""
        if seat == DIRECTOR or seat in t.terms.parties or set(self._nations) <= set(t.terms.parties):
            return True
        return bool(t.bound) and (t.terms.moved is not None or bool(t.terms.warns))

    def choices(self, seat: str) -> Document:
        """What a nation may put on the table, turn or no turn: see `terms.choices`."""
        return terms.choices(self.case, self.given, seat) if seat in self._nations else {}

    def waits(self, seat: str) -> int:
        """How many things wait for a nation's yes or no."""
        asked = (t for t in self.tabled.values() if seat in t.terms.parties)
        return sum(seat not in t.agreed | t.refused for t in asked)


def begun(case: Case, regime: str, seed: int, plan: Plan) -> Campaign:
    """The campaign with which an exercise begins: played as far as the plan says what was before it.

    What is left are the plan's turns; without any it is over.

    InputError with every move that is refused: a record is never opened with one.
    """
    if plan.notional:
        case = Notional(case, seed).unsaid(case)
    before = [Turn() for said in plan.before if isinstance(said.what, EndTurn)]
    campaign = Campaign(with_sites(case, plan.sites), regime, (*before, *plan.turns))
    mend = "mend the turns before the raid in the plan, or play another regime"
    problems = [
        Problem("before", number, 0, f"{said.seat}: {why}", mend)
        for number, said in enumerate(plan.before, start=1)
        if (why := campaign.play(said.seat, said.what))
    ]
    if problems:
        raise InputError(problems)
    campaign.past = len(before)
    return campaign


def with_sites(case: Case, sites: Sequence[PlanSite]) -> Case:
    """The case with more sites where something could stand."""
    if not sites:
        return case
    more = replace(case.file.plan, sites=(*case.file.plan.sites, *sites))
    return replace(case, file=replace(case.file, plan=more))


def _worded(kind: str) -> str:
    return kind.replace("_", " ")
