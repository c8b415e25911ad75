"""A node's journal read from end to end: what was released to whom under which clause, and is it whole?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from synaspis.journal import Entry, Journal
from synaspis.journal.journal import TOMBSTONE
from synaspis.journal.reading import Reader
from synaspis.model.network_audit import Alarmed, Audit, Passed
from synaspis.network.inbox import IN_PART, RECEIVED, SUPERSEDED
from synaspis.network.message import HASH_BYTES, Message, Opened, Tombstone, open_sealed
from synaspis.network.sent import SENT, opened
from synaspis.network.tally import Tally

TALLY: Final = "tally"
"""An entry with a node's counts since its start: now and then, and at its end."""
QUARANTINE: Final = "quarantine"
_stays = msgspec.msgpack.Decoder(tuple[Message | Tombstone, ...])

_Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]
_Span = tuple[int, int, int]


@dataclass
class _Sums:
    """What is added up over the entries: messages by nation, product, clauses and originators."""

    released: dict[_Key, _Span] = field(default_factory=dict)
    received: dict[_Key, _Span] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    turned_away: Counter[str] = field(default_factory=Counter)
    closed: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    tallies: dict[int, list[list[object]]] = field(default_factory=dict)
    alarms: list[Alarmed] = field(default_factory=list)
    unread: int = 0


def keep_tally(journal: Journal, tally: Tally, started_ns: int) -> None:
    """Record a node's counts since `started_ns`, so that refusals too are in the chain. NotRecordedError."""
    counts = [[event, about, n] for (event, about), n in sorted(tally.counts.items()) if n]
    told = json.dumps({"started_ns": started_ns, "counts": counts}, ensure_ascii=False)
    journal.append(TALLY, told.encode())


def audit(path: Path) -> Audit:
    """What a journal tells, also while its node runs. JournalError where it is none."""
    reader = Reader(path)
    try:
        verdict = reader.verify()
        sums = _Sums()
        for entry in _entries(reader, verdict.entries):
            _add(sums, entry, reader.keeper)
        faults = list(verdict.faults)
        if sums.unread:
            faults.append(f"{sums.unread} entries do not read as what they say they are")
        counts = _counts(sums.tallies)
        return Audit(
            nation=reader.keeper, case_sha256=reader.case_sha256, journal=str(path), entries=verdict.entries,
            head=verdict.head.hex(), faults=tuple(faults), kinds=dict(sorted(sums.kinds.items())),
            released=_passed(sums.released), received=_passed(sums.received),
            turned_away=dict(sorted(sums.turned_away.items())), closed=dict(sorted(sums.closed.items())),
            dropped=dict(sorted(sums.dropped.items())), refused=_about(counts, "refused"),
            not_released=_about(counts, "not_released"), alarms=tuple(sums.alarms),
        )  # fmt: skip
    finally:
        reader.close()


def _entries(reader: Reader, count: int) -> Iterator[Entry]:
    """As many as were verified: a node may be writing more."""
    after = left = 0
    left = count
    while left > 0 and (page := reader.entries(after, min(left, 1000))):
        yield from page
        after, left = page[-1].position, left - len(page)


def _add(sums: _Sums, entry: Entry, keeper: str) -> None:
    sums.kinds[entry.kind] += 1
    channel = (entry.channel.owner, entry.channel.recipient)
    if entry.kind == SENT:
        found = opened(entry.payload)
        if found is None:
            sums.unread += 1
            return
        for message in found[0].frame.messages:
            if isinstance(message, Message):
                _count(sums.released, channel[1], message, entry.at_ns)
    elif entry.kind in (RECEIVED, IN_PART):
        _came(sums, entry, channel[0])
    elif entry.kind == TOMBSTONE:
        sums.closed[channel] += entry.through - entry.sequence + 1
    elif entry.kind == SUPERSEDED:
        sums.dropped[channel] += 1
    elif entry.channel.owner == QUARANTINE:
        why = entry.payload.decode("utf-8", "replace")
        sums.alarms.append(Alarmed(nation=channel[1], what=entry.kind, why=why, at_ns=entry.at_ns))
    elif entry.kind == TALLY:
        _tallied(sums, entry)


def _came(sums: _Sums, entry: Entry, owner: str) -> None:
    if entry.kind == RECEIVED:
        frame = open_sealed(entry.payload)
        if not isinstance(frame, Opened):
            sums.unread += 1
            return
        messages = frame.frame.messages
    else:
        try:
            messages = _stays.decode(entry.payload[HASH_BYTES:])
        except (msgspec.MsgspecError, ValueError):
            sums.unread += 1
            return
        sums.turned_away[owner] += sum(isinstance(m, Tombstone) for m in messages)
    for message in messages:
        if isinstance(message, Message):
            _count(sums.received, owner, message, entry.at_ns)


def _count(into: dict[_Key, _Span], nation: str, message: Message, at_ns: int) -> None:
    key = (nation, message.product, tuple(message.clauses), tuple(sorted(message.label.originators)))
    n, first, last = into.get(key, (0, at_ns, at_ns))
    into[key] = (n + 1, min(first, at_ns), max(last, at_ns))


def _tallied(sums: _Sums, entry: Entry) -> None:
    try:
        told = json.loads(entry.payload)
        sums.tallies[int(told["started_ns"])] = list(told["counts"])
    except (ValueError, KeyError, TypeError):
        sums.unread += 1


def _counts(tallies: Mapping[int, list[list[object]]]) -> Counter[tuple[str, str]]:
    """The last counts of each start of the node, added up."""
    total: Counter[tuple[str, str]] = Counter()
    for counts in tallies.values():
        for event, about, n in counts:
            total[str(event), str(about)] += int(str(n))
    return total


def _about(counts: Mapping[tuple[str, str], int], event: str) -> dict[str, int]:
    return {about: n for (name, about), n in sorted(counts.items()) if name == event}


def _passed(found: Mapping[_Key, _Span]) -> tuple[Passed, ...]:
    return tuple(
        Passed(
            nation=nation,
            product=product,
            clauses=clauses,
            originators=originators,
            messages=n,
            first_ns=first,
            last_ns=last,
        )
        for (nation, product, clauses, originators), (n, first, last) in sorted(found.items())
    )
