"""Offsets of the stations of a table of measurements, against those that are taken to be right.

A tracker says which rows are of one missile; those of missiles in free flight that trusted stations saw too
tell by how much the others are off in range and angles.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.measurement import Station
from synaspis.model.tracking import StationBias
from synaspis.tracking.filters import COAST
from synaspis.tracking.following import Given
from synaspis.tracking.registration import Sighted, StationOffset, station_offsets
from synaspis.tracking.scan import Scan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FREE = 1e-2
"""A missile flies freely where the chance that it burns is below this,"""
LOWEST_M = 100e3
"""and above the air: what drag does is not told apart from what a station adds."""


@dataclass(eq=False)
class Diary:
    """Which rows a tracker gave to which track; `note` is for `Tracker(told=...)`."""

    pages: dict[tuple[float, int, bytes], tuple[Scan, Given]] = field(default_factory=dict)

    def note(self, scan: Scan, given: Given) -> None:
        """What a scan gave, in place of what it gave before it was worked out anew."""
        self.pages[scan.time_s, scan.station, scan.rows.tobytes()] = scan, given

    def sighted(self, column: Ints) -> list[Sighted]:
        """Looks at each missile in free flight that two stations saw; `column` (S,) as `Sighted.station`."""
        found: dict[int, list[tuple[Scan, int, Floats]]] = {}
        for key in sorted(self.pages):
            scan, given = self.pages[key]
            high = geodetic_from_ecef(given.mean[:, :3])[:, 2] > LOWEST_M
            for i in np.flatnonzero(high & (given.burns < FREE)).tolist():
                looks = found.setdefault(int(given.number[i]), [])
                looks.append((scan, int(given.row[i]), given.mean[i]))
        return [_looks(each, column) for each in found.values() if len({x.station for x, _, _ in each}) > 1]


def _looks(each: Sequence[tuple[Scan, int, Floats]], column: Ints) -> Sighted:
    scan, _, mean = each[-1]
    return Sighted(
        mean=mean, time_s=scan.time_s, mode=COAST.row(), rows=np.array([s.rows[row] for s, row, _ in each]),
        sights=np.array([s.sight for s, _, _ in each]), station=column[[s.station for s, _, _ in each]],
    )  # fmt: skip


def offsets(
    diary: Diary, stations: Sequence[Station], trusted: Collection[str]
) -> Mapping[str, StationOffset]:
    """By name: what each station that is not trusted adds. Empty where none was seen beside another."""
    others = [s for s, station in enumerate(stations) if station.name not in trusted]
    column = np.full(len(stations), -1, np.int64)
    column[others] = np.arange(len(others))
    sighted = diary.sighted(column)
    if not others or not sighted:
        return {}
    found = station_offsets(sighted, len(others))
    return {stations[s].name: one for s, one in zip(others, found.stations, strict=True)}


def corrected(
    arrived: Sequence[Scan], stations: Sequence[Station], found: Mapping[str, StationOffset]
) -> list[Scan]:
    """The scans without the offsets that are observable."""
    by_row = {s: found[station.name] for s, station in enumerate(stations) if station.name in found}
    return [
        replace(scan, rows=by_row[scan.station].corrected(scan.rows)) if scan.station in by_row else scan
        for scan in arrived
    ]


def told(found: Mapping[str, StationOffset], stations: Sequence[Station]) -> tuple[StationBias, ...]:
    """The offsets as an answer shows them, by name of the station."""
    kinds = {station.name: station.kind for station in stations}
    return tuple(
        StationBias(
            station=name, kind=kinds[name], looks=one.looks,
            mean=tuple(one.mean.tolist()), sigma=tuple(np.sqrt(np.diag(one.cov)).tolist()),
            observable=tuple(one.observable.tolist()),
        )
        for name, one in sorted(found.items())
    )  # fmt: skip
