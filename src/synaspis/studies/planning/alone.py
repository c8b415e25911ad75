"""What some nations would have to spend by themselves: the cheapest laydown of a part of the coalition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from synaspis.model.agreement import Authority, Clause, Mandate
from synaspis.model.case import Case
from synaspis.model.plan import AloneAnswer, Price
from synaspis.sharing.coalition import restricted
from synaspis.sharing.rules import rules
from synaspis.studies.arena import Progress, silent
from synaspis.studies.cost import bill
from synaspis.studies.cost_lines import sites_of
from synaspis.studies.planning import tell
from synaspis.studies.planning.clash import clash
from synaspis.studies.planning.ground import Asked, ground, program
from synaspis.studies.planning.program import COST, Least, Program
from synaspis.studies.planning.sites import Candidate, candidates, with_candidates
from synaspis.studies.planning.solve import Solution, solve
from synaspis.studies.planning.study import Request

NOTHING = Price(value=0.0, low=0.0, high=0.0)
SLACK = 0.02
"""How far below what it has together a group by itself may stay where it can have no more: the plan's model
and the engine's trials, which count what it has together, differ by as much."""
_FREE = AloneAnswer(members=(), goal=0.0, protected=0.0, cost=NOTHING, laydown=(), nearest=(), yearly=NOTHING)


def alone(
    case: Case,
    request: Request,
    members: Sequence[str],
    jobs: int,
    people: Mapping[str, float] | None = None,
    sold: bool = False,
    slack: float = 0.0,
) -> AloneAnswer:
    """The cheapest laydown with which `members` alone protect `request.protect` of their own people.

    `request.protect` is a share of their people at risk up to 1, else people. With `people` by nation, as
    many must be protected in each of them besides. With `sold` every allowed type can be had: a member may
    put it on its own soil whether or not its makers have said so. Where nothing reaches what is asked, the
    cheapest laydown that stays no more than `slack`, a share, below it is taken.
    """
    own, extra = of_members(case, members), for_themselves(case, members)
    given = restricted(rules(own, own.regime(request.regime)), members)
    found = candidates(own, given, request.allowed, members)
    g = ground(own, request.regime, _to_be_had(found) if sold else found, jobs)
    theirs = restricted(g.given, members).plus(*extra)
    p, _, _ = program(g, Asked(COST, request.regime, request.most_added), theirs)
    wanted = request.protect or 0.0
    goal = wanted * sum(p.at_risk) if wanted <= 1.0 else wanted
    p = replace(p, goal=goal, least=(*p.least, *_floors(own, p, people or {})))
    nearest: tuple[str, ...] = ()
    best, within = _within(p, slack)
    if best is None:
        wrong, best = clash(p)
        nearest = wrong.nearest
    chosen = [g.candidates[c] for c in best.added]
    added = tuple(map(tell.added, chosen))
    return AloneAnswer(
        members=tuple(members),
        goal=goal,
        protected=best.worth.total,
        cost=None if nearest else _sum([x.price for x in added if x.price is not None]),
        laydown=added,
        nearest=nearest,
        yearly=None if nearest else yearly(case, chosen, members),
        within=0.0 if nearest else within,
    )


def _within(p: Program, slack: float) -> tuple[Solution | None, float]:
    """The best laydown and how far it may stay below what is asked, a share: as asked where that can be."""
    best = solve(p)
    if best is not None or not slack:
        return best, 0.0
    near = tuple(replace(x, share=x.share * (1.0 - slack)) for x in p.least)
    return solve(replace(p, goal=p.goal * (1.0 - slack), least=near)), slack


def yearly(case: Case, chosen: Sequence[Candidate], members: Sequence[str]) -> Price:
    """What `members` pay in a year of what is bought, in prices of the case's year.

    Not what others paid to develop it, and none of what is there already, rounds in depot included.
    """
    bare = replace(case, file=replace(case.file, sensors=(), batteries=(), costs=(), stock=()))
    bought = with_candidates(bare, chosen)
    return bill(bought).of([s.name for s in sites_of(bought)], members).total()


def apart(
    case: Case,
    request: Request,
    people: Mapping[str, float],
    coalitions: Sequence[Sequence[str]],
    jobs: int,
    progress: Progress = silent,
) -> tuple[AloneAnswer, ...]:
    """What each of `coalitions` would have to spend by itself to protect its people as the whole does.

    `people` by nation are those whom the whole coalition protects; where no laydown protects them all, one
    that does so to within `SLACK` will do. Every type of the request can be had.
    """
    found = []
    for done, members in enumerate(coalitions):
        progress("what each would spend alone", done / len(coalitions))
        own = {n: people[n] for n in members if people.get(n, 0.0) > 1.0}
        if own:
            wanted = replace(request, protect=sum(own.values()))
            found.append(alone(case, wanted, members, jobs, own, sold=True, slack=SLACK))
        else:
            found.append(replace(_FREE, members=tuple(members)))
    return tuple(found)


def _floors(case: Case, p: Program, people: Mapping[str, float]) -> tuple[Least, ...]:
    """As many people as asked for, nation by nation."""
    found = []
    for nation, wanted in people.items():
        rows = tuple(dict.fromkeys(k.asset for k in p.attacks if case.file.assets[k.asset].nation == nation))
        risk = sum(p.at_risk[a] for a in rows)
        if risk > 0.0:
            share = min(wanted / risk, 1.0)
            found.append(Least(f"{nation} at least {share:.0%}", rows, share))
    return tuple(found)


def for_themselves(case: Case, members: Sequence[str]) -> tuple[Clause, ...]:
    """Clauses of members by themselves: their rounds defend them all, and each one's own chain decides.

    That takes as long as the slowest national chain of the case; where it has none, the slowest of any.
    """
    known = [a for agreement in case.file.agreements for a in agreement.authorities]
    chains = [a for a in known if a.protocol == "national"] or known
    inside = tuple(members)
    found: list[Clause] = [Mandate(id="+members:mandate", owners=inside, defends=inside, assumed=True)]
    if chains:
        slow = max(chains, key=lambda a: a.decision_s)
        found.append(
            Authority(
                id="+members:authority",
                owners=inside,
                protocol="national",
                decision_s=slow.decision_s,
                spread=slow.spread,
                unreachable=slow.unreachable,
                assumed=True,
            )
        )
    return tuple(found)


def _to_be_had(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Candidates on their owner's soil, with nothing against them, and those elsewhere that nothing bars."""
    home = (replace(c, bars=()) for c in found if c.owner == c.place.host)
    return (*home, *(c for c in found if c.owner != c.place.host and not c.bars))


def _sum(prices: Sequence[Price]) -> Price:
    return Price(
        value=sum(x.value for x in prices), low=sum(x.low for x in prices), high=sum(x.high for x in prices)
    )


def of_members(case: Case, members: Sequence[str]) -> Case:
    """The case with the sites alone whose owner and host are members, and with nobody else's people."""
    inside = set(members)
    return replace(
        case,
        file=replace(
            case.file,
            sensors=tuple(s for s in case.file.sensors if {s.owner, s.host or s.owner} <= inside),
            batteries=tuple(b for b in case.file.batteries if {b.owner, b.host or b.owner} <= inside),
            assets=tuple(a if a.nation in inside else replace(a, population=0.0) for a in case.file.assets),
        ),
    )
