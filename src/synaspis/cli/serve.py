"""`synaspis serve`: the cases and runs in the browser, or one run's report and the editor of its case."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.errors import InputError, RunFolderError
from synaspis.server.report_server import Site, serve
from synaspis.server.run_report import read

if TYPE_CHECKING:
    from synaspis.api.desk import Desk

COMMAND = (sys.executable, "-m", "synaspis.cli.errand")
RUNS = Path("runs")


def serve_command(run: Path | None, port: int, edits: Path | None) -> None:
    """Serve until interrupted; whatever runs then is ended too."""
    with ExitStack() as opened:
        if run is None:
            _serve_gallery(port, edits, opened)
        else:
            _serve_run(run, port, edits, opened)


def _say(words: str) -> None:
    print(words, flush=True)


def _serve_run(folder: Path, port: int, edits: Path | None, opened: ExitStack) -> None:
    shown = read(folder)
    for notice in shown.notices:
        print(notice, file=sys.stderr)
    if edits is not None and edits.exists() and not edits.is_dir():
        raise RunFolderError(f"--edits: {edits} is no folder; give one for the changed cases and their runs")
    serve(Site(shown, _desk(folder, edits, opened)), str(folder), port, _say)


def _serve_gallery(port: int, edits: Path | None, opened: ExitStack) -> None:
    from synaspis.api.gallery import Gallery
    from synaspis.server.gallery_site import GallerySite

    if edits is not None:
        raise RunFolderError("--edits is of one run's editor: name the run, too")
    gallery = Gallery(RUNS, (*COMMAND, "case"))
    opened.callback(gallery.close)
    site = GallerySite(gallery, cache(lambda folder: _desk(folder, None, opened)))
    serve(site, "All cases and runs", port, _say)


def _desk(folder: Path, edits: Path | None, opened: ExitStack) -> Desk | None:
    """The editor of a run, None where its case cannot be changed; closed with `opened`."""
    from synaspis.api.desk import Desk

    try:
        desk = Desk(folder, edits, (*COMMAND, "edited"))
    except (RunFolderError, InputError):
        return None  # the page shows what there is; what is wrong with the folder was said
    opened.callback(desk.close)
    return desk
