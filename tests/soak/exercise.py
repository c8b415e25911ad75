"""An exercise killed at random moments of its play, in the real room.

    python -m tests.soak.exercise [SHARE]

Fifty kills on a whole soak. Prints figures as JSON; AssertionError where something acknowledged was lost,
came twice, or was not the same when it was played again.
"""

from __future__ import annotations

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from synaspis.exercise.entries import Opened
from synaspis.exercise.record import read
from synaspis.exercise.rooms import room_of
from synaspis.exercise.session import Session
from synaspis.files.case import load

from ..exercise.crashing import answers, kills

KILLS, LIVES_S = 50, 4.0
BACK = 0.002
"""Chance that the director steps back instead: seldom enough for the raid to be fought."""
WARM_TICKS = 260
"""By then everything that an exercise needs is compiled, and the children have it."""


def main() -> None:
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    case = load("first-light")
    regime = case.file.compare.headline
    with tempfile.TemporaryDirectory() as folder:
        Session.open(Path(folder) / "warm.log", case, regime, 1).leave()
        opened = read(Path(folder) / "warm.log")[0]
        assert isinstance(opened, Opened)
        room = room_of(opened)
        for _ in range(WARM_TICKS):
            room.advance()
        room.close()
        acts = partial(answers, back=BACK)
        count = max(2, round(KILLS * share))
        print(json.dumps(kills(Path(folder) / "x.log", case, regime, room_of, count, 1, LIVES_S, acts)))


if __name__ == "__main__":
    main()
