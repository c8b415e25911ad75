"""An exercise in the real room that is played by a script, as fast as the machine goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from synaspis.exercise.again import Document
from synaspis.exercise.inputs import DIRECTOR, Answer, Control, Take
from synaspis.exercise.plan import Plan
from synaspis.exercise.record import Record
from synaspis.exercise.rooms import room_of, told_plan
from synaspis.exercise.running import Running
from synaspis.files.case import load

Says = Callable[[str, Document, float], bool | None]
"""What a nation says to a question after it has waited so long; None to wait on."""


def played(
    log: Path, name: str, regime: str, until_s: float, taken: tuple[str, ...], says: Says,
    plan: Plan = Plan(),  # noqa: B008
) -> Running:  # fmt: skip
    """The exercise up to a time, its record closed. Half a second of the wall for each of the case."""
    case = load(name)
    record = Record.create(
        log, case_sha256=case.sha256, case_name=case.name, case=case.text, regime=regime, seed=1,
        plan=told_plan(plan),
    )  # fmt: skip
    running, n = Running.fresh(record, room_of), 0
    for nation in taken:
        running.submit(DIRECTOR, f"take {nation}", Take(nation, True), wall_ms=0)
    running.submit(DIRECTOR, "start", Control("start"), wall_ms=0)
    while running.room.now_s < until_s and not running.room.over:
        running.tick()
        now_s = running.room.now_s
        for nation in taken:
            for key, told in dict(running.room.document(nation)["questions"]).items():
                yes = says(nation, told, now_s - told["asked_s"])
                if yes is not None and key in running.room.document(nation)["questions"]:
                    n += 1
                    running.submit(nation, str(n), Answer(key, yes), wall_ms=round(now_s * 500))
    running.close()
    running.leave()
    return running
