"""Single flights: flown, held against published ranges, and reconstructed from claims."""

from __future__ import annotations

import os
from collections.abc import Sequence

from synaspis.api.given import version
from synaspis.files.case import load
from synaspis.model.answers import FlyAnswer, RangeCheck
from synaspis.model.booster import Booster
from synaspis.model.case import Case
from synaspis.model.reconstruction import Reconstruction, claim_of


def fly(
    threat: str,
    start: str | tuple[float, float],
    end: str | tuple[float, float],
    shape: str = "minimum-energy",
    case: Case | str | os.PathLike[str] | None = None,
    via: Sequence[str | tuple[float, float]] = (),
) -> FlyAnswer:
    """Fly a class of the catalogue, or of `case`, from `start` to `end`.

    Places are (latitude, longitude) in degrees, or text as `39.28,125.87`; `via` are a cruise missile's
    waypoints. InputError with every problem of the arguments at once; UnreachableError, with how far it
    flies, where the class does not get there.
    """
    from synaspis.engine.vehicles import SHAPES
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments
    from synaspis.files.borders import borders
    from synaspis.studies import flight

    own = None if case is None else case if isinstance(case, Case) else load(case)
    problems: list[Problem] = []
    kind = arguments.threat(problems, threat, own)
    places = arguments.two_places(problems, start, end)
    arguments.word(problems, "--shape", shape, SHAPES)
    waypoints = tuple(p for v in via if (p := arguments.place(problems, "--via", v)) is not None)
    if kind is not None:
        arguments.profile(problems, kind, shape, bool(via))
    if problems or kind is None or places is None:
        raise InputError(problems)
    return flight.fly(kind, *places, shape, borders(), waypoints)


def range_check(threat: str) -> RangeCheck:
    """How far a class of the catalogue flies, against its published range. InputError where there is none."""
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments, catalog
    from synaspis.studies import range_check as study

    problems: list[Problem] = []
    kind = arguments.threat(problems, threat)
    if kind is None:
        raise InputError(problems)
    published = next(f for f in catalog.entry(threat).facts if f.parameter == "range")
    return study.range_check(kind, published.low, published.high)


def reconstruct(
    apogee_km: float,
    range_km: float,
    site: str | tuple[float, float] | None = None,
    bearing_deg: float | None = None,
    times_s: Sequence[float] = (),
    propellant: str | None = None,
    stages: int | None = None,
) -> Reconstruction:
    """The flight that fits a claimed apogee and ground range, and whether the claim is to be believed.

    `site` is (latitude, longitude) in degrees, or text as `39.28,125.87`; `bearing_deg` leads from there to
    the impact. Without them the Earth does not turn. Each of `times_s` gets a verdict. Where `propellant`
    (liquid, solid) is not said the bands hold both; `stages` (1 to 3) follow from the energy where they are
    not. InputError with everything that makes it no question.
    """
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments
    from synaspis.files.borders import borders
    from synaspis.files.catalog import shipped
    from synaspis.studies import overflight
    from synaspis.studies import reconstruct as study

    problems: list[Problem] = []
    place = None if site is None else arguments.place(problems, "--from", site) or _ANY_PLACE
    try:
        claim = claim_of(apogee_km, range_km, place, bearing_deg, times_s, propellant, stages)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        raise InputError(problems)
    catalog = shipped()
    boosters = {name: catalog.get(name) for name in catalog.names("booster")}
    return study.reconstruct(
        claim,
        {name: (item.noun, item.entry) for name, item in boosters.items() if isinstance(item.noun, Booster)},
        version(),
        None if place is None else bool(overflight.on_land(borders(), [place])[0]),
    )


_ANY_PLACE = (0.0, 0.0)
"""Stands for a place that cannot be read, so that whatever else is wrong is found too."""
