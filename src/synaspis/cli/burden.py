"""`synaspis burden CASE`: who brings, gains and pays what, and whether the coalition holds together."""

from __future__ import annotations

from pathlib import Path


def burden_command(
    case: str,
    regime: str | None,
    members: str | None,
    measure: str,
    trials: int,
    seed: int,
    jobs: int | None,
    per_person: float | None,
    amount: float | None,
    arrangement: str | None,
    alone: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Work it out, write its folder and print."""
    from synaspis import api
    from synaspis.cli.progress import progress_on_terminal

    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.burden(
            loaded, regime=regime, members=() if members is None else members.split(",") or [""],
            measure=measure, trials=trials, seed=seed, jobs=jobs, per_person_musd=per_person,
            amount_musd=amount, arrangement=arrangement, alone=alone, progress=progress,
        )  # fmt: skip
        folder = api.write_burden(loaded, answer, out=out)
    if as_json:
        from synaspis.cli.output import print_json
        from synaspis.model.burden_document import document

        print_json(document(answer))
        return
    from rich.console import Console

    from synaspis.report.burden_terminal import render

    console = Console(highlight=False)
    render(answer, console)
    console.print(f"Report: {folder / 'report.html'}", markup=False, soft_wrap=True)
