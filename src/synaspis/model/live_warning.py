"""A raid as it unfolds: one event after another, and at the end who was warned when.

As JSON lines: one object per event in order of time, the last of them the table. The schema is
docs/contracts/warn-live.schema.json.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = (
    "launch", "detected", "released", "alert", "revoked", "track", "classified", "impact_estimate",
    "fire_control", "warned", "down",
)  # fmt: skip
"""Kinds of event, in the order in which those of one moment are told. Of launches, detections and what comes
down the range tells, of the others a nation."""
Value = float | str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LiveEvent:
    """Something that happened `time_s` after the start of the raid.

    `nations` are those to whom it happened: several, where their pictures are made from the same sources.
    `flight` is the missile as the raid names it, which no nation knows; "" where it is about none. `what`
    says more, by kind of event: SI units, radians as degrees only in words. `because` are clauses.
    """

    time_s: float
    kind: str
    nations: tuple[str, ...] = ()
    flight: str = ""
    what: Mapping[str, Value] = field(default_factory=dict)
    because: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LiveWarned:
    """One attacked place: when its nation warned it, and when the bound says that it could have.

    Times in seconds after the start of the raid, inf for never; `warning_s` before the first impact there,
    dissemination taken off. `bound_s` and `bound_warning_s` are of the batch engine, without luck.
    """

    nation: str
    asset: str
    flight: str
    impact_s: float
    warned_s: float
    warning_s: float
    bound_s: float
    bound_warning_s: float


@dataclass(frozen=True, kw_only=True)
class LiveTable:
    """What a live raid comes to. `until_s` is how far it had come when it was ended; `false_tracks` counts
    those of all trackers that were never of any missile."""

    until_s: float
    finished: bool
    warned: tuple[LiveWarned, ...]
    false_tracks: int


@dataclass(frozen=True, kw_only=True)
class HeardTrack:
    """When a nation first held something on an object of a recording; seconds, inf for never.

    `alert_s` anything, `known_s` an impact estimate and `track_s` a track that is good enough.
    """

    nation: str
    object: str
    alert_s: float
    known_s: float
    track_s: float


@dataclass(frozen=True, kw_only=True)
class HeardWarned:
    """A place that its nation warned of an object of a recording: when, and by which clauses.

    `impact_s` is as the nation last estimated it, `warning_s` before that, dissemination taken off.
    """

    nation: str
    asset: str
    object: str
    warned_s: float
    impact_s: float
    warning_s: float
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HeardTable:
    """What a recording comes to. Of `rows` measurements `used` were; `left_out` counts the others by reason,
    `first` has the place of the first of each."""

    until_s: float
    finished: bool
    rows: int
    used: int
    left_out: Mapping[str, int]
    first: Mapping[str, str]
    sources: Mapping[str, int]
    objects: int
    held: tuple[HeardTrack, ...]
    warned: tuple[HeardWarned, ...]


def head_document(case: str, title: str, regime: str, seed: int, version: str) -> dict[str, object]:
    """The first line of `warn --live --json`."""
    return {
        "event": "raid", "case": case, "title": title, "regime": regime, "seed": seed, "version": version,
    }  # fmt: skip


def event_document(e: LiveEvent) -> dict[str, object]:
    """A line of an event."""
    return {
        "event": e.kind,
        "time_s": round(e.time_s, 2),
        "nations": list(e.nations),
        "flight": e.flight or None,
        "what": {key: _plain(value) for key, value in e.what.items()},
        "because": list(e.because),
    }


def table_document(t: LiveTable) -> dict[str, object]:
    """The last line."""
    return {
        "event": "table",
        "until_s": _time(t.until_s),
        "finished": t.finished,
        "false_tracks": t.false_tracks,
        "warned": [
            {
                "nation": w.nation,
                "asset": w.asset,
                "flight": w.flight,
                "impact_s": _time(w.impact_s),
                "warned_s": _time(w.warned_s),
                "warning_s": _time(w.warning_s),
                "bound": {"warned_s": _time(w.bound_s), "warning_s": _time(w.bound_warning_s)},
            }
            for w in t.warned
        ],
    }


def heard_document(t: HeardTable) -> dict[str, object]:
    """The last line of `warn --measurements --json`."""
    return {
        "event": "heard",
        "until_s": _time(t.until_s),
        "finished": t.finished,
        "measurements": {
            "rows": t.rows, "used": t.used, "sources": dict(t.sources), "left_out": dict(t.left_out),
            "first": dict(t.first),
        },
        "objects": t.objects,
        "held": [
            {
                "nation": h.nation, "object": h.object, "alert_s": _time(h.alert_s),
                "known_s": _time(h.known_s), "track_s": _time(h.track_s),
            }
            for h in t.held
        ],
        "warned": [
            {
                "nation": w.nation, "asset": w.asset, "object": w.object, "warned_s": _time(w.warned_s),
                "impact_s": _time(w.impact_s), "warning_s": _time(w.warning_s), "because": list(w.because),
            }
            for w in t.warned
        ],
    }  # fmt: skip


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> float | None:
    return round(value, 4) + 0.0 if math.isfinite(value) else None


def _time(seconds: float) -> float | None:
    return round(seconds, 2) + 0.0 if math.isfinite(seconds) else None
