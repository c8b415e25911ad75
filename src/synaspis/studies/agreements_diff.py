"""Two regimes side by side: which products go otherwise, and what that does to each nation."""

from __future__ import annotations

from itertools import product

import numpy as np

from synaspis.model.agreement import PRODUCTS
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsDiff, Change, Door, LoneClause, NationChange
from synaspis.sharing.conditions import ALWAYS, Predicate
from synaspis.sharing.release import STEPS, decide, grants, paths
from synaspis.sharing.rules import Rules, rules
from synaspis.studies.agreements_ask import phrase, sensors_of
from synaspis.studies.arena import Progress, arena, pure, silent
from synaspis.studies.coverage import covered_assets, probe_arena
from synaspis.studies.paired import Measures, gain, mean, measures
from synaspis.studies.wording import listed

Triple = tuple[str, str, str]


def changes(case: Case, before: Rules, after: Rules) -> tuple[Change, ...]:
    """Every (owner, recipient, product) that goes otherwise, sensors with the same change together."""
    found: dict[tuple[Triple, Door, Door], list[str]] = {}
    held: dict[Triple, int] = {}
    nations = [n.code for n in case.file.nations]
    for triple in product(nations, nations, PRODUCTS):
        owner, recipient, what = triple
        if owner == recipient:
            continue
        sensors = sensors_of(case, owner) if what in STEPS else ()
        held[triple] = len(sensors)
        for sensor in sensors or ("",):
            one = _door(case, before, owner, recipient, what, sensor)
            other = _door(case, after, owner, recipient, what, sensor)
            if _said(one) != _said(other):
                found.setdefault((triple, one, other), []).append(sensor)
    return tuple(
        Change(
            owner=triple[0], recipient=triple[1], product=triple[2], before=one, after=other,
            because=_because(one, other), sensors=() if len(names) >= held[triple] else tuple(names),
        )
        for (triple, one, other), names in found.items()
    )  # fmt: skip


def lone_clauses(before: Rules, after: Rules, names: tuple[str, str]) -> tuple[LoneClause, ...]:
    """Mandates, authorities and consents that only one of two regimes (called `names`) has."""
    found = []
    for name, ours, theirs in ((names[1], after, before), (names[0], before, after)):
        for kind, clauses in (
            ("mandate", ours.mandates), ("authority", ours.authorities), ("consent", ours.consents)
        ):  # fmt: skip
            known = {c.id for c in (*theirs.mandates, *theirs.authorities, *theirs.consents)}
            found += [LoneClause(id=c.id, kind=kind, regime=name) for c in clauses if c.id not in known]
    return tuple(found)


def _door(case: Case, given: Rules, owner: str, recipient: str, what: str, sensor: str) -> Door:
    """What `given` says of one sensor's product ("": of one that no sensor makes)."""
    ways: list[tuple[Predicate, float, tuple[str, ...]]]
    if what in STEPS and sensor:
        level = STEPS.index(what)
        open_ = [p for p in paths(given, owner, recipient, (sensor,)) if p.level >= level and p.sensors]
        ways = [(p.predicate, p.delay_s, p.clauses) for p in open_]
    else:
        direct = grants(given, owner, recipient, what, sensor or None)
        ways = [(g.predicate, g.delay_s, (g.clause,)) for g in direct]
    sure = [way for way in ways if way[0] == ALWAYS]
    if not ways:
        shut = decide(given, owner, recipient, what, sensor or None)
        return Door(answer="no", because=() if shut.allowed else shut.because)
    delay_s = min(way[1] for way in sure or ways)
    because = tuple(dict.fromkeys(clause for way in sure or ways for clause in way[2]))
    if sure:
        return Door(answer="yes", delay_s=delay_s, because=because)
    when = dict.fromkeys(phrase(case, way[0], " and ", recipient) for way in ways)
    return Door(answer="conditional", delay_s=delay_s, when=listed(when, " or "), because=because)


def _said(d: Door) -> tuple[object, ...]:
    return d.answer, d.delay_s, d.when


def _because(before: Door, after: Door) -> tuple[str, ...]:
    """The clauses that make the difference: those that only one side rests on."""
    new = [c for c in after.because if c not in before.because]
    gone = [c for c in before.because if c not in after.because]
    return tuple(new + gone) or after.because or before.because


def diff(
    case: Case, before: str, after: str, trials: int, seed: int, jobs: int, progress: Progress = silent
) -> AgreementsDiff:
    """`after` held against `before`. The names are regimes of the case."""
    progress("reading the clauses", 0.0)
    one, other = (rules(case, case.regime(name)) for name in (before, after))
    found = changes(case, one, other)
    progress("flying the raid", 0.05)
    a = arena(case, jobs)
    told = []
    for i, name in enumerate((before, after)):
        progress(f"playing {name}", 0.3 + 0.2 * i)
        told.append(measures(a.w, a.play(pure(a.rules(name)), seed, trials)))
    progress("flying the coverage probes", 0.7)
    probing = probe_arena(case, jobs)
    covered = [covered_assets(probing, name)[0] for name in (before, after)]
    people = np.array([x.population for x in a.w.assets])
    own = {n: np.array([x.nation == n for x in a.w.assets]) * people for n in a.w.nations}
    nations = {
        n: _nation(told[0], told[1], row, *(float(own[n][c].sum()) for c in covered))
        for row, n in enumerate(a.w.nations)
        if own[n].any()
    }
    progress("done", 1.0)
    return AgreementsDiff(
        case=case.name,
        before=before,
        after=after,
        trials=trials,
        seed=seed,
        changes=found,
        clauses=lone_clauses(one, other, (before, after)),
        nations=nations,
        protected_population=gain(told[1].whole() - told[0].whole()),
        leakers=gain(told[1].leakers.sum(axis=1) - told[0].leakers.sum(axis=1)),
    )


def _nation(
    before: Measures, after: Measures, row: int, covered_before: float, covered_after: float
) -> NationChange:
    warned, told = before.warning_s[:, row], after.warning_s[:, row]
    return NationChange(
        warning_before_s=mean(warned),
        warning_after_s=mean(told),
        warning_s=gain(told - warned),
        leakers_before=mean(before.leakers[:, row]),
        leakers_after=mean(after.leakers[:, row]),
        leakers=gain(after.leakers[:, row] - before.leakers[:, row]),
        protected_population=gain(after.protected[:, row] - before.protected[:, row]),
        covered_before=covered_before,
        covered_after=covered_after,
    )
