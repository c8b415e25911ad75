"""What happens in a raid as the range plays it: for who directs, and for nobody's node."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.network.range import RangeHost

Document = dict[str, Any]
KINDS = {"fired": "fired", "arrived": "missed"}


class Truth:
    """Reads a range and changes nothing, so another thread than the range's may ask too."""

    def __init__(self, host: RangeHost) -> None:
        self._over, self._orders = host.over, host.orders
        self._told = 0
        self._landed: set[int] = set()

    def missiles(self, now_s: float) -> Document:
        """Every missile by its name: class, category, state and target, and where it is while it flies."""
        over, w = self._over, self._over.w
        states = over.states_at(now_s)
        places = np.full((len(states), 3), math.nan)
        flies = np.isfinite(states[:, 0])
        places[flies] = geodetic_from_ecef(np.ascontiguousarray(states[flies, :3]))
        found: Document = {}
        for t, m in enumerate(w.missiles):
            told: Document = {
                "threat": m.threat.name, "category": m.threat.category, "status": m.threat.status,
                "state": self._state(t, now_s), "target": w.assets[m.target].name if m.target >= 0 else "",
            }  # fmt: skip
            found[m.name] = told | (_at(*places[t].tolist()) if flies[t] else {})
        return found

    def _state(self, t: int, now_s: float) -> str:
        over = self._over
        if now_s < over.launch_s[t]:
            return "waiting"
        if over.gone_s[t] <= min(now_s, float(over.impact_s[t])):
            return "down"
        return "hit" if over.impact_s[t] <= now_s else "flying"

    def happened(self, now_s: float) -> list[Document]:
        """Shots, what came of them and landings since this was last asked, in order of time.

        Each has `at_s`, `kind` (fired, hit, missed, landed), `who`, `missile` and where; a round that
        arrives where nothing flies any more is at no place.
        """
        new = self._orders.happened[self._told :]
        self._told += len(new)
        w = self._over.w
        found: list[Document] = []
        for h in new:
            kind = "hit" if h.kind == "arrived" and h.value == 1.0 else KINDS[h.kind]
            b = w.batteries[h.battery].battery
            at = (b.latitude_rad, b.longitude_rad, b.height_m)
            place = _at(*at) if kind == "fired" else self._place(h.missile, h.time_s)
            found.append(
                {
                    "at_s": round(h.time_s, 1),
                    "kind": kind,
                    "who": b.name,
                    "missile": w.missiles[h.missile].name,
                }
                | place
            )
        found += self._landings(now_s)
        return sorted(found, key=lambda each: float(each["at_s"]))

    def _landings(self, now_s: float) -> list[Document]:
        over = self._over
        down = np.flatnonzero((over.impact_s <= now_s) & (over.gone_s > over.impact_s)).tolist()
        new = [t for t in down if t not in self._landed]
        self._landed.update(new)
        found: list[Document] = []
        for t in new:
            m, at_s = over.w.missiles[t], round(float(over.impact_s[t]), 1)
            told: Document = {"at_s": at_s, "kind": "landed", "who": "", "missile": m.name}
            found.append(told | _at(m.aim[0], m.aim[1], 0.0))
        return found

    def _place(self, t: int, time_s: float) -> Document:
        """Where a missile was just before a time, nothing where it flew no more."""
        state = self._over.states_at(math.nextafter(time_s, -math.inf))[t, :3]
        return _at(*geodetic_from_ecef(state[None])[0].tolist()) if np.isfinite(state).all() else {}


def _at(latitude_rad: float, longitude_rad: float, height_m: float) -> Document:
    return {
        "lat": round(math.degrees(latitude_rad), 4), "lon": round(math.degrees(longitude_rad), 4),
        "height_km": round(height_m / 1e3, 1),
    }  # fmt: skip
