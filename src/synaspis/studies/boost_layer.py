"""How many interceptors in orbit a boost-phase layer takes, and what it costs: sizing from public figures.

Nothing is searched on the attacker's side: launch areas and classes are those of the case, one at a time, in
the case's order, and the study's own missile for a measure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synaspis import units
from synaspis.engine.flights import Order, fly
from synaspis.engine.geometry import STEP_S
from synaspis.engine.world import raid
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model import draw
from synaspis.model.answers import Band
from synaspis.model.boost_layer import ASSURED, BoostAnswer, Engagement, Simulated, Sweep
from synaspis.model.case import Case
from synaspis.model.fact import Entry
from synaspis.model.space_interceptor import SpaceInterceptor
from synaspis.model.threat import LaunchArea, Threat
from synaspis.studies import absentee, layer_cost
from synaspis.studies.absentee import Rising

Floats = NDArray[np.float64]

SEED, DRAWS = 1, 200
MOST_SATELLITES = 50_000
"""Larger patterns are not counted one by one."""
ASSURED_STEP, MOST_STEPS, MOST_ASSURED = 1.04, 30, 20_000
"""Patterns tried for a number that is enough at nearly all times: each so much larger than the last."""
SWEPT = {
    "burn_s": ("s", np.arange(80.0, 301.0, 10.0)),
    "decision_s": ("s", np.arange(0.0, 121.0, 5.0)),
    "fly_out_kmps": ("km/s", np.arange(2.0, 10.01, 0.5)),
}
LATITUDES_DEG = np.arange(0.0, 81.0, 1.0)


def boost_layer(
    case: Case, i: SpaceInterceptor, entry: Entry, engagements: int | None, version: str, jobs: int
) -> BoostAnswer:
    """The layer that `i` makes: interceptors in reach of each launch, satellites needed, sweeps and cost."""
    count = engagements or i.reference_engagements
    drawn = _drawn(i, entry)
    reference = _reference(i)
    missiles = _launches(case, jobs)
    satellites = i.published_satellites or _whole(_needed(i, count, absentee.shares([_row(i, reference)])[0]))
    counted = _count(case, i, satellites, [reference, *(m for _, _, m in missiles)], count, jobs)
    told = _engagement(i, drawn, (None, None, reference), satellites, count, counted[0], _burns(i, drawn))
    launches = tuple(
        _engagement(i, drawn, found, satellites, count, seen, _class_burns(case, found[1], found[2]))
        for found, seen in zip(missiles, counted[1:], strict=True)
    )
    share = float(absentee.shares([_row(i, reference)])[0])
    asked = None if math.isinf(told.satellites.value) else layer_cost.cost(i, drawn, told.satellites)
    return BoostAnswer(
        case=case.name, title=case.file.title, date=case.file.date.isoformat(), version=version,
        seed=SEED, trials=DRAWS, regimes=tuple(r.name for r in case.file.regimes),
        interceptor=i, engagements=count, satellites=satellites, planes=absentee.planes_of(satellites),
        share=share, reference=told, launches=launches,
        assured=_assured(case, i, reference, count * i.shots, told.satellites.value, jobs),
        sweeps=tuple(_sweep(i, drawn, name, count) for name in SWEPT),
        latitudes_deg=tuple(LATITUDES_DEG.tolist()), by_latitude=_by_latitude(i, reference, satellites),
        published=layer_cost.cost(i, drawn, Band(value=satellites, low=satellites, high=satellites)),
        asked=asked, notes=_left_out(case, [threat.name for _, threat, _ in missiles]),
    )  # fmt: skip


def _whole(satellites: float) -> int:
    """At most as many as are counted one by one."""
    return math.ceil(min(satellites, MOST_SATELLITES))


def _drawn(i: SpaceInterceptor, entry: Entry) -> list[SpaceInterceptor]:
    """The interceptor with its figures drawn from their bands, DRAWS times; whole numbers stay."""
    facts = [f for f in entry.facts if f.low < f.high]
    return [
        draw.with_values(
            i,
            {
                f.parameter: units.to_si(draw.throw(f, draw.die(SEED, entry.name, f.parameter, k)), f.unit)
                for f in facts
            },
        )
        for k in range(DRAWS)
    ]


def _reference(i: SpaceInterceptor) -> Rising:
    """The study's own missile, met at one height."""
    return Rising(
        i.reference_latitude_rad, 0.0, np.zeros(1), np.array([i.reference_height_m]), i.reference_burn_s
    )


def _row(i: SpaceInterceptor, m: Rising) -> tuple[float, ...]:
    return absentee.row(i, m, m.burn_s)


def _burns(i: SpaceInterceptor, drawn: Sequence[SpaceInterceptor]) -> list[tuple[float, Rising]]:
    """The study's missile in each draw, with its burn time."""
    return [(d.reference_burn_s, _reference(d)) for d in drawn]


def _class_burns(case: Case, threat: Threat | None, m: Rising) -> list[tuple[float, Rising]]:
    """A class's missile in each draw: its stages' burn times from their bands, its heights at their pace."""
    entry = case.entries.get(threat.name) if threat is not None else None
    facts = [f for f in (entry.facts if entry else ()) if re.fullmatch(r"stages\.\d+\.burn", f.parameter)]
    whole = sum(f.value for f in facts)
    if entry is None or whole <= 0.0:
        return [(m.burn_s, m)] * DRAWS
    pace = [
        sum(draw.throw(f, draw.die(SEED, entry.name, f.parameter, k)) for f in facts) / whole
        for k in range(DRAWS)
    ]
    return [(m.burn_s * p, m) for p in pace]


def _launches(case: Case, jobs: int) -> list[tuple[LaunchArea, Threat, Rising]]:
    """Every class out of every launch area that the raid joins, rising straight up, in the raid's order.

    A class rises as its longest burn in the raid does.
    """
    missiles = [m for m in raid(case) if m.threat.stages]
    named = {
        (m.threat.name, m.launch.name, m.aim, m.shape, m.via): Order(
            m.threat, (m.launch.latitude_rad, m.launch.longitude_rad), m.aim[:2], m.shape, m.via
        )
        for m in missiles
    }
    distinct = list(named.values())
    flown = fly(distinct, STEP_S, jobs)
    longest: dict[str, int] = {}
    for u, order in enumerate(distinct):
        best = longest.get(order.threat.name, u)
        if flown.burnout_s[u] >= flown.burnout_s[best] or math.isnan(flown.burnout_s[best]):
            longest[order.threat.name] = u
    profiles = {
        name: _profile(flown.states[u], float(flown.burnout_s[u]))
        for name, u in longest.items()
        if not math.isnan(flown.burnout_s[u])
    }
    found: dict[tuple[str, str], tuple[LaunchArea, Threat, Rising]] = {}
    for m in missiles:
        if m.threat.name in profiles:
            times, heights, burn_s = profiles[m.threat.name]
            rising = Rising(m.launch.latitude_rad, m.launch.longitude_rad, times, heights, burn_s)
            found.setdefault((m.launch.name, m.threat.name), (m.launch, m.threat, rising))
    return list(found.values())


def _left_out(case: Case, told: Sequence[str]) -> tuple[str, ...]:
    """Classes of the raid that are no part of the answer, in a sentence."""
    left = [name for name in dict.fromkeys(m.threat.name for m in raid(case)) if name not in told]
    return (
        (f"Left out, since their flights are prescribed, without a burn: {', '.join(left)}.",) if left else ()
    )


def _profile(states: Floats, burn_s: float) -> tuple[Floats, Floats, float]:
    """Times and heights of a flight until its burnout, and when that is."""
    last = min(math.ceil(burn_s / STEP_S) + 1, len(states))
    heights = geodetic_from_ecef(np.ascontiguousarray(states[:last, :3]))[:, 2]
    return STEP_S * np.arange(last, dtype=np.float64), heights, burn_s


def _count(
    case: Case, i: SpaceInterceptor, satellites: int, missiles: Sequence[Rising], count: int, jobs: int
) -> list[Simulated | None]:
    """The count over a day for each missile that can be met at all; None for the others."""
    met = [k for k, m in enumerate(missiles) if absentee.shares([_row(i, m)])[0] > 0.0]
    seen: list[Simulated | None] = [None] * len(missiles)
    if not met or satellites >= MOST_SATELLITES:
        return seen
    told = absentee.simulated(
        i, satellites, [missiles[k] for k in met], count * i.shots, case.file.starts, jobs
    )
    for k, s in zip(met, told, strict=True):
        seen[k] = s
    return seen


def _assured(
    case: Case, i: SpaceInterceptor, m: Rising, needed: int, satellites: float, jobs: int
) -> int | None:
    """The first pattern, from the mean's size up in steps, with `needed` in reach at nearly all times."""
    for k in range(MOST_STEPS):
        size = satellites * ASSURED_STEP**k
        if size > MOST_ASSURED:
            return None
        (seen,) = absentee.simulated(i, math.ceil(size), [m], needed, case.file.starts, jobs)
        if seen.enough >= ASSURED:
            return math.ceil(size)
    return None


def _needed(i: SpaceInterceptor, count: int, share: float) -> float:
    """Satellites that put the engagements' interceptors in reach on average; inf where none can be."""
    return count * i.shots / share if share > 0.0 else math.inf


def _engagement(
    i: SpaceInterceptor,
    drawn: Sequence[SpaceInterceptor],
    found: tuple[LaunchArea | None, Threat | None, Rising],
    satellites: int,
    count: int,
    seen: Simulated | None,
    burns: Sequence[tuple[float, Rising]],
) -> Engagement:
    area, threat, m = found
    share = float(absentee.shares([_row(i, m)])[0])
    rows = [absentee.row(d, rising, burn) for d, (burn, rising) in zip(drawn, burns, strict=True)]
    others = absentee.shares(rows)
    needed = np.array([_needed(d, count, s) for d, s in zip(drawn, others, strict=True)])
    return Engagement(
        area=area.name if area else "",
        nation=area.nation if area else "",
        threat=threat.name if threat else "",
        latitude_deg=math.degrees(m.latitude_rad),
        burn_s=m.burn_s,
        height_m=m.height_m(m.burn_s, m.burn_s),
        flight_s=max(0.0, absentee.flight_s(i, m.burn_s)),
        radius_m=absentee.radius_m(i, m),
        verdict=absentee.verdict(i, m),
        in_reach=layer_cost.band(satellites * share, satellites * others),
        satellites=layer_cost.band(_needed(i, count, share), needed),
        simulated=seen,
    )


def _sweep(i: SpaceInterceptor, drawn: Sequence[SpaceInterceptor], name: str, count: int) -> Sweep:
    unit, values = SWEPT[name]
    changed = [_set(d, name, x) for x in values.tolist() for d in (i, *drawn)]
    shares = absentee.shares([_row(d, _reference(d)) for d in changed])
    needed = np.array([_needed(i, count, s) for s in shares]).reshape(len(values), -1)
    at: Mapping[str, float] = {
        "burn_s": i.reference_burn_s, "decision_s": i.decision_s, "fly_out_kmps": i.fly_out_mps / 1000.0
    }  # fmt: skip
    bands = tuple(layer_cost.band(float(row[0]), row[1:]) for row in needed)
    return Sweep(name=name, unit=unit, values=tuple(values.tolist()), satellites=bands, at=at[name])


def _set(i: SpaceInterceptor, name: str, value: float) -> SpaceInterceptor:
    if name == "burn_s":
        return replace(i, reference_burn_s=value)
    return replace(i, decision_s=value) if name == "decision_s" else replace(i, fly_out_mps=1000.0 * value)


def _by_latitude(i: SpaceInterceptor, m: Rising, satellites: int) -> tuple[float, ...]:
    rows = [_row(i, replace(m, latitude_rad=math.radians(x))) for x in LATITUDES_DEG.tolist()]
    return tuple((satellites * absentee.shares(rows)).tolist())
