"""Interceptors that wait in orbit for missiles which still burn, by public studies: sizing only."""

from __future__ import annotations

from dataclasses import dataclass

from synaspis.model.declare import quantity, text


@dataclass(frozen=True, kw_only=True)
class SpaceInterceptor:
    """A space-based boost-phase interceptor, as a study sizes it (catalogue kind `space-interceptor`).

    `reference_*` is the missile that the study sizes against; `published_*` is what the study says comes out.
    Costs are of the year in which the study counts. What a study does not say is left out.
    """

    name: str = text("name of the type")
    title: str = text("what it is, in words")
    fly_out_mps: float = quantity("kmps", "change of speed out of its orbit", above=0, at_most=20)
    accelerating_s: float = quantity("s", "time in which it gathers that speed", above=0, at_most=300)
    detection_s: float = quantity("s", "from launch to a track that it can be sent at", at_least=0)
    decision_s: float = quantity("s", "from that track to leaving the orbit", at_least=0)
    margin_s: float = quantity("s", "before burnout by which the missile must be met", at_least=0)
    lowest_m: float = quantity("km", "lowest height at which it can meet a missile", at_least=0)
    altitude_m: float = quantity(
        "km", "height of its circular orbit above the equatorial radius", at_least=120, at_most=5000
    )
    inclination_rad: float = quantity("deg", "inclination of its orbit", at_least=0, at_most=180)
    shots: int = quantity("1", "interceptors sent at each missile", at_least=1, at_most=10)
    mass_kg: float = quantity("kg", "mass in orbit of one, with what it waits in", above=0)
    reference_burn_s: float = quantity("s", "burn time of the study's missile", above=0, at_most=600)
    reference_height_m: float = quantity("km", "height at which that missile is met", above=0, at_most=1000)
    reference_latitude_rad: float = quantity("deg", "latitude of its launch", at_least=-90, at_most=90)
    reference_engagements: int = quantity(
        "1", "missiles engaged at nearly the same time", at_least=1, at_most=1000
    )
    published_satellites: int | None = quantity(
        "1", "interceptors in orbit that the study finds", at_least=1, at_most=1_000_000, default=None
    )
    unit_cost_musd: float | None = quantity("musd", "price of one in orbit's hardware", above=0, default=None)
    launch_musdpt: float | None = quantity(
        "musdpt", "price of a tonne brought to orbit", above=0, default=None
    )
    service_life_s: float | None = quantity("yr", "time after which one is replaced", above=0, default=None)
    horizon_s: float | None = quantity("yr", "time over which costs are counted", above=0, default=None)
    operation_musd: float | None = quantity(
        "musd", "price of operating all, a year", at_least=0, default=None
    )
    published_acquisition_musd: float | None = quantity(
        "musd", "acquisition over that time, as the study says", above=0, default=None
    )
    published_total_musd: float | None = quantity(
        "musd", "acquisition and operation over that time, as the study says", above=0, default=None
    )
    published_programme_musd: float | None = quantity(
        "musd", "the whole programme, other layers with it, as the study says", above=0, default=None
    )
