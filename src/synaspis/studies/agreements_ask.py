"""May they see it? One question put to a regime: yes or no, because of which clauses, and what a yes takes.

Rules alone: no flight, no picture, no luck. What the question leaves out is not known, and in doubt it is no.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from synaspis.model.agreement import LADDER, Agreement, Clause, Release
from synaspis.model.ask import Ask, AskAnswer, AskTest, Checked, Cited
from synaspis.model.case import Case
from synaspis.sharing.conditions import ALWAYS, Missile, Predicate, predicate_of
from synaspis.sharing.release import STEPS, Path, covers, decide, door, paths, revealed
from synaspis.sharing.rules import Decision, Rules, rules, threatened
from synaspis.studies.wording import listed


def sensors_of(case: Case, owner: str) -> tuple[str, ...]:
    """Names of the sensors that `owner` has on the day: those deployed, then the radars of its batteries."""
    return tuple(sensor for sensor in case.sensors_there if case.sensor_owners[sensor] == owner)


def missiles_of(case: Case, asked: Ask) -> tuple[Missile, ...]:
    """What may be known of the missile asked about, one for each way in which the question leaves it open.

    A nation of launch leaves the area open: it may be any of the case's there, or another.
    """
    base = Missile(
        frozenset(case.members(asked.threatens)) if asked.threatens else None,
        asked.category or None,
        None,
        asked.lands_in or None,
    )
    place = asked.launched_from
    if not place:
        return (base,)
    areas = {a.name: a.nation for a in case.file.launch_areas}
    if place in areas:
        return (base._replace(launched_from=frozenset({place, areas[place]})),)
    there = [name for name, nation in areas.items() if nation == place]
    known = [frozenset({place}), *(frozenset({place, name}) for name in there)]
    return tuple(base._replace(launched_from=k) for k in known)


def ask(case: Case, regime: str, asked: Ask) -> AskAnswer:
    """The answer under `regime`. The names in `asked` are the case's."""
    day, alert = asked.on or case.day, asked.alert or case.file.state_of_alert
    case = case.on(day)
    given = rules(case, case.regime(regime), day, alert)
    missiles = missiles_of(case, asked)
    found = _decided(given, asked, asked.product, missiles, asked.sensor or None)
    handed = None if found.allowed or found.warning else _handed(case, given, asked, missiles)
    if handed is not None:
        found = Decision(True, handed.clauses)
    each = _each(case, given, asked, missiles) if not asked.sensor and handed is None else {}
    needs: tuple[str, ...] = ()
    if found.warning:
        needs = (f"the rules would have to be mended: {found.warning}",)
    elif not found.allowed:
        needs = tuple(_needs(case, regime, asked, given, missiles, day, alert))
        some = [name for name, yes in each.items() if yes]
        needs += (f"asked of {listed(some)} alone, the answer is yes",) if some else ()
    return AskAnswer(
        case=case.name,
        regime=regime,
        on=day.isoformat(),
        alert=alert,
        ask=asked,
        allowed=found.allowed,
        because=found.because,
        needs=needs,
        clauses=tuple(cited(case, clause) for clause in found.because),
        warning=found.warning,
        via=handed.via if handed else "",
        terms=tuple(_terms(given, found.because)) if found.allowed else (),
        instead="" if found.allowed else _instead(given, asked, missiles),
        delay_s=handed.delay_s if handed else _delay_s(given, found),
        sensors=each,
    )


def checked(case: Case, regime: str, test: AskTest, file: str, line: int) -> Checked:
    """One expert's test against the case."""
    answer = ask(case, regime, test.ask)
    wanted, what = test.expect, []
    if answer.allowed != wanted.allowed:
        what.append(f"expected {_yes(wanted.allowed)}, the agreements say {_yes(answer.allowed)}")
    if wanted.because is not None and set(answer.because) != set(wanted.because):
        named = listed(wanted.because) or "no clause"
        what.append(f"expected because of {named}, it is because of {listed(answer.because) or 'no clause'}")
    if what and not wanted.because and answer.because and answer.allowed != wanted.allowed:
        what.append(f"because of {listed(answer.because)}")
    return Checked(file=file, line=line, name=test.name, what="; ".join(what), answer=answer)


def _yes(allowed: bool) -> str:
    return "yes" if allowed else "no"


def _decided(
    given: Rules, asked: Ask, product: str, missiles: Iterable[Missile], sensor: str | None
) -> Decision:
    """Yes only if it is yes whatever the question leaves open; a no is the first that was found."""
    found = [decide(given, asked.owner, asked.recipient, product, sensor, m, asked.purpose) for m in missiles]
    return next((d for d in found if not d.allowed), found[0])


def _each(case: Case, given: Rules, asked: Ask, missiles: tuple[Missile, ...]) -> dict[str, bool]:
    """For each sensor of the owner whether its product may be had; nothing where that is all one."""
    if asked.product not in STEPS or asked.owner == asked.recipient:
        return {}
    names = sensors_of(case, asked.owner)
    return {name: _decided(given, asked, asked.product, missiles, name).allowed for name in names}


def _handed(case: Case, given: Rules, asked: Ask, missiles: tuple[Missile, ...]) -> Path | None:
    """The quickest way by which another nation may hand it on, or None."""
    if asked.product not in STEPS:
        return None
    sensors = (asked.sensor,) if asked.sensor else sensors_of(case, asked.owner)
    level = STEPS.index(asked.product)
    found = [
        p
        for p in paths(given, asked.owner, asked.recipient, sensors, asked.purpose)
        if p.via and p.level >= level and p.sensors and all(p.predicate.holds(m) for m in missiles)
    ]
    return min(found, key=lambda p: (p.delay_s, p.via), default=None)


def _delay_s(given: Rules, found: Decision) -> float | None:
    cited = [c.delay_s for c in given.releases if c.id in found.because and c.effect == "permit"]
    return min(cited, default=0.0) if found.allowed else None


def _terms(given: Rules, because: tuple[str, ...]) -> Iterator[str]:
    """What a yes comes with, clause by clause."""
    for c in given.releases:
        if c.id not in because or c.effect != "permit":
            continue
        if c.degraded_to_m:
            yield f"under `{c.id}` no better than {c.degraded_to_m / 1000:g} km (one sigma)"
        if c.rounded_to_m:
            yield f"under `{c.id}` rounded to {c.rounded_to_m / 1000:g} km"
        if c.revoked_s < float("inf"):
            yield f"`{c.id}` is revoked {c.revoked_s:g} s after the start of the raid"
        for caveat in c.caveats:
            yield f"under `{c.id}`: {caveat}"
        if c.onward:
            yield f"under `{c.id}` it may be handed on to {listed(c.onward)}"


def _instead(given: Rules, asked: Ask, missiles: tuple[Missile, ...]) -> str:
    """The best lower step of the ladder that may be had, or ""."""
    below = LADDER[: LADDER.index(asked.product)] if asked.product in LADDER else LADDER
    if asked.product not in STEPS:
        return ""
    sensor = asked.sensor or None
    fit = (p for p in reversed(below) if _decided(given, asked, p, missiles, sensor).allowed)
    return next(fit, "")


# -- what a yes takes -----------------------------------------------------------------------


def _needs(
    case: Case, regime: str, asked: Ask, given: Rules, missiles: tuple[Missile, ...], day: dt.date, alert: str
) -> Iterator[str]:
    found = door(given, asked.owner, asked.recipient, asked.product, asked.sensor or None, asked.purpose)
    for p, clause in found.forbids:
        if not all(p.fails(m) for m in missiles):
            tail = "" if p == ALWAYS else f", or the missile known not to {phrase(case, p, ' or ')}"
            yield f"`{clause}` ({given.agreement_of[clause]}) forbids it: it would have to be lifted{tail}"
    for g in found.permits:
        lacking = [m for m in missiles if not g.predicate.holds(m)]
        if lacking:
            fails = any(g.predicate.fails(m) for m in lacking)
            head = "only for a missile known to" if fails else "once the missile is known to"
            tail = phrase(case, g.predicate, " and ") + (", which this one does not" if fails else "")
            yield f"`{g.clause}` ({given.agreement_of[g.clause]}) permits it {head} {tail}"
    if not found.permits:
        yield (
            f"no clause speaks: it takes a permit by {asked.owner} for {asked.recipient} of {asked.product}"
            + (f" of {asked.sensor}" if asked.sensor else "")
        )
    held = {g.clause for g in found.permits}
    for a, c in _permits(case, asked):
        if c.id not in held:
            why = _why_not(case, regime, asked, a, c, day, alert)
            yield f"`{c.id}` ({a.name}) would permit it, but {why}"


def _permits(case: Case, asked: Ask) -> Iterator[tuple[Agreement, Release]]:
    """Every permit of the case that speaks of the product between the two, in force or not."""
    for a in case.file.agreements:
        for c in a.releases:
            if c.effect == "permit" and asked.owner in case.members(c.owners):
                told = asked.recipient in case.members(c.recipients)
                if told and asked.product in revealed(c.effect, c.products):
                    yield a, c


def _why_not(case: Case, regime: str, asked: Ask, a: Agreement, c: Release, day: dt.date, alert: str) -> str:
    """Why the permit `c` does not count here."""
    found = out_of_force(case, regime, a, c, day)
    if c.when.alert and alert not in c.when.alert:
        found.append(f"it holds only in {listed(c.when.alert, ' or ')}, and the alert is {alert}")
    if asked.purpose not in c.purposes:
        found.append(f"it is for {listed(c.purposes, ' or ')}, not for {asked.purpose}")
    if not covers(c, asked.sensor or None):
        found.append(f"it is of {listed(c.sensors)}, not of {asked.sensor}")
    opened = replace(
        c.when, threatens=threatened(case, c.when.threatens), lands_in=threatened(case, c.when.lands_in)
    )
    when = predicate_of(replace(c, when=opened), asked.recipient)
    tail = "" if when == ALWAYS else f"; it asks for a missile known to {phrase(case, when, ' and ')}"
    return listed(found) + tail


def out_of_force(case: Case, regime: str, a: Agreement, c: Clause, day: dt.date) -> list[str]:
    """Why `c` is not in force under `regime` on `day`: a regime without it, or its dates."""
    found = []
    if a.name not in case.regime(regime).agreements:
        holders = [r.name for r in case.file.regimes if a.name in r.agreements]
        where = f" (it is in {listed(holders)})" if holders else ""
        found.append(f"`{regime}` lacks that agreement{where}")
    since, until = c.since or a.since, c.until or a.until
    if day < since:
        found.append(f"it is in force only from {since}")
    if until is not None and day > until:
        found.append(f"it ended on {until}")
    return found


def phrase(case: Case, p: Predicate, joint: str, recipient: str = "") -> str:
    """A condition in words that follow `known to`; what must not hold comes last.

    A nation that is the `recipient` is called so.
    """
    said = (
        ("threaten", named(case, p.threatens, recipient)),
        ("be of category", p.category),
        ("come from", p.launched_from),
        ("land in", named(case, p.lands_in, recipient)),
    )
    parts = [f"{verb} {listed(words, ' or ')}" for verb, words in said if words]
    parts += [phrase(case, also, joint, recipient) for also in p.also]
    parts += [f"not to {phrase(case, barred, ' and ', recipient)}" for barred in p.unless]
    return joint.join(parts)


def named(case: Case, nations: tuple[str, ...], recipient: str = "") -> tuple[str, ...]:
    """`nations`, or the alliance that they are, or the recipient."""
    if nations == (recipient,):
        return ("the recipient",)
    if len(nations) < 2:
        return nations
    same = [a.name for a in case.file.alliances if set(case.members((a.name,))) == set(nations)]
    return tuple(same[:1]) or nations


def cited(case: Case, clause_id: str) -> Cited:
    """A clause of the case as answers cite it."""
    for a in case.file.agreements:
        for c in a.clauses:
            if c.id == clause_id:
                return Cited(
                    id=c.id,
                    agreement=a.name,
                    title=a.title,
                    effect=getattr(c, "effect", ""),
                    note=c.note,
                    source=c.source or a.source,
                    assumed=c.assumed,
                )
    raise KeyError(clause_id)
