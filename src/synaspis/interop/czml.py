"""CZML: a scene in time, for Cesium and what else reads it.

A document is a list of packets, the first of which has the clock; times are ISO 8601, positions longitude and
latitude (degrees) and height above the ellipsoid (m). Source: CZML Guide, AnalyticalGraphicsInc/czml-writer,
version 1.0 of the format.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from typing import Any

from synaspis.interop.moments import utc

Packet = dict[str, Any]
Sample = tuple[float, float, float, float]
"""Seconds after the epoch, latitude and longitude (deg), height (m)."""
Colour = tuple[int, int, int, int]
"""Red, green, blue and how opaque, each 0 to 255."""


class Scene:
    """Packets of one document, whose clock goes from `epoch` on for so many seconds."""

    def __init__(self, name: str, epoch: dt.datetime, from_s: float, to_s: float, speed: float) -> None:
        """`speed` is seconds of the scene to one of the viewer's clock."""
        self._epoch, self._to_s = epoch, to_s
        clock = {
            "interval": self.span(from_s, to_s), "currentTime": self.at(from_s), "multiplier": speed,
            "range": "CLAMPED", "step": "SYSTEM_CLOCK_MULTIPLIER",
        }  # fmt: skip
        self.packets: list[Packet] = [{"id": "document", "name": name, "version": "1.0", "clock": clock}]

    def at(self, time_s: float) -> str:
        """A moment in words of the format."""
        return utc(self._epoch, time_s)

    def span(self, from_s: float, to_s: float) -> str:
        """From one moment to another."""
        return f"{self.at(from_s)}/{self.at(to_s)}"

    def folder(self, name: str, title: str) -> None:
        """A packet under which others stand."""
        self.packets.append({"id": name, "name": title})

    def place(
        self,
        name: str,
        title: str,
        lat: float,
        lon: float,
        colour: Colour,
        height_m: float = 0.0,
        **more: Any,
    ) -> None:
        """Something that stays where it is. `more` are further properties of the packet."""
        self.packets.append(
            {
                "id": name, "name": title, "position": {"cartographicDegrees": [lon, lat, height_m]},
                "point": {"pixelSize": 7, "color": {"rgba": list(colour)}}, "label": label(title), **more,
            }
        )  # fmt: skip

    def moving(self, name: str, title: str, runs: Iterable[Sequence[Sample]], **more: Any) -> None:
        """Something that moves: between samples of a run straight, and not there between runs."""
        runs = [run for run in runs if run]
        if not runs:
            return
        positions = []
        for run in runs:
            told = [x for s, lat, lon, height_m in run for x in (s, lon, lat, height_m)]
            positions.append(
                {
                    "interval": self.span(run[0][0], run[-1][0]), "epoch": self.at(0.0),
                    "cartographicDegrees": told, "interpolationAlgorithm": "LINEAR",
                }
            )  # fmt: skip
        spans = [p["interval"] for p in positions]
        self.packets.append({"id": name, "name": title, "availability": spans, "position": positions, **more})


def label(text: str, kind: str = "", within_m: float = 5e6) -> Packet:
    """Words beside a point, seen from within `within_m`; those of a battery stand clear of its city's."""
    side, right, down, share = _BESIDE.get(kind, ("LEFT", 10, 0, 1.0))
    return {
        "text": text, "font": "13px sans-serif", "pixelOffset": {"cartesian2": [right, down]},
        "horizontalOrigin": side, "style": "FILL_AND_OUTLINE", "outlineWidth": 3,
        "distanceDisplayCondition": {"distanceDisplayCondition": [0, share * within_m]},
    }  # fmt: skip


_BESIDE = {
    "city": ("LEFT", 8, 9, 1.0),
    "base": ("LEFT", 8, 9, 0.4),
    "battery": ("RIGHT", -8, -9, 0.4),
    "radar": ("LEFT", 8, -9, 1.0),
}
"""By the kind of thing: the side of the words that is at the point, pixels to the right and down, and the
share of the distance from which they are seen: cities first."""


def trail(colour: Colour, seconds: float) -> Packet:
    """The way that something has come, for so long."""
    return {
        "leadTime": 0, "trailTime": seconds, "width": 2,
        "material": {"solidColor": {"color": {"rgba": list(colour)}}},
    }  # fmt: skip


def disc(major_m: float, minor_m: float, bearing_deg: float, colour: Colour) -> Packet:
    """An ellipse on the ground whose longer axis points to `bearing_deg`, clockwise from north."""
    # The format's rotation turns the longer axis, which points east, anticlockwise.
    return {
        "semiMajorAxis": max(major_m, minor_m), "semiMinorAxis": minor_m,
        "rotation": math.radians(90.0 - bearing_deg), "height": 0.0,
        "material": {"solidColor": {"color": {"rgba": list(colour)}}},
    }  # fmt: skip
