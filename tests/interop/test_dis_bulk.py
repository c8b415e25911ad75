"""Entity states by arrays: the same bytes as one by one, and the same refusals."""

from __future__ import annotations

import io
import random
from dataclasses import fields, replace

import numpy as np
import pytest

from synaspis.errors import InputError
from synaspis.interop import dis, dis_bulk
from synaspis.interop.dis_bulk import States, decode_states, encode_states, timestamps_of
from synaspis.interop.dis_records import EntityId, EntityState, Head, timestamp_of
from synaspis.interop.dis_types import EntityType, entity_type

from .dis_samples import SAMPLES
from .test_dis import MUTANTS, mutant


def drawn(count: int, seed: int) -> States:
    """States anywhere within 50,000 km."""
    luck = np.random.default_rng(seed)

    def vectors(scale: float) -> np.ndarray:  # type: ignore[type-arg]
        return luck.uniform(-scale, scale, (count, 3)).astype(np.float32)

    kinds = np.array([entity_type(name).code() for name in ("sm-3-ib", "mrbm-1300", "an-tpy-2")], np.uint64)
    return States(
        exercise=np.full(count, 42, np.uint8),
        timestamp=luck.integers(0, 2**32, count, np.uint32),
        entity=luck.integers(0, 2**16, (count, 3), np.uint16),
        force=luck.integers(0, 3, count, np.uint8),
        type=luck.choice(kinds, count),
        algorithm=luck.integers(1, 6, count, np.uint8),
        marking=np.array([f"EX {i}" for i in range(count)], "S11"),
        velocity=vectors(7e3),
        location=luck.uniform(-5e7, 5e7, (count, 3)),
        orientation=vectors(3.0),
        acceleration=vectors(90.0),
        spin=vectors(1.0),
    )


def row(states: States, i: int) -> EntityState:
    """One of them as a record."""
    vector = {
        name: tuple(map(float, getattr(states, name)[i]))
        for name in ("velocity", "location", "orientation", "acceleration", "spin")
    }
    return EntityState(
        head=Head(exercise=int(states.exercise[i]), timestamp=int(states.timestamp[i])),
        entity=EntityId(*map(int, states.entity[i])), type=EntityType.of_code(int(states.type[i])),
        marking=states.marking[i].decode(), force=int(states.force[i]), algorithm=int(states.algorithm[i]),
        **vector,
    )  # fmt: skip


def same(one: States, other: States) -> None:
    for field in fields(States):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), field.name)


def test_the_record_is_as_long_as_the_standards() -> None:
    assert dis_bulk.RECORD.itemsize == 144


def test_many_are_the_bytes_of_each() -> None:
    states = drawn(50, seed=1)
    assert encode_states(states) == b"".join(dis.encode(row(states, i)) for i in range(50))


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_property_many_come_back(count: int) -> None:
    states = drawn(count, seed=2)
    found = decode_states(encode_states(states))
    same(found.states, states)
    assert (found.others, found.skipped, found.first) == (0, 0, ())
    assert found.places.tolist() == list(range(0, 144 * count, 144))


def test_a_marking_of_other_bytes_is_told_in_question_marks() -> None:
    data = bytearray(encode_states(drawn(1, seed=10)))
    data[129:140] = b"A\xff\x07 z\0\xc3more"
    assert decode_states(bytes(data)).states.marking.tolist() == [b"A?? z"]
    pdu = dis.decode(bytes(data))
    assert isinstance(pdu, EntityState) and pdu.marking == "A?? z"


def test_timestamps_of_many_are_each() -> None:
    seconds = np.array([0.0, 1e-6, 1234.5, 3599.9999999, 3600.0, 7300.25])
    assert timestamps_of(seconds).tolist() == [timestamp_of(float(s)) for s in seconds]


def test_among_other_pdus_they_are_found() -> None:
    states = drawn(3, seed=3)
    data = encode_states(states)
    one, three = data[:144], data[288:]
    stop, fire = dis.encode(SAMPLES["stop"]), dis.encode(SAMPLES["fire"])
    with_parameters = dis.encode(replace(row(states, 1), parameters=bytes(32)))
    found = decode_states(stop + one + fire + with_parameters + three)
    same(found.states, states)
    assert (found.others, found.skipped) == (2, 0)
    assert found.places.tolist() == [40, 280, 456]


def test_bad_ones_are_skipped_and_told() -> None:
    data = bytearray(encode_states(drawn(6, seed=4)))
    data[0] = 6
    data[144 + 1] = 0
    data[2 * 144 + 48 : 2 * 144 + 56] = b"\x7f\xf8" + bytes(6)
    data[3 * 144 + 19] = 1
    data[4 * 144 + 8 : 4 * 144 + 10] = b"\x00\x8f"  # 143: what follows begins one byte early
    found = decode_states(bytes(data))
    assert len(found.states) == 0
    assert [told.why for told in found.first[:5]] == [
        "protocol version is not 7",
        "no exercise identifier",
        "location is not finite",
        "wrong length",
        "length 143, an entity state has 144",
    ]
    assert [told.place for told in found.first[:3]] == ["byte 0", "byte 144", "byte 288"]
    assert found.skipped == len(found.first) >= 6


@pytest.mark.parametrize("size", [1, 11, 12, 143, 145, 287])
def test_a_cut_is_told(size: int) -> None:
    found = decode_states(encode_states(drawn(3, seed=6))[:size])
    assert len(found.states) == size // 144
    assert found.skipped == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"exercise": np.zeros(2, np.uint8)}, "no exercise identifier"),
        ({"marking": np.array([b"EX 1", b"M"])}, "row 1: marking does not say exercise"),
        ({"marking": np.array([b"EX 1", b"EX 456789012"])}, "row 1: marking"),
        ({"marking": np.array([b"EX\n", b"EX"])}, "row 0: marking"),
        ({"location": np.full((2, 3), np.nan)}, "location is not finite"),
        ({"location": np.full((2, 3), 2e9)}, "location is more than"),
    ],
)
def test_what_is_no_exercise_is_not_written(more: dict[str, np.ndarray], why: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InputError, match=why):
        encode_states(replace(drawn(2, seed=7), **more))


def test_mutated_streams_give_what_one_by_one_gives() -> None:
    luck = random.Random(2)
    whole = (
        encode_states(drawn(5, seed=8)) + dis.encode(SAMPLES["emission"]) + encode_states(drawn(2, seed=9))
    )
    spoilt = 0
    for _ in range(MUTANTS // 4):
        data = mutant(luck, whole)
        found = decode_states(data)
        singly = [pdu for pdu in dis.Reader(io.BytesIO(data)) if isinstance(pdu, EntityState)]
        assert len(found.states) == len(singly)
        assert [pdu.location for pdu in singly] == [tuple(map(float, at)) for at in found.states.location]
        assert [pdu.marking.encode() for pdu in singly] == found.states.marking.tolist()
        spoilt += len(singly) < 7
    assert spoilt > 30
