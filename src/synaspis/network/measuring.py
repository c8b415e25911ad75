"""Measurements between nations: own looks as messages, and others' as scans of their stations.

A measurement that a clause gives without any term goes into the recipient's own tracker; what is given on
terms goes as a track. So it is in `engine.sources`, and here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from synaspis.engine.detections import Seen
from synaspis.engine.geometry import Floats
from synaspis.engine.sources import Finder, given_freely, working
from synaspis.engine.stations import measured_by
from synaspis.engine.world import Station as Fielded
from synaspis.engine.world import World
from synaspis.kernels import sight
from synaspis.model.measurement import LINE_LATITUDE, LINE_LONGITUDE, VALUES, Measurements
from synaspis.model.sensor import Radar
from synaspis.network import bodies
from synaspis.network.message import Message
from synaspis.network.rulebook import Offer
from synaspis.sharing.rules import Rules
from synaspis.tracking import sights

PRODUCT: Final = "measurement"
_UPPER = np.triu_indices(VALUES)


def freely_given(w: World, me: str, given: Rules) -> Mapping[int, frozenset[str]]:
    """For each own station (row), the nations that some clause gives its measurements free of any term."""
    find, works = Finder(w), working(w, given)
    to: dict[int, set[str]] = {}
    for nation in w.nations:
        for source in find.of(given, nation, works)[1:] if nation != me else ():
            if source.owner == me and not source.via and given_freely(source):
                for s, _, _ in source.entries:
                    to.setdefault(s, set()).add(nation)
    return {s: frozenset(nations) for s, nations in to.items()}


def offers(w: World, to: Mapping[int, frozenset[str]], seen: Iterable[Seen]) -> list[Offer]:
    """Own looks as they are offered, each detection by itself: those that need nobody's cue."""
    found = []
    for one in seen:
        station, scan = w.stations[one.station], one.scan
        if one.station not in to:
            continue
        for row in scan.rows[one.free]:
            body = bodies.write(_body(station, scan.sight, row))
            found.append(Offer(
                product=PRODUCT, track=station.name, made_s=max(scan.received_s, 0.0), body=body,
                sensors=(station.deployed,), to=to[one.station],
            ))  # fmt: skip
    return found


def _body(station: Fielded, stand: Floats, row: Floats) -> bodies.Measurement:
    values, spread = np.full(VALUES, np.nan), np.full((VALUES, VALUES), np.nan)
    radar = isinstance(station.type, Radar)
    if radar:
        errors = row[sight.ERROR : sight.ERROR + VALUES]
        known = np.isfinite(errors)
        values[known] = row[sight.RANGE : sight.RANGE + VALUES][known]
        spread[np.ix_(known, known)] = np.diag(errors[known] ** 2)
    else:
        first, second, error = row[sight.FIRST_ANGLE], row[sight.SECOND_ANGLE], row[sight.ERROR + 2]
        across, ahead, up = stand[sight.FRAME :].reshape(3, 3)
        level = math.sin(first) * across + math.cos(first) * ahead
        line = math.cos(second) * level + math.sin(second) * up
        latitude_rad = math.asin(min(max(line[2], -1.0), 1.0))
        values[LINE_LONGITUDE], values[LINE_LATITUDE] = math.atan2(line[1], line[0]), latitude_rad
        spread[LINE_LONGITUDE, LINE_LONGITUDE] = (error / max(math.cos(latitude_rad), 1e-6)) ** 2
        spread[LINE_LATITUDE, LINE_LATITUDE] = error**2
        spread[LINE_LONGITUDE, LINE_LATITUDE] = 0.0
    told = [None if math.isnan(v) else v for v in values.tolist()]
    covariance = tuple(None if math.isnan(v) else v for v in spread[_UPPER].tolist())
    place = (float(stand[0]), float(stand[1]), float(stand[2]))
    return bodies.Measurement(
        station.name[:60], "radar" if radar else "infrared", float(row[sight.TIME]),
        (told[0], told[1], told[2], told[3]), covariance, place,
    )  # fmt: skip


def seen_by_others(w: World, messages: Iterable[tuple[str, Message]]) -> tuple[list[Seen], int]:
    """Others' measurements as scans of their stations, and how many are of no station of their sender or
    cannot be. Those of one station and time are one scan."""
    good: list[tuple[int, float, bodies.Measurement]] = []
    strange = 0
    for sender, message in messages:
        body = bodies.read(PRODUCT, message.body)
        rows = [s for s in w.stations_of(sender) if isinstance(body, bodies.Measurement)
                and w.stations[s].name[:60] == body.station]  # fmt: skip
        if rows and isinstance(body, bodies.Measurement) and _can_be(w.stations[rows[0]], body, message):
            good.append((rows[0], message.made_s, body))
        else:
            strange += 1
    return _scans(w, good), strange


def _can_be(station: Fielded, body: bodies.Measurement, message: Message) -> bool:
    """Whether all that its kind of station must tell is there, and errors are errors."""
    radar = isinstance(station.type, Radar)
    if body.kind != ("radar" if radar else "infrared") or not 0.0 <= body.time_s <= message.made_s:
        return False
    if any(v is None for v in body.values[: 3 if radar else 2]):
        return False
    spread = _spread(body)
    known = [i for i, v in enumerate(body.values) if v is not None]
    return bool(np.isfinite(spread[np.ix_(known, known)]).all() and (np.diag(spread)[known] > 0.0).all())


def _spread(body: bodies.Measurement) -> Floats:
    found = np.full((VALUES, VALUES), np.nan)
    found[_UPPER] = found.T[_UPPER] = [math.nan if v is None else v for v in body.covariance]
    return found


def _scans(w: World, good: list[tuple[int, float, bodies.Measurement]]) -> list[Seen]:
    if not good:
        return []
    used = sorted({row for row, _, _ in good})
    # In an order that does not hang on that of their coming.
    good = sorted(good, key=lambda one: (one[1], one[0], one[2].time_s, str(one[2].values)))
    place = np.array([b.place_m for _, _, b in good])
    table = Measurements(
        source="", stations=tuple(measured_by(w.stations[s]) for s in used),
        time_s=np.array([b.time_s for _, _, b in good]), received_s=np.array([made for _, made, _ in good]),
        station=np.array([used.index(row) for row, _, _ in good]),
        values=np.array([[math.nan if v is None else v for v in b.values] for _, _, b in good]),
        covariance=np.array([_spread(b) for _, _, b in good]), place_m=place,
        row=np.arange(len(good)), counts={}, rejections=(),
    )  # fmt: skip
    found = []
    for scan in sights.scans(table):
        own = used[scan.station]
        scan = type(scan)(
            time_s=scan.time_s, received_s=scan.received_s, station=own, sight=scan.sight, rows=scan.rows
        )
        found.append(Seen(station=own, scan=scan, free=np.ones(len(scan.rows), np.bool_)))
    return found
