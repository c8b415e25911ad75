"""Missile classes and the raid: inputs, never searched over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.declare import part, quantity, text
from synaspis.model.nation import Place

BANDS = ("UHF", "L", "S", "C", "X")
PHASES = ("boost", "midcourse", "terminal")
CATEGORIES = ("srbm", "mrbm", "irbm", "icbm", "hgv", "cruise", "rocket")
FLIGHTS = ("ballistic", "quasi-ballistic", "glide", "skip", "cruise")
"""How a class flies. Rocket artillery flies as ballistic missiles do; its category sets it apart."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One rocket stage."""

    burn_s: float = quantity("s", "burn time", above=0, at_most=600)
    propellant_kg: float = quantity("kg", "propellant mass", above=0)
    dry_kg: float = quantity("kg", "mass dropped after burning", at_least=0)
    specific_impulse_s: float = quantity("s", "specific impulse in vacuum", above=100, at_most=480)


@dataclass(frozen=True, kw_only=True)
class Glide:
    """The prescribed profile of a gliding or quasi-ballistic class."""

    top_speed_mps: float = quantity("kmps", "greatest speed at burnout", above=0.5, at_most=7.5)
    apogee_m: float = quantity("km", "greatest height, on the farthest flight", above=15, at_most=500)
    lift_to_drag: float = quantity("1", "lift over drag in the glide", above=0.2, at_most=6)
    end_speed_mps: float = quantity("kmps", "speed at which the glide ends and the dive begins", above=0.3)
    dive_rad: float = quantity("deg", "angle of the dive below the level", at_least=15, at_most=85)
    load: float = quantity(
        "1", "load of pull-up and dive, in multiples of standard gravity", at_least=1, at_most=30
    )
    sideways_share: float = quantity(
        "1", "greatest distance of the path to the right of the geodesic, over its length",
        at_least=0, at_most=0.2,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Cruise:
    """The prescribed profile of a cruise missile, along geodesics over an Earth without terrain."""

    speed_mps: float = quantity("kmps", "cruise speed", above=0.05, at_most=2)
    height_m: float = quantity("km", "cruise height above the ellipsoid", above=0.01, at_most=30)
    climb_rad: float = quantity("deg", "angle of the climb to it", at_least=1, at_most=80)
    dive_rad: float = quantity("deg", "angle of the dive below the level", at_least=1, at_most=85)


@dataclass(frozen=True, kw_only=True)
class Threat:
    """A generic missile class (catalogue kind `threat`)."""

    name: str = text("name of the class")
    title: str = text("what it is, in words")
    status: str = text(
        "how well its existence is known", choices=("demonstrated", "assessed", "hypothetical")
    )
    category: str = text("range category, or the kind of threat that it is", choices=CATEGORIES)
    flight: str = text("how it flies", choices=FLIGHTS, default="ballistic")
    glide: Glide | None = part("its profile, where it glides, skips or is quasi-ballistic", default=None)
    cruise: Cruise | None = part("its profile, where it cruises", default=None)
    propellant: str = text("propellant", choices=("liquid", "solid", "air-breathing"))
    stages: tuple[Stage, ...] = part("the stages, first to last; none where it cruises", default=())
    payload_kg: float = quantity("kg", "mass of what re-enters", above=0)
    diameter_m: float = quantity("m", "body diameter", above=0, at_most=5)
    range_m: float = quantity(
        "km",
        "published range on a standard trajectory, on an Earth that does not turn",
        above=0,
        at_most=20_000,
    )
    ballistic_coefficient_kgpm2: float = quantity(
        "kgpm2", "of what re-enters or glides", above=100, at_most=50_000
    )
    cep_m: float = quantity("m", "radius that holds half of the impacts", above=0, at_most=50_000)
    reliability: float = quantity("1", "chance that it flies as meant", above=0, at_most=1)
    plume_wpsr: float = quantity("kwpsr", "infrared intensity in the satellite's band while burning", above=0)
    cross_section_m2: Mapping[str, Mapping[str, float]] = quantity(
        "m2", "radar cross-section by band and phase", above=0
    )

    @property
    def prescribed(self) -> bool:
        """Whether it flies a prescribed profile and no ballistic trajectory."""
        return self.flight != "ballistic"


@dataclass(frozen=True, kw_only=True)
class OwnThreat:
    """A missile class of the case's own: by its stages, or by range and burn time alone.

    Whatever is not said is that of the class that it is `like`: the one named, or the catalogue's nearest in
    range with the propellant and number of stages that are said.
    """

    name: str = text("name of the class, unlike any in the catalogue")
    title: str = text("what it is, in words", default="")
    like: str = text("class of the catalogue that gives what is not said", names="class", default="")
    status: str = text(
        "how well its existence is known",
        choices=("demonstrated", "assessed", "hypothetical"),
        default="hypothetical",
    )
    propellant: str = text("propellant", choices=("liquid", "solid"), default="")
    stage_count: int | None = quantity("1", "number of stages", at_least=1, at_most=3, default=None)
    stages: tuple[Stage, ...] = part("the stages, first to last", default=())
    range_m: float | None = quantity(
        "km",
        "range on a standard trajectory, on an Earth that does not turn",
        above=50,
        at_most=17_000,
        default=None,
    )
    burn_s: float | None = quantity(
        "s", "burn time of all stages together", above=5, at_most=600, default=None
    )
    payload_kg: float | None = quantity("kg", "mass of what re-enters", above=0, at_most=20_000, default=None)
    diameter_m: float | None = quantity("m", "body diameter", above=0, at_most=5, default=None)
    ballistic_coefficient_kgpm2: float | None = quantity(
        "kgpm2", "of what re-enters", above=100, at_most=50_000, default=None
    )
    cep_m: float | None = quantity(
        "m", "radius that holds half of the impacts", above=0, at_most=50_000, default=None
    )
    reliability: float | None = quantity(
        "1", "chance that it flies as meant", above=0, at_most=1, default=None
    )


@dataclass(frozen=True, kw_only=True)
class LaunchArea:
    """A named place from which a raid's missiles fly: a public site or a region's centre."""

    name: str = text("name, unique in the case")
    nation: str = text("ISO 3166 alpha-3 code of the state it lies in")
    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=360)


OBJECTS: Mapping[str, str] = {"spent_body": "spent-body", "decoy": "simple-decoy"}
"""Kinds of object that fly with a missile, as a raid names them, with their catalogue entries."""


@dataclass(frozen=True, kw_only=True)
class FlyingObject:
    """What flies with a missile above the atmosphere and is no warhead (catalogue kind `object`)."""

    name: str = text("name of the kind")
    title: str = text("what it is, in words")
    cross_section_m2: Mapping[str, float] = quantity("m2", "radar cross-section by band", above=0)


@dataclass(frozen=True, kw_only=True)
class Objects:
    """How many things fly with each missile and are no warhead: an input, never designed here."""

    spent_body: int = quantity("1", "spent bodies, as a last stage", at_least=0, at_most=50, default=0)
    decoy: int = quantity("1", "simple decoys", at_least=0, at_most=50, default=0)


@dataclass(frozen=True, kw_only=True)
class Firing:
    """One row of the raid: `count` missiles of a class from an area at a place."""

    threat: str = text("missile class", names="threat")
    launch: str = text("launch area", names="launch_area")
    target: str = text("asset aimed at", names="asset", default="")
    open_ground: Place | None = part("a point aimed at where no asset is, in place of `target`", default=None)
    count: int = quantity("1", "how many", at_least=1, at_most=500, default=1)
    start_s: float = quantity("s", "time of the first, from the start of the raid", at_least=0, default=0.0)
    interval_s: float = quantity("s", "time between them", at_least=0, default=30.0)
    objects: Objects = part(
        "things above the atmosphere that fly with each one and are no warhead; a bare number counts spent "
        "bodies",
        default=Objects(),
    )
    shape: str = text(
        "trajectory of a ballistic class", choices=("minimum-energy", "lofted", "depressed"),
        default="minimum-energy",
    )  # fmt: skip
    via: tuple[Place, ...] = part("waypoints of a cruise missile, in order", default=())
