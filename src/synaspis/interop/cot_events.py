"""What a trial or a drill holds as Cursor-on-Target events: sites, missiles on their ways, what happened.

`site`, `missile` and `news` make one event each, for live streams as well; `cot.encode` gives its bytes.
Course and speed are told of a missile that comes down, never before the highest point drawn of its way.
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from synaspis.interop import cot, symbols
from synaspis.interop.cot import PREFIX, CotEvent, Marking
from synaspis.interop.symbols import Symbol
from synaspis.interop.telling import (
    NEWS_S,
    SIMULATED,
    Path,
    Sample,
    Telling,
    along,
    event_facts,
    nearest_turn,
    path_facts,
    placed,
    plain,
    site_facts,
)
from synaspis.interop.trial_label import label_of
from synaspis.model.answers import SceneEvent, SiteMark

EVERY_S: Final = 5.0
"""From one datagram of a missile to its next."""
SITES_EVERY_S: Final = 60.0
STALE_AFTER: Final = 3
"""Datagrams that may be lost before a thing is stale."""
TOLD_ELSEWHERE: Final = ("symbol", "text")
"""Facts that are no facts of their own here: elements hold them."""
EARTH_M: Final = 6_371_000.0
_NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "synaspis:exercise:cursor-on-target")


@dataclass(frozen=True)
class Sender:
    """Whose events they are: `scope` sets them apart from those of other runs, trials and drills."""

    scope: tuple[str, ...]
    marking: Marking

    def uid(self, what: str, name: str) -> str:
        """The same for the same thing, whenever it is told."""
        return f"{PREFIX}-{uuid.uuid5(_NAMES, ascii((*self.scope, what, name)))}"


@dataclass(frozen=True)
class Span:
    """When an event is told, and until when it holds (UTC)."""

    now: dt.datetime
    until: dt.datetime


def site(sender: Sender, s: SiteMark, span: Span) -> CotEvent | None:
    """A sensor, battery or place; None for one that stands over no one place."""
    if not placed(s):
        return None
    symbol = symbols.of_site(s.kind, s.type, s.domain)
    return _made(sender, "site", s.name, symbol, span, (s.latitude_deg, s.longitude_deg, cot.UNKNOWN),
                 facts=site_facts(s))  # fmt: skip


def missile(
    sender: Sender,
    name: str,
    category: str,
    at: Sample,
    span: Span,
    moves: tuple[float, float] | None = None,
    facts: Mapping[str, str | float] | None = None,
) -> CotEvent:
    """A missile where it is: `at` as telling has it, `moves` its course (deg) and speed over ground (m/s).

    `category` is that of its class (`model.threat.CATEGORIES`), empty where it is not told.
    """
    return _made(
        sender, "missile", name, symbols.of_missile(category), span, at[1:], moves, facts=facts or {}
    )


def news(sender: Sender, number: int, e: SceneEvent, span: Span) -> CotEvent:
    """Something that happened, the `number`-th of its trial."""
    place = e.latitude_deg, e.longitude_deg, round(1e3 * e.height_km, 1)
    return _made(sender, "event", f"{e.kind} {e.threat}", symbols.of_event(e.kind), span, place, None,
                 f"{e.text}\n", event_facts(e), str(number))  # fmt: skip


def _made(
    sender: Sender, what: str, name: str, symbol: Symbol, span: Span, place: tuple[float, float, float],
    moves: tuple[float, float] | None = None, text: str = "",
    facts: Mapping[str, str | float] | None = None, number: str = "",
) -> CotEvent:  # fmt: skip
    lat, lon, height_m = place
    course, speed = moves or (None, None)
    told = {key: _words(str(value)) for key, value in (facts or {}).items() if key not in TOLD_ELSEWHERE}
    return CotEvent(
        uid=sender.uid(what, number or name), type=symbol.type, time=span.now, start=span.now,
        stale=span.until, latitude_deg=lat, longitude_deg=lon, height_m=height_m, course_deg=course,
        speed_mps=speed, callsign=_words(f"{PREFIX} {name}"), marking=sender.marking,
        remarks=_words(f"{text}{SIMULATED}"), symbol=symbol.code, letters=symbol.letters, facts=told,
    )  # fmt: skip


def _words(text: str) -> str:
    return plain(text)[: cot.WORDS]


def sender_of(told: Telling) -> Sender:
    """Of a trial that is exported: for the nations that its sites and targets name."""
    head, label = told.head, label_of(told)
    scope = tuple(str(head[key]) for key in ("case", "regime", "trial", "seed"))
    return Sender(scope, Marking(releasable_to=tuple(sorted(label.releasable_to))))


def document(told: Telling) -> bytes:
    """All events of a trial, by time, in one document; its root `events` has the head as attributes."""
    root = etree.Element("events", {key: str(value) for key, value in told.head.items()})
    for _, event in sorted(_events(told, drawn=True), key=lambda each: each[0]):
        root.append(cot.element(event))
    etree.indent(root, " ")
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def packets(told: Telling) -> Iterable[tuple[float, bytes]]:
    """One event a datagram, with its second of the raid: missiles every few seconds, sites every minute."""
    events = sorted(_events(told, drawn=False), key=lambda each: each[0])
    return [(time_s, cot.encode(event)) for time_s, event in events]


def _events(told: Telling, drawn: bool) -> Iterator[tuple[float, CotEvent]]:
    sender = sender_of(told)
    from_s, to_s = told.span_s

    def span(time_s: float, until_s: float) -> Span:
        return Span(_moment(told, time_s), _moment(told, until_s))

    end_s = to_s + NEWS_S
    for time_s in [from_s] if drawn else _every(from_s, to_s, SITES_EVERY_S):
        until_s = end_s if drawn else time_s + STALE_AFTER * SITES_EVERY_S
        for s in told.sites:
            made = site(sender, s, span(time_s, until_s))
            if made is not None:
                yield time_s, made
    for p in told.paths:
        facts = {key: value for key, value in path_facts(p).items() if key != "fate"}  # which is yet to come
        category, times = p.flight.category, [sample[0] for sample in p.samples]
        for i, at in enumerate(p.samples if drawn else _followed(p)):
            next_s = times[i + 1] if drawn and i + 1 < len(times) else at[0] + STALE_AFTER * EVERY_S
            yield (
                at[0],
                missile(sender, p.flight.threat, category, at, span(at[0], next_s), _moves(p, at[0]), facts),
            )
    for i, e in enumerate(told.events):
        until_s = end_s if e.kind == "landed" else e.time_s + NEWS_S
        yield e.time_s, news(sender, i, e, span(e.time_s, until_s))


def _moment(told: Telling, time_s: float) -> dt.datetime:
    starts = told.starts.replace(tzinfo=dt.UTC)
    return starts + dt.timedelta(milliseconds=round(1e3 * time_s))


def _every(from_s: float, to_s: float, step_s: float) -> list[float]:
    return [from_s + step_s * i for i in range(int((to_s - from_s) // step_s) + 1)]


def _followed(p: Path) -> list[Sample]:
    """The way every few seconds, its end included."""
    if not p.samples:
        return []
    from_s, to_s = p.samples[0][0], p.samples[-1][0]
    times = _every(from_s, to_s, EVERY_S)
    return [along(p.samples, t) for t in times] + ([p.samples[-1]] if times[-1] < to_s else [])


def _moves(p: Path, time_s: float) -> tuple[float, float] | None:
    """Course and speed over ground along the drawn way, once it leads down from its highest point."""
    way = p.samples
    top = max(range(len(way)), key=lambda i: way[i][3])
    later = next((i for i in range(top + 1, len(way)) if way[i][0] >= time_s), None)
    if later is None or time_s < way[top][0]:
        return None
    one, other = way[later - 1], way[later]
    return _course(one, other)


def _course(one: Sample, other: Sample) -> tuple[float, float]:
    """From one place to the next on a round Earth: first course (whole degrees), mean speed (10 m/s)."""
    north, south = math.radians(other[1]), math.radians(one[1])
    east = math.radians(nearest_turn(other[2], one[2]) - one[2])
    x = math.cos(south) * math.sin(north) - math.sin(south) * math.cos(north) * math.cos(east)
    y = math.cos(north) * math.sin(east)
    z = math.sin(south) * math.sin(north) + math.cos(south) * math.cos(north) * math.cos(east)
    far_m = EARTH_M * math.atan2(math.hypot(x, y), z)
    course = float(round(math.degrees(math.atan2(y, x)) % 360.0) % 360)
    return course, min(float(round(far_m / (other[0] - one[0]), -1)), cot.FASTEST_MPS)
