"""The footprint of debris: shares, third states and their leave, the document and the words."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest
from rich.console import Console

import synaspis
from synaspis.cli.debris import show
from synaspis.engine.under import debris_of, states_under
from synaspis.errors import InputError
from synaspis.files import catalog
from synaspis.files.case import load, resolve, with_map
from synaspis.model.breakup import Breakup
from synaspis.model.case import Case
from synaspis.model.debris import DebrisAnswer, document
from synaspis.report.debris import asked_sentence, render, sentence
from synaspis.studies.arena import arena
from synaspis.studies.debris import _scattered
from tests.files.contract import contract, wrong

SCHEMA = contract("debris")


@pytest.fixture(scope="module")
def answer() -> DebrisAnswer:
    return synaspis.debris("first-light", jobs=1)


def asking() -> Case:
    """`first-light`, where every order waits for consent to debris."""
    told = load("first-light").text.decode()
    assert told.count("protocol:") >= 1
    told = told.replace("protocol:", "asks: [debris], protocol:")
    case, problems = resolve(told.encode(), "asking.yaml")
    assert problems == [], problems
    assert case is not None
    return case


def test_shares_of_a_battery_are_whole(answer: DebrisAnswer) -> None:
    assert answer.batteries
    for b in answer.batteries.values():
        whole = b.sea.value + b.aloft.value + sum(n.share.value for n in b.nations.values())
        assert whole == pytest.approx(1.0, abs=0.002)  # less than a thousandth each is not told of
        for n in b.nations.values():
            assert n.share.low <= n.share.value <= n.share.high
            assert n.share.value <= n.most <= 1.0
            assert 0 <= n.third <= b.missiles


def test_the_targets_nation_gets_most_and_is_no_third_state(answer: DebrisAnswer) -> None:
    patriot = answer.batteries["bucharest-patriot"]
    assert patriot.nations["ROU"].share.value > 0.9
    assert patriot.nations["ROU"].third == 0
    assert patriot.silent == ()


def test_a_regime_changes_who_is_asked_and_not_where_it_falls(answer: DebrisAnswer) -> None:
    other = synaspis.debris("first-light", "national", jobs=1)
    assert other.regime == "national"
    falls = [{k: {c: n.share for c, n in b.nations.items()} for k, b in x.batteries.items()}
             for x in (answer, other)]  # fmt: skip
    assert falls[0] == falls[1]
    assert not any(b.asks for b in answer.batteries.values())
    asked = synaspis.debris(asking(), jobs=1)
    assert any(b.asks for b in asked.batteries.values())
    assert "wait for it" in asked_sentence(asked)


def test_an_order_that_asks_and_hears_nothing_fires_less() -> None:
    """The clause counts in a run: the map is there because it asks."""
    free, asked = (synaspis.run(c, trials=30, jobs=1) for c in ("first-light", asking()))
    spent = [sum(n for r in x.regimes.values() for n in r.rounds.values()) for x in (free, asked)]
    assert spent[1] < spent[0]


def test_the_document_keeps_its_contract(answer: DebrisAnswer) -> None:
    told: dict[str, Any] = json.loads(json.dumps(document(answer), allow_nan=False))
    assert wrong(told, SCHEMA) == []
    broken = copy.deepcopy(told)
    broken["batteries"]["deveselu"]["nations"]["ROU"]["most"] = 1.5
    assert wrong(broken, SCHEMA) != []


def test_the_words(answer: DebrisAnswer, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 third state may get more than" in sentence(answer)
    console = Console(width=80, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: SIM115
    render(answer, console)
    lines = console.export_text().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert any("deveselu" in line and "ROU" in line for line in lines)
    show("first-light", None, None, 1, True)
    assert json.loads(capsys.readouterr().out)["regime"] == answer.regime


def test_thrown_far_is_every_figure_at_the_end_that_throws_farther() -> None:
    """Faster, lighter, and more of it from the interceptor, which has a way of its own."""
    entry, made = catalog.entry("standard-breakup"), catalog.noun("standard-breakup")
    assert isinstance(made, Breakup)
    near, far = (_scattered(made, entry, side) for side in (-1, 1))
    assert (near.fastest_mps, near.lightest_kgpm2, near.heaviest_kgpm2) == (100.0, 50.0, 5000.0)
    assert (far.fastest_mps, far.lightest_kgpm2, far.heaviest_kgpm2) == (700.0, 5.0, 1000.0)
    assert near.kill_vehicle_kg < made.kill_vehicle_kg < far.kill_vehicle_kg
    assert near.least_share == far.least_share == made.least_share


def test_an_unknown_regime() -> None:
    with pytest.raises(InputError):
        synaspis.debris("first-light", "alliedd")


def _leave(refuses: float) -> DebrisAnswer:
    """`first-light`, where Türkiye is asked for debris and refuses with a chance."""
    told = load("first-light").text.decode()
    host = "      - {id: base-1, by: ROU, sites: [deveselu]}\n"
    assert host in told
    clause = f"{{id: fall-1, by: TUR, owners: [USA], scope: [debris], refuses: {refuses}}}"
    told = told.replace(host, f"{host}      - {clause}\n")
    case, problems = resolve(told.encode(), "leave.yaml")
    assert problems == [], problems
    assert case is not None
    return synaspis.debris(case, jobs=1)


def test_a_state_that_always_refuses_has_let_nothing_fall() -> None:
    some, none = (_leave(refuses).batteries["deveselu"] for refuses in (0.5, 1.0))
    assert some.nations["TUR"].third > 0
    assert (some.nations["TUR"].leave, "TUR" in some.silent) == ("fall-1", False)
    assert (none.nations["TUR"].leave, "TUR" in none.silent) == ("", True)


def test_one_regime_and_all_batteries_together() -> None:
    with pytest.raises(InputError) as told:
        show("first-light", ["deveselu"], ["national", "allied"], 1, True)
    assert [p.file for p in told.value.problems] == ["--battery", "--regime"]


def test_third_counts_missiles_for_which_the_engine_asks(answer: DebrisAnswer) -> None:
    """The study and the engine name the same states; of two missiles on one flight each counts."""
    known = with_map(load("first-light"))
    a = arena(known, 1)
    under = states_under(a.w, a.g)
    times = np.bincount(a.g.flight_of)
    for b, f in enumerate(a.w.batteries):
        told = answer.batteries[f.battery.name]
        flights = [u for row, u, scope in under if row == b and scope == "debris"]
        assert told.missiles == sum(int(times[u]) for u in flights)
        asked: dict[str, int] = {}
        for u in flights:
            for name in under[b, u, "debris"]:
                asked[name] = asked.get(name, 0) + int(times[u])
        assert {code: n.third for code, n in told.nations.items() if n.third} == asked
    assert max(times) > 1


def test_means_are_over_missiles_and_the_worst_is_told_apart(answer: DebrisAnswer) -> None:
    known = with_map(load("first-light"))
    assert known.borders is not None
    assert known.breakup is not None
    a = arena(known, 1)
    found = debris_of(a.w, a.g, known.borders, known.breakup)
    times = np.bincount(a.g.flight_of)
    for b, f in enumerate(a.w.batteries):
        each = [(fallen, int(times[u])) for (row, u), fallen in found.items() if row == b]
        for code, n in answer.batteries[f.battery.name].nations.items():
            mean = sum(x.mean().get(code, 0.0) * k for x, k in each) / sum(k for _, k in each)
            assert n.share.value == pytest.approx(mean)
            assert n.most == pytest.approx(max(s.get(code, 0.0) for x, _ in each for s in x.shares))


def test_a_state_is_silent_only_where_it_is_a_third_state(answer: DebrisAnswer) -> None:
    assert answer.batteries["deveselu"].silent == ("TUR",)
