"""What a master scenario events list says, as it is written: what happens at which time of an exercise.

Names are looked up and events made by `exercise.plan`; what belongs to which type of event stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from synaspis.model.agreement import ALERT_STATES, PRODUCTS, PURPOSES
from synaspis.model.declare import part, quantity, text
from synaspis.model.planning import PlanSite
from synaspis.model.threat import Firing

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "lose": ("station",),
    "suspend": ("agreement",),
    "false_alarm": ("station",),
    "weather": ("area",),
    "unreachable": ("nation",),
    "launch": ("spare",),
}
"""Types of event, and the key that says what each is about."""
MAY_SAY: Final[Mapping[str, tuple[str, ...]]] = {
    "lose": ("lost",),
    "suspend": ("suspended",),
    "false_alarm": ("for_s",),
    "weather": ("cloudy",),
    "unreachable": ("for_s",),
}
"""The key that may say more."""
EARLIEST_S: Final = -3_600.0
LATEST_S: Final = 86_400.0


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """One event: its time, its type, what it is about."""

    time_s: float = quantity(
        "s", "when, from the start of the raid", at_least=EARLIEST_S, at_most=LATEST_S
    )  # fmt: skip
    type: str = text("what happens", choices=tuple(NEEDS))
    station: str = text(
        "`lose`, `false_alarm`: which sensor, a battery's own as NAME/radar", names="deployed-sensor",
        default="",
    )  # fmt: skip
    agreement: str = text("`suspend`: which agreement, or the id of one clause", default="")
    area: str = text("`weather`: over which launch area", names="launch_area", default="")
    nation: str = text("`unreachable`: whose authority", names="nation", default="")
    spare: str = text("`launch`: which of the spare missiles", default="")
    lost: bool = part("`lose`: false where it works again", default=True)
    suspended: bool = part("`suspend`: false where it is in force again", default=True)
    cloudy: bool = part("`weather`: false where the sky clears", default=True)
    for_s: float | None = quantity(
        "s", "`false_alarm`, `unreachable`: for how long", above=0, at_most=3_600, default=None
    )
    note: str = text("what the director is to be told with it", default="")


@dataclass(frozen=True, kw_only=True)
class SpareLine:
    """A missile that flies only when it is launched: one more of an entry of the raid, or one of its own."""

    name: str = text("name, unique in the list")
    entry: int | None = quantity(
        "1", "which entry of the case's raid it is one more of, counted from 1", at_least=1, default=None
    )
    fires: Firing | None = part("what flies, written as an entry of a raid", default=None)


MOVES: Final[Mapping[str, tuple[str, ...]]] = {
    "bring": ("clause",),
    "draft": ("owner", "recipient", "product"),
    "deploy": ("unit", "site"),
    "preauthorise": ("clause",),
    "warn_public": (),
    "inform": ("state",),
}
"""What a nation may put on the table before the raid, and the keys that say what it is about."""
MOVES_MAY: Final[Mapping[str, tuple[str, ...]]] = {
    "draft": ("delay_s", "threatened", "purposes"),
    "preauthorise": ("alert",),
}


@dataclass(frozen=True, kw_only=True)
class MoveLine:
    """Before the raid: what a nation put on the table, and who agreed to it."""

    nation: str = text("who puts it on the table", names="nation")
    type: str = text("what it is", choices=tuple(MOVES))
    turn: int = quantity("1", "in which turn", at_least=1, at_most=20, default=1)
    agreed: tuple[str, ...] = text("which others agreed", names="nation", default=())
    clause: str = text("`bring`, `preauthorise`: id of a clause of the case", default="")
    owner: str = text("`draft`: who releases", names="nation", default="")
    recipient: str = text("`draft`: to whom", names="nation", default="")
    product: str = text("`draft`: what", choices=PRODUCTS, default="")
    delay_s: float = quantity("s", "`draft`: after how long", at_least=0, at_most=86_400, default=0.0)
    threatened: bool = part("`draft`: only of missiles that threaten the recipient", default=False)
    purposes: tuple[str, ...] = text("`draft`: for what (all where left out)", choices=PURPOSES, default=())
    alert: tuple[str, ...] = text(
        "`preauthorise`: in which states of alert (all where left out)", choices=ALERT_STATES, default=()
    )
    unit: str = text("`deploy`: an own battery or sensor", names="deployed", default="")
    site: str = text("`deploy`: to which site of this list, or of the case's `plan`", default="")
    state: str = text("`inform`: which state is asked to consent to what happens above it", names="nation",
                      default="")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TurnLine:
    """One turn that people play before the raid."""

    title: str = text("what it is called, as `Two days before`", default="")
    for_s: float = quantity(
        "s", "how long it lasts (until the director ends it where left out)", at_least=0, at_most=86_400,
        default=0.0,
    )  # fmt: skip
    may: tuple[str, ...] = text(
        "what may be put on the table in it (all where left out)", choices=tuple(MOVES), default=()
    )


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A master scenario events list. The keys are these fields."""

    title: str = text("what the exercise is about, in a sentence", default="")
    case: str = text("the case that it was written for", default="")
    starts_s: float = quantity(
        "s", "when the exercise begins, from the start of the raid", at_least=EARLIEST_S, at_most=0,
        default=0.0,
    )  # fmt: skip
    before: tuple[MoveLine, ...] = part("what was put on the table before the exercise", default=())
    turns: tuple[TurnLine, ...] = part("the turns that people play before the raid", default=())
    sites: tuple[PlanSite, ...] = part(
        "where batteries and sensors may be deployed, beside the sites of the case's `plan`", default=()
    )
    spares: tuple[SpareLine, ...] = part("missiles that nobody was told of", default=())
    injects: tuple[EventLine, ...] = part("what happens, in any order", default=())
