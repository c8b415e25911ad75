"""Why a shot was lost: each gate in turn is the one that is shut, and its clauses are cited."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synaspis.engine.batch import Outcomes, play
from synaspis.files.borders import borders
from synaspis.model.agreement import Agreement, Clause, Consent, Regime
from synaspis.model.answers import CAUSES, LostShot
from synaspis.model.case import Case
from synaspis.studies.arena import Arena, arena, pure
from synaspis.studies.lost import lost_shots
from tests.engine.scene import (
    authority,
    first_light,
    four_owners,
    mandate,
    permit,
    rule_of,
    with_battery,
    with_file,
    with_radar,
    with_systems,
    with_threats,
)

TRIALS = 60
SEE, DEFEND, ORDER = permit("see", "measurement"), mandate("defend"), authority("order", decision_s=20.0)


def romanian(**battery: Any) -> Case:
    """Deveselu is Romania's, the sensors are America's, and every missile flies as meant."""
    case = first_light()
    sensors = tuple(replace(x, host="") for x in case.file.sensors)
    case = with_file(case, sensors=sensors, batteries=case.file.batteries[:1])
    case = with_battery(case, "deveselu", **({"owner": "ROU", "host": ""} | battery))
    return with_threats(case, reliability=1.0, cep_m=10.0)


def regime(case: Case, *clauses: Clause) -> Case:
    rule = rule_of(clauses)
    agreement = Agreement(
        name="only", title="Only", parties=("USA", "ROU"), source="", since=case.file.date,
        releases=rule.releases, mandates=rule.mandates, authorities=rule.authorities, consents=rule.consents,
    )  # fmt: skip
    return with_file(
        case, agreements=(agreement,), regimes=(Regime(name="it", title="It", agreements=("only",)),)
    )


def lost(case: Case, *clauses: Clause) -> tuple[Arena, Outcomes, tuple[LostShot, ...]]:
    a = arena(regime(case, *clauses), 1)
    out = play(a.tables(pure(a.rules("it"))), 1, TRIALS, 1)
    return a, out, lost_shots(a, "it", out)


def the_only(case: Case, *clauses: Clause) -> LostShot:
    """The loss at Sofia, where it is the only kind there."""
    _, _, found = lost(case, *clauses)
    at_sofia = [x for x in found if "Sofia" in x.threat]
    assert len(at_sofia) == 1, found
    assert at_sofia[0].battery == "deveselu"
    return at_sofia[0]


def test_nothing_is_lost_where_every_gate_is_open() -> None:
    _, out, found = lost(romanian(), SEE, DEFEND, ORDER)
    assert found == ()
    assert not out.lost.any()
    assert out.rounds.any()


def test_not_seen() -> None:
    """No sensor but the battery's own, which cannot tell where it lands in time."""
    found = the_only(with_file(romanian(), sensors=()), SEE, DEFEND, ORDER)
    assert (found.cause, found.clauses, found.mean) == ("not_seen", (), 1.0)
    assert "no sensor of anyone" in found.why


def test_not_released() -> None:
    found = the_only(romanian(), DEFEND, ORDER)
    assert (found.cause, found.clauses, found.mean) == ("not_released", (), 1.0)
    assert "nobody releases it to ROU" in found.why


def test_not_released_cites_the_forbid_that_shuts_the_door() -> None:
    shut = permit("shut", "alert", effect="forbid", owners=("USA",), recipients=("ROU",))
    found = the_only(romanian(), SEE, shut, DEFEND, ORDER)
    assert (found.cause, found.clauses) == ("not_released", ("shut",))


def test_a_permit_that_does_not_help_is_said_to_be_one() -> None:
    """Turkey's permit stands open, but Turkey has no sensor; America's comes too late."""
    for idle in (
        permit("idle", "measurement", owners=("TUR",), recipients=("ROU",)),
        permit("idle", "measurement", owners=("USA",), recipients=("ROU",), delay_s=900.0),
    ):
        found = the_only(romanian(), idle, DEFEND, ORDER)
        assert (found.cause, found.clauses) == ("not_released", ("idle",))
        assert "comes too late or is not good enough" in found.why


def test_no_mandate() -> None:
    own = mandate("own", owners=("ROU",), defends=("ROU",))
    found = the_only(romanian(), SEE, own, ORDER)
    assert (found.cause, found.clauses, found.mean) == ("no_mandate", ("own",), 1.0)
    assert "no clause lets ROU's rounds defend Sofia (BGR)" in found.why


def test_no_authority() -> None:
    found = the_only(romanian(), SEE, DEFEND)
    assert (found.cause, found.clauses, found.mean) == ("no_authority", (), 1.0)
    never = authority("never", unreachable=1.0)
    found = the_only(romanian(), SEE, DEFEND, never)
    assert (found.cause, found.clauses, found.mean) == ("no_authority", ("never",), 1.0)


def test_a_reservation_is_cited_where_it_takes_the_mandate_away() -> None:
    found = the_only(romanian(), SEE, DEFEND, mandate("not", effect="forbid", defends=("BGR",)), ORDER)
    assert (found.cause, found.clauses) == ("no_mandate", ("not",))
    assert found.why == "ROU has reserved not to defend Sofia (BGR)"


def test_a_state_under_the_intercept_that_says_nothing_is_named() -> None:
    case = replace(four_owners(), borders=borders())
    asked = replace(ORDER, asks=("overflight",))
    shut = [x for x in lost(case, SEE, DEFEND, asked)[2] if x.cause == "no_authority"]
    over_turkey = [x for x in shut if x.battery == "sofia-aegis" and "Bucharest" in x.threat]
    assert [x.clauses for x in over_turkey] == [("order",)]
    assert "no consent from " in over_turkey[0].why and "TUR" in over_turkey[0].why
    assert "under the intercept" in over_turkey[0].why


def test_no_authority_without_the_host_s_consent() -> None:
    use = Consent(id="use", by="TUR", sites=("deveselu",), scope=("use",))
    found = the_only(romanian(host="TUR"), SEE, DEFEND, ORDER, use)
    assert (found.cause, found.clauses, found.mean) == ("no_authority", (), 1.0)
    assert found.why == "TUR has not consented to fire from deveselu"
    fire = replace(use, id="fire", scope=("fire",))
    assert lost(romanian(host="TUR"), SEE, DEFEND, ORDER, use, fire)[2] == ()


def test_too_late() -> None:
    found = the_only(romanian(), SEE, DEFEND, replace(ORDER, decision_s=900.0))
    assert (found.cause, found.clauses, found.mean) == ("too_late", ("order",), 1.0)


def test_knowing_too_late_is_too_late_and_no_fault_of_those_who_decide() -> None:
    """A Patriot with no news but its own: in some trials it scans late, and knows after its last launch."""
    case = first_light()
    case = with_file(case, sensors=(), batteries=(replace(case.file.batteries[1], host=""),))
    case = with_radar(with_threats(case, reliability=1.0), "patriot-mpq-65", reference_range_m=130e3)
    a, out, found = lost(case, DEFEND, replace(ORDER, decision_s=0.0))
    known = a.pictures(a.rules("it")).known_s[a.w.nation("ROU")]
    last = a.g.launch_s[0][np.isfinite(a.g.launch_s[0])].max()
    assert known.min() < last < known.min() + 12.0, "a case in which a few scans decide"
    assert not out.lost[:, :, CAUSES.index("no_authority")].any()
    assert {x.cause for x in found} == {"too_late"}
    assert {x.clauses for x in found} == {("order",)}


def test_no_rounds() -> None:
    found = the_only(romanian(rounds=0), SEE, DEFEND, ORDER)
    assert (found.cause, found.mean) == ("no_rounds", 1.0)
    kept = mandate("kept", reserve=24)
    assert the_only(romanian(), SEE, kept, ORDER).cause == "no_rounds"


def test_no_channel_counts_as_no_rounds() -> None:
    _, _, found = lost(with_systems(romanian(), channels=1), SEE, DEFEND, ORDER)
    assert {x.cause for x in found} == {"no_rounds"}
    assert all("Bucharest" in x.threat for x in found), "Sofia's comes first"


@pytest.mark.parametrize(
    ("clauses", "cause"),
    [((), "not_released"), ((SEE,), "no_mandate"), ((SEE, DEFEND), "no_authority")],
)
def test_the_first_gate_that_is_shut_is_the_one_that_counts(clauses: tuple[Clause, ...], cause: str) -> None:
    assert the_only(romanian(rounds=0), *clauses).cause == cause


def test_only_missiles_that_stayed_alive_count_and_each_once() -> None:
    case = with_threats(romanian(), reliability=0.5)
    a, out, found = lost(case, DEFEND, ORDER)
    alive = ((out.fate == 1) | (out.fate == 2)).sum()
    assert out.lost.sum() == alive
    assert 0 < alive < out.fate.size
    assert sum(x.mean for x in found) * TRIALS == pytest.approx(alive)
    assert a.w.missiles
    assert {x.cause for x in found} <= set(CAUSES)
