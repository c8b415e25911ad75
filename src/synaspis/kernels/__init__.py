"""MATHS: numba kernels. Arrays in, arrays out, SI and radians; no model, no files, no rules.

Importing this package settles where compiled kernels are kept, before numba is loaded. Numba
checks only the file of the function it loads, not the files of the functions that one calls, so
the folder's name carries a hash of every kernel's source: edit one and all compile anew. So does
what the engine compiles, and whose constants that holds; the rest of the engine is not compiled.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_IMPORT = re.compile(r"^from synaspis\.engine\.(\w+) import (\([^)]*\)|.*)", re.MULTILINE)
_CONSTANT = re.compile(r"\b[A-Z][A-Z0-9_]*\b")


def _compiled(engine: Path) -> list[Path]:
    """Files of the engine that hold kernels, and those from which such files have constants."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in engine.glob("*.py")}
    found = {name for name, text in sources.items() if "synaspis.kernels.jit" in text}
    ahead = list(found)
    while ahead:
        for name, told in _IMPORT.findall(sources[ahead.pop()]):
            if name in sources and name not in found and _CONSTANT.search(told):
                found.add(name)
                ahead.append(name)
    return [engine / f"{name}.py" for name in sorted(found)]


def _sources_hash() -> str:
    """Hash of the sources of all that is compiled and of the versions that compile it."""
    digest = hashlib.blake2b(digest_size=8)
    package = Path(__file__).resolve().parent
    for source in (*sorted(package.rglob("*.py")), *_compiled(package.parent / "engine")):
        digest.update(source.relative_to(package.parent).as_posix().encode())
        digest.update(source.read_bytes())
    for name in ("numba", "llvmlite", "numpy"):
        try:
            digest.update(version(name).encode())
        except PackageNotFoundError:
            digest.update(b"none")
    digest.update(platform.python_version().encode())
    return digest.hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _user_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base and Path(base).is_absolute():
        return Path(base)
    try:
        return Path.home() / ".cache"
    except RuntimeError:  # no home folder is known
        return Path(tempfile.gettempdir())


def _settle_cache() -> None:
    """Point numba at a cache folder of our own, unless the user has chosen one."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    name = f"numba-{_sources_hash()}"
    folder = _user_cache() / "synaspis" / name
    if not _writable(folder):
        owner = os.getuid() if hasattr(os, "getuid") else 0
        folder = Path(tempfile.gettempdir()) / f"synaspis-{owner}" / name
        if not _writable(folder):
            folder = Path(tempfile.mkdtemp(prefix="synaspis-"))
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    loaded = sys.modules.get("numba")
    if loaded is not None:  # numba reads the variable once, when it is loaded
        loaded.config.CACHE_DIR = str(folder)


_settle_cache()
