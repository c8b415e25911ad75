"""The command line. Every command imports what it needs when called, so that `--help` is quick."""

from __future__ import annotations

import functools
import gc
from pathlib import Path
from typing import Annotated

import typer

from synaspis.cli import agreements, bench, burden, exercise, export, network, node, replay, sweep, warn
from synaspis.cli.guard import at_once, commands_of
from synaspis.cli.sweep import AsJson, CaseName

app = typer.Typer(
    name="synaspis",
    help="What a missile-defence shield shared by several nations is worth, and which clause makes "
    "the difference. Public figures only; raids are inputs.",
    epilog="Start with: synaspis run europe",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(agreements.app, name="agreements")
app.add_typer(network.app, name="network")
app.add_typer(node.app, name="node")

_command = functools.partial(commands_of(app), None)


@_command("synaspis run europe --trials 10000 --draws 50 --regime national --regime allied")
def run(
    case: CaseName,
    regime: Annotated[
        list[str] | None, typer.Option(help="Only this regime; may be given several times (default: all).")
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Random draws of the raid.")] = 1000,
    draws: Annotated[
        int, typer.Option(min=0, help="Draws of the public figures from their bands: ignorance beside luck.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder (default: runs/CASE-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the regimes of a case: who is warned, who is protected, and which clause matters."""
    from synaspis import api
    from synaspis.cli.output import give_folder
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.files.run_folder import free
    from synaspis.model.summary import summary
    from synaspis.report.terminal import render

    free(out)
    loaded = api.load(case)
    with progress_on_terminal() as progress:
        answer = api.run(
            loaded, regimes=regime, trials=trials, seed=seed, jobs=jobs, progress=progress, draws=draws
        )
        folder = api.write(loaded, answer, out=out)
    pages = {"Report": "report.html"}
    if answer.stability is not None:
        pages["Transparency"] = "stability.html"
    give_folder(answer, summary, render, folder, as_json, pages)


_command(
    "synaspis warn europe --regime allied; warn first-light --live --speed 20; "
    "warn europe --measurements radars.pcap --stations 25/10=kurecik"
)(warn.warn)


@_command("synaspis footprint europe --battery redzikowo --regime allied")
def footprint(
    case: CaseName,
    battery: Annotated[
        list[str] | None, typer.Option(help="Only this battery; may be given several times (default: all).")
    ] = None,
    regime: Annotated[
        list[str] | None, typer.Option(help="Only this regime; may be given several times (default: all).")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    debris: Annotated[
        bool, typer.Option(help="Whose land gets the debris of intercepts instead, and who has let it.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-footprint-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Which ground each battery, nation and the coalition defends, given what each may see and do."""
    if debris:
        from synaspis.cli.debris import show

        show(case, battery, regime, jobs, as_json)
        return
    from synaspis.cli.footprint import footprint_command

    footprint_command(case, battery, regime, jobs, out, as_json)


@_command("synaspis plan europe --add 2 --budget 3e9 --allow patriot-mse; plan europe --constellation")
def plan(
    case: CaseName,
    objective: Annotated[
        str, typer.Option(help="protected-population, worst-nation or cost.")
    ] = "protected-population",
    regime: Annotated[str | None, typer.Option(help="The regime (default: the headline's).")] = None,
    add: Annotated[int, typer.Option(help="Batteries or sensors that may be added, at most.")] = 0,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SYSTEM", help="A type that may be added; may be repeated (default: the case's)."
        ),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="USD", help="What may be spent, US dollars, as 3e9.")
    ] = None,
    protect: Annotated[
        float | None,
        typer.Option(help="For --objective cost: a share of the people at risk up to 1, else people."),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Random draws that check the plan.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    constellation: Annotated[
        bool, typer.Option(help="A boost layer from space instead: interceptors in orbit and in reach.")
    ] = False,
    interceptor: Annotated[
        str | None, typer.Option(help="With --constellation: the orbiting interceptor of the catalogue.")
    ] = None,
    simultaneous: Annotated[
        int | None, typer.Option(min=1, help="With --constellation: engagements at the same time.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-plan-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Who takes which layer, where the next battery goes, rounds and doctrine, and what each rule costs."""
    if constellation:
        from synaspis.cli.boost_layer import show

        show(case, interceptor, simultaneous, as_json, out)
        return
    from synaspis.cli.plan import plan_command

    plan_command(case, objective, regime, add, allow or (), budget, protect, trials, seed, jobs, out, as_json)


_command("synaspis burden europe --value-per-person 0.0005")(burden.burden)


@_command("synaspis timeline europe --from 2010 --to 2026 --regime national --regime allied")
def timeline(
    case: CaseName,
    first: Annotated[str | None, typer.Option("--from", metavar="YEAR", help="The first year.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YEAR", help="The last year.")] = None,
    on: Annotated[str, typer.Option(metavar="MM-DD", help="The day on which each is judged.")] = "12-31",
    regime: Annotated[
        list[str] | None, typer.Option(help="Only this regime; may be given several times (default: all).")
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(help="Beside them the years as in this plan of the case (default: all its plans)."),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Random draws of the raid in each year.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")] = 1,
    shares: Annotated[
        bool, typer.Option("--shares", help="Each member's Shapley value, year by year: takes minutes.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Workers (default: one for each core).")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder (default: runs/CASE-timeline-HASH).")] = None,
    as_json: AsJson = False,
) -> None:
    """Year by year: protection, warning and cost as sites, agreements and threats come, and as planned."""
    from synaspis.cli.timeline import timeline_command

    timeline_command(case, first, last, on, regime, plan, trials, seed, shares, jobs, out, as_json)


_command("synaspis sweep europe --vary raid.salvo=1,2,4,8 --vary regime=national,allied")(sweep.sweep)
_command("synaspis absorb europe --confidence 0.9 --share 0.5")(sweep.absorb)


@_command("synaspis check my-case.yaml")
def check(case: CaseName) -> None:
    """Say everything that is wrong with a case file, each with its place and its mend."""
    from synaspis.cli.check import check_command

    _leave_with(check_command(case))


@_command("synaspis explain runs/europe-1a2b3c4d --asset Bucharest --regime national --trial 37")
def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    asset: Annotated[str, typer.Option(help="The city or base to explain.")],
    regime: Annotated[str | None, typer.Option(help="The regime (default: the headline's).")] = None,
    trial: Annotated[int | None, typer.Option(min=0, help="The trial (default: a telling one).")] = None,
) -> None:
    """Tell what happened to one place in one trial, second by second, with the clauses that decided."""
    from synaspis import api

    print(api.explain(run, asset, regime=regime, trial=trial))


_command("synaspis export runs/europe-1a2b3c4d --to kml --regime national --trial 37")(export.export)


@_command("synaspis fly mrbm-2000 --from 38.08,46.29 --to 44.43,26.10 --shape lofted")
def fly(
    threat: Annotated[str, typer.Argument(help="A missile class of the catalogue, or of --case.")],
    start: Annotated[str, typer.Option("--from", metavar="LAT,LON", help="Launch place, degrees.")],
    end: Annotated[str, typer.Option("--to", metavar="LAT,LON", help="Target place, degrees.")],
    shape: Annotated[str, typer.Option(help="minimum-energy, lofted or depressed.")] = "minimum-energy",
    via: Annotated[
        list[str] | None,
        typer.Option(metavar="LAT,LON", help="A cruise missile's waypoint; may be repeated."),
    ] = None,
    case: Annotated[str | None, typer.Option(help="A case whose own classes may be flown.")] = None,
    out: Annotated[Path | None, typer.Option(help="Draw it: a file ending in .svg or .html.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fly a class between two places: time, heights, speeds, ground track and the nations under it."""
    from synaspis.cli.fly import fly_command

    fly_command(threat, start, end, shape, via or [], case, out, as_json)


@_command(
    "synaspis reconstruct --apogee-km 4475 --range-km 950 --from 39.28,125.87 --bearing 76 --time-s 3240"
)
def reconstruct(
    apogee_km: Annotated[float, typer.Option("--apogee-km", help="Height of the highest point, km.")],
    range_km: Annotated[float, typer.Option("--range-km", help="Distance over ground, km.")],
    site: Annotated[
        str | None, typer.Option("--from", metavar="LAT,LON", help="Where it flew from, degrees.")
    ] = None,
    bearing: Annotated[
        float | None, typer.Option("--bearing", metavar="DEG", help="Direction from there to the impact.")
    ] = None,
    time_s: Annotated[
        list[float] | None,
        typer.Option("--time-s", help="Claimed time of flight, s; may be given several times."),
    ] = None,
    propellant: Annotated[
        str | None, typer.Option(help="liquid or solid (default: liquid, with both in the bands).")
    ] = None,
    stages: Annotated[int | None, typer.Option(help="1 to 3 (default: by the energy).")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a page with the picture here (HTML).")] = None,
    as_json: AsJson = False,
) -> None:
    """Is a claimed flight true? The trajectory that fits it, its time, and the range it stands for."""
    from synaspis.cli.reconstruct import reconstruct_command

    reconstruct_command(apogee_km, range_km, site, bearing, time_s or (), propellant, stages, out, as_json)


@_command("synaspis fit-kills attacks.csv")
def fit_kills(
    file: Annotated[
        Path,
        typer.Argument(help="CSV or YAML with columns launched, destroyed and, if wanted, attack, class."),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same answer.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Kill chance and correlation within attacks, from what was launched and what was destroyed."""
    from synaspis.cli.fit_kills import fit_kills_command

    fit_kills_command(file, seed, as_json)


_command("synaspis exercise europe --regime allied --log drill.log")(exercise.exercise)


@_command("synaspis serve runs/europe-1a2b3c4d")
def serve(
    run: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="A run folder (default: all cases and runs).")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8477,
    edits: Annotated[
        Path | None, typer.Option(help="Where changed cases and their runs go (default: RUN-edits).")
    ] = None,
) -> None:
    """Show the cases with their findings, and a run's report: change its case, run again and compare.

    In the browser, to this machine alone.
    """
    from synaspis.cli.serve import serve_command

    serve_command(run, port, edits)


@_command("synaspis catalog an-tpy-2")
def catalog(
    name: Annotated[str | None, typer.Argument(help="An entry (default: list them all).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the public figures behind the answers, each with its band, source and year."""
    from synaspis.cli.catalog import catalog_command

    _leave_with(catalog_command(name, as_json))


@_command("synaspis warmup")
def warmup() -> None:
    """Compile the kernels once, so that later runs start at full speed."""
    import time

    from synaspis import api

    started = time.perf_counter()
    api.warmup()
    print(f"kernels are ready ({time.perf_counter() - started:.1f} s)")


_command("synaspis bench --json")(bench.bench)


_command("synaspis replay drill.log --verify")(replay.replay)


@_command("synaspis version")
def version() -> None:
    """Print the version."""
    import synaspis

    print(f"synaspis {synaspis.__version__}")


def _leave_with(code: int | None) -> None:
    if code:
        raise typer.Exit(code)


def main() -> None:
    """One command, from the words that the process was given; it ends with SystemExit."""
    # The kernels' compiler makes much that lives on: looking through it less saves a tenth of a run.
    gc.set_threshold(100_000, 50, 100)
    app()


def program() -> None:
    """The entry point `synaspis`."""
    try:
        main()
    except SystemExit as end:
        at_once(end)


if __name__ == "__main__":
    program()
