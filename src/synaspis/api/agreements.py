"""What the clauses of a case say, and what others would."""

from __future__ import annotations

import os
from collections.abc import Sequence

from synaspis.api.given import Progress, named_regimes
from synaspis.files.case import load
from synaspis.model.ask import AskAnswer, Checked, TransferAnswer
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsDiff, AgreementsPackage, AgreementsRank


def ask(
    case: Case | str | os.PathLike[str], owner: str, recipient: str, product: str, regime: str | None = None,
    *, sensor: str | None = None, threatens: Sequence[str] = (), category: str | None = None,
    launched_from: str | None = None, lands_in: str | None = None, purpose: str = "defence",
    on: str | None = None, alert: str | None = None,
) -> AskAnswer:  # fmt: skip
    """May `recipient` have `product` of `owner`'s sensors under `regime` (the headline's where None)?

    What is left out of the missile is not known, and in doubt the answer is no. `on` is a day as
    2024-12-01. InputError with every problem of the arguments at once.
    """
    from synaspis.files.asking import question
    from synaspis.studies import agreements_ask as study

    loaded = case if isinstance(case, Case) else load(case)
    given = {
        "owner": owner, "recipient": recipient, "product": product, "sensor": sensor, "threatens": threatens,
        "category": category, "launched_from": launched_from, "lands_in": lands_in, "purpose": purpose,
        "on": on, "alert": alert,
    }  # fmt: skip
    return study.ask(loaded, *question(loaded, regime, given))


def ask_transfer(
    case: Case | str | os.PathLike[str], makers: Sequence[str], recipient: str, item: str,
    act: str | None = None, regime: str | None = None, *, holder: str | None = None, on: str | None = None,
) -> TransferAnswer:  # fmt: skip
    """May `recipient` buy, host, maintain or co-produce (`act`) `item`, of which every maker must let it?

    With `holder` in place of `act`: may that nation pass the item on to `recipient`? InputError with every
    problem of the arguments at once.
    """
    from synaspis.files.asking import transfer_question
    from synaspis.studies import agreements_transfer as study

    loaded = case if isinstance(case, Case) else load(case)
    given = {"makers": makers, "recipient": recipient, "item": item, "act": act, "holder": holder, "on": on}
    return study.ask_transfer(loaded, *transfer_question(loaded, regime, given))


def check_agreements(folder: str | os.PathLike[str], case: str | None = None) -> tuple[Checked, ...]:
    """Put experts' tests, the YAML files in `folder`, to the cases they name; see the tutorial.

    InputError with everything that is wrong with the files.
    """
    from synaspis.files.asking import read_tests
    from synaspis.studies.agreements_ask import checked

    return tuple(checked(p.case, p.regime, p.test, p.file, p.line) for p in read_tests(folder, case))


def agreements_diff(
    case: Case | str | os.PathLike[str],
    before: str,
    after: str,
    trials: int = 1000,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> AgreementsDiff:
    """What goes otherwise under the regime `after` than under `before`, and what that does to each nation.

    Differences are paired, trial by trial on the same luck. InputError where the case has no such regime.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import agreements_diff as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    named_regimes(loaded, {"REGIME_A": before, "REGIME_B": after})
    return study.diff(loaded, before, after, trials, seed, jobs_or_default(jobs), progress or silent)


def agreements_rank(
    case: Case | str | os.PathLike[str],
    regime: str | None = None,
    trials: int = 500,
    seed: int = 1,
    jobs: int | None = None,
    delay_s: float = 10.0,
    progress: Progress | None = None,
) -> AgreementsRank:
    """Every single change of a regime's clauses (the headline's where None), by the people it protects.

    Clauses that are missing, authority that could be quicker, and existing clauses left out; a release that
    is added comes `delay_s` late. InputError where the case has no such regime.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import agreements_rank as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    chosen = regime or loaded.file.compare.headline
    named_regimes(loaded, {"--regime": chosen})
    return study.rank(loaded, chosen, trials, seed, jobs_or_default(jobs), delay_s, progress or silent)


def agreements_package(
    case: Case | str | os.PathLike[str], goal: str = "protected-population", max_clauses: int = 3,
    regime: str | None = None, share: float = 0.9, trials: int = 300, seed: int = 1, jobs: int | None = None,
    tries: int = 1000, progress: Progress | None = None,
) -> AgreementsPackage:  # fmt: skip
    """The smallest sets of the case's clauses that bring a regime to a goal, and who must sign them.

    `goal` is worst-nation, protected-population or warning; reached is `share` of what all clauses that the
    regime lacks would give. The regime is the one that the headline is held against, where None. Sets of a
    size are all tried while `tries` suffice. InputError with every problem of the arguments.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, asking
    from synaspis.model.compared import GOALS
    from synaspis.studies import agreements_package as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    problems: list[Problem] = []
    chosen = asking.regime_of(problems, "--regime", loaded, regime or loaded.file.compare.against)
    arguments.word(problems, "--goal", goal, GOALS)
    if problems:
        raise InputError(problems)
    told = progress or silent
    return study.package(
        loaded, chosen, goal, max_clauses, share, trials, seed, jobs_or_default(jobs), tries, told
    )
