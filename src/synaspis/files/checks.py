"""What must hold between the parts of a case. Every check notes its problems and goes on.

Fields that could not be read are empty here (`""`, NaN, None, `()`): such a field was reported
already, so a check that meets one stays silent.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from synaspis.files import words
from synaspis.files.catalog import Catalog, Item
from synaspis.files.costs import check_costs
from synaspis.files.firing import check_batteries
from synaspis.files.geodesic import distance_m
from synaspis.files.placement import check_sensors
from synaspis.files.plan_sites import check_plan
from synaspis.files.reader import Reader
from synaspis.files.stability import check_stability
from synaspis.files.stocks import check_stock
from synaspis.files.years import check_years, ends
from synaspis.model.agreement import Agreement, Authority, Clause, Consent
from synaspis.model.case import CaseFile
from synaspis.model.nation import Asset, Place
from synaspis.model.threat import Firing, LaunchArea, Threat

MOST_MISSILES = 500
MOST_NATIONS = 60
MOST_ASSETS = 2000
MOST_PEOPLE = 8.5e9
LONGEST_RAID_S = 86_400.0
REACH_GRACE = 1.02
"""Published ranges are round figures, and the Earth's rotation helps or hinders by a percent or two."""


def check_case(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """All that single fields cannot show: placement, reach, dates, votes, sizes."""
    _identity(reader, file)
    check_sensors(reader, file, catalog)
    check_stock(reader, file, catalog)
    check_costs(reader, file, catalog)
    check_batteries(reader, file, catalog)
    _raid(reader, file)
    check_aims(reader, file, catalog)
    _people(reader, file)
    check_plan(reader, file, catalog)
    check_stability(reader, file)
    members = _opened(reader, file)
    check_years(reader, file)
    for agreement in file.agreements:
        _dates(reader, agreement)
        for authority in agreement.authorities:
            _votes(reader, members, authority)
        for consent in agreement.consents:
            _consent(reader, consent)
    if file.compare.headline and file.compare.headline == file.compare.against:
        reader.say(
            reader.node(file.compare, "against"), "a regime is compared with itself", "name another regime"
        )


def _opened(reader: Reader, file: CaseFile) -> Mapping[str, tuple[str, ...]]:
    """Nations behind each alliance; one that is a member of itself, by whatever way, is said."""
    given = {a.name: a.members for a in file.alliances}
    found = {}
    for alliance in file.alliances:
        seen, nations, todo = {alliance.name}, dict[str, None](), list(alliance.members)
        while todo:
            party = todo.pop(0)
            if party == alliance.name:
                what = f"`{words.shown(alliance.name)}` is a member of itself"
                via = next((m for m in alliance.members if m == party or party in _within(given, m)), party)
                item = alliance.members.index(via)
                mend = "take it out of its members, or out of the groups among them"
                reader.say(reader.node(alliance, "members", item), what, mend)
            elif party not in given:
                nations[party] = None
            elif party not in seen:
                seen.add(party)
                todo += given[party]
        found[alliance.name] = tuple(nations)
    return found


def _within(given: Mapping[str, tuple[str, ...]], group: str) -> set[str]:
    """Every group and nation that `group` holds, by whatever way."""
    found: set[str] = set()
    todo = list(given.get(group, ()))
    while todo:
        party = todo.pop()
        if party not in found:
            found.add(party)
            todo += given.get(party, ())
    return found


def _identity(reader: Reader, file: CaseFile) -> None:
    # The name becomes the name of a folder, so it holds nothing that a path could mean.
    plain = file.case.replace("-", "").replace("_", "")
    if file.case and not (plain.isascii() and plain.isalnum() and file.case[0].isalnum()):
        reader.say(
            reader.node(file, "case"),
            f"`case` cannot be `{words.shown(file.case)}`",
            "use letters, digits and hyphens, as my-case",
        )
    for name, items, most in (
        ("nations", file.nations, MOST_NATIONS),
        ("assets", file.assets, MOST_ASSETS),
    ):
        if len(items) > most:
            what = f"the case has {len(items):,} {name}"
            reader.say(reader.node(file, name, most), what, f"give at most {most:,}")


def _raid(reader: Reader, file: CaseFile) -> None:
    missiles = 0
    for firing in file.raid:
        before, missiles = missiles, missiles + firing.count
        if before <= MOST_MISSILES < missiles:
            reader.say(
                reader.node(firing),
                f"the raid passes {MOST_MISSILES} missiles here",
                f"give at most {MOST_MISSILES} in all",
            )
        last_s = firing.start_s + (firing.count - 1) * firing.interval_s
        if last_s > LONGEST_RAID_S:
            reader.say(
                reader.node(firing),
                f"its last missile flies {last_s / 3600:.3g} hours after the first of all",
                "keep a raid within 24 hours",
            )


def check_aims(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Each missile is aimed at an asset or at open ground, within the reach of its class."""
    areas = {a.name: a for a in file.launch_areas}
    assets = {a.name: a for a in file.assets}
    for firing in file.raid[:MOST_MISSILES]:
        if firing.open_ground is not None:
            _open_ground(reader, file, firing, firing.open_ground)
        elif not firing.target:
            reader.say(reader.node(firing, "target"), "aimed at nothing", "give `target`, or `open_ground`")
        item = catalog.items.get(firing.threat)
        _profile(reader, firing, item)
        area, aim = areas.get(firing.launch), firing.open_ground or assets.get(firing.target)
        if item is None or area is None or aim is None or not isinstance(item.noun, Threat):
            continue
        away_m, reach_m = _way_m(area, firing.via, aim), item.noun.range_m
        if math.isnan(away_m) or away_m <= reach_m * REACH_GRACE:
            continue
        called = f"`{aim.name}`" if isinstance(aim, Asset) else "the open ground"
        reader.say(
            reader.node(firing, "target" if isinstance(aim, Asset) else "open_ground"),
            f"{called} is {away_m / 1000:,.0f} km from {area.name}; "
            f"`{firing.threat}` reaches {reach_m / 1000:,.0f} km",
            "take a nearer place, or a class of longer range",
        )


def _profile(reader: Reader, firing: Firing, item: Item | None) -> None:
    """A prescribed profile has one shape, and only a cruise missile has waypoints."""
    if item is None or not isinstance(item.noun, Threat):
        return
    if item.noun.prescribed and firing.shape in ("lofted", "depressed"):
        what = f"`{firing.threat}` flies one prescribed profile, none that is {firing.shape}"
        reader.say(reader.node(firing, "shape"), what, "leave `shape` out, or take a ballistic class")
    if firing.via and not item.noun.cruise:
        what, mend = f"`{firing.threat}` flies no waypoints", "leave `via` out, or take a cruise missile"
        reader.say(reader.node(firing, "via"), what, mend)


def _way_m(area: LaunchArea, via: tuple[Place, ...], aim: Place | Asset) -> float:
    """Length of the way past all waypoints; NaN where one of them could not be read."""
    stops = (area, *via, aim)
    return sum(_away_m(one, other) for one, other in itertools.pairwise(stops))


def _open_ground(reader: Reader, file: CaseFile, firing: Firing, place: Place) -> None:
    if firing.target:
        what, mend = "aimed at an asset and at open ground", "give `target` or `open_ground`, not both"
        reader.say(reader.node(firing, "open_ground"), what, mend)
    for asset in file.assets[:MOST_ASSETS]:
        if _away_m(place, asset) <= asset.radius_m:
            what = f"this open ground lies in `{asset.name}`"
            reader.say(reader.node(firing, "open_ground"), what, f"give `target: {asset.name}` in its place")


def _away_m(one: Place | LaunchArea | Asset, other: Place | LaunchArea | Asset) -> float:
    return distance_m(one.latitude_rad, one.longitude_rad, other.latitude_rad, other.longitude_rad)


def _people(reader: Reader, file: CaseFile) -> None:
    total = sum(a.population for a in file.assets if not math.isnan(a.population))
    if total > MOST_PEOPLE:
        reader.say(
            reader.node(file, "assets"),
            f"{total:.3g} people live in the assets, more than on Earth",
            "check the populations",
        )


def _dates(reader: Reader, agreement: Agreement) -> None:
    ends(reader, agreement, agreement.name)
    for clause in agreement.clauses:
        ends(reader, clause, clause.id)
        for name in ("since", "until"):
            _inside(reader, agreement, clause, name)


def _inside(reader: Reader, agreement: Agreement, clause: Clause, name: str) -> None:
    day = getattr(clause, name)
    if day is None:
        return
    if agreement.since and day < agreement.since:
        reader.say(
            reader.node(clause, name),
            f"`{clause.id}` gives {day}, before its agreement begins",
            f"`{agreement.name}` is in force from {agreement.since}",
        )
    elif agreement.until and day > agreement.until:
        reader.say(
            reader.node(clause, name),
            f"`{clause.id}` gives {day}, after its agreement ends",
            f"`{agreement.name}` is in force until {agreement.until}",
        )


def _votes(reader: Reader, members: Mapping[str, tuple[str, ...]], authority: Authority) -> None:
    """Only consensus counts votes. With no decider named the owner decides alone: one vote."""
    if authority.protocol != "consensus" or authority.votes < 2:
        return
    deciders = {nation for party in authority.deciders for nation in members.get(party, (party,))}
    most = max(1, len(deciders))
    if authority.votes > most:
        plural = "decider" if most == 1 else "deciders"
        reader.say(
            reader.node(authority, "votes"),
            f"`{authority.id}` needs {authority.votes} votes and has {most} {plural}",
            f"give at most {most}, or 0 for all",
        )


def _consent(reader: Reader, consent: Consent) -> None:
    """A consent says for which sites, and on its own soil no owner stands for them."""
    soil = [scope for scope in consent.scope if scope in ("use", "fire")]
    if not consent.sites and soil:
        what = f"`{consent.id}` lets no site work: it names none"
        reader.say(reader.node(consent), what, "add `sites`, the sensors and batteries on its soil")
    elif not consent.sites and not consent.owners:
        what = f"`{consent.id}` names neither batteries nor owners of them"
        reader.say(reader.node(consent), what, "add `sites`, or `owners` for all their batteries")
