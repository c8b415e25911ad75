"""What is said to one nation by name: under which clauses it goes, and the label that it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from synaspis.sharing.labels import Label
from synaspis.sharing.rules import Rules


def asks(rules: Rules, site_owners: Mapping[str, str], asker: str, asked: str) -> tuple[str, ...]:
    """Clauses under which `asker` asks `asked` to agree to an engagement: authority, veto or consent."""
    authorities = [
        a.id
        for a in rules.authorities
        if asker in a.owners and asked != asker and asked in (*a.deciders, *a.veto)
    ]
    consents = [
        c.id
        for c in rules.consents
        if c.by == asked != asker
        and (asker in c.owners or asker in {site_owners.get(site) for site in c.sites})
    ]
    return (*authorities, *consents)


def label(rules: Rules, sender: str, recipient: str, clauses: Iterable[str]) -> Label:
    """For the two alone, under the agreements that hold the clauses."""
    policy = frozenset(rules.agreement_of.get(c, "") for c in clauses)
    return Label(policy, "restricted", frozenset({sender, recipient}), frozenset({sender}), frozenset())
