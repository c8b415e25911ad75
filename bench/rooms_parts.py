"""The server of `bench/rooms.py`: a real exercise whose raid is large enough for two hundred tracks."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from bench.seats_parts import served
from synaspis.exercise.again import Document
from synaspis.exercise.entries import Opened
from synaspis.exercise.inputs import DIRECTOR, OBSERVER, Answer, Control, Played, Take
from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from synaspis.exercise.rooms import room_of
from synaspis.exercise.session import Session
from synaspis.exercise.venue import Venue
from synaspis.files.case import load, resolve
from synaspis.model.case import Case
from synaspis.network.local import compile_once


def large(times: int, over_s: float) -> Case:
    """The case `europe` with each entry of its raid so many times, launched within a time."""
    text: Any = yaml.safe_load(files("synaspis.cases").joinpath("europe.yaml").read_text(encoding="utf-8"))
    entries = text["raid"]
    for i, firing in enumerate(entries):
        firing["count"] = times * firing.get("count", 1)
        firing["start_s"] = round(over_s * i / (2 * len(entries)), 1)
        firing["interval_s"] = round(0.5 * over_s / firing["count"], 2)
    case, problems = resolve(yaml.safe_dump(text, sort_keys=False).encode(), "europe.yaml")
    assert case is not None, problems
    return case


class Timed:
    """A room that notes when each of its steps began and when all seats could be shown it."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.steps: dict[float, list[int]] = {}
        """By the case's clock: when the step began, was played, and its documents there, in ns."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._room, name)

    def advance(self) -> None:
        began_ns = time.monotonic_ns()
        self._room.advance()
        done_ns = time.monotonic_ns()
        self.steps[round(self._room.now_s, 1)] = [began_ns, done_ns, done_ns]

    def document(self, seat: str) -> Document:
        shown = self._room.document(seat)
        times = self.steps.get(round(self._room.now_s, 1))
        if seat == OBSERVER and times is not None and times[2] == times[1]:  # the last that is asked for
            times[2] = time.monotonic_ns()
        return shown


def serve(times: int, over_s: float, starts_s: float, settles_s: float, connections: int) -> None:
    """Begin when missiles fly, let tracks settle, then serve in real time until standard input says `end`.

    Somebody sits in every nation's seat, and says yes to all that is asked.
    """
    gc.set_threshold(100_000, 50, 100)  # as the command line has it
    compile_once(lambda _stage, _fraction: None, threading.Event())
    made: list[Timed] = []

    def makes(opened: Opened) -> Timed:
        room = room_of(opened)
        for nation in room.nations:
            room.play(Played(0, DIRECTOR, f"sits {nation}", Take(nation, True)))
        while room.now_s < starts_s + settles_s:
            room.advance()
            for nation, key in _asked(room, room.nations):
                room.play(Played(room.tick, nation, f"{nation} {room.tick} {key}", Answer(key, True)))
        made.append(Timed(room))
        return made[-1]

    with tempfile.TemporaryDirectory() as folder:
        log, plan = Path(folder) / "x.log", Plan(starts_s=starts_s)
        session = Session.open(log, large(times, over_s), "allied", 1, plan, makes=makes)
        try:
            told = _served(session, made[0].nations, connections)
        finally:
            session.leave()
    print(json.dumps({**told, "steps": [[case_s, *ns] for case_s, ns in made[0].steps.items()]}))


def _served(session: Session, nations: tuple[str, ...], connections: int) -> dict[str, Any]:
    """The director's seat, and nations' round and round."""
    seats = [DIRECTOR, *(nations[i % len(nations)] for i in range(connections - 1))]
    ended = threading.Event()

    def answer() -> None:
        while not ended.wait(1.0):
            for nation, key in _asked(session, nations):
                session.submit(nation, f"{nation} {key}", Answer(key, True))

    cells = threading.Thread(target=answer, daemon=True)

    def begin() -> None:
        session.submit(DIRECTOR, "start", Control("start"))
        cells.start()

    used: dict[str, Any] = dict(served(Venue(session), seats, begin))
    ended.set()
    cells.join()
    tracks = [len(session.document(nation)["tracks"]) for nation in nations]
    return {**used, "tracks": tracks, "behind_s": session.behind_s}


def _asked(shows: Room | Session, nations: tuple[str, ...]) -> list[tuple[str, str]]:
    """What waits in nations' seats; of releases the id that answers for all that goes to a nation."""
    waits = ((nation, shows.document(nation)["questions"]) for nation in nations)
    return [(n, str(told.get("all", key))) for n, questions in waits for key, told in questions.items()]


def steps(name: str, regime: str, until_s: float) -> None:
    """Say how long each step of a case took in which nobody sits, in s, with its documents."""
    gc.set_threshold(100_000, 50, 100)
    found = []
    with Room(load(name), regime, 1, Plan()) as room:
        seats = tuple(room.seats)
        while room.now_s < until_s and not room.over:
            began_s = time.perf_counter()
            room.advance()
            for seat in seats:
                room.document(seat)
            found.append(time.perf_counter() - began_s)
    print(json.dumps({"took_s": found}))


if __name__ == "__main__":
    {"serve": serve, "steps": steps}[sys.argv[1]](**json.loads(sys.argv[2]))
