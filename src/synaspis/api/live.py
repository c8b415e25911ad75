"""A raid as it unfolds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from synaspis.api.given import Progress, playable, version
from synaspis.files.case import load
from synaspis.model.case import Case

if TYPE_CHECKING:
    from synaspis.studies.live import Unfolding


def unfold(
    case: Case | str | os.PathLike[str],
    regime: str | None = None,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Unfolding:
    """A raid watched live by real trackers, under one regime (default: the case's headline).

    The events that its `events()` yields are `synaspis.model.live_warning.LiveEvent`, in order of time; its
    `table()` tells who has been warned so far. The same seed gives the same events, whatever the machine's
    load. InputError for a case that cannot be played, or an unknown regime.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies.arena import silent
    from synaspis.studies.live import Unfolding

    loaded = case if isinstance(case, Case) else load(case)
    playable(loaded, [regime] if regime else None, 1, seed)
    chosen = regime or loaded.file.compare.headline or loaded.file.regimes[-1].name
    return Unfolding(loaded, chosen, seed, jobs_or_default(jobs), version(), progress or silent)
