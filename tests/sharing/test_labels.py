"""Labels combine to ever narrower ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from synaspis.model.agreement import CLASSIFICATIONS, Release
from synaspis.sharing.labels import Label, combined, may_go_to, own_label, released_label

NATIONS = ("AAA", "BBB", "CCC", "DDD")


def words(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


LABELS = st.builds(
    Label,
    policy=words("one", "two"),
    classification=st.sampled_from(CLASSIFICATIONS),
    releasable_to=words(*NATIONS),
    originators=words(*NATIONS),
    caveats=words("no-onward", "warning-only"),
)


@given(LABELS, LABELS)
def test_combining_only_narrows(one: Label, other: Label) -> None:
    both = one & other
    assert both.within(one) and both.within(other)
    for nation in NATIONS:
        assert may_go_to(both, nation) == (may_go_to(one, nation) and may_go_to(other, nation))
    assert both.caveats >= one.caveats and both.originators >= one.originators
    assert CLASSIFICATIONS.index(both.classification) >= CLASSIFICATIONS.index(one.classification)


@given(LABELS, LABELS, LABELS)
def test_the_order_of_combining_is_nothing(one: Label, two: Label, three: Label) -> None:
    assert one & two == two & one
    assert (one & two) & three == one & (two & three) == combined([three, one, two])
    assert one & one == one


@given(LABELS, LABELS)
def test_within_is_an_order(one: Label, other: Label) -> None:
    assert one.within(one)
    if one.within(other) and other.within(one):
        assert one == other


def test_a_clause_releases_to_its_recipients_and_those_it_names_onward() -> None:
    clause = Release(
        id="c", effect="permit", owners=("AAA",), recipients=("BBB",), products=("track",), onward=("CCC",),
        classification="secret", caveats=("no-press",),
    )  # fmt: skip
    label = released_label(clause, "AAA", "treaty")
    assert [n for n in NATIONS if may_go_to(label, n)] == ["AAA", "BBB", "CCC"]
    assert label.policy == {"treaty"} and label.originators == {"AAA"}
    assert label.classification == "secret" and label.caveats == {"no-press"}
    assert not may_go_to(own_label("AAA"), "BBB"), "what no clause lets go stays at home"
    made = label & own_label("BBB")
    assert made.releasable_to == {"BBB"}, "what BBB adds of its own stays with BBB until it says otherwise"
