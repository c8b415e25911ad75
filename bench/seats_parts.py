"""The processes of `bench/seats.py`: a server of seats with an engine of moving tracks, and who looks."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import resource
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import websockets

from synaspis.server.house import House
from synaspis.server.invitations import Doors
from synaspis.server.limits import Limits, Rate
from synaspis.server.listening import bound, names, place, serving
from synaspis.server.patches import merged
from synaspis.server.stream import TICK_S


class Engine:
    """A play whose every track moves in every seat at every step. Each nation has its own numbers of them."""

    def __init__(self, seats: int, tracks: int) -> None:
        self._names = {f"N{i:02d}": f"Nation {i}" for i in range(seats)}
        self._tracks, self._step = tracks, 0
        self._shown: dict[str, dict[str, Any]] = {}
        self.step()

    def seats(self) -> Mapping[str, str]:
        return self._names

    def still(self, seat: str) -> dict[str, Any]:
        return {"seat": seat}

    def document(self, seat: str) -> dict[str, Any]:
        return self._shown[seat]

    def submit(self, seat: str, id: str, told: Mapping[str, Any]) -> tuple[bool, str]:
        return True, ""

    def seated(self, seat: str, taken: bool) -> None:
        """Nobody minds."""

    def logged(self, seat: str, what: str) -> None:
        """Nobody minds."""

    def step(self) -> None:
        """Move all; `at_ns` is when it is there to be shown."""
        self._step += 1
        shown = {seat: self._document(i) for i, seat in enumerate(self._names)}
        at_ns = time.monotonic_ns()
        self._shown = {seat: {**document, "at_ns": at_ns} for seat, document in shown.items()}

    def _document(self, shift: int) -> dict[str, Any]:
        s = 0.5 * self._step
        tracks = {
            str(j): {
                "lat": round(40.0 + 8.0 * math.sin(0.01 * s + j + shift), 4),
                "lon": round(20.0 + 15.0 * math.cos(0.01 * s + j), 4),
                "height_km": round(150.0 + 100.0 * math.sin(0.02 * s + j)),
                "speed_mps": round(2500.0 + j + s),
                "course_deg": round((3.0 * j + s) % 360.0, 1), "sigma_km": round(1.0 + 0.01 * s, 2),
                "level": "track", "since_s": 12.0, "own": j % 2 == 0, "from": ["N01", "N02"],
                "because": ["treaty-1"], "threatens": ["Bucharest"],
                "impact": {
                    "lat": round(44.4 + 0.001 * s, 4), "lon": round(26.1 - 0.001 * s, 4), "major_km": 20,
                    "minor_km": 12, "bearing_deg": 30, "at_s": round(600.0 + j),
                },
            }
            for j in range(self._tracks)
        }  # fmt: skip
        return {"clock": {"case_s": s, "state": "running", "speed": 1.0}, "tracks": tracks}


def serve(seats: int, tracks: int) -> None:
    """Serve until standard input says `end`; then say what it took since `begin`."""
    engine = Engine(seats, tracks)
    at, limits = place("127.0.0.1:0", None, None), Limits(connections=Rate(per_s=1e3, burst=1000))
    listening = bound(at)
    house = House(engine, Doors(), names(at, listening.getsockname()[1]), limits)
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(TICK_S - time.monotonic() % TICK_S):
            engine.step()

    with serving(house, at, listening):
        cookies = []
        for seat in engine.seats():
            admission = house.doors.redeem(seat, house.doors.invite(seat))
            cookies.append([seat, f"{house.cookie}={admission.cookie}"])
        print(json.dumps({"base": house.names.base, "cookies": cookies}), flush=True)
        threading.Thread(target=run, daemon=True).start()
        sys.stdin.readline()
        before, began_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        sys.stdin.readline()
        after, measured_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - began_s
        ended.set()
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu_s": cpu_s, "measured_s": measured_s, "memory_bytes": after.ru_maxrss * 1024}))


async def look(base: str, cookies: list[list[str]], measured_s: float) -> dict[str, Any]:
    """Sit in these seats: how late each frame was that came in the time, in s, and how many did not come."""
    told: dict[str, Any] = {"late_s": [], "dropped": 0, "bytes": 0}
    begun = asyncio.Event()
    opened = 0

    async def sit(seat: str, cookie: str) -> None:
        nonlocal opened
        headers = {"Cookie": cookie}
        address = f"ws{base[4:]}/seats/{seat}/ws"
        async with websockets.connect(
            address, origin=base, additional_headers=headers, compression=None, max_size=None
        ) as line:
            whole = json.loads(await line.recv())
            n, document = whole["n"], whole["doc"]
            opened += 1
            while True:
                text = await line.recv()
                now_ns = time.monotonic_ns()
                frame = json.loads(text)
                told["dropped"] += frame["n"] - n - 1
                n, document = frame["n"], merged(document, frame["patch"])
                if begun.is_set() and "at_ns" in frame["patch"]:
                    told["late_s"].append(1e-9 * (now_ns - document["at_ns"]))
                    told["bytes"] += len(text)

    tasks = [asyncio.create_task(sit(seat, cookie)) for seat, cookie in cookies]
    while opened < len(cookies):
        await asyncio.sleep(0.05)
        for task in tasks:
            if task.done():
                task.result()
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.sleep(2.0)  # what came of opening all at once is over
    begun.set()
    await asyncio.sleep(measured_s)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    # A seat that fell silent has dropped what it should have had.
    due = int(measured_s / TICK_S) * len(cookies)
    told["dropped"] += max(due - len(cookies) - len(told["late_s"]), 0)
    return told


if __name__ == "__main__":
    part, what = sys.argv[1], json.loads(sys.argv[2])
    if part == "serve":
        serve(**what)
    else:
        print(json.dumps(asyncio.run(look(**what))))
