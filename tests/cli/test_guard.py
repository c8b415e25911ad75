"""Ctrl-C ends a command, wherever it falls."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from synaspis.cli.guard import guarded

BEFORE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's & has children ignore it
from synaspis.cli.guard import guarded
@guarded
def command():
"""
LOST = """
import ctypes, time
def spin(end):
    while time.monotonic() < end:
        pass
callback = ctypes.CFUNCTYPE(None)(lambda: spin(time.monotonic() + 1.5))
print("ready", flush=True)
callback()  # what is raised in here Python prints and drops
time.sleep(100)
"""
BUSY = """
import hashlib
print("ready", flush=True)
hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)  # minutes in native code, which looks at no signal
"""


@pytest.mark.long
@pytest.mark.parametrize("body", [LOST, BUSY], ids=["dropped in a callback", "in native code"])
def test_ctrl_c_is_not_lost(body: str) -> None:
    program = BEFORE + "".join(f"    {line}\n" for line in body.strip().splitlines())
    with subprocess.Popen(
        [sys.executable, "-c", program + "command()"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.5)  # it is in native code by then
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=50)
        finally:
            process.kill()
    assert process.returncode == 130
    assert "stopped; no run folder was left behind" in told


def test_too_little_memory_is_no_fault_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    def command() -> None:
        raise MemoryError("Unable to allocate 745. GiB")

    with pytest.raises(SystemExit) as left:
        guarded(command)()
    assert left.value.code == 1
    assert capsys.readouterr().err == (
        "synaspis: this takes more memory than there is; ask for fewer trials\n"
    )


DEAF = """
import os, signal, threading, time
from synaspis.cli.guard import _heeded
signal.signal(signal.SIGINT, lambda *_: None)
with _heeded():
    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
    end = time.monotonic() + 1.0
    while time.monotonic() < end:
        time.sleep(0.02)
"""


def test_reminders_make_no_noise() -> None:
    """A main thread that stays deaf is reminded, and nothing is said of broken pipes."""
    done = subprocess.run([sys.executable, "-c", DEAF], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
