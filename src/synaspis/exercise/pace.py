"""When the next tick is due by the wall clock, when it is begun so as to be there by then, and how far behind
the machine is.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Final

SLOWEST: Final = 0.25
FASTEST: Final = 20.0
BEAT_S: Final = 0.5
"""Of the wall clock. Ticks keep step with whole multiples of it, as the server's frames do: they leave a
little later, and so show what is new at once."""
MADE_UP_S: Final = 1.0
"""What a slow tick costs is made up by quicker ones up to so much of the wall clock; the rest stays lost, as
nobody can decide against a clock that races."""
REMEMBERED: Final = 16
"""So many ticks tell how long the next may take: some take much longer than others, in turn."""
SPARE: Final = 1.25
"""A tick is begun so many times as long before it is due."""
MOST_AHEAD_S: Final = 1.0
"""And at most so long of the wall clock: what people do meanwhile counts in the last tick that was played."""


class Pace:
    """Ticks of `tick_s` seconds of the case at `speed` times the wall clock. Times are monotonic seconds."""

    def __init__(self, tick_s: float, speed: float = 1.0) -> None:
        self.tick_s, self.speed = tick_s, speed
        self._due_s = 0.0
        self._lost_s = 0.0
        self._behind_s = 0.0
        self._took_s: deque[float] = deque(maxlen=REMEMBERED)

    def start(self, now_s: float) -> None:
        """Time runs from the next whole multiple of `BEAT_S` on, at the speed set; nothing is behind."""
        self._due_s = math.ceil(now_s / BEAT_S) * BEAT_S + self.tick_s / self.speed
        self._lost_s = self._behind_s = 0.0

    @property
    def due_s(self) -> float:
        """When the next tick is due."""
        return self._due_s

    def begins_s(self, now_s: float) -> float:
        """How long until the next tick is to be begun, 0 where it is."""
        ahead_s = min(SPARE * max(self._took_s, default=0.0), MOST_AHEAD_S)
        return max(self._due_s - ahead_s - now_s, 0.0)

    def took(self, took_s: float) -> None:
        """A tick took so long to play."""
        self._took_s.append(took_s)

    def ticked(self, now_s: float) -> None:
        """A tick was played, and ended now: the next one is due a tick after it was due."""
        self._due_s += self.tick_s / self.speed
        lost_s = math.ceil(max(now_s - MADE_UP_S - self._due_s, 0.0) / BEAT_S) * BEAT_S
        self._due_s += lost_s
        self._lost_s += lost_s
        self._behind_s = max(now_s - self._due_s, 0.0)

    @property
    def behind_s(self) -> float:
        """Seconds of the wall clock that the exercise is behind since time last started or changed speed."""
        return self._lost_s + self._behind_s
