"""What a boost-phase layer in orbit comes to, in sentences: the same in the terminal and on the page."""

from __future__ import annotations

import bisect
import math

from synaspis.model.answers import Band
from synaspis.model.boost_layer import ASSURED, IN_REACH, BoostAnswer, Engagement, Sweep
from synaspis.report.words import counted, number, percent

WORDS = {
    IN_REACH: "can be met",
    "too late": "has burnt out too soon",
    "too low": "is too low till burnout",
    "too far": "is too far below",
    "no orbit": "has no orbit near",
}
CHANGES = {
    "burn_s": ("A burn 60 s shorter", "takes", -60.0),
    "decision_s": ("A decision 30 s longer", "takes", 30.0),
    "fly_out_kmps": ("Interceptors faster by 1 km/s", "take", 1.0),
}
"""What each sweep's sentence changes: in words, and by how much."""
METHOD = (
    "An interceptor in orbit reaches a sphere about the place where its satellite would be; what the sphere "
    "cuts out of the shell of orbits is in reach. Numbers are means over a day, their bands the 5th and 95th "
    "percentile over draws of the public figures."
)
LIMITS = (
    "Sizing only: no kill chance, no countermeasure, no loss of a satellite, no order of launches. "
    "Engagements count missiles at which interceptors arrive, not missiles destroyed.",
    "Launch areas and classes are those of the case, one at a time and in its order; no place is searched "
    "for or compared.",
    "A missile rises straight up with the heights of its class; that it leaves its launch area while it "
    "burns is left out. A class takes the longest burn that it has in the case's raid.",
    "The speed, the seconds and the inclination are assumed, within what public studies discuss. They are "
    "the same for both studies, whose own sets could not be read.",
    "Satellites needed put the interceptors in reach on average. Patterns are even, so that the number in "
    "reach seldom strays far; the count over a day says how far.",
    "Gravity that differs across the sphere (1.4 % of its radius at most in 175 s) is left out.",
    "Prices are the study's. What it spends on development, ground and spares is not known; the difference "
    "to its own total is shown.",
)


def satellites(count: float) -> str:
    """`6,300`: three figures at most; a dash where no number is enough."""
    if not math.isfinite(count):
        return "–"
    step = 10 ** max(0, len(str(round(count))) - 3)
    return f"{step * round(count / step):,.0f}"


def spread(b: Band) -> str:
    """`3,770 to 14,000`; open where no number is enough in some draws."""
    if math.isfinite(b.high):
        return f"{satellites(b.low)} to {satellites(b.high)}"
    return f"{satellites(b.low)} or more" if math.isfinite(b.low) else "no number"


def money(b: Band | None) -> str:
    """Billions of dollars."""
    return "–" if b is None else billions(b.value)


def billions(musd: float | None) -> str:
    """`723,000` million -> `723`."""
    return "–" if musd is None else f"{musd / 1000.0:,.1f}".removesuffix(".0")


def missiles(count: int) -> str:
    """`one missile`, `10 missiles at once`."""
    return "one missile" if count == 1 else f"{count:,} missiles at once"


def taking(count: int) -> str:
    """`one missile takes`, `10 missiles at once take`."""
    return f"{missiles(count)} {'takes' if count == 1 else 'take'}"


def headline(answer: BoostAnswer) -> str:
    """The absentee ratio, and what it makes of the engagements."""
    needed = answer.reference.satellites
    if not math.isfinite(needed.value):
        return f"No number of satellites meets {missiles(answer.engagements)}."
    return (
        f"One interceptor in {answer.absentee_ratio:,.0f} is in reach: {taking(answer.engagements)} "
        f"{satellites(needed.value)} in orbit."
    )


def reference_sentence(answer: BoostAnswer) -> str:
    """The study's missile, and its number beside ours."""
    r, i = answer.reference, answer.interceptor
    said = (
        f"The measure is a missile that burns {r.burn_s:.0f} s and is met {r.height_m / 1000:.0f} km above "
        f"{r.latitude_deg:.0f}° of latitude, by {counted(i.shots, 'interceptor')} each: "
        f"{satellites(r.satellites.value)} satellites ({spread(r.satellites)})"
    )
    if i.published_satellites is None or answer.engagements != i.reference_engagements:
        return said + "."
    return said + f". The study says {i.published_satellites:,}."


def launch_sentence(answer: BoostAnswer) -> str:
    """How many of the case's launches the layer can meet at all."""
    told = answer.launches
    met = [e for e in told if e.verdict == IN_REACH]
    if not told:
        return "The case has no class that burns on its way up."
    if len(met) == len(told):
        return "Every class of the case that burns on its way up can be met from each of its launch areas."
    why = [WORDS[v] for v in dict.fromkeys(e.verdict for e in told if e.verdict != IN_REACH)]
    if not met:
        return f"No class of the case can be met with these figures: each {' or '.join(why)}."
    said = f"{len(met)} of {counted(len(told), 'launch', 'launches')} of the case can be met"
    return f"{said}; each other {' or '.join(why)}."


def count_sentence(answer: BoostAnswer) -> str:
    """How often there are enough, in a line."""
    s = answer.reference.simulated
    if s is None:
        return "No pattern of this size was counted over a day."
    return f"Over a day there are enough interceptors in reach {percent(s.enough)} of the time."


def simulated_sentence(answer: BoostAnswer) -> str:
    """What the count over a day says of the study's missile."""
    s = answer.reference.simulated
    if s is None:
        return "The pattern is too large, or out of reach, and was not counted over a day."
    return (
        f"Counted over a day, a pattern of {answer.satellites:,} in {answer.planes} planes has {s.least} to "
        f"{s.most} in reach, {number(s.mean)} on average; the closed form says "
        f"{number(answer.reference.in_reach.value)}. The {answer.needed} that "
        f"{taking(answer.engagements)} are there {percent(s.enough)} of the time.{_assured(answer)}"
    )


def _assured(answer: BoostAnswer) -> str:
    if answer.assured is None:
        return ""
    return f" To have them {percent(ASSURED)} of the time takes {satellites(answer.assured)}."


def sweep_sentence(s: Sweep) -> str:
    """How many times as many satellites a change of one figure takes, or a short sweep's ends."""
    what, verb, step = CHANGES[s.name]
    if not all(s.values[0] <= x <= s.values[-1] for x in (s.at, s.at + step)):
        return _ends(s)
    now, then = _at(s, s.at), _at(s, s.at + step)
    if not math.isfinite(now) or not math.isfinite(then):
        return f"{what} {verb} more than any number of satellites."
    return f"{what} {verb} {then / now:.1f} times as many satellites."


def _ends(s: Sweep) -> str:
    told = [(x, b.value) for x, b in zip(s.values, s.satellites, strict=True) if math.isfinite(b.value)]
    if not told:
        return "No number of satellites is enough."
    (first, many), (last, few) = told[0], told[-1]
    return f"From {first:g} to {last:g} {s.unit} it takes {satellites(many)} to {satellites(few)} satellites."


def _at(s: Sweep, x: float) -> float:
    """Satellites at `x`, between swept values in proportion; inf beside a value for which none is enough."""
    k = min(max(bisect.bisect_right(s.values, x) - 1, 0), len(s.values) - 2)
    here, ahead = s.satellites[k].value, s.satellites[k + 1].value
    part = (x - s.values[k]) / (s.values[k + 1] - s.values[k])
    if part in (0.0, 1.0):
        return ahead if part else here
    return here + part * (ahead - here) if math.isfinite(here + ahead) else math.inf


def cost_sentence(answer: BoostAnswer) -> str:
    """Our arithmetic beside the study's own total, and what is left between them."""
    c, i = answer.published, answer.interceptor
    if c.acquisition is None:
        if c.launch is None:
            return "The study gives no price."
        return (
            f"Bringing {satellites(c.satellites)} interceptors to orbit once costs {money(c.launch)} billion "
            f"dollars; what they cost themselves the study does not say."
        )
    said = (
        f"{satellites(c.satellites)} interceptors, each place filled {c.generations:.0f} times in "
        f"{c.years:.0f} years, cost {money(c.acquisition)} billion dollars to acquire"
    )
    if i.published_acquisition_musd is None:
        return said + "."
    rest = i.published_acquisition_musd - c.acquisition.value
    share = 100.0 * abs(rest) / i.published_acquisition_musd
    word = "more" if rest > 0 else "less"
    return (
        f"{said}; the study says {billions(i.published_acquisition_musd)} billion, "
        f"{billions(abs(rest))} billion ({share:.1f} %) {word}."
    )


def place(e: Engagement) -> str:
    """`Tabriz area, IRN`, or the study's missile."""
    return f"{e.area}, {e.nation}" if e.area else "the study's missile"
