"""How a seat shows things: tracks, engagements, and what flows between nations, with numbers for the eye."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.engine.live_joined import Held
from synaspis.kernels import motion
from synaspis.kernels.earth import ecef_from_geodetic, enu_axes, geodetic_from_ecef
from synaspis.model.estimate import Spots
from synaspis.network import bodies
from synaspis.network.engagement import Engagement
from synaspis.network.message import Message
from synaspis.network.node import Node
from synaspis.network.picture import Name
from synaspis.sharing.release import STEPS
from synaspis.tracking.fusion import Fused

PHASES: Final = {motion.THRUST: "boost", motion.VACUUM: "coast", motion.DRAG: "re-entry"}
NEAR_M: Final = 50_000.0
"""What is told of is no farther from what a seat shows of it."""
OVER: Final = frozenset({"hit", "given up", "refused"})
Document = dict[str, Any]


def same(before: Document, now: Document) -> Document:
    """`now`, with the very mappings of `before` where nothing differs."""
    if before == now:
        return before
    return {k: before[k] if k in before and before[k] == v else v for k, v in now.items()}


def foretold(tracks: Document) -> dict[str, list[float]]:
    """When tracks come down at each place that they threaten, in seconds of the case's clock."""
    found: dict[str, list[float]] = {}
    for track in tracks.values():
        at_s = track.get("impact", {}).get("at_s", math.inf)
        for place in track.get("threatens", ()):
            found.setdefault(place, []).append(at_s)
    return found


@dataclass
class Flow:
    """What goes from one nation to another: products and clauses since a time."""

    since_s: float
    last_s: float = -math.inf
    products: dict[str, None] = field(default_factory=dict)
    clauses: dict[str, None] = field(default_factory=dict)
    _shown: Document | None = None

    def hear(self, message: Message, now_s: float) -> None:
        """Something more."""
        self.last_s = now_s
        if message.product not in self.products or any(c not in self.clauses for c in message.clauses):
            self.products.setdefault(message.product)
            self.clauses.update(dict.fromkeys(message.clauses))
            self._shown = None

    def document(self) -> Document:
        """As a seat shows it."""
        if self._shown is None:
            self._shown = {
                "products": sorted(self.products), "clauses": sorted(self.clauses),
                "since_s": round(self.since_s),
            }  # fmt: skip
        return self._shown


class Shown:
    """Objects of a node's picture at one time."""

    def __init__(self, node: Node, me: str) -> None:
        self._node, self._me = node, me

    def track(self, name: Name, one: Held, since_s: float) -> Document:
        """One object as a seat shows it."""
        judge = self._node.judge
        givers = sorted({sender for sender, _ in self._node.view.gifts_of(one)} | {name[0]} - {"", self._me})
        fused = one.fused
        own = fused is not None and any(owner == self._me for owner, _ in fused.members)
        told: Document = {
            "level": level(one), "since_s": round(since_s), "own": own,
            "from": [g for g in givers if g != self._me], "because": list(one.clauses),
        }  # fmt: skip
        if fused is not None:
            told |= _state(fused.mean[:6].tobytes())
            told["phase"] = PHASES[float(fused.mode[motion.KIND])]
            if math.isfinite(one.sigma_m):
                told["sigma_km"] = _km(one.sigma_m)
        impact = _impact(one.impact, one.i, one.semi_m)
        if impact is not None:
            told["impact"] = impact
            rows = judge.threatened(one.impact, one.i, one.semi_m if one.level == 0 else 0.0)
            told["threatens"] = (
                [judge.w.assets[row].name for row in rows] if one.semi_m <= judge.zone_m else []
            )
        return told


def level(one: Held) -> str:
    """What a nation holds of an object, as a product of the ladder."""
    return STEPS[min(one.level, len(STEPS) - 1, 3)]


@functools.lru_cache(maxsize=1_024)
def _state(told: bytes) -> Document:
    """Of a position and velocity: several seats show the same one."""
    mean = np.frombuffer(told)
    lat, lon, height = geodetic_from_ecef(mean[None, :3])[0].tolist()
    axes = enu_axes(np.array([[lat, lon, height]]))[0]
    east, north, _ = (axes @ mean[3:6]).tolist()
    return {
        "lat": round(math.degrees(lat), 4), "lon": round(math.degrees(lon), 4),
        "height_km": round(height / 1e3, 1), "speed_mps": round(float(np.linalg.norm(mean[3:6]))),
        "course_deg": round(math.degrees(math.atan2(east, north)) % 360.0, 1),
    }  # fmt: skip


@functools.lru_cache(maxsize=4_096)
def _impact(s: Spots, i: int, semi_m: float) -> Document | None:
    """Of an estimate that several seats may show."""
    if not (math.isfinite(semi_m) and math.isfinite(float(s.latitude_rad[i]))):
        return None
    told: Document = {
        "lat": round(math.degrees(float(s.latitude_rad[i])), 4),
        "lon": round(math.degrees(float(s.longitude_rad[i])), 4),
        "major_km": _km(semi_m), "minor_km": _km(min(float(s.semi_minor_m[i]), semi_m)),
        "bearing_deg": round(math.degrees(float(s.bearing_rad[i])), 1),
    }  # fmt: skip
    if math.isfinite(float(s.time_s[i])):
        told["at_s"] = round(float(s.time_s[i]))
    return told


def _km(metres: float) -> float:
    """Two figures below ten kilometres, whole ones above."""
    km = metres / 1e3
    return round(km, 1) if km < 10.0 else float(round(km))


def meant(told: bodies.Body, held: Mapping[str, Held]) -> str | None:
    """Which of the objects that a seat shows is told of: the nearest, in flight or where it comes down."""
    if isinstance(told, bodies.Track):
        found = {
            k: _apart(np.array(told.mean), told.time_s, one.fused) for k, one in held.items() if one.fused
        }
    elif isinstance(told, bodies.ImpactEstimate | bodies.Alert) and told.impact is not None:
        place = (told.impact.latitude_rad, told.impact.longitude_rad)
        found = {k: _impact_apart(place, one) for k, one in held.items()}
    else:
        return None
    near = {k: far_m for k, far_m in found.items() if far_m <= NEAR_M}
    return min(near, key=near.__getitem__) if near else None


def _apart(mean: Floats, time_s: float, fused: Fused) -> float:
    off: Floats = fused.mean[:3] + fused.mean[3:6] * (time_s - fused.time_s) - mean[:3]
    return float(np.linalg.norm(off))


def _impact_apart(place: tuple[float, float], one: Held) -> float:
    s, i = one.impact, one.i
    here = np.array([[*place, 0.0], [float(s.latitude_rad[i]), float(s.longitude_rad[i]), 0.0]])
    if not np.isfinite(here).all():
        return math.inf
    one_m, other_m = ecef_from_geodetic(here)
    return float(np.linalg.norm(one_m - other_m))


# -- engagements -----------------------------------------------------------------------------------


def runs(e: Engagement) -> bool:
    """Whether something may still come of it."""
    return not e.ended and (e.told is None or e.told.phase not in OVER)


def phase(e: Engagement) -> tuple[str, float, str]:
    """How an engagement stands, since when, and why where it came to nothing."""
    if e.told is not None:
        return ("planned" if e.told.phase == "taken" else e.told.phase), e.told.time_s, e.told.why
    if e.ended:
        return "given up", e.ended_s, e.ended
    return ("ordered", e.order.given_s, "") if e.order is not None else ("asking", e.begun_s, "")


def engagement(
    battery: str, phase: str, at_s: float, because: Sequence[str], track: str | None, why: str = ""
) -> Document:
    """As a seat shows it."""
    told: Document = {"battery": battery, "phase": phase, "at_s": round(at_s), "because": list(because)}
    if why:
        told["why"] = why
    return told if track is None else {**told, "track": track}


def battery_state(held: bool, rounds: int, busy: Sequence[Engagement]) -> str:
    """`ready`, `asking`, `engaging`, `held` or `empty`."""
    if any(e.order is not None for e in busy):
        return "engaging"
    if held:
        return "held"
    if rounds <= 0:
        return "empty"
    return "asking" if busy else "ready"
