"""A sweep that was stopped goes on where it was, from whole points of the same sweep alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from synaspis import api
from synaspis.api import sweeps
from synaspis.errors import RunFolderError
from synaspis.files import sweep_folder

CASE = api.load("first-light")
VARY = {"raid.salvo": [1, 2, 3], "regime": ["allied", "national"]}


class Stopped(Exception):
    """Somebody pulled the plug."""


def swept(out: Path, stop_after: int = 99, **asked: Any) -> Any:
    """The sweep kept at `out`, and which points were played; stopped when so many are kept."""
    played = []
    real = sweeps._played

    def watched(*arguments: Any) -> Any:
        for point, answered in real(*arguments):
            if len(played) == stop_after:
                raise Stopped
            played.append(point.number)
            yield point, answered

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeps, "_played", watched)
        try:
            answer = api.sweep(CASE, asked.pop("vary", VARY), trials=20, jobs=1, out=out, keep=True, **asked)
        except Stopped:
            answer = None
    return answer, played


def test_a_stopped_sweep_goes_on_and_comes_to_the_same_bytes(tmp_path: Path) -> None:
    whole, played = swept(tmp_path / "whole")
    assert played == [0, 1, 2] and whole.resumed == 0
    api.write_sweep(CASE, whole, tmp_path / "whole")
    assert swept(tmp_path / "cut", stop_after=2) == (None, [0, 1])
    answer, played = swept(tmp_path / "cut")
    assert played == [2] and answer.resumed == 2
    api.write_sweep(CASE, answer, tmp_path / "cut")
    for name in ("points.parquet", "sweep.json"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not sweep_folder.kept_at(tmp_path / "cut").exists()


def test_a_torn_line_is_played_again(tmp_path: Path) -> None:
    swept(tmp_path / "cut", stop_after=2)
    kept = sweep_folder.kept_at(tmp_path / "cut")
    kept.write_bytes(kept.read_bytes()[:-9])
    answer, played = swept(tmp_path / "cut")
    assert played == [1, 2] and answer.resumed == 1


@pytest.mark.parametrize("line", [
    b'[7, {}]\n', b"[0]\n", b"null\n", b'[0, {"allied": {}, "national": {}}]\n', b"\xff\n", b'["0", 1]\n',
])  # fmt: skip
def test_what_is_no_point_is_dropped_with_all_behind_it(tmp_path: Path, line: bytes) -> None:
    swept(tmp_path / "cut", stop_after=2)
    kept = sweep_folder.kept_at(tmp_path / "cut")
    head, first, second = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(head + first + line + second)
    assert swept(tmp_path / "cut")[1] == [1, 2]


def test_another_sweep_begins_anew(tmp_path: Path) -> None:
    swept(tmp_path / "cut", stop_after=2)
    assert swept(tmp_path / "cut", seed=2)[1] == [0, 1, 2]
    swept(tmp_path / "other", stop_after=2)
    assert swept(tmp_path / "other", vary={"raid.salvo": [1, 2, 4]})[1] == [0, 1, 2]


def test_two_processes_do_not_play_one_sweep(tmp_path: Path) -> None:
    asked, _ = sweeps_request()
    with (
        sweep_folder.keeping(CASE, asked, "1", tmp_path / "x"),
        pytest.raises(RunFolderError, match="another"),
        sweep_folder.keeping(CASE, asked, "1", tmp_path / "x"),
    ):
        pass


def sweeps_request() -> Any:
    from synaspis.files.sweep_asking import sweep_request

    return sweep_request(CASE, VARY, 20, 1)
