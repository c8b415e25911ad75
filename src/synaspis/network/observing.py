"""What a process of the network lets be seen of itself: a log, counters in OpenMetrics text, and its health.

Only on this machine's loopback address, and only for reading. The log has the events of `Tally`, one JSON
object a line. Nothing here may stop a node: where the log's disk is full, lines are lost and counted.
"""

from __future__ import annotations

import datetime as dt
import http.server
import json
import math
import sys
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec

from synaspis.errors import InputError, Problem
from synaspis.model.network_status import Latency

LOOPBACK: Final = "127.0.0.1"
OPENMETRICS: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
LARGEST_LOG_BYTES: Final = 32_000_000
"""A log of this size is put aside once, as NAME.1: one that says everything must not fill the disk."""
LONGEST_TEXT: Final = 400
BOUNDS_S: Final = (
    0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0,
    10.0, 30.0, 60.0,
)  # fmt: skip
"""Upper bounds of a histogram's buckets."""


class Histogram:
    """Times in buckets, as OpenMetrics has them. Safe to use from several threads."""

    def __init__(self, bounds_s: tuple[float, ...] = BOUNDS_S) -> None:
        self._bounds = bounds_s
        self._counts = [0] * (len(bounds_s) + 1)
        self._sum_s = self._worst_s = 0.0
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        """Count one; a negative time, as clocks give, is none, and one that is no number is left out."""
        if not math.isfinite(seconds):
            return
        seconds = max(seconds, 0.0)
        with self._lock:
            self._counts[bisect_left(self._bounds, seconds)] += 1
            self._sum_s += seconds
            self._worst_s = max(self._worst_s, seconds)

    def latency(self) -> Latency:
        """Median and 99th percentile, evenly within a bucket, and the longest."""
        with self._lock:
            counts, worst_s = tuple(self._counts), self._worst_s
        total = sum(counts)
        if not total:
            return Latency()
        p50_s, p99_s = (self._quantile(counts, share * total, worst_s) for share in (0.5, 0.99))
        return Latency(count=total, p50_ms=1e3 * p50_s, p99_ms=1e3 * p99_s, worst_ms=1e3 * worst_s)

    def _quantile(self, counts: tuple[int, ...], rank: float, worst_s: float) -> float:
        below = 0
        for i, count in enumerate(counts):
            if count and below + count >= rank:
                low = self._bounds[i - 1] if i else 0.0
                high = min(self._bounds[i], worst_s) if i < len(self._bounds) else worst_s
                return low + max(high - low, 0.0) * (rank - below) / count
            below += count
        return worst_s

    def lines(self, name: str, labels: Mapping[str, str]) -> Iterator[str]:
        """Its samples: buckets count all below their bound."""
        with self._lock:
            counts, sum_s = tuple(self._counts), self._sum_s
        so_far = 0
        for bound, count in zip((*self._bounds, math.inf), counts, strict=True):
            so_far += count
            le = "+Inf" if math.isinf(bound) else repr(bound)
            yield sample(f"{name}_bucket", so_far, {**labels, "le": le})
        yield sample(f"{name}_sum", sum_s, labels)
        yield sample(f"{name}_count", so_far, labels)


class Family:
    """A metric: its name without a suffix, its kind, what it means, and its samples as (labels, value)."""

    def __init__(self, name: str, kind: str, meaning: str, unit: str = "") -> None:
        self.name, self.kind, self.meaning, self.unit = name, kind, meaning, unit
        self.samples: list[tuple[Mapping[str, str], float | Histogram]] = []

    def add(self, value: float | Histogram | None, **labels: str) -> Family:
        """One more sample; None is none."""
        if value is not None:
            self.samples.append((labels, value))
        return self

    def lines(self) -> Iterator[str]:
        """As OpenMetrics text; nothing where there is no sample."""
        if not self.samples:
            return
        yield f"# TYPE {self.name} {self.kind}"
        if self.unit:
            yield f"# UNIT {self.name} {self.unit}"
        yield f"# HELP {self.name} {_escaped(self.meaning)}"
        for labels, value in self.samples:
            if isinstance(value, Histogram):
                yield from value.lines(self.name, labels)
            else:
                yield sample(f"{self.name}_total" if self.kind == "counter" else self.name, value, labels)


def openmetrics(families: Iterable[Family]) -> str:
    """OpenMetrics 1.0 text (github.com/prometheus/OpenMetrics, specification)."""
    return "".join(f"{line}\n" for family in families for line in family.lines()) + "# EOF\n"


def sample(name: str, value: float, labels: Mapping[str, str]) -> str:
    """One line."""
    told = ",".join(f'{key}="{_escaped(word)}"' for key, word in labels.items())
    number = repr(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))
    return f"{name}{{{told}}} {number}" if told else f"{name} {number}"


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


class Log:
    """The events of a process, one JSON object a line: when, which event, and all that is known of it.

    To be given to `Tally`. Safe to use from several threads; never raises, and counts the lines it lost.
    """

    def __init__(self, path: Path | None, who: str, also: Callable[..., None] | None = None) -> None:
        """`path` None: standard error. `also` hears of each event too. InputError if it cannot be opened."""
        self._path, self._who, self._also = path, who, also
        self._lock = threading.Lock()
        self._written = 0
        self.lost = 0
        self._file: TextIO = sys.stderr
        if path is not None:
            try:
                self._file = path.open("a", encoding="utf-8")
                self._written = path.stat().st_size
            except OSError as wrong:
                mend = "give a file in a folder that can be written"
                raise InputError(
                    [Problem(str(path), 0, 0, f"the log cannot be written: {wrong.strerror}", mend)]
                ) from wrong

    def __call__(self, event: str, /, **told: object) -> None:
        """Write an event."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "who": self._who, "event": event, **_plain(told)}, ensure_ascii=False)
        with self._lock:
            try:
                if self._path is not None and self._written > LARGEST_LOG_BYTES:
                    self._put_aside(self._path)
                self._file.write(line + "\n")
                self._file.flush()
                self._written += len(line) + 1
            except (OSError, ValueError):
                self.lost += 1
        if self._also is not None:
            self._also(event, **told)

    def _put_aside(self, path: Path) -> None:
        self._file.close()
        path.replace(path.with_name(f"{path.name}.1"))
        self._file = path.open("a", encoding="utf-8")
        self._written = 0

    def close(self) -> None:
        """No more is written."""
        with self._lock:
            if self._path is not None:
                self._file.close()


def _plain(told: Mapping[str, object]) -> dict[str, object]:
    """What JSON can hold, texts cut: some of it came from strangers."""
    return {key: _value(value) for key, value in told.items() if value != ""}


def _value(value: object) -> object:
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.hex()[:LONGEST_TEXT]
    if isinstance(value, tuple | list | set | frozenset):
        return [_value(one) for one in list(value)[:64]]
    return str(value)[:LONGEST_TEXT]


class Window:
    """Answers /metrics and /health on the loopback address, from threads of its own, until closed."""

    def __init__(
        self,
        port: int,
        health: Callable[[], object],
        metrics: Callable[[], Iterable[Family]],
        where: str = "",
    ) -> None:
        """`port` 0 takes a free one. InputError, with `where` as its place, if it is taken."""
        try:
            self._server = _Server((LOOPBACK, port), _Handler)
        except OSError as wrong:
            what = f"port {port} of {LOOPBACK} cannot be listened at: {wrong.strerror}"
            mend = "end what uses the port, or give another `metrics_port`"
            raise InputError([Problem(where or "metrics_port", 0, 0, what, mend)]) from wrong
        self._server.pages = {
            "/health": ("application/json", lambda: msgspec.json.encode(health())),
            "/metrics": (OPENMETRICS, lambda: openmetrics(metrics()).encode()),
        }
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, name="window", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(1.0)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would let two listen at one port
    pages: dict[str, tuple[str, Callable[[], bytes]]]


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "synaspis", ""
    timeout = 5.0

    def do_GET(self) -> None:  # the library's name
        """One of the pages, or 404. Another host name than this machine's own is a stranger's page asking."""
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None or host not in (LOOPBACK, "localhost", ""):
            self._answer(404, "text/plain", b"there are /health and /metrics\n")
            return
        kind, make = page
        try:
            body = make()
        except Exception as wrong:  # asked while the process starts or ends
            self._answer(503, "text/plain", f"{type(wrong).__name__}: {wrong}\n".encode())
            return
        self._answer(200, kind, body)

    def _answer(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody needs to know that somebody looked."""
