"""The engine never fires where the clauses say no, whatever mandates, authorities and consents there are.

The clauses are read here in the plainest way, apart from the code that compiles them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from synaspis.engine import layout as rows
from synaspis.engine.batch import play, replayed
from synaspis.model.agreement import Authority, Clause, Consent, Mandate
from synaspis.model.battery import Battery
from synaspis.studies.arena import Arena, arena, pure
from tests.engine.scene import EVERYTHING, NATIONS, authority, four_owners, mandate, rule_of, with_battery

SEED = 5
TRIALS = 30
REPLAYED = range(3)
SEE, DEFEND, FIRE = EVERYTHING
BATTERIES = tuple(b.name for b in four_owners().file.batteries)
HOSTS = {"deveselu": "ROU", "sofia-aegis": "TUR"}
HOSTED = tuple(Consent(id=f"host-{site}", by=host, sites=(site,)) for site, host in HOSTS.items())


@cache
def a() -> Arena:
    """Four owners, two of whose batteries stand abroad."""
    case = four_owners()
    for site, host in HOSTS.items():
        case = with_battery(case, site, host=host)
    return arena(case, 1)


def parties(least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(NATIONS), min_size=least, max_size=3, unique=True).map(tuple)


SITES = st.lists(st.sampled_from(BATTERIES), max_size=2, unique=True).map(tuple)
MANDATES = st.builds(
    Mandate,
    id=st.just(""),
    effect=st.sampled_from(("permit", "permit", "permit", "forbid")),
    owners=parties(),
    defends=st.one_of(parties(), st.sampled_from([("owner",), ("host",), ("owner", "BGR")])),
    batteries=SITES,
)
AUTHORITIES = st.builds(
    Authority,
    id=st.just(""),
    owners=parties(),
    batteries=SITES,
    defends=parties(least=0),
    protocol=st.sampled_from(("pre-authorised", "national", "delegated", "lead", "consensus")),
    deciders=parties(least=0),
    decision_s=st.sampled_from((0.0, 30.0)),
    refuses=st.sampled_from((0.0, 0.0, 1.0)),
    veto=parties(least=0),
)
CONSENTS = st.builds(
    Consent,
    id=st.just(""),
    by=st.sampled_from(("ROU", "TUR", "USA")),
    sites=st.lists(st.sampled_from(BATTERIES), min_size=1, max_size=3, unique=True).map(tuple),
    scope=st.sampled_from((("use", "fire"), ("fire",), ("use",))),
    decision_s=st.sampled_from((0.0, 20.0)),
    refuses=st.sampled_from((0.0, 1.0)),
)


def may_defend(clauses: list[Clause], battery: Battery, people: set[str]) -> bool:
    own = {"owner": battery.owner, "host": battery.host or battery.owner}
    spoken = [
        m.effect
        for m in clauses
        if isinstance(m, Mandate) and _of(m, battery) and {own.get(n, n) for n in m.defends} & people
    ]
    return "permit" in spoken and "forbid" not in spoken


def may_be_ordered(clauses: list[Clause], battery: Battery, people: set[str]) -> bool:
    """By some route that may be taken for these people, and that is not sure to be refused."""
    return any(
        _of(r, battery) and (not r.defends or people & set(r.defends)) and not _refused(r)
        for r in clauses
        if isinstance(r, Authority)
    )


def _of(clause: Mandate | Authority, battery: Battery) -> bool:
    return battery.owner in clause.owners and (not clause.batteries or battery.name in clause.batteries)


def _refused(route: Authority) -> bool:
    return route.refuses == 1.0 and (bool(route.veto) or route.protocol != "pre-authorised")


def host_lets_it(clauses: list[Clause], battery: Battery) -> bool:
    host = battery.host or battery.owner
    return host == battery.owner or any(
        isinstance(c, Consent) and c.by == host and battery.name in c.sites and "fire" in c.scope
        for c in clauses
    )


def allowed(clauses: list[Clause]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(T, B) whether the clauses let each battery fire at each missile."""
    w = a().w
    out = np.zeros((len(w.missiles), len(w.batteries)), np.bool_)
    for t, missile in enumerate(w.missiles):
        for b, f in enumerate(w.batteries):
            if missile.target >= 0:
                asset = w.assets[missile.target]
                people = {asset.nation, *asset.forces}
                lets = may_defend(clauses, f.battery, people) and may_be_ordered(clauses, f.battery, people)
                out[t, b] = lets and host_lets_it(clauses, f.battery)
    return out


def fired(*clauses: Clause) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """(T, B) who fired at what in some trial; whoever killed a missile had fired."""
    tables = a().tables(pure(rule_of((SEE, *clauses))))
    out = np.zeros((len(a().w.missiles), len(a().w.batteries)), np.bool_)
    for trial in REPLAYED:
        out |= replayed(tables, SEED, trial)[rows.SBT][:, rows.FIRED, :] > 0
    killer = play(tables, SEED, TRIALS, 1).killer
    for t, b in {(t, int(b)) for line in killer for t, b in enumerate(line) if b >= 0}:
        out[t, b] = True
    return out


def test_every_battery_fires_where_all_is_allowed() -> None:
    shots = fired(DEFEND, FIRE, *HOSTED)
    assert shots.any(axis=0).all()
    assert (shots <= allowed([DEFEND, FIRE, *HOSTED])).all()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(MANDATES, min_size=1, max_size=4),
    st.lists(AUTHORITIES, min_size=1, max_size=3),
    st.lists(CONSENTS, max_size=3),
)
@example([mandate("")], [authority("")], [])
@example([mandate("", owners=("USA",), defends=("ROU",))], [authority("")], list(HOSTED))
@example([mandate("")], [authority("", defends=("TUR",))], list(HOSTED))
@example([mandate(""), mandate("", effect="forbid", defends=("BGR",))], [authority("")], list(HOSTED))
def test_nothing_is_fired_at_without_mandate_order_and_host(
    mandates: list[Mandate], authorities: list[Authority], consents: list[Consent]
) -> None:
    clauses: list[Clause] = [
        replace(c, id=f"c{i}") for i, c in enumerate((*mandates, *authorities, *consents))
    ]
    shots = fired(*clauses)
    assert not (shots & ~allowed(clauses)).any()
