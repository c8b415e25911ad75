"""Events of every kind, for other programs: `python -m tests.interop.cot_samples` writes them anew."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from synaspis.interop import cot_events
from synaspis.interop.telling import telling
from synaspis.model.threat import CATEGORIES
from tests.interop.told import event, flight, hostile, site, trial

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "cot"
SAMPLES, FOUND = GOLDEN / "samples.json", GOLDEN / "samples.node-cot.json"
KINDS = ("seen", "known", "ordered", "fired", "hit", "missed", "failed", "landed")
WAY = [(0.0, 40.0, 20.0, 0.0), (7.0, 41.0, 20.0, 90.0), (14.0, 42.0, 21.0, 0.0)]


def samples() -> list[str]:
    """A missile of each category, a site and an event of each kind, and some with hostile names."""
    flights = tuple(replace(flight(name, WAY), category=name) for name in CATEGORIES)
    happened = tuple(event(kind, 3.0, "srbm") for kind in KINDS if kind not in ("hit", "failed", "landed"))
    ends = (event("hit", 9.0, "mrbm"), event("failed", 9.0, "irbm"), event("landed", 14.0, "icbm"))
    sites = [site(kind, kind) for kind in ("radar", "battery", "aircraft", "city", "base")]
    sites.append(replace(site("ship"), domain="sea"))
    all_kinds = telling(trial(flights, happened + ends, tuple(sites)))
    return [data.decode() for told in (all_kinds, hostile()) for _, data in cot_events.packets(told)]


if __name__ == "__main__":
    SAMPLES.write_text(json.dumps(samples(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
