"""Datagrams to other programs: where to, and sent so that nobody who sends them waits or fails.

To this machine unless the user names another. What is sent is told to whoever listens there, unsigned and in
clear: whoever asks for that is told so.
"""

from __future__ import annotations

import contextlib
import ipaddress
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from synaspis.errors import Problem

HERE: Final = "127.0.0.1"
MOST_BYTES: Final = 1400
"""Of a datagram: more might be cut in pieces on the way."""
BURST: Final = 50
BURST_S: Final = 0.0025
"""At no speed at all, so many datagrams go at once, and so long after each other: 20,000 a second."""
WAITS_S: Final = 1.0
Packets = Sequence[tuple[float, bytes]]


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A host and port, as told and as the system has them."""

    told: str
    family: int
    address: Any

    @property
    def here(self) -> bool:
        """Whether it is this machine alone."""
        return ipaddress.ip_address(str(self.address[0]).partition("%")[0]).is_loopback

    @property
    def leaves(self) -> str:
        """What who sends there is told; "" where nothing leaves this machine."""
        if self.here:
            return ""
        return f"{self.told}: this leaves this machine, unsigned and readable by all on the way"


def destination(
    problems: list[Problem], option: str, told: str, default_host: str = ""
) -> Destination | None:
    """The place that `HOST:PORT` names, or `PORT` where there is a default host; None with what is wrong."""
    host, _, digits = told.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or ("" if ":" in told else default_host)
    port = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 0
    form = f"give {'[HOST:]PORT' if default_host else 'HOST:PORT'}, as {HERE}:3000"
    if not host or not 1 <= port <= 65_535:
        problems.append(Problem(option, 0, 0, f"`{told}` is no place to send to", form))
        return None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    except (OSError, UnicodeError) as error:
        problems.append(Problem(option, 0, 0, f"`{host}` is not to be found: {error}", form))
        return None
    return Destination(told=told, family=family, address=address)


class Sender:
    """Sends datagrams to one place, or counts that it could not. Never waits unless asked to; raises nothing.

    `sent` and `lost` count; `trouble` is the first reason in words.
    """

    def __init__(self, to: Destination) -> None:
        self.to = to
        self.sent = self.lost = 0
        self.trouble = ""
        self._socket = socket.socket(to.family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)

    def send(self, payload: bytes, waits_s: float = 0.0) -> None:
        """Send one; where the system's buffer is full, wait for it so long at most."""
        if len(payload) > MOST_BYTES:
            self._lose(f"a datagram of {len(payload)} bytes, {MOST_BYTES} are sent at most")
            return
        try:
            try:
                self._socket.sendto(payload, self.to.address)
            except BlockingIOError:
                select.select([], [self._socket], [], waits_s)
                self._socket.sendto(payload, self.to.address)
        except OSError as error:
            self._lose(str(error))
        else:
            self.sent += 1

    def _lose(self, why: str) -> None:
        self.lost += 1
        self.trouble = self.trouble or f"{self.to.told}: {why}"

    def close(self) -> None:
        """Nothing is sent after this."""
        self._socket.close()


def play(
    packets: Packets,
    sender: Sender,
    speed: float,
    stop: threading.Event,
    moved: Callable[[float], None] = lambda _: None,
) -> None:
    """Send packets, each with its second, at `speed` times the clock, 0 for as fast as a reader keeps up.

    `moved` is told now and then how much is done, 0 to 1. Ends early when `stop` is set.
    """
    began_s = time.monotonic()
    for n, (at_s, payload) in enumerate(packets):
        if speed:
            due_s = began_s + (at_s - packets[0][0]) / speed
        else:
            due_s = began_s + n // BURST * BURST_S
        while (left_s := due_s - time.monotonic()) > 0.0 and not stop.wait(min(left_s, 0.5)):
            moved(n / len(packets))
        if stop.is_set():
            return
        sender.send(payload, WAITS_S)
    moved(1.0)
