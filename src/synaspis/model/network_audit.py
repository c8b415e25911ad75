"""What a node's journal tells: what went to whom under which clause, what came, what was turned away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Messages of one product that went to a nation, or came from it, under the same clauses."""

    nation: str
    product: str
    clauses: tuple[str, ...]
    originators: tuple[str, ...]
    messages: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, kw_only=True)
class Alarmed:
    """The beginning or the end of a nation's quarantine."""

    nation: str
    what: str
    why: str
    at_ns: int


@dataclass(frozen=True, kw_only=True)
class Audit:
    """A journal read from its first entry to its last, and whether its chain is whole.

    `released` and `received` are messages; `turned_away` counts messages of a frame that was taken without
    them, by sender; `closed` numbers of a channel (owner, recipient) that a tombstone closed; `dropped`
    frames of a channel whose content was not kept, as the disk took nothing; `refused` frames by reason and
    `not_released` offers by product, as the node counted them to its last minute. `faults` in words.
    """

    nation: str
    case_sha256: str
    journal: str
    entries: int
    head: str
    faults: tuple[str, ...]
    kinds: Mapping[str, int]
    released: tuple[Passed, ...]
    received: tuple[Passed, ...]
    turned_away: Mapping[str, int]
    closed: Mapping[tuple[str, str], int]
    dropped: Mapping[tuple[str, str], int]
    refused: Mapping[str, int]
    not_released: Mapping[str, int]
    alarms: tuple[Alarmed, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, left out, put in or moved since it was written."""
        return not self.faults


def document(a: Audit) -> dict[str, object]:
    """As plain JSON."""
    return {
        "nation": a.nation,
        "case_sha256": a.case_sha256,
        "journal": a.journal,
        "entries": a.entries,
        "head": a.head,
        "whole": a.whole,
        "faults": list(a.faults),
        "kinds": dict(a.kinds),
        "released": [_passed(p, "recipient") for p in a.released],
        "received": [_passed(p, "owner") for p in a.received],
        "turned_away": dict(a.turned_away),
        "closed": [_channel(c, n) for c, n in a.closed.items()],
        "dropped": [_channel(c, n) for c, n in a.dropped.items()],
        "refused": dict(a.refused),
        "not_released": dict(a.not_released),
        "alarms": [{"nation": q.nation, "what": q.what, "why": q.why, "at": utc(q.at_ns)} for q in a.alarms],
    }


def _passed(p: Passed, nation: str) -> dict[str, object]:
    return {
        nation: p.nation,
        "product": p.product,
        "clauses": list(p.clauses),
        "originators": list(p.originators),
        "messages": p.messages,
        "first": utc(p.first_ns),
        "last": utc(p.last_ns),
    }


def _channel(channel: tuple[str, str], count: int) -> dict[str, object]:
    return {"owner": channel[0], "recipient": channel[1], "numbers": count}


def utc(ns: int) -> str:
    """A time of a journal in words, to the millisecond."""
    return dt.datetime.fromtimestamp(ns / 1e9, tz=dt.UTC).isoformat(timespec="milliseconds")
