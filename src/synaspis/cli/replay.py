"""`synaspis replay LOG`: its arguments; the work is in `replay_run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
        Path | None, typer.Option(help="Folder for replay.html, review.json, decisions.csv, responses.yaml.")
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
    real_names: Annotated[
        bool, typer.Option("--real-names", help="Tell a notional exercise by the names that its record has.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
) -> None:
    """Play an exercise again from its record: decisions, missed chances, who knew what, and when."""
    from synaspis.cli.replay_run import replay_command

    if what_if is not None or against is not None:
        from synaspis.cli.replay_beside import against_command, what_if_command

        if what_if is not None:
            what_if_command(log, branch, what_if, from_s, as_json, real_names)
        if against is not None:
            against_command(log, branch, against, as_json, real_names)
        return
    code = replay_command(log, verify, key, branch, out, as_json, real_names)
    if code:
        raise typer.Exit(code)
