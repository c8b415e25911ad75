"""What a table of attacks says, in words: for correlation, against it, and where it cannot tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis.model.answers import Band
from synaspis.model.kills import KillsFit
from synaspis.report.kills_terminal import finding, none_sentence, outside_sentence

FIT = KillsFit(
    attacks=50, launched=179, destroyed=67, p_kill=Band(value=0.37, low=0.3, high=0.45),
    correlation=Band(value=0.62, low=0.4, high=0.8), undetermined="", p_independent=0.0002, none_seen=36,
    none_independent=Band(value=9.6, low=5, high=14), p_none=0.0001, none_fitted=31.0, outside=24,
)  # fmt: skip


def test_correlation_is_found_where_independence_is_unlikely() -> None:
    said = finding(FIT)
    assert said.startswith("Missiles of one attack share their fate: correlation 0.62.")
    assert said.endswith("in fewer than 1 of 1,000 cases.")
    said = finding(replace(FIT, p_independent=0.4))
    assert said.startswith(
        "Nothing here speaks against independence: it spreads kills as unevenly in 40\u00a0%"
    )
    assert said.endswith("a correlation up to 0.80.")


@pytest.mark.parametrize("p_independent", [0.0499, 0.05])
def test_the_line_is_at_5_percent(p_independent: float) -> None:
    said = finding(replace(FIT, p_independent=p_independent))
    assert said.startswith("Missiles") is (p_independent < 0.05)


def test_zeros_seen_and_predicted() -> None:
    said = none_sentence(FIT)
    assert said.startswith(
        "36 attacks had no intercept. Independence predicts 9.6 and gives as many in fewer"
    )
    assert said.endswith("the fit predicts 31.0.")


def test_how_many_outside_coverage_would_explain_it() -> None:
    assert outside_sentence(FIT).startswith("Had 24 of the 36 attacks with no intercept (the largest) been")
    assert outside_sentence(replace(FIT, outside=0)) == ""
    assert "does not explain it" in outside_sentence(replace(FIT, outside=None))


def test_a_table_that_cannot_tell_says_why_and_no_more() -> None:
    mute = replace(FIT, correlation=None, undetermined="nothing was destroyed", outside=None)
    assert finding(mute) == "The table cannot tell a correlation: nothing was destroyed."
    assert (none_sentence(mute), outside_sentence(mute)) == ("", "")
