"""The moment of an exercise for other programs: what the director's seat shows, by the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from synaspis.exercise.inputs import DIRECTOR
from synaspis.exercise.rooms import case_of, pseudonyms
from synaspis.exercise.session import Session
from synaspis.interop.live import Drill, Moment, mark, moment
from synaspis.model.answers import SiteMark

SHOWN = ("clock", "truth", "happened")
"""Of the director's seat, what is streamed."""


class Shows(Protocol):
    """A session, as far as it is needed here."""

    def still(self, seat: str) -> dict[str, Any]: ...
    def document(self, seat: str) -> dict[str, Any]: ...
    def version(self, seat: str) -> int: ...


def drill(session: Session) -> Drill:
    """What feeds are made for."""
    names = pseudonyms(session.opened)
    name = session.opened.case_name
    return Drill(
        name=name if names is None else str(names.outward(name)),
        starts=case_of(session.opened).file.starts,
    )


def source(session: Session) -> Callable[[], Moment]:
    """What asks a session for its moment; nobody waits for it."""
    names = pseudonyms(session.opened)
    return Moments(session, (lambda told: told) if names is None else names.outward)


class Moments:
    """A session's moment, made anew where its seats show something new. `told` puts names into words."""

    def __init__(self, session: Shows, told: Callable[[Any], Any]) -> None:
        self._session, self._told = session, told
        self._still: Mapping[str, Any] | None = None
        self._sites: tuple[SiteMark, ...] = ()
        self._version = -1
        self._moment: Moment | None = None

    def __call__(self) -> Moment:
        version = self._session.version(DIRECTOR)
        if self._moment is None or version != self._version:
            self._version, self._moment = version, self._made()
        return self._moment

    def _made(self) -> Moment:
        still = self._session.still(DIRECTOR)
        if still is not self._still:
            self._still = still
            sites = self._told(still.get("sites", {}))
            self._sites = tuple(
                mark(name, each) for name, each in sites.items() if each["kind"] != "infrared"
            )
        document = self._session.document(DIRECTOR)
        shown = self._told({part: document.get(part, {}) for part in SHOWN})
        return moment(shown["clock"], self._sites, shown["truth"], shown["happened"].values())
