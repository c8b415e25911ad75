"""What people do in an exercise. Each is written down before it is acknowledged, and played at a tick.

The same inputs at the same ticks, with the same case, seed and version, give the same exercise. Times are
seconds of the case's clock. Limits are of the form alone; whether a thing exists and may be done is the
room's to say.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from synaspis.server import play

DIRECTOR: Final = play.DIRECTOR
OBSERVER: Final = play.OBSERVER

Name = Annotated[str, Meta(min_length=1, max_length=120)]
Words = Annotated[str, Meta(min_length=1, max_length=500)]
Time = Annotated[float, Meta(ge=0.0, le=86_400.0)]
Few = Annotated[tuple[Name, ...], Meta(max_length=12)]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="answer", tag_field="type"):
    """Yes or no to a question that waits in the seat: leave to fire, consent, a vote, a release."""

    question: Name
    yes: bool


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hold", tag_field="type"):
    """An own battery asks for nothing and fires nothing new while it is held."""

    battery: Name
    held: bool


class Say(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="say", tag_field="type"):
    """A message to another cell, under release rules; or to and from the director, who may always write."""

    to: Name
    text: Words


class Take(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="take", tag_field="type"):
    """Somebody sits in a nation's seat from now on, or (`taken` false) nobody does: the protocol plays it."""

    nation: Name
    taken: bool


class Lose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="lose", tag_field="type"):
    """A sensor is out of order from now on, or (`lost` false) works again."""

    station: Name
    lost: bool = True


class Suspend(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="suspend", tag_field="type"):
    """An agreement, or one clause of it, is not in force from now on, or (`suspended` false) is again."""

    agreement: Name
    suspended: bool = True


class FalseAlarm(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="false_alarm", tag_field="type"
):
    """A station tells of what is not there, for so long."""

    station: Name
    for_s: Annotated[float, Meta(gt=0.0, le=3_600.0)] = 60.0


class Weather(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="weather", tag_field="type"):
    """Cloud over a launch area: satellites see what flies there only above it."""

    area: Name
    cloudy: bool


class Unreachable(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="unreachable", tag_field="type"
):
    """A nation's authority answers nobody for so long, whoever sits there."""

    nation: Name
    for_s: Annotated[float, Meta(gt=0.0, le=3_600.0)] = 120.0


class Launch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="launch", tag_field="type"):
    """An unannounced launch: one of the spare missiles that the exercise was opened with."""

    spare: Name


class Bring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="bring", tag_field="type"):
    """Before the raid: put a clause of the case that is not in force on the table."""

    clause: Name


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="draft", tag_field="type"):
    """Before the raid: put on the table that one nation releases a product to another, after a time, and if
    `threatened` only of missiles that threaten the recipient; for these `purposes`, where empty for all."""

    owner: Name
    recipient: Name
    product: Name
    delay_s: Time = 0.0
    threatened: bool = False
    purposes: Few = ()


class Deploy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="deploy", tag_field="type"):
    """Before the raid: move an own battery or sensor to a site that is listed; its host must agree."""

    unit: Name
    site: Name


class Preauthorise(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="preauthorise", tag_field="type"
):
    """Before the raid: leave under a clause in force is to stand for own batteries, if its deciders agree; in
    these states of `alert`, or where empty in all."""

    clause: Name
    alert: Few = ()


class WarnPublic(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="warn_public", tag_field="type"
):
    """Before the raid: tell one's own people what may come, so that a warning reaches them sooner."""


class Inform(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="inform", tag_field="type"):
    """Before the raid: ask a state to consent beforehand to what own rounds do above it."""

    state: Name


class Agree(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="agree", tag_field="type"):
    """Before the raid: yes to what is on the table, or (`yes` false) no; who put it there withdraws it so."""

    proposal: Name
    yes: bool = True


class EndTurn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="end_turn", tag_field="type"):
    """Before the raid: the director ends the turn. What is agreed by all whom it binds holds from then on."""


Proposal = Bring | Draft | Deploy | Preauthorise | WarnPublic | Inform
Move = Proposal | Agree | EndTurn
Inject = Lose | Suspend | FalseAlarm | Weather | Unreachable | Launch
Input = Answer | Hold | Say | Take | Inject | Move


class Played(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An input as the record keeps it: at which tick, from which seat, under the id that the seat gave it.

    `wall_ms` is since the exercise was opened, by the server's clock: for how long people took; it changes
    nothing that is played.
    """

    tick: Annotated[int, Meta(ge=0)]
    seat: Name
    id: Name
    what: Input
    wall_ms: Annotated[int, Meta(ge=0)] = 0


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="control", tag_field="type"):
    """The director's word on time: `start`, `pause`, `end`, `speed` (with a value), `back` (to a time)."""

    to: Annotated[str, Meta(pattern="^(start|pause|end|speed|back)$")]
    value: Annotated[float, Meta(ge=-86_400.0, le=86_400.0)] = 0.0
