"""What `synaspis footprint` found, in sentences: the same in the terminal and on the page."""

from __future__ import annotations

from synaspis.model.footprint import BatteryFootprint, FootprintAnswer, RegimeFootprint, Soil
from synaspis.report.words import counted, listed, people, percent

MODE_WORDS = {
    "own_radar": "own radar alone",
    "own_radar_cued": "own radar, cued",
    "launch_on_remote": "launch-on-remote",
    "engage_on_remote": "engage-on-remote",
}
COULD = {
    "own_radar": "its own radar alone",
    "own_radar_cued": "its own radar, cued by all,",
    "launch_on_remote": "launch-on-remote",
    "engage_on_remote": "engage-on-remote",
}
"""Modes in a sentence."""
REASON_WORDS = {
    "out_of_range": "out of range or time",
    "too_low": "passes too low",
    "too_high": "passes too high",
    "not_seen": "not seen",
    "not_released": "track not released",
    "nobodys_ground": "sea or nobody's",
    "no_mandate": "no mandate",
    "no_authority": "no authority",
    "too_late": "orders too late",
}
METHOD = (
    "Ground counts as defended where every declared class that gets there, from every declared area, can be "
    "engaged at least once: free of any raid, magazines full, decisions at their median time. Classes that a "
    "battery's interceptor does not list do not count against it; they do against nations and the coalition. "
    "Modes are what a battery could do if every sensor of the case fed it and nobody had to decide."
)


def tone(answer: FootprintAnswer, regime: str) -> str:
    """headline, against or other: how a regime is coloured."""
    if regime == answer.headline:
        return "headline"
    return "against" if regime == answer.against else "other"


def area(area_m2: float) -> str:
    """`130_000e6` -> `130,000 km²`: three figures; `1.03 million km²`."""
    return f"{area_number(area_m2)}\u00a0km²"


def area_number(area_m2: float) -> str:
    """The same without the unit."""
    return people(area_m2 / 1e6) if area_m2 >= 1e8 or area_m2 == 0.0 else f"{area_m2 / 1e6:,.0f}"


def headline(answer: FootprintAnswer) -> str:
    """The page's title."""
    if not answer.whole:
        only = next(iter(answer.batteries))
        if len(answer.batteries) == 1:
            return battery_sentence(answer, only)
    now, then = answer.regimes[answer.headline].coalition, answer.regimes[answer.against].coalition
    said = f"Under {answer.headline}, {area(now.area_m2)} of {area(now.threatened_m2)} in reach are defended"
    if answer.headline == answer.against:
        return said + "."
    return f"{said}; under {answer.against}, {area(then.area_m2)}."


def people_sentence(answer: FootprintAnswer) -> str:
    """People in defended and in uncovered places, under the headline regime."""
    now = answer.regimes[answer.headline].coalition
    left = now.threatened_population - now.population
    rest = f"{people(left)} in places that are not" if left > 0.0 else "nobody in places that are not"
    said = f"{people(now.population)} people live in defended places, {rest}"
    if answer.headline == answer.against:
        return said + "."
    then = answer.regimes[answer.against].coalition
    return f"{said}; under {answer.against} {people(then.population)} do."


def battery_sentence(answer: FootprintAnswer, name: str) -> str:
    """What the headline regime gives a battery, beside what its type could do."""
    b = answer.batteries[name]
    held, could = b.regimes[answer.headline].extent, b.modes[b.allowed]
    mode = COULD[b.allowed]
    if held.area_m2 <= 0.0:
        rest = (
            f"; {mode} could give it {area(could.area_m2)}"
            if could.area_m2 > 0.0
            else f", nor does {mode} help"
        )
        return f"Under {answer.headline}, {name} defends no ground{rest}."
    share = held.area_m2 / could.area_m2 if could.area_m2 > 0.0 else 1.0
    return (
        f"Under {answer.headline}, {name} defends {area(held.area_m2)}, as a circle of "
        f"{held.diameter_m / 1000:,.0f}\u00a0km: {percent(share)} of what {mode} could."
    )


def gap_sentence(answer: FootprintAnswer) -> str:
    """Ground between the altitude bands."""
    now = answer.regimes[answer.headline].coalition
    if now.gap_m2 <= 0.0:
        return ""
    said = (
        f"Over {area(now.gap_m2)} some class passes only below or above what every battery in range can meet"
    )
    return f"{said}; {people(now.gap_population)} people live in places there."


def nations_shown(answer: FootprintAnswer) -> list[str]:
    """Codes of the nations of whose soil something is within reach, the most people first."""
    found: list[tuple[float, float, str]] = []
    for code, n in answer.regimes[answer.headline].nations.items():
        if n.threatened_m2 > 0.0 or n.threatened_population > 0.0:
            found.append((-n.threatened_population, -n.threatened_m2, code))
    return [code for _, _, code in sorted(found)]


def uncovered(n: Soil) -> float:
    """People within reach whose places are not defended."""
    return n.threatened_population - n.population


def reasons(b: BatteryFootprint, regime: str) -> list[tuple[str, float]]:
    """(reason in words, m2), as they come in the order of gates."""
    lost = b.regimes[regime].lost_m2
    return [(REASON_WORDS[reason], size) for reason, size in lost.items() if size > 0.0]


def silent(answer: FootprintAnswer) -> dict[str, tuple[str, ...]]:
    """Batteries that defend nothing under the headline regime, and why."""
    found = {n: b.regimes[answer.headline] for n, b in answer.batteries.items()}
    return {n: u.because for n, u in found.items() if u.extent.area_m2 <= 0.0}


def classes_sentence(answer: FootprintAnswer) -> str:
    """What it is defended against."""
    return f"Against {counted(len(answer.classes), 'class', 'classes')} and area: {listed(answer.classes)}."


def coalition_share(r: RegimeFootprint) -> float:
    """Share of the ground within reach that is defended."""
    c = r.coalition
    return c.area_m2 / c.threatened_m2 if c.threatened_m2 > 0.0 else 0.0
