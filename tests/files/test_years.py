"""Dates and plans of a case are checked: all mistakes at once, each with its place and its mend."""

from __future__ import annotations

import pytest

from synaspis.files.case import resolve
from tests.built_up import TIMELINE, text


def problems(timeline: str = TIMELINE, **dates: str) -> list[str]:
    return [str(p) for p in resolve(text(timeline, **dates).encode(), "mine.yaml")[1]]


def test_a_sound_history_has_none() -> None:
    assert problems() == []


def test_all_mistakes_are_told_at_once() -> None:
    wrong = """
timeline:
  threats:
    - {state: IRQ, threat: mrbm-9, since: 2014-01-01}
    - {state: IRN, threat: mrbm-2000, since: 2014-01-01, until: 2013-01-01, share: 1.5}
  plans:
    - name: planned
      title: Sooner
      sites:
        - {site: redzikowo, since: 2018-12-31}
        - {site: kurecik, since: 2012-01-01, until: 2011-01-01}
        - {site: kurecik, since: 2013-01-01}
        - {site: deveselu}
    - {name: planned, title: Again, sites: [{site: deveselu/radar, since: 2015-01-01}]}
"""
    found = problems(wrong, deveselu="since: 2016-05-12, until: 2015-01-01")
    told = "\n".join(found)
    for words in (
        "`deveselu` ends on 2015-01-01, before it begins on 2016-05-12",
        "unknown state with a launch area `IRQ`",
        "unknown missile class `mrbm-9`", "`mrbm-2000` ends on 2013-01-01", "`share` is 1.5",
        "unknown sensor or battery in this case `redzikowo`", "`kurecik` ends on 2011-01-01",
        "`planned` moves `kurecik` twice", "`since` is missing", "two things are called `planned`",
        "unknown sensor or battery in this case `deveselu/radar`",
    ):  # fmt: skip
        assert words in told
    assert len(found) == 11
    assert all(p.startswith("mine.yaml:") and "mend: " in p for p in found)


@pytest.mark.parametrize(("dates", "what"), [
    ("since: soon", "not a date"), ("since: 1800-01-01", "from 1940 to 2100"),
    ("from: 2012-01-01", "unknown key"),
])  # fmt: skip
def test_a_date_that_is_none_is_told_where_it_stands(dates: str, what: str) -> None:
    (found,) = problems(kurecik=dates)
    assert what in found and found.startswith("mine.yaml:")
