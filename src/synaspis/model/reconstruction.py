"""What is claimed of one flight, and what was found: the nouns and the document of `reconstruct`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import Band

VERDICTS = ("consistent", "doubtful", "impossible")
"""From best to worst."""


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


@dataclass(frozen=True, kw_only=True)
class TimeVerdict:
    """One claimed time: `off` is its distance from the flight time found, as a share of that (NaN if none)."""

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
    goes half round the Earth. `along_range_m` is the range along the claimed bearing on the turning
    Earth, and `heavier_range_m` the standard range with a tenth more mass at burnout.
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
    times: tuple[TimeVerdict, ...] = ()
    flown: Profile | None = None
    standard: Profile | None = None


def document(found: Reconstruction) -> dict[str, object]:
    """The stable document of `reconstruct --json`."""
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
