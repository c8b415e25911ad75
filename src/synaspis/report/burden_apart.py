"""What groups of members would have to spend by themselves, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synaspis.model.burden import ApartRow, BurdenAnswer
from synaspis.model.plan import Price
from synaspis.report.burden_words import money
from synaspis.report.words import counted, listed, percent


def alone(a: BurdenAnswer) -> str:
    """What going together saves, where it was worked out."""
    rows = a.alone or ()
    lone = [x for x in rows if len(x.members) == 1]
    able = [x for x in lone if x.cost is not None and x.yearly is not None]
    if not able:
        return "No member could have by itself the protection that it has together."
    once, yearly = (math.fsum(p.value for p in prices) for prices in _prices(able))
    if once <= 0.0:
        return "Each member has by itself what it has together."
    unable = [x.members[0] for x in lone if x not in able]
    now = math.fsum(m.burden.value for m in a.members.values())
    said = (
        f"Each for itself, {counted(len(able), 'member')} would have to buy batteries for "
        f"{money(once)} between them to be protected as they are together: {money(yearly)} "
        f"a year, where the whole coalition now costs {money(now)}."
    )
    near = [x for x in able if x.within]
    if near:
        said += (
            f" {listed([x.members[0] for x in near])} would come to within {percent(near[0].within)} of that."
        )
    return said + (f" {listed(unable)} could not be so with anything on offer." if unable else "")


def _prices(rows: Sequence[ApartRow]) -> tuple[list[Price], list[Price]]:
    """What is paid once and what a year, of rows that have both."""
    return [x.cost for x in rows if x.cost], [x.yearly for x in rows if x.yearly]
