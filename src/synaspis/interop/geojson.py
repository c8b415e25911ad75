"""GeoJSON (RFC 7946): sites and events as points, ways of missiles as lines with heights.

Coordinates are longitude, latitude (degrees, WGS84) and height (m). Lines that cross the antimeridian are cut
there (section 3.1.9). Times, for which the format has no place, are `times_s` beside the line, one to each
position.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from synaspis.interop.telling import (
    MARKING,
    Path,
    Sample,
    Telling,
    event_facts,
    nearest_turn,
    path_facts,
    placed,
    site_facts,
)

Feature = dict[str, Any]


def geojson(told: Telling) -> str:
    """The document: one feature collection, with the head as its member `synaspis`."""
    features = [_site(told, i) for i in range(len(told.sites))]
    features += [_path(i, p, told) for i, p in enumerate(told.paths)]
    for i, e in enumerate(told.events):
        at = [e.longitude_deg, e.latitude_deg, round(1e3 * e.height_km, 1)]
        point = {"type": "Point", "coordinates": at}
        facts = {"utc": told.at(e.time_s), **event_facts(e)}
        features.append(_feature(f"event/{i}", "event", e.text, facts, point))
    head = json.dumps(dict(told.head))
    return f'{{"type": "FeatureCollection", "synaspis": {head}, "features": {one_a_line(features)}}}\n'


def one_a_line(things: Sequence[Mapping[str, Any]]) -> str:
    """A JSON list with a line for each of `things`. NaN and infinity are no JSON."""
    lines = ",\n".join(json.dumps(thing, allow_nan=False) for thing in things)
    return f"[\n{lines}\n]"


def cut(samples: Sequence[Sample]) -> list[list[Sample]]:
    """The line in parts, none of which crosses the antimeridian; parts meet at 180 and -180 degrees."""
    parts: list[list[Sample]] = [list(samples[:1])]
    for t_s, north, lon, up_m in samples[1:]:
        one = parts[-1][-1]
        east = nearest_turn(lon, one[2])
        other = (t_s, north, east, up_m)
        if abs(east) > 180.0:
            edge = 180.0 if east > 0.0 else -180.0
            part = (edge - one[2]) / (east - one[2])
            t, lat, height_m = (a + part * (b - a) for a, b in zip(_still(one), _still(other), strict=True))
            t, lat, height_m = round(t, 3), round(lat, 3), round(height_m, 1)
            parts[-1].append((t, lat, edge, height_m))
            parts.append([(t, lat, -edge, height_m)])
            other = (t_s, north, east - 2.0 * edge, up_m)
        parts[-1].append(other)
    return [p for p in map(_apart, parts) if len(p) > 1]


def _still(sample: Sample) -> tuple[float, float, float]:
    return sample[0], sample[1], sample[3]


def _apart(part: list[Sample]) -> list[Sample]:
    """The part without a position that only repeats the one before, as one on the antimeridian may."""
    return part[:1] + [b for a, b in pairwise(part) if a[1:] != b[1:]]


def _site(told: Telling, i: int) -> Feature:
    s = told.sites[i]
    point = {"type": "Point", "coordinates": [s.longitude_deg, s.latitude_deg]} if placed(s) else None
    return _feature(f"site/{i}", "site", s.name, site_facts(s), point)


def _path(i: int, p: Path, told: Telling) -> Feature:
    parts = cut(p.samples)
    lines = [[[lon, lat, height_m] for _, lat, lon, height_m in part] for part in parts]
    times = [[t for t, *_ in part] for part in parts]
    facts = dict(path_facts(p))
    shape: dict[str, Any] | None = None
    if len(lines) == 1:
        shape = {"type": "LineString", "coordinates": lines[0]}
    elif lines:
        shape = {"type": "MultiLineString", "coordinates": lines}
    timed = {"times_s": times[0] if len(times) == 1 else times} if lines else {}
    begins = {"utc": told.at(p.samples[0][0])} if p.samples else {}
    return _feature(f"path/{i}", "path", p.flight.threat, {**begins, **facts, **timed}, shape)


def _feature(
    name: str, what: str, title: str, facts: Mapping[str, Any], shape: Mapping[str, Any] | None
) -> Feature:
    properties = {"marking": MARKING, "what": what, "name": title, **facts}
    return {"type": "Feature", "id": name, "properties": properties, "geometry": shape}
