"""What is claimed of one flight, and what was found: the nouns and the document of `reconstruct`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import InputError, Problem
from synaspis.model.answers import Band

VERDICTS = ("consistent", "doubtful", "impossible")
"""From best to worst."""
PROPELLANTS = ("liquid", "solid")
MOST_STAGES = 3
LEAST_KM = 1.0
MOST_APOGEE_KM = 20_000.0
"""Above this a payload stays up for longer than five hours: no missile, and no question."""
HALF_EARTH_M = 20_003_931.0
"""Half a meridian of the WGS84 ellipsoid: no two places lie farther apart."""
LONGEST_TIME_S = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A flight as it was reported. `site` is latitude and longitude; None where it was not said."""

    apogee_m: float
    range_m: float
    site: tuple[float, float] | None = None
    bearing_rad: float | None = None
    times_s: tuple[float, ...] = ()
    propellant: str = ""
    stages: int = 0


def claim_of(
    apogee_km: float,
    range_km: float,
    site_deg: Sequence[float] | None = None,
    bearing_deg: float | None = None,
    times_s: Sequence[float] = (),
    propellant: str | None = None,
    stages: int | None = None,
) -> Claim:
    """A claim in the units in which it is told. InputError with all that makes it no question at all.

    `site_deg` is latitude and longitude of a place on the globe.
    """
    problems = [
        *_length("--apogee-km", apogee_km, MOST_APOGEE_KM, "no ballistic missile rises so high"),
        *_length("--range-km", range_km, HALF_EARTH_M / 1000.0, "no two places on Earth lie farther apart"),
        *_site(site_deg, bearing_deg),
    ]
    for time_s in times_s:
        if not 0.0 < time_s <= LONGEST_TIME_S:
            mend = "give the seconds of flight, more than 0 and a day at most"
            problems.append(_problem("--time-s", time_s, mend))
    if propellant and propellant not in PROPELLANTS:
        problems.append(_problem("--propellant", propellant, f"say {' or '.join(PROPELLANTS)}"))
    if stages is not None and stages not in range(1, MOST_STAGES + 1):
        problems.append(_problem("--stages", stages, f"give 1 to {MOST_STAGES}"))
    if problems:
        raise InputError(problems)
    return Claim(
        apogee_m=1000.0 * apogee_km,
        range_m=1000.0 * range_km,
        site=None if site_deg is None else (math.radians(site_deg[0]), math.radians(site_deg[1])),
        bearing_rad=None if bearing_deg is None else math.radians(bearing_deg % 360.0),
        times_s=tuple(float(t) for t in times_s),
        propellant=propellant or "",
        stages=stages or 0,
    )


def _problem(option: str, value: object, mend: str) -> Problem:
    said = f"{value:g}" if isinstance(value, float) else str(value)
    return Problem(option, 0, 0, f"`{said}` makes no question", mend)


def _length(option: str, km: float, most_km: float, why: str) -> list[Problem]:
    if LEAST_KM <= km <= most_km:
        return []
    mend = f"give a number of kilometres from {LEAST_KM:g} to {most_km:,.0f}"
    return [_problem(option, km, f"{mend}; {why}" if km > most_km else mend)]


def _site(site_deg: Sequence[float] | None, bearing_deg: float | None) -> list[Problem]:
    found = []
    if (site_deg is None) != (bearing_deg is None):
        given, missing = ("--from", "--bearing") if bearing_deg is None else ("--bearing", "--from")
        found.append(Problem(given, 0, 0, f"is of no use without {missing}", "give both, or neither"))
    if bearing_deg is not None and not -360.0 <= bearing_deg <= 360.0:
        mend = "give the degrees from north over east to the place of impact, 0 to 360"
        found.append(_problem("--bearing", bearing_deg, mend))
    return found


@dataclass(frozen=True, kw_only=True)
class TimeVerdict:
    """One claimed time. `off` is how far it is from the flight time found, as a share; NaN if none was."""

    time_s: float
    verdict: str
    off: float
    why: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A flight for pictures: `points` (P, 2) ground distance and height, m; rows to `burnout` are powered."""

    points: NDArray[np.float64]
    burnout: int


@dataclass(frozen=True, kw_only=True)
class Reconstruction:
    """The flight that fits a claim, and how far the claim is to be believed.

    Quantities are None where no flight fits. `reaches_all` says that the standard range is capped: it
    goes half round the Earth; `in_the_air`, that lift may have steered it, so that speed and range are too
    high. `along_range_m` is the range along the claimed bearing on the turning Earth, and
    `heavier_range_m` the standard range with a tenth more mass at burnout.
    """

    claim: Claim
    version: str
    verdict: str
    because: tuple[str, ...]
    assumed: tuple[str, ...]
    shape: str
    booster: str
    booster_title: str
    keplerian_minimum_s: float
    least_energy_apogee_m: float
    flight_time_s: Band | None = None
    burn_s: Band | None = None
    burnout_speed_mps: Band | None = None
    standard_range_m: Band | None = None
    along_range_m: float | None = None
    heavier_range_m: float | None = None
    reaches_all: bool = False
    in_the_air: bool = False
    times: tuple[TimeVerdict, ...] = ()
    flown: Profile | None = None
    standard: Profile | None = None


def document(found: Reconstruction) -> dict[str, object]:
    """The stable document of `reconstruct --json` (schema in docs/contracts/reconstruct.schema.json)."""
    claim = found.claim
    return {
        "verdict": found.verdict,
        "because": list(found.because),
        "assumed": list(found.assumed),
        "claim": {
            "apogee_km": claim.apogee_m / 1000.0,
            "range_km": claim.range_m / 1000.0,
            "time_s": list(claim.times_s),
            "from": None if claim.site is None else [round(math.degrees(x), 6) for x in claim.site],
            "bearing_deg": None if claim.bearing_rad is None else round(math.degrees(claim.bearing_rad), 6),
        },
        "shape": found.shape,
        "booster": found.booster,
        "burn_s": _band(found.burn_s, 1.0, 0),
        "flight_time_s": _band(found.flight_time_s, 1.0, 1),
        "keplerian_minimum_s": round(found.keplerian_minimum_s, 1),
        "burnout_speed_mps": _band(found.burnout_speed_mps, 1.0, 1),
        "standard_range_km": _band(found.standard_range_m, 1e-3, 1),
        "standard_range_reaches_all": found.reaches_all,
        "steered_by_lift_perhaps": found.in_the_air,
        "range_along_bearing_km": _number(found.along_range_m),
        "standard_range_heavier_km": _number(found.heavier_range_m),
        "least_energy_apogee_km": round(found.least_energy_apogee_m / 1000.0, 1),
        "times": [
            {
                "time_s": t.time_s,
                "verdict": t.verdict,
                "off_percent": round(100.0 * t.off, 2) if math.isfinite(t.off) else None,
                "why": t.why,
            }
            for t in found.times
        ],
        "version": found.version,
    }


def _number(metres: float | None) -> float | None:
    return None if metres is None else round(metres / 1000.0, 1)


def _band(band: Band | None, factor: float, digits: int) -> dict[str, float] | None:
    if band is None:
        return None
    ends = {"value": band.value, "low": band.low, "high": band.high}
    return {key: round(factor * value, digits) for key, value in ends.items()}
