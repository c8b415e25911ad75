"""Many trials: the same kernel, a fresh state per trial, threads over chunks of trials."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synaspis.engine.advance import (
    ASTRAY,
    DUD,
    EVENTS,
    FIRED,
    GATE,
    GRANTED,
    HOLD_WARNED,
    IMPACT_S,
    KILLED,
    LAST,
    LEAKED,
    LEFT,
    OVERFLOW,
    ROUNDS,
    SHORT,
    advance,
    start,
)
from synaspis.engine.tables import EngineTables
from synaspis.errors import CapacityError
from synaspis.kernels.dice import trial_key

CHUNK = 128
"""Trials per task: fixed, so that sums do not depend on the number of workers."""
NOT_SEEN, NOT_RELEASED, NO_MANDATE, NO_AUTHORITY, TOO_LATE, NO_ROUNDS = range(6)
LOG_ROWS = 4096


@dataclass(frozen=True)
class Outcomes:
    """What happened in trials `first`..`first + K`.

    fate (K, T) codes of `engine.advance`; killer (K, T) battery row or -1; lands (K, T) would have
    landed in an asset undefended; rounds (K, B); warning_s (K, A), NaN where nothing would land;
    lost (K, B, T) cause or -1; events (K,).
    """

    fate: NDArray[np.int8]
    killer: NDArray[np.int16]
    lands: NDArray[np.bool_]
    rounds: NDArray[np.int32]
    warning_s: NDArray[np.float32]
    lost: NDArray[np.int32]
    events: NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def _cause(bt, sbt, b, t):
    """The first gate that kept battery `b` from firing at missile `t`."""
    if bt[GATE, b, t] >= 0.0:
        return int(bt[GATE, b, t])
    if sbt[SHORT, b, t] > 0.0:
        return NO_ROUNDS
    if sbt[GRANTED, b, t] == np.inf:
        return NO_AUTHORITY
    return TOO_LATE


@njit(cache=True, nogil=True, error_model="numpy")
def _play(
    seed,
    first,
    fate_out,
    killer_out,
    lands_out,
    rounds_out,
    warning_out,
    lost_out,
    events_out,
    reach,
    target,
    asset_nation,
    dissemination_s,
    ids,
    st,
    nt,
    bt,
    win,
    flight,
    missile,
    b_,
    route,
    decider,
    sn,
    sb_mask,
    share,
    heap,
    n,
    snt,
    sbt,
    sb,
    fate,
    killer,
    log,
    work,
):
    """Trials first..first + len(events_out); `lost_out` (B, T, 6) sums causes over them."""
    for k in range(events_out.shape[0]):
        key = trial_key(seed, first + k)
        start(key, ids, st, missile, b_, heap, n, snt, sbt, sb, fate, killer)
        for t in range(fate.shape[0]):
            lands_out[k, t] = fate[t] == LEAKED
        advance(
            key,
            ids,
            st,
            nt,
            bt,
            win,
            flight,
            missile,
            b_,
            route,
            decider,
            sn,
            sb_mask,
            share,
            heap,
            n,
            snt,
            sbt,
            sb,
            fate,
            killer,
            log,
            work,
            np.inf,
        )
        events_out[k] = n[EVENTS]
        if n[OVERFLOW] > 0:
            events_out[k] = -1
        for a in range(warning_out.shape[1]):
            warned, hit = np.inf, np.inf
            for t in range(fate.shape[0]):
                if target[t] == a and fate[t] != DUD:
                    warned = min(warned, snt[HOLD_WARNED, asset_nation[a], t])
                    if lands_out[k, t]:
                        hit = min(hit, missile[IMPACT_S, t])
            warning_out[k, a] = (
                np.nan if hit == np.inf else max(hit - warned - dissemination_s[asset_nation[a]], 0.0)
            )
        for b in range(rounds_out.shape[1]):
            rounds_out[k, b] = b_[ROUNDS, b] - sb[LEFT, b]
        for t in range(fate.shape[0]):
            fate_out[k, t] = fate[t]
            killer_out[k, t] = killer[t]
            if fate[t] == LEAKED or fate[t] == ASTRAY:
                for b in range(rounds_out.shape[1]):
                    if reach[b, t] and sbt[FIRED, b, t] == 0.0:
                        lost_out[b, t, _cause(bt, sbt, b, t)] += 1


def _working_state(tables: EngineTables, log_rows: int) -> tuple[NDArray[np.generic], ...]:
    """Fresh state arrays: heap, n, snt, sbt, sb, fate, killer, log, work."""
    nations, missiles = tables.nt.shape[1:]
    batteries = tables.b.shape[1]
    capacity = 64 + 4 * tables.st.shape[1] * missiles + 4 * (nations + batteries) * missiles
    return (
        np.zeros((capacity, 4)),
        np.zeros(4, np.int64),
        np.zeros((5, nations, missiles)),
        np.zeros((6, batteries, missiles)),
        np.zeros((3, batteries)),
        np.zeros(missiles, np.int64),
        np.zeros(missiles, np.int64),
        np.zeros((log_rows, 5)),
        np.zeros(max(tables.decider.shape[2], 1)),
    )


def _chunk(tables: EngineTables, seed: int, first: int, count: int) -> Outcomes:
    batteries, missiles = tables.reach.shape
    out = Outcomes(
        np.empty((count, missiles), np.int8),
        np.empty((count, missiles), np.int16),
        np.empty((count, missiles), np.bool_),
        np.empty((count, batteries), np.int32),
        np.empty((count, len(tables.asset_nation)), np.float32),
        np.zeros((batteries, missiles, 6), np.int32),
        np.empty(count, np.int64),
    )
    _play(
        seed, first, out.fate, out.killer, out.lands, out.rounds, out.warning_s, out.lost, out.events,
        tables.reach, tables.target, tables.asset_nation, tables.dissemination_s,
        *tables.kernel_arguments(), *_working_state(tables, 0),
    )  # fmt: skip
    if (out.events < 0).any():
        raise CapacityError("the event heap overflowed: raise `capacity` in engine/batch.py")
    return out


def play(tables: EngineTables, seed: int, trials: int, jobs: int, first: int = 0) -> Outcomes:
    """Play `trials` trials from number `first`; `lost` is summed over them, shape (B, T, 6)."""
    starts = range(first, first + trials, CHUNK)

    def task(begin: int) -> Outcomes:
        return _chunk(tables, seed, begin, min(CHUNK, first + trials - begin))

    if jobs > 1 and len(starts) > 1:
        with ThreadPoolExecutor(jobs) as pool:
            parts = list(pool.map(task, starts))
    else:
        parts = [task(begin) for begin in starts]
    return Outcomes(
        np.concatenate([p.fate for p in parts]),
        np.concatenate([p.killer for p in parts]),
        np.concatenate([p.lands for p in parts]),
        np.concatenate([p.rounds for p in parts]),
        np.concatenate([p.warning_s for p in parts]),
        np.sum([p.lost for p in parts], axis=0, dtype=np.int32),
        np.concatenate([p.events for p in parts]),
    )


def replay(tables: EngineTables, seed: int, trial: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """One trial with its log on: rows (time_s, event, a, b, value), and each missile's fate."""
    state = _working_state(tables, LOG_ROWS)
    heap, n, snt, sbt, sb, fate, killer, log, work = state
    key = trial_key(seed, trial)
    arguments = tables.kernel_arguments()
    ids, st, missile, b_ = arguments[0], arguments[1], arguments[6], arguments[7]
    start(key, ids, st, missile, b_, heap, n, snt, sbt, sb, fate, killer)
    advance(key, *arguments, *state, np.inf)
    return np.asarray(log[: n[2]], dtype=np.float64), np.asarray(fate, dtype=np.int64)


__all__ = ["CHUNK", "KILLED", "LAST", "Outcomes", "play", "replay"]
