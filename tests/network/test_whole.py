"""Four nations for minutes of a set clock: a partition, kills, a bad line, and what must be true afterwards.

The same is done to eight processes on a real bus by `tests/soak/network.py`.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synaspis.network.message import Message
from synaspis.network.transport import Cut, Faults, Faulty

from .exercise import held_once
from .test_repair import faulty, settled
from .world import NATIONS, World, offer, permit, rules_of

RULES = rules_of(permit("all", "measurement", owners=NATIONS, recipients=NATIONS))
SIDES = (("AAA", "BBB"), ("CCC", "DDD"))
CUT = (5.0, 65.0)
CONTINUES_S = 5.0
BAD_LINE = Faults(loss=0.05, repeats=0.05, shortest_s=0.2, longest_s=0.4)

Came = dict[str, list[tuple[float, str, Message]]]


def listen(w: World, nation: str, came: Came) -> None:
    """Note when what comes to a nation comes."""
    w[nation].gateway.inbox._deliver = lambda owner, m: came[nation].append((w.clock.s, owner, m))


def exercise(w: World, until_s: float, each_s: Callable[[int], None] = lambda _: None) -> None:
    """Everybody offers a track a second, a look of a radar, and an alert each three seconds."""
    for second in range(round(until_s - w.clock.s)):
        each_s(second)
        for nation in NATIONS:
            gateway, tag = w[nation].gateway, f"{nation} {second}"
            if second % 3 == 0:
                gateway.offer(offer("alert", f"launch {second}", f"alert {tag}".encode(), made_s=w.clock.s))
            for product in ("track", "measurement"):
                gateway.offer(offer(product, "t", f"{product} {tag}".encode(), made_s=w.clock.s))
        w.step(0.2, times=5)


@pytest.mark.long
def test_two_halves_warn_meanwhile_and_hold_the_same_afterwards(tmp_path: Path) -> None:
    came: Came = {n: [] for n in NATIONS}
    with World(tmp_path, RULES) as w:
        faulty(w, Faults(), cuts=(Cut(*CUT, frozenset(SIDES[0])),)).start()
        for nation in NATIONS:
            listen(w, nation, came)
        exercise(w, CUT[1] + 10.0)
        settled(w)
    for side, other in (SIDES, SIDES[::-1]):
        for nation in side:
            alerts = [x for x in came[nation] if x[2].product == "alert" and CUT[0] <= x[2].made_s < CUT[1]]
            near = [at_s - m.made_s for at_s, owner, m in alerts if owner in side]
            assert len(near) == 20 and max(near) < 0.5, "its own side's come at once"
            far = [at_s for at_s, owner, _ in alerts if owner in other]
            assert len(far) == 40 and min(far) >= CUT[1], "the other side's when the line is mended"
            for owner in other:
                fresh = [
                    s
                    for s, o, m in came[nation]
                    if o == owner and m.made_s >= CUT[1] and m.product == "track"
                ]
                assert min(fresh) < CUT[1] + CONTINUES_S
            bodies = [m.body for _, _, m in came[nation]]
            assert len(bodies) == len(set(bodies))
    assert held_once(tmp_path, NATIONS)["tombstones"] == 0


def killed(w: World, nation: str) -> None:
    """A node ends as it does when its process is killed: with what its disk had then, and starts again."""
    journal = w[nation].journal
    files = [w.folder / f"{nation}.journal{end}" for end in ("", "-wal")]
    with journal._writer._writing:
        for path in files:
            shutil.copy(path, w.folder / f"{path.name}.then")
    w.stop(nation)
    for path in files:
        shutil.move(w.folder / f"{path.name}.then", path)
    w.start(nation)


@pytest.mark.long
def test_kills_and_a_bad_line_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    rng = random.Random(1)
    acknowledged: dict[tuple[str, str], int] = {}
    with World(tmp_path, RULES) as w:
        faulty(w, BAD_LINE).start()

        def kill(second: int) -> None:
            for nation, node in w.nodes.items():
                for partner, health in node.gateway.health().items():
                    acknowledged[nation, partner] = max(
                        health.acknowledged, acknowledged.get((nation, partner), 0)
                    )
            if second % 10 == 9:
                nation = rng.choice(NATIONS)
                w[nation].gateway.offer(offer("alert", body=f"last {nation} {second}".encode()))
                w[nation].gateway.flush()
                killed(w, nation)

        exercise(w, 62.0, kill)
        settled(w)
        lines = [t for t in w.transports.values() if isinstance(t, Faulty)]
        assert sum(line.lost for line in lines) > 100 and not any(n.alarms for n in w.nodes.values())
        for (owner, recipient), number in acknowledged.items():
            assert number > 0 and w[recipient].gateway.health()[owner].received >= number
    count = held_once(tmp_path, NATIONS)
    assert count["messages"] > 12 * 2 * 55 and count["tombstones"] > 0
