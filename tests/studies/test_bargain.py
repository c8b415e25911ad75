"""Whether members stay together: small games whose answers are known, and properties on random ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.model.plan import Price
from synaspis.studies import bargain, few_rows
from synaspis.studies.bargain import MemberGame, Outlay
from synaspis.studies.games import core, members, nucleolus


def price(value: float) -> Price:
    return Price(value=value, low=0.5 * value, high=2.0 * value)


def game_of(
    n: int, worth: np.ndarray, outlays: tuple[Outlay, ...] = (), alone: np.ndarray | None = None
) -> MemberGame:
    """A game in which coalition S protects `worth[S]` people of its first member beyond what it has alone."""
    inside, exact = bargain.coalitions_of(n, 0, 1)
    protected = np.zeros(inside.shape)
    bits = inside @ (1 << np.arange(n))
    first = inside.argmax(axis=1)
    protected[np.arange(len(bits)), first] = worth[bits]
    base = np.zeros(n) if alone is None else alone
    names = [chr(65 + i) for i in range(n)]
    return bargain.member_game(names, inside, protected + base, outlays, exact)


def two(saved: float, cost: float) -> MemberGame:
    worth = np.array([0.0, 0.0, 0.0, saved])
    return game_of(2, worth, (Outlay(payer="A", sites=(("A", "B"),), price=price(cost)),))


def test_what_counts_is_what_members_have_beyond_themselves() -> None:
    game = game_of(2, np.array([0.0, 0.0, 0.0, 7.0]), alone=np.array([3.0, 5.0]))
    assert game.people.tolist() == [0.0, 0.0, 7.0]


def test_a_site_costs_what_it_costs_alone_and_together() -> None:
    outlays = (
        Outlay(payer="A", price=price(100.0)),
        Outlay(payer="A", sites=(("A", "B"), ("A", "C", "B")), price=price(10.0)),
        Outlay(payer="C", partners=("A", "C", "Z"), price=price(1.0)),
        Outlay(payer="A", sites=(("A", "Z"),), price=price(1e6)),
        Outlay(payer="Z", price=price(1e6)),
    )
    game = game_of(3, np.zeros(8), outlays)
    told = {tuple(np.flatnonzero(row)): c for row, c in zip(game.inside, game.cost, strict=True)}
    assert told[0,] == told[2,] == 0.0
    assert told[0, 1] == 10.0 and told[0, 2] == 1.0 and told[1, 2] == 0.0 and told[0, 1, 2] == 11.0
    assert game.low[-1] == pytest.approx(5.5) and game.high[-1] == pytest.approx(22.0)


def test_two_hold_together_from_what_their_site_costs_a_person() -> None:
    # 1,000 people for 5 million a year: worth it from 0.005 million a person.
    game = two(1000.0, 5.0)
    ends = bargain.holds_from(game, game.cost)
    assert ends is not None and ends[0] == pytest.approx(0.005) and ends[1] == math.inf
    assert not bargain.held(game, 0.0049).stable and bargain.held(game, 0.0051).stable
    assert bargain.held(game, ends[0]).stable


def test_what_no_money_mends_is_never_stable() -> None:
    # Any two of three have as much as all: no sharing keeps every pair.
    worth = np.array([0.0, 0.0, 0.0, 9.0, 0.0, 9.0, 9.0, 9.0])
    game = game_of(3, worth)
    assert bargain.held_in_people(game).excess == pytest.approx(3.0)
    assert bargain.holds_from(game, game.cost)[1] == pytest.approx(0.0, abs=1e-6)  # type: ignore[index]
    outlays = (Outlay(payer="A", sites=(("A", "B", "C"),), price=price(1.0)),)
    assert bargain.holds_from(game_of(3, worth, outlays), game_of(3, worth, outlays).cost) is None


@given(st.integers(2, 6), st.integers(0, 2**32), st.floats(0.0, 10.0))
@settings(max_examples=40, deadline=None)
def test_it_is_stable_just_where_no_coalition_misses_anything(n: int, seed: int, value: float) -> None:
    draw = np.random.default_rng(seed)
    worth = draw.random(1 << n) * members(n).sum(axis=1) ** 2
    worth[[0, *(1 << np.arange(n))]] = 0.0
    names = [chr(65 + i) for i in range(n)]
    pairs = [
        Outlay(payer=a, sites=((a, b),), price=price(float(draw.random())))
        for a in names
        for b in names
        if a < b
    ]
    game = game_of(n, worth, tuple(pairs))
    ends = bargain.holds_from(game, game.cost)
    found = bargain.held(game, value)
    assert found.stable == (found.excess <= 1e-6)
    if abs(found.excess) > 1e-6:
        assert found.stable == (ends is not None and ends[0] <= value <= ends[1])
    assert found.shares.sum() == pytest.approx(game.worth(value)[-1], abs=1e-6)
    assert bargain.complaints(game, game.worth(value), found.shares)[:-1].max() == pytest.approx(
        found.excess, abs=1e-6
    )


def test_the_sweep_has_the_values_asked_for_and_a_round_grid() -> None:
    told = bargain.swept(two(1000.0, 5.0), 0.005, math.inf, 0.0)
    assert 0.005 in told and math.inf not in told and 0.0 not in told
    assert list(told) == sorted(told) and 0.001 < told[len(told) // 2] < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_many_coalitions_are_answered_from_the_few_that_bind(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Coalitions of middle size have most to ask for: those that a program begins with do not bind.
    draw = np.random.default_rng(seed)
    size = members(9).sum(axis=1)
    worth = draw.random(1 << 9) * size * (9.0 - size)
    worth[-1] = 20.0
    whole = core(worth).excess, nucleolus(worth)
    monkeypatch.setattr(few_rows, "AT_ONCE", 20)
    assert core(worth).excess == pytest.approx(whole[0], abs=1e-9)
    assert nucleolus(worth) == pytest.approx(whole[1], abs=1e-8)


def test_joining_that_loses_is_found_with_those_who_only_gain() -> None:
    # B is nobody's player: it gains 5 beside A, and only 2 beside A and C.
    inside, exact = bargain.coalitions_of(3, 0, 1)
    with_a, with_c = inside[:, 0], inside[:, 2]
    protected = np.zeros(inside.shape)
    protected[:, 1] = np.where(with_a, np.where(with_c, 2.0, 5.0), 0.0)
    game = bargain.member_game("ABC", inside, protected, (), exact)
    told = bargain.superadditive(game, ("A", "C"))
    assert told is not None and told.failures == 1 and told.lost == pytest.approx(3.0)
    assert {told.one, told.other} == {("A", "B"), ("C",)}
    worst = min(
        game.people[a + b - 1] - game.people[a - 1] - game.people[b - 1]
        for a in range(1, 8)
        for b in range(1, 8)
        if not a & b
    )
    assert -told.lost == pytest.approx(worst)


@given(st.integers(1, 4), st.integers(0, 2), st.integers(0, 2**32), st.booleans())
@settings(max_examples=60, deadline=None)
def test_pairs_that_lose_by_joining_are_all_found(n: int, idle: int, seed: int, whole: bool) -> None:
    """Members beside the players are protected by them and change nothing; whole numbers make ties."""
    draw, names = np.random.default_rng(seed), "ABCDEF"[: n + idle]
    inside, exact = bargain.coalitions_of(n + idle, 0, 1)
    by_players = np.round(draw.random((1 << n, n + idle)) * 10.0, 0 if whole else 9)
    by_players[0] = 0.0
    protected = by_players[(inside[:, :n] @ (1 << np.arange(n))).astype(int)]
    game = bargain.member_game(names, inside, protected, (), exact)
    people, bits = np.append(0.0, game.people), (1 << n) - 1
    worst: dict[frozenset[int], float] = {}  # by the players of both sides, over all who may go with them
    for s in range(1 << (n + idle)):
        for t in range(1 << (n + idle)):
            pair = frozenset((s & bits, t & bits))
            if not s & t and len(pair) == 2 and (idle or 0 not in pair):
                worst[pair] = min(worst.get(pair, 0.0), people[s | t] - people[s] - people[t])
    told = bargain.superadditive(game, names[:n])
    assert told is not None and told.pairs == len(worst)
    assert told.failures == sum(x < -1e-7 for x in worst.values())
    if told.failures:
        assert told.lost == pytest.approx(-min(worst.values()))
        s, t = (sum(1 << names.index(m) for m in side) for side in (told.one, told.other))
        assert not s & t and people[s] + people[t] - people[s | t] == pytest.approx(told.lost)


def test_superadditive_games_say_so() -> None:
    told = bargain.superadditive(game_of(3, members(3).sum(axis=1) ** 2.0 - members(3).sum(axis=1)), "ABC")
    assert told is not None and told.failures == 0 and told.pairs == 6


def test_more_members_than_can_be_held_are_sampled() -> None:
    inside, exact = bargain.coalitions_of(bargain.MOST_HELD + 1, 60, 3)
    assert not exact and inside[-1].all() and inside.any(axis=1).all()
    assert len(np.unique(inside, axis=0)) == len(inside)
    assert all((inside == row).all(axis=1).any() for row in np.eye(bargain.MOST_HELD + 1, dtype=bool))
    again, _ = bargain.coalitions_of(bargain.MOST_HELD + 1, 60, 3)
    assert np.array_equal(inside, again)


def test_who_adds_nothing_and_costs_something_stands_in_the_way() -> None:
    # A and B save 1,000 people for 5 million; C pays 0.2 million for its part in it, and is saved nobody.
    worth = np.zeros(8)
    worth[[0b011, 0b111]] = 1000.0
    outlays = (
        Outlay(payer="A", sites=(("A", "B"),), price=price(5.0)),
        Outlay(payer="C", partners=("A", "B", "C"), price=price(0.2)),
    )
    game = game_of(3, worth, outlays)
    assert bargain.holds_from(game, game.cost) is None
    near = bargain.nearest(game, game.cost)
    # C and the two others, who are against each other, each miss half of what C pays.
    assert near.missing == pytest.approx(0.1) and ("C",) in near.left_out
    assert bargain.held(game, near.per_person * 1.001).excess == pytest.approx(0.1, rel=1e-4)
    assert bargain.held(game, near.per_person * 0.9).excess > 0.1001
