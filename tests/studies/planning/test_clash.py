"""No plan: the constraints that clash are named, none too many, and the nearest plan is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis.studies.planning.clash import clash, feasible, irreducible, rules
from synaspis.studies.planning.program import COST, Addition, Attack, Choice, Least, Magazine, Program
from synaspis.studies.planning.sites import Bar

HOST = Bar("host", "BGR", "USA")


def program(**changes: object) -> Program:
    """One town, two batteries that could be added there: a dear one, and a cheap one that a host bars."""
    p = Program(
        attacks=(Attack(0, 1, 0.9),),
        choices=(
            Choice(0, "midcourse", 0.4, ((0, 0, 1.0),), (0,)),
            Choice(0, "terminal", 0.5, ((1, 0, 1.0),), (1,)),
        ),
        magazines=(Magazine(4.0, 4.0, addition=0), Magazine(4.0, 4.0, addition=1)),
        people=(1000.0,),
        nations={"ROU": (0,)},
        additions=(Addition(8.0), Addition(2.0, (HOST,))),
        most_added=1.0,
        budget=10.0,
        objective=COST,
    )  # fmt: skip
    return replace(p, **changes)  # type: ignore[arg-type]


def names(p: Program) -> set[str]:
    return {what for what, _ in irreducible(p)}


def test_a_goal_beyond_the_budget() -> None:
    p = program(goal=500.0, budget=5.0)
    assert names(p) == {"the budget of 5 M USD", "at least 500 people protected"}
    found, closest = clash(p)
    assert "a budget of 8 M USD, not 5" in found.nearest
    assert "protect 0 people, not 500" in found.nearest
    assert closest.worth.total == 0.0


def test_a_goal_that_only_the_barred_one_reaches() -> None:
    """It takes both. Were all hosts willing, one addition would still be too few: the filter names that."""
    p = program(goal=700.0)
    assert names(p) == {"at most 1 additions", "at least 700 people protected"}
    assert not any("additions" in x for x in clash(p)[0].nearest)  # two that may be had do not reach it
    lifted = replace(p, lifted=frozenset({HOST}))
    assert names(lifted) == {"at most 1 additions", "at least 700 people protected"}
    assert "2 additions, not 1" in clash(lifted)[0].nearest


def test_two_floors_that_want_the_same_rounds() -> None:
    p = Program(
        attacks=(Attack(0, 1, 0.9), Attack(1, 1, 0.9)),
        choices=(Choice(0, "terminal", 0.2, ((0, 0, 2.0),)), Choice(1, "terminal", 0.2, ((0, 0, 2.0),))),
        magazines=(Magazine(2.0, 4.0),),
        people=(1000.0, 600.0),
        nations={"ROU": (0,), "BGR": (1,)},
        least=(Least("ROU at least 50%", (0,), 0.5), Least("BGR at least 50%", (1,), 0.5)),
    )
    assert not feasible(p)
    assert names(p) == {"the rounds in the magazines", "ROU at least 50%", "BGR at least 50%"}
    found, closest = clash(p)
    assert sorted(found.nearest) == [
        "BGR: 0% of its people at risk, not 50%", "ROU: 80% of its people at risk, not 50%",
    ]  # fmt: skip
    assert closest.worth.total == pytest.approx(720.0)


@pytest.mark.parametrize("p", [program(goal=500.0, budget=5.0), program(goal=700.0)])
def test_none_of_them_can_be_left_out(p: Program) -> None:
    """Irreducible: with any one of them gone, and the rest kept alone, there is a plan."""
    kept = irreducible(p)
    others = rules(p)
    for gone, _ in kept:
        q = p
        for what, without in others:
            if what == gone or what not in {w for w, _ in kept}:
                q = without(q)
        assert feasible(q), gone
