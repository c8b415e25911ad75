"""What could be added, where, by whom: candidate batteries and sensors, and the rules that bar them.

A candidate stands at a place of the defenders' choosing. Its owner may have the type where it makes it, has
it already in the case, or its makers let it buy it; a host lets it stand where it lets something of that
owner's work now, or the case says that it would.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from synaspis.kernels.geodesic import geodesic
from synaspis.model.agreement import Agreement, Consent, Transfer
from synaspis.model.battery import Battery, System
from synaspis.model.case import Case
from synaspis.model.plan import Price
from synaspis.model.sensor import Radar, Sensor
from synaspis.sharing.rules import Rules, site_works
from synaspis.sharing.transfer import transfer

SAME_PLACE_M = 25_000.0
"""Places of one host nearer to each other than this count as one."""
HOSTS, TRANSFERS = "host", "transfer"
ADDED = "(added by the plan)"
"""Source of what a plan adds, and name of the agreement that lets it stand."""


@dataclass(frozen=True)
class Bar:
    """A rule that bars a candidate: a host that would not have it, or a maker that would not sell it."""

    kind: str
    who: str
    whom: str
    item: str = ""

    @property
    def what(self) -> str:
        """What lifting it would be, in words."""
        if self.kind == HOSTS:
            return f"{self.who} would host {self.whom}"
        return f"{self.who} would let {self.whom} have {self.item}"


@dataclass(frozen=True)
class Place:
    """Where something could stand."""

    name: str
    host: str
    latitude_rad: float
    longitude_rad: float
    height_m: float = 0.0
    facing_rad: float | None = None
    domain: str = "land"


@dataclass(frozen=True)
class Candidate:
    """One thing that could be added at one place by one owner; `bars` stand against it."""

    name: str
    kind: str
    type: str
    owner: str
    place: Place
    facing_rad: float
    rounds: int
    price: Price | None
    bars: tuple[Bar, ...] = ()

    @property
    def stations(self) -> tuple[str, ...]:
        """The sensors that come with it."""
        return (f"{self.name}/radar",) if self.kind == "battery" else (self.name,)


def candidates(
    case: Case, given: Rules, allowed: Sequence[str], members: Sequence[str] = ()
) -> tuple[Candidate, ...]:
    """Every candidate of the allowed types, those that rules bar besides; of `members` only, where given."""
    found: list[Candidate] = []
    for name in allowed:
        item = case.systems.get(name) or case.radars.get(name)
        for place in places(case) if item is not None else ():
            domain = item.domain if isinstance(item, System) else "land"
            if item is not None and place.domain == domain:
                found += _at(case, given, item, place)
    inside = set(members) or {n.code for n in case.file.nations}
    # What two rules bar no single one lets in.
    return tuple(c for c in found if len(c.bars) < 2 and {c.owner, c.place.host} <= inside)


def places(case: Case) -> tuple[Place, ...]:
    """The case's own candidate sites; else its assets' places and the sites that it has, near ones once."""
    own = case.file.plan.sites
    if own:
        return tuple(
            Place(s.name, s.host, s.latitude_rad, s.longitude_rad, s.height_m, s.facing_rad, s.domain)
            for s in own
        )
    found: list[Place] = []
    for p in _standing(case):
        near = (
            geodesic(p.latitude_rad, p.longitude_rad, q.latitude_rad, q.longitude_rad)[0] < SAME_PLACE_M
            for q in found
            if (q.host, q.domain) == (p.host, p.domain)
        )
        if not any(near):
            found.append(p)
    return tuple(found)


def _standing(case: Case) -> Iterator[Place]:
    for a in case.file.assets:
        yield Place(a.name, a.nation, a.latitude_rad, a.longitude_rad)
    for b in case.file.batteries:
        domain = case.systems[b.system].domain
        yield Place(
            b.name, b.host or b.owner, b.latitude_rad, b.longitude_rad, b.height_m, b.facing_rad, domain
        )
    for s in case.file.sensors:
        if s.latitude_rad is not None and s.longitude_rad is not None and s.type in case.radars:
            yield Place(s.name, s.host or s.owner, s.latitude_rad, s.longitude_rad, s.height_m, s.facing_rad)


def _at(case: Case, given: Rules, item: System | Radar, place: Place) -> Iterator[Candidate]:
    """What may stand there, and of what is barred the nearest to it: the host's own, and one guest's."""
    nations = [n.code for n in case.file.nations]
    holders = _holders(case, item.name)
    guests = [n for n in dict.fromkeys((*holders, *item.makers)) if n in nations and n != place.host]
    barred_guest = False
    for owner in (place.host, *guests):
        bars = _bars(case, given, item, owner, place.host, holders)
        if owner != place.host and bars:
            if barred_guest:
                continue
            barred_guest = True
        yield Candidate(
            name=f"{owner} {item.name} at {place.name}",
            kind="battery" if isinstance(item, System) else "sensor",
            type=item.name,
            owner=owner,
            place=place,
            facing_rad=facing(case, place),
            rounds=item.rounds if isinstance(item, System) else 0,
            price=price(case, item),
            bars=bars,
        )


def _holders(case: Case, item: str) -> list[str]:
    """Owners of the type in the case, the one with most of them first."""
    owners = [b.owner for b in case.file.batteries if b.system == item]
    owners += [s.owner for s in case.file.sensors if s.type == item]
    return sorted(dict.fromkeys(owners), key=lambda n: (-owners.count(n), n))


def _bars(
    case: Case, given: Rules, item: System | Radar, owner: str, host: str, holders: Sequence[str]
) -> tuple[Bar, ...]:
    found = []
    if owner not in holders and not _may(given, item, owner, "buy"):
        found.append(Bar(TRANSFERS, ", ".join(item.makers) or "its makers", owner, item.name))
    if owner != host:
        if not willing(case, given, host, owner, "fire" if isinstance(item, System) else "use"):
            found.append(Bar(HOSTS, host, owner))
        if _spoken(given, item, "host") and not _may(given, item, host, "host"):
            found.append(Bar(TRANSFERS, ", ".join(item.makers), host, item.name))
    return tuple(found)


def _may(given: Rules, item: System | Radar, nation: str, act: str) -> bool:
    """Whether every maker lets the nation do `act` with the type, or with the rounds that it fires."""
    if not item.makers:
        return False
    names = (item.name, item.interceptor) if isinstance(item, System) else (item.name,)
    return any(transfer(given, item.makers, nation, name, act).allowed for name in names)


def _spoken(given: Rules, item: System | Radar, act: str) -> bool:
    """Whether any clause in force speaks of `act` with the type: where none does, basing alone decides."""
    names = {item.name, item.interceptor} if isinstance(item, System) else {item.name}
    speaking: Iterable[Transfer] = given.transfers
    return any(act in c.acts and names & set(c.items) and set(c.makers) & set(item.makers) for c in speaking)


def willing(case: Case, given: Rules, host: str, owner: str, scope: str) -> bool:
    """Whether the host lets something of the owner's work on its soil now, or the case says it would."""
    told = (w for w in case.file.plan.hosts if w.host == host)
    if any(owner in case.members(w.owners) for w in told):
        return True
    sites = [(b.name, b.owner, b.host or b.owner) for b in case.file.batteries]
    sites += [(s.name, s.owner, s.host or s.owner) for s in case.file.sensors]
    return any(
        o == owner and h == host and site_works(given, name, host, owner, scope).allowed
        for name, o, h in sites
    )


def facing(case: Case, place: Place) -> float:
    """The azimuth that is given, or the middle of the directions of the launch areas."""
    if place.facing_rad is not None:
        return place.facing_rad
    east = north = 0.0
    for area in case.file.launch_areas:
        azimuth = geodesic(place.latitude_rad, place.longitude_rad, area.latitude_rad, area.longitude_rad)[1]
        east, north = east + math.sin(azimuth), north + math.cos(azimuth)
    return math.atan2(east, north)


def price(case: Case, item: System | Radar) -> Price | None:
    """What one costs with its rounds, in millions of US dollars; None where no price is public."""
    own = _band(case, item.name, item.unit_cost_musd)
    if own is None or isinstance(item, Radar):
        return own
    round_ = _band(case, item.interceptor, case.interceptors[item.interceptor].unit_cost_musd)
    if round_ is None:
        return None
    n = item.rounds
    return Price(
        value=own.value + n * round_.value, low=own.low + n * round_.low, high=own.high + n * round_.high
    )


def _band(case: Case, entry: str, value: float | None) -> Price | None:
    if value is None:
        return None
    known = case.entries.get(entry)
    for f in known.facts if known is not None else ():
        if f.parameter == "unit_cost":
            return Price(value=value, low=min(f.low, value), high=max(f.high, value))
    return Price(value=value, low=value, high=value)


def with_candidates(case: Case, chosen: Sequence[Candidate]) -> Case:
    """The case with the candidates deployed, and in every regime the leave of their hosts to stand there."""
    if not chosen:
        return case
    agreement = Agreement(
        name=ADDED,
        title="Leave of hosts for what the plan adds",
        parties=tuple(dict.fromkeys(n for c in chosen for n in (c.owner, c.place.host))),
        source=ADDED,
        since=case.file.date,
        consents=tuple(
            Consent(id=f"+{c.place.host}>{c.name}:consent", by=c.place.host, sites=(c.name,), assumed=True)
            for c in chosen
            if c.place.host != c.owner
        ),
    )
    file = replace(
        case.file,
        batteries=(*case.file.batteries, *(_battery(case, c) for c in chosen if c.kind == "battery")),
        sensors=(*case.file.sensors, *(_sensor(c) for c in chosen if c.kind == "sensor")),
        agreements=(*case.file.agreements, agreement),
        regimes=tuple(replace(r, agreements=(*r.agreements, ADDED)) for r in case.file.regimes),
    )
    return replace(case, file=file)


def _battery(case: Case, c: Candidate) -> Battery:
    p = c.place
    upper = case.interceptors[case.systems[c.type].interceptor].layer == "midcourse"
    return Battery(
        name=c.name, system=c.type, owner=c.owner, host=p.host, latitude_rad=p.latitude_rad,
        longitude_rad=p.longitude_rad, height_m=p.height_m, facing_rad=c.facing_rad, salvo=1 if upper else 2,
        source=ADDED,
    )  # fmt: skip


def _sensor(c: Candidate) -> Sensor:
    p = c.place
    return Sensor(
        name=c.name, type=c.type, owner=c.owner, host=p.host, latitude_rad=p.latitude_rad,
        longitude_rad=p.longitude_rad, height_m=p.height_m, facing_rad=c.facing_rad,
        source=ADDED,
    )  # fmt: skip
