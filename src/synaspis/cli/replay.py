"""`synaspis replay LOG`: its arguments; the work is in `replay_run`."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synaspis.errors import InputError, Problem

if TYPE_CHECKING:
    from synaspis.cli.replay_beside import Beside


def replay(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="The record of an exercise.")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Say only whether it is whole: unchanged, and closed or open.")
    ] = False,
    key: Annotated[
        str | None, typer.Option(metavar="HEX", help="The public key that was printed at the start.")
    ] = None,
    branch: Annotated[
        int | None, typer.Option(min=0, help="What was played before step back N+1 (default: the last).")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for replay.html, replay.czml, review.json, decisions.csv, responses.yaml."),
    ] = None,
    what_if: Annotated[
        str | None, typer.Option("--what-if", metavar="REGIME", help="Go on under another regime instead.")
    ] = None,
    from_s: Annotated[
        float | None, typer.Option("--from", metavar="SECONDS", help="From this moment (default: the first).")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="LOG", help="Another exercise, side by side.")
    ] = None,
    serve: Annotated[
        bool | None,
        typer.Option(help="Show it in a browser of this machine (default: on a terminal, without --out)."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Of the browser's page; 0 takes a free one.")
    ] = 8479,
    real_names: Annotated[
        bool, typer.Option("--real-names", help="Tell a notional exercise by the names that its record has.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
) -> None:
    """Play an exercise again from its record: decisions, missed chances, who knew what, and when."""
    from synaspis.cli.replay_beside import Beside
    from synaspis.cli.replay_run import verify_command

    _check(what_if, from_s, against, out, serve, as_json)
    told, code = verify_command(log, key, verify, as_json)
    if told is None:
        raise typer.Exit(code)
    _go_on(told, Beside(log, branch, what_if, from_s, against, real_names), out, serve, port, as_json)


def _go_on(
    told: dict[str, Any], beside: Beside, out: Path | None, serve: bool | None, port: int, as_json: bool
) -> None:
    from synaspis.cli.replay_run import replay_command

    if serve is None:
        serve = out is None and not as_json and not beside.wanted and sys.stdout.isatty()
    if beside.wanted and out is None and not serve:
        beside.say(as_json)
    else:
        replay_command(told, out, beside, port if serve else None, as_json)


def _check(
    what_if: str | None, from_s: float | None, against: Path | None, out: Path | None, serve: bool | None,
    as_json: bool,
) -> None:  # fmt: skip
    """InputError for options that do not go together."""
    problems = []
    if from_s is not None and what_if is None:
        problems.append(Problem("--from", 0, 0, "nothing is gone on with", "give --what-if REGIME too"))
    if from_s is not None and not math.isfinite(from_s):
        problems.append(
            Problem("--from", 0, 0, f"{from_s} is no moment", "give a second of the case's clock")
        )
    if as_json and what_if is not None and against is not None and out is None and not serve:
        problems.append(Problem("--json", 0, 0, "two documents are asked for", "ask for one at a time"))
    if problems:
        raise InputError(problems)
