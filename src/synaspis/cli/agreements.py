"""`synaspis agreements ...`: the agreements of a case asked, tested, compared, ranked and packaged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from synaspis.cli.guard import commands_of
from synaspis.cli.output import print_json

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


_command = commands_of(app)


Owner = Annotated[str | None, typer.Option(help="Whose product: a nation's code.")]
Recipient = Annotated[str, typer.Option(help="Who would have it: a nation's code.")]
Product = Annotated[
    str | None,
    typer.Option(help="alert, impact_estimate, track, fire_control_track, measurement or engagement_status."),
]
Sensor = Annotated[str | None, typer.Option(help="Of this sensor (default: of any of them).")]
Threatens = Annotated[
    list[str] | None, typer.Option(help="Whom the missile threatens; may be given several times.")
]
Category = Annotated[
    str | None, typer.Option(help="Category of the missile: srbm, mrbm, irbm, icbm, hgv, cruise, rocket.")
]
LaunchedFrom = Annotated[
    str | None, typer.Option("--launched-from", metavar="AREA|ISO3", help="Where it came from.")
]
LandsIn = Annotated[str | None, typer.Option("--lands-in", help="Nation where it will land.")]
Purpose = Annotated[
    str | None, typer.Option(help="warning, defence or exercise (default: defence).", show_default=False)
]
Day = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day, as 2024-12-01 (default: the case's).")
]
Alert = Annotated[
    str | None, typer.Option(help="State of alert: peace, tension, crisis or war (default: the case's).")
]
TRANSFER = "A transfer of technology"
Maker = Annotated[
    list[str] | None,
    typer.Option(help="Who makes it: a nation's code; may be given several times.", rich_help_panel=TRANSFER),
]
Item = Annotated[
    str | None,
    typer.Option(help="A battery type, interceptor or radar of the catalogue.", rich_help_panel=TRANSFER),
]
Act = Annotated[str | None, typer.Option(help="buy, host, maintain or co-produce.", rich_help_panel=TRANSFER)]
Holder = Annotated[
    str | None,
    typer.Option(help="Who has it and would pass it on (in place of --act).", rich_help_panel=TRANSFER),
]


@_command(
    "ask",
    "synaspis agreements ask europe --owner USA --recipient POL --product fire_control_track "
    "--threatens POL --on 2024-12-01",
)
def ask(
    case: CaseName,
    recipient: Recipient,
    owner: Owner = None,
    product: Product = None,
    regime: RegimeName = None,
    sensor: Sensor = None,
    threatens: Threatens = None,
    category: Category = None,
    launched_from: LaunchedFrom = None,
    lands_in: LandsIn = None,
    purpose: Purpose = None,
    on: Day = None,
    alert: Alert = None,
    maker: Maker = None,
    item: Item = None,
    act: Act = None,
    holder: Holder = None,
    as_json: AsJson = False,
) -> None:
    """May they see it, or have it? Yes or no, because of which clauses, and what a yes would take.

    What is not given is not known, and in doubt the answer is no. A question with --maker is of technology.
    """
    from synaspis import api
    from synaspis.files.asking import one_question
    from synaspis.model import ask as documents
    from synaspis.report import asked as shown

    sees = {
        "--owner": owner, "--product": product, "--sensor": sensor, "--threatens": threatens,
        "--category": category, "--launched-from": launched_from, "--lands-in": lands_in,
        "--purpose": purpose, "--alert": alert,
    }  # fmt: skip
    if one_question(sees, {"--maker": maker, "--item": item, "--act": act, "--holder": holder}):
        given = api.ask_transfer(case, maker or (), recipient, item or "", act, regime, holder=holder, on=on)
        if as_json:
            print_json(documents.transfer_document(given))
        else:
            shown.render_transfer(given, _console())
        return
    answer = api.ask(
        case, owner or "", recipient, product or "", regime, sensor=sensor, threatens=threatens or (),
        category=category, launched_from=launched_from, lands_in=lands_in, purpose=purpose or "defence",
        on=on, alert=alert,
    )  # fmt: skip
    if as_json:
        print_json(documents.ask_document(answer))
    else:
        shown.render_ask(answer, _console())


@_command("test", "synaspis agreements test my-tests --case my-case.yaml")
def check(
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

    results = api.check_agreements(folder, case)
    if as_json:
        print_json(checked_document(results))
    else:
        from synaspis.report.asked import render_tests

        render_tests(results, _console())
    if not all(r.passed for r in results):
        raise typer.Exit(1)


Trials = Annotated[int, typer.Option(min=1, help="Random draws of the raid.")]
Seed = Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")]


@_command("diff", "synaspis agreements diff europe national allied --trials 1000")
def diff(
    case: CaseName,
    regime_a: Annotated[str, typer.Argument(metavar="REGIME_A", help="The regime to start from.")],
    regime_b: Annotated[str, typer.Argument(metavar="REGIME_B", help="The regime held against it.")],
    trials: Trials = 1000,
    seed: Seed = 1,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """What another regime changes: which products go otherwise, and what that does to each nation."""
    from synaspis import api
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.model.compared import diff_document

    with progress_on_terminal() as progress:
        answer = api.agreements_diff(case, regime_a, regime_b, trials, seed, jobs, progress)
    if as_json:
        print_json(diff_document(answer))
        return
    from synaspis.report.agreements import render_diff

    render_diff(answer, _console())


@_command("rank", "synaspis agreements rank europe --regime national --trials 500 --top 20")
def rank(
    case: CaseName,
    regime: RegimeName = None,
    trials: Trials = 500,
    seed: Seed = 1,
    jobs: Jobs = None,
    delay_s: Annotated[
        float, typer.Option("--delay-s", min=0, max=86_400, help="How late a release that is added comes, s.")
    ] = 10.0,
    top: Annotated[int, typer.Option(min=1, help="Lines to show of gains and of losses.")] = 12,
    as_json: AsJson = False,
) -> None:
    """Which one clause buys the most protection: each that is missing, quicker authority, each suspended."""
    from synaspis import api
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.model.compared import rank_document

    with progress_on_terminal() as progress:
        answer = api.agreements_rank(case, regime, trials, seed, jobs, delay_s, progress)
    if as_json:
        print_json(rank_document(answer))
        return
    from synaspis.report.agreements import render_rank

    render_rank(answer, _console(), top)


@_command("package", "synaspis agreements package europe --goal worst-nation --max-clauses 3")
def package(
    case: CaseName,
    goal: Annotated[str, typer.Option(help="worst-nation, protected-population or warning.")],
    max_clauses: Annotated[int, typer.Option("--max-clauses", min=1, help="Clauses in a set, at most.")] = 3,
    regime: Annotated[
        str | None,
        typer.Option(help="The regime to start from (default: the one the headline is held against)."),
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.01, max=1.0, help="Reached is this share of what all clauses would give.")
    ] = 0.9,
    trials: Trials = 300,
    seed: Seed = 1,
    jobs: Jobs = None,
    tries: Annotated[
        int, typer.Option(min=1, help="Sets to try one by one before the search turns heuristic.")
    ] = 1000,
    as_json: AsJson = False,
) -> None:
    """The smallest sets of clauses that reach a goal together, whose signature is pivotal, and who loses."""
    from synaspis import api
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.model.compared import package_document

    with progress_on_terminal() as progress:
        answer = api.agreements_package(
            case, goal, max_clauses, regime, share, trials, seed, jobs, tries, progress
        )
    if as_json:
        print_json(package_document(answer))
        return
    from synaspis.report.packaged import render_package

    render_package(answer, _console())


def _console() -> Any:
    from rich.console import Console

    return Console(highlight=False)
