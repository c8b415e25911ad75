"""What seats say in words: clauses, and how leave to fire is had."""

from __future__ import annotations

from synaspis.report.clauses import clause_words as clause_words
from synaspis.report.clauses import name_of as name_of
from synaspis.report.clauses import protocol_words as protocol_words
from synaspis.sharing.rules import Rules


def leave_words(given: Rules, nation: str) -> str:
    """How a nation's batteries get leave to fire, in a sentence per protocol."""
    ways = [c for c in given.authorities if nation in c.owners]
    if not ways:
        return "No clause in force lets your batteries fire."
    return " ".join(f"{c.id}: {protocol_words(c)}." for c in ways)
