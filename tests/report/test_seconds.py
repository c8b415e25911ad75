"""The names at the ends of the curves of the price of a second."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from synaspis.report.figures import LINE, apart

TOP, BOTTOM = 12.0, 254.0


@given(st.lists(st.floats(TOP, BOTTOM), min_size=1, max_size=12))
def test_no_name_covers_another_and_none_leaves_the_drawing(heights: list[float]) -> None:
    ends = {f"regime {i}": y for i, y in enumerate(heights)}
    placed = sorted(apart(ends, TOP, BOTTOM).values())
    assert all(below - above >= LINE - 1e-9 for above, below in pairwise(placed))
    assert placed[0] >= TOP and placed[-1] <= BOTTOM


def test_a_name_with_room_stands_at_the_end_of_its_curve() -> None:
    assert apart({"a": 40.0, "b": 200.0}, TOP, BOTTOM) == {"a": 40.0, "b": 200.0}


def test_curves_that_end_together_are_named_in_their_order() -> None:
    placed = apart({"a": 254.0, "b": 254.0, "c": 254.0}, TOP, BOTTOM)
    assert sorted(placed, key=lambda name: placed[name]) == ["a", "b", "c"]
