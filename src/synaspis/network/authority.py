"""May they fire, and when: a node asks for leave to engage, counts answers, and orders its own batteries.

Every protocol of `sharing.authority` in force for a battery is followed at once, with the last launch as the
deadline; the first whose votes and consents are there gives the order. No answer is no. A party with a veto
is the exception that `sharing.authority` makes: its silence is leave, after `VETO_S`. A standing
pre-authorisation asks nobody. The order is on the disk before it goes to the range, again and again until it
is answered. It is an event of the exercise and steers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

import msgspec

from synaspis.engine.live_joined import Held
from synaspis.engine.live_knowledge import Judge
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.network import bodies
from synaspis.network.answering import Answers, Dice, Question
from synaspis.network.engagement import Asked, Engagement, ways_of
from synaspis.network.engaging import Chance, Engaging, OfLevel
from synaspis.network.message import Message
from synaspis.network.picture import Name
from synaspis.network.rulebook import Offer
from synaspis.network.seam import Ordered, Told
from synaspis.network.tally import Clock, Tally
from synaspis.sharing.rules import Rules

KIND: Final = "authority"
"""What the journal calls the steps to an order: a JSON object with `step`, ids of clauses in `clauses`."""
AHEAD_S: Final = 3.0
"""An order is given when the first launch is no farther ahead: the picture is looked at as often."""
REPEAT_S: Final = 1.0
"""Of the case's clock: an order that the range has not answered is repeated so often."""
AGAIN_S: Final = 10.0
MOST_TRIES: Final = 3
"""An order that meant nothing to the range, as a track may be off, is tried again after AGAIN_S, so often."""
ORDERS: Final = ("delegated", "lead")
"""Protocols in which one nation decides for another: its yes is an order, not a vote."""
NOTHING_THERE: Final = "nothing that flies is there"


class Outward(Protocol):
    """What it needs of the node's gateway."""

    def offer(self, offer: Offer) -> tuple[str, ...]:
        """Offer a product to all nations."""

    def tell(self, recipient: str, offer: Offer) -> bool:
        """Send a request, a vote or an order to one nation."""

    def number(self, recipient: str, track: str) -> int:
        """The number under which a nation knows a track or a request."""


class Authority:
    """Of one nation; a `Part` of its node. Not to be used from two threads at once.

    `order` puts what it is given on its way to the range. `engagements` holds all, by id, `rounds` what each
    battery (row) that may fire has left. Own batteries named in `held` ask for nothing and get no order.
    """

    def __init__(
        self, me: str, judge: Judge, given: Rules, *, outward: Outward, of_level: OfLevel,
        order: Callable[[Ordered], None], journal: Journal, clock: Clock, dice: Dice,
        tally: Tally | None = None,
    ) -> None:  # fmt: skip
        self.me, self.w = me, judge.w
        self.engaging = Engaging(judge, me, given)
        self.tally = tally or Tally()
        batteries = {f.battery.name: f.battery for f in self.w.batteries}
        self.answers = Answers(me, given, batteries, dice, self._say)
        self.engagements: dict[str, Engagement] = {}
        self._given, self._dice = given, dice
        self._outward, self._of_level, self._order = outward, of_level, order
        self._journal, self._clock = journal, clock
        self._session = f"{clock.utc_ns():x}"
        self._count = 0
        self._by_pair: dict[tuple[int, Name], Engagement] = {}
        self._open: dict[str, Engagement] = {}
        self._tries: dict[tuple[int, Name], int] = {}
        self._waits: dict[tuple[int, Name], float] = {}
        self.held: set[str] = set()
        self.rounds = {b: self.w.batteries[b].rounds for b in self.engaging.rows}
        self._requests: dict[tuple[str, int], tuple[Engagement, Asked]] = {}

    # -- what the node tells it --------------------------------------------------------------------

    def looked(self, picture: Sequence[tuple[Name, Held]], now_s: float) -> None:
        """The picture was looked at: who could meet what; leave is asked for where it is new."""
        for e in self._open.values():
            e.chance = None
        done = {pair for pair, e in self._by_pair.items() if e.order is not None or e.id not in self._open}
        for chance in self.engaging.chances(picture, self._of_level, now_s, done):
            known = self._by_pair.get(_pair(chance))
            if known is not None:
                known.chance, known.until_s = chance, max(known.until_s, chance.last_s)
            elif self._may_begin(chance, now_s):
                self._begin(chance, now_s)
        self.step(now_s)

    def adopt(self, given: Rules) -> None:
        """Go by other rules from now on. Orders that were given stand; an engagement that waits for leave
        waits for what those rules ask."""
        now_s, blind = self._clock.case_s(), self.engaging.blind
        self._given = self.answers.given = given
        self.engaging = Engaging(self.engaging.judge, self.me, given)
        self.engaging.blind = blind
        for b in self.engaging.rows:
            self.rounds.setdefault(b, self.w.batteries[b].rounds)
        self.answers.drop()
        for e in [e for e in self._open.values() if e.order is None]:
            self._again(e, now_s)

    def _again(self, e: Engagement, now_s: float) -> None:
        """What an engagement that waits for leave waits for, by the rules in force."""
        held = set(self._given.ids())
        kept = {way.clause: way for way in e.ways if held.issuperset(way.clauses)}
        if e.chance is None or e.battery not in self.engaging.rows or not held.issuperset(e.chance.mandate):
            self._end(e, "it rested on what is in force no more", now_s)
            self._by_pair.pop((e.battery, e.object), None)  # it may begin anew
            return
        found = ways_of(self.w, self._given, self.engaging.sensors, self._dice, e.chance, now_s)
        e.ways = tuple(kept.get(way.clause, way) for way in found)
        for nation, clause in dict.fromkeys(k for way in e.ways for k in (*way.deciders, *way.consents)):
            if (nation, clause) not in e.asked:
                self._request(e, nation, clause, now_s)

    def heard(self, sender: str, message: Message) -> None:
        """A partner asks, votes, orders, or tells how an engagement stands."""
        body, now_s = bodies.read(message.product, message.body), self._clock.case_s()
        match body:
            case bodies.Request():
                self._asked(sender, message, body, now_s)
            case bodies.Vote():
                self._voted(sender, body.request, body.yes, now_s)
            case bodies.Order():  # the word of a lead nation, or of one to whom it is delegated
                self._voted(sender, body.request, True, now_s)
            case bodies.EngagementStatus():
                told = msgspec.structs.asdict(body)
                self._note("heard", message.clauses, sender=sender, product=message.product, **told)
            case bodies.Words():
                pass  # for people
            case _:
                self.tally.note("not_used", message.product, owner=sender)
        self.step(now_s)

    def told(self, told: Told, now_s: float) -> None:
        """The range says what became of an order."""
        e = self.engagements.get(told.order)
        if e is None or e.told == told:
            return
        e.told = told
        self.rounds[e.battery] = told.rounds
        self._note(
            "told", (), engagement=e.id, phase=told.phase, time_s=told.time_s, why=told.why,
            rounds=told.rounds,
        )  # fmt: skip
        if told.phase in ("hit", "given up", "refused"):
            self._open.pop(e.id, None)
        if told.phase == "refused":
            self._try_again(e, told.why, now_s)
        phase = "planned" if told.phase == "taken" else "given up" if told.phase == "refused" else told.phase
        self._status(e, phase, told.time_s)

    def step(self, now_s: float) -> None:
        """Do what is due."""
        self.answers.step(now_s)
        for e in list(self._open.values()):
            if e.order is not None:
                if e.told is None and now_s >= e.said_s + REPEAT_S:
                    e.said_s = now_s
                    self._order(e.order)
                continue
            open_ = next((way for way in e.ways if way.opens(e, now_s)), None)
            chance = e.chance
            if self._name(e.battery) in self.held and now_s <= e.until_s:
                continue
            if open_ is not None and chance is not None and chance.launch_s <= now_s + AHEAD_S:
                self._give(e, open_.clauses, chance, now_s)
            elif now_s > e.until_s:
                self._end(e, "no leave in time" if open_ is None else "no track good enough in time", now_s)
            elif all(way.closed(e) for way in e.ways):
                self._end(e, "refused", now_s)

    # -- asking ------------------------------------------------------------------------------------

    def _name(self, battery: int) -> str:
        return self.w.batteries[battery].battery.name

    def _may_begin(self, chance: Chance, now_s: float) -> bool:
        """Whether leave is to be asked for: not for a battery that is empty, held, or to be tried later."""
        ready = self.rounds[chance.battery] > 0 and self._name(chance.battery) not in self.held
        return ready and self._waits.get(_pair(chance), 0.0) <= now_s

    def _begin(self, chance: Chance, now_s: float) -> None:
        """Ask everybody whose leave some protocol needs."""
        self._count += 1
        e = Engagement(
            id=f"{self.me}-{self._session}-{self._count}", battery=chance.battery, object=chance.object,
            until_s=chance.last_s, begun_s=now_s, chance=chance, because=(*chance.mandate, *chance.clauses),
        )  # fmt: skip
        self.engagements[e.id] = self._open[e.id] = self._by_pair[_pair(chance)] = e
        e.ways = ways_of(self.w, self._given, self.engaging.sensors, self._dice, chance, now_s)
        wanted = dict.fromkeys(key for way in e.ways for key in (*way.deciders, *way.consents))
        name = self._name(e.battery)
        self._note(
            "begun", (*chance.mandate, *chance.clauses), engagement=e.id, battery=name,
            object=list(e.object), until_s=e.until_s, ways=[way.clause for way in e.ways],
        )  # fmt: skip
        for nation, clause in wanted:
            self._request(e, nation, clause, now_s)

    def _request(self, e: Engagement, nation: str, clause: str, now_s: float) -> None:
        name = self._name(e.battery)
        track = f"{e.id} {clause}"
        number = self._outward.number(nation, track)
        asked = e.asked[nation, clause] = Asked(number, now_s)
        self._requests[nation, number] = (e, asked)
        threat = self._outward.number(nation, f"object {e.object}")
        if nation == self.me:
            why = self.answers.ask(self.me, number, name, threat, clause, e.until_s, now_s)
            sent = not why
        else:
            body = bodies.write(bodies.Request(name, threat, e.until_s, clause))
            sent = self._outward.tell(
                nation, Offer(product="request", track=track, made_s=max(now_s, 0.0), body=body)
            )
        self._note("asked", (clause,), engagement=e.id, nation=nation, until_s=e.until_s, sent=sent)

    def _voted(self, sender: str, number: int, yes: bool, now_s: float) -> None:
        """An answer counts once, and in time."""
        e, asked = self._requests.get((sender, number), (None, None))
        if e is None or asked is None or asked.yes is not None or now_s > e.until_s:
            self.tally.note("not_used", "vote", owner=sender)
            return
        asked.yes = yes
        clause = next(c for (n, c), a in e.asked.items() if a is asked)
        self._note("answered", (clause,), engagement=e.id, nation=sender, yes=yes)

    def asking(self, number: int) -> Engagement | None:
        """The engagement that an own request to oneself, of that number, is about."""
        return self._requests.get((self.me, number), (None, None))[0]

    # -- being asked -------------------------------------------------------------------------------

    def _asked(self, sender: str, message: Message, body: bodies.Request, now_s: float) -> None:
        why = "its clause is not one that it cites" if body.clause not in message.clauses else ""
        why = why or self.answers.ask(
            sender, message.number, body.battery, body.threat, body.clause, body.until_s, now_s
        )
        self._note(
            "request", (body.clause,), sender=sender, number=message.number, battery=body.battery, why=why
        )

    def _say(self, question: Question, yes: bool) -> None:
        q, now_s = question, self._clock.case_s()
        if q.asker == self.me:
            self._voted(self.me, q.number, yes, now_s)
            return
        orders = yes and any(a.id == q.clause and a.protocol in ORDERS for a in self._given.authorities)
        product = "order" if orders else "vote"
        said = bodies.Order(q.number, q.battery, q.threat) if orders else bodies.Vote(q.number, yes)
        track = f"{product} {q.asker} {q.number}"
        self._note(product, (q.clause,), asker=q.asker, number=q.number, battery=q.battery, yes=yes)
        offer = Offer(product=product, track=track, made_s=max(now_s, 0.0), body=bodies.write(said))
        self._outward.tell(q.asker, offer)

    # -- ordering ----------------------------------------------------------------------------------

    def _give(self, e: Engagement, clauses: tuple[str, ...], chance: Chance, now_s: float) -> None:
        """Leave is there, and the track is good enough: on the disk first, then to the range."""
        name = self._name(e.battery)
        order = Ordered(e.id, name, chance.place_m, chance.at_s, chance.error_m, now_s)
        cited = tuple(dict.fromkeys((*clauses, *chance.mandate, *chance.clauses)))
        if not self._note("ordered", cited, durable=True, engagement=e.id, battery=name, at_s=now_s):
            return
        e.order, e.said_s, e.because = order, now_s, cited
        self._order(order)

    def _end(self, e: Engagement, why: str, now_s: float) -> None:
        self._open.pop(e.id, None)
        e.ended, e.ended_s = why, now_s
        self._note("given up", (), engagement=e.id, why=why, at_s=now_s)
        self._status(e, "given up", now_s)

    def _try_again(self, e: Engagement, why: str, now_s: float) -> None:
        pair = (e.battery, e.object)
        self._tries[pair] = self._tries.get(pair, 0) + 1
        if why == NOTHING_THERE and self._tries[pair] < MOST_TRIES:
            self._waits[pair] = now_s + AGAIN_S
            self._by_pair.pop(pair, None)

    def _status(self, e: Engagement, phase: str, time_s: float) -> None:
        """Tell those who may know how it stands; which number a threat has is the same for all of them."""
        threat = self._outward.number("*", f"object {e.object}")
        name = self._name(e.battery)
        body = bodies.write(bodies.EngagementStatus(name, threat, phase, time_s))
        self._outward.offer(
            Offer(product="engagement_status", track=e.id, made_s=max(time_s, 0.0), body=body)
        )

    # -- what is kept ------------------------------------------------------------------------------

    def _note(self, step: str, clauses: Iterable[str], *, durable: bool = False, **told: Any) -> bool:
        """Journal a step with the clauses that it rests on; False where the disk did not take it."""
        self.tally.counts[KIND, step] += 1
        entry = {"step": step, "clauses": list(clauses), **told}
        try:
            self._journal.append(
                KIND, msgspec.json.encode(entry), durable=durable, at_ns=self._clock.utc_ns()
            )
        except NotRecordedError as error:
            self.tally.note("disk", KIND, error=str(error))
            return False
        return True


def _pair(chance: Chance) -> tuple[int, Name]:
    return chance.battery, chance.object
