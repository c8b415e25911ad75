"""What the server of an exercise sends to seats, and what was released to them: tick by tick, of one world.

Frames are those of `server/stream.py`, with the answers to what the seat says. What was released is read
where it leaves its owner, before it is numbered or made coarser, so that it holds no identifier and no error
of the network's own.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from synaspis.exercise.again import Outcome
from synaspis.exercise.entries import Opened
from synaspis.exercise.inputs import DIRECTOR, Answer, Control, Input, Take
from synaspis.exercise.plan import Plan
from synaspis.exercise.record import Record
from synaspis.exercise.room import Room
from synaspis.exercise.running import Running
from synaspis.exercise.venue import Venue
from synaspis.network import bodies
from synaspis.network.outbox import Outbox
from synaspis.server.ledger import Ledger
from synaspis.server.stream import Line, Stream

from .worlds import STARTS_S, UNTIL_S, WITNESSES, World

SECRET: Final = "5e" * 16
Entries = list[tuple[Any, ...]]


@dataclass
class Seen:
    """Of one witness, by tick: frames as they leave the server, and what was released or happened to it."""

    frames: list[str] = field(default_factory=list)
    released: list[Entries] = field(default_factory=list)

    def alike(self, other: Seen) -> int:
        """For so many ticks the same was released to both."""
        pairs = zip(self.released, other.released, strict=True)
        return next((i for i, (one, two) in enumerate(pairs) if one != two), len(self.released))


class _Exercise:
    """What a `Venue` needs of a session, without its thread and its clock."""

    def __init__(self, running: Running) -> None:
        self.running, self._shown = running, running.documents(0.0)

    def seats(self) -> Mapping[str, str]:
        return self.running.room.seats

    def still(self, seat: str) -> dict[str, Any]:
        return self.running.room.still(seat)

    def document(self, seat: str) -> dict[str, Any]:
        return self._shown[seat]

    def version(self, seat: str) -> int:
        return self.running.room.tick

    def submit(self, seat: str, id: str, what: Input | Control) -> Outcome:
        return self.running.submit(seat, id, what, wall_ms=0)

    def logged(self, seat: str, what: str) -> None:
        """Nobody reads it."""

    def tick(self) -> None:
        self.running.tick()
        self._shown = self.running.documents(0.0)


def streams(world: World) -> dict[str, Seen]:
    """Play a world: what each witness is sent, and what it was given."""
    rooms: list[Room] = []

    def makes(opened: Opened) -> Room:
        rooms.append(Room(world.case, "allied", opened.seed, Plan(starts_s=STARTS_S), SECRET))
        return rooms[-1]

    with tempfile.TemporaryDirectory() as folder:
        record = Record.create(
            Path(folder) / "x.log", case_sha256=world.case.sha256, case_name="drawn", case=world.case.text,
            regime="allied", seed=1,
        )  # fmt: skip
        running = Running.fresh(record, makes)
        try:
            return _played(world, running, rooms[0])
        finally:
            running.leave()


def _played(world: World, running: Running, room: Room) -> dict[str, Seen]:
    exercise = _Exercise(running)
    venue = Venue(exercise)
    seats = {n: Stream(n, venue, Ledger(venue.logged)) for n in WITNESSES}
    lines = {n: Line("a session", 10_000) for n in WITNESSES}
    seen, given = {n: Seen() for n in WITNESSES}, _listened(room)
    for nation, stream in seats.items():
        stream.join(lines[nation])
    running.submit(DIRECTOR, "start", Control("start"), wall_ms=0)
    if world.lets_go:
        running.submit(DIRECTOR, "sits", Take("USA", True), wall_ms=0)
    dice, acts = random.Random(world.turkish_dice), list(world.acts)
    while room.now_s < UNTIL_S:
        while acts and acts[0][0] <= room.now_s:
            _, seat, what = acts.pop(0)
            running.submit(seat, f"{seat} {room.tick} {what}"[:100], what, wall_ms=0)
        _decide(world, room, running, dice)
        for nation, stream in seats.items():
            _says(room, nation, venue, stream)
        exercise.tick()
        assert not running.trouble, running.trouble
        for stream in seats.values():
            stream.make()
        for stream in seats.values():
            stream.send()
        for nation in WITNESSES:
            seen[nation].released.append(sorted(given[nation], key=repr))
            given[nation].clear()
    for nation, line in lines.items():
        seen[nation].frames = asyncio.run(_taken(line, len(seen[nation].released) + 1))
    return seen


async def _taken(line: Line, count: int) -> list[str]:
    return [str(await line.take()) for _ in range(count)]


# -- what people do --------------------------------------------------------------------------------


def _decide(world: World, room: Room, running: Running, dice: random.Random) -> None:
    """The American cell lets go what is for the witnesses; the Turkish one answers as its dice fall."""
    for key, told in list(room.document("USA")["questions"].items()) if world.lets_go else ():
        if told.get("recipient") in WITNESSES:
            running.submit("USA", f"USA {room.tick} {key}", Answer(key, True), wall_ms=0)
        elif told["kind"] == "release" and world.turkish_dice and dice.random() < 0.3:
            running.submit("USA", f"USA {room.tick} {key}", Answer(key, dice.random() < 0.5), wall_ms=0)
    for key in list(room.document("TUR")["questions"]) if world.turkish_dice else ():
        if dice.random() < 0.3:
            running.submit("TUR", f"TUR {room.tick} {key}", Answer(key, dice.random() < 0.6), wall_ms=0)


def _says(room: Room, nation: str, venue: Venue, stream: Stream) -> None:
    """What a witness does is the same in both worlds, as far as it sees the same; much of it is refused."""
    told: list[dict[str, Any]] = [
        {"type": "answer", "question": key, "yes": int(key.partition("/")[0]) % 3 > 0}
        for key in room.document(nation)["questions"]
    ]
    match room.tick % 20:
        case 3:
            told.append({"type": "say", "to": "TUR", "text": f"at {room.now_s}"})
        case 7:
            told.append({"type": "hold", "battery": "ankara-patriot", "held": True})
        case 11:
            told.append({"type": "answer", "question": str(room.tick), "yes": True})
        case 15:
            told.append({"type": "lose", "station": "diyarbakir"})
        case 19:
            told.append({"type": "say", "to": "nobody", "text": "hello"})
    for i, each in enumerate(told):
        id = f"{nation} {room.tick} {i}"
        stream.answered(id, *venue.submit(nation, id, each))


# -- what was released -----------------------------------------------------------------------------


def _listened(room: Room) -> dict[str, Entries]:
    """Lists that are filled with what is released to each witness, what it sees, and what falls there."""
    found: dict[str, Entries] = {n: [] for n in WITNESSES}
    for owner, cell in room.parts.cells.items():
        _listen_out(owner, cell.node.gateway.outbox, found)
    for nation in WITNESSES:
        _listen_in(room, nation, found[nation])
    return found


def _listen_out(owner: str, outbox: Outbox, found: dict[str, Entries]) -> None:
    plain = outbox._message

    def message(item: Any, recipient: str, now_s: float) -> Any:
        made = plain(item, recipient, now_s)
        if made is not None and recipient in found:
            offer, leave = item.offer, item.leave
            said = nameless(offer.product, offer.body)
            found[recipient].append((owner, offer.product, offer.made_s, leave.floor_m, made.clauses, said))
        return made

    outbox._message = message  # type: ignore[method-assign]


def _listen_in(room: Room, nation: str, found: Entries) -> None:
    node, seat = room.parts.cells[nation].node, room._seats[nation]
    saw, observed = node._saw, seat.observed

    def looks(told: Any) -> None:
        found.append(("saw", msgspec.msgpack.encode(told)))
        saw(told)

    def fell(impact: Any) -> None:
        found.append(("fell", str(impact)))
        observed(impact)

    node._saw, seat.observed = looks, fell  # type: ignore[method-assign]


def nameless(product: str, body: bytes) -> object:
    """What a body says, but for the numbers by which its sender calls things."""
    told = bodies.read(product, body)
    if isinstance(told, bodies.EngagementStatus | bodies.Request):
        return msgspec.structs.replace(told, threat=0)
    if isinstance(told, bodies.Order):
        return msgspec.structs.replace(told, threat=0, request=0)
    return msgspec.structs.replace(told, request=0) if isinstance(told, bodies.Vote) else body
