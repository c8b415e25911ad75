"""Write the tables of flights on record into docs/validation.md, between their marks.

python -m tools.flights            write them
python -m tools.flights --print    show them
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from synaspis import api
from synaspis.files.catalog import shipped
from synaspis.model.booster import Booster
from synaspis.model.reconstruction import Claim, Reconstruction, claim_of
from synaspis.studies import reconstruct, verdict
from tests.golden.flown import LOFTED, SIXTY, Lofted, Row

VALIDATION = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
BEGIN, END = "<!-- flights: made by python -m tools.flights -->", "<!-- flights: end -->"


def lofted_answer(flight: Lofted) -> Reconstruction:
    """What is made of a lofted flight from its apogee, range, site and bearing alone."""
    return api.reconstruct(
        flight.apogee, flight.distance, (flight.latitude, flight.longitude), flight.bearing
    )


def time_off(flight: Lofted, answer: Reconstruction) -> float:
    """The flight time's distance from the published one or ones, as a signed share; 0 between them."""
    assert flight.times is not None and answer.flight_time_s is not None
    return _off(answer.flight_time_s.value, *flight.times)


def range_off(flight: Lofted, answer: Reconstruction) -> float:
    """The same for the standard range; a lower bound counts as met from there on."""
    assert flight.ranges is not None and answer.standard_range_m is not None
    return _off(answer.standard_range_m.value / 1000.0, *flight.ranges)


def _off(value: float, low: float, high: float) -> float:
    return value / low - 1.0 if value < low else value / high - 1.0 if value > high else 0.0


def boosters() -> reconstruct.Boosters:
    """The catalogue's boosters with their bands."""
    items = {name: shipped().get(name) for name in shipped().names("booster")}
    return {name: (item.noun, item.entry) for name, item in items.items() if isinstance(item.noun, Booster)}


def why_not(row: Row, claim: Claim) -> str:
    """Why a row of the database is no ballistic flight of these figures; empty where it is one."""
    if row.kind == "SLV":
        if row.outcome == "failure":
            return "satellite launcher that failed in flight: apogee and distance are of no whole flight"
        return "satellite launch: the apogee is the orbit's, the distance where a stage fell"
    ratio = claim.apogee_m / verdict.least_energy_apogee_m(claim)
    if claim.apogee_m <= verdict.IN_THE_AIR_M and ratio < verdict.DEPRESSED_RATIO:
        return f"quasi-ballistic: at {ratio:.2f} of the least-energy apogee and in the air all the way"
    return ""


def _lofted_table() -> list[str]:
    lines = [
        "| flight | apogee, range (km) | published time (s) | found (s) | off "
        "| published standard range (km) | found (km) | off |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for flight in LOFTED:
        found = lofted_answer(flight)
        time, reach = found.flight_time_s, found.standard_range_m
        assert time is not None and reach is not None
        cells = [
            f"{flight.date} {flight.missile} ({flight.name})",
            f"{flight.apogee:,.1f}, {flight.distance:,.0f}",
            _between(flight.times),
            f"{time.value:,.0f} [{time.low:,.0f}–{time.high:,.0f}]",
            "" if flight.times is None else _percent(time_off(flight, found)),
            _between(flight.ranges),
            f"{reach.value / 1000:,.0f} [{reach.low / 1000:,.0f}–{reach.high / 1000:,.0f}]",
            "" if flight.ranges is None else _percent(range_off(flight, found)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _sixty_table() -> list[str]:
    lines = [
        "| no. | flight | apogee, range (km) | booster | time (s) | burnout speed (km/s) "
        "| standard range (km) | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    given = boosters()
    for row in SIXTY:
        claim = claim_of(row.apogee, row.distance, (row.latitude, row.longitude), row.bearing)
        head = f"| {row.number} | {row.date} {row.missile} | {row.apogee:,.6g}, {row.distance:,.6g} |"
        reason = why_not(row, claim)
        found = None if reason else reconstruct.central(claim, given)
        if found is None:
            lines.append(f"{head} | | | | {reason or 'no flight fits'} |")
            continue
        booster, f = found
        what = "reconstructed" + (", a flight that broke off" if row.outcome == "failure" else "")
        figures = f"{f.time_s:,.0f} | {f.speed_mps / 1000:.2f} | {f.range_m / 1000:,.0f}"
        lines.append(f"{head} {booster.name} | {figures} | {what} |")
    return lines


def _between(ends: Sequence[float] | None) -> str:
    if ends is None:
        return ""
    low, high = ends
    if math.isinf(high):
        return f"more than {low:,.0f}"
    return f"{low:,.0f}" if low == high else f"{low:,.0f}–{high:,.0f}"


def _percent(share: float) -> str:
    return "0" if share == 0.0 else f"{100 * share:+.1f} %".replace("-", "−")


def tables() -> str:
    """Both tables, as they stand between the marks."""
    return "\n".join(["", *_lofted_table(), "", *_sixty_table(), ""])


def main() -> None:
    if "--print" in sys.argv[1:]:
        print(tables())
        return
    text = VALIDATION.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    VALIDATION.write_text(f"{head}{BEGIN}\n{tables()}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
