"""May they see? Silence is no, a forbid wins, a step of the ladder reveals the steps below it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.files.case import load
from synaspis.model.agreement import PRODUCTS, Agreement, Condition, Regime, Release
from synaspis.sharing import release
from synaspis.sharing.conditions import Missile
from synaspis.sharing.release import ALWAYS, Path, Predicate, decide, grants, paths
from synaspis.sharing.rules import Decision, Rules, in_force, rules

NATIONS = ("AAA", "BBB", "CCC", "DDD")
SENSORS = ("north", "south", "space")
STEPS = ("alert", "impact_estimate", "track", "fire_control_track", "measurement")
YES, NO = True, False


def clause(name: str, effect: str, *products: str, **more: Any) -> Release:
    """From AAA to BBB unless said otherwise."""
    return Release(
        **(
            {"id": name, "effect": effect, "owners": ("AAA",), "recipients": ("BBB",), "products": products}
            | more
        )
    )


def permit(name: str, *products: str, **more: Any) -> Release:
    return clause(name, "permit", *products, **more)


def forbid(name: str, *products: str, **more: Any) -> Release:
    return clause(name, "forbid", *products, **more)


def in_force_now(*releases: Release) -> Rules:
    return Rules(releases=releases, mandates=(), authorities=(), consents=(), agreement_of={})


def asked(rule: Rules, *products: str, sensor: str | None = None) -> list[bool]:
    return [decide(rule, "AAA", "BBB", p, sensor).allowed for p in products]


def test_silence_is_no_and_cites_nothing() -> None:
    for product in PRODUCTS:
        assert decide(in_force_now(), "AAA", "BBB", product) == Decision(False, ())
        assert grants(in_force_now(), "AAA", "BBB", product, "north") == ()


@pytest.mark.parametrize(
    "missile",
    [
        Missile(category=["mrbm"]),  # type: ignore[arg-type]
        Missile(threatens=7),  # type: ignore[arg-type]
    ],
)
def test_a_rule_that_fails_closes_the_door_and_says_so(missile: Missile) -> None:
    rule = in_force_now(
        permit("p", "track", when=Condition(threatens=("BBB",))),
        permit("q", "track"),
        forbid("f", "measurement"),
    )
    found = decide(rule, "AAA", "BBB", "track", missile=missile)
    assert not found.allowed
    assert set(found.because) == {"p", "q"}
    assert "a rule failed" in found.warning


def test_what_is_one_s_own_needs_no_leave() -> None:
    rule = in_force_now(forbid("f", *PRODUCTS, owners=NATIONS, recipients=NATIONS))
    assert decide(rule, "AAA", "AAA", "fire_control_track") == Decision(True, ())


def test_a_permit_holds_for_its_owner_and_recipient_only() -> None:
    rule = in_force_now(permit("p", "track"))
    assert decide(rule, "AAA", "BBB", "track") == Decision(True, ("p",))
    assert decide(rule, "BBB", "AAA", "track") == Decision(False, ())
    assert decide(rule, "AAA", "CCC", "track") == Decision(False, ())
    assert decide(rule, "CCC", "BBB", "track") == Decision(False, ())


def test_a_permitted_track_reveals_what_lies_below_it_and_not_above() -> None:
    rule = in_force_now(permit("p", "track"))
    assert asked(rule, *STEPS) == [YES, YES, YES, NO, NO]
    assert asked(rule, "engagement_status") == [NO]


def test_a_measurement_reveals_the_whole_ladder() -> None:
    assert asked(in_force_now(permit("p", "measurement")), *STEPS) == [YES] * 5
    assert asked(in_force_now(permit("p", "fire_control_track")), *STEPS) == [YES, YES, YES, YES, NO]


def test_engagement_status_stands_apart_from_the_ladder() -> None:
    rule = in_force_now(permit("p", "engagement_status"))
    assert asked(rule, *STEPS, "engagement_status") == [NO] * 5 + [YES]
    shut = in_force_now(permit("p", "measurement", "engagement_status"), forbid("f", "alert"))
    assert asked(shut, *STEPS, "engagement_status") == [NO] * 5 + [YES]


def test_a_forbid_wins_and_is_cited() -> None:
    rule = in_force_now(permit("p", "track"), forbid("f", "track"), permit("q", "track"))
    assert decide(rule, "AAA", "BBB", "track") == Decision(False, ("f",))
    assert decide(rule, "AAA", "BBB", "impact_estimate") == Decision(True, ("p", "q"))


def test_a_forbidden_alert_closes_everything_above() -> None:
    rule = in_force_now(permit("p", "measurement"), forbid("f", "alert"))
    for step in STEPS:
        assert decide(rule, "AAA", "BBB", step) == Decision(False, ("f",))


def test_a_forbidden_track_leaves_what_lies_below_open() -> None:
    rule = in_force_now(permit("p", "measurement"), forbid("f", "track"))
    assert asked(rule, *STEPS) == [YES, YES, NO, NO, NO]


def test_a_clause_may_name_sensors() -> None:
    rule = in_force_now(permit("p", "track", sensors=("north",)), permit("q", "alert"))
    assert decide(rule, "AAA", "BBB", "track", "north") == Decision(True, ("p",))
    assert decide(rule, "AAA", "BBB", "track", "south") == Decision(False, ())
    assert decide(rule, "AAA", "BBB", "track") == Decision(True, ("p",)), "some sensor's track may go"
    shut = in_force_now(permit("p", "track"), forbid("f", "track", sensors=("south",)))
    assert asked(shut, "track", sensor="north") == [YES]
    assert decide(shut, "AAA", "BBB", "track", "south") == Decision(False, ("f",))


def test_the_quickest_grant_comes_first() -> None:
    rule = in_force_now(permit("slow", "track", delay_s=60.0), permit("quick", "alert", delay_s=5.0))
    assert [(g.delay_s, g.clause) for g in grants(rule, "AAA", "BBB", "alert", None)] == [
        (5.0, "quick"),
        (60.0, "slow"),
    ]
    assert [g.clause for g in grants(rule, "AAA", "BBB", "track", None)] == ["slow"]


def test_the_word_recipient_means_whoever_asks() -> None:
    when = Condition(threatens=("recipient", "DDD"), category=("mrbm",))
    rule = in_force_now(permit("p", "track", recipients=("BBB", "CCC"), when=when))
    for recipient in ("BBB", "CCC"):
        (found,) = grants(rule, "AAA", recipient, "track", None)
        assert found.predicate == Predicate((recipient, "DDD"), ("mrbm",))


def test_a_forbid_for_one_category_leaves_permits_for_others() -> None:
    mrbm, icbm = Condition(category=("mrbm",)), Condition(category=("icbm",))
    rule = in_force_now(
        permit("m", "track", when=mrbm), permit("i", "track", when=icbm), forbid("f", "track", when=mrbm)
    )
    assert decide(rule, "AAA", "BBB", "track") == Decision(True, ("i",))
    without_category = in_force_now(permit("all", "track"), forbid("f", "track", when=mrbm))
    assert decide(without_category, "AAA", "BBB", "track") == Decision(False, ("f",)), (
        "in doubt it stays shut"
    )


def test_a_forbid_for_one_threatened_nation_closes_the_permit() -> None:
    rule = in_force_now(permit("p", "track"), forbid("f", "track", when=Condition(threatens=("CCC",))))
    assert decide(rule, "AAA", "BBB", "track") == Decision(False, ("f",))


def test_a_path_joins_sensors_that_are_released_as_quickly() -> None:
    rule = in_force_now(
        permit("n", "track", sensors=("north",), delay_s=10.0),
        permit("s", "fire_control_track", sensors=("south",), delay_s=30.0),
    )
    assert paths(rule, "AAA", "BBB", SENSORS) == (
        Path("AAA", "BBB", 2, 10.0, ALWAYS, ("north",), ("n",)),
        Path("AAA", "BBB", 2, 30.0, ALWAYS, ("north", "south"), ("n", "s")),
        Path("AAA", "BBB", 3, 30.0, ALWAYS, ("south",), ("s",)),
    )


def test_a_path_under_a_condition_also_holds_what_is_free_of_one() -> None:
    when = Condition(threatens=("recipient",))
    rule = in_force_now(
        permit("free", "track", sensors=("north",)), permit("bound", "track", sensors=("south",), when=when)
    )
    assert paths(rule, "AAA", "BBB", SENSORS) == (
        Path("AAA", "BBB", 2, 0.0, ALWAYS, ("north",), ("free",)),
        Path("AAA", "BBB", 2, 0.0, Predicate(("BBB",)), ("north", "south"), ("free", "bound")),
    )


# -- alliances and dates: through a case ----------------------------------------------------------

DAY = dt.date(2024, 12, 1)


def agreement(*releases: Release, **more: Any) -> Agreement:
    given_ = {"name": "a", "title": "A", "parties": ("NATO",), "source": "none", "since": dt.date(2020, 1, 1)}
    return Agreement(**(given_ | {"releases": releases} | more))


def of_case(*agreements: Agreement, named: tuple[str, ...] = ("a",), day: dt.date | None = None) -> Rules:
    case = load("first-light")
    case = replace(case, file=replace(case.file, agreements=agreements))
    return rules(case, Regime(name="r", title="R", agreements=named), day)


def to_nato(name: str, **more: Any) -> Release:
    return permit(name, "track", **({"owners": ("USA",), "recipients": ("NATO",)} | more))


def test_alliances_are_opened_into_nations() -> None:
    rule = of_case(agreement(to_nato("p", when=Condition(threatens=("NATO", "recipient")))))
    (found,) = rule.releases
    assert found.owners == ("USA",)
    assert found.recipients == ("USA", "ROU", "TUR", "BGR")
    assert found.when.threatens == ("USA", "ROU", "TUR", "BGR", "recipient")
    assert decide(rule, "USA", "BGR", "track") == Decision(True, ("p",))
    assert rule.agreement_of == {"p": "a"}


def test_a_regime_has_only_the_agreements_that_it_names() -> None:
    other = agreement(to_nato("q"), name="b")
    assert of_case(agreement(to_nato("p")), other).ids() == ("p",)
    assert of_case(agreement(to_nato("p")), other, named=("a", "b")).ids() == ("p", "q")


@pytest.mark.parametrize(
    ("own", "agreed", "day", "holds"),
    [
        ({}, {}, DAY, True),
        ({}, {"since": DAY}, DAY, True),
        ({}, {"since": DAY}, DAY - dt.timedelta(1), False),
        ({}, {"until": DAY}, DAY, True),
        ({}, {"until": DAY}, DAY + dt.timedelta(1), False),
        ({"since": DAY}, {}, DAY, True),
        ({"since": DAY}, {}, DAY - dt.timedelta(1), False),
        ({"until": DAY}, {}, DAY, True),
        ({"until": DAY}, {}, DAY + dt.timedelta(1), False),
        ({"until": DAY + dt.timedelta(9)}, {"until": DAY}, DAY + dt.timedelta(1), False),
    ],
)
def test_dates(own: dict[str, Any], agreed: dict[str, Any], day: dt.date, holds: bool) -> None:
    text = agreement(to_nato("p", **own), **agreed)
    assert in_force(text.releases[0], text, day) is holds
    assert of_case(text, day=day).ids() == (("p",) if holds else ())


def test_the_case_s_date_is_the_day_where_none_is_given() -> None:
    assert load("first-light").file.date == DAY
    assert of_case(agreement(to_nato("p"), until=DAY)).ids() == ("p",)
    assert of_case(agreement(to_nato("p"), until=DAY - dt.timedelta(1))).ids() == ()


def test_a_clause_can_be_left_out() -> None:
    rule = load_rules("allied")
    assert rule.ids() == ("bmd-1", "base-3", "own-1", "bmd-2", "own-2", "bmd-3", "base-1", "base-2")
    for name in rule.ids():
        assert set(rule.without(name).ids()) == set(rule.ids()) - {name}


def load_rules(regime: str) -> Rules:
    case = load("first-light")
    return rules(case, case.regime(regime))


# -- properties over random clauses ---------------------------------------------------------------


def some(values: tuple[str, ...], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True).map(tuple)


CONDITIONS = st.builds(
    Condition,
    threatens=st.one_of(st.just(()), some(("recipient", *NATIONS))),
    category=st.one_of(st.just(()), some(("srbm", "mrbm", "icbm"))),
)


def clauses(effects: tuple[str, ...]) -> st.SearchStrategy[Release]:
    return st.builds(
        Release,
        id=st.just("x"),
        effect=st.sampled_from(effects),
        owners=some(NATIONS),
        recipients=some(NATIONS),
        products=some(PRODUCTS),
        sensors=some(SENSORS, least=0),
        delay_s=st.sampled_from([0.0, 5.0, 30.0]),
        when=CONDITIONS,
    )


SETS = st.lists(clauses(("permit", "permit", "forbid")), max_size=6)
DOORS = [
    (owner, recipient, product, sensor)
    for owner in NATIONS
    for recipient in NATIONS
    for product in PRODUCTS
    for sensor in (*SENSORS, None)
]


def numbered(found: list[Release]) -> Rules:
    return in_force_now(*(replace(c, id=f"c{i}") for i, c in enumerate(found)))


def open_doors(rule: Rules) -> set[tuple[str, str, str, str | None]]:
    return {door for door in DOORS if decide(rule, *door).allowed}


def dominated(old: Path, new: Path) -> bool:
    return (
        new.level >= old.level
        and new.delay_s <= old.delay_s
        and new.predicate in (old.predicate, ALWAYS)
        and set(new.sensors) >= set(old.sensors)
    )


@settings(max_examples=100, deadline=None)
@given(SETS, clauses(("forbid",)))
def test_a_forbid_never_opens_a_door(found: list[Release], more: Release) -> None:
    assert open_doors(numbered([*found, more])) <= open_doors(numbered(found))


@settings(max_examples=100, deadline=None)
@given(SETS, clauses(("permit",)))
def test_a_permit_never_closes_a_door(found: list[Release], more: Release) -> None:
    before, after = numbered(found), numbered([*found, more])
    assert open_doors(before) <= open_doors(after)
    for owner, recipient, product, sensor in DOORS:
        kept = set(grants(before, owner, recipient, product, sensor))
        assert kept <= set(grants(after, owner, recipient, product, sensor))


@settings(max_examples=100, deadline=None)
@given(SETS, clauses(("permit",)))
def test_a_permit_never_takes_a_path_away(found: list[Release], more: Release) -> None:
    before, after = numbered(found), numbered([*found, more])
    for owner in NATIONS:
        for recipient in NATIONS:
            new = paths(after, owner, recipient, SENSORS)
            for old in paths(before, owner, recipient, SENSORS):
                assert any(dominated(old, path) for path in new), old


@settings(max_examples=100, deadline=None)
@given(SETS)
def test_paths_offer_what_grants_allow_and_nothing_else(found: list[Release]) -> None:
    rule = numbered(found)
    for owner in NATIONS:
        for recipient in NATIONS:
            offered = paths(rule, owner, recipient, SENSORS)
            for level, product in enumerate(STEPS):
                for sensor in SENSORS:
                    allowed = grants(rule, owner, recipient, product, sensor)
                    held = [p for p in offered if p.level >= level and sensor in p.sensors]
                    assert bool(held) == bool(allowed)
                    for grant in allowed:
                        assert any(p.delay_s <= grant.delay_s for p in held)
            for path in offered:
                assert path.sensors
                assert set(path.clauses) <= {c.id for c in rule.releases if c.effect == "permit"}


def test_a_rule_that_beats_another_is_no_duplicate() -> None:
    weak = Path("AAA", "BBB", 1, 30.0, Predicate(("BBB",)), ("north",), ("w",))
    strong = Path("AAA", "BBB", 2, 10.0, ALWAYS, ("north", "south"), ("s",))
    assert release._without_weaker([weak, strong]) == [strong]
    assert release._without_weaker([weak]) == [weak]
