"""What a nation's own batteries could meet, by its own picture: which object, from when, until when.

The track is foretold with the tracker's own motion and errors; whether a round can be there is what tables
of the batch engine are made from. A launch counts once the error foretold to its intercept lies within the
interceptor's handover radius. Rounds are withheld from what threatens no place that a mandate names.

A node does not know how strongly its battery's radar will see the object, only that it stands in its field:
what the radar then makes of it is the range's to say. Of an interceptor that takes its own radar's track
alone, the nation's own track stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.geometry import STEP_S, Floats, flyout_row, sensor_rows, timetable
from synaspis.engine.live_joined import Held
from synaspis.engine.live_knowledge import Judge
from synaspis.engine.orders import mandates
from synaspis.engine.pictures import FIRE_CONTROL_LEVEL, IMPACT_GOOD_M
from synaspis.engine.weather import skies
from synaspis.kernels import ekf, flyout, motion
from synaspis.model.estimate import CLASSES
from synaspis.model.threat import PHASES
from synaspis.network.picture import Name
from synaspis.sharing.rules import Rules, site_works
from synaspis.tracking.filters import BALLISTIC
from synaspis.tracking.fusion import Fused

LONGEST_S: Final = 2_400.0
"""No ballistic flight of the classes that interceptors engage lasts longer."""
PLAIN_M2: Final = 1e6
"""A cross-section that any radar sees where it looks: so its field alone counts."""
State = tuple[Floats, Floats, Floats]
"""Mean, covariance and mode."""
OfLevel = Callable[[Fused, int], tuple[State, tuple[str, ...]] | None]
"""An object from its tracks of at least a level, and clauses; see `live_joined.Joined.of_level`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Chance:
    """A battery (row) could meet an object, as the picture has it at `at_s`.

    `launch_s` is the first launch from now on that the picture is good enough to fire on, inf for none;
    `last_s` the last launch that meets it at all. `place_m` and `error_m` say where the object is. `assets`
    are the rows that it threatens and the battery may defend, under `mandate`; `clauses` those that the
    picture rests on. `way` (K, 6) is its way to the ground, every STEP_S, and `meets` the rows of it where
    the battery may meet it.
    """

    battery: int
    object: Name
    at_s: float
    launch_s: float
    last_s: float
    intercept_s: float
    place_m: tuple[float, float, float]
    error_m: float
    assets: tuple[int, ...]
    mandate: tuple[str, ...]
    clauses: tuple[str, ...]
    way: Floats
    meets: NDArray[np.int64]


class Engaging:
    """Of one nation. `rows` are its batteries that may be fired from, by leave of their hosts."""

    def __init__(self, judge: Judge, me: str, given: Rules) -> None:
        w = judge.w
        self.judge, self.me = judge, me
        self.rows = tuple(
            b
            for b, f in enumerate(w.batteries)
            if f.battery.owner == me and _works(given, f.battery.name, f.battery.host or me, me, "fire")
        )
        self._radar_works = {
            b: _works(given, f.battery.name, f.battery.host or me, me, "use")
            for b, f in enumerate(w.batteries)
        }
        self.blind: frozenset[int] = frozenset()
        """Batteries whose own radar is out of order."""
        self._mandate, _, _ = mandates(w, given)
        self.sensors = sensor_rows(w.stations)
        found = skies(w.case)
        self._sky = found.rows[found.usual]
        self._room = np.zeros(ekf.ROOM)
        self._rcs = np.full((1, len(PHASES)), PLAIN_M2)

    def chances(
        self, picture: Sequence[tuple[Name, Held]], of_level: OfLevel, now_s: float,
        done: Container[tuple[int, Name]] = (),
    ) -> list[Chance]:  # fmt: skip
        """All pairs of a battery and an object of the picture, looked at `now_s`, but those `done`."""
        found = []
        for name, one in picture:
            if one.fused is None or one.fused.mode[motion.KIND] == motion.THRUST:
                continue
            if not (one.level >= 1 and one.semi_m <= IMPACT_GOOD_M):  # where it comes down must be known
                continue
            rows = [b for b in self.rows if (b, name) not in done]
            threatened = self.judge.threatened(one.impact, one.i) if rows else []
            duties = [(b, assets) for b in rows if (assets := self._duty(b, threatened))]
            if not duties:
                continue
            # A coasting track is carried without drag; on its way to the ground it meets air.
            state = (one.fused.mean, one.fused.cov, one.fused.mode)
            way, _ = self._foretold(state, BALLISTIC.row(), now_s)
            for b, assets in duties:
                chance = self._chance(b, name, one, way, of_level, now_s, assets)
                if chance is not None:
                    found.append(chance)
        return found

    def _duty(self, b: int, threatened: Sequence[int]) -> tuple[int, ...]:
        return tuple(row for row in threatened if self._mandate[b, row])

    def _foretold(self, state: State, mode: Floats, now_s: float) -> tuple[Floats, Floats]:
        """(K, 6) states to the ground, every STEP_S, and (K,) their one-sigma errors of position."""
        key = b"".join(part.tobytes() for part in (state[0], state[1], mode))
        return self.judge.once.foretold(key, now_s, lambda: self._flown(state, mode))

    def _flown(self, state: State, mode: Floats) -> tuple[Floats, Floats]:
        mean, cov = state[0].copy(), state[1].copy()
        states, sigma_m = np.empty((int(LONGEST_S / STEP_S), 6)), np.empty(int(LONGEST_S / STEP_S))
        count = motion.foretell(mean, cov, mode, STEP_S, self._room, states, sigma_m)
        return states[:count].copy(), sigma_m[:count].copy()

    def _chance(
        self, b: int, name: Name, one: Held, way: Floats, of_level: OfLevel, now_s: float,
        assets: tuple[int, ...],
    ) -> Chance | None:  # fmt: skip
        assert one.fused is not None
        f = self.judge.w.batteries[b]
        own_radar = f.interceptor.remote != "engage"
        if own_radar and (b in self.blind or not self._radar_works[b]):
            return None
        if not _listed(one, f.interceptor.engages):
            return None
        launch_s, meets_s = self._windows(b, way, own_radar)
        if not len(launch_s):
            return None
        own = self.judge.w.batteries[b].interceptor.remote == "own"
        state = self._own(one.fused) if own else of_level(one.fused, FIRE_CONTROL_LEVEL)
        good = self._good(b, state[0] if state else None, meets_s, now_s)
        first = int(np.flatnonzero(good)[0]) if good.any() else -1
        mean, sigma = one.fused.mean, one.sigma_m
        return Chance(
            battery=b, object=name, at_s=now_s, launch_s=now_s + launch_s[first] if first >= 0 else inf,
            last_s=now_s + float(launch_s[-1]), intercept_s=now_s + float(meets_s[first]),
            place_m=(float(mean[0]), float(mean[1]), float(mean[2])), error_m=max(float(sigma), 1.0),
            assets=assets, mandate=tuple(dict.fromkeys(str(self._mandate[b, row]) for row in assets)),
            clauses=tuple(dict.fromkeys((*one.clauses, *(state[1] if state else ())))), way=way,
            meets=np.unique(np.round(meets_s / STEP_S).astype(np.int64)),
        )  # fmt: skip

    def _windows(self, b: int, states: Floats, own_radar: bool) -> tuple[Floats, Floats]:
        """Launches from now on that meet the way, and when, in seconds from now."""
        f = self.judge.w.batteries[b]
        launch, meets = np.empty((2, 1, flyout.SAMPLES))
        flyout.launch_windows(
            states[None], STEP_S, np.zeros(1), np.array([(len(states) - 1) * STEP_S]), flyout_row(f),
            timetable(tuple(flyout_row(f))), self.sensors[f.radar], own_radar, self._rcs, self._sky,
            np.ones(1, np.bool_), launch, meets,
        )  # fmt: skip
        there = np.isfinite(launch[0])
        return launch[0, there], meets[0, there]

    def _good(self, b: int, state: State | None, meets_s: Floats, now_s: float) -> NDArray[np.bool_]:
        """(J,) which of the launches the picture is good enough to fire on, as `live_fire` asks."""
        interceptor = self.judge.w.batteries[b].interceptor
        if state is None:
            return np.zeros(len(meets_s), np.bool_)
        _, sigma_m = self._foretold(state, state[2], now_s)
        at = np.ceil(meets_s / STEP_S).astype(np.int64)
        known = at < len(sigma_m)
        out = np.zeros(len(meets_s), np.bool_)
        out[known] = sigma_m[at[known]] <= interceptor.handover_radius_m
        return out

    def _own(self, f: Fused) -> tuple[State, tuple[str, ...]] | None:
        """The state by the nation's own track alone, which rests on no clause."""
        rows = [i for i, (owner, _) in enumerate(f.members) if owner == self.me]
        return ((f.means[rows[0]], f.covs[rows[0]], f.mode), ()) if rows else None


def _works(given: Rules, site: str, host: str, owner: str, scope: str) -> bool:
    return site_works(given, site, host, owner, scope).allowed


def _listed(one: Held, engages: Sequence[str]) -> bool:
    """Whether the likeliest class is on the interceptor's list."""
    return bool(np.isfinite(one.chances).all()) and CLASSES[int(one.chances.argmax())] in engages
