"""What parts of a coalition would have to spend by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis import api
from synaspis.files.plan_asking import plan_request
from synaspis.model.agreement import Authority, Mandate
from synaspis.model.case import Case
from synaspis.sharing.rules import rules
from synaspis.studies.cost import bill
from synaspis.studies.planning.alone import NOTHING, SLACK, alone, apart, for_themselves, of_members, yearly
from synaspis.studies.planning.sites import candidates, with_candidates
from synaspis.studies.planning.study import Request

PEOPLE = {"ROU": 900_000.0, "BGR": 500_000.0}


@pytest.fixture(scope="module")
def asked() -> tuple[Case, Request]:
    case = api.load("first-light")
    return plan_request(case, "cost", None, 4, ["thaad-battery"], None, None, 1, 1)


def test_who_has_nothing_to_reach_spends_nothing(asked: tuple[Case, Request]) -> None:
    (found,) = apart(*asked, PEOPLE, [["USA"]], 1)
    assert found.cost == NOTHING and not found.laydown and found.goal == 0.0


def test_each_member_is_to_be_protected_as_now(asked: tuple[Case, Request]) -> None:
    both, rou, bgr = apart(*asked, PEOPLE, [["ROU", "BGR"], ["ROU"], ["BGR"]], 1)
    assert both.goal == rou.goal + bgr.goal == 1_400_000.0
    for one in (both, rou, bgr):
        assert one.cost is not None and one.protected >= one.goal * (1 - 1e-6)
        assert all(x.owner == x.host and x.host in one.members for x in one.laydown)
    # Together nobody needs more than both need apart.
    assert both.cost is not None and rou.cost is not None and bgr.cost is not None
    assert 0.0 < both.cost.value <= rou.cost.value + bgr.cost.value


def test_a_year_is_of_what_is_bought_and_of_what_its_buyers_pay(asked: tuple[Case, Request]) -> None:
    assert asked[0].file.stock  # rounds in depot are there already: not bought
    assert yearly(asked[0], [], ["USA", "ROU"]) == NOTHING
    case, request = plan_request(asked[0], "cost", None, 4, ["aegis-ashore-iia"], None, None, 1, 1)
    found = candidates(case, rules(case, case.regime("allied")), request.allowed)
    (site, *_) = (c for c in found if c.owner == "ROU")
    bare = replace(case, file=replace(case.file, sensors=(), batteries=(), stock=()))
    paid = bill(with_candidates(bare, [site])).by_member()
    assert set(paid) == {"ROU", "USA", "JPN"}  # both have paid to develop its rounds
    assert yearly(case, [site], ["ROU"]) == paid["ROU"]


def test_members_by_themselves_decide_as_slowly_as_the_slowest_national_chain(
    asked: tuple[Case, Request],
) -> None:
    case, _ = asked
    known = [a for g in case.file.agreements for a in g.authorities]
    assert {(a.protocol, a.decision_s) for a in known} == {("national", 60.0), ("delegated", 15.0)}
    quick, slow = (replace(a, decision_s=s) for a, s in ((known[0], 5.0), (known[1], 300.0)))
    added = replace(case.file.agreements[0], authorities=(quick, slow))
    more = replace(case, file=replace(case.file, agreements=(*case.file.agreements, added)))
    for each in (case, more):
        mandate, chain = for_themselves(each, ["ROU", "BGR"])
        assert isinstance(chain, Authority) and chain.decision_s == 60.0 and chain.protocol == "national"
        assert isinstance(mandate, Mandate) and mandate.owners == mandate.defends == ("ROU", "BGR")


def test_a_sum_is_not_enough(asked: tuple[Case, Request]) -> None:
    """As many people in all could be had in one nation; the floor asks for them where they live."""
    case, request = asked
    wanted = replace(request, protect=600_000.0)
    anywhere = alone(case, wanted, ["ROU", "BGR"], 1, sold=True)
    there = alone(case, wanted, ["ROU", "BGR"], 1, {"ROU": 100_000.0, "BGR": 500_000.0}, sold=True)
    assert anywhere.cost is not None and there.cost is not None
    assert {x.host for x in anywhere.laydown} != {x.host for x in there.laydown}


def test_what_makers_have_not_sold_cannot_be_had(asked: tuple[Case, Request]) -> None:
    case, request = asked
    wanted = replace(request, protect=PEOPLE["ROU"])
    assert alone(case, wanted, ["ROU"], 1).cost is None
    assert alone(case, wanted, ["ROU"], 1, sold=True).cost is not None


def test_out_of_reach_is_said(asked: tuple[Case, Request]) -> None:
    (found,) = apart(*asked, {"ROU": 1e9}, [["ROU"]], 1)
    assert found.cost is None and found.nearest[-1].startswith("protect ")


def test_a_little_short_is_taken_for_it_and_said(asked: tuple[Case, Request]) -> None:
    """Just beyond what can be had, by less and by more than the slack; what can be had whole is had whole."""
    case, request = asked
    (far,) = apart(case, request, {"ROU": 1e9}, [["ROU"]], 1)
    whole, near, out = (
        apart(case, request, {"ROU": far.protected * share}, [["ROU"]], 1)[0]
        for share in (1.0 - 1e-4, 1.0 + 0.5 * SLACK, 1.0 + 2.0 * SLACK)
    )
    assert whole.within == 0.0 and whole.cost is not None and whole.protected >= whole.goal * (1 - 1e-6)
    assert near.within == SLACK and near.cost is not None and not near.nearest
    assert near.goal * (1 - SLACK) * (1 - 1e-6) <= near.protected < near.goal
    assert out.within == 0.0 and out.cost is None and out.nearest
    assert alone(case, replace(request, protect=near.goal), ["ROU"], 1, sold=True).cost is None


def test_what_is_of_members_stays(asked: tuple[Case, Request]) -> None:
    case, _ = asked
    own = of_members(case, ["ROU"]).file
    assert all({b.owner, b.host or b.owner} <= {"ROU"} for b in own.batteries)
    assert all(a.population == 0.0 for a in own.assets if a.nation != "ROU")
