"""The page of `synaspis footprint`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

from html import escape

from synaspis.model.footprint import (
    ARRIVALS,
    MODES,
    BatteryFootprint,
    FootprintAnswer,
    RegimeFootprint,
    allowed_modes,
)
from synaspis.report import footprint_figures as drawn
from synaspis.report import footprint_findings as found
from synaspis.report.markup import Markup, figure, key, section, table
from synaspis.report.shell import MAP_CREDIT, card, heading, outline, whole
from synaspis.report.svg import element
from synaspis.report.words import people, percent, short_people

LIMITS = (
    "Missiles fly the standard shape of each class; nothing is searched for. A class counts as far as a raid "
    "may aim it: 2 % past its published range.",
    "Batteries stand alone here: no saturation, no rounds spent. Two engagements means that a second shot "
    "still meets the missile once the first has been assessed.",
    "A battery's box is cut into 200 cells along its longer side; flights between those flown are "
    "interpolated, and near the edge of a footprint a cell may be wrong.",
    "Soil is that of the borders map (1:50 million). The sea, and soil of states outside the case, are "
    "nobody's here: no mandate names them.",
    "Ground that nobody defends is told as people and square kilometres per nation only. Nothing here ranks "
    "places.",
    "Interceptors fly a straight powered path under gravity, slowed by air: their figures are public ones, "
    "with bands.",
)


def page(answer: FootprintAnswer) -> str:
    """The whole page."""
    header = heading(f"Synaspis footprint · {answer.case} · {answer.date}", found.headline(answer))
    parts = [
        _side_by_side(answer), _soil(answer), _nations(answer),
        *(_battery(answer, n, b) for n, b in answer.batteries.items() if _shown(b)), _silent(answer),
        _limits(answer),
    ]  # fmt: skip
    main = _outline(answer) + "".join(parts)
    said = f"Synaspis {answer.version}. {MAP_CREDIT}"
    return whole(f"Footprint: {answer.title}", drawn.STYLE, header, main, said)


def _outline(answer: FootprintAnswer) -> str:
    lede = f"{answer.title}. {found.classes_sentence(answer)} {found.people_sentence(answer)}"
    cards = "".join(_card(answer, name, r) for name, r in answer.regimes.items())
    return outline(lede, cards, found.METHOD)


def _card(answer: FootprintAnswer, name: str, r: RegimeFootprint) -> str:
    c = r.coalition
    lines = (
        ("share of ground in reach", percent(found.coalition_share(r))),
        ("two engagements", found.area(c.twice_m2)),
        ("people in defended places", short_people(c.population)),
        ("people not covered", short_people(found.uncovered(c))),
    )
    big, small = found.area(c.area_m2), f"defended of {found.area(c.threatened_m2)} in reach"
    return card(name, r.title, big, lines, found.tone(answer, name), small)


def _side_by_side(answer: FootprintAnswer) -> str:
    names = list(answer.regimes)
    columns = [("battery", "c"), ("interceptor", "c"), *((found.MODE_WORDS[m], "n") for m in MODES),
               *((n, "n") for n in names)]  # fmt: skip
    rows = []
    for name, b in answer.batteries.items():
        modes = [_mode(b, mode) for mode in MODES]
        rows.append([name, b.interceptor, *modes, *(_km(b.regimes[n].extent.diameter_m) for n in names)])
    groups = [("", 2), ("if all was shared and nobody had to decide", len(MODES)), ("under", len(names))]
    best = max(answer.batteries, key=lambda n: answer.batteries[n].regimes[answer.headline].extent.area_m2)
    caption = "Diameter of the circle of equal area, km. In brackets: would be, if its type could."
    return section(
        "Side by side", found.battery_sentence(answer, best), table(caption, columns, rows, groups=groups)
    )


def _mode(b: BatteryFootprint, mode: str) -> str:
    said = _km(b.modes[mode].diameter_m)
    if mode in allowed_modes(b.allowed):
        return Markup(element("b", escape(said))) if mode == b.allowed else said
    return f"({said})"


def _km(length_m: float) -> str:
    return f"{length_m / 1000:,.0f}" if length_m > 0.0 else "–"


def _soil(answer: FootprintAnswer) -> str:
    if not any(len(r.coalition.cells) for r in answer.regimes.values()):
        return ""
    maps = []
    for name in dict.fromkeys((answer.headline, answer.against)):
        c = answer.regimes[name].coalition
        title = f"{name}: {found.area(c.area_m2)}, {people(c.population)} people"
        chart = drawn.cells_map(answer, name, title)
        maps.append(figure(title, chart, "", key(drawn.cells_key(answer, name))))
    whose = "" if answer.whole else f" by {', '.join(answer.batteries)}"
    gap = found.gap_sentence(answer)
    said = element("p", escape(gap)) if gap else ""
    return section(f"Ground defended{whose}", found.people_sentence(answer), "".join(maps) + said)


def _nations(answer: FootprintAnswer) -> str:
    codes = found.nations_shown(answer)
    if not codes:
        return ""
    names = list(answer.regimes)
    columns = [("nation", "c"), ("in reach, km²", "n"), *((n, "n") for _ in range(2) for n in names)]
    groups = [("", 2), ("defended, km²", len(names)), ("people not covered", len(names))]
    rows = []
    for code in codes:
        told = [answer.regimes[n].nations[code] for n in names]
        rows.append([
            code, found.area_number(told[0].threatened_m2), *(found.area_number(s.area_m2) for s in told),
            *(short_people(found.uncovered(s)) for s in told),
        ])  # fmt: skip
    now = answer.regimes[answer.headline].nations
    least = max(codes, key=lambda c: found.uncovered(now[c]))
    left = found.uncovered(now[least])
    title = f"{people(left)} people of {least} live in places that {answer.headline} leaves uncovered."
    if left <= 0.0:
        title = f"Nobody lives in a place of the case that {answer.headline} leaves uncovered."
    return section(
        "Nations",
        title,
        table("Soil in cells of 25 km; people in the case's places", columns, rows, groups=groups),
    )


def _shown(b: BatteryFootprint) -> bool:
    return any(x.outline for x in (*b.modes.values(), *(u.extent for u in b.regimes.values())))


def _battery(answer: FootprintAnswer, name: str, b: BatteryFootprint) -> str:
    title = found.battery_sentence(answer, name)
    note = f"Cells of {b.cell_m / 1000:,.1f} km. {_against(b)}"
    chart = figure("", drawn.battery_map(answer, b, title), note, key(drawn.battery_key(answer, b)))
    return section(
        f"{name} · {b.interceptor} · {b.site.owner}", title, chart + _extents(answer, b) + _lost(b)
    )


def _against(b: BatteryFootprint) -> str:
    said = f"Against {'; '.join(b.classes)}." if b.classes else "No declared class is on its list."
    return said + (f" Not on its list: {'; '.join(b.unlisted)}." if b.unlisted else "")


def _extents(answer: FootprintAnswer, b: BatteryFootprint) -> str:
    columns = [("", "c"), ("area, km²", "n"), ("twice, km²", "n"), ("circle, km", "n"), ("across, km", "n"),
               ("people", "n"), ("flight, s", "n"), ("speed, km/s", "n"), ("closing, km/s", "n")]  # fmt: skip
    rows = []
    lines = [(found.MODE_WORDS[m] + ("" if m in allowed_modes(b.allowed) else " (would be)"), x)
             for m, x in b.modes.items()]  # fmt: skip
    lines += [(f"under {n}", u.extent) for n, u in b.regimes.items()]
    for words, x in lines:
        told = []
        for name in ARRIVALS:
            f = x.arrival[name] if x.arrival else None
            scale, digits = (1.0, 0) if name == "flight_s" else (1000.0, 1)
            ends = (f"{v / scale:,.{digits}f}" for v in (f.low, f.median, f.high)) if f else ()
            told.append(" / ".join(ends) or "–")
        area = [found.area_number(size) for size in (x.area_m2, x.twice_m2)]
        rows.append([words, *area, _km(x.diameter_m), _km(x.across_m), short_people(x.population), *told])
    caption = "Ground, and the first intercept over it: least / median / greatest"
    return table(caption, columns, rows)


def _lost(b: BatteryFootprint) -> str:
    rows = []
    for name in b.regimes:
        told = [f"{words} {found.area_number(size)}" for words, size in found.reasons(b, name)]
        rows.append([name, ", ".join(told) or "none"])
    caption = (
        f"Not defended, km², by the first gate that fails, of {found.area(b.threatened_m2)} in reach about it"
    )
    return table(caption, [("regime", "c"), ("why", "t")], rows)


def _silent(answer: FootprintAnswer) -> str:
    told = found.silent(answer)
    if not told:
        return ""
    rows = [[name, "; ".join(because) or "no class in reach"] for name, because in told.items()]
    title = f"{len(told)} of {len(answer.batteries)} batteries defend no ground under {answer.headline}."
    return section(
        "Without a footprint",
        title,
        table("", [("battery", "c"), ("why, and what would mend it", "t")], rows),
    )


def _limits(answer: FootprintAnswer) -> str:
    said = "".join(element("li", escape(text)) for text in (*LIMITS, *answer.notes))
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
