"""Several nations as processes on a real bus, and what must be true of their journals afterwards."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.network import await_ready, enrolled, free_ports
from synaspis.journal import Channel
from synaspis.journal.reading import Reader
from synaspis.network.inbox import RECEIVED
from synaspis.network.message import Message, Opened, open_sealed
from synaspis.network.sent import SENT, opened

from .party import Plan

ROOT = Path(__file__).resolve().parents[2]
Log = list[dict[str, Any]]


def loopback(nations: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Addresses on ports that are free now."""
    return {n: ("127.0.0.1", p) for n, p in zip(nations, free_ports(len(nations)), strict=True)}


@dataclass
class Exercise:
    """Nations in `folder`, each a process. `prefix` of a nation is what its command begins with."""

    folder: Path
    nations: tuple[str, ...]
    until_s: float
    addresses: Mapping[str, tuple[str, int]]
    more: Mapping[str, Any] = field(default_factory=dict)
    prefix: Callable[[str], list[str]] = lambda _: []
    begins_ns: int = 0
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def __enter__(self) -> Exercise:
        enrolled(self.folder, self.nations)
        for nation in self.nations:
            self.start(nation)
        try:
            await_ready(list(self.running.values()))
        except BaseException:
            self.__exit__()
            raise
        self.begins_ns = time.time_ns()
        for process in self.running.values():
            self._begin(process)
        return self

    def _begin(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{self.begins_ns}\n")
        process.stdin.flush()

    def __exit__(self, *_: object) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def now_s(self) -> float:
        return (time.time_ns() - self.begins_ns) * 1e-9

    def start(self, nation: str) -> None:
        more = {"faults": {}} | dict(self.more)
        plan = Plan(
            nation=nation, nations=self.nations, folder=str(self.folder), addresses=dict(self.addresses),
            until_s=self.until_s, meet=self.begins_ns == 0, **more,
        )  # fmt: skip
        command = [
            *self.prefix(nation),
            sys.executable,
            "-m",
            "tests.network.party",
            json.dumps(asdict(plan)),
        ]
        pipe = subprocess.PIPE
        self.running[nation] = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        if self.begins_ns:
            self._begin(self.running[nation])

    def kill(self, nation: str) -> None:
        """As the power would."""
        process = self.running.pop(nation)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def log(self, nation: str) -> Log:
        """What it noted; a line that it was killed over is left out."""
        path, found = self.folder / f"{nation}.log", []
        for line in path.read_text().splitlines() if path.exists() else ():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def finish(self, most_s: float = 60.0) -> None:
        """Wait until all that was said is held by all, then end all."""
        time.sleep(max(self.until_s - self.now_s(), 0.0) + 1.0)
        give_up_s = self.now_s() + most_s
        while not all(self._done(n) for n in self.nations):
            if self.now_s() > give_up_s:
                raise AssertionError({n: self.log(n)[-1:] for n in self.nations})
            time.sleep(0.5)
        for process in self.running.values():
            assert process.stdin is not None
            process.stdin.close()
        for nation, process in self.running.items():
            assert process.wait(20.0) == 0, f"{nation} did not end well"

    def _done(self, nation: str) -> bool:
        last = [line for line in self.log(nation)[-20:] if line["event"] == "stands"]
        return bool(last and last[-1]["done"])


def bodies_sent(folder: Path, owner: str, recipient: str) -> dict[int, list[bytes]]:
    """What the owner's journal says it sent, by number."""
    reader, found = Reader(folder / f"{owner}.journal"), {}
    for entry in reader.channel(Channel(owner, recipient), 1, 2**53, 10**7):
        one = opened(entry.payload) if entry.kind == SENT else None
        if one is not None:
            found[entry.sequence] = [m.body for m in one[0].frame.messages if isinstance(m, Message)]
    reader.close()
    return found


def held_once(folder: Path, nations: Sequence[str]) -> dict[str, int]:
    """That all that was released, or its tombstone, is in every entitled journal exactly once; and counts.

    A tombstone stands only for a number under which its owner's journal has nothing.
    """
    count = {"frames": 0, "messages": 0, "tombstones": 0}
    for recipient in nations:
        reader = Reader(folder / f"{recipient}.journal")
        verdict = reader.verify()
        assert verdict.whole, verdict.faults
        for owner in set(nations) - {recipient}:
            sent = bodies_sent(folder, owner, recipient)
            numbers: list[int] = []
            for entry in reader.channel(Channel(owner, recipient), 1, 2**53, 10**7):
                numbers += range(entry.sequence, entry.through + 1)
                if entry.kind == RECEIVED:
                    one = open_sealed(entry.payload)
                    assert isinstance(one, Opened)
                    held = [m.body for m in one.frame.messages if isinstance(m, Message)]
                    assert held == sent.get(entry.sequence), (owner, recipient, entry.sequence)
                    count["frames"] += 1
                    count["messages"] += len(held)
                else:
                    assert entry.kind == "tombstone", entry.kind
                    lost = [n for n in range(entry.sequence, entry.through + 1) if n in sent]
                    assert not lost, (owner, recipient, lost)
                    count["tombstones"] += entry.through - entry.sequence + 1
            assert numbers == list(range(1, len(numbers) + 1)), (owner, recipient)
            assert max(sent, default=0) == len(numbers), (owner, recipient)
        reader.close()
    return count


def acknowledged_is_held(exercise: Exercise) -> int:
    """That nothing a partner ever acknowledged is missing from its journal; the highest number."""
    highest = 0
    for owner in exercise.nations:
        for line in exercise.log(owner):
            for recipient, number in line.get("acknowledged", {}).items():
                highest = max(highest, number)
                reader = _high(exercise.folder, owner, recipient)
                assert reader >= number, (owner, recipient, number)
    return highest


_complete: dict[tuple[Path, str, str], int] = {}


def _high(folder: Path, owner: str, recipient: str) -> int:
    """Up to which number the recipient's journal has all."""
    key = (folder, owner, recipient)
    if key not in _complete:
        reader, due = Reader(folder / f"{recipient}.journal"), 1
        for entry in reader.channel(Channel(owner, recipient), 1, 2**53, 10**7):
            if entry.sequence > due:
                break
            due = entry.through + 1
        reader.close()
        _complete[key] = due - 1
    return _complete[key]


def lateness(
    log: Log, product: str, from_s: float, until_s: float, of: Sequence[str]
) -> dict[str, list[float]]:
    """By owner, seconds from making to coming of what was made in a span."""
    found: dict[str, list[float]] = {n: [] for n in of}
    for line in log:
        if line["event"] != "got" or line["product"] != product or line["of"] not in found:
            continue
        if from_s <= line["made_s"] < until_s:
            found[line["of"]].append(line["at_s"] - line["made_s"])
    return found
