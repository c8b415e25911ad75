"""Arrangements: agreements on public record, in the catalogue, and how a case takes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.agreement import Terms
from synaspis.model.declare import part, text
from synaspis.model.nation import Alliance

NOT = "not-"
"""`not-NATO` stands for the nations of a case outside the arrangement's own group NATO."""


@dataclass(frozen=True, kw_only=True)
class Arrangement(Terms):
    """An agreement on public record, whichever nations and sites a case has (catalogue kind `arrangement`).

    Its clauses may name groups of its own, and `not-GROUP` for everybody else. Sites bear their plain names.
    """

    alliances: tuple[Alliance, ...] = part("groups of nations that its clauses name", default=())
    addresses: tuple[str, ...] = text(
        "where its texts, or reports of them, were read for this entry", default=()
    )
    recalled: str = text("what of its citations was recalled and not read again", default="")


@dataclass(frozen=True, kw_only=True)
class Borrowed:
    """An agreement taken from the catalogue: title, parties, source, dates and clauses are found there.

    Parties outside the case are left out of the clauses, and with them each clause that needs them.
    """

    name: str = text("name, unique in the case (the catalogue's where left out)", default="")
    sites: Mapping[str, tuple[str, ...]] = part(
        "what the case calls the sites of its clauses, where its names are others", factory=dict
    )
    without: tuple[str, ...] = text("ids of clauses that are left out", default=())
