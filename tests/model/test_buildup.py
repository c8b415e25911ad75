"""The raid by year: what a state has, and a share of it that only grows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.engine.world import raid
from synaspis.model.buildup import Buildup, HeldClass, missiles_by_class, raid_on, share_of
from synaspis.model.case import Case
from synaspis.model.threat import Firing, LaunchArea
from tests.built_up import built_up

DAY = dt.date(2020, 1, 1)
AREAS = (
    LaunchArea(name="here", nation="IRN", latitude_rad=0.6, longitude_rad=0.8),
    LaunchArea(name="there", nation="PRK", latitude_rad=0.7, longitude_rad=2.2),
)


def held(share: float = 1.0, **more: dt.date | str) -> HeldClass:
    given: dict[str, object] = {"state": "IRN", "threat": "mrbm-2000", "since": DAY, "share": share, **more}
    return HeldClass(**given)  # type: ignore[arg-type]


def firing(target: str, count: int, launch: str = "here", threat: str = "mrbm-2000") -> Firing:
    return Firing(threat=threat, launch=launch, target=target, count=count)


@pytest.mark.parametrize(("day", "share"), [
    (dt.date(2019, 12, 31), 0.0), (DAY, 0.5), (dt.date(2020, 12, 31), 0.5), (dt.date(2021, 1, 1), 0.8),
    (dt.date(2030, 1, 1), 0.0),
])  # fmt: skip
def test_the_largest_share_of_the_lines_that_hold_counts(day: dt.date, share: float) -> None:
    lines = (
        held(0.5, until=dt.date(2025, 1, 1)), held(0.8, since=dt.date(2021, 1, 1), until=dt.date(2022, 1, 1)),
        held(0.3, until=dt.date(2029, 12, 31)),
    )  # fmt: skip
    assert share_of(Buildup(threats=lines), "IRN", "mrbm-2000", day) == share


def test_what_no_line_names_is_always_there() -> None:
    buildup = Buildup(threats=(held(0.0),))
    assert share_of(buildup, "IRN", "irbm-4500", DAY) == 1.0
    assert share_of(buildup, "PRK", "mrbm-2000", DAY) == 1.0
    raid = (firing("A", 2), firing("A", 3, launch="there"), firing("A", 4, threat="irbm-4500"))
    assert missiles_by_class(raid_on(buildup, raid, AREAS, DAY)) == {"mrbm-2000": 3, "irbm-4500": 4}


counts = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 5)), min_size=1, max_size=6)


@given(counts, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_only_adds_missiles(lines: list[tuple[str, int]], one: float, other: float) -> None:
    whole = tuple(firing(target, count) for target, count in lines)
    small, large = sorted((one, other))
    names = []
    for share in (small, large, 1.0):
        kept = raid_on(Buildup(threats=(held(share),)), whole, AREAS, DAY)
        seen: dict[str, int] = {}
        for f in kept:
            seen[f.target] = seen.get(f.target, 0) + f.count
        assert sum(seen.values()) == int(share * sum(n for _, n in lines) + 0.5)
        names.append({(target, i) for target, n in seen.items() for i in range(n)})
    assert names[0] <= names[1] <= names[2]


@given(counts, st.floats(0, 1))
def test_lines_at_one_target_fill_in_their_order(lines: list[tuple[str, int]], share: float) -> None:
    """A missile's number counts those of earlier lines at its target: a later line waits for them."""
    whole = tuple(replace(firing(t, n), start_s=float(i)) for i, (t, n) in enumerate(lines))
    kept = {f.start_s: f.count for f in raid_on(Buildup(threats=(held(share),)), whole, AREAS, DAY)}
    for i, (target, _) in enumerate(lines):
        later = [kept.get(float(j), 0) for j, (t, _) in enumerate(lines) if j > i and t == target]
        if kept.get(float(i), 0) < lines[i][1]:
            assert not any(later)


def test_a_share_takes_first_missiles_of_every_line_before_second_ones() -> None:
    whole = (firing("A", 3), firing("B", 2), firing("C", 1))
    for share, left in ((0.5, [1, 1, 1]), (0.67, [2, 1, 1]), (0.84, [2, 2, 1])):
        kept = raid_on(Buildup(threats=(held(share),)), whole, AREAS, DAY)
        assert [f.count for f in kept] == left


def test_names_of_missiles_stay_through_the_years() -> None:
    case = built_up()
    names = {year: names_in(case, year) for year in (2008, 2010, 2020)}
    assert names[2008] == []
    assert names[2010] == ["mrbm-2000 to Bucharest #1 (Tabriz area)"]
    assert set(names[2010]) < set(names[2020]) and len(names[2020]) == 3


def names_in(case: Case, year: int) -> list[str]:
    return [m.name for m in raid(case.in_year(dt.date(year, 6, 1)))]
