"""What would one more clause buy? Every single change of a regime, by the people that it protects.

Each is played on the regime's own luck; changes that compile to identical tables are played once.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from synaspis.model.case import Case
from synaspis.model.compared import AgreementsRank, ClauseWorth
from synaspis.studies.arena import Arena, Mix, Progress, arena, pure, silent
from synaspis.studies.candidates import Candidate, every_candidate
from synaspis.studies.paired import Measures, gain, mean, measures


def rank(
    case: Case,
    regime: str,
    trials: int,
    seed: int,
    jobs: int,
    delay_s: float,
    progress: Progress = silent,
) -> AgreementsRank:
    """Every single change of `regime`, best first; a release that is added comes `delay_s` late."""
    progress("flying the raid", 0.0)
    a = arena(case, jobs)
    given = a.rules(regime)
    candidates = every_candidate(a.w, given, delay_s)
    told: dict[tuple[bytes, ...], Measures] = {}
    own = _measured(a, told, pure(given), seed, trials)
    worths = []
    for i, c in enumerate(candidates):
        progress(f"trying {len(candidates):,} clauses one by one", i / len(candidates))
        found = _measured(a, told, pure(c.under(given)), seed, trials)
        worths.append(_worth(a, c, own, found))
    progress("done", 1.0)
    return AgreementsRank(
        case=case.name,
        regime=regime,
        trials=trials,
        seed=seed,
        delay_s=delay_s,
        protected_population=mean(own.whole()),
        candidates=dict(Counter(c.kind for c in candidates)),
        distinct=len(told),
        clauses=tuple(sorted(worths, key=_order)),
    )


def _measured(
    a: Arena, told: dict[tuple[bytes, ...], Measures], mix: Mix, seed: int, trials: int
) -> Measures:
    key = a.fingerprint(mix, seed, trials)
    if key not in told:
        told[key] = measures(a.w, a.play(mix, seed, trials))
    return told[key]


def _worth(a: Arena, c: Candidate, own: Measures, found: Measures) -> ClauseWorth:
    warned = {}
    if found is not own:
        with np.errstate(invalid="ignore"):
            later = found.warning_s - own.warning_s
        warned = {n: value for i, n in enumerate(a.w.nations) if (value := mean(later[:, i])) != 0.0}
    return ClauseWorth(
        kind=c.kind,
        owner=c.owner,
        recipient=c.recipient,
        product=c.product,
        clause=c.minus,
        what=c.what,
        gain=gain(found.whole() - own.whole()),
        warning_s=warned,
        assumed=c.assumed,
    )


def _order(x: ClauseWorth) -> tuple[object, ...]:
    return -x.gain.value, x.kind, -sum(x.warning_s.values()), x.owner, x.recipient, x.product, x.what
