"""What a headline may hide: simple countermeasures, and people warned of nothing."""

from __future__ import annotations

from synaspis.model.answers import Column, RegimeAnswer, RunAnswer
from synaspis.report.markup import section, table
from synaspis.report.words import band, number, people, percent, short_people


def countermeasures_section(answer: RunAnswer) -> str:
    """Exo-atmospheric defence in two columns: no countermeasures, and simple ones."""
    both = [r for r in answer.regimes.values() if r.simple_countermeasures is not None]
    if not both:
        return ""
    best = max(both, key=lambda r: r.protected_population)
    worse = best.simple_countermeasures
    assert worse is not None
    title = (
        f"Under {best.name}, simple countermeasures cut the people protected from "
        f"{people(best.protected_population)} to {people(worse.protected_population)}."
    )
    columns = [("regime", "c"), *(("protected", "n"), ("leakers", "n"), ("none", "n"), ("wasted", "n")) * 2]
    rows = []
    for r in both:
        c = r.simple_countermeasures
        assert c is not None
        rows.append([r.name, *_four(r, sum(r.wasted.values())), *_four(c, c.wasted)])
    groups = [("", 1), ("no countermeasures", 4), ("simple countermeasures", 4)]
    caption = (
        "The chance that discrimination fails above the atmosphere is assumed in both columns; "
        "wasted: rounds, mean, that go at spent bodies or decoys"
    )
    listed = table(caption, columns, rows, groups=groups)
    return section("Countermeasures", title, listed)


def needless_section(answer: RunAnswer) -> str:
    """People warned of a missile that would not have landed on them."""
    totals = {
        name: sum(n.warned_needlessly for n in r.nations.values()) for name, r in answer.regimes.items()
    }
    if not totals or max(totals.values()) <= 0.0:
        return ""
    most = max(totals, key=lambda name: totals[name])
    title = (
        f"Warning whole regions has a price: under {most}, {people(totals[most])} people are warned of "
        "missiles that would not have landed on them."
    )
    columns = [("nation", "c"), *((name, "n") for name in answer.regimes)]
    codes = sorted({code for r in answer.regimes.values() for code in r.nations})
    rows = [
        [code, *(short_people(r.nations[code].warned_needlessly) if code in r.nations else "–"
                 for r in answer.regimes.values())]
        for code in codes
        if any(r.nations[code].warned_needlessly > 0 for r in answer.regimes.values() if code in r.nations)
    ]  # fmt: skip
    return section("False alarm", title, table("People warned needlessly, mean over trials", columns, rows))


def _four(x: RegimeAnswer | Column, wasted: float) -> list[str]:
    leakers = f"{number(x.leakers.mean)} [{band(x.leakers.p05, x.leakers.p95)}]"
    return [short_people(x.protected_population), leakers, percent(x.p_no_leaker), number(wasted)]
