"""Files that are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(out: Path, written: str | bytes) -> None:
    """Write bytes (words as UTF-8) beside its place and rename it there. OSError where the disk refuses."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_bytes(written.encode() if isinstance(written, str) else written)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
