"""`synaspis warn CASE`: who is warned and when; of a raid, of one watched live, or of a recording."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

Recording = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Instead of a raid: a table of measurements, or a recording (ASTERIX, DIS)."
    ),
]
SourceMap = Annotated[
    str | None,
    typer.Option(
        metavar="MAP", help="Which radar each source of a recording is: 25/10=kurecik,... or a file."
    ),
]
SecondZero = Annotated[
    str | None,
    typer.Option(metavar="UTC", help="Second 0 by the recording's clock (default: the case's start)."),
]


def warn(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="A case file, or the name of a case that ships.")
    ],
    regime: Annotated[
        list[str] | None, typer.Option(help="Only this regime; may be given several times (default: all).")
    ] = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="Random draws of the raid (default: 200).")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-warn-HASH).")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Watch the raid unfold by real trackers, under one regime.")
    ] = False,
    speed: Annotated[
        float | None,
        typer.Option(help="Seconds of raid to one of the clock (default: 20 with --live); 0 for no waiting."),
    ] = None,
    measurements: Recording = None,
    stations: SourceMap = None,
    second_0: SecondZero = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
) -> None:
    """Which nation knows what of a launch, and when; who is warned, and by which clause."""
    from synaspis.cli.live import live_command, refuse

    if measurements is not None:
        from synaspis.cli.heard import heard_command

        others = {"--trials": trials, "--out": out, "--jobs": jobs, "--live": live or None}
        refuse(others, "a recording is heard once, and no folder is written")
        heard_command(case, measurements, regime, stations, second_0, seed, speed or 0.0, as_json)
        return
    refuse({"--stations": stations, "--second-0": second_0}, "there is no recording")
    if live:
        refuse({"--trials": trials, "--out": out}, "a raid is watched live once, and no folder is written")
        live_command(case, regime, seed, jobs, 20.0 if speed is None else speed, as_json)
        return
    refuse({"--speed": speed}, "nothing is played without --live")
    warn_command(case, regime, 200 if trials is None else trials, seed, jobs, out, as_json)


def warn_command(
    case: str,
    regimes: Sequence[str] | None,
    trials: int,
    seed: int,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Work it out, write its folder and print."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.early_warning import document
    from synaspis.report.warn_terminal import render

    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.warn(loaded, regimes=regimes, trials=trials, seed=seed, jobs=jobs, progress=progress)
        folder = api.write_warning(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
