"""Regimes compared, clauses ranked and packaged, where courses part: each against a direct computation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis import api
from synaspis.engine import layout as rows
from synaspis.files.case import load
from synaspis.model.agreement import Agreement, Authority, Clause, Consent, Mandate, Regime, Release
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsRank, ClauseWorth
from synaspis.sharing.rules import rules
from synaspis.studies import agreements_diff, agreements_package
from synaspis.studies.agreements_package import unsigned
from synaspis.studies.arena import Arena, arena, protected_population, pure
from synaspis.studies.candidates import every_candidate, missing_releases
from synaspis.studies.paired import gain, measures
from synaspis.studies.turning import Turning

CASE = load("first-light")
TRIALS = 200


@pytest.fixture(scope="module")
def a() -> Arena:
    return arena(CASE, 1)


@pytest.fixture(scope="module")
def ranked() -> AgreementsRank:
    return api.agreements_rank(CASE, "national", trials=TRIALS, jobs=1)


def worth(r: AgreementsRank, **wanted: Any) -> ClauseWorth:
    (found,) = [c for c in r.clauses if all(getattr(c, k) == v for k, v in wanted.items())]
    return found


# -- paired differences ---------------------------------------------------------------------


def test_a_gain_is_the_mean_of_paired_differences_with_percentiles_and_error() -> None:
    found = gain(np.array([0.0, 1.0, 2.0, np.nan, 5.0]))
    assert (found.value, found.low, found.high) == (2.0, pytest.approx(0.15), pytest.approx(4.55))
    assert found.error == pytest.approx(np.std([0, 1, 2, 5], ddof=1) / 2)
    assert gain(np.array([np.nan])).value == 0.0


def test_measures_add_up_to_what_a_run_says(a: Arena) -> None:
    out = a.play(pure(a.rules("allied")), 1, TRIALS)
    told = measures(a.w, out)
    assert told.whole().mean() == pytest.approx(protected_population(a.w, out))
    assert told.leakers.sum() == (out.fate == rows.LEAKED).sum()
    answer = api.run(CASE, regimes=["allied"], trials=TRIALS, jobs=1).regimes["allied"]
    for i, nation in enumerate(a.w.nations):
        if nation in answer.nations:
            assert told.protected[:, i].mean() == pytest.approx(answer.nations[nation].protected_population)
            assert told.leakers[:, i].mean() == pytest.approx(answer.nations[nation].leakers_mean)
    # One asset a nation: its warning is the nation's.
    row, asset = a.w.nations.index("BGR"), [x.name for x in a.w.assets].index("Sofia")
    assert np.array_equal(told.warning_s[:, row], out.warning_s[:, asset], equal_nan=True)


# -- diff -----------------------------------------------------------------------------------


def test_a_regime_does_not_differ_from_itself() -> None:
    found = api.agreements_diff(CASE, "allied", "allied", trials=20, jobs=1)
    assert found.changes == () == found.clauses
    assert (found.protected_population.value, found.leakers.value) == (0.0, 0.0)
    assert all(
        n.warning_s.value == 0.0 and n.covered_before == n.covered_after for n in found.nations.values()
    )


def test_diff_holds_two_runs_against_each_other() -> None:
    found = api.agreements_diff(CASE, "national", "allied", trials=TRIALS, jobs=1)
    run = api.run(CASE, trials=TRIALS, jobs=1)
    one, other = run.regimes["national"], run.regimes["allied"]
    assert run.difference is not None
    assert found.protected_population.value == pytest.approx(run.difference.whole)
    assert found.leakers.value == pytest.approx(other.leakers.mean - one.leakers.mean)
    assert [(c.kind, c.id, c.regime) for c in found.clauses] == [
        ("mandate", "bmd-2", "allied"), ("authority", "bmd-3", "allied"),
    ]  # fmt: skip
    back = api.agreements_diff(CASE, "allied", "national", trials=2, jobs=1)
    assert {(c.id, c.regime) for c in back.clauses} == {("bmd-2", "allied"), ("bmd-3", "allied")}
    assert set(found.nations) == set(one.nations)
    for code, n in found.nations.items():
        assert (n.covered_before, n.covered_after) == (
            one.nations[code].covered_population, other.nations[code].covered_population,
        )  # fmt: skip
        assert n.leakers_after == pytest.approx(other.nations[code].leakers_mean)
        assert n.leakers.value == pytest.approx(n.leakers_after - n.leakers_before)
    # bmd-1: the United States' track, and what it reveals, to three Allies.
    assert {(c.owner, c.recipient, c.product) for c in found.changes} == {
        ("USA", recipient, product)
        for recipient in ("ROU", "TUR", "BGR")
        for product in ("alert", "impact_estimate", "track")
    }
    for c in found.changes:
        assert (c.before.answer, c.after.answer, c.after.delay_s, c.because) == (
            "no",
            "yes",
            10.0,
            ("bmd-1",),
        )


def test_doors_that_open_on_a_condition_or_for_some_sensors_say_so() -> None:
    europe = load("europe")
    doors = agreements_diff.changes(
        europe, *(rules(europe, europe.regime(name)) for name in ("national", "bilateral"))
    )
    told = {(c.owner, c.recipient, c.product, c.sensors): c for c in doors}
    track = next(c for c in doors if (c.owner, c.recipient, c.product) == ("USA", "POL", "track"))
    assert (track.before.answer, track.after.answer) == ("no", "conditional")
    assert (track.after.when, track.after.delay_s, track.because) == (
        "threaten the recipient",
        15.0,
        ("bil-1",),
    )
    assert track.sensors == ()
    assert ("TUR", "USA", "track", ()) in told
    some = [c for c in doors if (c.owner, c.recipient, c.product) == ("USA", "POL", "alert")]
    # Where the satellites' alert is shared already, the change is another one than for the radars.
    assert len(some) == 2
    assert {c.before.answer for c in some} == {"no", "conditional"}
    assert sum(len(c.sensors) for c in some) == 9


# -- candidates and rank --------------------------------------------------------------------


def test_every_change_is_one_and_every_existing_clause_can_go(a: Arena) -> None:
    given = a.rules("allied")
    found = every_candidate(a.w, given, 10.0)
    assert {c.minus for c in found if c.kind == "suspended"} == set(given.ids())
    added = [c.plus[0].id for c in found if c.plus and not c.minus]
    assert len(added) == len(set(added))
    assert not set(added) & set(given.ids())
    for c in found:
        ids = set(c.under(given).ids())
        assert ids ^ set(given.ids()) <= {c.minus, *(x.id for x in c.plus)}


def test_what_is_open_already_is_not_missing(a: Arena) -> None:
    missing = {(c.owner, c.recipient, c.product) for c in missing_releases(a.w, a.rules("allied"), 10.0)}
    assert ("USA", "ROU", "track") not in missing
    assert ("USA", "ROU", "fire_control_track") in missing
    sooner = {(c.owner, c.recipient, c.product) for c in missing_releases(a.w, a.rules("allied"), 5.0)}
    assert ("USA", "ROU", "track") in sooner


def test_a_rank_is_the_paired_difference_of_playing_each_change(a: Arena, ranked: AgreementsRank) -> None:
    given = a.rules("national")
    own = protected_population(a.w, a.play(pure(given), 1, TRIALS))
    assert ranked.protected_population == pytest.approx(own)
    assert sum(ranked.candidates.values()) == len(ranked.clauses) == len(every_candidate(a.w, given, 10.0))
    mandate = Mandate(id="new", owners=("USA",), defends=("BGR",))
    with_it = protected_population(a.w, a.play(pure(given.plus(mandate)), 1, TRIALS))
    found = worth(ranked, kind="mandate", owner="USA", recipient="BGR")
    assert found.gain.value == pytest.approx(with_it - own)
    assert found.gain.value > 100_000
    without = protected_population(a.w, a.play(pure(given.without("base-2")), 1, TRIALS))
    assert worth(ranked, kind="suspended", clause="base-2").gain.value == pytest.approx(without - own)
    assert [c.gain.value for c in ranked.clauses] == sorted(
        (c.gain.value for c in ranked.clauses), reverse=True
    )


def test_quicker_authority_is_tried_and_changes_the_tables(a: Arena, ranked: AgreementsRank) -> None:
    found = worth(ranked, kind="authority", clause="own-2")
    assert found.what == "`own-2` decided in 30 s, in place of 60"
    given = a.rules("national")
    (own,) = given.authorities
    half = given.without("own-2").plus(replace(own, decision_s=30.0))
    told = [protected_population(a.w, a.play(pure(x), 1, TRIALS)) for x in (given, half)]
    assert found.gain.value == pytest.approx(told[1] - told[0])
    assert a.fingerprint(pure(half), 1, TRIALS) != a.fingerprint(pure(given), 1, TRIALS)


def test_an_alert_buys_warning_and_no_protection_by_itself(ranked: AgreementsRank) -> None:
    found = worth(ranked, owner="USA", recipient="BGR", product="alert")
    assert found.gain.value == 0.0
    assert found.warning_s["BGR"] > 60.0
    assert set(found.warning_s) == {"BGR"}


def test_a_later_alert_is_another_picture(a: Arena) -> None:
    """Who holds what of whose sensors is the same: only the time of the warning tells the two apart."""
    alert = Release(id="new", effect="permit", owners=("USA",), recipients=("BGR",), products=("alert",))
    given = a.rules("national")
    soon, late = (given.plus(replace(alert, delay_s=s)) for s in (10.0, 50.0))
    assert a.fingerprint(pure(soon), 1, 5) != a.fingerprint(pure(late), 1, 5)
    assert a.fingerprint(pure(soon), 1, 5) == a.fingerprint(pure(replace(soon)), 1, 5)


def test_rules_added_to_share_what_they_may_and_no_more(a: Arena) -> None:
    """`plus` keeps what was worked out for other pairs of nations: the outcome is that of fresh rules."""
    given = a.rules("allied")
    clause = Release(
        id="new",
        effect="permit",
        owners=("USA",),
        recipients=("ROU",),
        products=("measurement",),
        delay_s=1.0,
    )
    kept = given.plus(clause)
    assert kept.agreement_of["new"] == "(added)"
    fresh = replace(kept)
    assert not fresh.memory and not fresh.doors
    for trial in (0, 1):
        assert arena(CASE, 1).tables_of(pure(fresh), 1, trial).same_as(a.tables_of(pure(kept), 1, trial))
    assert not a.tables_of(pure(kept), 1, 0).same_as(a.tables_of(pure(given), 1, 0))


# -- packages -------------------------------------------------------------------------------


def split(*groups: tuple[str, tuple[Clause, ...]]) -> Case:
    """`first-light`, `national`, and an agreement for each group of clauses that no regime holds."""
    more = []
    for name, clauses in groups:
        kinds: dict[str, Any] = {
            "releases": tuple(c for c in clauses if isinstance(c, Release)),
            "mandates": tuple(c for c in clauses if isinstance(c, Mandate)),
        }
        more.append(
            Agreement(name=name, title=name, parties=("NATO",), source="", since=CASE.file.date, **kinds)
        )
    kept = tuple(x for x in CASE.file.agreements if x.name != "nato-bmd")
    regimes = (
        CASE.file.regimes[0],
        Regime(name="more", title="More", agreements=tuple(x.name for x in more)),
    )
    return replace(CASE, file=replace(
        CASE.file, agreements=(*kept, *more), regimes=regimes,
        compare=replace(CASE.file.compare, headline="more", against="national"),
    ))  # fmt: skip


DEFEND = Mandate(id="defend", owners=("ROU",), defends=("BGR",))
AMERICAN = Mandate(id="american", owners=("USA",), defends=("BGR", "TUR"))
SEE = Release(id="see", effect="permit", owners=("USA",), recipients=("ROU",), products=("track",))
TELL = Release(id="tell", effect="permit", owners=("ROU",), recipients=("USA",), products=("alert",))


def test_the_smallest_set_is_found_and_proven() -> None:
    case = split(("one", (AMERICAN, DEFEND)), ("two", (SEE, TELL)))
    found = api.agreements_package(case, "worst-nation", 2, trials=TRIALS, jobs=1)
    assert found.pool == ("see", "tell", "american", "defend")
    assert (found.reached, found.proven) == (True, True)
    # Romania is defended already: only Bulgaria is helped, and only by the American mandate.
    assert [p.clauses for p in found.packages] == [("american",)]
    (best,) = found.packages
    assert best.value >= found.target > found.base == 0.0
    assert set(best.gainers) == {"BGR"}
    assert best.pivotal == {"USA": 0.0}
    assert found.alone["american"] > 0.0
    assert found.alone["tell"] == 0.0


def test_what_nothing_raises_is_said() -> None:
    found = api.agreements_package(split(("two", (TELL,))), "worst-nation", 2, trials=20, jobs=1)
    assert (found.reached, found.packages, found.all_clauses) == (False, (), found.base)


def test_the_heuristic_finds_what_the_whole_search_finds() -> None:
    case = split(("one", (AMERICAN, DEFEND)), ("two", (SEE, TELL)))
    whole = api.agreements_package(case, "warning", 3, trials=40, jobs=1)
    short = api.agreements_package(case, "warning", 3, trials=40, jobs=1, tries=1)
    assert whole.proven
    assert short.packages[0].value >= short.target
    assert len(short.packages[0].clauses) >= len(whole.packages[0].clauses)
    assert whole.packages[0].clauses == ("see",)


def test_a_nation_that_does_not_sign_neither_gives_nor_gets() -> None:
    assert unsigned(SEE, "ROU") is None
    assert unsigned(SEE, "USA") is None
    assert unsigned(SEE, "BGR") == SEE
    assert unsigned(AMERICAN, "TUR") == replace(AMERICAN, defends=("BGR",))
    assert unsigned(AMERICAN, "USA") is None
    order = Authority(
        id="order",
        owners=("USA", "ROU"),
        protocol="consensus",
        deciders=("USA", "BGR"),
        votes=2,
        decision_s=9.0,
    )
    # Two votes of one decider never come: without Bulgaria nobody may fire under it.
    assert unsigned(order, "BGR") == replace(order, deciders=("USA",))
    assert unsigned(order, "USA") == replace(order, owners=("ROU",), deciders=("BGR",))
    assert unsigned(replace(order, deciders=("BGR",)), "BGR") is None
    host = Consent(id="host", by="ROU", sites=("deveselu",))
    assert (unsigned(host, "ROU"), unsigned(host, "USA")) == (None, host)


def test_goals_need_a_nation_at_risk() -> None:
    case = split(("one", (AMERICAN,)))
    s = agreements_package.Search(arena(case, 1), rules(case, case.regime("national")), (AMERICAN,),
                                  "protected-population", 1, 40)  # fmt: skip
    agreements_package._begin(s)
    codes = dict(zip(s.a.w.nations, s.counted.tolist(), strict=True))
    assert codes == {"USA": False, "ROU": True, "TUR": False, "BGR": True}
    assert s.value(s.of(()), np.zeros(4, np.bool_)) == 0.0


# -- the point at which courses part --------------------------------------------------------


def test_the_earliest_other_clause_is_the_mandate_that_was_missing(a: Arena) -> None:
    """Under `national` nobody may defend Sofia; the change that is told does kill the missile."""
    given = a.rules("national")
    (t,) = [i for i, m in enumerate(a.w.missiles) if a.w.assets[m.target].name == "Sofia"]
    mandate = Mandate(id="new", owners=("USA",), defends=("BGR",))
    fates = a.play(pure(given), 1, 40).fate[:, t]
    others = a.play(pure(given.plus(mandate)), 1, 40).fate[:, t]
    (trial, *_) = np.flatnonzero((fates == rows.LEAKED) & (others == rows.KILLED))
    x = Turning(a, given, 1, int(trial), [t])
    first, *_ = x.lines(t)
    assert "had it been that USA's rounds defend BGR's people and forces" in first
    assert "deveselu" in first and "killed it at" in first
    turns = sorted(x._helpful(t), key=lambda turn: turn.when_s)
    assert f"would have changed this is {turns[0].when_s:.0f} s" in first
    # Nothing about this missile comes otherwise before that.
    before = [e for e in x._course(turns[0].log, t) if e[0] < turns[0].when_s]
    assert before == [e for e in x._course(x.was.log, t) if e[0] < turns[0].when_s]


def test_a_killed_missile_names_the_clauses_that_it_hung_on(a: Arena) -> None:
    given = a.rules("allied")
    (t,) = [i for i, m in enumerate(a.w.missiles) if a.w.assets[m.target].name == "Sofia"]
    trial = int(np.flatnonzero(a.play(pure(given), 1, 40).fate[:, t] == rows.KILLED)[0])
    (line,) = Turning(a, given, 1, trial, [t]).lines(t)
    assert "`bmd-2`" in line  # the mandate
    hung = a.tables_of(pure(given.without("bmd-2")), 1, trial)
    from synaspis.engine.batch import play

    assert play(hung, 1, 1, 1, first=trial).fate[0, t] == rows.LEAKED


def test_courses_part_at_the_first_thing_that_comes_otherwise(a: Arena) -> None:
    (t,) = [i for i, m in enumerate(a.w.missiles) if a.w.assets[m.target].name == "Sofia"]
    x = Turning(a, a.rules("allied"), 1, 0, [t])
    (row, *_) = [i for i, e in enumerate(x.was.log) if int(e[1]) == rows.GRANT and int(e[3]) == t]
    was_s = x.was.log[row, 0]
    for shift, parts_s in ((-5.0, was_s - 5.0), (0.25, was_s)):
        log = x.was.log.copy()
        log[row, 0] += shift
        assert x._parts_s(log, t) == parts_s
    assert x._parts_s(x.was.log, t) == np.inf
    assert x._parts_s(x.was.log[:row], t) == was_s


def test_a_missile_that_no_battery_reaches_is_beyond_all_clauses() -> None:
    case = replace(CASE, file=replace(CASE.file, batteries=CASE.file.batteries[1:]))
    b = arena(case, 1)
    (t,) = [i for i, m in enumerate(b.w.missiles) if b.w.assets[m.target].name == "Sofia"]
    given = b.rules("allied")
    trial = int(np.flatnonzero(b.play(pure(given), 1, 40).fate[:, t] == rows.LEAKED)[0])
    x = Turning(b, given, 1, trial, [t])
    assert x.shooters == set()
    assert x.lines(t) == ["No clause would have changed it: no battery of anyone can reach it."]
