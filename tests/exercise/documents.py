"""A scripted exercise, and a hash over all documents at all ticks: run by a process of its own."""

from __future__ import annotations

import hashlib
import sys

from synaspis.exercise.inputs import DIRECTOR, Answer, Hold, Say, Take
from synaspis.exercise.room import Room
from tests.exercise.drill import as_bytes, first_light, play, questions


def digest(until_s: float) -> str:
    """Over every seat's document at every tick."""
    found = hashlib.sha256()
    with Room(first_light(), "allied", 7) as room:
        for nation in ("USA", "ROU"):
            play(room, DIRECTOR, Take(nation=nation, taken=True))
        seats = tuple(room.seats)
        for seat in seats:
            found.update(as_bytes(room.still(seat)))
        while room.now_s < until_s:
            room.advance()
            if room.tick % 20 == 0:  # every ten seconds somebody does something
                for nation in ("USA", "ROU"):
                    for i, key in enumerate(room.document(nation)["questions"]):
                        found.update(play(room, nation, Answer(question=key, yes=i % 3 > 0)).encode())
                found.update(play(room, "USA", Say(to="ROU", text=f"at {room.now_s}")).encode())
                play(room, "ROU", Hold(battery="bucharest-patriot", held=room.tick % 40 == 0))
            for seat in seats:
                found.update(as_bytes(room.document(seat)))
        assert questions(room, "USA", "release") or room.document("USA")["engagements"]
    return found.hexdigest()


if __name__ == "__main__":
    print(digest(float(sys.argv[1])))
