"""What @tak-ps/node-cot made of our events (`read_by_node_cot.mjs`), field by field; its output is kept."""

from __future__ import annotations

import json

import pytest

from synaspis.interop import cot
from tests.interop.cot_samples import FOUND, SAMPLES, samples

KEPT = json.loads(FOUND.read_text(encoding="utf-8"))


def test_what_it_read_is_what_is_written_now() -> None:
    assert json.loads(SAMPLES.read_text(encoding="utf-8")) == samples()
    assert KEPT["program"] == "@tak-ps/node-cot 14.23.2"
    assert len(KEPT["found"]) == len(samples()) > 50


@pytest.mark.parametrize("number", range(len(KEPT["found"])))
def test_every_field_is_what_was_told(number: int) -> None:
    told, found = cot.decode(samples()[number].encode()), KEPT["found"][number]
    properties, event, point = found["properties"], found["event"], found["point"]
    place = [told.longitude_deg, told.latitude_deg, told.height_m]
    assert found["id"] == event["uid"] == told.uid
    assert found["geometry"] == {"type": "Point", "coordinates": place}
    assert [float(point[key]) for key in ("ce", "le")] == [told.ce_m, told.le_m]
    assert (properties["type"], properties["how"]) == (told.type, "m-s")
    assert properties["callsign"] == told.callsign and told.callsign.startswith("EXERCISE ")
    assert properties["remarks"] == told.remarks
    for key, moment in (("time", told.time), ("start", told.start), ("stale", told.stale)):
        assert properties[key] == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (event["access"], event["caveat"]) == (told.marking.access, told.marking.caveat)
    assert (event["releasableTo"], event["opex"]) == (",".join(told.marking.releasable_to), "e")
    assert properties["milsym"]["id"] == told.letters
    assert properties["milicon"]["id"] == told.symbol
    assert (properties.get("course"), properties.get("speed")) == (told.course_deg, told.speed_mps)
    assert found["synaspis"] == told.facts
