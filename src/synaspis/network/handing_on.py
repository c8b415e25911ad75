"""What another nation gave, offered on: only to those whom its giver's clause names. The gateway decides."""

from __future__ import annotations

from collections.abc import Iterable

from synaspis.engine.live_joined import Held
from synaspis.engine.live_knowledge import Judge
from synaspis.network.message import Message
from synaspis.network.picture import Name, View
from synaspis.network.rulebook import Given, Offer
from synaspis.sharing.conditions import UNKNOWN, Missile
from synaspis.sharing.rules import Rules


class Onward:
    """Of one nation. Conditions are judged by what its picture tells of the object, as far as it was looked
    at: in doubt it does not go."""

    def __init__(self, me: str, given: Rules, nations: Iterable[str]) -> None:
        self.me, self._nations = me, tuple(nations)
        self._known: dict[Name, Missile] = {}
        self.adopt(given)

    def adopt(self, given: Rules) -> None:
        """Go by other rules from now on."""
        between = (c for n in self._nations for c in given.between(n, self.me))
        self._clauses = {c.id: frozenset(c.onward) for c in between if c.onward}

    def offer(self, sender: str, message: Message) -> Offer | None:
        """What is to be offered of a message that came; None where no clause cited lets it go on."""
        named = (self._clauses.get(c, frozenset[str]()) for c in message.clauses)
        to = frozenset[str]().union(*named) - {sender, self.me}
        if not to or message.originators != {sender}:
            return None
        missile = self._known.get((sender, message.number), UNKNOWN)
        return Offer(
            product=message.product, track=f"{sender}/{message.number}", made_s=message.made_s,
            body=message.body, given=(Given(sender, message),), missile=missile, to=to,
        )  # fmt: skip

    def learn(self, view: View, picture: Iterable[tuple[Name, Held]], judge: Judge) -> None:
        """Note what a look tells of the objects that others gave."""
        if not self._clauses:
            return
        known: dict[Name, Missile] = {}
        for _, one in picture:
            gifts = view.gifts_of(one)
            if gifts:
                missile = judge.told_by(one.impact, one.i, one.chances)
                known |= {gift: self._known.get(gift, UNKNOWN).renewed(missile) for gift in gifts}
        self._known = known
