"""May they fire, and when? The timed protocols that let a battery shoot."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.agreement import Authority
from synaspis.model.battery import Battery
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


def routes(given: Rules, battery: Battery) -> tuple[Route, ...]:
    """Every protocol in force for the battery; the quickest that answers counts. None: it may not fire."""
    return tuple(
        _route(a, battery)
        for a in given.authorities
        if battery.owner in a.owners and (not a.batteries or battery.name in a.batteries)
    )


def _route(a: Authority, battery: Battery) -> Route:
    if a.protocol == "pre-authorised":
        return Route(a.id, (), 0, a.decision_s, 0.0, 0.0, a.missing)
    deciders = a.deciders or (battery.owner,)
    votes = a.votes or len(deciders)
    return Route(a.id, deciders, votes, a.decision_s, a.spread, a.unreachable, 0.0)


def median_s(route: Route) -> float:
    """A typical answer time of a route: every decider at the median."""
    return route.decision_s
