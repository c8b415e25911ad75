"""More leave is never worse: a clause added delays no picture and no launch, and loses no kill.

Real kernels on a small world of four owners; clauses at random. Rounds, channels and launches are
without limit, looks do not err, and no battery waits for another's shot.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synaspis.engine import layout as rows
from synaspis.engine.batch import play, replay
from synaspis.engine.tables import EngineTables
from synaspis.model.agreement import Authority, Clause, Condition, Mandate, Release
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Mix, arena, pure
from tests.engine.scene import (
    EVERYTHING,
    NATIONS,
    arena_of_four,
    authority,
    four_owners,
    rule_of,
    with_radar,
)  # fmt: skip

SEED = 11
TRIALS = 40
REPLAYED = range(4)
RELEASED = ("alert", "impact_estimate", "track", "fire_control_track", "measurement")
STATIONS = tuple(s.name for s in four_owners().file.sensors) + tuple(
    f"{b.name}/radar" for b in four_owners().file.batteries
)
PROPERTY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def some(values: tuple[str, ...], least: int = 1, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=most, unique=True).map(tuple)


def releases(*effects: str) -> st.SearchStrategy[Release]:
    return st.builds(
        Release,
        id=st.just(""),
        effect=st.sampled_from(effects),
        owners=some(NATIONS),
        recipients=some(NATIONS, least=2, most=4),
        products=some(RELEASED, most=2),
        sensors=st.one_of(st.just(()), some(STATIONS)),
        delay_s=st.sampled_from([0.0, 3.0, 10.0, 47.0]),
        when=st.builds(
            Condition,
            threatens=st.one_of(st.just(()), some(("recipient", *NATIONS))),
            category=st.sampled_from([(), (), ("mrbm",), ("icbm",)]),
        ),
    )


MANDATES = st.builds(
    Mandate,
    id=st.just(""),
    owners=some(NATIONS),
    defends=some(NATIONS),
    reserve=st.sampled_from([0, 0, 5]),
)
AUTHORITIES = st.builds(
    Authority,
    id=st.just(""),
    owners=some(NATIONS),
    protocol=st.sampled_from(["pre-authorised", "national", "delegated", "lead", "consensus"]),
    deciders=st.one_of(st.just(()), some(NATIONS)),
    votes=st.sampled_from([0, 1]),
    decision_s=st.sampled_from([0.0, 20.0, 120.0]),
    spread=st.sampled_from([0.0, 0.5]),
    unreachable=st.sampled_from([0.0, 0.3]),
    missing=st.sampled_from([0.0, 0.3]),
)
RELEASES = st.lists(releases("permit", "permit", "permit", "forbid"), max_size=5)
DUTIES = st.lists(MANDATES, min_size=1, max_size=4)
ORDERS = st.lists(AUTHORITIES, min_size=1, max_size=3)


def rules(*clauses: Clause) -> Rules:
    return rule_of(replace(c, id=f"c{i}") for i, c in enumerate(clauses))


def compiled(*clauses: Clause) -> EngineTables:
    return arena_of_four().tables(pure(rules(*clauses)))


def no_later(after: np.ndarray, before: np.ndarray) -> bool:
    return bool((after <= before).all())


def first_launches(tables: EngineTables, trial: int) -> np.ndarray:
    """(B, T) time of each pair's first launch in one trial, inf for none."""
    out = np.full(tables.reach.shape, np.inf)
    for time_s, kind, b, t, _ in replay(tables, SEED, trial):
        if kind == rows.READY:
            out[int(b), int(t)] = min(out[int(b), int(t)], time_s)
    return out


def killed(tables: EngineTables) -> np.ndarray:
    """(K, T) whether each missile was killed."""
    fate = play(tables, SEED, TRIALS, 1).fate
    return (fate == rows.KILLED) | (fate == rows.KILLED_ASTRAY)


def never_worse(before: EngineTables, after: EngineTables) -> None:
    for trial in REPLAYED:
        assert no_later(first_launches(after, trial), first_launches(before, trial))
    assert (killed(after) >= killed(before)).all()


def test_the_world_is_worth_testing() -> None:
    """With every clause, each battery fires, and some missile is met by three of them."""
    launches = [np.isfinite(first_launches(compiled(*EVERYTHING), trial)) for trial in REPLAYED]
    assert np.any(launches, axis=(0, 2)).all()
    assert np.sum(launches, axis=1).max() >= 3
    assert killed(compiled(*EVERYTHING)).any(axis=0).sum() >= 7
    assert not killed(compiled()).any()


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_delays_a_picture(found: list[Release], more: Release) -> None:
    before, after = (arena_of_four().maker.make(rules(*x)) for x in (found, [*found, more]))
    for name in ("sees_s", "alert_s", "known_s", "warned_s", "track_s", "fire_control_s"):
        assert no_later(getattr(after, name), getattr(before, name)), name
    for name in ("holds_warned", "holds_known", "serves"):
        assert (getattr(after, name) >= getattr(before, name)).all(), name


@cache
def shy() -> Arena:
    """The same world with radars whom a cue must lead closely before it helps them, and helps much then."""
    case = four_owners()
    for name in case.radars:
        case = with_radar(case, name, cue_share=0.01, cue_gain_db=9.0)
    return arena(case, 1)


@PROPERTY
@given(RELEASES, releases("permit"))
def test_a_permit_never_blunts_a_cue(found: list[Release], more: Release) -> None:
    """A better or earlier track never delays what a radar sees by it."""
    before, after = (shy().maker.make(rules(*x)) for x in (found, [*found, more]))
    for name in ("sees_s", "alert_s", "known_s", "warned_s", "track_s", "fire_control_s"):
        assert no_later(getattr(after, name), getattr(before, name)), name


@PROPERTY
@given(RELEASES, releases("forbid"))
def test_a_forbid_never_hastens_a_picture(found: list[Release], more: Release) -> None:
    before, after = (arena_of_four().maker.make(rules(*x)) for x in (found, [*found, more]))
    for name in ("sees_s", "alert_s", "known_s", "warned_s", "track_s", "fire_control_s"):
        assert no_later(getattr(before, name), getattr(after, name)), name


@PROPERTY
@given(RELEASES, DUTIES, ORDERS, releases("permit"))
def test_a_permit_never_delays_a_launch_nor_loses_a_kill(
    found: list[Release], duties: list[Mandate], orders: list[Authority], more: Release
) -> None:
    rest = (*duties, *orders, *found)
    never_worse(compiled(*rest), compiled(*rest, more))


@PROPERTY
@given(RELEASES, DUTIES, ORDERS, MANDATES)
def test_a_mandate_never_delays_a_launch_nor_loses_a_kill(
    found: list[Release], duties: list[Mandate], orders: list[Authority], more: Mandate
) -> None:
    rest = (*duties, *orders, *found)
    never_worse(compiled(*rest), compiled(*rest, more))


@PROPERTY
@given(RELEASES, DUTIES, ORDERS, AUTHORITIES)
def test_an_authority_never_delays_a_launch_nor_loses_a_kill(
    found: list[Release], duties: list[Mandate], orders: list[Authority], more: Authority
) -> None:
    rest = (*duties, *orders, *found)
    never_worse(compiled(*rest), compiled(*rest, more))


@PROPERTY
@given(releases("permit"), st.sampled_from([0.0, 30.0, 90.0]))
def test_a_quicker_decision_never_delays_a_launch(release: Release, decision_s: float) -> None:
    """An order may come before the battery's own radar sees the missile, or long after."""
    slow, quick = (authority("a", decision_s=d) for d in (decision_s + 60.0, decision_s))
    a = arena_of_four()
    given_ = rule_of([release, *EVERYTHING[1:2]])
    before, after = (a.tables(Mix(given_, given_, rule_of([order]), given_)) for order in (slow, quick))
    never_worse(before, after)
