"""Rows of a case's list from a GeoJSON file (RFC 7946): properties are the keys, the geometry is the place.

A Point is the place. A Polygon or MultiPolygon stands for its middle; where the list has radii, for the
circle of equal area about it, unless its properties give `radius_km`. Properties that are no key are passed
over, but one that looks like a key is said.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import Problem
from synaspis.files import tree, words
from synaspis.files.reader import Column, columns
from synaspis.files.tree import List, Map, Node, Scalar

Floats = NDArray[np.float64]

MOST_FEATURES: Final = 5_000
MEAN_RADIUS_KM: Final = 6_371.008_8
_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SHAPES: Final = ("Point", "Polygon", "MultiPolygon")


class _Bad(Exception):
    """A place that cannot be one: where, what is wrong, and the mend."""

    def __init__(self, node: Node, what: str, mend: str) -> None:
        self.node, self.what, self.mend = node, what, mend


def rows(text: str, file: str, noun: type, problems: list[Problem]) -> list[Node] | None:
    """The features of `text` as mappings for a reader of `noun`; None where they cannot be told apart.

    What is wrong goes to `problems`.
    """
    root = _tree(text, file, problems)
    if root is None:
        return None

    def say(node: Node, what: str, mend: str) -> None:
        problems.append(Problem(file, node.line, node.column, what, mend))

    features = root.pairs.get("features") if isinstance(root, Map) else None
    if (
        not isinstance(root, Map)
        or _word(root, "type") != "FeatureCollection"
        or not isinstance(features, List)
    ):
        say(root, "this is no FeatureCollection", "give a GeoJSON FeatureCollection (RFC 7946)")
        return None
    if "crs" in root.keys:
        mend = "reproject to longitude and latitude on WGS84, and take `crs` out (RFC 7946, section 4)"
        say(root.keys["crs"], "the file names a coordinate system", mend)
        return None
    if len(features.items) > MOST_FEATURES:
        say(features, f"there are {len(features.items):,} features", f"give at most {MOST_FEATURES:,}")
        return None
    known = {c.key: c for c in columns(noun)}
    told: set[str] = set()
    found: list[Node] = []
    for feature in features.items:
        try:
            found.append(_row(feature, known, told, say, file))
        except _Bad as bad:
            say(bad.node, bad.what, bad.mend)
    # Without one of them, what names it would be wrong as well.
    return found if len(found) == len(features.items) else None


def _tree(text: str, file: str, problems: list[Problem]) -> Node | None:
    """The document with its places. JSON is YAML but for tabs and halves of characters."""

    def endless(word: str) -> None:
        raise ValueError(f"{word} is no number")

    try:
        json.loads(text, parse_constant=endless)
    except json.JSONDecodeError as error:
        what = f"this is not JSON: {error.msg.lower()}"
        problems.append(Problem(file, error.lineno, error.colno, what, "check quotes, brackets and commas"))
        return None
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        problems.append(Problem(file, 1, 1, f"this is not JSON: {what[:80]}", "write numbers out"))
        return None
    plain = _PAIR.sub(lambda m: json.loads(f'"{m.group()}"'), text).replace("\t", " ")
    root, wrong = tree.parse(plain.encode("utf-8", "replace"), file)
    problems += wrong
    return None if wrong else root


def _word(node: Node | None, key: str) -> str:
    found = node.pairs.get(key) if isinstance(node, Map) else None
    return found.text if isinstance(found, Scalar) else ""


def _row(feature: Node, known: Mapping[str, Column], told: set[str], say: Any, file: str) -> Map:
    if not isinstance(feature, Map) or _word(feature, "type") != "Feature":
        raise _Bad(feature, "this is no Feature", "give Features alone")
    row = Map(feature.line, feature.column, file=file)
    given = feature.pairs.get("properties")
    for key, value in given.pairs.items() if isinstance(given, Map) else ():
        where = given.keys[key] if isinstance(given, Map) else feature
        if key in known:
            if not (isinstance(value, Scalar) and value.is_null):
                _put(row, key, _in_file(value, file))
        elif key not in told and words.nearest(key, known) is not None:
            told.add(key)
            mend = words.suggest(key, known) + " If it is something else, take it out or rename it"
            say(where, f"unknown property `{words.shown(key)}`", mend)
    lon, lat, radius_km = _place(feature)
    for key, number, node in (("latitude_deg", lat[0], lat[1]), ("longitude_deg", lon[0], lon[1])):
        if key in row.pairs:
            what = f"`{key}` stands among the properties, beside the geometry"
            raise _Bad(row.pairs[key], what, "take it out: the geometry gives the place")
        _put(row, key, Scalar(number, True, node.line, node.column, file=file))
    if radius_km and "radius_km" in known and "radius_km" not in row.pairs:
        _put(row, "radius_km", Scalar(f"{radius_km:.3f}", True, lat[1].line, lat[1].column, file=file))
    return row


def _put(row: Map, key: str, value: Node) -> None:
    row.keys[key] = Scalar(key, True, value.line, value.column, file=value.file)
    row.pairs[key] = value
    row.size += value.size


def _in_file(node: Node, file: str) -> Node:
    node.file = file
    for inner in (
        node.items if isinstance(node, List) else node.pairs.values() if isinstance(node, Map) else ()
    ):
        _in_file(inner, file)
    return node


_At = tuple[str, Node]


def _place(feature: Map) -> tuple[_At, _At, float]:
    """Longitude and latitude as written, with where they stand, and the radius of a shape's circle, km."""
    shape = feature.pairs.get("geometry")
    kind = _word(shape, "type")
    held = shape.pairs.get("coordinates") if isinstance(shape, Map) else None
    if not isinstance(shape, Map) or kind not in _SHAPES or held is None:
        raise _Bad(shape or feature, f"its geometry is {kind or 'none'}", "give a " + ", ".join(_SHAPES))
    if kind == "Point":
        _position(held)
        assert isinstance(held, List)
        lon, lat = held.items[:2]
        assert isinstance(lon, Scalar) and isinstance(lat, Scalar)
        return (lon.text, lon), (lat.text, lat), 0.0
    polygons = [held] if kind == "Polygon" else _items(held, "polygons")
    middle, area = np.zeros(3), 0.0
    for polygon in polygons:
        for i, ring in enumerate(_items(polygon, "rings")):
            outward, size = _ring(ring)
            middle += outward if i == 0 else -outward
            area += size if i == 0 else -size
    if not area > 0.0 or not np.linalg.norm(middle) > 1e-12:
        raise _Bad(held, "the shape has no area", "give a Point, or a shape with one outline and its holes")
    lat_deg = math.degrees(math.atan2(middle[2], math.hypot(middle[0], middle[1])))
    lon_deg = math.degrees(math.atan2(middle[1], middle[0]))
    radius_km = MEAN_RADIUS_KM * math.sqrt(area / math.pi)
    return (f"{lon_deg:.5f}", held), (f"{lat_deg:.5f}", held), radius_km


def _items(node: Node, what: str) -> list[Node]:
    if not isinstance(node, List) or not node.items:
        raise _Bad(node, f"here are no {what}", "give coordinates as RFC 7946 nests them (section 3.1)")
    return node.items


def _position(node: Node) -> tuple[float, float]:
    """Longitude and latitude of a position, in degrees and in bounds."""
    items = node.items if isinstance(node, List) else []
    told = [words.number(n.text) if isinstance(n, Scalar) and n.plain else None for n in items]
    numbers = [float(n) for n in told if n is not None]
    if not 2 <= len(items) <= 4 or len(numbers) != len(items):
        raise _Bad(node, "this is no position", "give longitude and latitude, in this order, in degrees")
    lon, lat = numbers[:2]
    if abs(lat) > 90.0 and abs(lon) <= 90.0:
        what = f"the latitude is {lat:g}: the two are probably swapped"
        raise _Bad(items[1], what, "give the longitude first, then the latitude (RFC 7946, section 3.1.1)")
    if abs(lat) > 90.0 or not math.isfinite(lat):
        raise _Bad(items[1], f"the latitude is {lat:g}", "give degrees from -90 to 90, not metres of a map")
    if abs(lon) > 180.0 or not math.isfinite(lon):
        mend = "give degrees from -180 to 180; what crosses the antimeridian is cut there (section 3.1.9)"
        raise _Bad(items[0], f"the longitude is {lon:g}", mend)
    return lon, lat


def _ring(node: Node) -> tuple[Floats, float]:
    """The outward unit vector summed over what a ring encloses, and its area, on the unit sphere."""
    corners = np.array([_position(n) for n in _items(node, "positions")])
    if len(corners) < 4 or (corners[0] != corners[-1]).any():
        raise _Bad(node, "the ring is not closed", "give four positions or more, the last as the first")
    lon, lat = np.radians(corners.T)
    turn = np.abs(np.diff(lon))
    if (turn > math.pi).any():
        raise _Bad(
            node, "the ring crosses the antimeridian", "cut it there into two (RFC 7946, section 3.1.9)"
        )
    area = 0.5 * float((np.diff(lon) * (2.0 + np.sin(lat[1:]) + np.sin(lat[:-1]))).sum())
    ends = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    cross = np.cross(ends[:-1], ends[1:])
    sine = np.linalg.norm(cross, axis=1)
    cosine = (ends[:-1] * ends[1:]).sum(axis=1)
    share = np.where(sine > 0.0, np.arctan2(sine, cosine) / np.where(sine > 0.0, sine, 1.0), 0.0)
    middle: Floats = 0.5 * (cross * share[:, None]).sum(axis=0)
    if middle @ ends[:-1].sum(axis=0) < 0.0:
        middle = -middle
    return middle, abs(area)
