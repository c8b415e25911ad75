"""What a person is to let go: what a clause releases only after a time waits for a yes where somebody sits.

No by default: what nobody said yes to does not go, and a no stays. A clause that releases at once is not
touched, nor is anything where nobody sits: there the clause's time stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from synaspis.network.queues import Item

LASTS_S: Final = 15.0
"""What was not offered again for so long is gone: a track is offered at least each ten seconds."""
EVERYTHING: Final = ""
"""In place of a track: all that goes to a nation."""
Key = tuple[str, str]
"""A recipient, and the node's own name of a track."""


@dataclass
class Held:
    """What waits of one track for one recipient: the latest of each product and terms."""

    recipient: str
    track: str
    since_s: float
    last_s: float
    items: dict[object, Item] = field(default_factory=dict)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses under which it would go."""
        return tuple(dict.fromkeys(c for item in self.items.values() for c in item.leave.clauses))

    @property
    def products(self) -> tuple[str, ...]:
        """What would go."""
        return tuple(dict.fromkeys(item.offer.product for item in self.items.values()))


@dataclass
class Holding:
    """Of one node. `on`: somebody sits in its seat. `open` waits for an answer, in order of coming."""

    on: bool = False
    open: dict[Key, Held] = field(default_factory=dict)
    _said: dict[Key, bool] = field(default_factory=dict)

    def said(self, recipient: str, track: str) -> bool | None:
        """What a person said of a track for a recipient, else of all for it; None for nothing yet."""
        return self._said.get((recipient, track), self._said.get((recipient, EVERYTHING)))

    def concerns(self, item: Item) -> bool:
        """Whether an item is one that a person decides about: others go as their clauses say."""
        return item.leave.delay_s > 0.0

    def lets(self, recipient: str, item: Item, now_s: float) -> bool:
        """Whether an item may go now; else it waits here, or is let drop after a no."""
        said = self.said(recipient, item.offer.track)
        if said is None:
            key = (recipient, item.offer.track)
            held = self.open.setdefault(key, Held(recipient, item.offer.track, now_s, now_s))
            held.last_s = now_s
            held.items[item.name] = item
        return bool(said)

    def answer(self, recipient: str, track: str, yes: bool) -> list[Item]:
        """A person's word about a track, or EVERYTHING, for a recipient: what is to leave now."""
        if track == EVERYTHING:
            keys = [key for key in self.open if key[0] == recipient]
        else:
            keys = [(recipient, track)]
        self._said[recipient, track] = yes
        found = [self.open.pop(key) for key in keys if key in self.open]
        return [item for held in found for item in held.items.values()] if yes else []

    def keep(self, now_s: float, still: Callable[[str, Item], bool]) -> None:
        """Let go of what is gone, and of what the rules no longer let out."""
        for key, held in list(self.open.items()):
            held.items = {name: item for name, item in held.items.items() if still(key[0], item)}
            if now_s - held.last_s > LASTS_S or not held.items:
                del self.open[key]

    def release_all(self) -> list[tuple[str, Item]]:
        """Nobody sits there any more: what waits, to go as its clauses say."""
        found = [(held.recipient, item) for held in self.open.values() for item in held.items.values()]
        self.open.clear()
        return found
