"""The processes of `bench/seats.py`: a server of seats with an engine of moving tracks, and who looks."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import math
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import websockets

from synaspis.server.app import app
from synaspis.server.house import House
from synaspis.server.invitations import Doors
from synaspis.server.limits import Limits, Rate
from synaspis.server.listening import bound, names, place, serving
from synaspis.server.play import Play
from synaspis.server.stream import TICK_S


class Engine:
    """A play whose every track moves in every seat at every step. Each nation has its own numbers of them."""

    def __init__(self, seats: int, tracks: int) -> None:
        self._names = {f"N{i:02d}": f"Nation {i}" for i in range(seats)}
        self._tracks, self._step = tracks, 0
        self._shown: dict[str, dict[str, Any]] = {}
        self.steps: dict[float, int] = {}
        """By the case's clock: when its documents were there to be shown, by the machine's, in ns."""
        self.step()

    def seats(self) -> Mapping[str, str]:
        return self._names

    def still(self, seat: str) -> dict[str, Any]:
        return {"seat": seat}

    def document(self, seat: str) -> dict[str, Any]:
        return self._shown[seat]

    def version(self) -> int:
        return self._step

    def submit(self, seat: str, id: str, told: Mapping[str, Any]) -> tuple[bool, str]:
        return True, ""

    def seated(self, seat: str, taken: bool) -> None:
        """Nobody minds."""

    def logged(self, seat: str, what: str) -> None:
        """Nobody minds."""

    def step(self) -> None:
        """Move all."""
        s, tracks = 0.5 * (self._step + 1), self._moved()
        clock = {"case_s": s, "state": "running", "speed": 1.0}
        self.steps[s] = time.monotonic_ns()
        self._shown = {
            seat: {"clock": clock, "tracks": {str(i + j): track for j, track in enumerate(tracks)}}
            for i, seat in enumerate(self._names)
        }
        self._step += 1

    def _moved(self) -> list[dict[str, Any]]:
        s = 0.5 * self._step
        return [
            {
                "lat": round(40.0 + 8.0 * math.sin(0.01 * s + j), 4),
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
        ]  # fmt: skip


def serve(seats: int, tracks: int) -> None:
    """Serve moving tracks until standard input says `end`; then say what it took since `begin`."""
    gc.set_threshold(100_000, 50, 100)  # as the command line has it
    engine = Engine(seats, tracks)
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(TICK_S - time.monotonic() % TICK_S):
            engine.step()

    def begin() -> None:
        threading.Thread(target=run, daemon=True).start()

    used = served(engine, list(engine.seats()), begin)
    ended.set()
    print(json.dumps({**used, "shown_ns": [[s, at_ns] for s, at_ns in engine.steps.items()]}))


def served(play: Play, seats: Sequence[str], begin: Callable[[], None]) -> dict[str, float]:
    """Serve a play, with a cookie for each of `seats`, until standard input says `end`.

    `begin` is called once the cookies are told. What it took between the two lines of standard input.
    """
    at, limits = place("127.0.0.1:0", None, None), Limits(connections=Rate(per_s=1e3, burst=1000))
    listening = bound(at)
    house = House(play, Doors(), names(at, listening.getsockname()[1]), limits)
    with serving(app(house), at, listening):
        cookies = []
        for seat in seats:
            admission = house.doors.redeem(seat, house.doors.invite(seat))
            cookies.append([seat, f"{house.cookie}={admission.cookie}"])
        print(json.dumps({"base": house.names.base, "cookies": cookies}), flush=True)
        begin()
        sys.stdin.readline()
        before, began_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        sys.stdin.readline()
        after, measured_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - began_s
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu_s, "measured_s": measured_s, "memory_bytes": _most_bytes()}


def _most_bytes() -> int:
    """The most memory that this process held. What `getrusage` says counts whoever started it too."""
    for told in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if told.startswith("VmHWM:"):
            return int(told.split()[1]) * 1024
    raise RuntimeError("this machine does not say how much memory a process holds")


async def look(
    base: str, cookies: list[list[str]], measured_s: float, settles_s: float
) -> dict[str, Any]:  # fmt: skip
    """Sit in these seats: which frames came in the time, when, and how many did not."""
    seen: dict[str, list[tuple[int, str]]] = {cookie: [] for _, cookie in cookies}
    begun = asyncio.Event()
    opened = 0

    async def sit(seat: str, cookie: str) -> None:
        nonlocal opened
        headers = {"Cookie": cookie}
        address = f"ws{base[4:]}/seats/{seat}/ws"
        async with websockets.connect(
            address, origin=base, additional_headers=headers, compression=None, max_size=None
        ) as line:
            await line.recv()
            opened += 1
            async for text in line:  # only noted now: what reading it takes is the page's own time
                if begun.is_set():
                    seen[cookie].append((time.monotonic_ns(), str(text)))

    tasks = [asyncio.create_task(sit(seat, cookie)) for seat, cookie in cookies]
    while opened < len(cookies):
        await asyncio.sleep(0.05)
        for task in tasks:
            if task.done():
                task.result()
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.sleep(settles_s)  # what came of opening all at once is over
    begun.set()
    await asyncio.sleep(measured_s)
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    return _told(seen, measured_s)


def _told(seen: Mapping[str, Sequence[tuple[int, str]]], measured_s: float) -> dict[str, Any]:
    """What clock each frame showed and when it came, in ns; and how many are missing: between others, or at
    the end of a seat's row. `still` counts those that came with no step."""
    told: dict[str, Any] = {"came_ns": [], "dropped": 0, "still": 0, "bytes": 0}
    for frames in seen.values():
        numbers = []
        for now_ns, text in frames:
            frame = json.loads(text)
            numbers.append(frame["n"])
            told["bytes"] += len(text)
            if "case_s" in frame["patch"].get("clock", {}):
                told["came_ns"].append([frame["patch"]["clock"]["case_s"], now_ns])
            else:
                told["still"] += 1
        told["dropped"] += sum(b - a - 1 for a, b in pairwise(numbers))
        told["dropped"] += max(int(measured_s / TICK_S) - 1 - len(numbers), 0)
    return told


if __name__ == "__main__":
    part, what = sys.argv[1], json.loads(sys.argv[2])
    if part == "serve":
        serve(**what)
    else:
        print(json.dumps(asyncio.run(look(**what))))
