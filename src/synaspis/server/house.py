"""What the paths of a server of seats share: the play, its doors, who is connected, and the limits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from synaspis.server.gate import Names, Scope
from synaspis.server.invitations import Doors
from synaspis.server.ledger import Ledger
from synaspis.server.limits import Limits, Meter
from synaspis.server.play import Play
from synaspis.server.sockets import Attendance
from synaspis.server.stream import LEAD_S, TICK_S, Beat

NOT_HERE: Final = "nobody sits here in this browser; open the link of your invitation"


class House:
    """What the paths below share."""

    def __init__(
        self, play: Play, doors: Doors, names: Names, limits: Limits, tick_s: float = TICK_S
    ) -> None:
        self.play, self.doors, self.names, self.limits = play, doors, names, limits
        self.ledger = Ledger(play.logged)
        self.attendance = Attendance(play, self.ledger, limits)
        self.titles = dict(play.seats())
        self.requests, self.connections = Meter(limits.requests), Meter(limits.connections)
        self.cookie = ("__Secure-" if names.tls else "") + "seat-" + names.hosts[0].rsplit(":", 1)[-1]
        self.beat = Beat(self.attendance.streams.values(), play.version, tick_s, min(LEAD_S, 0.5 * tick_s))
        self._turns = {seat: asyncio.Lock() for seat in self.titles}

    def known(self, seat: str) -> str:
        """The seat; 404 where there is none of that name."""
        if seat not in self.titles:
            raise HTTPException(404, "there is no such seat")
        return seat

    def session(self, cookies: Mapping[str, str], seat: str) -> str:
        """The session that a request comes from; 401 where it comes from none, 429 where too often."""
        session = self.doors.session(self.known(seat), cookies.get(self.cookie, ""))
        if session is None:
            if cookies.get(self.cookie):
                self.ledger.refused(seat, "a cookie that does not open this seat")
            raise HTTPException(401, NOT_HERE)
        if not self.requests.take(seat):
            self.ledger.refused(seat, "more requests than people make")
            raise HTTPException(429, "too many requests; wait a little")
        return session

    def turn(self, seat: str) -> asyncio.Lock:
        """Who comes and goes in a seat does so one after the other; 404 where there is none of that name."""
        return self._turns[self.known(seat)]

    def say_who_sits(self, seat: str) -> None:
        """Tell the exercise whether anybody sits in a seat."""
        self.play.seated(seat, self.doors.count(seat)[1] > 0)

    def knows(self, scope: Scope) -> bool:
        """Whether a request is of a seat in which whoever sends it sits."""
        _, _, rest = str(scope.get("path", "")).partition("/seats/")
        seat = rest.partition("/")[0]
        if seat not in self.titles:
            return False
        told = HTTPConnection(scope).cookies.get(self.cookie, "")
        return self.doors.session(seat, told) is not None

    def still(self, seat: str) -> bytes:
        """What changes in the seat with a stage of the exercise alone, encoded."""
        return msgspec.json.encode(self.play.still(seat))

    def link(self, seat: str, *, over: bool = False) -> str:
        """A new invitation. Its token is in the fragment, which no browser sends to anybody."""
        return f"{self.names.base}/#{seat}.{self.doors.invite(self.known(seat), over=over)}"

    def presence(self) -> dict[str, dict[str, object]]:
        """By seat: its title, links that were not redeemed, sessions and connections."""
        made: dict[str, dict[str, object]] = {}
        for seat, title in self.titles.items():
            links, sessions = self.doors.count(seat)
            lines = len(self.attendance.streams[seat].lines)
            made[seat] = {"title": title, "links": links, "sessions": sessions, "connections": lines}
        return made
