"""Recordings of other systems as measurements: ASTERIX plots and tracks, and DIS entities, captured or raw.

A recording says who measured by numbers (area and identification code, or site and application), and when by
the second of a day or of an hour. Here it becomes rows with the second of the raid; what cannot be used is
left out, counted by reason, and the first of each reason told with its place.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synaspis.interop import asterix, captures, dis
from synaspis.interop.asterix import DAY_S, Malformed, Plot, SystemTrack
from synaspis.interop.dis_records import EntityState, past_hour_s
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.measurement import LATEST_S

Floats = NDArray[np.float64]
HOUR_S: Final = 3600.0
MUNITION, OPPOSING = 2, 2
TRACK_SIGMA_M: Final = 500.0
"""Assumed, of the place of a track that states no accuracy."""
ENTITY_SIGMA_M: Final = 100.0
"""Assumed, of the place of an entity: DIS states none."""
LEVEL_SIGMA_M: Final = 300.0
"""Assumed, of a pressure altitude taken as a height."""
HEIGHT_SIGMA_M: Final = 50.0
"""Assumed, of a height above mean sea level taken as one above the ellipsoid."""

MOST_ROWS: Final = 1_000_000
"""Measurements in one recording, at most: what a machine holds in memory."""

REASONS: Final = {
    "malformed": "bytes that are no record",
    "incomplete": "plots and tracks without time, place or status",
    "other": "records and packets of other kinds",
    "own_side": "entities that are no munition of the opposing side",
    "foretold": "plots that the radar did not detect",
    "no_height": "plots and tracks without height, or with an impossible one",
    "unseen": "places below the horizon of the radar that they are mapped to",
    "outside": "before second 0 of the run, or more than a day after it",
    "unmapped": "of a source that is mapped to no radar of the case",
}
"""Why something in a recording is not used."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measurement as recorded: a plot, or a place (m, Earth-fixed) with its standard error."""

    at: str
    time_s: float
    source: str
    plot: Plot | None = None
    place_m: tuple[float, float, float] | None = None
    sigma_m: float = math.nan


@dataclass(kw_only=True)
class Recorded:
    """What a recording holds. `sources` counts rows by who measured, `simulated` those that say so."""

    rows: list[Row] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    simulated: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def leave_out(self, reason: str, at: str, why: str = "", count: int = 1) -> None:
        """Count what is not used."""
        self.left_out[reason] += count
        self.first.setdefault(reason, f"{at}: {why}" if why else at)


class _Clock:
    """Tells seconds of the raid from what says only the second of a day or of an hour.

    The turn is the one that brings it nearest to when it was captured, or, where that is not known, to the
    record before it; the first lies from six hours before second 0 (or a quarter of an hour) on.
    """

    def __init__(self, starts: dt.datetime) -> None:
        self._starts = starts.replace(tzinfo=dt.UTC)
        midnight = self._starts.replace(hour=0, minute=0, second=0, microsecond=0)
        self._of_day_s = (self._starts - midnight).total_seconds()
        self._last: dict[float, float] = {}

    def raid_s(self, unix_s: float) -> float:
        return unix_s - self._starts.timestamp()

    def of(self, past_s: float, turn_s: float, captured_s: float | None) -> float:
        """Second of the raid of what is `past_s` after the day or hour began; `captured_s` is of the raid."""
        near = self._last.get(turn_s, turn_s / 4.0) if captured_s is None else captured_s
        plain = past_s - self._of_day_s
        found = plain + turn_s * math.floor((near - plain) / turn_s + 0.5)
        self._last[turn_s] = found
        return found


def read(data: bytes, starts: dt.datetime) -> Recorded:
    """The measurements in a recording; `starts` (UTC) is second 0.

    ValueError where it is a broken capture, or holds too many.
    """
    found, clock = Recorded(), _Clock(starts)
    if not captures.is_capture(data):
        _payload(found, clock, data, "", None)
        return found
    packets, skipped = captures.datagrams(data)
    if skipped:
        found.leave_out("other", "capture", "packets that are no whole UDP datagram", skipped)
    for packet in packets:
        _payload(found, clock, packet.payload, f"packet {packet.number}, ", clock.raid_s(packet.time_s))
    return found


def is_dis(data: bytes) -> bool:
    """Whether `data` begins as a DIS PDU does: a version from 4 to 7, and a length that it can have."""
    if len(data) < dis.HEADER.size or not 4 <= data[0] <= dis.VERSION:
        return False
    return dis.HEADER.size <= int.from_bytes(data[8:10], "big") <= len(data)


def _payload(found: Recorded, clock: _Clock, data: bytes, where: str, captured_s: float | None) -> None:
    if is_dis(data):
        _entities(found, clock, data, where, captured_s)
        return
    for number, record in enumerate(asterix.records(data), start=1):
        at = f"{where}record {number}"
        if isinstance(record, Malformed):
            reason = "incomplete" if record.whole else "malformed"
            found.leave_out(reason, f"{where}byte {record.at}", record.why)
        elif isinstance(record, int):
            found.leave_out("other", at, f"ASTERIX category {record}")
        else:
            time_s = clock.of(record.time_of_day_s, DAY_S, captured_s)
            _add(found, record, at, time_s)


def _add(found: Recorded, record: Plot | SystemTrack, at: str, time_s: float) -> None:
    source = f"{record.source[0]}/{record.source[1]}"
    if isinstance(record, Plot):
        if not record.detected:
            found.leave_out("foretold", at)
            return
        row = Row(at=at, time_s=time_s, source=source, plot=record)
    else:
        height_m, sigma_m = record.height_m, record.sigma_m
        if math.isnan(height_m):
            height_m, sigma_m = record.level_m, max(LEVEL_SIGMA_M, sigma_m)
        if math.isnan(height_m):
            found.leave_out("no_height", at)
            return
        spot = (math.radians(record.latitude_deg), math.radians(record.longitude_deg), height_m)
        x, y, z = ecef_from_geodetic(np.array([spot]))[0].tolist()
        stated = sigma_m if sigma_m > 0.0 else TRACK_SIGMA_M
        row = Row(at=at, time_s=time_s, source=source, place_m=(x, y, z), sigma_m=stated)
    found.simulated += record.simulated
    _keep(found, row)


def _entities(
    found: Recorded, clock: _Clock, data: bytes, where: str, captured_s: float | None
) -> None:  # fmt: skip
    reader = dis.Reader(io.BytesIO(data))
    for number, pdu in enumerate(reader, start=1):
        at = f"{where}PDU {number}"
        if not isinstance(pdu, EntityState):
            found.leave_out("other", at, type(pdu).__name__)
        elif pdu.type[0] != MUNITION or pdu.force != OPPOSING:
            found.leave_out("own_side", at)
        else:
            absolute = bool(pdu.head.timestamp & 1) or captured_s is None
            past_s = past_hour_s(pdu.head.timestamp)
            time_s = clock.of(past_s, HOUR_S, captured_s) if absolute else captured_s
            source = f"{pdu.entity.site}/{pdu.entity.application}"
            assert time_s is not None
            found.simulated += 1
            _keep(found, Row(
                at=at, time_s=time_s, source=source, place_m=pdu.location, sigma_m=ENTITY_SIGMA_M,
            ))  # fmt: skip
    if reader.skipped:
        first = reader.first[0]
        found.leave_out("malformed", f"{where}{first.place}", first.why, reader.skipped)


def _keep(found: Recorded, row: Row) -> None:
    found.sources[row.source] += 1
    if not 0.0 <= row.time_s <= LATEST_S:
        found.leave_out("outside", row.at, f"second {row.time_s:,.1f} of the raid")
        return
    if len(found.rows) >= MOST_ROWS:
        raise ValueError(f"has more than {MOST_ROWS:,} measurements")
    found.rows.append(row)
