"""Which groups are asked what they would have to spend by themselves, and what the answer keeps of it."""

from __future__ import annotations

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.studies.burden_alone import grouped


def test_groups_grow_from_nobody_to_everybody() -> None:
    three = ("USA", "TUR", "ROU")
    assert [len(grouped(three, how)) for how in ("none", "members", "pairs", "all")] == [0, 3, 6, 7]
    assert grouped(three, "pairs")[3:] == [("USA", "TUR"), ("USA", "ROU"), ("TUR", "ROU")]
    assert grouped((), "all") == []


def test_only_who_is_protected_has_something_to_match() -> None:
    told = api.burden("first-light", trials=10, jobs=1, alone="pairs")
    protected = {n for n, m in told.members.items() if m.protected > 1.0}
    assert told.alone is not None and {x.members[0] for x in told.alone if len(x.members) == 1} == protected
    for row in told.alone:
        assert row.goal == pytest.approx(sum(told.members[n].protected for n in row.members))
        assert (row.cost is None) == (row.yearly is None) == (bool(row.why) and not row.within)
    assert api.burden("first-light", trials=10, jobs=1, alone="none").alone is None


def test_a_word_that_names_no_groups_is_said() -> None:
    with pytest.raises(InputError, match="--alone"):
        api.burden("first-light", trials=10, jobs=1, alone="everybody")
