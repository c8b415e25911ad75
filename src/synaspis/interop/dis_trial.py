"""A run's trial as DIS: the PDUs with their seconds, and a capture of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from synaspis.errors import InputError, Problem
from synaspis.interop.captures import captured
from synaspis.interop.dis_cast import (
    DESTROYED,
    EMITS_S,
    GONE,
    MOVES_S,
    PORT,
    REACH_M,
    SHOTS,
    STAYS_S,
    TERMINATION,
    Body,
    Cast,
    off_m,
)
from synaspis.interop.dis_records import ZERO, Vector
from synaspis.interop.telling import Path, Telling, nearest_turn, placed
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.model.answers import SiteMark

STEP_S: Final = 1.0
"""A drawn way is looked at so often for where dead reckoning leaves it."""
MOST_BEATS: Final = 2_000
"""Of one thing that stands still: in a raid of more than five hours they come less often."""
EPOCH_END_S: Final = 2**32
Packet = tuple[float, bytes]


def packets(told: Telling) -> list[Packet]:
    """The PDUs with their seconds of the raid: Start/Resume first, Stop/Freeze last."""
    first_s, last_s = told.span_s
    first_s = min(first_s, 0.0)
    cast = Cast(told.starts, told.sites)
    sites = [s for s in told.sites if stands(s)]
    for path in told.paths:
        cast.row(path.flight.threat)  # by the raid's order, whichever is shot at first
    types = {p.flight.threat: p.flight.type for p in told.paths}
    found = [(t, cast.site(s, t)) for s in sites for t in _beats(first_s, last_s, STAYS_S)]
    radars = [s for s in sites if s.kind == "radar"]
    found += [(t, cast.radar(s, t)) for s in radars for t in _beats(first_s, last_s, EMITS_S)]
    found += [(e.time_s, cast.event(e, types.get(e.threat, ""))) for e in told.events if e.kind in SHOTS]
    for path in told.paths:
        found += [(t, cast.missile(body, t)) for t, body in _moves(path)]
    found.sort(key=lambda packet: packet[0])
    return [(first_s, cast.begins(first_s)), *found, (last_s, cast.stands(last_s, TERMINATION))]


def document(told: Telling) -> bytes:
    """The PDUs as a capture, each a datagram to port 3000 at its moment of the raid, UTC.

    InputError for a raid before 1970 or after 2106, of which a capture cannot tell.
    """
    cast = Cast(told.starts, ())
    times = [cast.unix_s(s) for s in (min(told.span_s[0], 0.0), told.span_s[1])]
    if times[0] < 0 or times[1] >= EPOCH_END_S:
        what = f"its raid is of {told.starts:%Y}, and a capture has moments from 1970 to 2106"
        raise InputError([Problem("RUN", 0, 0, what, "date the case so, or send it with --udp")])
    return captured(((cast.unix_s(time_s), pdu) for time_s, pdu in packets(told)), PORT)


def stands(s: SiteMark) -> bool:
    """Whether a site is an entity: sensors and batteries are that stand at one place, not assets."""
    return s.kind in ("radar", "battery", "aircraft") and placed(s)


def _beats(first_s: float, last_s: float, each_s: float) -> list[float]:
    each_s = max(each_s, (last_s - first_s) / MOST_BEATS)
    return [first_s + each_s * n for n in range(int((last_s - first_s) // each_s) + 1)]


def _moves(path: Path) -> Iterator[tuple[float, Body]]:
    """Where a missile is, as often as dead reckoning needs it, and that it is no more."""
    if not path.samples:
        return
    times, places = _looked_at(path)
    name, type = path.flight.threat, path.flight.type
    sent: tuple[float, Vector, Vector] | None = None
    for i in range(len(times) - 1):
        t, place = times[i], places[i]
        if sent and t - sent[0] < MOVES_S and off_m(sent[1], sent[2], t - sent[0], place) <= REACH_M:
            continue
        after_s = times[i + 1] - t
        x, y, z = ((b - a) / after_s for a, b in zip(place, places[i + 1], strict=True))
        sent = t, place, (x, y, z)
        yield t, Body(name=name, type=type, place=place, velocity=sent[2])
    look = GONE | DESTROYED if path.fate == "killed" else GONE
    yield times[-1], Body(name=name, type=type, place=places[-1], velocity=ZERO, appearance=look)


def _looked_at(path: Path) -> tuple[list[float], list[Vector]]:
    """Times along a drawn way, its own among them, and the places there, ECEF."""
    rows = np.array(path.samples)
    for i in range(1, len(rows)):
        rows[i, 2] = nearest_turn(rows[i, 2], rows[i - 1, 2])
    times = np.unique(np.concatenate([rows[:, 0], np.arange(rows[0, 0], rows[-1, 0], STEP_S)]))
    lat, lon, height_m = (np.interp(times, rows[:, 0], rows[:, i]) for i in (1, 2, 3))
    places = ecef_from_geodetic(np.column_stack([np.radians(lat), np.radians(lon), height_m]))
    return times.tolist(), [tuple(row) for row in places.tolist()]
