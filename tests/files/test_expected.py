"""What shipped cases are expected to answer is read whole, and all that is wrong is said at once."""

from __future__ import annotations

import pytest

from synaspis.errors import InputError
from synaspis.files.case import load, shipped_cases
from synaspis.files.expected import expected, read

WRONG = """case: c
finding: "{no:.1f} and {one:.1f}"
expect:
  - {name: one, what: a, low: 2, high: 1, why: w}
  - {name: one, what: a, low: 1, high: 2, why: w, from: run}
"""


@pytest.mark.parametrize("name", shipped_cases())
def test_each_shipped_case_is_expected_of_something(name: str) -> None:
    wanted = expected(name)
    assert wanted is not None and wanted.case == load(name).name == name
    assert len(wanted.expect) >= 4 and all(len(e.why) > 20 for e in wanted.expect)


def test_all_that_is_wrong_is_said() -> None:
    with pytest.raises(InputError) as told:
        read(WRONG.encode(), "x.yaml")
    assert [(p.line, p.what) for p in told.value.problems] == [(5, "unknown key `from`")]
    with pytest.raises(InputError) as told:
        read(WRONG.replace(", from: run", "").encode(), "x.yaml")
    said = sorted((p.line, p.what) for p in told.value.problems)
    assert said == [
        (2, "`no` is none of its figures"), (4, "2 is above 1"), (4, "`one` stands twice"),
        (5, "`one` stands twice"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="braces"):
        read(WRONG.replace('.1f}"', '.1f"').replace(", from: run", "").encode(), "x")
