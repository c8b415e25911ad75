"""Distances between the set of true objects and the set of tracks: OSPA, and GOSPA with switching.

Sources: Schuhmacher, Vo and Vo, A Consistent Metric for Performance Evaluation of Multi-Object Filters, IEEE
Transactions on Signal Processing 56 (8), 2008 (OSPA); Rahmathullah, Garcia-Fernandez and Svensson,
Generalized Optimal Sub-Pattern Assignment Metric, Fusion 2017, arXiv:1601.05585 (GOSPA; here alpha = 2,
where alone it falls apart into localisation, missed and false). The switching term is added frame by frame,
as in Stone Soup; the metric on sets of whole trajectories (Garcia-Fernandez, Rahmathullah and Svensson,
IEEE Transactions on Signal Processing 68, 2020) optimises over all frames at once and is another number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from synaspis.model.track_quality import NOT_ASSIGNED, Floats, Frame, Gospa, Ints, Ospa


def ospa(true: Floats, estimated: Floats, cutoff: float, order: float = 2.0) -> Ospa:
    """OSPA distance of (N, D) and (M, D), in their unit, at most `cutoff`; `order` may be infinite.

    0 where both are empty, `cutoff` where one is. A state that is not finite is as far as can be. ValueError
    for a cut-off that is not positive and finite, or an order below 1.
    """
    _check(cutoff, order)
    near = _distances(true, estimated, cutoff)
    few, many = sorted(near.shape)
    if many == 0:
        return Ospa(distance=0.0, localisation=0.0, cardinality=0.0)
    if few == 0:
        return Ospa(distance=cutoff, localisation=0.0, cardinality=cutoff)
    if math.isinf(order):
        # By its definition the order without end sees only whether the counts agree, and then the worst pair.
        if few < many:
            return Ospa(distance=cutoff, localisation=0.0, cardinality=cutoff)
        worst = _bottleneck(near)
        return Ospa(distance=worst, localisation=worst, cardinality=0.0)
    share = (near / cutoff) ** order
    rows, columns = _assign(share)
    placed, missing = float(share[rows, columns].sum()) / many, (many - few) / many
    return Ospa(
        distance=cutoff * (placed + missing) ** (1.0 / order),
        localisation=cutoff * placed ** (1.0 / order),
        cardinality=cutoff * missing ** (1.0 / order),
    )


def gospa(true: Floats, estimated: Floats, cutoff: float, order: float = 2.0) -> Gospa:
    """GOSPA distance of (N, D) and (M, D) at alpha = 2. ValueError as for `ospa`, and for an infinite order.

    A pair as far apart as the cut-off or farther is not assigned: one is missed, the other false.
    """
    _check(cutoff, order)
    if math.isinf(order):
        raise ValueError("GOSPA has no infinite order")
    near = _distances(true, estimated, cutoff)
    rows, columns = _assign((near / cutoff) ** order)
    kept = near[rows, columns] < cutoff
    rows, columns = rows[kept], columns[kept]
    assigned = np.full(near.shape[0], NOT_ASSIGNED, dtype=np.int64)
    assigned[rows] = columns
    each = 0.5 * cutoff**order
    localisation = float((near[rows, columns] ** order).sum())
    missed, false = near.shape[0] - rows.size, near.shape[1] - rows.size
    return Gospa(
        distance=(localisation + each * (missed + false)) ** (1.0 / order),
        localisation=localisation,
        missed=missed,
        false=false,
        cost_each=each,
        assigned=tuple(assigned.tolist()),
    )


def gospa_over_time(
    frames: Iterable[Frame], cutoff: float, order: float = 2.0, switching: float = 0.0, columns: int = 3
) -> list[Gospa]:
    """GOSPA of each frame on its first `columns` columns, with a penalty for every change of track number.

    A true object remembers the last number that it had. It counts one half to lose it, one half to get one
    after having lost it, one to change it, and nothing to get its first. One that is in no frame is not
    asked.
    """
    if not switching >= 0.0:
        raise ValueError(f"a switching penalty of {switching} is below 0")
    memory: dict[int, int] = {}
    found = []
    for frame in frames:
        plain = gospa(frame.true[:, :columns], frame.estimated[:, :columns], cutoff, order)
        names = frame.track_names.tolist()
        now = {
            int(who): NOT_ASSIGNED if track == NOT_ASSIGNED else names[track]
            for who, track in zip(frame.true_names.tolist(), plain.assigned, strict=True)
        }
        count = switches(memory, now)
        penalty = switching * count ** (1.0 / order)
        distance = (plain.distance**order + penalty**order) ** (1.0 / order)
        found.append(Gospa(**{**vars(plain), "distance": distance, "switches": count, "switching": penalty}))
    return found


def switches(memory: dict[int, int], now: Mapping[int, int]) -> float:
    """How often numbers changed from `memory` to `now`, true object -> number; `memory` is brought up."""
    count = 0.0
    for who, track in now.items():
        before = memory.get(who)
        if before is None:
            if track != NOT_ASSIGNED:
                memory[who] = track
            continue
        if before != track:
            count += 0.5 if NOT_ASSIGNED in (before, track) else 1.0
        memory[who] = track
    return count


def _check(cutoff: float, order: float) -> None:
    if not 0.0 < cutoff < math.inf:
        raise ValueError(f"a cut-off of {cutoff} is not positive and finite")
    if not order >= 1.0:
        raise ValueError(f"an order of {order} is below 1")


def _distances(true: Floats, estimated: Floats, cutoff: float) -> Floats:
    """Euclidean distances (N, M), cut off; what is not finite is cut off too."""
    a, b = np.atleast_2d(np.asarray(true, np.float64)), np.atleast_2d(np.asarray(estimated, np.float64))
    if a.size == 0 or b.size == 0:
        return np.zeros((a.shape[0] if a.size else 0, b.shape[0] if b.size else 0))
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))
    return np.where(apart < cutoff, apart, cutoff)


def _assign(cost: Floats) -> tuple[Ints, Ints]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost)
    return rows, columns


def _bottleneck(near: Floats) -> float:
    """The least worst distance of a full assignment of a square matrix, by bisection over its distances."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    levels = np.unique(near)
    low, high = 0, levels.size - 1
    while low < high:
        middle = (low + high) // 2
        allowed = csr_matrix(near <= levels[middle])
        if (maximum_bipartite_matching(allowed, perm_type="column") >= 0).all():
            high = middle
        else:
            low = middle + 1
    return float(levels[low])
