"""What a case says for planning: where more could stand, who would host, what stock there is to share out."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.declare import part, quantity, text


@dataclass(frozen=True, kw_only=True)
class PlanSite:
    """A place where a battery or a sensor could stand, of the defenders' choosing."""

    name: str = text("name, unique in the case")
    host: str = text("nation on whose soil it is, or whose ship would stand there", names="nation")
    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=360)
    height_m: float = quantity("m", "height above the ellipsoid", at_least=-500, at_most=9000, default=0.0)
    facing_rad: float | None = quantity(
        "deg", "azimuth of the middle of its sector (towards the launch areas where left out)",
        at_least=-360, at_most=360, default=None,
    )  # fmt: skip
    domain: str = text("ashore or at sea", choices=("land", "sea"), default="land")


@dataclass(frozen=True, kw_only=True)
class Willing:
    """A nation that would host what others own, though no basing agreement in force says so yet."""

    host: str = text("the host", names="nation")
    owners: tuple[str, ...] = text("whose batteries and sensors", names="party")
    source: str = text("where it is known from", default="")


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Rounds of a type that an owner has to share out over its batteries."""

    interceptor: str = text("interceptor type", names="interceptor")
    owner: str = text("nation that owns the rounds", names="nation")
    rounds: int = quantity("1", "how many", at_least=0, at_most=10_000)


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A share of the people at risk who must be protected whatever else the plan does."""

    of: str = text("a nation, or an asset by name", names="protected")
    share: float = quantity("1", "share of its people at risk", at_least=0, at_most=1)


@dataclass(frozen=True, kw_only=True)
class Planning:
    """Input of `synaspis plan`; a case without it is planned with what stands in it."""

    sites: tuple[PlanSite, ...] = part(
        "candidate sites (the assets' places and existing sites where left out)", default=()
    )
    allow: tuple[str, ...] = text(
        "types that may be added (those in the case where left out)", names="hardware", default=()
    )
    hosts: tuple[Willing, ...] = part("who would host whom, beside the agreements", default=())
    stock: tuple[Pool, ...] = part(
        "rounds to share out by type and owner (what the owner's batteries hold where left out)", default=()
    )
    require: tuple[Floor, ...] = part("least shares of people at risk to be protected", default=())
