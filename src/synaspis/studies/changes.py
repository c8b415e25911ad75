"""What comes and what ends between two days: sites, agreements, clauses and what a state has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from synaspis.model.agreement import Agreement
from synaspis.model.buildup import HeldClass
from synaspis.model.case import Case
from synaspis.model.timeline import Change

ONE = dt.timedelta(days=1)


def changes(case: Case, regimes: Sequence[str], after: dt.date, day: dt.date) -> tuple[Change, ...]:
    """Everything that begins in (after, day], or whose last day lies in [after, day), by date."""
    found = [c for c in _all(case, regimes) if after < _from(c) <= day]
    return tuple(sorted(found, key=lambda c: (c.date, not c.begins, c.kind, c.name)))


def _from(change: Change) -> dt.date:
    """The first day on which it is otherwise than before."""
    day = dt.date.fromisoformat(change.date)
    return day if change.begins or day == dt.date.max else day + ONE


def _all(case: Case, regimes: Sequence[str]) -> Iterator[Change]:
    whole = case.every_site
    for s in whole.sensors:
        yield from _dated(s.since, s.until, "site", s.name, s.type, s.source)
    for b in whole.batteries:
        yield from _dated(b.since, b.until, "site", b.name, b.system, b.source)
    for agreement in whole.agreements:
        held = tuple(n for n in regimes if agreement.name in case.regime(n).agreements)
        if held:
            yield from _agreement(agreement, () if len(held) == len(regimes) else held)
    for h in whole.timeline.threats:
        yield from _dated(h.since, h.until, "threat", h.threat, _held(h), h.source)


def _held(h: HeldClass) -> str:
    return h.state if h.share == 1.0 else f"{h.state}, {h.share:.0%} of the raid's"


def _agreement(a: Agreement, regimes: tuple[str, ...]) -> Iterator[Change]:
    """The agreement itself, and clauses that come later or end sooner than it."""
    yield from _dated(a.since, a.until, "agreement", a.name, a.title, a.source, regimes)
    for c in a.clauses:
        since = None if c.since == a.since else c.since
        until = None if c.until == a.until else c.until
        yield from _dated(since, until, "clause", c.id, c.note or a.title, c.source or a.source, regimes)


def _dated(
    since: dt.date | None, until: dt.date | None, kind: str, name: str, title: str, source: str,
    regimes: tuple[str, ...] = (),
) -> Iterator[Change]:  # fmt: skip
    for day, begins in ((since, True), (until, False)):
        if day is not None:
            yield Change(kind=kind, name=name, title=title, begins=begins, date=day.isoformat(),
                         source=source, regimes=regimes)  # fmt: skip
