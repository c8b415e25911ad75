"""How batteries fire: what cannot be is said where it stands, with its mend."""

from __future__ import annotations

import pytest

from tests.files.example import only, problems

SYSTEM = "    system: aegis-ashore-ib\n"


def given(words: str) -> tuple[str, str]:
    """The battery of the small case with more said of it; `;` parts lines."""
    return SYSTEM, SYSTEM + "".join(f"    {line.strip()}\n" for line in words.split(";"))


@pytest.mark.parametrize("words", [
    "doctrine: shoot-shoot-look", "reserve: 3", "reserve: 3; reserve_until_s: 600",
    "salvo_by_value: [{at_least_people: 1000000, salvo: 2}, {at_least_people: 3000000, salvo: 4}]",
    "reserve: 2000; reserve_until_s: 600",
])  # fmt: skip
def test_what_can_be(words: str) -> None:
    assert problems(given(words)) == []


@pytest.mark.parametrize(("words", "what", "mend"), [
    ("reserve_until_s: 600", "keeps nothing back", "add `reserve`"),
    ("reserve: 2000", "keeps back all of its", "below"),
    ("rounds: 4; reserve: 4", "keeps back all of its 4 rounds", "below 4"),
    ("salvo_by_value: [{at_least_people: 5, salvo: 2}, {at_least_people: 5, salvo: 3}]",
     "begin at 5 people", "keep one"),
    ("salvo_by_value: [{at_least_people: 5, salvo: 9}]", "9", "8"),
    ("doctrine: shoot-shoot-shoot", "shoot-shoot-shoot", "shoot-shoot-look"),
])  # fmt: skip
def test_what_cannot_be(words: str, what: str, mend: str) -> None:
    _, _, said, how = only(given(words))
    assert what in said
    assert mend in how
