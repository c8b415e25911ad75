"""Reads what a plan is asked for, from a command's arguments or a caller's; says every problem at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synaspis.errors import InputError, Problem
from synaspis.files import arguments, words
from synaspis.files.asking import regime_of
from synaspis.files.case import shipped_with_own, with_types
from synaspis.model.case import Case
from synaspis.studies.planning.program import COST, OBJECTIVES
from synaspis.studies.planning.study import Request

MOST_ADDED = 20


def plan_request(
    case: Case, objective: str, regime: str | None, add: int, allow: Sequence[str],
    budget_usd: float | None, protect: float | None, trials: int, seed: int, members: Sequence[str] = (),
) -> tuple[Case, Request]:  # fmt: skip
    """The case with the allowed types known, and the request. InputError with every problem."""
    problems: list[Problem] = []
    chosen = regime_of(problems, "--regime", case, regime)
    arguments.word(problems, "--objective", objective, OBJECTIVES)
    if not 0 <= add <= MOST_ADDED:
        arguments.say(problems, "--add", f"is {add}", f"give a number from 0 to {MOST_ADDED}")
    arguments.luck(problems, trials, seed)
    _money(problems, objective, add, budget_usd)
    _protect(problems, objective, protect)
    nations = [n.code for n in case.file.nations]
    for code in members:
        arguments.word(problems, "members", code, nations)
    wanted = tuple(dict.fromkeys(allow)) or case.file.plan.allow
    _types(problems, case, wanted)
    if allow and not add and objective != COST:
        arguments.say(problems, "--allow", "nothing is to be added", "give --add, or leave it out")
    if problems:
        raise InputError(problems)
    ready = with_types(case, wanted)
    return ready, Request(
        objective=objective, regime=chosen, add=add, budget_usd=budget_usd, protect=protect,
        allowed=wanted or _standing(case), trials=trials, seed=seed, members=tuple(members),
    )  # fmt: skip


def _standing(case: Case) -> tuple[str, ...]:
    """The battery types that the case deploys, and its ground radars."""
    types = (*(b.system for b in case.file.batteries), *(s.type for s in case.file.sensors))
    return tuple(dict.fromkeys(t for t in types if t in case.systems or t in case.radars))


def _money(problems: list[Problem], objective: str, add: int, budget_usd: float | None) -> None:
    if budget_usd is None:
        return
    if not budget_usd > 0.0 or not math.isfinite(budget_usd):
        arguments.say(problems, "--budget", f"is {budget_usd:g}", "give US dollars above 0")
    elif not add and objective != COST:
        what = "buys nothing: nothing is to be added, so this objective would not heed it"
        arguments.say(problems, "--budget", what, "give --add, or --objective cost")


def _protect(problems: list[Problem], objective: str, protect: float | None) -> None:
    if protect is None:
        return
    if not protect > 0.0 or not math.isfinite(protect):
        arguments.say(problems, "--protect", f"is {protect:g}", "give a share up to 1, or people above 1")
    elif objective != COST:
        what = f"`{objective}` protects as many as can be and would not heed it"
        arguments.say(problems, "--protect", what, "give --objective cost, or leave it out")


def _types(problems: list[Problem], case: Case, wanted: Sequence[str]) -> None:
    known = shipped_with_own(case).names("system", "radar") if wanted else ()
    for name in wanted:
        if name not in known:
            what = f"`{words.shown(name)}` is no battery type and no radar"
            arguments.say(problems, "--allow", what, words.suggest(name, known))
