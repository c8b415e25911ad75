"""May they fire, and when? The timed protocols that let a battery shoot."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.agreement import Authority
from synaspis.model.battery import Battery
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Rules


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

    def holds_for(self, asset: Asset) -> bool:
        """Whether this way may be taken for a missile that threatens `asset`."""
        return not self.defends or bool({asset.nation, *asset.forces} & set(self.defends))


@dataclass(frozen=True)
class HostConsent:
    """A host that is asked for every engagement from its soil; it must say yes besides any route."""

    clause: str
    host: str
    decision_s: float
    spread: float
    unreachable: float


def routes(given: Rules, battery: Battery) -> tuple[Route, ...]:
    """Every protocol in force for the battery; the quickest that answers counts. None: it may not fire."""
    return tuple(
        _route(a, battery)
        for a in given.authorities
        if battery.owner in a.owners and (not a.batteries or battery.name in a.batteries)
    )


def _route(a: Authority, battery: Battery) -> Route:
    if a.protocol == "pre-authorised":
        return Route(a.id, (), 0, a.decision_s, 0.0, 0.0, a.missing, a.defends)
    deciders = a.deciders or (battery.owner,)
    votes = a.votes or len(deciders)
    return Route(a.id, deciders, votes, a.decision_s, a.spread, a.unreachable, 0.0, a.defends)


def host_consent(given: Rules, battery: Battery) -> HostConsent | None:
    """The timed consent of the battery's host, the quickest that it has given; None if it stands."""
    host = battery.host or battery.owner
    if host == battery.owner:
        return None
    given_by_host = [
        HostConsent(c.id, host, c.decision_s, c.spread, c.unreachable)
        for c in given.consents
        if c.by == host and "fire" in c.scope and battery.name in c.sites
    ]
    quickest = min(given_by_host, key=lambda c: c.decision_s, default=None)
    return quickest if quickest is not None and quickest.decision_s > 0.0 else None
