"""Exported files as other programs read them; by hand, in an environment of its own.

    pip install czml3==4.0.0 fastkml==1.4.0 lxml pyogrio==0.13.0 takproto==3.0.1 xmlschema==4.3.2 oem==0.4.5
    python tests/interop/read_by_others.py FILE...

Prints a line for each file; an AssertionError or another program's own says what it could not read.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any


def czml(path: Path) -> str:
    """czml3 takes each packet and writes it back the same."""
    from czml3 import Packet
    from czml3.types import DistanceDisplayConditionValue

    packets: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for packet in packets:
        given = json.loads(json.dumps(packet))
        if "label" in given:  # of this property czml3 does not read what it writes
            near = given["label"]["distanceDisplayCondition"]
            near.update(
                {key: DistanceDisplayConditionValue(values=value) for key, value in near.items()}
            )  # fmt: skip
        assert json.loads(Packet(**given).dumps()) == packet, packet["id"]
    return f"czml3: {len(packets)} packets"


def kml(path: Path) -> str:
    """fastkml finds it valid by the schema, and a shape in each placemark."""
    from fastkml import KML, Placemark
    from fastkml.gx import Track
    from fastkml.utils import find_all

    document = KML.parse(path, strict=True, validate=True)
    shapes = [mark.kml_geometry for mark in find_all(document, of_type=Placemark)]
    assert all(shape is not None for shape in shapes)
    tracks = [shape for shape in shapes if isinstance(shape, Track)]
    assert all(item.when and item.coord for track in tracks for item in track.track_items)
    return f"fastkml: {len(shapes)} placemarks, {len(tracks)} of them tracks; {gdal(path)}"


def gdal(path: Path) -> str:
    """Layers and rows that GDAL reads."""
    import pyogrio

    rows = 0
    for layer, _ in pyogrio.list_layers(path):
        _, _, _, columns = pyogrio.raw.read(path, layer=layer)
        rows += len(columns[0])
    return f"GDAL {pyogrio.__gdal_version_string__}: {rows} rows"


def cot(path: Path) -> str:
    """takproto takes each event and has its fields in the protobuf that it makes."""
    from xml.etree import ElementTree

    from takproto import parse_proto, xml2proto

    events = list(ElementTree.parse(path).getroot())
    for event in events:
        made = parse_proto(bytearray(xml2proto(ElementTree.tostring(event, encoding="unicode")))).cotEvent
        at = event.find("point")
        assert at is not None
        assert [made.uid, made.type, made.how, made.access, made.opex] == [
            event.get(key) for key in ("uid", "type", "how", "access", "opex")
        ]
        assert [made.lat, made.lon, made.hae] == [float(at.get(key, "nan")) for key in ("lat", "lon", "hae")]
        assert made.detail.contact.callsign.startswith("EXERCISE ")
    return f"takproto: {len(events)} events"


def label(path: Path) -> str:
    """xmlschema reads our schemas, and finds the binding valid by them."""
    import xmlschema

    root = Path(__file__).resolve().parents[2]
    schema = xmlschema.XMLSchema(root / "src" / "synaspis" / "interop" / "profile" / "binding.xsd")
    schema.validate(path)
    return f"xmlschema {xmlschema.__version__}: valid"


def oem(path: Path) -> str:
    """The program oem finds it sound, and between states where they lead to, by its own interpolation."""
    from oem import OrbitEphemerisMessage

    message = OrbitEphemerisMessage.open(path)
    (segment,) = message.segments
    states = list(segment.states)
    for one, other in pairwise(states):
        middle = one.epoch + 0.5 * (other.epoch - one.epoch)
        way = message(middle).position - 0.5 * (one.position + other.position)
        bend = (other.velocity - one.velocity) * (other.epoch - one.epoch).sec / 8.0
        assert abs(way + bend).max() < 0.05, middle
    return f"oem: {segment.metadata['OBJECT_NAME']}, {len(states)} states, {segment.metadata['REF_FRAME']}"


READERS = {
    ".czml": czml, ".kml": kml, ".geojson": gdal, ".csv": gdal, ".cot": cot, ".xml": label, ".oem": oem
}  # fmt: skip

if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {READERS[Path(name).suffix](Path(name))}")
