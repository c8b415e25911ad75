"""After the exercise: decisions and how long they took, chances missed by the first gate shut."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import yaml
from rich.console import Console

from synaspis.cli.replay_run import render
from synaspis.engine.layout import MANDATE
from synaspis.exercise.again import Document, replayed
from synaspis.exercise.chances import denied, missed
from synaspis.exercise.responses import response
from synaspis.exercise.review import review
from synaspis.exercise.review_files import decisions_csv, document, responses_yaml
from synaspis.exercise.rooms import room_of
from synaspis.exercise.watching import LEVELS, Asked, Engaged, Watched, nearest

from .played import played

pytestmark = pytest.mark.long

UNTIL_S = 112.0


def says(nation: str, told: Document, waited_s: float) -> bool | None:
    """Romania refuses at once, the United States agrees after a while, and tells Turkey nothing."""
    if told["kind"] == "release":
        return True if waited_s >= 2.0 and told["recipient"] != "TUR" else None
    if nation == "ROU":
        return False
    return True if waited_s >= 3.0 else None


def test_a_played_exercise_is_reviewed(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    played(log, "first-light", "allied", UNTIL_S, ("USA", "ROU"), says)
    again = replayed(log, room_of)
    found = review(again)
    again.close()
    assert found.differs_s is None and found.ends_s == UNTIL_S
    releases = [d for d in found.decisions if d.kind == "release"]
    told = [d for d in releases if d.recipient != "TUR" and d.said == "yes"]
    assert told and {d.took_s for d in told} == {2.0}
    assert {d.said for d in releases if d.recipient == "TUR"} == {"nothing"}
    assert {d.said for d in found.decisions if d.nation == "ROU" and d.kind != "release"} <= {"no"}
    assert all(d.clause and d.at_stake for d in found.decisions)
    assert all(d.missile for d in releases), "each is of a missile that flies"
    assert found.missed == (), "no last launch has passed"
    json.dumps(document(found), allow_nan=False)
    rows = list(csv.DictReader(io.StringIO(decisions_csv(found))))
    assert len(rows) == len(found.decisions) and rows[0]["nation"] == found.decisions[0].nation
    console = Console(file=io.StringIO(), width=120)
    render(found, console)
    assert "questions," in console.file.getvalue() and "release" in console.file.getvalue()  # type: ignore[attr-defined]
    clauses = {each["id"]: each for each in yaml.safe_load(responses_yaml(found))}
    assert clauses[told[0].clause]["delay_s"] == 2.0


# -- the gates, one by one ---------------------------------------------------------------------------


def scene(mandate: float = 1.0, fired: int = 0) -> Any:
    """One missile at BBB's city, one battery of AAA that could meet it until 100 s."""
    city = SimpleNamespace(name="city", nation="BBB", population=1000.0)
    bt = np.zeros((1, MANDATE + 1, 1))
    bt[0, MANDATE, 0] = mandate
    engagements = SimpleNamespace(
        last_s=lambda b, t: 100.0, fired=lambda b, t: fired, compiled=SimpleNamespace(bt=bt)
    )
    world = SimpleNamespace(
        missiles=[SimpleNamespace(name="m", target=0)], assets=[city],
        batteries=[SimpleNamespace(battery=SimpleNamespace(name="gun", owner="AAA"))],
    )  # fmt: skip
    host = SimpleNamespace(orders=SimpleNamespace(engagements=engagements))
    return SimpleNamespace(lit=SimpleNamespace(w=world), host=host, given=given())


def given(*permits: tuple[str, str, str, tuple[str, ...]]) -> Any:
    """Rules of which only releases are asked: id, owner, recipient and products of each."""
    found = {
        (owner, recipient): (SimpleNamespace(id=id, effect="permit", products=products),)
        for id, owner, recipient, products in permits
    }
    return SimpleNamespace(between=lambda owner, recipient: found.get((owner, recipient), ()))


def flown(**more: Any) -> Watched:
    seen = Watched(**more)
    seen.truth["m"] = {"target": "city", "flying": 0.0, "hit": 200.0}
    return seen


def knew(*nations: str, since_s: float = 50.0) -> dict[tuple[str, str], dict[str, float]]:
    return {(n, "m"): dict.fromkeys(LEVELS, since_s) for n in nations}


def asked(nation: str = "AAA", yes: bool | None = None, **told: Any) -> Asked:
    about = {"kind": "fire", "battery": "gun", "clause": "c-1", "clauses": ["c-1"], **told}
    one = Asked(nation, "1", about, 60.0, 0.0)
    one.yes = yes
    return one


def cause(seen: Watched, **more: Any) -> tuple[str, tuple[str, ...], str]:
    (found,) = missed(scene(**more), seen, 300.0)
    return found.cause, found.because, found.words


def test_not_seen_by_anybody_or_only_too_late() -> None:
    assert cause(flown())[0] == "not_seen"
    assert cause(flown(knew=knew("BBB", since_s=101.0)))[0] == "not_seen"


def test_not_released_names_the_clause_that_a_person_held_or_says_that_there_is_none() -> None:
    assert cause(flown(knew=knew("CCC"))) == (
        "not_released", (), "CCC had it, and no clause in force lets it go to AAA",
    )  # fmt: skip
    held = asked("CCC", kind="release", recipient="AAA", clauses=["r-1", "r-2"])
    seen = flown(knew=knew("CCC"), asked={("CCC", "1"): held})
    assert cause(seen) == (
        "not_released", ("r-1", "r-2"), "CCC could have released it and said no, or nothing",
    )  # fmt: skip
    for another in ({"missile": "n"}, {"asked_s": 101.0}):
        apart = asked("CCC", kind="release", recipient="AAA", clauses=["r-1"])
        for name, value in another.items():
            setattr(apart, name, value)
        told = cause(flown(knew=knew("CCC"), asked={("CCC", "1"): apart}))
        assert told[1] == (), "what was said of another missile, or too late, is no reason"
    held.yes = True
    seen.had["AAA", "CCC"] = {"since_s": 99.0, "products": {"track": None}, "clauses": {"r-1": None}}
    assert cause(seen)[:2] == ("not_released", ("r-1",))


def test_no_mandate() -> None:
    assert cause(flown(knew=knew("AAA")), mandate=0.0)[0] == "no_mandate"
    assert cause(flown(), mandate=0.0)[0] == "not_seen", "the first gate shut is told"


def test_no_rounds() -> None:
    assert cause(flown(knew=knew("AAA"), empty={"gun": 70.0}))[0] == "no_rounds"
    assert cause(flown(knew=knew("AAA"), empty={"gun": 101.0}))[0] == "too_late"


@pytest.mark.parametrize(("yes", "words"), [(False, "AAA said no"), (None, "AAA did not answer in time")])
def test_no_authority_names_who_did_not_give_leave_and_under_which_clause(
    yes: bool | None, words: str
) -> None:
    begun = Engaged("AAA", "gun", "m", {"asking": 60.0, "no leave in time": 100.0})
    seen = flown(knew=knew("AAA"), engaged={("AAA", "1"): begun}, asked={("AAA", "1"): asked(yes=yes)})
    assert cause(seen) == ("no_authority", ("c-1",), words)


def test_too_late() -> None:
    begun = Engaged("AAA", "gun", "m", {"asking": 60.0, "no track good enough in time": 100.0})
    seen = flown(knew=knew("AAA"), engaged={("AAA", "1"): begun})
    assert cause(seen)[2] == "1 engagement begun, and none came to a launch in time"
    assert cause(flown(knew=knew("AAA")))[0] == "too_late"


def test_what_is_no_missed_chance() -> None:
    assert missed(scene(fired=1), flown(), 300.0) == ()
    assert missed(scene(), flown(), 99.0) == (), "the exercise ended before"
    down = flown()
    down.truth["m"]["down"] = 80.0
    assert missed(scene(), down, 300.0) == (), "somebody else had it"
    waits = flown()
    del waits.truth["m"]["flying"]
    assert missed(scene(), waits, 300.0) == (), "a spare that was never launched"


def test_what_others_had_is_denied_by_a_clause_or_by_none() -> None:
    having = {"CCC": 1.0, "DDD": 2.0}
    assert denied(flown(), given(), "BBB", having, "m", 99.0) == (
        (), "CCC and DDD had it, and no clause in force lets it go to BBB",
    )  # fmt: skip
    late = given(("r-9", "DDD", "BBB", ("track",)))
    assert denied(flown(), late, "BBB", having, "m", 99.0) == (
        ("r-9",), "CCC and DDD had it; the clauses let nothing of it go in time",
    )  # fmt: skip
    assert denied(flown(), late, "BBB", having, "m", 99.0, "fire_control_track")[0] == ()


def test_a_track_is_of_the_nearest_missile() -> None:
    truth = {
        "a": {"lat": 10.0, "lon": 179.9, "height_km": 100.0},
        "b": {"lat": 10.5, "lon": -179.9, "height_km": 100.0},
        "waits": {},
    }
    assert nearest({"lat": 10.0, "lon": -179.95, "height_km": 100.0}, truth) == "a", "across the date line"
    assert nearest({"lat": 10.4, "lon": -179.9, "height_km": 100.0}, truth) == "b"
    assert nearest({"lat": 10.4, "lon": -179.9, "height_km": 300.0}, truth) == ""


# -- distributions -----------------------------------------------------------------------------------


def test_times_are_log_normal_with_bands_that_hold_nine_tenths() -> None:
    """Of many samples drawn with a known median and spread, nine in ten bands hold them."""
    luck = np.random.default_rng(1)
    held = np.zeros(2)
    for _ in range(2000):
        r = response(np.exp(math.log(20.0) + 0.6 * luck.standard_normal(8)), 0, 8)
        assert r.median_s is not None and r.spread is not None
        held += (r.median_s[1] <= 20.0 <= r.median_s[2], r.spread[1] <= 0.6 <= r.spread[2])
    assert np.all(np.abs(held / 2000 - 0.9) < 0.02), held  # three standard errors of a share of 2,000


def test_few_answers_have_no_band_and_none_has_no_median() -> None:
    two = response([4.0, 9.0], 1, 3)
    assert two.median_s is not None and two.median_s[0] == pytest.approx(6.0) and math.isnan(two.median_s[1])
    none = response([], 0, 3)
    assert none.median_s is None and none.silent[0] == pytest.approx(3.5 / 4.0)
    assert none.refuses[2] > 0.9, "nothing is known of who was never heard"


def test_a_refusal_share_is_jeffreys() -> None:
    """Beta(2.5, 8.5): its band leaves a twentieth on each side, by adding up its density."""
    r = response([1.0] * 10, 2, 10)
    assert r.refuses[0] == pytest.approx(2.5 / 11.0)
    x = (np.arange(200_000) + 0.5) / 200_000
    density = x**1.5 * (1.0 - x) ** 7.5
    for edge, below in zip(r.refuses[1:], (0.05, 0.95), strict=True):
        assert density[x < edge].sum() / density.sum() == pytest.approx(below, abs=1e-4)
    assert r.spread == (0.0, 0.0, 0.0)
