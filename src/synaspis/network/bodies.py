"""What messages say: a form for each product, so that none carries what another one is for.

SI units and radians; times in seconds of the case's clock; positions Earth-fixed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from synaspis.model.draw import die
from synaspis.network.rulebook import Offer

MOST_STATES: Final = 10
ELLIPSE_90: Final = math.sqrt(-2.0 * math.log(0.1))
"""Semi-axis of a 90 % ellipse over sigma: the root of chi-square at 0.9 with two degrees of freedom."""
EARTH_M: Final = 6_371_000.0
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

    One error for each recipient and track, drawn from a secret seed, the same for as long as the track lasts:
    it cannot be averaged away. The covariance or ellipse says how large it is. Measurements are not made
    coarser: they do not go.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, offer: Offer, floor_m: float, recipient: str) -> bytes | None:
        """The body with a one-sigma position error of at least `floor_m`; None where there can be none."""
        body = read(offer.product, offer.body)
        who = (recipient, offer.track)
        if isinstance(body, Track):
            return write(self._track(body, floor_m, who))
        if isinstance(body, ImpactEstimate):
            return write(
                msgspec.structs.replace(body, impact=self._place(body.impact, floor_m, who, "impact"))
            )
        if isinstance(body, Alert):
            places = {
                name: place and self._place(place, floor_m, who, name)
                for name, place in (("origin", body.origin), ("impact", body.impact))
            }
            return write(msgspec.structs.replace(body, **places))
        return write(body) if isinstance(body, EngagementStatus) else None

    def _errors(self, who: Iterable[str], what: str, count: int) -> list[float]:
        """Standard normal numbers."""
        normal, name = NormalDist(), "\0".join(who)
        return [normal.inv_cdf(die(self._seed, f"coarser {what}", name, n)) for n in range(count)]

    def _track(self, body: Track, floor_m: float, who: tuple[str, str]) -> Track:
        sigma_m = floor_m / math.sqrt(3.0)
        errors = self._errors(who, "track", 3)
        mean = list(body.mean)
        covariance, row = list(body.covariance), 0
        for axis in range(3):
            mean[axis] += sigma_m * errors[axis]
            covariance[row] += sigma_m**2
            row += len(mean) - axis
        return msgspec.structs.replace(body, mean=tuple(mean), covariance=tuple(covariance))

    def _place(self, place: Place, floor_m: float, who: tuple[str, str], what: str) -> Place:
        sigma_m = floor_m / math.sqrt(2.0)
        north, east = self._errors(who, what, 2)
        latitude_rad = place.latitude_rad + sigma_m * north / EARTH_M
        latitude_rad = min(max(latitude_rad, -math.pi / 2), math.pi / 2)
        shrink = max(math.cos(latitude_rad), 0.01)
        longitude_rad = place.longitude_rad + sigma_m * east / (EARTH_M * shrink)
        return Place(
            latitude_rad,
            math.remainder(longitude_rad, 2.0 * math.pi),
            math.hypot(place.semi_major_m, ELLIPSE_90 * sigma_m),
            math.hypot(place.semi_minor_m, ELLIPSE_90 * sigma_m),
            place.azimuth_rad,
        )
