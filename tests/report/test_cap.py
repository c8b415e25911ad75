"""Rings cut to a disc: crossing it, inside it, round it, and turned inside out."""

from __future__ import annotations

import math

import pytest

from synaspis.report.cap import cut

Ring = list[tuple[float, float]]


def _box(west: float, south: float, east: float, north: float) -> Ring:
    """A rectangle with its inside on the right hand."""
    return [(west, south), (west, north), (east, north), (east, south)]


def _covered(rings: list[Ring], point: tuple[float, float]) -> bool:
    """Whether the rings wind round the point, as a drawing fills them."""
    turn = 0.0
    for ring in rings:
        angles = [math.atan2(y - point[1], x - point[0]) for x, y in ring]
        turn += sum(
            (b - a + math.pi) % math.tau - math.pi
            for a, b in zip(angles, angles[1:] + angles[:1], strict=True)
        )
    return abs(turn) > math.pi


@pytest.mark.parametrize(
    ("rings", "inside", "outside"),
    [
        ([_box(-2, -2, 2, 2)], [(0, 0), (1.9, 1.9)], [(3, 0)]),
        ([_box(-20, -20, 1, 20)], [(0, 0), (-9, 0), (0.9, 5)], [(2, 0), (9, 1)]),
        ([_box(-20, -3, 20, 3)], [(0, 0), (9, 0), (-9, 0)], [(0, 5), (0, -5)]),
        ([_box(-30, -30, 30, 30)], [(0, 0), (9, 1), (-6, 6)], []),
        ([_box(-30, -30, 30, 30), _box(-2, -2, 2, 2)[::-1]], [], [(0, 0)]),
        ([_box(20, 20, 30, 30)], [], [(0, 0), (7, 7)]),
        ([_box(-30, -30, 30, 30), _box(5, -3, 40, 3)[::-1]], [(0, 0), (7, 5)], [(7, 0), (9, 2)]),
        ([_box(-9.2, -2, -8, 2), _box(8, -2, 9.2, 2)], [(-8.5, 0), (8.5, 0)], [(0, 0)]),
        (
            [[(9.9 * math.cos(a), 9.9 * math.sin(a)) for a in (0.1 * i for i in range(63))]],
            [(9.95, 0.0)],
            [(0, 0)],
        ),
    ],
    ids=["within", "half", "band", "round", "hole", "away", "bay", "two", "inside out"],
)
def test_what_is_covered(rings: list[Ring], inside: Ring, outside: Ring) -> None:
    found = cut(rings, 10.0)
    assert [p for p in inside if not _covered(found, p)] == []
    assert [p for p in outside if _covered(found, p)] == []
    assert all(math.hypot(*p) < 10.001 for ring in found for p in ring)
