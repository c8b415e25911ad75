"""CSV (RFC 4180): one tidy table of a trial, each row one site, one point of a missile's way, or one event.

Each row says which run and trial it is of. Text that a spreadsheet would take for a formula begins with an
apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from synaspis.interop.telling import Telling, event_facts, path_facts, placed, site_facts

HEAD: Final = ("marking", "case", "regime", "trial", "seed", "version")
COLUMNS: Final = (
    *HEAD, "what", "name", "kind", "type", "who", "nation", "time_s", "utc",
    "latitude_deg", "longitude_deg", "height_m", "text", "symbol",
)  # fmt: skip
FORMULAS: Final = ("=", "+", "-", "@", "\t")
Cell = str | float
Row = Mapping[str, Cell]


def table(told: Telling) -> str:
    """The document. `kind` is a site's kind, a missile's fate or an event's; satellites have no place."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    head = {name: told.head[name] for name in HEAD}
    for row in (*_sites(told), *_paths(told), *_events(told)):
        writer.writerow({name: _cell(cell) for name, cell in {**head, **row}.items()})
    return written.getvalue()


def _cell(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell


def _sites(told: Telling) -> Iterator[Row]:
    for s in told.sites:
        place = {"latitude_deg": s.latitude_deg, "longitude_deg": s.longitude_deg} if placed(s) else {}
        yield {"what": "site", "name": s.name, "kind": s.kind, "type": s.type, "nation": s.owner, **place,
               "symbol": site_facts(s)["symbol"]}  # fmt: skip


def _paths(told: Telling) -> Iterator[Row]:
    for p in told.paths:
        symbol = path_facts(p)["symbol"]
        for time_s, lat, lon, height_m in p.samples:
            yield {
                "what": "path", "name": p.flight.threat, "kind": p.fate, "type": p.flight.type,
                "nation": p.flight.nation, "time_s": time_s, "utc": told.at(time_s), "latitude_deg": lat,
                "longitude_deg": lon, "height_m": height_m, "symbol": symbol,
            }  # fmt: skip


def _events(told: Telling) -> Iterator[Row]:
    for e in told.events:
        yield {
            "what": "event", "name": e.threat, "kind": e.kind, "who": e.who, "nation": e.nation,
            "time_s": e.time_s, "utc": told.at(e.time_s), "latitude_deg": e.latitude_deg,
            "longitude_deg": e.longitude_deg, "height_m": round(1e3 * e.height_km, 1), "text": e.text,
            "symbol": event_facts(e)["symbol"],
        }  # fmt: skip
