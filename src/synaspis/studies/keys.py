"""What each member would pay of a common cost under each key by which it could be shared out.

Every key is a rule of proportion: members pay as their weights stand to each other, and what they pay adds
up to the cost. Weights come from outside: public figures (common funding, product, people) or other
studies (benefit, Shapley value).

Two things are said beside the amounts, because they change them. Shares of an alliance's common funding
cover all its members; where only some are present, theirs are scaled up to the whole, and `covered` says
what they were before. And a weight below nothing counts as nothing: a member that others are worse off
with, or that is worse off itself, pays nothing under that key and is named in `at_zero`. It is not paid,
because a key shares out a cost and moves no money between members; whoever wants side payments has them
in the core and the nucleolus.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from synaspis.model.burden import Key

KEYS = ("common_funding", "gdp", "population", "benefit", "shapley", "equal")
"""All keys, in the order in which they are shown."""


def by_weight(name: str, members: Sequence[str], weights: Mapping[str, float]) -> Key:
    """Each pays in proportion to its weight, in any unit.

    Undefined where a member has no weight, or where no member has one above 0. A weight below 0 is taken
    as 0. Weights of others than `members` do not matter.
    """
    missing = [m for m in members if not math.isfinite(weights.get(m, math.nan))]
    if missing:
        return Key(name=name, share=None, why="no figure for " + ", ".join(missing))
    below = tuple(m for m in members if weights[m] < 0.0)
    counted = {m: max(weights[m], 0.0) for m in members}
    total = math.fsum(counted.values())
    if total <= 0.0:
        return Key(name=name, share=None, at_zero=below, why="no member has a weight above 0")
    return Key(name=name, share={m: w / total for m, w in counted.items()}, covered=total, at_zero=below)


def common_funding(members: Sequence[str], share: Mapping[str, float]) -> Key:
    """An alliance's cost shares, of which the whole alliance's add up to 1, scaled to the members present.

    A member without a share is outside the arrangement: it pays nothing and is named.
    """
    outside = tuple(m for m in members if not math.isfinite(share.get(m, math.nan)) or share[m] == 0.0)
    key = by_weight("common_funding", members, {m: 0.0 if m in outside else share[m] for m in members})
    return Key(name=key.name, share=key.share, covered=key.covered, at_zero=key.at_zero, outside=outside,
               why=key.why)  # fmt: skip


def equal(members: Sequence[str]) -> Key:
    """All pay the same. Undefined where there is no member."""
    return by_weight("equal", members, dict.fromkeys(members, 1.0))


def all_keys(
    members: Sequence[str],
    *,
    funding: Mapping[str, float],
    gdp: Mapping[str, float],
    population: Mapping[str, float],
    benefit: Mapping[str, float],
    shapley: Mapping[str, float],
) -> tuple[Key, ...]:
    """The keys of `KEYS` for `members`, in that order.

    `funding` shares of an alliance's common funding (1), `gdp` in any currency, `population` in people,
    `benefit` what each receives and `shapley` what each contributes, in any unit.
    """
    return (
        common_funding(members, funding),
        by_weight("gdp", members, gdp),
        by_weight("population", members, population),
        by_weight("benefit", members, benefit),
        by_weight("shapley", members, shapley),
        equal(members),
    )
