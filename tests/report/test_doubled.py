"""Rounds spent twice are told where they matter, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis.model.answers import RunAnswer
from synaspis.report.findings import doubled_sentence
from synaspis.report.page import page
from tests.report.fake import fake_answer


def with_doubled(**doubled: float) -> RunAnswer:
    """The made-up answer, each regime firing 20 rounds, so many of them doubled."""
    answer = fake_answer()
    regimes = {
        name: replace(r, rounds={"x": 15.0, "y": 5.0}, doubled={"x": doubled.get(name, 0.0), "y": 0.0})
        for name, r in answer.regimes.items()
    }
    return replace(answer, regimes=regimes)


def test_the_regimes_that_waste_most_and_least_are_named() -> None:
    first, last, *_ = fake_answer().regimes
    everywhere = dict.fromkeys(fake_answer().regimes, 3.0)
    said = doubled_sentence(with_doubled(**(everywhere | {first: 5.0, last: 0.0})))
    assert said == (
        f"Under the {first} regime 5.0 of 20.0 rounds go at missiles that another nation, which did not "
        f"tell, is engaging or has killed; under the {last} one none."
    )
    assert doubled_sentence(with_doubled(**everywhere)).endswith("has killed.")
    assert doubled_sentence(with_doubled(**{first: 5.0})).endswith("; under the allied one none."), "headline"


@pytest.mark.parametrize("doubled", [{}, {"national": 0.19}])
def test_hardly_any_are_not_spoken_of(doubled: dict[str, float]) -> None:
    assert doubled_sentence(with_doubled(**doubled)) == ""
    assert doubled_sentence(replace(fake_answer(), regimes={})) == ""


def test_the_page_says_it_first_and_with_the_rounds() -> None:
    first = next(iter(fake_answer().regimes))
    made = page(with_doubled(**{first: 5.0}), ())
    assert made.count("is engaging or has killed") == 2
