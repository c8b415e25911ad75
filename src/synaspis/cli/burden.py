"""`synaspis burden CASE`: who brings, gains and pays what, and whether the coalition holds together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synaspis.cli.agreements import AsJson, CaseName, RegimeName

Members = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Only these nations or alliances take part (default: all)."),
]
Measure = Annotated[str, typer.Option(help="What a coalition is worth: population or worst-nation.")]
Trials = Annotated[int, typer.Option(help="Random draws of the raid for each coalition.")]
PerPerson = Annotated[
    float | None,
    typer.Option(
        "--value-per-person",
        metavar="MUSD",
        help="What a person protected is worth a year, million US dollars; it is swept in any case.",
    ),
]
Amount = Annotated[
    float | None,
    typer.Option(metavar="MUSD", help="Share out this, million US dollars a year, instead of the bill."),
]
Arrangement = Annotated[
    str | None,
    typer.Option(help="NATO's cost shares: 2016-17, 2021-24 or 2024-25 (default: by the case's date)."),
]
Alone = Annotated[
    str,
    typer.Option(help="Whose costs of going alone are found: none, members, pairs, or all groups (long)."),
]


def burden(
    case: CaseName,
    regime: RegimeName = None,
    members: Members = None,
    measure: Measure = "population",
    trials: Trials = 500,
    seed: Annotated[int, typer.Option(help="Names the luck: same seed, same answer.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    per_person: PerPerson = None,
    amount: Amount = None,
    arrangement: Arrangement = None,
    alone: Alone = "members",
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-burden-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Who contributes, gains and pays what, would pay under each key, and whether the coalition holds."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.burden_document import document
    from synaspis.report.burden_terminal import render

    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.burden(
            loaded, regime=regime, members=() if members is None else members.split(","), measure=measure,
            trials=trials, seed=seed, jobs=jobs, per_person_musd=per_person, amount_musd=amount,
            arrangement=arrangement, alone=alone, progress=progress,
        )  # fmt: skip
        folder = api.write_burden(loaded, answer, out=out)
    give_folder(answer, document, render, folder, as_json)
