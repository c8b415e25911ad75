"""Nodes of several nations in one process tell what the live raid tells, and go on after they were killed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from synaspis.engine.detections import FRAME_S, Range, Seen
from synaspis.engine.geometry import Floats
from synaspis.engine.live import LiveRaid
from synaspis.engine.live_joined import Held
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import first_light

from .raid import Exercise

ENDS_S = 264.0
"""All three missiles are up, tracked by radar and warned of."""
LOOKS = (160.0, 200.0, 260.0)


@dataclass
class Watched:
    """An exercise that was played, with the pictures of each nation at some times."""

    exercise: Exercise
    seen: list[tuple[int, tuple[Seen, ...]]] = field(default_factory=list)
    pictures: dict[tuple[str, float], list[Held]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def lit() -> Arena:
    return arena(first_light(), 1)


@pytest.fixture(scope="module")
def played(lit: Arena, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    exercise = Exercise(lit, "allied", tmp_path_factory.mktemp("nodes"))
    watched = Watched(exercise)

    def looked(number: int) -> None:
        now_s = number * FRAME_S
        if now_s in LOOKS:
            for nation, node in exercise.nodes.items():
                watched.pictures[nation, now_s] = [one for _, one in node.picture]

    exercise.play(Range(lit.w, lit.g, 1), ENDS_S, looked)
    yield watched
    exercise.close()


@dataclass
class Live:
    """A live raid played as far, with its pictures at the same times."""

    raid: LiveRaid
    pictures: dict[tuple[str, float], list[Held]]


@pytest.fixture(scope="module")
def live(lit: Arena) -> Live:
    raid = LiveRaid(lit.w, lit.g, lit.rules("allied"), 1)
    pictures: dict[tuple[str, float], list[Held]] = {}
    for viewer in raid.viewers:
        look = viewer.look

        def kept(now_s: float, *args: object, viewer=viewer, look=look) -> object:  # type: ignore[no-untyped-def]
            found = look(now_s, *args)
            if now_s in LOOKS:
                for nation in viewer.nations:
                    pictures[nation, now_s] = found[0]
            return found

        viewer.look = kept  # type: ignore[method-assign,assignment]
    for event in raid.events():
        if event.time_s > ENDS_S:
            break
    return Live(raid, pictures)


def _nearest(one: Held, among: list[Held]) -> tuple[float, float]:
    """How far the nearest is, and the one-sigma error of both."""
    assert one.fused is not None
    far = [
        (float(np.linalg.norm(one.fused.mean[:3] - o.fused.mean[:3])), math.hypot(one.sigma_m, o.sigma_m))
        for o in among
        if o.fused is not None
    ]
    return min(far)


def test_nodes_hold_what_the_live_raid_holds(played: Watched, live: Live) -> None:
    """Within one sigma. Not the same bytes: a message is of its owner's last look, and carried on."""
    for (nation, now_s), held in live.pictures.items():
        ours = played.pictures[nation, now_s]
        states = [one for one in held if one.fused is not None]
        assert len(states) >= 2
        for one in states:
            far_m, sigma_m = _nearest(one, ours)
            assert far_m <= sigma_m, (nation, now_s)


def test_nodes_warn_when_the_live_raid_warns(lit: Arena, played: Watched, live: Live) -> None:
    """Pictures of the live raid are looked at every 4 s, those of nodes every 2 s, and a message is late by
    one look."""
    for row, asset in enumerate(lit.w.assets):
        told_s = float(live.raid.times.people[row].min())
        events = played.exercise.events[asset.nation]
        first = next(e for e in events if e.kind == "warned" and asset.name in e.what["places"])  # type: ignore[operator]
        assert abs(first.time_s - told_s) <= 6.0
        assert first.because == ("bmd-1",)
    assert not [e for e in played.exercise.events["TUR"] if e.kind == "warned"]


def test_what_no_clause_gives_does_not_come(lit: Arena, tmp_path: Path, played: Watched) -> None:
    alone = Exercise(lit, "national", tmp_path)
    alone.play(Range(lit.w, lit.g, 1), 150.0)
    assert alone.nodes["USA"].picture
    for nation in ("TUR", "BGR"):
        assert not alone.nodes[nation].picture and not alone.events[nation]
        assert alone.nodes[nation].counts.taken == 0
    alone.close()


def _places(node_picture: list[tuple[object, Held]]) -> Floats:
    return np.array([one.fused.mean[:3] for _, one in node_picture if one.fused is not None])


def test_a_node_that_was_killed_goes_on_from_its_journal(lit: Arena, tmp_path: Path) -> None:
    """Within 5 s of its start its tracks are there again, and partners have them under the same numbers."""
    exercise = Exercise(lit, "allied", tmp_path)
    over = Range(lit.w, lit.g, 1)
    exercise.play(over, 200.0)
    before = _places(exercise.nodes["USA"].picture)
    numbers = {number for _, number in exercise.nodes["ROU"].view.gifts}
    told = len(exercise.events["ROU"])
    for nation in ("USA", "ROU"):
        exercise.stop(nation)
        exercise.start(nation)
    exercise.nodes["ROU"].step()
    again = _places(exercise.nodes["ROU"].picture)
    assert len(again) == len(before)
    assert len(exercise.events["ROU"]) == told  # what was told before is not told again
    exercise.play(over, 204.0, first=101)
    after = _places(exercise.nodes["USA"].picture)
    assert len(after) == len(before) >= 2
    assert np.linalg.norm(after[:, None] - before[None], axis=2).min(axis=1).max() < 4.0 * 8_000.0
    exercise.play(over, 230.0, first=103)
    assert {number for _, number in exercise.nodes["ROU"].view.gifts} <= numbers
    exercise.close()
