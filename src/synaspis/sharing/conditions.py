"""What must be true of a missile for a clause to bear on it, judged from what its holder knows of it.

A permit counts only where its condition is surely true; a forbid counts unless its condition is surely
false. What is not known is neither: in doubt the door stays shut.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NamedTuple

from synaspis.model.agreement import Condition, Release


class Missile(NamedTuple):
    """What the holder of a picture knows of the missile it shows; None where it does not know.

    `threatens` are the nations whose people or forces its impact ellipse meets; `category` its class;
    `launched_from` the launch area and the nation it lies in; `lands_in` the nation where it will land.
    """

    threatens: frozenset[str] | None = None
    category: str | None = None
    launched_from: frozenset[str] | None = None
    lands_in: str | None = None

    def renewed(self, now: Missile) -> Missile:
        """What was known stays known until it is known otherwise."""
        return self._replace(**{name: told for name, told in now._asdict().items() if told is not None})


UNKNOWN = Missile()


@dataclass(frozen=True, order=True)
class Predicate:
    """A condition on a missile. Empty: true of all. All that is given must hold, and none of `unless`.

    `also` are further conditions that must hold, as where what was received is handed on.
    """

    threatens: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    launched_from: tuple[str, ...] = ()
    lands_in: tuple[str, ...] = ()
    unless: tuple[Predicate, ...] = ()
    also: tuple[Predicate, ...] = ()

    def holds(self, m: Missile) -> bool:
        """Whether it is surely true of `m`."""
        if self.threatens and (m[0] is None or m[0].isdisjoint(self.threatens)):
            return False
        if self.category and m[1] not in self.category:
            return False
        if self.launched_from and (m[2] is None or m[2].isdisjoint(self.launched_from)):
            return False
        if self.lands_in and m[3] not in self.lands_in:
            return False
        if not self.unless and not self.also:
            return True
        return all(p.fails(m) for p in self.unless) and all(p.holds(m) for p in self.also)

    def fails(self, m: Missile) -> bool:
        """Whether it is surely false of `m`."""
        if self.threatens and m[0] is not None and m[0].isdisjoint(self.threatens):
            return True
        if self.category and m[1] is not None and m[1] not in self.category:
            return True
        if self.launched_from and m[2] is not None and m[2].isdisjoint(self.launched_from):
            return True
        if self.lands_in and m[3] is not None and m[3] not in self.lands_in:
            return True
        return any(p.holds(m) for p in self.unless) or any(p.fails(m) for p in self.also)

    def needs_impact(self) -> bool:
        """Whether it takes an impact estimate to judge it, and not the launch point alone."""
        own = self.threatens or self.category or self.lands_in
        return bool(own) or any(p.needs_impact() for p in (*self.unless, *self.also))


ALWAYS = Predicate()


def predicate_of(clause: Release, recipient: str) -> Predicate:
    """The clause's condition, with the word `recipient` read as this recipient."""
    return read_condition(clause.when, recipient)


@functools.lru_cache(maxsize=4096)
def read_condition(when: Condition, recipient: str) -> Predicate:
    """A condition, with the word `recipient` read as this recipient."""
    return Predicate(
        _read(when.threatens, recipient),
        tuple(sorted(when.category)),
        tuple(sorted(when.launched_from)),
        _read(when.lands_in, recipient),
    )


def _read(parties: tuple[str, ...], recipient: str) -> tuple[str, ...]:
    return tuple(sorted({recipient if nation == "recipient" else nation for nation in parties}))


def may_meet(permit: Predicate, forbid: Predicate) -> bool:
    """False only if no missile can satisfy both: a missile is of one category and lands in one nation."""
    pairs = ((permit.category, forbid.category), (permit.lands_in, forbid.lands_in))
    return all(not a or not b or set(a) & set(b) for a, b in pairs)
