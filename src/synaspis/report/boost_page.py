"""The page of a boost-phase layer: one HTML file that needs nothing else, for screen, phone and paper."""

from __future__ import annotations

import math
from html import escape

from synaspis.model.answers import Band
from synaspis.model.boost_layer import ASSURED, BoostAnswer, Cost, Engagement
from synaspis.report import boost_figures as drawn
from synaspis.report import boost_findings as found
from synaspis.report.markup import figure, key, section, table
from synaspis.report.shell import facts, heading, outline, whole
from synaspis.report.svg import element, line, path, rect
from synaspis.report.words import number

TOPICS = {"burn_s": "Burn time", "decision_s": "Decision", "fly_out_kmps": "Fly-out speed"}
PARTS = ("procurement", "launch", "acquisition", "operation", "total")

MARKED = (
    "Classes of the case stand at their burn times only: the curve is of the study's missile and height, and "
    "the table of launches says whether a class can be met."
)


def page(answer: BoostAnswer) -> str:
    """The whole page."""
    header = heading(f"Synaspis plan · {answer.case} · {answer.interceptor.name}", found.headline(answer))
    parts = [
        _launches(answer),
        _latitudes(answer),
        *_sweeps(answer),
        _count(answer),
        _cost(answer),
        _limits(answer),
    ]
    main = _outline(answer) + "".join(parts)
    said = f"Synaspis {answer.version}. {answer.trials} draws of the public figures, seed {answer.seed}."
    return whole(f"Boost-phase layer: {answer.title}", drawn.STYLE, header, main, said)


def _outline(answer: BoostAnswer) -> str:
    i = answer.interceptor
    lede = (
        f"{i.title}. {found.reference_sentence(answer)} {found.launch_sentence(answer)} "
        f"{found.cost_sentence(answer)}"
    )
    cards = "".join((
        _card("Needed", found.satellites(answer.reference.satellites.value),
              f"{found.spread(answer.reference.satellites)} over draws",
              (("missiles at once", f"{answer.engagements:,}"), ("interceptors each", str(i.shots)),
               (f"there {100 * ASSURED:.0f} % of the time", _whole(answer.assured)))),
        _card("In reach", number(answer.reference.in_reach.value), f"of {answer.satellites:,}, on average",
              (("absentee ratio", _ratio(answer)), ("to fly", f"{answer.reference.flight_s:.0f} s"),
               ("reach to the side", f"{answer.reference.radius_m / 1000:.0f} km"))),
        _card("Orbits", f"{i.altitude_m / 1000:.0f} km", f"inclined {math.degrees(i.inclination_rad):.0f}°",
              (("fly-out speed", f"{i.fly_out_mps / 1000:g} km/s"), ("detection", f"{i.detection_s:.0f} s"),
               ("decision", f"{i.decision_s:.0f} s"))),
    ))  # fmt: skip
    return outline(lede, cards, found.METHOD)


def _whole(count: int | None) -> str:
    return "–" if count is None else found.satellites(count)


def _ratio(answer: BoostAnswer) -> str:
    return f"{answer.absentee_ratio:,.0f}" if math.isfinite(answer.absentee_ratio) else "–"


def _card(name: str, big: str, below: str, lines: tuple[tuple[str, str], ...]) -> str:
    inside = element("h2", escape(name)) + element("div", escape(big), cls="big")
    inside += element("p", escape(below), cls="title") + element("dl", facts(lines))
    return element("div", inside, cls="card")


def _launches(answer: BoostAnswer) -> str:
    columns = [("launch", "c"), ("class", "c"), ("latitude", "n"), ("burns, s", "n"), ("to fly, s", "n"),
               ("in reach", "n"), ("satellites needed", "n"), ("", "c")]  # fmt: skip
    rows = [_launch(e) for e in (answer.reference, *answer.launches)]
    caption = (
        f"In reach: of {answer.satellites:,} in orbit, on average. Needed: for "
        f"{found.missiles(answer.engagements)}. In brackets: over draws"
    )
    tones = ["headline", *("" for _ in answer.launches)]
    return section("Launches", found.launch_sentence(answer), table(caption, columns, rows, tones))


def _launch(e: Engagement) -> list[str]:
    return [
        found.place(e), e.threat or "–", f"{e.latitude_deg:.1f}°", f"{e.burn_s:.0f}", f"{e.flight_s:.0f}",
        f"{number(e.in_reach.value)} ({number(e.in_reach.low)} to {number(e.in_reach.high)})",
        f"{found.satellites(e.satellites.value)} ({found.spread(e.satellites)})", found.WORDS[e.verdict],
    ]  # fmt: skip


def _latitudes(answer: BoostAnswer) -> str:
    i = answer.interceptor
    most = max(range(len(answer.by_latitude)), key=lambda k: answer.by_latitude[k])
    said = f"Most are in reach at {answer.latitudes_deg[most]:.0f}° of latitude, where orbits turn back."
    note = (
        f"The study's missile, were it launched there; {answer.satellites:,} interceptors in orbits inclined "
        f"{math.degrees(i.inclination_rad):.0f}°. Short strokes: the case's launch areas."
    )
    return section("By latitude", said, figure("", drawn.latitudes(answer, said), note))


def _sweeps(answer: BoostAnswer) -> list[str]:
    marks = [(path([(1, 7), (21, 7)], "curve headline"), "satellites needed"),
             (rect(1, 1, 20, 12, "doubt"), "5th to 95th percentile over draws"),
             (line(11, 1, 11, 13, "launch"), "classes of the case")]  # fmt: skip
    note = (
        f"For {found.missiles(answer.engagements)} like the study's; each step up is tenfold. The dot is "
        "where the study's figure lies. The band runs out of the top where in some draws no number is enough."
    )
    parts = []
    for s in answer.sweeps:
        said = found.sweep_sentence(s)
        shown = key(marks if s.name == "burn_s" else marks[:2])
        told = f"{note} {MARKED}" if s.name == "burn_s" and answer.launches else note
        parts.append(section(TOPICS[s.name], said, shown + figure("", drawn.sweep(answer, s, said), told)))
    return parts


def _count(answer: BoostAnswer) -> str:
    told = [e for e in (answer.reference, *answer.launches) if e.simulated is not None]
    columns = [("launch", "c"), ("class", "c"), ("closed form", "n"), ("mean", "n"), ("least", "n"),
               ("5th percentile", "n"), ("median", "n"), ("most", "n"), ("enough", "n"),
               ("at any moment of the burn", "n")]  # fmt: skip
    rows = []
    for e in told:
        s = e.simulated
        assert s is not None
        rows.append([
            found.place(e), e.threat or "–", number(e.in_reach.value), number(s.mean), f"{s.least}",
            number(s.p05), number(s.p50), f"{s.most}", f"{100 * s.enough:.0f} %", number(s.burning),
        ])  # fmt: skip
    caption = f"Interceptors in reach of a launch over a day; enough: share of times with {answer.needed}"
    inside = table(caption, columns, rows) if rows else ""
    said = element("p", escape(found.simulated_sentence(answer)))
    return section("Counted on their orbits", found.count_sentence(answer), said + inside)


def _cost(answer: BoostAnswer) -> str:
    i = answer.interceptor
    columns = [("billion dollars", "c"), ("this constellation", "n"), ("over draws", "n"),
               ("as needed here", "n"), ("over draws", "n"), ("the study says", "n")]  # fmt: skip
    published = {"acquisition": i.published_acquisition_musd, "total": i.published_total_musd}
    rows = [
        [part, *_priced(answer.published, part), *_priced(answer.asked, part),
         found.billions(published.get(part))]
        for part in PARTS
    ]  # fmt: skip
    if i.published_programme_musd is not None:
        rows.append(["whole programme", "", "", "", "", found.billions(i.published_programme_musd)])
        rest = i.published_programme_musd - (i.published_total_musd or 0.0)
        rows.append(["of it other layers", "", "", "", "", found.billions(rest)])
    needed = answer.asked.satellites if answer.asked is not None else math.inf
    caption = (
        f"{answer.satellites:,} satellites, and the {found.satellites(needed)} that "
        f"{found.taking(answer.engagements)}; places filled {answer.published.generations:.0f} times"
    )
    return section("Cost", found.cost_sentence(answer), table(caption, columns, rows))


def _priced(c: Cost | None, part: str) -> list[str]:
    b: Band | None = None if c is None else getattr(c, part)
    if b is None:
        return ["–", "–"]
    return [found.money(b), f"{found.billions(b.low)} to {found.billions(b.high)}"]


def _limits(answer: BoostAnswer) -> str:
    said = "".join(element("li", escape(text)) for text in (*answer.notes, *found.LIMITS))
    return section("Limits", "What these figures do and do not say.", element("ul", said, cls="plain"))
