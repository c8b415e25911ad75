"""The clauses in force: what a regime says on a date, with alliances opened into nations."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from synaspis.model.agreement import (
    Agreement,
    Authority,
    Clause,
    Consent,
    Mandate,
    Regime,
    Release,
    Transfer,
)
from synaspis.model.case import Case

ADDED = "(added)"
"""The agreement of clauses that no case holds: those whose worth a study asks after."""


@dataclass(frozen=True)
class Decision:
    """A yes or a no, and the ids of the clauses it rests on (none: silence, which is no).

    `warning` says what went wrong where a rule failed, which is a no.
    """

    allowed: bool
    because: tuple[str, ...]
    warning: str = ""


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
    transfers: tuple[Transfer, ...] = ()
    memory: dict[tuple[str, str, tuple[str, ...], str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What has been worked out from these clauses alone for (owner, recipient, sensors, purpose)."""
    doors: dict[tuple[str, str, str, str | None, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Doors made from these clauses alone, by (owner, recipient, product, sensor, purpose)."""

    def ids(self) -> tuple[str, ...]:
        """Ids of all clauses in force, in the order of the case."""
        return tuple(clause.id for clause in self.clauses)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in force, kind by kind."""
        return (*self.releases, *self.mandates, *self.authorities, *self.consents, *self.transfers)

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

    @functools.cached_property
    def _handing(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], set[str]] = {}
        for clause in self.releases:
            if clause.effect == "permit":
                for owner, last in itertools.product(set(clause.owners), set(clause.onward)):
                    found.setdefault((owner, last), set()).update(clause.recipients)
        return {pair: tuple(sorted(middle - set(pair))) for pair, middle in found.items()}

    def hands_on(self, owner: str, recipient: str) -> tuple[str, ...]:
        """The nations that may hand `owner`'s products on to `recipient`, as far as its own clauses go."""
        return self._handing.get((owner, recipient), ())

    def without(self, clause_id: str) -> Rules:
        """The same rules but for one clause; what was worked out from the others is kept."""
        rest = replace(
            self,
            releases=tuple(c for c in self.releases if c.id != clause_id),
            mandates=tuple(c for c in self.mandates if c.id != clause_id),
            authorities=tuple(c for c in self.authorities if c.id != clause_id),
            consents=tuple(c for c in self.consents if c.id != clause_id),
            transfers=tuple(c for c in self.transfers if c.id != clause_id),
        )
        self._kept(rest, (c for c in self.releases if c.id == clause_id))
        return rest

    def plus(self, *more: Clause) -> Rules:
        """The same rules and `more` clauses, parties as nation codes, under the agreement `(added)`."""
        releases = tuple(c for c in more if isinstance(c, Release))
        rest = replace(
            self,
            releases=(*self.releases, *releases),
            mandates=(*self.mandates, *(c for c in more if isinstance(c, Mandate))),
            authorities=(*self.authorities, *(c for c in more if isinstance(c, Authority))),
            consents=(*self.consents, *(c for c in more if isinstance(c, Consent))),
            transfers=(*self.transfers, *(c for c in more if isinstance(c, Transfer))),
            agreement_of={
                **self.agreement_of,
                **{c.id: ADDED for c in more if c.id not in self.agreement_of},
            },
        )
        self._kept(rest, releases)
        return rest

    def _kept(self, rest: Rules, changed: Iterable[Release]) -> None:
        """Hand on to `rest` what was worked out for pairs of nations that `changed` clauses do not touch."""
        touched = list(changed)
        pairs = {pair for c in touched for pair in itertools.product(c.owners, c.recipients)}
        rest.doors.update((key, made) for key, made in self.doors.items() if key[:2] not in pairs)
        # What is handed on rests on doors of other pairs as well.
        if not self._handing and not any(c.onward for c in touched):
            rest.memory.update((key, made) for key, made in self.memory.items() if key[:2] not in pairs)

    def lend(self, other: Rules, owners: Iterable[str]) -> None:
        """Hand on to `other` the paths worked out for `owners`, whose releases are the same in both.

        Nothing is handed on where owners' products pass through third hands, whose own clauses then count.
        """
        if not self._handing and not other._handing:
            same = set(owners)
            other.memory.update((key, made) for key, made in self.memory.items() if key[0] in same)


OWN_WORDS = ("owner", "host")
C = TypeVar("C", bound=Clause)


def in_force(clause: Clause, agreement: Agreement, day: dt.date, alert: str = "crisis") -> bool:
    """Whether a clause holds on `day` in a state of alert: within its own dates and its agreement's."""
    states = clause.when.alert if isinstance(clause, Release) else getattr(clause, "alert", ())
    if states and alert not in states:
        return False
    if day < agreement.since or (agreement.until is not None and day > agreement.until):
        return False
    return not (
        (clause.since is not None and day < clause.since) or (clause.until is not None and day > clause.until)
    )


def rules(case: Case, regime: Regime, day: dt.date | None = None, alert: str = "") -> Rules:
    """What `regime` says on `day` in a state of alert (the case's where left out)."""
    when, state = day or case.day, alert or case.file.state_of_alert
    agreements = [a for a in case.file.agreements if a.name in set(regime.agreements)]

    def held(clauses: Callable[[Agreement], tuple[C, ...]], opened: Callable[[Case, C], C]) -> tuple[C, ...]:
        return tuple(opened(case, c) for a in agreements for c in clauses(a) if in_force(c, a, when, state))

    return Rules(
        releases=held(lambda a: a.releases, _open_release),
        mandates=held(lambda a: a.mandates, _open_mandate),
        authorities=held(lambda a: a.authorities, _open_authority),
        consents=held(lambda a: a.consents, _open_consent),
        agreement_of={c.id: a.name for a in agreements for c in a.clauses},
        transfers=held(lambda a: a.transfers, _open_transfer),
    )


def _open_release(case: Case, c: Release) -> Release:
    nations = case.members
    threatens, lands_in = (threatened(case, parties) for parties in (c.when.threatens, c.when.lands_in))
    return replace(
        c,
        owners=nations(c.owners),
        recipients=nations(c.recipients),
        onward=nations(c.onward),
        when=replace(c.when, threatens=threatens, lands_in=lands_in),
    )


def _open_mandate(case: Case, c: Mandate) -> Mandate:
    return replace(c, owners=case.members(c.owners), defends=_in_order(case, c.defends))


def _open_authority(case: Case, c: Authority) -> Authority:
    nations = case.members
    return replace(
        c,
        owners=nations(c.owners),
        deciders=nations(c.deciders),
        defends=nations(c.defends),
        veto=nations(c.veto),
    )


def _open_consent(case: Case, c: Consent) -> Consent:
    return replace(c, owners=case.members(c.owners))


def _open_transfer(case: Case, c: Transfer) -> Transfer:
    return replace(c, recipients=case.members(c.recipients), onward=case.members(c.onward))


def _in_order(case: Case, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Nations behind `parties` in the order named; the words `owner` and `host` stay, for each battery."""
    opened = (party if party in OWN_WORDS else case.members((party,)) for party in parties)
    return tuple(
        dict.fromkeys(n for found in opened for n in ((found,) if isinstance(found, str) else found))
    )


def threatened(case: Case, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Nations behind a condition; the word `recipient` stays, to be read for each recipient."""
    keep = ("recipient",) if "recipient" in parties else ()
    return (*case.members(parties), *keep)


def site_works(given: Rules, site: str, host: str, owner: str, scope: str) -> Decision:
    """Whether a site may be used (`use`) or fired from (`fire`): its host, where foreign, must consent."""
    if host == owner:
        return Decision(True, ())
    consents = tuple(c.id for c in given.consents if site in c.sites and scope in c.scope and c.by == host)
    return Decision(bool(consents), consents)
