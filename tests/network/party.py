"""A nation's process in an exercise of several: offers things, notes what comes, may be killed at any time.

    python -m tests.network.party PLAN

It says `ready` when it is there, or has heard all others where it is to `meet` them; begins at the time (UTC
in nanoseconds) that it then reads, and ends when its standard input does. What it notes is in NATION.log
beside its journal, a line of JSON each.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synaspis.journal import Journal
from synaspis.network import keys
from synaspis.network.gateway import Gateway
from synaspis.network.keyring import Keyring
from synaspis.network.message import Message
from synaspis.network.rulebook import Rulebook
from synaspis.network.transport import Cut, Faults, Faulty
from synaspis.network.zenoh_bus import Address, ZenohBus

from .world import CASE, offer, permit, rules_of

STEP_S = 0.01


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one process is told. Times in seconds after the beginning: it offers until `until_s`.

    `cut` is when and until when the nations of `half` hear nothing of the others; `faults` as of
    `transport.Faults`.
    """

    nation: str
    nations: tuple[str, ...]
    folder: str
    addresses: dict[str, tuple[str, int]]
    until_s: float
    meet: bool = True
    tracks: int = 5
    faults: dict[str, float]
    cut: tuple[float, float] = (0.0, 0.0)
    half: tuple[str, ...] = ()


class Clock:
    """The machine's."""

    begins_ns = 2**63

    def utc_ns(self) -> int:
        return time.time_ns()

    def case_s(self) -> float:
        return max(time.time_ns() - self.begins_ns, 0) * 1e-9


class Party:
    """The node, and the file that it notes things in."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.clock = plan, Clock()
        folder, now = Path(plan.folder), dt.datetime.now(dt.UTC)
        self._log = (folder / f"{plan.nation}.log").open("a", buffering=1)
        given = rules_of(permit("all", "measurement", owners=plan.nations, recipients=plan.nations))
        book = Rulebook(plan.nation, given, plan.nations)
        addresses = {n: Address(host=host, port=port) for n, (host, port) in plan.addresses.items()}
        certificates, problems = keys.load_certificates(folder, plan.nations, now)
        assert not problems
        self.bus = ZenohBus(folder, plan.nation, addresses, book.egress())
        half = frozenset(plan.half)
        self.line = Faulty(self.bus, Faults(), seed=self.clock.utc_ns(), cuts=[Cut(*plan.cut, half)])
        self.journal = Journal.open(folder / f"{plan.nation}.journal", case_sha256=CASE, keeper=plan.nation)
        self.gateway = Gateway(
            keys.load_identity(folder, plan.nation, now), CASE, book, journal=self.journal,
            transport=self.line, keyring=Keyring(certificates), clock=self.clock, deliver=self._got,
            alarm=lambda nation, why: self._note("alarm", of=nation, why=why), unfit=lambda *_: "",
        )  # fmt: skip
        self._born = f"{plan.nation} {self.clock.utc_ns()}"

    def _note(self, event: str, **told: object) -> None:
        self._log.write(json.dumps({"event": event, "at_s": self.clock.case_s(), **told}) + "\n")

    def _got(self, owner: str, message: Message) -> None:
        if message.product == "alert" or message.body.endswith(b" 0"):
            self._note("got", of=owner, product=message.product, made_s=message.made_s)

    def meet(self, go: threading.Event) -> None:
        """Until all others were heard, and then until `go` is set."""
        ready = False
        while not go.is_set():
            self.gateway.tick()
            if not ready and (
                not self.plan.meet or all(h.heard_at_ns for h in self.gateway.health().values())
            ):
                ready = True
                print("ready", flush=True)
            go.wait(STEP_S)

    def run(self, end: threading.Event) -> None:
        """Until `end` is set."""
        self.line.faults = Faults(**self.plan.faults)
        self.line.advance(self.clock.case_s())
        due_s = told_s = self.clock.case_s()
        count = 0
        while not end.is_set():
            now_s = self.clock.case_s()
            if due_s <= now_s < self.plan.until_s:
                self._offer(now_s, count)
                count, due_s = count + 1, due_s + 1.0
            self.line.advance(now_s)
            self.gateway.flush()
            self.gateway.tick()
            if now_s >= told_s:
                told_s += 0.5
                self._stand()
            end.wait(STEP_S)

    def _offer(self, now_s: float, count: int) -> None:
        if count % 3 == 0:
            self._one("alert", "launch", now_s, count)
            self.gateway.flush()
        for track in range(self.plan.tracks):
            self._one("track", f"t{track}", now_s, track)
        self._one("measurement", "look", now_s, count)

    def _one(self, product: str, track: str, now_s: float, number: int) -> None:
        body = f"{self._born} {product} {now_s:.3f} {number}".encode()
        self.gateway.offer(offer(product, track, body, made_s=now_s))

    def _stand(self) -> None:
        health = self.gateway.health()
        done = all(h.missing == 0 and h.waiting == 0 and h.acknowledged == h.sent for h in health.values())
        self._note(
            "stands", done=done and self.clock.case_s() > self.plan.until_s,
            acknowledged={n: h.acknowledged for n, h in health.items()},
            counts={"/".join(k): v for k, v in self.gateway.tally.counts.items()},
        )  # fmt: skip

    def close(self) -> None:
        self.gateway.close()
        self.line.close()
        self.journal.close()


def plan_of(told: dict[str, Any]) -> Plan:
    """From JSON."""
    listed = {k: tuple(told[k]) for k in ("nations", "cut", "half") if k in told}
    return Plan(**told | listed)


def main() -> None:
    party = Party(plan_of(json.loads(sys.argv[1])))
    go, end = threading.Event(), threading.Event()

    def listen() -> None:
        party.clock.begins_ns = int(sys.stdin.readline() or 0)
        go.set()
        sys.stdin.read()
        end.set()

    threading.Thread(target=listen, daemon=True).start()
    party.meet(go)
    party.run(end)
    party.close()


if __name__ == "__main__":
    main()
