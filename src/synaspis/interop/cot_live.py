"""A drill as Cursor-on-Target while it is played: the events of each moment.

A TAK client drops what is stale by its own clock, so events have the world's time, not the raid's. No course
and no speed: those are told of ways that are drawn, not of what flies now.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

from synaspis.interop import cot, cot_events
from synaspis.interop.cot import CotEvent, Marking
from synaspis.interop.cot_events import SITES_EVERY_S, STALE_AFTER, Sender, Span
from synaspis.interop.live import OVER, Drill, Flying, Moment
from synaspis.interop.telling import NEWS_S
from synaspis.model.answers import SceneEvent

EVERY_S: Final = 2.0
"""Of the wall clock: from one event of a missile to its next."""
LANDED_S: Final = 600.0
"""A landing is shown so long, other news `NEWS_S`."""


class CotFeed:
    """The `Feed` of Cursor-on-Target, releasable to the nations that own the sites."""

    def __init__(self, drill: Drill) -> None:
        self._drill, self._began_s = drill, -math.inf
        self._site_s = self._missile_s = -math.inf
        self._flew: dict[str, Flying] = {}
        self._known: set[SceneEvent] = set()
        self._news = 0

    def datagrams(self, moment: Moment, real_s: float) -> list[bytes]:
        """The events that are due. What happened before the first moment is not told."""
        if self._began_s == -math.inf:
            self._began_s = real_s
            self._known.update(moment.events)
        nations = sorted({s.owner for s in moment.sites if cot.is_nation(s.owner)})
        if not nations or moment.state == OVER:
            return []
        scope = (self._drill.name, f"{self._began_s:.3f}")
        sender = Sender(scope, Marking(releasable_to=tuple(nations)))
        made = [*self._sites(sender, moment, real_s), *self._missiles(sender, moment, real_s)]
        for event in moment.events:
            if event not in self._known:
                self._known.add(event)
                self._news += 1
                holds_s = LANDED_S if event.kind == "landed" else NEWS_S
                made.append(cot_events.news(sender, self._news, event, _span(real_s, holds_s)))
        return [cot.encode(each) for each in made]

    def _sites(self, sender: Sender, m: Moment, real_s: float) -> list[CotEvent]:
        if real_s - self._site_s < SITES_EVERY_S:
            return []
        self._site_s = real_s
        span = _span(real_s, STALE_AFTER * SITES_EVERY_S)
        made = (cot_events.site(sender, s, span) for s in m.sites)
        return [each for each in made if each is not None]

    def _missiles(self, sender: Sender, m: Moment, real_s: float) -> list[CotEvent]:
        """All that fly every few seconds; what flies no more is stale at once."""
        gone = [f for name, f in self._flew.items() if name not in m.flying]
        made = [_missile(sender, f, m, _span(real_s, 0.0)) for f in gone]
        self._flew = dict(m.flying)
        if real_s - self._missile_s >= EVERY_S:
            self._missile_s = real_s
            span = _span(real_s, STALE_AFTER * EVERY_S)
            made += [_missile(sender, f, m, span) for f in m.flying.values()]
        return made


def _missile(sender: Sender, f: Flying, m: Moment, span: Span) -> CotEvent:
    at = (m.time_s, f.latitude_deg, f.longitude_deg, f.height_m)
    return cot_events.missile(sender, f.name, f.category, at, span, facts={"type": f.type})


def _span(real_s: float, holds_s: float) -> Span:
    now = dt.datetime.fromtimestamp(round(real_s, 3), dt.UTC)
    return Span(now, now + dt.timedelta(seconds=holds_s))
