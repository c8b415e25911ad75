"""Points spread evenly over wide circles and over nations' soil, for no site of interest.

Where a pattern begins is given by `first`, `turn_rad` and `phase`: the same question has the same points,
and no two questions have one in common.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.under import areas
from synaspis.errors import InputError, Problem
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.model.borders import Borders
from synaspis.model.stability import PLACE_STEP_DEG, RADIUS_STEP_M, Destination, LaunchRegion

Floats = NDArray[np.float64]
Place = TypeVar("Place", LaunchRegion, Destination)

_GOLDEN_RAD = math.pi * (3.0 - math.sqrt(5.0))
_PLASTIC = 1.324717957244746
"""Root of x^3 = x + 1: M. Roberts, The Unreasonable Effectiveness of Quasirandom Sequences, 2018."""
_STEPS = np.array([1.0 / _PLASTIC, 1.0 / _PLASTIC**2])
_NEAREST_POLE_RAD = math.radians(89.99)
_LOT = 4096
_MOST_LOTS = 64


def coarse(place: Place) -> Place:
    """A region or wide area by the nearest `PLACE_STEP_DEG` and `RADIUS_STEP_M`; a nation as it is.

    So that nobody can shift a circle by a little and read off what came in and what went out.
    """
    f, x, radius_m = place.latitude_rad, place.longitude_rad, place.radius_m
    if f is None or x is None or radius_m is None:
        return place
    return replace(
        place, latitude_rad=_stepped(f), longitude_rad=_stepped(x),
        radius_m=RADIUS_STEP_M * round(radius_m / RADIUS_STEP_M),
    )  # fmt: skip


def _stepped(angle_rad: float) -> float:
    return math.radians(PLACE_STEP_DEG * round(math.degrees(angle_rad) / PLACE_STEP_DEG))


def even_pairs(count: int, first: int = 0) -> Floats:
    """(count, 2) pairs in [0, 1) from the `first` on, any run of which is spread evenly."""
    pairs: Floats = np.mod(0.5 + np.arange(first + 1, first + 1 + count)[:, None] * _STEPS, 1.0)
    return pairs


def sunflower(
    latitude_rad: float, longitude_rad: float, radius_m: float, count: int, turn_rad: float = 0.0,
    phase: float = 0.5,
) -> Floats:  # fmt: skip
    """(count, 2) latitude and longitude, rad, of an even pattern over a circle, from its middle outward.

    `turn_rad` turns it; `phase`, in [0, 1), says how far out the first point lies.
    """
    k: Floats = np.arange(count, dtype=np.float64) + phase
    return _in_circle(latitude_rad, longitude_rad, radius_m, k / count, k * _GOLDEN_RAD + turn_rad)


def circle(latitude_rad: float, longitude_rad: float, radius_m: float, count: int, first: int = 0) -> Floats:
    """(count, 2) the same in an order of which every run is spread evenly, from the `first` on."""
    u = even_pairs(count, first)
    return _in_circle(latitude_rad, longitude_rad, radius_m, u[:, 0], 2.0 * math.pi * u[:, 1])


def _in_circle(
    latitude_rad: float, longitude_rad: float, radius_m: float, share: Floats, bearing: Floats
) -> Floats:
    """Places that hold `share` of a circle's area nearer to its middle."""
    latitude_rad = min(max(latitude_rad, -_NEAREST_POLE_RAD), _NEAREST_POLE_RAD)  # where east has a meaning
    cosine = 1.0 - share * (1.0 - math.cos(radius_m / MEAN_RADIUS_M))
    sine = np.sqrt(1.0 - cosine**2)
    f = np.arcsin(math.sin(latitude_rad) * cosine + math.cos(latitude_rad) * sine * np.cos(bearing))
    east = np.sin(bearing) * sine * math.cos(latitude_rad)
    return np.stack([f, longitude_rad + np.arctan2(east, cosine - math.sin(latitude_rad) * np.sin(f))], -1)


@dataclass(frozen=True)
class Soil:
    """Points spread evenly over soil: `places` (count, 2), rad, and how much soil there is."""

    places: Floats
    area_m2: float


def soil(borders: Borders, nations: Collection[str], count: int, first: int = 0) -> Soil:
    """`count` places on the soil of `nations` as the map draws it, all counted together.

    InputError where the map knows next to none.
    """
    own = np.append(np.isin(np.array(borders.codes), list(nations)), False)
    edges = borders.edges[own[borders.sides[:, 0]] != own[borders.sides[:, 1]]]
    found: list[Floats] = []
    if len(edges):
        west, east = edges[:, [0, 2]].min(), edges[:, [0, 2]].max()
        low, high = np.sin(np.radians([edges[:, [1, 3]].min(), edges[:, [1, 3]].max()]))
        box_m2 = math.radians(east - west) * (high - low) * MEAN_RADIUS_M**2
        for lot in range(_MOST_LOTS):
            u = even_pairs(_LOT, first + lot * _LOT)
            places = np.stack(
                [np.arcsin(low + u[:, 0] * (high - low)), np.radians(west + u[:, 1] * (east - west))], -1
            )
            found.append(places[own[areas(borders, np.degrees(places))]])
            total = sum(map(len, found))
            if total >= count:
                return Soil(np.concatenate(found)[:count], box_m2 * total / ((lot + 1) * _LOT))
    names = " and ".join(sorted(nations))
    mend = "name a wide area in `towards`, with a place and a radius"
    raise InputError([Problem("towards", 1, 1, f"the map has hardly any soil of {names}", mend)])


def destinations(
    towards: Sequence[Destination], borders: Borders | None, count: int, first: int = 0
) -> Floats:
    """(count, 2) places over all of `towards`, rad: as many to each as its area is worth, at least one.

    Nations are taken together. `borders` may be None where none is named.
    """
    nations = [d.name for d in towards if not d.is_area]
    parts: list[tuple[Floats, float]] = []
    if nations:
        assert borders is not None
        on = soil(borders, nations, count, first)
        parts.append((on.places, on.area_m2))
    for d in towards:
        if d.latitude_rad is not None and d.longitude_rad is not None and d.radius_m is not None:
            size_m2 = 2.0 * math.pi * MEAN_RADIUS_M**2 * (1.0 - math.cos(d.radius_m / MEAN_RADIUS_M))
            parts.append((circle(d.latitude_rad, d.longitude_rad, d.radius_m, count, first), size_m2))
    weight = np.array([size for _, size in parts])
    weight = np.maximum(weight / weight.sum(), 1.0 / count)
    weight /= weight.sum()
    taken = np.zeros(len(parts), np.int64)
    chosen = []
    for i in range(count):
        most = int(np.argmax(weight * (i + 1) - taken))  # whoever is furthest behind its share
        chosen.append(parts[most][0][taken[most]])
        taken[most] += 1
    return np.array(chosen)
