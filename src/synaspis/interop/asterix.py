"""ASTERIX categories 048 (radar plots) and 062 (system tracks), by EUROCONTROL's own specifications.

Editions: CAT048 1.32 with its reserved expansion field 1.13, CAT062 1.20. Records are read with libasterix,
which has every item of them and takes a second to load; the few items that are written are put together here.
What an item does not hold is left out of the record, and its name told: nothing is clipped. A plot beyond
256 NM has its range in the expansion field (ERR). Elevation, range rate and standard errors, for which there
is no item, and heights of tracks beyond item 130 are in the special purpose field (`TAG`), which others skip.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

NM_M: Final = 1852.0
FOOT_M: Final = 0.3048
TAG: Final = b"SYN1"
"""How a special purpose field of ours begins."""
CALLSIGN: Final = "EXERCISE"
MOST_BLOCK: Final = 65_535
"""Bytes of a data block: what its length field holds."""
_ROOM: Final = 4_096
"""Records are looked for in so many bytes first: the library's work grows with what lies behind a record."""
_PLOT_MORE: Final = struct.Struct(">4s6f")
_TRACK_MORE: Final = struct.Struct(">4sf")
_WRONG: Final = (ValueError, IndexError, KeyError, TypeError, AttributeError, AssertionError, OverflowError)
PLOTS, TRACKS = 48, 62
DAY_S: Final = 86_400.0
_POSITION_DEG: Final = 180.0 / 2**25
LOWEST_M, HIGHEST_M = -1_500.0 * FOOT_M, 150_000.0 * FOOT_M
"""Heights between which item 130 of CAT062 holds them."""
Source = tuple[int, int]
"""System area code and system identification code."""
nan = math.nan


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A target report of CAT048. Angles are the radar's own, azimuth clockwise from north; NaN is not told.

    `height_m` is above mean sea level, `level_m` a pressure altitude. `detected` is false for what the radar
    only foretells. The last six are in our own special purpose field.
    """

    source: Source
    time_of_day_s: float
    range_m: float
    azimuth_rad: float
    number: int | None = None
    height_m: float = nan
    level_m: float = nan
    speed_mps: float = nan
    heading_rad: float = nan
    detected: bool = True
    simulated: bool = True
    elevation_rad: float = nan
    range_rate_mps: float = nan
    sigma_range_m: float = nan
    sigma_azimuth_rad: float = nan
    sigma_elevation_rad: float = nan
    sigma_range_rate_mps: float = nan


@dataclass(frozen=True, kw_only=True)
class SystemTrack:
    """A track of CAT062. Degrees on WGS84; velocity east and north; `climb_mps` up; NaN is not told.

    `height_m` is geometric, `level_m` a pressure altitude; `sigma_m` the larger standard error of its place.
    """

    source: Source
    time_of_day_s: float
    latitude_deg: float
    longitude_deg: float
    number: int
    height_m: float = nan
    level_m: float = nan
    east_mps: float = nan
    north_mps: float = nan
    climb_mps: float = nan
    sigma_m: float = nan
    ended: bool = False
    simulated: bool = True


@dataclass(frozen=True)
class Malformed:
    """What could not be read: its byte, and why. `whole`: it is a record, without what we need of it."""

    at: int
    why: str
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class _Specs:
    """The library's classes."""

    bits: Any
    strict: Any
    plot: Any
    more: Any
    track: Any


@cache
def _specs() -> _Specs:
    from asterix import base
    from asterix import generated as made

    return _Specs(
        bits=base.Bits.from_bytes, strict=base.ParsingMode.StrictParsing,
        plot=made.Cat_048_1_32.cv_record, more=made.Ref_048_1_13.cv_expansion,
        track=made.Cat_062_1_20.cv_record,
    )  # fmt: skip


# -- out -----------------------------------------------------------------------------------------------------

_PLOT_ITEMS: Final = {
    "010": 1, "140": 2, "020": 3, "040": 4, "240": 9, "161": 11, "200": 13, "110": 19, "SP": 27, "RE": 28,
}  # fmt: skip
_TRACK_ITEMS: Final = {
    "010": 1, "015": 3, "070": 4, "105": 5, "185": 7, "245": 10, "380": 11, "040": 12, "080": 13, "130": 18,
    "220": 20, "500": 27, "SP": 35,
}  # fmt: skip
"""Where an item's bit stands in the field specification."""
_SIX_BITS: Final = sum(ord(c) % 64 << 6 * i for i, c in enumerate(reversed(CALLSIGN))).to_bytes(6, "big")


def plot_record(p: Plot) -> tuple[bytes, tuple[str, ...]]:
    """A CAT048 record, and the items that it cannot have. ValueError where its range has no place at all."""
    left: list[str] = []
    steps = round(p.range_m / NM_M * 256.0)
    if not 0 <= steps < 1 << 24:
        raise ValueError(f"a range of {p.range_m} m has no place in CAT048")
    items = {
        "010": bytes(p.source),
        "140": _time_of_day(p.time_of_day_s),
        "020": bytes([p.detected << 5 | p.simulated << 4]),  # one plot of a primary radar
        "040": struct.pack(">HH", min(steps, 0xFFFF), _turn(p.azimuth_rad)),
        "240": _SIX_BITS,
    }
    if p.number is not None:
        items["161"] = struct.pack(">H", p.number)
    if steps >= 0xFFFF:
        items["RE"] = b"\x05\x08" + steps.to_bytes(3, "big")  # ERR alone
    speed = _fits(p.speed_mps / NM_M * 16_384.0, ">H", "200", left)
    if speed and math.isfinite(p.heading_rad):
        items["200"] = speed + struct.pack(">H", _turn(p.heading_rad))
    steps_up = p.height_m / (25.0 * FOOT_M)
    if abs(steps_up) < 8_191.5:
        items["110"] = struct.pack(">H", round(steps_up) & 0x3FFF)
    elif math.isfinite(steps_up):
        left.append("110")
    further = (
        math.degrees(p.elevation_rad), p.range_rate_mps, p.sigma_range_m, p.sigma_azimuth_rad,
        p.sigma_elevation_rad, p.sigma_range_rate_mps,
    )  # fmt: skip
    if not all(map(math.isnan, further)):
        items["SP"] = _explicit(_PLOT_MORE.pack(TAG, *further))
    return _record(items, _PLOT_ITEMS), tuple(left)


def track_record(t: SystemTrack) -> tuple[bytes, tuple[str, ...]]:
    """A CAT062 record, and the items that it cannot have."""
    left: list[str] = []
    items = {
        "010": bytes(t.source),
        "015": b"\x01",
        "070": _time_of_day(t.time_of_day_s),
        "105": struct.pack(">ii", *(round(x / _POSITION_DEG) for x in (t.latitude_deg, t.longitude_deg))),
        "245": b"\x40" + _SIX_BITS,  # a callsign that the target did not send
        "380": b"\x40" + _SIX_BITS,  # its second part alone
        "040": struct.pack(">H", t.number),
        # One sensor, geometric height is the best; then simulated, and whether it is the track's last.
        "080": bytes([0xA1, t.simulated << 7 | t.ended << 6]),
    }
    if LOWEST_M <= t.height_m <= HIGHEST_M:
        items["130"] = struct.pack(">h", round(t.height_m / (6.25 * FOOT_M)))
    elif math.isfinite(t.height_m):
        left.append("130")
        items["SP"] = _explicit(_TRACK_MORE.pack(TAG, t.height_m))
    items["220"] = _fits(t.climb_mps * 60.0 / (6.25 * FOOT_M), ">h", "220", left)
    east, north = (_fits(v / 0.25, ">h", "185", left) for v in (t.east_mps, t.north_mps))
    items["185"] = east + north if east and north else b""
    each = _fits(t.sigma_m / 0.5, ">H", "500", left)
    items["500"] = b"\x80" + each + each if each else b""
    return _record(items, _TRACK_ITEMS), tuple(dict.fromkeys(left))


def _record(items: dict[str, bytes], places: dict[str, int]) -> bytes:
    """The field specification, and behind it the items that are not empty."""
    there = {places[name]: data for name, data in items.items() if data}
    head = bytearray((max(there) + 6) // 7)
    for place in there:
        head[(place - 1) // 7] |= 0x80 >> (place - 1) % 7
    for i in range(len(head) - 1):
        head[i] |= 1
    return bytes(head) + b"".join(there[place] for place in sorted(there))


def _explicit(data: bytes) -> bytes:
    return bytes([len(data) + 1]) + data


def _time_of_day(seconds: float) -> bytes:
    return (round(seconds % DAY_S * 128.0) % (86_400 * 128)).to_bytes(3, "big")


def _turn(radians: float) -> int:
    return round(math.degrees(radians) % 360.0 / 360.0 * 65_536) % 65_536


def _fits(value: float, layout: str, item: str, left: list[str]) -> bytes:
    """`value` in whole steps; nothing, and the item noted, where it does not fit. NaN is nothing too."""
    try:
        return struct.pack(layout, round(value))
    except (ValueError, OverflowError, struct.error):
        if not math.isnan(value):
            left.append(item)
        return b""


def blocks(category: int, records: Iterable[bytes], most: int = 1_400) -> Iterator[bytes]:
    """Records as data blocks of at most `most` bytes, but for a longer record alone."""
    held: list[bytes] = []
    size = 3
    for record in records:
        if held and size + len(record) > most:
            yield struct.pack(">BH", category, size) + b"".join(held)
            held, size = [], 3
        held.append(record)
        size += len(record)
    if held:
        yield struct.pack(">BH", category, size) + b"".join(held)


# -- in ------------------------------------------------------------------------------------------------------


def records(data: bytes) -> Iterator[Plot | SystemTrack | Malformed | int]:
    """What the data blocks of `data` hold: plots, tracks, what is neither, and of other blocks the category.

    Of a block with a wrong record the rest is passed over, for where the next begins is not known; so is what
    follows a wrong length.
    """
    at = 0
    while at < len(data):
        if len(data) - at < 3:
            yield Malformed(at, "a data block's head is cut short")
            return
        category, size = struct.unpack_from(">BH", data, at)
        if size < 3 or size > len(data) - at:
            yield Malformed(at, f"a data block says that it has {size} bytes")
            return
        if category in (PLOTS, TRACKS):
            yield from _block(category, data[at : at + size], at)
        else:
            yield category
        at += size


def _block(category: int, data: bytes, offset: int) -> Iterator[Plot | SystemTrack | Malformed]:
    at = 3
    while at < len(data):
        try:
            record, size = _parsed(category, data, at)
        except _WRONG as wrong:
            yield Malformed(offset + at, str(wrong) or type(wrong).__name__)
            return
        try:
            yield _plot(record) if category == PLOTS else _track(record)
        except _WRONG as wrong:
            yield Malformed(offset + at, str(wrong) or type(wrong).__name__, whole=True)
        at += size


def _parsed(category: int, data: bytes, at: int) -> tuple[Any, int]:
    specs = _specs()
    spec = specs.plot if category == PLOTS else specs.track
    for end in (at + _ROOM, len(data)):
        found = spec.parse(specs.strict, specs.bits(data[at:end]))
        if not isinstance(found, ValueError):
            record, rest = found
            return record, (min(end, len(data)) - at) - len(rest) // 8
        if end >= len(data):
            break
    raise found


def _plot(record: Any) -> Plot:
    range_m, azimuth_rad = _polar(record)
    report = _given(record, "020", "a plot")
    more = _special(record, _PLOT_MORE)
    number = record.get_item("161")
    speed_mps, heading_rad = nan, nan
    if (moves := record.get_item("200")) is not None:
        speed_mps = _part(moves, "GSP", "NM/s") * NM_M
        heading_rad = math.radians(_part(moves, "HDG", "°"))
    height = record.get_item("110")
    level = record.get_item("090")
    up_deg, rate, *sigmas = more or (nan,) * 6
    return Plot(
        source=_source(record), time_of_day_s=_quantity(_given(record, "140", "a plot"), "s"),
        range_m=range_m, azimuth_rad=azimuth_rad,
        number=None if number is None else _sub(number, "TRN").as_uint(),
        height_m=nan if height is None else _part(height, "3DH", "ft") * FOOT_M,
        level_m=nan if level is None else _level(level), speed_mps=speed_mps, heading_rad=heading_rad,
        detected=_sub(report, "TYP").as_uint() != 0, simulated=bool(_sub(report, "SIM").as_uint()),
        elevation_rad=math.radians(up_deg), range_rate_mps=rate, sigma_range_m=sigmas[0],
        sigma_azimuth_rad=sigmas[1], sigma_elevation_rad=sigmas[2], sigma_range_rate_mps=sigmas[3],
    )  # fmt: skip


def _polar(record: Any) -> tuple[float, float]:
    place = _given(record, "040", "a plot")
    range_nm = _part(place, "RHO", "NM")
    if range_nm >= 65_535 / 256.0:
        more = record.get_item("RE")
        data = b"" if more is None else more.variation.get_bytes()
        found = _specs().more.parse(_specs().bits(data))
        further = None if isinstance(found, ValueError) else found[0].get_item("ERR")
        if further is None:
            raise ValueError("the range is beyond item 040, and not in ERR")
        range_nm = _quantity(further, "NM")
    return range_nm * NM_M, math.radians(_part(place, "THETA", "°"))


def _level(item: Any) -> float:
    """Pressure altitude (m), NaN where it is said to be wrong."""
    if _sub(item, "V").as_uint() or _sub(item, "G").as_uint():
        return nan
    return _part(item, "FL", "FL") * 100.0 * FOOT_M


def _track(record: Any) -> SystemTrack:
    place = _given(record, "105", "a track")
    status = _given(record, "080", "a track").variation
    more = _special(record, _TRACK_MORE)
    east, north = nan, nan
    if (moves := record.get_item("185")) is not None:
        east, north = _part(moves, "VX", "m/s"), _part(moves, "VY", "m/s")
    height, level, climb = (record.get_item(name) for name in ("130", "136", "220"))
    errors = record.get_item("500")
    each = None if errors is None else errors.variation.get_item("APC")
    ended, simulated = status.get_item("TSE"), status.get_item("SIM")
    return SystemTrack(
        source=_source(record), time_of_day_s=_quantity(_given(record, "070", "a track"), "s"),
        latitude_deg=_part(place, "LAT", "°"), longitude_deg=_part(place, "LON", "°"),
        number=_given(record, "040", "a track").as_uint(),
        height_m=more[0] if more else nan if height is None else _quantity(height, "ft") * FOOT_M,
        level_m=nan if level is None else _quantity(level, "FL") * 100.0 * FOOT_M,
        east_mps=east, north_mps=north,
        climb_mps=nan if climb is None else _quantity(climb, "ft/min") * FOOT_M / 60.0,
        sigma_m=nan if each is None else max(_part(each, "X", "m"), _part(each, "Y", "m")),
        ended=bool(ended is not None and ended.as_uint()),
        simulated=bool(simulated is not None and simulated.as_uint()),
    )  # fmt: skip


def _source(record: Any) -> Source:
    both = _given(record, "010", "a record").as_uint()
    return both >> 8, both & 0xFF


def _special(record: Any, layout: struct.Struct) -> tuple[float, ...] | None:
    """What our own special purpose field holds; None for none, or another's."""
    item = record.get_item("SP")
    data = b"" if item is None else item.variation.get_bytes()
    if not data.startswith(TAG) or len(data) != layout.size:
        return None
    found: tuple[float, ...] = layout.unpack(data)[1:]
    return found


def _given(record: Any, name: str, whose: str) -> Any:
    item = record.get_item(name)
    if item is None:
        raise ValueError(f"{whose} without item {name}")
    return item


def _sub(item: Any, name: str) -> Any:
    return item.variation.get_item(name)


def _part(item: Any, name: str, unit: str) -> float:
    return _quantity(_sub(item, name), unit)


def _quantity(item: Any, unit: str) -> float:
    return float(item.variation.content.as_quantity(unit))
