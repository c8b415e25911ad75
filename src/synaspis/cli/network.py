"""`synaspis network ...`: a warning network of sovereign nodes, for exercises; on one machine or on many."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from synaspis.cli.guard import commands_of
from synaspis.cli.streams import Cot, Dis

RUN = "run"


class _Group(TyperGroup):
    """`network CASE` is `network run CASE`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """What does not begin with a command is a case and its options."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [RUN, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    help="A warning network of nations' nodes, for exercises: each with its own keys, journal and gateway. "
    "`synaspis network CASE` runs one on this machine.",
    epilog="Start with: synaspis network first-light --speed 10",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a case that ships.")
]
Regime = Annotated[str | None, typer.Option(help="The regime (default: the headline's).")]
Speed = Annotated[float, typer.Option(help="Seconds of raid to one of the clock.")]
Seed = Annotated[int, typer.Option(min=0, help="Names the luck: same seed, same raid.")]
Folder = Annotated[Path, typer.Option("--dir", help="The network's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


_command = commands_of(app)


@_command(RUN, "synaspis network europe --regime allied --speed 2 --dir drill")
def run(
    case: CaseName,
    regime: Regime = None,
    speed: Speed = 1.0,
    seed: Seed = 1,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Keep keys, journals and logs here (default: nowhere).")
    ] = None,
    as_json: AsJson = False,
    dis: Dis = None,
    cot: Cot = None,
) -> None:
    """Run the range and a node for each nation on this machine, and watch. The word `run` may be left out."""
    from synaspis.cli.network_run import run_command

    run_command(case, regime, speed, seed, folder, as_json, {"--dis": dis, "--cot": cot})


@_command("init", "synaspis network init europe --dir drill --host 192.0.2.10")
def init(
    case: CaseName,
    folder: Folder,
    regime: Regime = None,
    host: Annotated[
        str, typer.Option(help="Where all listen; each may be changed in its file.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The range's port; the nations' follow.")] = 7460,
    speed: Speed = 1.0,
    seed: Seed = 1,
) -> None:
    """Make the authority, the range, and a folder for each nation to take to its machine."""
    from synaspis.cli.network_folder import init_command

    init_command(case, folder, regime, host, port, speed, seed)


@_command("sign", "synaspis network sign --dir drill")
def sign(folder: Folder) -> None:
    """Sign the requests that came from the nations' `node enrol`, and hand all certificates to all."""
    from synaspis.cli.network_folder import sign_command

    sign_command(folder)


@_command("range", "synaspis network range --dir drill")
def range_(
    folder: Folder,
    wait: Annotated[
        float, typer.Option(min=0.0, help="Seconds to wait for nodes; then the raid begins without them.")
    ] = 60.0,
    dis: Dis = None,
    cot: Cot = None,
    follow: Annotated[bool, typer.Option("--follow-parent", hidden=True)] = False,
) -> None:
    """Run the range alone: the process that holds the raid and tells each nation what its own sensors see."""
    from synaspis.cli.node_run import range_command

    range_command(folder, wait, follow, {"--dis": dis, "--cot": cot})


@_command("status", "synaspis network status --dir drill")
def status(folder: Folder, as_json: AsJson = False) -> None:
    """How the nodes on this machine stand: tracks, latency, refusals, partners, and what is to be mended."""
    from synaspis.cli.network_folder import status_command

    status_command(folder, as_json)


@_command("audit", "synaspis network audit POL --dir drill")
def audit(
    node: Annotated[str, typer.Argument(metavar="NODE", help="A nation's code, or a journal's path.")],
    folder: Annotated[
        Path | None, typer.Option("--dir", help="The network's folder, for a nation's code.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What a node released to whom under which clause, what it refused, and whether its journal is whole."""
    from synaspis.cli.network_folder import audit_command

    audit_command(node, folder, as_json)
