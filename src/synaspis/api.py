"""What `import synaspis` shows: load a case, run it, write it, explain it."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from synaspis.files.case import load as load
from synaspis.model.answers import FlyAnswer, RangeCheck, RunAnswer
from synaspis.model.ask import AskAnswer, Checked, TransferAnswer
from synaspis.model.booster import Booster
from synaspis.model.case import Case
from synaspis.model.compared import AgreementsDiff, AgreementsPackage, AgreementsRank
from synaspis.model.early_warning import WarnAnswer
from synaspis.model.reconstruction import Reconstruction, claim_of
from synaspis.model.summary import summary

Progress = Callable[[str, float], None]


def version() -> str:
    """The installed version of Synaspis."""
    return importlib.metadata.version("synaspis")


def run(
    case: Case | str | os.PathLike[str],
    regimes: Sequence[str] | None = None,
    trials: int = 1000,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
    draws: int = 0,
) -> RunAnswer:
    """Play a case's raid under its regimes and compare them.

    `case` is a Case, a path or the name of a shipped case; `jobs` threads (all cores where None);
    `progress(stage, fraction)` is told how far it is. With `draws` the public figures are drawn that
    many times from their bands, and the answer gets its `ignorance`; the rest of it stays the same. The
    same case, seed and version give the same answer for any number of jobs.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import ignorance, protection
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    _known_regimes(loaded, regimes)
    workers, told = jobs_or_default(jobs), progress or silent
    answer = protection.run(loaded, regimes, trials, seed, workers, version(), told)
    if draws < 1:
        return answer
    found, tables = ignorance.ignorance(loaded, answer, draws, workers, told)
    columns = {**answer.tables.columns, **tables}
    return replace(answer, ignorance=found, tables=replace(answer.tables, columns=columns))


def _known_regimes(case: Case, regimes: Sequence[str] | None) -> None:
    from synaspis.errors import InputError, Problem

    have = [r.name for r in case.file.regimes]
    wrong = [r for r in regimes or () if r not in have]
    if wrong:
        raise InputError(
            [
                Problem("--regime", 1, 1, f"`{r}` is no regime of this case", f"it has {', '.join(have)}")
                for r in wrong
            ]
        )


def write(case: Case, answer: RunAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write a run folder (default `runs/CASE-HASH8/`) in one move, and return its path."""
    from synaspis.files import run_folder
    from synaspis.report.page import page

    report = page(answer, tuple(case.entries.values()))
    return run_folder.write(case, answer, report, Path(out) if out else None)


def warn(
    case: Case | str | os.PathLike[str],
    regimes: Sequence[str] | None = None,
    trials: int = 200,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> WarnAnswer:
    """What each nation knows of every launch towards it, and when, under a case's regimes.

    Arguments as for `run`. Times of single places are without luck; people and percentiles are over
    `trials`, on the same dice as a run's. `synaspis.model.early_warning.document` makes it plain JSON.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import warning
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    _known_regimes(loaded, regimes)
    workers = jobs_or_default(jobs)
    return warning.warn(loaded, regimes, trials, seed, workers, version(), progress or silent)


def write_warning(case: Case, answer: WarnAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `warn` (default `runs/CASE-warn-HASH8/`) in one move, and return its path."""
    from synaspis.files import warn_folder
    from synaspis.report.warn_page import page

    return warn_folder.write(case, answer, page(answer), Path(out) if out else None)


def explain(
    run_folder: str | os.PathLike[str], asset: str, regime: str | None = None, trial: int | None = None
) -> str:
    """Replay one trial of a run and tell, for every missile at `asset`, what happened and why."""
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files import run_folder as folders
    from synaspis.studies import story

    manifest = folders.read_manifest(Path(run_folder))
    return story.tell(
        folders.case_of(Path(run_folder)), manifest, asset, regime, trial, jobs_or_default(None)
    )


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
    _named_regimes(loaded, {"REGIME_A": before, "REGIME_B": after})
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
    _named_regimes(loaded, {"--regime": chosen})
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


def _named_regimes(case: Case, given: Mapping[str, str]) -> None:
    """InputError with every regime of `given`, by argument, that the case does not have."""
    from synaspis.errors import InputError, Problem
    from synaspis.files.asking import regime_of

    problems: list[Problem] = []
    for argument, name in given.items():
        regime_of(problems, argument, case, name)
    if problems:
        raise InputError(problems)


def fly(
    threat: str,
    start: str | tuple[float, float],
    end: str | tuple[float, float],
    shape: str = "minimum-energy",
    case: Case | str | os.PathLike[str] | None = None,
    via: Sequence[str | tuple[float, float]] = (),
) -> FlyAnswer:
    """Fly a class of the catalogue, or of `case`, from `start` to `end`.

    Places are (latitude, longitude) in degrees, or text as `39.28,125.87`; `via` are a cruise missile's
    waypoints. InputError with every problem of the arguments at once; UnreachableError, with how far it
    flies, where the class does not get there.
    """
    from synaspis.engine.vehicles import SHAPES
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments
    from synaspis.files.borders import borders
    from synaspis.studies import flight

    own = None if case is None else case if isinstance(case, Case) else load(case)
    problems: list[Problem] = []
    kind = arguments.threat(problems, threat, own)
    places = arguments.two_places(problems, start, end)
    arguments.word(problems, "--shape", shape, SHAPES)
    waypoints = tuple(p for v in via if (p := arguments.place(problems, "--via", v)) is not None)
    if kind is not None:
        arguments.profile(problems, kind, shape, bool(via))
    if problems or kind is None or places is None:
        raise InputError(problems)
    return flight.fly(kind, *places, shape, borders(), waypoints)


def range_check(threat: str) -> RangeCheck:
    """How far a class of the catalogue flies, against its published range. InputError where there is none."""
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, catalog
    from synaspis.studies import range_check as study

    problems: list[Problem] = []
    kind = arguments.threat(problems, threat)
    if kind is None:
        raise InputError(problems)
    published = next(f for f in catalog.entry(threat).facts if f.parameter == "range")
    return study.range_check(kind, published.low, published.high)


def reconstruct(
    apogee_km: float,
    range_km: float,
    site: str | tuple[float, float] | None = None,
    bearing_deg: float | None = None,
    times_s: Sequence[float] = (),
    propellant: str | None = None,
    stages: int | None = None,
) -> Reconstruction:
    """The flight that fits a claimed apogee and ground range, and whether the claim is to be believed.

    `site` is (latitude, longitude) in degrees, or text as `39.28,125.87`; `bearing_deg` leads from there to
    the impact. Without them the Earth does not turn. Each of `times_s` gets a verdict. Where `propellant`
    (liquid, solid) is not said the bands hold both; `stages` (1 to 3) follow from the energy where they are
    not. InputError with everything that makes it no question.
    """
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments
    from synaspis.files.borders import borders
    from synaspis.files.catalog import shipped
    from synaspis.studies import overflight
    from synaspis.studies import reconstruct as study

    problems: list[Problem] = []
    place = None if site is None else arguments.place(problems, "--from", site) or _ANY_PLACE
    try:
        claim = claim_of(apogee_km, range_km, place, bearing_deg, times_s, propellant, stages)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    catalog = shipped()
    boosters = {name: catalog.get(name) for name in catalog.names("booster")}
    return study.reconstruct(
        claim,
        {name: (item.noun, item.entry) for name, item in boosters.items() if isinstance(item.noun, Booster)},
        version(),
        None if place is None else bool(overflight.on_land(borders(), [place])[0]),
    )


_ANY_PLACE = (0.0, 0.0)
"""Stands for a place that cannot be read, so that whatever else is wrong is found too."""


def warmup() -> None:
    """Compile every kernel and keep it on disk: the smallest case, one flight, one reconstruction."""
    run("first-light", trials=2)
    warn("first-light", trials=2)
    fly("mrbm-2000", (38.0, 46.3), (44.4, 26.1))
    range_check("mrbm-2000")
    reconstruct(1000.0, 500.0)


__all__ = [
    "AgreementsDiff",
    "AgreementsPackage",
    "AgreementsRank",
    "AskAnswer",
    "Case",
    "Checked",
    "FlyAnswer",
    "Reconstruction",
    "RunAnswer",
    "TransferAnswer",
    "WarnAnswer",
    "agreements_diff",
    "agreements_package",
    "agreements_rank",
    "ask",
    "ask_transfer",
    "check_agreements",
    "explain",
    "fly",
    "load",
    "reconstruct",
    "run",
    "summary",
    "version",
    "warmup",
    "warn",
    "write",
    "write_warning",
]
