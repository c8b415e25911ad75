"""Agreements in a terminal: like changes come together, and equal worths are told once."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import permutations

from rich.console import Console

from synaspis.model.compared import (
    AgreementsPackage,
    AgreementsRank,
    Change,
    ClauseWorth,
    Door,
    Gain,
    Package,
)
from synaspis.report.agreements import grouped, least_of_each, rank_finding, render_rank
from synaspis.report.packaged import package_finding, render_package

NO, YES = Door(answer="no"), Door(answer="yes", delay_s=10.0, because=("a",))
NONE = Gain(value=0.0, low=0.0, high=0.0)
WORTH = ClauseWorth(
    kind="release", owner="USA", recipient="ROU", product="track", clause="",
    what="USA lets ROU have its track", gain=Gain(value=2e6, low=0.0, high=3e6, error=1e5),
)  # fmt: skip
RANK = AgreementsRank(
    case="c", regime="r", trials=10, seed=1, delay_s=10.0, protected_population=1e6,
    candidates={"release": 2}, distinct=2, clauses=(WORTH,),
)  # fmt: skip
BEST = Package(clauses=("a", "b"), value=4e6, gain=WORTH.gain, pivotal={"USA": 0.1}, losers={"BGR": -2e5},
               gainers={"ROU": 2e6})  # fmt: skip
FOUND = AgreementsPackage(
    case="c", regime="r", goal="protected-population", unit="people", trials=10, seed=1, most=2,
    pool=("a", "b"), base=2e6, all_clauses=4e6, target=3.8e6, reached=True, proven=True,
    tried=3, alone={"a": 0.0, "b": 0.0}, packages=(BEST,),
)  # fmt: skip


def change(owner: str, recipient: str, product: str = "track", after: Door = YES) -> Change:
    return Change(
        owner=owner, recipient=recipient, product=product, before=NO, after=after, because=after.because
    )


def drawn(render: object, *arguments: object) -> str:
    out = io.StringIO()
    assert callable(render)
    render(arguments[0], Console(file=out, width=100, highlight=False), *arguments[1:])
    return out.getvalue()


def test_the_members_of_an_alliance_are_one_row() -> None:
    among = [change(o, r, p) for o, r in permutations(("AAA", "BBB", "CCC"), 2) for p in ("alert", "track")]
    assert grouped(among) == [("AAA, BBB, CCC", "AAA, BBB, CCC", "alert, track", "no", "yes after 10 s", "a")]
    many = [change(o, r) for o, r in permutations("ABCDEF", 2)]
    assert grouped(many)[0][:2] == ("6 nations", "6 nations")


def test_what_differs_keeps_rows_of_its_own() -> None:
    when = Door(answer="conditional", delay_s=5.0, when="threaten the recipient", because=("b",))
    rows = grouped([change("AAA", "BBB"), change("AAA", "CCC", after=when), change("BBB", "CCC")])
    assert ("AAA", "CCC", "track", "no", "only if after 5 s, known to threaten the recipient", "b") in rows
    assert len(rows) == 3


def test_of_products_that_do_the_same_the_one_that_reveals_least_is_told() -> None:
    more = replace(WORTH, product="measurement", what="more")
    other = replace(WORTH, product="alert", gain=NONE, what="other")
    assert [c.what for c in least_of_each([more, WORTH, other])] == ["USA lets ROU have its track", "other"]


def test_a_gain_that_may_be_luck_is_called_so() -> None:
    assert rank_finding(RANK) == (
        "One clause beyond r would protect 2.00\u00a0million more people: USA lets ROU have its track."
    )
    unsure = replace(WORTH, gain=replace(WORTH.gain, error=1.5e6))
    assert ", which may be luck:" in rank_finding(replace(RANK, clauses=(unsure,)))
    idle = replace(RANK, clauses=(replace(WORTH, gain=NONE),))
    assert rank_finding(idle).startswith("No single clause would protect anybody more than r does")


def test_losses_stand_apart_from_gains() -> None:
    gone = replace(
        WORTH, kind="suspended", clause="x", what="`x` is suspended", gain=replace(WORTH.gain, value=-5e5)
    )
    told = drawn(render_rank, replace(RANK, clauses=(WORTH, gone)), 5)
    buys, lost = told.index("What one clause would buy"), told.index("What would be lost without")
    assert buys < told.index("USA lets ROU have its track  ") < lost < told.index("`x` is suspended")
    assert "−500\u00a0k ±\u00a0200\u00a0k" in told


def test_a_package_says_who_must_sign_and_who_loses() -> None:
    told = " ".join(drawn(render_package, FOUND).split())
    assert told.startswith("`a` and `b` together bring people protected from 2.00 M to 4.00 M.")
    assert "every smaller set was tried" in told
    assert "pivotal signatures, with what the others keep of their gain without each: USA (10 %)" in told
    assert "worse off: BGR (−200 k)" in told
    short = replace(FOUND, reached=False, proven=False)
    assert package_finding(short).startswith("No set of at most 2 clauses reaches the goal; `a` and `b` come")
    assert "a smaller set may exist" in " ".join(drawn(render_package, short).split())
    assert (
        package_finding(replace(FOUND, packages=()))
        == "No clause of the case beyond r raises people protected."
    )
