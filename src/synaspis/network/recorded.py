"""Recorded measurements in place of the range: read from a table, and given to the node as time goes on.

The table is that of docs/measurements.md; its stations are the nation's own of the case. Satellites say with
each row where they were. A row's standard errors, where it gives none, are those of a look that just detects.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from synaspis.engine.detections import FRAME_S
from synaspis.engine.stations import measured_by
from synaspis.engine.world import World
from synaspis.errors import InputError, Problem
from synaspis.files import measurements
from synaspis.model.measurement import Measurements
from synaspis.network.seam import Looks, look_of
from synaspis.tracking.scan import Scan
from synaspis.tracking.sights import scans


class Recording:
    """A nation's measurements in order of time, as looks of its stations."""

    def __init__(self, path: Path, w: World, nation: str) -> None:
        """InputError where there is no such table, the nation has no station, or no row can be used."""
        stations = tuple(measured_by(w.stations[s]) for s in w.stations_of(nation))
        if not stations:
            what = f"{nation} has no station in this case: nothing measures"
            raise InputError([Problem("--input", 0, 0, what, "leave --input out")])
        self.read: Measurements = measurements.read(path, stations)
        if not self.read.time_s.size:
            names = ", ".join(s.name for s in stations)
            told = "; ".join(f"{n} {reason}" for reason, n in self.read.counts.items() if n)
            mend = f"give measurements of {names}, as docs/measurements.md says"
            raise InputError([Problem(str(path), 0, 0, f"no row can be used: {told}", mend)])
        self._scans = scans(self.read)
        self._next = 0

    @property
    def ends_s(self) -> float:
        """When the last measurement is received."""
        return float(self._scans[-1].received_s)

    @property
    def over(self) -> bool:
        """Whether all has been given."""
        return self._next >= len(self._scans)

    def due(self, now_s: float) -> Iterator[Looks]:
        """What has been received by `now_s` and was not given before, by frames."""
        while self._next < len(self._scans) and self._scans[self._next].received_s <= now_s:
            frame = _frame(self._scans[self._next])
            together = []
            while self._next < len(self._scans):
                scan = self._scans[self._next]
                if scan.received_s > now_s or _frame(scan) != frame:
                    break
                together.append(scan)
                self._next += 1
            yield Looks(
                frame,
                tuple(
                    look_of(self.read.stations[s.station].name, s, np.ones(len(s.rows), np.bool_))
                    for s in together
                ),
            )


def _frame(scan: Scan) -> int:
    return math.ceil(scan.received_s / FRAME_S)
