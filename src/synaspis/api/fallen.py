"""What comes down after intercepts."""

from __future__ import annotations

import os

from synaspis.api.given import named_regimes, version
from synaspis.files.case import BREAKUP, catalog_of, load, with_map
from synaspis.model.case import Case
from synaspis.model.debris import DebrisAnswer


def debris(
    case: Case | str | os.PathLike[str], regime: str | None = None, jobs: int | None = None
) -> DebrisAnswer:
    """On whose land the debris of each battery's intercepts falls, and who let it under `regime`.

    The headline's regime where None. `synaspis.model.debris.document` makes it plain JSON. InputError where
    the case has no such regime.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.studies import debris as study

    loaded = case if isinstance(case, Case) else load(case)
    chosen = regime or loaded.file.compare.headline
    named_regimes(loaded, {"--regime": chosen})
    known = catalog_of(loaded)
    entry = known.get(BREAKUP).entry
    return study.debris(with_map(loaded, known), entry, chosen, version(), jobs_or_default(jobs))
