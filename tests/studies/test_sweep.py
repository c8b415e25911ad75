"""A point of a sweep is the run of the case that it stands for, however it is played and beside whatever."""

from __future__ import annotations

import math

import pytest

from synaspis import api
from synaspis.files.varied import Variants
from synaspis.model.sweep import Point
from synaspis.studies import sweep as study

CASE = api.load("first-light")
VARY = {
    "clauses.own-2.decision_s": [10, 400],
    "raid.salvo": [1, 2],
    "sensors.kurecik": ["on", "off"],
    "seed": [1, 2],
}


@pytest.fixture(scope="module")
def swept() -> api.SweepAnswer:
    return api.sweep(CASE, VARY, trials=40, jobs=2)


def test_every_point_is_the_run_of_its_case(swept: api.SweepAnswer) -> None:
    variants = Variants(CASE)
    for point in list(swept.request.points())[::3]:
        run = api.run(variants.of(point.settings), trials=point.trials, seed=point.seed, jobs=1)
        for name, told in swept.answered[point.number].items():
            r = run.regimes[name]
            assert told.leakers_mean == r.leakers.mean and told.leakers_p95 == r.leakers.p95
            assert told.protected_population == r.protected_population
            assert told.population_at_risk == r.population_at_risk
            assert told.covered_population == r.covered_population
            assert told.covered_twice_population == r.covered_twice_population
            assert told.rounds == pytest.approx(sum(r.rounds.values()))
            assert told.warned_300_s == pytest.approx(sum(n.warned_people[300] for n in r.nations.values()))


def test_what_is_varied_matters(swept: api.SweepAnswer) -> None:
    """Else the tests above and below could not fail."""
    for i, axis in enumerate(swept.request.of_points):
        shape = [len(a.values) for a in swept.request.of_points]
        step = math.prod(shape[i + 1 :])
        told = swept.answered
        assert any(told[k] != told[k + step] for k in range(len(told) - step)), axis.key


def test_neither_workers_nor_neighbours_change_a_point(swept: api.SweepAnswer) -> None:
    assert api.sweep(CASE, VARY, trials=40, jobs=1).answered == swept.answered
    alone = api.sweep(CASE, {k: v[-1:] for k, v in VARY.items()}, trials=40, jobs=1)
    assert alone.answered == swept.answered[-1:]


def test_points_of_one_world_fly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    flown = []
    real = study.arena
    monkeypatch.setattr(study, "arena", lambda *a, **k: (flown.append(1), real(*a, **k))[1])
    api.sweep(CASE, {"clauses.own-2.decision_s": [5, 10, 20], "raid.salvo": [1, 2]}, trials=2, jobs=1)
    assert len(flown) == 2


def test_points_are_ordered_by_world() -> None:
    def point(number: int, salvo: str, decision: str) -> Point:
        settings = (("clauses.a.decision_s", decision), ("raid.salvo", salvo))
        return Point(number=number, settings=settings, trials=1, seed=1)

    mixed = [point(0, "1", "5"), point(1, "2", "5"), point(2, "1", "9"), point(3, "2", "9")]
    assert [p.number for p in study.in_worlds(mixed)] == [0, 2, 1, 3]


def test_the_table_is_tidy(swept: api.SweepAnswer) -> None:
    columns = swept.columns
    assert list(columns)[:6] == ["point", *VARY, "regime"]
    assert {len(c) for c in columns.values()} == {2 * len(swept.answered)}
    assert columns["raid.salvo"].dtype.kind == "i" and columns["sensors.kurecik"].dtype.kind == "O"
    for i in range(0, len(columns["point"]), 7):
        row = swept.answered[int(columns["point"][i])][str(columns["regime"][i])]
        assert columns["leakers_mean"][i] == row.leakers_mean
