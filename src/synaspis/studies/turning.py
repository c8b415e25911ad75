"""The earliest point at which another clause would have changed what became of a missile.

One trial is played again, on the same luck, under every single change of the clauses that bears on the
batteries in reach: the first event that then comes otherwise is where the courses part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis.engine import layout as rows
from synaspis.engine.batch import replayed
from synaspis.engine.heap import LOGGED
from synaspis.model.agreement import PRODUCTS
from synaspis.sharing.release import STEPS
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, pure
from synaspis.studies.candidates import Candidate, every_candidate
from synaspis.studies.wording import listed

ADDED_DELAY_S = 10.0
"""How late a release comes that no clause has: as late as most that are on record."""
SHOWN = 3
Log = NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """One trial under some rules: the log, and the fate of each missile."""

    log: Log
    fate: NDArray[np.int64]


@dataclass(frozen=True)
class Turn:
    """A change of clauses with which a missile would have fared otherwise, and when the courses part."""

    when_s: float
    change: Candidate
    log: Log


def played(a: Arena, given: Rules, seed: int, trial: int) -> Played:
    """The trial under `given`."""
    state = replayed(a.tables_of(pure(given), seed, trial), seed, trial)
    return Played(state[rows.LOG][: state[rows.N][LOGGED]], state[rows.FATE].copy())


class Turning:
    """Every change of clauses that bears on the missiles `aimed` at one asset, each tried once."""

    def __init__(self, a: Arena, given: Rules, seed: int, trial: int, aimed: Sequence[int]) -> None:
        self.a, self.given, self.seed, self.trial = a, given, seed, trial
        self.aimed = tuple(aimed)
        self.was = played(a, given, seed, trial)
        near = np.isfinite(a.g.launch_s[:, a.g.flight_of[list(aimed)], 0])
        self.shooters = {f.battery.owner for f, row in zip(a.w.batteries, near, strict=True) if row.any()}
        every = every_candidate(a.w, given, ADDED_DELAY_S)
        self.added = tuple(c for c in every if c.kind != "suspended" and self._bears(c))
        self.gone = tuple(c for c in every if c.kind == "suspended")
        self._tried: dict[Candidate, Played] = {}

    def _bears(self, c: Candidate) -> bool:
        if c.kind == "release":
            return c.recipient in self.shooters
        if c.kind == "mandate":
            targets = (self.a.w.assets[self.a.w.missiles[t].target] for t in self.aimed)
            return c.owner in self.shooters and any(c.recipient in {x.nation, *x.forces} for x in targets)
        return c.kind == "consent" or any(self.shooters & set(getattr(x, "owners", ())) for x in c.plus)

    def under(self, c: Candidate) -> Played:
        """The trial with the change `c`."""
        if c not in self._tried:
            self._tried[c] = played(self.a, c.under(self.given), self.seed, self.trial)
        return self._tried[c]

    def lines(self, t: int) -> list[str]:
        """What another clause would have done for missile `t`; nothing where it failed or went astray."""
        fate = int(self.was.fate[t])
        if fate == rows.LEAKED:
            return self._landed(t)
        return self._killed(t) if fate == rows.KILLED else []

    # -- a missile that landed ---------------------------------------------------------------

    def _landed(self, t: int) -> list[str]:
        if not self.shooters:
            return ["No clause would have changed it: no battery of anyone can reach it."]
        turns = sorted(self._helpful(t), key=lambda x: (x.when_s, _rank(x.change), x.change.what))
        if not turns:
            return self._together(t)
        first = turns[0]
        lines = [
            f"The earliest point at which another clause would have changed this is {first.when_s:.0f} s: "
            f"had it been that {first.change.what}, {self._then(first, t)}."
        ]
        rest = [f"{x.change.what} ({x.when_s:.0f} s)" for x in turns[1 : 1 + SHOWN]]
        if rest:
            more = len(turns) - 1 - len(rest)
            tail = f"; and {more} more" if more > 0 else ""
            lines.append(f"So would, each alone: {'; '.join(rest)}{tail}.")
        return lines

    def _helpful(self, t: int) -> Iterable[Turn]:
        """Single changes that would have had it killed; of one pair's products the least that does."""
        pairs: dict[tuple[str, str], list[Candidate]] = {}
        for c in self.added:
            if c.kind == "release" and c.product in STEPS:
                pairs.setdefault((c.owner, c.recipient), []).append(c)
            elif self._kills(c, t):
                yield self._turn(c, t)
        for ladder in pairs.values():
            ladder.sort(key=lambda c: PRODUCTS.index(c.product))
            # The highest step reveals the others: where it does not help none does.
            if self._kills(ladder[-1], t):
                yield self._turn(next(c for c in ladder if self._kills(c, t)), t)

    def _kills(self, c: Candidate, t: int) -> bool:
        return int(self.under(c).fate[t]) == rows.KILLED

    def _turn(self, c: Candidate, t: int) -> Turn:
        log = self.under(c).log
        return Turn(self._parts_s(log, t), c, log)

    def _parts_s(self, log: Log, t: int) -> float:
        """When the course of missile `t` in `log` first differs from what it was."""
        one, other = self._course(self.was.log, t), self._course(log, t)
        for mine, theirs in zip(one, other, strict=False):
            if mine != theirs:
                return min(mine[0], theirs[0])
        longer = one if len(one) > len(other) else other
        return longer[min(len(one), len(other))][0] if len(one) != len(other) else np.inf

    def _course(self, log: Log, t: int) -> list[tuple[float, ...]]:
        """What shooters learnt, were ordered and did about missile `t`, in order."""
        telling = (rows.KNOW, rows.GRANT, rows.READY, rows.HIT)
        found = []
        for row in log:
            if int(row[3]) == t and int(row[1]) in telling:
                known = int(row[1]) != rows.KNOW or self.a.w.nations[int(row[2])] in self.shooters
                found += [tuple(row)] if known else []
        return sorted(found)

    def _then(self, turn: Turn, t: int) -> str:
        """What would have come of it, in words."""
        told = []
        kinds = {rows.GRANT: "would have been ordered to engage", rows.READY: "would have fired"}
        before = set(self._course(self.was.log, t))
        for row in self._course(turn.log, t):
            kind, b = int(row[1]), int(row[2])
            if tuple(row) in before or kind not in (*kinds, rows.HIT):
                continue
            name = self.a.w.batteries[b].battery.name
            if kind == rows.HIT and row[4] > 0:
                told.append(f"{name} killed it at {row[0]:.0f} s")
                break
            if kind in kinds:
                told.append(f"{name} {kinds[kind]} at {row[0]:.0f} s")
        first = next((x for x in told if "ordered" in x or "fired" in x), "")
        last = told[-1] if told and "killed" in told[-1] else "it would have been killed"
        return f"{first}, and {last}".lstrip(", ").removeprefix("and ") if first != last else last

    def _together(self, t: int) -> list[str]:
        """Whether all changes together would have helped, and then the fewest that this search finds."""
        kept = list(self.added)
        if not self._all_kill(kept, t):
            return [
                f"No clause would have changed it: with all {len(kept)} that bear on it, it still lands. "
                "Reach, time or luck decided."
            ]
        for c in self.added:
            rest = [x for x in kept if x is not c]
            kept = rest if self._all_kill(rest, t) else kept
        told = "; ".join(c.what for c in kept)
        return [f"No one clause alone would have changed it; {len(kept)} together would have: {told}."]

    def _all_kill(self, changes: list[Candidate], t: int) -> bool:
        given = self.given
        for c in changes:
            given = given.without(c.minus) if c.minus and c.minus in given.ids() else given
        given = given.plus(*(clause for c in changes for clause in c.plus))
        return int(played(self.a, given, self.seed, self.trial).fate[t]) == rows.KILLED

    # -- a missile that was killed -----------------------------------------------------------

    def _killed(self, t: int) -> list[str]:
        turns = [self._turn(c, t) for c in self.gone if int(self.under(c).fate[t]) == rows.LEAKED]
        if not turns:
            return [
                "It hung on no single clause: without any one of those in force it would still be killed."
            ]
        turns.sort(key=lambda x: (x.when_s, x.change.minus))
        told = listed([f"`{x.change.minus}` ({x.when_s:.0f} s)" for x in turns])
        many = "each of these clauses" if len(turns) > 1 else "this clause"
        return [f"Without {many} it would have landed; the courses part at: {told}."]


def _rank(c: Candidate) -> tuple[Any, ...]:
    """Of changes that tell at the same time the lesser comes first."""
    kinds = ("release", "mandate", "authority", "consent")
    return kinds.index(c.kind), PRODUCTS.index(c.product) if c.product in PRODUCTS else 0
