"""A trial as ASTERIX: plots of the radars that see the drawn ways (CAT048), and system tracks (CAT062).

Nothing is measured: no noise is added, and nothing is told that the globe's picture does not tell. A radar
has plots of a missile from when it has first seen it, while the drawn way is in its sector and reach and
above its horizon; there is a system track of it from when some nation first knew where it lands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from synaspis.interop import asterix
from synaspis.interop.asterix import PLOTS, TRACKS, Plot, Source, SystemTrack
from synaspis.interop.telling import Path, Sample, Telling, along, nearest_turn, placed
from synaspis.kernels.earth import MEAN_RADIUS_M, ecef_from_geodetic, enu_axes
from synaspis.model.answers import SiteMark

Floats = NDArray[np.float64]
EVERY_S = 10.0
"""Between two plots or two updates of a track."""
SIGMA_M = 3_000.0
"""What CAT062 says of a track's accuracy: how far the drawn way may lie beside the trial's."""
SYSTEM: Source = (0, 0)
Record = tuple[float, int, bytes]
"""Second of the raid, category, record."""


def radars(told: Telling) -> Mapping[str, Source]:
    """Area and identification code of each radar, by name: from 0/1, in the order of the sites."""
    names = [s.name for s in told.sites if s.kind == "radar" and placed(s)]
    return {name: divmod(i, 256) for i, name in enumerate(dict.fromkeys(names), start=1)}


def packets(told: Telling) -> Iterator[tuple[float, bytes]]:
    """Data blocks, each with its second of the raid, earliest first."""
    for (time_s, category), group in groupby(_records(told)[0], lambda r: (r[0], r[1])):
        for block in asterix.blocks(category, (record for _, _, record in group)):
            yield time_s, block


def document(told: Telling) -> bytes:
    """All data blocks, one after the other."""
    return b"".join(block for _, block in packets(told))


def remarks(told: Telling) -> tuple[str, ...]:
    """Which radar is which source, and what the format could not hold."""
    sources = ",".join(f"{sac}/{sic}={name}" for name, (sac, sic) in radars(told).items())
    left = _records(told)[1]
    said = (f"Radars, as `synaspis warn --stations` takes them: {sources}",) if sources else ()
    return said + tuple(f"Left out: item {item} of {n:,} records" for item, n in sorted(left.items()))


def _records(told: Telling) -> tuple[list[Record], Counter[str]]:
    """All records in order of time, and how often which item was left out."""
    found: list[Record] = []
    left: Counter[str] = Counter()
    sources = radars(told)
    sites = {s.name: s for s in told.sites if s.name in sources}
    seen = {(e.who, e.threat): e.time_s for e in reversed(told.events) if e.kind == "seen" and e.who in sites}
    known = {e.threat: e.time_s for e in reversed(told.events) if e.kind == "known"}
    for number, path in enumerate(told.paths, start=1):
        name = path.flight.threat
        for who, source in sources.items():
            if (who, name) in seen:
                found += _plots(told, path, number, sites[who], source, seen[who, name], left)
        if name in known:
            found += _track(told, path, number, known[name], left)
    return sorted(found, key=lambda r: r[:2]), left


def _times(path: Path, since_s: float) -> list[float]:
    """The whole steps of time from `since_s` on in which the way is drawn."""
    if not path.samples:
        return []
    first = math.ceil(max(since_s, path.samples[0][0]) / EVERY_S)
    return [EVERY_S * k for k in range(first, math.floor(path.samples[-1][0] / EVERY_S) + 1)]


def _plots(
    told: Telling, path: Path, number: int, site: SiteMark, source: Source, since_s: float, left: Counter[str]
) -> Iterator[Record]:  # fmt: skip
    times = _times(path, since_s)
    if not times:
        return
    spots = [along(path.samples, t) for t in times]
    seen = _from_site(site, spots).tolist()
    # What is large is seen from farther off than the reach that the globe draws.
    reach_m = max(1e3 * site.reach_km, seen[0][0])
    for time_s, spot, (far_m, azimuth, elevation) in zip(times, spots, seen, strict=True):
        if far_m > reach_m or not _in_sector(site, azimuth, elevation):
            continue
        record, missing = asterix.plot_record(
            Plot(
                source=source, time_of_day_s=_of_day(told, time_s), range_m=far_m, azimuth_rad=azimuth,
                number=number % 4_096, height_m=spot[3], elevation_rad=elevation,
            )
        )  # fmt: skip
        left.update(f"048/{item}" for item in missing)
        yield time_s, PLOTS, record


def _from_site(site: SiteMark, spots: list[Sample]) -> Floats:
    """(N, 3) slant range (m), azimuth and elevation (rad) from a site on the ellipsoid."""
    here = np.radians([[site.latitude_deg, site.longitude_deg, 0.0]])
    there = np.array([(math.radians(lat), math.radians(lon), height) for _, lat, lon, height in spots])
    east, north, up = enu_axes(here)[0] @ (ecef_from_geodetic(there) - ecef_from_geodetic(here)).T
    return np.column_stack(
        [np.sqrt(east**2 + north**2 + up**2), np.arctan2(east, north), np.arctan2(up, np.hypot(east, north))]
    )


def _in_sector(site: SiteMark, azimuth: float, elevation: float) -> bool:
    off_deg = abs(nearest_turn(math.degrees(azimuth) - site.facing_deg, 0.0))
    return elevation >= 0.0 and (site.sector_deg <= 0.0 or off_deg <= site.sector_deg / 2.0)


def _track(
    told: Telling, path: Path, number: int, since_s: float, left: Counter[str]
) -> Iterator[Record]:  # fmt: skip
    times = _times(path, since_s)
    for time_s in times:
        _, lat, lon, height_m = along(path.samples, time_s)
        east, north, up = _velocity(path, time_s)
        record, missing = asterix.track_record(
            SystemTrack(
                source=SYSTEM, time_of_day_s=_of_day(told, time_s), latitude_deg=lat, longitude_deg=lon,
                number=number % 65_536, height_m=height_m, east_mps=east, north_mps=north, climb_mps=up,
                sigma_m=SIGMA_M, ended=time_s == times[-1],
            )
        )  # fmt: skip
        left.update(f"062/{item}" for item in missing)
        yield time_s, TRACKS, record


def _velocity(path: Path, time_s: float) -> tuple[float, float, float]:
    """East, north and up (m/s), from one update to the next, as the way is drawn."""
    first, last = path.samples[0][0], path.samples[-1][0]
    begin = max(min(time_s, last - EVERY_S), first)
    (_, lat, lon, low), (_, lat2, lon2, high) = (along(path.samples, t) for t in (begin, begin + EVERY_S))
    span_s = min(EVERY_S, last - begin) or EVERY_S
    east = math.radians(nearest_turn(lon2, lon) - lon) * math.cos(math.radians(lat)) * MEAN_RADIUS_M
    return east / span_s, math.radians(lat2 - lat) * MEAN_RADIUS_M / span_s, (high - low) / span_s


def _of_day(told: Telling, time_s: float) -> float:
    s = told.starts
    return s.hour * 3600 + s.minute * 60 + s.second + s.microsecond / 1e6 + time_s
