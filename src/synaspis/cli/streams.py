"""`--dis` and `--cot`: a drill told to other programs while it is played."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from synaspis.errors import InputError, Problem

if TYPE_CHECKING:
    from synaspis.interop.udp import Destination

Dis = Annotated[
    str | None,
    typer.Option("--dis", metavar="[HOST:]PORT", help="Tell the truth of it there as DIS, live."),
]
Cot = Annotated[
    str | None, typer.Option("--cot", metavar="[HOST:]PORT", help="The same as Cursor-on-Target.")
]


def stream_places(
    streams: Mapping[str, str | None], problems: list[Problem] | None = None
) -> dict[str, Destination]:
    """Where the options send to. InputError with `problems` and all that is no place; what leaves is said."""
    from synaspis.interop.feeds import places

    wrong = [] if problems is None else problems
    found = places(wrong, streams)
    if wrong:
        raise InputError(wrong)
    for place in found.values():
        if place.leaves:
            print(place.leaves, file=sys.stderr, flush=True)
    return found
