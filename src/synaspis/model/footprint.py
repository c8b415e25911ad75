"""Defended ground: the answer of `synaspis footprint` and its stable document.

The document's schema is docs/contracts/footprint.schema.json.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synaspis.model.answers import SiteMark

MODES = ("own_radar", "own_radar_cued", "launch_on_remote", "engage_on_remote")
"""What a battery could do if nobody had to decide: with its own radar alone; with that, told where to look
by every sensor of the case; launched on their track, its own radar at handover; guided by it throughout."""
REASONS = (
    "out_of_range", "too_low", "too_high", "not_seen", "not_released", "nobodys_ground", "no_mandate",
    "no_authority", "too_late",
)  # fmt: skip
"""Why ground is not defended: the first of these that holds for a class that gets there."""
ARRIVALS = ("flight_s", "interceptor_mps", "closing_mps")
"""What is told of the first intercept."""

Ring = NDArray[np.float64]
"""(N, 2) longitude and latitude in degrees, the first point again at the end."""
Polygon = tuple[Ring, ...]
"""An outline, anticlockwise, and its holes, clockwise."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A quantity over all defended cells and classes."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Extent:
    """Ground on which at least one engagement of every class that gets there is feasible; `twice`, two.

    Areas in m2; `across_m` the greatest distance within it, by geodesic. `population` is that of the
    case's assets inside. `arrival` is None where nothing is defended.
    """

    area_m2: float
    twice_m2: float
    across_m: float
    population: float
    twice_population: float
    arrival: Mapping[str, Figure] | None
    outline: tuple[Polygon, ...]
    twice_outline: tuple[Polygon, ...]

    @property
    def diameter_m(self) -> float:
        """Of the circle of the same area."""
        return 2.0 * math.sqrt(self.area_m2 / math.pi)


@dataclass(frozen=True, kw_only=True)
class Under:
    """What a regime gives a battery. `lost_m2`: threatened ground of the box not defended, by reason.

    `because`: where nothing is defended, why in words, and what would mend it.
    """

    extent: Extent
    lost_m2: Mapping[str, float]
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BatteryFootprint:
    """One battery: its modes, which of them its type allows, and what each regime gives it.

    `classes` are those of the case that its interceptor lists and that get anywhere near, `unlisted` those
    left out. `box_m2` is the ground looked at, of which `threatened_m2` some listed class reaches.
    """

    site: SiteMark
    interceptor: str
    allowed: str
    classes: tuple[str, ...]
    unlisted: tuple[str, ...]
    cell_m: float
    box_m2: float
    threatened_m2: float
    modes: Mapping[str, Extent]
    regimes: Mapping[str, Under]


@dataclass(frozen=True, kw_only=True)
class Soil:
    """Soil of a nation or the coalition: what a declared class reaches, and what anybody defends of it.

    Areas in m2, in cells of 25 km; people in the case's assets. `gap`: some class passes only below or only
    above what every battery in range can meet. `cells` (C, 4) are the defended cells: south, west, north,
    east in degrees.
    """

    threatened_m2: float
    area_m2: float
    twice_m2: float
    gap_m2: float
    threatened_population: float
    population: float
    twice_population: float
    gap_population: float
    cells: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RegimeFootprint:
    """One regime: each nation of the case, and all of them."""

    title: str
    nations: Mapping[str, Soil]
    coalition: Soil


@dataclass(frozen=True, kw_only=True)
class FootprintAnswer:
    """Everything that `synaspis footprint` found."""

    case: str
    title: str
    date: str
    version: str
    headline: str
    against: str
    classes: tuple[str, ...]
    batteries: Mapping[str, BatteryFootprint]
    whole: bool
    """Whether all batteries of the case were looked at: nations count only what those looked at defend."""
    regimes: Mapping[str, RegimeFootprint]
    assets: tuple[SiteMark, ...]
    areas: tuple[SiteMark, ...]
    """The launch areas, as marks."""
    notes: tuple[str, ...] = field(default=())
    seed: int = 0
    trials: int = 0
    """No luck is drawn: nothing is played."""


def document(answer: FootprintAnswer) -> dict[str, object]:
    """The JSON document of `footprint --json`: km2, km, people, s and m/s."""
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "version": answer.version,
        "headline": answer.headline,
        "against": answer.against,
        "classes": list(answer.classes),
        "all_batteries": answer.whole,
        "batteries": {name: _battery(b) for name, b in answer.batteries.items()},
        "regimes": {
            name: {
                "title": r.title,
                "batteries": {n: _under(b.regimes[name]) for n, b in answer.batteries.items()},
                "nations": {code: _soil(n) for code, n in r.nations.items()},
                "coalition": _soil(r.coalition),
            }
            for name, r in answer.regimes.items()
        },
    }


def _battery(b: BatteryFootprint) -> dict[str, object]:
    return {
        "owner": b.site.owner,
        "host": b.site.host,
        "interceptor": b.interceptor,
        "allowed_mode": b.allowed,
        "classes": list(b.classes),
        "classes_not_listed": list(b.unlisted),
        "cell_km": round(b.cell_m / 1000.0, 3),
        "box_km2": _km2(b.box_m2),
        "threatened_km2": _km2(b.threatened_m2),
        "modes": {
            name: {**_extent(x), "allowed": name in allowed_modes(b.allowed)} for name, x in b.modes.items()
        },
    }


def allowed_modes(allowed: str) -> tuple[str, ...]:
    """Modes that a type has, from its widest: who may engage on a remote track may do all."""
    return MODES[: MODES.index(allowed) + 1]


def _under(u: Under) -> dict[str, object]:
    return {
        **_extent(u.extent),
        "not_defended_km2": {
            reason: _km2(u.lost_m2[reason]) for reason in REASONS if u.lost_m2[reason] > 0.0
        },
        "because": list(u.because),
    }


def _extent(x: Extent) -> dict[str, object]:
    return {
        "area_km2": _km2(x.area_m2),
        "area_twice_km2": _km2(x.twice_m2),
        "diameter_km": round(x.diameter_m / 1000.0, 2),
        "across_km": round(x.across_m / 1000.0, 2),
        "population": x.population,
        "population_twice": x.twice_population,
        "arrival": None
        if x.arrival is None
        else {
            name: {"min": round(f.low, 1), "median": round(f.median, 1), "max": round(f.high, 1)}
            for name, f in x.arrival.items()
        },
    }


def _soil(n: Soil) -> dict[str, object]:
    return {
        "threatened_km2": _km2(n.threatened_m2),
        "area_km2": _km2(n.area_m2),
        "area_twice_km2": _km2(n.twice_m2),
        "altitude_gap_km2": _km2(n.gap_m2),
        "population_threatened": n.threatened_population,
        "population": n.population,
        "population_twice": n.twice_population,
        "population_uncovered": n.threatened_population - n.population,
        "population_altitude_gap": n.gap_population,
    }


def _km2(area_m2: float) -> float:
    return round(area_m2 / 1e6, 1)
