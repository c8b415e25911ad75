"""Clauses that change nothing in a case, as far as can be told without playing it: worth a warning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from synaspis.model.agreement import (
    ALERT_STATES,
    Agreement,
    Authority,
    Clause,
    Consent,
    Mandate,
    Release,
    Transfer,
)
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.sensor import Sensor
from synaspis.sharing.conditions import ALWAYS, predicate_of
from synaspis.sharing.release import revealed
from synaspis.sharing.rules import Rules, in_force, rules


class Idle(NamedTuple):
    """A clause, an agreement or a station, why it changes nothing, what would mend it, and at which field."""

    noun: Clause | Agreement | Battery | Sensor
    what: str
    mend: str
    field: str = ""


def idle_clauses(case: Case) -> tuple[Idle, ...]:
    """Every clause that can never apply on the case's day, that another cancels, or that no regime has."""
    owner_of = case.sensor_owners
    used = {name for regime in case.file.regimes for name in regime.agreements}
    found: list[Idle] = []
    for agreement in case.file.agreements:
        if agreement.name not in used:
            what = f"no regime has the agreement `{agreement.name}`"
            found.append(Idle(agreement, what, "add it to a regime, or take it out"))
        for clause in agreement.clauses:
            what = _never(case, agreement, clause, owner_of)
            if what:
                found.append(Idle(clause, f"`{clause.id}` never applies: {what}", "mend it, or take it out"))
    return (*found, *_cancelled(case))


def _never(case: Case, agreement: Agreement, clause: Clause, owner_of: dict[str, str]) -> str:
    """Why the clause says nothing in this case; "" where it may say something."""
    day, alert = case.file.date, case.file.state_of_alert
    if not in_force(clause, agreement, day, alert):
        if any(in_force(clause, agreement, day, state) for state in ALERT_STATES):
            return f"the state of alert is {alert}"
        # A case that tells of other years has clauses of other years.
        return "" if _tells_of_years(case) else f"it is not in force on {day}"
    owners = set(case.members(getattr(clause, "owners", ())))
    if isinstance(clause, Release):
        if owners and owners == set(case.members(clause.recipients)) and len(owners) == 1:
            return f"{next(iter(owners))} needs no leave for what is its own"
        if clause.sensors and not any(owner_of.get(s) in owners for s in clause.sensors):
            return "none of its sensors belongs to its owners"
        if clause.products == ("engagement_status",) and predicate_of(clause, "") != ALWAYS:
            return "who has fired is told without a condition or not at all"
    if isinstance(clause, (Mandate, Authority)):
        fielded = [b for b in case.file.batteries if b.owner in owners]
        named = [b for b in fielded if not clause.batteries or b.name in clause.batteries]
        if not named:
            return "none of its batteries belongs to its owners" if fielded else "its owners have no battery"
    if isinstance(clause, Consent):
        return _never_consent(case, clause)
    if isinstance(clause, Transfer) and set(case.members(clause.recipients)) <= set(clause.makers):
        return "its recipients make it themselves"
    return ""


def _tells_of_years(case: Case) -> bool:
    """Whether some site of the case is dated, or other years are told of."""
    file = case.every_site
    if file.timeline.threats or file.timeline.plans:
        return True
    dates = [(s.since, s.until) for s in file.sensors] + [(b.since, b.until) for b in file.batteries]
    return any(one or other for one, other in dates)


def _never_consent(case: Case, clause: Consent) -> str:
    """Why nobody asks for the consent: its sites stand elsewhere, or nobody's rounds may fly over.

    What is at sea or in orbit stands on no soil; a port's consent is on record and does no harm.
    """
    if {"overflight", "debris"} & set(clause.scope):
        owners = set(case.members(clause.owners))
        over = [b for b in case.file.batteries if b.name in clause.sites or b.owner in owners]
        if any(b.owner != clause.by for b in over):
            return ""
    if not {"use", "fire"} & set(clause.scope):
        return f"it covers no battery of another nation than {clause.by}"
    soil = {s.name: (s.host or s.owner, s.owner) for s in case.file.sensors if s.latitude_rad is not None}
    for b in case.file.batteries:
        if case.systems[b.system].domain != "sea":
            soil[b.name] = soil[f"{b.name}/radar"] = (b.host or b.owner, b.owner)
    stands = [soil.get(site, (clause.by, "")) for site in clause.sites]
    if any(host == clause.by != owner for host, owner in stands):
        return ""
    return f"none of its sites is another nation's on {clause.by}'s soil"


def _cancelled(case: Case) -> Iterator[Idle]:
    """Permits that a forbid without a condition closes wholly in every regime that has them."""
    regimes = [rules(case, regime) for regime in case.file.regimes]
    by_id: dict[str, Clause] = {c.id: c for a in case.file.agreements for c in a.clauses}
    for clause_id, clause in by_id.items():
        held = [(given, c) for given in regimes for c in given.clauses if c.id == clause_id]
        if getattr(clause, "effect", "") != "permit" or not held:
            continue
        closers = [_closer(given, c) for given, c in held]
        if all(closers):
            what = f"`{clause_id}` permits nothing: `{closers[0]}` forbids all of it"
            yield Idle(clause, what, "narrow the forbid, or take the permit out")


def _closer(given: Rules, permit: Clause) -> str:
    """The forbid that closes all that `permit` opens; "" where none does."""
    if isinstance(permit, Release):
        return _release_closer(given, permit)
    if isinstance(permit, Mandate):
        return next((c.id for c in given.mandates if c.effect == "forbid" and _bars(c, permit)), "")
    if isinstance(permit, Transfer):
        return next((c.id for c in given.transfers if c.effect == "forbid" and _withholds(c, permit)), "")
    return ""


def _bars(forbid: Mandate, permit: Mandate) -> bool:
    """Whether a reservation takes back all of a mandate."""
    named = not forbid.batteries or (permit.batteries and set(permit.batteries) <= set(forbid.batteries))
    return bool(
        named and set(permit.owners) <= set(forbid.owners) and set(permit.defends) <= set(forbid.defends)
    )


def _withholds(forbid: Transfer, permit: Transfer) -> bool:
    """Whether a forbid takes back all that a maker lets others have."""
    kinds = ("makers", "recipients", "items", "acts")
    inside = all(set(getattr(permit, kind)) <= set(getattr(forbid, kind)) for kind in kinds)
    return inside and set(permit.onward) <= set(forbid.recipients)


def _release_closer(given: Rules, permit: Release) -> str:
    """As `_closer`, for releases."""
    for c in given.releases:
        if (
            c.effect == "forbid"
            and predicate_of(c, "") == ALWAYS
            and set(permit.owners) <= set(c.owners)
            and set(permit.recipients) <= set(c.recipients)
            and set(permit.purposes) <= set(c.purposes)
            and (not c.sensors or (permit.sensors and set(permit.sensors) <= set(c.sensors)))
            and set(permit.products) <= revealed("forbid", c.products)
            and ("alert" in revealed("forbid", c.products))
            >= any(p != "engagement_status" for p in permit.products)
        ):
            return c.id
    return ""
