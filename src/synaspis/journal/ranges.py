"""Sets of whole numbers from 1 on, kept as ranges: which sequences are known and which are missing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

Range = tuple[int, int]
"""First and last, both in it."""


class Ranges:
    """Whole numbers as disjoint ranges in order, none touching the next.

    A look is logarithmic in the number of ranges; a change moves those behind it.
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __contains__(self, number: int) -> bool:
        i = bisect_right(self._firsts, number) - 1
        return i >= 0 and number <= self._lasts[i]

    def __iter__(self) -> Iterator[Range]:
        return iter(list(zip(self._firsts, self._lasts, strict=True)))

    def copy(self) -> Ranges:
        twin = Ranges()
        twin._firsts, twin._lasts = self._firsts.copy(), self._lasts.copy()
        return twin

    @property
    def high(self) -> int:
        """The largest number, 0 for none."""
        return self._lasts[-1] if self._lasts else 0

    @property
    def complete(self) -> int:
        """The largest number up to which all are there, 0 for none."""
        return self._lasts[0] if self._firsts and self._firsts[0] == 1 else 0

    def add(self, first: int, last: int) -> None:
        """Put in `first` to `last`; those already there stay."""
        i = bisect_left(self._lasts, first - 1)
        j = bisect_right(self._firsts, last + 1)
        if i < j:
            first, last = min(first, self._firsts[i]), max(last, self._lasts[j - 1])
        self._firsts[i:j], self._lasts[i:j] = [first], [last]

    def remove(self, first: int, last: int) -> None:
        """Take out `first` to `last`, where they are in."""
        i = bisect_left(self._lasts, first)
        j = bisect_right(self._firsts, last)
        if i >= j:
            return
        kept = [(self._firsts[i], first - 1), (last + 1, self._lasts[j - 1])]
        kept = [(a, b) for a, b in kept if a <= b]
        self._firsts[i:j], self._lasts[i:j] = [a for a, _ in kept], [b for _, b in kept]

    def missing(self, first: int, last: int) -> list[Range]:
        """The ranges of `first` to `last` that are not in, in order."""
        found = []
        i = bisect_left(self._lasts, first)
        while first <= last:
            if i == len(self._firsts) or self._firsts[i] > last:
                found.append((first, last))
                break
            if first < self._firsts[i]:
                found.append((first, self._firsts[i] - 1))
            first = self._lasts[i] + 1
            i += 1
        return found
