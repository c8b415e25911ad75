"""Whole networks of processes on a real bus, under what befalls real ones.

    python -m tests.soak.network [SHARE]

Of eight nations: a partition between two halves, kills at random, a bad line; and measuring for ten minutes that
neither memory nor lag grows. Prints figures as JSON; AssertionError where something was lost or came twice.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import network as measured

from ..network.exercise import Exercise, acknowledged_is_held, held_once, lateness, loopback

NATIONS = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")
HALVES = (NATIONS[:4], NATIONS[4:])
CUT_S, KILLING_S, KILL_EACH_S, BAD_LINE_S, MEASURED_S = 60.0, 300.0, 10.0, 60.0, 600.0
CONTINUES_S = 5.0
"""After a line is mended, tracks are to be fresh again within so long."""
GROWTH_S = 120
"""A soak must last so long for growth to be told from settling."""
GROWTH_BYTES_PER_S = 20_000
Figures = dict[str, object]


def partition(share: float) -> Figures:
    """Two halves that do not hear each other for a minute: alerts on each side meanwhile, then all is mended."""
    cut_s = max(CUT_S * share, 3.0)
    ends_s = 3.0 + cut_s
    until_s = ends_s + CONTINUES_S + 3.0
    with tempfile.TemporaryDirectory() as folder:
        more = {"cut": (3.0, ends_s), "half": HALVES[0]}
        with Exercise(Path(folder), NATIONS, until_s, loopback(NATIONS), more) as exercise:
            exercise.finish()
            meanwhile, fresh = [], []
            for half, other in (HALVES, HALVES[::-1]):
                for nation in half:
                    log = exercise.log(nation)
                    near = lateness(log, "alert", 3.0, ends_s, [n for n in half if n != nation])
                    assert all(near.values()), f"{nation} hears no alert of its own side"
                    meanwhile += [s for all_of in near.values() for s in all_of]
                    assert not [x for x in log if x["event"] == "got" and _crossed(x, other, 3.0, ends_s)]
                    after = {n: min(x["at_s"] for x in log if _fresh(x, n, ends_s)) - ends_s for n in other}
                    fresh += after.values()
            assert max(fresh) <= CONTINUES_S, max(fresh)
            return held_once(exercise.folder, NATIONS) | {
                "cut_s": cut_s, "alerts_meanwhile": len(meanwhile), "alert_s_at_most": max(meanwhile),
                "tracks_continue_s": max(fresh),
            }  # fmt: skip


def _crossed(line: dict[str, object], other: Sequence[str], from_s: float, until_s: float) -> bool:
    """Whether something of the other side came while the line was cut, not sent just before."""
    return line["of"] in other and from_s + 0.5 < float(str(line["at_s"])) < until_s - 0.1


def _fresh(line: dict[str, object], owner: str, since_s: float) -> bool:
    made_s = float(str(line.get("made_s", -1.0)))
    return line.get("of") == owner and line.get("product") == "track" and made_s >= since_s


def kills(share: float) -> Figures:
    """A node is killed every ten seconds, without a word, and started again at once."""
    span_s, each_s = max(KILLING_S * share, 5.0), min(KILL_EACH_S, max(KILLING_S * share, 5.0) / 2.0)
    rng, killed = random.Random(1), 0
    with tempfile.TemporaryDirectory() as folder:
        with Exercise(Path(folder), NATIONS, span_s + 3.0, loopback(NATIONS)) as exercise:
            due_s = 2.0
            while due_s < span_s:
                time.sleep(max(due_s - exercise.now_s(), 0.0))
                nation = rng.choice(NATIONS)
                exercise.kill(nation)
                exercise.start(nation)
                killed += 1
                due_s += each_s * rng.uniform(0.8, 1.2)
            exercise.finish()
            return held_once(exercise.folder, NATIONS) | {
                "killed": killed, "highest_acknowledged": acknowledged_is_held(exercise)
            }  # fmt: skip


def bad_line(share: float) -> Figures:
    """5 % lost, up to 0.2 s late and so out of order, and some twice."""
    faults = {"loss": 0.05, "repeats": 0.05, "shortest_s": 0.0, "longest_s": 0.2}
    with tempfile.TemporaryDirectory() as folder:
        until_s = max(BAD_LINE_S * share, 4.0)
        more = {"faults": faults}
        with Exercise(Path(folder), NATIONS, until_s, loopback(NATIONS), more) as exercise:
            exercise.finish()
            counts = [exercise.log(n)[-1].get("counts", {}) for n in NATIONS]
            return held_once(exercise.folder, NATIONS) | {
                "sent_again": sum(v for c in counts for k, v in c.items() if k.startswith("sent_again")),
                "replays_refused": sum(c.get("refused/replay", 0) for c in counts),
            }  # fmt: skip


def long(share: float) -> Figures:
    """The measured load of `bench/network.py`, and what grows meanwhile."""
    found = measured.measure(measured_s=max(round(MEASURED_S * share), 5))
    growth = {n: _slope([row[0] for row in use][len(use) // 3 :]) for n, use in found.use.items()}
    queues = [max(row[1:]) for use in found.use.values() for row in use[len(use) // 3 :]]
    if MEASURED_S * share >= GROWTH_S:
        assert max(growth.values()) < GROWTH_BYTES_PER_S, growth
    third = len(found.tracks_s) // 3
    quantile = measured.quantile
    return {
        "deliveries": len(found.tracks_s), "refused": found.refused,
        "track_p50_ms": round(1e3 * quantile(found.tracks_s, 0.5), 1),
        "track_p99_ms": round(1e3 * quantile(found.tracks_s, 0.99), 1),
        "alert_p99_ms": round(1e3 * quantile(found.alerts_s, 0.99), 1),
        "memory_bytes_per_s": round(max(growth.values())), "longest_queue": max(queues),
        "deliveries_of_a_third": third,
    }  # fmt: skip


def _slope(values: Sequence[float]) -> float:
    """Least-squares growth from one value to the next."""
    n = len(values)
    middle, mean = (n - 1) / 2.0, sum(values) / max(n, 1)
    spread = sum((i - middle) ** 2 for i in range(n))
    return sum((i - middle) * (v - mean) for i, v in enumerate(values)) / spread if spread else 0.0


LOADS: tuple[Callable[[float], Figures], ...] = (partition, kills, bad_line, long)


def main() -> None:
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    only = sys.argv[2:]
    print(json.dumps({f.__name__: f(share) for f in LOADS if not only or f.__name__ in only}, indent=2))


if __name__ == "__main__":
    main()
