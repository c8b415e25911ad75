"""Two exercises side by side: what was decided, how soon, what was missed and what came of it.

Only what is of both stands here; a difference says nothing of its cause where case, regime or people differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.exercise.responses import Band
from synaspis.exercise.review import Review, causes


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One figure of both. `about` groups figures; a band is (value, low, high); None where there is none."""

    about: str
    what: str
    one: float | Band | None
    other: float | Band | None


def compare(one: Review, other: Review) -> tuple[Compared, ...]:
    """Every figure of two reviews that can stand side by side."""
    return (
        _of("end", "seconds of the case's clock", one.ends_s, other.ends_s),
        _of("end", "missiles shot down", one.shot_down, other.shot_down),
        _of("end", "missiles that came down on target", one.came_down, other.came_down),
        *_responses(one, other),
        *_missed(one, other),
        _of("knowledge", "levels that a nation lacked and another had", _denied(one), _denied(other)),
    )


def _of(about: str, what: str, one: float | Band | None, other: float | Band | None) -> Compared:
    return Compared(about=about, what=what, one=one, other=other)


def _responses(one: Review, other: Review) -> list[Compared]:
    found = []
    for kind in dict.fromkeys((*one.responses, *other.responses)):
        a, b = one.responses.get(kind), other.responses.get(kind)
        for name in ("asked", "answered", "refused"):
            found.append(_of(kind, name, getattr(a, name, 0), getattr(b, name, 0)))
        times = (None if r is None else r.median_s for r in (a, b))
        found.append(_of(kind, "median seconds to an answer", *times))
    return found


def _missed(one: Review, other: Review) -> list[Compared]:
    a, b = causes(one), causes(other)
    return [
        _of("chances missed", cause, a.get(cause, 0), b.get(cause, 0)) for cause in dict.fromkeys((*a, *b))
    ]


def _denied(r: Review) -> int:
    return sum(len(k.denied) for k in r.knowledge)
