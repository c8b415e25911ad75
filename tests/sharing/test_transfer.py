"""May they have it? Every maker must let them, and a forbid wins."""

from __future__ import annotations

from typing import Any

from synaspis.model.agreement import Transfer
from synaspis.sharing.rules import Decision, Rules
from synaspis.sharing.transfer import retransfer, transfer


def clause(name: str, **more: Any) -> Transfer:
    given = {
        "id": name,
        "makers": ("USA",),
        "recipients": ("POL",),
        "items": ("patriot",),
        "acts": ("buy", "host"),
    }
    return Transfer(**(given | more))


def rules(*transfers: Transfer) -> Rules:
    return Rules(releases=(), mandates=(), authorities=(), consents=(), agreement_of={}, transfers=transfers)


def test_silence_is_no_but_for_the_maker() -> None:
    assert transfer(rules(), ("USA",), "POL", "patriot", "buy") == Decision(False, ())
    assert transfer(rules(), ("USA",), "USA", "patriot", "co-produce") == Decision(True, ())


def test_a_clause_names_who_what_and_which_act() -> None:
    given = rules(clause("t"))
    assert transfer(given, ("USA",), "POL", "patriot", "buy") == Decision(True, ("t",))
    assert not transfer(given, ("USA",), "POL", "patriot", "co-produce").allowed
    assert not transfer(given, ("USA",), "POL", "thaad", "buy").allowed
    assert not transfer(given, ("USA",), "ROU", "patriot", "buy").allowed


def test_every_maker_must_let_it_and_a_forbid_wins() -> None:
    both = ("FRA", "ITA")
    one = clause("f", makers=("FRA",))
    assert not transfer(rules(one), both, "POL", "patriot", "buy").allowed
    given = rules(one, clause("i", makers=("ITA",)))
    assert transfer(given, both, "POL", "patriot", "buy") == Decision(True, ("f", "i"))
    shut = rules(one, clause("i", makers=("ITA",)), clause("no", makers=("ITA",), effect="forbid"))
    assert transfer(shut, both, "POL", "patriot", "buy") == Decision(False, ("no",))


def test_what_one_has_goes_on_only_to_those_the_maker_names() -> None:
    given = rules(clause("t", onward=("UKR",)))
    assert retransfer(given, ("USA",), "POL", "UKR", "patriot") == Decision(True, ("t",))
    assert retransfer(given, ("USA",), "POL", "ROU", "patriot") == Decision(False, ())
    shut = rules(clause("t", onward=("UKR",)), clause("no", recipients=("UKR",), effect="forbid"))
    assert retransfer(shut, ("USA",), "POL", "UKR", "patriot") == Decision(False, ("no",))
