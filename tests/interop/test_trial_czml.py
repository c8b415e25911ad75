"""A trial as CZML, read back."""

from __future__ import annotations

import json

from synaspis.interop.telling import NEWS_S
from synaspis.interop.trial_czml import czml
from tests.interop.told import hostile, small


def test_it_reads_back() -> None:
    told = small()
    packets = {p["id"]: p for p in json.loads(czml(told))}
    assert packets["document"]["name"] == told.name
    assert packets["about"]["properties"] == told.head
    assert [p["name"] for name, p in packets.items() if name.startswith("sites/")] == ["deveselu"]
    way = packets["missiles/0"]["position"][0]["cartographicDegrees"]
    rows = [tuple(way[i : i + 4]) for i in range(0, len(way), 4)]
    assert rows == [(t, lon, lat, h) for t, lat, lon, h in told.paths[0].samples]
    fired, hit = packets["events/0"], packets["events/1"]
    assert fired["position"]["cartographicDegrees"] == [24.41, 44.08, 12300.0]
    assert fired["availability"] == f"{told.at(40.0)}/{told.at(40.0 + NEWS_S)}"
    assert hit["properties"]["kind"] == "hit"


def test_each_packet_has_a_name_of_its_own_and_a_parent_that_is_there() -> None:
    packets = json.loads(czml(small()))
    names = [p["id"] for p in packets]
    assert len(set(names)) == len(names)
    assert {p["parent"] for p in packets if "parent" in p} <= set(names)


def test_what_viewers_show_as_html_is_words() -> None:
    packets = json.loads(czml(hostile()))
    described = [p["description"] for p in packets if "description" in p]
    assert len(described) == 4
    assert not any("<script" in d or "<!--" in d for d in described)
    assert "&lt;script&gt;" in described[0]
