"""May it leave, and may it stay: the agreements asked for one message, by its sender and by its recipient.

The sender judges by what it knows of the missile. The recipient, who may know less, asks its own copy whether
the clauses cited could have let it go, and refuses what they could not. Both read the same `sharing.release`.
"""

from __future__ import annotations

import functools
import itertools
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, TypeVar

from synaspis.model.agreement import PRODUCTS, PURPOSES, Release
from synaspis.network import addressing
from synaspis.network.message import ADDRESSED, CARRIED, CONTROL, REQUESTS, WORDS, Message
from synaspis.sharing.conditions import ALWAYS, UNKNOWN, Missile, predicate_of
from synaspis.sharing.labels import Label, combined, may_go_to, released_label
from synaspis.sharing.release import STEPS, Grant, door, grants, revealed
from synaspis.sharing.rules import Rules

UNNAMED: Final = "(another nation's)"
"""Stands for a sensor whose name is not told: no permit that names sensors covers it."""


@dataclass(frozen=True)
class Given:
    """What another nation gave, as it came: who sent it, and the message with its label and clauses."""

    sender: str
    message: Message


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A product that a node has made, before it is asked who may have it.

    `track` is the node's own name for what it is about; `sensors` its own sensors and `given` what others
    gave that it rests on; `missile` what the node knows of the missile. `to`, where given, are the nations
    that it is for: it goes to no other, and to these only where the rules let it.
    """

    product: str
    track: str
    made_s: float
    body: bytes
    sensors: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    missile: Missile = UNKNOWN
    to: frozenset[str] | None = None


@dataclass(frozen=True)
class Leave:
    """One way in which an offer may go: how late, how coarse, for what, and under which clauses."""

    delay_s: float
    floor_m: float
    purposes: tuple[str, ...]
    clauses: tuple[str, ...]
    label: Label


@dataclass(frozen=True)
class _Part:
    """What one sensor, or one gift, lets an offer have: its grants, and the label that clauses give it."""

    grants: tuple[Grant, ...]
    givers: tuple[str, ...]
    label: Label | None


@dataclass
class Rulebook:
    """A nation's copy of the agreements in force. Another set of rules is another rulebook.

    `site_owners` says whose each site is, for consents that name sites.
    """

    me: str
    rules: Rules
    nations: tuple[str, ...]
    site_owners: Mapping[str, str] = field(default_factory=dict)
    failures: int = field(default=0, init=False)
    _could: dict[tuple[str, str, str, str], frozenset[str]] = field(default_factory=dict, init=False)
    _answers: dict[object, dict[str, tuple[Leave, ...]]] = field(default_factory=dict, init=False)
    _verdicts: dict[object, str] = field(default_factory=dict, init=False)

    def epoch(self, now_s: float) -> int:
        """Counts the revocations that these rules set a time for: within one epoch a decision stands."""
        return bisect_right(self._revoked_s, now_s)

    @functools.cached_property
    def _revoked_s(self) -> list[float]:
        return sorted({c.revoked_s for c in self.rules.releases if c.revoked_s < inf})

    def leaves(self, offer: Offer, recipient: str, now_s: float) -> tuple[Leave, ...]:
        """Every way in which `offer` may go to `recipient`, none better than another in all respects.

        Empty: it may not. A product of the ladder that rests on nothing named may not. What is revoked by
        `now_s` does not count. A rule that raises closes the door, and is counted in `failures`.
        """
        return self.leaves_of_all(offer, now_s, (recipient,)).get(recipient, ())

    def leaves_of_all(
        self, offer: Offer, now_s: float, recipients: tuple[str, ...] | None = None
    ) -> Mapping[str, tuple[Leave, ...]]:
        """`leaves` for each of `recipients`, by default all nations, without those that may not have it."""
        asked = self.nations if recipients is None else recipients
        if offer.to is not None:
            asked = tuple(n for n in asked if n in offer.to)
        try:
            if offer.given:
                return self._each(offer, asked, now_s)
            key = (asked, offer.product, offer.sensors, offer.missile, self.epoch(now_s))
            found = self._answers.get(key)
        except Exception:
            self.failures += 1
            return {}
        if found is None:
            failed = self.failures
            found = self._each(offer, asked, now_s)
            if self.failures == failed:
                _kept(self._answers, key, lambda: found)
        return found

    def _each(self, offer: Offer, asked: tuple[str, ...], now_s: float) -> dict[str, tuple[Leave, ...]]:
        found = {}
        for recipient in asked:
            try:
                leaves = self._leaves(offer, recipient, now_s)
            except Exception:
                self.failures += 1
                continue
            if leaves:
                found[recipient] = leaves
        return found

    def _leaves(self, offer: Offer, recipient: str, now_s: float) -> tuple[Leave, ...]:
        unfounded = offer.product in STEPS and not offer.sensors and not offer.given
        if unfounded or offer.product in ADDRESSED or recipient == self.me:
            return ()
        found: dict[tuple[float, float], Leave] = {}
        for purpose in PURPOSES:
            parts = self._parts(offer, recipient, purpose, now_s)
            for leave in self._together(parts, recipient, purpose):
                terms = (leave.delay_s, leave.floor_m)
                found[terms] = _joined(found[terms], leave) if terms in found else leave
        return tuple(a for a in found.values() if not any(_beats(b, a) for b in found.values()))

    def _parts(self, offer: Offer, recipient: str, purpose: str, now_s: float) -> list[_Part]:
        own: Sequence[str | None] = offer.sensors or (() if offer.given else (None,))
        parts = []
        for sensor in own:
            held = self._held(self.me, recipient, offer, sensor, purpose, now_s)
            parts.append(_Part(held, (), None))
        parts += [self._passed_on(offer, given, recipient, purpose, now_s) for given in offer.given]
        return parts

    def _held(
        self, owner: str, recipient: str, offer: Offer, sensor: str | None, purpose: str, now_s: float
    ) -> tuple[Grant, ...]:
        """The permits of one door that hold for the offer's missile and are not revoked."""
        found = door(self.rules, owner, recipient, offer.product, sensor, purpose)
        answer = found.answer(offer.missile)
        if not answer.allowed:
            return ()
        return tuple(g for g in found.permits if g.clause in answer.because and g.until_s > now_s)

    def _passed_on(self, offer: Offer, given: Given, recipient: str, purpose: str, now_s: float) -> _Part:
        """What another nation gave, handed on: by its giver's leave, and under a permit of one's own.

        Only what its giver's own sensors made goes on: one nation stands in between at most. How an
        engagement stands is told by those who fight it alone.
        """
        shut = _Part((), (), None)
        owner, message = given.sender, given.message
        if offer.product not in STEPS or message.product not in STEPS:
            return shut
        if message.originators != {owner} or purpose not in message.purposes:
            return shut
        if not may_go_to(message.label, recipient) or self._barred(owner, recipient, offer, purpose):
            return shut
        onward = [c for c in self._onward(given, offer, recipient, purpose) if c.revoked_s > now_s]
        if not onward or self._barred(self.me, recipient, offer, purpose):
            return shut
        mine = self._held(self.me, recipient, offer, UNNAMED, purpose, now_s)
        return _Part(mine, tuple(c.id for c in onward), message.label)

    def _onward(self, given: Given, offer: Offer, recipient: str, purpose: str) -> list[Release]:
        """The clauses under which it was given that name `recipient` among those who may have it next."""
        if self._barred(given.sender, self.me, offer, purpose):
            return []
        return [
            c
            for c in self.rules.between(given.sender, self.me)
            if c.id in given.message.clauses
            and _permits(c, offer.product)
            and purpose in c.purposes
            and (recipient in c.onward or recipient == given.sender)
            and predicate_of(c, self.me).holds(offer.missile)
        ]

    def _barred(self, owner: str, recipient: str, offer: Offer, purpose: str) -> bool:
        """Whether a forbid might stop it, whichever sensor it is of."""
        if owner == recipient:
            return False
        bars = door(self.rules, owner, recipient, offer.product, None, purpose).forbids
        return any(not p.fails(offer.missile) for p, _ in bars)

    def _together(self, parts: Sequence[_Part], recipient: str, purpose: str) -> list[Leave]:
        """The terms on which all parts may go."""
        held = [g for part in parts for g in part.grants]
        delays_s, floors_m = {g.delay_s for g in held}, {g.floor_m for g in held}
        found = []
        for delay_s, floor_m in sorted(itertools.product(delays_s, floors_m)):
            fits = [
                [g for g in part.grants if g.delay_s <= delay_s and g.floor_m <= floor_m] for part in parts
            ]
            if all(fits):
                cited = [g.clause for fit in fits for g in fit] + [c for p in parts for c in p.givers]
                label = self._label(parts, fits, recipient)
                found.append(Leave(delay_s, floor_m, (purpose,), tuple(dict.fromkeys(cited)), label))
        return found

    def _label(self, parts: Sequence[_Part], fits: Sequence[Sequence[Grant]], recipient: str) -> Label:
        labels, originators = [], set[str]()
        for part, fit in zip(parts, fits, strict=True):
            mine = self._widest(self.me, recipient, {g.clause for g in fit})
            labels.append(mine if part.label is None else part.label & mine)
            originators |= {self.me} if part.label is None else part.label.originators
        return replace(combined(labels), originators=frozenset(originators))

    def _widest(self, owner: str, recipient: str, clauses: Collection[str]) -> Label:
        """The label that several permits give together: each lets it go to those it names.

        Not their combination, which would narrow: a further permit takes nothing away.
        """
        told = [
            released_label(c, owner, self.rules.agreement_of.get(c.id, ""))
            for c in self.rules.between(owner, recipient)
            if c.id in clauses
        ]
        return replace(combined(told), releasable_to=frozenset[str]().union(*(t.releasable_to for t in told)))

    def asks(self, asker: str, asked: str) -> tuple[str, ...]:
        """Clauses under which `asker` asks `asked` to agree to an engagement: authority, veto or consent."""
        return addressing.asks(self.rules, self.site_owners, asker, asked)

    def asked(self, product: str, sender: str, recipient: str, now_s: float = -inf) -> tuple[str, ...]:
        """Clauses under which a request, a vote, an order or words go from one nation to another.

        Words go where something might be released; what is revoked by `now_s` does not count.
        """
        if product == WORDS and sender != recipient:
            could = frozenset[str]().union(
                *(self.could(sender, recipient, p, purpose) for p in PRODUCTS for purpose in PURPOSES)
            )
            between = self.rules.between(sender, recipient)
            return tuple(c.id for c in between if c.id in could and c.revoked_s > now_s)
        return self.asks(sender, recipient) if product == REQUESTS[0] else self.asks(recipient, sender)

    def request_label(self, sender: str, recipient: str, clauses: Iterable[str]) -> Label:
        """The label of what is said to one nation by name: for the two alone."""
        return addressing.label(self.rules, sender, recipient, clauses)

    def could(self, owner: str, recipient: str, product: str, purpose: str) -> frozenset[str]:
        """The permits of `owner` that could ever let `recipient` have a product, of some sensor."""
        key = (owner, recipient, product, purpose)
        if key not in self._could:
            named = {s for c in self.rules.between(owner, recipient) for s in c.sensors}
            found = (
                grants(self.rules, owner, recipient, product, sensor, purpose)
                for sensor in (*sorted(named), UNNAMED)
            )
            self._could[key] = frozenset(g.clause for open_ in found for g in open_)
        return self._could[key]

    def reaches(self, owner: str, recipient: str, product: str) -> bool:
        """Whether any clause could let a product go from one nation to the other."""
        if owner == recipient:
            return False
        if product in ADDRESSED:
            return bool(self.asked(product, owner, recipient))
        return any(self.could(owner, recipient, product, purpose) for purpose in PURPOSES)

    def partners(self) -> tuple[str, ...]:
        """Nations with which some clause, either way, could have something pass."""
        return tuple(
            n
            for n in self.nations
            if any(self.reaches(self.me, n, p) or self.reaches(n, self.me, p) for p in CARRIED)
        )

    def egress(self) -> frozenset[str]:
        """Keys of the bus under which anything could ever leave: what the bus's own rules let out."""
        told = {
            f"syn/{self.me}/{n}/{p}" for n in self.nations for p in CARRIED if self.reaches(self.me, n, p)
        }
        return frozenset(told | {f"syn/{self.me}/{n}/{CONTROL}" for n in self.partners()})

    def why_not(self, sender: str, message: Message) -> str:
        """Why a message may not stay here, by its label and by this copy of the agreements; "" if it may."""
        m = message
        key = (sender, m.product, m.purposes, m.clauses, m.label, self.epoch(m.made_s))
        return _kept(self._verdicts, key, lambda: self._why_not(sender, m))

    def _why_not(self, sender: str, message: Message) -> str:
        label = message.label
        if not may_go_to(label, self.me):
            return f"its label does not name {self.me}"
        if message.product in ADDRESSED:
            known = self.asked(message.product, sender, self.me, message.made_s)
            fits = bool(message.clauses) and set(message.clauses) <= set(known)
            fits = fits and label.within(self.request_label(sender, self.me, message.clauses))
            return "" if fits else f"no clause here has {sender} send a {message.product}"
        between = {c.id: c for c in self.rules.between(sender, self.me)}
        cited = {i for i in message.clauses if i in between}
        could = {p: self.could(sender, self.me, message.product, p) for p in message.purposes}
        for purpose, permits in could.items():
            if not cited & permits:
                return f"no clause cited lets {sender} give {message.product} for {purpose}"
        if not cited <= frozenset[str]().union(*could.values()):
            return f"it cites a clause that does not let {sender} give {message.product}"
        if any(between[i].revoked_s <= message.made_s for i in cited):
            return "a clause cited had been revoked"
        due = replace(self._widest(sender, self.me, cited), originators=frozenset())
        if not label.within(due):
            return "its label says more than the clauses cited"
        passed = cited.union(*(self._gave(o, sender, message) for o in label.originators))
        if unknown := set(message.clauses) - passed:
            return f"it cites {', '.join(sorted(unknown))}, which no copy here has"
        strangers = [
            o for o in sorted(label.originators - {sender, self.me}) if not self._told(o, sender, message)
        ]
        return f"no clause lets {sender} hand on what is {strangers[0]}'s" if strangers else ""

    def _gave(self, originator: str, sender: str, message: Message) -> set[str]:
        """The clauses cited under which `originator` gave it to `sender`, to hand on to this nation."""
        return {
            c.id
            for c in self.rules.between(originator, sender)
            if c.id in message.clauses
            and _permits(c, message.product)
            and (self.me in c.onward or self.me == originator)
        }

    def _told(self, originator: str, sender: str, message: Message) -> bool:
        """Whether some clause of `originator` could let it come here by `sender`, for every purpose."""
        gave = self._gave(originator, sender, message)
        for purpose in message.purposes:
            bars = door(self.rules, originator, self.me, message.product, UNNAMED, purpose).forbids
            lets = any(c.id in gave and purpose in c.purposes for c in self.rules.between(originator, sender))
            if not lets or any(p == ALWAYS for p, _ in bars):
                return False
        return True


KEPT: Final = 4096
"""Answers that a rulebook remembers of each kind: messages come often, what they are about changes rarely."""
T = TypeVar("T")


def _kept(memory: dict[object, T], key: object, work_out: Callable[[], T]) -> T:
    found = memory.get(key)
    if found is None:
        if len(memory) >= KEPT:
            memory.clear()
        found = memory[key] = work_out()
    return found


def _permits(c: Release, product: str) -> bool:
    return c.effect == "permit" and product in revealed(c.effect, c.products)


def _joined(one: Leave, other: Leave) -> Leave:
    """Two purposes on the same terms."""
    clauses = tuple(dict.fromkeys((*one.clauses, *other.clauses)))
    label = replace(
        one.label & other.label, releasable_to=one.label.releasable_to | other.label.releasable_to
    )
    return Leave(one.delay_s, one.floor_m, (*one.purposes, *other.purposes), clauses, label)


def _beats(b: Leave, a: Leave) -> bool:
    """Whether `b` is at least as good as `a` in every respect, and not the same.

    To whom it may go next is one of them: a quicker permit must not close the way onward of a slower one.
    """
    as_good = b.delay_s <= a.delay_s and b.floor_m <= a.floor_m and set(b.purposes) >= set(a.purposes)
    return as_good and b.label.releasable_to >= a.label.releasable_to and b is not a
