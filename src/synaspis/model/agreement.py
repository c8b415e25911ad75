"""Agreements: clauses that permit, forbid, mandate, authorise and consent."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from synaspis.model.declare import part, quantity, text
from synaspis.model.threat import CATEGORIES

PRODUCTS = ("alert", "impact_estimate", "track", "fire_control_track", "measurement", "engagement_status")
LADDER = PRODUCTS[:4]
"""Each step of the ladder reveals the steps below it."""
PURPOSES = ("warning", "defence", "exercise")
ALERT_STATES = ("peace", "tension", "crisis", "war")
SCOPES = ("use", "fire", "overflight", "debris")
ACTS = ("buy", "host", "maintain", "co-produce")
CLASSIFICATIONS = ("unclassified", "restricted", "confidential", "secret", "top-secret")
"""From the widest circle to the narrowest."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """When a release holds: all that is given must be true, as the owner's own track sees it."""

    threatens: tuple[str, ...] = text(
        "nations or alliances, or `recipient`: only missiles that threaten them",
        names="party-or-recipient",
        default=(),
    )
    category: tuple[str, ...] = text("only these missile categories", choices=CATEGORIES, default=())
    launched_from: tuple[str, ...] = text(
        "only missiles launched from these areas or nations", names="origin", default=()
    )
    lands_in: tuple[str, ...] = text(
        "nations or alliances, or `recipient`: only missiles that will land on their soil",
        names="party-or-recipient",
        default=(),
    )
    alert: tuple[str, ...] = text("only in these states of alert", choices=ALERT_STATES, default=())


@dataclass(frozen=True, kw_only=True)
class Clause:
    """What every clause has: an id that results cite, its dates, and where it is known from."""

    id: str = text("id, unique in the case; results cite it")
    source: str = text("public text it rests on", default="")
    assumed: bool = part("true where its terms are not public", default=False)
    since: dt.date | None = part("first day in force (the agreement's where left out)", default=None)
    until: dt.date | None = part("last day in force (the agreement's where left out)", default=None)
    note: str = text("in words a lawyer would accept", default="")


@dataclass(frozen=True, kw_only=True)
class Release(Clause):
    """Permits or forbids that owners release products of their own sensors to recipients.

    What a recipient was given it may hand on only to those named in `onward`, and then under a permit of
    its own as well. A permit may degrade what it releases (`degraded_to`, `rounded_to`) and may be revoked
    at a time in the run: what was received by then stays held and is not updated.
    """

    effect: str = text("permit or forbid", choices=("permit", "forbid"))
    owners: tuple[str, ...] = text("whose products", names="party")
    recipients: tuple[str, ...] = text("who may have them", names="party")
    products: tuple[str, ...] = text("which products", choices=PRODUCTS)
    sensors: tuple[str, ...] = text(
        "only these sensors (all where left out)", names="deployed-sensor", default=()
    )
    delay_s: float = quantity("s", "time that release takes", at_least=0, at_most=86_400, default=0.0)
    when: Condition = part("conditions", factory=Condition)
    purposes: tuple[str, ...] = text("what it may be used for", choices=PURPOSES, default=PURPOSES)
    onward: tuple[str, ...] = text("who else may have it from the recipients", names="party", default=())
    degraded_to_m: float = quantity(
        "km", "one-sigma position error to which it is degraded", at_least=0, at_most=1000, default=0.0
    )
    rounded_to_m: float = quantity(
        "km", "grid to which positions are rounded", at_least=0, at_most=1000, default=0.0
    )
    revoked_s: float = quantity(
        "s", "when it is revoked, from the start of the raid (not at all where left out)", at_least=0,
        at_most=172_800, default=math.inf,
    )  # fmt: skip
    classification: str = text(
        "classification of what it releases", choices=CLASSIFICATIONS, default="restricted"
    )
    caveats: tuple[str, ...] = text("national caveats, in words that the label carries", default=())


@dataclass(frozen=True, kw_only=True)
class Mandate(Clause):
    """Whose people and forces an owner's rounds defend.

    A `forbid` is a member's standing reservation: its rounds do not defend those, whatever else is agreed.
    """

    effect: str = text("permit, or forbid", choices=("permit", "forbid"), default="permit")
    owners: tuple[str, ...] = text("whose rounds", names="party")
    defends: tuple[str, ...] = text(
        "whose people and forces; `owner` and `host` stand for those of each battery", names="party-or-own"
    )
    batteries: tuple[str, ...] = text(
        "only these batteries (all where left out)", names="battery", default=()
    )
    reserve: int = quantity(
        "1", "rounds kept back from those it defends under this clause", at_least=0, default=0
    )
    in_order: bool = part(
        "whether they are defended in the order named, where a battery cannot serve all at once",
        default=False,
    )


@dataclass(frozen=True, kw_only=True)
class Authority(Clause):
    """Who may order an owner's batteries to fire, and how long deciding takes.

    `protocol` says how the votes are counted: `pre-authorised` needs none (but may be missing
    when the raid starts, with `missing`), `national`, `delegated` and `lead` need the one decider,
    `consensus` needs `votes` of the deciders. A party with a `veto` stops what the others decide unless it
    keeps silent. With `asks` the order also waits for the states that lie under the intercept.
    """

    owners: tuple[str, ...] = text("whose batteries", names="party")
    batteries: tuple[str, ...] = text(
        "only these batteries (all where left out)", names="battery", default=()
    )
    defends: tuple[str, ...] = text(
        "only for missiles that threaten their people or forces (all where left out)",
        names="party",
        default=(),
    )
    protocol: str = text(
        "how it is decided", choices=("pre-authorised", "national", "delegated", "lead", "consensus")
    )
    deciders: tuple[str, ...] = text("who decides (the owner where left out)", names="party", default=())
    votes: int = quantity("1", "how many of the deciders must agree (all where 0)", at_least=0, default=0)
    decision_s: float = quantity(
        "s", "median time that one decider takes", at_least=0, at_most=86_400, default=0.0
    )
    spread: float = quantity("1", "sigma of the logarithm of that time", at_least=0, at_most=3, default=0.0)
    unreachable: float = quantity(
        "1", "chance that a decider cannot be reached", at_least=0, at_most=1, default=0.0
    )
    refuses: float = quantity(
        "1", "chance that a decider, or a party with a veto, says no to an engagement", at_least=0, at_most=1,
        default=0.0,
    )  # fmt: skip
    veto: tuple[str, ...] = text("who may stop an engagement that others decided", names="party", default=())
    asks: tuple[str, ...] = text(
        "whose consent besides: of the third states under the intercept, or under its debris",
        choices=("overflight", "debris"),
        default=(),
    )
    missing: float = quantity(
        "1", "chance that a pre-authorisation is missing", at_least=0, at_most=1, default=0.0
    )
    alert: tuple[str, ...] = text("only in these states of alert", choices=ALERT_STATES, default=())


@dataclass(frozen=True, kw_only=True)
class Consent(Clause):
    """A state's consent: that a site on its soil works, or that others' intercepts happen above it.

    On its soil: `use` of sensors, `fire` from batteries, of the sites named. Above it: `overflight` of an
    interceptor's end of flight, `debris` that comes down, of the sites named or of all batteries of
    `owners`. Consent stands, unless `decision_s` is given: then it is asked for every engagement.
    """

    by: str = text("the state that consents", names="nation")
    sites: tuple[str, ...] = text("sensors and batteries, by name", names="site", default=())
    owners: tuple[str, ...] = text("whose batteries, for what happens above it", names="party", default=())
    scope: tuple[str, ...] = text("what it covers", choices=SCOPES, default=("use", "fire"))
    decision_s: float = quantity("s", "median time of the answer", at_least=0, at_most=86_400, default=0.0)
    spread: float = quantity("1", "sigma of the logarithm of that time", at_least=0, at_most=3, default=0.0)
    unreachable: float = quantity("1", "chance that nobody answers", at_least=0, at_most=1, default=0.0)
    refuses: float = quantity(
        "1", "chance that it says no to an engagement", at_least=0, at_most=1, default=0.0
    )


@dataclass(frozen=True, kw_only=True)
class Transfer(Clause):
    """Permits or forbids that a maker's interceptors, radars or batteries pass to others.

    What a recipient has it may pass on only to those named in `onward`.
    """

    effect: str = text("permit or forbid", choices=("permit", "forbid"), default="permit")
    makers: tuple[str, ...] = text("nations that make it and decide its transfer", names="nation")
    recipients: tuple[str, ...] = text("who may have it", names="party")
    items: tuple[str, ...] = text("battery types, interceptors and radars of the catalogue", names="hardware")
    acts: tuple[str, ...] = text("what they may do with it", choices=ACTS)
    onward: tuple[str, ...] = text("to whom they may pass it on", names="party", default=())


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What every text has, in a case or in the catalogue: parties, dates and clauses."""

    name: str = text("name, unique in the case")
    title: str = text("what it is, in words")
    parties: tuple[str, ...] = text("who signed", names="party")
    source: str = text("public text, with its date")
    since: dt.date = part("first day in force")
    until: dt.date | None = part("last day in force, if it ends", default=None)
    releases: tuple[Release, ...] = part("who may see what", default=())
    mandates: tuple[Mandate, ...] = part("whose people rounds defend", default=())
    authorities: tuple[Authority, ...] = part("who may order fire, and how fast", default=())
    consents: tuple[Consent, ...] = part("whose consent lets a site work", default=())
    transfers: tuple[Transfer, ...] = part("who may have whose technology", default=())

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order of the kinds above."""
        return (*self.releases, *self.mandates, *self.authorities, *self.consents, *self.transfers)


@dataclass(frozen=True, kw_only=True)
class Agreement(Terms):
    """A named text with parties, dates and clauses."""


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A named set of agreements in force."""

    name: str = text("name, unique in the case")
    title: str = text("what it stands for, in a sentence")
    agreements: tuple[str, ...] = text("agreements in force", names="agreement")
