"""A nation's picture: its own tracks, and what partners' messages say, joined as in the live raid.

A track is known by who sent it, under which clauses and as which product, and by the sender's number. What
comes down, and what nothing is heard of, is let go.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from synaspis.engine.geometry import Floats
from synaspis.engine.live_feeds import Snapshot
from synaspis.engine.live_joined import MODE_ROWS, Held, Joined, Once, Terms, beside, editions
from synaspis.kernels.earth import geodetic_from_ecef
from synaspis.model.estimate import CLASSES, Spots
from synaspis.network import bodies
from synaspis.network.message import Message
from synaspis.sharing.release import STEPS
from synaspis.tracking.filters import PHASES
from synaspis.tracking.fusion import Edition

SILENT_S: Final = 90.0
"""What no message was about for so long is let go: longer than a line may be cut."""
DROPPED_S: Final = 25.0
"""And so long, where its sender has told of others since: what it still holds it tells each ten seconds."""
MOST_NAMES: Final = 4_096
"""Names of objects that are remembered before those that are gone are let go."""
_PHASES = {mode.name: row for mode, row in zip(PHASES, MODE_ROWS, strict=True)}
_UPPER = np.triu_indices(7)

Name = tuple[str, int]
"""Of an object: no word and its number in the picture, or the sender's and its number of a track."""


@dataclass
class _Gift:
    """What is held of one track or estimate of a sender."""

    sender: str
    product: str
    made_s: float
    clauses: tuple[str, ...]
    impact: Spots | None = None
    """Where there is no state: the estimate alone."""
    held: Held | None = None
    """What a look makes of the estimate, the same at each."""


class View(Joined):
    """One nation's picture."""

    def __init__(self, nation: str, once: Once | None = None) -> None:
        super().__init__(nation, once)
        self._gifts: dict[tuple[str, int], _Gift] = {}
        self._alike: dict[tuple[str, int], set[tuple[str, int]]] = {}
        self._newest_s: dict[str, float] = {}
        self._names: dict[Name, Name] = {}

    @property
    def received(self) -> int:
        """How many tracks and estimates of others are held, each sender's of one missile once."""
        return len(self._alike)

    @property
    def gifts(self) -> tuple[Name, ...]:
        """Of all that others gave and that is held: who gave it, and its number for it."""
        return tuple(sorted(self._alike))

    def take(self, sender: str, message: Message) -> str:
        """Take what a message says of a missile; why it is not used, "" where it is."""
        body = bodies.read(message.product, message.body)
        name = f"{sender}/{message.product}/{','.join(message.clauses)}"
        key = (name, message.number)
        gift = _Gift(sender, message.product, message.made_s, message.clauses)
        before = self._gifts.get(key)
        if before is not None and before.made_s >= message.made_s:
            return "older than the one held"
        if isinstance(body, bodies.Track):
            edition = edition_of(name, message.number, body)
            why = self.picture.take(edition) if edition is not None else "not a state that is used here"
            if why:
                return why
        elif isinstance(body, bodies.ImpactEstimate | bodies.Alert):
            gift.impact = _spots(body)
        else:
            return "nothing about where a missile is"
        self.terms[name] = Terms(STEPS.index(message.product), message.clauses)
        self._gifts[key] = gift
        self._newest_s[name] = max(gift.made_s, self._newest_s.get(name, gift.made_s))
        alike = self._alike.setdefault((sender, message.number), set())
        alike.add(key)
        for other in [k for k in alike if k != key]:
            held = self._gifts[other]
            # What came under fewer of the clauses as the same product is not updated any more.
            if held.product == gift.product and set(held.clauses) < set(gift.clauses):
                self._drop(other)
        return ""

    def _drop(self, key: tuple[str, int]) -> None:
        gift = self._gifts.pop(key)
        self.picture.withdraw(key[0], [key[1]])
        alike = self._alike[gift.sender, key[1]]
        alike.discard(key)
        if not alike:
            del self._alike[gift.sender, key[1]]

    def look(self, now_s: float, own: Snapshot | None) -> list[tuple[Name, Held]]:
        """All that is held at a time not before the last, by name; `own` is the last look at its own feed."""
        if own is not None:
            self.picture.own(editions(self.nation, own))
        oldest_s = {
            name: max(now_s - SILENT_S, newest_s - DROPPED_S) for name, newest_s in self._newest_s.items()
        }
        for key in [k for k, gift in self._gifts.items() if gift.made_s < oldest_s[k[0]]]:
            self._drop(key)
        found = [(self._name(one), one) for one in self._in_flight(self.at(now_s))]
        found += [pair for name in sorted(self._alike) for pair in self.beside(name, now_s)]
        if len(self._names) > MOST_NAMES:
            still = {name for name, _ in found}
            self._names = {k: v for k, v in self._names.items() if v in still or k in self._alike}
        return found

    def _name(self, one: Held) -> Name:
        """What an object is called: as it was, or as the first of its tracks that had a name was.

        So what was told of an alert is not told again of the track that follows it.
        """
        assert one.fused is not None
        keys: list[Name] = [("", one.fused.number), *self.gifts_of(one)]
        name = next((self._names[key] for key in keys if key in self._names), keys[0])
        for key in keys:
            self._names.setdefault(key, name)
        return name

    def gifts_of(self, one: Held) -> list[Name]:
        """Who gave tracks of an object, and their numbers for it."""
        members = one.fused.members if one.fused is not None else ()
        return [(self._gifts[key].sender, key[1]) for key in members if key in self._gifts]

    def beside(self, name: Name, now_s: float) -> list[tuple[Name, Held]]:
        """Estimates and alerts of one track of a sender; none where it gives the track itself."""
        alike = self._alike.get(name, ())
        if any(self._gifts[key].impact is None for key in alike):
            return []
        gifts = [(key, self._gifts[key]) for key in sorted(alike)]
        called = self._names.setdefault(name, name)
        found = []
        for key, gift in gifts:
            if gift.impact is not None and gift.made_s <= now_s:
                gift.held = gift.held or beside(gift.impact, 0, self.terms[key[0]], classes=len(CLASSES))
                found.append((called, gift.held))
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


@functools.lru_cache(maxsize=MOST_NAMES)
def edition_of(name: str, number: int, body: bodies.Track) -> Edition | None:
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


@functools.lru_cache(maxsize=MOST_NAMES)
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
