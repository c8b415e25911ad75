"""Single changes of the clauses in force: what is missing, what could be quicker, and what could go.

Defenders' clauses only: releases, mandates, authority and consent of those who own sensors and batteries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from synaspis.engine.world import World
from synaspis.model.agreement import PRODUCTS, Authority, Clause, Consent, Mandate, Release
from synaspis.model.case import Case
from synaspis.sharing.authority import routes, third_state
from synaspis.sharing.conditions import ALWAYS
from synaspis.sharing.mandate import duty
from synaspis.sharing.release import STEPS, grants
from synaspis.sharing.rules import Rules, site_works
from synaspis.studies.agreements_ask import named
from synaspis.studies.wording import listed

ENGAGEMENTS = "engagement_status"


@dataclass(frozen=True)
class Candidate:
    """One change: clauses added (`plus`) after one is left out (`minus`, an id, or "")."""

    kind: str
    owner: str
    recipient: str
    product: str
    what: str
    plus: tuple[Clause, ...] = ()
    minus: str = ""
    assumed: bool = False

    def under(self, given: Rules) -> Rules:
        """`given` with the change made."""
        rest = given.without(self.minus) if self.minus else given
        return rest.plus(*self.plus) if self.plus else rest


def every_candidate(w: World, given: Rules, delay_s: float) -> tuple[Candidate, ...]:
    """All single changes of `given`: what is missing, then what could be quicker, then what could go."""
    added = (*missing_releases(w, given, delay_s), *missing_mandates(w, given), *missing_consents(w, given))
    added = (*added, *missing_leave(w, given), *missing_authority(w, given))
    return (*added, *quicker(w, given), *suspended(w.case, given))


def missing_releases(w: World, given: Rules, delay_s: float) -> Iterator[Candidate]:
    """Each product of each owner that some nation may not have of each sensor, always and as soon.

    Of owners that have something to release, and for engagements between owners of batteries.
    """
    shooters = {f.battery.owner for f in w.batteries}
    for owner in w.nations:
        sensors = list(dict.fromkeys(s.deployed for s in w.stations if s.owner == owner))
        for recipient in w.nations:
            for product in PRODUCTS if recipient != owner else ():
                between = product == ENGAGEMENTS and {owner, recipient} <= shooters
                if (sensors if product in STEPS else between) and not all(
                    _open(given, owner, recipient, product, name, delay_s)
                    for name in (sensors if product in STEPS else [None])
                ):
                    yield _release(owner, recipient, product, delay_s)


def _open(given: Rules, owner: str, recipient: str, product: str, sensor: str | None, delay_s: float) -> bool:
    found = grants(given, owner, recipient, product, sensor)
    return any(g.predicate == ALWAYS and g.delay_s <= delay_s and not g.floor_m for g in found)


def _release(owner: str, recipient: str, product: str, delay_s: float) -> Candidate:
    name = f"+{owner}>{recipient}:{product}"
    clause = Release(
        id=name, effect="permit", owners=(owner,), recipients=(recipient,), products=(product,),
        delay_s=delay_s, assumed=True,
    )  # fmt: skip
    what = f"{owner} lets {recipient} have its {product}"
    return Candidate("release", owner, recipient, product, what, (clause,))


def missing_mandates(w: World, given: Rules) -> Iterator[Candidate]:
    """Each nation that some battery of an owner has no mandate to defend in each of its places."""
    for owner in dict.fromkeys(f.battery.owner for f in w.batteries):
        own = [f.battery for f in w.batteries if f.battery.owner == owner]
        for nation in w.nations:
            places = [a for a in w.assets if nation in {a.nation, *a.forces}]
            held = [duty(given, b, a) for b in own for a in places]
            if held and not all(d is not None and d.reserve == 0 for d in held):
                clause = Mandate(
                    id=f"+{owner}>{nation}:mandate", owners=(owner,), defends=(nation,), assumed=True
                )
                what = f"{owner}'s rounds defend {nation}'s people and forces"
                yield Candidate("mandate", owner, nation, "mandate", what, (clause,))


def missing_consents(w: World, given: Rules) -> Iterator[Candidate]:
    """Each site abroad whose host does not let it work, or fire, or is asked each time."""
    sites: dict[str, tuple[str, str, tuple[str, ...]]] = {
        s.site: (s.host, s.owner, ("use",)) for s in w.stations
    }
    sites |= {f.battery.name: (f.battery.host or f.battery.owner, f.battery.owner, ("use", "fire"))
              for f in w.batteries}  # fmt: skip
    for site, (host, owner, scopes) in sites.items():
        missing = tuple(x for x in scopes if not site_works(given, site, host, owner, x).allowed)
        if missing:
            clause = Consent(
                id=f"+{host}>{site}:consent", by=host, sites=(site,), scope=missing, assumed=True
            )
            what = f"{host} lets {site} {listed(['work' if x == 'use' else x for x in missing])}"
            yield Candidate("consent", host, owner, "consent", what, (clause,))


def missing_leave(w: World, given: Rules) -> Iterator[Candidate]:
    """Each third state that has given no consent to what an owner's batteries must ask it for."""
    batteries = [f.battery for f in w.batteries]
    for owner in dict.fromkeys(b.owner for b in batteries):
        own = [b for b in batteries if b.owner == owner]
        for scope in sorted({x for b in own for way in routes(given, b) for x in way.asks}):
            for state in w.nations:
                if state != owner and any(third_state(given, b, state, scope) is None for b in own):
                    clause = Consent(
                        id=f"+{state}>{owner}:{scope}",
                        by=state,
                        owners=(owner,),
                        scope=(scope,),
                        assumed=True,
                    )
                    what = f"{state} consents to {scope} of {owner}'s interceptors"
                    yield Candidate("consent", state, owner, "consent", what, (clause,))


def missing_authority(w: World, given: Rules) -> Iterator[Candidate]:
    """Each owner of whose batteries nobody may order any to fire: its own decision, as nations here decide.

    Its pace and terms are those of the middle one, by time, of the case's national authorities; a case that
    has none has no usual pace, and then nothing is missing.
    """
    known = [c for a in w.case.file.agreements for c in a.authorities if c.protocol == "national"]
    usual = sorted(known, key=lambda c: (c.decision_s, c.id))[(len(known) - 1) // 2 :][:1]
    batteries = [f.battery for f in w.batteries]
    for like in usual:
        for owner in dict.fromkeys(b.owner for b in batteries):
            if not any(routes(given, b) for b in batteries if b.owner == owner):
                clause = replace(
                    like, id=f"+{owner}:authority", owners=(owner,), batteries=(), defends=(), deciders=(),
                    votes=0, veto=(), alert=(), note="", assumed=True, since=None, until=None,
                )  # fmt: skip
                what = f"{owner} may order its batteries to fire, on the terms of `{like.id}`"
                yield Candidate("authority", owner, "", "authority", what, (clause,))


def quicker(w: World, given: Rules) -> Iterator[Candidate]:
    """Each authority with one decider in place of several, in half the time, or standing; and consents."""
    for a in given.authorities:
        owners = ", ".join(named(w.case, a.owners))
        if a.protocol == "consensus" and len(a.deciders) > 1:
            one = replace(a, protocol="delegated", deciders=a.deciders[:1], votes=0)
            what = f"`{a.id}` delegated to {a.deciders[0]}, in place of {_votes(a)}"
            yield Candidate("authority", owners, "", "authority", what, (one,), a.id, a.assumed)
        if a.decision_s > 0.0:
            half = replace(a, decision_s=0.5 * a.decision_s)
            what = f"`{a.id}` decided in {half.decision_s:g} s, in place of {a.decision_s:g}"
            yield Candidate("authority", owners, "", "authority", what, (half,), a.id, a.assumed)
    yield from _standing(w, given)
    for c in given.consents:
        if c.decision_s > 0.0:
            stands = replace(c, decision_s=0.0, unreachable=0.0, refuses=0.0)
            what = f"`{c.id}` stands: {c.by} is not asked each time"
            yield Candidate("consent", c.by, "", "consent", what, (stands,), c.id, c.assumed)


def _votes(a: Authority) -> str:
    return f"{a.votes or len(a.deciders)} of {len(a.deciders)}"


def _standing(w: World, given: Rules) -> Iterator[Candidate]:
    """Pre-authorisation, on the terms of one that the case has, of each owner that has none for a battery."""
    known = [c for a in w.case.file.agreements for c in a.authorities if c.protocol == "pre-authorised"]
    for owner in dict.fromkeys(f.battery.owner for f in w.batteries) if known else ():
        own = {f.battery.name for f in w.batteries if f.battery.owner == owner}
        for a in given.authorities:
            if a.protocol == "pre-authorised" and owner in a.owners and not a.defends:
                own -= set(a.batteries or own)
        if own:
            clause = replace(
                known[0], id=f"+{owner}:standing", owners=(owner,), batteries=(), defends=(), note="",
                alert=(), assumed=True, since=None, until=None,
            )  # fmt: skip
            what = f"{owner}'s batteries are pre-authorised, on the terms of `{known[0].id}`"
            yield Candidate("authority", owner, "", "authority", what, (clause,))


def suspended(case: Case, given: Rules) -> Iterator[Candidate]:
    """Each clause in force left out, but for those on transfers of technology: no raid asks after them."""
    groups: tuple[tuple[Clause, ...], ...] = (
        given.releases, given.mandates, given.authorities, given.consents
    )  # fmt: skip
    for clauses in groups:
        for c in clauses:
            owner, recipient, product = _parties(case, c)
            what = f"`{c.id}` ({given.agreement_of[c.id]}) is suspended" + (f": {c.note}" if c.note else "")
            yield Candidate("suspended", owner, recipient, product, what, (), c.id, c.assumed)


def _parties(case: Case, c: Clause) -> tuple[str, str, str]:
    if isinstance(c, Release):
        return _joined(case, c.owners), _joined(case, c.recipients), ", ".join(c.products)
    if isinstance(c, Mandate):
        return _joined(case, c.owners), _joined(case, c.defends), "mandate"
    if isinstance(c, Authority):
        return _joined(case, c.owners), "", "authority"
    assert isinstance(c, Consent)
    return c.by, ", ".join(c.sites) or _joined(case, c.owners), "consent"


def _joined(case: Case, nations: tuple[str, ...]) -> str:
    return ", ".join(named(case, nations))
