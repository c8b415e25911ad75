"""`synaspis exercise`: what is asked for wrongly is said before anything is opened, and the calm line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from synaspis.cli.exercise import _play, line
from synaspis.errors import ServerError
from synaspis.interop import dis
from synaspis.interop.dis_records import Emission, EntityState, Pdu, StartResume, StopFreeze
from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--speed", "0"], "0 is no speed of an exercise"),
        (["--speed", "nan"], "nan is no speed of an exercise"),
        (["--observer", "all"], "`all` is nothing that an observer sees"),
        (["--resume"], "there is no record to go on with"),
        (
            ["--resume", "--log", "x.log", "--plan", "x.yaml"],
            "--plan: a record that is gone on with has its own",
        ),
        (["--resume", "--log", "x.log", "--seed", "1"], "--seed: a record that is gone on with has its own"),
        (["--resume", "--log", "x.log", "--notional"], "--notional: a record"),
        (["--listen", "0.0.0.0:8478"], "without TLS"),
        (["--listen", "8478"], "no place to listen at"),
        (["--tls-cert", "c.pem"], "--tls-key: missing"),
        (["--dis", "0", "--cot", "h:x", "--speed", "0"], "3 problems"),
        (["--cot", "6969:"], "--cot: `6969:` is no place to send to"),
    ],
)
def test_what_is_asked_wrongly(
    options: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert call(["exercise", "first-light", *options], monkeypatch) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_line_says_how_it_stands() -> None:
    shown = {
        "clock": {"case_s": 200.4, "state": "running", "speed": 2.0},
        "health": {"behind_s": 1.5, "trouble": "the disk is full"},
    }
    presence = {"POL": {"sessions": 2}, "DEU": {"sessions": 0}, "director": {"sessions": 1}}
    told = line(shown, presence, 7)
    assert told.split("  ") == [
        "running", "3:20", "2×", "2 of 3 seats taken", "1.5 s behind", "7 refused", "the disk is full",
    ]  # fmt: skip
    assert line({}, {}, 0).endswith("0 of 0 seats taken")


class Opened:
    """`synaspis exercise` in a process of its own, and the links that it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.base, self.tokens = "", {}  # type: ignore[var-annotated]
        assert process.stdout is not None
        for told in process.stdout:
            if found := re.search(r"(http://\S+)/#([^.]+)\.(\S+)", told):
                self.base = found[1]
                self.tokens[found[2]] = found[3]
            if told.startswith("Each link"):
                return
        raise AssertionError("it did not open")

    def joined(self, seat: str) -> str:
        """The cookie of who redeems the seat's link."""
        told = httpx.post(
            f"{self.base}/seats/{seat}/join", json={"invite": self.tokens[seat]}, trust_env=False,
            headers={"Origin": self.base},
        )  # fmt: skip
        return told.headers["set-cookie"].split(";")[0]

    def connected(self, seat: str, cookie: str) -> ClientConnection:
        address = f"ws{self.base[4:]}/seats/{seat}/ws"
        return connect(
            address,
            origin=self.base,
            additional_headers={"Cookie": cookie},
            compression=None,
            ping_interval=None,
            max_size=None,
        )


@contextmanager
def opened(folder: Path, *options: str) -> Iterator[Opened]:
    words = [sys.executable, "-m", "synaspis.cli.main", "exercise", "first-light", *options]
    ours = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        words, cwd=folder, env=ours, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield Opened(process)
    finally:
        process.kill()
        process.wait()


def until(line: ClientConnection, id: str) -> tuple[bool, dict[str, Any]]:
    """Whether an input was taken, and the clock with its frame."""
    for _ in range(60):
        told = json.loads(line.recv(timeout=60))
        for ack in told.get("acks", ()):
            if ack["id"] == id:
                return ack["ok"], told
    raise AssertionError("it was not answered")


@pytest.mark.processes
def test_a_drill_that_is_killed_goes_on_and_everybody_is_in_their_seat(tmp_path: Path) -> None:
    start = json.dumps({"id": "s", "do": {"type": "control", "to": "start"}})
    with opened(tmp_path, "--log", "d.log", "--listen", "127.0.0.1:0") as drill:
        director, romania = drill.joined("director"), drill.joined("ROU")
        with drill.connected("director", director) as line:
            line.send(start)
            assert until(line, "s")[0]
        base = drill.base
        drill.process.kill()
        drill.process.wait()
    resumed = ("--log", "d.log", "--resume", "--listen", base.removeprefix("http://"))
    with opened(tmp_path, *resumed) as drill:
        with drill.connected("director", director) as line:
            assert json.loads(line.recv(timeout=60))["doc"]["clock"]["state"] == "paused"
            line.send(start)
            ok, _ = until(line, "s")
            assert ok, "the same id is answered as the first time"
        with drill.connected("ROU", romania) as line:
            line.send(start)
            assert not until(line, "s")[0], "time is the director's"
        drill.process.send_signal(signal.SIGINT)
        assert drill.process.wait(120) == 0


@pytest.mark.parametrize("fails", [True, False])
def test_what_fails_while_it_serves_does_not_close_the_record(fails: bool, tmp_path: Path) -> None:
    done: list[str] = []
    session = SimpleNamespace(key="k", leave=lambda: done.append("left"), close=lambda: done.append("closed"))

    def serve() -> None:
        if fails:
            raise ServerError("the doors cannot be read")

    with pytest.raises(ServerError, match="doors" if fails else "--resume --log x.log"):
        _play(session, Path("x.log"), serve, threading.Event())  # type: ignore[arg-type]
    assert done == ["left"]
    stop = threading.Event()
    stop.set()
    _play(session, Path("x.log"), lambda: None, stop)  # type: ignore[arg-type]
    assert done == ["left", "closed"]


@pytest.mark.processes
def test_a_drill_is_told_to_other_programs_from_its_start_to_its_end(tmp_path: Path) -> None:
    start = json.dumps({"id": "s", "do": {"type": "control", "to": "start"}})
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(60.0)
        port = str(ear.getsockname()[1])
        with opened(tmp_path, "--log", "d.log", "--listen", "127.0.0.1:0", "--dis", port) as drill:
            kinds = heard(ear, StopFreeze)
            assert set(kinds) == {EntityState, StopFreeze}, "sites, and that time stands still"
            director = drill.joined("director")
            with drill.connected("director", director) as line:
                line.send(start)
                assert until(line, "s")[0]
            assert StartResume in heard(ear, Emission)
            drill.process.send_signal(signal.SIGINT)
            assert heard(ear, StopFreeze)[-1] is StopFreeze
            assert drill.process.wait(120) == 0


def heard(ear: socket.socket, last: type[Pdu]) -> list[type[Pdu]]:
    """The kinds of PDU that came, up to and including one."""
    kinds: list[type[Pdu]] = []
    while not kinds or kinds[-1] is not last:
        pdu = dis.decode(ear.recv(2000))
        assert not isinstance(pdu, dis.Malformed)
        kinds.append(type(pdu))
    return kinds
