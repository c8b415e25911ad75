"""What waits for an answer in a seat: leave to fire, consent, a vote, and what a clause would let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synaspis.exercise.parts import Cell
from synaspis.exercise.wording import clause_words
from synaspis.model.agreement import Authority, Clause, Consent
from synaspis.network.answering import Question
from synaspis.network.engagement import Engagement
from synaspis.network.picture import Name
from synaspis.report.words import duration, listed, people
from synaspis.sharing.rules import Rules

Document = dict[str, Any]
GONE = "that question no longer waits: it was answered, or its time has passed"


class Questions:
    """Of one seat."""

    def __init__(
        self, me: str, cell: Cell, given: Callable[[], Rules], track_of: Callable[[Name], str | None]
    ) -> None:
        self.me, self._cell, self._given, self._track_of = me, cell, given, track_of
        self._shown: dict[str, tuple[object, Document]] = {}

    def answer(self, question: str, yes: bool, now_s: float) -> str:
        """Answer from the seat; "", or in words why it comes to nothing."""
        answers = self._cell.authority.answers
        for (asker, number), q in answers.open.items():
            if _id(q) == question:
                return "" if answers.answer(asker, number, yes, now_s) else GONE
        return GONE

    def document(self, now_s: float) -> Document:
        """All that waits, by id."""
        found: Document = {}
        for q in self._cell.authority.answers.open.values():
            if now_s <= q.until_s:
                found[_id(q)] = self._asked(q)
        return found

    def _asked(self, q: Question) -> Document:
        e = self._engagement(q)
        clause = next((c for c in self._given().clauses if c.id == q.clause), None)
        told: Document = {
            "kind": self._kind(q, clause), "asker": q.asker, "battery": q.battery, "clause": q.clause,
            "asked_s": round(q.asked_s), "until_s": round(q.until_s),
            "says": clause_words(clause) if clause is not None else "",
            "cost": self._cost(q, e),
        }  # fmt: skip
        track = self._track_of(e.object) if e is not None else None
        return told if track is None else {**told, "track": track}

    def _kind(self, q: Question, clause: Clause | None) -> str:
        if isinstance(clause, Consent):
            return "consent"
        votes = isinstance(clause, Authority) and (clause.protocol == "consensus" or self.me in clause.veto)
        return "vote" if votes else "fire"

    def _engagement(self, q: Question) -> Engagement | None:
        """What an own battery's question is about; of others' only who asks is known."""
        if q.asker != self.me:
            return None
        return self._cell.authority.asking(q.number)

    def _cost(self, q: Question, e: Engagement | None) -> str:
        w = self._cell.node.w
        words = f"Without a yes {q.battery} does not fire under {q.clause}; the last launch is at {q.until_s:.0f} s."
        if e is None or e.chance is None:
            return words
        places = [w.assets[row] for row in e.chance.assets]
        rounds = self._cell.authority.rounds.get(e.battery, 0)
        threatened = people(sum(a.population for a in places))
        left = duration(max(q.until_s - q.asked_s, 0.0))
        return (
            f"{words} That leaves {left} from the question; {rounds} rounds are left. "
            f"{listed([a.name for a in places])}: {threatened} people threatened."
        )


def _id(q: Question) -> str:
    return str(q.serial)
