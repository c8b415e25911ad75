"""What one battery is told of each flight: under rules, by its own radar alone, or if all was shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synaspis.engine.geometry import STEP_S, Floats
from synaspis.engine.picture import Packed
from synaspis.engine.pictures import FIRE_CONTROL_LEVEL, IMPACT_GOOD_M, PictureMaker
from synaspis.engine.sources import Sources, working
from synaspis.engine.workers import in_chunks
from synaspis.kernels import bound
from synaspis.kernels.informed import informed_from
from synaspis.sharing.rules import Rules


@dataclass(frozen=True)
class Served:
    """known_s (U,) from when an order may be sought, and what its fire-control track rests on."""

    known_s: Floats
    packed: Packed


def sources_under(maker: PictureMaker, given: Rules, b: int) -> tuple[Sources, tuple[bytes, ...]]:
    """Whom the battery's owner hears, and for which flights each of them speaks."""
    owner = maker.w.batteries[b].battery.owner
    sources = maker.contributors.of(given, owner, working(maker.w, given))
    return sources, tuple(maker.contributors.met(s.predicate).tobytes() for s in sources)


def served_under(maker: PictureMaker, given: Rules, b: int) -> Served:
    """What `PictureMaker.make` gives the battery, before launches are looked at."""
    f, works = maker.w.batteries[b], working(maker.w, given)
    owner = f.battery.owner
    held = maker._held(owner, maker.contributors.of(given, owner, works), works)
    if f.interceptor.remote != "engage" and not works[f.radar]:
        return Served(held.known, None)
    if f.interceptor.remote != "own":
        return Served(held.known, held.packed)
    base = maker._alone(works)[0]
    sees = base.copy()
    sees[maker._radars(owner, works)] = held.sees
    return Served(held.known, maker._organic(b, maker._streams(sees, base)))


def served_by_own_radar(maker: PictureMaker, b: int) -> Served:
    """Its own radar throughout, cued by nobody: where to look and when to fire."""
    packed = maker._organic(b, maker._streams(maker.g.seen_s, maker.g.seen_s))
    return Served(maker._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed), packed)


def served_by_all(maker: PictureMaker, b: int) -> tuple[Served, Served]:
    """Every sensor of the case, fused and cued at once; and the same for all but the fire-control track.

    That track is then of the battery's own radar, cued by the others.
    """
    packed, streams = maker._shared_by_all()
    known_s = maker._first(bound.IMPACT, IMPACT_GOOD_M, 1, packed)
    return Served(known_s, packed), Served(known_s, maker._organic(b, streams))


def launches_from(maker: PictureMaker, b: int, served: Served, intercept_s: Floats, jobs: int) -> Floats:
    """(U, Q) first launch that the track allows for each of `intercept_s` (U, Q); the latter for none."""
    out = intercept_s.copy()
    packed = served.packed
    if packed is None:
        return out
    asked, store = (bound.TRACK, FIRE_CONTROL_LEVEL, 0.0), maker.store()
    limit_m = maker.w.batteries[b].interceptor.handover_radius_m

    def task(first: int, last: int) -> None:
        informed_from(
            asked, limit_m, intercept_s, maker.g.phi, packed, store, STEP_S, bound.room_for(packed), first,
            last, out,
        )  # fmt: skip

    in_chunks(task, len(intercept_s), jobs)
    return np.minimum(out, intercept_s)
