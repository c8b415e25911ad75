"""How plain words in a file become numbers, flags and dates, and which word was meant."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Iterable

from synaspis.files.tree import Scalar

# An underscore stands between two digits, as in Python: `1_000`, not `1_` and not `1__0`.
_INT = re.compile(r"[-+]?[0-9]+(_[0-9]+)*$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(_[0-9]+)*(\.([0-9]+(_[0-9]+)*)?)?)([eE][-+]?[0-9]+)?$")
_ENDLESS = re.compile(r"[-+]?\.?(inf|infinity|nan)$", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})$")
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_LONGEST_NUMBER = 40
_MOST_COMPARED = 300
EARLIEST, LATEST = 1940, 2100
"""Years between which dates and sources must lie."""


def flag(scalar: Scalar) -> bool | None:
    """True or false where the scalar says so without quotes; else None. `yes` and `no` are words."""
    return _FLAGS.get(scalar.text) if scalar.plain else None


def number(text: str) -> int | float | None:
    """The number that `text` spells, infinite or NaN included; None where it spells none."""
    if len(text) <= _LONGEST_NUMBER:
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
    elif _FLOAT.match(text):
        return math.inf
    if _ENDLESS.match(text):
        return math.nan if "n" in text.lower().lstrip("+-.")[:1] else math.inf
    return None


def date(text: str) -> dt.date | None:
    """The ISO date that `text` spells, or None."""
    if not _DATE.match(text):
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None where none is near."""
    options = {k.lower(): k for k in sorted(known, reverse=True)}
    given = word.lower()
    found = difflib.get_close_matches(given, options, n=10, cutoff=0.6)
    if not found:
        return None
    # Of equally near words the one that begins alike is likelier to be meant.
    return options[max(found, key=lambda w: (_likeness(given, w), _alike(given, w)))]


def _alike(one: str, other: str) -> int:
    """How many letters the two begin with in common."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()


def suggest(word: str, known: Iterable[str], nothing: str = "there is none to name") -> str:
    """The mend for an unknown word: the nearest one, or what there is to choose from."""
    words = list(known)
    if not words:
        return nothing
    near = nearest(word[:60], words[:_MOST_COMPARED])
    if near is not None:
        return f"did you mean `{near}`?"
    tail = ", ..." if len(words) > 12 else ""
    return "give one of: " + ", ".join(words[:12]) + tail


def shown(text: str) -> str:
    """`text` on one line, short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:57] + "..."
