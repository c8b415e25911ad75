"""A tracker of many missiles by many stations: scans in, tracks out.

What it holds is a function of the scans in order of time, whatever the order in which they came: a scan that
comes late, by up to `lag_s`, is put where it belongs, and what followed is worked out again from a kept
state. So results are the same bytes as in order.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.ledger import CONFIRMED
from synaspis.tracking.association import Ladder
from synaspis.tracking.filters import PHASES, RATES, Mode
from synaspis.tracking.following import Follower, Given, over
from synaspis.tracking.leaps import Leaps
from synaspis.tracking.manner import Association, Manner
from synaspis.tracking.scan import Scan, Watch
from synaspis.tracking.sifting import REASONS, sifted
from synaspis.tracking.tracks import Confirmed, Crowd, Tracks, frozen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[float, int, bytes, bytes]

LEAP_S = 300.0
"""A scan so much later than all others is one to wonder at."""
STRETCH_S = 1800.0
"""So far tracks are carried at once; few fly longer."""
KEPT_STATES = 16
"""Into how many parts the lag is cut by states that are kept to go back to."""


@final
class Tracker:
    """Tracks what its stations, `watches`, detect.

    `take` gives it a scan, `tracks` and `mixture` tell what it holds, `counts` what was not used and why.
    """

    def __init__(
        self, watches: Sequence[Watch], *, modes: Sequence[Mode] = PHASES, rates: Floats = RATES,
        association: Association = "gnn", ladder: Ladder | None = None, lag_s: float = 30.0,
        leap_s: float = LEAP_S, threads: int = 1, told: Callable[[Scan, Given], None] | None = None,
        **further: Any,
    ) -> None:  # fmt: skip
        """`further` are those attributes of `Manner` that are not named here. ValueError for what cannot be.

        The number of threads changes nothing but the time taken. `told` is called as `Follower.told`. A scan
        more than `leap_s` ahead of all others waits until another says so too (`tracking.leaps`).
        """
        self.manner = Manner(
            modes=tuple(modes), rates=np.array(rates, dtype=np.float64), association=association,
            ladder=ladder or Ladder(), threads=threads, **further,
        )  # fmt: skip
        if not 0.0 <= lag_s < np.inf:
            raise ValueError(f"a lag of {lag_s} s is none")
        if not leap_s > 0.0:
            raise ValueError(f"a leap of {leap_s} s is none")
        for watch in watches:
            if not 0.0 < watch.detected < 1.0 or not (watch.false_per_m3 > 0.0 and watch.false_per_sr > 0.0):
                raise ValueError(f"chances of station {watch.name!r} are not above 0, or not below 1")
        self.watches, self.lag_s = tuple(watches), lag_s
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None
        self._follower = Follower(self.watches, self.manner, self._pool)
        self._follower.told = told
        self._crowd = Crowd.fresh(0, len(self.manner.modes), len(self.watches))
        self._leaps = Leaps(leap_s, lag_s, len(self.watches))
        self._scans: list[Scan] = []
        self._keys: list[Key] = []
        self._kept: list[tuple[int, Crowd]] = [(0, self._crowd.copy())]
        self._counts = dict.fromkeys(REASONS, 0)
        self.newest_s = -np.inf

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows (or scans, where the reason is one of a whole scan) were not used, by reason."""
        return dict(self._counts)

    def take(self, scan: Scan, now_s: float = math.inf) -> bool:
        """Take a scan in, in any order within `lag_s` of the newest: whether it was used.

        What is received after `now_s`, if given, is from the future, and so is a leap that nobody confirms.
        """
        return self.take_all((scan,), now_s) > 0

    def take_all(self, scans: Iterable[Scan], now_s: float = math.inf) -> int:
        """Take scans that came together, one after another: how many were used.

        The same tracks as by `take`, sooner: what followed the earliest is worked out again but once.
        """
        before, first, used = len(self._scans), math.inf, 0
        for scan in scans:
            for clean in self._admitted(scan, now_s):
                place = self._place(clean)
                if place is not None:
                    first, used = min(first, place), used + 1
        if used:
            self._replay(int(first), before)
        return used

    def _admitted(self, scan: Scan, now_s: float) -> list[Scan]:
        """What is let in now that a scan has come: that one, none, or those that waited for it as well."""
        clean = sifted(scan, self.watches, self._counts)
        if clean is None:
            return []
        if clean.received_s > now_s:
            self._counts["future"] += 1
            return []
        now = self._leaps.judged(clean, self.newest_s)
        self._counts["future"] += 1 - len(now)
        return now

    def _place(self, clean: Scan) -> int | None:
        """Put a scan among the others: where it stands now, None where it is not used."""
        if clean.time_s < self.newest_s - self.lag_s:
            self._counts["too_late"] += 1
            return None
        key = (clean.time_s, clean.station, clean.rows.tobytes(), clean.sight.tobytes())
        place = bisect.bisect_left(self._keys, key)
        if place < len(self._keys) and self._keys[place] == key:
            self._counts["duplicate"] += 1
            return None
        self._keys.insert(place, key)
        self._scans.insert(place, clean)
        self.newest_s = max(self.newest_s, clean.time_s)
        return place

    def _replay(self, place: int, before: int) -> None:
        """Follow the scans from `place` on; there were `before` of them, all followed."""
        begin = place
        if place < before:
            while self._kept[-1][0] > place:
                self._kept.pop()
            begin, state = self._kept[-1]
            self._crowd = state.copy()
        for i in range(begin, len(self._scans)):
            self._follower.follow(self._crowd, self._scans[i])
            self._keep(i)
        self._forget()

    def _keep(self, place: int) -> None:
        """Keep the state after the scan at `place`, if the last that is kept is old enough."""
        last = self._kept[-1][0]
        since = self._scans[last - 1].time_s if last else -np.inf
        if self._scans[place].time_s > since + self.lag_s / KEPT_STATES:
            self._kept.append((place + 1, self._crowd.copy()))

    def _forget(self) -> None:
        """Drop scans and states that no scan may reach behind any more."""
        oldest_s = self.newest_s - self.lag_s
        base = 0
        for i, (count, _) in enumerate(self._kept):
            if count and self._scans[count - 1].time_s < oldest_s:
                base = i
        drop = self._kept[base][0]
        if drop:
            del self._scans[:drop], self._keys[:drop]
            self._kept = [(count - drop, state) for count, state in self._kept[base:]]

    def tracks(self, at_s: float | None = None, *, tentative: bool = False) -> Tracks:
        """A frozen copy of the confirmed tracks, and the tentative ones if asked for.

        Carried to `at_s`, or to the newest scan where None; a track is never carried back. Those that have
        come down or grown too wide by then are left out.
        """
        crowd = self._crowd.copy()
        if not tentative:
            crowd.keep(crowd.status == CONFIRMED)
        to_s = self.newest_s if at_s is None else at_s
        if len(crowd) and np.isfinite(to_s):
            self._carry(crowd, to_s)
        return frozen(crowd, self.manner.modes, ~over(crowd, self.manner.widest_m))

    def _carry(self, crowd: Crowd, to_s: float) -> None:
        """Carry tracks on, a stretch at a time: those that are over by then are carried no farther."""
        reached_s = float(crowd.clocks.min())
        while to_s - reached_s > STRETCH_S and len(crowd):
            reached_s += STRETCH_S
            self._follower.carry(crowd, reached_s)
            crowd.keep(~over(crowd, self.manner.widest_m))
        if len(crowd):
            self._follower.carry(crowd, to_s)

    def confirmed(self) -> Confirmed:
        """Which tracks are confirmed now, without their states: quick enough to be asked after each scan."""
        crowd = self._crowd
        which = np.flatnonzero(crowd.status == CONFIRMED)
        return Confirmed(
            number=crowd.number[which], first_s=crowd.first_s[which], last_s=crowd.last_s[which],
            seen_by=crowd.seen_by[which],
        )  # fmt: skip

    def mixture(self, at_s: float | None = None) -> tuple[Floats, Floats, Ints]:
        """Confirmed tracks by all modes together: mean (T, 7), covariance (T, 7, 7), likeliest mode (T,)."""
        return self.tracks(at_s).mixture()
