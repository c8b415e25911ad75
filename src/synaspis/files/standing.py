"""Whether batteries stand where a case says: on the soil of their host, by the political map."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synaspis.errors import Problem
from synaspis.files import arguments, words
from synaspis.files.borders import borders
from synaspis.kernels.earth import MEAN_RADIUS_M
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.studies.soil import nation_at

GRACE_M = 20_000.0
"""How far from its host's soil a site may seem to stand: the map is drawn for the scale of 1:50 million."""
ROUND = 16


def named(problems: list[Problem], case: Case, batteries: Sequence[str] | None) -> None:
    """Note names that are no battery of the case, and a case without any."""
    have = [b.name for b in case.file.batteries]
    if not have:
        arguments.say(problems, "CASE", f"`{case.name}` has no battery", "add one under `batteries`")
    for name in dict.fromkeys(batteries or ()):
        if name in {b.name for b in case.every_site.batteries} - set(have):
            what, mend = f"`{name}` is not there on {case.day}", "name another, or change the case's date"
            arguments.say(problems, "--battery", what, mend)
        elif name not in have:
            what = f"`{words.shown(name)}` is no battery of this case"
            arguments.say(problems, "--battery", what, words.suggest(name, have))


def on_soil(problems: list[Problem], case: Case, batteries: Sequence[str] | None) -> None:
    """Note batteries ashore that stand on another state's soil than `host` says; a ship may be anywhere."""
    for b in case.file.batteries:
        if (batteries and b.name not in batteries) or case.systems[b.system].domain == "sea":
            continue
        host = b.host or b.owner
        under = _soil_about(b)
        if host in under:
            continue
        where = f"the soil of {under[0]}" if under[0] else "the sea, or soil that the map gives no state"
        what = f"`{b.name}` stands on {where}, not of {host}, by the borders map"
        mend = f"say `host: {under[0]}`, or move the site" if under[0] else "move the site"
        arguments.say(problems, f"batteries.{b.name}", what, mend)


def _soil_about(b: Battery) -> list[str]:
    """Codes of the soil at a site, and then of that within the map's grace of it."""
    turn = 2.0 * math.pi * np.arange(ROUND) / ROUND
    places = [[b.latitude_rad, b.longitude_rad]]
    for share in (0.5, 1.0):
        away = share * GRACE_M / MEAN_RADIUS_M
        across = away * np.sin(turn) / max(math.cos(b.latitude_rad), 1e-6)
        places += np.stack([b.latitude_rad + away * np.cos(turn), b.longitude_rad + across], -1).tolist()
    return [str(code) for code in nation_at(borders(), np.array(places))]
