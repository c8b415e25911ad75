"""The bus's own rules follow the agreements: when a clause is revoked, what only it opened is shut there too.

The gateway has refused it from that second on; this is the second lock. Zenoh's rules are fixed when a link
opens, so the link is closed and opened again beside the node's work, and what is put meanwhile is lost: the
journal sends it again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Protocol

from synaspis.errors import BusError
from synaspis.network.message import CONTROL
from synaspis.network.rulebook import Rulebook
from synaspis.network.tally import Tally

AGAIN_S: Final = 1.0
"""A link that does not open is tried again so often."""


class Bus(Protocol):
    """A transport whose rules of what leaves can be changed."""

    def narrow(self, egress: Iterable[str]) -> None:
        """Let only these keys leave from now on."""


class Narrowing:
    """Moved on by `step`, by the thread that steps the node. `trouble`: why the link is shut, "" while it is
    open."""

    def __init__(self, bus: Bus, always: Iterable[str], tally: Tally) -> None:
        """`always`: keys that leave under no clause, as those to the range. The bus lets out what the first
        rulebook ever could, at its first second."""
        self._bus, self._always, self._tally = bus, frozenset(always), tally
        self._out: frozenset[str] | None = None
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._seen: tuple[int, int] | None = None
        self.trouble = ""

    def step(self, rulebook: Rulebook, now_s: float) -> None:
        """Narrow the bus where the rulebook is another one, or clauses were revoked since."""
        seen = id(rulebook), rulebook.epoch(now_s)
        if seen == self._seen or (self._thread is not None and self._thread.is_alive()):
            return
        self._seen = seen
        out = self._always | egress(rulebook, now_s)
        if out == self._out:
            return
        first, self._out = self._out is None, out
        if first and out == self._always | rulebook.egress():
            return
        self._thread = threading.Thread(target=self._narrow, args=(out,), name="narrowing", daemon=True)
        self._thread.start()

    def _narrow(self, out: frozenset[str]) -> None:
        while not self._closed.is_set():
            try:
                self._bus.narrow(sorted(out))
            except BusError as error:
                self.trouble = str(error)
                self._tally.note("bus", "shut", error=str(error))
                self._closed.wait(AGAIN_S)
            else:
                self.trouble = ""
                self._tally.note("bus", "narrowed", keys=len(out))
                return

    def wait(self, longest_s: float) -> bool:
        """Wait until the link is open by the last rules; whether it is."""
        if self._thread is not None:
            self._thread.join(longest_s)
            return not self._thread.is_alive()
        return True

    def close(self) -> None:
        """To be called before the bus is closed: it shall not open again behind its owner's back."""
        self._closed.set()
        self.wait(10.0)


def egress(rulebook: Rulebook, now_s: float) -> frozenset[str]:
    """Keys of the bus under which anything could leave from a second of the case on.

    Control stays open to all that ever were partners: it says what was revoked of what they wait for.
    """
    whole = rulebook.egress()
    rest = tuple(c for c in rulebook.rules.releases if c.effect != "permit" or c.revoked_s > now_s)
    if len(rest) == len(rulebook.rules.releases):
        return whole
    rules = replace(rulebook.rules, releases=rest)
    later = Rulebook(rulebook.me, rules, rulebook.nations, rulebook.site_owners).egress()
    return later | {k for k in whole if k.endswith(f"/{CONTROL}")}
