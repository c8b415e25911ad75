"""The report stands alone, escapes what it is given, and holds every figure of the summary."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from synaspis.model.answers import MOST_DRAWN, Column, RunAnswer, Scene, SceneEvent, Spread, Tables
from synaspis.model.summary import summary
from synaspis.report import findings, globe
from synaspis.report.figures import Bar, bars
from synaspis.report.map import view_of
from synaspis.report.page import page
from synaspis.report.words import number, people, percent, short_people
from tests.report.fake import fake_answer, fake_facts, hostile_answer
from tests.report.headings import in_order

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(HTMLParser):
    """Collects the text of headings and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.tags: list[str] = []
        self.headings: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if self._titled():
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._titled():
            self.headings[-1] += data

    def _titled(self) -> bool:
        """Whether in the title of the page or of a section; cards have names."""
        return bool(self.open) and self.open[-1] in ("h1", "h2") and "article" not in self.open


SCRIPT = re.compile(r"<script(?P<kind>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)


def laid_out(html: str) -> str:
    """The page as it stands without its scripts."""
    return SCRIPT.sub("", html)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(laid_out(html))
    return reader


def held(html: str) -> dict[str, Any]:
    """The data of the moving picture, as the script reads it."""
    texts = [m["text"] for m in SCRIPT.finditer(html) if 'id="synaspis-data"' in m["kind"]]
    assert len(texts) == 1
    return json.loads(texts[0])


def test_the_markup_is_well_formed() -> None:
    reader = read(page(fake_answer(), fake_facts()))
    assert reader.crossed == []
    assert reader.open == []


def test_nothing_is_fetched() -> None:
    html = laid_out(page(fake_answer(), fake_facts()))
    assert not re.search(r"(?:src|href|xlink:href|action|data)\s*=", html)
    assert "url(" not in html
    assert "@import" not in html
    assert not {"script", "link", "iframe", "img", "object", "embed", "form"} & set(read(html).tags)


def test_names_show_as_text() -> None:
    reader = read(page(hostile_answer(), fake_facts()))
    assert "script" not in reader.tags
    assert reader.crossed == []
    assert reader.open == []
    assert "<script>alert(1)</script>" in "".join(reader.words)


def test_names_in_the_data_end_no_script() -> None:
    html = page(hostile_answer(), fake_facts())
    assert [m["kind"].strip() for m in SCRIPT.finditer(html)] == [
        'type="application/json" id="synaspis-data"',
        "",
    ]
    data = held(html)
    assert data["summary"]["title"] == hostile_answer().title
    assert "<" not in next(m["text"] for m in SCRIPT.finditer(html) if m["kind"])


def test_the_data_hold_the_summary_and_the_scenes() -> None:
    answer = fake_answer()
    data = held(page(answer, ()))
    assert data["summary"] == json.loads(json.dumps(summary(answer)))
    assert set(data["scenes"]) == set(data["figures"]) == set(answer.regimes)
    assert len(data["scenes"]["allied"]["events"]) == len(answer.scenes["allied"].events)
    assert [len(f["points"]) for f in data["flights"]] == [len(f.points) for f in answer.flights]


def test_long_flights_are_thinned_and_keep_their_ends() -> None:
    answer = fake_answer()
    points = np.column_stack([np.arange(500.0), *np.full((3, 500), 40.0)])
    flight = globe.document(replace(answer, flights=(replace(answer.flights[0], points=points),)))["flights"][
        0
    ]
    assert len(flight["points"]) == MOST_DRAWN
    assert (flight["points"][0][0], flight["points"][-1][0]) == (0.0, 499.0)


def test_what_has_no_place_is_null_and_what_has_no_time_is_left_out() -> None:
    answer = fake_answer()
    nowhere = replace(answer.scenes["allied"].events[0], latitude_deg=float("nan"), height_km=float("inf"))
    never = replace(nowhere, time_s=float("inf"))
    scene = Scene(trial=3, events=(nowhere, never))
    told = held(page(replace(answer, scenes={"allied": scene}), ()))["scenes"]["allied"]
    assert told["trial"] == 3
    assert [e["latitude_deg"] for e in told["events"]] == [None]
    assert isinstance(nowhere, SceneEvent)


def test_nations_that_learn_together_are_told_together() -> None:
    answer = fake_answer()
    first = replace(
        answer.scenes["allied"].events[0], kind="known", nation="USA", text="USA knows", time_s=90.2
    )
    others = [replace(first, nation=n, text=f"{n} knows", time_s=90.4) for n in ("ROU", "POL")]
    later = replace(first, nation="DEU", text="DEU knows", time_s=99.0)
    scene = Scene(trial=0, events=(first, *others, later))
    told = held(page(replace(answer, scenes={"allied": scene}), ()))["scenes"]["allied"]["events"]
    assert [e["text"] for e in told] == ["USA knows, as do ROU and POL", "DEU knows"]


def test_the_map_stands_where_the_globe_will() -> None:
    html = laid_out(page(fake_answer(), ()))
    assert html.index('id="synaspis-globe"') < html.index('class="still"') < html.index('class="lede"')
    assert 'id="synaspis-globe" hidden' in html


def test_the_page_stays_small() -> None:
    assert len(page(fake_answer(), fake_facts()).encode()) < 3_000_000


def test_every_figure_of_the_summary_is_there() -> None:
    answer = fake_answer()
    words = "".join(read(page(answer, fake_facts())).words)
    due = []
    for regime in answer.regimes.values():
        due += [people(regime.protected_population), short_people(regime.covered_twice_population)]
        due += [number(regime.leakers.mean), number(regime.leakers.p95), percent(regime.p_no_leaker)]
        due += [number(regime.prevented_impacts.mean), *map(number, regime.shots_lost.values())]
        due += [*map(number, regime.rounds.values()), *map(number, regime.kills_by_layer.values())]
        for nation in regime.nations.values():
            due += [short_people(nation.protected_population), number(nation.leakers_mean)]
            due.append(f"{nation.warning_s.p50:,.0f}")
    assert answer.difference is not None
    due += [
        short_people(getattr(answer.difference, s))
        for s in ("information", "mandate", "authority", "coordination")
    ]
    due += [short_people(c.gain) for c in answer.difference.clauses]
    missing = [figure for figure in due if figure not in words]
    assert missing == []


def test_titles_are_sentences() -> None:
    headings = read(page(fake_answer(), fake_facts())).headings
    assert len(headings) >= 10
    assert in_order(laid_out(page(fake_answer(), fake_facts())))
    assert [h for h in headings if not (h.endswith(".") and len(h.split()) >= 4)] == []


def test_figures_have_their_birth_certificates() -> None:
    words = "".join(read(page(fake_answer(), fake_facts())).words)
    for due in ("870", "696", "1,087.5", "km", "21 September 2012", "2012", "low", "rcs_m2 0.01"):
        assert due in words


def test_hypothetical_and_assumed_are_marked() -> None:
    html = page(fake_answer(), fake_facts())
    assert 'class="flag hypothetical"' in html
    assert 'class="track hypothetical"' in html
    assert 'class="flag assumed"' in html


def bare(answer: RunAnswer) -> RunAnswer:
    """One regime, nothing to compare, nothing flown, nothing deployed."""
    regime = answer.regimes["allied"]
    regime = replace(
        regime, nations={}, rounds={}, rounds_spread={}, kills={}, kills_by_layer={}, shots_lost={}, lost=()
    )
    return replace(
        answer, regimes={"allied": regime}, difference=None, flights=(), sites=(), notes=(), self_check={}
    )


def test_a_bare_answer_still_makes_a_page() -> None:
    reader = read(page(bare(fake_answer()), ()))
    assert reader.crossed == []
    assert "The allied regime protects" in reader.headings[0]


@pytest.mark.parametrize(
    ("whole", "word"),
    [(5.6e6, "more than"), (-5.6e6, "fewer than"), (312_000.0, "more people"), (0.0, "as many")],
)
def test_the_headline_says_which_way(whole: float, word: str) -> None:
    answer = fake_answer()
    assert answer.difference is not None
    assert word in findings.headline(replace(answer, difference=replace(answer.difference, whole=whole)))


def test_parts_that_pull_apart_are_given_in_people() -> None:
    d = fake_answer().difference
    assert d is not None
    assert "information 40\u00a0%" in findings.split_sentence(d)
    said = findings.split_sentence(replace(d, mandate=-1.0e6))
    assert "mandate −1.00\u00a0million" in said
    assert "%" not in said


def test_a_part_too_small_to_say_is_not_said() -> None:
    d = fake_answer().difference
    assert d is not None
    small = replace(d, information=0.998 * d.whole, mandate=0.002 * d.whole, authority=0.0, coordination=0.0)
    assert findings.split_sentence(small) == "Nearly the whole difference comes from information."
    alone = replace(small, information=d.whole, mandate=0.0)
    assert findings.split_sentence(alone) == "The whole difference comes from information."


def test_what_the_difference_rests_on_is_said_beside_it() -> None:
    answer = fake_answer()
    d = answer.difference
    assert d is not None
    said = findings.condition_sentence(replace(answer, difference=replace(d, hypothetical=1.5e6)))
    left = people(d.whole - 1.5e6)
    assert said.startswith(f"Counting only missiles of classes that exist it protects {left} more.")
    assert "exist" not in findings.condition_sentence(answer)
    assert findings.condition_sentence(replace(answer, difference=replace(d, whole=0.0))) == ""
    assert findings.condition_sentence(replace(answer, difference=None)) == ""
    column = Column(
        leakers=Spread(mean=9.0, p05=7.0, p95=11.0), p_no_leaker=0.0, protected_population=2.0e6, wasted=3.0
    )
    half = {n: replace(r, simple_countermeasures=column) for n, r in answer.regimes.items()}
    assert findings.condition_sentence(replace(answer, regimes=half)).endswith("it protects none more.")


def test_leakers_are_drawn_by_trial_where_the_table_has_them() -> None:
    answer = fake_answer()
    columns = {"regime": np.array(["floor", "floor", "allied"]), "leakers": np.array([10, 12, 3])}
    with_table = replace(answer, tables=Tables(columns={"trials": columns}))
    assert "share of trials" not in page(answer, ())
    assert "share of trials" in page(with_table, ())


def test_bars_of_nothing_and_of_losses_stay_in_the_drawing() -> None:
    for values in ((0.0, 0.0), (-5.0, -2.0), (-1.0, 3.0)):
        rows = [Bar(label=str(v), value=v, said=str(v)) for v in values]
        drawn = bars(rows, "people", str, "said")
        assert "nan" not in drawn
        assert min(float(x) for x in re.findall(r' x="(-?[\d.]+)"', drawn)) >= 0


def test_the_map_holds_all_that_flies() -> None:
    answer = fake_answer()
    view = view_of(answer, 1040, 600)
    assert all(view.holds(view.at(float(p[1]), float(p[2])), 5) for f in answer.flights for p in f.points)


def test_every_place_on_the_ground_is_on_the_map() -> None:
    answer = fake_answer()
    html = page(answer, ())
    for cls, kinds in (("asset", {"city", "base"}), ("battery", {"battery"}), ("sensor", {"radar"})):
        drawn = len(re.findall(rf'<g><title>[^<]*</title><\w+ [^>]*class="{cls}"', html))
        assert drawn == 2 * sum(site.kind in kinds for site in answer.sites), cls


def test_the_map_is_equal_area() -> None:
    """A degree cell far from the middle keeps its area on the sphere (Snyder 1987, chapter 24)."""
    view = view_of(fake_answer(), 1040, 600)

    def cell_km2(lat: float, lon: float) -> float:
        d = 0.05
        ring = [view.plane_km(lat + a, lon + b) for a, b in ((-d, -d), (-d, d), (d, d), (d, -d))]
        pairs = zip(ring, ring[1:] + ring[:1], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2

    for lat, lon in ((52.5, 13.4), (35.0, 54.0), (10.0, -20.0)):
        sphere = (6371 * np.radians(0.1)) ** 2 * np.cos(np.radians(lat))
        assert cell_km2(lat, lon) == pytest.approx(sphere, rel=1e-4)


def test_spread_is_said_as_luck() -> None:
    answer = fake_answer()
    assert isinstance(answer.regimes["allied"].leakers, Spread)
    assert "luck" in page(answer, ())


def test_a_ship_is_drawn_and_named_as_one() -> None:
    answer = fake_answer()
    afloat = tuple(replace(s, domain="sea") if s.name == "deveselu" else s for s in answer.sites)
    ashore, at_sea = page(answer, ()), page(replace(answer, sites=afloat), ())
    assert "ship with interceptors" not in laid_out(ashore)
    assert "ship with interceptors" in laid_out(at_sea)
    assert "owned by USA, at sea" in laid_out(at_sea)
    assert "at sea" not in laid_out(ashore)
    assert {s["name"] for s in held(at_sea)["sites"] if s["domain"] == "sea"} == {"deveselu"}


def test_values_beside_bars_stay_inside_a_narrow_drawing() -> None:
    rows = [Bar(label="no mandate", value=11.6, said="11.6 under national", tone="against")]
    narrow = bars(rows, "pairs", lambda v: f"{v:g}", "said").split('class="narrow"')[1]
    found = re.search(r'<text x="([0-9.]+)"[^>]*class="value[^>]*>11.6 under', narrow)
    assert found and float(found.group(1)) + 7.0 * len("11.6 under national") < 350


def test_backticks_in_a_note_set_a_name_as_code() -> None:
    html = page(replace(fake_answer(), notes=("The regime `<b>` is a test.", "One ` alone.")), fake_facts())
    assert "The regime <code>&lt;b&gt;</code> is a test." in html
    assert "One ` alone." in html
