"""What messages say: a form for each product, so that none carries what another one is for.

SI units and radians; times in seconds of the case's clock; positions Earth-fixed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
import numpy as np
from msgspec import Meta

from synaspis.engine.geometry import Floats
from synaspis.engine.live_blur import Blur, Errors, each_way_m, off_place, wider_m
from synaspis.network.rulebook import Offer

MOST_STATES: Final = 10
Word = Annotated[str, Meta(max_length=60)]
Latitude = Annotated[float, Meta(ge=-math.pi / 2, le=math.pi / 2)]
Longitude = Annotated[float, Meta(ge=-math.pi, le=math.pi)]
Length = Annotated[float, Meta(ge=0.0, le=4e7)]


class _Form(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What all forms have in common."""


class Place(_Form, frozen=True):
    """Where on the ground: the ellipse that holds it with 90 %; `azimuth_rad` of its long axis from north."""

    latitude_rad: Latitude
    longitude_rad: Longitude
    semi_major_m: Length
    semi_minor_m: Length
    azimuth_rad: float


class Alert(_Form, frozen=True):
    """Something was launched: when it was seen, and where it comes from and goes to as far as is known."""

    seen_s: float
    origin: Place | None
    impact: Place | None
    impact_s: float | None
    category: Word | None


class ImpactEstimate(_Form, frozen=True):
    """Where and when it will come down; `sigma_s` of the time."""

    impact: Place
    impact_s: float
    sigma_s: float


class Track(_Form, frozen=True):
    """Position, velocity and what else the filter carries, at a time; the covariance's rows one by one, each
    from its diagonal on. `phase` is the filter's name for how it moves, which says what the rest means."""

    time_s: float
    mean: Annotated[tuple[float, ...], Meta(min_length=6, max_length=MOST_STATES)]
    covariance: Annotated[tuple[float, ...], Meta(max_length=MOST_STATES * (MOST_STATES + 1) // 2)]
    phase: Word = ""


class Measurement(_Form, frozen=True):
    """A radar's or a satellite's look, as in `model.measurement`; None for what was not measured.

    `place_m` is the station's at that time.
    """

    station: Word
    kind: Word
    time_s: float
    values: tuple[float | None, float | None, float | None, float | None]
    covariance: Annotated[tuple[float | None, ...], Meta(min_length=10, max_length=10)]
    place_m: tuple[float, float, float]


class EngagementStatus(_Form, frozen=True):
    """Who fights which threat and how it stands: `planned`, `fired`, `hit`, `missed` or `given up`."""

    battery: Word
    threat: Annotated[int, Meta(ge=0, le=2**53)]
    phase: Word
    time_s: float


class Request(_Form, frozen=True):
    """May this battery engage that threat? An answer after `until_s` is too late.

    `clause` is the one under which it is asked: who is asked in several roles is asked in each.
    """

    battery: Word
    threat: Annotated[int, Meta(ge=0, le=2**53)]
    until_s: float
    clause: Annotated[str, Meta(max_length=200)]


class Vote(_Form, frozen=True):
    """The answer to the request of that number."""

    request: Annotated[int, Meta(ge=0, le=2**53)]
    yes: bool


class Order(_Form, frozen=True):
    """The event that an engagement was ordered, in the exercise; it steers nothing."""

    request: Annotated[int, Meta(ge=0, le=2**53)]
    battery: Word
    threat: Annotated[int, Meta(ge=0, le=2**53)]


class Words(_Form, frozen=True):
    """What people of one nation write to those of another."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]


Body = Alert | ImpactEstimate | Track | Measurement | EngagementStatus | Request | Vote | Order | Words
FORMS: Final[Mapping[str, type[Any]]] = {
    "alert": Alert,
    "impact_estimate": ImpactEstimate,
    "track": Track,
    "fire_control_track": Track,
    "measurement": Measurement,
    "engagement_status": EngagementStatus,
    "request": Request,
    "vote": Vote,
    "order": Order,
    "words": Words,
}
PHASES: Final = ("planned", "fired", "hit", "missed", "given up")
_decoders = {product: msgspec.msgpack.Decoder(form) for product, form in FORMS.items()}
_encode = msgspec.msgpack.Encoder().encode


def write(body: Body) -> bytes:
    """A body as a message carries it. ValueError for numbers that are not finite: our own mistake."""
    if not _finite(body):
        raise ValueError(f"a number that is not finite in {body}")
    return _encode(body)


@functools.lru_cache(maxsize=4_096)
def read(product: str, told: bytes) -> Body | None:
    """What a message says, None where it is not of its product's form."""
    try:
        found: Body = _decoders[product].decode(told)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError):
        return None
    if not _finite(found) or _encode(found) != told:
        return None
    if isinstance(found, Track) and len(found.covariance) != len(found.mean) * (len(found.mean) + 1) // 2:
        return None
    return None if isinstance(found, EngagementStatus) and found.phase not in PHASES else found


def why_not(product: str, told: bytes) -> str:
    """Why a body is not of its product's form, "" if it is."""
    return "" if read(product, told) is not None else f"its body is no {product}"


def _finite(body: Any) -> bool:
    if isinstance(body, float):
        return math.isfinite(body)
    if isinstance(body, tuple):
        try:
            return all(map(math.isfinite, body))  # most are of numbers alone
        except TypeError:
            return all(map(_finite, body))
    return not isinstance(body, msgspec.Struct) or all(map(_finite, msgspec.structs.astuple(body)))


class Coarser:
    """Makes what it is given no better than a one-sigma position error, by an error of its own.

    As `engine.live_blur` has it: the same for as long as a track lasts, told true in covariance or ellipse.
    Measurements are not made coarser: they do not go.
    """

    def __init__(self, seed: int) -> None:
        """`seed` is the owner's secret."""
        self._blur, self._errors = Blur(seed=seed), dict[float, Errors]()

    def __call__(self, offer: Offer, floor_m: float) -> bytes | None:
        """The body with a one-sigma position error of at least `floor_m`; None where there can be none."""
        body = read(offer.product, offer.body)
        errors = self._errors.setdefault(floor_m, self._blur.of("", floor_m))
        off = errors(offer.track)
        if isinstance(body, Track):
            return write(_off_track(body, floor_m, off))
        if isinstance(body, ImpactEstimate):
            return write(msgspec.structs.replace(body, impact=_off_place(body.impact, floor_m, off)))
        if isinstance(body, Alert):
            impact = body.impact and _off_place(body.impact, floor_m, off)
            origin = body.origin and _off_place(body.origin, floor_m, errors(f"{offer.track} origin"))
            return write(msgspec.structs.replace(body, impact=impact, origin=origin))
        return write(body) if isinstance(body, EngagementStatus) else None


def _off_track(body: Track, floor_m: float, errors: Floats) -> Track:
    sigma_m, mean, covariance, row = each_way_m(floor_m), list(body.mean), list(body.covariance), 0
    for axis in range(3):
        mean[axis] += sigma_m * float(errors[axis])
        covariance[row] += sigma_m**2
        row += len(mean) - axis
    return msgspec.structs.replace(body, mean=tuple(mean), covariance=tuple(covariance))


def _off_place(place: Place, floor_m: float, errors: Floats) -> Place:
    latitude, longitude = off_place(
        np.array([place.latitude_rad]), np.array([place.longitude_rad]), floor_m, errors
    )
    major, minor = wider_m(np.array([place.semi_major_m, place.semi_minor_m]), floor_m).tolist()
    return Place(float(latitude[0]), float(longitude[0]), major, minor, place.azimuth_rad)
