"""Chances of a layer against a simulation of its own and against closed forms."""

from __future__ import annotations

import random

import pytest

from synaspis.studies.planning.chances import Fires, Weapon, chain, outcome

PLAIN = Weapon("a", 0.6, 0.0, 0.0, 0.0, 0, 1.0)
REAL = Weapon("a", 0.7, 0.05, 0.1, 0.05, 1, 0.97)


def test_looks_without_error_are_independent_shots() -> None:
    leak, rounds, _ = outcome(Fires(PLAIN, 1, 3))
    assert leak == pytest.approx(0.4**3)
    assert rounds == pytest.approx(1 + 0.4 + 0.4**2)


def test_a_salvo_fires_all_its_rounds() -> None:
    leak, rounds, _ = outcome(Fires(PLAIN, 2, 1))
    assert leak == pytest.approx(0.16)
    assert rounds == 2.0


def test_no_look_is_no_shot() -> None:
    assert outcome(Fires(PLAIN, 2, 0)) == (1.0, 0.0, 0.0)


def test_a_wrong_look_ends_it_or_wastes_a_round() -> None:
    found = chain(0.5, 0.1, 2)
    assert found.salvos == pytest.approx(1 + 0.5 * 0.9 + 0.5 * 0.1)
    assert found.killed == pytest.approx(0.5 + 0.5 * 0.9 * 0.5)


def test_a_backup_that_is_told_fires_only_at_what_is_left() -> None:
    one, other = Fires(PLAIN, 1, 1), Fires(Weapon("b", 0.5, 0.0, 0.0, 0.0, 0, 1.0), 1, 1)
    assert outcome(one, other, tells=True) == pytest.approx((0.2, 1.0, 0.4))
    assert outcome(one, other, tells=False) == pytest.approx((0.2, 1.0, 1.0))


def test_what_spoils_both_alike_counts_once() -> None:
    """Two batteries of one type: a fault of the type spoils them together."""
    weak = Weapon("a", 1.0, 0.2, 0.0, 0.0, 0, 1.0)
    assert outcome(Fires(weak, 1, 1), Fires(weak, 1, 1))[0] == pytest.approx(0.2)
    other = Weapon("b", 1.0, 0.2, 0.0, 0.0, 0, 1.0)
    assert outcome(Fires(weak, 1, 1), Fires(other, 1, 1))[0] == pytest.approx(0.04)


@pytest.mark.parametrize("tells", [True, False])
def test_it_is_what_dice_say(tells: bool) -> None:
    one, other = Fires(REAL, 1, 2), Fires(REAL, 2, 1)
    rng, trials = random.Random(1), 40_000
    through = first = second = 0
    for _ in range(trials):
        alive, mine, theirs = _fight(rng, one, other, tells)
        through, first, second = through + alive, first + mine, second + theirs
    told = outcome(one, other, tells)
    # Four standard errors: a chance near 0.15 of 40,000, and rounds whose spread is about 1.
    assert told[0] == pytest.approx(through / trials, abs=4 * (0.15 * 0.85 / trials) ** 0.5)
    assert told[1] == pytest.approx(first / trials, abs=4 / trials**0.5)
    assert told[2] == pytest.approx(second / trials, abs=4 / trials**0.5)


def _fight(rng: random.Random, one: Fires, other: Fires, tells: bool) -> tuple[bool, int, int]:
    """One missile, as the engine plays it: shared faults first, then shots and looks."""
    w = one.weapon
    sound = rng.random() >= w.p_defect
    told = rng.random() >= w.p_confusion
    others = sum(rng.random() < w.p_confusion for _ in range(w.objects))
    alive, dead_by_look, fired = True, False, [0, 0]
    for i, fires in enumerate((one, other)):
        if rng.random() >= w.ready or (i and tells and dead_by_look):
            continue
        for _ in range(fires.looks):
            fired[i] += fires.salvo
            for _ in range(fires.salvo):
                right = told and rng.random() * (others + 1) < 1.0
                if right and sound and rng.random() < w.p_kill:
                    alive = False
            dead_by_look = (not alive) != (rng.random() < w.wrong_look)
            if dead_by_look:
                break
    return alive, fired[0], fired[1]
