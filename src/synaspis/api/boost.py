"""A boost-phase layer in orbit."""

from __future__ import annotations

import os
from pathlib import Path

from synaspis.api.given import version
from synaspis.files.case import catalog_of, load
from synaspis.model.boost_layer import BoostAnswer
from synaspis.model.case import Case

DEFAULT = "sbi-cbo-2026"
MOST_ENGAGEMENTS = 1000


def boost_layer(
    case: Case | str | os.PathLike[str],
    interceptor: str = DEFAULT,
    simultaneous: int | None = None,
    jobs: int | None = None,
) -> BoostAnswer:
    """How many interceptors in orbit can meet each launch of a case, how many satellites that takes, cost.

    `interceptor` is an entry of the kind `space-interceptor`, of the catalogue or of the case's own; so many
    `simultaneous` engagements (the study's own where None). `synaspis.model.boost_layer.document` makes it
    plain JSON. InputError with every problem of the arguments at once.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments
    from synaspis.studies import boost_layer as study

    loaded = case if isinstance(case, Case) else load(case)
    problems: list[Problem] = []
    known = catalog_of(loaded)
    kind = arguments.space_interceptor(problems, interceptor, known)
    if simultaneous is not None and not 1 <= simultaneous <= MOST_ENGAGEMENTS:
        mend = f"give a whole number from 1 to {MOST_ENGAGEMENTS:,}"
        arguments.say(problems, "--simultaneous", f"is {simultaneous}", mend)
    if problems or kind is None:
        raise InputError(problems)
    entry = known.get(interceptor).entry
    return study.boost_layer(loaded, kind, entry, simultaneous, version(), jobs_or_default(jobs))


def write_boost_layer(case: Case, answer: BoostAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a layer (default `runs/CASE-boost-HASH8/`) in one move, and return its path."""
    from synaspis.files import boost_folder
    from synaspis.report.boost_page import page

    return boost_folder.write(case, answer, page(answer), Path(out) if out else None)
