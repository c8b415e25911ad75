"""What a sweep's page and words say of made-up figures."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest

from synaspis.model.sweep import FIGURES, Axis, RegimePoint, SweepAnswer, SweepRequest
from synaspis.report import sweep_figures as drawn
from synaspis.report import sweep_findings as found
from synaspis.report.sweep_page import page

ZERO = RegimePoint(**dict.fromkeys(FIGURES, 0))


def answer(axes: dict[str, tuple[str, ...]], protected: dict[tuple[str, ...], float]) -> SweepAnswer:
    """A sweep under `allied`, where so many people are protected at each point, and half under `national`."""
    made = tuple(Axis(key=k, values=v) for k, v in axes.items())
    points = itertools.product(*axes.values())
    told = [protected[p] for p in points]
    return SweepAnswer(
        case="x", title="A made-up <case>", version="1", headline="allied", against="national",
        request=SweepRequest(axes=made, regimes=("national", "allied"), trials=10, seed=1),
        answered=tuple(
            {
                "national": dataclasses.replace(ZERO, protected_population=p / 2),
                "allied": dataclasses.replace(ZERO, protected_population=p),
            }
            for p in told
        ),
    )  # fmt: skip


TWO = answer(
    {"raid.salvo": ("1", "2"), "sensors.a": ("on", "off")},
    {("1", "on"): 8e6, ("1", "off"): 6e6, ("2", "on"): 4e6, ("2", "off"): 3e6},
)


def test_the_axis_that_matters_most_is_named_with_its_ends() -> None:
    assert [(e.axis.key, e.size) for e in found.effects(TWO)] == [("raid.salvo", 3.5e6), ("sensors.a", 1.5e6)]
    told = found.headline(TWO).replace("\u00a0", " ")
    assert told == (
        "raid.salvo matters most: allied protects 7.00 million people at 1 and 3.50 million at 2, "
        "the other axes averaged."
    )
    assert "sensors.a 1.50 million people (off to on)" in found.others(TWO).replace("\u00a0", " ")
    assert "1.50 million to 4.00 million people more" in found.between(TWO).replace("\u00a0", " ")


def test_axes_without_effect_are_said_to_have_none() -> None:
    still = answer({"seed": ("1", "2")}, {("1",): 5.0, ("2",): 5.0})
    assert found.headline(still).startswith("Nothing that was varied changes whom allied protects: 5")


def test_figures_run_along_numbers_and_panels_hold_the_rest() -> None:
    assert drawn.along(TWO).key == "raid.salvo"
    assert [name for name, _ in drawn.panels(TWO)] == ["sensors.a on", "sensors.a off"]
    words = answer({"sensors.a": ("on", "off")}, {("on",): 1.0, ("off",): 9.0})
    assert drawn.along(words).key == "sensors.a"


@pytest.mark.parametrize("values", [("1", "2", "10"), ("10", "2", "1"), ("a", "b", "c")])
def test_values_stand_by_their_numbers_where_they_rise(values: tuple[str, ...]) -> None:
    places = drawn._places(Axis(key="k", values=values))
    assert places == pytest.approx([0.0, 1 / 9, 1.0] if values[0] == "1" else [0.0, 0.5, 1.0])


def test_the_page_is_whole_and_escaped() -> None:
    made = page(TWO)
    assert "<case>" not in made and "A made-up &lt;case&gt;" in made
    assert len(re.findall(r"<svg", made)) == 8  # two figures of two panels, wide and narrow each
    assert not re.search(r"(?:href|src)=[\"']?http", made)


def test_many_panels_are_cut_and_that_is_said() -> None:
    axes = {"raid.salvo": ("1", "2"), "seed": tuple(map(str, range(9)))}
    told = answer(axes, {p: 1e6 / int(p[0]) for p in itertools.product(*axes.values())})
    assert "6 of 9 settings are drawn" in page(told)


def test_only_regimes_varied_has_no_figure_but_a_finding() -> None:
    alone = answer({"regime": ("national", "allied")}, {("national",): 7.0, ("allied",): 7.0})
    alone = dataclasses.replace(alone, answered=alone.answered[:1])
    assert found.headline(alone) == "The allied regime protects most: 7 people."
    assert "<svg" not in page(alone)
