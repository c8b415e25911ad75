"""What is left of a set of rules when only some nations take part: the rules of a coalition.

A coalition is a set of nations. Whoever is outside gives nothing, lets nobody use its soil and decides
nothing: its releases, mandates, authorities and consents are left out, and its sites stand still. Inside,
all stays as agreed; in particular, rounds go on to defend everybody whom their owner's mandates name.
Leaving a nation out closes doors and opens none, but for one: an outsider's veto goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from synaspis.model.agreement import Authority, Mandate, Release
from synaspis.model.battery import Battery
from synaspis.model.case import Case
from synaspis.model.sensor import Sensor
from synaspis.sharing.rules import Rules, site_works

ON_ITS_SOIL = frozenset({"use", "fire"})
ABOVE_IT = frozenset({"overflight", "debris"})
Owned = TypeVar("Owned", Release, Mandate, Authority)


def restricted(given: Rules, members: Collection[str]) -> Rules:
    """The clauses of `given` that `members` can keep up among themselves.

    Owners outside are struck from releases, mandates and authorities, and a clause without any left falls
    away. Consents of outsiders fall away. Deciders outside have no vote: an authority with fewer left than
    must agree falls away, and what other authority there is decides. Who receives and who is defended stays.
    Transfers are left as they are: they bear on no raid.
    """
    inside = frozenset(members)
    return replace(
        given,
        releases=_owned(given.releases, inside),
        mandates=_owned(given.mandates, inside),
        authorities=tuple(s for c in _owned(given.authorities, inside) for s in _seated(c, inside)),
        consents=tuple(c for c in given.consents if c.by in inside),
    )


def _owned(clauses: tuple[Owned, ...], inside: frozenset[str]) -> tuple[Owned, ...]:
    """The clauses that some owner inside has made, for those owners alone."""
    found = []
    for c in clauses:
        owners = _among(c.owners, inside)
        if owners == c.owners:
            found.append(c)
        elif owners:
            found.append(replace(c, owners=owners))
    return tuple(found)


def _among(nations: tuple[str, ...], inside: frozenset[str]) -> tuple[str, ...]:
    return tuple(n for n in nations if n in inside)


def _seated(c: Authority, inside: frozenset[str]) -> Iterator[Authority]:
    """`c` with the deciders and vetoes of those inside; nothing where too few are left to decide.

    A pre-authorisation needs nobody, whoever is named beside it.
    """
    deciders, veto = _among(c.deciders, inside), _among(c.veto, inside)
    if (deciders, veto) == (c.deciders, c.veto):
        yield c
    elif c.protocol == "pre-authorised" or deciders == c.deciders:
        yield replace(c, veto=veto)
    elif deciders and len(deciders) >= (c.votes or len(c.deciders)):
        yield replace(c, deciders=deciders, veto=veto)


def cut_off(given: Rules, nation: str) -> Rules:
    """The same rules, but nobody's rounds are there for `nation`'s people, and nothing is released to it.

    What others' forces on its soil are promised stands.
    """
    others = frozenset(n for c in given.releases for n in (*c.recipients, *c.onward)) - {nation}
    return replace(
        given,
        releases=tuple(
            replace(c, recipients=_among(c.recipients, others), onward=_among(c.onward, others))
            for c in given.releases
            if c.effect == "forbid" or _among(c.recipients, others)
        ),
        mandates=tuple(
            replace(c, defends=tuple(n for n in c.defends if n != nation))
            for c in given.mandates
            if c.effect == "forbid" or {*c.defends} - {nation}
        ),
    )


def parties_of(given: Rules, site: Sensor | Battery) -> frozenset[str]:
    """All who must take part for a site to work: owner, operator, host, and those whose consent names it."""
    consents = (c.by for c in given.consents if site.name in c.sites and ON_ITS_SOIL & {*c.scope})
    return frozenset({site.owner, site.operator or site.owner, site.host or site.owner, *consents})


def works_in(case: Case, given: Rules, members: Collection[str]) -> tuple[str, ...]:
    """Names of the sensors and batteries that work when only `members` take part, in the case's order.

    All of `parties_of` the site are among them, and a foreign host has consented to some use of it.
    """
    inside = frozenset(members)
    sites: tuple[Sensor | Battery, ...] = (*case.file.sensors, *case.file.batteries)
    return tuple(s.name for s in sites if parties_of(given, s) <= inside and _consented(given, s))


def _consented(given: Rules, site: Sensor | Battery) -> bool:
    host = site.host or site.owner
    return any(site_works(given, site.name, host, site.owner, scope).allowed for scope in ON_ITS_SOIL)


def rules_of(case: Case, given: Rules, members: Collection[str]) -> Rules:
    """`restricted` rules under which, besides, nobody may order a battery to fire that does not work.

    Sensors that do not work are for the caller to put out of order: no clause says so.
    """
    rest, works = restricted(given, members), frozenset(works_in(case, given, members))
    return replace(rest, authorities=tuple(s for c in rest.authorities for s in _manned(case, c, works)))


def _manned(case: Case, c: Authority, works: frozenset[str]) -> Iterator[Authority]:
    """`c` over the batteries that work; nothing where none is left."""
    named = commanded(case, c)
    left = tuple(name for name in named if name in works)
    if left == named:
        yield c
    elif left:
        yield replace(c, batteries=left)


def commanded(case: Case, c: Authority) -> tuple[str, ...]:
    """Names of the batteries that an authority is about."""
    return tuple(
        b.name
        for b in case.file.batteries
        if b.owner in c.owners and (not c.batteries or b.name in c.batteries)
    )


def matters(case: Case, given: Rules) -> tuple[str, ...]:
    """The nations whose presence in a coalition can change anything, in the case's order.

    Owners, operators and hosts of sites, those whose consent a site needs, those who decide or may stop an
    engagement, those under one who are asked, and those who hand on what they were given.
    """
    found = effective(case, given, [n.code for n in case.file.nations])
    return tuple(n.code for n in case.file.nations if n.code in found)


def effective(case: Case, given: Rules, members: Collection[str]) -> frozenset[str]:
    """Those of `members` without whom the coalition would not be the same.

    Coalitions with the same are the same: the same sites work, and the same nations decide about them.
    """
    inside = frozenset(members)
    works = frozenset(works_in(case, given, inside))
    sites: tuple[Sensor | Battery, ...] = (*case.file.sensors, *case.file.batteries)
    found = {n for s in sites if s.name in works for n in parties_of(given, s)}
    if works:
        found |= _hand_on(given)
    orders = [c for c in given.authorities if works & {*commanded(case, c)}]
    for c in orders:
        found |= {*c.veto} if c.refuses > 0.0 else set()
        found |= {*c.deciders} if c.protocol != "pre-authorised" else set()
    asked = {scope for c in orders for scope in c.asks}
    found |= {c.by for c in given.consents if asked & ABOVE_IT & {*c.scope}}
    return inside & found


def _hand_on(given: Rules) -> set[str]:
    """Nations that may hand on what they were given, as far as the clauses of both go."""
    permits = [c for c in given.releases if c.effect == "permit"]
    middle = {n for c in permits if c.onward for n in c.recipients}
    return middle & {n for c in permits for n in c.owners}
