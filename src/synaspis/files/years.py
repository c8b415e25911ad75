"""What must hold of dates: nothing ends before it begins, and a plan moves each site once.

Every check notes its problems and goes on. Fields that could not be read are empty and were reported already.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from synaspis.files import words
from synaspis.files.reader import Reader
from synaspis.model.battery import Battery
from synaspis.model.buildup import PlannedSite, PlannedYears
from synaspis.model.case import CaseFile
from synaspis.model.sensor import Sensor


class Dated(Protocol):
    """What may have a first and a last day."""

    @property
    def since(self) -> dt.date | None: ...

    @property
    def until(self) -> dt.date | None: ...


def check_years(reader: Reader, file: CaseFile) -> None:
    """Dates of sites, of what a state has, and of plans."""
    sites: tuple[Sensor | Battery, ...] = (*file.sensors, *file.batteries)
    for site in sites:
        ends(reader, site, site.name)
    for held in file.timeline.threats:
        ends(reader, held, held.threat)
    for plan in file.timeline.plans:
        _plan(reader, plan)


def ends(reader: Reader, dated: Dated, called: str) -> None:
    """What has a first and a last day ends no earlier than it begins."""
    if dated.since is not None and dated.until is not None and dated.since > dated.until:
        what = f"`{words.shown(called)}` ends on {dated.until}, before it begins on {dated.since}"
        reader.say(reader.node(dated, "until"), what, "swap the dates, or mend one")


def _plan(reader: Reader, plan: PlannedYears) -> None:
    first: dict[str, PlannedSite] = {}
    for planned in plan.sites:
        ends(reader, planned, planned.site)
        if planned.site and first.setdefault(planned.site, planned) is not planned:
            what = f"`{words.shown(plan.name)}` moves `{words.shown(planned.site)}` twice"
            line = reader.node(first[planned.site]).line
            reader.say(reader.node(planned, "site"), what, f"keep one; the first is on line {line}")
