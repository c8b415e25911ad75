"""The command line called within the test's own process."""

from __future__ import annotations

import sys

import pytest

from synaspis.cli.main import main


def call(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Exit code of `synaspis ARGUMENTS`."""
    monkeypatch.setattr(sys, "argv", ["synaspis", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)
