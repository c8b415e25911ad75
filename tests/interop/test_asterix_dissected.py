"""ASTERIX against two other programs: asterix_decoder (CroatiaControl) and Wireshark's dissector.

Their words are committed beside the bytes (tests/golden/asterix, by `asterix_samples`); where tshark is
installed it reads them again. Neither reads the expansion field of CAT048 or our special purpose field.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from synaspis.interop.asterix import records
from synaspis.interop.captures import datagrams

from .asterix_by_others import compared
from .asterix_samples import BLOCKS, CAPTURE, DECODED, DISSECTED, SAMPLES, blocks, dissected, tshark
from .dis_capture import leaves

COMPLAINTS = {"_ws.malformed", "_ws.expert", "_ws.short"}
SAID: dict[str, dict[str, float | str]] = {
    "near": {"048_140": 86_399.5, "048_040_RHO": 48.59765625, "048_161_TRN": 4095, "048_240": "EXERCISE"},
    "high": {"048_110_3DH": 196_850, "048_040_THETA": 359.818725585938, "048_200_HDG": 71.619873046875,
             "048_200_GSP": 1.34991455078125},
    "measured": {"048_110_3DH": -975, "048_040_THETA": 0, "048_010_SIC": 255},
    "low_track": {"062_070": 61.25, "062_105_LAT": -41.6999977827072, "062_105_LON": -179.250000715256,
                  "062_185_VX": -1900.25, "062_185_VY": 2100.5, "062_040": 65_535, "062_130": 98_425,
                  "062_220": -177_162.5, "062_500_APC_X": 250, "062_080_TSE": 1, "062_080_MRH": 1},
    "high_track": {"062_105_LON": 26.1000019311905, "062_080_TSE": 0, "062_040": 1},
}  # fmt: skip
MARKS: dict[str, dict[str, float | str]] = {
    "048": {"048_020_SIM": 1, "048_020_TYP": 1, "048_240": "EXERCISE"},
    "062": {"062_080_SIM": 1, "062_245_CHR": "EXERCISE", "062_245_STI": 1, "062_380_ID": "EXERCISE"},
}


def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DECODED.read_text(encoding="utf-8"))
    return found


def words(packet: dict[str, Any]) -> dict[str, str]:
    """What tshark says, by the item's name."""
    return {
        name.removeprefix("asterix.").removesuffix("_VALUE"): value for name, value in leaves(packet)
    }  # fmt: skip


def test_the_bytes_are_those_that_others_read() -> None:
    made = blocks()
    assert BLOCKS.read_bytes() == b"".join(made[:-1])
    assert [packet.payload for packet in datagrams(CAPTURE.read_bytes())[0]] == made


def test_asterix_decoder_reads_each_field_as_we_do() -> None:
    theirs = golden()["records"]
    ours = list(records(BLOCKS.read_bytes()))
    assert len(ours) == len(theirs) == len(SAMPLES)
    fields = [compared(one, other) for one, other in zip(ours, theirs, strict=True)]  # type: ignore[arg-type]
    assert fields == [7, 9, 7, 11, 7]


def test_asterix_decoder_reads_every_mark() -> None:
    for record in golden()["records"]:
        if record["category"] == 48:
            marks = (record["I020"]["SIM"], record["I240"]["TId"])
        else:
            marks = (record["I080"]["SIM"], record["I245"]["TId"])
            assert record["I380"]["ID"]["ACID"]["val"] == "EXERCISE"
        assert [mark["val"] for mark in marks] == [1, "EXERCISE"]


def test_tshark_read_each_field_and_complained_of_none() -> None:
    packets = json.loads(DISSECTED.read_text(encoding="utf-8"))["packets"]
    assert len(packets) == len(SAMPLES) + 1
    for packet, wanted in zip(packets, [*SAID.values(), {"048_040_RHO": 65_535 / 256}], strict=True):
        assert not COMPLAINTS & packet.keys()
        told = words(packet)
        for name, value in (wanted | MARKS[f"{int(told['category']):03}"]).items():
            said = told[name]
            if isinstance(value, str):
                assert said == value, name
            else:
                number = int(said, 16) if said.startswith("0x") else float(said)
                assert number == pytest.approx(value, rel=1e-12), name


@pytest.mark.skipif(tshark() is None, reason="tshark is not installed")
def test_tshark_says_the_same_today() -> None:
    then = json.loads(DISSECTED.read_text(encoding="utf-8"))["packets"]
    assert [words(packet) for packet in dissected(CAPTURE)] == [words(packet) for packet in then]
