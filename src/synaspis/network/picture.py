"""A nation's picture: its own tracks, and what partners' messages say, joined as in the live raid.

A track is known by who sent it, under which clauses and as which product, and by the sender's number. What
comes down, and what nothing is heard of, is let go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import Snapshot
from synaspis.engine.live_joined import MODE_ROWS, Held, Joined, Terms, beside, editions
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.estimate import CLASSES, Spots
from synaspis.network import bodies
from synaspis.network.message import Message
from synaspis.sharing.release import STEPS
from synaspis.tracking.filters import PHASES
from synaspis.tracking.fusion import Edition

SILENT_S: Final = 90.0
"""What no message was about for so long is let go: longer than a line may be cut."""
_PHASES = {mode.name: row for mode, row in zip(PHASES, MODE_ROWS, strict=True)}
_UPPER = np.triu_indices(7)

Name = tuple[str, int]
"""Of an object: (\"\", its number in the picture), or the sender and its number of what is held beside."""


@dataclass
class _Gift:
    """What is held of one track or estimate of a sender."""

    sender: str
    number: int
    made_s: float
    clauses: frozenset[str]
    impact: Spots | None = None
    """Where there is no state: the estimate alone."""


class View(Joined):
    """One nation's picture."""

    def __init__(self, nation: str) -> None:
        super().__init__(nation)
        self._gifts: dict[tuple[str, int], _Gift] = {}

    @property
    def received(self) -> int:
        """How many tracks and estimates of others are held, each sender's of one missile once."""
        return len({(gift.sender, gift.number) for gift in list(self._gifts.values())})

    def take(self, sender: str, message: Message) -> str:
        """Take what a message says of a missile; why it is not used, "" where it is."""
        body = bodies.read(message.product, message.body)
        name = f"{sender}/{message.product}/{','.join(message.clauses)}"
        gift = _Gift(sender, message.number, message.made_s, frozenset(message.clauses))
        before = self._gifts.get((name, message.number))
        if before is not None and before.made_s >= message.made_s:
            return "older than the one held"
        if isinstance(body, bodies.Track):
            edition = _edition(name, message.number, body)
            why = self.picture.take(edition) if edition is not None else "not a state that is used here"
            if why:
                return why
        elif isinstance(body, bodies.ImpactEstimate | bodies.Alert):
            gift.impact = _spots(body)
        else:
            return "nothing about where a missile is"
        self.terms[name] = Terms(STEPS.index(message.product), message.clauses)
        self._gifts[name, message.number] = gift
        self._supersede(name, gift, message.product)
        return ""

    def _supersede(self, name: str, gift: _Gift, product: str) -> None:
        """Let go what came under some of the same clauses as the same product: it is not updated."""
        for other, number in [key for key in self._gifts if key[1] == gift.number and key[0] != name]:
            held = self._gifts[other, number]
            same = held.sender == gift.sender and other.split("/")[1] == product
            if same and held.clauses < gift.clauses:
                self._drop((other, number))

    def _drop(self, key: tuple[str, int]) -> None:
        del self._gifts[key]
        self.picture.withdraw(key[0], [key[1]])

    def look(self, now_s: float, own: Snapshot | None) -> list[tuple[Name, Held]]:
        """All that is held at a time not before the last, by name; `own` is the last look at its own feed."""
        if own is not None:
            self.picture.own(editions(self.nation, own))
        for key in [k for k, gift in self._gifts.items() if gift.made_s < now_s - SILENT_S]:
            self._drop(key)
        joined = self._in_flight(self.at(now_s))
        found: list[tuple[Name, Held]] = []
        for one in joined:
            assert one.fused is not None
            found.append((("", one.fused.number), one))
        return found + self.beside(now_s)

    def beside(self, now_s: float) -> list[tuple[Name, Held]]:
        """Estimates and alerts of what the same sender gives no track of."""
        tracked = {(g.sender, g.number) for g in self._gifts.values() if g.impact is None}
        found = []
        for (name, number), gift in sorted(self._gifts.items()):
            if gift.impact is None or (gift.sender, number) in tracked or gift.made_s > now_s:
                continue
            one = beside(gift.impact, 0, self.terms[name], classes=len(CLASSES))
            found.append(((gift.sender, number), one))
        return found

    def _in_flight(self, joined: list[Held]) -> list[Held]:
        """Those above the ground; tracks of what has come down are let go."""
        if not joined:
            return []
        places = np.array([one.fused.mean[:3] for one in joined if one.fused is not None])
        heights: Floats = geodetic_from_ecef(places)[:, 2]
        for one, height_m in zip(joined, heights.tolist(), strict=True):
            if height_m < 0.0 and one.fused is not None:
                for key in one.fused.members:
                    if key in self._gifts:
                        self._drop(key)
        return [one for one, height_m in zip(joined, heights.tolist(), strict=True) if not height_m < 0.0]


def _edition(name: str, number: int, body: bodies.Track) -> Edition | None:
    """A body as the picture takes it; None where it is not one of this house's filters."""
    mode = _PHASES.get(body.phase)
    if mode is None or len(body.mean) != 7:
        return None
    cov = np.zeros((7, 7))
    cov[_UPPER] = body.covariance
    cov.T[_UPPER] = body.covariance
    return Edition(
        owner=name, number=number, time_s=body.time_s, mean=np.array(body.mean), cov=cov, mode=mode
    )


def _spots(body: bodies.ImpactEstimate | bodies.Alert) -> Spots:
    place = body.impact
    sigma_s = body.sigma_s if isinstance(body, bodies.ImpactEstimate) else math.nan
    if place is None:
        told = [math.nan] * 5
    else:
        told = list(msgspec.structs.astuple(place))
    latitude, longitude, major, minor, bearing = (np.array([value]) for value in told)
    covs = np.full((1, 3, 3), np.nan)
    covs[0, 2, 2] = sigma_s**2
    at_s = math.nan if body.impact_s is None else body.impact_s
    return Spots(
        latitude_rad=latitude, longitude_rad=longitude, time_s=np.array([at_s]), covs=covs,
        semi_major_m=major, semi_minor_m=minor, bearing_rad=bearing,
    )  # fmt: skip
