"""The formats in which a drill is told while it is played, by the option that names them.

Each is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

from synaspis.errors import Problem
from synaspis.interop.live import Drill, Feed
from synaspis.interop.udp import HERE, Destination, Sender, destination

FEEDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"--dis": ("dis_live", "DisFeed"), "--cot": ("cot_live", "CotFeed")}
)
"""Module and class; each is made from a `Drill`."""


def places(problems: list[Problem], asked: Mapping[str, str | None]) -> dict[str, Destination]:
    """Where each option that was given (`[HOST:]PORT`) sends to; what is wrong is noted."""
    told = {option: place for option, place in asked.items() if place is not None}
    found = {option: destination(problems, option, place, HERE) for option, place in told.items()}
    return {option: place for option, place in found.items() if place is not None}


def outlets(wanted: Mapping[str, Destination], drill: Drill) -> list[tuple[Feed, Sender]]:
    """A feed and a sender for each."""
    return [(_feed(option, drill), Sender(place)) for option, place in wanted.items()]


def _feed(option: str, drill: Drill) -> Feed:
    module, name = FEEDS[option]
    return cast(Feed, getattr(import_module(f"synaspis.interop.{module}"), name)(drill))
