"""Stability of a coalition from what its parts protect and must spend: core, nucleolus, sweep, complaints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaspis.model.burden import Complaint, Nearly, NotTogether, Point, Stability
from synaspis.model.plan import Price
from synaspis.studies import bargain
from synaspis.studies.bargain import MemberGame, Outlay
from synaspis.studies.burden_leaving import NO_MONEY, NO_PEOPLE
from synaspis.studies.coalitions import Coalitions

Floats = NDArray[np.float64]
Columns = dict[str, NDArray[np.generic]]

MOST_TOLD = 10
SAMPLED = 150
"""Coalitions drawn where not all can be looked at."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Stability, the nucleolus in people and, at the value shown, in money by member, and every coalition."""

    told: Stability
    nucleolus: Mapping[str, float]
    nucleolus_musd: Mapping[str, float]
    table: Columns


def game_of(c: Coalitions, outlays: Sequence[Outlay]) -> MemberGame:
    """The coalitions of all members of `c`: every one where they can be held, else a sample."""
    names = c.members
    sampled = 0 if c.protected is not None and len(names) <= bargain.MOST_HELD else SAMPLED
    inside, exact = bargain.coalitions_of(len(names), sampled, c.seed)
    columns = [c.nations.index(m) for m in names]
    if c.protected is None:
        protected = np.array([_asked(c, row)[columns] for row in inside])
    else:
        bit = {p: 1 << j for j, p in enumerate(c.players)}
        rows = inside @ np.array([bit.get(m, 0) for m in names])
        protected = c.protected[rows][:, columns]
    return bargain.member_game(names, inside, protected, outlays, exact)


def _asked(c: Coalitions, row: NDArray[np.bool_]) -> Floats:
    return c.of([m for m, x in zip(c.members, row, strict=True) if x])


def stability(c: Coalitions, outlays: Sequence[Outlay], shown: float | None, burden: Floats) -> Found:
    """Whether the coalition holds together; `burden` (n,) is what each member pays as things stand.

    `shown` is what a person protected is worth, millions a year, where the user says so.
    """
    game = game_of(c, outlays)
    core = bargain.held_in_people(game)
    columns = [c.nations.index(m) for m in c.members]
    together = c.of(c.members)[columns]
    now = together - np.array([c.of([m])[k] for m, k in zip(c.members, columns, strict=True)])
    missing = bargain.complaints(game, game.people, now)
    # What a group pays now, less what it would spend by itself.
    saves = game.inside @ (burden - game.alone[0]) - game.cost
    holds = [bargain.holds_from(game, cost) for cost in (game.cost, game.low, game.high)]
    near = bargain.nearest(game, game.cost) if holds[0] is None else None
    also = [*(holds[0] or ()), *([] if shown is None else [shown]), *([near.per_person] if near else [])]
    told = Stability(
        stable=core.stable,
        excess=core.excess,
        exact=game.exact,
        looked_at=len(game.inside),
        coalitions=2.0 ** len(game.members) - 1.0,
        saved=float(game.people[-1]),
        extra_cost=_band(game),
        holds_from=holds[0],
        holds_low=holds[1],
        holds_high=holds[2],
        sweep=tuple(_point(game, x) for x in bargain.swept(game, *also)),
        shown=None if shown is None else _point(game, shown),
        complaints=_worst(game, missing, saves, shown),
        complaining=int(_better(missing, saves)[:-1].sum()),
        nearly=None if near is None else _nearly(near),
        joining=_joining(bargain.superadditive(game, c.players)),
    )
    return Found(
        told=told,
        nucleolus=_shared(game, game.people),
        nucleolus_musd={} if shown is None else _shared(game, game.worth(shown)),
        table=_table(game, missing, saves),
    )


def _better(missing: Floats, saves: Floats) -> NDArray[np.bool_]:
    """(R,) groups that would do better by themselves whatever a person protected is worth."""
    no_worse = (missing > -NO_PEOPLE) & (saves > -NO_MONEY)
    return no_worse & ((missing > NO_PEOPLE) | (saves > NO_MONEY))


def _nearly(near: bargain.Nearest) -> Nearly:
    return Nearly(
        missing_musd=near.missing, per_person_musd=near.per_person, left_out=near.left_out[:MOST_TOLD]
    )


def _shared(game: MemberGame, worth: Floats) -> dict[str, float]:
    found = bargain.even(game, worth)
    return {} if found is None else dict(zip(game.members, found.tolist(), strict=True))


def _point(game: MemberGame, value: float) -> Point:
    core = bargain.held(game, value)
    return Point(per_person_musd=value, stable=core.stable, excess_musd=core.excess)


def _band(game: MemberGame) -> Price:
    return Price(value=float(game.cost[-1]), low=float(game.low[-1]), high=float(game.high[-1]))


def _worst(game: MemberGame, missing: Floats, saves: Floats, shown: float | None) -> tuple[Complaint, ...]:
    """The groups with most to complain of, all members together left out, and those with an idle companion.

    With a value of a person protected, in money. Else first those that do better whatever it is, by people,
    then by money; then those that would lose the fewest people.
    """
    musd = None if shown is None else shown * missing + saves
    if musd is None:
        rank = (-np.round(saves, 3), -np.round(missing), ~_better(missing, saves))
        order = np.lexsort([key[:-1] for key in rank])
    else:
        order = np.argsort(-musd[:-1], kind="stable")
    idle = _with_idle(game, *((missing, saves) if musd is None else (musd, musd)))
    return tuple(
        Complaint(
            members=tuple(m for m, x in zip(game.members, game.inside[k], strict=True) if x),
            people=float(missing[k]),
            saves=float(saves[k]),
            musd=None if musd is None else float(musd[k]),
        )
        for k in order[~idle[order]][:MOST_TOLD].tolist()
    )


def _with_idle(game: MemberGame, one: Floats, other: Floats) -> NDArray[np.bool_]:
    """(R,) groups that would have as much of both without some member of theirs: that one only follows."""
    idle = np.zeros(len(one), np.bool_)
    if not game.exact:
        return idle
    sets = np.arange(1, len(one) + 1)
    for i in range(len(game.members)):
        less = sets & ~(1 << i)
        rows = np.flatnonzero((less > 0) & (less < sets))
        rest = less[rows] - 1
        idle[rows] |= (one[rest] >= one[rows] - NO_PEOPLE) & (other[rest] >= other[rows] - NO_MONEY)
    return idle


def _joining(found: bargain.Together | None) -> NotTogether | None:
    return None if found is None else NotTogether(**vars(found))


def _table(game: MemberGame, missing: Floats, saves: Floats) -> Columns:
    """Every coalition: who, what it protects and spends together, and its excess as things stand."""
    names = np.array(game.members, dtype=object)
    return {
        "members": np.array([" ".join(names[row]) for row in game.inside]),
        "size": game.inside.sum(axis=1).astype(np.int64),
        "together_people": game.people,
        "cost_musd": game.cost,
        "cost_low_musd": game.low,
        "cost_high_musd": game.high,
        "excess_people": missing,
        "excess_musd": saves,
    }
