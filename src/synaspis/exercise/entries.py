"""What a record holds: the kinds of its entries, and which of them count on the branch that is played.

Every entry's body is JSON of one of these. Ticks count from the start of the exercise; `wall_ms` is since
the exercise was opened, and changes nothing that is played.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from synaspis.exercise.inputs import Control, Name, Played, Take

FORMAT: Final = 1
Count = Annotated[int, Meta(ge=0)]


class Opened(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first entry: all that the exercise is made from, and the key that signs it (32 bytes, hex)."""

    format: int
    version: str
    key: str
    case_name: str
    case: str
    """The case as read, YAML."""
    regime: str
    seed: Count
    plan: dict[str, Any]
    secret: Annotated[str, Meta(pattern="^([0-9a-f]{2}){0,64}$")] = ""
    """Hex. With the seed it names the errors that clauses add (`degraded_to_km`): nobody in a seat has it."""


class Controlled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The director's word on time, but for a step back, which is `Branched`."""

    tick: Count
    id: Name
    control: Control
    wall_ms: Count = 0


class Branched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step back to a tick: what was played there or later does not count any more.

    `parent` is the hash (hex) of the entry before this one, the last of what is left. `taken`: who sat where
    when it was left; they still sit there.
    """

    tick: Count
    id: Name
    parent: str
    taken: list[str]
    wall_ms: Count = 0


class Marked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all seats showed at a tick, after what came before in the record: a hash over it (hex)."""

    tick: Count
    documents: str
    wall_ms: Count = 0


class Refused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An input that is in the record, and why it had no effect."""

    seat: Name
    id: Name
    words: str


class Seated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What befell a seat: invited, redeemed, refused. No secrets."""

    seat: str
    what: str
    wall_ms: Count = 0


class Resumed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The exercise went on from its record, at its last tick.

    `differs_tick`: where it was not as recorded, -1 for nowhere.
    """

    tick: Count
    wall_ms: Count = 0
    differs_tick: int = -1


class Closed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last entry: nothing can be put behind it, and nothing before it be cut off."""

    tick: Count
    entries: Count
    wall_ms: Count = 0


Line = Opened | Played | Controlled | Branched | Marked | Refused | Seated | Resumed | Closed

KINDS: Final[dict[str, type]] = {
    "opened": Opened, "input": Played, "control": Controlled, "branch": Branched, "at": Marked,
    "refused": Refused, "seat": Seated, "resumed": Resumed, "closed": Closed,
}  # fmt: skip
KIND_OF: Final = {kind: name for name, kind in KINDS.items()}
_DECODERS: Final[dict[str, msgspec.json.Decoder[Line]]] = {
    name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()
}


def body_of(line: Line) -> bytes:
    """A line as the bytes that are signed: the same for the same line."""
    return msgspec.json.encode(line, order="sorted")


def line_of(kind: str, body: bytes) -> Line:
    """The line of an entry. ValueError where it is none."""
    if kind not in _DECODERS:
        raise ValueError(f"no entry of a record is of the kind {kind!r}")
    return _DECODERS[kind].decode(body)  # its ValidationError is a ValueError


@dataclass
class Story:
    """What counts on a branch: inputs and marks in order, and how far time had come.

    `branch` counts steps back. `line` holds the inputs and marks.
    """

    branch: int = 0
    last_tick: int = 0
    line: list[Played | Marked] = field(default_factory=list)
    wall: list[tuple[int, int, bool]] = field(default_factory=list)
    """Tick, wall_ms, and whether time ran from there on."""
    runs: bool = False
    ended: bool = False
    speed: float = 1.0

    def add(self, told: Line) -> None:
        """What the next entry of the record means here."""
        if isinstance(told, Branched):
            self._step_back(told)
        elif isinstance(told, Played | Marked):
            self.line.append(told)
        elif isinstance(told, Controlled):
            self._heed(told.control)
        if isinstance(told, Resumed | Closed):
            self.runs = False
        if isinstance(told, Played | Marked | Controlled | Branched | Resumed | Closed):
            self.last_tick = told.tick
            self.wall.append((told.tick, told.wall_ms, self.runs))

    def _heed(self, control: Control) -> None:
        if control.to == "speed":
            self.speed = control.value
        else:
            self.runs, self.ended = control.to == "start", control.to == "end"

    def _step_back(self, told: Branched) -> None:
        self.branch += 1
        self.runs = self.ended = False
        self.line = [each for each in self.line if each.tick < told.tick]
        self.wall = [each for each in self.wall if each[0] < told.tick]
        sat = self.taken()
        for nation in sorted(sat | set(told.taken)):
            if (nation in sat) != (nation in told.taken):
                again = Take(nation, nation in told.taken)
                self.line.append(Played(told.tick, "director", f"{told.id}/{nation}", again, told.wall_ms))

    def taken(self, refused: Iterable[tuple[str, str]] = ()) -> set[str]:
        """The nations in whose seat somebody sits at the end, but for what was `refused` (seat and id)."""
        sat: dict[str, bool] = {}
        left_out = set(refused)
        for each in self.line:
            if not isinstance(each, Played) or (each.seat, each.id) in left_out:
                continue
            if isinstance(each.what, Take):
                sat[each.what.nation] = each.what.taken
        return {nation for nation, taken in sat.items() if taken}


def story(lines: Iterable[Line], branch: int | None = None) -> Story:
    """What counts at the end of the record, or at the end of a branch that was left for another.

    `branch` 0 is what was played before any step back. ValueError where there is none of that number.
    """
    told = Story()
    for line in lines:
        if isinstance(line, Branched) and told.branch == branch:
            return told
        told.add(line)
    if branch is not None and told.branch != branch:
        raise ValueError(f"there is no branch {branch}; the last is {told.branch}")
    return told
