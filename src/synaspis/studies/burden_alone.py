"""What groups of members would have to spend by themselves for the protection that they have together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from synaspis.model.burden import ApartRow, BurdenAnswer
from synaspis.model.case import Case
from synaspis.model.plan import AloneAnswer
from synaspis.studies.arena import Progress, silent
from synaspis.studies.planning.alone import apart
from synaspis.studies.planning.study import Request

GROUPS = ("none", "members", "pairs", "all")
"""Which groups are asked: nobody; each member; each and all pairs of them; every group."""
FEWEST = 1.0
"""Members of whom fewer people are protected than this have nothing to match, and are in no group."""


def with_alone(
    answer: BurdenAnswer, ready: Case, request: Request, groups: str, jobs: int, progress: Progress = silent
) -> BurdenAnswer:
    """The answer with what each of `groups` would spend alone. `request` says what may be bought."""
    people = {n: m.protected for n, m in answer.members.items() if m.protected > FEWEST}
    asked = grouped(tuple(people), groups)
    if not asked:
        return answer
    found = apart(ready, request, people, asked, jobs, progress)
    rows = tuple(
        ApartRow(
            members=x.members,
            goal=x.goal,
            cost=x.cost,
            yearly=x.yearly,
            why=_why(x),
            buys=tuple(added.name for added in x.laydown),
            within=x.within,
        )
        for x in found
    )
    return replace(answer, alone=rows)


def _why(x: AloneAnswer) -> str:
    """Why a group falls short of its goal, or that it stays a little below: empty where it reaches it."""
    if x.within:
        return f"within {100.0 * x.within:g} % of it: {x.protected:,.0f} people, not {x.goal:,.0f}"
    return "; ".join(x.nearest)


def grouped(members: Sequence[str], groups: str) -> list[tuple[str, ...]]:
    """The groups of `members` that are asked, small ones first."""
    most = {"none": 0, "members": 1, "pairs": 2, "all": len(members)}[groups]
    return [group for size in range(1, most + 1) for group in combinations(members, size)]
