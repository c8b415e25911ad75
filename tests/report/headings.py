"""Headings of a page, read as those who hear it do."""

from __future__ import annotations

import re
from itertools import pairwise


def in_order(html: str) -> bool:
    """One h1 first, and no level skipped on the way down."""
    levels = [int(x) for x in re.findall(r"<h([1-6])[ >]", html)]
    return levels[:1] == [1] and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
