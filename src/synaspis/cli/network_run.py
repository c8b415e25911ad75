"""`synaspis network CASE`: a network on this machine, from its keys to its totals."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.cli.network_folder import check_speed
from synaspis.cli.output import print_json
from synaspis.cli.progress import progress_on_terminal
from synaspis.cli.streams import stream_places

if TYPE_CHECKING:
    from synaspis.model.network_status import NetworkTotals, NetworkView
    from synaspis.network.local import Local

DRAWN_S = 0.5
"""The board is drawn so often."""
SAID_S = 10.0
"""Where nobody looks at a terminal, a line is said so often."""


def run_command(
    case: str, regime: str | None, speed: float, seed: int, folder: Path | None, as_json: bool,
    streams: Mapping[str, str | None],
) -> None:  # fmt: skip
    """Run it until the raid is over, or Ctrl-C; then the totals. `streams` as the range has them."""
    from synaspis.files.case import load
    from synaspis.network.local import Local
    from synaspis.network.processes import stopped_by_signals

    loaded = load(case)
    check_speed(speed)
    stream_places(streams)
    told = [word for option, place in streams.items() if place is not None for word in (option, place)]
    chosen = regime or loaded.file.compare.headline
    with _folder(folder) as home, stopped_by_signals() as stop:
        totals = _play(Local(loaded, chosen, home, dt.datetime.now(dt.UTC), seed, speed, told), stop, as_json)
        # A folder that nobody asked for is gone in a moment: it is not named.
        _give(replace(totals, folder=str(folder or "")), as_json)


@contextlib.contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    """The folder that was asked for, or one that is gone afterwards."""
    if wanted is not None:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="synaspis-network-") as made:
        yield Path(made) / "network"


def _play(local: Local, stop: threading.Event, as_json: bool) -> NetworkTotals:
    with local:
        with progress_on_terminal() as progress:
            local.start(progress or _nobody, stop)
        said = _say_lost(local, set())
        if as_json or not sys.stdout.isatty():
            said = _lines(local, stop, said)
        else:
            _board(local, stop)
        local.end()
        _say_lost(local, said)
    return local.totals()


def _nobody(_stage: str, _fraction: float) -> None:
    """Progress to nobody."""


def _views(local: Local, stop: threading.Event) -> Iterator[NetworkView]:
    """The network as it stands, again and again until the raid is over, everybody is gone, or `stop`."""
    while not stop.is_set():
        yield local.view()
        if local.over:
            return
        stop.wait(DRAWN_S)


def _board(local: Local, stop: threading.Event) -> None:
    from rich.console import Console
    from rich.live import Live

    from synaspis.report.network_terminal import Board

    with Live(console=Console(highlight=False), auto_refresh=False, transient=True) as live:
        for view in _views(local, stop):
            live.update(Board(view), refresh=True)


def _say_lost(local: Local, said: set[str]) -> set[str]:
    """Say whose process has ended by itself, each once."""
    lost = local.lost()
    for told in lost:
        if told not in said:
            print(told, file=sys.stderr)
    return said | set(lost)


def _lines(local: Local, stop: threading.Event, said: set[str]) -> set[str]:
    """A line on standard error now and then, for a log."""
    from synaspis.report.network_terminal import line

    said_s = -SAID_S
    for view in _views(local, stop):
        said = _say_lost(local, said)
        if time.monotonic() - said_s >= SAID_S:
            said_s = time.monotonic()
            print(line(view), file=sys.stderr)
    return said


def _give(totals: NetworkTotals, as_json: bool) -> None:
    if as_json:
        import msgspec

        from synaspis.model.network_status import totals_document

        print_json(msgspec.to_builtins(totals_document(totals)))
        return
    from rich.console import Console

    from synaspis.report.network_terminal import render_totals

    render_totals(totals, Console(highlight=False))
