"""A raid fought by nodes: they see, ask, order; the range decides. One process, and a clock that is set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synaspis.engine.detections import FRAME_S, Range
from synaspis.engine.layout import FIRED, SBT
from synaspis.engine.manual import Engagements, by_order
from synaspis.journal import Journal
from synaspis.network.answering import Dice
from synaspis.network.attending import Attending, CaseClock
from synaspis.network.authority import KIND, Authority
from synaspis.network.node import Node
from synaspis.network.range import RangeHost
from synaspis.network.seam import RANGE
from synaspis.network.tally import Tally
from synaspis.network.transport import InProcess
from tests.engine.scene import with_file
from tests.network.raid import CASE, NOON_NS, identities
from tests.network.test_range import lit

SEED = 1


class Ticking(CaseClock):
    """All machines' clocks are one, and stand until it is set."""

    s = 0.0

    def utc_ns(self) -> int:
        return NOON_NS + round(Ticking.s * 1e9)


class Cell:
    """A node with its batteries, and its end of the seam."""

    def __init__(self, nation: str, folder: Path, bus: InProcess, regime: str) -> None:
        own, keyring = identities((*lit().w.nations, RANGE))
        self.clock, given = Ticking(), lit().rules(regime)
        self.journal = Journal.open(folder / f"{nation}.journal", case_sha256=CASE, keeper=nation)
        common = {"transport": bus, "keyring": keyring, "clock": self.clock}
        self.node = Node(
            own[nation], with_file(lit().w.case, raid=()), CASE, given, journal=self.journal, **common
        )
        self.seam = Attending(own[nation], CASE, tally=self.node.tally, **common)
        self.authority = Authority(
            nation, self.node.judge, given, outward=self.node.gateway, of_level=self.node.view.of_level,
            order=self.seam.order, journal=self.journal, clock=self.clock, dice=Dice(SEED),
            tally=self.node.tally,
        )  # fmt: skip
        self.seam.heeding(self.node.wake, lambda told: self.authority.told(told, self.clock.case_s()))
        self.node.parts.append(self.authority)

    def step(self) -> None:
        self.seam.step(self.node)
        looks = self.node.counts.looks
        self.node.step()
        if self.node.counts.looks != looks:
            self.seam.cue(round(self.node.looked_s / FRAME_S), self.node)
        self.authority.step(self.clock.case_s())

    def steps(self) -> list[dict]:
        self.journal.flush()
        return [json.loads(e.payload) for e in self.journal.entries(0, 1_000_000) if e.kind == KIND]


@pytest.mark.long
def test_nodes_fight_a_raid(tmp_path: Path) -> None:
    """Until the first round leaves: it is the owner's own sight, leave and order that sent it."""
    Ticking.s = 0.0
    bus, own = InProcess(), identities((*lit().w.nations, RANGE))
    engagements = Engagements(by_order(lit().w, lit().g, lit().rules("allied")), SEED)
    with Journal.open(tmp_path / "range.journal", case_sha256=CASE, keeper=RANGE) as journal:
        host = RangeHost(
            Range(lit().w, lit().g, SEED), engagements, own[0][RANGE], CASE, transport=bus, keyring=own[1],
            clock=Ticking(), journal=journal, tally=Tally(),
        )  # fmt: skip
        cells = {n: Cell(n, tmp_path, bus, "allied") for n in lit().w.nations}
        while not host.tally.count("order", "fired") and host.case_s() < 400.0:
            Ticking.s += 0.5
            host.step()
            for cell in cells.values():
                cell.step()
        steps = cells["USA"].steps()
        for cell in cells.values():
            cell.node.close()
            cell.journal.close()
    assert host.late_cues == host.behind == host.orders.late == 0
    (ordered,) = [e for e in steps if e["step"] == "ordered"]
    asked = {e["clauses"][0] for e in steps if e["step"] == "answered"}
    assert ordered["battery"] == "deveselu"
    assert asked & set(ordered["clauses"]), "it cites the leave that was asked for"
    told = [e for e in steps if e["step"] == "told"]
    assert [e["phase"] for e in told] == ["taken", "fired"]
    assert told[1]["time_s"] == ordered["at_s"]
    b = next(b for b, f in enumerate(lit().w.batteries) if f.battery.name == "deveselu")
    assert (engagements.state[SBT][:, FIRED, b] > 0).sum() == 1
