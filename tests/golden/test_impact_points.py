"""The 90 % ellipse of the impact point holds the truth in 88 to 92 % of trials.

Three radars (20 m, 1 mrad) look every four seconds at a flight of 900 km, from burnout to apogee. Its
ballistic coefficient is drawn from what the filter thinks before re-entry, or the ellipse would be tried for
one coefficient only. 2,000 trials leave 0.7 % of statistical error: seeds are fixed.
"""

from __future__ import annotations

import numpy as np

from bench import tracking as bench_tracking
from synaspis.tracking import estimates
from tests.tracking.trials import bank_of, looks, truths

TRIALS = 2000
ASKED_S = (130, 190, 250)


def test_ellipses_hold_what_they_say() -> None:
    states, ends, when_s = truths(TRIALS, 11)
    stations = bench_tracking.flown()[2]
    at_s = np.array([65, 66, *range(70, ASKED_S[-1] + 1, 4)])
    rows = looks(states, stations, at_s, np.tile(bench_tracking.ERRORS, (3, 1)), 12)
    bank = bank_of(rows, stations)
    which = np.tile(np.arange(3), (TRIALS, 1))
    held, timely = [], []
    for k in range(2, len(at_s)):
        bank.update(np.ascontiguousarray(rows[:, k]), which, stations)
        if at_s[k] in ASKED_S:
            spots = estimates.impacts(*bank.estimate(), float(at_s[k]), threads=2)
            held.append(estimates.inside(spots, ends[:, 0], ends[:, 1]).mean())
            timely.append((np.abs(spots.time_s - when_s) < 1.645 * spots.sigma_s).mean())
            assert (spots.semi_major_m < 10e3).all()
    assert all(0.88 <= share <= 0.92 for share in held), held
    assert all(0.88 <= share <= 0.94 for share in timely), timely
