"""Batteries that wait for people: an order comes from outside, then the event kernel plays as it always does.

A manual battery is one whose protocol never answers (`manual`): it asks, and fires once `order` has come.
What follows (doctrine, rounds, dice, looks, further shots) is `engine.advance`, the same as in a batch. A
state may be kept and put back, to step back and go on otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.advance import advance, start
from synaspis.engine.batch import key_of, working_state
from synaspis.engine.geometry import Geometry
from synaspis.engine.heap import LOGGED, OVERFLOW, post
from synaspis.engine.layout import (
    ASTRAY,
    BATTERY,
    BELIEVED_DEAD,
    DUD,
    FATE,
    FIRED,
    GRANT,
    GRANTED,
    HEAP,
    HIT,
    HOLD_KNOWN,
    IDS,
    LAST,
    LEAKED,
    LEFT,
    LOG,
    LOOK,
    MANDATE,
    MISSILE_ID,
    NOBODY,
    OWNER,
    P_LAND,
    READY,
    RESERVE,
    SB,
    SBT,
    SNT,
    TRACKED,
    UNDER_WAY,
    N,
    State,
    Tables,
)
from synaspis.engine.orders import Orders, authorities, mandates, told
from synaspis.engine.picture import Pictures
from synaspis.engine.tables import EngineTables, tables
from synaspis.engine.world import World
from synaspis.errors import CapacityError
from synaspis.kernels import dice
from synaspis.kernels.dice import die
from synaspis.kernels.jit import lean_kernel
from synaspis.sharing.rules import Rules

LOG_ROWS: Final = 8192
"""Of what happens between two looks at it."""
KINDS: Final = {READY: "fired", HIT: "arrived", LOOK: "looked"}


@lean_kernel
def order(tables: Tables, state: State, b: int, t: int, now: float, tracked_s: float) -> None:
    """Battery `b` may fire at missile `t` from `now` on; it fires when doctrine has it fire.

    `tracked_s`: when whoever orders has a picture good enough to fire on; inf where that is left to the
    pictures in the tables. `now` is not before what was played.
    """
    snt, sbt, owner = state[SNT], state[SBT], int(tables[BATTERY][OWNER, b])
    snt[t, HOLD_KNOWN, owner] = min(now, snt[t, HOLD_KNOWN, owner])
    sbt[t, TRACKED, b] = min(tracked_s, sbt[t, TRACKED, b])
    if now < sbt[t, GRANTED, b]:
        sbt[t, GRANTED, b] = now
        post(state[HEAP], state[N], now, GRANT, b, t)


def manual(compiled: EngineTables, batteries: Collection[int]) -> EngineTables:
    """The same tables, where the batteries of these rows get no order but from outside."""
    allows = compiled.allows.copy()
    allows[list(batteries)] = 0
    return replace(compiled, allows=allows)


def requests(
    compiled: EngineTables, state: State, batteries: Collection[int], now_s: float
) -> NDArray[np.int64]:
    """(K, 2) rows of manual batteries and missiles that wait for an order.

    The owner knows where the missile will land, has a duty there and could still fire; no order has come.
    """
    snt, sbt = state[SNT], state[SBT]
    owner = compiled.battery[OWNER].astype(np.int64)
    known = (snt[:, HOLD_KNOWN] <= now_s) & (snt[:, BELIEVED_DEAD] == 0.0)
    could = (compiled.bt[:, MANDATE] > 0.0) & (compiled.bt[:, LAST] > now_s)
    rows = np.argwhere((known[:, owner] & could & (sbt[:, GRANTED] == inf)).T)
    return rows[np.isin(rows[:, 0], list(batteries))]


def kept(state: State) -> State:
    """A copy of a state, to be put back."""
    return tuple(part.copy() for part in state)


def put_back(state: State, before: State) -> None:
    """Make a state what it was when it was kept."""
    for part, was in zip(state, before, strict=True):
        part[:] = was


def by_order(w: World, g: Geometry, given: Rules) -> EngineTables:
    """Tables of a world in which nobody fires but on an order from outside, and nobody's picture is played.

    Reserves, ranks and who tells whom of engagements are those of the clauses `given`.
    """
    nations, batteries, stations, flights = (
        len(w.nations), len(w.batteries), len(w.stations), len(g.first_missile),
    )  # fmt: skip
    everything, nothing = np.zeros((nations, flights)), np.full((nations, flights), inf)
    pictures = Pictures(
        known_s=everything, warned_s=nothing, track_s=nothing,
        fire_control_s=np.zeros((batteries, flights)), sees_s=np.full((stations, flights), inf),
        holds_warned=np.zeros((stations, nations), np.bool_),
        holds_known=np.zeros((stations, nations), np.bool_),
        serves=np.zeros((stations, batteries), np.bool_), sources={}, heard={},
        base_s=np.full((stations, flights), inf), since_s={}, packed={}, first_report=lambda: nothing,
    )  # fmt: skip
    pooled = (np.zeros((batteries, flights)), np.zeros((batteries, flights)))
    routes, fire, consents, leave = authorities(w, given)
    orders = Orders(*mandates(w, given), routes, fire, consents, leave, told(w, given))
    return manual(tables(w, g, pictures, pooled, orders), range(batteries))


@dataclass(frozen=True)
class Happened:
    """At a time of the raid: a battery `fired` so many rounds (`value`) at a missile, its rounds `arrived`
    (1: it is killed), or it `looked` (1: it takes it for dead)."""

    time_s: float
    kind: str
    battery: int
    missile: int
    value: float


class Engagements:
    """One trial of a raid in which batteries fire on orders from outside; played as far as it is asked."""

    def __init__(self, compiled: EngineTables, seed: int, trial: int = 0) -> None:
        self.compiled, self._tables = compiled, compiled.for_kernel()
        self._key = np.uint64(key_of(seed, trial))
        self.state = working_state(compiled, LOG_ROWS)
        start(self._key, self._tables, self.state)
        self.until_s = -inf

    def adopt(self, compiled: EngineTables) -> None:
        """Go by other tables of the same world from now on: other clauses, or a launch at another time. What
        was fired stays fired."""
        self.compiled, self._tables = compiled, compiled.for_kernel()

    def sure(self, t: int) -> None:
        """A missile flies, whatever the dice say of its class; where it lands they say as ever."""
        if self.state[FATE][t] == DUD:
            lands = die(self._key, dice.LANDS, self._tables[IDS][MISSILE_ID][t], NOBODY, 0)
            self.state[FATE][t] = LEAKED if lands < self.compiled.missile[P_LAND, t] else ASTRAY

    @property
    def duds(self) -> NDArray[np.bool_]:
        """(T,) missiles that never fly."""
        found: NDArray[np.bool_] = self.state[FATE] == DUD
        return found

    def rounds(self, b: int) -> int:
        """Rounds that a battery has left."""
        return int(self.state[SB][LEFT, b])

    def last_s(self, b: int, t: int) -> float:
        """The last launch of a battery that could meet a missile; -inf where none ever could."""
        return float(self.compiled.bt[t, LAST, b])

    def ordered(self, b: int, t: int) -> bool:
        """Whether an order has come."""
        return bool(self.state[SBT][t, GRANTED, b] < inf)

    def fired(self, b: int, t: int) -> int:
        """Rounds that a battery has fired at a missile."""
        return int(self.state[SBT][t, FIRED, b])

    def over(self, b: int, t: int, now_s: float) -> bool:
        """Whether nothing more can come of an order: no salvo is under way, and none may leave."""
        owner = int(self.compiled.battery[OWNER, b])
        done = self.state[SNT][t, BELIEVED_DEAD, owner] > 0.0 or self.last_s(b, t) < now_s
        return bool(done and self.state[SBT][t, UNDER_WAY, b] == 0.0)

    def why_not(self, b: int, t: int, now_s: float) -> str:
        """Why an order would come to nothing whatever happens; "" where it may come to something."""
        if self.state[SNT][t, BELIEVED_DEAD, int(self.compiled.battery[OWNER, b])] > 0.0:
            return "it is taken for dead"
        if self.last_s(b, t) == -inf:
            return "no launch of this battery could ever meet it"
        if self.last_s(b, t) < now_s:
            return "too late: no launch can meet it any more"
        if self.state[SB][LEFT, b] <= self.compiled.bt[t, RESERVE, b]:
            return "no rounds but the reserve"
        return ""

    def order(self, b: int, t: int, now_s: float) -> None:
        """An order, from `now_s` or from where it has been played to, whichever is later."""
        when_s = max(now_s, self.until_s)
        order(self._tables, self.state, b, t, when_s, when_s)

    def advance(self, until_s: float) -> tuple[Happened, ...]:
        """Play up to and including a time; what happened, in order."""
        n, log = self.state[N], self.state[LOG]
        n[LOGGED] = 0
        advance(self._key, self._tables, self.state, until_s)
        self.until_s = max(until_s, self.until_s)
        if n[OVERFLOW] or n[LOGGED] == len(log):
            raise CapacityError("the event heap or the log overflowed: raise it in engine/batch.py or here")
        return tuple(
            Happened(float(time_s), KINDS[int(kind)], int(b), int(t), float(value))
            for time_s, kind, b, t, value in log[: n[LOGGED]]
            if int(kind) in KINDS
        )
