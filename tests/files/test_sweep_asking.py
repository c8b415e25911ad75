"""The grid that is asked for: every mistake at once, each with its mend."""

from __future__ import annotations

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files.sweep_asking import absorb_request, sweep_request

CASE = api.load("first-light")


def problems(*vary: str, trials: int = 10, seed: int = 1) -> dict[str, tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        sweep_request(CASE, vary, trials, seed)
    return {p.file: (p.what, p.mend) for p in refused.value.problems}


def test_all_mistakes_are_said_at_once() -> None:
    told = problems(
        "regime=allied,alied", "raid.salvo=4,4", "raid.salvo=2", "foo=1", "trials=0,ten", "raid.target=Sofia",
        "sensors.kurecik=off,of", "seed", trials=0,
    )  # fmt: skip
    assert set(told) == {
        "--vary regime=alied", "--vary raid.salvo", "--vary foo", "--vary trials=0", "--vary trials=ten",
        "--vary raid.target", "--vary sensors.kurecik=of", "--vary", "--trials",
    }  # fmt: skip
    assert told["--vary regime=alied"][1] == "did you mean `allied`?"


def test_an_axis_or_a_value_that_stands_twice() -> None:
    assert "stands twice" in problems("raid.salvo=1", "raid.salvo=2")["--vary raid.salvo"][0]
    assert (
        "`4.0` stands twice"
        in problems("clauses.own-2.decision_s=4,4.0")["--vary clauses.own-2.decision_s"][0]
    )


def test_nothing_to_vary_and_too_much() -> None:
    assert problems()["--vary"][0] == "is not given"
    many = ",".join(map(str, range(400)))
    assert "160,000 points" in problems(f"seed={many}", f"trials={many[2:]},400")["--vary"][0]
    assert "a value is empty" in problems("seed=1,,2")["--vary seed"][0]


def test_points_are_every_combination_and_the_regime_is_played_within_each() -> None:
    asked, _ = sweep_request(CASE, ["seed=1,2", "regime=allied", "raid.salvo=1,2,3"], 10, 9)
    assert asked.regimes == ("allied",) and len(asked) == 6
    told = [(p.number, p.seed, p.settings) for p in asked.points()]
    assert told[0] == (0, 1, (("raid.salvo", "1"),)) and told[5] == (5, 2, (("raid.salvo", "3"),))
    assert {p.trials for p in asked.points()} == {10}


def test_a_range_stands_for_its_whole_numbers() -> None:
    asked, _ = sweep_request(CASE, ["seed=3..5,9"], 10, 1)
    assert asked.axes[0].values == ("3", "4", "5", "9")
    assert set(problems("seed=5..3", "trials=1..20000")) == {"--vary seed=5..3", "--vary trials=1..20000"}
    assert "10,002 values" in problems("seed=1..10001,0")["--vary seed"][0]


def test_values_may_be_given_as_such() -> None:
    asked, _ = sweep_request(CASE, {"raid.salvo": [1, 2], "sensors.kurecik": [True, False]}, 10, 1)
    assert [a.values for a in asked.axes] == [("1", "2"), ("on", "off")]
    assert asked.regimes == ("national", "allied")


def test_what_absorb_is_asked_is_checked_at_once() -> None:
    with pytest.raises(InputError) as refused:
        absorb_request(CASE, 1.0, 1.0, ["alied"], 251, 0, -1)
    assert {p.file for p in refused.value.problems} == {
        "--confidence", "--share", "--regime", "--most", "--trials", "--seed",
    }  # fmt: skip
    assert absorb_request(CASE, 0.9, 0.0, None, 250, 1, 1)[0] == ("national", "allied")
