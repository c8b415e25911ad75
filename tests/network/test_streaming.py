"""What a stream is told of a range: the truth as it is played, at any moment, and all that happened once."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from synaspis.interop import dis
from synaspis.interop.dis_live import DisFeed
from synaspis.interop.dis_records import Detonation, EntityState, Fire, StartResume, StopFreeze
from synaspis.interop.live import Drill, Moment
from synaspis.network.streaming import source
from synaspis.network.truth import Truth
from synaspis.studies.marks import sites
from tests.engine.scene import first_light

from .test_range import Field, begun, lit, orders_of_all


def played(f: Field) -> tuple[list[Moment], Truth]:
    """A moment every two seconds of a raid in which everybody fires at everything."""
    asked, moments = source(f.host, sites(lit())), list[Moment]()
    moments.append(asked())
    order = orders_of_all(f)

    def each() -> None:
        order()
        moments.append(asked())

    f.run(f.host.ends_s + 10.0, 2.0, each)
    return moments, Truth(f.host)


def test_a_range_that_has_not_begun_waits(tmp_path: Path) -> None:
    with Field(tmp_path, lit().w.nations) as f:
        found = source(f.host, sites(lit()))()
        assert (found.state, found.time_s, found.flying, found.events) == ("waiting", 0.0, {}, ())
        assert {s.kind for s in found.sites} >= {"radar", "battery"}


@pytest.fixture(scope="module")
def raid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Field, list[Moment], Truth]:
    with begun(tmp_path_factory.mktemp("raid"), *lit().w.nations) as f:
        return (f, *played(f))


def test_missiles_are_where_the_range_has_them(raid: tuple[Field, list[Moment], Truth]) -> None:
    f, moments, truth = raid
    names = [m.name for m in lit().w.missiles]
    assert set(truth.missiles(0.0)) == set(names)
    for time_s in (100.0, 400.0, 700.0):
        told, states = truth.missiles(time_s), f.over.states_at(time_s)
        for t, name in enumerate(names):
            flies = not np.isnan(states[t, 0])
            assert ("lat" in told[name]) == flies == (told[name]["state"] == "flying")
    assert {m.state for m in moments} == {"running", "over"}
    assert [m.time_s for m in moments] == sorted(m.time_s for m in moments)
    assert moments[-1].time_s == f.host.ends_s and not moments[-1].flying


def test_every_shot_kill_and_landing_is_told_once_and_in_its_place(
    raid: tuple[Field, list[Moment], Truth],
) -> None:
    f, moments, _ = raid
    events = moments[-1].events
    assert len(set(events)) == len(events)
    names = {m.name: t for t, m in enumerate(lit().w.missiles)}
    hits = {e.threat: e for e in events if e.kind == "hit"}
    killed = np.isfinite(f.over.gone_s) & ~f.engagements.duds
    assert {names[name] for name in hits} == set(np.flatnonzero(killed).tolist())
    for name, e in hits.items():
        assert e.time_s == pytest.approx(f.over.gone_s[names[name]], abs=0.051)
        assert e.height_km > 10.0 and moments[-1].ended[name] == "down"
    landed = {e.threat: e for e in events if e.kind == "landed"}
    down = np.isfinite(f.over.impact_s) & ~killed & ~f.engagements.duds
    assert {names[name] for name in landed} == set(np.flatnonzero(down).tolist())
    assert all(moments[-1].ended[name] == "hit" for name in landed)
    shots = [e for e in events if e.kind == "fired"]
    batteries = {b.battery.name: b.battery for b in lit().w.batteries}
    assert shots and len(hits) > 0
    for e in shots:
        where = (batteries[e.who].latitude_rad, batteries[e.who].longitude_rad)
        assert [e.latitude_deg, e.longitude_deg] == pytest.approx([math.degrees(x) for x in where], abs=1e-4)


def test_asked_late_or_often_the_same_has_happened(raid: tuple[Field, list[Moment], Truth]) -> None:
    f, moments, truth = raid
    late = truth.happened(f.host.ends_s)
    told = [e for e in late if "lat" in e]
    assert sorted((e["at_s"], e["kind"], e["missile"]) for e in told) == sorted(
        (e.time_s, e.kind, e.threat) for e in moments[-1].events
    )
    assert [e["at_s"] for e in late] == sorted(e["at_s"] for e in late)
    assert truth.happened(f.host.ends_s) == []


def test_as_dis_the_raid_starts_happens_and_ends(raid: tuple[Field, list[Moment], Truth]) -> None:
    _, moments, _ = raid
    feed = DisFeed(Drill(name="first-light", starts=first_light().file.starts))
    pdus = [dis.decode(data) for n, m in enumerate(moments) for data in feed.datagrams(m, 1.8e9 + 2 * n)]
    assert isinstance(next(p for p in pdus if isinstance(p, StartResume | StopFreeze)), StartResume)
    assert isinstance(pdus[-1], StopFreeze)
    count = {kind: sum(isinstance(p, kind) for p in pdus) for kind in (Fire, Detonation, StartResume)}
    events = moments[-1].events
    assert count[Fire] == sum(e.kind == "fired" for e in events)
    assert count[Detonation] == sum(e.kind in ("hit", "missed", "landed") for e in events)
    assert count[StartResume] == 1
    flew = {p.entity for p in pdus if isinstance(p, EntityState) and p.force == 2}
    gone = [p.entity for p in pdus if isinstance(p, EntityState) and p.appearance >> 23 & 1]
    assert sorted(gone) == sorted(flew), "each is taken away once"
