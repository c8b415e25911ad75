"""The moving picture at the top of the page: its data, and the script that draws it.

The script and its style are built from `web/` into `web_dist/` and stand in the page whole, so that the
page needs no network. Without them, or without WebGL, the map below stays in their place.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from synaspis.model.answers import Flight, RegimeAnswer, RunAnswer, Scene, SceneEvent, SiteMark
from synaspis.model.summary import summary
from synaspis.report.words import listed, number, people, percent

LONG_WARNING_S = 300


def scripts(answer: RunAnswer) -> str:
    """The data and the script, as the last elements of the body."""
    data = f'<script type="application/json" id="synaspis-data">{_json(document(answer))}</script>'
    return f"{data}\n<script>{_script()}</script>"


@cache
def _script() -> str:
    """The built script; what would end its element early is written another way, with the same meaning."""
    text = files("synaspis").joinpath("web_dist", "report.js").read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def style() -> str:
    """The built style sheet."""
    return files("synaspis").joinpath("web_dist", "report.css").read_text(encoding="utf-8")


def _json(told: Mapping[str, object]) -> str:
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def document(answer: RunAnswer) -> dict[str, object]:
    """What the script reads from `#synaspis-data`."""
    return {
        "flights": [_flight(f) for f in answer.flights],
        "sites": [_site(s) for s in answer.sites],
        "scenes": {name: _scene(s) for name, s in answer.scenes.items()},
        "figures": {name: _figures(r) for name, r in answer.regimes.items()},
        "summary": summary(answer),
    }


def _finite(value: float, digits: int = 3) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def _flight(f: Flight) -> dict[str, object]:
    return {
        "threat": f.threat,
        "type": f.type,
        "status": f.status,
        "launch": f.launch,
        "target": f.target,
        "nation": f.nation,
        "launch_s": _finite(f.launch_s),
        "burnout_s": _finite(f.burnout_s),
        "impact_s": _finite(f.impact_s),
        "apogee_km": _finite(f.apogee_km, 1),
        "points": f.drawn.tolist(),
    }


def _site(s: SiteMark) -> dict[str, object]:
    return {
        "name": s.name,
        "kind": s.kind,
        "type": s.type,
        "owner": s.owner,
        "operator": s.operator,
        "host": s.host,
        "latitude_deg": _finite(s.latitude_deg),
        "longitude_deg": _finite(s.longitude_deg),
        "facing_deg": _finite(s.facing_deg, 1) or 0.0,
        "sector_deg": _finite(s.sector_deg, 1) or 0.0,
        "reach_km": _finite(s.reach_km, 1) or 0.0,
        "population": _finite(s.population, 0) or 0.0,
        "domain": s.domain,
    }


def _together(events: Sequence[SceneEvent]) -> list[SceneEvent]:
    """Nations that come to know of one missile in the same second are told in one event."""
    alike: dict[tuple[str, int], list[SceneEvent]] = {}
    for e in events:
        if e.kind == "known":
            alike.setdefault((e.threat, int(e.time_s)), []).append(e)
    told = [e for e in events if e.kind != "known"]
    for first, *others in alike.values():
        also = (
            f", as {'do' if len(others) > 1 else 'does'} {listed([e.nation for e in others])}"
            if others
            else ""
        )
        told.append(replace(first, text=first.text + also))
    return sorted(told, key=lambda e: e.time_s)


def _scene(scene: Scene) -> dict[str, object]:
    finite = [e for e in scene.events if math.isfinite(e.time_s)]
    events = [
        {
            "time_s": _finite(e.time_s, 1),
            "kind": e.kind,
            "who": e.who,
            "nation": e.nation,
            "threat": e.threat,
            "latitude_deg": _finite(e.latitude_deg),
            "longitude_deg": _finite(e.longitude_deg),
            "height_km": _finite(e.height_km, 1),
            "text": e.text,
        }
        for e in _together(finite)
    ]
    return {"trial": scene.trial, "events": events}


def _figures(r: RegimeAnswer) -> list[dict[str, object]]:
    """The four figures above the globe, each in words and as the number of summary.json."""
    warned = sum(n.warned_people.get(LONG_WARNING_S, 0.0) for n in r.nations.values())
    rows = (
        ("protected_population", "people protected", people(r.protected_population), r.protected_population),
        ("leakers_mean", "leakers, mean", number(r.leakers.mean), r.leakers.mean),
        ("p_no_leaker", "chance of no leaker", percent(r.p_no_leaker), r.p_no_leaker),
        ("warned_people_300", "people with 5 min of warning", people(warned), warned),
    )
    return [{"key": k, "label": label, "said": said, "value": _exact(v)} for k, label, said, v in rows]


def _exact(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
