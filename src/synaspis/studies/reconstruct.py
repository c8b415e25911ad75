"""Which flight fits a claimed apogee, range and time; how far that missile would fly; is the claim true?

One generic booster for each propellant and number of stages, taken by the energy that the claim needs
and never fitted to a flight. Bands: each figure alone is moved to its ends, and the shifts are added in
quadrature on either side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synaspis import units
from synaspis.kernels.earth import (
    GRAVITY_M3PS2,
    ROTATION_RADPS,
    ecef_from_geodetic,
)
from synaspis.kernels.geodesic import geodesic_point
from synaspis.kernels.orbit import free_flight_s
from synaspis.model.answers import Band
from synaspis.model.booster import Booster
from synaspis.model.draw import with_values
from synaspis.model.fact import Entry
from synaspis.model.reconstruction import HALF_EARTH_M, MOST_STAGES, Claim, Reconstruction
from synaspis.studies import verdict
from synaspis.studies.booster import (
    STILL,
    Fit,
    Pad,
    ellipse,
    farthest,
    fit,
    profile,
    surface_speed_mps,
    with_more_left,
)

Boosters = Mapping[str, tuple[Booster, Entry]]

HEAVIER = 1.1
"""The mass left at burnout is tried this many times as large, to show what a light payload hides."""
_FIXED = ("speed_share", "least_left_share")
_EASTWARD, _WESTWARD = 0.5 * math.pi, 1.5 * math.pi


@dataclass(frozen=True)
class Asked:
    """A fit to be tried: what is to be reached, from where, and with what."""

    booster: Booster
    pad: Pad
    bearing: float
    apogee_m: float
    range_m: float

    def fitted(self) -> Fit | None:
        """The flight that fits, if any."""
        return fit(self.booster, self.pad, self.apogee_m, self.range_m, self.bearing)


@dataclass(frozen=True)
class Figures:
    """What one fit says: s, s, m/s and the standard range in m."""

    time_s: float
    burn_s: float
    speed_mps: float
    range_m: float


def reconstruct(
    claim: Claim, boosters: Boosters, version: str, on_land: bool | None = None
) -> Reconstruction:
    """The flight that fits `claim`, with bands, and the verdict. `on_land` says where the site lies."""
    pad, bearing = _pad(claim)
    least = keplerian_minimum_s(claim)
    asked = Asked(boosters["liquid-1"][0], pad, bearing, claim.apogee_m, claim.range_m)
    chosen, other = _chosen(asked, claim, boosters)
    lowest = verdict.least_energy_apogee_m(claim)
    common = {
        "claim": claim,
        "version": version,
        "keplerian_minimum_s": least,
        "least_energy_apogee_m": lowest,
    }
    if chosen is None:
        return verdict.without_flight(common, on_land)
    asked = Asked(chosen.booster, pad, bearing, claim.apogee_m, claim.range_m)
    value = _figures(pad, chosen)
    moved = _moved(asked, claim, boosters[chosen.booster.name][1], other)
    along, _ = farthest(chosen.booster, pad, chosen.speed_mps, bearing)
    heavier, _ = farthest(
        chosen.booster, STILL, with_more_left(chosen.booster, chosen.speed_mps, HEAVIER), _EASTWARD
    )
    _, standard = farthest(chosen.booster, STILL, chosen.speed_mps, _EASTWARD)
    return verdict.judged(
        common
        | {
            "booster": chosen.booster.name,
            "booster_title": chosen.booster.title,
            "flight_time_s": _band(value.time_s, [f.time_s for f in moved]),
            "burn_s": _band(value.burn_s, [f.burn_s for f in moved]),
            "burnout_speed_mps": _band(value.speed_mps, [f.speed_mps for f in moved]),
            "standard_range_m": _band(value.range_m, [f.range_m for f in moved], HALF_EARTH_M),
            "along_range_m": along if claim.site is not None else None,
            "heavier_range_m": heavier,
            "reaches_all": value.range_m >= verdict.REACHES_ALL_M,
            "flown": profile(pad, chosen.flown),
            "standard": None if standard is None else profile(STILL, standard),
        },
        on_land,
    )


def central(claim: Claim, boosters: Boosters) -> tuple[Booster, Figures] | None:
    """The booster that is taken and its figures, without bands; None where no flight fits."""
    pad, bearing = _pad(claim)
    asked = Asked(boosters["liquid-1"][0], pad, bearing, claim.apogee_m, claim.range_m)
    chosen, _ = _chosen(asked, claim, boosters)
    return None if chosen is None else (chosen.booster, _figures(pad, chosen))


def keplerian_minimum_s(claim: Claim) -> float:
    """Time of the ellipse from the ground to the ground with the claimed apogee: no burn, no air.

    The Earth turns under it where the site is known; on a sphere through the farther of the two places.
    A powered flight of the same apogee climbs more slowly and falls through air, so it takes longer.
    """
    pad, bearing = _pad(claim)
    lat, lon, _ = geodesic_point(pad.latitude, pad.longitude, bearing, claim.range_m)
    start, end = ecef_from_geodetic(np.array([[pad.latitude, pad.longitude, 0.0], [lat, lon, 0.0]]))
    radius = float(max(np.linalg.norm(start), np.linalg.norm(end)))
    time = 0.0
    for _ in range(20):
        c, s = math.cos(pad.rotation * time), math.sin(pad.rotation * time)
        turned = np.array([c * end[0] - s * end[1], s * end[0] + c * end[1], end[2]])
        angle = math.atan2(float(np.linalg.norm(np.cross(start, turned))), float(start @ turned))
        before, time = time, _ellipse_s(radius, radius + claim.apogee_m, angle)
        if abs(time - before) < 1e-3:
            break
    return time


def _ellipse_s(radius: float, apogee: float, angle: float) -> float:
    """Time from `radius` up to the apogee's radius and back to `radius`, over `angle` at the centre."""
    axis, e = ellipse(radius, apogee, angle)
    q = 2.0 - radius / axis
    momentum2 = GRAVITY_M3PS2 * axis * (1.0 - e * e)
    speed2 = q * GRAVITY_M3PS2 / radius
    path = math.acos(min(1.0, math.sqrt(max(0.0, momentum2 / speed2)) / radius))
    return float(free_flight_s(q, path, radius))


def _pad(claim: Claim) -> tuple[Pad, float]:
    if claim.site is None or claim.bearing_rad is None:
        return STILL, _EASTWARD
    return Pad(*claim.site), claim.bearing_rad


def _chosen(asked: Asked, claim: Claim, boosters: Boosters) -> tuple[Fit | None, Fit | None]:
    """The fit with the fewest stages that leave enough at burnout; that of the other propellant beside it.

    Where the propellant is said there is no other. Where it is not, liquid comes first.
    """
    kinds = (claim.propellant,) if claim.propellant else ("liquid", "solid")
    found = [_fewest_stages(asked, kind, claim.stages, boosters) for kind in kinds]
    if found[0] is None and len(found) > 1:
        return found[1], None
    return found[0], found[1] if len(found) > 1 else None


def _fewest_stages(asked: Asked, propellant: str, stages: int, boosters: Boosters) -> Fit | None:
    last = None
    for count in (stages,) if stages else range(1, MOST_STAGES + 1):
        booster, _ = boosters[f"{propellant}-{count}"]
        found = Asked(booster, asked.pad, asked.bearing, asked.apogee_m, asked.range_m).fitted()
        last = found or last
        if found is not None and found.flown.left_share >= booster.least_left_share:
            return found
    return last


def _figures(pad: Pad, found: Fit) -> Figures:
    reach, _ = farthest(found.booster, STILL, found.speed_mps, _EASTWARD)
    flown = found.flown
    return Figures(flown.time_s, flown.burn_s, surface_speed_mps(pad, flown), reach)


def _moved(asked: Asked, claim: Claim, entry: Entry, other: Fit | None) -> list[Figures]:
    """The figures with each unknown at either end of its band."""
    found: list[Figures] = []
    for change in _changes(asked, claim, entry):
        fitted = change.fitted()
        if fitted is not None:
            found.append(_figures(change.pad, fitted))
    if other is not None:
        found.append(_figures(asked.pad, other))
    return found


def _changes(asked: Asked, claim: Claim, entry: Entry) -> list[Asked]:
    pad, bearing, booster = asked.pad, asked.bearing, asked.booster
    apogee, distance = claim.apogee_m, claim.range_m
    kinds = sorted({f.parameter.rpartition(".")[2] for f in entry.facts} - set(_FIXED))
    found = []
    for kind in kinds:
        facts = [f for f in entry.facts if f.parameter.rpartition(".")[2] == kind]
        for end in ("low", "high"):
            values = {f.parameter: units.to_si(getattr(f, end), f.unit) for f in facts}
            found.append(Asked(with_values(booster, values), pad, bearing, apogee, distance))
    for sign in (-1.0, 1.0):
        found.append(Asked(booster, pad, bearing, apogee + sign * rounding_m(apogee), distance))
        found.append(Asked(booster, pad, bearing, apogee, distance + sign * rounding_m(distance)))
    if claim.site is None:
        turning = Pad(0.0, 0.0, ROTATION_RADPS)
        found += [Asked(booster, turning, way, apogee, distance) for way in (_EASTWARD, _WESTWARD)]
    return found


def rounding_m(length_m: float) -> float:
    """Half the unit of the last digit that is not 0 in a claim in kilometres, two digits at least."""
    km = length_m / 1000.0
    unit = 10.0 ** (math.floor(math.log10(km)) - 1)
    while unit > 0.01 and abs(km / unit - round(km / unit)) > 1e-6:
        unit /= 10.0
    return 500.0 * unit


def _band(value: float, others: list[float], most: float = math.inf) -> Band:
    below = math.sqrt(sum(min(0.0, x - value) ** 2 for x in others))
    above = math.sqrt(sum(max(0.0, x - value) ** 2 for x in others))
    return Band(value=value, low=value - below, high=min(most, value + above))
