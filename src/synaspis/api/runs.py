"""Playing a case's raid, keeping what came of it, and asking it why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from synaspis.api.given import Progress, playable, version
from synaspis.files.case import load
from synaspis.model.answers import RunAnswer
from synaspis.model.borders import Borders
from synaspis.model.case import Case


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
    from synaspis.studies.stability import stability

    loaded = case if isinstance(case, Case) else load(case)
    playable(loaded, regimes, trials, seed)
    workers, told = jobs_or_default(jobs), progress or silent
    answer = protection.run(loaded, regimes, trials, seed, workers, version(), told)
    if loaded.file.stability:
        told_of = stability(loaded, _map_of(loaded), tuple(answer.regimes), workers, told)
        answer = replace(answer, stability=told_of)
        told("done", 1.0)
    if draws < 1:
        return answer
    found, tables = ignorance.ignorance(loaded, answer, draws, workers, told)
    columns = {**answer.tables.columns, **tables}
    return replace(answer, ignorance=found, tables=replace(answer.tables, columns=columns))


def _map_of(case: Case) -> Borders | None:
    """The political map, where a question under `stability` names nations as destinations."""
    from synaspis.files.borders import borders

    named = any(not d.is_area for q in case.file.stability for d in q.towards)
    return borders() if named else None


def write(case: Case, answer: RunAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write a run folder (default `runs/CASE-HASH8/`) in one move, and return its path."""
    from synaspis.files import run_folder
    from synaspis.report import stability_page
    from synaspis.report.page import page

    report = page(answer, tuple(case.entries.values()))
    transparency = stability_page.page(answer)
    return run_folder.write(case, answer, report, Path(out) if out else None, transparency)


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
