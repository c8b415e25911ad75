"""What `synaspis warn` found, in sentences: the same in the terminal and on the page."""

from __future__ import annotations

import math

import numpy as np

from synaspis.model.early_warning import (
    AssetWarning,
    Change,
    FirstSight,
    NationWarning,
    RegimeWarning,
    WarnAnswer,
)
from synaspis.report.words import counted, duration, listed, people

STAGE_WORDS = {
    "alert_s": "the launch is known",
    "class_s": "its range class is told",
    "impact_50km_s": "the impact point is known to 50 km",
    "impact_10km_s": "the impact point is known to 10 km",
    "impact_1km_s": "the impact point is known to 1 km",
    "track_s": "a track is good enough",
    "fire_control_s": "a battery of its own may launch on a fire-control track",
    "defended_s": "a battery that defends the place may launch on a fire-control track",
    "warned_s": "people are warned",
}
TOLD = ("impact_10km_s", "warned_s", "impact_50km_s", "alert_s", "track_s", "fire_control_s")
"""Changes worth a sentence, the most telling first."""
FIVE_MINUTES = 300
AFTER_BURNOUT_S = 60.0
METHOD = (
    "Times of single places are without luck: every missile flies, and every first scan detects. People, "
    "medians and percentiles are over trials; missiles that fail, looks that fail and sensors out of order "
    "are in them. "
    "Warning ends with the impact and begins when the nation's alert, narrow enough for it to warn, "
    "has reached people; none counts as zero."
)


def pair(answer: WarnAnswer) -> tuple[RegimeWarning, RegimeWarning] | None:
    """The headline regime and the one it is held against; None where only one was asked for."""
    if answer.headline == answer.against:
        return None
    return answer.regimes[answer.headline], answer.regimes[answer.against]


def tone(answer: WarnAnswer, regime: str) -> str:
    """headline, against or other: how a regime is coloured."""
    if regime == answer.headline:
        return "headline"
    return "against" if regime == answer.against else "other"


def warned(r: RegimeWarning, seconds: int) -> float:
    """People in attacked places with at least so many seconds, mean over trials."""
    return sum(n.warned_people[seconds] for n in r.nations.values())


def attacked(r: RegimeWarning) -> float:
    """People in attacked places."""
    return sum(n.population_attacked for n in r.nations.values())


def needless(r: RegimeWarning) -> float:
    """People warned of what would not have landed on them, mean over trials."""
    return sum(n.warned_needlessly for n in r.nations.values())


def headline(answer: WarnAnswer) -> str:
    """How many people have five minutes."""
    ours = answer.regimes[answer.headline]
    count, whole = warned(ours, FIVE_MINUTES), attacked(ours)
    if whole <= 0.0:
        return "The raid attacks no place of the case."
    said = (
        f"Under {answer.headline}, {people(count)} of {people(whole)} people in attacked places "
        "have five minutes of warning"
    )
    both = pair(answer)
    if both is None:
        return said + "."
    other = warned(both[1], FIVE_MINUTES)
    if abs(other - count) < 0.5:
        return f"{said}, as many as under {answer.against}."
    return f"{said}; under {answer.against}, {people(other)}."


def people_sentence(answer: WarnAnswer) -> str:
    """Ninety seconds, five and ten minutes under the headline regime."""
    ours = answer.regimes[answer.headline]
    told = [f"{people(warned(ours, s))} have {duration(s)} or more" for s in sorted(_steps(ours))]
    return f"Under {answer.headline}, {listed(told)}."


def _steps(r: RegimeWarning) -> set[int]:
    return {s for n in r.nations.values() for s in n.warned_people}


def change_sentence(answer: WarnAnswer) -> str:
    """The most telling change between the two regimes, with its clauses."""
    best = telling_change(answer)
    if best is None:
        return "No place learns of any missile at another time." if pair(answer) else times_sentence(answer)
    clauses = f" ({listed(best.because)})" if best.because else ""
    told = [(answer.headline, best.after_s), (answer.against, best.before_s)]
    (better, soon), (worse, late) = sorted(told, key=lambda item: item[1])
    return (
        f"For {best.asset} ({best.nation}), {STAGE_WORDS[best.stage]} under {better} "
        f"{_after(soon)}{clauses}; under {worse}, {_after(late)}."
    )


def times_sentence(answer: WarnAnswer) -> str:
    """With one regime alone: the largest place."""
    found = largest(answer.regimes[answer.headline])
    if found is None:
        return "Nobody is attacked."
    code, name, asset = found
    alert, told = _after(asset.known.alert_s), _after(asset.known.impact_10km_s)
    return (
        f"For {name} ({code}), the launch is known {alert}, and the impact point to 10 km {told}, "
        f"under {answer.headline}."
    )


def telling_change(answer: WarnAnswer) -> Change | None:
    """What is known at all under one of the two, before what is known sooner; the largest place first."""
    for never in (True, False):
        for stage in TOLD:
            fit = [c for c in answer.changes if c.stage == stage]
            fit = [c for c in fit if (math.isinf(c.before_s) or math.isinf(c.after_s)) == never]
            if fit:
                return fit[0]
    return None


def largest(r: RegimeWarning) -> tuple[str, str, AssetWarning] | None:
    """Nation, name and warning of the attacked place with most people."""
    found = [(code, name, a) for code, n in r.nations.items() for name, a in n.assets.items()]
    return max(found, key=lambda item: item[2].population, default=None)


def main_place(n: NationWarning) -> tuple[str, AssetWarning]:
    """A nation's attacked place with most people."""
    return max(n.assets.items(), key=lambda item: item[1].population)


def nation_codes(answer: WarnAnswer) -> list[str]:
    """Nations attacked, those with most people attacked first."""
    nations = answer.regimes[answer.headline].nations
    return sorted(
        (c for c in nations if nations[c].assets), key=lambda c: (-nations[c].population_attacked, c)
    )


def warning_sentence(answer: WarnAnswer) -> str:
    """Whose warning changes most."""
    both = pair(answer)
    if both is None:
        return people_sentence(answer)
    gains = {c: both[0].nations[c].luck.p50 - both[1].nations[c].luck.p50 for c in nation_codes(answer)}
    code = max(gains, key=lambda c: abs(gains[c]), default=None)
    if code is None or abs(gains[code]) < 1.0:
        return "Median warning is the same under both regimes."
    word = "gains" if gains[code] > 0 else "loses"
    now, then = both[0].nations[code].luck.p50, both[1].nations[code].luck.p50
    return (
        f"{code} {word} most: a median warning of {duration(now)} under {answer.headline}, "
        f"{duration(then)} under {answer.against}."
    )


def ellipse_sentence(answer: WarnAnswer, code: str, name: str) -> str:
    """How well the impact is known a minute after burnout."""
    told = []
    for regime in dict.fromkeys((answer.headline, answer.against)):
        size = size_after(answer.regimes[regime].nations[code].assets[name])
        known = f"to {_size(size)}" if math.isfinite(size) else "not at all"
        told.append(f"{known} under {regime}")
    return f"A minute after burnout {code} knows where the missile at {name} will fall {' and '.join(told)}."


def size_after(asset: AssetWarning) -> float:
    """Semi-major axis of the impact ellipse a minute after burnout, metres."""
    sizes = dict(zip(asset.known.ellipse_s, asset.known.ellipse_m, strict=True))
    at = [s for s in sizes if s >= asset.burnout_s + AFTER_BURNOUT_S - 1.0]
    return sizes[min(at)] if at else math.inf


def coverage_sentence(answer: WarnAnswer, c: FirstSight, code: str) -> str:
    """From how many cells a nation hears of a launch, and how soon."""
    told: list[str] = []
    for regime in dict.fromkeys((answer.headline, answer.against)):
        view = c.views[regime][code]
        seen = np.isfinite(view.report_s)
        middle = duration(float(np.sort(view.report_s[seen])[int(seen.sum()) // 2])) if seen.any() else "–"
        where = "all" if seen.all() else f"{int(seen.sum())} of {len(c.cells)}" if seen.any() else "none"
        after = f", after {middle} in the median" if seen.any() else ""
        told.append(f"from {where}{after}" if told else f"from {where} of the cells{after}")
        told[-1] += f", under {regime}"
    return f"{code} hears of a launch of {c.threat} {'; '.join(told)}."


def telling_nation(answer: WarnAnswer, c: FirstSight) -> str:
    """The nation whose coverage differs most between the two regimes; the first attacked where none does."""
    codes = nation_codes(answer) or [code for code in c.views[answer.headline] if code]

    def differs(code: str) -> float:
        now, then = (c.views[r][code].report_s for r in (answer.headline, answer.against))
        return float(np.abs(np.minimum(now, 1e4) - np.minimum(then, 1e4)).sum())

    return max(codes, key=differs)


def needless_sentence(answer: WarnAnswer) -> str:
    """The price of warning whole regions."""
    totals = {name: needless(r) for name, r in answer.regimes.items()}
    most = max(totals, key=lambda name: totals[name])
    if totals[most] <= 0.0:
        return "Nobody is warned of a missile that would not have landed on them."
    return (
        f"Warning whole regions has a price: under {most}, {people(totals[most])} people are warned of "
        "missiles that would not have landed on them."
    )


def knowledge_sentence(answer: WarnAnswer) -> str:
    """In how many places the class is told, and how well the launch point is known."""
    places = [a for n in answer.regimes[answer.headline].nations.values() for a in n.assets.values()]
    told = sum(math.isfinite(a.known.class_s) for a in places)
    points = [a.known.launch_point_m for a in places if math.isfinite(a.known.launch_point_m)]
    said = f"Under {answer.headline}, the range class is told for {told} of {counted(len(places), 'place')}"
    if not points:
        return f"{said}; no infrared report places a launch."
    return f"{said}; infrared places the launches to within {_size(max(points))}."


def _after(seconds: float) -> str:
    return f"{duration(seconds)} after launch" if math.isfinite(seconds) else "never"


def _size(metres: float) -> str:
    km = metres / 1000.0
    return (
        f"{km:,.0f}\u00a0km" if km >= 9.95 else f"{km:.1f}\u00a0km" if km >= 0.1 else f"{metres:,.0f}\u00a0m"
    )
