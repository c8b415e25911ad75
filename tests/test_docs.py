"""Every example of the documents runs; lines shown below a command stand in what it prints.

A line `...` stands for lines left out. Figures may differ from machine to machine and from version to
version, so a shown line is found by its words: digits are not compared. A block that begins with
```csv title="NAME" or ```yaml title="NAME" is that file, there for the document's commands. Examples of
README run as a user runs them, in a process each; those of other pages in this one, which spares starting
it dozens of times, and a command that several pages show is run once. The Python of a page runs from top to
bottom.
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
FILE = re.compile(r'^```(?:csv|yaml) title="(\S+)"\n(.*?)^```', re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Said in the documents and run by `make run`, `make bench` and tests/network, too slow to run here.
SLOW = (
    "synaspis bench",
    "synaspis run europe",
    "synaspis plan europe",
    "synaspis timeline europe",
    "synaspis network first-light",
    "synaspis network range",
    "synaspis network audit",
    "synaspis node run",
    # tests/cli/test_an_hour.py
    "synaspis exercise",
    "synaspis replay",
)


# Their examples build on those before them: the quick ones of these are run first.
IN_ORDER = ("docs/start.md", "docs/tutorials/network.md", "docs/interop.md")
# What a page may do to its files between two commands; anything else is for the reader's own shell.
SHELL = ("cp ", "sed ")
# What a command printed, by it and the files that it had: pages share examples.
RAN: dict[tuple[str, ...], tuple[int, str, str]] = {}


@dataclass(frozen=True)
class Example:
    document: str
    command: str
    shown: tuple[str, ...]


DOCUMENTS = ["README.md", *sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))]


def _text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def _examples() -> list[Example]:
    """A document that shows a command in several parts has it run once."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for document in DOCUMENTS:
        for block in BLOCK.findall(_text(document)):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *shown = part.strip("\n").splitlines()
                if command.startswith(("synaspis ", *SHELL)):
                    key = (document, command)
                    found[key] = (*found.get(key, ()), *shown)
    return [Example(*key, shown) for key, shown in found.items()]


EXAMPLES = _examples()


def _words(line: str) -> str:
    return " ".join(re.sub(r"[\d.,<>]+", "#", line).split())


def test_the_documents_have_examples() -> None:
    assert any(e.document == "README.md" for e in EXAMPLES)


def _prepare(document: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in which the commands of a page run: its files, and `src` as in a clone."""
    for name, content in FILE.findall(_text(document)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "src").symlink_to(ROOT / "src")
    monkeypatch.chdir(folder)
    for name, value in (("COLUMNS", "80"), ("PYTHONPATH", str(ROOT / "src")), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)


def _do(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    if command.startswith(SHELL):
        return subprocess.run(shlex.split(command)).returncode
    return call(shlex.split(command)[1:], monkeypatch)


def _ran(
    example: Example, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    if example.document == "README.md":
        done = subprocess.run(
            [sys.executable, "-m", "synaspis.cli.main", *shlex.split(example.command)[1:]],
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr
    key = (example.command, *(content for _, content in FILE.findall(_text(example.document))))
    in_order = example.document in IN_ORDER
    if in_order:
        key = (example.document, example.command)
        for before in EXAMPLES[: EXAMPLES.index(example)]:
            if before.document == example.document and not before.command.startswith(SLOW):
                _do(before.command, monkeypatch)
        capsys.readouterr()
    if key not in RAN:
        code = _do(example.command, monkeypatch)
        RAN[key] = (code, *capsys.readouterr())
    return RAN[key]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.document}: {e.command}")
def test_example(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if example.command.startswith(SLOW):
        pytest.skip("slow: run by make")
    _prepare(example.document, tmp_path, monkeypatch)
    code, said, told = _ran(example, monkeypatch, capsys)
    assert code == 0, told
    printed = [_words(line) for line in (said + told).splitlines()]
    missing = [
        line for line in example.shown if line.strip() not in ("", "...") and _words(line) not in printed
    ]
    assert missing == []


@pytest.mark.parametrize("document", [d for d in DOCUMENTS if PYTHON.search(_text(d))])
def test_python(document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _prepare(document, tmp_path, monkeypatch)
    # One space of names for all blocks, as in a session of the reader's own.
    exec(compile("\n".join(PYTHON.findall(_text(document))), document, "exec"), {"__name__": "example"})
