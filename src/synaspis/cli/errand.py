"""Runs one errand of `synaspis serve` in a process of its own: `python -m synaspis.cli.errand edited|case`.

Its errand is one line of JSON on standard input. It says on standard output how far it is, a line of JSON at
a time, and ends when its standard input does, however whoever started it ended.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

REMIND_S, REMINDERS = 0.5, 6


def _tell(**words: object) -> None:
    print(json.dumps(words), flush=True)


def _follow_parent() -> None:
    """Interrupt this process when its standard input ends; native code may lose that, so again."""
    sys.stdin.read()
    for _ in range(REMINDERS):
        signal.raise_signal(signal.SIGINT)
        time.sleep(REMIND_S)
    os._exit(130)


def _do(kind: str, line: str) -> None:
    import msgspec

    from synaspis.api.edited import Errand, run_edited
    from synaspis.api.gallery import CaseErrand, run_case

    def path(kind: type[Any], told: object) -> Path:
        return Path(str(told))

    def progress(words: str, part: float) -> None:
        _tell(words=words, part=part)

    if kind == "case":
        asked = msgspec.json.decode(line, type=CaseErrand, dec_hook=path)
        threading.Thread(target=_follow_parent, daemon=True).start()
        _tell(done=str(run_case(asked, progress)))
        return
    errand = msgspec.json.decode(line, type=Errand, dec_hook=path)
    threading.Thread(target=_follow_parent, daemon=True).start()
    run_edited(errand, progress)


def main() -> int:
    """Run the errand; 0 done, 1 failed, 130 interrupted."""
    import msgspec

    from synaspis.errors import SynaspisError

    try:
        _do(sys.argv[1], sys.stdin.readline())
    except KeyboardInterrupt:
        return 130
    except (SynaspisError, OSError, msgspec.MsgspecError) as problem:
        _tell(failed=str(problem))
        return 1
    except MemoryError:
        _tell(failed="this takes more memory than there is; ask for fewer trials")
        return 1
    return 0


if __name__ == "__main__":
    gc.set_threshold(100_000, 50, 100)
    code = main()
    sys.stdout.flush()
    os._exit(code)
