"""A published figure with its birth certificate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One number of the catalogue: `value` in `unit`, with the band in which sources differ.

    `parameter` is the dotted path inside the entry, e.g. `stages.0.burn`. `at` holds the
    conditions under which the figure holds, as words ("mode", "rcs_m2", "snr_db", ...).
    """

    entry: str
    parameter: str
    value: float
    unit: str
    low: float
    high: float
    source: str
    as_of: int
    confidence: str
    note: str = ""
    at: tuple[tuple[str, str], ...] = ()
    record: tuple[int, int] | None = None
    """Successes and attempts of the tests that a chance rests on."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A catalogue entry: its kind, its title, what it is in words, and its facts."""

    name: str
    kind: str
    title: str
    summary: str
    facts: tuple[Fact, ...]
