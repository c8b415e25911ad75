"""The command `fit-kills`: a table in words, one document, and everything that can be wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synaspis import api
from synaspis.errors import InputError
from tests.cli.test_main import call
from tests.files.contract import contract, wrong

CSV = """attack,launched,destroyed,class
1 June,4,0,iskander
7 June,6,5,kinzhal
9 June,5,0,iskander
12 June,5,4,iskander
20 June,3,3,kinzhal
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "attacks.csv"
    path.write_text(CSV)
    return path


def test_the_document(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["fit-kills", str(table), "--json"], monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert wrong(found, contract("fit-kills")) == []
    assert (found["attacks"], found["launched"], found["destroyed"]) == (5, 23, 12)
    assert found["correlation"]["low"] <= found["correlation"]["value"] <= found["correlation"]["high"]
    assert set(found["classes"]) == {"iskander", "kinzhal"}
    broken = {**found, "correlation": 0.5}
    assert wrong(broken, contract("fit-kills")) != []


def test_words(table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert call(["fit-kills", str(table)], monkeypatch) == 0
    out = capsys.readouterr().out
    assert "5 attacks, 23 launched, 12 destroyed" in out
    assert "outside coverage look like" in " ".join(out.split())
    assert "kinzhal" in out
    assert "…" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_one_table_however_it_is_given(tmp_path: Path) -> None:
    pairs = [(4, 0), (6, 5), (5, 4)]
    yaml = tmp_path / "t.yaml"
    yaml.write_text("launched: [4, 6, 5]\ndestroyed: [0, 5, 4]\n")
    rows = tmp_path / "rows.yml"
    rows.write_text("- {launched: 4, destroyed: 0}\n- [6, 5]\n- {launched: 5, destroyed: 4, attack: night}\n")
    semicolons = tmp_path / "t.csv"
    semicolons.write_bytes("\ufeffDestroyed;Launched\r\n0;4\r\n5;6\r\n\r\n4;5\r\n".encode())
    whole = api.fit_kills(pairs).whole
    named = dict(zip("abc", pairs, strict=True))
    columns = {"launched": [4, 6, 5], "destroyed": [0, 5, 4]}
    for table in (
        named,
        columns,
        [dict(zip(columns, p, strict=True)) for p in pairs],
        yaml,
        rows,
        semicolons,
    ):
        assert api.fit_kills(table).whole == whole


@pytest.mark.parametrize(("text", "said"), [
    ("launched,destroyed\n3,x\n4\n5,6\n0,0\n", ["2:2: `destroyed` is `x`", "3:1: `destroyed` is missing",
     "4:2: 6 of 5", "5:1: `launched` is 0"]),
    ("launched,destoyed\n3,1\n4,1\n", ["`destoyed`", "did you mean `destroyed`"]),
    ("launched,destroyed\n3,1\n", ["1 attack", "two attacks or more"]),
    ("launched,destroyed\n2.5,1\n3,-1\n", ["not a whole number", "`destroyed` is -1"]),
    ("launched,destroyed\n90000,1\n90000,1\n", ["180,000 missiles"]),
    ('launched,destroyed\n"3,1\n', ["no CSV"]),
    ("Launched,destroyed,launched\n3,1,4\n4,1,5\n", ["1:3: column `launched` stands twice"]),
    ("", ["0 attacks"]),
])  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: list[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        api.fit_kills(path)
    for words in said:
        assert words in str(error.value)


@pytest.mark.parametrize("given", [
    5, [], [(1, 2)], [(3, 1), (2,)], {"launched": [3, 2]}, {"launched": [3, 2], "destroyed": [1]},
    {"launched": 3, "destroyed": 1}, [(True, 0), (3, 1)], {"a": (3, 1), "b": "x"}, [{"launched": 3}, None],
    {"launched": [3, 2], "destroyed": [1, 0], "place": ["a", "b"]},
])  # fmt: skip
def test_a_table_that_is_none_is_an_input_error(given: object) -> None:
    with pytest.raises(InputError, match="table:"):
        api.fit_kills(given)  # type: ignore[arg-type]


def test_no_such_file_and_no_such_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["fit-kills", "nowhere.csv"], monkeypatch) == 2
    assert "no such file" in capsys.readouterr().err
    (tmp_path / "t.txt").write_text("3 1")
    assert call(["fit-kills", str(tmp_path / "t.txt")], monkeypatch) == 2
    assert "ending in .csv or .yaml" in capsys.readouterr().err
