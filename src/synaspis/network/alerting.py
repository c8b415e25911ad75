"""What a nation learns from its picture, as events: told to whoever listens, and kept in its journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from synaspis.engine.live_alerting import PRODUCTS, Learner, News
from synaspis.engine.live_joined import Held
from synaspis.engine.live_knowledge import Judge
from synaspis.model.live_warning import LiveEvent, Value, event_document
from synaspis.network.message import Message
from synaspis.sharing.release import STEPS

EVENT: Final = "event"
"""What the journal calls an event; its payload is the JSON of `model.live_warning.event_document`."""

MOST_LEARNT: Final = 8_192
"""Of objects, by level: what was last looked at is remembered."""

Tell = Callable[[LiveEvent], None]


class Alerting:
    """Of one nation, by its own warning practice. `tell` hears each event once."""

    def __init__(self, judge: Judge, nation: str, tell: Tell) -> None:
        self.nation, self._tell = nation, tell
        self._learner = Learner(judge, (nation,), anew=True)
        self._learnt: dict[Hashable, Held] = {}

    def look(self, name: Hashable, one: Held, now_s: float) -> None:
        """Tell what a look at the object `name` brings."""
        key = (name, one.level, one.clauses)
        if self._learnt.get(key) is one:  # nothing came of it since
            return
        if len(self._learnt) >= MOST_LEARNT:
            self._learnt.clear()
        self._learnt[key] = one
        for news in self._learner.learn(name, one).news:
            self._post(news, now_s, name)

    def released(self, sender: str, message: Message, now_s: float) -> None:
        """Tell that a sender gives more of a missile than before."""
        level = STEPS.index(message.product)
        if self._learner.told.better(level, "released", sender, message.number):
            what = {"by": sender, "product": PRODUCTS[level]}
            self._post(
                News("released", (self.nation,), what, message.clauses), now_s, (sender, message.number)
            )

    def detected(self, station: str, now_s: float) -> None:
        """Tell that a station has seen something, the first time."""
        if self._learner.told.first("detected", station):
            self._post(News("detected", (self.nation,), {"station": station}, ()), now_s, "")

    def _post(self, news: News, now_s: float, name: Hashable) -> None:
        what: Mapping[str, Value] = {**news.what, "object": _said(name)}
        self._tell(LiveEvent(
            time_s=now_s, kind=news.kind, nations=news.nations, what=what, because=news.because
        ))  # fmt: skip


def payload(event: LiveEvent) -> bytes:
    """An event as the journal keeps it."""
    return json.dumps(event_document(event), separators=(",", ":"), allow_nan=False).encode()


def _said(name: Hashable) -> str:
    return " ".join(str(part) for part in name if part != "") if isinstance(name, tuple) else str(name)
