"""Small cases and clauses from which the tests of the engine and of the studies are built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from synaspis.engine.tables import EngineTables
from synaspis.files.case import load, resolve
from synaspis.model.agreement import Authority, Clause, Consent, Mandate, Release
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, arena, pure

FOUR_OWNERS = Path(__file__).with_name("four_owners.yaml")
NATIONS = ("USA", "ROU", "TUR", "BGR")


@cache
def first_light() -> Case:
    return load("first-light")


@cache
def four_owners() -> Case:
    """Rounds, channels and launches without limit, looks that never err, and a far-sighted Patriot."""
    case, problems = resolve(FOUR_OWNERS.read_bytes(), FOUR_OWNERS.name)
    assert case is not None, problems
    return without_limits(with_radar(case, "patriot-mpq-65", reference_range_m=150_000.0))


def without_limits(case: Case) -> Case:
    return with_systems(
        with_interceptors(case, wrong_look=0.0), rounds=2000, channels=500, launch_interval_s=0.0
    )


def with_file(case: Case, **changes: Any) -> Case:
    return replace(case, file=replace(case.file, **changes))


def with_systems(case: Case, **changes: Any) -> Case:
    return replace(case, systems={k: replace(v, **changes) for k, v in case.systems.items()})


def with_interceptors(case: Case, **changes: Any) -> Case:
    return replace(case, interceptors={k: replace(v, **changes) for k, v in case.interceptors.items()})


def with_radar(case: Case, name: str, **changes: Any) -> Case:
    return replace(case, radars={**case.radars, name: replace(case.radars[name], **changes)})


def with_threats(case: Case, **changes: Any) -> Case:
    return replace(case, threats={k: replace(v, **changes) for k, v in case.threats.items()})


def with_battery(case: Case, name: str, **changes: Any) -> Case:
    def changed(b: Battery) -> Battery:
        return replace(b, **changes) if b.name == name else b

    return with_file(case, batteries=tuple(map(changed, case.file.batteries)))


@cache
def arena_of_four() -> Arena:
    return arena(four_owners(), 1)


def rule_of(clauses: Iterable[Clause]) -> Rules:
    """Clauses of any kind as rules in force, all of one agreement."""
    found = tuple(clauses)
    kinds = {"releases": Release, "mandates": Mandate, "authorities": Authority, "consents": Consent}
    return Rules(
        **{name: tuple(c for c in found if isinstance(c, kind)) for name, kind in kinds.items()},
        agreement_of={c.id: "all" for c in found},
    )


def permit(name: str, *products: str, **more: Any) -> Release:
    """Everybody to everybody unless said otherwise."""
    parties = {"owners": NATIONS, "recipients": NATIONS}
    return Release(**({"id": name, "effect": "permit", "products": products} | parties | more))


def mandate(name: str, **more: Any) -> Mandate:
    return Mandate(**({"id": name, "owners": NATIONS, "defends": NATIONS} | more))


def authority(name: str, **more: Any) -> Authority:
    """At once, and never out of reach, unless said otherwise."""
    return Authority(**({"id": name, "owners": NATIONS, "protocol": "national"} | more))


EVERYTHING = (permit("all-see", "measurement"), mandate("all-defend"), authority("all-fire"))


def tables_of(a: Arena, *clauses: Clause) -> EngineTables:
    return a.tables(pure(rule_of(clauses)))
