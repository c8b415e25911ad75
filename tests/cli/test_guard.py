"""Ctrl-C ends a command, wherever it falls."""

from __future__ import annotations

import os
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


AT_ONCE = """
import atexit, sys, threading, time
from synaspis.cli.guard import at_once
class Late:
    def __del__(self):
        print("taken apart")
held = Late()
atexit.register(print, "done at exit")
sys.stdout.write("written ")
{also}
try:
    sys.exit({code!r})
except SystemExit as end:
    at_once(end)
"""
AT_WORK = "threading.Thread(target=lambda: (time.sleep(0.2), print('worked'))).start()"


def ended(code: object, also: str = "") -> tuple[int, str]:
    """Exit code and what was printed."""
    script = AT_ONCE.format(code=code, also=also)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("code", "left"), [(0, 0), (None, 0), (2, 2), (130, 130)])
def test_a_command_ends_at_once_with_all_that_it_had_to_say(code: object, left: int) -> None:
    assert ended(code) == (left, "written done at exit\n")


@pytest.mark.parametrize(("code", "also", "left"), [(3, AT_WORK, 3), ("words", "", 1)])
def test_it_ends_the_usual_way_where_something_still_goes_on(code: object, also: str, left: int) -> None:
    status, told = ended(code, also)
    assert (status, "taken apart" in told, "worked" in told) == (left, True, bool(also))


def test_a_reader_that_has_gone_is_no_fault() -> None:
    script = AT_ONCE.format(code=0, also="sys.stdin.read()")
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    ) as program:
        assert program.stdin and program.stdout and program.stderr
        program.stdout.close()
        program.stdin.close()
        assert (program.stderr.read(), program.wait(timeout=30)) == (b"", 1)
