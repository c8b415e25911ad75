"""A network on this machine for a demonstration: folder, keys, processes, how they stand, and their totals.

All keys are made here, which is for one machine alone; everything else is as between machines.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import synaspis.kernels  # noqa: F401 (settles where compiled kernels are kept)
from synaspis.errors import SynaspisError
from synaspis.model.case import Case
from synaspis.model.network_status import (
    Kept,
    NetworkTotals,
    NetworkView,
    NodeStatus,
    RangeStatus,
    Seen,
)
from synaspis.network import config, founding
from synaspis.network.auditing import audit
from synaspis.network.founding import RANGE_FOLDER, Places
from synaspis.network.observing import LOOPBACK
from synaspis.network.processes import Command, Processes, free_ports
from synaspis.network.seam import RANGE
from synaspis.network.zenoh_bus import Address

Progress = Callable[[str, float], None]
WAIT_S: Final = 86_400.0
"""The range waits for the word to begin."""
SETTLES_S: Final = 2.0
"""After the end of the raid nodes go on for so long, for what is still under way."""
ASKED_S: Final = 0.5
"""While processes start they are asked so often: each answer takes time from those that still start."""
MARK: Final = "trackers-compiled"
"""In the folder of compiled kernels: those of a live raid are there."""
COMPILE: Final = """
import threading
from synaspis.network.processes import follow_parent
follow_parent(threading.Event())
from synaspis import api
for _ in api.unfold("first-light").events():
    pass
"""
"""A process of its own compiles them, and ends when whoever started it does."""
COMPILES_S: Final = 120.0


class Local:
    """One network. To be used in a `with`: at its end no process of it is left."""

    def __init__(
        self, case: Case, regime: str, folder: Path, now: dt.datetime, seed: int = 1, speed: float = 1.0,
        streams: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Make folder and keys; `streams` are the range's options. InputError with what stands in the way."""
        self.case, self.regime, self.folder, self.seed, self.speed = case, regime, folder, seed, speed
        self.nations = tuple(n.code for n in case.file.nations)
        founding.init(case, folder, regime, _places(self.nations), now, seed, speed)
        founding.enrol_all(folder, self.nations, now)
        self._streams = tuple(streams)
        self._processes = Processes()
        self._said: dict[str, NodeStatus] = {}
        self._range: RangeStatus | None = None
        self._over_s: float | None = None
        self._gone: dict[str, str] | None = None
        self.finished = False

    def __enter__(self) -> Local:
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.end()

    # -- from the first process to the last --------------------------------------------------------

    def start(self, progress: Progress, stop: threading.Event) -> None:
        """Start all, wait until they are ready, and have the raid begin. Those that die are left out.

        SynaspisError where the range does not start, or no node.
        """
        compile_once(progress, stop)
        commands = [self._command(name) for name in (RANGE, *self.nations)]
        if not stop.is_set():
            self._processes.start(commands)
        there = self._ready([c.name for c in commands], progress, stop)
        if stop.is_set():
            return
        if RANGE not in there or len(there) < 2:
            raise SynaspisError("\n".join(["the network did not start", *self.lost()]))
        self._processes[RANGE].tell()

    def _ready(self, names: list[str], progress: Progress, stop: threading.Event) -> tuple[str, ...]:
        """Wait for the nodes, and for the range to have heard them."""

        asked_s = -ASKED_S

        def is_ready(name: str) -> bool:
            nonlocal asked_s
            if time.monotonic() - asked_s >= ASKED_S:
                self._ask()
                asked_s = time.monotonic()
            if name == RANGE:
                return self._range is not None and self._range.state == "waiting"
            return self._range is not None and name in self._range.ready

        return self._processes.ready(names, is_ready, progress, stop.is_set)

    def lost(self) -> tuple[str, ...]:
        """Of those that are no more, in words."""
        return tuple(f"{n}: {why}" for n, why in self.gone().items())

    def gone(self) -> dict[str, str]:
        """Those whose processes ended by themselves, and why."""
        return self._processes.gone() if self._gone is None else self._gone

    def end(self) -> None:
        """End all, the nodes first, each by its id; what they said last is kept."""
        self._ask()
        self._gone = self._processes.gone()
        self._processes.end(last=(RANGE,))

    # -- how it stands -----------------------------------------------------------------------------

    def _ask(self) -> None:
        """What each process says of itself now."""
        if self._gone is not None or RANGE not in self._processes:
            return
        self._said.update(self._processes.health(dict.fromkeys(self.nations, NodeStatus)))
        self._range = self._processes.health({RANGE: RangeStatus}).get(RANGE) or self._range

    def view(self) -> NetworkView:
        """The network as it stands."""
        self._ask()
        gone = self.gone()
        if self._range is not None and self._range.state in ("over", "ended"):
            self._over_s = self._over_s or time.monotonic()
            self.finished = True
        nodes = (Seen(nation=n, status=self._said.get(n), gone=gone.get(n, "")) for n in self.nations)
        return NetworkView(
            case=self.case.name, title=self.case.file.title, regime=self.regime, seed=self.seed,
            speed=self.speed, nodes=tuple(nodes), range=self._range,
            range_gone="" if self.finished else gone.get(RANGE, ""),
        )  # fmt: skip

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for: the raid is over, or the range or all nodes are gone."""
        gone = self.gone()
        if set(self.nations) <= set(gone) or (RANGE in gone and not self.finished):
            return True
        return self._over_s is not None and time.monotonic() - self._over_s > SETTLES_S

    def totals(self) -> NetworkTotals:
        """What it came to, by the journals. To be asked when all processes have ended."""
        return NetworkTotals(
            view=self.view(), finished=self.finished, kept=self._kept(), folder=str(self.folder)
        )

    def _kept(self) -> tuple[Kept, ...]:
        found = []
        for nation in self.nations:
            path = self.folder / nation / f"{nation}.journal"
            if not path.is_file():
                continue
            a = audit(path)
            released, received = (sum(p.messages for p in of) for of in (a.released, a.received))
            clauses = tuple(dict.fromkeys(c for p in a.released for c in p.clauses))
            found.append(Kept(
                nation=nation, entries=a.entries, released=released, received=received, clauses=clauses,
                whole=a.whole, faults=a.faults,
            ))  # fmt: skip
        return tuple(found)

    def _command(self, name: str) -> Command:
        home = self.folder / (RANGE_FOLDER if name == RANGE else name)
        if name == RANGE:
            words = ("network", "range", "--dir", str(self.folder), "--wait", f"{WAIT_S:.0f}", *self._streams)
            file = home / config.RANGE_FILE
        else:
            file = home / config.NODE_FILE
            words = ("node", "run", "--nation", name, "--config", str(file))
        return Command(name=name, words=words, port=config.peek(file).metrics_port, says=home / "said.txt")


def _places(nations: tuple[str, ...]) -> Places:
    """Ports of this machine that nobody uses now."""
    names = (RANGE, *nations)
    ports = free_ports(2 * len(names))
    return Places(
        addresses={n: Address(host=LOOPBACK, port=ports[i]) for i, n in enumerate(names)},
        metrics={n: ports[len(names) + i] for i, n in enumerate(names)},
    )


def compile_once(progress: Progress, stop: threading.Event) -> None:
    """Have the kernels of trackers compiled by one process, where no network has run with them before: else
    every process would compile the same ones at the same time."""
    mark = Path(os.environ.get("NUMBA_CACHE_DIR", "")) / MARK
    if mark.is_file():
        return
    started = time.monotonic()
    words = (sys.executable, "-c", COMPILE)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=quiet, start_new_session=True) as one:
        while one.poll() is None:
            if stop.wait(0.2):
                one.kill()
                return
            waited_s = time.monotonic() - started
            progress("compiling kernels, once", min(waited_s / COMPILES_S, 0.99))
    if one.returncode == 0:
        with contextlib.suppress(OSError):
            mark.touch()
