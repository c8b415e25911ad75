"""Turns before the raid: what nations agree, where they deploy, whom they tell; the case that comes of it.

A campaign is played by inputs as a room is, and is a function of them: the same case, regime and inputs give
the same case and regime for the room. Nothing holds without a yes of everybody whom it binds, and nothing can
be put on the table but what the case lists, a release between two nations, or a step of one's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from synaspis.errors import InputError, Problem
from synaspis.exercise import terms
from synaspis.exercise.inputs import (
    DIRECTOR,
    Agree,
    Bring,
    Deploy,
    Draft,
    EndTurn,
    Inform,
    Input,
    Played,
    Preauthorise,
    Proposal,
    WarnPublic,
)
from synaspis.exercise.notional import Notional
from synaspis.exercise.plan import Plan
from synaspis.exercise.terms import Refused, Terms
from synaspis.files import words
from synaspis.model.case import Case
from synaspis.sharing.rules import rules

Document = dict[str, Any]
TURNS: Final = 3
MOST_PROPOSALS: Final = 200
NOT_HERE: Final = "that is not for the turns before the raid"


@dataclass
class Tabled:
    """What is on the table: by whom, what it would do, who has agreed, and for whom it is `bound` to hold."""

    by: str
    terms: Terms
    agreed: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)


class Campaign:
    """Of one case and regime. `turn` counts from 1; once `over` nothing is taken any more."""

    def __init__(self, case: Case, regime: str, turns: int = TURNS) -> None:
        """KeyError where the case has no such regime."""
        self.case, self.regime, self.turns = case, regime, turns
        self.turn = 1
        self.tabled: dict[str, Tabled] = {}
        self._given = rules(case, case.regime(regime))
        self._nations = tuple(n.code for n in case.file.nations)
        self._played = hashlib.sha256()

    @property
    def over(self) -> bool:
        """Whether all turns are played."""
        return self.turn > self.turns

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
        if len(self.tabled) >= MOST_PROPOSALS:
            raise Refused(f"there are {MOST_PROPOSALS} things on the table")
        made = terms.of(self.case, self._given, seat, what)
        for id, other in self.tabled.items():
            if other.terms.text == made.text:
                raise Refused(f"that is on the table already, as {id}")
            if other.terms.takes & made.takes:
                raise Refused(f"{', '.join(sorted(other.terms.takes & made.takes))}: see {id}")
        self.tabled[str(len(self.tabled) + 1)] = Tabled(seat, made, {seat})

    def _agree(self, seat: str, what: Agree) -> None:
        found = self.tabled.get(what.proposal)
        if found is None:
            raise Refused(f"nothing on the table is called {words.shown(what.proposal)}")
        if seat not in found.terms.parties:
            raise Refused(f"{what.proposal} does not bind {seat}")
        if seat in found.bound:
            raise Refused(f"{what.proposal} holds since the end of a turn")
        (found.agreed.add if what.yes else found.agreed.discard)(seat)

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
        """The table as a seat sees it: what binds it and what it may put there; all for the director."""
        shown = {
            id: {
                "text": t.terms.text, "by": t.by, "parties": list(t.terms.parties),
                "agreed": [n for n in t.terms.parties if n in t.agreed],
                "holds": [n for n in t.terms.parties if n in t.bound],
            }
            for id, t in self.tabled.items()
            if seat == DIRECTOR or seat in t.terms.parties
        }  # fmt: skip
        told: Document = {"turn": min(self.turn, self.turns), "turns": self.turns, "over": self.over}
        if seat in self._nations:
            told["may"] = terms.choices(self.case, self._given, seat)
        return {**told, "table": shown}


def begun(case: Case, regime: str, seed: int, plan: Plan) -> tuple[Case, str]:
    """The case and regime with which an exercise begins, after what its plan has before the raid.

    InputError with every move that is refused: a record is never opened with one.
    """
    if plan.notional:
        case = Notional(case, seed).unsaid(case)
    if not plan.before:
        return case, regime
    campaign = Campaign(case, regime, sum(isinstance(said.what, EndTurn) for said in plan.before))
    mend = "mend the turns before the raid in the plan, or play another regime"
    problems = [
        Problem("before", number, 0, f"{said.seat}: {why}", mend)
        for number, said in enumerate(plan.before, start=1)
        if (why := campaign.play(said.seat, said.what))
    ]
    if problems:
        raise InputError(problems)
    return campaign.outcome()


def outcome(case: Case, regime: str, played: Iterable[Played], turns: int = TURNS) -> tuple[Case, str]:
    """What comes of a campaign's inputs, in their order; those that were refused change nothing."""
    campaign = Campaign(case, regime, turns)
    for one in played:
        campaign.play(one.seat, one.what)
    return campaign.outcome()
