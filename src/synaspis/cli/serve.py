"""`synaspis serve`: a run's report in the browser, and the editor of its case."""

from __future__ import annotations

import sys
from pathlib import Path

from synaspis.errors import InputError, RunFolderError
from synaspis.server.report_server import serve
from synaspis.server.run_report import newest, read

COMMAND = (sys.executable, "-m", "synaspis.cli.edited_run")


def serve_command(run: Path | None, port: int, edits: Path | None) -> None:
    """Serve until interrupted; whatever runs then is ended too."""
    from synaspis.api.desk import Desk

    folder = run or newest()
    shown = read(folder)
    for notice in shown.notices:
        print(notice, file=sys.stderr)
    if edits is not None and edits.exists() and not edits.is_dir():
        raise RunFolderError(f"--edits: {edits} is no folder; give one for the changed cases and their runs")
    try:
        desk = Desk(folder, edits, COMMAND)
    except (RunFolderError, InputError):
        desk = None  # the page shows what there is; what is wrong with the folder was said
    try:
        serve(shown, port, lambda words: print(words, flush=True), desk)
    finally:
        if desk is not None:
            desk.close()
