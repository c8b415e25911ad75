"""What a gateway did, in numbers, and each event for whoever keeps the log; and the clocks it goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Clock(Protocol):
    """The two times of an exercise."""

    def utc_ns(self) -> int:
        """UTC in nanoseconds, as this machine has it."""

    def case_s(self) -> float:
        """Seconds since the start of the raid."""


def _silent(_event: str, **_told: object) -> None:
    """Nobody listens."""


@dataclass
class Tally:
    """Counts by name of event and what it is about; `log` hears of each as it happens."""

    log: Callable[..., None] = _silent
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, event: str, about: str = "", times: int = 1, **told: object) -> None:
        """Count an event, and tell it with everything known of it."""
        self.counts[event, about] += times
        self.log(event, about=about, **told)

    def count(self, event: str, about: str = "") -> int:
        """How often an event came; of all kinds where `about` is left out."""
        if about:
            return self.counts[event, about]
        return sum(n for (name, _), n in self.counts.items() if name == event)
