"""What coalitions are worth: against cases without the outsiders' sites and clauses, struck by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from synaspis.model.agreement import Agreement, Clause, Consent, Regime
from synaspis.model.case import Case
from synaspis.studies import coalitions as study
from synaspis.studies.arena import arena, pure
from synaspis.studies.coalitions import Coalitions, benefits, coalitions, left, members_of
from synaspis.studies.games import banzhaf, members, shapley
from synaspis.studies.paired import Measures, gain, measures
from tests.engine.scene import (
    authority,
    first_light,
    four_owners,
    mandate,
    permit,
    rule_of,
    with_battery,
    with_file,
)
from tests.soak.coalitions import differences

TRIALS = 60
SEED = 3
TERMS = {"title": "t", "source": "test", "since": dt.date(2000, 1, 1)}
CLAUSES: tuple[Clause, ...] = (
    permit("tracks", "track", delay_s=5.0),
    permit("told", "engagement_status", owners=("USA", "ROU")),
    mandate("all-defend"),
    authority("slow", decision_s=40.0),
    authority(
        "fast", protocol="consensus", deciders=("USA", "TUR", "BGR"), votes=2, decision_s=5.0, spread=0.3
    ),
    authority("ready", protocol="pre-authorised", batteries=("ankara-thaad",), missing=0.3),
    Consent(id="host", by="ROU", sites=("sofia-aegis",)),
    Consent(id="port", by="BGR", sites=("izmir",)),
)  # fmt: skip


def with_clauses(case: Case, *clauses: Clause) -> Case:
    """`case` with one agreement of all its nations, and one regime."""
    held = rule_of(clauses)
    nations = tuple(n.code for n in case.file.nations)
    agreement = Agreement(
        name="all", parties=nations, releases=held.releases, mandates=held.mandates,
        authorities=held.authorities, consents=held.consents, **TERMS,
    )  # fmt: skip
    return with_file(
        case, agreements=(agreement,), regimes=(Regime(name="r", title="t", agreements=("all",)),)
    )


@cache
def shared_case() -> Case:
    """Each has a battery; BGR's stands in ROU, TUR runs ROU's; now and then a radar is out of order."""
    case = with_battery(four_owners(), "sofia-aegis", host="ROU", system="thaad-battery")
    case = with_battery(case, "bucharest-patriot", operator="TUR")
    sensors = (replace(s, availability=0.7) if s.name == "kurecik" else s for s in case.file.sensors)
    return with_clauses(with_file(case, sensors=tuple(sensors)), *CLAUSES)


def by_hand(*inside: str) -> Case:
    """The shared case without the sites that do not work for those inside, and without what others agreed."""
    case, within = shared_case(), set(inside)
    needs = {
        "geo-east": {"USA"}, "geo-west": {"TUR"}, "kurecik": {"USA"}, "izmir": {"TUR", "BGR"},
        "deveselu": {"USA"}, "bucharest-patriot": {"ROU", "TUR"}, "ankara-thaad": {"TUR"},
        "sofia-aegis": {"BGR", "ROU"},
    }  # fmt: skip
    tracks, told, defend, slow, fast, ready, host, port = CLAUSES
    kept: list[Any] = []
    for c in (tracks, told, defend, slow, ready):
        owners = tuple(n for n in c.owners if n in within)  # type: ignore[attr-defined]
        kept += [replace(c, owners=owners)] if owners else []  # type: ignore[call-arg]
    voters = tuple(n for n in ("USA", "TUR", "BGR") if n in within)
    owners = tuple(n for n in ("USA", "ROU", "TUR", "BGR") if n in within)
    kept += [replace(fast, owners=owners, deciders=voters)] if len(voters) > 1 else []  # type: ignore[call-arg]
    kept += ([host] if "ROU" in within else []) + ([port] if "BGR" in within else [])
    standing = with_file(
        case,
        sensors=tuple(s for s in case.file.sensors if needs[s.name] <= within),
        batteries=tuple(b for b in case.file.batteries if needs[b.name] <= within),
    )
    return with_clauses(standing, *kept)


@cache
def directly(*inside: str) -> Measures:
    a = arena(by_hand(*inside), 1)
    return measures(a.w, a.play(pure(a.rules("r")), SEED, TRIALS))


@pytest.fixture(scope="module")
def made() -> Coalitions:
    return coalitions(shared_case(), "r", TRIALS, SEED, 1)


def sets(players: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tuple(np.array(players)[row].tolist()) for row in members(len(players))]


# -- against direct runs --------------------------------------------------------------------------


def test_every_coalition_is_worth_what_its_own_case_protects(made: Coalitions) -> None:
    assert made.players == made.members == ("USA", "ROU", "TUR", "BGR")
    assert made.exact and made.orders == 0
    assert made.protected is not None and made.worth is not None and made.warning_s is not None
    for bits, inside in enumerate(sets(made.players)):
        told = directly(*inside)
        assert made.protected[bits] == pytest.approx(told.protected.mean(axis=0), abs=1e-6)
        assert made.worth[bits] == pytest.approx(told.whole().mean(), abs=1e-6)
        assert made.of(inside) == pytest.approx(made.protected[bits], abs=0)
        warned = np.nan_to_num(np.nanmean(told.warning_s[:, told.protected.any(axis=0)], axis=0))
        assert made.warning_s[bits][told.protected.any(axis=0)] == pytest.approx(warned, rel=1e-6)
    assert len(set(made.worth.tolist())) > 8  # they differ, so that the comparison tells something
    assert made.played <= 16


def test_coalitions_under_random_clauses_protect_what_their_own_cases_do() -> None:
    found = differences(8, seed=4)
    assert found["differ"] == 0
    assert found["protect"] >= 6


def test_values_and_errors_are_those_of_the_game_of_every_trial(made: Coalitions) -> None:
    by_trial = np.stack([directly(*inside).whole() for inside in sets(made.players)])
    for value, found in ((shapley, made.shapley), (banzhaf, made.banzhaf)):
        each = np.stack([value(game) for game in by_trial.T], axis=1)
        for row, player in zip(each, made.players, strict=True):
            for part in fields(found[player]):
                expected = getattr(gain(row), part.name)
                assert getattr(found[player], part.name) == pytest.approx(expected, rel=1e-9, abs=1e-6)
        assert all(found[p].error > 0.0 for p in ("USA", "ROU"))


def test_shares_add_up_to_the_whole(made: Coalitions) -> None:
    assert made.worth is not None
    assert sum(g.value for g in made.shapley.values()) == pytest.approx(made.worth[-1], rel=1e-9)
    assert made.at_risk.sum() > made.worth[-1] > 0.0


def test_workers_change_nothing(made: Coalitions) -> None:
    two = coalitions(shared_case(), "r", TRIALS, SEED, 2)
    for name in ("protected", "warning_s", "worth", "at_risk"):
        assert getattr(two, name).tobytes() == getattr(made, name).tobytes()
    assert (two.shapley, two.banzhaf, two.played) == (made.shapley, made.banzhaf, made.played)
    assert left(two, 2) == left(made, 1)


# -- players ------------------------------------------------------------------------------------


def test_who_adds_nothing_gets_exactly_nothing() -> None:
    blind = replace(shared_case().file.sensors[2], name="blind", owner="BGR", facing_rad=-1.5)
    case = first_light()
    case = with_file(case, sensors=(*case.file.sensors, blind))
    found = coalitions(case, "allied", TRIALS, SEED, 1)
    assert found.players == ("USA", "ROU", "TUR", "BGR")  # it owns a radar, which looks the other way
    for name in ("value", "low", "high", "error"):
        assert getattr(found.shapley["BGR"], name) == getattr(found.banzhaf["BGR"], name) == 0.0
    plain = coalitions(first_light(), "allied", TRIALS, SEED, 1)
    assert (plain.members, plain.players) == (("USA", "ROU", "TUR", "BGR"), ("USA", "ROU", "TUR"))
    assert plain.shapley["BGR"].value == plain.banzhaf["BGR"].error == 0.0
    assert plain.shapley["USA"].value == pytest.approx(found.shapley["USA"].value)
    assert plain.of(("USA", "ROU", "BGR")).tolist() == plain.of(("ROU", "USA")).tolist()


def test_those_who_are_needed_alike_are_treated_alike() -> None:
    case = first_light()
    case = with_file(
        case, batteries=case.file.batteries[:1]
    )  # owned by one, hosted by another, cued by a third
    found = coalitions(case, "allied", TRIALS, SEED, 1)
    assert found.worth is not None and found.worth[-1] > 0.0 == np.abs(found.worth[:-1]).max()
    assert found.shapley["USA"] == found.shapley["ROU"] == found.shapley["TUR"]
    assert found.shapley["USA"].value == pytest.approx(found.worth[-1] / 3.0)
    assert found.banzhaf["USA"].value == pytest.approx(found.worth[-1] / 4.0)


def test_members_may_be_narrowed_and_the_others_stay_outside(made: Coalitions) -> None:
    few = coalitions(shared_case(), "r", TRIALS, SEED, 1, members=("TUR", "ROU"))
    assert few.members == few.players == ("ROU", "TUR")
    assert few.worth is not None and made.worth is not None
    assert few.worth.tolist() == made.worth[[0b0000, 0b0010, 0b0100, 0b0110]].tolist()
    with pytest.raises(ValueError, match="no nation of the case: XXX"):
        coalitions(shared_case(), "r", TRIALS, SEED, 1, members=("ROU", "XXX"))


@pytest.mark.parametrize("case", ["one", "no sensor", "no battery", "nobody"])
def test_small_cases_have_answers(case: str) -> None:
    full = first_light()
    small = {
        "one": lambda: coalitions(full, "allied", 5, SEED, 1, members=("ROU",)),
        "no sensor": lambda: coalitions(with_file(full, sensors=()), "allied", 5, SEED, 1),
        "no battery": lambda: coalitions(with_file(full, batteries=()), "allied", 5, SEED, 1),
        "nobody": lambda: coalitions(full, "allied", 5, SEED, 1, members=()),
    }[case]()
    assert small.worth is not None and small.worth[0] == 0.0
    assert sum(g.value for g in small.shapley.values()) == pytest.approx(small.worth[-1])
    assert len(small.worth) == 1 << len(small.players)
    if case == "no battery":
        assert not small.worth.any() and small.warning_s is not None and small.warning_s[-1].any()
    if case == "one":
        assert small.shapley["ROU"].value == small.banzhaf["ROU"].value == small.worth[-1]


# -- measures -----------------------------------------------------------------------------------


def test_the_worst_nation_is_the_least_share_of_those_that_all_together_help(made: Coalitions) -> None:
    worst = coalitions(shared_case(), "r", TRIALS, SEED, 1, measure="worst-nation")
    assert worst.protected is not None and worst.worth is not None and made.protected is not None
    assert np.array_equal(worst.protected, made.protected)
    helped = made.protected[-1] > 0.01 * made.at_risk
    assert 1 < helped.sum() < len(made.nations)  # nothing is aimed at the United States
    shares = (made.protected[:, helped] / made.at_risk[helped]).min(axis=1)
    assert worst.worth == pytest.approx(shares, abs=1e-12)
    assert sum(g.value for g in worst.shapley.values()) == pytest.approx(shares[-1], rel=1e-9)


def test_the_error_of_the_worst_share_is_that_of_runs_with_other_luck() -> None:
    """Thirty runs of 60 trials: their spread against the error that each states; 1 +- 0.13 is usual."""
    runs = [
        coalitions(shared_case(), "r", TRIALS, seed, 1, members=("USA", "TUR"), measure="worst-nation")
        for seed in range(30)
    ]
    for player in ("USA", "TUR"):
        values = [r.shapley[player].value for r in runs]
        stated = np.mean([r.shapley[player].error for r in runs])
        assert 0.6 < np.std(values, ddof=1) / stated < 1.5


def test_weights_count_people_more_or_less(made: Coalitions) -> None:
    weights = {"Bucharest": 0.0, "Sofia": 2.0, "Ankara": 0.0, "Deveselu base": 0.0}
    found = coalitions(shared_case(), "r", TRIALS, SEED, 1, measure="weighted", weights=weights)
    assert made.protected is not None and found.worth is not None
    assert found.worth == pytest.approx(2.0 * made.protected[:, made.nations.index("BGR")])
    with pytest.raises(ValueError, match="no asset of the case: Paris"):
        coalitions(shared_case(), "r", TRIALS, SEED, 1, measure="weighted", weights={"Paris": 1.0})
    with pytest.raises(ValueError, match="no measure `people`"):
        coalitions(shared_case(), "r", TRIALS, SEED, 1, measure="people")


# -- sampling -----------------------------------------------------------------------------------


def test_sampled_values_lie_within_their_stated_error(
    made: Coalitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "EXACT", 3)
    some = coalitions(shared_case(), "r", TRIALS, SEED, 1, orders=40)
    assert not some.exact and some.orders == 40
    assert some.worth is some.protected is some.warning_s is None
    for found, exact in ((some.shapley, made.shapley), (some.banzhaf, made.banzhaf)):
        for player in made.players:
            assert abs(found[player].value - exact[player].value) < 2.0 * found[player].error + 1e-6
    assert any(some.shapley[p].value != made.shapley[p].value for p in made.players)
    assert sum(g.value for g in some.shapley.values()) == pytest.approx(made.of(made.members).sum())
    assert some.of(("USA", "ROU")).tolist() == made.of(("USA", "ROU")).tolist()
    with pytest.raises(ValueError, match="every coalition"):
        benefits(some)


def test_sampling_errs_as_it_says(monkeypatch: pytest.MonkeyPatch, made: Coalitions) -> None:
    """Forty samples of the same game: their spread, of sampling alone, against what each states of it."""
    stated: list[np.ndarray] = []
    gains = study._gains

    def noted(players: Any, added: Any, sampling: Any = None) -> Any:
        stated.append(sampling)
        return gains(players, added, sampling)

    monkeypatch.setattr(study, "_gains", noted)
    runs = [study._some(made.found.stage, made.players, 120, seed, study.silent) for seed in range(40)]
    for kind, errors in (("shapley", stated[::2]), ("banzhaf", stated[1::2])):
        exact = np.array([getattr(made, kind)[player].value for player in made.players])
        values = np.array([[getattr(r, kind)[player].value for player in made.players] for r in runs])
        spread, told = values.std(axis=0, ddof=1), np.sqrt((np.array(errors) ** 2).mean(axis=0))
        assert (0.6 * told < spread).all() and (spread < 1.5 * told + 1e-6).all()
        assert (np.abs(values.mean(axis=0) - exact) < 3.5 * spread / np.sqrt(len(runs)) + 1e-6).all()


# -- leaving and joining ------------------------------------------------------------------------


def test_who_leaves_takes_its_sites_and_may_be_cut_off(made: Coalitions) -> None:
    found = left(made)
    assert set(found) == set(made.members)
    assert found["BGR"].sites == ("izmir", "sofia-aegis")
    for member in made.members:
        rest = [n for n in made.members if n != member]
        change = made.of(rest) - made.of(made.members)
        assert [g.value for g in found[member].apart.values()] == pytest.approx(change.tolist(), abs=1e-6)
        own = found[member].cut_off[member].value
        assert own <= found[member].apart[member].value + 1e-6
    bgr = made.nations.index("BGR")
    assert found["BGR"].cut_off["BGR"].value == pytest.approx(-made.of(made.members)[bgr])
    assert found["BGR"].cut_off_warning_s["BGR"] < found["BGR"].apart_warning_s["BGR"] <= 0.0
    assert found["USA"].apart["ROU"].error > 0.0


def test_what_is_gained_together_is_held_against_what_each_has_alone(made: Coalitions) -> None:
    v = benefits(made)
    for bits, inside in enumerate(sets(made.players)):
        expected = sum(
            directly(*inside).protected[:, made.nations.index(n)].mean()
            - directly(n).protected[:, made.nations.index(n)].mean()
            for n in inside
        )
        assert v[bits] == pytest.approx(expected, abs=1e-6)


def test_members_are_those_who_sign_or_matter() -> None:
    case = first_light()
    given = arena(case, 1).rules("national")
    assert members_of(case, given, "national") == ("USA", "ROU", "TUR")  # BGR signs nothing of it
