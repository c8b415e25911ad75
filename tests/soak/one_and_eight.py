"""The same raid in eight processes and in one: fused again in time order, their journals say the same.

    python -m tests.soak.one_and_eight [SPEED]

Eight nations over the case `first-light`: a range and eight nodes as processes on a bus, then all of them in
this process with a set clock, with the same keys, seed and case. Prints figures as JSON; AssertionError where
a nation's pictures differ by a byte, or the states it held live by more than one sigma.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from synaspis.engine.detections import Range
from synaspis.engine.manual import Engagements, by_order
from synaspis.engine.world import world
from synaspis.exercise.parts import Now, SetClock
from synaspis.journal import Journal
from synaspis.network.again import Shot, fused, since
from synaspis.network.cell import Cell, joined
from synaspis.network.config import NodeConfig, RangeConfig, load_node, load_range, nations_of
from synaspis.network.hosting import secret_of
from synaspis.network.keyring import Keyring
from synaspis.network.node import Node
from synaspis.network.range import RangeHost
from synaspis.network.seam import RANGE
from synaspis.network.tally import Tally
from synaspis.network.transport import InProcess
from synaspis.sharing.rules import rules
from synaspis.studies.arena import arena

SHIPPED = Path(__file__).parents[2] / "src" / "synaspis" / "cases" / "first-light.yaml"
FOUR, EIGHT = "[USA, ROU, TUR, BGR]", "[USA, ROU, TUR, BGR, GRC, ITA, DEU, POL]"
SPEED = 2.0
STEP_NS = 100_000_000
RANGE_FILE = "range/range.yaml"


def party(config: NodeConfig, folder: Path, bus: InProcess, now: Now, undone: ExitStack) -> Cell:
    """A nation in this process."""
    clock, keyring, tally = SetClock(now), Keyring(config.certificates), Tally()
    given, sha256 = rules(config.case, config.case.regime(config.regime)), config.case.sha256
    journal = Journal.open(folder / f"{config.me}.journal", case_sha256=sha256, keeper=config.me)
    undone.callback(journal.close)
    node = Node(
        config.identity, config.case, sha256, given, journal=journal, transport=bus, keyring=keyring,
        clock=clock, tally=tally, secret=secret_of(config),
    )  # fmt: skip
    undone.callback(node.close)
    return joined(
        node, config.identity, sha256, given, config.seed, journal=journal, transport=bus, keyring=keyring,
        clock=clock, tally=tally,
    )  # fmt: skip


def in_one(configs: Mapping[str, NodeConfig], of_range: RangeConfig, folder: Path) -> dict[str, list[Shot]]:
    """All nations in this process, from the first frame to the last."""
    now = Now(time.time_ns())
    lit, bus = arena(of_range.whole, jobs=1), InProcess()
    with ExitStack() as undone:
        parties = {n: party(c, folder, bus, now, undone) for n, c in configs.items()}
        journal = Journal.open(folder / "range.journal", case_sha256=of_range.case.sha256, keeper=RANGE)
        undone.callback(journal.close)
        host = RangeHost(
            Range(lit.w, lit.g, of_range.seed),
            Engagements(by_order(lit.w, lit.g, lit.rules(of_range.regime)), of_range.seed), of_range.identity,
            of_range.case.sha256, transport=bus, keyring=Keyring(of_range.certificates), clock=SetClock(now),
            journal=journal,
        )  # fmt: skip
        while host.step():
            for each in parties.values():
                each.step()
            now.ns += STEP_NS
        assert host.late_cues == 0
        return {
            n: list(shots(c, p.journal)) for (n, c), p in zip(configs.items(), parties.values(), strict=True)
        }


def shots(config: NodeConfig, journal: Journal) -> Iterator[Shot]:
    """A nation's pictures, fused again from its journal."""
    journal.flush()
    given = rules(config.case, config.case.regime(config.regime))
    return fused(since(journal, 0), world(config.case, ()), config.me, given)


def differing(one: list[Shot], eight: list[Shot]) -> int:
    """How many of the pictures are not the same bytes."""
    return sum(a.told() != b.told() for a, b in zip(one, eight, strict=False)) + abs(len(one) - len(eight))


def main() -> None:
    speed = float(sys.argv[1]) if len(sys.argv) > 1 else SPEED
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        case = home / "eight.yaml"
        case.write_text(SHIPPED.read_text().replace(FOUR, EIGHT))
        command = [sys.executable, "-m", "synaspis.cli.main", "network", "run", str(case), "--json"]
        more = ["--dir", str(home / "eight"), "--speed", str(speed), "--regime", "allied"]
        done = subprocess.run([*command, *more], check=True, capture_output=True, text=True)
        now = dt.datetime.now(dt.UTC)
        nations = nations_of(home / "eight")
        configs = {n: load_node(home / "eight" / n / "node.yaml", now, n) for n in nations}
        (home / "one").mkdir()
        one = in_one(configs, load_range(home / "eight" / RANGE_FILE, now), home / "one")
        found, objects = {}, 0
        for nation, config in configs.items():
            journal = Journal.open(config.journal, case_sha256=config.case.sha256, keeper=nation)
            eight = list(shots(config, journal))
            journal.close()
            found[nation] = differing(one[nation], eight)
            objects += sum(len(shot.objects) for shot in eight)
        totals = json.loads(done.stdout)
        print(
            json.dumps(
                {
                    "differing": found,
                    "objects": objects,
                    "pictures": {n: len(s) for n, s in one.items()},
                    "totals": totals,
                },
                indent=2,
            )
        )
        assert not any(found.values()), found
        assert objects > 0


if __name__ == "__main__":
    main()
