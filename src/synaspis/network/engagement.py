"""One battery against one object: the ways to an order, who was asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from synaspis.engine.geometry import Floats
from synaspis.engine.under import under_track
from synaspis.engine.world import World
from synaspis.network.answering import Dice
from synaspis.network.engaging import Chance
from synaspis.network.picture import Name
from synaspis.network.seam import Ordered, Told
from synaspis.sharing.authority import Asked as Consenting
from synaspis.sharing.authority import Route, host_consent, routes, third_state
from synaspis.sharing.rules import Rules

VETO_S: Final = 5.0
"""A party with a veto that has not spoken for so long keeps silent: that is leave. Assumed."""
Party = tuple[str, str]
"""A nation, and the clause under which it is asked."""


@dataclass
class Asked:
    """A request: its number with the nation asked, when it was sent, and the answer, None for none."""

    number: int
    sent_s: float
    yes: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Way:
    """One protocol: `votes` of `deciders`, and each of `consents`; open from `from_s` on at the earliest.

    Of the consents, silence of those in `veto` is leave. `shut`: a consent that it needs was never given.
    """

    clause: str
    votes: int
    deciders: tuple[Party, ...]
    consents: tuple[Party, ...]
    veto: frozenset[Party]
    from_s: float
    shut: bool = False

    @property
    def clauses(self) -> tuple[str, ...]:
        """What an order on this way rests on."""
        return tuple(dict.fromkeys((self.clause, *(clause for _, clause in self.consents))))

    def opens(self, e: Engagement, now_s: float) -> bool:
        """Whether all is there that it needs."""
        if self.shut or now_s < self.from_s or self.closed(e):
            return False
        yes = sum(e.asked[party].yes is True for party in self.deciders)
        return yes >= self.votes and all(self._leave(e.asked[p], p, now_s) for p in self.consents)

    def _leave(self, asked: Asked, party: Party, now_s: float) -> bool:
        if asked.yes is None:
            return party in self.veto and now_s >= asked.sent_s + VETO_S
        return asked.yes

    def closed(self, e: Engagement) -> bool:
        """Whether it can never open, as far as answers tell."""
        noes = sum(e.asked[party].yes is False for party in self.deciders)
        barred = any(e.asked[party].yes is False for party in self.consents)
        return self.shut or barred or len(self.deciders) - noes < self.votes


@dataclass(kw_only=True)
class Engagement:
    """`until_s` the last launch, `chance` as of the last look at the picture, None where it has none now.

    `because` are the clauses that it rests on; `ended` says why it was given up without an order, at
    `ended_s`.
    """

    id: str
    battery: int
    object: Name
    begun_s: float
    until_s: float
    chance: Chance | None
    ways: tuple[Way, ...] = ()
    asked: dict[Party, Asked] = field(default_factory=dict)
    order: Ordered | None = None
    said_s: float = 0.0
    told: Told | None = None
    because: tuple[str, ...] = ()
    ended: str = ""
    ended_s: float = 0.0


def ways_of(
    w: World, given: Rules, sensors: Floats, dice: Dice, chance: Chance, now_s: float
) -> tuple[Way, ...]:
    """Every protocol in force for the battery that may be taken for what the object threatens.

    `sensors` as `engine.geometry.sensor_rows`.
    """
    f = w.batteries[chance.battery]
    threatened = [w.assets[row] for row in chance.assets]
    fit = [r for r in routes(given, f.battery) if any(map(r.holds_for, threatened))]
    under: dict[str, tuple[str, ...]] = {}
    borders = w.case.borders
    if borders is not None and len(chance.meets) and any(route.asks for route in fit):
        no_third = {
            f.battery.owner, f.battery.host, *(a.nation for a in threatened),
            *(area.nation for area in w.case.file.launch_areas),
        }  # fmt: skip
        meets = chance.meets[chance.meets < len(chance.way)]
        under = under_track(borders, w.case.breakup, f, sensors[f.radar], chance.way, meets, no_third)
    host = host_consent(given, f.battery)
    found = (_way(w, given, route, chance, host, under, dice, now_s) for route in fit)
    return tuple(way for way in found if way is not None)


def _way(
    w: World, given: Rules, route: Route, chance: Chance, host: Consenting | None,
    under: dict[str, tuple[str, ...]], dice: Dice, now_s: float,
) -> Way | None:  # fmt: skip
    """A protocol for this object; None where a standing one is not there."""
    standing = not route.deciders
    if standing and not dice.stands(route.clause, route.missing):
        return None
    battery = w.batteries[chance.battery].battery
    wanted: list[Party] = [] if host is None else [(host.nation, host.clause)]
    wanted += [(v.nation, v.clause) for v in route.veto]
    shut = False
    for scope in route.asks:
        for state in under.get(scope, ()):
            leave = third_state(given, battery, state, scope)
            shut |= leave is None
            if leave is not None and (leave.decision_s > 0.0 or leave.unreachable > 0.0):
                wanted.append((leave.nation, leave.clause))
    return Way(
        clause=route.clause, votes=route.votes,
        deciders=tuple((nation, route.clause) for nation in route.deciders),
        consents=tuple(dict.fromkeys(wanted)), veto=frozenset((v.nation, v.clause) for v in route.veto),
        from_s=now_s + (route.decision_s if standing else 0.0), shut=shut,
    )  # fmt: skip
