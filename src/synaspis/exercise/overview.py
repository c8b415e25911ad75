"""What the director sees, truth and every nation's picture; and what an observer sees, which is public."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.engine.under import nations_at
from synaspis.exercise.parts import Parts
from synaspis.exercise.seat import Counted, Seat
from synaspis.files.borders import borders
from synaspis.kernels.earth import ecef_from_geodetic
from synaspis.network.truth import Truth

Document = dict[str, Any]
SHOWN: Final = ("lat", "lon", "height_km", "level", "impact")
"""Of a nation's track, to the director."""


class Overview:
    """Of a whole room. It alone reads the truth, and tells a seat what comes down on its own soil."""

    def __init__(self, parts: Parts, seats: dict[str, Seat]) -> None:
        self._parts, self._seats = parts, seats
        self.events, self.impacts, self.messages = Counted(), Counted(), Counted()
        self.happened = Counted()
        self._true = Truth(parts.host)
        self._down: set[int] = set()
        self._truth: Document = {}
        self._seen_s = -math.inf
        self._whose: dict[str, tuple[Document, Document]] = {}
        self._meant_s = -math.inf
        self._rows: dict[tuple[bytes, float], int] = {}
        self._soil = [self._nation_at(t) for t in range(len(parts.lit.w.missiles))]

    def _nation_at(self, t: int) -> str:
        """On whose soil a missile comes down, "" where that is not known."""
        w = self._parts.lit.w
        m = w.missiles[t]
        if m.target >= 0:
            return w.assets[m.target].nation
        return nations_at(w.case.borders or borders(), ecef_from_geodetic(np.array([m.aim])))[0]

    # -- time --------------------------------------------------------------------------------------

    def move(self, now_s: float) -> None:
        """Time has come to `now_s`: what came down is told to whom it fell on."""
        over, w = self._parts.over, self._parts.lit.w
        self._happened(now_s)
        for t in np.flatnonzero((over.impact_s <= now_s) & (over.gone_s > over.impact_s)).tolist():
            if t in self._down:
                continue
            self._down.add(t)
            m = w.missiles[t]
            impact: Document = {
                "at_s": round(float(over.impact_s[t])), "lat": round(math.degrees(m.aim[0]), 4),
                "lon": round(math.degrees(m.aim[1]), 4),
            }  # fmt: skip
            if m.target >= 0:
                impact["place"] = w.assets[m.target].name
            self.impacts.add(impact)
            self.note("impact", m.name, float(over.impact_s[t]))
            if self._soil[t] in self._seats:
                self._seats[self._soil[t]].observed(impact)
        self._truth = self._true.missiles(now_s)
        for each in self._true.happened(now_s):
            self.happened.add(each)
        for nation, seat in self._seats.items():
            if nation not in self._whose or self._whose[nation][0] is not seat.tracks:
                self._whose[nation] = (seat.tracks, self._compared(seat))

    def _happened(self, now_s: float) -> None:
        """Launches and kills since the last time, as events."""
        over, names = self._parts.over, [m.name for m in self._parts.lit.w.missiles]
        for kind, times_s in (("launch", over.launch_s), ("down", over.gone_s)):
            new = (times_s <= now_s) & (times_s > self._seen_s) & (over.gone_s > -math.inf)
            for t in np.flatnonzero(new).tolist():
                self.note(kind, names[t], float(times_s[t]))
        self._seen_s = now_s

    def note(self, kind: str, text: str, at_s: float) -> None:
        """Something for the director's list of what happened."""
        self.events.add({"at_s": round(at_s), "kind": kind, "text": text, "because": []})

    def wrote(self, by: str, to: str, text: str, now_s: float) -> None:
        """A message between seats."""
        self.messages.add({"at_s": round(now_s), "from": by, "to": to, "text": text})

    # -- documents ---------------------------------------------------------------------------------

    def director(self) -> Document:
        """All but the clock."""
        return {
            "truth": self._truth,
            "nations": {n: self._nation(n) for n in self._seats},
            "events": self.events.shown, "messages": self.messages.shown, "impacts": self.impacts.shown,
            "happened": self.happened.shown, "injects": {}, "spares": {}, "health": {},
        }  # fmt: skip

    def _nation(self, nation: str) -> Document:
        seat = self._seats[nation]
        return {
            "taken": seat.taken, "tracks": self._whose[nation][1], "warned": seat.warned,
            "questions": len(seat.questions.shown),
            "rounds": {name: b["rounds"] for name, b in seat.batteries().items()},
        }  # fmt: skip

    def _compared(self, seat: Seat) -> Document:
        """A nation's tracks, each with the missile that it is of, as far as it is near one."""
        found: Document = {}
        for key, track in seat.tracks.items():
            told = {name: track[name] for name in SHOWN if name in track}
            fused = seat.held[key].fused
            if fused is not None:
                t = self._meant(fused.mean[:3], seat.held[key].sigma_m, fused.time_s)
                told |= {"truth": self._parts.lit.w.missiles[t].name} if t >= 0 else {}
            found[key] = told
        return found

    def _meant(self, place: Floats, error_m: float, time_s: float) -> int:
        """Row of the missile that is meant, as of `Range.meant`: nations that hold the same mean the same."""
        if time_s != self._meant_s:
            self._meant_s = time_s
            self._rows.clear()
        key = (place.tobytes(), error_m)
        if key not in self._rows:
            self._rows[key] = self._parts.over.meant(place, error_m, time_s)
        return self._rows[key]

    def observer(self) -> Document:
        """What is public: who was warned, and what came down."""
        return {
            "warned": {n: s.warned for n, s in self._seats.items()},
            "impacts": self.impacts.shown,
        }
