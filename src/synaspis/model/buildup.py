"""What a case says of other years: which classes a state had by when, and what had been planned."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from synaspis.model.declare import part, quantity, text
from synaspis.model.threat import Firing, LaunchArea

CONFIDENCES = ("high", "medium", "low", "assumed")


@dataclass(frozen=True, kw_only=True)
class HeldClass:
    """A missile class that a state has from one day on, and how much of the raid it can fly by then.

    A class that no line names is always there. Of several lines that hold on a day the largest share counts.
    """

    state: str = text("the state, as its launch areas name it", names="launch-state")
    threat: str = text("the missile class, as the raid names it", names="threat")
    since: dt.date = part("first day on which the state has it")
    until: dt.date | None = part("last day on which it does (to this day where left out)", default=None)
    share: float = quantity(
        "1", "share of the raid's missiles of this class from this state", at_least=0, at_most=1, default=1.0
    )
    source: str = text("where it is known from", default="")
    confidence: str = text("how well it is known", choices=CONFIDENCES, default="low")


@dataclass(frozen=True, kw_only=True)
class PlannedSite:
    """When a site was to be there, in place of its own dates."""

    site: str = text("sensor or battery, by name", names="deployed")
    since: dt.date = part("first day on which it was to be there")
    until: dt.date | None = part("last day on which it was to be there (to this day where left out)",
                                 default=None)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlannedYears:
    """The same years as they had been planned: other dates for some sites, all else as it happened."""

    name: str = text("name, unique in the case")
    title: str = text("what was planned, in a sentence")
    sites: tuple[PlannedSite, ...] = part("sites that were to come at another time")
    source: str = text("where it is known from", default="")
    note: str = text("what this plan leaves out", default="")


@dataclass(frozen=True, kw_only=True)
class Buildup:
    """Input of `synaspis timeline`, beside the dates of sites, agreements and clauses."""

    threats: tuple[HeldClass, ...] = part("which state has which missile class from when on", default=())
    plans: tuple[PlannedYears, ...] = part("how the years had been planned", default=())

    def plan(self, name: str) -> PlannedYears:
        """The plan called `name`. KeyError where there is none."""
        for plan in self.plans:
            if plan.name == name:
                return plan
        raise KeyError(name)


def share_of(buildup: Buildup, state: str, threat: str, day: dt.date) -> float:
    """Share of the raid's missiles of a class that `state` can fly on `day`: 1 for a class not listed."""
    lines = [h for h in buildup.threats if (h.state, h.threat) == (state, threat)]
    held = (h.share for h in lines if h.since <= day and (h.until is None or day <= h.until))
    return max(held, default=0.0) if lines else 1.0


def raid_on(
    buildup: Buildup, raid: Sequence[Firing], areas: Sequence[LaunchArea], day: dt.date
) -> tuple[Firing, ...]:
    """The raid with only what the states that fire it have on `day`; lines of which nothing is left go.

    A share keeps first missiles of every line before second ones, so that a larger share only adds some and
    each keeps its name, and with it its luck.
    """
    nation = {a.name: a.nation for a in areas}
    kept = [0] * len(raid)
    groups: dict[tuple[str, str], list[int]] = {}
    for row, firing in enumerate(raid):
        groups.setdefault((nation[firing.launch], firing.threat), []).append(row)
    for (state, threat), rows in groups.items():
        order = sorted(_numbered(raid, rows))
        most = math.floor(share_of(buildup, state, threat, day) * len(order) + 0.5)
        for _, row in order[:most]:
            kept[row] += 1
    return tuple(replace(f, count=n) for f, n in zip(raid, kept, strict=True) if n)


def _numbered(raid: Sequence[Firing], rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(number, row) of every missile of `rows`; lines at one target from one place are numbered on."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (raid[row].launch, raid[row].target)
        for _ in range(raid[row].count):
            seen[key] = seen.get(key, 0) + 1
            yield seen[key], row


def missiles_by_class(raid: Sequence[Firing]) -> Mapping[str, int]:
    """How many missiles of each class, in the raid's order."""
    found: dict[str, int] = {}
    for firing in raid:
        found[firing.threat] = found.get(firing.threat, 0) + firing.count
    return found
