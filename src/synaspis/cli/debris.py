"""On whose land the debris of intercepts falls: in a terminal, or as JSON."""

from __future__ import annotations


def show(case: str, regime: str | None, jobs: int | None, as_json: bool) -> None:
    """Work it out and print."""
    from synaspis import api
    from synaspis.cli.output import print_json

    answer = api.debris(case, regime, jobs)
    if as_json:
        from synaspis.model.debris import document

        print_json(document(answer))
        return
    from rich.console import Console

    from synaspis.report.debris import render

    render(answer, Console(highlight=False))
