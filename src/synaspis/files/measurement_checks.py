"""What each row of a table of measurements is asked before a tracker may see it."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis import units
from synaspis.errors import InputError, Problem
from synaspis.files import measurement_times, satellite_places, words
from synaspis.files.measurement_times import THOUSAND
from synaspis.files.reader import columns
from synaspis.model.measurement import (
    AZIMUTH,
    ELEVATION,
    FARTHEST_SATELLITE_M,
    INFRARED_NEEDS,
    LINE_LATITUDE,
    LINE_LONGITUDE,
    NEAREST_SATELLITE_M,
    RADAR_NEEDS,
    RANGE,
    RANGE_RATE,
    REASONS,
    VALUES,
    Floats,
    Ints,
    MeasurementRow,
    Measurements,
    Rejection,
    Station,
)

Mask = NDArray[np.bool_]
Numbers = Mapping[str, Floats]
MOST_SHOWN = 100
FAR_OUT = 10.0
"""How far beyond a limit about zero a value must lie for its unit to be the likelier mistake."""
LEAST_EIGENVALUE = 1e-9
"""Of the matrix of correlations: what is left below it is rounding."""
_KEYS = {column.name: column for column in columns(MeasurementRow)}
_NEEDS = {
    "radar": ("range_m", "azimuth_rad", "elevation_rad"),
    "infrared": ("line_longitude_rad", "line_latitude_rad", "x_m", "y_m", "z_m"),
}
_SIGMAS = {
    "radar": ("sigma_range_m", "sigma_azimuth_rad", "sigma_elevation_rad", "sigma_range_rate_mps"),
    "infrared": ("sigma_line_rad",),
}
_ANY_SIGMA = {"sigma_range_rate_mps": (1e-3, 1e3)}
"""Between these an error must lie that its station need not have: a millimetre to a kilometre a second."""
_CORRELATIONS = {
    (RANGE, AZIMUTH): "correlation_range_azimuth",
    (RANGE, ELEVATION): "correlation_range_elevation",
    (AZIMUTH, ELEVATION): "correlation_azimuth_elevation",
    (RANGE, RANGE_RATE): "correlation_range_range_rate",
}


@dataclass
class _Sieve:
    """Which rows still stand, and why the others fell."""

    rows: Ints
    good: Mask
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(REASONS, 0))
    fallen: list[Rejection] = field(default_factory=list)

    def reject(
        self,
        bad: Mask,
        reason: str,
        name: str,
        values: NDArray[Any] | None = None,
        texts: Mapping[int, str] | None = None,
    ) -> None:
        """Turn away the rows that stand and are `bad`, with a value of column `name` or what `texts` say."""
        which = np.flatnonzero(self.good & bad)
        self.counts[reason] += which.size
        self.good[which] = False
        column = _KEYS.get(name)
        for i in which[:MOST_SHOWN].tolist():
            what = texts[i] if texts else name
            if column is not None and values is not None:
                value = values[i]
                if column.hint is float:
                    value = f"{units.from_si(float(value), column.spec.unit):.6g}"
                what = f"`{column.key}` is {words.shown(str(value))}"
            self.fallen.append(Rejection(row=int(self.rows[i]), reason=reason, what=what))


def sift(
    source: str,
    stations: Sequence[Station],
    rows: Ints,
    sensors: NDArray[Any],
    numbers: Numbers,
    broken: Mapping[int, str],
    now_s: float,
) -> Measurements:
    """The rows that can be used, from columns in SI; `broken` are rows that are none, with what is wrong.

    InputError where the stations themselves cannot be used.
    """
    check_stations(stations)
    sieve = _Sieve(rows, np.ones(rows.size, dtype=bool))
    malformed = np.zeros(rows.size, dtype=bool)
    malformed[list(broken)] = True
    sieve.reject(malformed, "malformed", "", texts=broken)
    index = {station.name: i for i, station in enumerate(stations)}
    station = np.array([index.get(name, -1) for name in sensors.tolist()], dtype=np.int64)
    radar = np.array([s.kind == "radar" for s in stations] + [False])[station]
    infrared = np.array([s.kind == "infrared" for s in stations] + [False])[station]
    _finite(sieve, numbers, {"radar": radar, "infrared": infrared}, station < 0)
    sieve.reject(station < 0, "unknown_sensor", "sensor", sensors)
    _limits(sieve, stations, station, numbers, radar, infrared)
    sigmas = _sigmas(sieve, stations, station, numbers, {"radar": radar, "infrared": infrared})
    values = _values(numbers, radar, infrared)
    covariance = _covariance(sieve, numbers, values, sigmas, radar)
    place = np.where(infrared[:, None], np.stack([numbers[k] for k in ("x_m", "y_m", "z_m")], axis=1), np.nan)
    arrived = _order(sieve, station, numbers, np.concatenate([values, place], axis=1), now_s)
    kept = np.flatnonzero(sieve.good)
    kept = kept[np.lexsort((arrived[kept], numbers["time_s"][kept]))]
    received = numbers["received_s"][kept]
    return Measurements(
        source=source,
        stations=tuple(stations),
        time_s=numbers["time_s"][kept],
        received_s=np.where(np.isnan(received), numbers["time_s"][kept], received),
        station=station[kept],
        values=values[kept],
        covariance=covariance[kept],
        place_m=place[kept],
        row=rows[kept],
        counts=sieve.counts,
        rejections=tuple(sorted(sieve.fallen)[:MOST_SHOWN]),
    )


def check_stations(stations: Sequence[Station]) -> None:
    """InputError with everything that stations lack."""
    problems = []
    names = [s.name for s in stations]
    for i, s in enumerate(stations):
        who = f"station `{words.shown(s.name)}`"
        if names.index(s.name) != i:
            problems.append(Problem("stations", 0, 0, f"{who} stands twice", "name each otherwise"))
        needs = RADAR_NEEDS if s.kind == "radar" else INFRARED_NEEDS
        for name in needs:
            value = getattr(s, name)
            if not (math.isfinite(value) and (value > 0.0 or name.startswith(("latitude", "longitude")))):
                problems.append(Problem("stations", 0, 0, f"{who} has no `{name}`", "give it"))
    if not stations:
        problems.append(Problem("stations", 0, 0, "there are no stations", "give those that measured"))
    if problems:
        raise InputError(problems)


def _finite(sieve: _Sieve, numbers: Numbers, of_kind: Mapping[str, Mask], unknown: Mask) -> None:
    """What is needed must be a number; what is not may be left out, but may not be infinite."""
    sieve.reject(~np.isfinite(numbers["time_s"]), "not_finite", "time_s", numbers["time_s"])
    for kind, mask in of_kind.items():
        for name in _NEEDS[kind]:
            sieve.reject(mask & ~np.isfinite(numbers[name]), "not_finite", name, numbers[name])
    for name, values in numbers.items():
        sieve.reject(np.isinf(values) & ~unknown, "not_finite", name, values)


def _judge(sieve: _Sieve, name: str, values: Floats, low: Any, high: Any, asked: Mask) -> None:
    """Values must lie in [low, high]; outside, a thousand between them and the band speaks for the unit."""
    low, high = np.broadcast_to(low, values.shape), np.broadcast_to(high, values.shape)
    with np.errstate(invalid="ignore", over="ignore"):
        out = asked & ((values < low) | (values > high))
        widest = np.maximum(np.abs(low), np.abs(high))
        scaled = ((values / THOUSAND >= low) & (values / THOUSAND <= high)) | (
            (values * THOUSAND >= low) & (values * THOUSAND <= high)
        )
        unit = out & scaled & ((low > 0.0) | (np.abs(values) > FAR_OUT * widest))
    sieve.reject(unit, "units", name, values)
    sieve.reject(out, "out_of_limits", name, values)


def _limits(
    sieve: _Sieve, stations: Sequence[Station], station: Ints, numbers: Numbers, radar: Mask, infrared: Mask
) -> None:
    """A station's own limits first, then those that hold for all."""
    longest = np.array([s.longest_range_m for s in stations] + [np.nan])[station]
    nearest = np.nextafter(longest / THOUSAND, np.inf)
    _judge(sieve, "range_m", numbers["range_m"], nearest, longest, radar)
    with np.errstate(over="ignore"):
        from_centre = np.sqrt(sum(numbers[k] ** 2 for k in ("x_m", "y_m", "z_m")))
    _judge(sieve, "x_m", from_centre, NEAREST_SATELLITE_M, FARTHEST_SATELLITE_M, infrared)
    _orbits(sieve, station, numbers, infrared)
    for name, values in numbers.items():
        spec = _KEYS[name].spec
        low, high = (units.to_si(x, spec.unit) for x in (max(spec.at_least, spec.above), spec.at_most))
        asked = ~np.isnan(values)
        if math.isfinite(low) or math.isfinite(high):
            _judge(sieve, name, values, low, high, asked)


def _orbits(sieve: _Sieve, station: Ints, numbers: Numbers, infrared: Mask) -> None:
    """A satellite must be where it can have come to from where its other rows say that it was."""
    units, off = np.zeros((2, infrared.size), dtype=bool)
    places = np.stack([numbers[k] for k in ("x_m", "y_m", "z_m")], axis=1)
    asked = np.flatnonzero(sieve.good & infrared)
    for s in np.unique(station[asked]):
        own = asked[station[asked] == s]
        units[own], off[own] = satellite_places.out_of_reach(numbers["time_s"][own], places[own])
    for bad, reason in ((units, "units"), (off, "out_of_limits")):
        sieve.reject(bad, reason, "its satellite cannot be where this row says")


def _sigmas(
    sieve: _Sieve, stations: Sequence[Station], station: Ints, numbers: Numbers, of_kind: Mapping[str, Mask]
) -> dict[str, Floats]:
    """Each row's standard errors, or its station's; zero and less make no covariance."""
    found = {}
    for kind, names in _SIGMAS.items():
        for name in names:
            usual = np.array([getattr(s, name) for s in stations] + [np.nan])[station]
            own = numbers[name]
            sieve.reject(of_kind[kind] & (own <= 0.0), "singular_covariance", name, own)
            root = math.sqrt(THOUSAND)
            low, high = (np.where(np.isnan(usual), x, y) for x, y in zip(
                _ANY_SIGMA.get(name, (np.nan, np.nan)), (usual / root, usual * root), strict=True
            ))  # fmt: skip
            _judge(sieve, name, own, low, high, of_kind[kind] & ~np.isnan(own))
            found[name] = np.where(np.isnan(own), usual, own)
    rate = of_kind["radar"] & ~np.isnan(numbers["range_rate_mps"])
    sigma = found["sigma_range_rate_mps"]
    sieve.reject(rate & np.isnan(sigma), "not_finite", "sigma_range_rate_mps", sigma)
    return found


def _values(numbers: Numbers, radar: Mask, infrared: Mask) -> Floats:
    values = np.full((radar.size, VALUES), np.nan)
    names = {
        RANGE: "range_m",
        AZIMUTH: "azimuth_rad",
        ELEVATION: "elevation_rad",
        RANGE_RATE: "range_rate_mps",
    }
    for place, name in names.items():
        values[radar, place] = numbers[name][radar]
    values[infrared, LINE_LONGITUDE] = numbers["line_longitude_rad"][infrared]
    values[infrared, LINE_LATITUDE] = numbers["line_latitude_rad"][infrared]
    return values


def _covariance(
    sieve: _Sieve, numbers: Numbers, values: Floats, sigmas: Mapping[str, Floats], radar: Mask
) -> Floats:
    """(N, 4, 4); a row whose correlations leave nothing of some combination of errors is turned away."""
    spread = np.full(values.shape, np.nan)
    for place, name in enumerate(_SIGMAS["radar"]):
        spread[radar, place] = sigmas[name][radar]
    with np.errstate(divide="ignore", invalid="ignore"):
        # Off the equator of the axes a degree of longitude is shorter than one of latitude.
        across = sigmas["sigma_line_rad"] / np.abs(np.cos(values[:, LINE_LATITUDE]))
    spread[~radar, LINE_LONGITUDE] = across[~radar]
    spread[~radar, LINE_LATITUDE] = sigmas["sigma_line_rad"][~radar]
    spread[np.isnan(values)] = np.nan
    related = np.tile(np.eye(VALUES), (values.shape[0], 1, 1))
    for (i, j), name in _CORRELATIONS.items():
        own = numbers[name]
        with np.errstate(invalid="ignore"):
            sieve.reject(radar & (np.abs(own) >= 1.0), "singular_covariance", name, own)
        there = sieve.good & radar & ~np.isnan(own) & ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
        related[there, i, j] = related[there, j, i] = own[there]
    asked = np.flatnonzero(sieve.good & (np.abs(related).sum(axis=(1, 2)) > VALUES))
    if asked.size:
        bad = np.zeros(values.shape[0], dtype=bool)
        bad[asked] = np.linalg.eigvalsh(related[asked])[:, 0] <= LEAST_EIGENVALUE
        sieve.reject(bad, "singular_covariance", "the correlations leave no error in some direction")
    with np.errstate(over="ignore", invalid="ignore"):
        return related * spread[:, :, None] * spread[:, None, :]


def _order(sieve: _Sieve, station: Ints, numbers: Numbers, content: Floats, now_s: float) -> Ints:
    """Turn away what is from the future, came before, or comes too late. The order in which rows arrived.

    What lies far beyond the times of all others is turned away first. In order each station is asked by
    itself: one may be slower than another. Of its rows the longest run of rising times stays, so that one
    wrong clock reading turns away one row and not all that follow.
    """
    time, received = numbers["time_s"], numbers["received_s"]
    with np.errstate(invalid="ignore"):
        sieve.reject(time > now_s, "future", "time_s", time)
        sieve.reject(received > now_s, "future", "received_s", received)
        sieve.reject(time > received, "future", "time_s", time)
    for name, times in (("time_s", time), ("received_s", received)):
        _apart(sieve, station, name, times)
    standing = np.flatnonzero(sieve.good)
    if not np.isnan(received[standing]).any():
        standing = standing[np.argsort(received[standing], kind="stable")]
    arrival = np.full(time.size, time.size, dtype=np.int64)
    arrival[standing] = np.arange(standing.size)
    keys = np.column_stack([station[standing], time[standing], np.nan_to_num(content[standing], nan=-1e300)])
    by_content = np.lexsort(keys.T)  # stable: of equal rows the first to arrive comes first
    same = (np.diff(keys[by_content], axis=0) == 0.0).all(axis=1)
    again = np.zeros(time.size, dtype=bool)
    again[standing[by_content[1:][same]]] = True
    sieve.reject(again, "duplicate", "time_s", time)
    late, early = np.zeros(time.size, dtype=bool), np.zeros(time.size, dtype=bool)
    for s in np.unique(station[standing]):
        own = standing[(station[standing] == s) & sieve.good[standing]]
        run = rising(time[own])
        # What is not in the run and later than the run's next is ahead of its time.
        after = np.searchsorted(run, np.arange(own.size))
        following = time[own[run[np.minimum(after, run.size - 1)]]]
        off = np.ones(own.size, dtype=bool)
        off[run] = False
        ahead = (after < run.size) & (time[own] > following)
        early[own[off & ahead]] = True
        late[own[off & ~ahead]] = True
    sieve.reject(early, "future", "time_s", time)
    sieve.reject(late, "out_of_order", "time_s", time)
    return arrival


def _apart(sieve: _Sieve, station: Ints, name: str, times: Floats) -> None:
    """Turn away what lies far beyond the times of all other rows."""
    asked = np.flatnonzero(sieve.good & ~np.isnan(times))
    thousands, lone = np.zeros((2, times.size), dtype=bool)
    thousands[asked], lone[asked] = measurement_times.far_off(times[asked], station[asked])
    sieve.reject(thousands, "units", name, times)
    sieve.reject(lone, "future", name, times)


def rising(times: Floats) -> Ints:
    """Places of the longest run of times that never fall.

    Of several the one that ends lowest, so that a clock that leaps ahead loses; of these the first to come.
    """
    if times.size < 2 or bool((np.diff(times) >= 0.0).all()):
        return np.arange(times.size)
    lowest: list[float] = []
    for time in times.tolist():
        place = bisect.bisect_right(lowest, time)
        lowest[place : place + 1] = [time]
    # `follow[i]`: the longest run that begins with i, from the back as a run of falling times.
    follow = [0] * times.size
    highest: list[float] = []
    for i in np.flatnonzero(times <= lowest[-1])[::-1].tolist():
        fallen = -float(times[i])
        place = bisect.bisect_right(highest, fallen)
        highest[place : place + 1] = [fallen]
        follow[i] = place + 1
    wanted, last, run = len(lowest), -math.inf, []
    for i, time in enumerate(times.tolist()):
        if follow[i] == wanted and time >= last:
            run.append(i)
            wanted, last = wanted - 1, time
            if not wanted:
                break
    return np.array(run, dtype=np.int64)
