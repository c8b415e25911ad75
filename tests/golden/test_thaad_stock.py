"""THAAD's stock, as CSIS counts it. Exact: whole rounds.

W. Rumbaugh, *The Depleting Missile Defense Interceptor Inventory*, CSIS, 5 December 2025: 534 delivered;
eight batteries of six launchers of eight take 384 of them, so 150 are reloads; with 150 fired, 96 reloads are
left. The text was not at hand; the one reading under which these figures agree is that the two batteries in
action (Wall Street Journal, 24 July 2025) fired the 96 rounds on their launchers and 54 reloads: 150 - 54 =
96, just enough to fill their launchers again. Confidence in that reading: low.
"""

from __future__ import annotations

import pytest

from synaspis.errors import InputError
from synaspis.files import catalog
from synaspis.model.battery import System
from synaspis.studies.stock import inventory


def test_384_on_launchers_150_reloads_96_left_after_150_fired() -> None:
    before = inventory(delivered=534, batteries=8, launchers=6, per_launcher=8)
    assert (before.on_launchers, before.reloads) == (384, 150)
    after = inventory(534, 8, 6, 8, fired=150, firing=2)
    assert after.reloads_left == 96
    assert after.to_fill_again == 96
    # Filled again, eight batteries stand as before with no reload behind them.
    assert after.total_left == 384 == after.on_launchers
    assert after.reloads_left - after.to_fill_again == 0


def test_any_other_number_of_batteries_leaves_another_number() -> None:
    left = {n: inventory(534, 8, 6, 8, fired=150, firing=n).reloads_left for n in range(9)}
    assert [n for n, rounds in left.items() if rounds == 96] == [2]


def test_what_launchers_hold_is_fired_before_any_reload() -> None:
    """One battery that fires 10 of its 48: all 150 reloads are there, 10 of them wanted on its launchers."""
    left = inventory(534, 8, 6, 8, fired=10, firing=1)
    assert (left.reloads_left, left.to_fill_again, left.total_left) == (150, 10, 524)


def test_the_catalogues_battery_has_as_many() -> None:
    noun = catalog.noun("thaad-battery")
    assert isinstance(noun, System)
    assert noun.rounds == 6 * 8


def test_counts_that_cannot_be_are_all_said() -> None:
    with pytest.raises(InputError) as wrong:
        inventory(delivered=300, batteries=8, launchers=6, per_launcher=8, fired=900, firing=9)
    assert {p.file for p in wrong.value.problems} == {"delivered", "firing", "fired"}
