"""A network of processes: from its keys to its totals, one killed, none left over. Few and quick."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from synaspis.files import case as cases
from synaspis.model.network_status import NodeStatus
from synaspis.network import config
from synaspis.network.auditing import audit
from synaspis.network.processes import ask, free_ports

pytest.importorskip("zenoh")
pytestmark = pytest.mark.processes
PATIENCE_S = 900.0
"""Kernels may have to be compiled first."""
NATIONS = ("USA", "ROU", "BGR")
COMMAND = (sys.executable, "-m", "synaspis.cli.main")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The smallest case that ships, with three nations of its four."""
    told = cases.load("first-light").text.decode()
    for old, new in (
        ("[USA, ROU, TUR, BGR]", "[USA, ROU, BGR]"),
        (", host: TUR", ""),
        ("parties: [USA, ROU, TUR]", "parties: [USA, ROU]"),
        ("      - {id: base-2, by: TUR, sites: [kurecik], scope: [use]}\n", ""),
    ):
        assert old in told
        told = told.replace(old, new)
    path = tmp_path / "three.yaml"
    path.write_text(told, encoding="utf-8")
    return path


@contextlib.contextmanager
def started(*words: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`synaspis WORDS`; it is gone afterwards."""
    with (folder / "out.txt").open("wb") as out, (folder / "err.txt").open("wb") as err:
        one = subprocess.Popen([*COMMAND, *words], stdout=out, stderr=err, start_new_session=True)
        try:
            yield one
        finally:
            if one.poll() is None:
                one.kill()
            one.wait()


def until(true: Callable[[], bool], one: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for something to become true while a process runs."""
    ends_s = time.monotonic() + PATIENCE_S
    while not true():
        told = (folder / "err.txt").read_text()
        assert one.poll() is None, told
        assert time.monotonic() < ends_s, told
        time.sleep(0.1)


def ports(network: Path) -> dict[str, int]:
    """Where each nation's node says how it does; none before all are set up."""
    files = {n: network / n / config.NODE_FILE for n in NATIONS}
    if not all(f.is_file() for f in files.values()):
        return {}
    return {n: config.peek(f).metrics_port for n, f in files.items()}


def statuses(network: Path) -> dict[str, NodeStatus]:
    found = {n: ask(port, NodeStatus) for n, port in ports(network).items()}
    return {n: s for n, s in found.items() if s is not None}


def lives(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux has them")
def test_a_network_plays_and_one_that_is_killed_leaves_the_others(case: Path, tmp_path: Path) -> None:
    network = tmp_path / "drill"
    words = ("network", str(case), "--speed", "60", "--dir", str(network), "--json")
    with started(*words, folder=tmp_path) as one:

        def played() -> bool:
            told = statuses(network)
            return len(told) == 3 and all(told[n].received_by.get("track", 0) > 5 for n in ("ROU", "BGR"))

        until(played, one, tmp_path)
        told = statuses(network)
        killed = told["BGR"].process
        os.kill(killed, signal.SIGKILL)
        so_far = told["ROU"].received_by["track"]
        until(lambda: statuses(network)["ROU"].received_by["track"] > so_far + 5, one, tmp_path)
        one.send_signal(signal.SIGINT)
        assert one.wait(60.0) == 0, (tmp_path / "err.txt").read_text()
    assert not any(lives(s.process) for s in told.values())
    assert "BGR: its process ended by signal 9" in (tmp_path / "err.txt").read_text()
    document = json.loads((tmp_path / "out.txt").read_text())
    nations = document["nations"]
    assert (nations["BGR"]["gone"] is not None, nations["ROU"]["gone"]) == (True, None)
    assert [nations[n]["journal"]["whole"] for n in NATIONS] == [True, True, True]
    sent = audit(network / "USA" / "USA.journal").released
    assert {p.product for p in sent} == {"alert", "track"} and {p.clauses for p in sent} == {("bmd-1",)}
    assert not document["finished"] and nations["ROU"]["status"]["latency"]["track"]["count"] > 5


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes as Linux has them")
def test_no_process_outlives_whoever_started_it(case: Path, tmp_path: Path) -> None:
    network = tmp_path / "drill"
    with started("network", str(case), "--dir", str(network), folder=tmp_path) as one:
        until(lambda: len(statuses(network)) == 3, one, tmp_path)
        children = [s.process for s in statuses(network).values()]
        one.kill()
        one.wait()
        ends_s = time.monotonic() + 20.0
        while any(map(lives, children)) and time.monotonic() < ends_s:
            time.sleep(0.1)
    assert not any(map(lives, children))


def test_free_ports_are_all_different() -> None:
    found = free_ports(50)
    assert len(set(found)) == 50 and all(0 < p < 65536 for p in found)
