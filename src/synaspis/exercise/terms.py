"""What nations can agree before a raid, whom it binds, and the clauses and deployments that come of it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from synaspis.exercise.inputs import Bring, Deploy, Draft, Inform, Preauthorise, Proposal, WarnPublic
from synaspis.exercise.wording import clause_words
from synaspis.files import words
from synaspis.model.agreement import (
    ALERT_STATES,
    PRODUCTS,
    PURPOSES,
    Agreement,
    Authority,
    Clause,
    Condition,
    Consent,
    Mandate,
    Regime,
    Release,
)
from synaspis.model.battery import Battery
from synaspis.model.case import Case, CaseFile
from synaspis.model.nation import WarningPractice
from synaspis.model.planning import PlanSite
from synaspis.model.sensor import Sensor
from synaspis.report.words import listed
from synaspis.sharing.rules import OWN_WORDS, Rules, rules
from synaspis.studies.planning.sites import Place, facing

AGREED: Final = "agreed-before"
"""The agreement that holds what was agreed, and its source."""
SOURCE: Final = "agreed in the turns before the raid"
DISSEMINATION: Final = "dissemination"


class Refused(Exception):
    """Something that cannot be put on the table, in words for the seat."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What one thing on the table would do. `parties` are those whose yes it needs; where it is `narrow` it
    holds between those who say yes, as soon as there is one on each side. `takes` is what only one can have.
    """

    text: str
    parties: tuple[str, ...]
    clause: Clause | None = None
    narrow: bool = False
    moved: Battery | Sensor | None = None
    warns: str = ""
    takes: frozenset[str] = frozenset()

    def holds(self, agreed: Iterable[str]) -> bool:
        """Whether those who agreed are enough."""
        if self.narrow:
            return _narrowed(self.clause, frozenset(agreed)) is not None
        return set(self.parties) <= set(agreed)


def of(case: Case, given: Rules, me: str, what: Proposal) -> Terms:
    """What `me` puts on the table. Refused with the reason where it may not."""
    match what:
        case Bring():
            return _brought(case, given, me, what.clause)
        case Draft():
            return _drafted(case, me, what)
        case Deploy():
            return _deployed(case, me, what)
        case Preauthorise():
            return _standing(case, given, me, what)
        case WarnPublic():
            practice = _quicker(case, me)
            text = f"People of {me} are told what may come: a warning reaches them in "
            return Terms(text=f"{text}{practice.dissemination_s:.0f} s", parties=(me,), warns=me)
        case Inform():
            return _informed(case, me, what.state)


def choices(case: Case, given: Rules, me: str) -> dict[str, Any]:
    """What a nation may put on the table, by kind of proposal."""
    return {
        "bring": {c.id: clause_words(c) for c in _aside(case, given) if me in parties(case, c)},
        "deploy": {name: _domain(case, unit) for name, unit in _units(case, me).items()},
        "sites": {
            s.name: {
                "host": s.host, "domain": s.domain, "lat": round(math.degrees(s.latitude_rad), 4),
                "lon": round(math.degrees(s.longitude_rad), 4),
            }
            for s in case.file.plan.sites
        },
        "preauthorise": {a.id: clause_words(a) for a in _own_ways(given, me)},
        "inform": [n.code for n in case.file.nations if n.code != me],
        "products": list(PRODUCTS), "purposes": list(PURPOSES), "alerts": list(ALERT_STATES),
    }  # fmt: skip


# -- clauses ---------------------------------------------------------------------------------------


def _aside(case: Case, given: Rules) -> list[Clause]:
    """Clauses of the case's agreements that are not in force, parties as nation codes; no forbids."""
    held = set(given.ids())
    every = Regime(name="", title="", agreements=tuple(a.name for a in case.file.agreements))
    found = rules(case, every)
    kinds: Sequence[Clause] = (*found.releases, *found.mandates, *found.authorities, *found.consents)
    return [c for c in kinds if c.id not in held and getattr(c, "effect", "permit") == "permit"]


def parties(case: Case, c: Clause) -> tuple[str, ...]:
    """Nations that a clause binds, in the case's order."""
    named: set[str] = set()
    match c:
        case Release():
            named = {*c.owners, *c.recipients}
        case Mandate():
            named = {*c.owners, *c.defends} - set(OWN_WORDS)
        case Authority():
            named = {*c.owners, *c.deciders, *c.veto}
        case Consent():
            sites = {b.name: b.owner for b in case.file.batteries} | case.sensor_owners
            named = {c.by, *c.owners, *(sites[s] for s in c.sites if s in sites)}
    return tuple(n.code for n in case.file.nations if n.code in named)


def _brought(case: Case, given: Rules, me: str, name: str) -> Terms:
    aside = {c.id: c for c in _aside(case, given)}
    if name in given.ids():
        raise Refused(f"{name} is in force")
    if name not in aside:
        raise Refused(f"no clause `{words.shown(name)}` can be brought: {words.suggest(name, aside)}")
    clause = aside[name]
    bound = parties(case, clause)
    if me not in bound:
        raise Refused(f"{name} does not bind {me}")
    return Terms(
        text=f"{name}: {clause_words(clause)}", parties=bound, clause=replace(clause, id=f"{name}-agreed"),
        narrow=isinstance(clause, Release | Mandate),
    )  # fmt: skip


def _drafted(case: Case, me: str, what: Draft) -> Terms:
    nations = tuple(n.code for n in case.file.nations)
    for nation in (what.owner, what.recipient):
        if nation not in nations:
            raise Refused(f"no nation {words.shown(nation)} is in this case")
    if me not in (what.owner, what.recipient) or what.owner == what.recipient:
        raise Refused("a nation drafts what it gives another, or has of another")
    if what.product not in PRODUCTS:
        raise Refused(f"no product `{words.shown(what.product)}`: {words.suggest(what.product, PRODUCTS)}")
    for purpose in what.purposes:
        if purpose not in PURPOSES:
            raise Refused(f"no purpose `{words.shown(purpose)}`: {words.suggest(purpose, PURPOSES)}")
    purposes = tuple(p for p in PURPOSES if p in what.purposes) or PURPOSES
    only = Condition(threatens=(what.recipient,)) if what.threatened else Condition()
    for_what = "" if purposes == PURPOSES else "-" + "-".join(purposes)
    clause = Release(
        id=f"{what.owner}-{what.recipient}-{what.product}-{what.delay_s:.0f}{'-t' * what.threatened}"
        + for_what,
        effect="permit", owners=(what.owner,), recipients=(what.recipient,), products=(what.product,),
        delay_s=what.delay_s, when=only, purposes=purposes,
    )  # fmt: skip
    if_so = ", of missiles that threaten it" if what.threatened else ""
    only_for = f", for {listed(purposes)} alone" if for_what else ""
    bound = tuple(n for n in nations if n in (what.owner, what.recipient))
    return Terms(text=f"{clause_words(clause)}{if_so}{only_for}", parties=bound, clause=clause)


def _own_ways(given: Rules, me: str) -> list[Authority]:
    return [a for a in given.authorities if me in a.owners and a.protocol != "pre-authorised"]


def _standing(case: Case, given: Rules, me: str, what: Preauthorise) -> Terms:
    """Leave that stands in place of a protocol: its deciders agree to it beforehand, once."""
    own, name = {a.id: a for a in _own_ways(given, me)}, what.clause
    if name not in own:
        raise Refused(f"no protocol in force `{words.shown(name)}` is {me}'s: {words.suggest(name, own)}")
    for state in what.alert:
        if state not in ALERT_STATES:
            raise Refused(f"no state of alert `{words.shown(state)}`: {words.suggest(state, ALERT_STATES)}")
    alert = tuple(s for s in ALERT_STATES if s in what.alert)
    a = own[name]
    deciders = {me, *a.deciders}
    clause = replace(
        a, id="-".join((name, "standing", me, *alert)), owners=(me,), protocol="pre-authorised", deciders=(),
        votes=0, decision_s=0.0, spread=0.0, unreachable=0.0, missing=0.0, alert=alert, note="",
    )  # fmt: skip
    bound = tuple(n.code for n in case.file.nations if n.code in deciders)
    when = f", in {listed(alert, ' or ')} alone" if alert else ""
    text = f"Leave for batteries of {me} under {name} is given beforehand{when}"
    return Terms(text=text, parties=bound, clause=clause)


def _informed(case: Case, me: str, state: str) -> Terms:
    if state == me or state not in {n.code for n in case.file.nations}:
        raise Refused(
            f"no other nation {words.shown(state)} is in this case: it has no seat that could agree"
        )
    clause = Consent(id=f"{state}-below-{me}", by=state, owners=(me,), scope=("overflight", "debris"))
    bound = tuple(n.code for n in case.file.nations if n.code in (me, state))
    text = f"{state} consents beforehand to what rounds of {me} do above it"
    return Terms(text=text, parties=bound, clause=clause)


def _narrowed(clause: Clause | None, agreed: frozenset[str]) -> Clause | None:
    """A clause between those who agreed; None where one side is empty."""
    match clause:
        case Release():
            owners = tuple(n for n in clause.owners if n in agreed)
            recipients = tuple(n for n in clause.recipients if n in agreed)
            two = len({*owners, *recipients}) > 1
            return (
                replace(clause, owners=owners, recipients=recipients)
                if owners and recipients and two
                else None
            )
        case Mandate():
            owners = tuple(n for n in clause.owners if n in agreed)
            defends = tuple(n for n in clause.defends if n in agreed or n in OWN_WORDS)
            return replace(clause, owners=owners, defends=defends) if owners and defends else None
        case _:
            return None


# -- deployments and people --------------------------------------------------------------------------


def _units(case: Case, me: str) -> dict[str, Battery | Sensor]:
    """What a nation can move: its batteries, and its radars that stand somewhere."""
    radars = (s for s in case.file.sensors if s.type in case.radars and s.latitude_rad is not None)
    every: tuple[Battery | Sensor, ...] = (*case.file.batteries, *radars)
    return {u.name: u for u in every if u.owner == me}


def _domain(case: Case, unit: Battery | Sensor) -> str:
    return case.systems[unit.system].domain if isinstance(unit, Battery) else "land"


def _deployed(case: Case, me: str, what: Deploy) -> Terms:
    own = _units(case, me)
    sites = {s.name: s for s in case.file.plan.sites}
    if what.unit not in own:
        mend = words.suggest(what.unit, own)
        raise Refused(f"{words.shown(what.unit)} is no battery or radar of {me}: {mend}")
    if what.site not in sites:
        mend = words.suggest(what.site, sites, "neither the case nor the plan lists any")
        raise Refused(f"no site `{words.shown(what.site)}` is listed: {mend}")
    site, unit = sites[what.site], own[what.unit]
    if _domain(case, unit) != site.domain:
        raise Refused(f"{unit.name} cannot stand at {site.name}, which is {_where(site)}")
    place = Place(site.name, site.host, site.latitude_rad, site.longitude_rad, site.height_m, site.facing_rad)
    moved = replace(
        unit, host=site.host, latitude_rad=site.latitude_rad, longitude_rad=site.longitude_rad,
        height_m=site.height_m, facing_rad=facing(case, place),
    )  # fmt: skip
    clause = Consent(id=f"{site.host}-{unit.name}", by=site.host, sites=(unit.name,))
    bound = tuple(n.code for n in case.file.nations if n.code in (me, site.host))
    return Terms(
        text=f"{unit.name} moves to {site.name} ({site.host})", parties=bound,
        clause=clause if site.host != me else None, moved=moved,
        takes=frozenset({f"{unit.name} moves once", f"{site.name} takes one"}),
    )  # fmt: skip


def _where(site: PlanSite) -> str:
    return "at sea" if site.domain == "sea" else "ashore"


def _quicker(case: Case, me: str) -> WarningPractice:
    """A nation's practice with people who expect it: the shortest time to them that its sources give."""
    nation = next(n for n in case.file.nations if n.code == me)
    now = case.warnings[nation.warning]
    entry = case.entries.get(now.name)
    lows = [f.low for f in entry.facts if f.parameter == DISSEMINATION] if entry is not None else []
    low_s = min(lows, default=math.inf)
    if not low_s < now.dissemination_s:
        raise Refused(f"no source says that people of {me} could be reached sooner than they are")
    return replace(now, name=f"{now.name}-expected", dissemination_s=low_s)


# -- the case that comes of it -----------------------------------------------------------------------


def applied(
    case: Case, regime: str, held: Sequence[tuple[Terms, frozenset[str]]], played: str
) -> tuple[Case, str]:
    """The case with all that holds, each with those for whom it does, and the regime in which it does.

    `played` tells one campaign from another: nodes of different cases do not take each other's word.
    """
    clauses = [_narrowed(t.clause, bound) if t.narrow else t.clause for t, bound in held]
    moved = {t.moved.name: t.moved for t, _ in held if t.moved is not None}
    warned = {t.warns: _quicker(case, t.warns) for t, _ in held if t.warns}
    agreed = _agreement(case, [c for c in clauses if c is not None])
    before = case.regime(regime)
    name = f"{regime} and {AGREED}"
    after = Regime(name=name, title=f"{before.title}, and what was agreed before the raid",
                   agreements=(*before.agreements, agreed.name))  # fmt: skip
    file = replace(
        _moved(case.file, moved),
        nations=tuple(
            replace(n, warning=warned[n.code].name) if n.code in warned else n for n in case.file.nations
        ),
        agreements=(*case.file.agreements, agreed),
        regimes=(*case.file.regimes, after),
    )
    digest = hashlib.sha256(f"{case.sha256} {regime} {played}".encode()).hexdigest()
    made = replace(
        case, file=file, whole=None if case.whole is None else _moved(case.whole, moved),
        warnings={**case.warnings, **{w.name: w for w in warned.values()}}, sha256=digest,
    )  # fmt: skip
    return made, name


def _moved(file: CaseFile, moved: dict[str, Battery | Sensor]) -> CaseFile:
    batteries = {name: u for name, u in moved.items() if isinstance(u, Battery)}
    sensors = {name: u for name, u in moved.items() if isinstance(u, Sensor)}
    return replace(
        file, batteries=tuple(batteries.get(b.name, b) for b in file.batteries),
        sensors=tuple(sensors.get(s.name, s) for s in file.sensors),
    )  # fmt: skip


def _agreement(case: Case, clauses: Sequence[Clause]) -> Agreement:
    signed = [replace(c, source=SOURCE, assumed=False, since=None, until=None) for c in clauses]
    signed_by = {n for c in clauses for n in parties(case, c)}
    return Agreement(
        name=AGREED, title="What was agreed in the turns before the raid",
        parties=tuple(n.code for n in case.file.nations if n.code in signed_by), source=SOURCE,
        since=case.day,
        releases=tuple(c for c in signed if isinstance(c, Release)),
        mandates=tuple(c for c in signed if isinstance(c, Mandate)),
        authorities=tuple(c for c in signed if isinstance(c, Authority)),
        consents=tuple(c for c in signed if isinstance(c, Consent)),
    )  # fmt: skip
