"""One nation's process of `bench/network.py`: its radar's scans, tracker, journal, gateway and picture."""

from __future__ import annotations

import datetime as dt
import gc
import json
import math
import os
import sys
import threading
import time
from array import array
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.network import CASE, SETTLING_S, Plan, all_to_all
from synaspis.journal import Journal
from synaspis.kernels import earth, ekf, motion, sight
from synaspis.network import bodies, keys
from synaspis.network.gateway import Gateway
from synaspis.network.keyring import Keyring
from synaspis.network.message import Message
from synaspis.network.picture import SILENT_S
from synaspis.network.rulebook import Offer, Rulebook
from synaspis.network.zenoh_bus import Address, ZenohBus
from synaspis.tracking.filters import COAST, PHASES
from synaspis.tracking.fusion import Edition, Picture
from synaspis.tracking.scan import Scan, Watch
from synaspis.tracking.tracker import Tracker

Floats = NDArray[np.float64]

ERRORS = np.array([20.0, 1e-3, 1e-3])
"""One-sigma errors of the radar: m, rad, rad."""
FARTHEST_M = 1_500e3
ALERT_EACH = 2
"""Scans from one launch alert to the next."""
FRAME_S = 0.05
WAVE = 60
UPPER = np.triu_indices(7)


class MachineClock:
    """The machine's; the case begins when everybody does."""

    def __init__(self) -> None:
        self.begins_ns = time.time_ns()

    def utc_ns(self) -> int:
        """As `tally.Clock`."""
        return time.time_ns()

    def case_s(self) -> float:
        """As `tally.Clock`."""
        return max(time.time_ns() - self.begins_ns, 0) * 1e-9


def scans(plan: Plan) -> list[Scan]:
    """What the nation's radar sees of its objects, which fall freely, each second; each minute others."""
    who = plan.nations.index(plan.nation)
    luck = np.random.default_rng(who)
    middle = np.array([math.radians(36.0 + 3.0 * who), math.radians(45.0), 200e3])
    axes, centre = earth.enu_axes(middle[None])[0], earth.ecef_from_geodetic(middle[None])[0]
    station = sight.radar_stations(np.array([[middle[0] - 0.04, middle[1] - 0.09, 100.0]]))[0]
    mode, room, out = COAST.row(), np.zeros(ekf.ROOM), []
    states, true = np.zeros((plan.tracks, 7)), np.empty((plan.tracks, sight.PARTS))
    for k in range(SETTLING_S + plan.measured_s):
        if k % WAVE == 0:
            states[:, :3] = centre + (luck.uniform(-1.0, 1.0, (plan.tracks, 3)) * [2e5, 2e5, 8e4]) @ axes
            states[:, 3:6] = ([-2000.0, 500.0, 0.0] + luck.normal(size=(plan.tracks, 3)) * 500.0) @ axes
        for t, state in enumerate(states):
            sight.expect(state, station, true[t])
            motion.move(state, mode, 1.0, room)
        rows = np.full((plan.tracks, sight.ROW_COLUMNS), np.inf)
        at_s = k + who / len(plan.nations)
        rows[:, sight.TIME], rows[:, 4], rows[:, 5:8] = at_s, 0.0, ERRORS
        rows[:, 1:4] = true[:, :3] + luck.normal(size=(plan.tracks, 3)) * ERRORS
        out.append(Scan(time_s=at_s, received_s=at_s, station=0, sight=station, rows=rows))
    return out


def warm(seen: list[Scan]) -> None:
    """Have all kernels compiled, or loaded where that was done before."""
    tracker, picture = Tracker([Watch(name="radar", kind="radar")], lag_s=0.0), Picture("AAA")
    for scan in seen[:4]:
        tracker.take(scan)
    means, covs, _ = tracker.tracks().mixture()
    for number, (mean, cov) in enumerate(zip(means, covs, strict=True)):
        picture.take(Edition(owner="AAA", number=number, time_s=0.0, mean=mean, cov=cov, mode=COAST.row()))


class Node:
    """One nation's. `run` does all; what comes from others is taken by the thread that runs."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.clock, folder = plan, MachineClock(), Path(plan.folder)
        now = dt.datetime.now(dt.UTC)
        rules = Rulebook(plan.nation, all_to_all(plan.nations), plan.nations)
        addresses = {n: Address(host="127.0.0.1", port=p) for n, p in plan.ports.items()}
        certificates, problems = keys.load_certificates(folder, plan.nations, now)
        assert not problems, problems
        self.came: deque[tuple[str, Message]] = deque()
        self.wake = threading.Event()
        self.bus = ZenohBus(folder, plan.nation, addresses, rules.egress())
        self.journal = Journal.open(folder / f"{plan.nation}.journal", case_sha256=CASE, keeper=plan.nation)
        self.gateway = Gateway(
            keys.load_identity(folder, plan.nation, now), CASE, rules, journal=self.journal,
            transport=self.bus, keyring=Keyring(certificates), clock=self.clock, deliver=self._deliver,
            alarm=print,
        )  # fmt: skip
        radar = Watch(name="radar", kind="radar", longest_range_m=FARTHEST_M)
        self.tracker = Tracker([radar], lag_s=0.0)
        self.picture = Picture(plan.nation)
        self.modes = [mode.row() for mode in PHASES]
        self.tracks_s = array("d")
        self.alerts_s = array("d")
        self.use: list[list[int]] = []

    def _deliver(self, owner: str, message: Message) -> None:
        self.came.append((owner, message))
        self.wake.set()

    def meet(self) -> None:
        """Until all others were heard."""
        while not all(h.heard_at_ns for h in self.gateway.health().values()):
            self.gateway.tick()
            time.sleep(0.05)

    def run(self, seen: list[Scan]) -> None:
        """Take each scan when it is due, and what comes meanwhile."""
        due = deque(seen)
        end_s = SETTLING_S + self.plan.measured_s
        next_use_s = 0.0
        while (now_s := self.clock.case_s()) < end_s + 1.0:
            if due and due[0].received_s <= now_s:
                self._look(due.popleft())
            self._take()
            self.gateway.flush()
            self.gateway.tick()
            if now_s >= next_use_s:
                next_use_s += 1.0
                self._forget(now_s)
                self.use.append([resident_bytes(), self._leaving(), self.journal.waits, len(self.came)])
            left_s = due[0].received_s - self.clock.case_s() if due else FRAME_S
            self.wake.wait(min(max(left_s, 0.0), FRAME_S))
            self.wake.clear()

    def _leaving(self) -> int:
        return sum(h.waiting for h in self.gateway.health().values())

    def _look(self, scan: Scan) -> None:
        """A scan has come: an alert at once, then all tracks."""
        self.tracker.take(scan)
        if round(scan.time_s) % ALERT_EACH == 0:
            alert = bodies.write(bodies.Alert(scan.time_s, None, None, None, None))
            self._offer("alert", f"launch {scan.time_s}", scan.time_s, alert)
            self.gateway.flush()
        found = self.tracker.tracks()
        means, covs, modes = found.mixture()
        own = []
        for number, mean, cov, mode in zip(found.number.tolist(), means, covs, modes.tolist(), strict=True):
            body = bodies.write(bodies.Track(scan.time_s, tuple(mean.tolist()), tuple(cov[UPPER].tolist())))
            self._offer("track", f"t{number}", scan.time_s, body)
            own.append(
                Edition(
                    owner=self.plan.nation, number=number, time_s=scan.time_s, mean=mean, cov=cov,
                    mode=self.modes[mode],
                )
            )  # fmt: skip
        self.gateway.flush()
        self.picture.own(own)

    def _offer(self, product: str, track: str, made_s: float, body: bytes) -> None:
        self.gateway.offer(Offer(product=product, track=track, made_s=made_s, body=body, sensors=("radar",)))

    def _take(self) -> None:
        """Put what came into the picture."""
        while self.came:
            owner, message = self.came.popleft()
            body = bodies.read(message.product, message.body)
            if isinstance(body, bodies.Track):
                cov = np.zeros((7, 7))
                cov[UPPER] = cov.T[UPPER] = body.covariance
                edition = Edition(
                    owner=owner, number=message.number, time_s=body.time_s, mean=np.array(body.mean), cov=cov,
                    mode=self.modes[1],
                )  # fmt: skip
                self.picture.take(edition)
            if message.made_s >= SETTLING_S:
                late_s = self.clock.case_s() - message.made_s
                (self.alerts_s if message.product == "alert" else self.tracks_s).append(late_s)

    def _forget(self, now_s: float) -> None:
        """Let go what no message was about for a while, as a node does."""
        for held in self.picture.held():
            if held.time_s < now_s - SILENT_S:
                self.picture.withdraw(held.owner, [held.number])

    def told(self, cpu_s: float) -> dict[str, Any]:
        """What `bench.network` reads."""
        return {
            "nation": self.plan.nation, "cpu_s": cpu_s,
            "tracks_s": self.tracks_s.tolist(), "alerts_s": self.alerts_s.tolist(),
            "refused": self.gateway.tally.count("refused"), "use": self.use,
        }  # fmt: skip

    def close(self) -> None:
        """End it."""
        self.gateway.close()
        self.bus.close()
        self.journal.close()


def resident_bytes() -> int:
    """Memory of this process that is in use, where the system tells."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def main() -> None:
    """Get ready, say so, and run when told to."""
    told = json.loads(sys.argv[1])
    plan = Plan(**told | {"nations": tuple(told["nations"])})
    seen = scans(plan)
    warm(seen)
    node = Node(plan)
    node.meet()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(0.0005)
    print("ready", flush=True)
    go = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), go.set()), daemon=True).start()
    while not go.wait(0.1):
        node.gateway.tick()
    node.clock.begins_ns = time.time_ns()
    began_s = time.process_time()
    node.run(seen)
    found = node.told(time.process_time() - began_s)
    node.close()
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
