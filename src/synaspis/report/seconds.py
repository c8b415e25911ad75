"""The price of a second: people covered against the time that a decision takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from synaspis.model.answers import DecisionTime, RunAnswer
from synaspis.report import svg
from synaspis.report.figures import NARROW, apart, both
from synaspis.report.findings import tone
from synaspis.report.markup import figure, section, table
from synaspis.report.words import people, short_people, tick, tick_people

HEIGHT = 300.0
ROOM = 92.0
"""For the names at the ends of the curves."""
NOTE = (
    "If every order took so long. Solid: at least one shot at every class and launch area declared; dashed: "
    "at least two. Free of any raid, with full magazines."
)


def seconds_section(answer: RunAnswer) -> str:
    """People with two shots left, and with one, against decision time, per regime and nation."""
    prices = answer.price_of_a_second
    if not prices:
        return ""
    name = answer.difference.headline if answer.difference else next(iter(prices))
    title = finding(name, prices[name])
    chart = figure("", both(lambda width: _curves(answer, width, title)), NOTE)
    return section("The price of a second", title, chart + _table(name, prices[name]))


def finding(regime: str, price: DecisionTime) -> str:
    """Where deliberating longer first costs a shot that an instant order would have had."""
    second = _falls(price.decision_s, price.twice)
    first = _falls(price.decision_s, price.once)
    said = []
    if second is not None:
        when, lost = second
        said.append(f"deliberation beyond {when:.0f}\u00a0s costs the second shot over {people(lost)} people")
    if first is not None:
        when, lost = first
        start = "beyond" if said else "deliberation beyond"
        said.append(f"{start} {when:.0f}\u00a0s leaves {people(lost)} people with no shot at all")
    if not said:
        return f"Under {regime}, no decision within {price.decision_s[-1]:.0f} s costs anybody a shot."
    return f"Under {regime}, {', and '.join(said)}."


def _falls(seconds: Sequence[float], covered: Sequence[float]) -> tuple[float, float] | None:
    """The last time before the largest fall, and how many people it costs; None where nothing falls."""
    drops = [before - after for before, after in pairwise(covered)]
    if not drops or max(drops) <= 0.0:
        return None
    i = drops.index(max(drops))
    return seconds[i], drops[i]


def _curves(answer: RunAnswer, width: float, said: str) -> str:
    left, right, top, bottom = 62.0, width - ROOM, 12.0, HEIGHT - 46
    prices = answer.price_of_a_second
    longest = max(p.decision_s[-1] for p in prices.values())
    most = max(max(p.once) for p in prices.values()) or 1.0

    def at(seconds: float, count: float) -> tuple[float, float]:
        return left + (right - left) * seconds / longest, bottom - (bottom - top) * count / most

    parts = []
    for mark in svg.ticks(0.0, most, 4):
        y = at(0.0, mark)[1]
        parts.append(svg.line(left, y, right, y, "zero" if mark == 0 else "grid"))
        parts.append(svg.label(left - 8, y + 4, tick_people(mark), "tick", "end"))
    for mark in svg.ticks(0.0, longest, 6 if width > NARROW else 4):
        parts.append(svg.label(at(mark, 0)[0], bottom + 17, tick(mark), "tick", "middle"))
    # The regime that the title speaks of comes last, over the curves that run along it.
    for name, p in sorted(prices.items(), key=lambda item: tone(answer, item[0]) == "headline"):
        for covered, style in ((p.once, "curve"), (p.twice, "curve dashed")):
            points = [at(s, c) for s, c in zip(p.decision_s, covered, strict=True)]
            parts.append(svg.path(points, f"{style} {tone(answer, name)}", title=name))
    ends = {name: at(0.0, p.once[-1])[1] for name, p in prices.items()}
    for name, y in apart(ends, top, bottom).items():
        parts.append(svg.label(right + 8, y + 4, svg.cut(name, ROOM - 10), f"value {tone(answer, name)}"))
    parts.append(svg.label((left + right) / 2, HEIGHT - 8, "seconds that a decision takes", "axis", "middle"))
    parts.append(svg.label(left - 54, top + 2, "people", "axis"))
    return svg.drawing(width, HEIGHT, "".join(parts), said)


def _table(regime: str, price: DecisionTime) -> str:
    """Nations that lose by waiting: people covered at once, and after one, three and ten minutes."""
    steps = [i for i, s in enumerate(price.decision_s) if s in (0.0, 60.0, 180.0, 600.0)]
    columns = [("nation", "c")]
    for i in steps:
        columns += [(f"{price.decision_s[i]:.0f} s", "n"), ("twice", "n")]
    rows = [
        [code, *(short_people(x[i]) for i in steps for x in (once, twice))]
        for code, (once, twice) in price.nations.items()
        if max(once) > 0
    ]
    return (
        table(f"People covered under {regime}, once and twice, by decision time", columns, rows)
        if rows
        else ""
    )
