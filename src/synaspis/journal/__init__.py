"""RECORD: what a node sent, received and decided: append-only, chained by hash, exactly once.

`Journal` is the one that writes; `reading.Reader` looks at a journal that another process may be writing.
"""

from __future__ import annotations

from synaspis.journal.entry import Channel, Entry
from synaspis.journal.journal import Journal

__all__ = ["Channel", "Entry", "Journal"]
