"""Strategic stability: what a shield is and is not able to do about a third state's missiles.

Inputs are wide launch regions, wide destinations and classes that a case declares. What comes back is
shares over many paths, by class and region: nothing here tells one path from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.answers import Band
from synaspis.model.declare import part, quantity, text
from synaspis.model.fact import Entry

LEAST_RADIUS_M = 100_000.0
"""No launch region or destination is narrower: single sites and single targets are not examined."""
PLACE_STEP_DEG = 0.5
RADIUS_STEP_M = 50_000.0
"""Middles and radii are taken to the nearest step: two questions that differ by less are one question."""
PATHS = 40
"""Paths examined for each class and launch region."""
LEAST_PATHS = 25
"""No share is told over fewer paths; those join the whole where there are so many of them together."""
LEAST_MET = 3
"""Rounds count as in reach where their battery could meet so many paths: no single one decides."""


@dataclass(frozen=True, kw_only=True)
class LaunchRegion:
    """A wide region from which a third state's missiles fly; no site within it is meant."""

    name: str = text("name of the region, unique in its question")
    latitude_rad: float = quantity("deg", "geodetic latitude of its middle", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude of its middle", at_least=-180, at_most=360)
    radius_m: float = quantity("km", "its radius, at least 100", above=0, at_most=3000)


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where paths lead: a nation's soil, by its code alone, or a wide area by name, place and radius."""

    name: str = text("ISO 3166 alpha-3 code of a nation, or a name with a place and a radius")
    latitude_rad: float | None = quantity(
        "deg", "geodetic latitude of the area's middle", at_least=-90, at_most=90, default=None
    )
    longitude_rad: float | None = quantity(
        "deg", "longitude of the area's middle", at_least=-180, at_most=360, default=None
    )
    radius_m: float | None = quantity("km", "its radius, at least 100", above=0, at_most=3000, default=None)

    @property
    def is_area(self) -> bool:
        """Whether it has a place of its own, and is no nation."""
        return any(x is not None for x in (self.latitude_rad, self.longitude_rad, self.radius_m))


@dataclass(frozen=True, kw_only=True)
class MissileCount:
    """How many missiles a state is said to have; a bare number stands for `value`."""

    value: int | None = quantity("1", "how many", at_least=1, at_most=100_000, default=None)
    low: int | None = quantity(
        "1", "the fewest that sources give (as `value` where left out)", at_least=1, at_most=100_000,
        default=None,
    )  # fmt: skip
    high: int | None = quantity(
        "1", "the most that sources give (as `value` where left out)", at_least=1, at_most=100_000,
        default=None,
    )  # fmt: skip

    @property
    def band(self) -> Band:
        """The three as a band."""
        value = self.value or 0
        return Band(value=value, low=self.low or value, high=self.high or value)


@dataclass(frozen=True, kw_only=True)
class StabilityQuestion:
    """Can this shield touch these missiles of a third state, on their way there?"""

    state: str = text("ISO 3166 alpha-3 code of the third state")
    title: str = text("the question in a few words, unique in the case")
    classes: tuple[str, ...] = text("missile classes", names="threat")
    regions: tuple[LaunchRegion, ...] = part("wide regions from which they fly")
    towards: tuple[Destination, ...] = part("nations or wide areas to which they fly")
    missiles: MissileCount = part("how many such missiles the state is said to have")
    source: str = text("where that number is known from")
    as_of: int = quantity("1", "year for which it holds", at_least=1940, at_most=2100)
    note: str = text("what a reader should know besides", default="")


@dataclass(frozen=True, kw_only=True)
class ReachShare:
    """Shares of many paths that some interceptor of the shield could meet.

    `low` and `high` of a band: every figure of every interceptor's envelope at the worse and the better end
    of its public band. Shares are None where fewer than `LEAST_PATHS` paths fly.
    """

    paths: int
    out_of_range: int
    """Pairs of places that the class does not fly between."""
    from_launch: Band | None
    """Launched as early as the missile itself: no more is possible."""
    from_burnout: Band | None
    """Launched when the missile's motors have stopped, or later: before that nobody knows where it flies."""
    on_list: Band | None
    """As `from_launch`, by interceptors on whose list the class is."""
    released: Mapping[str, float] | None
    """By regime: of those, with a fire-control track that the regime gives the battery in time."""


@dataclass(frozen=True, kw_only=True)
class LayerRounds:
    """Rounds of one layer: ready on all its batteries, and on those that could meet `LEAST_MET` paths."""

    ready: Band
    within_reach: Band
    on_list: Band
    """Ready on batteries on whose interceptors' list some of the classes are."""


@dataclass(frozen=True, kw_only=True)
class StabilityAnswer:
    """One question answered. `cells` is by launch region, then class."""

    state: str
    title: str
    classes: Mapping[str, tuple[str, str]]
    """Title and status of each class by name."""
    regions: tuple[LaunchRegion, ...]
    towards: tuple[Destination, ...]
    missiles: Band
    source: str
    as_of: int
    note: str
    cells: Mapping[str, Mapping[str, ReachShare]]
    whole: ReachShare
    layers: Mapping[str, LayerRounds]
    ratio: Band
    """All ready rounds of the shield over the missiles: no more can be fired, whatever their reach."""
    ratio_within_reach: Band
    ratio_on_list: Band
    marks: tuple[tuple[str, float, float, float], ...] = ()
    """Destinations on a map: name, latitude and longitude in degrees, radius in km."""


@dataclass(frozen=True, kw_only=True)
class Stability:
    """Every question of a case answered, with what the answers rest on."""

    questions: tuple[StabilityAnswer, ...]
    assumptions: tuple[str, ...]
    entries: tuple[Entry, ...]
    """The public figures behind the classes and the interceptors."""


def stability_document(s: Stability) -> dict[str, object]:
    """For `summary.json`: shares and counts alone."""
    return {
        "questions": [_question(q) for q in s.questions],
        "assumptions": list(s.assumptions),
        "least_radius_km": LEAST_RADIUS_M / 1000.0,
        "least_paths": LEAST_PATHS,
    }


def _question(q: StabilityAnswer) -> dict[str, object]:
    return {
        "state": q.state,
        "title": q.title,
        "classes": {name: {"title": t, "status": status} for name, (t, status) in q.classes.items()},
        "towards": [d.name for d in q.towards],
        "missiles": _band(q.missiles),
        "source": q.source,
        "as_of": q.as_of,
        "note": q.note,
        "regions": {
            region: {"classes": {name: _share(cell) for name, cell in by_class.items()}}
            for region, by_class in q.cells.items()
        },
        "whole": _share(q.whole),
        "rounds": {
            layer: {
                "ready": _band(x.ready), "within_reach": _band(x.within_reach), "on_list": _band(x.on_list)
            }
            for layer, x in q.layers.items()
        },
        "ratio": _band(q.ratio),
        "ratio_within_reach": _band(q.ratio_within_reach),
        "ratio_on_list": _band(q.ratio_on_list),
    }  # fmt: skip


def _band(b: Band) -> dict[str, float]:
    return {"value": b.value, "low": b.low, "high": b.high}


def _share(x: ReachShare) -> dict[str, object]:
    bands = {"from_launch": x.from_launch, "from_burnout": x.from_burnout, "on_list": x.on_list}
    return {
        "paths": x.paths,
        "out_of_range": x.out_of_range,
        **{name: None if band is None else _band(band) for name, band in bands.items()},
        "released": None if x.released is None else dict(x.released),
    }
