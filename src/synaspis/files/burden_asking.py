"""Reads what a burden is asked for, from a command's arguments or a caller's; says every problem at once."""

from __future__ import annotations

from collections.abc import Sequence

from synaspis.errors import InputError, Problem
from synaspis.files import arguments, words
from synaspis.files.asking import regime_of
from synaspis.files.case import shipped_with_own
from synaspis.files.plan_asking import MOST_ADDED, plan_request
from synaspis.model.battery import System
from synaspis.model.burden import MEASURES
from synaspis.model.case import Case
from synaspis.model.economy import ARRANGEMENTS
from synaspis.sharing.rules import rules
from synaspis.studies.burden import Request, arrangement_of
from synaspis.studies.burden_alone import GROUPS
from synaspis.studies.coalitions import members_of
from synaspis.studies.planning.study import Request as PlanRequest

NATIONAL = "national"
PER_PERSON_MUSD = (1e-12, 1e6)
AMOUNT_MUSD = (1e-6, 1e9)
"""From a dollar a year up to several times what the world produces: beyond is a slip of the pen."""


def burden_request(
    case: Case, regime: str | None, members: Sequence[str], measure: str, trials: int, seed: int,
    per_person_musd: float | None, amount_musd: float | None, arrangement: str | None, groups: str = "none",
) -> Request:  # fmt: skip
    """The request. InputError with every problem.

    Benefit is held against `national`, or where the case has no such regime against what its headline is.
    """
    problems: list[Problem] = []
    chosen = regime_of(problems, "--regime", case, regime)
    arguments.word(problems, "--measure", measure, MEASURES)
    arguments.word(problems, "--alone", groups, GROUPS)
    if arrangement is not None:
        arguments.word(problems, "--arrangement", arrangement, ARRANGEMENTS)
    arguments.luck(problems, trials, seed)
    example = "as 0.001 for 1,000 US dollars a year"
    _money(problems, "--value-per-person", per_person_musd, PER_PERSON_MUSD, example)
    _money(problems, "--amount", amount_musd, AMOUNT_MUSD, "as 300 for 300 million US dollars a year")
    known = [r.name for r in case.file.regimes]
    asked = tuple(dict.fromkeys(m.strip() for m in members if m.strip()))
    _members(problems, case, chosen if chosen in known else None, asked, given=bool(members))
    if problems:
        raise InputError(problems)
    return Request(
        regime=chosen,
        against=NATIONAL if NATIONAL in known else case.file.compare.against,
        members=case.members(asked) if asked else None,
        measure=measure,
        trials=trials,
        seed=seed,
        per_person_musd=per_person_musd,
        amount_musd=amount_musd,
        arrangement=arrangement or arrangement_of(case.file.date),
    )


def market(case: Case, regime: str) -> tuple[Case, PlanRequest]:
    """The case with all battery types that have a price, and what groups by themselves may buy of them.

    Besides the ground radars that the case deploys.
    """
    known = shipped_with_own(case)
    nouns = (known.items[name].noun for name in known.names("system"))
    types = [x.name for x in nouns if isinstance(x, System) and x.unit_cost_musd is not None]
    radars = [s.type for s in case.file.sensors if s.type in case.radars]
    return plan_request(
        case, "cost", regime, MOST_ADDED, list(dict.fromkeys((*types, *radars))), None, None, 1, 1
    )


def _money(
    problems: list[Problem], option: str, value: float | None, within: tuple[float, float], example: str
) -> None:
    low, high = within
    if value is not None and not low <= value <= high:  # nor is NaN
        mend = f"give millions of US dollars from {low:g} to {high:g}, {example}"
        arguments.say(problems, option, f"is {value:g}", mend)


def _members(
    problems: list[Problem], case: Case, regime: str | None, asked: Sequence[str], given: bool
) -> None:
    """Each is a nation or an alliance of the case and, where the regime is known, takes part in it."""
    nations = [n.code for n in case.file.nations]
    groups = [a.name for a in case.file.alliances]
    unknown = [m for m in asked if m not in nations and m not in groups]
    for m in unknown:
        what = f"`{words.shown(m)}` is no nation and no alliance of this case"
        arguments.say(problems, "--members", what, words.suggest(m, [*nations, *groups]))
    if given and not asked:
        arguments.say(problems, "--members", "names nobody", "give nations with commas between, as USA,ROU")
    if regime is None or unknown:
        return
    party = members_of(case, rules(case, case.regime(regime)), regime)
    for m in case.members(tuple(asked)):
        if m not in party:
            what = f"`{m}` takes no part in the regime `{regime}`: it signs none of its agreements"
            arguments.say(problems, "--members", what, f"leave it out; these do: {', '.join(party)}")
    if not asked and not party:
        what = f"nobody takes part in `{regime}`"
        arguments.say(problems, "--regime", what, "choose one with agreements")
