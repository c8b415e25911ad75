"""Cuts rings on a map to a disc about its middle.

A projection about a point turns a ring that runs round the point's antipode inside out. Cut to a disc that
holds the window, it is right again. Rings have their inside on the right hand of who walks them.
Source: Weiler & Atherton, Hidden surface removal using polygon area sorting, SIGGRAPH 1977.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]

_TURN = 2.0 * math.pi
_ARC = math.radians(5.0)


def cut(rings: Sequence[Sequence[Point]], radius: float) -> list[list[Point]]:
    """What of `rings` (x east, y north) lies within `radius` of (0, 0), as closed rings, holes among them."""
    whole, chains, round_it = [], [], 0
    for given in rings:
        ring = _with_nearest(given, radius)
        inside = [math.hypot(*p) <= radius for p in ring]
        if all(inside):
            whole.append(list(ring))
            # Turned inside out (its area is over half of a globe that the disc nearly holds): all but it.
            round_it += _area(ring) > 0.5 * math.pi * radius * radius
        elif any(inside):
            chains += _chains(ring, inside, radius)
        else:
            round_it += _goes_round(ring)
    if chains:
        return whole + _linked(chains, radius)
    return [*whole, _rim(0.0, _TURN, radius)] if round_it > 0 else whole


def _with_nearest(ring: Sequence[Point], radius: float) -> list[Point]:
    """`ring` with a point more on each edge that passes through the disc from outside to outside."""
    found: list[Point] = []
    for a, b in pairwise([*ring, ring[0]]):
        found.append(a)
        dx, dy = b[0] - a[0], b[1] - a[1]
        square = dx * dx + dy * dy
        share = -(a[0] * dx + a[1] * dy) / square if square > 0 else 0.0
        if 0.0 < share < 1.0 and math.hypot(*a) > radius and math.hypot(*b) > radius:
            middle = (a[0] + share * dx, a[1] + share * dy)
            if math.hypot(*middle) < radius:
                found.append(middle)
    return found


def _linked(chains: Sequence[list[Point]], radius: float) -> list[list[Point]]:
    """Chains from rim to rim, joined along the rim into rings."""
    starts = [math.atan2(chain[0][1], chain[0][0]) for chain in chains]
    ends = [math.atan2(chain[-1][1], chain[-1][0]) for chain in chains]
    rings, left = [], set(range(len(chains)))
    while left:
        now = min(left)
        found: list[Point] = []
        while now in left:
            left.remove(now)
            found += chains[now]
            # Along the rim with the disc on the right, that is clockwise, to where a chain comes in.
            turns = [(ends[now] - start) % _TURN for start in starts]
            after = turns.index(min(turns))
            found += _rim(ends[now], turns[after], radius)
            now = after
        rings.append(found)
    return rings


def _area(ring: Sequence[Point]) -> float:
    """Area, positive where the ring's inside is on the left hand."""
    return 0.5 * sum(a[0] * b[1] - a[1] * b[0] for a, b in pairwise([*ring, ring[0]]))


def _goes_round(ring: Sequence[Point]) -> int:
    """1 where the ring runs clockwise about (0, 0), so that this lies inside; else 0."""
    angles = [math.atan2(y, x) for x, y in ring]
    turn = sum((b - a + math.pi) % _TURN - math.pi for a, b in pairwise([*angles, angles[0]]))
    return int(turn < -math.pi)


def _chains(ring: Sequence[Point], inside: Sequence[bool], radius: float) -> list[list[Point]]:
    """The stretches of `ring` inside, from rim to rim."""
    offset = next(i for i in range(len(ring)) if inside[i] and not inside[i - 1])
    turned = [*ring[offset:], *ring[:offset]]
    within = [*inside[offset:], *inside[:offset]]
    chains: list[list[Point]] = []
    for i, (a, b) in enumerate(pairwise([turned[-1], *turned])):
        if within[i - 1] and within[i]:
            chains[-1].append(b)
        elif within[i]:
            chains.append([_crossing(a, b, radius), b])
        elif within[i - 1]:
            chains[-1].append(_crossing(a, b, radius))
    if within[-1]:
        chains[-1].append(_crossing(turned[-1], turned[0], radius))
    return chains


def _crossing(a: Point, b: Point, radius: float) -> Point:
    """Where the straight line from `a` to `b` meets the rim, the one inside and the other not."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square, half = dx * dx + dy * dy, a[0] * dx + a[1] * dy
    root = math.sqrt(max(0.0, half * half - square * (a[0] ** 2 + a[1] ** 2 - radius * radius)))
    roots = ((-half - root) / square, (-half + root) / square)
    share = min(roots, key=lambda t: abs(t - 0.5))
    return a[0] + share * dx, a[1] + share * dy


def _rim(angle: float, turn: float, radius: float) -> list[Point]:
    """Points on the rim from `angle` clockwise through `turn`, the ends left out."""
    count = math.ceil(turn / _ARC)
    angles = (angle - turn * i / count for i in range(1, count))
    return [(radius * math.cos(t), radius * math.sin(t)) for t in angles]
