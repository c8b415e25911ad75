"""Arrangements of the catalogue: what ships is sound, and a case takes one by name, safely."""

from __future__ import annotations

import dataclasses

import pytest

from synaspis.errors import Problem
from synaspis.files import catalog, tree
from synaspis.files.case import resolve
from synaspis.files.iso3166 import CODES
from synaspis.model.agreement import Agreement
from synaspis.model.arrangement import Arrangement
from synaspis.model.case import Case
from tests.files.example import SMALL

HEAD, AGREED = SMALL[: SMALL.index("agreements:\n")], SMALL[SMALL.index("agreements:\n") :]
TAKEN = """agreements:
  - {from: us-turkey}
  - {from: us-romania, name: basing}
  - {from: nato-bmd, name: shield}
regimes:
  - {name: national, title: Each for itself, agreements: [us-turkey, basing]}
  - {name: allied, title: Together, agreements: [us-turkey, basing, shield]}
compare: {headline: allied, against: national}
"""


def made(text: str) -> Case:
    case, problems = resolve(text.encode(), "small.yaml")
    assert case is not None, "\n".join(map(str, problems))
    return case


def problems(agreements: str, head: str = HEAD) -> list[Problem]:
    return resolve((head + agreements).encode(), "small.yaml")[1]


def only(old: str, new: str, head: str = HEAD) -> tuple[int, int, str, str]:
    assert TAKEN.count(old) == 1
    found = problems(TAKEN.replace(old, new), head)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0].line - HEAD.count("\n"), found[0].column, found[0].what, found[0].mend


def arrangements() -> list[Arrangement]:
    found = [catalog.noun(name) for name in catalog.names("arrangement")]
    return [a for a in found if isinstance(a, Arrangement)]


def agreed(case: Case, name: str) -> Agreement:
    return next(a for a in case.file.agreements if a.name == name)


# --- what ships


def test_every_arrangement_is_cited_and_its_clauses_too() -> None:
    wanted = "nato-bmd us-turkey us-romania us-poland us-spain us-japan us-korea gsomia-2016 us-uk us-denmark"
    wanted += " missile-warning-2023 australia-japan-us us-israel us-uae us-gcc european-sky-shield"
    assert set(wanted.split()) <= set(catalog.names("arrangement"))
    for a in arrangements():
        assert any(str(year) in a.source for year in range(1988, 2025)), a.name
        assert a.addresses or a.recalled, a.name
        assert a.clauses, a.name
        for clause in a.clauses:
            assert clause.note, clause.id
            assert clause.assumed or clause.source or a.source, clause.id


def test_clause_ids_are_unique_over_the_catalogue() -> None:
    ids = [c.id for a in arrangements() for c in a.clauses]
    assert len(ids) == len(set(ids))


def test_times_are_figures_with_a_band() -> None:
    fact = next(f for f in catalog.entry("nato-bmd").facts if f.parameter == "authorities.0.decision")
    assert fact.low < fact.value < fact.high
    assert fact.confidence == "assumed"


@pytest.mark.parametrize("a", arrangements(), ids=lambda a: a.name)
def test_a_case_with_every_nation_and_site_can_take_it(a: Arrangement) -> None:
    groups = {n for g in a.alliances for n in g.members}
    named = {n for c in a.clauses for kind in vars(c).values() if isinstance(kind, tuple) for n in kind}
    nations = sorted({"USA", "ROU", "TUR", "IRN", "PRK"} | groups | ({*a.parties, *named} & CODES))
    head = HEAD.replace("[USA, ROU, TUR]\nall", f"[{', '.join(nations)}]\nall").replace(
        "launch_areas:\n",
        "launch_areas:\n  - {name: North, nation: PRK, latitude_deg: 39, longitude_deg: 125.7}\n",
    )
    sites = {
        s.partition("/")[0]: "deveselu" if "/" in s or c_has(c, s) else "kurecik"
        for c in a.clauses
        for s in site_names(c)
    }
    given = ", ".join(f"{k}: {v}" for k, v in sites.items())
    text = f"""agreements:
  - {{from: {a.name}, name: it{f", sites: {{{given}}}" if given else ""}}}
regimes:
  - {{name: without, title: Without, agreements: []}}
  - {{name: with, title: With, agreements: [it]}}
compare: {{headline: with, against: without}}
"""
    it = agreed(made(head + text), "it")
    assert [c.id for c in it.clauses] == [c.id for c in a.clauses]
    assert [c.note for c in it.clauses] == [c.note for c in a.clauses]
    assert (it.title, it.source, it.since, it.until) == (a.title, a.source, a.since, a.until)
    for mine, theirs in zip(it.clauses, a.clauses, strict=True):
        for field in dataclasses.fields(mine):
            if not isinstance(getattr(theirs, field.name), (tuple, str)) and field.name != "when":
                assert getattr(mine, field.name) == getattr(theirs, field.name), (mine.id, field.name)


def site_names(clause: object) -> tuple[str, ...]:
    return tuple(s for key in ("sensors", "batteries", "sites") for s in getattr(clause, key, ()))


def c_has(clause: object, site: str) -> bool:
    """Whether `site` must be a battery: rounds defend from it or fire from it."""
    return site in getattr(clause, "batteries", ()) or "fire" in getattr(clause, "scope", ())


# --- what a case takes


def test_a_case_takes_title_dates_source_and_clauses() -> None:
    case, a = made(HEAD + TAKEN), catalog.noun("us-romania")
    assert isinstance(a, Arrangement)
    basing = agreed(case, "basing")
    assert (basing.title, basing.source, basing.since) == (a.title, a.source, a.since)
    assert basing.parties == ("USA", "ROU")
    assert [c.id for c in basing.clauses] == [f"us-romania-{i}" for i in (3, 4, 1, 2)]
    assert basing.releases[0].when.threatens == ("recipient",)
    assert basing.releases[0].delay_s == a.releases[0].delay_s
    assert basing.consents[1].assumed


def test_what_is_taken_is_what_a_case_would_write() -> None:
    spelt = """  - name: us-uk
    title: British radar at Fylingdales
    parties: [USA, GBR]
    source: written
    since: 2003-12-18
    releases:
      - {id: us-uk-1, effect: permit, owners: [GBR], recipients: [USA], products: [track], sensors: [kurecik],
         delay_s: 5, source: written, note: written}
      - {id: us-uk-2, effect: permit, owners: [USA], recipients: [GBR], products: [alert], delay_s: 10,
         source: written, note: written}
"""
    head = HEAD.replace("[USA, ROU, TUR]\nall", "[USA, ROU, TUR, GBR]\nall")
    taken = agreed(
        made(head + TAKEN.replace("regimes:", "  - {from: us-uk, sites: {fylingdales: kurecik}}\nregimes:")),
        "us-uk",
    )
    written = agreed(made(head + TAKEN.replace("regimes:", spelt + "regimes:")), "us-uk")
    unworded = [dataclasses.replace(c, source="written", note="written") for c in taken.releases]
    assert dataclasses.replace(taken, source="written", releases=tuple(unworded)) == written


def test_nations_outside_the_case_are_left_out() -> None:
    shield = agreed(made(HEAD + TAKEN), "shield")
    assert set(shield.parties) == {"USA", "ROU", "TUR"}
    assert set(shield.releases[1].recipients) == {"USA", "ROU", "TUR"}
    assert shield.authorities[0].deciders == ("USA",)


def test_a_clause_that_speaks_of_nobody_here_goes() -> None:
    # Every nation of the case is an Ally: nobody is left who must not have Kürecik's data.
    kurecik = agreed(made(HEAD + TAKEN), "us-turkey")
    assert [c.id for c in kurecik.clauses] == ["us-turkey-3", "us-turkey-1"]


def test_a_caveat_holds_for_whom_the_case_adds() -> None:
    head = HEAD.replace("nations: [USA, ROU, TUR]", "nations: [USA, ROU, TUR, AUT, ISR]")
    forbid = agreed(made(head + TAKEN), "us-turkey").releases[0]
    assert (forbid.effect, set(forbid.recipients)) == ("forbid", {"AUT", "ISR"})
    assert forbid.sensors == ("kurecik",)


def test_a_condition_that_nobody_meets_opens_nothing() -> None:
    # No launch area lies in North Korea: the permit must go, not lose its condition.
    head = HEAD.replace("nations: [USA, ROU, TUR]", "nations: [USA, ROU, TUR, JPN, KOR]")
    text = TAKEN.replace("{from: us-turkey}", "{from: us-korea, name: us-turkey, sites: {seongju: deveselu}}")
    assert "us-korea-2" not in [c.id for c in agreed(made(head + text), "us-turkey").clauses]
    area = "{name: North, nation: PRK, latitude_deg: 39, longitude_deg: 125.7}"
    there = head.replace("launch_areas:\n", f"launch_areas:\n  - {area}\n")
    release = agreed(made(there + text), "us-turkey").releases[0]
    assert release.id == "us-korea-2"
    assert release.when.launched_from == ("PRK",)
    assert release.sensors == ("deveselu/radar",)


def test_sites_may_bear_other_names() -> None:
    head = HEAD.replace("name: kurecik", "name: east")
    case = made(head + TAKEN.replace("{from: us-turkey}", "{from: us-turkey, sites: {kurecik: [east, geo]}}"))
    assert agreed(case, "us-turkey").consents[0].sites == ("east", "geo")


def test_a_clause_may_be_left_out() -> None:
    text = TAKEN.replace("{from: us-romania,", "{from: us-romania, without: [us-romania-2, us-romania-4],")
    ids = [c.id for c in agreed(made(HEAD + text), "basing").clauses]
    assert ids == ["us-romania-3", "us-romania-1"]


def test_one_text_may_make_two_agreements() -> None:
    # So that a regime can have the basing and lack the consent to fire.
    text = TAKEN.replace("{from: us-romania, name: basing}", "{from: us-romania, name: basing, "
        "without: [us-romania-2]}\n  - {from: us-romania, name: fire, "
        "without: [us-romania-1, us-romania-3, us-romania-4]}")  # fmt: skip
    case = made(HEAD + text)
    assert [c.id for c in agreed(case, "fire").clauses] == ["us-romania-2"]
    assert "us-romania-2" not in [c.id for c in agreed(case, "basing").clauses]


OWN = """catalog:
  sources: {s: An exercise}
  entries:
    pact:
      kind: arrangement
      title: A pact
      summary: Of two.
      parties: [USA, ROU]
      source: An exercise, 2024
      since: 2020-01-01
      releases:
        - id: pact-1
          effect: permit
          owners: [USA]
          recipients: [ROU]
          products: [track]
          degraded_to: {value: 5, unit: km, low: 1, high: 9, source: s, as_of: 2024, confidence: low}
"""


def test_an_own_arrangement_may_be_taken() -> None:
    case = made(OWN + HEAD + TAKEN.replace("{from: us-turkey}", "{from: pact, name: us-turkey}"))
    release = agreed(case, "us-turkey").releases[0]
    assert (release.degraded_to_m, release.delay_s) == (5000.0, 0.0)


def test_the_case_hash_follows_what_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    before = made(HEAD + TAKEN)
    item, other = catalog.shipped().get("us-turkey"), catalog.shipped().get("us-japan")
    assert isinstance(item.noun, Arrangement)
    assert isinstance(other.noun, Arrangement)
    changed = catalog.Item(item.entry, dataclasses.replace(item.noun, recalled="something else"))
    elsewhere = catalog.Item(other.entry, dataclasses.replace(other.noun, recalled="something else"))
    known = catalog.shipped()
    monkeypatch.setattr(catalog, "shipped", lambda: known.with_own(catalog.Catalog({"us-japan": elsewhere})))
    assert made(HEAD + TAKEN).sha256 == before.sha256
    monkeypatch.setattr(catalog, "shipped", lambda: known.with_own(catalog.Catalog({"us-turkey": changed})))
    assert made(HEAD + TAKEN).sha256 != before.sha256
    # Its figures are no figures of the run: ignorance does not draw them.
    assert "us-turkey" not in before.entries


# --- bad input


def test_a_broken_own_arrangement_is_said_once() -> None:
    text = OWN.replace("since: 2020-01-01", "since: soon") + HEAD
    text += TAKEN.replace("{from: us-turkey}", "{from: pact, name: us-turkey}")
    found = resolve(text.encode(), "small.yaml")[1]
    assert [p.what for p in found] == ["`since` is `soon`, not a date"]


def test_a_site_is_never_renamed_to_nothing() -> None:
    # A permit without sensors would hold for all of them.
    found = problems(TAKEN.replace("{from: us-turkey}", "{from: us-turkey, sites: {kurecik: []}}"))
    assert {p.what for p in found} == {"`sites` has no name for `kurecik`"}


def test_a_flood_of_takings_is_stopped() -> None:
    found = problems(
        TAKEN.replace("  - {from: us-turkey}", "  - {from: nato-bmd}\n" * 5000 + "  - {from: us-turkey}")
    )
    assert "more than 100 agreements are taken from the catalogue" in [p.what for p in found]


def test_an_unknown_arrangement_is_said_with_the_nearest() -> None:
    line, column, what, mend = only("from: us-turkey", "from: us-turky")
    assert (line, column) == (2, 12)
    assert what == "the catalogue has no arrangement `us-turky`"
    assert mend == "did you mean `us-turkey`?"


def test_an_entry_of_another_kind_is_no_arrangement() -> None:
    assert only("from: us-turkey", "name: us-turkey, from: an-tpy-2")[2].endswith("no arrangement `an-tpy-2`")
    assert only("from: us-turkey", "name: us-turkey, from: [a]")[2] == "`from` is not a name"


def test_a_clause_taken_twice_is_said() -> None:
    found = problems(TAKEN.replace("name: shield}", "name: shield}\n  - {from: us-turkey, name: again}"))
    twice = (
        f"two things are called `us-turkey-1`: this clause and the clause on line {HEAD.count(chr(10)) + 2}"
    )
    assert twice in [p.what for p in found]
    assert all(p.mend == "rename one, or take one out" for p in found)


def test_an_own_clause_of_the_same_id_is_said() -> None:
    own = (
        AGREED[: AGREED.index("regimes:")].replace("base-1", "us-turkey-1").replace("name: basing", "name: b")
    )
    own = own.replace("name: shield", "name: s").removeprefix("agreements:\n")
    found = problems(TAKEN.replace("regimes:", own + "regimes:"))
    assert [p.what.partition(":")[0] for p in found] == ["two things are called `us-turkey-1`"]


def test_a_site_that_the_case_lacks_is_said_with_the_mend() -> None:
    head = HEAD.replace("name: kurecik", "name: east")
    found = problems(TAKEN, head)
    assert {p.line for p in found} == {HEAD.count("\n") + 2}
    assert sorted(p.what for p in found) == [
        "`us-turkey-1` of `us-turkey` speaks of `kurecik`; the case has no such sensor or battery",
        "`us-turkey-3` of `us-turkey` speaks of `kurecik`; the case has no such sensor",
    ]
    mend = "say what it is called here: `sites: {kurecik: NAME}`, or leave it out: `without: [us-turkey-1]`"
    assert mend in [p.mend for p in found]


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        (
            "{from: us-romania,",
            "{from: us-romania, sites: {deveslu: deveselu},",
            "`us-romania` speaks of no site `deveslu`",
            "did you mean `deveselu`?",
        ),
        (
            "{from: us-romania,",
            "{from: us-romania, without: [us-romania-9],",
            "`us-romania` has no clause `us-romania-9`",
            "did you mean `us-romania-",
        ),
        (
            "{from: us-romania,",
            "{from: us-romania, since: 2020-01-01,",
            "unknown key `since`",
            "did you mean `sites`?",
        ),
        (
            "{from: us-turkey}",
            "{from: us-uk, name: us-turkey, without: [us-uk-2]}",
            "no clause of `us-uk` speaks of this case",
            "add its parties (USA, GBR) to `nations`, or take it out",
        ),
        (
            "agreements: [us-turkey, basing]",
            "agreements: [us-turky, basing]",
            "unknown agreement",
            "us-turkey",
        ),
    ],
)
def test_what_cannot_be_taken_is_said(old: str, new: str, what: str, mend: str) -> None:
    found = only(old, new)
    assert what in found[2]
    assert mend in found[3]


def test_who_decides_cannot_be_left_out() -> None:
    head = HEAD.replace("[USA, ROU, TUR]\nall", "[ROU, TUR]\nall").replace("owner: USA", "owner: TUR")
    head = head.replace("members: [USA, ROU, TUR]", "members: [ROU, TUR]")
    text = TAKEN.replace("  - {from: us-turkey}\n  - {from: us-romania, name: basing}\n", "")
    text = text.replace("[us-turkey, basing]", "[]").replace("[us-turkey, basing, shield]", "[shield]")
    found = problems(text, head)
    assert [p.what for p in found] == ["`nato-bmd-5` of `nato-bmd` needs USA (`deciders`)"]
    assert "without: [nato-bmd-5]" in found[0].mend


ENTRY = """sources: {s: A citation}
entries:
  pact:
    kind: arrangement
    title: A pact
    summary: Of two.
    alliances: [{name: Two, members: [USA, ROU]}]
    parties: [Two]
    source: An exercise, 2024
    since: 2020-01-01
    releases:
      - {id: p-1, effect: permit, owners: [Two], recipients: [not-Two], products: [track]}
    transfers:
      - {id: p-2, makers: [USA], recipients: [ROU], items: [sm-3-ib], acts: [buy]}
"""


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("parties: [Two]", "parties: [Tow]", "unknown nation or alliance `Tow`", "`Two`"),
        ("members: [USA, ROU]", "members: [USA, RUO]", "unknown nation or alliance `RUO`", ""),
        ("[not-Two]", "[not-Tow]", "unknown nation or alliance `not-Tow`", "`not-Two`"),
        ("makers: [USA]", "makers: [Two]", "unknown nation `Two`", ""),
        ("[USA, ROU]}", "[Two, ROU]}", "`Two` is a group among the members of another", "its nations"),
        ("{name: Two, ", "{name: owner, members: [TUR]}, {name: Two, ", "`owner` is a nation's code or", ""),
        ("id: p-2", "id: p-1", "two clauses are called `p-1`", "rename one"),
        ("[sm-3-ib]", "[sm-3-ix]", "unknown hardware `sm-3-ix`", "sm-3-i"),
        ("products: [track]", "products: [track], delay: 10", "`delay` ", ""),
    ],
)
def test_a_bad_entry_is_refused(old: str, new: str, what: str, mend: str) -> None:
    assert ENTRY.count(old) == 1
    root, found = tree.parse(ENTRY.replace(old, new).encode(), "c.yaml")
    assert root is not None
    own, reader = catalog.read(root, "c.yaml")
    known = catalog.shipped().with_own(own)
    found += reader.problems + catalog.unknown(known, [("c.yaml", m) for m in reader.mentions])
    assert len(found) == 1, "\n".join(map(str, found))
    assert what in found[0].what
    assert mend in found[0].mend
