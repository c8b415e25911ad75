"""How much one client may ask for. All that arrives is bounded before it is read."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_KEYS: Final = 4096


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many in a second in the long run, and so many at once after a rest."""

    per_s: float
    burst: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of a server of seats. People decide every few seconds: these stop machines, not people.

    Requests, connections and inputs count by seat; by address counts what comes without a valid cookie.
    """

    body_bytes: int = 4_096
    body_s: float = 10.0
    frame_bytes: int = 16_384
    head_bytes: int = 16_384
    requests: Rate = field(default=Rate(per_s=20.0, burst=100))
    connections: Rate = field(default=Rate(per_s=10.0, burst=50))
    inputs: Rate = field(default=Rate(per_s=5.0, burst=20))
    unknown: Rate = field(default=Rate(per_s=50.0, burst=200))
    refused_inputs: int = 100
    """Inputs above the rate, one after the other, that end a connection."""
    sockets: int = 100
    """Connections of one seat at the same time."""
    sessions: int = 100
    """People who may sit in one seat at the same time; a director sits alone."""
    behind_frames: int = 20
    """Frames that may wait for a slow client; then it is cut, and begins anew when it comes back."""
    concurrent: int = 2_000
    invitation_s: float = 12 * 3_600.0
    session_s: float = 24 * 3_600.0


class Meter:
    """What each key (a seat, an address) has used of a rate."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        """Whether one more is within the rate; if so it is counted."""
        now_s = self._clock()
        left, since_s = self._left.pop(key, (float(self._rate.burst), now_s))
        left = min(left + (now_s - since_s) * self._rate.per_s, float(self._rate.burst))
        allowed = left >= 1.0
        self._left[key] = (left - 1.0 if allowed else left, now_s)
        if len(self._left) > MOST_KEYS:
            self._left.popitem(last=False)  # who was longest away has a full measure again anyway
        return allowed
