"""Every `$ synaspis ...` line of the documents runs; lines shown below it stand in what it prints.

A line `...` stands for lines left out. Figures may differ from machine to machine and from version to
version, so a shown line is found by its words: digits are not compared. A block that begins with
```csv NAME or ```yaml NAME is that file, there for the document's commands. Examples of README run as a user
runs them, in a process each; those of the tutorials in this one, which spares starting it dozens of times.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[1]
FILE = re.compile(r"^```(?:csv|yaml) (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Said in the documents and run by `make run`, `make bench` and tests/network, too slow to run here.
SLOW = (
    "synaspis bench",
    "synaspis run europe",
    "synaspis plan europe",
    "synaspis timeline europe",
    "synaspis explain",
    "synaspis network first-light",
    "synaspis network range",
    "synaspis network audit",
    "synaspis node run",
)


# Their examples build on those before them: the quick ones of these are run first.
IN_ORDER = ("docs/tutorials/network.md", "docs/interop.md")


@dataclass(frozen=True)
class Example:
    document: str
    command: str
    shown: tuple[str, ...]


def _examples() -> list[Example]:
    """A document that shows a command in several parts has it run once."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *shown = part.strip("\n").splitlines()
                if command.startswith("synaspis "):
                    key = (path.relative_to(ROOT).as_posix(), command)
                    found[key] = (*found.get(key, ()), *shown)
    return [Example(*key, shown) for key, shown in found.items()]


EXAMPLES = _examples()


def _words(line: str) -> str:
    return " ".join(re.sub(r"[\d.,<>]+", "#", line).split())


def test_the_documents_have_examples() -> None:
    assert any(e.document == "README.md" for e in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.document}: {e.command}")
def test_example(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if example.command.startswith(SLOW):
        pytest.skip("slow: run by make")
    for name, content in FILE.findall((ROOT / example.document).read_text(encoding="utf-8")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    arguments = shlex.split(example.command)[1:]
    monkeypatch.chdir(tmp_path)
    for name, value in (("COLUMNS", "80"), ("PYTHONPATH", str(ROOT / "src")), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    if example.document in IN_ORDER:
        for before in EXAMPLES[: EXAMPLES.index(example)]:
            if before.document == example.document and not before.command.startswith(SLOW):
                call(shlex.split(before.command)[1:], monkeypatch)
        capsys.readouterr()
    if example.document == "README.md":
        done = subprocess.run(
            [sys.executable, "-m", "synaspis.cli.main", *arguments],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        code, said, told = done.returncode, done.stdout, done.stderr
    else:
        code = call(arguments, monkeypatch)
        said, told = capsys.readouterr()
    assert code == 0, told
    printed = [_words(line) for line in (said + told).splitlines()]
    missing = [
        line for line in example.shown if line.strip() not in ("", "...") and _words(line) not in printed
    ]
    assert missing == []
