"""What a nation holds of others' tracks: under which name, how long, and what it does not use."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from synaspis.network import bodies
from synaspis.network.message import Message
from synaspis.network.picture import DROPPED_S, SILENT_S, View
from synaspis.sharing.labels import own_label

UPPER = np.triu_indices(7)
COV = np.diag([1e4, 1e4, 1e4, 1.0, 1.0, 1.0, 0.5])


def _track(
    time_s: float, height_m: float = 400_000.0, east_m: float = 0.0, phase: str = "coast"
) -> bodies.Track:
    mean = (6_378_137.0 + height_m, east_m, 0.0, 0.0, 2_000.0, 0.0, 8.3)
    return bodies.Track(time_s, mean, tuple(COV[UPPER].tolist()), phase)


def _message(
    body: bodies.Track | bodies.Alert, number: int = 7, clauses: tuple[str, ...] = ("c-1",)
) -> Message:
    product = "track" if isinstance(body, bodies.Track) else "alert"
    made_s = body.time_s if isinstance(body, bodies.Track) else body.seen_s
    return Message(product, number, made_s, ("defence",), own_label("USA"), clauses, bodies.write(body))


def _alert(seen_s: float) -> bodies.Alert:
    return bodies.Alert(seen_s, None, bodies.Place(0.0, 0.5, 1e5, 1e5, 0.0), 600.0, None)


def test_what_nothing_is_heard_of_is_let_go() -> None:
    view = View("ROU")
    assert view.take("USA", _message(_track(100.0))) == ""
    assert len(view.look(100.0 + SILENT_S, None)) == 1
    assert view.look(101.0 + SILENT_S, None) == [] and view.gifts == ()


def test_it_is_let_go_sooner_where_its_sender_tells_of_others() -> None:
    view = View("ROU")
    view.take("USA", _message(_track(100.0)))
    view.take("USA", _message(_track(100.0 + DROPPED_S, east_m=9e5), number=8))
    assert view.gifts == (("USA", 7), ("USA", 8))
    view.look(100.0 + DROPPED_S, None)
    assert view.gifts == (("USA", 7), ("USA", 8))
    view.take("USA", _message(_track(101.0 + DROPPED_S, east_m=9e5), number=8))
    view.look(101.0 + DROPPED_S, None)
    assert view.gifts == (("USA", 8),)


def test_what_has_come_down_is_let_go() -> None:
    view = View("ROU")
    view.take("USA", _message(_track(100.0, height_m=-50.0)))
    assert view.look(100.0, None) == [] and view.gifts == ()


def test_a_track_keeps_the_name_of_its_alert_and_stands_in_its_place() -> None:
    view = View("ROU")
    view.take("USA", _message(_alert(90.0)))
    ((name, alone),) = view.look(92.0, None)
    assert name == ("USA", 7) and alone.fused is None and alone.semi_m == 1e5
    view.take("USA", _message(_track(100.0)))
    ((again, one),) = view.look(100.0, None)
    assert again == name and one.fused is not None and one.clauses == ("c-1",)


def test_what_came_under_fewer_clauses_is_replaced() -> None:
    view = View("ROU")
    view.take("USA", _message(_track(100.0)))
    view.take("USA", _message(_track(102.0), clauses=("c-1", "c-2")))
    ((_, one),) = view.look(102.0, None)
    assert one.fused is not None and len(one.fused.members) == 1 and one.clauses == ("c-1", "c-2")


@pytest.mark.parametrize(("body", "why"), [
    (_track(100.0), "older than the one held"), (_track(99.0), "older than the one held"),
    (_track(101.0, phase="sideways"), "not a state that is used here"),
    (msgspec.structs.replace(_track(101.0), covariance=(0.0,) * 28), "no usable state"),
])  # fmt: skip
def test_what_cannot_be_used_changes_nothing(body: bodies.Track, why: str) -> None:
    view = View("ROU")
    view.take("USA", _message(_track(100.0)))
    before = view.picture.held()
    assert view.take("USA", _message(body)) == why
    assert view.picture.held() == before
