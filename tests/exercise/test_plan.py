"""A master scenario events list is read into a plan, or refused with every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.engine.world import raid
from synaspis.errors import InputError
from synaspis.exercise import plan as plans
from synaspis.exercise.campaign import begun
from synaspis.exercise.inputs import (
    Agree,
    Draft,
    EndTurn,
    FalseAlarm,
    Launch,
    Lose,
    Suspend,
    Unreachable,
    WarnPublic,
    Weather,
)
from synaspis.exercise.plan import Plan, Said
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.sharing.rules import rules

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "exercise" / "europe.yaml"
SMALL = """
title: Small drill
case: first-light
starts_s: -20
spares:
  - {name: one more, entry: 1}
  - {name: another, fires: {threat: mrbm-2000, launch: Tabriz area, target: Sofia}}
injects:
  - {time_s: 300, type: launch, spare: one more, note: nobody knows}
  - {time_s: -10, type: lose, station: kurecik}
  - {time_s: 90, type: lose, station: kurecik, lost: false}
  - {time_s: 90, type: suspend, agreement: nato-bmd}
  - {time_s: 95, type: suspend, agreement: bmd-1, suspended: false}
  - {time_s: 100, type: false_alarm, station: geo-east, for_s: 45}
  - {time_s: 110, type: weather, area: Tabriz area, cloudy: false}
  - {time_s: 120, type: unreachable, nation: ROU}
"""


@pytest.fixture(scope="module")
def case() -> Case:
    return load("first-light")


def read(told: str, case: Case, folder: Path) -> Plan:
    path = folder / "plan.yaml"
    path.write_text(told, encoding="utf-8")
    return plans.read(path, case)


def wrong(told: str, case: Case, folder: Path) -> list[str]:
    with pytest.raises(InputError) as refused:
        read(told, case, folder)
    return [str(p) for p in refused.value.problems]


def test_a_plan_says_what_its_file_says(case: Case, tmp_path: Path) -> None:
    plan = read(SMALL, case, tmp_path)
    assert (plan.title, plan.starts_s) == ("Small drill", -20.0)
    assert [t.time_s for t in plan.injects] == [-10.0, 90.0, 90.0, 95.0, 100.0, 110.0, 120.0, 300.0]
    assert [t.what for t in plan.injects] == [
        Lose("kurecik"), Lose("kurecik", False), Suspend("nato-bmd"), Suspend("bmd-1", False),
        FalseAlarm("geo-east", 45.0), Weather("Tabriz area", False), Unreachable("ROU"), Launch("one more"),
    ]  # fmt: skip
    assert plan.injects[-1].note == "nobody knows"
    assert [(s.name, s.firing.target, s.firing.count, s.firing.start_s) for s in plan.spares] == [
        ("one more", "Bucharest", 1, 0.0), ("another", "Sofia", 1, 0.0),
    ]  # fmt: skip


def test_a_plan_survives_the_record(case: Case, tmp_path: Path) -> None:
    plan = read(SMALL, case, tmp_path)
    assert plans.decoded(plans.encoded(plan)) == plan
    assert plans.decoded(plans.encoded(Plan())) == Plan()


def test_spares_end_the_raid_and_leave_its_names_alone(case: Case, tmp_path: Path) -> None:
    plan = read(SMALL, case, tmp_path)
    before = [m.name for m in raid(case)]
    grown = raid(plans.with_spares(case, plan))
    assert [m.name for m in grown[: len(before)]] == before
    assert [m.name for m in grown[len(before) :]] == [
        "mrbm-2000 to Bucharest #3 (Tabriz area)", "mrbm-2000 to Sofia #2 (Tabriz area)",
    ]  # fmt: skip


def test_a_class_that_the_raid_does_not_fire_is_taken_from_the_catalogue(case: Case, tmp_path: Path) -> None:
    told = "spares: [{name: x, fires: {threat: irbm-4500, launch: Tabriz area, target: Sofia, objects: 1}}]"
    grown = plans.with_spares(case, read(told, case, tmp_path))
    assert "irbm-4500" not in case.threats
    assert {"irbm-4500", "mrbm-2000"} <= set(grown.threats) and "spent-body" in grown.objects
    assert {"irbm-4500", "spent-body"} <= set(grown.entries)


def test_the_example_is_one(tmp_path: Path) -> None:
    plan = plans.read(EXAMPLE, load("europe"))
    assert len(plan.injects) == 9 and len(plan.spares) == 2
    assert {type(t.what) for t in plan.injects} == {Lose, Suspend, FalseAlarm, Weather, Unreachable, Launch}


def test_every_problem_is_told_at_once_where_it_stands(case: Case, tmp_path: Path) -> None:
    found = wrong(
        "case: europe\n"
        "spares:\n"
        "  - {name: a, entry: 7}\n"
        "  - {name: a, fires: {threat: mrbm-2000, launch: Tabriz area, target: Sofia, count: 2}}\n"
        "  - {name: c}\n"
        "  - {name: d, entry: 1, fires: {threat: mrbm-200, launch: Tabriz area, target: Sofia}}\n"
        "  - {name: e, fires: {threat: srbm-600, launch: Tabriz area, target: Sofia}}\n"
        "injects:\n"
        "  - {time_s: -5, type: lose, station: kurecek}\n"
        "  - {time_s: 5, type: lose}\n"
        "  - {time_s: 5, type: lose, station: kurecik, cloudy: true}\n"
        "  - {time_s: 5, type: suspend, agreement: nato-bdm}\n"
        "  - {time_s: 5, type: lunch, spare: a}\n"
        "  - {time_s: 5, type: launch, spare: z}\n"
        "  - {time_s: 5, type: launch, spare: a}\n"
        "  - {time_s: 6, type: launch, spare: a}\n"
        "  - {time_s: 6, type: unreachable, nation: FRA, for_s: 0}\n",
        case, tmp_path,
    )  # fmt: skip
    for place, what in (
        (":1:7:", "written for the case `europe`, not for `first-light`"),
        (":3:22:", "the raid has no entry 7"),
        (":4:12:", "`a` is named twice"),
        (":4:78:", "a spare has no `count`"),
        (":5:5:", "nothing is said to fly"),
        (":6:5:", "it is both"),
        (":7:70:", "`Sofia` is "),
        (":6:41:", "unknown missile class `mrbm-200`"),
        (":9:14:", "before the exercise begins"),
        (":9:39:", "unknown sensor in this case `kurecek`"),
        (":10:5:", "`station` is missing"),
        (":11:47:", "`lose` has no `cloudy`"),
        (":12:43:", "unknown agreement or clause `nato-bdm`"),
        (":13:23:", "cannot be `lunch`"),
        (":14:38:", "unknown spare `z`"),
        (":16:38:", "`a` is launched twice"),
        (":17:44:", "unknown nation `FRA`"),
        (":17:56:", "`for_s` is 0"),
    ):
        assert any(place in one and what in one for one in found), (place, what, found)
    assert all("mend:" in one for one in found)


def test_turns_before_the_raid_are_read_into_moves(case: Case, tmp_path: Path) -> None:
    plan = read(
        "before:\n"
        "  - {turn: 2, nation: ROU, type: warn_public}\n"
        "  - {nation: USA, type: draft, owner: USA, recipient: BGR, product: track, delay_s: 20,"
        " agreed: BGR}\n",
        case, tmp_path,
    )  # fmt: skip
    draft = Draft("USA", "BGR", "track", 20.0)
    assert plan.before == (
        Said("USA", draft), Said("BGR", Agree(plans.named("USA", draft))), Said("director", EndTurn()),
        Said("ROU", WarnPublic()), Said("director", EndTurn()),
    )  # fmt: skip
    assert plans.decoded(plans.encoded(plan)) == plan
    made, regime = begun(case, "national", 1, plan).outcome()
    assert [c.id for c in rules(made, made.regime(regime)).between("USA", "BGR")] == ["USA-BGR-track-20"]
    assert begun(case, "national", 1, Plan()).outcome() == (case, "national")


def test_turns_and_sites_that_people_play_with_are_read(case: Case, tmp_path: Path) -> None:
    told = (
        "turns:\n"
        "  - {title: Two days before, for_s: 300, may: [draft, deploy]}\n"
        "  - {}\n"
        "sites: [{name: Buzau, host: ROU, latitude_deg: 45.15, longitude_deg: 26.8}]\n"
        "before: [{nation: ROU, type: deploy, unit: bucharest-patriot, site: Buzau}]\n"
    )
    plan = read(told, case, tmp_path)
    assert [(t.title, t.for_s, len(t.may)) for t in plan.turns] == [
        ("Two days before", 300.0, 2), ("", 0.0, 6),
    ]  # fmt: skip
    assert plans.decoded(plans.encoded(plan)) == plan
    campaign = begun(case, "national", 1, plan)
    assert not campaign.over and campaign.turn == 2 and campaign.now is plan.turns[0]
    assert set(campaign.choices("ROU")["sites"]) == {"Buzau"}
    found = wrong(
        "sites:\n"
        "  - {name: A, host: ROU, latitude_deg: 42.7, longitude_deg: 23.3}\n"
        "  - {name: A, host: BGR, latitude_deg: 42.7, longitude_deg: 23.3}\n"
        "turns: [{may: [dance]}]\n",
        case, tmp_path,
    )  # fmt: skip
    for place, what in (
        (":2:40:", "outside its host ROU"), (":3:12:", "named twice"), (":4:16:", "cannot be `dance`"),
    ):  # fmt: skip
        assert any(place in one and what in one for one in found), (place, what, found)


def test_turns_that_cannot_be_are_refused(case: Case, tmp_path: Path) -> None:
    found = wrong(
        "before:\n"
        "  - {nation: USA, type: bring, clause: bdm-1}\n"
        "  - {nation: USA, type: deploy, unit: deveselu, site: Paris, clause: bmd-1}\n"
        "  - {nation: USA, type: inform}\n",
        case, tmp_path,
    )  # fmt: skip
    for place, what in (
        (":2:40:", "did you mean `bmd-1`"), (":3:55:", "has `sites`"),
        (":3:62:", "`deploy` has no `clause`"), (":4:5:", "`state` is missing"),
    ):  # fmt: skip
        assert any(place in one and what in one for one in found), (place, what, found)
    plan = read("before: [{nation: USA, type: bring, clause: own-1}]", case, tmp_path)
    with pytest.raises(InputError, match="own-1 is in force"):
        begun(case, "national", 1, plan)


def test_what_is_no_list_is_refused(case: Case, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        plans.read(tmp_path / "none.yaml", case)
    assert any("this is not YAML" in x for x in wrong("injects: [", case, tmp_path))
    assert any("unknown key `inject`" in x for x in wrong("inject: []", case, tmp_path))
    assert read("{}", case, tmp_path) == Plan()
