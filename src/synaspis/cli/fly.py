"""`synaspis fly THREAT --from LAT,LON --to LAT,LON`: one trajectory, told, as JSON, or drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from synaspis.errors import InputError, Problem
from synaspis.model.answers import FlyAnswer

DRAWN = (".svg", ".html")


def fly_command(
    threat: str,
    start: str,
    end: str,
    shape: str,
    via: list[str],
    case: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fly, draw where `out` says so, and print. InputError with every problem; UnreachableError."""
    from synaspis import api

    mistaken = _mistaken(out)
    try:
        answer = api.fly(threat, start, end, shape, case, via)
    except InputError as error:
        raise InputError([*error.problems, *mistaken]) from None
    if mistaken:
        raise InputError(mistaken)
    if out is not None:
        from synaspis.report.flight import drawn

        out.write_text(drawn(answer, out.suffix.lower()), encoding="utf-8")
    if as_json:
        print(json.dumps(document(answer), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    from synaspis.report.flight_terminal import render

    console = Console(highlight=False)
    render(answer, console)
    if out is not None:
        console.print(f"Picture: {out}", markup=False, soft_wrap=True)


def _mistaken(out: Path | None) -> list[Problem]:
    if out is None:
        return []
    if out.suffix.lower() not in DRAWN:
        return [Problem("--out", 0, 0, f"`{out.name}` says no kind of picture", "end it in .svg or .html")]
    if not out.parent.is_dir():
        return [
            Problem("--out", 0, 0, f"there is no folder `{out.parent}`", "make it first, or give another")
        ]
    return []


def document(answer: FlyAnswer) -> dict[str, Any]:
    """The answer as the JSON document of `fly --json`."""
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
