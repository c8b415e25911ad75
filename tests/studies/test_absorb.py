"""The largest multiple of a raid that is absorbed: found by bisection, and as a run of that raid has it."""

from __future__ import annotations

import pytest

from synaspis import api
from synaspis.files.varied import Variants
from synaspis.studies.absorb import _of

CASE = api.load("first-light")


@pytest.mark.parametrize("most", [1, 2, 7, 8, 32])
@pytest.mark.parametrize("truth", [0, 1, 2, 3, 5, 6, 7, 8, 20, 32, 40])
def test_bisection_finds_the_largest_that_holds(truth: int, most: int) -> None:
    asked = []

    def chance(multiple: int) -> float:
        asked.append(multiple)
        return 0.9 if multiple <= truth else 0.89

    found = _of(chance, 0.9, most, 3)
    assert found.multiple == min(truth, most) and found.missiles == 3 * found.multiple
    assert max(asked) <= most and len(asked) == len(set(asked))
    assert (found.next_chance is None) == (truth >= most)
    assert found.tried.keys() == set(asked)


def test_it_is_what_a_run_of_the_scaled_raid_says() -> None:
    told = api.absorb(CASE, confidence=0.45, most=4, trials=150, jobs=1)
    allied = told.regimes["allied"]
    assert 0 < allied.multiple < 4 and told.regimes["national"].multiple == 0
    for multiple, chance in allied.tried.items():
        case = Variants(CASE).of((("raid.scale", str(multiple)),))
        assert api.run(case, ["allied"], trials=150, jobs=1).regimes["allied"].p_no_leaker == chance
    assert allied.chance >= 0.45 > (allied.next_chance or 0.0)


def test_a_share_that_may_leak_absorbs_no_less_and_workers_change_nothing() -> None:
    strict = api.absorb(CASE, confidence=0.5, most=4, trials=100, jobs=1)
    mild = api.absorb(CASE, confidence=0.5, share=0.5, most=4, trials=100, jobs=2)
    assert all(mild.regimes[n].multiple >= r.multiple for n, r in strict.regimes.items())
    assert mild.regimes["allied"].multiple > strict.regimes["allied"].multiple
    assert api.absorb(CASE, confidence=0.5, share=0.5, most=4, trials=100, jobs=1) == mild
