"""Work that a page asks for: one errand at a time, in a process of its own that tells how far it is.

The process is told its errand as a line of JSON on standard input, says a line of JSON at a time on standard
output (`words`, `part`, `failed`, `done`), and ends when its standard input does.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

GRACE_S: Final = 5.0
"""From asking a process to end until it is made to."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, whether it was asked to end, why it failed and what it made."""

    code: int
    stopped: bool
    why: str
    done: str


class Follower(Protocol):
    """Who is told how an errand goes, from another thread."""

    def told(self, words: str | None, part: float | None) -> None: ...
    def ended(self, how: Ended) -> None: ...


class Errands:
    """Runs `command` for one errand at a time. It may be asked from several threads."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._stopped = False

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._child is not None

    def begin(self, errand: str, follower: Follower) -> None:
        """Begin an errand, one line of JSON, and follow it. OSError where no process can be started."""
        with self._lock:
            assert self._child is None
            self._stopped = False
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C is for whoever started it, who ends it in order
            )
            self._reader = threading.Thread(
                target=self._follow, args=(self._child, errand, follower), daemon=True
            )
            self._reader.start()

    def _follow(self, child: subprocess.Popen[str], errand: str, follower: Follower) -> None:
        """Tell the child its errand, and keep up with what it says until it ends."""
        assert child.stdin is not None and child.stdout is not None
        why = done = ""
        with contextlib.suppress(OSError):
            child.stdin.write(errand + "\n")
            child.stdin.flush()
        for line in child.stdout:
            with contextlib.suppress(ValueError, AttributeError, TypeError):
                told = json.loads(line)
                why, done = str(told.get("failed", why)), str(told.get("done", done))
                words, part = told.get("words"), told.get("part")
                follower.told(
                    None if words is None else str(words), None if part is None else min(float(part), 1.0)
                )
        code = child.wait()
        how = Ended(
            code=code, stopped=self._stopped, why=why or f"its process ended with code {code}", done=done
        )
        with self._lock:
            self._child = None
        follower.ended(how)

    def stop(self) -> bool:
        """End the errand that is under way, in the background; False where there is none."""
        with self._lock:
            child = self._child
            if child is None:
                return False
            self._stopped = True
        threading.Thread(target=_end, args=(child,), daemon=True).start()
        return True

    def close(self) -> None:
        """End the errand that is under way and wait for it."""
        with self._lock:
            child, self._stopped = self._child, True
        if child is not None:
            _end(child)
        if self._reader is not None:
            self._reader.join(GRACE_S)


def _end(child: subprocess.Popen[str]) -> None:
    """The child ends when its standard input does; if not, it is made to."""
    with contextlib.suppress(OSError):
        if child.stdin is not None:
            child.stdin.close()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
