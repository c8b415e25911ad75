"""Batteries by name: one that is not there on the case's date is told from one that there is not."""

from __future__ import annotations

import pytest

from synaspis.errors import Problem
from synaspis.files.standing import named
from tests.built_up import built_up


@pytest.mark.parametrize(("name", "what"), [
    ("deveselu", "`deveselu` is not there on 2024-12-01"),
    ("devesel", "`devesel` is no battery of this case"),
    ("bucharest-patriot", ""),
])  # fmt: skip
def test_a_battery_that_is_not_there_is_said_not_to_be(name: str, what: str) -> None:
    problems: list[Problem] = []
    named(problems, built_up("", deveselu="since: 2030-01-01"), [name])
    assert [p.what for p in problems] == ([what] if what else [])
