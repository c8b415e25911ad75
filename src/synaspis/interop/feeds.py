"""The formats in which a drill is told while it is played, by the option that names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from synaspis.errors import Problem
from synaspis.interop.dis_live import DisFeed
from synaspis.interop.live import Feed
from synaspis.interop.udp import HERE, Destination, Sender, destination

FEEDS: Mapping[str, Callable[[dt.datetime], Feed]] = MappingProxyType({"--dis": DisFeed})
"""Each makes a feed from the UTC of the raid's second 0."""


def places(problems: list[Problem], asked: Mapping[str, str | None]) -> dict[str, Destination]:
    """Where each option that was given (`[HOST:]PORT`) sends to; what is wrong is noted."""
    told = {option: place for option, place in asked.items() if place is not None}
    found = {option: destination(problems, option, place, HERE) for option, place in told.items()}
    return {option: place for option, place in found.items() if place is not None}


def outlets(wanted: Mapping[str, Destination], starts: dt.datetime) -> list[tuple[Feed, Sender]]:
    """A feed and a sender for each."""
    return [(FEEDS[option](starts), Sender(place)) for option, place in wanted.items()]
