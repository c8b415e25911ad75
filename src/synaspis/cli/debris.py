"""On whose land the debris of intercepts falls: in a terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence


def show(
    case: str,
    batteries: Sequence[str] | None,
    regimes: Sequence[str] | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Work it out and print: for one regime (the headline's where none is named), all batteries together."""
    from synaspis import api
    from synaspis.cli.output import print_json
    from synaspis.errors import InputError, Problem

    problems = []
    if batteries:
        what = "with --debris all batteries are told of"
        problems.append(Problem("--battery", 1, 1, what, "leave it out"))
    if regimes and len(regimes) > 1:
        what = "with --debris one regime at a time is asked"
        problems.append(Problem("--regime", 1, 1, what, "name one"))
    if problems:
        raise InputError(problems)
    answer = api.debris(case, regimes[0] if regimes else None, jobs)
    if as_json:
        from synaspis.model.debris import document

        print_json(document(answer))
        return
    from rich.console import Console

    from synaspis.report.debris import render

    render(answer, Console(highlight=False))
