"""The stable document of `fly --json` (schema in docs/contracts/fly.schema.json)."""

from __future__ import annotations

from typing import Any

from synaspis.model.answers import FlyAnswer


def document(answer: FlyAnswer) -> dict[str, Any]:
    """The stable document of one flight."""
    return {
        "threat": answer.threat,
        "title": answer.title,
        "status": answer.status,
        "shape": answer.shape,
        "from": list(answer.start),
        "to": list(answer.end),
        "distance_km": _to(answer.distance_km, 3),
        "time_s": _to(answer.time_s, 2),
        "apogee_km": _to(answer.apogee_km, 3),
        "burnout_time_s": _to(answer.burnout_time_s, 2),
        "burnout_speed_mps": _to(answer.burnout_speed_mps, 2),
        "impact_speed_mps": _to(answer.impact_speed_mps, 2),
        "reentry_angle_deg": _to(answer.reentry_angle_deg, 3),
        "reentry_height_km": _to(answer.reentry_height_km, 1),
        "closure_error_m": _to(answer.closure_error_m, 2),
        "track_km": _to(answer.track_km, 3),
        "overflown": list(answer.overflown),
        "stretches": [
            {
                "nation": s.nation,
                "name": s.name,
                "from_s": _to(s.from_s, 2),
                "to_s": _to(s.to_s, 2),
                "length_km": _to(s.length_km, 2),
                "share": _to(s.length_km / answer.track_km, 4),
                "lowest_km": _to(s.lowest_km, 2),
                "highest_km": _to(s.highest_km, 2),
            }
            for s in answer.stretches
        ],
        "track": [
            {
                "time_s": _to(t, 2),
                "latitude_deg": _to(la, 4),
                "longitude_deg": _to(lo, 4),
                "altitude_km": _to(h, 3),
            }
            for t, la, lo, h in answer.points.tolist()
        ],
        "borders": answer.borders,
        "notes": list(answer.notes),
    }


def _to(value: float, digits: int) -> float:
    return round(value, digits) + 0.0
