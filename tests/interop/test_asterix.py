"""ASTERIX: what we write is what the library would, comes back, and leaves out what has no room."""

from __future__ import annotations

import math
import os
import random
import struct
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop import asterix
from synaspis.interop.asterix import (
    FOOT_M,
    NM_M,
    PLOTS,
    TRACKS,
    Malformed,
    Plot,
    SystemTrack,
    blocks,
    plot_record,
    records,
    track_record,
)

from .asterix_samples import FAR, NEAR, SAMPLES, block

MUTANTS = 1000 * max(int(os.environ.get("SYNASPIS_SOAK") or 0), 1)
nan = math.nan
TURN = 2.0 * math.pi


def number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high)


def perhaps(low: float, high: float) -> st.SearchStrategy[float]:
    return st.just(nan) | st.floats(low, high, width=32)


SOURCES = st.tuples(st.integers(0, 255), st.integers(0, 255))
DAYS = st.integers(0, 86_400 * 128 - 1).map(lambda n: n / 128)
PLOTTED = st.builds(
    Plot, source=SOURCES, time_of_day_s=DAYS, range_m=number(0, 65_000 * NM_M), azimuth_rad=number(0, TURN),
    number=st.none() | st.integers(0, 4095), height_m=perhaps(-60e3, 60e3), speed_mps=perhaps(0, 7_000),
    heading_rad=number(0, TURN), detected=st.booleans(), simulated=st.booleans(),
    elevation_rad=perhaps(-1, 1), range_rate_mps=perhaps(-8e3, 8e3), sigma_range_m=perhaps(1, 100),
    sigma_azimuth_rad=perhaps(0, 1), sigma_elevation_rad=perhaps(0, 1), sigma_range_rate_mps=perhaps(0, 99),
)  # fmt: skip
TRACKED = st.builds(
    SystemTrack, source=SOURCES, time_of_day_s=DAYS, latitude_deg=number(-90, 90),
    longitude_deg=number(-180, 180), number=st.integers(0, 65_535), height_m=perhaps(-400, 2e6),
    east_mps=number(-8_000, 8_000), north_mps=number(-8_000, 8_000), climb_mps=perhaps(-1_000, 1_000),
    sigma_m=perhaps(1, 30_000), ended=st.booleans(), simulated=st.booleans(),
)  # fmt: skip
STEPS = {
    "range_m": NM_M / 256, "azimuth_rad": TURN / 65_536, "height_m": 25 * FOOT_M, "speed_mps": NM_M / 16_384,
    "heading_rad": TURN / 65_536, "elevation_rad": 1e-6, "latitude_deg": 180 / 2**25,
    "longitude_deg": 180 / 2**25, "east_mps": 0.25, "north_mps": 0.25, "climb_mps": 6.25 * FOOT_M / 60,
    "sigma_m": 0.5,
}  # fmt: skip


def only(data: bytes) -> Any:
    (found,) = records(data)
    return found


def near(sent: Any, back: Any) -> None:
    """Every field is back within half a step of its item; angles may have gone once round."""
    for name in (f.name for f in fields(sent)):
        one, other = getattr(sent, name), getattr(back, name)
        if isinstance(one, float) and name in STEPS:
            assert math.isnan(one) == math.isnan(other), name
            off = abs(one - other)
            if name in ("azimuth_rad", "heading_rad"):
                off = min(off, TURN - off)
            assert math.isnan(one) or off <= 0.5001 * STEPS[name], (name, one, other)
        else:
            assert one == other or (one != one and other != other), (name, one, other)


@given(PLOTTED)
def test_a_plot_comes_back(sent: Plot) -> None:
    back = only(block(sent))
    if math.isnan(sent.speed_mps):
        sent = replace(sent, heading_rad=nan)
    near(sent, back)


@given(TRACKED)
def test_a_track_comes_back(sent: SystemTrack) -> None:
    near(sent, only(block(sent)))


def by_the_library(sample: Plot | SystemTrack) -> bytes:
    """The record as libasterix puts it together, from the items that our bytes have, by its units."""
    from asterix.base import Bits, ParsingMode
    from asterix.generated import Cat_048_1_32, Cat_062_1_20

    made = plot_record(sample)[0] if isinstance(sample, Plot) else track_record(sample)[0]
    spec = (Cat_048_1_32 if isinstance(sample, Plot) else Cat_062_1_20).cv_record
    found, rest = spec.parse(ParsingMode.StrictParsing, Bits.from_bytes(made))
    assert len(rest) == 0
    if isinstance(sample, Plot):
        again = {
            "010": (("SAC", sample.source[0]), ("SIC", sample.source[1])),
            "040": (
                ("RHO", (sample.range_m / NM_M, "NM")), ("THETA", (math.degrees(sample.azimuth_rad), "°")),
            ),
            "140": ((sample.time_of_day_s, "s")), "240": "EXERCISE",
        }  # fmt: skip
    else:
        again = {
            "010": (("SAC", sample.source[0]), ("SIC", sample.source[1])), "015": 1, "040": sample.number,
            "070": ((sample.time_of_day_s, "s")), "380": {"ID": "EXERCISE"},
            "105": (("LAT", (sample.latitude_deg, "°")), ("LON", (sample.longitude_deg, "°"))),
        }  # fmt: skip
    given = {name: again.get(name, item) for name, item in found.items_regular.items()}
    return bytes(spec.create(given).unparse().to_bytes())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_library_puts_the_same_bytes_together(name: str) -> None:
    sample = SAMPLES[name]
    made = plot_record(sample)[0] if isinstance(sample, Plot) else track_record(sample)[0]
    assert by_the_library(sample).hex() == made.hex()


@pytest.mark.parametrize(
    ("sample", "left"),
    [
        (replace(NEAR, height_m=62_500.0), ("110",)),
        (replace(NEAR, height_m=62_400.0), ()),
        (replace(NEAR, speed_mps=7_500.0, heading_rad=1.0), ("200",)),
        (SAMPLES["high_track"], ("130", "220", "185")),
        (replace(SAMPLES["low_track"], height_m=45_720.0), ()),
        (replace(SAMPLES["low_track"], height_m=45_721.0), ("130",)),
        (replace(SAMPLES["low_track"], sigma_m=40_000.0), ("500",)),
        (replace(SAMPLES["low_track"], north_mps=-8_192.5), ("185",)),
    ],
)
def test_what_has_no_room_is_left_out_and_named(sample: Plot | SystemTrack, left: tuple[str, ...]) -> None:
    made, missing = plot_record(sample) if isinstance(sample, Plot) else track_record(sample)
    assert missing == left
    back = only(b"".join(blocks(PLOTS if isinstance(sample, Plot) else TRACKS, [made])))
    if isinstance(back, SystemTrack):
        assert "130" not in left or back.height_m == sample.height_m
        assert math.isnan(back.east_mps) == ("185" in left)
        assert math.isnan(back.climb_mps) == ("220" in left)
        assert math.isnan(back.sigma_m) == ("500" in left or math.isnan(sample.sigma_m))
    else:
        assert math.isnan(back.height_m) == ("110" in left or math.isnan(sample.height_m))
        assert math.isnan(back.speed_mps) == ("200" in left or math.isnan(sample.speed_mps))


def test_a_range_beyond_the_item_is_in_the_expansion_field() -> None:
    made = plot_record(FAR)[0]
    assert made.endswith(b"\x05\x08" + round(FAR.range_m / NM_M * 256).to_bytes(3, "big"))
    assert only(block(FAR)).range_m == pytest.approx(FAR.range_m, abs=NM_M / 512)
    with pytest.raises(ValueError, match="no place"):
        plot_record(replace(FAR, range_m=65_537 * NM_M))


def test_a_full_range_without_the_expansion_field_is_no_range() -> None:
    steps = round(NEAR.range_m / NM_M * 256).to_bytes(2, "big")
    made = plot_record(NEAR)[0].replace(steps, b"\xff\xff")
    (found,) = records(b"".join(blocks(PLOTS, [made])))
    assert found == Malformed(3, "the range is beyond item 040, and not in ERR", whole=True)


def test_every_record_is_marked_as_simulated_exercise() -> None:
    for sample in SAMPLES.values():
        assert bytes.fromhex("1581520c94c5") in block(sample)  # EXERCISE, six bits a letter
        assert only(block(sample)).simulated


def test_blocks_are_as_long_as_they_say_and_no_longer_than_asked() -> None:
    one = plot_record(NEAR)[0]
    made = list(blocks(PLOTS, [one] * 1_000, most=1_400))
    assert all(len(b) <= 1_400 and struct.unpack_from(">BH", b) == (PLOTS, len(b)) for b in made)
    assert len(list(records(b"".join(made)))) == 1_000
    assert list(blocks(TRACKS, [])) == []


def test_what_is_behind_a_wrong_record_is_passed_over_to_the_next_block() -> None:
    good = block(NEAR)
    torn = struct.pack(">BH", PLOTS, 3 + 10) + good[3:13]
    found = list(records(torn + good + b"\x22\x00\x04\x00" + good + b"\x30\x00\x02" + good))
    assert [type(x).__name__ for x in found] == ["Malformed", "Plot", "int", "Plot", "Malformed"]
    assert (found[0].at, found[2], found[4].at) == (3, 34, 13 + 2 * len(good) + 4)
    assert list(records(b"\x30\x00")) == [Malformed(0, "a data block's head is cut short")]
    assert list(records(b"\x30\xff\xff" + bytes(9))) == [
        Malformed(0, "a data block says that it has 65535 bytes")
    ]


def test_a_record_without_a_place_is_told_apart_from_bytes_that_are_none() -> None:
    record = b"\xe0\x19\x0a\x00\x00\x80\x30"  # 010, 140 and 020 alone
    (found,) = records(b"".join(blocks(PLOTS, [record])))
    assert found == Malformed(3, "a plot without item 040", whole=True)


def test_anothers_special_purpose_field_is_passed_over() -> None:
    made = block(SAMPLES["measured"])
    other = made.replace(asterix.TAG, b"OTH1")
    assert other != made
    back = only(other)
    assert math.isnan(back.elevation_rad) and back.height_m == only(made).height_m


def mutant(luck: random.Random, data: bytes) -> bytes:
    """The bytes after one to four accidents; in half of them the block tells the new length."""
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
            made[at : at + 4] = luck.choice((b"\xff" * 4, bytes(4)))
    if luck.random() < 0.5 and len(made) >= 3:
        made[1:3] = struct.pack(">H", len(made))
    return bytes(made)


def test_mutated_bytes_are_read_or_refused_and_never_more() -> None:
    luck = random.Random(1)
    whole = [block(sample) for sample in (*SAMPLES.values(), FAR)]
    refused = 0
    for _ in range(MUTANTS):
        data = mutant(luck, luck.choice(whole)) + luck.choice(whole)
        found = list(records(data))
        assert len(found) <= len(data)
        refused += any(isinstance(each, Malformed) for each in found)
    assert 0 < refused < MUTANTS
