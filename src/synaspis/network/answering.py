"""A nation that is asked: may that battery engage? It decides in the role in which the clause asks it.

A seat that nobody takes answers as the protocol of the batch engine does, with the same named dice: its delay
is log-normal, and with some chance no yes ever comes. No message says so: silence is no. A seat that is taken
decides by itself (`answer`), in time or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from synaspis.engine.asking import answers_s, stands
from synaspis.engine.batch import key_of
from synaspis.kernels.dice import name_hashes
from synaspis.model.battery import Battery
from synaspis.sharing.authority import Asked, Route, host_consent, routes, third_state
from synaspis.sharing.rules import Rules

SCOPES: Final = ("overflight", "debris")
"""For what states under an intercept are asked."""
MOST_OPEN: Final = 4_096
"""Requests of one nation that may wait for an answer here."""


class Manner(NamedTuple):
    """How a nation answers in a role: as in `sharing.authority.Asked`."""

    decision_s: float
    spread: float
    unreachable: float


class Dice:
    """The dice of one trial by which seats that nobody takes answer."""

    def __init__(self, seed: int, trial: int = 0) -> None:
        self._key = np.uint64(key_of(seed, trial))

    def answer_s(self, nation: str, missile: str, manner: Manner) -> float:
        """Seconds until a nation says yes about a missile; inf for never."""
        who, what = name_hashes((nation, missile))
        return float(answers_s(self._key, who, what, *map(float, manner)))

    def stands(self, clause: str, missing: float) -> bool:
        """Whether a standing pre-authorisation is there."""
        return bool(stands(self._key, name_hashes((clause,))[0], float(missing)))


def manner(given: Rules, battery: Battery, nation: str, clause: str) -> Manner | None:
    """How a nation answers when it is asked under a clause about a battery; None where it is not asked."""
    found = [_role(route, nation) for route in routes(given, battery) if route.clause == clause]
    host = host_consent(given, battery)
    scopes = (third_state(given, battery, nation, scope) for scope in SCOPES)
    found += [
        _of(asked)
        for asked in (host, *scopes)
        if asked is not None and (asked.nation, asked.clause) == (nation, clause)
    ]
    return next((m for m in found if m is not None), None)


def _of(asked: Asked) -> Manner:
    return Manner(asked.decision_s, asked.spread, asked.unreachable)


def _role(route: Route, nation: str) -> Manner | None:
    """As a decider first, then as a party with a veto."""
    if nation in route.deciders:
        return Manner(route.decision_s, route.spread, route.unreachable)
    return next((_of(asked) for asked in route.veto if asked.nation == nation), None)


@dataclass
class Question:
    """A request that waits for this nation's answer: asked by whom under which number, in which role."""

    asker: str
    number: int
    battery: str
    threat: int
    clause: str
    until_s: float
    due_s: float
    """When the seat answers by itself; inf for never, or where somebody sits there."""
    asked_s: float = 0.0
    serial: int = 0
    """Counts the questions that came to this seat."""


@dataclass
class Answers:
    """Of one nation. `say` sends a vote: asker, number, yes or no. `taken`: somebody sits in the seat."""

    me: str
    given: Rules
    batteries: dict[str, Battery]
    dice: Dice
    say: Callable[[Question, bool], None]
    taken: bool = False
    count: int = 0
    silent_until_s: float = -np.inf
    """Nobody is reached here before that, whoever sits there."""
    open: dict[tuple[str, int], Question] = field(default_factory=dict)

    def ask(
        self, asker: str, number: int, battery: str, threat: int, clause: str, until_s: float, now_s: float
    ) -> str:
        """Take a request; why it is not to be answered, "" where it may be."""
        found = self.batteries.get(battery)
        if found is None or found.owner != asker:
            return "no battery of its own"
        how = manner(self.given, found, self.me, clause)
        if how is None:
            return "no clause here has it ask so"
        if now_s >= until_s:
            return "too late"
        if (asker, number) in self.open:
            return "asked before"
        if sum(q.asker == asker for q in self.open.values()) >= MOST_OPEN:
            return "too many requests"
        self.count += 1
        q = Question(asker, number, battery, threat, clause, until_s, np.inf, now_s, self.count)
        self.open[asker, number] = q
        self._due(q, now_s)
        return ""

    def _due(self, q: Question, now_s: float) -> None:
        """Set when the seat answers by itself: never where somebody sits there."""
        found = self.batteries.get(q.battery)
        how = None if self.taken or found is None else manner(self.given, found, self.me, q.clause)
        wait_s = np.inf if how is None else self.dice.answer_s(self.me, f"{q.asker} {q.threat}", how)
        q.due_s = now_s + wait_s

    def take(self, taken: bool, now_s: float) -> None:
        """Somebody sits in the seat from now on, or nobody does: then the protocol answers what waits, with
        all of its delay still to come."""
        if taken == self.taken:
            return
        self.taken = taken
        for q in self.open.values():
            self._due(q, now_s)

    def answer(self, asker: str, number: int, yes: bool, now_s: float) -> bool:
        """Say yes or no from the seat; False where no such request waits any more."""
        question = self.open.get((asker, number))
        if question is None or now_s >= question.until_s or now_s < self.silent_until_s:
            return False
        del self.open[asker, number]
        self.say(question, yes)
        return True

    def drop(self) -> None:
        """Let go what no clause in force has this nation asked any more."""
        for key, q in list(self.open.items()):
            if manner(self.given, self.batteries[q.battery], self.me, q.clause) is None:
                del self.open[key]

    def step(self, now_s: float) -> None:
        """Answer what is due; let go what is too late."""
        for key, q in list(self.open.items()):
            if q.due_s <= min(now_s, q.until_s) and now_s >= self.silent_until_s:
                del self.open[key]
                self.say(q, True)
            elif q.until_s <= now_s:
                del self.open[key]
