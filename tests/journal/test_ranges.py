"""Ranges are a set of whole numbers, however they came about."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from synaspis.journal.ranges import Ranges

END = 30
SPANS = st.tuples(st.integers(1, END), st.integers(1, END)).map(lambda ab: (min(ab), max(ab)))
CHANGES = st.lists(st.tuples(st.booleans(), SPANS), max_size=25)


@given(CHANGES, SPANS)
def test_ranges_are_a_set(changes: list[tuple[bool, tuple[int, int]]], asked: tuple[int, int]) -> None:
    ranges, plain = Ranges(), set[int]()
    for put, (first, last) in changes:
        (ranges.add if put else ranges.remove)(first, last)
        (plain.update if put else plain.difference_update)(range(first, last + 1))
    assert [n for n in range(END + 2) if n in ranges] == sorted(plain)
    assert ranges.high == max(plain, default=0)
    assert ranges.complete == next(n for n in range(END + 2) if n + 1 not in plain)
    missing = [n for a, b in ranges.missing(*asked) for n in range(a, b + 1)]
    assert missing == [n for n in range(asked[0], asked[1] + 1) if n not in plain]
    told = list(ranges)
    assert all(a <= b for a, b in told)
    assert all(b + 1 < c for (_, b), (c, _) in pairwise(told))  # as few as can be
    twin = ranges.copy()
    twin.add(1, END)
    assert list(ranges) == told


def test_nothing_is_missing_from_nothing() -> None:
    assert Ranges().missing(1, 0) == [] and Ranges().missing(3, 5) == [(3, 5)]
