"""Any trial of a run again, as its report's picture has the one that it plays."""

from __future__ import annotations

from synaspis.engine.batch import play
from synaspis.model.case import Case
from synaspis.model.shown import TrialShown
from synaspis.studies.arena import arena, pure
from synaspis.studies.marks import flights, sites
from synaspis.studies.orbiting import elevations, satellites
from synaspis.studies.scenes import scene


def shown(case: Case, regime: str, seed: int, trial: int, version: str, jobs: int) -> TrialShown:
    """Play `trial` of `regime` alone: the same luck, so the same events as in the run."""
    a = arena(case, jobs)
    fates = play(a.tables_of(pure(a.rules(regime)), seed, trial), seed, 1, 1, first=trial).fate[0]
    flown = flights(a)
    return TrialShown(
        case=case.name,
        title=case.file.title,
        regime=regime,
        regime_title=case.regime(regime).title,
        trial=trial,
        seed=seed,
        version=version,
        starts=case.file.starts,
        flights=flown,
        sites=sites(a),
        events=scene(a, regime, seed, fates, trial).events,
        satellites=satellites(a.w, max((f.impact_s for f in flown), default=0.0)),
        elevations=elevations(a.w),
        agreements=case.regime(regime).agreements,
    )
