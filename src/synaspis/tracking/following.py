"""One scan: tracks carried to it, detections shared out, states updated, tracks begun and given up."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import crowd as kernels
from synaspis.kernels import ekf, in_view, ledger
from synaspis.kernels.ledger import CONFIRMED, DELETED, SURE
from synaspis.kernels.sight import ERROR, PARTS, RANGE
from synaspis.tracking.association import Links, chances, gate, nearest, radar_density
from synaspis.tracking.births import begin, doubled, waiting
from synaspis.tracking.filters import CHUNK, mixture
from synaspis.tracking.manner import RATE_SPAN_MPS, Manner
from synaspis.tracking.scan import Scan, Watch
from synaspis.tracking.tracks import Crowd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

QUICK = 600
"""So many tracks are looked at or updated, without being carried, sooner by one thread than by several."""
IDLE_S = 10.0
"""Tracks out of view are carried on at least so often, so that one that comes down is seen to."""
PERIODIC, ANGLES = np.array([False, True, False, False]), np.array([False, True, True, False])
DEEP_M, FALLING_MPS = -3e3, -300.0
WELL_KNOWN = 0.15
"""Error of the velocity over the speed from which a state under power is kept for the launch point."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sight:
    """What a station is to see of the tracks `which` (N,), as `kernels.crowd.look` fills it."""

    which: Ints
    seen: Floats
    spread: Floats
    middle: Floats
    wide: Floats
    missed: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Given:
    """Rows that a scan gave to tracks, after the update: `number` (N,) of each, its `row`, the `mean` (N, 7)
    of its likeliest `mode` (N,), and the chance that it `burns`."""

    number: Ints
    row: Ints
    mean: Floats
    mode: Ints
    burns: Floats


class Follower:
    """Takes scans into a crowd of tracks, one by one in order."""

    def __init__(self, watches: tuple[Watch, ...], manner: Manner, pool: Executor | None) -> None:
        self.watches, self.manner, self._pool = watches, manner, pool
        self.modes, self._chances = manner.rows, [manner.chances(watch) for watch in watches]
        self._burns = manner.burning.astype(np.float64)
        self.told: Callable[[Scan, Given], None] | None = None
        """Called with each scan and what it gave to whom; again where a late scan has it worked out anew."""

    def follow(self, crowd: Crowd, scan: Scan) -> None:
        """Take `scan` in; the crowd is changed in place."""
        watch, chance = self.watches[scan.station], self._chances[scan.station]
        sight = self._look(crowd, scan, watch, chance)
        looked = self._looked(crowd, sight, scan, watch) & scan.tells
        links, score = self._links(crowd, sight, scan, watch, chance)
        expected = self._expected(crowd, sight, watch, looked)
        share_out = self._one_each if self.manner.association == "gnn" else self._by_chances
        taken, gain, left = share_out(crowd, sight, scan, links, score, looked, chance)
        if self.told is not None:
            got = taken >= 0
            self.told(scan, self._given(crowd, sight.which[got], taken[got]))
        hit, young = np.zeros((2, len(crowd)), np.bool_)
        ledger.note(
            sight.which, taken, expected, gain, sight.missed, scan.station, scan.time_s, scan.tells,
            scan.rows, scan.sight, self.manner.ladder.row, crowd.counts, crowd.score, crowd.last_s,
            crowd.line_row, crowd.line_sight, hit, young,
        )  # fmt: skip
        self._give_up(crowd, scan, hit, young)
        begin(crowd, scan, watch, np.flatnonzero(left), self.manner)

    def _given(self, crowd: Crowd, which: Ints, rows: Ints) -> Given:
        weights = crowd.weights[which]
        best = weights.argmax(axis=1)
        return Given(
            number=crowd.number[which], row=rows, mean=crowd.means[which, best], mode=best,
            burns=weights @ self._burns,
        )  # fmt: skip

    def _expected(self, crowd: Crowd, sight: _Sight, watch: Watch, looked: Flags) -> Flags:
        """Of which tracks silence tells: infrared sees what burns, and a radar may see less far."""
        if watch.kind == "radar":
            return looked & watch.silence_tells
        if not self._burns.any():
            return looked
        found: Flags = looked & (crowd.weights[sight.which] @ self._burns > 0.5)
        return found

    def carry(self, crowd: Crowd, to_s: float) -> None:
        """Carry all tracks to `to_s` that are not there or later."""

        def run(part: slice) -> None:
            kernels.carry_all(
                crowd.means[part], crowd.covs[part], crowd.weights[part], crowd.clocks[part], self.modes,
                self.manner.rates, to_s, kernels.mixed_room(len(self.modes)), np.zeros(ekf.ROOM),
            )  # fmt: skip

        self._each(len(crowd), run)

    def _each(self, count: int, run: Callable[[slice], None], least: int = CHUNK) -> None:
        """Call `run` on parts of `count` tracks, on threads where there are more than `least`."""
        if self._pool is None or count <= least:
            run(slice(0, count))
            return
        parts = [slice(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
        list(self._pool.map(run, parts))

    def _look(self, crowd: Crowd, scan: Scan, watch: Watch, chance: Floats) -> _Sight:
        near = np.empty(len(crowd), np.bool_)
        sine = float(np.sin(watch.lowest_elevation_rad)) if watch.kind == "radar" else -np.inf
        in_view.may_see(
            crowd.means, crowd.covs, crowd.weights, crowd.clocks, scan.time_s, scan.sight,
            watch.longest_range_m, sine, near,
        )  # fmt: skip
        which = np.flatnonzero(near | (scan.time_s - crowd.clocks[:, 0] > IDLE_S))
        count, modes = len(which), len(self.modes)
        sight = _Sight(
            which=which, seen=np.empty((count, modes, PARTS)), spread=np.empty((count, modes, PARTS, PARTS)),
            middle=np.empty((count, PARTS)), wide=np.empty((count, PARTS, PARTS)), missed=np.empty(count),
        )  # fmt: skip

        def run(part: slice) -> None:
            kernels.look(
                which[part], scan.time_s, crowd.means, crowd.covs, crowd.weights, crowd.clocks, self.modes,
                self.manner.rates, scan.sight, chance, self.manner.inside, sight.seen[part],
                sight.spread[part], sight.middle[part], sight.wide[part], sight.missed[part],
                kernels.mixed_room(modes), np.zeros(ekf.ROOM),
            )  # fmt: skip

        moves = int((crowd.clocks[which, 0] < scan.time_s).sum())
        self._each(count, run, CHUNK if moves > CHUNK else QUICK)
        return sight

    def _looked(self, crowd: Crowd, sight: _Sight, scan: Scan, watch: Watch) -> Flags:
        """Which tracks the station looks at: where one is not detected, that is a miss."""
        if watch.kind == "radar":
            inside: Flags = (sight.middle[:, 0] <= watch.longest_range_m) & (
                sight.middle[:, 2] >= watch.lowest_elevation_rad
            )
            return inside
        place = crowd.means[sight.which, crowd.weights[sight.which].argmax(axis=1), :3]
        above: Flags = ((scan.sight[:3] - place) * place).sum(axis=1) > 0.0
        return above

    def _links(
        self, crowd: Crowd, sight: _Sight, scan: Scan, watch: Watch, chance: Floats
    ) -> tuple[Links, Floats]:
        """Pairs of a track of `sight` and a row, and the score of each."""
        errors = scan.rows[:, ERROR : ERROR + PARTS]
        # Angles are always measured, so that what all rows have is next to each other.
        has = (errors < np.inf).all(axis=0) if len(errors) else ANGLES
        part = slice(int(has.argmax()), int(has.argmax() + has.sum()))
        wide = sight.wide[:, part, part] + np.diag(errors[:, part].max(axis=0, initial=0.0) ** 2)
        middle = sight.middle[:, part].copy()
        if watch.kind == "infrared":
            middle[waiting(crowd, scan, self.manner)[sight.which]] = np.nan
        links = gate(middle, wide, scan.rows[:, RANGE:ERROR][:, part], PERIODIC[part], self.manner.inside)
        score = np.empty(len(links.detection))
        kernels.score(
            links.first, links.detection, scan.rows, np.log(_thin(scan.rows, watch)), sight.which,
            crowd.weights, sight.seen, sight.spread, chance, sight.missed, np.zeros(ekf.ROOM), score,
        )  # fmt: skip
        return links, score

    def _one_each(
        self,
        crowd: Crowd,
        sight: _Sight,
        scan: Scan,
        links: Links,
        score: Floats,
        looked: Flags,
        chance: Floats,
    ) -> tuple[Ints, Floats, Flags]:
        """Give each track one row or none: the row (N,), what that says (N,), which rows are left (D,)."""
        taken = nearest(links, score) if len(score) else np.full(len(sight.which), -1)

        def run(part: slice) -> None:
            kernels.take_in(
                sight.which[part], taken[part], looked[part], scan.rows, crowd.means, crowd.covs,
                crowd.weights, scan.sight, chance, self.manner.inside, kernels.mixed_room(len(self.modes)),
                np.zeros(ekf.ROOM),
            )  # fmt: skip

        self._each(len(taken), run, QUICK)
        gain, left = np.zeros(len(taken)), np.ones(len(scan.rows), np.bool_)
        ledger.won(links.first, links.detection, score, taken, gain, left)
        return taken, gain, left

    def _by_chances(
        self,
        crowd: Crowd,
        sight: _Sight,
        scan: Scan,
        links: Links,
        score: Floats,
        looked: Flags,
        chance: Floats,
    ) -> tuple[Ints, Floats, Flags]:
        """The same by joint probabilities: what is likelier than not counts as got."""
        share, none = chances(links, score) if len(score) else (score, np.ones(len(looked)))
        modes = len(self.modes)

        def run(part: slice) -> None:
            kernels.take_in_shares(
                sight.which[part], links.first[part.start : part.stop + 1], links.detection, share,
                none[part], looked[part], scan.rows, crowd.means, crowd.covs, crowd.weights, scan.sight,
                chance, self.manner.inside, kernels.mixed_room(modes), np.zeros(ekf.ROOM),
                kernels.sums_room(modes),
            )  # fmt: skip

        self._each(len(none), run)
        left = np.bincount(links.detection, weights=share, minlength=len(scan.rows)) <= 0.5
        likeliest = np.full(len(none), -1)
        rising = np.argsort(share, kind="stable")
        likeliest[links.track[rising]] = links.detection[rising]
        taken = np.where(none < 0.5, likeliest, -1)
        return taken, -np.log(np.maximum(none, math.exp(-SURE))), left

    def _give_up(self, crowd: Crowd, scan: Scan, hit: Flags, young: Flags) -> None:
        """Let go of what is lost, doubled, down, too wide, looked for in vain, or no number."""
        crowd.status[doubled(crowd, np.flatnonzero(young), hit)] = DELETED
        self._keep_power(crowd, scan, hit)
        out = over(crowd, self.manner.widest_m)
        if ledger.past(crowd.counts, self.manner.patience, out):
            crowd.keep(~out)

    def _keep_power(self, crowd: Crowd, scan: Scan, hit: Flags) -> None:
        """Keep the first well-known state under power of the tracks that have one now."""
        asked = hit & np.isnan(crowd.power_s) & (crowd.status == CONFIRMED)
        which = np.flatnonzero(asked & (crowd.weights @ self._burns > 0.5))
        if not len(which):
            return
        mean, cov, _ = mixture(crowd.means[which], crowd.covs[which], crowd.weights[which], self.manner.modes)
        error = np.sqrt(np.trace(cov[:, 3:6, 3:6], axis1=1, axis2=2))
        known = error < WELL_KNOWN * np.linalg.norm(mean[:, 3:6], axis=1)
        crowd.power_mean[which[known]], crowd.power_cov[which[known]] = mean[known], cov[known]
        crowd.power_s[which[known]] = scan.time_s


def over(crowd: Crowd, widest_m: float) -> Flags:
    """Which tracks are to be given up whatever is seen: come down, too wide, or no numbers."""
    out = np.empty(len(crowd), np.bool_)
    kernels.over(crowd.means, crowd.covs, crowd.weights, widest_m, DEEP_M, FALLING_MPS, out)
    return out


def _thin(rows: Floats, watch: Watch) -> Floats:
    """Density of false and new detections where each row is, (D,), in the units of what it has."""
    if watch.kind == "infrared":
        return watch.false_per_sr * np.maximum(np.cos(rows[:, RANGE + 2]), 1e-6)
    thin = radar_density(watch.false_per_m3, rows[:, RANGE], rows[:, RANGE + 2])
    thin = np.maximum(thin, watch.false_per_m3)
    return np.where(rows[:, ERROR + 3] < np.inf, thin / RATE_SPAN_MPS, thin)
