"""A file is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.files.whole import write_whole


def test_it_replaces_what_was_there(tmp_path: Path) -> None:
    for text in ("a\nb\r\n", "é"):
        write_whole(tmp_path / "x", text)
        assert (tmp_path / "x").read_bytes() == text.encode()
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_what_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    write_whole(tmp_path / "x", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "x", "new \ud800")
    assert (tmp_path / "x").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
