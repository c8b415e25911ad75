"""What seats say in words: clauses, and how leave to fire is had."""

from __future__ import annotations

import functools

from synaspis.files.borders import named_areas
from synaspis.model.agreement import Authority, Clause, Consent, Mandate, Release
from synaspis.report.words import duration, listed
from synaspis.sharing.rules import Rules


def name_of(nation: str) -> str:
    """What a nation is called on the map that ships; its code where that has none."""
    return _names().get(nation, nation)


@functools.cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in named_areas():
        found.setdefault(code, name)
    return found


def clause_words(c: Clause) -> str:
    """What a clause says: its note where it has one, else its terms."""
    return c.note or _terms(c)


def _terms(c: Clause) -> str:
    match c:
        case Release():
            products = listed([p.replace("_", " ") for p in c.products])
            after = f" after {duration(c.delay_s)}" if c.delay_s > 0.0 else ""
            does = "may have" if c.effect == "permit" else "may not have"
            return f"{_few(c.recipients)} {does} {products} of {_few(c.owners)}{after}"
        case Mandate():
            does = "defend" if c.effect == "permit" else "do not defend"
            return f"Rounds of {_few(c.owners)} {does} {_few(c.defends)}"
        case Authority():
            return f"Leave to fire for batteries of {_few(c.owners)}: {protocol_words(c)}"
        case Consent():
            what = listed([*c.sites, *(f"batteries of {n}" for n in c.owners)])
            return f"{c.by} consents to {listed(c.scope)} of {what}"
        case _:
            return ""


def _few(nations: tuple[str, ...]) -> str:
    return listed(nations) if len(nations) <= 6 else f"{len(nations)} nations"


def protocol_words(c: Authority) -> str:
    """How leave to fire is had under a clause."""
    deciders = _few(c.deciders) if c.deciders else "the owner"
    words = {
        "pre-authorised": "given beforehand",
        "national": "the owner decides",
        "delegated": f"delegated to {deciders}",
        "lead": f"{deciders} leads and decides",
        "consensus": f"{c.votes or 'all'} of {deciders} must agree",
    }[c.protocol]
    return f"{words}; {_few(c.veto)} may stop it" if c.veto else words


def leave_words(given: Rules, nation: str) -> str:
    """How a nation's batteries get leave to fire, in a sentence per protocol."""
    ways = [c for c in given.authorities if nation in c.owners]
    if not ways:
        return "No clause in force lets your batteries fire."
    return " ".join(f"{c.id}: {protocol_words(c)}." for c in ways)
