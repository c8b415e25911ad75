"""Changes to a YAML text: the rest stays as written, and what cannot be done so is written out anew."""

from __future__ import annotations

import pytest

from synaspis.files import spans, tree
from synaspis.files.spans import Drop, Put, Step, Write
from synaspis.files.tree import Map, Node, Scalar


def tree_of(text: str) -> Node:
    root, problems = tree.parse(text.encode(), "x")
    assert root is not None and not problems
    return root


def word(text: str, plain: bool = True) -> Scalar:
    return Scalar(text, plain, 0, 0)


@pytest.mark.parametrize(
    ("text", "step", "due"),
    [
        ("a: 1 # why\nb: 2\n", Put((), "a", word("3")), "a: 3 # why\nb: 2\n"),
        ("a: 'é' # why\nb: 2\n", Put((), "b", word("3")), "a: 'é' # why\nb: 3\n"),
        ("l:\n  - {x: 1, y: [2]}\n", Put(("l", 0), "z", word("3")), "l:\n  - {x: 1, y: [2], z: 3}\n"),
        (
            "l:\n  - x: 1 # one\n    y: >-\n      long\n      text\n# end\n",
            Put(("l", 0), "z", word("3")),
            "l:\n  - x: 1 # one\n    z: 3\n    y: >-\n      long\n      text\n# end\n",
        ),
        ("l: [a, b, c]\n", Drop(("l", 1)), "l: [a, c]\n"),
        ("l: [a, b]\n", Drop(("l", 1)), "l: [a]\n"),
        ("l: [a]\n", Drop(("l", 0)), "l: []\n"),
        (
            "l:\n  - {x: 1,\n     y: 2} # two\n  - z\nm: 1\n",
            Drop(("l", 0)),
            "l:\n  # left out:\n  # - {x: 1,\n  #    y: 2} # two\n  - z\nm: 1\n",
        ),
        ("l:\n- a\nm: 1\n", Drop(("l", 0)), "l:\n# left out:\n# - a\nm: 1\n"),
    ],
)
def test_only_what_changes_is_touched(text: str, step: Step, due: str) -> None:
    told, made, kept = spans.changed(text, tree_of(text), [step])
    assert (told, kept) == (due, True)
    assert spans.same(made, tree_of(told))


def test_a_block_takes_the_place_of_an_item() -> None:
    text = "l:\n  - {from: x} # taken\n  - y\n"
    value = Map(0, 0, {"a": word("1"), "b": word("two", plain=False)})
    value.keys = {"a": word("a"), "b": word("b")}
    told, _, kept = spans.changed(text, tree_of(text), [Write(("l", 0), value)])
    assert kept and told == 'l:\n  - a: 1\n    b: "two" # taken\n  - y\n'


def test_several_items_go_from_behind() -> None:
    text = "l: [a, b, c, d]\n"
    told, _, kept = spans.changed(text, tree_of(text), [Drop(("l", 0)), Drop(("l", 2))])
    assert kept and told == "l: [b, d]\n"


@pytest.mark.parametrize(
    "text",
    [
        "l:\n  - &one {x: 1}\n  - *one\n",  # what the alias stands for would change in both places
        "l: [&one {x: 1}, *one]\n",
        "l:\n  - ? x\n    : 1\n  - {x: 1}\n",
    ],
)
def test_an_unusual_text_is_written_out_anew(text: str) -> None:
    told, made, kept = spans.changed(text, tree_of(text), [Put(("l", 1), "y", word("2"))])
    second = spans.at(tree_of(told), ("l", 1, "y"))
    assert isinstance(second, Scalar) and second.text == "2"
    assert spans.at(tree_of(told), ("l", 0, "y")) is None
    assert spans.same(made, tree_of(told))
    assert kept == ("*one" not in text)


def test_words_that_look_like_numbers_stay_words_when_written_out() -> None:
    text = "a: &x '12'\nb: [\"true\", 2024-12-01, '- x', \"ä: b\"]\nc: *x\n"
    told, _, _ = spans.changed(text, tree_of(text), [Put((), "d", word("1e3"))])
    assert spans.same(tree_of(spans.emitted(tree_of(told))), tree_of(told))
