"""The story of one place in one trial: the chain in order, by whose leave, and where courses part."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.errors import InputError
from synaspis.files.case import load
from synaspis.model.agreement import Release
from synaspis.studies.arena import arena, pure
from synaspis.studies.story import tell

CASE = load("first-light")
MANIFEST = {"regimes": ["national", "allied"], "seed": 1, "trials": 50}


def times(text: str) -> list[float]:
    return [float(x) for x in re.findall(r"^\s+(\d+) s  ", text, re.MULTILINE)]


def test_the_chain_is_told_in_the_order_in_which_it_happened() -> None:
    told = tell(CASE, MANIFEST, "Bucharest", "allied", 0, 1)
    chains = [part for part in told.split("\n\n") if part.startswith("mrbm")]
    for missile in chains:
        assert times(missile) == sorted(times(missile))
    first = chains[0]
    steps = ("sees its plume", "USA knows where it will land from its own sensors",
             "ROU knows where it will land (released under bmd-1)", "is ordered to engage, ",
             "has a track good enough to fire on, of its own radar", "fires 1 pac-3-mse")  # fmt: skip
    places = [first.index(step) for step in steps]
    assert places == sorted(places)


def test_a_track_is_good_enough_before_the_shot_and_an_order_comes_after_its_owner_knew() -> None:
    told = tell(CASE, MANIFEST, "Bucharest", "allied", 0, 1)
    tracked = re.search(r"(\d+) s  deveselu \(USA\) has a track good enough", told)
    fired = re.search(r"(\d+) s  deveselu \(USA\) fires", told)
    assert tracked and fired and int(tracked[1]) <= int(fired[1])
    knew = re.search(r"(\d+) s  ROU knows", told)
    ordered = re.search(r"(\d+) s  bucharest-patriot \(ROU\) is ordered to engage, (\d+) s after", told)
    assert knew and ordered
    assert int(ordered[1]) - int(knew[1]) == pytest.approx(int(ordered[2]), abs=1)


def test_what_is_out_of_order_is_said_and_clauses_are_those_of_what_is_left() -> None:
    """With Kürecik out of order it is no release of Kürecik's that Romania knows by."""
    sensors = tuple(replace(s, availability=0.5) if s.name == "kurecik" else s for s in CASE.file.sensors)
    terms = {"effect": "permit", "owners": ("USA",), "recipients": ("ROU",), "products": ("track",)}
    named = ("geo-east", "geo-west", "deveselu/radar")
    two = (Release(id="first", sensors=("kurecik",), **terms), Release(id="second", sensors=named, **terms))
    agreements = tuple(replace(x, releases=two) if x.releases else x for x in CASE.file.agreements)
    case = replace(CASE, file=replace(CASE.file, sensors=sensors, agreements=agreements))
    a = arena(case, 1)
    down = a.down(1, np.arange(50))
    (row,) = [i for i, s in enumerate(a.w.stations) if s.name == "kurecik"]
    trial = next(k for k, rows_ in enumerate(down) if row in rows_)
    told = tell(case, MANIFEST, "Bucharest", "allied", trial, 1)
    assert "Out of order in this trial: kurecik (USA)." in told
    assert "kurecik (USA) sees it" not in told
    assert "ROU knows where it will land (released under second)" in told
    up = next(k for k, rows_ in enumerate(down) if row not in rows_)
    told = tell(case, MANIFEST, "Bucharest", "allied", up, 1)
    assert "Out of order" not in told
    assert "ROU knows where it will land (released under first)" in told


def test_it_ends_with_where_another_clause_would_have_changed_it() -> None:
    told = tell(CASE, MANIFEST, "Sofia", "national", None, 1)
    assert "landed." in told
    assert "no clause lets USA's rounds defend Sofia (BGR)" in told
    a = arena(CASE, 1)
    fate = a.play(pure(a.rules("allied")), 1, 50).fate[:, 2]
    trial = int(np.flatnonzero(fate == rows.KILLED)[0])
    assert tell(CASE, MANIFEST, "Sofia", "allied", trial, 1).splitlines()[-1].startswith("  Without ")


def test_an_unknown_asset_has_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean `Sofia`"):
        tell(CASE, MANIFEST, "Sofja", None, None, 1)
