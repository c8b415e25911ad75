"""The small case that these tests break, one piece at a time."""

from __future__ import annotations

from pathlib import Path

from synaspis.errors import Problem
from synaspis.files.case import resolve

SMALL = Path(__file__).with_name("small.yaml").read_text()


def swap(*pairs: tuple[str, str]) -> str:
    """The small case with each first piece replaced by the second; every piece must stand in it once."""
    text = SMALL
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def problems(*pairs: tuple[str, str]) -> list[Problem]:
    """What is wrong with the small case after the swaps."""
    return resolve(swap(*pairs).encode(), "small.yaml")[1]


def only(*pairs: tuple[str, str]) -> tuple[int, int, str, str]:
    """Line, column, what and mend of the one problem that the swaps make."""
    found = problems(*pairs)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0].line, found[0].column, found[0].what, found[0].mend
