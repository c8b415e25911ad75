"""Whole networks of processes on a real bus, under what befalls real ones.

    python -m tests.soak.network [SHARE]

Of eight nations: a partition between two halves, kills at random, a bad line, hosts of their own where the
system lets them be made; and measuring for ten minutes that neither memory nor lag grows. A small share has
four nations, which are killed on a bad line. Prints figures as JSON; AssertionError where something was lost
or came twice.
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

from ..network import hosts
from ..network.exercise import Exercise, acknowledged_is_held, held_once, lateness, loopback

SMALL = 0.1
CUT_S, KILLING_S, KILL_EACH_S, BAD_LINE_S, MEASURED_S = 60.0, 300.0, 10.0, 60.0, 600.0
CONTINUES_S = 5.0
"""After a line is mended, tracks are to be fresh again within so long."""
GROWTH_S = 120
"""A soak must last so long for growth to be told from settling."""
GROWTH_BYTES_PER_S = 10_000
BAD_LINE = {"loss": 0.05, "repeats": 0.05, "shortest_s": 0.0, "longest_s": 0.2}
Figures = dict[str, object]


def nations(share: float) -> tuple[str, ...]:
    """Who takes part."""
    return measured.NATIONS[:4] if share < SMALL else measured.NATIONS


def partition(share: float) -> Figures:
    """Two halves that do not hear each other for a minute: each warns its own side, then all is mended."""
    cut_s = max(CUT_S * share, 3.0)
    ends_s = 3.0 + cut_s
    until_s = ends_s + (CONTINUES_S if share >= SMALL else 3.0)
    all_of = nations(share)
    halves = (all_of[: len(all_of) // 2], all_of[len(all_of) // 2 :])
    with tempfile.TemporaryDirectory() as folder:
        more = {"cut": (3.0, ends_s), "half": halves[0]}
        with Exercise(Path(folder), all_of, until_s, loopback(all_of), more) as exercise:
            exercise.finish()
            meanwhile, fresh = [], []
            for half, other in (halves, halves[::-1]):
                for nation in half:
                    log = exercise.log(nation)
                    near = lateness(log, "alert", 3.0, ends_s, [n for n in half if n != nation])
                    assert all(near.values()), f"{nation} hears no alert of its own side"
                    meanwhile += [s for each in near.values() for s in each]
                    assert not [x for x in log if x["event"] == "got" and _crossed(x, other, 3.0, ends_s)]
                    after = {n: min(x["at_s"] for x in log if _fresh(x, n, ends_s)) - ends_s for n in other}
                    fresh += after.values()
            assert max(fresh) <= CONTINUES_S, max(fresh)
            return held_once(exercise.folder, all_of) | {
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
    rng, killed, all_of = random.Random(1), 0, nations(share)
    more = {"faults": BAD_LINE if share < SMALL else {}}
    with (
        tempfile.TemporaryDirectory() as folder,
        Exercise(Path(folder), all_of, span_s + 3.0, loopback(all_of), more) as exercise,
    ):
        due_s = 2.0
        while due_s < span_s:
            time.sleep(max(due_s - exercise.now_s(), 0.0))
            nation = rng.choice(all_of)
            exercise.kill(nation)
            exercise.start(nation)
            killed += 1
            due_s += each_s * rng.uniform(0.8, 1.2)
        exercise.finish()
        return held_once(exercise.folder, all_of) | {
            "killed": killed, "highest_acknowledged": acknowledged_is_held(exercise)
        }  # fmt: skip


def bad_line(share: float) -> Figures:
    """5 % lost, up to 0.2 s late and so out of order, and some twice."""
    all_of = nations(share)
    with tempfile.TemporaryDirectory() as folder:
        until_s = max(BAD_LINE_S * share, 4.0)
        more = {"faults": BAD_LINE}
        with Exercise(Path(folder), all_of, until_s, loopback(all_of), more) as exercise:
            exercise.finish()
            counts = [exercise.log(n)[-1].get("counts", {}) for n in all_of]
            return held_once(exercise.folder, all_of) | {
                "sent_again": sum(v for c in counts for k, v in c.items() if k.startswith("sent_again")),
                "replays_refused": sum(c.get("refused/replay", 0) for c in counts),
            }  # fmt: skip


def long(share: float) -> Figures:
    """The measured load of `bench/network.py`, and what grows meanwhile."""
    found = measured.measure(nations(share), measured_s=max(round(MEASURED_S * share), 3))
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


def apart(share: float) -> Figures:
    """Nations on hosts of their own, one of which loses its line for a minute."""
    if wrong := hosts.why_not():
        return {"left_out": wrong}
    all_of, out_s = nations(share)[:4], max(CUT_S * share, 3.0)
    ends_s = 2.0 + out_s
    with tempfile.TemporaryDirectory() as folder, hosts.hosts(all_of) as made:
        until_s = ends_s + 20.0
        with Exercise(Path(folder), all_of, until_s, made.addresses, prefix=made.prefix) as exercise:
            time.sleep(max(2.0 - exercise.now_s(), 0.0))
            made.plug(all_of[0], in_=False)
            time.sleep(max(ends_s - exercise.now_s(), 0.0))
            made.plug(all_of[0], in_=True)
            exercise.finish()
            again = [
                min(x["at_s"] for x in exercise.log(n) if _fresh(x, all_of[0], ends_s)) - ends_s
                for n in all_of[1:]
            ]
            return held_once(exercise.folder, all_of) | {"out_s": out_s, "tracks_continue_s": max(again)}


def _slope(values: Sequence[float]) -> float:
    """Least-squares growth from one value to the next."""
    n = len(values)
    middle, mean = (n - 1) / 2.0, sum(values) / max(n, 1)
    spread = sum((i - middle) ** 2 for i in range(n))
    return sum((i - middle) * (v - mean) for i, v in enumerate(values)) / spread if spread else 0.0


ALWAYS: tuple[Callable[[float], Figures], ...] = (partition, kills, long)
LARGE: tuple[Callable[[float], Figures], ...] = (bad_line, apart)


def main() -> None:
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    loads = (*ALWAYS, *LARGE) if share >= SMALL or sys.argv[2:] else ALWAYS
    only = sys.argv[2:] or [f.__name__ for f in loads]
    print(json.dumps({f.__name__: f(share) for f in loads if f.__name__ in only}, indent=2))


if __name__ == "__main__":
    main()
