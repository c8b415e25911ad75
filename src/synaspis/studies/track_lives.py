"""The lives of tracks: who was confirmed at all, from its first detection to its last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synaspis.model.measurement import Station
from synaspis.model.tracking import Life
from synaspis.tracking.tracks import Confirmed


class Ledger:
    """Keeps every track that was ever confirmed, also one that no picture shows.

    `names` numbers them from 1 on, as they were confirmed; those of one scan by their first detections.
    """

    def __init__(self, stations: Sequence[Station]) -> None:
        self._stations = tuple(station.name for station in stations)
        self._last: Confirmed | None = None
        self._lives: dict[int, Life] = {}
        self.names: dict[int, int] = {}

    def note(self, now: Confirmed) -> None:
        """Take down what is confirmed after a scan."""
        if self._last is not None:
            self._keep(self._last, np.flatnonzero(~np.isin(self._last.number, now.number)).tolist())
        new = np.flatnonzero([number not in self.names for number in now.number.tolist()])
        for t in new[np.lexsort((now.number[new], now.first_s[new]))].tolist():
            self.names[int(now.number[t])] = len(self.names) + 1
        self._last = now

    def lives(self) -> tuple[Life, ...]:
        """All of them, by number."""
        if self._last is not None:
            self._keep(self._last, range(len(self._last.number)))
        return tuple(sorted(self._lives.values(), key=lambda life: life.number))

    def _keep(self, of: Confirmed, which: Sequence[int]) -> None:
        for t in which:
            number = self.names[int(of.number[t])]
            seen = zip(self._stations, of.seen_by[t].tolist(), strict=True)
            self._lives[number] = Life(
                number=number, first_s=float(of.first_s[t]), last_s=float(of.last_s[t]),
                detections={name: count for name, count in seen if count},
            )  # fmt: skip
