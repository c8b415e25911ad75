"""A case, resolved: every name in it has been looked up in the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from synaspis.errors import Problem
from synaspis.model.agreement import ALERT_STATES, Agreement, Regime
from synaspis.model.battery import Battery, Interceptor, System
from synaspis.model.borders import Borders
from synaspis.model.breakup import Breakup
from synaspis.model.buildup import Buildup, raid_on
from synaspis.model.cost import Charge, Ledger
from synaspis.model.declare import part, quantity, text
from synaspis.model.fact import Entry
from synaspis.model.nation import Alliance, Asset, Nation, WarningPractice
from synaspis.model.orbit import time_of_day
from synaspis.model.planning import Planning
from synaspis.model.sensor import WEATHERS, Infrared, Radar, Sensor, Sky
from synaspis.model.stability import StabilityQuestion
from synaspis.model.stock import Stock
from synaspis.model.threat import Firing, FlyingObject, LaunchArea, OwnThreat, Threat

FORMAT: Final = 1
"""Edition of the case format. It goes up when a case that was right is refused, or means something else."""


@dataclass(frozen=True, kw_only=True)
class Compare:
    """Which regime is held against which for the headline."""

    headline: str = text("the regime whose worth is asked", names="regime")
    against: str = text("the regime it is held against", names="regime")


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """What a case file says, names not yet looked up. The keys are these fields."""

    case: str = text("short name of the case")
    format: int = quantity(
        "1", "edition of the case format that the file is written in", at_least=1, at_most=FORMAT, default=1
    )
    title: str = text("what it is about, in a sentence")
    date: dt.date = part("the day on which agreements and deployments are taken")
    start_utc: str = text(
        "time of day, UTC, from which the raid's times count: where satellites and the Sun stand",
        default="00:00",
    )
    state_of_alert: str = text(
        "state of alert when the raid comes; clauses may hold in some only",
        choices=ALERT_STATES,
        default="crisis",
    )
    nations: tuple[Nation, ...] = part("the nations, as codes or with more said")
    alliances: tuple[Alliance, ...] = part("groups of nations", default=())
    sensors: tuple[Sensor, ...] = part("deployed sensors", default=())
    batteries: tuple[Battery, ...] = part("deployed batteries", default=())
    assets: tuple[Asset, ...] = part("defended cities and bases")
    launch_areas: tuple[LaunchArea, ...] = part("where the raid flies from")
    threats: tuple[OwnThreat, ...] = part("missile classes of the case's own", default=())
    raid: tuple[Firing, ...] = part("the missiles fired")
    agreements: tuple[Agreement, ...] = part("the agreements", default=())
    regimes: tuple[Regime, ...] = part("sets of agreements to compare")
    compare: Compare = part("the comparison that is the headline")
    weather: str = text(
        "the weather over all launch areas (drawn where left out)", choices=WEATHERS, default=""
    )
    stock: tuple[Stock, ...] = part("rounds in depot and production, by owner and interceptor", default=())
    raids_per_day: float = quantity(
        "1",
        "raids like this one that a day brings, for how long magazines last",
        above=0,
        at_most=24,
        default=1.0,
    )
    plan: Planning = part("what `synaspis plan` may choose from", default=Planning())
    timeline: Buildup = part("other years: classes by date, and what had been planned", default=Buildup())
    costs: tuple[Charge, ...] = part("lines of cost that the catalogue does not know", default=())
    stability: tuple[StabilityQuestion, ...] = part(
        "third states that ask whether the shield can touch their missiles", default=()
    )
    notes: tuple[str, ...] = text("remarks that the report prints", default=())

    @property
    def starts(self) -> dt.datetime:
        """When the raid's times begin to count, UTC. Midnight where `start_utc` is no time."""
        return dt.datetime.combine(self.date, time_of_day(self.start_utc) or dt.time())


@dataclass(frozen=True, kw_only=True)
class Case:
    """A checked case file with the catalogue entries that it uses, by name."""

    file: CaseFile
    threats: Mapping[str, Threat]
    radars: Mapping[str, Radar]
    infrareds: Mapping[str, Infrared]
    interceptors: Mapping[str, Interceptor]
    systems: Mapping[str, System]
    warnings: Mapping[str, WarningPractice]
    objects: Mapping[str, FlyingObject]
    """Those of which some fly in the raid."""
    sky: Sky
    ledger: Ledger
    """What its catalogue knows about money."""
    entries: Mapping[str, Entry]
    sha256: str
    text: bytes
    """The case file as read, for the run folder."""
    borders: Borders | None = None
    """The political map, where some authority asks the states under an intercept."""
    breakup: Breakup | None = None
    """With the map: how what is hit comes apart."""
    declared: Mapping[str, Threat] = field(default_factory=dict)
    """Classes that `stability` asks about. No raid need hold them, and no draw of figures moves them."""
    declared_entries: Mapping[str, Entry] = field(default_factory=dict)
    oddities: tuple[Problem, ...] = ()
    """What is odd in the file, though it can be run: clauses that change nothing, stations that face away."""
    whole: CaseFile | None = None
    """The file with the sites of all dates; `file` has those of the day alone. None: they are the same."""
    others: Mapping[str, Entry] = field(default_factory=dict)
    """Catalogue entries that only sites of other days use; their types are among those above."""
    as_of: dt.date | None = None
    """Another day than the case's, as of which clauses and sites are taken; sky and Sun stay the case's."""

    @property
    def name(self) -> str:
        return self.file.case

    @property
    def day(self) -> dt.date:
        """The day as of which clauses and sites are taken."""
        return self.as_of or self.file.date

    @property
    def every_site(self) -> CaseFile:
        """The file with the sites of all dates."""
        return self.whole or self.file

    def on(self, day: dt.date) -> Case:
        """The case as of `day`: the sites that are there and the clauses in force then.

        Sites come from `whole`, all else from `file`; where satellites and the Sun stand does not change.
        """
        file = standing(self.every_site, day)
        absent = _types(self, self.every_site) - _types(self, file)
        known = {**self.entries, **self.others}
        return replace(
            self,
            file=replace(self.file, sensors=file.sensors, batteries=file.batteries),
            whole=self.every_site,
            as_of=day,
            entries={n: e for n, e in known.items() if n not in absent},
            others={n: e for n, e in known.items() if n in absent},
        )

    def at_all_times(self) -> Case:
        """The case with the sites of all dates at once: for what asks each of them when it is there."""
        return replace(self, file=self.every_site, entries={**self.entries, **self.others}, others={})

    def in_year(self, day: dt.date) -> Case:
        """As `on`, with the raid of what the states that fire it have by then; it may be empty."""
        now = self.on(day)
        raid = raid_on(self.file.timeline, self.file.raid, self.file.launch_areas, day)
        return replace(now, file=replace(now.file, raid=raid))

    @property
    def sensor_owners(self) -> dict[str, str]:
        """Owner of each sensor of any date by name: those deployed, then batteries' radars, `NAME/radar`."""
        owners = {s.name: s.owner for s in self.every_site.sensors}
        return owners | {f"{b.name}/radar": b.owner for b in self.every_site.batteries}

    @property
    def sensors_there(self) -> tuple[str, ...]:
        """Names of the sensors that are there on the day, in the order of `sensor_owners`."""
        return (*(s.name for s in self.file.sensors), *(f"{b.name}/radar" for b in self.file.batteries))

    def members(self, parties: tuple[str, ...]) -> tuple[str, ...]:
        """Nation codes behind `parties`, alliances opened, in the case's order of nations."""
        named, opened = set(parties), set[str]()
        while found := [a for a in self.file.alliances if a.name in named - opened]:
            opened.update(a.name for a in found)
            named.update(member for a in found for member in a.members)
        return tuple(n.code for n in self.file.nations if n.code in named)

    def regime(self, name: str) -> Regime:
        """The regime called `name`. KeyError where there is none."""
        for regime in self.file.regimes:
            if regime.name == name:
                return regime
        raise KeyError(name)


def standing(file: CaseFile, day: dt.date) -> CaseFile:
    """The file with only those sensors and batteries that are there on `day`."""
    return replace(
        file,
        sensors=tuple(s for s in file.sensors if there(s, day)),
        batteries=tuple(b for b in file.batteries if there(b, day)),
    )


def there(site: Sensor | Battery, day: dt.date) -> bool:
    """Whether a site is there on `day`, both its first and its last day included."""
    return (site.since is None or day >= site.since) and (site.until is None or day <= site.until)


def _types(case: Case, file: CaseFile) -> set[str]:
    """Names of the catalogue entries that the sites of `file` use."""
    systems = [case.systems[b.system] for b in file.batteries]
    return {
        *(s.type for s in file.sensors),
        *(s.name for s in systems),
        *(s.interceptor for s in systems),
        *(s.radar for s in systems),
    }
