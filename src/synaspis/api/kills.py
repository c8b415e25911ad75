"""What a table of attacks, or a record of tests, says of kill chances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synaspis.api.given import version
from synaspis.model.kills import KillsAnswer, NoInterceptBand, TestBand

if TYPE_CHECKING:
    from synaspis.files.kills_table import Table


def fit_kills(table: Table, seed: int = 1) -> KillsAnswer:
    """Kill chance and correlation within attacks, with 95 % intervals, from launched and destroyed by attack.

    `table` is a sequence of pairs (launched, destroyed), a mapping of such pairs by attack, a mapping of
    columns, or the path of a CSV or YAML file with the columns `launched`, `destroyed` and, where wanted,
    `attack` and `class`. The same table and seed give the same answer. InputError with everything wrong.
    """
    from synaspis.files import kills_table
    from synaspis.studies import kills

    return kills.fit_kills(kills_table.read(table), seed, version())


def no_intercept_band(
    attacks: int, launched: int, destroyed: int, seen: int | None = None
) -> NoInterceptBand:
    """How many attacks with no intercept independence predicts, whatever the sizes of the attacks were.

    For reports that give totals only. InputError for counts that no table can have.
    """
    from synaspis.studies import kills

    return kills.no_intercept_band(attacks, launched, destroyed, seen)


def test_band(successes: int, attempts: int) -> TestBand:
    """The chance behind a record of flight tests: Jeffreys' 95 % band, labelled "tests, not combat"."""
    from synaspis.studies import kills

    return kills.test_band(successes, attempts)


test_band.__test__ = False  # type: ignore[attr-defined]  # for pytest, which takes every such name for a test
