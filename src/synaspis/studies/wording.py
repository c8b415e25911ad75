"""How answers and pages put several words into one sentence."""

from __future__ import annotations

from collections.abc import Iterable


def listed(words: Iterable[str], last: str = " and ") -> str:
    """`a, b and c`."""
    found = list(words)
    return last.join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)
