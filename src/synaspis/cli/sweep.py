"""`synaspis sweep CASE --vary KEY=V1,V2,...` and `synaspis absorb CASE`: many runs of one case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a case that ships.")
]
Trials = Annotated[int, typer.Option(min=1, help="Random draws of the raid at each point.")]
Seed = Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


def sweep(
    case: CaseName,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=V1,V2,...", help="One axis of the grid; may be given several times."),
    ] = None,
    trials: Trials = 1000,
    seed: Seed = 1,
    jobs: Jobs = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, or `local`: processes of this machine."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-sweep-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Run a case at every point of a grid, one table; a sweep that was stopped goes on where it was."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.sweep import document
    from synaspis.report.sweep_terminal import render

    free(out)
    loaded = api.load(case)
    reached = ""
    with progress_on_terminal() as bar:

        def told(stage: str, fraction: float) -> None:
            nonlocal reached
            reached = stage
            if bar is not None:
                bar(stage, fraction)

        try:
            answer = api.sweep(
                loaded, vary or [], trials=trials, seed=seed, jobs=jobs, cluster=cluster, out=out, keep=True,
                progress=told,
            )  # fmt: skip
        except KeyboardInterrupt:
            if reached:
                print(f"\n{reached} are kept: the same command goes on from there", file=sys.stderr)
            raise
        folder = api.write_sweep(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)


def absorb(
    case: CaseName,
    confidence: Annotated[float, typer.Option(help="Share of trials in which it must hold.")] = 0.9,
    share: Annotated[float, typer.Option(help="Of what would land, how much may leak (0: nothing).")] = 0.0,
    regime: Annotated[
        list[str] | None, typer.Option(help="Only this regime; may be given several times (default: all).")
    ] = None,
    most: Annotated[int, typer.Option(help="The largest multiple of the raid that is tried.")] = 32,
    trials: Trials = 1000,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """How many times its own raid each regime absorbs at a stated confidence: its own mix, scaled up."""
    from rich.console import Console

    from synaspis import api
    from synaspis.cli.output import print_json
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.model.absorb import document
    from synaspis.report.absorb_terminal import render

    with progress_on_terminal() as progress:
        answer = api.absorb(
            case, confidence=confidence, share=share, regimes=regime, most=most, trials=trials, seed=seed,
            jobs=jobs, progress=progress,
        )  # fmt: skip
    if as_json:
        print_json(document(answer))
    else:
        render(answer, Console(highlight=False))
