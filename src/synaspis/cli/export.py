"""`synaspis export`: one trial of a run, for other programs."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from synaspis.errors import InputError, Problem


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    to: Annotated[
        str,
        typer.Option(metavar="FORMAT", help="czml, kml, geojson, csv, oem, cot, asterix, dis or stanag4774."),
    ],
    regime: Annotated[str | None, typer.Option(help="The regime (default: the headline's).")] = None,
    trial: Annotated[
        int | None, typer.Option(help="The trial (default: the one that the report plays).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where (default: beside RUN; `-` is standard output)."),
    ] = None,
    label: Annotated[
        bool, typer.Option("--label", help="Write the file's confidentiality label beside it.")
    ] = False,
    udp: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Send it there instead, in the raid's time.")
    ] = None,
    speed: Annotated[
        float | None,
        typer.Option(help="With --udp: seconds of the raid to one of the clock (default: 1; 0: at once)."),
    ] = None,
    of: Annotated[str | None, typer.Option(metavar="NAME", help="The satellite, for oem.")] = None,
) -> None:
    """Write a trial for other programs: sites, the missiles' ways and what happened, marked EXERCISE."""
    if label and (udp is not None or out == Path("-")):
        raise InputError([Problem("--label", 0, 0, "is written beside a file", "name one with --out")])
    if of is not None and (udp is not None or speed is not None):
        raise InputError([Problem("--of", 0, 0, "with --udp all is sent", "leave one of the two out")])
    if udp is not None or speed is not None:
        _send(run, to, regime, trial, out, udp, 1.0 if speed is None else speed)
        return
    # A file is written before garbage is worth collecting; looking for it takes a tenth of the time.
    collected = gc.isenabled()
    gc.disable()
    try:
        _write(run, to, regime, trial, out, label, of)
    finally:
        if collected:
            gc.enable()


def _write(
    run: Path, to: str, regime: str | None, trial: int | None, out: Path | None, label: bool, of: str | None
) -> None:
    from synaspis.api import exports

    if out == Path("-"):
        sys.stdout.buffer.write(exports.document(run, to, regime, trial, of=of)[0])
    else:
        print(f"Written: {exports.export(run, to, regime, trial, out, label, _remark, of)}")


def _remark(line: str) -> None:
    print(line, file=sys.stderr)


def _send(
    run: Path, to: str, regime: str | None, trial: int | None, out: Path | None, udp: str | None, speed: float
) -> None:
    """Send the trial's packets until the last, or Ctrl-C."""
    from synaspis.api import exports
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.interop.udp import Sender, play
    from synaspis.network.processes import stopped_by_signals

    packets, place = exports.datagrams(run, to, udp, speed, regime, trial, out)
    if place.leaves:
        print(place.leaves, file=sys.stderr)
    sender = Sender(place)
    with stopped_by_signals() as stop, progress_on_terminal() as progress:

        def moved(part: float) -> None:
            if progress:
                progress(f"{sender.sent:,} of {len(packets):,} datagrams", part)

        play(packets, sender, speed, stop, moved)
    sender.close()
    if sender.lost:
        print(f"{sender.lost:,} datagrams could not be sent; the first: {sender.trouble}", file=sys.stderr)
    if stop.is_set():
        print(f"stopped: {sender.sent:,} of {len(packets):,} datagrams sent", file=sys.stderr)
        raise typer.Exit(130)
    print(f"Sent: {sender.sent:,} datagrams to {place.told}")
    if not sender.sent:
        raise typer.Exit(1)
