"""`synaspis node ...`: one nation's node, on its own machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synaspis.cli.guard import commands_of

app = typer.Typer(
    help="One nation's node in a network, for exercises: its key made here, its own journal and gateway.",
    epilog="Start with: synaspis node enrol --nation POL --dir POL",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Nation = Annotated[str, typer.Option(help="The nation's code, as POL.")]


_command = commands_of(app)


@_command("enrol", "synaspis node enrol --nation POL --dir POL")
def enrol(
    nation: Nation,
    folder: Annotated[
        Path, typer.Option("--dir", help="The nation's folder of `network init`, or the network's.")
    ] = Path(),
) -> None:
    """Make the nation's private key on this machine, and the request to be signed by the authority."""
    from synaspis.cli.network_folder import enrol_command

    enrol_command(nation, folder)


@_command("run", "synaspis node run --nation POL --config POL/node.yaml")
def run(
    nation: Nation,
    config: Annotated[Path, typer.Option(help="The node's configuration.")] = Path("node.yaml"),
    measurements: Annotated[
        Path | None,
        typer.Option("--input", help="Recorded measurements, a JSON object a line, played by their times."),
    ] = None,
    speed: Annotated[
        float | None, typer.Option(help="With --input: seconds of the recording to one of the clock.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow-parent", hidden=True)] = False,
) -> None:
    """Run the node until Ctrl-C: track, release what agreements let go, take what others release, warn."""
    from synaspis.cli.node_run import node_command

    node_command(nation, config, measurements, speed, follow)
