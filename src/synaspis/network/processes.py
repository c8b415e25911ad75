"""A whole network on this machine: the range and a node for each nation, a process each, started and ended.

Whoever starts them holds the other end of each one's standard input: when that closes, however this process
ends, they end too. Each is ended by its own id. One that dies is said, and the others carry on.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from synaspis.errors import SynaspisError
from synaspis.network.observing import LOOPBACK

ASK_S: Final = 2.0
"""A process that does not say how it does within this is asked again later."""
READY_S: Final = 600.0
"""For all to be ready: the first time on a machine, kernels are compiled."""
GRACE_S: Final = 8.0
"""From asking a process to end until it is made to."""
ASKERS: Final = 8
LAST_WORDS: Final = 4
FOLLOW: Final = "--follow-parent"
"""Has a command end when its standard input does."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Command:
    """What is to be run: its name, the words behind `synaspis`, its port for health, and where it speaks."""

    name: str
    words: tuple[str, ...]
    port: int
    says: Path


class Process:
    """One process that was started here."""

    def __init__(self, command: Command) -> None:
        self.command = command
        with command.says.open("wb") as said:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", "synaspis.cli.main", *command.words, FOLLOW],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # Ctrl-C is for whoever started it, who ends it in order
            )

    @property
    def id(self) -> int:
        """Its number on this machine."""
        return self._popen.pid

    @property
    def gone(self) -> str:
        """Why it is no more, "" while it runs."""
        code = self._popen.poll()
        if code is None:
            return ""
        how = f"its process ended by signal {-code}" if code < 0 else f"its process ended with code {code}"
        told = " ".join(_last_words(self.command.says).split())
        return f"{how}: {told}" if told else how

    def health(self, kind: type[T]) -> T | None:
        """What it says of itself; None where it does not answer."""
        return ask(self.command.port, kind) if self._popen.poll() is None else None

    def tell(self) -> None:
        """Say a word to it on its standard input."""
        if self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.write(b"begin\n")
                self._popen.stdin.flush()

    def ask_to_end(self) -> None:
        """Close its standard input."""
        if self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()

    def end(self, until_s: float) -> None:
        """Wait for its end until a time of `time.monotonic`, then make it end."""
        for make_it in (self._popen.terminate, self._popen.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(max(until_s - time.monotonic(), 0.0))
                return
            make_it()
            until_s = time.monotonic() + 1.0
        self._popen.wait()


class Processes:
    """Those of one network. To be used in a `with`: at its end none is left."""

    def __init__(self) -> None:
        self._running: dict[str, Process] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def __getitem__(self, name: str) -> Process:
        return self._running[name]

    def start(self, commands: Iterable[Command]) -> None:
        """Start them, all at once."""
        for command in commands:
            self._running[command.name] = Process(command)

    def gone(self) -> dict[str, str]:
        """Those that are no more, and why."""
        return {name: why for name, p in self._running.items() if (why := p.gone)}

    def health(self, kinds: Mapping[str, type[T]]) -> dict[str, T]:
        """What each of those named says of itself; those that do not answer are left out."""
        with ThreadPoolExecutor(ASKERS) as pool:
            told = pool.map(lambda name: self._running[name].health(kinds[name]), kinds)
            return {name: one for name, one in zip(kinds, told, strict=True) if one is not None}

    def ready(
        self,
        names: Sequence[str],
        is_ready: Callable[[str], bool],
        progress: Callable[[str, float], None],
        stop: Callable[[], bool],
        patience_s: float = READY_S,
    ) -> tuple[str, ...]:
        """Wait until all of `names` are ready or no more; returns those that are.

        SynaspisError where none is, or where it takes too long.
        """
        until_s = time.monotonic() + patience_s
        found: set[str] = set()
        while not stop():
            gone = self.gone()
            found |= {n for n in names if n not in found and n not in gone and is_ready(n)}
            found -= set(gone)
            progress(f"{len(found)} of {len(names)} processes are ready", len(found) / len(names))
            if len(found) + len(set(gone) & set(names)) == len(names):
                break
            if time.monotonic() > until_s:
                late = ", ".join(n for n in names if n not in found)
                raise SynaspisError(f"not ready after {patience_s:.0f} s: {late}")
            time.sleep(0.1)
        return tuple(n for n in names if n in found)

    def end(self, last: Sequence[str] = ()) -> None:
        """End all, each by its id; those named `last` after the others."""
        late = [p for n, p in self._running.items() if n in last]
        for group in ([p for n, p in self._running.items() if n not in last], late):
            for process in group:
                process.ask_to_end()
            until_s = time.monotonic() + GRACE_S
            for process in group:
                process.end(until_s)


def free_ports(count: int, host: str = LOOPBACK) -> list[int]:
    """Ports of this machine at which nobody listens now, each another."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((host, 0))
        return [one.getsockname()[1] for one in sockets]


def ask(port: int, kind: type[T]) -> T | None:
    """What the process at a port of this machine says of its health; None where none answers in words."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=ASK_S)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        body = answer.read()
        return msgspec.json.decode(body, type=kind) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, msgspec.MsgspecError, ValueError):
        return None
    finally:
        connection.close()


def _last_words(path: Path) -> str:
    """The end of what a process wrote on standard error."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LAST_WORDS:])


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C or a request to end sets; a second Ctrl-C interrupts as always."""
    stop = threading.Event()

    def heard(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    kinds = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {kind: signal.signal(kind, heard) for kind in kinds}
    wakeup = signal.set_wakeup_fd(-1)  # the command line's own watcher would end the process for it
    try:
        yield stop
    finally:
        signal.set_wakeup_fd(wakeup)
        for kind, handler in before.items():
            signal.signal(kind, handler)


def follow_parent(stop: threading.Event, told: threading.Event | None = None) -> None:
    """Set `stop` when standard input ends; and leave where that is not heeded. A word there sets `told`."""

    def watch() -> None:
        while os.read(0, 4096):
            if told is not None:
                told.set()
        stop.set()
        time.sleep(GRACE_S)
        os._exit(3)

    threading.Thread(target=watch, name="parent", daemon=True).start()
