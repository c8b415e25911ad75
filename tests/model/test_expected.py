"""Figures found in documents by their path, and bands that they meet or miss."""

from __future__ import annotations

import pytest

from synaspis.model.expected import Expectation, Expected, figure, finding, held

DOCUMENT = {"a": {"St. John": {"x": [1, 2.5]}, "flag": True, "none": None}, "b": 4}


def test_a_figure_is_found_by_its_keys_even_where_they_hold_dots() -> None:
    assert figure(DOCUMENT, "a.St. John.x.1") == 2.5
    assert figure(DOCUMENT, "b") == 4
    for path in ("a", "a.flag", "a.none", "a.St. John.x.2", "c", "b.c", "a.St. John.x.-1"):
        assert figure(DOCUMENT, path) is None


def expectation(**more: object) -> Expectation:
    given: dict[str, object] = {"name": "n", "what": "b", "low": 1.0, "high": 2.0, "why": "w", **more}
    return Expectation(**given)  # type: ignore[arg-type]


def test_a_band_is_met_or_missed() -> None:
    wanted = Expected(
        case="c",
        finding="about {n:.1f}",
        expect=(
            expectation(scale=0.5),
            expectation(name="m", minus="a.St. John.x.0", scale=0.5, low=1.6),
            expectation(name="k", what="nowhere"),
            expectation(name="l", minus="nowhere"),
            expectation(name="j", over="a.St. John.x.1"),
            expectation(name="i", over="nowhere"),
            expectation(name="h", what="b + a.St. John.x.1", minus="b + a.St. John.x.0"),
            expectation(name="g", what="b + nowhere"),
        ),
    )
    results = held(wanted, {"run": DOCUMENT})
    assert [(h.value, h.good) for h in results] == [
        (2.0, True),
        (1.5, False),
        (None, False),
        (None, False),
        (1.6, True),
        (None, False),
        (1.5, True),
        (None, False),
    ]
    assert finding(wanted, results) == "about 2.0"
    with pytest.raises(ValueError, match="'n'"):
        finding(wanted, results[1:])
