"""The house rules that a reader would otherwise have to keep in mind."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES_OF_A_FUNCTION = 50
LINES_OF_A_MODULE = 400
LARGEST_FILE_BYTES = 1_500_000
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
NOT_OURS = {".git", ".venv", "runs", "dist", "build", "node_modules", "__pycache__"}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|Users|root|work|tmp|opt|mnt)/\w")

# "path" or "path::function": why it may be longer.
EXCEPTIONS: dict[str, str] = {}


def _files() -> list[Path]:
    """Files of the repository: what git would keep, or all but what is made."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if told.returncode == 0 and told.stdout:
        found = [ROOT / name for name in told.stdout.split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not NOT_OURS & set(p.relative_to(ROOT).parts)]
    return sorted(p for p in found if p.is_file())


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = _files()
MODULES = [p for p in FILES if p.suffix == ".py" and _name(p).startswith(("src/", "bench/"))]
TEXTS = [p for p in FILES if p.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".css", ""}]


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_a_sitting_and_a_function_a_screen(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if _name(path) not in EXCEPTIONS:
        assert len(source.splitlines()) <= LINES_OF_A_MODULE
    long = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION and f"{_name(path)}::{node.name}" not in EXCEPTIONS:
                long[node.name] = lines
    assert long == {}


def test_exceptions_are_still_needed() -> None:
    names = {_name(p) for p in MODULES}
    assert [key for key in EXCEPTIONS if key.split("::")[0] not in names] == []
    assert all(EXCEPTIONS.values())


def test_no_vague_names() -> None:
    assert [_name(p) for p in FILES if p.suffix == ".py" and VAGUE & set(p.with_suffix("").parts[-4:])] == []


def test_no_paths_of_one_machine() -> None:
    found = []
    for path in TEXTS:
        for i, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if MACHINE_PATH.search(line):
                found.append(f"{_name(path)}:{i}: {line.strip()[:80]}")
    assert found == []


def test_no_large_files() -> None:
    assert [_name(p) for p in FILES if p.stat().st_size > LARGEST_FILE_BYTES] == []
