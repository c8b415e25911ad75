"""What `synaspis plan` answers, as frozen nouns, and its JSON document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Price:
    """Millions of US dollars, with the band in which sources differ."""

    value: float
    low: float
    high: float
