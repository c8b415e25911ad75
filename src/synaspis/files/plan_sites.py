"""What a case says for planning: its sites lie where they say, and what it names fits together."""

from __future__ import annotations

import math
from collections.abc import Iterable

from synaspis.files.catalog import Catalog
from synaspis.files.reader import Reader
from synaspis.model.battery import System
from synaspis.model.case import CaseFile
from synaspis.model.planning import PlanSite

COAST_DEG = 0.25
"""The map's shores are coarse: so near to its host a place at sea still counts as on its soil."""


def check_plan(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Sites within their hosts, stock that some battery can hold, each floor once."""
    on_their_soil(reader, file.plan.sites)
    for stock in file.plan.stock:
        types = {b.system for b in file.batteries if b.owner == stock.owner}
        nouns = (catalog.items[t].noun for t in types if t in catalog.items)
        if (
            stock.owner
            and stock.interceptor
            and not any(isinstance(s, System) and s.interceptor == stock.interceptor for s in nouns)
        ):
            what = f"no battery of {stock.owner} fires `{stock.interceptor}`"
            reader.say(reader.node(stock, "interceptor"), what, "give a type that one of its batteries fires")
    seen = set()
    for floor in file.plan.require:
        if floor.of and floor.of in seen:
            reader.say(reader.node(floor, "of"), f"`{floor.of}` is required twice", "keep one")
        seen.add(floor.of)


def on_their_soil(reader: Reader, sites: Iterable[PlanSite]) -> None:
    """Sites ashore lie within their hosts."""
    for site in sites:
        if site.domain == "land":
            _on_its_soil(reader, site)


def _on_its_soil(reader: Reader, site: PlanSite) -> None:
    if not site.host or math.isnan(site.latitude_rad) or math.isnan(site.longitude_rad):
        return
    # The map and its kernel are loaded only where a case names sites of its own.
    import numpy as np

    from synaspis.files.borders import borders
    from synaspis.kernels.borders import areas_at

    known = borders()
    if site.host not in known.codes:
        return
    latitude, longitude = math.degrees(site.latitude_rad), math.degrees(site.longitude_rad)
    steps = [(0.0, 0.0)] + [
        (COAST_DEG * math.cos(a), COAST_DEG * math.sin(a)) for a in np.linspace(0.0, 2.0 * math.pi, 8, False)
    ]
    points = np.array([(latitude + north, longitude + east) for north, east in steps])
    found = np.empty(len(points), np.int32)
    odd = np.zeros(len(known.codes), np.bool_)
    areas_at(points, known.edges, known.sides, known.first, known.rows, odd, found)
    names = [known.codes[i] if i >= 0 else "" for i in found.tolist()]
    if site.host == names[0] or (names[0] == "" and site.host in names):
        return
    where = f"in {names[0]}" if names[0] else "at sea or in no state's area of the map"
    what = f"`{site.name}` lies {where}, outside its host {site.host}"
    mend = "mend the place, or name the host whose soil it is"
    reader.say(reader.node(site, "latitude_rad"), what, mend if names[0] else mend + ", or `domain: sea`")
