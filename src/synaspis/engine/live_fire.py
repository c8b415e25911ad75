"""When live tracks are first good enough to fire on: the first launch whose intercept they foretell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import Range
from synaspis.engine.geometry import Floats, Geometry
from synaspis.engine.live_feeds import Feed
from synaspis.engine.live_joined import Held
from synaspis.engine.live_viewers import Viewer
from synaspis.engine.pictures import FIRE_CONTROL_LEVEL
from synaspis.engine.world import World
from synaspis.kernels import ekf, motion
from synaspis.tracking.filters import PHASES, mode_rows

Ints = NDArray[np.int64]

_ROWS = mode_rows(PHASES)


class FireControl:
    """Watches, for each battery and missile, the launches that would meet it, as `Pictures.fire_control_s`.

    The error is that of the owner's picture, predicted to the intercept; of a battery that fires on its own
    radar alone, that of the radar's own track.
    """

    def __init__(
        self, w: World, g: Geometry, over: Range, viewers: Mapping[str, Viewer], radar: Callable[[int], Feed]
    ) -> None:  # fmt: skip
        self.w, self.over = w, over
        self.first_s = np.full((len(w.batteries), len(w.missiles)), inf)
        self._clauses: dict[tuple[int, int], tuple[str, ...]] = {}
        self._told: set[tuple[int, int]] = set()
        at = g.flight_of
        self._launch = g.launch_s[:, at] + over.launch_s[:, None]
        self._meet = g.intercept_s[:, at] + over.launch_s[:, None]
        self._own: dict[int, Feed] = {}
        self._of: dict[int, list[int]] = {}
        for b, f in enumerate(w.batteries):
            if f.interceptor.remote == "own":
                self._own[b] = radar(f.radar)
            elif f.battery.owner in viewers:
                self._of.setdefault(id(viewers[f.battery.owner]), []).append(b)

    def look(self, viewer: Viewer, held: Sequence[Held], now_s: float, step_s: float) -> None:
        """Test the launches of the next `step_s` by what is held now."""
        for b in self._of.get(id(viewer), ()):
            for one in held:
                if one.flight < 0 or one.fused is None or not self._open(b, one.flight, now_s, step_s):
                    continue
                state = viewer.of_level(one.fused, FIRE_CONTROL_LEVEL)
                if state is not None:
                    self._test(b, one.flight, state, now_s, step_s, one.clauses)

    def look_alone(self, now_s: float, step_s: float) -> None:
        """The same of the batteries that fire on their own radars alone."""
        for b, feed in self._own.items():
            s = feed.last
            for i, t in enumerate(s.flight.tolist()):
                if t >= 0 and self._open(b, t, now_s, step_s):
                    self._test(b, t, (s.mean[i], s.cov[i], _ROWS[s.mode[i]]), now_s, step_s, ())

    def news(self) -> list[tuple[int, int, tuple[str, ...]]]:
        """Pairs of battery and missile that have come to a first launch since the last call, with clauses."""
        found = sorted(set(self._clauses) - self._told)
        self._told.update(found)
        return [(b, t, self._clauses[b, t]) for b, t in found]

    def _due(self, b: int, t: int, now_s: float, step_s: float) -> Ints:
        launch = self._launch[b, t]
        return np.flatnonzero((launch >= now_s) & (launch < now_s + step_s))

    def _open(self, b: int, t: int, now_s: float, step_s: float) -> bool:
        return self.first_s[b, t] == inf and len(self._due(b, t, now_s, step_s)) > 0

    def _test(
        self, b: int, t: int, state: tuple[Floats, Floats, Floats], now_s: float, step_s: float,
        clauses: tuple[str, ...],
    ) -> None:  # fmt: skip
        radius_m = self.w.batteries[b].interceptor.handover_radius_m
        for j in self._due(b, t, now_s, step_s):
            mean, cov = state[0].copy(), state[1].copy()
            motion.predict(mean, cov, state[2], float(self._meet[b, t, j]) - now_s, np.zeros(ekf.ROOM))
            if float(np.trace(cov[:3, :3])) <= radius_m**2:
                self.first_s[b, t] = float(self._launch[b, t, j])
                self._clauses[b, t] = clauses
                return
