"""An exercise played again as CZML: missiles, each nation's picture of them, places warned, impacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from synaspis.interop.czml import Colour, Packet, Sample, Scene, disc, label, trail
from synaspis.server.patches import merged

SPEED: Final = 10.0
TRUTH: Final[Colour] = (181, 72, 43, 255)
DOWN: Final[Colour] = (127, 143, 158, 255)
OURS: Final[Colour] = (29, 98, 150, 255)
LEVELS: Final[dict[str, Colour]] = {
    "alert": (29, 98, 150, 90), "impact_estimate": (29, 98, 150, 130), "track": (29, 98, 150, 190),
    "fire_control_track": OURS,
}  # fmt: skip
"""How well a nation knows it is how opaque it is drawn."""
AREA: Final = 0.25
"""How opaque an ellipse is, of its point."""
WARNED_M: Final = 15_000.0

Moment = tuple[float, Mapping[str, Any]]
"""A second of the case's clock, and what every seat showed."""


def czml(shown: Mapping[str, Any]) -> list[Packet]:
    """The document of what `replay_page.shown` tells."""
    moments = list(_whole(shown["moments"]))
    still, epoch = shown["still"], dt.datetime.fromisoformat(shown["starts"])
    from_s, to_s = moments[0][0], moments[-1][0]
    scene = Scene(f"EXERCISE: {shown['title']}", epoch, from_s, to_s, SPEED)
    _standing(scene, still)
    _truth(scene, moments)
    for nation, title in still["nations"].items():
        _picture(scene, nation, title, moments)
        _warned(scene, nation, still, moments)
    return scene.packets


def _standing(scene: Scene, still: Mapping[str, Any]) -> None:
    """Places, and what stands somewhere to see and to shoot."""
    scene.folder("places", "Places")
    for name, place in still["places"].items():
        scene.place(
            f"places/{name}",
            name,
            place["lat"],
            place["lon"],
            OURS,
            parent="places",
            label=label(name, "city"),
        )
    scene.folder("sites", "Sensors and batteries")
    parts = (("sites", "battery"), ("sensors", "radar"), ("batteries", "battery"))
    told = {name: (site, kind) for part, kind in parts for name, site in still.get(part, {}).items()}
    for name, (site, kind) in told.items():
        if site.get("lat") is not None and site.get("lon") is not None:
            words = label(name, kind)
            scene.place(f"sites/{name}", name, site["lat"], site["lon"], DOWN, parent="sites", label=words)


def _whole(moments: Iterable[Mapping[str, Any]]) -> Iterator[Moment]:
    seats: dict[str, Any] = {}
    for moment in moments:
        seats = merged(seats, moment["seats"])
        yield float(moment["case_s"]), seats


def _runs(moments: list[Moment], shown: list[Mapping[str, Any] | None]) -> list[list[Sample]]:
    """Samples of one thing at each moment, parted where it was not shown."""
    runs: list[list[Sample]] = [[]]
    for (at_s, _), it in zip(moments, shown, strict=True):
        if it is not None and it.get("lat") is not None:
            runs[-1].append((at_s, it["lat"], it["lon"], 1e3 * float(it.get("height_km") or 0.0)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _names(moments: list[Moment], seat: str, part: str) -> list[str]:
    return list(dict.fromkeys(name for _, seats in moments for name in seats.get(seat, {}).get(part, {})))


def _truth(scene: Scene, moments: list[Moment]) -> None:
    scene.folder("truth", "Missiles")
    for name in _names(moments, "director", "truth"):
        told = [seats["director"].get("truth", {}).get(name) for _, seats in moments]
        flying = [m if m and m["state"] == "flying" else None for m in told]
        what = next(m["threat"] for m in told if m)
        scene.moving(
            f"truth/{name}", f"{name}, {what}", _runs(moments, flying), parent="truth",
            point={"pixelSize": 8, "color": {"rgba": list(TRUTH)}}, path=trail(TRUTH, 600.0),
        )  # fmt: skip
        _end(scene, name, moments, told)


def _end(scene: Scene, name: str, moments: list[Moment], told: list[Mapping[str, Any] | None]) -> None:
    """Where a missile was last seen flying, from then on: shot down, or come down."""
    states = [m["state"] if m else "" for m in told]
    for state, words, colour in (("down", "shot down", DOWN), ("hit", "came down", TRUTH)):
        if state not in states:
            continue
        first = states.index(state)
        last = next((m for m in reversed(told[:first]) if m and m.get("lat") is not None), None)
        if last is not None:
            scene.place(
                f"truth/{name}/{state}", f"{name} {words}", last["lat"], last["lon"], colour, parent="truth",
                availability=scene.span(moments[first][0], moments[-1][0]),
            )  # fmt: skip


def _picture(scene: Scene, nation: str, title: str, moments: list[Moment]) -> None:
    folder = f"picture/{nation}"
    scene.folder(folder, f"{title}'s picture")
    for name in _names(moments, nation, "tracks"):
        told = [seats.get(nation, {}).get("tracks", {}).get(name) for _, seats in moments]
        scene.moving(
            f"{folder}/{name}", f"{title}, track {name}", _runs(moments, told), parent=folder,
            point={"pixelSize": 6, "color": _levels(scene, moments, told)},
        )  # fmt: skip
        _area(scene, f"{folder}/{name}", folder, moments, told)


def _steps(scene: Scene, moments: list[Moment], values: list[Any]) -> list[tuple[str, Any]]:
    """Values that stay until the next one, as spans; None is none."""
    found = []
    since = 0
    for i in range(1, len(values) + 1):
        if i < len(values) and values[i] == values[since]:
            continue
        to_s = moments[min(i, len(values) - 1)][0]
        if values[since] is not None and to_s > moments[since][0]:
            found.append((scene.span(moments[since][0], to_s), values[since]))
        since = i
    return found


def _levels(scene: Scene, moments: list[Moment], told: list[Mapping[str, Any] | None]) -> list[Packet]:
    colours = [LEVELS[t["level"]] if t else None for t in told]
    return [{"interval": span, "rgba": list(c)} for span, c in _steps(scene, moments, colours)]


def _area(
    scene: Scene, name: str, folder: str, moments: list[Moment], told: list[Mapping[str, Any] | None]
) -> None:
    """Where it is expected to come down, as its ellipse was at each moment."""
    areas = [_ellipse(t) for t in told]
    for i, (span, (lat, lon, major_km, minor_km, bearing_deg, level)) in enumerate(
        _steps(scene, moments, areas)
    ):
        red, green, blue, opaque = LEVELS[level]
        colour = (red, green, blue, round(AREA * opaque))
        scene.packets.append(
            {
                "id": f"{name}/impact/{i}", "parent": folder, "availability": span,
                "position": {"cartographicDegrees": [lon, lat, 0.0]},
                "ellipse": disc(1e3 * major_km, 1e3 * minor_km, bearing_deg, colour),
            }
        )  # fmt: skip


def _ellipse(track: Mapping[str, Any] | None) -> tuple[float, float, float, float, float, str] | None:
    told = track.get("impact") if track else None
    if track is None or not told or told.get("lat") is None or told.get("major_km") is None:
        return None
    return (
        told["lat"], told["lon"], told["major_km"], told["minor_km"], told["bearing_deg"], track["level"]
    )  # fmt: skip


def _warned(scene: Scene, nation: str, still: Mapping[str, Any], moments: list[Moment]) -> None:
    for name in _names(moments, nation, "warned"):
        place = still["places"].get(name)
        warned = [True if name in seats.get(nation, {}).get("warned", {}) else None for _, seats in moments]
        if place is None:
            continue
        for i, (span, _) in enumerate(_steps(scene, moments, warned)):
            scene.packets.append(
                {
                    "id": f"warned/{nation}/{name}/{i}", "name": f"{name} is warned", "availability": span,
                    "parent": f"picture/{nation}",
                    "position": {"cartographicDegrees": [place["lon"], place["lat"], 0.0]},
                    "ellipse": disc(WARNED_M, WARNED_M, 0.0, (*TRUTH[:3], 90)),
                }
            )  # fmt: skip
