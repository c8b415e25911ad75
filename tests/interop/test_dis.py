"""DIS: bytes as the standard's tables have them, round trips, and what hostile bytes come to."""

from __future__ import annotations

import io
import math
import os
import random
import struct
from dataclasses import replace
from importlib import resources

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.errors import InputError
from synaspis.interop import dis
from synaspis.interop.dis_records import (
    Beam,
    Clock,
    Descriptor,
    Detonation,
    Emission,
    EntityId,
    EntityState,
    Fire,
    Head,
    Pdu,
    StartResume,
    StopFreeze,
    Target,
    marked,
    past_hour_s,
    timestamp_of,
)
from synaspis.interop.dis_types import EMITTER_NAMES, ENTITY_TYPES, EntityType, entity_type

from .dis_samples import SAMPLES

MUTANTS = 1000 * max(int(os.environ.get("SYNASPIS_SOAK") or 0), 1)
HEAD_OF_STATE = 12


def small(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


singles = st.floats(width=32, allow_nan=False, allow_infinity=False)
metres = st.floats(-dis.FARTHEST_M, dis.FARTHEST_M)
vectors = st.tuples(singles, singles, singles)
places = st.tuples(metres, metres, metres)
heads = st.builds(Head, exercise=st.integers(1, 255), timestamp=small(32), status=small(8))
ids = st.builds(EntityId, small(16), small(16), small(16))
types = st.builds(EntityType, small(8), small(8), small(16), *[small(8)] * 4)
markings = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=9).map("EX".__add__)
parameters = st.binary(max_size=4).map(lambda b: b * 16)
descriptors = st.builds(
    Descriptor, type=types, warhead=small(16), fuse=small(16), quantity=small(16), rate=small(16)
)
clocks = st.builds(Clock, st.integers(-(2**31), 2**31 - 1), small(32))
shot = {"head": heads, "shooter": ids, "target": ids, "munition": ids, "event": ids,
        "location": places, "descriptor": descriptors}  # fmt: skip
beams = st.builds(
    Beam, number=small(8), function=small(8), index=small(16), high_density=small(8), status=small(8),
    **dict.fromkeys(
        ("frequency_hz", "frequency_range_hz", "power_dbm", "repetition_hz", "pulse_s", "azimuth_rad",
         "azimuth_sweep_rad", "elevation_rad", "elevation_sweep_rad", "sweep"), singles),
    targets=st.lists(st.builds(Target, ids, small(8), small(8)), max_size=3).map(tuple),
)  # fmt: skip
states = st.builds(
    EntityState, head=heads, entity=ids, type=types, location=places, marking=markings, force=small(8),
    alternative=types, velocity=vectors, orientation=vectors, appearance=small(32), algorithm=small(8),
    acceleration=vectors, spin=vectors, capabilities=small(32), parameters=parameters,
)  # fmt: skip
pdus = st.one_of(
    states,
    st.builds(Fire, **shot, mission=small(32)),
    st.builds(
        Detonation, **shot, velocity=vectors, offset=vectors, result=small(8), parameters=parameters
    ),
    st.builds(
        Emission, head=heads, entity=ids, event=ids, name=small(16), function=small(8), number=small(8),
        update=small(8), offset=vectors, beams=st.lists(beams, max_size=4).map(tuple),
    ),
    st.builds(StartResume, head=heads, origin=ids, receiver=ids, real_world=clocks, simulation=clocks,
              request=small(32)),
    st.builds(StopFreeze, head=heads, origin=ids, receiver=ids, real_world=clocks, reason=small(8),
              behaviour=small(8), request=small(32)),
)  # fmt: skip


def state(**more: object) -> EntityState:
    plain = EntityState(
        head=Head(exercise=9, timestamp=timestamp_of(900.0)), entity=EntityId(1, 2, 3),
        type=EntityType(2, 1, 225, 1, 27, 3), location=(6378137.0, -1.5, 0.25), marking="EX SM3-1",
        force=1, velocity=(1.0, -2.0, 0.5), algorithm=2,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def test_an_entity_state_has_the_bytes_of_the_standards_tables() -> None:
    """By hand from IEEE 1278.1-2012, 6.2.66 (header) and 7.2.2 (Entity State), offsets in bytes."""
    by_hand = "".join(
        (
            "07 09 01 01",  # 0: version 7, exercise 9, PDU type 1 (Entity State), family 1
            "40000000",  # 4: a quarter of an hour in units of 3600 s / 2^31, shifted by the relative bit
            "0090 06 00",  # 8: length 144, status: LVC constructive (bits 1 and 2), padding
            "0001 0002 0003",  # 12: site, application, entity
            "01 00",  # 18: force friendly, no variable parameters
            "02 01 00E1 01 1B 03 00",  # 20: munition, anti-air, USA, guided, Standard, BMD
            "0000000000000000",  # 28: no alternative type
            "3F800000 C0000000 3F000000",  # 36: velocity 1, -2, 0.5 m/s, IEEE 754 single
            "415854A640000000 BFF8000000000000 3FD0000000000000",  # 48: location, IEEE 754 double
            "00000000 00000000 00000000",  # 72: psi, theta, phi
            "00000000",  # 84: appearance
            "02" + "00" * 15,  # 88: dead reckoning DRM (F, P, W), no other parameters
            "00000000 00000000 00000000",  # 104: acceleration
            "00000000 00000000 00000000",  # 116: angular velocity
            "01 455820534D332D31 000000",  # 128: ASCII, "EX SM3-1", filled with zeros
            "00000000",  # 140: capabilities
        )
    )
    expected = bytes.fromhex(by_hand)
    assert len(expected) == 144
    assert dis.encode(state()) == expected
    assert dis.decode(expected) == state()


@pytest.mark.parametrize(
    ("name", "kind", "family", "length"),
    [("state", 1, 1, 144), ("fire", 2, 2, 96), ("detonation", 3, 2, 104), ("start", 13, 5, 44),
     ("stop", 14, 5, 40), ("emission", 23, 6, 28 + 20 + 2 * 52 + 8)],
)  # fmt: skip
def test_types_families_and_lengths_are_the_standards(name: str, kind: int, family: int, length: int) -> None:
    data = dis.encode(SAMPLES[name])
    assert (data[2], data[3], struct.unpack_from(">H", data, 8)[0], len(data)) == (
        kind,
        family,
        length,
        length,
    )


def test_an_emission_tells_words_of_its_system_and_beams() -> None:
    data = dis.encode(SAMPLES["emission"])
    assert data[25] == 1  # number of systems: after header, two identifiers and the update indicator
    assert (data[28], data[29]) == ((20 + 2 * 52 + 8) // 4, 2)
    assert data[48] == (52 + 8) // 4
    assert data[48 + 60] == 52 // 4


@settings(max_examples=300)
@given(pdus)
def test_property_every_pdu_comes_back(pdu: Pdu) -> None:
    assert dis.decode(dis.encode(pdu)) == pdu


@given(st.floats(0.0, 3599.999))
def test_property_timestamps_are_right_to_a_microsecond(seconds: float) -> None:
    assert past_hour_s(timestamp_of(seconds)) == pytest.approx(seconds, abs=1e-6)
    assert timestamp_of(seconds, absolute=True) == timestamp_of(seconds) | 1


def test_a_timestamp_wraps_at_the_hour() -> None:
    assert timestamp_of(3600.0) == 0
    assert timestamp_of(5400.0) == timestamp_of(1800.0)


def test_a_launch_leaves_no_direction_and_no_range() -> None:
    data = dis.encode(SAMPLES["fire"])
    assert data[80:96] == bytes(16)


@pytest.mark.parametrize("exercise", [0, 256, -1])
def test_what_is_no_exercise_is_not_written(exercise: int) -> None:
    with pytest.raises(InputError, match="exercise identifier"):
        dis.encode(state(head=Head(exercise=exercise)))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"marking": "SM3-1"}, "does not say exercise"),
        ({"marking": "EX 456789012"}, "eleven printable"),
        ({"marking": "EX\n"}, "eleven printable"),
        ({"location": (math.nan, 0.0, 0.0)}, "location is not finite"),
        ({"location": (2e9, 0.0, 0.0)}, "location is more than"),
        ({"velocity": (math.inf, 0.0, 0.0)}, "velocity is not finite"),
        ({"velocity": (1e300, 0.0, 0.0)}, "does not fit"),
        ({"force": 256}, "does not fit"),
        ({"parameters": b"1"}, "records of 16 bytes"),
    ],
)
def test_what_does_not_fit_is_not_written(more: dict[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        dis.encode(state(**more))


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        dis.encode(state(head=Head(exercise=0), marking="A"))
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    ("at", "put", "place", "why"),
    [
        (0, b"\x06", "byte 0", "protocol version 6"),
        (1, b"\x00", "byte 1", "no exercise identifier"),
        (2, b"\x43", "byte 2", "PDU type 67"),
        (3, b"\x02", "byte 3", "protocol family 2"),
        (8, b"\x00\x91", "byte 8", "length 145"),
        (8, b"\xff\xff", "byte 8", "length 65535"),
        (19, b"\x01", "byte 8", "variable parameters"),
        (40, b"\x7f\xc0\x00\x00", "byte 36", "velocity is not finite"),
        (56, b"\x7f\xf0\x00\x00\x00\x00\x00\x00", "byte 48", "location is not finite"),
        (48, b"\x7f\xe0\x00\x00\x00\x00\x00\x00", "byte 48", "location is more than"),
    ],
)
def test_what_is_malformed_is_a_value_with_place_and_reason(
    at: int, put: bytes, place: str, why: str
) -> None:
    data = bytearray(dis.encode(state()))
    data[at : at + len(put)] = put
    found = dis.decode(bytes(data))
    assert isinstance(found, dis.Malformed)
    assert found.place == place
    assert why in found.why


@pytest.mark.parametrize("name", SAMPLES)
def test_every_cut_is_refused(name: str) -> None:
    data = dis.encode(SAMPLES[name])
    for size in range(len(data)):
        cut = data[:size]
        assert isinstance(dis.decode(cut), dis.Malformed)
        if size >= dis.HEADER.size:  # and when the header agrees with the cut
            cut = cut[:8] + struct.pack(">H", size) + cut[10:]
            assert isinstance(dis.decode(cut), dis.Malformed), size


def test_a_beam_of_other_length_than_its_targets_is_refused() -> None:
    data = bytearray(dis.encode(SAMPLES["emission"]))
    data[48] += 1
    assert dis.decode(bytes(data)) == dis.Malformed("byte 48", "beam of 16 words, its 1 targets make 15")
    data[48] = 0  # "not told" is allowed: 7.6.2
    assert dis.decode(bytes(data)) == SAMPLES["emission"]


def test_a_stream_skips_what_is_bad_and_goes_on() -> None:
    good = dis.encode(state())
    bad = bytearray(good)
    bad[0] = 6
    reader = dis.Reader(io.BytesIO(good + bytes(bad) + dis.encode(SAMPLES["stop"])))
    assert list(reader) == [state(), SAMPLES["stop"]]
    assert (reader.read, reader.skipped) == (2, 1)
    assert reader.first == [dis.Malformed("byte 144", "protocol version 6, not 7 (IEEE 1278.1-2012)")]


@pytest.mark.parametrize(("tail", "why"), [(b"\x07\x01", "no header"), (bytes(40), "no header")])
def test_a_stream_ends_where_no_length_is_told(tail: bytes, why: str) -> None:
    reader = dis.Reader(io.BytesIO(dis.encode(state()) + tail))
    assert list(reader) == [state()]
    assert reader.skipped == 1 and why in reader.first[0].why


def test_a_stream_that_was_cut_tells_how_much_is_missing() -> None:
    reader = dis.Reader(io.BytesIO(dis.encode(state()) + dis.encode(state())[:-4]))
    assert list(reader) == [state()]
    assert reader.first == [dis.Malformed("byte 284", "ends 4 bytes early")]


def test_a_reader_keeps_few_of_many_reasons() -> None:
    bad = bytearray(dis.encode(SAMPLES["stop"]))
    bad[1] = 0
    reader = dis.Reader(io.BytesIO(bytes(bad) * 1000))
    assert list(reader) == []
    assert (reader.skipped, len(reader.first)) == (1000, dis.NOTES)


def mutant(luck: random.Random, data: bytes) -> bytes:
    """The bytes after one to four accidents; in half of them the header tells the new length."""
    made = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(made) or 1)
        accident = luck.randrange(4)
        if accident == 0 and made:
            made[at] = luck.randrange(256)
        elif accident == 1:
            made[at : at + luck.randrange(9)] = b""
        elif accident == 2:
            made[at:at] = luck.randbytes(luck.randrange(9))
        else:
            made[at : at + 8] = luck.choice((b"\xff" * 8, b"\x7f\xf0" + bytes(6), bytes(8)))
    if luck.random() < 0.5 and len(made) >= dis.HEADER.size:
        made[8:10] = struct.pack(">H", len(made))
    return bytes(made)


def test_mutated_bytes_are_read_or_refused_and_never_more() -> None:
    luck = random.Random(1)
    whole = [dis.encode(pdu) for pdu in SAMPLES.values()]
    refused = 0
    for _ in range(MUTANTS):
        data = mutant(luck, luck.choice(whole))
        found = dis.decode(data)
        refused += isinstance(found, dis.Malformed)
        if not isinstance(found, dis.Malformed):
            assert dis.decode(data) == found
        reader = dis.Reader(io.BytesIO(data + whole[0]))
        assert len(list(reader)) == reader.read <= 1 + len(data) // 40
    assert 0 < refused < MUTANTS


def test_every_class_of_the_catalogue_has_a_type() -> None:
    kinds = ("threats", "interceptors", "radars", "infrared", "space_interceptors", "systems", "objects")
    folder = resources.files("synaspis.catalog")
    texts = [(folder / f"{kind}.yaml").read_text(encoding="utf-8") for kind in kinds]
    names = {name for text in texts for name in yaml.safe_load(text)["entries"]}
    assert names == set(ENTITY_TYPES)
    assert set(EMITTER_NAMES) <= set(ENTITY_TYPES)


def test_types_are_what_the_reference_says() -> None:
    assert entity_type("sm-3-ib") == (2, 1, 225, 1, 27, 3, 0)  # SISO-REF-010 uid 19489
    assert entity_type("aster-30-b1") == (2, 1, 71, 1, 2, 0, 0)  # uid 21030
    assert entity_type("an-tpy-2") == (1, 1, 225, 28, 4, 2, 0)  # uid 10703
    assert entity_type("nothing") == (0,) * 7
    assert {row.type.country for name, row in ENTITY_TYPES.items() if name.startswith(("mrbm", "icbm"))} == {
        0
    }


@given(types)
def test_property_a_types_number_gives_the_type(kind: EntityType) -> None:
    assert EntityType.of_code(kind.code()) == kind


@given(st.text(max_size=20))
def test_property_a_marking_says_exercise_and_fits(name: str) -> None:
    told = marked(name)
    assert told.startswith("EX ") and len(told) <= 11 and told.isascii()
