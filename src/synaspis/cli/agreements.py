"""`synaspis agreements ...`: the agreements of a case asked, tested, compared, ranked and packaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from synaspis.cli.guard import guarded

app = typer.Typer(
    help="Agreements as code: who may see what, because of which clause, and what another clause would buy.",
    epilog="Start with: synaspis agreements ask europe --owner USA --recipient POL --product track",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a case that ships.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
RegimeName = Annotated[str | None, typer.Option(help="The regime (default: the headline's).")]


def _command(name: str, example: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name, epilog=f"Example: {example}")(guarded(function))
        return function

    return register


@_command(
    "ask",
    "synaspis agreements ask europe --owner USA --recipient POL --product fire_control_track "
    "--threatens POL --on 2024-12-01",
)
def ask(
    case: CaseName,
    owner: Annotated[str, typer.Option(help="Whose product: a nation's code.")],
    recipient: Annotated[str, typer.Option(help="Who would have it: a nation's code.")],
    product: Annotated[
        str,
        typer.Option(
            help="alert, impact_estimate, track, fire_control_track, measurement or engagement_status."
        ),
    ],
    regime: RegimeName = None,
    sensor: Annotated[str | None, typer.Option(help="Of this sensor (default: of any of them).")] = None,
    threatens: Annotated[
        list[str] | None, typer.Option(help="Whom the missile threatens; may be given several times.")
    ] = None,
    category: Annotated[
        str | None, typer.Option(help="Category of the missile: srbm, mrbm, irbm, icbm, hgv, cruise, rocket.")
    ] = None,
    launched_from: Annotated[
        str | None, typer.Option("--launched-from", metavar="AREA|ISO3", help="Where it came from.")
    ] = None,
    lands_in: Annotated[str | None, typer.Option("--lands-in", help="Nation where it will land.")] = None,
    purpose: Annotated[str, typer.Option(help="warning, defence or exercise.")] = "defence",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day, as 2024-12-01 (default: the case's).")
    ] = None,
    alert: Annotated[
        str | None, typer.Option(help="State of alert: peace, tension, crisis or war (default: the case's).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """May they see it? Yes or no, because of which clauses, and what a yes would take.

    What is not given is not known, and in doubt the answer is no.
    """
    from synaspis import api
    from synaspis.model.ask import ask_document

    answer = api.ask(
        case, owner, recipient, product, regime, sensor=sensor, threatens=threatens or (), category=category,
        launched_from=launched_from, lands_in=lands_in, purpose=purpose, on=on, alert=alert,
    )  # fmt: skip
    if as_json:
        _print_json(ask_document(answer))
        return
    from synaspis.report.asked import render_ask

    render_ask(answer, _console())


@_command("test", "synaspis agreements test my-tests --case my-case.yaml")
def test(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder of YAML files of tests, or one file.")
    ],
    case: Annotated[
        str | None, typer.Option(help="Case of the tests that name none (default: as the file is called).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run experts' tests: questions, and the answers that the agreements should give.

    Exit 1 where a test fails, 2 where a file cannot be read.
    """
    from synaspis import api
    from synaspis.model.ask import checked_document

    results = api.test_agreements(folder, case)
    if as_json:
        _print_json(checked_document(results))
    else:
        from synaspis.report.asked import render_tests

        render_tests(results, _console())
    if not all(r.passed for r in results):
        raise typer.Exit(1)


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False)


def _print_json(document: dict[str, object]) -> None:
    import json

    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
