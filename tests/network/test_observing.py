"""What a process lets be seen: histograms, OpenMetrics text, the log, and pages on loopback alone."""

from __future__ import annotations

import http.client
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.errors import InputError
from synaspis.model.network_status import Latency
from synaspis.network import observing
from synaspis.network.observing import BOUNDS_S, Family, Histogram, Log, Window, openmetrics


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=200))
def test_a_quantile_lies_in_the_bucket_of_the_exact_one(times: list[float]) -> None:
    histogram = Histogram()
    for t in times:
        histogram.add(t)
    found = histogram.latency()
    assert found.count == len(times) and found.worst_ms == pytest.approx(1e3 * max(times))
    for share, told_ms in ((0.5, found.p50_ms), (0.99, found.p99_ms)):
        exact = sorted(times)[max(math.ceil(share * len(times)) - 1, 0)]
        high = next((b for b in BOUNDS_S if exact <= b), max(times))
        low = max((b for b in (0.0, *BOUNDS_S) if b < exact), default=0.0)
        assert told_ms is not None and 1e3 * low - 1e-6 <= told_ms <= 1e3 * high + 1e-6


def test_no_times_and_odd_times() -> None:
    histogram = Histogram()
    assert histogram.latency() == Latency()
    for odd in (math.nan, math.inf, -0.5):
        histogram.add(odd)
    assert histogram.latency() == Latency(count=1, p50_ms=0.0, p99_ms=0.0, worst_ms=0.0)


def test_openmetrics_text() -> None:
    histogram = Histogram((0.1, 1.0))
    for t in (0.05, 0.05, 0.5, 7.0):
        histogram.add(t)
    text = openmetrics([
        Family("a_refused", "counter", 'what "was"\nrefused').add(3, reason='odd "one"\\'),
        Family("a_case_seconds", "gauge", "time", "seconds").add(1.5).add(None),
        Family("a_none", "gauge", "nothing to tell"),
        Family("a_late_seconds", "histogram", "late", "seconds").add(histogram, of="track"),
    ])  # fmt: skip
    assert text.splitlines() == [
        "# TYPE a_refused counter",
        '# HELP a_refused what \\"was\\"\\nrefused',
        'a_refused_total{reason="odd \\"one\\"\\\\"} 3',
        "# TYPE a_case_seconds gauge",
        "# UNIT a_case_seconds seconds",
        "# HELP a_case_seconds time",
        "a_case_seconds 1.5",
        "# TYPE a_late_seconds histogram",
        "# UNIT a_late_seconds seconds",
        "# HELP a_late_seconds late",
        'a_late_seconds_bucket{of="track",le="0.1"} 2',
        'a_late_seconds_bucket{of="track",le="1.0"} 3',
        'a_late_seconds_bucket{of="track",le="+Inf"} 4',
        'a_late_seconds_sum{of="track"} 7.6',
        'a_late_seconds_count{of="track"} 4',
        "# EOF",
    ]


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_log_is_a_json_object_a_line_whatever_strangers_send(tmp_path: Path) -> None:
    heard: list[str] = []
    log = Log(tmp_path / "log", "POL", lambda event, **told: heard.append(event))
    log("refused", about="size", what="x" * 9000 + "\n\x1b[2J", key=b"\xff\x00", odd=math.nan, many=(1, "b"))
    log("plain", about="")
    log.close()
    first, second = lines_of(tmp_path / "log")
    assert first["event"] == "refused" and first["who"] == "POL" and first["many"] == [1, "b"]
    assert (
        len(str(first["what"])) == observing.LONGEST_TEXT and first["key"] == "ff00" and first["odd"] is None
    )
    assert set(second) == {"at", "who", "event"} and heard == ["refused", "plain"]


def test_a_log_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing, "LARGEST_LOG_BYTES", 2000)
    log = Log(tmp_path / "log", "POL")
    for i in range(100):
        log("event", number=i)
    log.close()
    assert lines_of(tmp_path / "log")[-1]["number"] == 99
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 5000


def test_a_log_on_a_full_disk_loses_lines_and_stops_nothing(tmp_path: Path) -> None:
    log = Log(tmp_path / "log", "POL")
    log.close()
    log("event")  # as a disk that takes nothing
    assert log.lost == 1
    with pytest.raises(InputError, match="cannot be written"):
        Log(tmp_path / "nowhere" / "log", "POL")


def get(port: int, path: str, host: str = "") -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    found = (answer.status, answer.headers["Content-Type"], answer.read())
    connection.close()
    return found


def test_pages_are_on_loopback_and_for_this_machine_alone() -> None:
    window = Window(0, lambda: Latency(count=3), lambda: [Family("a", "gauge", "b").add(1)])
    try:
        assert window._server.server_address[0] == "127.0.0.1"
        assert get(window.port, "/health")[:2] == (200, "application/json")
        assert json.loads(get(window.port, "/health?x=1")[2])["count"] == 3
        assert get(window.port, "/metrics")[1:] == (
            observing.OPENMETRICS,
            b"# TYPE a gauge\n# HELP a b\na 1\n# EOF\n",
        )
        assert get(window.port, "/")[0] == 404
        assert get(window.port, "/health", host="evil.example:80")[0] == 404
        with pytest.raises(InputError, match="cannot be listened at"):
            Window(window.port, dict, list, "node.yaml")
    finally:
        window.close()


def test_a_page_that_cannot_be_made_yet() -> None:
    def fails() -> object:
        raise RuntimeError("not yet")

    window = Window(0, fails, list)
    try:
        assert get(window.port, "/health")[0] == 503
        assert get(window.port, "/metrics")[0] == 200
    finally:
        window.close()
