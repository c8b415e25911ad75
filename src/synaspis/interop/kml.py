"""KML 2.2: sites, missiles as tracks in time, and events, for Google Earth and what else reads it.

A track is `gx:Track`, Google's extension that became part of KML 2.3. Source: OGC 07-147r2 (KML 2.2) and
Google's KML reference; coordinates are longitude, latitude (degrees) and height (m).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from synaspis.interop.telling import (
    NEWS_S,
    Path,
    Telling,
    event_facts,
    path_facts,
    placed,
    site_facts,
)

KML: Final = "http://www.opengis.net/kml/2.2"
GX: Final = "http://www.google.com/kml/ext/2.2"
STYLES: Final = {"friend": "ff96621d", "threat": "ff2b48b5", "neutral": "ff9e8f7f"}
"""Opacity, blue, green, red: the colours of the report."""
SIDES: Final[Mapping[str, str]] = {"hit": "friend", "fired": "friend", "landed": "threat", "missed": "threat"}


def kml(told: Telling) -> str:
    """The document."""
    root = Element("kml", {"xmlns": KML, "xmlns:gx": GX})
    document = SubElement(root, "Document")
    _put(document, "name", told.name)
    _put(document, "description", str(told.head["about"]))
    for name, colour in STYLES.items():
        style = SubElement(document, "Style", {"id": name})
        _put(SubElement(style, "IconStyle"), "color", colour)
        line = SubElement(style, "LineStyle")
        _put(line, "color", colour)
        _put(line, "width", "2")
    _facts(document, told.head)
    _sites(document, told)
    missiles = _folder(document, "Missiles")
    for p in told.paths:
        _missile(missiles, told, p)
    _events(document, told)
    indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _sites(document: Element, told: Telling) -> None:
    folder = _folder(document, "Sensors, batteries and places")
    for s in filter(placed, told.sites):
        mark = _mark(folder, s.name, "friend", (), site_facts(s))
        _put(SubElement(mark, "Point"), "coordinates", f"{s.longitude_deg},{s.latitude_deg}")


def _missile(folder: Element, told: Telling, p: Path) -> None:
    if len(p.samples) < 2:
        return
    mark = _mark(folder, p.flight.threat, "threat", (), path_facts(p))
    track = SubElement(mark, "gx:Track")
    _put(track, "altitudeMode", "absolute")
    for time_s, *_ in p.samples:
        _put(track, "when", told.at(time_s))
    for _, lat, lon, height_m in p.samples:
        _put(track, "gx:coord", f"{lon} {lat} {height_m}")


def _events(document: Element, told: Telling) -> None:
    folder = _folder(document, "Events")
    for e in told.events:
        span = [told.at(e.time_s), *([] if e.kind == "landed" else [told.at(e.time_s + NEWS_S)])]
        mark = _mark(folder, e.text, SIDES.get(e.kind, "neutral"), span, event_facts(e))
        point = SubElement(mark, "Point")
        _put(point, "altitudeMode", "absolute")
        _put(point, "coordinates", f"{e.longitude_deg},{e.latitude_deg},{round(1e3 * e.height_km, 1)}")


def _folder(document: Element, name: str) -> Element:
    folder = SubElement(document, "Folder")
    _put(folder, "name", name)
    return folder


def _mark(
    folder: Element, name: str, side: str, span: Sequence[str], facts: Mapping[str, str | float]
) -> Element:
    """A placemark but for its shape, which comes last; it is there in the `span` (begin, end), or always."""
    mark = SubElement(folder, "Placemark")
    _put(mark, "name", name)
    if span:
        shown = SubElement(mark, "TimeSpan")
        for tag, moment in zip(("begin", "end"), span, strict=False):
            _put(shown, tag, moment)
    _put(mark, "styleUrl", f"#{side}")
    _facts(mark, facts)
    return mark


def _facts(parent: Element, facts: Mapping[str, str | float]) -> None:
    extended = SubElement(parent, "ExtendedData")
    for key, value in facts.items():
        _put(SubElement(extended, "Data", {"name": key}), "value", str(value))


def _put(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
