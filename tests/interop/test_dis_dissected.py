"""DIS against Wireshark's dissector: a program of its own, by other people, run apart.

Its words are committed beside the bytes (tests/golden/dis); where tshark is installed it reads them again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synaspis.interop import dis, dis_bulk

from .dis_capture import CAPTURE, WORDS, capture, dissected, leaves, payloads, tshark, version
from .dis_samples import SAMPLES
from .test_dis_bulk import drawn

COMPLAINTS = {"_ws.malformed", "_ws.expert", "_ws.short"}
HEADER = {"dis.proto_ver": [7], "dis.exer_id": [42], "dis.timestamp": [1234.5]}
SM3 = {"dis.entityKind": [2], "dis.entityDomain": [1], "dis.country": [225], "dis.category": [1],
       "dis.subcategory": [27], "dis.specific": [3]}  # fmt: skip
SHOT = {"dis.entity_id_entity": [5, 4, 3], "dis.event_number": [77], "dis.quality": [1], **SM3}
SAID: dict[str, dict[str, list[float]]] = {
    "state": {
        "dis.pdu_type": [1], "dis.pdu_length": [144], "dis.pdustatus.lvc": [3], "dis.force_id": [2],
        "dis.entity_id_site": [1], "dis.entity_id_application": [2], "dis.entity_id_entity": [4],
        "dis.entityKind": [2, 0], "dis.entityDomain": [10, 0], "dis.country": [0, 0],
        "dis.entity_linear_velocity.x": [-1000], "dis.entity_linear_velocity.y": [250.5],
        "dis.entity_linear_velocity.z": [-2000], "dis.entity_location.x": [3909833.5],
        "dis.entity_location.y": [1820312.25], "dis.entity_location.z": [4685470],
        "dis.entity_linear_acceleration.z": [-9], "dis.entity_angular_velocity.x": [0],
    },
    "fire": {
        **SHOT, "dis.pdu_type": [2], "dis.pdu_length": [96], "dis.fire.mission_index": [7],
        "dis.fire.location.x": [3909833.5], "dis.fire.location.z": [4685470], "dis.range": [0],
        "dis.linear_velocity.x": [0], "dis.linear_velocity.y": [0], "dis.linear_velocity.z": [0],
    },
    "detonation": {
        **SHOT, "dis.pdu_type": [3], "dis.pdu_length": [104], "dis.detonation.result": [1],
        "dis.detonation.location.x": [3909833.5], "dis.detonation.location.y": [1820312.25],
        "dis.linear_velocity.x": [100], "dis.linear_velocity.z": [300], "dis.entity_location.x": [0.5],
    },
    "start": {
        "dis.pdu_type": [13], "dis.pdu_length": [44], "dis.entity_id_site": [1, 65535],
        "dis.clocktime": [494_000 * 3600 + 600, 0], "dis.request_id": [1],
    },
    "stop": {
        "dis.pdu_type": [14], "dis.pdu_length": [40], "dis.clocktime": [494_000 * 3600 + 600],
        "dis.reason": [1], "dis.frozen_behavior": [1], "dis.request_id": [2],
    },
    "emission": {
        "dis.pdu_type": [23], "dis.pdu_length": [160], "dis.electromagnetic.num_emission_systems": [1],
        "dis.electromagnetic.emission.data_length": [33], "dis.electromagnetic.emission.num_beams": [2],
        "dis.electromagnetic.emitter.name": [7333], "dis.electromagnetic.emission.function": [6],
        "dis.em.beam.data_length": [15, 13], "dis.em.beam.id_number": [1, 2],
        "dis.em.fund.beam.azimuth_center": [0, 0.5], "dis.em.fund.beam.azimuth_sweep": [0, 0.25],
        "dis.electromagnetic.emission.beam.function": [4, 1], "dis.track_jam.num_targ": [1, 0],
        "dis.entity_id_entity": [6, 4],
    },
}  # fmt: skip


def number(said: str) -> float:
    return float(int(said, 16)) if said.startswith("0x") else float(said)


def held_against(packets: list[dict[str, Any]]) -> None:
    """AssertionError where tshark complains, or reads something other than was written."""
    for (name, expected), packet in zip(SAID.items(), packets, strict=True):
        assert not COMPLAINTS & set(packet), name
        said = list(leaves(packet["dis"]))
        for field, values in (HEADER | expected).items():
            found = [number(value) for key, value in said if key == field]
            # tshark cuts clock times to a millisecond
            assert found == pytest.approx(values, abs=0.0011 if "time" in field else 0.0), (name, field)


def test_tsharks_words_are_what_was_written() -> None:
    said = json.loads(WORDS.read_text(encoding="utf-8"))
    assert said["tshark"]
    held_against(said["packets"])
    assert dict(leaves(said["packets"][0]["dis"]))["dis.entity_marking"] == "EX M-1"


def test_the_bytes_beside_tsharks_words_are_those_that_are_written_now() -> None:
    assert payloads(CAPTURE.read_bytes()) == [dis.encode(pdu) for pdu in SAMPLES.values()]
    assert CAPTURE.read_bytes() == capture([dis.encode(pdu) for pdu in SAMPLES.values()])
    assert [dis.decode(data) for data in payloads(CAPTURE.read_bytes())] == list(SAMPLES.values())


live = pytest.mark.skipif(tshark() is None, reason="tshark is not installed")


@live
@pytest.mark.long
def test_tshark_reads_them_now() -> None:
    said = dissected(CAPTURE)
    held_against(said)
    committed = json.loads(WORDS.read_text(encoding="utf-8"))
    if version() == committed["tshark"]:
        assert said == committed["packets"]


@live
@pytest.mark.long
def test_tshark_reads_two_thousand_of_the_bulk(tmp_path: Path) -> None:
    states = drawn(2000, seed=5)
    data = dis_bulk.encode_states(states)
    path = tmp_path / "bulk.pcap"
    path.write_bytes(capture([data[i : i + 144] for i in range(0, len(data), 144)]))
    said = dissected(path)
    assert not any(COMPLAINTS & set(packet) for packet in said)
    for axis, name in enumerate("xyz"):
        found = [float(dict(leaves(packet["dis"]))[f"dis.entity_location.{name}"]) for packet in said]
        np.testing.assert_allclose(found, states.location[:, axis], rtol=1e-12)


@live
@pytest.mark.long
def test_tshark_does_complain_of_a_beam_that_is_not_there(tmp_path: Path) -> None:
    spoilt = bytearray(dis.encode(SAMPLES["emission"]))
    spoilt[29] = 9  # beams
    path = tmp_path / "spoilt.pcap"
    path.write_bytes(capture([bytes(spoilt)]))
    assert COMPLAINTS & set(dissected(path)[0])
    assert isinstance(dis.decode(bytes(spoilt)), dis.Malformed)
