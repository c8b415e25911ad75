"""The label that every shared object carries, and how labels combine: only ever narrower.

An object made from several others carries all their originators and caveats, the highest of their
classifications, and may go only to those to whom every one of them may.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from synaspis.model.agreement import CLASSIFICATIONS, Release


@dataclass(frozen=True)
class Label:
    """Whose it is, and who may have it under which policy.

    `policy` holds names of agreements; `releasable_to` and `originators` nations; `caveats` words of the
    clauses; `classification` one of `CLASSIFICATIONS`.
    """

    policy: frozenset[str]
    classification: str
    releasable_to: frozenset[str]
    originators: frozenset[str]
    caveats: frozenset[str]

    def __and__(self, other: Label) -> Label:
        """The label of what is made from two labelled objects."""
        return Label(
            self.policy | other.policy,
            max(self.classification, other.classification, key=CLASSIFICATIONS.index),
            self.releasable_to & other.releasable_to,
            self.originators | other.originators,
            self.caveats | other.caveats,
        )

    def within(self, other: Label) -> bool:
        """Whether it lets through nothing that `other` would not."""
        return self & other == self


def combined(labels: Iterable[Label]) -> Label:
    """The label of what is made from all of `labels`, of which there is at least one."""
    return reduce(Label.__and__, labels)


def own_label(owner: str) -> Label:
    """What a nation's own sensors made, before any clause lets it go anywhere."""
    return Label(frozenset(), CLASSIFICATIONS[0], frozenset({owner}), frozenset({owner}), frozenset())


def released_label(clause: Release, owner: str, agreement: str) -> Label:
    """The label under which `clause` of `agreement` lets `owner`'s product go."""
    return Label(
        frozenset({agreement}),
        clause.classification,
        frozenset({owner, *clause.recipients, *clause.onward}),
        frozenset({owner}),
        frozenset(clause.caveats),
    )


def may_go_to(label: Label, recipient: str) -> bool:
    """Whether the object may go to `recipient`: what is not said is no."""
    return recipient in label.releasable_to
