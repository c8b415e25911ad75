"""For whom? A battery defends whom its owner's mandates name, with the smallest reserve that one asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from synaspis.files.case import load
from synaspis.model.agreement import Mandate
from synaspis.sharing.mandate import Duty, defends, duty
from synaspis.sharing.rules import Decision, Rules

CASE = load("first-light")
DEVESELU, PATRIOT = CASE.file.batteries
BUCHAREST, SOFIA = CASE.file.assets


def mandate(name: str, **more: Any) -> Mandate:
    return Mandate(**({"id": name, "owners": ("USA",), "defends": ("ROU",)} | more))


def given(*mandates: Mandate) -> Rules:
    return Rules(releases=(), mandates=mandates, authorities=(), consents=(), agreement_of={})


def test_silence_defends_nobody_not_even_oneself() -> None:
    assert duty(given(), DEVESELU, BUCHAREST) is None
    assert duty(given(), PATRIOT, BUCHAREST) is None


def test_a_mandate_names_owner_and_defended() -> None:
    rule = given(mandate("m"))
    assert duty(rule, DEVESELU, BUCHAREST) == Duty("m", 0)
    assert duty(rule, DEVESELU, SOFIA) is None
    assert duty(rule, PATRIOT, BUCHAREST) is None


def test_a_mandate_may_name_batteries() -> None:
    assert duty(given(mandate("m", batteries=("deveselu",))), DEVESELU, BUCHAREST) == Duty("m", 0)
    assert duty(given(mandate("m", batteries=("elsewhere",))), DEVESELU, BUCHAREST) is None


def test_forces_count_as_people() -> None:
    base = replace(SOFIA, forces=("ROU", "TUR"))
    assert duty(given(mandate("m")), DEVESELU, base) == Duty("m", 0)
    assert duty(given(mandate("m", defends=("USA",))), DEVESELU, base) is None


def test_the_smallest_reserve_holds_and_its_clause_is_cited() -> None:
    strict, loose = mandate("strict", reserve=8), mandate("loose", reserve=2)
    assert duty(given(strict, loose), DEVESELU, BUCHAREST) == Duty("loose", 2)
    assert duty(given(loose, strict), DEVESELU, BUCHAREST) == Duty("loose", 2)
    assert duty(given(strict), DEVESELU, BUCHAREST) == Duty("strict", 8)
    for_sofia = mandate("sofia", defends=("BGR",), reserve=1)
    assert duty(given(strict, for_sofia), DEVESELU, BUCHAREST) == Duty("strict", 8)


def test_a_reservation_wins_and_is_cited() -> None:
    rule = given(mandate("m", defends=("ROU", "BGR")), mandate("no", effect="forbid", defends=("BGR",)))
    assert defends(rule, DEVESELU, BUCHAREST) == Decision(True, ("m",))
    assert duty(rule, DEVESELU, SOFIA) is None
    assert defends(rule, DEVESELU, SOFIA) == Decision(False, ("no",))
    assert defends(given(), DEVESELU, SOFIA) == Decision(False, ())


def test_owner_and_host_are_read_for_each_battery() -> None:
    rule = given(mandate("m", owners=("USA", "ROU"), defends=("host",)))
    assert duty(rule, DEVESELU, BUCHAREST) == Duty("m", 0), "Romania hosts the American site"
    assert duty(rule, DEVESELU, SOFIA) is None
    own = given(mandate("m", owners=("USA", "ROU"), defends=("owner",)))
    assert duty(own, DEVESELU, BUCHAREST) is None
    assert duty(own, PATRIOT, BUCHAREST) == Duty("m", 0)


def test_an_order_gives_each_its_rank() -> None:
    rule = given(mandate("m", defends=("BGR", "ROU"), in_order=True))
    assert duty(rule, DEVESELU, SOFIA) == Duty("m", 0, 0)
    assert duty(rule, DEVESELU, BUCHAREST) == Duty("m", 0, 1)
    assert duty(given(mandate("m", defends=("BGR", "ROU"))), DEVESELU, BUCHAREST) == Duty("m", 0, 0)
