"""Stock in a case, and records of tests in the catalogue: what is wrong with them, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis import api
from synaspis.errors import InputError
from synaspis.files import catalog, tree
from tests.files.test_catalog import ROUND, fact, read

STOCK = """
raids_per_day: 0
stock:
  - {owner: USA, interceptor: pac-3-mse, depot: 20}
  - {owner: ROU, interceptor: pac-3-mse, depot: -10}
  - {owner: ROU, interceptor: pac-3-mse, to_others: 2}
  - {owner: DEU, interceptor: pac-3-ms}
  - {owner: BGR, interceptor: thaad}
  - {owner: TUR}
"""


def _case() -> str:
    return api.load("first-light").text.decode().partition("# Behind the launchers")[0]


def test_everything_wrong_with_a_stock_is_said(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(_case().replace("system: patriot-mse,", "system: patriot-mse, reload_h: -1,") + STOCK)
    with pytest.raises(InputError) as error:
        api.load(path)
    first = path.read_text().splitlines().index("stock:") + 2
    said = {(p.line - first, p.what) for p in error.value.problems}
    assert said == {
        (-2, "`raids_per_day` is 0"), (0, "no battery of USA fires `pac-3-mse`"), (1, "`depot` is -10"),
        (2, "`to_others` is 2"), (2, "the stock of `pac-3-mse` of ROU is given twice"),
        (3, "unknown nation `DEU`"), (3, "unknown interceptor type `pac-3-ms`"),
        (4, "no battery of BGR fires `thaad`"), (5, "`interceptor` is missing"),
        (next(i for i, x in enumerate(path.read_text().splitlines(), 1) if "reload_h" in x) - first,
         "`reload_h` is -1"),
    }  # fmt: skip
    assert all(p.mend for p in error.value.problems)


def _with(record: str) -> str:
    plain = fact(0.7, 0.5, 0.8, "1")
    return ROUND.replace(plain, plain[:-1] + f", record: {record}}}", 1)


def test_a_record_is_kept_beside_its_chance() -> None:
    root, _ = tree.parse(_with("{successes: 4, attempts: 6}").encode(), "c.yaml")
    assert root is not None
    made, reader = catalog.read(root, "c.yaml")
    assert reader.problems == []
    records = {f.parameter: f.record for f in made.items["dart"].entry.facts if f.record}
    assert records == {"p_kill.srbm": (4, 6)}


@pytest.mark.parametrize(("record", "what"), [
    ("{successes: 7, attempts: 6}", "7 successes in 6 attempts"), ("4 of 6", "no record of tests"),
    ("{successes: 4}", "no record of tests"), ("{successes: 0, attempts: 0}", "0 successes in 0 attempts"),
    ("{successes: 4.5, attempts: 6}", "not a whole number"), ("{successes: -1, attempts: 6}", "-1 successes"),
])  # fmt: skip
def test_a_record_that_cannot_be_is_refused(record: str, what: str) -> None:
    assert any(what in p.what and p.mend for p in read(_with(record)).problems)


def test_only_a_kill_chance_has_a_record() -> None:
    plain = fact(0.1, 0, 0.2, "1")
    found = read(ROUND.replace(plain, plain[:-1] + ", record: {successes: 1, attempts: 6}}", 1)).problems
    assert [p.what for p in found] == ["`wrong_look` is no chance that tests could show"]
