"""A permit never delays any nation's first possible warning, nor anything else that it may know.

Random clauses on the small world of four owners, as in tests/engine/test_monotone.py.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given, settings

from synaspis.files.case import resolve
from synaspis.model.agreement import Consent, Release
from synaspis.model.early_warning import View
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, arena
from synaspis.studies.first_sight import grid, rising, seen_rising, views
from synaspis.studies.knowledge import NOTICED_S, Reasons, launch_point, times
from tests.engine.scene import FOUR_OWNERS, arena_of_four, with_file
from tests.engine.test_monotone import PROPERTY, RELEASES, releases, rules

FEW = settings(PROPERTY, max_examples=8)
GEO_EAST = "{name: geo-east, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}"
LOW = """{name: geo-east, type: leo-tracker, owner: USA,
     walker: {satellites: 60, planes: 6, altitude_km: 1000, inclination_deg: 80, phasing: 1}}"""


@cache
def looked() -> tuple[Any, ...]:
    """The class of the first flight, rising over the grid, as every station sees it."""
    a = arena_of_four()
    threat, burn_s = a.w.missiles[a.g.first_missile[0]].threat, float(a.g.burnout_s[0])
    states = rising(a.g.states[0], burn_s, grid(a)[::7])
    return threat, *seen_rising(a, threat, states, burn_s), burn_s


@cache
def arena_under_satellites() -> Arena:
    """The four owners, whose eastern geostationary satellite is a pattern of low ones that move."""
    text = FOUR_OWNERS.read_text(encoding="utf-8")
    assert GEO_EAST in text
    case, problems = resolve(text.replace(GEO_EAST, LOW).encode(), FOUR_OWNERS.name)
    assert case is not None, problems
    return arena(with_file(case, batteries=()), 1)


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_delays_a_warning(found: list[Release], more: Release) -> None:
    never_delays(arena_of_four(), rules(*found), rules(*found, more))


def never_delays(a: Arena, before: Rules, after: Rules) -> None:
    """Nothing that any nation knows comes later under `after`."""
    was, now = times(a, before), times(a, after)
    for stage in was:
        assert (now[stage] <= was[stage]).all(), stage
    for nation in a.w.nations:
        first = [launch_point(a, a.pictures(x), nation, 0) for x in (before, after)]
        assert first[1][0] <= first[0][0]


@FEW
@given(RELEASES, releases("permit"))
def test_a_permit_never_delays_a_warning_from_satellites_that_move(
    found: list[Release], more: Release
) -> None:
    never_delays(arena_under_satellites(), rules(*found), rules(*found, more))


def test_the_satellites_move_and_matter() -> None:
    """The pattern's satellites see launches, and what they see hastens a warning once it is released."""
    a = arena_under_satellites()
    moving = [s for s, x in enumerate(a.w.stations) if x.motion is not None]
    assert len(moving) == 60
    assert np.isfinite(a.g.seen_s[moving]).any(axis=0).all()
    permit = Release(
        id="low", effect="permit", owners=("USA",), recipients=("BGR",), products=("measurement",),
        sensors=("geo-east",),
    )  # fmt: skip
    n = a.w.nation("BGR")
    assert np.isinf(times(a, rules())["warned_s"][n]).all()
    assert np.isfinite(times(a, rules(permit))["warned_s"][n]).all()


CONSENTS = (
    Consent(id="kurecik", by="TUR", sites=("kurecik",), scope=("use",)),
    Consent(id="deveselu", by="ROU", sites=("deveselu",), scope=("use",)),
)


@FEW
@given(RELEASES)
def test_each_clause_is_left_out_for_all_on_whom_it_bears(found: list[Release]) -> None:
    """Reasons ask only the nations on which a clause may bear: the same as asking everybody."""
    a = hosted()
    given_ = replace(rules(*found), consents=CONSENTS)
    reasons = Reasons(a, given_)
    for clause in given_.ids():
        without = times(a, given_.without(clause))
        for stage, told in reasons.times.items():
            later = without[stage] > told + NOTICED_S
            for row, u in np.argwhere(later).tolist():
                assert clause in reasons.of(stage, row, u), (clause, stage)


@cache
def hosted() -> Arena:
    """The four owners, with a radar and a battery of one of them on the soil of others."""
    file = arena_of_four().w.case.file
    hosts = {"kurecik": "TUR", "deveselu": "ROU"}
    return arena(
        with_file(
            arena_of_four().w.case,
            sensors=tuple(replace(s, host=hosts.get(s.name, s.host)) for s in file.sensors),
            batteries=tuple(replace(b, host=hosts.get(b.name, b.host)) for b in file.batteries),
        ),
        1,
    )


def heard(given_: Rules) -> dict[str, View]:
    return views(arena_of_four(), given_, *looked())


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_hides_a_launch(found: list[Release], more: Release) -> None:
    was, now = heard(rules(*found)), heard(rules(*found, more))
    for nation, view in was.items():
        assert (now[nation].report_s <= view.report_s).all(), nation
        assert (now[nation].at_once >= view.at_once).all(), nation


def test_the_world_is_worth_testing() -> None:
    """Some permit hastens a warning and some report, so that the properties can fail."""
    a = arena_of_four()
    all_ = Release(
        id="all", effect="permit", owners=a.w.nations, recipients=a.w.nations, products=("measurement",)
    )
    was, now = times(a, rules()), times(a, rules(all_))
    assert (now["warned_s"] < was["warned_s"]).any()
    assert (now["class_s"] < was["class_s"]).any()
    assert any((heard(rules(all_))[n].report_s < heard(rules())[n].report_s).any() for n in a.w.nations)
    assert np.isinf(heard(rules())["BGR"].report_s).any()
