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


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> float | None:
    return round(value, 4) + 0.0 if math.isfinite(value) else None


def _time(seconds: float) -> float | None:
    return round(seconds, 2) + 0.0 if math.isfinite(seconds) else None
