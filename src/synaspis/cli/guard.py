"""From errors to exit codes: 0 done, 2 the input is wrong, 1 anything else, 130 interrupted."""

from __future__ import annotations

import atexit
import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from synaspis.errors import InputError, JournalError, RunFolderError, SynaspisError, UnreachableError

if TYPE_CHECKING:
    import typer

DEBUG_VARIABLE = "SYNASPIS_DEBUG"
STOPPED = "\nstopped; no run folder was left behind"
REMIND_S, REMINDERS = 0.5, 5
"""How often a Ctrl-C that nothing came of is raised again before the process leaves without more ado."""


def guarded(function: Callable[..., None]) -> Callable[..., None]:
    """`function`, leaving with an exit code and a line on standard error instead of a traceback."""

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> None:
        try:
            with _heeded():
                function(*args, **kwargs)
        except KeyboardInterrupt:
            print(STOPPED, file=sys.stderr)
            _leave(130)
        except BrokenPipeError:
            # The reader has gone (`| head`): nothing more to say, and nothing to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except (InputError, JournalError, RunFolderError, UnreachableError) as error:
            print(error, file=sys.stderr)
            sys.exit(2)
        except Exception as error:
            if _is_exit(error):
                raise
            sys.exit(_tell(error))

    return wrapped


Registers = Callable[[Callable[..., None]], Callable[..., None]]


def commands_of(app: typer.Typer) -> Callable[[str | None, str], Registers]:
    """How commands are added to `app`: by name (None: the function's) and with an example.

    Their errors become a line of text and an exit code.
    """

    def command(name: str | None, example: str) -> Registers:
        def register(function: Callable[..., None]) -> Callable[..., None]:
            app.command(name, epilog=f"Example: {example}")(guarded(function))
            return function

        return register

    return command


@contextmanager
def _heeded() -> Iterator[None]:
    """Ctrl-C is not lost: Python drops it where it falls into a callback of native code, as the compiler's.

    A thread that hears of it at once raises it again; where the main thread stays in native code, it leaves
    for it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = os.pipe()
    os.set_blocking(told, False)
    left = threading.Event()
    watcher = threading.Thread(target=_remind, args=(heard, left), daemon=True)
    watcher.start()
    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    try:
        yield
    finally:
        left.set()
        signal.set_wakeup_fd(before)
        os.close(told)  # which ends the watcher, if nothing has
        watcher.join(REMIND_S)
        os.close(heard)  # not before: a reminder into a pipe that nobody reads would be told of as an error


def _remind(heard: int, left: threading.Event) -> None:
    """Raise a Ctrl-C again and again until the command is `left`; then leave for it."""
    signals = b""
    while signal.SIGINT not in signals:
        signals = os.read(heard, 16)
        if not signals:
            return
    for _ in range(REMINDERS):
        if left.wait(REMIND_S):
            return
        signal.raise_signal(signal.SIGINT)
    if not left.wait(REMIND_S):
        print(STOPPED, file=sys.stderr)
        _leave(130)


def _leave(code: int) -> None:
    """Leave now: Python would wait for threads, and one that compiles takes a minute."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def at_once(end: SystemExit) -> None:
    """End the process as `end` says, without taking every object apart: a sixth of a short command.

    What is to be done at exit is done and what was printed is written, where somebody still reads it. It
    ends the usual way while threads are at work, and where a debugger or profiler looks on.
    """
    code = end.code or 0
    if threading.active_count() > 1 or sys.gettrace() or sys.getprofile() or not isinstance(code, int):
        raise end
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = code or 1
    os._exit(code)


def _is_exit(error: Exception) -> bool:
    """True for the command-line library's own ways to leave (exit codes and usage errors)."""
    return hasattr(error, "exit_code")


def _tell(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        traceback.print_exception(error)
    elif isinstance(error, SynaspisError | OSError):
        print(f"synaspis: {error}", file=sys.stderr)
    elif isinstance(error, MemoryError):
        print("synaspis: this takes more memory than there is; ask for fewer trials", file=sys.stderr)
    else:
        print(
            f"synaspis: {type(error).__name__}: {error}\n"
            f"This is a fault of the program. {DEBUG_VARIABLE}=1 shows where it happened.",
            file=sys.stderr,
        )
    return 1
