"""Two sets of clauses on the same luck: what changes in each trial, and between which bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.batch import Outcomes
from synaspis.engine.layout import LEAKED
from synaspis.engine.world import World
from synaspis.model.compared import Gain
from synaspis.studies.arena import protected_by_trial

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """What K trials mean for each of N nations, trial by trial.

    (K, N): people protected, missiles that landed in its assets, and seconds of warning, weighted by
    population over struck assets, NaN where none is struck.
    """

    protected: Floats
    leakers: Floats
    warning_s: Floats

    def whole(self) -> Floats:
        """(K,) people protected in all nations."""
        whole: Floats = self.protected.sum(axis=1)
        return whole


def measures(w: World, out: Outcomes) -> Measures:
    """The measures of every nation of `w`, in its order."""
    people = np.array([a.population for a in w.assets])
    own = np.array([[a.nation == n for n in w.nations] for a in w.assets]) * people[:, None]
    undefended, defended = protected_by_trial(w, out)
    struck = ~np.isnan(out.warning_s)
    with np.errstate(invalid="ignore", divide="ignore"):
        warning_s = (np.where(struck, out.warning_s, 0.0) @ own) / (struck @ own)
    targets = np.array([m.target for m in w.missiles])
    aimed = np.array([[t >= 0 and w.assets[t].nation == n for n in w.nations] for t in targets])
    leakers = (out.fate == LEAKED).astype(float) @ aimed.astype(float)
    return Measures((undefended - defended) @ own, leakers, warning_s)


def gain(differences: Floats) -> Gain:
    """Mean and bounds of paired differences (K,); those that are NaN count for nothing, and none is 0."""
    known = differences[~np.isnan(differences)]
    if not len(known):
        return Gain(value=0.0, low=0.0, high=0.0)
    low, high = np.percentile(known, [5, 95])
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else 0.0
    return Gain(value=float(known.mean()), low=float(low), high=float(high), error=error)


def mean(values: Floats) -> float:
    """The mean of what is no NaN; 0 where there is nothing."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0
