"""The page of `synaspis warn`: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

import math
from html import escape

from synaspis.model.early_warning import (
    STAGES,
    AssetWarning,
    FirstSight,
    RegimeWarning,
    WarnAnswer,
    seen_by,
)
from synaspis.report import svg
from synaspis.report import warn_figures as drawn
from synaspis.report import warn_findings as found
from synaspis.report.figures import Bar, Range, bars, ranges
from synaspis.report.findings import raid_sentence
from synaspis.report.markup import Markup, figure, key, section, table
from synaspis.report.shell import MAP_CREDIT, card, heading, outline, whole
from synaspis.report.svg import element
from synaspis.report.words import duration, listed, people, percent, short_people, tick, tick_people

HEADINGS = {
    "alert_s": "launch", "class_s": "class", "impact_50km_s": "50 km", "impact_10km_s": "10 km",
    "impact_1km_s": "1 km", "track_s": "track", "fire_control_s": "own fire control",
    "defended_s": "fire control of defenders", "warned_s": "people warned",
}  # fmt: skip
LIMITS = (
    "Satellites and radars are those of public figures, with bands: `run --draws` says what doubt about "
    "them does.",
    "Track quality is the Cramér-Rao bound: what a good filter attains. The impact point is told once "
    "the missile has burnt out, or comes out of its last manoeuvre.",
    "An alert tells an impact point to 100 km at best, however good the sender's track.",
    "Own fire control: the first launch of one of the nation's batteries that a track good enough for it "
    "allows; a dash where none of its batteries can meet that missile. Defenders: any battery with a "
    "mandate for the place, whoever owns it.",
    "A clause is cited where a time would be a second later without it, or never come; where several "
    "would do, all of them are.",
    "The class is told once the 90 % interval of the burnout speed lies between the least speeds for 1,000, "
    "3,000 and 5,500 km. The launch point rests on the first infrared looks.",
    "Maps: a missile of the class rises straight up from the middle of each cell until it burns out. "
    "Shared reports that depend on whom a missile threatens are taken as released after burnout. "
    "Cells are not ranked: they say what sensors and agreements make of a launch there.",
)


def page(answer: WarnAnswer) -> str:
    """The whole page."""
    header = heading(f"Synaspis warn · {answer.case} · {answer.date}", found.headline(answer))
    parts = [
        _timeline(answer), _warning(answer), _people(answer), _ellipse(answer),
        *(_coverage(answer, c) for c in answer.coverage), _knowledge(answer), _needless(answer),
        _constellations(answer), _places(answer), _limits(answer),
    ]  # fmt: skip
    main = _outline(answer) + "".join(parts)
    said = f"Synaspis {answer.version}. Seed {answer.seed}, {answer.trials:,} trials. {MAP_CREDIT}"
    return whole(f"Warning: {answer.title}", drawn.STYLE, header, main, said)


def _outline(answer: WarnAnswer) -> str:
    lede = f"{answer.title}. {raid_sentence(answer.flights)} {found.warning_sentence(answer)}"
    cards = "".join(_card(answer, name, r) for name, r in answer.regimes.items())
    return outline(lede, cards, found.METHOD)


def _card(answer: WarnAnswer, name: str, r: RegimeWarning) -> str:
    places = [a for n in r.nations.values() for a in n.assets.values()]
    known = sum(math.isfinite(a.known.impact_10km_s) for a in places)
    lines = (
        ("90 s or more", short_people(found.warned(r, 90))),
        ("ten minutes", short_people(found.warned(r, 600))),
        ("impact to 10 km", f"{known} of {len(places)}"),
        ("needlessly", short_people(found.needless(r))),
    )
    big = people(found.warned(r, found.FIVE_MINUTES))
    small = f"of {people(found.attacked(r))} people have five minutes"
    return card(name, r.title, big, lines, found.tone(answer, name), small)


def _timeline(answer: WarnAnswer) -> str:
    if not found.nation_codes(answer):
        return ""
    title = found.change_sentence(answer)
    note = (
        "For each nation its largest attacked place, and the missile that comes down there first. "
        "Without luck: every first scan detects."
    )
    chart = figure("", drawn.timeline(answer, title), note, key(drawn.timeline_key(answer)))
    return section("What is known, and when", title, chart)


def _warning(answer: WarnAnswer) -> str:
    rows = []
    for code in found.nation_codes(answer):
        told = []
        for name, r in answer.regimes.items():
            w = r.nations[code].luck
            said = f"{code}, {name}: {duration(w.p50)} [{duration(w.p05)} to {duration(w.p95)}]"
            tone = found.tone(answer, name)
            told.append(Range(low=w.p05, middle=w.p50, high=w.p95, tone=tone, said=said))
        rows.append((code, told))
    title = found.warning_sentence(answer)
    marks = []
    for n in answer.regimes:
        tone = found.tone(answer, n)
        dot = svg.element("circle", cx=11, cy=7, r=5, cls=f"dot {tone}")
        marks.append((svg.line(1, 7, 21, 7, f"reach {tone}") + dot, n))
    note = f"Dot: median over {answer.trials:,} trials and attacked places, by population; line: 5–95 %."
    chart = figure("", ranges(rows, "warning before impact, s", tick, title), note, key(marks))
    return section("Warning", title, chart)


def _people(answer: WarnAnswer) -> str:
    title = found.people_sentence(answer)
    rows = [
        Bar(
            label=name, value=found.warned(r, found.FIVE_MINUTES),
            said=short_people(found.warned(r, found.FIVE_MINUTES)), tone=found.tone(answer, name),
            whole=found.attacked(r), note=r.title,
        )
        for name, r in answer.regimes.items()
    ]  # fmt: skip
    axis = "people with five minutes or more, mean"
    chart = figure(
        "", bars(rows, axis, tick_people, title), "Mean over trials. Outline: all people in attacked places."
    )
    names = list(answer.regimes)
    columns = [("nation", "c"), ("attacked", "n"), *((n, "n") for _ in (90, 300, 600) for n in names)]
    groups = [("", 2), *((f"with {s} s or more", len(names)) for s in (90, 300, 600))]
    listed_ = [
        [
            code, short_people(answer.regimes[names[0]].nations[code].population_attacked),
            *(short_people(answer.regimes[n].nations[code].warned_people[s])
              for s in (90, 300, 600) for n in names),
        ]
        for code in found.nation_codes(answer)
    ]  # fmt: skip
    caption = "People warned, mean over trials; a place counts in the trials in which something lands there"
    return section("People", title, chart + table(caption, columns, listed_, groups=groups))


def _ellipse(answer: WarnAnswer) -> str:
    telling = found.telling_change(answer)
    largest = found.largest(answer.regimes[answer.headline])
    if largest is None:
        return ""
    code, name = (telling.nation, telling.asset) if telling else largest[:2]
    title = found.ellipse_sentence(answer, code, name)
    note = (
        "Semi-major axis of the 90 % ellipse of the impact point; each step up is tenfold. A curve begins "
        "where its nation first knows an impact point at all."
    )
    chart = figure("", drawn.ellipses(answer, code, name, title), note)
    return section("Where it will fall", title, chart)


def _coverage(answer: WarnAnswer, c: FirstSight) -> str:
    code = found.telling_nation(answer, c)
    title = found.coverage_sentence(answer, c, code)
    shown = list(dict.fromkeys((answer.against, answer.headline)))
    views = [c.views[r][code] for r in shown]
    maps = [
        figure(f"What {code} hears under {r}", drawn.launch_map(answer, c, r, code, f"{title} Map: {r}."))
        for r in shown
    ]
    note = (
        f"{c.title}: burns {c.burn_s:.0f} s, up to {c.burnout_km:.0f} km high. Seconds from launch to report."
    )
    inside = key(drawn.map_key(views)) + element("div", "".join(maps), cls="pair maps")
    inside += element("p", escape(note), cls="small") + _coverage_table(answer, c)
    return section(f"Launches of {c.threat}", title, inside)


def _coverage_table(answer: WarnAnswer, c: FirstSight) -> str:
    regimes = list(dict.fromkeys((answer.against, answer.headline)))
    columns = [
        ("nation", "c"),
        *((h, "n") for _ in regimes for h in ("cells heard of", "stereo", "median, s")),
    ]
    rows = []
    for code in (code for code in c.views[answer.headline] if code):
        told = [seen_by(c.views[r][code]) for r in regimes]
        cells = []
        for t in told:
            middle = t["report_median_s"]
            cells += [percent(float(str(t["seen"]))), percent(float(str(t["stereo"])))]
            cells += ["–" if middle is None else f"{middle:,.0f}"]
        rows.append([code, *cells])
    groups = [("", 1), *((r, 3) for r in regimes)]
    listed_ = table("Share of cells, and the median time of the first report", columns, rows, groups=groups)
    return element("details", element("summary", "All nations") + listed_)


def _knowledge(answer: WarnAnswer) -> str:
    columns = [("nation", "c"), ("place", "c"), ("class of missile", "c"), ("class told, s", "n"),
               ("launch placed, s", "n"), ("to, km", "n"),
               ("impact a minute after burnout, km", "n")]  # fmt: skip
    rows = []
    for code in found.nation_codes(answer):
        for name, a in answer.regimes[answer.headline].nations[code].assets.items():
            size = found.size_after(a) / 1000
            rows.append([
                code, name, a.threat, _seconds(a.known.class_s), _seconds(a.known.launch_point_s),
                _size(a.known.launch_point_m / 1000), _size(size),
            ])  # fmt: skip
    caption = f"Under {answer.headline}: range class, first infrared report of the launch, ellipses of 90 %"
    return section("What it is, and whence", found.knowledge_sentence(answer), table(caption, columns, rows))


def _needless(answer: WarnAnswer) -> str:
    codes = [
        c
        for c in answer.regimes[answer.headline].nations
        if any(r.nations[c].warned_needlessly > 0 for r in answer.regimes.values())
    ]
    columns = [("nation", "c"), *((name, "n") for name in answer.regimes)]
    rows = [
        [c, *(short_people(r.nations[c].warned_needlessly) for r in answer.regimes.values())] for c in codes
    ]
    inside = table("People warned needlessly, mean over trials", columns, rows) if rows else ""
    return section("False alarm", found.needless_sentence(answer), inside)


def _constellations(answer: WarnAnswer) -> str:
    if not answer.constellations:
        return ""
    columns = [("constellation", "c"), ("satellites", "n"), ("in view, least", "n"), ("mean", "n"),
               ("stereo", "n"), ("longest gap", "n")]  # fmt: skip
    rows = [
        [
            name, str(c.satellites), str(c.coverage_min), f"{c.coverage_mean:.1f}", percent(c.stereo_share),
            "none" if c.persistent_stereo else duration(c.worst_gap_s),
        ]
        for name, c in answer.constellations.items()
    ]  # fmt: skip
    whole = [name for name, c in answer.constellations.items() if c.persistent_stereo]
    said = (
        f"Two satellites of {listed(whole)} see every place on Earth at all times."
        if whole
        else "No constellation of the case sees every place on Earth with two satellites at all times."
    )
    caption = "Satellites that see a cell, over all cells of the Earth and a day"
    return section("Constellations", said, table(caption, columns, rows))


def _places(answer: WarnAnswer) -> str:
    """Every place under every regime; what differs from the regime held against stands out."""
    parts = []
    for name, r in answer.regimes.items():
        columns = [("nation", "c"), ("place", "c"), *((HEADINGS[s], "n") for s in STAGES),
                   ("impact", "n"), ("warning", "n"), ("rests on", "t")]  # fmt: skip
        rows = []
        for code in found.nation_codes(answer):
            for place, a in r.nations[code].assets.items():
                other = answer.regimes[answer.against].nations[code].assets[place]
                times = [_cell(float(getattr(a.known, s)), float(getattr(other.known, s))) for s in STAGES]
                rows.append([code, place, *times, _seconds(a.impact_s), _cell(a.warning_s, other.warning_s),
                             _rests_on(a)])  # fmt: skip
        caption = f"Under {name}: seconds after launch; warning in seconds before impact, without luck"
        inside = element("summary", escape(name)) + table(caption, columns, rows)
        parts.append(element("details", inside))
    title = (
        f"What each nation knows of the missile at each place; what differs from {answer.against} stands out."
        if found.pair(answer)
        else "What each nation knows of the missile at each place."
    )
    return section("Every place", title, "".join(parts))


def _cell(value: float, beside: float) -> str:
    said = _seconds(value)
    differs = value != beside and not abs(value - beside) < 1.0
    return Markup(element("b", escape(said), cls="friend")) if differs else said


def _seconds(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else "–"


def _size(km: float) -> str:
    if not math.isfinite(km):
        return "–"
    return f"{km:,.0f}" if km >= 9.95 else f"{km:.1f}" if km >= 0.1 else f"{km:.2f}"


def _rests_on(a: AssetWarning) -> str:
    return ", ".join(dict.fromkeys(c for s in STAGES for c in a.known.because[s])) or "own sensors"


def _limits(answer: WarnAnswer) -> str:
    said = "".join(element("li", escape(text)) for text in (*LIMITS, *answer.notes))
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
