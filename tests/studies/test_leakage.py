"""The closed form of leakage, and the kernels that every run holds against it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.polynomial.legendre import leggauss

from synaspis.engine import duel as duels_module
from synaspis.engine.tables import EngineTables
from synaspis.engine.world import World, world
from synaspis.model.battery import Battery, Interceptor
from synaspis.studies import leakage as study
from synaspis.studies.leakage import duels, leakage, survives
from tests.engine.scene import first_light, with_battery, with_interceptors

ENOUGH = 4.5
"""Standard deviations that none of the duels of one test lies away; the seed is fixed."""


def lone(interceptor: dict[str, Any] | None = None, **battery: Any) -> World:
    """`first-light` with Deveselu alone changed."""
    case = with_interceptors(first_light(), **(interceptor or {}))
    return world(with_battery(case, "deveselu", **battery))


def types(**figures: Any) -> tuple[Battery, Interceptor]:
    w = lone(figures)
    return w.batteries[0].battery, w.batteries[0].interceptor


def test_survival_of_n_rounds_is_the_moment_of_a_beta() -> None:
    """By quadrature of the density, for shapes that have no pole."""
    x, weight = leggauss(400)
    p = (x + 1.0) / 2.0
    for mean, rho in ((0.5, 0.1), (0.7, 0.15), (0.3, 0.05)):
        a, b = mean * (1.0 / rho - 1.0), (1.0 - mean) * (1.0 / rho - 1.0)
        density = p ** (a - 1.0) * (1.0 - p) ** (b - 1.0)
        for n in (1, 2, 5, 8):
            expected = (weight * density * (1.0 - p) ** n).sum() / (weight * density).sum()
            assert survives(mean, rho, n) == pytest.approx(expected, rel=1e-6)


def test_correlation_leaves_one_shot_as_it_is_and_makes_more_worth_less() -> None:
    assert survives(0.8, 0.0, 3) == pytest.approx(0.2**3)
    assert survives(0.8, 0.3, 1) == pytest.approx(0.2)
    assert survives(0.8, 0.0, 2) < survives(0.8, 0.1, 2) < survives(0.8, 0.5, 2) < 0.2


def test_leakage_of_known_doctrines() -> None:
    plain = {"p_type_defect": 0.0, "p_confusion": 0.0, "wrong_look": 0.0, "p_kill": {"mrbm": 0.7}}
    battery, r = types(**plain)
    assert leakage(battery, r, "mrbm", 3) == pytest.approx(0.3**3)
    assert leakage(replace(battery, doctrine="barrage", salvo=2), r, "mrbm", 3) == pytest.approx(0.3**2)
    twice = replace(battery, doctrine="shoot-shoot-look")
    assert leakage(twice, r, "mrbm", 3) == pytest.approx(0.3**6)
    assert leakage(twice, replace(r, wrong_look=0.2), "mrbm", 2) == pytest.approx(0.2 * 0.3**2 + 0.8 * 0.3**4)
    assert leakage(battery, replace(r, p_type_defect=0.1), "mrbm", 1) == pytest.approx(0.3)


@pytest.mark.parametrize("doctrine", ["shoot-look-shoot", "shoot-shoot-look", "barrage"])
@pytest.mark.parametrize("salvo", [1, 3])
@pytest.mark.parametrize("correlation", [0.0, 0.4])
def test_the_kernels_leak_as_the_formula_says(
    doctrine: str, salvo: int, correlation: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "TRIALS", 20_000)
    figures = {"correlation": correlation, "wrong_look": 0.2, "p_type_defect": 0.1, "p_confusion": 0.1}
    w = lone({**figures, "p_kill": {"mrbm": 0.5}}, doctrine=doctrine, salvo=salvo)
    for looks in (1, 2, 3):
        monkeypatch.setattr(study, "LOOKS", looks)
        (found,) = [d for d in duels(w, 3) if d.battery == "deveselu"]
        assert abs(found.z) < ENOUGH, (looks, found)


def test_every_type_meets_every_class_of_the_raid_that_it_may() -> None:
    w = lone({}, salvo_by_value=())
    assert {(d.battery, d.category) for d in duels(w, 1)} == {(f.battery.name, "mrbm") for f in w.batteries}
    assert math.isfinite(max(abs(d.z) for d in duels(w, 1)))


@pytest.mark.parametrize("row", ["P_KILL", "SALVO", "P_DEFECT", "P_CONFUSION", "WRONG_LOOK", "SALVOS"])
def test_the_check_sees_a_kernel_or_a_table_that_is_wrong(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from synaspis.engine import layout as rows

    w = lone({"wrong_look": 0.2, "p_kill": {"mrbm": 0.6}})
    assert max(abs(d.z) for d in duels(w, 1)) < ENOUGH
    right = duels_module.duel_tables

    def wrong(*given: Any) -> EngineTables:
        made = right(*given)
        array, value = (made.bt[0], 0.75) if row in ("P_KILL", "SALVO") else (made.battery, 0.0)
        array[getattr(rows, row)] = {"SALVO": 2.0, "SALVOS": 2.0}.get(row, value)
        return made

    monkeypatch.setattr(study, "duel_tables", wrong)
    assert max(abs(d.z) for d in duels(w, 1)) > 5.0


def test_a_chance_that_cannot_vary_is_compared_exactly() -> None:
    never = lone({"p_kill": {"mrbm": 0.0}})
    assert all(d.leaked == d.expected == 1.0 and d.z == 0.0 for d in duels(never, 1))
    assert np.isfinite([d.z for d in duels(never, 2)]).all()
