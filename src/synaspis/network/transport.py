"""The seam below which frames travel: the bus in one process, and a faulty one around any.

Everything above it is the same whatever lies below. A transport may lose, delay, repeat and reorder: frames
are numbered, and what is missing is asked for again.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from synaspis.model.draw import die

ROOT: Final = "syn"
Callback = Callable[[str, bytes], None]


class Transport(Protocol):
    """Where a node puts its frames, and where those for it come from."""

    def put(self, key: str, data: bytes) -> None:
        """Send; it returns before anybody need have it, and may be lost without a word."""

    def subscribe(self, prefix: str, callback: Callback) -> None:
        """Have `callback` called with all that comes under `prefix`, where `*` is any one part of a key."""

    def close(self) -> None:
        """No more comes or goes."""


def parties(key: str) -> tuple[str, str]:
    """Owner and recipient of a key `syn/OWNER/RECIPIENT/PRODUCT`; empty where it is no such key."""
    parts = key.split("/")
    return (parts[1], parts[2]) if len(parts) == 4 and parts[0] == ROOT else ("", "")


def covers(prefix: str, key: str) -> bool:
    """Whether `key` lies under `prefix`, part by part."""
    wanted, parts = prefix.split("/"), key.split("/")
    return len(wanted) <= len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts, strict=False))


class InProcess:
    """A bus in one process, for any number of nodes. What is put while something is delivered waits its
    turn, so all have everything in one order."""

    def __init__(self) -> None:
        self._subscribers: list[tuple[str, Callback]] = []
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._wanted: dict[str, list[Callback]] = {}
        self._lock = threading.Lock()
        self._delivering = False

    def put(self, key: str, data: bytes) -> None:
        """Deliver now, or after what is being delivered."""
        with self._lock:
            self._waiting.append((key, data))
            if self._delivering:
                return
            self._delivering = True
        self._deliver()

    def _deliver(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._delivering = False
                    return
                key, data = self._waiting.popleft()
                wanted = self._wanted.get(key)
                if wanted is None:
                    wanted = [callback for prefix, callback in self._subscribers if covers(prefix, key)]
                    self._wanted[key] = wanted
            try:
                for callback in wanted:
                    callback(key, data)
            except BaseException:
                with self._lock:
                    self._delivering = False
                raise

    def subscribe(self, prefix: str, callback: Callback) -> None:
        """As in `Transport`."""
        with self._lock:
            self._subscribers.append((prefix, callback))
            self._wanted.clear()

    def close(self) -> None:
        """Forget all subscribers and all that waits."""
        with self._lock:
            self._subscribers.clear()
            self._wanted.clear()
            self._waiting.clear()


@dataclass(frozen=True, kw_only=True)
class Faults:
    """How ill a transport works. Shares in [0, 1]; delays in seconds, drawn evenly between the two.

    Delays that differ from frame to frame put them in another order.
    """

    loss: float = 0.0
    repeats: float = 0.0
    shortest_s: float = 0.0
    longest_s: float = 0.0


@dataclass(frozen=True)
class Cut:
    """From `from_s` until `until_s` nothing passes between `half` and all others."""

    from_s: float
    until_s: float
    half: frozenset[str]

    def parts(self, key: str, now_s: float) -> bool:
        """Whether it stops what goes under `key` at `now_s`."""
        owner, recipient = parties(key)
        return self.from_s <= now_s < self.until_s and (owner in self.half) != (recipient in self.half)


@dataclass
class Faulty:
    """A transport around another that loses, delays, repeats and reorders by named dice.

    The die of a fault is named by the seed, the key and how many were put under it before: what befalls one
    pair of nations does not hang on how busy the others are. Time passes with `advance`.
    """

    inner: Transport
    faults: Faults
    seed: int = 0
    cuts: list[Cut] = field(default_factory=list)
    now_s: float = 0.0
    lost: int = 0
    _count: dict[str, int] = field(default_factory=dict)
    _flying: list[tuple[float, int, str, bytes]] = field(default_factory=list)
    _put: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, key: str, data: bytes) -> None:
        """As in `Transport`, with the faults."""
        with self._lock:
            n = self._count[key] = self._count.get(key, 0) + 1
            copies = 1 + (self._die("repeat", key, n) < self.faults.repeats)
            for copy in range(copies):
                cut = any(c.parts(key, self.now_s) for c in self.cuts)
                if cut or self._die(f"loss {copy}", key, n) < self.faults.loss:
                    self.lost += 1
                    continue
                span_s = self.faults.longest_s - self.faults.shortest_s
                wait_s = self.faults.shortest_s + span_s * self._die(f"delay {copy}", key, n)
                self._put += 1
                heapq.heappush(self._flying, (self.now_s + wait_s, self._put, key, data))
        self._land()

    def _die(self, purpose: str, key: str, n: int) -> float:
        return die(self.seed, f"transport {purpose}", key, n)

    def advance(self, now_s: float) -> None:
        """Let time pass: what is due arrives, in order of its arrival."""
        with self._lock:
            self.now_s = max(now_s, self.now_s)
        self._land()

    def due_s(self) -> float | None:
        """When the next of what is under way arrives; None where nothing is."""
        with self._lock:
            return self._flying[0][0] if self._flying else None

    def _land(self) -> None:
        while True:
            with self._lock:
                if not self._flying or self._flying[0][0] > self.now_s:
                    return
                _, _, key, data = heapq.heappop(self._flying)
            self.inner.put(key, data)

    def subscribe(self, prefix: str, callback: Callback) -> None:
        """As in `Transport`."""
        self.inner.subscribe(prefix, callback)

    def close(self) -> None:
        """As in `Transport`; what is under way is lost."""
        with self._lock:
            self._flying.clear()
        self.inner.close()
