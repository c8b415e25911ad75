"""A node, or the range, run from the command line until Ctrl-C or its end."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import synaspis


def node_command(
    nation: str, config: Path, measurements: Path | None, speed: float | None, follow: bool
) -> None:
    """Run a nation's node."""
    from synaspis.cli.network_folder import check_speed
    from synaspis.errors import InputError, Problem
    from synaspis.network.config import load_node
    from synaspis.network.processes import follow_parent, stopped_by_signals

    if speed is not None:
        check_speed(speed)
        if measurements is None:
            mend = "give --input too; without it the range says how fast time goes"
            raise InputError([Problem("--speed", 0, 0, "there is no recording to play", mend)])
    read = load_node(config, dt.datetime.now(dt.UTC), nation)
    for doubt in read.doubts:
        print(f"{doubt}\n    the node carries on without that nation", file=sys.stderr)
    from synaspis.network.hosting import Hosted, run_node

    def opened(_: Hosted) -> None:
        at = read.addresses[nation]
        print(f"{nation} listens at {at.host}:{at.port}", flush=True)
        if read.metrics_port:
            print(f"http://127.0.0.1:{read.metrics_port}/health", flush=True)

    with stopped_by_signals() as stop:
        if follow:
            follow_parent(stop)
        else:
            _compile(stop)
        run_node(read, synaspis.__version__, stop, measurements, speed, opened)


def range_command(folder: Path, wait_s: float, follow: bool, streams: Mapping[str, str | None]) -> None:
    """Run the range of a network's folder; `streams` says where other programs are told of the raid."""
    from synaspis.cli.streams import stream_places
    from synaspis.network.config import RANGE_FILE, load_range
    from synaspis.network.founding import RANGE_FOLDER
    from synaspis.network.processes import follow_parent, stopped_by_signals

    told_to = stream_places(streams)
    read = load_range(folder / RANGE_FOLDER / RANGE_FILE, dt.datetime.now(dt.UTC))
    for doubt in read.doubts:
        print(f"{doubt}\n    the range carries on without that nation", file=sys.stderr)
    from synaspis.interop.feeds import outlets
    from synaspis.interop.live import Drill, streaming
    from synaspis.network.range_hosting import HostedRange
    from synaspis.network.streaming import source

    with stopped_by_signals() as stop:
        told = threading.Event()
        if follow:
            follow_parent(stop, told)
        else:
            _compile(stop)
        with HostedRange(read, synaspis.__version__, wait_s) as hosted:
            hosted.begin = told
            print(f"the range waits for {len(read.addresses) - 1} nodes", flush=True)
            assert hosted.host is not None
            drill = Drill(name=read.case.name, starts=read.case.file.starts)
            told_of = source(hosted.host, hosted.sites)
            with streaming(told_of, outlets(told_to, drill), _say):
                hosted.run(stop)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _compile(stop: threading.Event) -> None:
    """Have kernels compiled now, where they are not: in a raid there is no time for it."""
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.network.local import compile_once

    with progress_on_terminal() as progress:
        compile_once(progress or (lambda _stage, _fraction: None), stop)
