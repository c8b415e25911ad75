"""From errors to exit codes: 0 done, 2 the input is wrong, 1 anything else, 130 interrupted."""

from __future__ import annotations

import functools
import os
import sys
import threading
import traceback
from collections.abc import Callable

from synaspis.errors import InputError, RunFolderError, SynaspisError, UnreachableError

DEBUG_VARIABLE = "SYNASPIS_DEBUG"


def guarded(function: Callable[..., None]) -> Callable[..., None]:
    """`function`, leaving with an exit code and a line on standard error instead of a traceback."""

    @functools.wraps(function)
    def wrapped(*args: object, **kwargs: object) -> None:
        try:
            function(*args, **kwargs)
        except KeyboardInterrupt:
            print("\nstopped; no run folder was left behind", file=sys.stderr)
            _leave(130)
        except BrokenPipeError:
            # The reader has gone (`| head`): nothing more to say, and nothing to say it to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except (InputError, RunFolderError, UnreachableError) as error:
            print(error, file=sys.stderr)
            sys.exit(2)
        except Exception as error:
            if _is_exit(error):
                raise
            sys.exit(_tell(error))

    return wrapped


def _leave(code: int) -> None:
    """Leave now: Python would wait for threads, and one that compiles takes a minute."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _is_exit(error: Exception) -> bool:
    """True for the command-line library's own ways to leave (exit codes and usage errors)."""
    return hasattr(error, "exit_code")


def _tell(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        traceback.print_exception(error)
    elif isinstance(error, SynaspisError | OSError):
        print(f"synaspis: {error}", file=sys.stderr)
    else:
        print(
            f"synaspis: {type(error).__name__}: {error}\n"
            f"This is a fault of the program. {DEBUG_VARIABLE}=1 shows where it happened.",
            file=sys.stderr,
        )
    return 1
