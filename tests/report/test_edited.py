"""Changes of a case in words, and what came of them in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis.files import editing
from synaspis.files.case import load
from synaspis.files.editing import Change, Row
from synaspis.model.agreement import Clause
from synaspis.model.compared import Gain
from synaspis.model.edited import Edited, Figure, NationEdited, RegimeEdited, Seconds
from synaspis.model.threat import Firing
from synaspis.report.edited import change_words, finding, lead


def called(row: Row) -> str:
    noun = row.noun
    return noun.id if isinstance(noun, Clause) else noun.target if isinstance(noun, Firing) else noun.name


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return {called(r): r for r in editing.rows(load("first-light"))}


def change(rows: dict[str, Row], name: str, **now: str) -> Change:
    return Change(row=rows[name], now=now)


def test_changes_in_words(rows: dict[str, Row]) -> None:
    told = [
        *change_words(change(rows, "bmd-1", state="out")),
        *change_words(change(rows, "bmd-1", state="from", **{"from": "2024-06-01"}, delay_s="30")),
        *change_words(change(rows, "bmd-3", decision_s="90")),
        *change_words(change(rows, "kurecik", state="away")),
        *change_words(change(rows, "kurecik", latitude_deg="40")),
        *change_words(change(rows, "deveselu", rounds="1")),
        *change_words(change(rows, "Sofia", count="4")),
    ]
    assert told == [
        "bmd-1 left out",
        "bmd-1 suspended from 1 June 2024",
        "bmd-1: release takes 30 s, not 10 s",
        "bmd-3: deciding takes 90 s, not 15 s",
        "kurecik taken out",
        "kurecik at 40°, 37.79°, not 38.35°, 37.79°",
        "deveselu: 1 round, not 24",
        "mrbm-2000 from Tabriz area at Sofia: 4 missiles, not 1",
    ]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ({"bmd-3": {"state": "out"}}, "Without bmd-3"),
        ({"bmd-3": {"state": "out"}, "kurecik": {"state": "away"}}, "Without bmd-3 and kurecik"),
        ({"bmd-1": {"delay_s": "30"}}, "With 30 s for bmd-1"),
        ({"bmd-1": {"state": "from", "from": "2024-06-01"}}, "With bmd-1 suspended from 1 June 2024"),
        ({"kurecik": {"latitude_deg": "40"}}, "With kurecik moved"),
        (
            {"deveselu": {"rounds": "3"}, "bmd-3": {"state": "out"}},
            "With 3 rounds at deveselu and without bmd-3",
        ),
        ({"Sofia": {"count": "1"}}, "With 1 missile at Sofia"),
        ({n: {"state": "out"} for n in ("bmd-1", "bmd-2", "bmd-3")}, "With 3 changes"),
    ],
)  # fmt: skip
def test_how_a_finding_begins(rows: dict[str, Row], asked: dict[str, dict[str, str]], due: str) -> None:
    assert lead([change(rows, name, **now) for name, now in asked.items()]) == due


def nation(people: float, later_s: float = 0.0) -> NationEdited:
    seconds = Seconds(p05=0.0, p50=400.0, p95=500.0)
    return NationEdited(
        protected_population=Figure(before=2e6, after=2e6 + people),
        leakers=Figure(before=1.0, after=1.0),
        warning_before_s=seconds,
        warning_after_s=replace(seconds, p50=400.0 - later_s),
    )


def told(error: float = 1.0, later_s: float = 0.0, **people: tuple[float, float]) -> Edited:
    """Regimes with the change of people protected in Romania and in Bulgaria."""
    regimes = {}
    for name, (romania, bulgaria) in people.items():
        whole = romania + bulgaria
        regimes[name] = RegimeEdited(
            title=name,
            protected_population=Figure(
                before=4e6, after=4e6 + whole, gain=Gain(value=whole, low=whole, high=whole, error=error)
            ),
            population_at_risk=Figure(before=5e6, after=5e6),
            leakers=Figure(before=1.0, after=1.0),
            nations={"ROU": nation(romania, later_s), "BGR": nation(bulgaria)},
        )
    return Edited(
        name="edit-1", case="x", file="x.yaml", trials=10, seed=1, headline="allied", changes=("x",),
        finding="", regimes=regimes, nations={"ROU": "Romania", "BGR": "Bulgaria"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "due"),
    [
        (told(allied=(-1.2e6, 0.0)), "the allied regime protects 1.20\u00a0million people fewer in Romania."),
        (
            told(allied=(2e5, 1e4)),
            "the allied regime protects 210,000 more people, most of them in Romania.",
        ),
        (told(allied=(2e5, 1e5), error=2e5), "the allied regime protects 300,000 more people, most of them "
         "in Romania, which may be luck."),
        (told(allied=(3e5, -1e5)), "the allied regime protects 200,000 more people."),
        (told(allied=(0.0, 0.0), national=(0.0, 5e4)), "the national regime protects 50,000 more people in "
         "Bulgaria."),
        (told(allied=(0.0, 0.0)), "every regime protects as many people as before."),
        (told(allied=(0.0, 0.0), later_s=61.0), "every regime protects as many people as before; under "
         "allied Romania is warned 1\u00a0min\u00a01\u00a0s later at the median."),
    ],
)  # fmt: skip
def test_what_came_of_it(edited: Edited, due: str) -> None:
    assert finding("Without bmd-3", edited) == f"Without bmd-3, {due}"
