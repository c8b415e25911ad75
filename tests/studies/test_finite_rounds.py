"""With finite rounds a further clause can cost a nation its protection, and the story says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from synaspis import api
from synaspis.files.case import load
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from synaspis.studies import story

TRIALS, SEED = 300, 2


@pytest.fixture(scope="module")
def case() -> Case:
    return load(Path(__file__).with_name("finite_rounds.yaml"))


@pytest.fixture(scope="module")
def answer(case: Case) -> RunAnswer:
    return api.run(case, trials=TRIALS, seed=SEED, jobs=1)


def tell(case: Case, asset: str, regime: str) -> str:
    manifest = {"regimes": ["alone", "wider"], "seed": SEED, "trials": TRIALS}
    return story.tell(case, manifest, asset, regime, None, 1)


def test_romania_loses_what_bulgaria_gains(answer: RunAnswer) -> None:
    alone, wider = (answer.regimes[r].nations for r in ("alone", "wider"))
    assert alone["BGR"].protected_population == 0.0
    assert wider["BGR"].protected_population > 500_000
    assert alone["ROU"].protected_population > 800_000
    assert wider["ROU"].protected_population < 0.5 * alone["ROU"].protected_population
    assert answer.regimes["wider"].rounds["deveselu"] <= 1.0


def test_the_round_is_kept_for_the_larger_city_once_its_missile_is_known(case: Case) -> None:
    raid = (case.file.raid[0], replace(case.file.raid[1], start_s=60.0))
    known = api.run(replace(case, file=replace(case.file, raid=raid)), trials=TRIALS, seed=SEED, jobs=1)
    alone, wider = (known.regimes[r].nations for r in ("alone", "wider"))
    assert wider["ROU"].protected_population == alone["ROU"].protected_population
    assert 0.0 < wider["BGR"].protected_population < 250_000, "where Bucharest's missile fails in flight"


def test_the_clause_s_gain_is_counted_over_all_nations(answer: RunAnswer) -> None:
    assert answer.difference is not None
    (gain,) = answer.difference.clauses
    assert gain.id == "more-1"
    assert gain.group == "mandate"
    assert gain.gain == pytest.approx(answer.difference.whole)
    assert gain.gain < 0.0, "the larger city goes unprotected"


def test_the_story_says_that_the_round_was_gone(case: Case) -> None:
    told = tell(case, "Bucharest", "wider")
    assert "it lands" in told
    assert "deveselu (ROU) could have reached it but never fired: no round or channel was free" in told
    elsewhere = tell(case, "Sofia", "wider")
    assert "mandate more-1" in elsewhere
    assert "deveselu (ROU) fires 1 sm-3-ib" in elsewhere


def test_the_story_of_the_narrow_mandate_cites_it(case: Case) -> None:
    told = tell(case, "Sofia", "alone")
    assert "no clause lets ROU's rounds defend Sofia (BGR) [own-2]" in told
    assert "no round or channel" not in told


def test_lost_shots_name_the_cause(answer: RunAnswer) -> None:
    lost = {(x.threat.split(" to ")[1], x.cause) for x in answer.regimes["wider"].lost}
    assert ("Bucharest", "no_rounds") in lost
    assert all(x.cause == "no_mandate" for x in answer.regimes["alone"].lost if "Sofia" in x.threat)
