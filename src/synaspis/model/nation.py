"""Nations, alliances, and the places they defend."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.declare import quantity, text


@dataclass(frozen=True, kw_only=True)
class WarningPractice:
    """How a nation turns an alert into a siren (catalogue kind `warning`)."""

    name: str = text("name of the entry")
    zone_m: float = quantity(
        "km", "semi-major axis of the 90 % impact ellipse up to which the public is warned", above=0
    )
    dissemination_s: float = quantity("s", "from the nation's alert to people hearing it", at_least=0)


@dataclass(frozen=True, kw_only=True)
class Nation:
    """A state, by ISO 3166 alpha-3 code."""

    code: str = text("ISO 3166 alpha-3 code")
    warning: str = text("warning practice", names="warning", default="public-warning")


@dataclass(frozen=True, kw_only=True)
class Alliance:
    """A named group of nations: an alliance, or a community that shares something.

    Its name may stand wherever a clause names nations. A group may have other groups as members.
    """

    name: str = text("name of the alliance or community")
    members: tuple[str, ...] = text("its members", names="party")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A point on the WGS84 ellipsoid."""

    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=360)
    height_m: float = quantity("m", "height above the ellipsoid", at_least=-500, at_most=9000, default=0.0)


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A defended city, base or place."""

    name: str = text("name, unique in the case")
    nation: str = text("whose territory and people", names="nation")
    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=360)
    population: float = quantity("people", "people who live or serve there", at_least=0, at_most=5e7)
    radius_m: float = quantity(
        "km", "a missile landing within it counts", above=0, at_most=100, default=10_000.0
    )
    kind: str = text("what it is", choices=("city", "base"), default="city")
    forces: tuple[str, ...] = text("nations whose forces are stationed there", names="nation", default=())
