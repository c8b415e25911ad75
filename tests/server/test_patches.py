"""Merge patches: the standard's own examples, and what a seat holds is what it was meant to hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.server.patches import difference, merged, without_none

# RFC 7396, appendix A: target, patch, result.
EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
LEAVES = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x"]) | st.just([1, {"a": None}])
)
KEYS = st.sampled_from(["a", "b", "c"])
MAPS = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3),
    lambda inner: st.dictionaries(KEYS, LEAVES | inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_the_standards_examples(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


@given(MAPS, MAPS)
def test_a_difference_merged_gives_what_is_now(before: dict[str, Any], after: dict[str, Any]) -> None:
    held = merged(without_none(before), difference(before, after))
    assert repr(sorted_deep(held)) == repr(sorted_deep(without_none(after)))


@given(MAPS)
def test_nothing_changed_is_nothing_sent(document: dict[str, Any]) -> None:
    assert difference(document, document) == {}
    assert difference(document, without_none(document)) == {}


def test_a_truth_is_not_a_number() -> None:
    assert difference({"held": 1}, {"held": True}) == {"held": True}


def sorted_deep(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: sorted_deep(told[key]) for key in sorted(told)}
    return told
