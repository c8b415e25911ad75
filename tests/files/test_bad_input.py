"""Everything a case file can get wrong is found, all at once, where it stands, with its mend."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from synaspis.errors import InputError
from synaspis.files import tree
from synaspis.files.case import MOST_PROBLEMS, check, load, resolve
from tests.files.example import SMALL, only, problems, swap

Swap = tuple[str, str]

ONE_FIELD: dict[str, tuple[Swap, tuple[int, int], str, str]] = {
    "misspelt key": (("    facing_deg: 110", "    facng_deg: 110"), (15, 5), "`facng_deg`", "`facing_deg`"),
    "unknown top key": (("compare:", "notez: x\ncompare:"), (62, 1), "unknown key `notez`", "`notes`"),
    "missing key": (("    population: 1716961\n", ""), (25, 5), "`population` is missing", "people who live"),
    "word for a number": (("count: 2", "count: two"), (36, 12), "`count` is `two`", "whole number"),
    "quoted number": (("count: 2", 'count: "2"'), (36, 12), 'the text "2"', "take the quotes away: 2"),
    "flag for a number": (("count: 2", "count: true"), (36, 12), "`true`, not a number", "whole number"),
    "fraction for a count": (("count: 2", "count: 2.5"), (36, 12), "not a whole number", "such as 2"),
    "number for a word": (("title: A shared shield", "title: 5"), (46, 12), "not a word", '"5"'),
    "list for a word": (("title: A shared shield", "title: [a]"), (46, 12), "`title` is a list", "a word"),
    "mapping for a list": (("products: [track]", "products: {a: 1}"), (55, 19), "a mapping", "give a list"),
    "word for a noun": (("[track]", "[track]\n        when: now"), (56, 15), "`now`", "threatens"),
    "word for a flag": (("[track]", "[track]\n        assumed: yes"), (56, 18), "`yes`", "true or false"),
    "unknown weather": (("compare:", "weather: foggy\ncompare:"), (62, 10), "cannot be `foggy`", "clear"),
    "objects below none": (("count: 2", "count: 2\n    objects: -1"), (37, 14), "is -1", "from 0 to 50"),
    "half an object": (
        ("count: 2", "count: 2\n    objects: 0.5"),
        (37, 14),
        "not a whole number",
        "such as 0",
    ),
    "objects in words": (
        ("count: 2", "count: 2\n    objects: many"),
        (37, 14),
        "`many` stands where a mapping belongs",
        "spent_body, decoy",
    ),
    "kind of object": (
        ("count: 2", "count: 2\n    objects: {decoys: 2}"),
        (37, 15),
        "unknown key `decoys`",
        "`decoy`",
    ),
    "too many of a kind": (
        ("count: 2", "count: 2\n    objects: {decoy: 51}"),
        (37, 22),
        "`decoy` is 51",
        "from 0 to 50",
    ),
    "negative": (("count: 2", "count: -2"), (36, 12), "`count` is -2", "from 1 to 500"),
    "infinite": (("population: 1716961", "population: .inf"), (29, 17), ".inf", "finite"),
    "infinite by exponent": (("population: 1716961", "population: 1e999"), (29, 17), "1e999", "finite"),
    "not a number": (("population: 1716961", "population: .nan"), (29, 17), ".nan", "finite"),
    "absurd": (("population: 1716961", "population: 9e9"), (29, 17), "9000000000", "5e+07"),
    "latitude beyond 90": (
        ("    latitude_deg: 38.35", "    latitude_deg: 90.5"),
        (13, 19),
        "90.5",
        "-90 to 90",
    ),
    "no such day": (("date: 2024-12-01", "date: 2024-02-30"), (3, 7), "not a date", "year-month-day"),
    "day in words": (("date: 2024-12-01", "date: 1 December"), (3, 7), "not a date", "2024-12-01"),
    "absurd year": (("date: 2024-12-01", "date: 0024-12-01"), (3, 7), "not a date", "1940 to 2100"),
    "choice not allowed": (("[track]", "[tracks]"), (55, 20), "cannot be `tracks`", "`track`"),
    "empty word": (("title: A shared shield", "title: ''"), (46, 12), "`title` is empty", "in words"),
    "nothing after a key": (("title: A shared shield", "title:"), (46, 11), "`title` is empty", "in words"),
    "named twice in a list": (
        ("[basing, shield]", "[basing, basing]"),
        (61, 58),
        "`basing` twice",
        "keep one",
    ),
    "key given twice": (("count: 2", "count: 2\n    count: 3"), (37, 5), "given twice", "line 36"),
    "name too long": (("name: Bucharest", "name: " + "B" * 99), (25, 11), "too long", "60 characters"),
    "tag": (("count: 2", "count: !!int 2"), (36, 12), "tag", "leave the tag out"),
    "terminal escape": (("title: A shared shield", 'title: "a\\e[31m"'), (46, 12), "U+001B", "take it out"),
}


@pytest.mark.parametrize("name", ONE_FIELD)
def test_a_bad_field_is_named_where_it_stands(name: str) -> None:
    change, place, what, mend = ONE_FIELD[name]
    extra = (("target: Bucharest", "open_ground: {latitude_deg: 43, longitude_deg: 34}"),)
    extra = extra if name == "name too long" else ()
    line, column, said, mended = only(change, *extra)
    assert (line, column) == place
    assert what in said
    assert mend in mended


NAMES: dict[str, tuple[Swap, tuple[int, int], str, str]] = {
    "nation of a battery": (
        ("owner: USA\n    host: ROU", "owner: USB\n    host: ROU"),
        (19, 12),
        "USB",
        "`USA`",
    ),
    "nation left out": (
        ("nations: [USA, ROU, TUR]", "nations: [USA, ROU]"),
        (6, 38),
        "TUR",
        "add TUR to `nations`",
    ),
    "sensor type": (("type: an-tpy-2", "type: an-tpi-2"), (10, 11), "sensor type `an-tpi-2`", "`an-tpy-2`"),
    "battery type": (("aegis-ashore-ib", "aegis-ashore-ic"), (18, 13), "battery type", "`aegis-ashore-i"),
    "missile class": (("mrbm-2000", "mrbm-2001"), (33, 13), "missile class", "`mrbm-2000`"),
    "launch area": (("launch: Tabriz area", "launch: Tabris area"), (34, 13), "launch area", "`Tabriz area`"),
    "asset": (("target: Bucharest", "target: Bukarest"), (35, 13), "asset `Bukarest`", "`Bucharest`"),
    "site": (("sites: [deveselu]", "sites: [develesu]"), (44, 39), "sensor or battery", "`deveselu`"),
    "alliance": (("recipients: [NATO]", "recipients: [NATTO]"), (54, 22), "nation or alliance", "`NATO`"),
    "party outside the case": (
        ("parties: [USA, ROU, TUR]", "parties: [USA, ROU, TUR, BGR]"),
        (40, 30),
        "nation or alliance `BGR`",
        "add BGR to `nations`",
    ),
    "clause's nation outside the case": (
        ("owners: [USA]\n        recipients", "owners: [DEU]\n        recipients"),
        (53, 18),
        "`DEU`",
        "add DEU to `nations`",
    ),
    "agreement": (("[basing, shield]", "[basing, shields]"), (61, 58), "agreement `shields`", "`shield`"),
    "regime": (("headline: allied", "headline: alied"), (62, 21), "regime `alied`", "`allied`"),
    "warning practice": (
        ("[USA, ROU, TUR]\nalliances", "[USA, {code: ROU, warning: public-warming}, TUR]\nalliances"),
        (4, 37),
        "warning practice",
        "`public-warning`",
    ),
    "transfer's item": (
        (
            "    authorities:",
            "    transfers:\n      - {id: t-1, makers: [USA], recipients: [ROU], items: [patriot-msee], "
            "acts: [buy]}\n    authorities:",
        ),
        (58, 61),
        "battery type, interceptor or radar `patriot-msee`",
        "`patriot-mse`",
    ),
    "clause's sensor": (
        ("products: [track]", "products: [track]\n        sensors: kureçik"),
        (56, 18),
        "sensor in this case",
        "`kurecik`",
    ),
    "clause's battery": (
        ("protocol: consensus", "batteries: deveslu, protocol: consensus"),
        (58, 48),
        "battery `deveslu`",
        "`deveselu`",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_name_is_said_with_the_nearest(name: str) -> None:
    change, place, what, mend = NAMES[name]
    found = problems(change)
    assert place in [(p.line, p.column) for p in found], "\n".join(map(str, found))
    problem = next(p for p in found if (p.line, p.column) == place)
    assert what in problem.what
    assert mend in problem.mend


def test_a_nation_must_have_a_country_code() -> None:
    found = problems(("nations: [USA, ROU, TUR]", "nations: [USA, ROU, TUR, ROM]"))
    assert [(p.line, p.column) for p in found] == [(4, 26)]
    assert found[0].mend == "did you mean `ROU`?"


TWICE = {
    "nation": ("[USA, ROU, TUR]\nalliances", "[USA, ROU, {code: ROU}, TUR]\nalliances"),
    "alliance": ("  - {name: NATO, members: [USA, ROU, TUR]}", "  - {name: NATO, members: USA}\n" * 2),
    "alliance like a nation": ("{name: NATO, members: [USA, ROU, TUR]}", "{name: USA, members: [ROU]}"),
    "sensor": ("name: geo,", "name: kurecik,"),
    "battery like a sensor": ("- name: deveselu", "- name: kurecik"),
    "asset": (
        "launch_areas:",
        "  - {name: Bucharest, nation: ROU, latitude_deg: 44, longitude_deg: 26, population: 1}\n"
        "launch_areas:",
    ),
    "launch area": (
        "raid:",
        "  - {name: Tabriz area, nation: IRN, latitude_deg: 38.0, longitude_deg: 46.3}\nraid:",
    ),
    "agreement": ("- name: shield", "- name: basing"),
    "regime": ("name: allied", "name: national"),
    "clause": ("id: share-1", "id: base-1"),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_name_given_twice_is_said_with_the_line_of_the_first(name: str) -> None:
    said = [p for p in problems(TWICE[name]) if "two things are called" in p.what]
    assert len(said) == 1
    assert "on line" in said[0].what


BETWEEN_PARTS: dict[str, tuple[Swap, tuple[int, int], str, str]] = {
    "dates reversed": (
        (
            "source: public text\n    since: 2016-07-09",
            "source: public text\n    since: 2016-07-09\n    until: 2015-01-01",
        ),
        (50, 12),
        "ends on 2015-01-01, before it begins",
        "swap the dates",
    ),
    "clause's dates reversed": (
        ("id: base-1,", "id: base-1, since: 2020-01-01, until: 2019-01-01,"),
        (44, 48),
        "ends on 2019-01-01",
        "swap",
    ),
    "clause before its agreement": (
        ("id: base-1,", "id: base-1, since: 2010-01-01,"),
        (44, 29),
        "before its agreement",
        "2011-09-13",
    ),
    "clause after its agreement": (
        (
            "since: 2011-09-13\n    consents:\n      - {id: base-1,",
            "since: 2011-09-13\n    until: 2030-01-01\n    consents:\n"
            "      - {id: base-1, until: 2031-01-01,",
        ),
        (45, 29),
        "2031-01-01, after its agreement ends",
        "`basing` is in force until 2030-01-01",
    ),
    "alliance in itself": (
        ("members: [USA, ROU, TUR]", "members: [USA, NATO, ROU, TUR]"),
        (6, 33),
        "`NATO` is a member of itself",
        "take it out",
    ),
    "consent that names no site": (
        ("sites: [deveselu]", "owners: [USA]"),
        (44, 9),
        "`base-1` lets no site work",
        "add `sites`",
    ),
    "consent above nobody": (
        ("sites: [deveselu]", "scope: [overflight]"),
        (44, 9),
        "names neither batteries nor owners",
        "`owners` for all",
    ),
    "no missile": (
        (
            "raid:\n  - threat: mrbm-2000\n    launch: Tabriz area\n    target: Bucharest\n    count: 2\n",
            "raid: []\n",
        ),
        (32, 7),
        "the raid has no missile",
        "at least one",
    ),
    "aimed at nothing": (("    target: Bucharest\n", ""), (33, 5), "aimed at nothing", "`open_ground`"),
    "empty target": (("target: Bucharest", "target: ''"), (35, 13), "aimed at nothing", "`target`"),
    "aimed at two places": (
        ("count: 2", "open_ground: {latitude_deg: 43, longitude_deg: 34}"),
        (36, 18),
        "an asset and at open ground",
        "not both",
    ),
    "open ground in an asset": (
        ("target: Bucharest", "open_ground: {latitude_deg: 44.4, longitude_deg: 26.1}"),
        (35, 18),
        "lies in `Bucharest`",
        "`target: Bucharest`",
    ),
    "both places": (
        ("owner: USA, geostationary", "owner: USA, latitude_deg: 1, longitude_deg: 2, geostationary"),
        (8, 113),
        "both on the ground and geostationary",
        "one of the two",
    ),
    "no place": ((", geostationary_longitude_deg: 60", ""), (8, 5), "has no place", "geostationary"),
    "radar in space": (
        ("    latitude_deg: 38.35\n    longitude_deg: 37.79\n", "    geostationary_longitude_deg: 1\n"),
        (13, 34),
        "is a radar",
        "latitude_deg",
    ),
    "satellite on the ground": (
        ("geostationary_longitude_deg: 60", "latitude_deg: 1, longitude_deg: 2"),
        (8, 63),
        "is a satellite",
        "alone",
    ),
    "half a place": (("    longitude_deg: 37.79\n", ""), (9, 5), "has no longitude_deg", "add longitude_deg"),
    "too many votes": (("votes: 2", "votes: 4"), (58, 83), "needs 4 votes and has 3 deciders", "at most 3"),
    "votes with no decider": (
        ("deciders: [NATO], votes: 2", "votes: 2"),
        (58, 65),
        "has 1 decider",
        "at most 1",
    ),
    "too many missiles": (
        (
            "count: 2",
            "count: 300\n  - {threat: mrbm-2000, launch: Tabriz area, target: Bucharest, count: 201}",
        ),
        (37, 5),
        "passes 500 missiles",
        "500 in all",
    ),
    "endless raid": (("count: 2", "count: 2\n    interval_s: 1e6"), (33, 5), "hours after", "24 hours"),
    "compared with itself": (
        ("against: national", "against: allied"),
        (62, 38),
        "with itself",
        "another regime",
    ),
    "path for a name": (("case: small", "case: ../small"), (1, 7), "cannot be `../small`", "my-case"),
    "slash in a name": (
        ("name: geo,", "name: deveselu/radar,"),
        (8, 12),
        "battery's own radar",
        "leave it out",
    ),
}


@pytest.mark.parametrize("name", BETWEEN_PARTS)
def test_what_must_hold_between_parts_is_checked(name: str) -> None:
    change, place, what, mend = BETWEEN_PARTS[name]
    line, column, said, mended = only(change)
    assert (line, column) == place
    assert what in said
    assert mend in mended


def test_alliances_that_hold_each_other_are_said_where_each_leads_back() -> None:
    circle = (
        "  - {name: NATO, members: [USA, EAST, TUR]}\n"
        "  - {name: EAST, members: [ROU, INNER]}\n"
        "  - {name: INNER, members: [TUR, NATO]}"
    )
    found = problems(("  - {name: NATO, members: [USA, ROU, TUR]}", circle))
    assert [(p.line, p.column) for p in found] == [(6, 33), (7, 33), (8, 34)]
    assert [p.what for p in found] == [
        f"`{name}` is a member of itself" for name in ("NATO", "EAST", "INNER")
    ]
    nested = circle.replace("[TUR, NATO]", "[TUR]")
    assert problems(("  - {name: NATO, members: [USA, ROU, TUR]}", nested)) == []


ODD: dict[str, tuple[tuple[Swap, ...], tuple[int, int], str, str]] = {
    "never applies": (
        (("sites: [deveselu]", "sites: [kurecik]"),),
        (44, 9),
        "`base-1` never applies: none of its sites",
        "mend it, or take it out",
    ),
    "never in force": (
        (("products: [track]", "products: [track]\n        until: 2020-01-01"),),
        (51, 9),
        "`share-1` never applies: it is not in force on 2024-12-01",
        "mend it",
    ),
    "cancels out": (
        (("    authorities:", "      - {id: shut-1, effect: forbid, owners: [NATO], recipients: [NATO], "
          "products: [alert]}\n    authorities:"),),
        (51, 9),
        "`share-1` permits nothing: `shut-1` forbids all of it",
        "narrow the forbid",
    ),
    "in no regime": (
        (("agreements: [basing, shield]", "agreements: [basing]"),),
        (45, 5),
        "no regime has the agreement `shield`",
        "add it to a regime",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_changes_nothing_is_a_warning_with_its_place(name: str, tmp_path: Path) -> None:
    changes, place, what, mend = ODD[name]
    path = tmp_path / "odd.yaml"
    path.write_text(swap(*changes))
    (odd,) = load(path).oddities
    assert (odd.file, odd.line, odd.column) == (str(path), *place)
    assert what in odd.what
    assert mend in odd.mend


def test_an_asset_out_of_reach_is_said_with_distance_and_reach() -> None:
    # Tabriz area to Bucharest is 1,832 km on the ellipsoid (geographiclib, test_geodesic.py).
    line, column, what, mend = only(("threat: mrbm-2000", "threat: mrbm-1300"))
    assert (line, column) == (35, 13)
    assert what == "`Bucharest` is 1,832 km from Tabriz area; `mrbm-1300` reaches 1,300 km"
    assert mend == "take a nearer place, or a class of longer range"


def test_open_ground_is_held_to_the_same_reach() -> None:
    place = "open_ground: {latitude_deg: 40.0, longitude_deg: 0.0}"
    line, column, what, _ = only(("target: Bucharest", place))
    assert (line, column) == (35, 18)
    assert what.startswith("the open ground is 3,")
    assert what.endswith("km from Tabriz area; `mrbm-2000` reaches 2,000 km")


def test_more_nations_than_a_case_may_have() -> None:
    from synaspis.files.iso3166 import CODES

    many = ", ".join(["USA", "ROU", "TUR", *sorted(CODES - {"USA", "ROU", "TUR"})[:58]])
    line, column, what, _ = only(("nations: [USA, ROU, TUR]", f"nations: [{many}]"))
    assert (line, column) == (4, 11 + 5 * 60)
    assert "61 nations" in what


def test_more_people_than_on_earth() -> None:
    rows = "".join(
        f"  - {{name: c{i}, nation: ROU, latitude_deg: 44, longitude_deg: 26, population: 5e7}}\n"
        for i in range(171)
    )
    _, _, what, _ = only(("launch_areas:", rows + "launch_areas:"))
    assert "more than on Earth" in what


def test_every_problem_is_given_at_once_in_file_order() -> None:
    text = swap(
        ("date: 2024-12-01", "date: soon"),
        ("type: an-tpy-2", "type: an-tpi-2"),
        ("count: 2", "count: -2"),
        ("headline: allied", "headline: alied"),
    )
    with pytest.raises(InputError) as caught:
        _load_text(text)
    assert [(p.line, p.column) for p in caught.value.problems] == [(3, 7), (10, 11), (36, 12), (62, 21)]
    assert "small.yaml:3:7: `date` is `soon`, not a date" in str(caught.value)
    assert "4 problems" in str(caught.value)


def test_a_flood_of_problems_is_cut_off() -> None:
    found = problems(("count: 2", "count: 2\n" + "".join(f"    k{i}: 1\n" for i in range(1000))))
    assert len(found) == MOST_PROBLEMS + 1
    assert "more problems from here on" in found[-1].what


WHOLE_FILES: dict[str, tuple[bytes, tuple[int, int], str]] = {
    "empty": (b"", (1, 1), "empty"),
    "only remarks": (b"# nothing\n", (1, 1), "empty"),
    "binary": (b"case: a\n\x00\x01\x02", (2, 1), "U+0000"),
    "not UTF-8": (b"case: a\ntitle: caf\xe9\n", (2, 11), "UTF-8"),
    "tab": (b"case: a\nnations:\n\t- USA\n", (3, 1), "tab"),
    "syntax": (b"case: a\ntitle: b: c\n", (2, 9), "not YAML"),
    "two documents": (SMALL.encode() + b"---\ncase: b\n", (63, 1), "second document"),
    "a list": (b"- case\n", (1, 1), "a list stands where a mapping belongs"),
    "a word": (b"hello\n", (1, 1), "`hello` stands where a mapping belongs"),
    "number for a key": (SMALL.encode() + b"7: x\n", (63, 1), "the key 7 is a number"),
    "list for a key": (SMALL.encode() + b"[a]: x\n", (63, 1), "a key must be a word"),
    "merge key": (SMALL.encode() + b"<<: {a: 1}\n", (63, 1), "merge keys"),
    "deep in flow": (b"[" * 100_000, (1, 33), "nested deeper than 32"),
    "deep in blocks": (b"- " * 100_000, (1, 65), "nested deeper than 32"),
    "many values": (b"- a\n" * 300_000, (200_000, 3), "more than 200,000 values"),
    "huge": (b"#" * (tree.MAX_BYTES + 1), (1, 1), "larger than 2,000,000 bytes"),
    "alias in itself": (b"a: &a [*a]", (1, 8), "stands inside itself"),
    "alias without anchor": (b"a: *b", (1, 4), "no anchor"),
    "unknown directive": (b"%YAML 9.9\n---\na", (1, 1), "not YAML"),
}


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_file_that_is_no_case_is_refused(name: str) -> None:
    data, place, what = WHOLE_FILES[name]
    found = resolve(data, "x.yaml")[1]
    assert place in [(p.line, p.column) for p in found], "\n".join(map(str, found[:5]))
    problem = next(p for p in found if (p.line, p.column) == place and what in p.what)
    assert problem.mend


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"key{i}: 1" for i in range(90_000)),
        swap(("nations: [USA, ROU, TUR]", f"nations: [{', '.join(f'n{i}' for i in range(90_000))}]")),
        SMALL + "catalog:\n  entries:\n" + "\n".join(f"    e{i}: 5" for i in range(90_000)),
        swap(("sites: [deveselu]", f"sites: [{', '.join(f's{i}' for i in range(90_000))}]")),
    ],
    ids=["keys", "nations", "entries", "names"],
)
def test_a_file_with_a_problem_on_every_line_is_not_read_to_its_end(text: str) -> None:
    found = resolve(text.encode(), "x.yaml")[1]
    assert len(found) == MOST_PROBLEMS + 1
    assert "more problems" in found[-1].what


def test_letters_that_look_alike_are_alike() -> None:
    one, two = "Ku\u0308recik", "K\u00fcrecik"
    assert problems(("name: kurecik", f"name: {one}"), ("delay_s: 10", f"sensors: {two}")) == []


def test_text_cannot_turn_the_direction_of_writing() -> None:
    assert "U+202E" in only(("title: A shared shield", "title: A \u202eshield"))[2]


def test_aliases_that_explode_are_refused_before_they_do() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    _, found = tree.parse("\n".join(lines).encode(), "bomb.yaml")
    assert "aliases expand to more than 200,000 values" in found[-1].what


def test_a_deep_alias_counts_with_its_depth() -> None:
    deep = "a: &a " + "[" * 20 + "]" * 20 + "\nb: " + "[" * 20 + "*a" + "]" * 20
    assert "nested deeper" in tree.parse(deep.encode(), "x.yaml")[1][-1].what


def test_aliases_may_be_used(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        swap(
            ("members: [USA, ROU, TUR]", "members: &all [USA, ROU, TUR]"),
            ("recipients: [NATO]", "recipients: *all"),
        )
    )
    assert load(path).file.agreements[1].releases[0].recipients == ("USA", "ROU", "TUR")


def test_paths_that_hold_no_case(tmp_path: Path) -> None:
    assert "no such file" in check(tmp_path / "absent.yaml")[0].what
    assert "not a file" in check(tmp_path)[0].what
    assert "`first-light`" in check("frist-light")[0].mend
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (tree.MAX_BYTES + 1))
    assert "larger than" in check(big)[0].what
    assert check("a\0b.yaml")
    assert check("")


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text("case: 5")
    with pytest.raises(InputError):
        load("x.yaml")
    assert [p.name for p in tmp_path.iterdir()] == ["x.yaml"]


def _load_text(text: str) -> None:
    case, found = resolve(text.encode(), "small.yaml")
    if case is None:
        raise InputError(found)


FIRST_LIGHT = (resources.files("synaspis.cases") / "first-light.yaml").read_bytes()
_PIECES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e400",
    b".nan",
    b"true",
    b"*a",
    b"&a",
    b"\t",
    b"\n",
    b": ",
    b"'",
    b"\xff",
    b"{a: b}",
    b"[[x]]",
    b"!!x",
    b"---",
    b"USA",
    b"recipient",
    b"9" * 5000,
    b"0x10",
    b"~",
]
_cut = st.tuples(
    st.integers(0, len(FIRST_LIGHT)), st.integers(0, 40), st.sampled_from(_PIECES) | st.binary(max_size=4)
)


@given(st.lists(_cut, min_size=1, max_size=4))
@example([(0, len(FIRST_LIGHT), b"")])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_case_with_bytes_changed_loads_or_says_why(cuts: list[tuple[int, int, bytes]]) -> None:
    data = FIRST_LIGHT
    for at, length, piece in cuts:
        data = data[:at] + piece + data[at + length :]
    case, found = resolve(data, "first-light.yaml")
    assert (case is None) == bool(found)
    for problem in found:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.mend


_lines = FIRST_LIGHT.decode().splitlines(keepends=True)
_value = st.sampled_from(
    ["null", "[]", "{}", "-1", "1e400", "true", "x", "[x]", "{x: y}", "2024-01-01", "''", "[[]]", "{[a]: b}"]
)


@given(st.lists(st.tuples(st.integers(0, len(_lines) - 1), _value), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_case_with_values_changed_loads_or_says_why(changes: list[tuple[int, str]]) -> None:
    lines = list(_lines)
    for at, value in changes:
        head, colon, _ = lines[at].partition(": ")
        lines[at] = f"{head}{colon or ': '}{value}" + ("}" if "{" in head else "") + "\n"
    case, found = resolve("".join(lines).encode(), "first-light.yaml")
    assert (case is None) == bool(found)
