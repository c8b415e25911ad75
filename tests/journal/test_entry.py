"""The bytes under a hash stand for one entry alone, and stay what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.journal.entry import (
    LARGEST,
    LARGEST_PAYLOAD_BYTES,
    NO_CHANNEL,
    Channel,
    canonical,
    chained,
    first_hash,
    why_not,
)

WORDS = st.text("aB1", max_size=3)
NUMBERS = st.integers(0, 300)
FIELDS = st.tuples(
    NUMBERS, NUMBERS, WORDS, st.builds(Channel, WORDS, WORDS), NUMBERS, NUMBERS, st.binary(max_size=4)
)


@given(FIELDS, FIELDS)
def test_other_entries_have_other_bytes(one: tuple, other: tuple) -> None:  # type: ignore[type-arg]
    assert (canonical(*one) == canonical(*other)) == (one == other)


def test_a_text_moved_between_fields_is_another_entry() -> None:
    assert canonical(1, 0, "ab", Channel("c", "d"), 1, 1, b"") != canonical(
        1, 0, "a", Channel("bc", "d"), 1, 1, b""
    )


def test_the_chain_of_this_format_stays_as_it_is() -> None:
    """Journals of years ago must verify: the value was made by this code and is here to stay."""
    told = canonical(1, 2, "frame", Channel("DEU", "POL"), 3, 4, b"payload")
    assert told.hex() == (
        "0000000000000001" "0000000000000002" "0000000000000003" "0000000000000004"
        "05" "6672616d65" "03" "444555" "03" "504f4c" "0000000000000007" "7061796c6f6164"
    )  # fmt: skip
    assert chained(first_hash("ab" * 32, "POL"), told).hex() == (
        "c69f9ebde36be0720006b25f03834946dd41df7936d87c83fe129cfde5211406"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"at_ns": -1},
        {"at_ns": LARGEST + 1},
        {"kind": ""},
        {"kind": "k" * 256},
        {"channel": NO_CHANNEL},
        {"channel": Channel("é" * 128, "POL")},
        {"sequence": 0, "through": 0},
        {"sequence": 5},
        {"sequence": -1},
        {"through": LARGEST + 1},
        {"payload": bytearray(b"may change later")},
        {"payload": bytes(LARGEST_PAYLOAD_BYTES + 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_entry_is_said(change: dict[str, object]) -> None:
    good = {
        "at_ns": LARGEST, "kind": "k" * 255, "channel": Channel("DEU", "POL"), "sequence": 1, "through": 2,
        "payload": bytes(8),
    }  # fmt: skip
    assert why_not(**good) == ""  # type: ignore[arg-type]
    assert why_not(**(good | change)) != ""  # type: ignore[arg-type]


def test_text_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        why_not(0, "\ud800", NO_CHANNEL, 0, 0, b"")
