"""Interceptors and the batteries that fire them. A shot is a probability, never a guidance law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model import fielded
from synaspis.model.declare import part, quantity, text
from synaspis.model.threat import CATEGORIES


@dataclass(frozen=True, kw_only=True)
class Interceptor:
    """An interceptor type (catalogue kind `interceptor`)."""

    name: str = text("name of the type")
    title: str = text("what it is, in words")
    layer: str = text("where it engages", choices=("boost", "midcourse", "terminal"))
    engages: tuple[str, ...] = text("threat categories on its list; never any other", choices=CATEGORIES)
    remote: str = text(
        "what track it may use: its own radar's, a remote one to launch, or a remote one throughout",
        choices=("own", "launch", "engage"),
    )
    burnout_speed_mps: float = quantity("kmps", "speed at burnout", above=0, at_most=10)
    burn_s: float = quantity("s", "burn time, all stages", above=0, at_most=300)
    slowing_length_m: float = quantity(
        "km", "coast distance over which drag takes 63 % of the speed", above=0
    )
    range_m: float = quantity("km", "ground range limit", above=0, at_most=6000)
    minimum_altitude_m: float = quantity("km", "lowest intercept", at_least=0, at_most=500)
    maximum_altitude_m: float = quantity("km", "highest intercept", above=0, at_most=3000)
    handover_radius_m: float = quantity(
        "km", "one-sigma error predicted to the intercept within which a fire-control track must lie", above=0
    )
    handover_s: float = quantity(
        "s", "time before intercept at which that is tested again", at_least=0, at_most=200
    )
    reaction_s: float = quantity("s", "from order to launch", at_least=0, at_most=300)
    assess_s: float = quantity("s", "from intercept to knowing whether it worked", at_least=0, at_most=120)
    wrong_look: float = quantity("1", "chance that the look afterwards is wrong", at_least=0, at_most=0.5)
    p_kill: Mapping[str, float] = quantity(
        "1", "chance that one shot kills, by threat category", at_least=0, at_most=1
    )
    correlation: float = quantity(
        "1",
        "correlation of the outcomes of its shots in one raid beyond a fault of the type: 0 where they are "
        "independent; the kill chance of a raid is drawn from the Beta distribution with this intra-class "
        "correlation",
        at_least=0,
        at_most=0.95,
        default=0.0,
    )
    p_type_defect: float = quantity(
        "1", "chance that a fault common to the type spoils all its shots in a raid", at_least=0, at_most=0.9
    )
    p_confusion: float = quantity(
        "1",
        "chance that discrimination fails for a threat, for every exo-atmospheric shot at it, and that an "
        "object which flies with the threat is taken for the warhead",
        at_least=0,
        at_most=0.9,
    )
    p_confusion_countermeasures: float = quantity(
        "1", "the same chances where the threat carries simple countermeasures", at_least=0, at_most=0.99
    )
    unit_cost_musd: float | None = quantity(
        "musd", "price of one round, millions of US dollars", above=0, at_most=10_000, default=None
    )
    life_s: float | None = quantity("yr", "years that one round serves", above=0, at_most=100, default=None)
    makers: tuple[str, ...] = text("nations that make it and decide its transfer", default=())


@dataclass(frozen=True, kw_only=True)
class System:
    """A battery type (catalogue kind `system`): interceptor, radar, rounds, channels."""

    name: str = text("name of the type")
    title: str = text("what it is, in words")
    interceptor: str = text("interceptor type", names="interceptor")
    radar: str = text("its own radar", names="radar")
    rounds: int = quantity("1", "rounds ready to fire", at_least=0, at_most=2000)
    channels: int = quantity("1", "engagements at the same time", at_least=1, at_most=500)
    launch_interval_s: float = quantity("s", "time between launches", at_least=0, at_most=120)
    domain: str = text("where it stands: ashore or aboard a ship", choices=("land", "sea"), default="land")
    unit_cost_musd: float | None = quantity(
        "musd", "price of one with its radar and without rounds, millions of US dollars", above=0,
        at_most=100_000, default=None,
    )  # fmt: skip
    fielding_musd: float | None = fielded.fielding()
    operation_musd: float | None = fielded.operation()
    life_s: float | None = fielded.life()
    cost_share: float = fielded.cost_share()
    makers: tuple[str, ...] = text("nations that make it and decide its transfer", default=())


@dataclass(frozen=True, kw_only=True)
class SalvoByValue:
    """Rounds fired together at a missile aimed at a place with many people."""

    at_least_people: float = quantity("1", "fewest people there", at_least=0)
    salvo: int = quantity("1", "rounds fired together", at_least=1, at_most=8)


@dataclass(frozen=True, kw_only=True)
class Battery:
    """A deployed battery. Its own radar joins the case as the sensor `NAME/radar`."""

    name: str = text("name, unique in the case")
    system: str = text("battery type", names="system")
    owner: str = text("nation that owns it", names="nation")
    operator: str = text("nation that runs it (the owner where left out)", names="nation", default="")
    host: str = text("nation on whose soil it stands (the owner where left out)", names="nation", default="")
    latitude_rad: float = quantity("deg", "geodetic latitude", at_least=-90, at_most=90)
    longitude_rad: float = quantity("deg", "longitude", at_least=-180, at_most=360)
    height_m: float = quantity("m", "height above the ellipsoid", at_least=-500, at_most=9000, default=0.0)
    facing_rad: float = quantity("deg", "azimuth of the middle of its sector", at_least=-360, at_most=360)
    rounds: int | None = quantity(
        "1", "rounds ready (the type's where left out)", at_least=0, at_most=2000, default=None
    )
    doctrine: str = text(
        "a salvo and a look in turn; two salvos in sequence before each look; or one salvo and no more",
        choices=("shoot-look-shoot", "shoot-shoot-look", "barrage"),
        default="shoot-look-shoot",
    )
    salvo: int = quantity("1", "rounds fired together at one target", at_least=1, at_most=8, default=1)
    salvo_by_value: tuple[SalvoByValue, ...] = part(
        "other salvos at missiles aimed at places with many people: of the lines that hold, the highest",
        default=(),
    )
    reserve: int = quantity(
        "1", "rounds that it keeps back for later waves", at_least=0, at_most=2000, default=0
    )
    reserve_until_s: float | None = quantity(
        "s",
        "from when in the raid it fires its reserve too (never where left out)",
        at_least=0,
        default=None,
    )
    availability: float = quantity(
        "1", "chance that it stands ready when the raid comes", above=0, at_most=1, default=1.0
    )
    source: str = text("where it is known from", default="")
    bought: dt.date | None = fielded.bought()
    since: dt.date | None = fielded.since()
    until: dt.date | None = fielded.until()
    reloads: int = quantity(
        "1", "rounds held at the battery to fill its launchers again", at_least=0, at_most=5000, default=0
    )
    reload_s: float = quantity(
        "h", "time to fill all its launchers again", at_least=0, at_most=500, default=3600.0
    )
