"""Which ground batteries defend."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.footprint import FootprintAnswer


def footprint(
    case: Case | str | os.PathLike[str],
    batteries: Sequence[str] | None = None,
    regimes: Sequence[str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    cells: int = 200,
) -> FootprintAnswer:
    """The ground that each battery, nation and the coalition defends against all that a case declares.

    `batteries` and `regimes` are names (all where None); `cells` are those along the longer side of a
    battery's box. Nothing is drawn by lot: the same case and version give the same answer for any number of
    `jobs`. `synaspis.model.footprint.document` makes it plain JSON. InputError with every problem at once:
    names that the case has not, and batteries that stand on another state's soil than their host's.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, standing
    from synaspis.files.asking import regime_of
    from synaspis.files.borders import borders
    from synaspis.studies import footprint as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    problems: list[Problem] = []
    standing.named(problems, loaded, batteries)
    for name in regimes or ():
        regime_of(problems, "--regime", loaded, name)
    standing.on_soil(problems, loaded, batteries)
    if not loaded.file.raid:
        arguments.say(problems, "CASE", "its raid is empty", "add the classes to defend against to `raid`")
    if cells < 2:
        arguments.say(problems, "cells", f"`cells` is {cells}", "give 2 or more")
    if problems:
        raise InputError(problems)
    workers = jobs_or_default(jobs)
    told = progress or silent
    return study.footprint(loaded, batteries, regimes, workers, version(), borders(), told, cells)


def write_footprint(case: Case, answer: FootprintAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `footprint` (default `runs/CASE-footprint-HASH8/`) in one move; its path."""
    from synaspis.files import footprint_folder
    from synaspis.report.footprint_page import page

    return footprint_folder.write(case, answer, page(answer), Path(out) if out else None)
