"""What each constraint costs: the plan made again without it, and slopes of the relaxed program.

Rules on additions (a host that is not willing, a maker that does not sell) are lifted in the program that
chose the additions. Clauses on what is shared, defended, ordered and consented to are lifted with the
additions as chosen: the responsibilities, rounds and doctrines are then chosen anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from synaspis.model.agreement import Mandate, Release
from synaspis.model.plan import Binding
from synaspis.studies.arena import Progress
from synaspis.studies.candidates import (
    Candidate,
    missing_authority,
    missing_consents,
    missing_leave,
    missing_mandates,
    missing_releases,
)
from synaspis.studies.planning.ground import Asked, Ground, program
from synaspis.studies.planning.program import COST, PROTECTED, WORST, Program
from synaspis.studies.planning.sites import HOSTS, Bar
from synaspis.studies.planning.solve import Solution, relaxed, slopes, solve

DELAY_S = 10.0
"""Assumed: how late what is released comes, as in `agreements rank`."""
FIRING = ("track", "fire_control_track", "engagement_status")
"""Products that shooters can use: a track reveals the steps of the ladder below it."""
RE_SOLVED = 10
"""Rules on additions that promise most, by the relaxed program, are solved again."""
NOTICED = 1e-4
"""Gains below this share of the people at risk (or of a nation's) are none."""
LIFT_S = 3.0
LIFT_GAP = 0.01
"""How long and how near to its bound a plan without one rule is sought."""
MORE_MONEY = 1.25
UNITS = {PROTECTED: "people", WORST: "share of the nation's people at risk", COST: "M USD"}


def figure(p: Program, s: Solution) -> float:
    """What the objective is about, greater being better."""
    return -s.worth.cost if p.objective == COST else s.worth.of(p.objective)


def on_additions(p: Program, best: Solution, told: Progress) -> Iterator[Binding]:
    """Rules that bar candidates, the number of additions, and the budget; each lifted alone."""
    unit = UNITS[p.objective]
    base = figure(p, best)
    bars = [x for x in dict.fromkeys(b for a in p.additions for b in a.bars) if isinstance(x, Bar)]
    alone = [b for b in bars if any(set(a.bars) == {b} for a in p.additions)]
    hoped: list[tuple[float, Bar, Program]] = []
    flat = relaxed(p)
    for i, bar in enumerate(alone):
        told("what each rule costs", 0.5 * i / len(alone))
        lifted = replace(p, lifted=p.lifted | {bar})
        if len(lifted.possible) == len(p.possible):
            continue
        hope = relaxed(lifted)
        if hope is not None and flat is not None and hope - flat > _noticed(p):
            hoped.append((hope - flat, bar, lifted))
    hoped.sort(key=lambda x: (-x[0], str(x[1])))
    for i, (_, bar, lifted) in enumerate(hoped[:RE_SOLVED]):
        told("what each rule costs", 0.5 + 0.5 * i / RE_SOLVED)
        found = solve(lifted, LIFT_S, LIFT_GAP)
        gain = 0.0 if found is None else figure(p, found) - base
        kind = "hosting" if bar.kind == HOSTS else "transfer"
        what = bar.what + (" (at least)" if found is not None and found.seconds_ran_out else "")
        yield Binding(kind=kind, what=what, clause="", nation=bar.who, gain=gain, unit=unit, how="re-solved")
    yield from _more(p, base, unit)


def _more(p: Program, base: float, unit: str) -> Iterator[Binding]:
    tries = [("number", f"{p.most_added + 1:.0f} additions, not {p.most_added:.0f}",
              replace(p, most_added=p.most_added + 1))]  # fmt: skip
    if p.budget < float("inf"):
        what = f"a budget of {MORE_MONEY * p.budget:,.0f} M USD, not {p.budget:,.0f}"
        tries.append(("budget", what, replace(p, budget=MORE_MONEY * p.budget)))
    for kind, what, more in tries:
        found = solve(more, LIFT_S, LIFT_GAP)
        if found is not None:
            gain = figure(p, found) - base
            yield Binding(kind=kind, what=what, clause="", nation="", gain=gain, unit=unit, how="re-solved")


def _noticed(p: Program) -> float:
    return NOTICED * (sum(p.at_risk) if p.objective == PROTECTED else 1.0)


def changes(g: Ground) -> Iterator[tuple[str, Candidate]]:
    """(kind, change) of every rule that could be lifted: what is missing, and what forbids."""
    given, w = g.given, g.a.w
    shooters = {f.battery.owner for f in w.batteries}
    for c in missing_releases(w, given, DELAY_S):
        if c.recipient in shooters and c.product in FIRING:
            yield "release", c
    for kind, found in (
        ("mandate", missing_mandates(w, given)), ("consent", missing_consents(w, given)),
        ("overflight", missing_leave(w, given)), ("authority", missing_authority(w, given)),
    ):  # fmt: skip
        for c in found:
            yield kind, c
    for clause in (*given.releases, *given.mandates):
        if getattr(clause, "effect", "permit") == "forbid" and isinstance(clause, Release | Mandate):
            what = f"`{clause.id}` ({given.agreement_of[clause.id]}) no longer forbids"
            owner = ", ".join(clause.owners)
            yield "forbid", Candidate("suspended", owner, "", "", what, (), clause.id)


def on_clauses(
    g: Ground, asked: Asked, best: Solution, counted: Sequence[str], told: Progress
) -> tuple[list[Binding], int]:
    """What lifting each clause would buy, and how many were tried. Equal programs are solved once."""
    own = Asked(PROTECTED if asked.objective == COST else asked.objective, asked.regime)
    every = list(changes(g))
    solved: dict[object, float] = {}
    told_of: set[tuple[str, str, str, float]] = set()
    found = []
    for i, (kind, c) in enumerate(every):
        told("what each clause costs", i / max(len(every), 1))
        p, _, _ = program(g, own, c.under(g.given), counted)
        key = (p.choices, p.busy, p.magazines)
        if key not in solved:
            s = solve(p, LIFT_S)
            solved[key] = 0.0 if s is None else figure(p, s) - best.worth.of(own.objective)
        gain = solved[key]
        same = (kind, c.owner, c.recipient, gain)  # a higher step of the ladder that buys no more
        if gain > _noticed(p) and same not in told_of:
            told_of.add(same)
            found.append(
                Binding(kind=kind, what=c.what, clause=c.minus, nation=c.owner, gain=gain,
                        unit=UNITS[own.objective], how="re-solved")
            )  # fmt: skip
    return found, len(every)


def on_resources(g: Ground, p: Program) -> Iterator[Binding]:
    """One round or one channel more at each battery: slopes of the relaxed program."""
    if p.objective != PROTECTED:
        return
    for (kind, b), gain in slopes(p).items():
        if gain > _noticed(p) * 0.1 and b >= 0:
            f = g.a.w.batteries[b].battery
            one = "round" if kind == "rounds" else "channel"
            yield Binding(
                kind=kind, what=f"one more {one} at {f.name}", clause="", nation=f.owner, gain=gain,
                unit="people", how="dual",
            )  # fmt: skip


def ranked(found: Sequence[Binding]) -> tuple[Binding, ...]:
    """Those that gain something, greatest first."""
    order = sorted(found, key=lambda b: (b.unit, -b.gain, b.kind, b.what))
    return tuple(b for b in order if b.gain > 0.0)
