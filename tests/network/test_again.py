"""A journal fused again gives one answer, however what is in it came."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.engine.detections import Seen
from synaspis.network.again import fused, remembered, since
from synaspis.network.transport import Cut, Faults, Faulty, InProcess, Transport
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import first_light

from .raid import Exercise, uncued

FRAMES = 90


@pytest.fixture(scope="module")
def lit() -> Arena:
    return arena(first_light(), 1)


@pytest.fixture(scope="module")
def seen(lit: Arena) -> list[tuple[Seen, ...]]:
    return uncued(lit, FRAMES)


def _told(lit: Arena, seen: list[tuple[Seen, ...]], folder: Path, bus: Transport) -> dict[str, list[bytes]]:
    """The pictures of all nations, fused again from their journals."""
    folder.mkdir()
    exercise = Exercise(lit, "allied", folder, bus)
    for number in range(1, FRAMES + 21):
        exercise.frame(number, seen[number - 1] if number <= FRAMES else ())
    found = {}
    for nation, node in exercise.nodes.items():
        node.journal.flush()
        entries = since(node.journal, 0)
        assert len(entries) == node.journal.head()[0]
        found[nation] = [shot.told() for shot in fused(entries, node.w, nation, exercise.rules)]
        if nation == "TUR":
            assert remembered(entries).messages
    exercise.close()
    return found


def test_two_deliveries_of_the_same_are_fused_to_the_same_bytes(
    lit: Arena, seen: list[tuple[Seen, ...]], tmp_path: Path
) -> None:
    """In order in one; late, in another order, twice and lost at first in the other, and cut for 15 s."""
    faults = Faults(loss=0.05, repeats=0.1, shortest_s=0.05, longest_s=0.6)
    poor = Faulty(InProcess(), faults, seed=3, cuts=[Cut(120.0, 135.0, frozenset({"USA", "TUR"}))])
    one = _told(lit, seen, tmp_path / "one", InProcess())
    two = _told(lit, seen, tmp_path / "two", poor)
    assert poor.lost > 50
    assert one == two
    assert max(len(shot) for shot in one["TUR"]) > 500  # there is something in them
