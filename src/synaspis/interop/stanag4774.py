"""Confidentiality labels in the syntax of STANAG 4774, from the labels of the sharing rules and back.

The policy is Synaspis's own: its words stand for nothing outside an exercise, and NATO's are never written.
A label that is not wholly known is refused: unknown policy, classification or category, no releasability.
Source: ADatP-4774 (A)(1) as publicly disclosed, read in descriptions of it; profile: docs/interop.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from synaspis.errors import InputError, Problem
from synaspis.interop.incoming_xml import Element
from synaspis.interop.telling import plain
from synaspis.model.agreement import CLASSIFICATIONS
from synaspis.sharing.labels import Label

SLAB: Final = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
POLICY: Final = "SYNASPIS EXERCISE"
POLICY_URI: Final = f"urn:oid:2.25.{uuid5(NAMESPACE_URL, 'synaspis:exercise:policy').int}"
"""An object identifier below a UUID of our own, which nobody has to register."""
ORIGINATOR: Final = f"{POLICY_URI}.1"
"""Who made the label: the program, of no nation."""
NOBODY: Final = "NONE"
"""Stands where there is no nation to whom it may go: a permissive category left out would permit all."""
REVIEW: Final = dt.timedelta(days=365)
WORDS: Final = dict(
    zip(
        CLASSIFICATIONS,
        ("UNCLASSIFIED", *(f"EXERCISE {c.upper()}" for c in CLASSIFICATIONS[1:])),
        strict=True,
    )
)
"""A classification that is only played says so."""
PERMISSIVE, RESTRICTIVE, INFORMATIVE = "PERMISSIVE", "RESTRICTIVE", "INFORMATIVE"
RELEASABLE: Final = (PERMISSIVE, "Releasable To")
CAVEATS: Final = (RESTRICTIVE, "Caveats")
CONTEXT: Final = (INFORMATIVE, "Context")
ORIGINATORS: Final = (INFORMATIVE, "Originators")
AGREEMENTS: Final = (INFORMATIVE, "Agreements")
EXERCISE: Final = "EXERCISE"
LONGEST: Final = 2000
MOST: Final = 1000
_NATION = re.compile(r"[A-Z]{3}")


def element(label: Label, made: dt.datetime) -> Element:
    """The label as an element; `made` (UTC) is when the exercise has it made.

    InputError with all that cannot be written.
    """
    wrong = _unwritable(label)
    if wrong:
        raise InputError([Problem("label", 0, 0, what) for what in wrong])
    top = etree.Element(f"{{{SLAB}}}originatorConfidentialityLabel", nsmap={"slab": SLAB})
    top.set("ReviewDateTime", _moment(made, REVIEW))
    told = _put(top, "ConfidentialityInformation")
    _put(told, "PolicyIdentifier", POLICY).set("URI", POLICY_URI)
    _put(told, "Classification", WORDS[label.classification])
    for category, values in (
        (RELEASABLE, label.releasable_to or (NOBODY,)),
        (CAVEATS, label.caveats),
        (CONTEXT, (EXERCISE,)),
        (ORIGINATORS, label.originators),
        (AGREEMENTS, label.policy),
    ):
        _category(told, category, values)
    _put(top, "OriginatorID", ORIGINATOR).set("IDType", "uniformResourceIdentifier")
    _put(top, "CreationDateTime", _moment(made))
    return top


def label_of(top: Element, name: str) -> Label:
    """The label that an element is, which its schema has passed. InputError with all that closes the door."""
    doubt = _Doubt(name)
    told = top.find(f"{{{SLAB}}}ConfidentialityInformation")
    policy, classification = told[0], told[1]
    if (policy.text, policy.get("URI")) != (POLICY, POLICY_URI):
        doubt.say(policy, f"policy `{(policy.text or '')[:80]}` is not known: its labels are not read")
    known = {word: key for key, word in WORDS.items()}
    if classification.text not in known:
        doubt.say(classification, f"classification `{(classification.text or '')[:80]}` is not known")
    found = _categories(doubt, told)
    for category in (RELEASABLE, CONTEXT, ORIGINATORS):
        if category not in found:
            doubt.say(told, f"no `{category[1]}`: what is not said is no")
    if found.get(CONTEXT, [EXERCISE]) != [EXERCISE]:
        doubt.say(told, f"its context is not {EXERCISE}")
    releasable = found.get(RELEASABLE, [])
    nations = [] if releasable == [NOBODY] else releasable
    for code in (*nations, *found.get(ORIGINATORS, [])):
        if not _NATION.fullmatch(code):
            doubt.say(told, f"`{code[:80]}` is no nation", "give codes of three letters")
    if doubt.found:
        raise InputError(doubt.found)
    return Label(
        frozenset(found.get(AGREEMENTS, [])), known[classification.text], frozenset(nations),
        frozenset(found[ORIGINATORS]), frozenset(found.get(CAVEATS, [])),
    )  # fmt: skip


class _Doubt:
    """What keeps a door closed, with its line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Problem] = []

    def say(self, at: Element, what: str, mend: str = "") -> None:
        self.found.append(Problem(self.name, at.sourceline or 1, 1, what, mend))


def _categories(doubt: _Doubt, told: Element) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for part in told[2:]:
        category = part.get("Type"), part.get("TagName")
        values = [value.text or "" for value in part]
        if category not in (RELEASABLE, CAVEATS, CONTEXT, ORIGINATORS, AGREEMENTS):
            doubt.say(part, f"category `{category[1][:80]}` ({category[0]}) is not known")
        elif category in found:
            doubt.say(part, f"category `{category[1]}` is there twice")
        elif len(set(values)) < len(values):
            doubt.say(part, f"category `{category[1]}` has a value twice")
        found[category] = values
    return found


def _unwritable(label: Label) -> list[str]:
    wrong = []
    if label.classification not in WORDS:
        wrong.append(f"classification `{label.classification[:80]}` is not known")
    if not label.originators:
        wrong.append("it has no originators")
    nations = label.releasable_to | label.originators
    wrong += [f"`{n[:80]}` is no nation" for n in sorted(nations) if not _NATION.fullmatch(n)]
    words = label.policy | label.caveats
    wrong += [f"{w[:80]!r} is too long or holds what XML cannot" for w in sorted(words)
              if len(w) > LONGEST or plain(w) != w]  # fmt: skip
    groups = (label.policy, label.caveats, label.releasable_to, label.originators)
    wrong += [f"{len(group):,} names in one place" for group in groups if len(group) > MOST]
    return wrong


def _category(told: Element, category: tuple[str, str], values: Iterable[str]) -> None:
    all_of = sorted(values)
    if all_of:
        part = _put(told, "Category")
        part.set("Type", category[0])
        part.set("TagName", category[1])
        for value in all_of:
            _put(part, "GenericValue", value)


def _put(parent: Element, tag: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{SLAB}}}{tag}")
    child.text = text
    return child


def _moment(made: dt.datetime, later: dt.timedelta = dt.timedelta(0)) -> str:
    at = made.astimezone(dt.UTC).replace(tzinfo=None)
    last = dt.datetime(9999, 12, 31)
    return min(at + later if at < last - later else last, last).isoformat(timespec="milliseconds") + "Z"
