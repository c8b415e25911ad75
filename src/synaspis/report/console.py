"""What all that is printed has in common: readable lines, and tables without a frame."""

from __future__ import annotations

import textwrap

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 100
"""Columns from which headings are spelt out and tables are given air."""
READABLE = 96
"""Columns of a paragraph, at most."""


def paragraph(console: Console, text: Text) -> None:
    """Print `text` in lines of a readable length; unlike rich, keep numbers with their units."""
    start = 0
    width = min(console.width, READABLE)
    for line in textwrap.wrap(text.plain, width, break_long_words=False, break_on_hyphens=False):
        start = text.plain.index(line, start)
        console.print(text[start : start + len(line)], soft_wrap=True)
        start += len(line)


def plain_table() -> Table:
    """A table without a frame."""
    return Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
        collapse_padding=True,
        pad_edge=False,
        show_edge=False,
    )
