"""`synaspis fit-kills FILE`: kill chance and correlation from a table of attacks."""

from __future__ import annotations

from pathlib import Path


def fit_kills_command(file: Path, seed: int, as_json: bool) -> None:
    """Fit the table and print what it says. InputError with everything that is wrong with it."""
    from synaspis import api
    from synaspis.model.kills import document

    answer = api.fit_kills(file, seed)
    if as_json:
        from synaspis.cli.output import print_json

        print_json(document(answer))
        return
    from rich.console import Console

    from synaspis.report.kills_terminal import render

    render(answer, Console(highlight=False))
