"""Which sets of sources are one and the same for a flight: each is worked out once.

Most sensors see few flights, so most of what tells one nation's sources from another's bears on few of them.
The arrays are those of `kernels.bound`.
"""

from __future__ import annotations

import numpy as np

from synaspis.kernels.bound import (
    BURNOUT,
    DELAY,
    FIRST,
    FLOOR,
    LEVEL,
    PAIR_OF,
    SENSOR,
    SINCE,
    START,
    UNTIL,
    Arrays,
    Floats,
    Ints,
    first_look,
)
from synaspis.kernels.jit import lean_kernel

TERMS = 5


def told_columns(sources: Arrays) -> int:
    """How many columns `what_tells` may need."""
    return 1 + TERMS * len(sources[LEVEL]) + 3 * len(sources[SENSOR])


@lean_kernel
def what_tells(
    asked: Arrays, earliest_s: Floats, impact_s: Floats, sources: Arrays, store: Arrays, dt_s: float,
    told: Floats, count: Ints,
) -> None:  # fmt: skip
    """All that `bound.first_times` rests on for each flight, so that what is alike in it has one answer.

    Fills count (U,) entries of told (U, told_columns): where the search begins, then for each source that
    may tell anything since when, whether it is more than an alert, how many entries, its floor, until when,
    and these.
    """
    first, pair_of, start = sources[FIRST], store[PAIR_OF], sources[START]
    for u in range(told.shape[0]):
        told[u, 0] = -1.0
        n = 1
        if max(earliest_s[u], store[BURNOUT][u]) < impact_s[u]:
            told[u, 0] = first_look(earliest_s[u], store[BURNOUT][u], dt_s)
            for g in range(sources[LEVEL].shape[0]):
                if sources[LEVEL][g] < asked[1] or not sources[SINCE][g, u] < impact_s[u]:
                    continue
                end = n + TERMS
                for e in range(first[g], first[g + 1]):
                    if pair_of[sources[SENSOR][e], u] >= 0 and start[e, u] < np.inf:
                        told[u, end] = sources[SENSOR][e]
                        told[u, end + 1] = sources[DELAY][e]
                        told[u, end + 2] = start[e, u]
                        end += 3
                if end > n + TERMS:
                    told[u, n] = sources[SINCE][g, u]
                    told[u, n + 1] = min(sources[LEVEL][g], 1)
                    told[u, n + 2] = end - n
                    told[u, n + 3] = sources[FLOOR][g]
                    told[u, n + 4] = sources[UNTIL][g, u]
                    n = end
        count[u] = n
