"""The sentences: what a run found, in words, the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Sequence

from synaspis.model.answers import (
    SWITCHES,
    ClauseGain,
    Difference,
    Flight,
    NationAnswer,
    RegimeAnswer,
    RunAnswer,
)
from synaspis.report.words import CAUSE_WORDS, counted, duration, listed, number, people

NEGLIGIBLE_PEOPLE = 0.5
NEGLIGIBLE_SHARE = 0.005
"""Of the difference: a smaller part of it is not spoken of."""
NEGLIGIBLE_ROUNDS = 0.01
"""Of all rounds fired: fewer that were doubled are not spoken of."""


def headline(answer: RunAnswer) -> str:
    """The finding of the run in one sentence."""
    pair = compared(answer)
    if answer.difference is None or pair is None:
        best = max(answer.regimes.values(), key=lambda r: r.protected_population, default=None)
        if best is None:
            return "No regime was run."
        return (
            f"The {best.name} regime protects {people(best.protected_population)} of "
            f"{people(best.population_at_risk)} people at risk."
        )
    ours, theirs = pair
    whole = answer.difference.whole
    if abs(whole) < NEGLIGIBLE_PEOPLE:
        return f"The {ours.name} regime protects as many people as the {theirs.name} one."
    more = "more" if whole > 0 else "fewer"
    return (
        f"The {ours.name} regime protects {people(abs(whole))} {more} people than the {theirs.name} one."
        if abs(whole) < 999_500
        else f"The {ours.name} regime protects {people(abs(whole))} people {more} than the {theirs.name} one."
    )


def compared(answer: RunAnswer) -> tuple[RegimeAnswer, RegimeAnswer] | None:
    """The headline regime and the one it is held against, where both were run."""
    d = answer.difference
    if d is None or d.headline not in answer.regimes or d.against not in answer.regimes:
        return None
    return answer.regimes[d.headline], answer.regimes[d.against]


def groups(d: Difference) -> list[tuple[str, float]]:
    """The four parts of the difference, largest first."""
    return sorted(((name, float(getattr(d, name))) for name in SWITCHES), key=lambda part: -abs(part[1]))


def split_sentence(d: Difference) -> str:
    """Where the difference comes from: shares where all parts pull the same way, else people."""
    every = [(name, value) for name, value in groups(d) if abs(value) >= NEGLIGIBLE_PEOPLE]
    parts = [part for part in every if abs(part[1]) >= NEGLIGIBLE_SHARE * abs(d.whole)]
    if len(parts) == 1:
        return f"{'The' if parts == every else 'Nearly the'} whole difference comes from {parts[0][0]}."
    if not parts:
        return "None of the four groups of clauses changes who is protected."
    if all(value * d.whole > 0 for _, value in parts):
        said = [f"{name} {100 * value / d.whole:.0f}\u00a0%" for name, value in parts]
    else:
        said = [f"{name} {'+' if value > 0 else '−'}{people(abs(value))}" for name, value in parts]
    return f"The difference comes from {listed(said)}."


def condition_sentence(answer: RunAnswer) -> str:
    """How much of the difference rests on classes that do not exist, and what countermeasures leave of it."""
    pair = compared(answer)
    if pair is None or answer.difference is None or answer.difference.whole < NEGLIGIBLE_PEOPLE:
        return ""
    d, (ours, theirs) = answer.difference, pair
    said = []
    if d.hypothetical >= NEGLIGIBLE_PEOPLE:
        exists = d.whole - d.hypothetical
        more = f"{people(exists)} more" if exists >= NEGLIGIBLE_PEOPLE else "none more"
        said.append(f"Counting only missiles of classes that exist it protects {more}.")
    if ours.simple_countermeasures is not None and theirs.simple_countermeasures is not None:
        left = (
            ours.simple_countermeasures.protected_population
            - theirs.simple_countermeasures.protected_population
        )
        if people(left) != people(d.whole):
            more = f"{people(left)} more" if left >= NEGLIGIBLE_PEOPLE else "none more"
            said.append(f"With simple countermeasures it protects {more}.")
    return " ".join(said)


def top_clause(d: Difference) -> ClauseGain | None:
    """The clause whose loss costs most."""
    best = max(d.clauses, key=lambda c: c.gain, default=None)
    return best if best is not None and best.gain >= NEGLIGIBLE_PEOPLE else None


def clause_sentence(d: Difference) -> str:
    """The clause that matters most."""
    best = top_clause(d)
    if best is None:
        return "No single clause, left out alone, changes who is protected."
    assumed = "; its terms are assumed" if best.assumed else ""
    return (
        f"The clause that matters most is {best.id} ({best.agreement}, {best.group}): "
        f"without it {people(best.gain)} fewer people are protected{assumed}."
    )


def leaker_sentence(answer: RunAnswer) -> str:
    """How many missiles get through."""
    pair = compared(answer)
    if pair is None:
        best = min(answer.regimes.values(), key=lambda r: r.leakers.mean)
        return f"On average {number(best.leakers.mean)} missiles get through under the {best.name} regime."
    ours, theirs = pair
    return (
        f"On average {number(ours.leakers.mean)} missiles get through under the {ours.name} regime, "
        f"{number(theirs.leakers.mean)} under the {theirs.name} one."
    )


def warning_sentence(answer: RunAnswer) -> str:
    """Whose warning changes most between the compared regimes."""
    pair = compared(answer)
    if pair is None:
        return "Warning differs by nation and by regime."
    ours, theirs = pair
    gains = {
        code: nation.warning_s.p50 - theirs.nations[code].warning_s.p50
        for code, nation in ours.nations.items()
        if code in theirs.nations
    }
    if not gains or max(abs(gain) for gain in gains.values()) < 1:
        return f"Median warning is the same under the {ours.name} and the {theirs.name} regime."
    code = max(gains, key=lambda c: abs(gains[c]))
    word = "gains" if gains[code] > 0 else "loses"
    return (
        f"{code} {word} most: a median warning of {duration(ours.nations[code].warning_s.p50)} "
        f"under {ours.name}, {duration(theirs.nations[code].warning_s.p50)} under {theirs.name}."
    )


def nation_sentence(answer: RunAnswer) -> str:
    """Who gains most people protected."""
    pair = compared(answer)
    if pair is None:
        return "Protection differs by nation."
    ours, theirs = pair
    gains = {
        code: nation.protected_population - theirs.nations[code].protected_population
        for code, nation in ours.nations.items()
        if code in theirs.nations
    }
    gainers = sorted((c for c in gains if gains[c] >= NEGLIGIBLE_PEOPLE), key=lambda c: -gains[c])
    losers = sorted((c for c in gains if gains[c] <= -NEGLIGIBLE_PEOPLE), key=lambda c: gains[c])
    if not gainers and not losers:
        return "No nation is better or worse protected."
    said = []
    if gainers:
        said.append(f"{gainers[0]} gains most, {people(gains[gainers[0]])} people protected")
    if losers:
        said.append(f"{losers[0]} loses most, {people(-gains[losers[0]])}")
    return listed(said) + "."


def lost_sentence(answer: RunAnswer) -> str:
    """Why shots that were in reach were never fired."""
    pair = compared(answer)
    if pair is None:
        return "Shots in reach that were never fired, by the first gate that failed."
    ours, theirs = pair
    falls = {
        cause: theirs.shots_lost.get(cause, 0.0) - ours.shots_lost.get(cause, 0.0)
        for cause in {*ours.shots_lost, *theirs.shots_lost}
    }
    cause = max(sorted(falls), key=lambda c: abs(falls[c]), default=None)
    if cause is None or abs(falls[cause]) < 0.005:
        return "Shots in reach are lost to the same causes under both regimes."
    word = "fewer" if falls[cause] > 0 else "more"
    return (
        f"The {ours.name} regime loses {number(abs(falls[cause]))} {word} shots in reach "
        f"to “{CAUSE_WORDS.get(cause, cause)}” than the {theirs.name} one."
    )


def doubled_sentence(answer: RunAnswer) -> str:
    """Rounds spent on missiles that others engaged without telling; "" where hardly any were."""
    fired = {r.name: sum(r.rounds.values()) for r in answer.regimes.values()}
    twice = {r.name: sum(r.doubled.values()) for r in answer.regimes.values()}
    if not twice:
        return ""
    pair = compared(answer)
    order = ([pair[0].name] if pair else []) + list(twice)  # of equals the headline is named
    most, least = max(order, key=lambda n: twice[n]), min(order, key=lambda n: twice[n])
    if twice[most] < NEGLIGIBLE_ROUNDS * fired[most] or twice[most] == 0.0:
        return ""
    said = (
        f"Under the {most} regime {number(twice[most])} of {number(fired[most])} rounds go at missiles "
        "that another nation, which did not tell, is engaging or has killed"
    )
    if twice[most] - twice[least] < NEGLIGIBLE_ROUNDS * fired[most]:
        return said + "."
    return said + f"; under the {least} one {number(twice[least]) if twice[least] > 0.0 else 'none'}."


def raid_sentence(flights: Sequence[Flight]) -> str:
    """The raid in a sentence, with what is hypothetical in it."""
    if not flights:
        return "The raid holds no missile."
    targets = {f.target for f in flights if f.target}
    nations = {f.nation for f in flights if f.nation}
    supposed = sum(f.status == "hypothetical" for f in flights)
    tail = f", {supposed} of them of a hypothetical class" if supposed else ""
    return (
        f"{counted(len(flights), 'missile')} at {counted(len(targets), 'place')} in "
        f"{counted(len(nations), 'nation')}{tail}."
    )


def nation_codes(answer: RunAnswer) -> list[str]:
    """Nations that any regime speaks of, those with most people at risk first."""
    found: dict[str, NationAnswer] = {}
    for regime in answer.regimes.values():
        for code, nation in regime.nations.items():
            found.setdefault(code, nation)
    return sorted(found, key=lambda c: (-found[c].population_at_risk, -found[c].covered_population, c))


def tone(answer: RunAnswer, regime: str) -> str:
    """headline, against or other: how a regime is coloured."""
    d = answer.difference
    if d is None:
        return "headline" if regime == list(answer.regimes)[-1] else "other"
    return "headline" if regime == d.headline else "against" if regime == d.against else "other"
