"""Many trials: the same kernel, a fresh state per trial, threads over chunks of trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.advance import advance, start
from synaspis.engine.heap import EVENTS, LOGGED, OVERFLOW, Floats, Ints
from synaspis.engine.layout import (
    ASTRAY,
    BATTERY,
    BT,
    DOUBLED,
    DUD,
    FATE,
    FIRED,
    GATE,
    GRANTED,
    HOLD_KNOWN,
    HOLD_WARNED,
    IMPACT_S,
    KILLER,
    LAST,
    LEAKED,
    LOG,
    MISSILE,
    OWNER,
    SB,
    SBT,
    SHORT,
    SNT,
    WASTED,
    N,
    State,
    Tables,
)
from synaspis.engine.tables import GATES, EngineTables
from synaspis.errors import CapacityError
from synaspis.kernels.dice import STANDS_READY, die, trial_key
from synaspis.kernels.jit import lean_inlined, lean_kernel

CHUNK = 48
"""Trials per task of many workers."""
LONE_CHUNK = 1024
"""Trials per task of one worker: the fewer the calls, the less it waits for others that run Python."""
NOT_SEEN, NOT_RELEASED, NO_MANDATE, NO_AUTHORITY, TOO_LATE, NO_ROUNDS = range(6)
LOG_ROWS = 8192
OVERFLOWED = -1


@dataclass(frozen=True)
class Outcomes:
    """What happened in K trials.

    fate (K, T) codes of `engine.advance`; killer (K, T) battery row or -1; lands (K, T) would have
    landed in an asset undefended; rounds (K, B) fired and wasted (K, B) of them on things that fly
    with a missile and are no warhead; doubled (K, B) of them launched at a missile to which another
    owner, who had not told, had rounds on their way, or which such rounds had killed;
    warning_s (K, A), NaN where nothing would land; needless (K, A) warned though nothing would land;
    lost (B, T, 6) counts of causes over all trials; events (K,).
    """

    fate: NDArray[np.int8]
    killer: NDArray[np.int16]
    lands: NDArray[np.bool_]
    rounds: NDArray[np.int32]
    wasted: NDArray[np.int32]
    doubled: NDArray[np.int32]
    warning_s: NDArray[np.float32]
    needless: NDArray[np.bool_]
    lost: NDArray[np.int32]
    events: Ints

    def arrays(self) -> tuple[NDArray[np.generic], ...]:
        """All of them, in order: what the kernel fills."""
        return (
            self.fate,
            self.killer,
            self.lands,
            self.rounds,
            self.wasted,
            self.doubled,
            self.warning_s,
            self.needless,
            self.lost,
            self.events,
        )


@lean_inlined
def _cause(tables: Tables, state: State, b: int, t: int) -> int:
    """The first gate that kept battery `b` from firing at missile `t`."""
    bt, sbt = tables[BT], state[SBT]
    if bt[t, GATE, b] >= 0.0:
        return int(bt[t, GATE, b])
    if sbt[t, SHORT, b] > 0.0:
        return NO_ROUNDS
    owner = int(tables[BATTERY][OWNER, b])
    asked = state[SNT][t, HOLD_KNOWN, owner] < bt[t, LAST, b]
    if asked and sbt[t, GRANTED, b] == np.inf:
        return NO_AUTHORITY
    return TOO_LATE


@lean_kernel
def _count_lost(tables: Tables, state: State, reach: NDArray[np.bool_], lost: NDArray[np.int32]) -> None:
    """Add to `lost` (B, T, 6) the pairs in reach that never fired at a missile that stayed alive."""
    fate, sbt = state[FATE], state[SBT]
    for t in range(fate.shape[0]):
        if fate[t] in (LEAKED, ASTRAY):
            for b in range(reach.shape[0]):
                if reach[b, t] and sbt[t, FIRED, b] == 0.0:
                    lost[b, t, _cause(tables, state, b, t)] += 1


@lean_kernel
def _warn(
    tables: Tables, state: State, people: Tables, lands: NDArray[np.bool_], out: NDArray[np.float32],
    needless: NDArray[np.bool_],
) -> None:  # fmt: skip
    """`out` (A,): seconds of warning at each asset before its first impact; NaN where none would land.

    `needless` (A,): nothing would land there, yet its people were warned, before its impact, of a missile
    aimed so near that the warning zone held both.
    """
    target, nation, dissemination_s, near = people
    fate, missile, snt = state[FATE], tables[MISSILE], state[SNT]
    for a in range(out.shape[0]):
        warned, hit, alarmed = np.inf, np.inf, False
        for t in range(fate.shape[0]):
            if fate[t] == DUD or not near[a, t]:
                continue
            told = snt[t, HOLD_WARNED, nation[a]]
            alarmed = alarmed or told + dissemination_s[nation[a]] < missile[IMPACT_S, t]
            if target[t] == a:
                warned = min(warned, told)
                if lands[t]:
                    hit = min(hit, missile[IMPACT_S, t])
        out[a] = np.nan if hit == np.inf else max(hit - warned - dissemination_s[nation[a]], 0.0)
        needless[a] = alarmed and hit == np.inf


@lean_kernel
def _play(seed: int, numbers: Ints, out: Tables, reach: NDArray[np.bool_], people: Tables, tables: Tables,
          state: State) -> None:  # fmt: skip
    """The trials of `numbers` (K,); `out` as `Outcomes.arrays`."""
    fates, killers, lands, rounds, wasted, doubled, warning_s, needless, lost, events = out
    for k in range(events.shape[0]):
        key = trial_key(seed, numbers[k])
        start(key, tables, state)
        for t in range(lands.shape[1]):
            lands[k, t] = state[FATE][t] == LEAKED
        advance(key, tables, state, np.inf)
        events[k] = OVERFLOWED if state[N][OVERFLOW] > 0 else state[N][EVENTS]
        _warn(tables, state, people, lands[k], warning_s[k], needless[k])
        for b in range(rounds.shape[1]):
            fired = 0.0
            for t in range(fates.shape[1]):
                fired += state[SBT][t, FIRED, b]
            rounds[k, b] = int(fired)
            wasted[k, b] = int(state[SB][WASTED, b])
            doubled[k, b] = int(state[SB][DOUBLED, b])
        for t in range(fates.shape[1]):
            fates[k, t] = state[FATE][t]
            killers[k, t] = state[KILLER][t]
        _count_lost(tables, state, reach, lost)


def working_state(tables: EngineTables, log_rows: int) -> State:
    """Fresh state arrays, in the order of `engine.advance`."""
    missiles, _, nations = tables.nt.shape
    batteries = tables.battery.shape[1]
    capacity = 64 + 4 * (tables.st.shape[1] + nations + batteries) * missiles
    return (
        np.zeros(2 * capacity),
        np.zeros(4, np.int64),
        np.zeros((missiles, 5, nations)),
        np.zeros((missiles, 9, batteries)),
        np.zeros((8, batteries)),
        np.zeros(missiles, np.int64),
        np.zeros(missiles, np.int64),
        np.zeros((log_rows, 5)),
        np.zeros(max(tables.decider.shape[2], 1)),
        np.zeros(tables.st.shape[1:]),
        np.zeros(missiles),
    )


def _chunk(tables: EngineTables, seed: int, numbers: Ints) -> Outcomes:
    count = len(numbers)
    batteries, missiles = tables.reach.shape
    out = Outcomes(
        np.empty((count, missiles), np.int8),
        np.empty((count, missiles), np.int16),
        np.empty((count, missiles), np.bool_),
        np.empty((count, batteries), np.int32),
        np.empty((count, batteries), np.int32),
        np.empty((count, batteries), np.int32),
        np.empty((count, len(tables.asset_nation)), np.float32),
        np.empty((count, len(tables.asset_nation)), np.bool_),
        np.zeros((batteries, missiles, len(GATES)), np.int32),
        np.empty(count, np.int64),
    )
    people = (tables.target, tables.asset_nation, tables.dissemination_s, tables.near)
    state = working_state(tables, 0)
    _play(seed, numbers, out.arrays(), tables.reach, people, tables.for_kernel(), state)
    if (out.events == OVERFLOWED).any():
        raise CapacityError("the event heap overflowed: raise `capacity` in engine/batch.py")
    return out


def play(
    tables: EngineTables, seed: int, trials: int, jobs: int, first: int = 0, numbers: Ints | None = None
) -> Outcomes:
    """Play `trials` trials from number `first`, or those of `numbers`, in `jobs` threads."""
    wanted = np.arange(first, first + trials, dtype=np.int64) if numbers is None else numbers
    if jobs == 1:
        return begin(tables, seed, wanted).outcomes
    with ThreadPoolExecutor(jobs) as pool:
        return begin(tables, seed, wanted, pool).outcomes


@dataclass(frozen=True)
class Playing:
    """Trials that are being played: lots of them in order, each of which can be waited for."""

    lots: tuple[Callable[[], Outcomes], ...]

    @cached_property
    def outcomes(self) -> Outcomes:
        """What happened, once all have been played."""
        return joined([lot() for lot in self.lots])


def begin(tables: EngineTables, seed: int, numbers: Ints, pool: Executor | None = None) -> Playing:
    """Begin to play the trials of `numbers` in `pool`; without one they are played when asked for.

    All counts are whole numbers, so that how trials are cut into lots changes nothing.
    """
    size = LONE_CHUNK if pool is None else CHUNK
    lots = (partial(_chunk, tables, seed, numbers[a : a + size]) for a in range(0, len(numbers), size))
    return Playing(tuple(lots) if pool is None else tuple(pool.submit(lot).result for lot in lots))


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes of several lots of trials as one, in their order."""
    return Outcomes(
        np.concatenate([p.fate for p in parts]),
        np.concatenate([p.killer for p in parts]),
        np.concatenate([p.lands for p in parts]),
        np.concatenate([p.rounds for p in parts]),
        np.concatenate([p.wasted for p in parts]),
        np.concatenate([p.doubled for p in parts]),
        np.concatenate([p.warning_s for p in parts]),
        np.concatenate([p.needless for p in parts]),
        np.sum([p.lost for p in parts], axis=0, dtype=np.int32),
        np.concatenate([p.events for p in parts]),
    )


def in_order(out: Outcomes, order: Ints) -> Outcomes:
    """The same trials, trial `i` taken from row `order[i]`."""
    return Outcomes(
        out.fate[order], out.killer[order], out.lands[order], out.rounds[order], out.wasted[order],
        out.doubled[order], out.warning_s[order], out.needless[order], out.lost, out.events[order],
    )  # fmt: skip


@lean_kernel
def stands_ready(
    seed: int, numbers: Ints, names: NDArray[np.uint64], chance: Floats, out: NDArray[np.bool_]
) -> None:
    """`out` (K, S): whether each named site stands ready in each trial of `numbers`."""
    for k in range(numbers.shape[0]):
        key = trial_key(seed, numbers[k])
        for s in range(names.shape[0]):
            out[k, s] = die(key, STANDS_READY, names[s], np.uint64(0), 0) < chance[s]


@lean_kernel
def key_of(seed: int, trial: int) -> np.uint64:
    """`trial_key`, kept compiled on disk, for Python to call."""
    return trial_key(seed, trial)


def replay(tables: EngineTables, seed: int, trial: int) -> Floats:
    """One trial with its log on: rows (time_s, event, a, b, value)."""
    state = replayed(tables, seed, trial)
    log: Floats = state[LOG][: state[N][LOGGED]]
    return log


def replayed(tables: EngineTables, seed: int, trial: int) -> State:
    """The state at the end of one trial, played with its log on."""
    state = working_state(tables, LOG_ROWS)
    key = np.uint64(key_of(seed, trial))  # Python gets a plain int, which may not fit 63 bits
    start(key, tables.for_kernel(), state)
    advance(key, tables.for_kernel(), state, np.inf)
    return state
