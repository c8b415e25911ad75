"""A trial as KML, read back by an XML parser."""

from __future__ import annotations

from xml.etree import ElementTree

from synaspis.interop.kml import GX, KML, kml
from synaspis.interop.telling import NEWS_S
from tests.interop.told import hostile, small

NS = {"k": KML, "gx": GX}


def facts(mark: ElementTree.Element) -> dict[str, str]:
    found = mark.findall("k:ExtendedData/k:Data", NS)
    return {d.attrib["name"]: d.findtext("k:value", "", NS) for d in found}


def test_it_reads_back() -> None:
    told = small()
    root = ElementTree.fromstring(kml(told).encode())
    document = root.find("k:Document", NS)
    assert document is not None and document.findtext("k:name", "", NS) == told.name
    assert facts(document) == {key: str(value) for key, value in told.head.items()}
    (track,) = root.iter(f"{{{GX}}}Track")
    assert track.findtext("k:altitudeMode", "", NS) == "absolute"
    whens = [w.text for w in track.findall("k:when", NS)]
    rows = [tuple(map(float, str(c.text).split())) for c in track.findall("gx:coord", NS)]
    assert whens == [told.at(s[0]) for s in told.paths[0].samples]
    assert rows == [(lon, lat, h) for _, lat, lon, h in told.paths[0].samples]


def test_events_have_their_time_and_sites_none() -> None:
    told = small()
    root = ElementTree.fromstring(kml(told).encode())
    sites, _, events = root.findall("k:Document/k:Folder", NS)
    begins = [e.findtext("k:TimeSpan/k:begin", "", NS) for e in events.findall("k:Placemark", NS)]
    ends = [e.findtext("k:TimeSpan/k:end", "", NS) for e in events.findall("k:Placemark", NS)]
    assert begins == [told.at(40.0), told.at(60.0)]
    assert ends == [told.at(40.0 + NEWS_S), told.at(60.0 + NEWS_S)]
    (site,) = sites.findall("k:Placemark", NS)
    assert site.find("k:TimeSpan", NS) is None
    assert site.findtext("k:Point/k:coordinates", "", NS) == "24.411,44.08"


def test_a_landing_stays() -> None:
    root = ElementTree.fromstring(kml(hostile()).encode())
    (span,) = root.iter(f"{{{KML}}}TimeSpan")
    assert [child.tag for child in span] == [f"{{{KML}}}begin"]


def test_styles_that_are_used_are_there() -> None:
    root = ElementTree.fromstring(kml(small()).encode())
    have = {f"#{s.attrib['id']}" for s in root.iter(f"{{{KML}}}Style")}
    assert {u.text for u in root.iter(f"{{{KML}}}styleUrl")} <= have


def test_hostile_names_are_words() -> None:
    told = hostile()
    text = kml(told)
    root = ElementTree.fromstring(text.encode())
    name = told.paths[0].flight.threat
    names = [n.text for n in root.iter(f"{{{KML}}}name")]
    assert names.count(name) == 2  # the site and the missile
    assert "<script" not in text and "<!--" not in text
