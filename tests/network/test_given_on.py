"""What goes beside a nation's own tracks: gifts handed on, and measurements into another's tracker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synaspis.engine.detections import Seen
from synaspis.engine.live_joined import Held
from synaspis.engine.world import world
from synaspis.model.agreement import Condition, Release
from synaspis.network import bodies, measuring
from synaspis.network.again import fused, since
from synaspis.network.message import Message
from synaspis.sharing.labels import own_label
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import first_light

from .raid import Exercise, uncued
from .world import permit

FRAMES = 82


@pytest.fixture(scope="module")
def lit() -> Arena:
    return arena(first_light(), 1)


@pytest.fixture(scope="module")
def seen(lit: Arena) -> list[tuple[Seen, ...]]:
    return uncued(lit, FRAMES)


def _played(lit: Arena, seen: list[tuple[Seen, ...]], folder: Path, *releases: Release) -> Exercise:
    exercise = Exercise(lit, "national", folder, releases=releases)
    for number, scans in enumerate(seen, 1):
        exercise.frame(number, scans)
    return exercise


def _states(exercise: Exercise, nation: str) -> list[Held]:
    return [one for _, one in exercise.nodes[nation].picture if one.fused is not None]


@pytest.mark.parametrize("when", [Condition(), Condition(category=("mrbm",))])
def test_a_gift_goes_on_to_whom_its_givers_clause_names(
    lit: Arena, seen: list[tuple[Seen, ...]], tmp_path: Path, when: Condition
) -> None:
    """With a condition, once the one in between can tell by its own picture that it holds."""
    gives = permit("c-1", "track", owners=("USA",), recipients=("ROU",), onward=("BGR",), when=when)
    hands_on = permit("c-2", "track", owners=("ROU",), recipients=("BGR", "TUR"))
    exercise = _played(lit, seen, tmp_path, gives, hands_on)
    assert exercise.nodes["TUR"].counts.taken == 0
    held = _states(exercise, "BGR")
    assert len(held) >= 2 and {frozenset(one.clauses) for one in held} == {frozenset({"c-1", "c-2"})}
    exercise.close()


def test_measurements_make_the_same_picture_elsewhere(
    lit: Arena, seen: list[tuple[Seen, ...]], tmp_path: Path
) -> None:
    gives = permit("c-1", "measurement", owners=("USA",), recipients=("TUR",))
    exercise = _played(lit, seen, tmp_path, gives)
    theirs, ours = _states(exercise, "USA"), _states(exercise, "TUR")
    assert len(ours) == len(theirs) >= 2
    # Its own tracker has made tracks of what stations of another measured.
    assert all("TUR" in {owner for owner, _ in one.fused.members} for one in ours if one.fused is not None)
    for one in theirs:
        assert one.fused is not None
        far_m = min(float(np.linalg.norm(one.fused.mean[:3] - o.fused.mean[:3])) for o in ours if o.fused)
        assert far_m <= one.sigma_m
    node = exercise.nodes["TUR"]
    node.journal.flush()
    *_, last = fused(since(node.journal, 0), node.w, "TUR", exercise.rules)
    assert len(last.objects) >= 2
    exercise.close()


def test_a_measurement_comes_back_as_the_scan_it_was(lit: Arena, seen: list[tuple[Seen, ...]]) -> None:
    w = world(lit.w.case, ())
    to = {s: frozenset({"TUR"}) for s in range(len(w.stations))}
    kinds = set()
    for one in (s for scans in seen for s in scans):
        told = [
            (w.stations[one.station].owner, _message(o.body, o.made_s))
            for o in measuring.offers(w, to, [one])
        ]
        (back,), strange = measuring.seen_by_others(w, reversed(told))
        assert strange == 0 and back.station == one.station and back.scan.time_s == one.scan.time_s
        order = np.argsort(one.scan.rows[:, 2])
        again = np.argsort(back.scan.rows[:, 2])
        known = np.isfinite(one.scan.rows[order][:, 5:])
        np.testing.assert_allclose(
            back.scan.rows[again][:, 5:][known], one.scan.rows[order][:, 5:][known], rtol=1e-3
        )
        values, others = one.scan.rows[order][:, 1:5][known], back.scan.rows[again][:, 1:5][known]
        np.testing.assert_allclose(others, values, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(back.scan.sight, one.scan.sight, rtol=1e-9, atol=1e-6)
        kinds.add(type(w.stations[one.station].type))
    assert len(kinds) == 2


@pytest.mark.parametrize("change", [
    {"station": "nowhere"}, {"kind": "infrared"}, {"values": (None, 0.1, 0.2, None)},
    {"covariance": (0.0,) * 10}, {"time_s": 1e6},
])  # fmt: skip
def test_a_measurement_that_cannot_be_is_turned_away(lit: Arena, change: dict[str, object]) -> None:
    base: dict[str, object] = {
        "station": "kurecik", "kind": "radar", "time_s": 10.0, "values": (1e6, 0.1, 0.2, None),
        "covariance": (1e4, 0.0, 0.0, None, 1e-6, 0.0, None, 1e-6, None, None), "place_m": (6e6, 1e6, 1e6),
    }  # fmt: skip
    for told, good in ((base, 1), ({**base, **change}, 0)):
        message = _message(bodies.write(bodies.Measurement(**told)), 11.0)  # type: ignore[arg-type]
        assert len(measuring.seen_by_others(lit.w, [("USA", message)])[0]) == good
    assert measuring.seen_by_others(
        lit.w, [("ROU", _message(bodies.write(bodies.Measurement(**base)), 11.0))]
    )[1]  # type: ignore[arg-type]


def _message(body: bytes, made_s: float) -> Message:
    return Message("measurement", 1, made_s, ("defence",), own_label("USA"), (), body)
