"""The range on the bus: each nation hears its own stations, in time; cues, orders, kills, losses, the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from synaspis.engine.detections import FRAME_S, Range
from synaspis.engine.manual import Engagements, by_order
from synaspis.errors import NotRecordedError
from synaspis.journal import Journal
from synaspis.model.sensor import Infrared
from synaspis.network import range_orders, seam
from synaspis.network.link import Link, from_range
from synaspis.network.message import Refusal
from synaspis.network.range import AFTER_S, CLOSES_NS, KIND, LEAD_NS, MOST_NEW, RangeHost
from synaspis.network.seam import RANGE, Look, Looks, Ordered, Over, Ready, Started, Told
from synaspis.network.tally import Tally
from synaspis.network.transport import Callback, Faults, Faulty, InProcess, Transport
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import EVERYTHING, first_light, rule_of
from tests.network.raid import CASE, SetClock, identities

S = 10**9
SEED = 1


@cache
def lit() -> Arena:
    return arena(first_light(), 1)


@cache
def tables():
    return by_order(lit().w, lit().g, rule_of(EVERYTHING))


@dataclass
class Listener:
    """A nation that hears, asks again for what is missing, and says what a test has it say."""

    nation: str
    link: Link
    bus: Transport
    notes: list[tuple[float, seam.FromRange]] = field(default_factory=list)

    def hear(self, when_s: float, key: str, sealed: bytes) -> None:
        note = self.link.take(key, sealed)
        assert isinstance(note, seam.Note) or note.reason == "replay", note
        if isinstance(note, seam.Note):
            self.notes += [(when_s, said) for said in from_range(note)]

    def say(self, *said: seam.FromNode) -> None:
        self.bus.put(*self.link.say(RANGE, *said))

    def of(self, kind: type) -> list:
        return [said for _, said in self.notes if isinstance(said, kind)]

    @property
    def looks(self) -> list[Look]:
        return [look for looks in self.of(Looks) for look in looks.scans]


class Field:
    """The range and listeners of some nations, in one process, with a clock that is set."""

    def __init__(self, folder: Path, listening: tuple[str, ...] = (), **more: object) -> None:
        folder.mkdir(exist_ok=True)
        self.clock, self.bus = SetClock(), more.pop("bus", InProcess())
        self.nations = lit().w.nations
        self.own, self.keyring = identities((*self.nations, RANGE))
        self.over = Range(lit().w, lit().g, SEED)
        self.engagements = Engagements(tables(), SEED)
        self.journal = Journal.open(folder / "range.journal", case_sha256=CASE, keeper=RANGE)
        self.host = RangeHost(
            self.over, self.engagements, self.own[RANGE], CASE, transport=self.bus, keyring=self.keyring,
            clock=self.clock, journal=self.journal, tally=Tally(), **more,
        )  # fmt: skip
        self.heard = {n: self.listener(n) for n in listening}
        self.orders: dict[tuple[int, int], Ordered] = {}

    def listener(self, nation: str) -> Listener:
        link = Link(self.own[nation], CASE, (RANGE,), keyring=self.keyring, clock=self.clock, tally=Tally())
        one = Listener(nation, link, self.bus)
        self.bus.subscribe(f"syn/*/{nation}", lambda k, d: one.hear(self.host.case_s(), k, d))
        return one

    def __enter__(self) -> Field:
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close()

    def ready(self) -> None:
        for one in self.heard.values():
            one.say(Ready())

    def run(self, until_s: float, step_s: float = 0.5, each: Callable[[], None] = lambda: None) -> bool:
        """Step until the case's clock stands at a time, or the range has closed."""
        on = True
        while on and self.host.case_s() < until_s:
            self.clock.s += step_s
            if isinstance(self.bus, Faulty):
                self.bus.advance(self.clock.s)
            on = self.host.step()
            for one in self.heard.values():
                parcel = one.link.heard()
                if parcel is not None:
                    self.bus.put(*parcel)
            each()
        return on


def begun(folder: Path, *listening: str, **more: object) -> Field:
    """A range that has begun."""
    found = Field(folder, listening, patience_ns=0, **more)
    found.run(0.0)
    return found


def direct(until_s: float, cue: Callable[[Range, int], None] = lambda *_: None) -> list[Look]:
    """What a range of the same seed tells by itself."""
    over, found = Range(lit().w, lit().g, SEED), []
    over.gone_s[Engagements(tables(), SEED).duds] = -np.inf
    for number in range(1, int(until_s / FRAME_S) + 1):
        found += [seam.look_of(lit().w.stations[s.station].name, s.scan, s.free) for s in over.frame(number)]
        cue(over, number)
    return found


def test_each_nation_hears_its_own_stations_and_no_other(tmp_path: Path) -> None:
    with begun(tmp_path, *lit().w.nations) as f:
        f.run(360.0)
        owner = {s.name: s.owner for s in lit().w.stations}
        told = direct(360.0)
        for nation, one in f.heard.items():
            due = [k for k in told if owner[k.station] == nation and k.received_s <= 360.0]
            assert sorted(one.looks, key=repr) == sorted(due, key=repr)
        assert sum(len(one.looks) for one in f.heard.values()) > 100


def test_a_scan_comes_when_it_may_be_known_and_each_frame_ends_once(tmp_path: Path) -> None:
    with begun(tmp_path, "USA") as f:
        f.run(300.0, 0.1)
        late = {s.name for s in lit().w.stations if isinstance(s.type, Infrared)}
        seen = 0
        for when_s, said in f.heard["USA"].notes:
            if isinstance(said, Looks):
                for look in said.scans:
                    assert -1e-6 <= when_s - look.received_s < 0.11
                    seen += look.station in late
        assert seen > 5
        ends = [said.frame for said in f.heard["USA"].of(Looks) if said.ends]
        assert ends == list(range(1, 151)), "also those in which nothing was seen"


def test_it_waits_for_all_nations_but_not_for_long(tmp_path: Path) -> None:
    with Field(tmp_path, lit().w.nations[:-1], patience_ns=20 * S) as f:
        f.ready()
        f.run(-1.0)
        assert f.host.start_ns == f.clock.utc_ns() + LEAD_NS, "without the one that is absent"
        assert f.clock.s == pytest.approx(20.0)
        f.run(300.0)
        assert len(f.heard["USA"].looks) > 5
    with Field(tmp_path / "all", lit().w.nations, patience_ns=20 * S) as f:
        f.ready()
        f.run(-1.0)
        assert f.clock.s == pytest.approx(0.5)


def test_the_clock_is_told_each_second(tmp_path: Path) -> None:
    with begun(tmp_path, "USA", speed=4.0) as f:
        f.run(80.0, 0.1)
        told = f.heard["USA"].of(Started)
        assert len(told) == pytest.approx(80.0 / 4.0, abs=2)
        assert {said.speed for said in told} == {4.0}
        assert all(abs(said.case_s - when_s) < 0.1 for when_s, said in f.heard["USA"].notes if said in told)
        assert f.host.frame == 40
        assert told[-1].heard_ns > 0, "and when the nation was heard: so it learns how clocks differ"
        f.host.step()
        assert 0.0 < f.host.wait_s() <= 0.5


def cued(f: Field, after_s: float) -> Callable[[], None]:
    """USA and ROU point their radars at all that flies, so long after each frame that they hear of."""
    done: dict[tuple[str, int], bool] = {}

    def each() -> None:
        for nation in ("USA", "ROU"):
            frame = int((f.host.case_s() - after_s) // FRAME_S)
            if frame >= 330 and not done.get((nation, frame)):
                done[nation, frame] = True
                states = Range.states_at(f.over, frame * FRAME_S)
                places = states[~np.isnan(states[:, 0]), :3]
                aim = (places, np.full(len(places), 300.0))
                f.heard[nation].say(seam.cue_of(frame, (np.empty((0, 3)), np.empty(0)), aim))

    return each


def test_a_cue_counts_from_the_next_frame_whenever_it_came(tmp_path: Path) -> None:
    told = {}
    for name, after_s in (("soon", 0.25), ("last", 1.75), ("late", 3.0), ("never", 1e9)):
        with begun(tmp_path / name, *lit().w.nations) as f:
            f.run(660.0, 2.0)  # from then on a cue lets a radar find what its search would not
            f.run(684.0, 0.25, cued(f, after_s))
            told[name] = [one.looks for one in f.heard.values()]
            assert (f.host.late_cues > 10) == (name == "late")
    assert told["soon"] == told["last"]
    assert told["soon"] != told["never"], "these cues find something"
    assert told["late"] != told["never"], "one that is late is heeded all the same"


def test_a_cue_of_a_frame_that_has_not_been_is_not_heeded(tmp_path: Path) -> None:
    with begun(tmp_path, "USA") as f:
        f.run(50.0)
        f.heard["USA"].say(
            seam.cue_of(2**40, (np.empty((0, 3)), np.empty(0)), (np.empty((0, 3)), np.empty(0)))
        )
        f.run(52.0)
        assert f.host.tally.count("not_heeded", "cue") == 1


def test_what_the_bus_lost_is_told_again(tmp_path: Path) -> None:
    bus = Faulty(InProcess(), Faults(loss=0.1, repeats=0.1, shortest_s=0.01, longest_s=0.4), seed=3)
    with begun(tmp_path, *lit().w.nations, bus=bus) as f:
        f.run(300.0, 0.1)
        f.run(304.0, 0.1)
        owner = {s.name: s.owner for s in lit().w.stations}
        told = direct(300.0)
        for nation, one in f.heard.items():
            due = [k for k in told if owner[k.station] == nation and k.received_s <= 300.0]
            got = [k for k in one.looks if k.received_s <= 300.0 and k.time_s <= 300.0]
            assert sorted(got, key=repr) == sorted(due, key=repr)
            assert one.link.others[RANGE].lost == 0
        assert bus.lost > 30


def aimed(f: Field, battery: int, at_s: float, off_m: float = 0.0) -> tuple[int, Ordered]:
    """A missile that a battery can still meet, and the order that says where it is."""
    last = f.engagements.compiled.bt[:, 1, battery]
    states = f.over.states_at(at_s)
    t = int(np.flatnonzero((last > at_s) & ~np.isnan(states[:, 0]))[0])
    place = states[t, :3] + [off_m, 0.0, 0.0]
    name = lit().w.batteries[battery].battery.name
    return t, Ordered(f"order {at_s} {t} {off_m}", name, tuple(place.tolist()), at_s, 200.0, at_s)


def shooter(f: Field) -> tuple[int, str, float]:
    """A battery that can meet something, its owner, and a time some while before its last launch."""
    last = f.engagements.compiled.bt[:, 1, :]
    t, b = np.argwhere(np.isfinite(last) & ~f.engagements.duds[:, None])[0]
    return int(b), lit().w.batteries[b].battery.owner, float(last[t, b]) - 40.0


def orders_of_all(f: Field) -> Callable[[], None]:
    """Each nation orders each of its batteries at each missile that it can meet, some while before the last
    launch, and repeats it until it is answered."""
    last = f.engagements.compiled.bt[:, 1, :]

    def each() -> None:
        now_s = f.host.case_s()
        states = f.over.states_at(now_s)
        flies = ~np.isnan(states[:, 0])
        for t, b in np.argwhere(np.isfinite(last) & (last - 50.0 <= now_s) & (last > now_s) & flies[:, None]):
            if (b, t) not in f.orders:
                battery = lit().w.batteries[b].battery
                place = tuple(states[t, :3].tolist())
                f.orders[b, t] = Ordered(f"{b} at {t}", battery.name, place, now_s, 200.0, now_s)
                for _ in range(3):
                    f.heard[battery.owner].say(f.orders[b, t])

    return each


def test_orders_are_carried_out_and_what_is_killed_is_seen_no_more(tmp_path: Path) -> None:
    with begun(tmp_path, *lit().w.nations) as f:
        f.run(f.over.ends_s + 20.0, 1.0, orders_of_all(f))
        assert len(f.orders) > 4
        killed = np.isfinite(f.over.gone_s) & ~f.engagements.duds
        assert killed.any()
        for t in np.flatnonzero(killed):
            before, after = (f.over.states_at(f.over.gone_s[t] + off)[t, 0] for off in (-0.1, 0.0))
            assert not np.isnan(before)
            assert np.isnan(after)
        phases = set()
        for (b, t), order in f.orders.items():
            owner = lit().w.batteries[b].battery.owner
            told = [x for x in f.heard[owner].of(Told) if x.order == order.id]
            assert [x.phase for x in told[:3]] == ["taken"] * 3
            if len(told) == 3:  # its last look had not come
                continue
            phases |= {x.phase for x in told}
            fired = [x for x in told if x.phase == "fired"]
            assert bool(fired) == (f.engagements.fired(b, t) > 0)
            assert all(x.time_s >= order.given_s for x in fired)
            assert told[-1].phase in ("hit", "given up")
            assert told[-1].phase == "hit" or told[-1].why
        assert phases >= {"fired", "hit", "given up"}
        assert f.host.orders.late == 0
        entries = [e.payload for e in f.journal.entries(0, 100_000) if e.kind == KIND]
        said = [s for p in entries for s in seam.open_sealed(p).said]
        assert sorted(x.id for x in said if isinstance(x, Ordered)) == sorted(x.id for x in f.orders.values())
        told = [x for one in f.heard.values() for x in one.of(Told)]
        assert sorted(map(repr, told)) == sorted(repr(x) for x in said if isinstance(x, Told))


def refused(f: Field, nation: str, order: Ordered) -> Told:
    f.heard[nation].say(order)
    f.host.step()
    return f.heard[nation].of(Told)[-1]


def test_an_order_that_means_nothing_is_refused_with_a_reason(tmp_path: Path) -> None:
    with begun(tmp_path, *lit().w.nations) as f:
        b, owner, when_s = shooter(f)
        f.run(when_s, 2.0)
        _, order = aimed(f, b, f.host.case_s())
        other = next(n for n in lit().w.nations if n != owner)
        assert refused(f, other, order).why == "it has no battery of that name"
        change = {"id": "2", "place_m": (4e6, 3e6, 4e7)}
        assert refused(f, owner, type(order)(**_with(order, **change))).why == "nothing that flies is there"
        change = {"id": "3", "at_s": order.at_s + range_orders.NEAR_S + 1.0}
        assert refused(f, owner, type(order)(**_with(order, **change))).why.startswith(
            "its time is more than"
        )
        f.run(when_s + 2.0)
        _, far = aimed(f, b, f.host.case_s(), off_m=30_000.0)
        assert refused(f, owner, far).why == "nothing that flies is there"
        f.run(when_s + 4.0)
        assert refused(f, owner, order).phase == "taken"
        _, again = aimed(f, b, f.host.case_s(), off_m=1.0)
        assert refused(f, owner, again).why == "that battery was ordered to engage it before"
        assert refused(f, owner, far).why == "nothing that flies is there", "the same answer to the same id"


def _with(order: Ordered, **change: object) -> dict[str, object]:
    return {name: change.get(name, getattr(order, name)) for name in order.__struct_fields__}


def test_it_is_no_radar(tmp_path: Path) -> None:
    """Places are not tried out: so many orders a second are heeded, no more."""
    with begun(tmp_path, *lit().w.nations) as f:
        b, owner, when_s = shooter(f)
        f.run(when_s, 2.0)
        _, order = aimed(f, b, f.host.case_s(), off_m=30_000.0)
        for i in range(3 * MOST_NEW):
            f.heard[owner].say(type(order)(**_with(order, id=str(i))))
        f.host.step()
        assert len(f.heard[owner].of(Told)) == MOST_NEW
        assert f.host.tally.count("not_heeded", "order") == 2 * MOST_NEW


def test_an_order_that_is_not_on_the_disk_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begun(tmp_path, *lit().w.nations) as f:
        b, owner, when_s = shooter(f)
        f.run(when_s, 2.0)
        _, order = aimed(f, b, f.host.case_s())

        def full(*_: object, **__: object) -> bool:
            raise NotRecordedError("the disk is full")

        with monkeypatch.context() as m:
            m.setattr(f.journal, "append", full)
            f.heard[owner].say(order)
            f.host.step()
        assert f.heard[owner].of(Told) == []
        assert refused(f, owner, order).phase == "taken", "when it is said again, and can be written"


def test_strangers_are_refused_and_counted(tmp_path: Path) -> None:
    with begun(tmp_path, "USA") as f:
        f.bus.put(seam.key_of("USA", RANGE), b"rubbish" * 20)
        f.bus.put(seam.key_of("QQQ", RANGE), b"rubbish" * 20)
        f.bus.put(seam.key_of(RANGE, RANGE), b"rubbish" * 20)
        f.run(10.0)
        assert f.host.tally.count("refused") == 3
        assert f.host.frame == 5
        assert isinstance(f.heard["USA"].link.take("syn/x", b""), Refusal)


def test_the_end_is_said_again_and_then_it_closes(tmp_path: Path) -> None:
    with begun(tmp_path, "USA") as f:
        f.run(10.0)
        f.clock.s += f.over.ends_s + AFTER_S - 20.0
        assert f.run(1e9, each=lambda: None) is False
        assert 4 <= len(f.heard["USA"].of(Over)) <= CLOSES_NS // S + 1
        assert f.host.ended
        assert f.host.behind > 0, "frames that the machine had no time for were played, late"
        assert f.host.frame == int(f.host.ends_s / FRAME_S)


def test_only_the_range_is_the_range(tmp_path: Path) -> None:
    f = Field(tmp_path)
    with f, pytest.raises(ValueError, match="XRG"):
        RangeHost(
            f.over, f.engagements, f.own["USA"], CASE, transport=f.bus, keyring=f.keyring, clock=f.clock,
            journal=f.journal,
        )  # fmt: skip


def test_a_wire_tap_hears_no_truth(tmp_path: Path) -> None:
    """Neither names of missiles nor of their classes leave the range."""
    told: list[bytes] = []
    bus = InProcess()
    tap: Callback = lambda _, data: told.append(data)  # noqa: E731
    bus.subscribe("syn", tap)
    with begun(tmp_path, *lit().w.nations, bus=bus) as f:
        f.run(300.0)
    names = [m.name for m in lit().w.missiles] + [m.threat.name for m in lit().w.missiles]
    assert len(told) > 500
    assert not any(name.encode() in data for data in told for name in names)
