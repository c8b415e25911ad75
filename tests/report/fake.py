"""A made-up answer, so that pages and tables can be tested without the engine."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from synaspis.model.answers import (
    CAUSES,
    ClauseGain,
    Difference,
    Flight,
    LostShot,
    NationAnswer,
    RegimeAnswer,
    RunAnswer,
    Scene,
    SceneEvent,
    SiteMark,
    Spread,
    Tables,
    Warning,
)
from synaspis.model.fact import Entry, Fact

PLACES = {
    "Bucharest": ("ROU", 44.43, 26.10, 1_716_961),
    "Sofia": ("BGR", 42.70, 23.32, 1_221_785),
    "Warsaw": ("POL", 52.23, 21.01, 1_863_056),
    "Ankara": ("TUR", 39.93, 32.86, 5_782_285),
    "Athens": ("GRC", 37.98, 23.73, 3_041_131),
    "Berlin": ("DEU", 52.52, 13.40, 3_755_251),
    "Incirlik": ("TUR", 37.00, 35.43, 5_000),
}
AT_RISK = {"ROU": 1.62e6, "BGR": 1.15e6, "POL": 1.7e6, "TUR": 5.4e6, "GRC": 2.8e6, "DEU": 3.4e6}
SHARE = {"floor": 0.12, "national": 0.31, "allied": 0.64}
TITLES = {
    "floor": "No alert shared, no mandate beyond one's own",
    "national": "Each for itself",
    "allied": "NATO ballistic missile defence as on record",
}
HEADERS = {"floor": 0.0, "national": 210.0, "allied": 560.0}


def _nation(code: str, regime: str, index: int) -> NationAnswer:
    at_risk = AT_RISK[code]
    late = HEADERS[regime] * (0.4 if index % 2 else 1.0)
    share = min(0.97, SHARE[regime] * (0.6 + 0.15 * index))
    return NationAnswer(
        warning_s=Warning(p05=0.6 * late, p50=late, p95=min(late * 1.2, 900.0)),
        warned_people={90: at_risk * share, 300: at_risk * share * 0.8, 600: 0.0},
        leakers_mean=2 * (1 - share),
        protected_population=at_risk * share,
        population_at_risk=at_risk,
        covered_population=at_risk * share * 1.3,
        covered_twice_population=at_risk * share * 0.4,
    )


def _regime(name: str) -> RegimeAnswer:
    nations = {code: _nation(code, name, i) for i, code in enumerate(AT_RISK)}
    protected = sum(n.protected_population for n in nations.values())
    leak = sum(n.leakers_mean for n in nations.values())
    lost = {
        cause: round((1.2 - SHARE[name]) * k, 3)
        for cause, k in zip(CAUSES, (0.4, 6, 4, 1.5, 3, 0.8), strict=True)
    }
    return RegimeAnswer(
        name=name,
        title=TITLES[name],
        leakers=Spread(mean=leak, p05=max(0.0, leak - 2), p95=leak + 2),
        p_no_leaker=SHARE[name] ** 8,
        protected_population=protected,
        protected_spread=Spread(mean=protected, p05=protected * 0.7, p95=protected * 1.2),
        population_at_risk=sum(AT_RISK.values()),
        prevented_impacts=Spread(mean=12 - leak, p05=max(0.0, 10 - leak), p95=13 - leak),
        covered_population=protected * 1.3,
        covered_twice_population=protected * 0.4,
        rounds={"deveselu": 9.25 * SHARE[name], "bucharest-patriot": 3.5},
        rounds_spread={
            "deveselu": Spread(mean=9.25 * SHARE[name], p05=2.0, p95=11.0),
            "bucharest-patriot": Spread(mean=3.5, p05=1.0, p95=6.0),
        },
        kills={"deveselu": 4.5 * SHARE[name], "bucharest-patriot": 1.25},
        kills_by_layer={"midcourse": 4.5 * SHARE[name], "terminal": 1.25},
        nations=nations,
        shots_lost=lost,
        lost=(
            LostShot(
                battery="deveselu",
                threat="mrbm-2000/Tabriz area/Sofia/1",
                cause="no_mandate",
                mean=0.97,
                clauses=("base-3",),
                why="base-3 defends USA and ROU; Sofia is in BGR",
            ),
        )
        if name != "allied"
        else (),
    )


def _flight(i: int, target: str, launch: tuple[str, float, float], kind: tuple[str, str]) -> Flight:
    nation, lat, lon, _ = PLACES[target]
    name, la, lo = launch
    steps = np.linspace(0.0, 1.0, 40)
    bend = np.sin(np.pi * steps)
    points = np.column_stack(
        [60.0 * i + 780 * steps, la + (lat - la) * steps + 2.5 * bend, lo + (lon - lo) * steps, 480 * bend]
    )
    distance = 111.2 * math.hypot(lat - la, (lon - lo) * math.cos(math.radians(lat)))
    return Flight(
        threat=f"{kind[0]}/{name}/{target}/{i}",
        type=kind[0],
        status=kind[1],
        launch=name,
        target=target,
        nation=nation,
        launch_s=60.0 * i,
        burnout_s=60.0 * i + 100,
        impact_s=60.0 * i + 780,
        apogee_km=480.0,
        range_km=distance,
        points=points,
    )


def _flights() -> tuple[Flight, ...]:
    near, far = ("Tabriz area", 38.0, 46.3), ("Semnan area", 35.2, 53.9)
    demonstrated, hypothetical = ("mrbm-2000", "demonstrated"), ("irbm-4500", "hypothetical")
    plan = [("Bucharest", near, demonstrated)] * 3 + [("Sofia", near, demonstrated)] * 2
    plan += [("Ankara", near, demonstrated)] * 2 + [("Incirlik", near, demonstrated)]
    plan += [("Athens", near, demonstrated)] * 2 + [
        ("Warsaw", far, hypothetical),
        ("Berlin", far, hypothetical),
    ]
    return tuple(_flight(i, *row) for i, row in enumerate(plan))


def _mark(name: str, kind: str, type: str, owner: str, host: str, **more: float) -> SiteMark:
    numbers = {"facing_deg": 0.0, "sector_deg": 360.0, "reach_km": 0.0, "population": 0.0}
    return SiteMark(
        name=name, kind=kind, type=type, owner=owner, operator=owner, host=host, **(numbers | more)
    )


def _sites() -> tuple[SiteMark, ...]:
    assets = tuple(
        _mark(
            name,
            "base" if name == "Incirlik" else "city",
            "",
            code,
            code,
            latitude_deg=lat,
            longitude_deg=lon,
            population=people,
        )
        for name, (code, lat, lon, people) in PLACES.items()
    )
    return (
        *assets,
        _mark(
            "kurecik",
            "radar",
            "an-tpy-2",
            "USA",
            "TUR",
            latitude_deg=38.35,
            longitude_deg=37.79,
            facing_deg=110.0,
            sector_deg=120.0,
            reach_km=2000.0,
        ),
        _mark("geo-east", "satellite", "geo-infrared", "USA", "USA", latitude_deg=0.0, longitude_deg=60.0),
        _mark(
            "deveselu",
            "battery",
            "aegis-ashore-ib",
            "USA",
            "ROU",
            latitude_deg=44.08,
            longitude_deg=24.41,
            reach_km=700.0,
        ),
        _mark(
            "bucharest-patriot",
            "battery",
            "patriot-mse",
            "ROU",
            "ROU",
            latitude_deg=44.5,
            longitude_deg=26.1,
            reach_km=35.0,
        ),
    )


def _event(f: Flight, after_s: float, kind: str, who: str, nation: str, text: str) -> SceneEvent:
    step = int(np.searchsorted(f.points[:, 0], min(f.launch_s + after_s, f.impact_s)))
    _, lat, lon, km = (float(x) for x in f.points[min(step, len(f.points) - 1)])
    return SceneEvent(
        time_s=f.launch_s + after_s,
        kind=kind,
        who=who,
        nation=nation,
        threat=f.threat,
        latitude_deg=lat,
        longitude_deg=lon,
        height_km=km,
        text=text,
    )


def _scene(regime: str) -> Scene:
    """Missiles of even number are met under every regime, those of odd number under `allied` alone."""
    events = []
    for i, f in enumerate(_flights()):
        events.append(_event(f, 40, "seen", "geo-east", "USA", f"geo-east sees the missile at {f.target}"))
        met = i % 2 == 0 or regime == "allied"
        if met:
            events.append(
                _event(f, 300, "fired", "deveselu", "USA", f"deveselu fires at the missile at {f.target}")
            )
            kind = "missed" if i % 5 == 4 else "hit"
            events.append(
                _event(f, 520, kind, "deveselu", "USA", f"deveselu {kind} the missile at {f.target}")
            )
        if not met or i % 5 == 4:
            events.append(_event(f, 780, "landed", f.target, f.nation, f"a missile comes down on {f.target}"))
    return Scene(trial=0, events=tuple(sorted(events, key=lambda e: e.time_s)))


def _difference(regimes: dict[str, RegimeAnswer]) -> Difference:
    whole = regimes["allied"].protected_population - regimes["national"].protected_population
    return Difference(
        headline="allied",
        against="national",
        whole=whole,
        information=0.4 * whole,
        mandate=0.35 * whole,
        authority=0.2 * whole,
        coordination=0.05 * whole,
        clauses=(
            ClauseGain(
                id="bmd-2",
                agreement="nato-bmd",
                group="mandate",
                gain=2.9e6,
                assumed=True,
                note="rounds of the USA defend all of NATO",
            ),
            ClauseGain(
                id="bmd-1", agreement="nato-bmd", group="information", gain=2.1e6, assumed=True, note=""
            ),
            ClauseGain(
                id="bmd-3", agreement="nato-bmd", group="authority", gain=0.8e6, assumed=False, note=""
            ),
            ClauseGain(
                id="bmd-4", agreement="nato-bmd", group="coordination", gain=-3.0e4, assumed=False, note=""
            ),
        ),
    )


def fake_answer() -> RunAnswer:
    """Three regimes, six nations, twelve missiles."""
    regimes = {name: _regime(name) for name in SHARE}
    return RunAnswer(
        case="fake-europe",
        title="A made-up raid on six nations",
        date="2024-12-01",
        seed=1,
        trials=1000,
        version="0.1.0",
        regimes=regimes,
        difference=_difference(regimes),
        flights=_flights(),
        sites=_sites(),
        tables=Tables(columns={}),
        self_check={"closure_km": 0.04, "split_adds_up": 1.0},
        notes=("Magazine sizes are assumed.",),
        scenes={name: _scene(name) for name in regimes},
    )


def hostile_answer() -> RunAnswer:
    """The same with markup where names go."""
    evil = "<script>alert(1)</script>\"'&"
    answer = fake_answer()
    return replace(
        answer,
        title=evil,
        notes=(evil,),
        sites=tuple(replace(s, name=evil + s.name) for s in answer.sites),
        flights=tuple(replace(f, target=evil, launch=evil, type=evil) for f in answer.flights),
        regimes={
            n: replace(r, title=evil, rounds={evil: 1.0}, kills={evil: 1.0})
            for n, r in answer.regimes.items()
        },
    )


def fake_facts() -> tuple[Entry, ...]:
    """Two catalogue entries."""

    def fact(entry: str, parameter: str, value: float, unit: str, confidence: str) -> Fact:
        return Fact(
            entry=entry,
            parameter=parameter,
            value=value,
            unit=unit,
            low=0.8 * value,
            high=1.25 * value,
            source="G. Lewis and T. Postol, mostlymissiledefense.com, 21 September 2012",
            as_of=2012,
            confidence=confidence,
            note="X band",
            at=(("rcs_m2", "0.01"), ("snr_db", "20")),
        )

    return (
        Entry(
            name="an-tpy-2",
            kind="radar",
            title="AN/TPY-2 (forward-based mode)",
            summary="A transportable X-band radar that sees missiles soon after they rise.",
            facts=(
                fact("an-tpy-2", "reference_range", 870, "km", "low"),
                fact("an-tpy-2", "reference_rcs", 0.01, "m2", "medium"),
            ),
        ),
        Entry(
            name="mrbm-2000",
            kind="threat",
            title="Medium-range missile, 2,000 km",
            summary="A generic single-stage missile.",
            facts=(fact("mrbm-2000", "range", 2000, "km", "high"),),
        ),
    )
