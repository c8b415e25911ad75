"""Defended ground: as the engine finds it at single places, and never shrunk by a permit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from synaspis import api
from synaspis.engine.geometry import sensor_rows
from synaspis.engine.world import Missile
from synaspis.kernels import footprint as kernel
from synaspis.kernels.plane import Plane
from synaspis.model.agreement import Agreement
from synaspis.model.case import Case
from synaspis.model.footprint import REASONS
from synaspis.model.nation import Asset
from synaspis.sharing.rules import Rules, rules
from synaspis.studies import footprint_ground as ground
from synaspis.studies.arena import arena
from synaspis.studies.coverage import chances, covered_assets, probe_arena
from synaspis.studies.footprint_aims import declared, reach
from synaspis.studies.footprint_battery import MODES, Ground, scene
from tests.answers import footprint as answer
from tests.engine.scene import first_light, permit, with_file, with_interceptors

HERE = Ground("BGR")


class Looked:
    """One battery's box over ground of `HERE`, cell by cell."""

    def __init__(self, case: Case, name: str, given: tuple[Rules, ...], cells: int = 50) -> None:
        s = scene(case, name, (HERE,), given, 2)
        f = s.w.batteries[0]
        self.scene, self.reaches = s, [reach(d, 2) for d in declared(case)]
        plane = Plane(f.battery.latitude_rad, f.battery.longitude_rad)
        wide = [x for r in self.reaches if (x := ground.wide_flights(r, 2)) is not None]
        box = ground.search_box(s, sensor_rows(s.w.stations), plane, wide)
        self.ready = ground.ready(s, *ground.flown_over(s, plane, self.reaches, box))
        self.grid = ground.grid_over(plane, box, cells)
        self.places = self.grid.middles()
        self.found = ground.put(self.ready, self.places, np.zeros(len(self.places), np.int64))

    def count(self, view: int) -> NDArray[np.int64]:
        return self.found.count[0, view].astype(np.int64)


@cache
def looked() -> Looked:
    case = first_light()
    return Looked(case, "deveselu", (rules(case, case.regime("allied")),))


def exactly(place: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """Engagements of deveselu at places under `allied`, the flights' states, and whether they get there."""
    case = first_light()
    there = Asset(name="cell", nation="BGR", latitude_rad=0.0, longitude_rad=0.0, population=1.0)
    case = with_file(case, assets=(there,))
    d = declared(case)[0]
    aims = [(f, x, 0.0) for f, x in place.tolist()]
    missiles = tuple(
        Missile(f"cell {i}", d.threat, d.area, 0, aim, 0.0, "minimum-energy") for i, aim in enumerate(aims)
    )
    a = arena(case, 2, missiles, warns=False)
    flight = a.g.flight_of
    return chances(a, "allied", most=2).count[0, 0][flight], a.g.states[flight], (a.g.impact_s > 0.0)[flight]


def edge(count: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Cells of which some neighbour has another count."""
    padded = np.pad(count, 1, mode="edge")
    rows, columns = count.shape
    near = [padded[a : a + rows, b : b + columns] for a in range(3) for b in range(3)]
    found: NDArray[np.bool_] = np.any([x != count for x in near], axis=0)
    return found


def test_cells_are_as_the_engine_finds_them() -> None:
    """At least 99 of 100 away from the edge; half of those looked at lie within it."""
    x = looked()
    count, reached = x.count(MODES + 1), x.found.kind[0] != kernel.UNREACHED
    rng = np.random.default_rng(7)
    held, rest = np.flatnonzero(count > 0), np.flatnonzero(reached & (count == 0))
    pick = np.concatenate([rng.choice(held, 100, replace=False), rng.choice(rest, 100, replace=False)])
    exact, _, flies = exactly(x.places[pick])
    assert flies.all()
    away = ~edge(count.reshape(x.grid.shape)).ravel()[pick]
    assert away.sum() > 120
    assert (exact == count[pick])[away].mean() >= 0.99
    assert (exact[away] > 0).sum() > 50


def test_flights_between_those_of_the_lattice_are_some_metres_off() -> None:
    """In the median; where the engine's own loft jumps between neighbouring aims, up to kilometres."""
    x = looked()
    rng = np.random.default_rng(3)
    pick = rng.choice(np.flatnonzero(x.found.kind[0] == kernel.MET), 60, replace=False)
    flown = x.ready.flown["mrbm-2000 from Tabriz area"]
    _, states, _ = exactly(x.places[pick])
    when = np.tile(2.0 * np.arange(states.shape[1]), (len(pick), 1))
    out, ends = np.empty((*when.shape, 6)), np.empty((len(pick), 2))
    kernel.states_of(
        flown.lattice.at(x.places[pick]), (flown.nodes, flown.ends, flown.phases), when, out, ends
    )
    first = ends[:, :1] + flown.phases[0] * (ends[:, 1:] - ends[:, :1])
    off = np.linalg.norm(out[..., :3] - states[..., :3], axis=2)
    off[(when < first) | (when > ends[:, 1:] - 4.0)] = np.nan
    worst = np.nanmax(off, axis=1)
    assert np.median(worst) < 50.0
    assert worst.max() < 8_000.0


def test_people_are_those_that_coverage_finds() -> None:
    a = probe_arena(first_light(), 2)
    people = np.array([x.population for x in a.w.assets])
    for name, r in answer().regimes.items():
        once, twice = covered_assets(a, name)
        assert r.coalition.population == pytest.approx(people @ once)
        assert r.coalition.twice_population == pytest.approx(people @ twice)
        assert sum(n.population for n in r.nations.values()) == pytest.approx(people @ once)
    assert answer().regimes["allied"].coalition.population > answer().regimes["national"].coalition.population


def test_a_slow_decision_costs_ground_as_coverage_says() -> None:
    case = first_light()

    def slowed(a: Agreement) -> Agreement:
        return replace(a, authorities=tuple(replace(x, decision_s=480.0) for x in a.authorities))

    slow = with_file(case, agreements=tuple(slowed(a) for a in case.file.agreements))
    found = api.footprint(slow, regimes=["allied"], jobs=2, cells=40)
    quick, late = (
        answer().batteries["deveselu"].regimes["allied"],
        found.batteries["deveselu"].regimes["allied"],
    )
    assert 0.0 < late.extent.area_m2 < 0.9 * quick.extent.area_m2
    assert late.lost_m2["too_late"] > 0.0
    a = probe_arena(slow, 2)
    people = np.array([x.population for x in a.w.assets])
    assert found.regimes["allied"].coalition.population == pytest.approx(
        people @ covered_assets(a, "allied")[0]
    )


def test_each_mode_holds_the_one_before() -> None:
    x = looked()
    views = [x.count(v) for v in range(MODES)]
    for less, more in pairwise(views):
        assert (less <= more).all()
    assert (views[2] < views[3]).any()
    assert (x.count(MODES + 1) <= views[2]).all()  # a regime gives no more than its type's mode


def test_a_permit_never_shrinks_a_footprint() -> None:
    case = first_light()
    allied = rules(case, case.regime("allied"))
    more = replace(allied, releases=(*allied.releases, permit("all-see", "measurement")))
    x = Looked(case, "deveselu", (rules(case, case.regime("national")), allied, more), cells=30)
    told = [x.count(MODES + 2 * r) for r in range(3)]
    assert (told[0] <= told[1]).all()
    assert (told[1] <= told[2]).all()
    y = Looked(case, "bucharest-patriot", (rules(case, case.regime("national")), allied, more), cells=30)
    told = [y.count(MODES + 2 * r) for r in range(3)]
    assert (told[0] <= told[1]).all()
    assert (told[1] <= told[2]).all()
    assert told[0].sum() < told[2].sum()


def test_a_wider_altitude_band_never_shrinks_a_footprint() -> None:
    case = first_light()
    given = (rules(case, case.regime("allied")),)
    narrow = Looked(with_interceptors(case, minimum_altitude_m=120e3), "deveselu", given, cells=40)
    wide = Looked(with_interceptors(case, minimum_altitude_m=70e3), "deveselu", given, cells=40)
    same = ground.put(wide.ready, narrow.places, np.zeros(len(narrow.places), np.int64))
    reached = (narrow.found.kind[0] != kernel.UNREACHED) & (same.kind[0] != kernel.UNREACHED)
    less, more = narrow.count(MODES + 1) > 0, same.count[0, MODES + 1] > 0
    # Lattices differ, so the edge may lie a cell apart: no more than one in a hundred.
    assert (less & ~more & reached).sum() <= 0.01 * less.sum()
    assert more.sum() > less.sum() > 0


def test_the_reasons_and_the_footprint_make_up_the_ground() -> None:
    for b in answer().batteries.values():
        for under in b.regimes.values():
            assert set(under.lost_m2) == set(REASONS)
            assert under.extent.area_m2 + sum(under.lost_m2.values()) == pytest.approx(b.threatened_m2)
    lost = answer().batteries["deveselu"].regimes["national"].lost_m2
    assert lost["too_low"] > 0.0  # SM-3 meets nothing below its lowest intercept
    assert lost["no_mandate"] > 0.0
    assert lost["not_seen"] > 0.0
    assert answer().batteries["bucharest-patriot"].regimes["allied"].lost_m2["too_high"] > 0.0


def test_a_gap_between_bands_is_shown() -> None:
    """Above 200 km or below 1: nothing is met over ground in range, and all of it counts as gap."""
    case = first_light()
    none = with_interceptors(case, minimum_altitude_m=450e3, maximum_altitude_m=460e3, range_m=400e3)
    found = api.footprint(none, ["deveselu"], ["allied"], jobs=2, cells=40)
    b = found.batteries["deveselu"]
    under = b.regimes["allied"]
    assert under.extent.area_m2 == 0.0
    assert under.lost_m2["too_low"] > 0.3 * np.pi * 400e3**2
    assert found.regimes["allied"].coalition.gap_m2 > 0.0
    assert found.regimes["allied"].coalition.gap_population > 0.0


def test_a_battery_without_a_sensor_says_what_would_give_it_one() -> None:
    case = first_light()

    def barred(a: Agreement) -> Agreement:
        return replace(a, consents=()) if a.name == "basing" else a

    without = with_file(case, agreements=tuple(barred(a) for a in case.file.agreements))
    found = api.footprint(without, ["deveselu"], ["allied"], jobs=2, cells=30)
    under = found.batteries["deveselu"].regimes["allied"]
    assert under.extent.area_m2 == 0.0
    assert under.extent.arrival is None
    assert any("consent of ROU with scope `use` for `deveselu`" in line for line in under.because)


def test_any_number_of_workers_finds_the_same() -> None:
    one = api.footprint("first-light", ["bucharest-patriot"], ["allied"], jobs=1, cells=40)
    two = api.footprint("first-light", ["bucharest-patriot"], ["allied"], jobs=2, cells=40)
    assert repr(one) == repr(two)
