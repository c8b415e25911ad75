"""The clauses in force: what a regime says on a date, with alliances opened into nations."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from synaspis.model.agreement import Agreement, Authority, Clause, Consent, Mandate, Regime, Release
from synaspis.model.case import Case


@dataclass(frozen=True)
class Decision:
    """A yes or a no, and the ids of the clauses it rests on (none: silence, which is no)."""

    allowed: bool
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The clauses of one regime in force on the case's date, parties as nation codes.

    `without` leaves clauses out by id: how the worth of a single clause is found.
    """

    releases: tuple[Release, ...]
    mandates: tuple[Mandate, ...]
    authorities: tuple[Authority, ...]
    consents: tuple[Consent, ...]
    agreement_of: Mapping[str, str]
    memory: dict[tuple[str, str, tuple[str, ...]], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What has been worked out from these clauses alone for (owner, recipient, sensors)."""

    def ids(self) -> tuple[str, ...]:
        """Ids of all clauses in force, in the order of the case."""
        every: Iterable[Clause] = (*self.releases, *self.mandates, *self.authorities, *self.consents)
        return tuple(clause.id for clause in every)

    @functools.cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], tuple[Release, ...]]:
        found: dict[tuple[str, str], list[Release]] = {}
        for clause in self.releases:
            for pair in itertools.product(set(clause.owners), set(clause.recipients)):
                found.setdefault(pair, []).append(clause)
        return {pair: tuple(clauses) for pair, clauses in found.items()}

    def between(self, owner: str, recipient: str) -> tuple[Release, ...]:
        """The release clauses that bear on what `recipient` may have of `owner`, in order."""
        return self._by_pair.get((owner, recipient), ())

    def without(self, clause_id: str) -> Rules:
        """The same rules but for one clause; what was worked out from the others is kept."""
        rest = replace(
            self,
            releases=tuple(c for c in self.releases if c.id != clause_id),
            mandates=tuple(c for c in self.mandates if c.id != clause_id),
            authorities=tuple(c for c in self.authorities if c.id != clause_id),
            consents=tuple(c for c in self.consents if c.id != clause_id),
        )
        gone = [c for c in self.releases if c.id == clause_id]
        rest.memory.update(
            (key, value)
            for key, value in self.memory.items()
            if not any(key[0] in c.owners and key[1] in c.recipients for c in gone)
        )
        return rest


def in_force(clause: Clause, agreement: Agreement, day: dt.date) -> bool:
    """Whether a clause holds on `day`: within its own dates and within its agreement's."""
    if day < agreement.since or (agreement.until is not None and day > agreement.until):
        return False
    return not (
        (clause.since is not None and day < clause.since) or (clause.until is not None and day > clause.until)
    )


def rules(case: Case, regime: Regime, day: dt.date | None = None) -> Rules:
    """What `regime` says on `day` (the case's date where left out)."""
    when = day or case.file.date
    agreements = [a for a in case.file.agreements if a.name in set(regime.agreements)]
    nations = case.members
    releases = [
        replace(
            c,
            owners=nations(c.owners),
            recipients=nations(c.recipients),
            when=replace(c.when, threatens=_threatened(case, c.when.threatens)),
        )
        for a in agreements
        for c in a.releases
        if in_force(c, a, when)
    ]
    mandates = [
        replace(c, owners=nations(c.owners), defends=nations(c.defends))
        for a in agreements
        for c in a.mandates
        if in_force(c, a, when)
    ]
    authorities = [
        replace(
            c,
            owners=nations(c.owners),
            deciders=nations(c.deciders),
            defends=nations(c.defends),
        )
        for a in agreements
        for c in a.authorities
        if in_force(c, a, when)
    ]
    consents = [c for a in agreements for c in a.consents if in_force(c, a, when)]
    agreement_of = {
        c.id: a.name for a in agreements for c in (*a.releases, *a.mandates, *a.authorities, *a.consents)
    }
    return Rules(
        releases=tuple(releases),
        mandates=tuple(mandates),
        authorities=tuple(authorities),
        consents=tuple(consents),
        agreement_of=agreement_of,
    )


def _threatened(case: Case, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Nations behind a `threatens` condition; the word `recipient` stays, to be read per recipient."""
    keep = ("recipient",) if "recipient" in parties else ()
    return (*case.members(parties), *keep)


def site_works(given: Rules, site: str, host: str, owner: str, scope: str) -> Decision:
    """Whether a site may be used (`use`) or fired from (`fire`): its host, where foreign, must consent."""
    if host == owner:
        return Decision(True, ())
    consents = tuple(c.id for c in given.consents if site in c.sites and scope in c.scope and c.by == host)
    return Decision(bool(consents), consents)
