"""The pages for directors and engineers, whose commands are programs that run until they are stopped.

The other commands of the documents run in `tests/test_docs.py`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_docs import BLOCK, ROOT

# What is stopped as by Ctrl-C, and a pattern of the words after which it has shown what the page says.
UNTIL = {"synaspis exercise ": "Each link", "synaspis network first-light ": "[1-9] launched"}


def _commands(page: str) -> list[str]:
    text = (ROOT / "docs" / "paths" / page).read_text(encoding="utf-8")
    return [
        c for block in BLOCK.findall(text) for c in re.findall(r"^\$ (synaspis .+)$", block, re.MULTILINE)
    ]


def _words(command: str) -> list[str]:
    return [sys.executable, "-m", "synaspis.cli.main", *shlex.split(command)[1:]]


def _stopped_after(words: str, command: str, folder: Path, ours: dict[str, str]) -> int:
    """Exit code of a program that is stopped as soon as it has said `words`."""
    if command.startswith("synaspis exercise "):
        command += " --listen 127.0.0.1:0"
    with subprocess.Popen(
        _words(command), cwd=folder, env=ours, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert any(re.search(words, line) for line in process.stdout), f"it never said `{words}`"
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)
        finally:
            process.kill()
    return process.returncode


@pytest.mark.processes
@pytest.mark.parametrize("page", ["exercise-director.md", "c2-engineer.md"])
def test_every_command_of_the_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    ours = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "80", "PYTHONUNBUFFERED": "1"}
    commands = _commands(page)
    assert any(c.startswith(tuple(UNTIL)) for c in commands)
    for command in commands:
        until = next((words for start, words in UNTIL.items() if command.startswith(start)), None)
        if until is not None:
            assert _stopped_after(until, command, tmp_path, ours) == 0, command
        else:
            done = subprocess.run(
                _words(command), cwd=tmp_path, env=ours, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, f"{command}\n{done.stderr}"
    made = {"exercise-director.md": "review/replay.html", "c2-engineer.md": "drill/USA"}[page]
    assert (tmp_path / made).exists()
