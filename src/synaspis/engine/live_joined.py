"""Tracks of one's own and those of named sources, joined into objects: what a nation holds at one time."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import Floats
from synaspis.engine.live_blur import Errors, each_way_m
from synaspis.engine.live_feeds import Snapshot, Whose, nobody_says
from synaspis.engine.pictures import ALERT_FLOOR_M
from synaspis.engine.sources import OWN
from synaspis.model.estimate import Spots
from synaspis.tracking import estimates
from synaspis.tracking.filters import PHASES, mode_rows
from synaspis.tracking.fusion import Edition, Fused, Key, Picture, intersected

Ints = NDArray[np.int64]

State = tuple[Floats, Floats, Floats]
"""Mean, covariance and mode."""

COUNTS = 0.05
"""A track with a smaller weight in the mixture is not what an object rests on."""
ALERT_LEVEL, TRACK_LEVEL = 0, 2
MODE_ROWS = mode_rows(PHASES)
"""(modes, MODE_COLUMNS) of the modes that tracks are in the terms of."""


class Terms(NamedTuple):
    """What a source's tracks come as: the step of the product ladder, and the clauses that let them come."""

    level: int
    clauses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """One object that a viewer holds, at one time.

    `flight` is the row of the missile that it is of, -1 for none: the range's word, for those who keep score.
    `level` is the step of the product ladder; a state is there from `track` on, with `fused`. Row `i` of
    `impact` is its impact point; `semi_m` the semi-major axis of the 90 % ellipse, as far as it is let known.
    """

    flight: int
    level: int
    sigma_m: float
    semi_m: float
    impact: Spots
    i: int
    chances: Floats
    clauses: tuple[str, ...]
    fused: Fused | None = None


class Once:
    """What follows from states at one time, worked out once, however many nations hold them.

    It depends on the states alone, so that who asked first tells nobody anything.
    """

    def __init__(self) -> None:
        self._at_s = -math.inf
        self._spots: dict[bytes, Floats] = {}
        self._follows: dict[bytes, tuple[Spots, Floats]] = {}
        self._flown: dict[bytes, tuple[Floats, Floats]] = {}

    def _at(self, now_s: float) -> None:
        if now_s != self._at_s:
            self._at_s = now_s
            for known in (self._spots, self._follows, self._flown):
                known.clear()

    def follows(self, mean: Floats, cov: Floats, mode: Ints, now_s: float) -> tuple[Spots, Floats]:
        """Impact points and class chances (N, classes), not to be changed, of N states."""
        self._at(now_s)
        key = mean.tobytes() + cov.tobytes() + mode.tobytes()
        if key not in self._follows:
            spots = estimates.impacts(mean, cov, mode, now_s, known=self._spots)
            self._follows[key] = (spots, estimates.class_chances(mean, cov, mode))
        return self._follows[key]

    def foretold(
        self, key: bytes, now_s: float, made: Callable[[], tuple[Floats, Floats]]
    ) -> tuple[Floats, Floats]:
        """The way of a state, not to be changed; `key` is all that `made` makes it of."""
        self._at(now_s)
        if key not in self._flown:
            self._flown[key] = made()
        return self._flown[key]


class Joined:
    """The picture of one nation, and under which terms each source's tracks came.

    Tracks of a source are taken into `picture` under its name, and `terms` says what that name stands for.
    """

    def __init__(self, nation: str, once: Once | None = None) -> None:
        """`once` may be one for several nations."""
        self.nation, self._once = nation, once or Once()
        self.picture = Picture(nation, criterion="position")
        self.terms: dict[str, Terms] = {}

    def at(self, now_s: float, whose: Whose = nobody_says) -> list[Held]:
        """All objects at a time not before the last one asked."""
        objects = self.picture.at(now_s)
        if not objects:
            return []
        mean, cov = np.array([f.mean for f in objects]), np.array([f.cov for f in objects])
        mode = np.array([_mode_of(f.mode.tobytes()) for f in objects])
        sigma = np.sqrt(np.einsum("tii->t", cov[:, :3, :3]))
        impact, chances = self._once.follows(mean, cov, mode, now_s)
        flights = whose(mean[:, :3], sigma)
        return [
            Held(
                flight=int(flights[i]), level=self._level(f), sigma_m=float(sigma[i]),
                semi_m=semi_major_m(impact, i), impact=impact, i=i, chances=chances[i],
                clauses=self.clauses(f.members, f.weights), fused=f,
            )
            for i, f in enumerate(objects)
        ]  # fmt: skip

    def _level(self, f: Fused) -> int:
        """The best of its members' levels; one's own stands above all."""
        return max(self.terms[owner].level if owner in self.terms else OWN for owner, _ in f.members)

    def clauses(self, members: Sequence[Key], weights: Floats) -> tuple[str, ...]:
        """What a fused object rests on: nothing where next to all of it is one's own."""
        least = min(COUNTS, float(np.max(weights)))
        owners = [owner for (owner, _), weight in zip(members, weights, strict=True) if weight >= least]
        return tuple(dict.fromkeys(c for o in owners if o in self.terms for c in self.terms[o].clauses))

    def of_level(self, f: Fused, least: int) -> tuple[State, tuple[str, ...]] | None:
        """A fused object from those of its tracks of at least a level, and what that rests on."""
        rows = [
            i for i, (owner, _) in enumerate(f.members)
            if owner not in self.terms or self.terms[owner].level >= least
        ]  # fmt: skip
        if not rows:
            return None
        if len(rows) == len(f.members):
            return (f.mean, f.cov, f.mode), self.clauses(f.members, f.weights)
        mean, cov, weights = intersected(f.means[rows], f.covs[rows], np.eye(3, 7))
        return (mean, cov, f.mode), self.clauses([f.members[i] for i in rows], weights)


def semi_major_m(impact: Spots, i: int) -> float:
    """The semi-major axis of the 90 % ellipse, inf where there is no estimate."""
    found = float(impact.semi_major_m[i])
    return found if math.isfinite(found) else math.inf


def beside(impact: Spots, i: int, terms: Terms, *, flight: int = -1, classes: int) -> Held:
    """An impact estimate or an alert: no state, and no better than its owner lets it be."""
    semi_m = semi_major_m(impact, i)
    if terms.level == ALERT_LEVEL:
        semi_m = max(semi_m, ALERT_FLOOR_M)
    return Held(
        flight=flight, level=terms.level, sigma_m=math.inf, semi_m=semi_m, impact=impact, i=i,
        chances=np.full(classes, np.nan), clauses=terms.clauses,
    )  # fmt: skip


def editions(
    owner: str,
    found: Snapshot | None,
    rows: Iterable[int] | None = None,
    floor_m: float = 0.0,
    errors: Errors | None = None,
) -> list[Edition]:
    """Tracks of a feed as editions, with the error that their owner adds before it lets them go.

    `floor_m` is its one-sigma size, `errors` give it by track.
    """
    if found is None:
        return []
    blur, off = np.zeros((7, 7)), np.zeros(7)
    blur[:3, :3] = np.eye(3) * each_way_m(floor_m) ** 2
    made = []
    for i in range(len(found.number)) if rows is None else rows:
        number = int(found.number[i])
        if errors is not None:
            off[:3] = each_way_m(floor_m) * errors(number)
        made.append(Edition(
            owner=owner, number=number, time_s=found.time_s, mean=found.mean[i] + off,
            cov=found.cov[i] + blur, mode=MODE_ROWS[found.mode[i]],
        ))  # fmt: skip
    return made


def pointing(held: Sequence[Held]) -> tuple[Floats, Floats]:
    """Places (K, 3) and one-sigma errors (K,) of all that is held with a state, to point radars by."""
    states = [(one.fused.mean[:3], one.sigma_m) for one in held if one.fused is not None]
    return np.array([place for place, _ in states]).reshape(-1, 3), np.array([sigma for _, sigma in states])


@functools.lru_cache(maxsize=256)
def _mode_of(row: bytes) -> int:
    return int(np.abs(MODE_ROWS - np.frombuffer(row)).sum(axis=1).argmin())
