"""What waits for an answer in a seat: leave to fire, consent, a vote, and what a clause would let go.

Each question has an id, counted in the order in which it came. What is asked of the same engagement under
several clauses is one question, and its answer is to all of them. To a release there is a second id, with
`/all` behind it: it answers for all that goes to that nation from now on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from synaspis.exercise.wording import clause_words
from synaspis.model.agreement import Authority, Clause, Consent
from synaspis.network.answering import Question
from synaspis.network.cell import Cell
from synaspis.network.engagement import Engagement
from synaspis.network.holding import EVERYTHING, Held
from synaspis.network.picture import Name
from synaspis.report.words import counted, duration, listed, people
from synaspis.sharing.rules import Rules

Document = dict[str, Any]
GONE: Final = "that question no longer waits: it was answered, or its time has passed"
OUT_OF_REACH: Final = "nobody is reached here now: the director has said so"
ALL: Final = "/all"


class Questions:
    """Of one seat. `shown` holds all that waits, by id, as of the last `move`."""

    def __init__(
        self, cell: Cell, given: Callable[[], Rules], track_of: Callable[[Name], str | None],
        own_track: Callable[[str], str | None],
    ) -> None:  # fmt: skip
        """`track_of` an object, and `own_track` of the name under which a track is offered, say which track
        of the seat it is."""
        self._cell, self._given = cell, given
        self._track_of, self._own_track = track_of, own_track
        self._ids: dict[tuple[object, ...], str] = {}
        self.shown: Document = {}

    # -- answers -----------------------------------------------------------------------------------

    def answer(self, question: str, yes: bool, now_s: float) -> str:
        """Answer from the seat; "", or in words why it comes to nothing."""
        answers, outbox = self._cell.authority.answers, self._cell.node.gateway.outbox
        one = question.removesuffix(ALL)
        key = next((key for key, told in self._ids.items() if told == one), None)
        done = False
        if key is not None and key[0] == "release":
            recipient, track = str(key[1]), str(key[2])
            done = (recipient, track) in outbox.held()
            if done:
                outbox.let_go(recipient, EVERYTHING if question != one else track, yes)
        elif key is not None and question == one:
            if now_s < answers.silent_until_s:
                return OUT_OF_REACH
            same = [q for q in answers.open.values() if self._about(q) == key]
            done = sum(answers.answer(q.asker, q.number, yes, now_s) for q in same) > 0
        self.move(now_s)
        return "" if done else GONE

    # -- what is shown -----------------------------------------------------------------------------

    def move(self, now_s: float) -> None:
        """Look at what waits now."""
        found: Document = {}
        asked: dict[str, list[Question]] = {}
        for q in self._cell.authority.answers.open.values():
            if now_s < q.until_s:
                asked.setdefault(self._id(*self._about(q)), []).append(q)
        for id, same in asked.items():
            found[id] = self._asked(same)
        outbox = self._cell.node.gateway.outbox
        for (recipient, track), held in outbox.held().items() if outbox.holding.on else ():
            key = self._id("release", recipient, track)
            found[key] = self._held(key, held)
        self.shown = {k: self.shown[k] if self.shown.get(k) == v else v for k, v in found.items()}

    def _id(self, *key: object) -> str:
        return self._ids.setdefault(key, str(len(self._ids) + 1))

    def _about(self, q: Question) -> tuple[object, ...]:
        """What a question is about: the same for all clauses under which the same is asked."""
        return "ask", q.asker, q.battery, q.threat, self._kind(self._clause(q.clause))

    def _clause(self, name: str) -> Clause | None:
        return next((c for c in self._given().clauses if c.id == name), None)

    def _says(self, *names: str) -> str:
        found = [c for c in map(self._clause, names) if c is not None]
        return " ".join(f"{c.id}: {clause_words(c)}." for c in found)

    def _asked(self, same: list[Question]) -> Document:
        q = min(same, key=lambda one: (one.until_s, one.serial))
        clauses = list(dict.fromkeys(one.clause for one in same))
        e = self._cell.authority.asking(q.number) if q.asker == self._cell.nation else None
        told: Document = {
            "kind": self._kind(self._clause(q.clause)), "asker": q.asker, "battery": q.battery,
            "clause": clauses[0], "clauses": clauses, "asked_s": round(min(one.asked_s for one in same)),
            "until_s": round(q.until_s), "says": self._says(*clauses), "cost": self._cost(q, e),
        }  # fmt: skip
        return _with_track(told, self._track_of(e.object) if e is not None else None)

    def _kind(self, clause: Clause | None) -> str:
        if isinstance(clause, Consent):
            return "consent"
        me = self._cell.nation
        votes = isinstance(clause, Authority) and (clause.protocol == "consensus" or me in clause.veto)
        return "vote" if votes else "fire"

    def _cost(self, q: Question, e: Engagement | None) -> str:
        """What waiting costs; of others' engagements a seat knows no more than until when they ask."""
        left = f"The last launch is at {q.until_s:.0f} s; no answer by then is no."
        if e is None or e.chance is None:
            return left
        w = self._cell.node.w
        places = [w.assets[row] for row in e.chance.assets]
        rounds = counted(self._cell.authority.rounds.get(e.battery, 0), "round")
        threatened = people(sum(a.population for a in places))
        return (
            f"{left} That is {duration(max(q.until_s - q.asked_s, 0.0))} from the question. {q.battery} has "
            f"{rounds} left. {threatened} people are threatened: {listed([a.name for a in places])}."
        )

    def _held(self, key: str, held: Held) -> Document:
        products = [p.replace("_", " ") for p in held.products]
        told: Document = {
            "kind": "release", "asker": self._cell.nation, "recipient": held.recipient,
            "clause": held.clauses[0], "clauses": list(held.clauses), "products": list(held.products),
            "asked_s": round(held.since_s), "says": self._says(*held.clauses), "all": key + ALL,
            "cost": f"Until you say yes {held.recipient} does not get the {listed(products)}; "
            f"it has waited since {held.since_s:.0f} s.",
        }  # fmt: skip
        return _with_track(told, self._own_track(held.track))


def _with_track(told: Document, track: str | None) -> Document:
    return told if track is None else {**told, "track": track}
