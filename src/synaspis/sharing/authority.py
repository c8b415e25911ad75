"""May they fire, and when? The timed protocols that let a battery shoot, and whose consent they need besides.

A decider who says no, and a party with a veto that uses it, counts as one that cannot be reached: no
answer ever comes. Silence of a party with a veto is leave; silence of a state under the intercept is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from synaspis.model.agreement import Authority, Consent
from synaspis.model.battery import Battery
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Rules


@dataclass(frozen=True)
class Asked:
    """A state that is asked for an engagement, and must not say no, besides any route."""

    clause: str
    nation: str
    decision_s: float
    spread: float
    unreachable: float


@dataclass(frozen=True)
class Route:
    """One way to an order: `votes` of `deciders`, each log-normally late and perhaps out of reach.

    A standing pre-authorisation has no deciders; with probability `missing` it is not there when
    the raid starts, and then never comes.
    """

    clause: str
    deciders: tuple[str, ...]
    votes: int
    decision_s: float
    spread: float
    unreachable: float
    missing: float
    defends: tuple[str, ...]
    veto: tuple[Asked, ...] = ()
    asks: tuple[str, ...] = ()

    def holds_for(self, asset: Asset) -> bool:
        """Whether this way may be taken for a missile that threatens `asset`."""
        return not self.defends or bool({asset.nation, *asset.forces} & set(self.defends))


def routes(given: Rules, battery: Battery) -> tuple[Route, ...]:
    """Every protocol in force for the battery; the quickest that answers counts. None: it may not fire."""
    return tuple(
        _route(a, battery)
        for a in given.authorities
        if battery.owner in a.owners and (not a.batteries or battery.name in a.batteries)
    )


def _route(a: Authority, battery: Battery) -> Route:
    veto = tuple(Asked(a.id, nation, 0.0, 0.0, a.refuses) for nation in a.veto)
    if a.protocol == "pre-authorised":
        return Route(a.id, (), 0, a.decision_s, 0.0, 0.0, a.missing, a.defends, veto, a.asks)
    deciders = a.deciders or (battery.owner,)
    votes = a.votes or len(deciders)
    never = _never(a.unreachable, a.refuses)
    return Route(a.id, deciders, votes, a.decision_s, a.spread, never, 0.0, a.defends, veto, a.asks)


def _never(unreachable: float, refuses: float) -> float:
    """Chance that no yes comes."""
    return unreachable + (1.0 - unreachable) * refuses


def host_consent(given: Rules, battery: Battery) -> Asked | None:
    """The timed consent of the battery's host, the quickest that it has given; None if it stands."""
    host = battery.host or battery.owner
    if host == battery.owner:
        return None
    quickest = _quickest(
        c for c in given.consents if c.by == host and "fire" in c.scope and battery.name in c.sites
    )
    return quickest if quickest is not None and quickest.decision_s > 0.0 else None


def third_state(given: Rules, battery: Battery, state: str, scope: str) -> Asked | None:
    """The quickest consent of a `state` under the intercept to its `scope`; None: it has given none.

    `scope` is `overflight` or `debris`. A consent with a decision time of zero stands.
    """
    return _quickest(
        c
        for c in given.consents
        if c.by == state and scope in c.scope and (battery.name in c.sites or battery.owner in c.owners)
    )


def _quickest(given: Iterable[Consent]) -> Asked | None:
    asked = [Asked(c.id, c.by, c.decision_s, c.spread, _never(c.unreachable, c.refuses)) for c in given]
    return min(asked, key=lambda a: (a.decision_s, a.unreachable, a.clause), default=None)
