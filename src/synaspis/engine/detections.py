"""The range: it holds the truth of a raid, and tells each station's detections and nothing more.

What is in view, how strong it is, with which chance it is detected and how wrong it is measured is what the
tables of `engine.geometry` were made from; first detections have the luck of the same trial of a run. A
station's looks within a frame of FRAME_S are told as one measurement. Detections bear no name, and their
order tells none. What a director does to it on the way is in `engine.upsets`.

Not here: the objects that fly with a missile count as load, but are not detected for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import key_of
from synaspis.engine.geometry import STEP_S, Floats, Geometry, cross_sections
from synaspis.engine.satellites import is_timed, satellite_moves
from synaspis.engine.weather import drawn
from synaspis.engine.world import Station, World
from synaspis.kernels import glimpses, sensing, sight
from synaspis.kernels.dice import name_hashes
from synaspis.kernels.infrared import SUN
from synaspis.model.sensor import Radar
from synaspis.model.threat import OBJECTS
from synaspis.tracking.scan import Scan, Watch

Flags = NDArray[np.bool_]

FRAME_S = STEP_S
"""Time within which a station's looks are told as one."""
RADAR_DETECTS, INFRARED_DETECTS = 0.9, 0.95
"""Assumed: what trackers take as the chance that a frame detects what is in view."""
POINTS_WITHIN = 4.0
"""A cue falls on the nearest missile within so many of its standard errors, each way."""
FASTEST_MPS = 4_000.0
"""Range rate of false alarms: anything between this and its opposite."""
NEAREST_M = 500.0
"""And within this however good it is: two missiles are seldom nearer."""
FARTHEST_M = 25_000.0
"""And not beyond this however poor: it might mean any."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """One station's scan. `free` (D,): which rows it would have by its owner's own means, without a cue from
    what others release."""

    station: int
    scan: Scan
    free: Flags


@dataclass(frozen=True, kw_only=True)
class Phantom:
    """What one station tells of though it is not there: a flight that began at `launch_s`, told of from
    `since_s` until `until_s` as if missile `like` flew it. `name` is its own among the dice."""

    station: int
    like: int
    launch_s: float
    since_s: float
    until_s: float
    name: np.uint64


class Range:
    """The truth of one trial of a raid, and the dice of its looks."""

    def __init__(
        self, w: World, g: Geometry, seed: int, trial: int = 0, down: frozenset[int] = frozenset(),
        false_alarms: float = 0.0,
    ) -> None:  # fmt: skip
        """`down` stations are out of order; `false_alarms` is their mean number in a station's frame."""
        self.w, self.g, self._false_alarms = w, g, false_alarms
        self.launch_s = np.array([m.launch_s for m in w.missiles])
        self.impact_s = self.launch_s + g.impact_s[g.flight_of]
        self.watches = tuple(watch(s) for s in w.stations)
        self.key = np.uint64(key_of(seed, trial))
        self._names = name_hashes(tuple(m.name for m in w.missiles))
        self._hashes = name_hashes(tuple(s.name for s in w.stations))
        self._things = np.array([1 + sum(getattr(m.objects, kind) for kind in OBJECTS) for m in w.missiles])
        u = g.flight_of
        areas = tuple(m.launch.name for m in w.missiles)
        weather = drawn(g.skies, seed, np.array([trial]), areas)[0]
        self.skies = g.skies.rows[weather]
        """(T, 4) the sky that each missile is launched under."""
        self.rcs = cross_sections(w.stations, [m.threat for m in w.missiles])
        self.plume = np.array([m.threat.plume_wpsr for m in w.missiles])
        search = g.seen_in_s[weather, :, u].T + self.launch_s
        search[list(down)] = inf
        self.seen_s = np.stack([search, search])
        """(2, S, T) when each missile is there to be found: by the owner's own means, and by any cue."""
        self._luck = np.empty(search.shape)
        log_miss = np.log1p(-np.minimum(g.p_scan[:, u], 1.0 - 1e-12))
        glimpses.lucky_scans(self.key, self._hashes, self._names, log_miss, self._luck)
        self.first_s = np.full(search.shape, inf)
        """(S, T) when each station has first told each missile, as the range alone knows."""
        self._reported_s = np.full(len(w.missiles), inf)
        starts = self.launch_s if is_timed(w.stations) else None
        self.moves = satellite_moves(w.stations, w.case.file.starts, starts, g.states.shape[1], STEP_S)
        self.up = [s for s in range(len(w.stations)) if s not in down]
        """Rows of the stations that work."""
        self.phantoms: tuple[Phantom, ...] = ()
        self._cues: dict[str, Floats] = {}
        self.gone_s = np.full(len(w.missiles), inf)
        """(T,) from when a missile flies no more, killed on its way; -inf for one that never flew."""
        self.states = np.full((len(w.missiles), 6), np.nan)
        self.time_s = -inf

    @property
    def names(self) -> tuple[str, ...]:
        """What the raid calls its missiles."""
        return tuple(m.name for m in self.w.missiles)

    @property
    def begins(self) -> int:
        """The first frame in which anything may be told."""
        return 1

    @property
    def ends_s(self) -> float:
        """When the last missile that was or will be launched is down."""
        return float(self.impact_s[np.isfinite(self.impact_s)].max(initial=0.0))

    def move(self, time_s: float) -> None:
        """Fly the missiles on to a time of the raid."""
        self.states = self.states_at(time_s)
        self.time_s = float(time_s)

    def states_at(self, time_s: float) -> Floats:
        """(T, 6) where each missile is at a time of the raid; NaN for one that does not fly then."""
        g, found = self.g, np.empty((len(self.launch_s), 6))
        glimpses.in_flight(g.states, g.flight_of, self.launch_s, g.impact_s, STEP_S, float(time_s), found)
        found[time_s >= self.gone_s] = np.nan
        return found

    def meant(self, place: Floats, error_m: float, time_s: float) -> int:
        """Row of the missile that a place (3,) at a time of the raid means, -1 for none."""
        near = nearest(place[None], np.array([error_m]), self.states_at(time_s))
        return int(near[0])

    def whose(self, places: Floats, errors_m: Floats) -> NDArray[np.int64]:
        """Row of the missile that each of `places` (K, 3) means now, or -1: for those who keep score.

        None means a missile of which no station has reported anything yet.
        """
        states = self.states.copy()
        states[self._reported_s > self.time_s] = np.nan
        return nearest(places, errors_m, states)

    def cue(
        self, owner: str, own: tuple[Floats, Floats], whole: tuple[Floats, Floats], at_s: float | None = None
    ) -> None:
        """Point the radars of `owner`, until the next: places (K, 3) and one-sigma errors (K,) of tracks from
        its own sensors alone, and of all that it holds, now or at another time of the raid."""
        states = self.states if at_s is None else self.states_at(at_s)
        cues = np.full((2, len(self.launch_s)), inf)
        for row, (places, errors) in enumerate((own, whole)):
            hit = nearest(places, errors, states)
            known = (hit >= 0) & np.isfinite(errors)
            np.minimum.at(cues[row], hit[known], errors[known])
        cues[1] = np.minimum(cues[0], cues[1])
        self._cues[owner] = cues

    def frame(self, number: int) -> tuple[Seen, ...]:
        """What all stations tell of the frame that ends `number` frames after the start of the raid.

        Frames are asked for in order, each once. Who detects nothing tells nothing: how far a station would
        have seen depends on what flies, so that its silence says little.
        """
        self.move(number * FRAME_S)
        age_s = self.time_s - self.launch_s
        if not (np.isfinite(self.states[:, 0]).any() or self.phantoms):
            return ()
        found = (self._look(s, number, age_s) for s in self.up)
        return tuple(seen for seen in found if seen is not None)

    # -- one station -----------------------------------------------------------------------------

    def _look(self, s: int, number: int, age_s: Floats) -> Seen | None:
        kind = self.w.stations[s].type
        interval_s = kind.update_s if isinstance(kind, Radar) else kind.revisit_s
        every = max(1, round(interval_s / FRAME_S))
        if number % every:
            return None
        row, strength = self._standing(s), np.empty((len(age_s), 2))
        u = self.g.flight_of
        glimpses.strengths(
            row, self.states, age_s, self.g.burnout_s[u], self.rcs[s], self.plume, self.skies, strength
        )
        seen = self.seen_s[:, s]
        if isinstance(kind, Radar) and self.w.stations[s].owner in self._cues:
            for by, cue_m in enumerate(self._cues[self.w.stations[s].owner]):
                glimpses.cued(row, cue_m, strength, self.time_s, seen[by])
        looks = every * FRAME_S / interval_s
        if isinstance(kind, Radar):
            load = self._things[strength[:, 0] * row[sensing.CUE] >= row[sensing.DET_SNR]].sum()
            looks /= max(load / kind.track_capacity, 1.0)
        return self._told(s, number // every, row, strength, looks)

    def _told(self, s: int, frame: int, row: Floats, strength: Floats, looks: float) -> Seen | None:
        kind, stand, rows = (
            self.w.stations[s].type,
            self._stand(s, row),
            np.empty((len(strength), sight.ROW_COLUMNS)),
        )
        glimpses.glimpse(
            self.key, self._hashes[s], self._names, row, stand, self.states, strength, self.seen_s[1, s],
            self._luck[s], self.time_s, frame, looks, np.empty(sight.PARTS), rows,
        )  # fmt: skip
        those = np.flatnonzero(~np.isnan(rows[:, sight.TIME]))
        late_s = 0.0 if isinstance(kind, Radar) else kind.report_s
        self.first_s[s, those] = np.minimum(self.first_s[s, those], self.time_s)
        self._reported_s = np.minimum(self._reported_s, self.first_s[s] + late_s)
        free = self.time_s >= self.seen_s[0, s, those] + row[sensing.SCAN] * self._luck[s, those]
        false = np.concatenate(
            [self._false(s, frame, row), self._phantoms(s, frame, row, stand, looks)]
        )  # fmt: skip
        rows = np.concatenate([rows[those], false])
        if not len(rows):
            return None
        free = np.concatenate([free, np.ones(len(false), np.bool_)])
        order = np.argsort(rows[:, sight.RANGE + 1], kind="stable")
        scan = Scan(
            time_s=self.time_s, received_s=self.time_s + late_s, station=s, sight=stand, rows=rows[order]
        )
        return Seen(station=s, scan=scan, free=free[order])

    def _standing(self, s: int) -> Floats:
        """The station's row of `kernels.sensing` where it is now."""
        row = self.g.sensors[s].copy()
        of, tracks, sun, _ = self.moves
        if len(tracks) and row[sensing.KIND] == sensing.INFRARED:
            i = min(round(self.time_s / STEP_S), len(tracks) - 1)
            if of[s] >= 0:
                row[:3] = tracks[i, of[s]]
            row[SUN : SUN + 3] = sun[i]
        return row

    def _stand(self, s: int, row: Floats) -> Floats:
        """The station as `kernels.sight` has it."""
        station = self.w.stations[s]
        if isinstance(station.type, Radar):
            place = np.array([[station.latitude_rad, station.longitude_rad, station.height_m]])
            return sight.radar_stations(place)[0]
        return sight.satellite_stations(row[None, :3])[0]

    def _false(self, s: int, frame: int, row: Floats) -> Floats:
        """(F, ROW_COLUMNS) false alarms of a frame, evenly over what a radar sees; satellites give none."""
        kind = self.w.stations[s].type
        if not self._false_alarms > 0.0 or not isinstance(kind, Radar):
            return np.empty((0, sight.ROW_COLUMNS))
        dice = np.empty(glimpses.FALSE_DICE)
        glimpses.false_dice(self.key, self._hashes[s], frame, dice)
        count = int(np.searchsorted(np.cumsum(_poisson(self._false_alarms)), dice[0]))
        angle_rad, rate_mps = kind.beamwidth_rad / 1.6, kind.range_rate_resolution_mps or inf
        low, high = np.sin(kind.search_rad[0]), np.sin(kind.search_rad[1])
        out = np.empty((min(count, glimpses.MOST_FALSE), sight.ROW_COLUMNS))
        for one, (far, side, up, fast) in zip(out, dice[1:].reshape(-1, 4), strict=False):
            # Evenly by volume: the range by its cube, the elevation by its sine.
            level = float(np.arcsin(low + up * (high - low)))
            azimuth = self.w.stations[s].facing_rad + (side - 0.5) * kind.sector_rad
            wide = angle_rad / max(np.cos(level), glimpses.LEAST_COSINE)
            one[:] = (
                self.time_s, kind.instrumented_range_m * far ** (1 / 3), azimuth, level,
                FASTEST_MPS * (2 * fast - 1), kind.range_resolution_m, wide, angle_rad, rate_mps,
            )  # fmt: skip
        return out

    def _phantoms(self, s: int, frame: int, row: Floats, stand: Floats, looks: float) -> Floats:
        """(F, ROW_COLUMNS) what the station tells of that is not there, measured as if it were."""
        these = [p for p in self.phantoms if p.station == s and p.since_s <= self.time_s < p.until_s]
        out, strength = np.empty((len(these), sight.ROW_COLUMNS)), np.empty((len(these), 2))
        if not these:
            return out
        like = np.array([p.like for p in these])
        u, launch_s = self.g.flight_of[like], np.array([p.launch_s for p in these])
        states, age_s = np.empty((len(these), 6)), self.time_s - launch_s
        glimpses.in_flight(self.g.states, u, launch_s, self.g.impact_s, STEP_S, self.time_s, states)
        glimpses.strengths(
            row, states, age_s, self.g.burnout_s[u], self.rcs[s, like], self.plume[like], self.skies[like],
            strength,
        )  # fmt: skip
        glimpses.glimpse(
            self.key, self._hashes[s], np.array([p.name for p in these]), row, stand, states, strength,
            np.array([p.since_s for p in these]), np.zeros(len(these)), self.time_s, frame, looks,
            np.empty(sight.PARTS), out,
        )  # fmt: skip
        found: Floats = out[~np.isnan(out[:, sight.TIME])]
        return found


def nearest(places: Floats, errors_m: Floats, states: Floats) -> NDArray[np.int64]:
    """Row of the missile of `states` (T, 6) that each of `places` (K, 3) means, or -1."""
    far = np.linalg.norm(places[:, None] - states[None, :, :3], axis=2)
    far[np.isnan(far)] = inf
    if not far.size:
        return np.full(len(places), -1, np.int64)
    nearest = far.argmin(axis=1)
    gate = np.clip(POINTS_WITHIN * errors_m, NEAREST_M, FARTHEST_M)
    return np.where(far[np.arange(len(places)), nearest] <= gate, nearest, -1)


def _poisson(mean: float) -> Floats:
    """Chances of 0 to MOST_FALSE by Poisson."""
    chances = [float(np.exp(-mean))]
    for k in range(1, glimpses.MOST_FALSE + 1):
        chances.append(chances[-1] * mean / k)
    return np.array(chances)


def watch(s: Station) -> Watch:
    """A station as trackers know it."""
    kind = s.type
    if isinstance(kind, Radar):
        return Watch(
            name=s.name, kind="radar", longest_range_m=kind.instrumented_range_m,
            lowest_elevation_rad=kind.minimum_elevation_rad, detected=RADAR_DETECTS, silence_tells=False,
        )  # fmt: skip
    return Watch(name=s.name, kind="infrared", detected=INFRARED_DETECTS)
