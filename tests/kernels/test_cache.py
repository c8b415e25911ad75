"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = "import sys, os, synaspis.kernels; print(os.environ['NUMBA_CACHE_DIR']); print('numba' in sys.modules)"


def _import(**changes: str) -> list[str]:
    settings = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    settings.update(changes)
    done = subprocess.run(
        [sys.executable, "-c", SHOW], env=settings, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_users_folder_is_named_by_the_sources(tmp_path: Path) -> None:
    folder, loaded = _import(XDG_CACHE_HOME=str(tmp_path))
    assert Path(folder).parent == tmp_path / "synaspis"
    assert Path(folder).name.startswith("numba-")
    assert Path(folder).is_dir()
    assert loaded == "False"
    assert _import(XDG_CACHE_HOME=str(tmp_path))[0] == folder


def test_a_users_choice_stands(tmp_path: Path) -> None:
    assert _import(NUMBA_CACHE_DIR=str(tmp_path / "mine"))[0] == str(tmp_path / "mine")


def test_without_a_writable_home_it_falls_back(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    folder, _ = _import(XDG_CACHE_HOME=str(blocked), TMPDIR=str(tmp_path))
    assert tmp_path in Path(folder).parents
    assert blocked not in Path(folder).parents
    assert Path(folder).is_dir()


KERNEL = "from synaspis.engine.c import (\n    FAR,\n)\nfrom synaspis.kernels.jit import kernel\n"


def test_the_name_follows_every_source_that_is_compiled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from synaspis import kernels

    package = tmp_path / "synaspis"
    sources = {
        "kernels/__init__.py": "", "kernels/a.py": "one = 1\n", "engine/b.py": KERNEL,
        "engine/c.py": "from synaspis.engine.d import NEAR\nfrom synaspis.engine.e import Its\nFAR = NEAR\n",
        "engine/d.py": "NEAR = 1\n", "engine/e.py": "class Its: pass\n",
    }  # fmt: skip
    for name, text in sources.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    monkeypatch.setattr(kernels, "__file__", str(package / "kernels" / "__init__.py"))
    before = kernels._sources_hash()
    for name, text in sources.items():
        (package / name).write_text(text + "# otherwise\n")
        assert (kernels._sources_hash() == before) == (name == "engine/e.py"), name
        (package / name).write_text(text)
