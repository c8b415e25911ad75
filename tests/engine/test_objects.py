"""Objects that fly with a missile: closed forms, who is misled, and what stays as it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from synaspis.engine import layout as rows
from synaspis.engine.batch import CHUNK, Outcomes, play, replay
from synaspis.files.catalog import noun
from synaspis.model.case import Case
from synaspis.model.threat import BANDS, OBJECTS, Objects
from synaspis.studies.arena import arena, pure
from synaspis.studies.scenes import scene
from tests.engine.scene import (
    EVERYTHING,
    first_light,
    tables_of,
    with_battery,
    with_file,
    with_interceptors,
    with_radar,
)
from tests.engine.test_closed_form import TRIALS, barrage, far_reaching, in_band, one_battery, played

P, C = 0.5, 0.45
"""Chance that one shot kills, and that discrimination fails: wide, so that a fault in either shows."""


def with_objects(case: Case, spent_body: int, decoy: int = 0, m2: Mapping[str, float] = {}) -> Case:
    """Each missile with so many objects, of the catalogue's cross-section or of that given by kind."""
    beside = Objects(spent_body=spent_body, decoy=decoy)
    case = with_file(case, raid=tuple(replace(f, objects=beside) for f in case.file.raid))
    found = {name: noun(name) for name in OBJECTS.values()}
    for kind, size in m2.items():
        found[OBJECTS[kind]] = replace(found[OBJECTS[kind]], cross_section_m2=dict.fromkeys(BANDS, size))
    return replace(case, objects=found)


def misled(count: int, salvo: int = 1, **more: Any) -> Case:
    return with_objects(barrage(one_battery(p_kill={"mrbm": P}, p_confusion=C), salvo), count, **more)


def expected_kill(objects: int, salvo: int) -> float:
    """(1 - c) E[1 - (1 - q / (1 + K))^m], K binomial (n, c), q = p / (1 - c); all rounds meet one K."""
    lone = P / (1.0 - C)
    return (1.0 - C) * sum(
        math.comb(objects, k) * C**k * (1.0 - C) ** (objects - k) * (1.0 - (1.0 - lone / (1 + k)) ** salvo)
        for k in range(objects + 1)
    )


@pytest.mark.parametrize(("objects", "salvo"), [(0, 1), (1, 1), (4, 1), (1, 2), (3, 3)])
def test_kills_are_as_the_formula_says(objects: int, salvo: int) -> None:
    _, out = played(misled(objects, salvo))
    killed = out.fate == rows.KILLED
    assert in_band(killed.sum(), killed.size, expected_kill(objects, salvo)), "missiles are independent here"


def test_wasted_rounds_are_as_the_formula_says() -> None:
    """A round is wasted where discrimination fails, or where it goes at one of the K others."""
    objects = 3
    _, out = played(misled(objects))
    at_it = (1.0 - (1.0 - C) ** (objects + 1)) / ((objects + 1) * C)
    assert in_band(out.wasted.sum(), 3 * TRIALS, 1.0 - (1.0 - C) * at_it)
    assert (out.wasted <= out.rounds).all()


def same(one: Outcomes, other: Outcomes) -> bool:
    return all(a.tobytes() == b.tobytes() for a, b in zip(one.arrays(), other.arrays(), strict=True))


def test_both_kinds_mislead_alike_where_both_are_seen() -> None:
    _, out = played(misled(1, decoy=2))
    killed = out.fate == rows.KILLED
    assert in_band(killed.sum(), killed.size, expected_kill(3, 1))


def test_what_the_radar_cannot_see_misleads_nobody() -> None:
    plain, seen = played(misled(0), trials=200)[1], played(misled(2), trials=200)[1]
    assert not same(plain, seen)
    assert same(plain, played(misled(2, m2={"spent_body": 1e-7}), trials=200)[1])
    assert same(seen, played(misled(2, decoy=40, m2={"decoy": 1e-7}), trials=200)[1])


def test_a_battery_that_flies_on_the_tracks_of_others_is_misled_by_what_they_see() -> None:
    """The radar at Deveselu is of S band, the one at Kurecik, turned to the west here, of X band."""
    alone = with_objects(far_reaching(p_confusion=C, remote="launch"), 0, decoy=5)
    alone = with_file(alone, sensors=tuple(replace(s, facing_rad=5.0) for s in alone.file.sensors))
    size = dict.fromkeys(BANDS, 1e-7) | {"X": 10.0}
    alone = replace(alone, objects={n: replace(o, cross_section_m2=size) for n, o in alone.objects.items()})
    for case, seen in ((alone, False), (with_interceptors(alone, remote="engage"), True)):
        a = arena(case, 1)
        assert a.g.objects_seen[1].any() == seen
        assert not a.g.objects_seen[0].any()


def test_without_objects_nothing_is_wasted() -> None:
    _, out = played(misled(0))
    assert not out.wasted.any()


def test_more_objects_never_help_the_defence_on_the_same_luck() -> None:
    """For a battery that fires once at each missile."""
    leaked, wasted = [], []
    for count in (0, 1, 5, 50):
        _, out = played(misled(count, 2), trials=500)
        leaked.append(out.fate == rows.LEAKED)
        wasted.append(out.wasted.sum())
    for fewer, more in pairwise(leaked):
        assert (fewer <= more).all()
        assert (fewer < more).any()
    assert wasted == sorted(wasted)


def test_the_air_strips_them_before_a_terminal_battery() -> None:
    plain = with_radar(first_light(), "patriot-mpq-65", reference_range_m=150_000.0)
    plain = with_interceptors(with_battery(plain, "deveselu", rounds=0), p_confusion=C)
    bare, dressed = (
        play(tables_of(arena(with_objects(plain, n), 1), *EVERYTHING), 3, 200, 1) for n in (0, 9)
    )
    assert bare.rounds.any()
    assert all(a.tobytes() == b.tobytes() for a, b in zip(bare.arrays(), dressed.arrays(), strict=True))


def test_simple_countermeasures_and_objects_together_are_worst() -> None:
    a = arena(with_objects(first_light(), 2), 1)
    mix = pure(a.rules("allied"))
    plain, decoyed = a.play(mix, 1, 200), a.play(mix, 1, 200, countermeasures=True)
    assert ((plain.fate == rows.LEAKED) <= (decoyed.fate == rows.LEAKED)).all()
    assert decoyed.wasted.sum() > plain.wasted.sum() > 0


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(jobs: int) -> None:
    tables = tables_of(arena(misled(3), 1), *EVERYTHING)
    one, many = play(tables, 7, 2 * CHUNK + 9, 1), play(tables, 7, 2 * CHUNK + 9, jobs)
    assert one.wasted.any()
    assert all(x.tobytes() == y.tobytes() for x, y in zip(one.arrays(), many.arrays(), strict=True))


def test_the_log_tells_a_shot_at_an_object_from_a_miss() -> None:
    a = arena(misled(3), 1)
    tables = tables_of(a, *EVERYTHING)
    out = play(tables, 7, 40, 1)
    kinds = set()
    for trial in range(40):
        done = [x[4] for x in replay(tables, 7, trial) if x[1] == rows.HIT]
        assert done.count(-1.0) == out.wasted[trial].sum()
        kinds |= set(done)
    assert kinds == {-1.0, 0.0, 1.0}


def test_a_shown_trial_says_so() -> None:
    a = arena(with_objects(first_light(), 50), 1)
    out = a.play(pure(a.rules("allied")), 1, 100)
    wasted = int(np.flatnonzero(out.wasted.any(axis=1))[0])
    told = scene(a, "allied", 1, out.fate[wasted], wasted).events
    assert [e.kind for e in told if "goes at an object beside" in e.text] != []
    assert {e.kind for e in told if "goes at an object beside" in e.text} == {"missed"}
