"""What was not released is not there to leak: what a seat is sent hangs on nothing else.

Two worlds that differ only in what was not released to a nation have the server send it the same frames, byte
for byte: one at each tick, with the same identifiers, errors and answers. Agreements and worlds are drawn at
random; `SYNASPIS_SOAK=100` draws four hundred pairs more.

A radar that follows one missile more has less time for the others, so that what is released of those may be
another thing: up to there frames are compared, and no farther.
"""

from __future__ import annotations

import os
from itertools import pairwise

import pytest

from synaspis.exercise.plan import Plan
from synaspis.exercise.room import Room
from synaspis.model.case import Case

from .drill import as_bytes, case_of, told, until
from .frames import streams
from .worlds import STARTS_S, WITNESSES, drawn_pair

SOAK = int(os.environ.get("SYNASPIS_SOAK") or 0)
FEW, MANY = (2, 10_002), range(3, 8 + 4 * SOAK)


def compared(seed: int) -> dict[str, int]:
    """How many frames of each witness were held against each other. AssertionError where one differs."""
    pair = drawn_pair(seed)
    one, other = streams(pair.one), streams(pair.other)
    found = {}
    for nation in WITNESSES:
        found[nation] = count = one[nation].alike(other[nation]) + 1  # the first came before any tick
        for n, (left, right) in enumerate(zip(one[nation].frames, other[nation].frames, strict=True)):
            assert n >= count or left == right, (seed, pair.differ, nation, n, left, right)
    return found


@pytest.mark.parametrize("seed", FEW)
def test_what_was_not_released_changes_no_frame(seed: int) -> None:
    assert min(compared(seed).values()) > 100


@pytest.mark.long
def test_over_random_agreements_and_worlds() -> None:
    found = [compared(seed) for seed in MANY]
    whole = max(max(each.values()) for each in found)
    counts = [count for each in found for count in each.values()]
    assert counts.count(whole) > len(counts) / 2, "most worlds must differ in nothing that was released"


def coarse() -> Case:
    """One where Bulgaria gets American tracks 5 km off."""
    text = told()
    (bmd,) = [a for a in text["agreements"] if a["name"] == "nato-bmd"]
    bmd["releases"] = [{
        "id": "coarse", "effect": "permit", "owners": ["USA"], "recipients": ["BGR"],
        "products": ["track"], "degraded_to_km": 5, "assumed": True,
    }]  # fmt: skip
    return case_of(text)


def test_errors_that_clauses_add_are_named_by_the_seed_and_the_records_secret() -> None:
    shown = {}
    for secret in ("", "aa", "bb", "aa"):
        with Room(coarse(), "allied", 1, Plan(starts_s=STARTS_S), secret) as room:
            until(room, 130.0)
            assert room.document("BGR")["tracks"]
            told = {n: as_bytes(room.document(n)) for n in ("USA", "BGR")}
        assert shown.setdefault(secret, told) == told, "the same again"
    assert len({each["USA"] for each in shown.values()}) == 1
    assert all(one["BGR"] != other["BGR"] for one, other in pairwise(shown.values()))
