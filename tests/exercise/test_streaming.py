"""What a stream is told of an exercise: what its director is shown, in pseudonyms where that is so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from synaspis.exercise.entries import Opened
from synaspis.exercise.inputs import DIRECTOR, OBSERVER
from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from synaspis.exercise.rooms import pseudonyms, told_plan
from synaspis.exercise.session import Session
from synaspis.exercise.streaming import Moments, drill, source
from synaspis.exercise.venue import Venue
from tests.exercise.drill import first_light, until


class Shown:
    """A session that shows what a room does; `version` counts how often it was moved."""

    def __init__(self, room: Room) -> None:
        self.room, self.count, self.asked = room, 0, 0

    def still(self, seat: str) -> dict[str, Any]:
        return self.whole

    @property
    def whole(self) -> dict[str, Any]:
        self._still = getattr(self, "_still", None) or self.room.still(DIRECTOR)
        return self._still

    def document(self, seat: str) -> dict[str, Any]:
        assert seat == DIRECTOR
        self.asked += 1
        return self.room.document(seat)

    def version(self, seat: str) -> int:
        return self.count


@pytest.fixture(scope="module")
def room() -> Any:
    with Room(first_light(), "allied", 1) as made:
        until(made, 330.0)
        yield made


def as_it_is(told: Any) -> Any:
    return told


def test_a_moment_is_what_the_director_sees(room: Room) -> None:
    shown = Shown(room)
    moments = Moments(shown, as_it_is)
    found, truth = moments(), room.document(DIRECTOR)["truth"]
    assert (found.time_s, found.state) == (330.0, "running")
    flying = {name: m for name, m in truth.items() if m["state"] == "flying"}
    assert found.flying.keys() == flying.keys() and len(flying) == 3
    for name, m in flying.items():
        f = found.flying[name]
        assert (f.latitude_deg, f.longitude_deg, f.height_m) == (m["lat"], m["lon"], 1e3 * m["height_km"])
        assert (f.type, f.category) == ("mrbm-2000", "mrbm")
    kinds = {s.name: (s.kind, s.type, s.owner, s.domain) for s in found.sites}
    assert kinds["kurecik"] == ("radar", "an-tpy-2", "USA", "land")
    assert kinds["deveselu"] == ("battery", "sm-3-ib", "USA", "land")
    assert all(s.kind != "infrared" for s in found.sites)
    assert moments() is found and shown.asked == 1, "nothing new is not made anew"
    shown.count += 1
    assert moments() == found and shown.asked == 2


def test_only_the_director_is_told_what_streams_tell(room: Room) -> None:
    for seat in (OBSERVER, "ROU", "USA"):
        assert "happened" not in room.document(seat)
        sites = room.still(seat)["sites"]
        # Whether it stands at sea its place has told already; of what type it is nobody else hears.
        assert all(site.keys() <= {"owner", "kind", "lat", "lon", "domain"} for site in sites.values())
    assert "happened" in room.document(DIRECTOR)

    class Here:
        def document(self, seat: str) -> dict[str, Any]:
            return room.document(seat)

    assert "happened" not in Venue(Here(), observer_sees_truth=True).document(OBSERVER)  # type: ignore[arg-type]


def test_a_notional_exercise_is_told_in_pseudonyms_and_turned(room: Room) -> None:
    plan = told_plan(Plan(notional=True))
    case = first_light()
    opened = Opened(
        format=1, version="0", key="", case_name=case.name, case=case.text.decode(), regime="allied", seed=1,
        plan=plan,
    )  # fmt: skip
    names = pseudonyms(opened)
    assert names is not None
    plain, told = Moments(Shown(room), as_it_is)(), Moments(Shown(room), names.outward)()
    words = json.dumps([repr(told.sites), repr(told.flying), repr(told.events)])
    real = {s.name for s in plain.sites} | {s.type for s in plain.sites} | {"USA", "ROU", "Tabriz"}
    assert not [name for name in real if name in words]
    for one, other in zip(plain.sites, told.sites, strict=True):
        turned = (other.longitude_deg - one.longitude_deg) % 360.0
        assert turned == pytest.approx(names.turned_deg, abs=1e-3)
        assert (other.latitude_deg, other.kind, other.facing_deg) == (
            one.latitude_deg,
            one.kind,
            one.facing_deg,
        )


def test_a_session_has_a_source_from_its_opening_on(tmp_path: Path) -> None:
    case = first_light()
    session = Session.open(tmp_path / "x.log", case, "allied", 1)
    try:
        assert drill(session).name == case.name and drill(session).starts == case.file.starts
        found = source(session)()
        assert (found.state, found.flying) == ("waiting", {}) and found.sites
    finally:
        session.leave()
