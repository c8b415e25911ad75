"""All doors of a set of rules at once, as arrays: what a comparison of regimes reads.

`release.decide` opens one door for one missile; here the same clauses are laid over whole arrays. A test
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.agreement import PRODUCTS, Condition, Release
from synaspis.sharing.conditions import Missile, read_condition
from synaspis.sharing.release import DEFENCE, covers, revealed
from synaspis.sharing.rules import Rules

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Masks:
    """The release clauses of a regime for one purpose: O owners, R recipients, P products.

    Each condition that clauses name is a row: delay_s (Q, O, R, P) is the quickest permit's under
    permits' condition q, inf for none; shut (F, O, R, P) is where a forbid stands under condition f.
    """

    nations: tuple[str, ...]
    permit_when: tuple[Condition, ...]
    forbid_when: tuple[Condition, ...]
    delay_s: Floats
    shut: Flags

    def release_s(self, missile: Missile | None = None) -> Floats:
        """(O, R, P) delay with which each product of each owner goes to each recipient; inf for never.

        For what the owner knows of `missile`: without one, nothing, so that no condition surely holds.
        """
        known = missile or Missile()
        held = self._rows(self.permit_when, known, fails=False)
        freed = self._rows(self.forbid_when, known, fails=True)
        best = np.where(held[:, None, :, None], self.delay_s, np.inf).min(axis=0, initial=np.inf)
        barred = (self.shut & ~freed[:, None, :, None]).any(axis=0)
        best[barred] = np.inf
        own = np.arange(len(self.nations))
        best[own, own] = 0.0
        return best

    def _rows(self, conditions: Sequence[Condition], known: Missile, fails: bool) -> Flags:
        """(Q, R) whether each condition surely holds, or surely fails, for each recipient."""
        out = np.zeros((len(conditions), len(self.nations)), np.bool_)
        for q, when in enumerate(conditions):
            spoken = "recipient" in (*when.threatens, *when.lands_in)
            for r, nation in enumerate(self.nations if spoken else ("",)):
                predicate = read_condition(when, nation)
                out[q, r if spoken else slice(None)] = (
                    predicate.fails(known) if fails else predicate.holds(known)
                )
        return out


def masks(given: Rules, nations: Sequence[str], sensor: str | None = None, purpose: str = DEFENCE) -> Masks:
    """`given` laid over `nations`; for one `sensor`, or for whatever sensor of the owner."""
    relevant = [c for c in given.releases if purpose in c.purposes and covers(c, sensor)]
    row = {nation: i for i, nation in enumerate(nations)}
    products = {key: _products(*key) for key in {(c.effect, c.products) for c in relevant}}
    permit_when = _distinct(c for c in relevant if c.effect == "permit")
    forbid_when = _distinct(c for c in relevant if c.effect == "forbid")
    shape = (len(nations), len(nations), len(PRODUCTS))
    delay_s = np.full((len(permit_when), *shape), np.inf)
    shut = np.zeros((len(forbid_when), *shape), np.bool_)
    for c in relevant:
        owners = [row[n] for n in c.owners if n in row]
        recipients = [row[n] for n in c.recipients if n in row]
        where = np.ix_(owners, recipients, products[c.effect, c.products])
        if c.effect == "permit":
            block = delay_s[permit_when[c.when]]
            block[where] = np.minimum(block[where], c.delay_s)
        else:
            shut[forbid_when[c.when]][where] = True
    return Masks(tuple(nations), tuple(permit_when), tuple(forbid_when), delay_s, shut)


def _products(effect: str, named: Sequence[str]) -> list[int]:
    return [i for i, product in enumerate(PRODUCTS) if product in revealed(effect, tuple(named))]


def _distinct(clauses: Iterable[Release]) -> dict[Condition, int]:
    found: dict[Condition, int] = {}
    for c in clauses:
        found.setdefault(c.when, len(found))
    return found
