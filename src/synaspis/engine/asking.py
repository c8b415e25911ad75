"""When an order comes: the votes of those who decide, and the consent of those who must not say no."""

from __future__ import annotations

import math

import numpy as np

from synaspis.engine.heap import Floats
from synaspis.engine.layout import (
    ALLOWS,
    ASKED,
    ASKED_DECISION,
    ASKED_SPREAD,
    ASKED_UNREACHABLE,
    ASKS,
    CLAUSE_ID,
    CONSENT,
    DECIDER,
    DECISION,
    IDS,
    MISSILE_ID,
    MISSING,
    NATION_ID,
    NOBODY,
    ROUTE,
    SPREAD,
    STANDING_ROUTE,
    UNREACHABLE,
    VOTES,
    Tables,
)
from synaspis.kernels import dice
from synaspis.kernels.dice import die, gauss
from synaspis.kernels.jit import lean_inlined, lean_kernel


@lean_inlined
def _answers_s(
    key: np.uint64, nation: np.uint64, missile: np.uint64, decision_s: float, spread: float,
    unreachable: float,
) -> float:  # fmt: skip
    """A log-normal decision of one nation about one missile; inf where it cannot be reached."""
    if die(key, dice.REACHED, nation, missile, 0) < unreachable:
        return np.inf
    return decision_s * math.exp(spread * gauss(key, dice.DECIDE, nation, missile, 0))


@lean_kernel
def answers_s(
    key: np.uint64, nation: np.uint64, missile: np.uint64, decision_s: float, spread: float,
    unreachable: float,
) -> float:  # fmt: skip
    """The same for Python to call: how long a seat that nobody takes needs to say yes; hashes of names."""
    return _answers_s(key, nation, missile, decision_s, spread, unreachable)


@lean_kernel
def stands(key: np.uint64, clause: np.uint64, missing: float) -> bool:
    """Whether a standing pre-authorisation, by the hash of its clause, is there in this trial."""
    return die(key, dice.STANDING, clause, NOBODY, 0) >= missing


@lean_inlined
def _delay_s(
    key: np.uint64, tables: Tables, who: int, t: int, decision_s: float, spread: float, unreachable: float
) -> float:
    """`_answers_s` of rows of the tables."""
    nation, missile = tables[IDS][NATION_ID][who], tables[IDS][MISSILE_ID][t]
    return _answers_s(key, nation, missile, decision_s, spread, unreachable)


@lean_inlined
def _answer_s(key: np.uint64, tables: Tables, work: Floats, b: int, r: int, t: int) -> float:
    """When a route answers: the `votes`-th of its deciders' log-normal times; inf if it cannot."""
    ids, route, decider = tables[IDS], tables[ROUTE], tables[DECIDER]
    if route[STANDING_ROUTE, b, r] > 0.0:
        there = die(key, dice.STANDING, ids[CLAUSE_ID][b, r], NOBODY, 0) >= route[MISSING, b, r]
        return route[DECISION, b, r] if there else np.inf
    count = 0
    for v in range(decider.shape[2]):
        who = decider[b, r, v]
        if who < 0:
            break
        delay = _delay_s(
            key, tables, who, t, route[DECISION, b, r], route[SPREAD, b, r], route[UNREACHABLE, b, r]
        )
        i = count - 1
        while i >= 0 and work[i] > delay:
            work[i + 1] = work[i]
            i -= 1
        work[i + 1] = delay
        count += 1
    votes = int(route[VOTES, b, r])
    return work[votes - 1] if 0 < votes <= count else np.inf


@lean_inlined
def _leave_s(key: np.uint64, tables: Tables, b: int, r: int, t: int) -> float:
    """When the last of the states that a route needs besides has said yes; inf where one does not."""
    consent, asks = tables[CONSENT], tables[ASKS]
    last = 0.0
    for c in range(asks.shape[2]):
        if asks[b, r, c, t] > 0:
            asked = _delay_s(
                key, tables, int(consent[ASKED, b, c]), t, consent[ASKED_DECISION, b, c],
                consent[ASKED_SPREAD, b, c], consent[ASKED_UNREACHABLE, b, c],
            )  # fmt: skip
            last = max(last, asked)
    return last


@lean_inlined
def ask(key: np.uint64, tables: Tables, work: Floats, b: int, t: int) -> float:
    """Seconds until some route orders battery `b` to engage missile `t`; inf for never."""
    best = np.inf
    for r in range(tables[ROUTE].shape[2]):
        if tables[ROUTE][DECISION, b, r] < 0.0:
            break
        if tables[ALLOWS][b, r, t] > 0:
            answer = _answer_s(key, tables, work, b, r, t)
            best = min(best, max(answer, _leave_s(key, tables, b, r, t)))
    return best
