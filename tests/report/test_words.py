"""Numbers as people say them."""

from __future__ import annotations

import math

import pytest

from synaspis.report import words


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (840, "840"), (12_345, "12,300"), (312_499, "312,000"), (999_600, "1.00 million"),
     (4_123_000, "4.12 million"), (16_070_000, "16.1 million"), (math.nan, "unknown")],
)  # fmt: skip
def test_people(count: float, said: str) -> None:
    assert words.people(count).replace("\u00a0", " ") == said


def test_a_card_and_a_table_round_alike() -> None:
    for count in (0.4, 840.0, 999.4, 9_990.6, 9_994.9, 1_234_567.0, -4_321.0):
        table = words.short_people(count).replace("−", "-").replace("\u00a0M", "\u00a0million")
        assert table == words.people(count)
    assert words.short_people(9_990.6) == "9,990"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.00002, "< 0.1 %"),
        (0.99999, "> 99.9 %"),
        (0.028, "2.8 %"),
        (0.41, "41 %"),
    ],
)
def test_percent_never_rounds_to_certainty(share: float, said: str) -> None:
    assert words.percent(share).replace("\u00a0", " ") == said


def test_duration() -> None:
    assert [words.duration(s).replace("\u00a0", " ") for s in (0, 59.7, 380)] == [
        "0 s",
        "1 min",
        "6 min 20 s",
    ]


def test_small_numbers_are_not_zero() -> None:
    assert words.number(0.0) == "0"
    assert words.number(0.001) != "0"
    assert words.number(9.25) == "9.2"


def test_published_figures_keep_their_digits() -> None:
    assert [words.figure(v) for v in (870, 0.01, 1087.5, 149597, 5e-7)] == [
        "870",
        "0.01",
        "1,087.5",
        "149,597",
        "5e-07",
    ]


def test_lists_and_counts() -> None:
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.counted(1, "missile") == "1 missile"
    assert words.counted(24, "missile") == "24 missiles"
