"""What studies return. Plain frozen data: files write it, reports draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from synaspis.model.layers import LayersAnswer
    from synaspis.model.stability import Stability
    from synaspis.model.stock import StockAnswer

CAUSES = ("not_seen", "not_released", "no_mandate", "no_authority", "too_late", "no_rounds")
"""Gates that a shot must pass, in order; a lost shot is counted under the first that failed."""

MOST_DRAWN = 40
"""Points of one flight in pictures: in free fall a chord of 50 s leaves the path by 3 km."""

SWITCHES = ("information", "mandate", "authority", "coordination")
"""The four groups of clauses into which the difference of two regimes is split."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Luck: the mean and the 5th and 95th percentile over trials."""

    mean: float
    p05: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class Warning:
    """Seconds of warning over trials and attacked assets, weighted by population; zeros included."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class NationAnswer:
    """What a regime means for one nation. People are counts of people, times are seconds."""

    warning_s: Warning
    warned_people: Mapping[int, float]
    """People with at least 90, 300 and 600 s of warning, mean over trials."""
    leakers_mean: float
    protected_population: float
    population_at_risk: float
    covered_population: float
    covered_twice_population: float
    warned_needlessly: float = 0.0
    """People warned of a missile that would not have landed on them, mean over trials."""


@dataclass(frozen=True, kw_only=True)
class LostShot:
    """Shots that a battery never fired at a threat within its reach: the first gate that failed."""

    battery: str
    threat: str
    cause: str
    mean: float
    clauses: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """The same raid with simple countermeasures: how far exo-atmospheric defence then falls."""

    leakers: Spread
    p_no_leaker: float
    protected_population: float
    wasted: float = 0.0
    """Rounds that went at things which fly with a missile and are no warhead, mean over trials."""


@dataclass(frozen=True, kw_only=True)
class RegimeAnswer:
    """One regime's outcome over all trials."""

    name: str
    title: str
    leakers: Spread
    p_no_leaker: float
    protected_population: float
    protected_spread: Spread
    population_at_risk: float
    prevented_impacts: Spread
    covered_population: float
    covered_twice_population: float
    rounds: Mapping[str, float]
    rounds_spread: Mapping[str, Spread]
    kills: Mapping[str, float]
    kills_by_layer: Mapping[str, float]
    nations: Mapping[str, NationAnswer]
    shots_lost: Mapping[str, float]
    lost: tuple[LostShot, ...]
    simple_countermeasures: Column | None = None
    wasted: Mapping[str, float] = field(default_factory=dict)
    """By battery: rounds that went at what flies with a missile and is no warhead, mean over trials."""
    doubled: Mapping[str, float] = field(default_factory=dict)
    """By battery: rounds launched at a missile that another owner, who had not told, had rounds on their way
    to or had killed, mean over trials."""
    layers: LayersAnswer | None = None
    stock: StockAnswer | None = None


@dataclass(frozen=True, kw_only=True)
class ClauseGain:
    """People no longer protected when this one clause of the headline regime is left out."""

    id: str
    agreement: str
    group: str
    gain: float
    assumed: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`headline` minus `against` in protected people, split over the four switches (they add up).

    `hypothetical` is how much less it is where missiles of hypothetical classes are left out of the count.
    """

    headline: str
    against: str
    whole: float
    information: float
    mandate: float
    authority: float
    coordination: float
    clauses: tuple[ClauseGain, ...]
    hypothetical: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Flight:
    """One missile of the raid, for pictures.

    `points` (P, 4): time s, latitude deg, longitude deg, altitude km. `category` is its class's.
    """

    threat: str
    type: str
    status: str
    launch: str
    target: str
    nation: str
    launch_s: float
    burnout_s: float
    impact_s: float
    apogee_km: float
    range_km: float
    points: NDArray[np.float64]
    category: str = ""

    @property
    def drawn(self) -> NDArray[np.float64]:
        """Rows of `points` that pictures and exports show, rounded: no finer path is given away."""
        count = len(self.points)
        kept = np.unique(np.linspace(0, count - 1, min(count, MOST_DRAWN)).round().astype(np.int64))
        return np.round(self.points[kept], 3)


@dataclass(frozen=True, kw_only=True)
class SiteMark:
    """A sensor, battery or asset on a map. `reach_km` is a radar's instrumented range or a battery's.

    `kind` is radar, satellite, aircraft, battery, or the asset's. `domain` is `sea` for a battery aboard a
    ship, else `land`.
    """

    name: str
    kind: str
    type: str
    owner: str
    operator: str
    host: str
    latitude_deg: float
    longitude_deg: float
    facing_deg: float
    sector_deg: float
    reach_km: float
    population: float
    domain: str = "land"


@dataclass(frozen=True, kw_only=True)
class SceneEvent:
    """Something that happened in the shown trial, where it happened, in words.

    `kind`: seen, known, ordered, fired, hit, missed, failed (in flight) or landed.
    """

    time_s: float
    kind: str
    who: str
    nation: str
    threat: str
    latitude_deg: float
    longitude_deg: float
    height_km: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One trial of a regime, event by event: what a picture plays."""

    trial: int
    events: tuple[SceneEvent, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionTime:
    """The price of a second: people covered at least once and twice if every decision took `decision_s`.

    Arrays run over `decision_s`; `nations` holds (once, twice) of each nation.
    """

    decision_s: tuple[float, ...]
    once: tuple[float, ...]
    twice: tuple[float, ...]
    nations: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Arrays behind the answer, by table and column, as written to Parquet."""

    columns: Mapping[str, Mapping[str, NDArray[np.generic]]]


@dataclass(frozen=True, kw_only=True)
class Band:
    """Ignorance: the answer with the catalogue's values, and the 5th and 95th percentile over draws."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class RegimeIgnorance:
    """One regime's outcome over draws; each draw counts with its mean over trials."""

    leakers: Band
    p_no_leaker: Band
    protected_population: Band
    warning_s: Mapping[str, Band]
    """Median warning by nation."""


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A public figure and what it does alone: the answer with it at either end of its band.

    `value`, `low` and `high` are in `unit`; `at_low` and `at_high` in the unit of what is moved.
    `direction` says what the answer does as the figure grows: `rises`, `falls` or `neither`.
    `correlation` is that of ranks over the draws.
    """

    entry: str
    title: str
    parameter: str
    unit: str
    value: float
    low: float
    high: float
    confidence: str
    at_low: float
    at_high: float
    direction: str
    correlation: float


@dataclass(frozen=True, kw_only=True)
class Ignorance:
    """What doubt about the public figures does to the answer, apart from luck.

    `figures` is how many figures have a band with width. `moved` names what the movers move (people
    protected: `A less B`, or `A` where no two regimes are compared), and `at_value` is its size with the
    catalogue's values.
    """

    draws: int
    figures: int
    regimes: Mapping[str, RegimeIgnorance]
    difference: Mapping[str, Band]
    moved: str
    at_value: float
    movers: tuple[Mover, ...]
    drawn_back: int
    """Draws in which a missile class had to be moved towards its catalogue values to reach its targets."""


@dataclass(frozen=True, kw_only=True)
class RunAnswer:
    """Everything a run found."""

    case: str
    title: str
    date: str
    seed: int
    trials: int
    version: str
    regimes: Mapping[str, RegimeAnswer]
    difference: Difference | None
    flights: tuple[Flight, ...]
    sites: tuple[SiteMark, ...]
    tables: Tables
    self_check: Mapping[str, float]
    notes: tuple[str, ...]
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    price_of_a_second: Mapping[str, DecisionTime] = field(default_factory=dict)
    ignorance: Ignorance | None = None
    stability: Stability | None = None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of a ground track that lies over one area of the map.

    `nation` is an ISO 3166 alpha-3 code, "" where the map draws an area that has none; heights are those
    of the trajectory above it.
    """

    nation: str
    name: str
    from_s: float
    to_s: float
    length_km: float
    lowest_km: float
    highest_km: float


@dataclass(frozen=True, kw_only=True)
class FlyAnswer:
    """One trajectory of a class between two places, (latitude, longitude) in degrees.

    Speeds are those over the turning Earth. `reentry_angle_deg` lies below the level at `reentry_height_km`
    on the way down. `points` (P, 4): time s, latitude deg, longitude deg, altitude km.
    """

    threat: str
    title: str
    status: str
    shape: str
    start: tuple[float, float]
    end: tuple[float, float]
    distance_km: float
    time_s: float
    apogee_km: float
    burnout_time_s: float
    burnout_speed_mps: float
    impact_speed_mps: float
    reentry_angle_deg: float
    reentry_height_km: float
    closure_error_m: float
    track_km: float
    overflown: tuple[str, ...]
    """Nations under the track, launch and target included, in the order in which it first meets them."""
    stretches: tuple[Stretch, ...]
    points: NDArray[np.float64]
    borders: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RangeCheck:
    """How far a class flies on an Earth that does not turn, against its published range, in km.

    `verdict`: `within` the published band, `margin` (above it by no more than the margin of its sizing),
    `beyond` that, or `short` of the band. `by_direction` is the same on the turning Earth, from the equator;
    empty for prescribed profiles, which know no such thing.
    """

    flown_km: float
    published_km: float
    low_km: float
    high_km: float
    verdict: str
    because: str
    by_direction: Mapping[str, float]
