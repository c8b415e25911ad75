"""What a server of seats is given: an exercise that somebody else plays. It knows nothing of its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

DIRECTOR: Final = "director"
OBSERVER: Final = "observer"

Document = dict[str, Any]
"""Ready for JSON: text, numbers, truths, lists and dicts by text. None in a map stands for an absent key."""


class Play(Protocol):
    """An exercise, as its server sees it. Each may be called from any thread, and raises nothing on purpose.

    A document that was handed out is never changed afterwards: the next one is another map, which may hold
    parts of it.
    """

    def seats(self) -> Mapping[str, str]:
        """Title of each seat, by its name: `director`, `observer` and nations' codes."""
        ...

    def still(self, seat: str) -> Document:
        """What never changes in the seat as long as a stage lasts; the document's `stage` says which does."""
        ...

    def document(self, seat: str) -> Document:
        """What the seat shows now."""
        ...

    def version(self) -> int:
        """Another number whenever the document of some seat may be another."""
        ...

    def submit(self, seat: str, id: str, told: Document) -> tuple[bool, str]:
        """What was told is done and written down (True), or refused, and in words why. An `id` that the seat
        has used is answered as the first time."""
        ...

    def seated(self, seat: str, taken: bool) -> None:
        """Somebody sits in the seat from now on, or nobody does."""
        ...

    def logged(self, seat: str, what: str) -> None:
        """To be kept: an invitation, a login, a refusal; never a secret. `seat` is empty where unknown."""
        ...
