"""Is a claimed flight to be believed? The verdict, with its reasons in words and figures."""

from __future__ import annotations

import math
from typing import Any

from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.kernels.orbit import minimum_energy
from synaspis.model.answers import Band
from synaspis.model.reconstruction import HALF_EARTH_M, VERDICTS, Claim, Reconstruction, TimeVerdict

DEPRESSED_RATIO = 0.8
"""Apogee over that of the least-energy flight below which a flight is called depressed."""
HOPELESS_RATIO = 0.5
"""The same, below which no flight that fits means that there is none."""
NEARLY_ROUND_M, AIR_TOP_M = 15_000e3, 100e3
"""Beyond this range a flight above this height may be most of an orbit, which costs little more."""
LOFTED_RATIO = 1.5
IN_THE_AIR_M = 60e3
"""Below this height lift and fins still steer: the apogees of quasi-ballistic missiles on record are
25 to 60 km (CNS North Korea Missile Test Database, flights of 2019)."""
HIGHEST_ON_RECORD_M = 7_688e3
"""Hwasong-19, 31 October 2024, as its state's news agency gave it (widely quoted, not re-read)."""
UNHEARD_OF = 1.3
REACHES_ALL_M = 0.998 * HALF_EARTH_M
LONGEST_BURN_S = 600.0
"""No missile of three stages burns longer (assumed; the longest catalogue booster takes some 500 s)."""

Parts = dict[str, Any]


def least_energy_apogee_m(claim: Claim) -> float:
    """Apogee of the flight of least energy over the claimed range, on a sphere without air."""
    return float(minimum_energy(claim.range_m, MEAN_RADIUS_M)[2])


def without_flight(common: Parts, on_land: bool | None) -> Reconstruction:
    """The answer where no booster flies the claim."""
    claim: Claim = common["claim"]
    least_m = common["least_energy_apogee_m"]
    verdict, why = _no_flight(claim, least_m)
    times = tuple(_time(t, None, common["keplerian_minimum_s"]) for t in claim.times_s)
    return Reconstruction(
        **common, verdict=verdict, because=(why, *(t.why for t in times)),
        assumed=_site(claim, on_land, flies=False),
        shape=_shape(claim, least_m), booster="", booster_title="", times=times,
    )  # fmt: skip


def judged(parts: Parts, on_land: bool | None) -> Reconstruction:
    """The answer where a flight fits: its shape, the claimed times against it, and what was assumed."""
    claim: Claim = parts["claim"]
    least = parts["least_energy_apogee_m"]
    shape = _shape(claim, least)
    verdict, because = _of_shape(claim, shape, least, parts)
    times = tuple(_time(t, parts["flight_time_s"], parts["keplerian_minimum_s"]) for t in claim.times_s)
    because.append(
        f"Apogee and range call for {_s(parts['flight_time_s'].value)} of flight "
        f"({_between(parts['flight_time_s'])})."
    )
    because += [t.why for t in times]
    if len(times) > 1:
        because.append(_which(times))
    if times:
        best = min((t.verdict for t in times), key=VERDICTS.index)
        verdict = max(verdict, best, key=VERDICTS.index)
    return Reconstruction(
        **parts, verdict=verdict, because=tuple(because), shape=shape, times=times,
        in_the_air=shape == "depressed" and claim.apogee_m <= IN_THE_AIR_M,
        assumed=(*_boosted(claim, parts), *_standard(claim, parts), *_site(claim, on_land)),
    )  # fmt: skip


def _shape(claim: Claim, least_m: float) -> str:
    ratio = claim.apogee_m / least_m
    return "lofted" if ratio > LOFTED_RATIO else "depressed" if ratio < DEPRESSED_RATIO else "normal"


def _no_flight(claim: Claim, least_m: float) -> tuple[str, str]:
    way = f"{_km(claim.range_m)} with an apogee of {_km(claim.apogee_m)}"
    said = f"No booster of one to three stages flies {way}"
    least = f"The flight of least energy rises to {_km(least_m)}"
    orbit_like = claim.range_m > NEARLY_ROUND_M and claim.apogee_m > AIR_TOP_M
    if claim.apogee_m < HOPELESS_RATIO * least_m and not orbit_like:
        return "impossible", (
            f"{said}: that is lower than the range needs. {least}; far below that a missile meets the "
            "ground, or burns level in the air. Only a vehicle with lift could do it."
        )
    if claim.apogee_m > least_m:
        return (
            "doubtful",
            f"{said}: the claim lies at the edge of what generic boosters can do, or beyond it.",
        )
    return "doubtful", (
        f"{said}. {least}. So low for its range it comes near to an orbit, for which the generic boosters, "
        "which hold one attitude, are no model."
    )


def _of_shape(claim: Claim, shape: str, least_m: float, parts: Parts) -> tuple[str, list[str]]:
    """The verdict on apogee and range alone, and why."""
    ratio = claim.apogee_m / least_m
    to_least = (
        f"{_ratio(ratio)} times the {_km(least_m)} of the least-energy flight over {_km(claim.range_m)}"
    )
    said = f"The apogee, {_km(claim.apogee_m)}, is {to_least}: a {shape} flight."
    if shape == "depressed":
        if claim.apogee_m <= IN_THE_AIR_M:
            return "doubtful", [
                said,
                f"It never leaves the air that steers. Below {_km(IN_THE_AIR_M)} missiles may glide and pull "
                "up (quasi-ballistic), and then apogee and range no longer fix speed and time. The figures "
                "here are those of a flight without lift, which needs more speed and so promises more range.",
            ]
        return "doubtful", [
            said,
            "So low a flight costs speed and comes in flat; hardly a test on record has flown so but "
            "those of quasi-ballistic and gliding missiles.",
        ]
    if claim.apogee_m > UNHEARD_OF * HIGHEST_ON_RECORD_M:
        return "doubtful", [
            said,
            f"No test on record has gone higher than {_km(HIGHEST_ON_RECORD_M)} (31 October 2024).",
        ]
    return "consistent", [said]


def _time(time_s: float, found: Band | None, least_s: float) -> TimeVerdict:
    """One claimed time against the flight found and against what no flight can beat."""
    slack = 30.0 if time_s % 60.0 == 0.0 else 0.5
    off = math.nan if found is None else time_s / found.value - 1.0
    if time_s + slack < least_s:
        why = (
            f"{_s(time_s)} is less than {_s(least_s)}, the least by Kepler's laws for this apogee even with "
            "no climb under power and no air: impossible."
        )
        return TimeVerdict(time_s=time_s, verdict="impossible", off=off, why=why)
    if time_s - slack > least_s + LONGEST_BURN_S:
        why = (
            f"{_s(time_s)} is more than {_s(least_s + LONGEST_BURN_S)}: with this apogee no ballistic "
            "missile stays up so long, however slowly it burns: impossible."
        )
        return TimeVerdict(time_s=time_s, verdict="impossible", off=off, why=why)
    if found is None:
        why = f"{_s(time_s)} is no less than Kepler's {_s(least_s)}, but no flight fits."
        return TimeVerdict(time_s=time_s, verdict="doubtful", off=off, why=why)
    apart = f"{_s(time_s)} lies {_percent(off)} the flight that fits"
    if found.low - slack <= time_s <= found.high + slack:
        return TimeVerdict(
            time_s=time_s, verdict="consistent", off=off, why=f"{apart}, inside the band: consistent."
        )
    side = "shorter" if time_s < found.low else "longer"
    why = f"{apart}, outside the band: {side} than any booster of this kind explains, so doubtful."
    return TimeVerdict(time_s=time_s, verdict="doubtful", off=off, why=why)


def _which(times: tuple[TimeVerdict, ...]) -> str:
    """Of several claimed times, which fits."""
    fitting = [t for t in times if t.verdict == "consistent"]
    best = min(times, key=lambda t: (VERDICTS.index(t.verdict), abs(t.off) if math.isfinite(t.off) else 0.0))
    if not fitting:
        return f"None of the {len(times)} claimed times fits; {_s(best.time_s)} comes nearest."
    if len(fitting) == 1:
        return f"Of the {len(times)} claimed times only {_s(best.time_s)} fits."
    return f"{len(fitting)} of the {len(times)} claimed times fit; {_s(best.time_s)} fits best."


def _boosted(claim: Claim, parts: Parts) -> tuple[str, ...]:
    said = [
        f"Boost: the generic booster `{parts['booster']}` ({parts['booster_title'].lower()}), "
        + ("as asked for" if claim.stages else "taken by the energy that the claim needs")
        + f", burning for some {parts['burn_s'].value:.0f} s. It is fitted to no flight."
    ]
    if not claim.propellant:
        said.append("The propellant is not said: liquid is taken, and the bands hold solid too.")
    return tuple(said)


def _standard(claim: Claim, parts: Parts) -> tuple[str, ...]:
    said = [
        "Standard range: the same booster with the payload that flew, whatever that was, turned to where it "
        "flies farthest, on an Earth that does not turn. With a tenth more mass at burnout "
        f"{_heavier(parts['heavier_range_m'], parts['standard_range_m'].value)}."
    ]
    if parts["along_range_m"] is not None:
        said.append(
            f"From the site along the bearing, with the turn of the Earth: {_reach(parts['along_range_m'])}."
        )
    return tuple(said)


def _site(claim: Claim, on_land: bool | None, flies: bool = True) -> tuple[str, ...]:
    if claim.site is None:
        said = "No site was given: an Earth that does not turn."
        bands = " The bands hold flights from the equator to the east and to the west."
        return (said + bands if flies else said,)
    if on_land is False:
        return ("The site lies in the sea on the map of 1:50 million: a launch from a ship or submarine.",)
    return ()


def _km(metres: float) -> str:
    km = metres / 1000.0
    return f"{km:,.0f} km" if km >= 9.95 else f"{km:.1f} km"


def _heavier(heavier_m: float, range_m: float) -> str:
    if heavier_m >= REACHES_ALL_M:
        return "still any place on Earth"
    return f"{_km(heavier_m)}, not {_reach(range_m)}"


def _reach(metres: float) -> str:
    return "any place on Earth" if metres >= REACHES_ALL_M else _km(metres)


def _s(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{seconds:,.0f} s" + (f" ({minutes} min {rest:02d} s)" if minutes else "")


def _between(band: Band) -> str:
    return f"{band.low:,.0f} to {band.high:,.0f} s"


def _ratio(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10.0 else f"{ratio:.1f}" if ratio >= 2.0 else f"{ratio:.2f}"


def _percent(share: float) -> str:
    size = f"{100.0 * abs(share):.1f} %"
    return f"within {size} of" if abs(share) < 0.005 else f"{size} {'above' if share > 0 else 'below'}"
