"""Which members would be better off outside: people of theirs protected and money, in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synaspis.model.burden import BURDENED, LEAVES, PRICED, STAYS, Leaving
from synaspis.model.plan import Price
from synaspis.studies.bargain import Outlay, spent
from synaspis.studies.coalitions import Coalitions, Left

NO_PEOPLE, NO_MONEY = 0.5, 5e-4
"""Half a person and five hundred dollars a year: differences up to that are nothing."""


def leavings(
    c: Coalitions, left: Mapping[str, Left], outlays: Sequence[Outlay], burden: Mapping[str, Price]
) -> dict[str, Leaving]:
    """Every member inside and outside. Outside it pays for what works of its own, and nothing in common."""
    alone = spent(c.members, np.eye(len(c.members), dtype=np.bool_), outlays)
    people = dict(zip(c.nations, c.of(c.members).tolist(), strict=True))
    return {
        m: _leaving(m, people, left[m], burden[m], Price(value=v, low=low, high=high))
        for m, (v, low, high) in zip(c.members, alone.T.tolist(), strict=True)
    }


def _leaving(m: str, people: Mapping[str, float], left: Left, inside: Price, outside: Price) -> Leaving:
    others = sum(x for n, x in people.items() if n != m)
    change = sum(g.value for n, g in left.apart.items() if n != m)
    saved = inside.value - outside.value
    verdict, value = judged(-left.apart[m].value, saved)
    worse, then = judged(-left.cut_off[m].value, saved)
    return Leaving(
        inside=people[m],
        still_defended=people[m] + left.apart[m].value,
        undefended=people[m] + left.cut_off[m].value,
        lost=left.apart[m],
        others=(others, others + change),
        pays_inside=inside,
        pays_outside=outside,
        verdict=verdict,
        value_musd=value,
        verdict_undefended=worse,
        value_undefended_musd=then,
    )


def judged(lost: float, saved: float) -> tuple[str, float | None]:
    """Whether a member that loses `lost` people by leaving and saves `saved` millions does better inside.

    The verdict, and where it rests on it what a person protected is worth, millions a year.
    """
    people = 0.0 if abs(lost) < NO_PEOPLE else lost
    money = 0.0 if abs(saved) < NO_MONEY else saved
    if people > 0.0 and money > 0.0:
        return PRICED, money / people
    if people < 0.0 and money < 0.0:
        return BURDENED, money / people
    return (LEAVES, None) if people < 0.0 or money > 0.0 else (STAYS, None)
