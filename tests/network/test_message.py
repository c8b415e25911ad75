"""Frames have one form; whatever bytes come, the answer is a frame or a refusal."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.model.agreement import CLASSIFICATIONS, PURPOSES
from synaspis.network.message import (
    CARRIED,
    CONTROL,
    LARGEST_BODY_BYTES,
    LARGEST_FRAME_BYTES,
    LATEST_S,
    MOST_MESSAGES,
    MOST_NAMES,
    NO_FRAME,
    PURPOSE,
    REASONS,
    SIGNATURE_BYTES,
    Frame,
    Message,
    Opened,
    Refusal,
    Standing,
    Tombstone,
    digest,
    encode,
    key_of,
    open_sealed,
    seal,
)
from synaspis.sharing.labels import Label

LABEL = Label(
    frozenset({"treaty", "annex"}),
    "secret",
    frozenset({"AAA", "BBB"}),
    frozenset({"AAA"}),
    frozenset({"no-press"}),
)
TRACK = Message("track", 7, 12.5, ("warning", "defence"), LABEL, ("p", "q"), b"state")
STANDING = Standing(3, ((1, 2),), 9, ((10, 10), (12, 20)), 5, 6)
FRAME = Frame(1, PURPOSE, bytes(32), "AAA", "BBB", 4, 10**18, b"h" * 32, b"", (TRACK, Tombstone()))
NAMES = st.frozensets(st.text(min_size=1, max_size=8), max_size=4)
MESSAGES = st.builds(
    Message,
    st.sampled_from(CARRIED[:5]),
    st.integers(0, 2**53),
    st.floats(0.0, LATEST_S),
    st.lists(st.sampled_from(PURPOSES), min_size=1, max_size=3, unique=True).map(tuple),
    st.builds(Label, NAMES, st.sampled_from(CLASSIFICATIONS), NAMES, NAMES.filter(bool), NAMES),
    st.lists(st.text(min_size=1, max_size=8), max_size=4).map(tuple),
    st.binary(max_size=60),
)
FRAMES = st.builds(
    Frame,
    st.just(1),
    st.just(PURPOSE),
    st.binary(min_size=32, max_size=32),
    st.just("AAA"),
    st.sampled_from(["BBB", "CCC"]),
    st.integers(1, 2**53),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.sampled_from([b"", bytes(32)]),
    st.lists(MESSAGES | st.just(Tombstone()), min_size=1, max_size=4).map(tuple),
)


def raw(frame: Frame, **changes: Any) -> bytes:
    """Encoded without any check."""
    changed = msgspec.structs.replace(frame, **changes)
    return bytes(SIGNATURE_BYTES) + msgspec.msgpack.Encoder(order="deterministic").encode(changed)


def changed(**changes: Any) -> Message:
    return msgspec.structs.replace(TRACK, **changes)


@settings(max_examples=40)
@given(FRAMES)
def test_a_frame_comes_back_as_it_was_and_has_one_form(frame: Frame) -> None:
    content = encode(frame)
    opened = open_sealed(seal(content, lambda told: b"s" * SIGNATURE_BYTES))
    assert isinstance(opened, Opened)
    assert opened.frame == frame and encode(opened.frame) == content == opened.content
    assert opened.digest == digest(content) and opened.signature == b"s" * SIGNATURE_BYTES
    assert opened.identity == (frame.stands_for or opened.digest)


def test_what_is_signed_is_said_to_be_an_exercise_s_frame() -> None:
    told: list[bytes] = []
    seal(encode(FRAME), lambda one: told.append(one) or bytes(64))  # type: ignore[func-returns-value]
    assert told == [b"synaspis EXERCISE frame 1\0" + encode(FRAME)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"purpose": "LIVE"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"format": 2}, "malformed"),
        ({"case": b"short"}, "malformed"),
        ({"owner": "aaa"}, "malformed"),
        ({"owner": "AAAA"}, "malformed"),
        ({"owner": "BBB"}, "malformed"),
        ({"sequence": -1}, "malformed"),
        ({"sequence": 2**60}, "malformed"),
        ({"sequence": 0}, "malformed"),
        ({"sent_ns": -1}, "malformed"),
        ({"previous": b""}, "malformed"),
        ({"stands_for": b"h"}, "malformed"),
        ({"messages": ()}, "malformed"),
        ({"messages": (STANDING,)}, "malformed"),
        ({"messages": (TRACK,) * (MOST_MESSAGES + 1)}, "malformed"),
        ({"messages": (TRACK, changed(product="engagement_status"))}, "malformed"),
        ({"sequence": 0, "messages": (STANDING, STANDING)}, "malformed"),
        ({"sequence": 0, "messages": (STANDING,), "stands_for": bytes(32)}, "malformed"),
        ({"messages": (changed(product="gossip"),)}, "malformed"),
        ({"messages": (changed(number=-1),)}, "malformed"),
        ({"messages": (changed(made_s=float("nan")),)}, "malformed"),
        ({"messages": (changed(made_s=-1.0),)}, "malformed"),
        ({"messages": (changed(made_s=float("inf")),)}, "malformed"),
        ({"messages": (changed(purposes=()),)}, "malformed"),
        ({"messages": (changed(purposes=("attack",)),)}, "malformed"),
        ({"messages": (changed(body=bytes(LARGEST_BODY_BYTES + 1)),)}, "malformed"),
        ({"messages": (changed(body=bytes(LARGEST_BODY_BYTES)),) * 17}, "size"),
        ({"messages": (changed(clauses=("c",) * (MOST_NAMES + 1)),)}, "malformed"),
        ({"messages": (changed(clauses=("c" * 300,)),)}, "malformed"),
    ],
)
def test_a_frame_beyond_its_limits_is_refused(changes: dict[str, Any], reason: str) -> None:
    found = open_sealed(raw(FRAME, **changes))
    assert isinstance(found, Refusal) and found.reason == reason
    assert found.reason in REASONS


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (Label(frozenset(), "cosmic", frozenset({"BBB"}), frozenset({"AAA"}), frozenset()), "malformed"),
        (Label(frozenset(), "secret", frozenset({"BBB"}), frozenset(), frozenset()), "malformed"),
        (
            Label(frozenset(map(str, range(300))), "secret", frozenset(), frozenset({"AAA"}), frozenset()),
            "size",
        ),
        (Label(frozenset({"x" * 300}), "secret", frozenset(), frozenset({"AAA"}), frozenset()), "size"),
    ],
)
def test_a_label_beyond_its_limits_is_refused(label: Label, reason: str) -> None:
    found = open_sealed(raw(FRAME, messages=(changed(label=label),)))
    assert isinstance(found, Refusal) and found.reason == reason


@pytest.mark.parametrize("ranges", [((0, 1),), ((5, 4),)])
def test_ranges_of_numbers_begin_at_one_and_go_up(ranges: Any) -> None:
    for field in ("void", "missing"):
        standing = msgspec.structs.replace(STANDING, **{field: ranges})
        found = open_sealed(raw(FRAME, sequence=0, messages=(standing,)))
        assert isinstance(found, Refusal) and found.reason == "malformed"
    assert isinstance(open_sealed(raw(FRAME, sequence=0, messages=(STANDING,))), Opened)


def test_another_form_of_the_same_frame_is_refused() -> None:
    content = encode(FRAME)
    assert content[0] == 0x9A, "an array of ten"
    longer = b"\xdc\x00\x0a" + content[1:]
    assert open_sealed(bytes(64) + longer) == Refusal("not_canonical")
    names = content.index(b"\xa3AAA\xa3BBB")
    swapped = content.replace(b"\x92\xa3AAA\xa3BBB", b"\x92\xa3BBB\xa3AAA")
    assert names and swapped != content and open_sealed(bytes(64) + swapped) == Refusal("not_canonical")
    twice = content.replace(b"\x92\xa3AAA\xa3BBB", b"\x93\xa3AAA\xa3AAA\xa3BBB")
    assert open_sealed(bytes(64) + twice) == Refusal("not_canonical")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x9a",
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\x9a\x01" + b"\x81" * 100_000,
        b"\xc1",
        encode(FRAME) + b"\x00",
        encode(FRAME)[:-1],
        encode(FRAME).replace(b"caveats", b"cavea\xffs"),
        encode(FRAME).replace(b"caveats", b"kaveats"),
        bytes(LARGEST_FRAME_BYTES + 1),
    ],
)
def test_bytes_that_are_no_frame_are_refused(content: bytes) -> None:
    found = open_sealed(bytes(SIGNATURE_BYTES) + content)
    assert isinstance(found, Refusal) and found.reason in ("malformed", "size", "not_canonical")


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(told: bytes) -> None:
    assert isinstance(open_sealed(told), Refusal)


@settings(max_examples=60)
@given(FRAMES, st.randoms(use_true_random=False))
def test_a_frame_with_bytes_changed_is_another_or_refused(frame: Frame, rng: random.Random) -> None:
    content = bytearray(encode(frame))
    for _ in range(rng.randint(1, 3)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    found = open_sealed(bytes(SIGNATURE_BYTES) + bytes(content))
    assert isinstance(found, Refusal) or encode(found.frame) == bytes(content)


def test_a_frame_s_key_says_what_it_may_hold() -> None:
    assert key_of(FRAME) == "syn/AAA/BBB/track"
    both = msgspec.structs.replace(FRAME, messages=(TRACK, changed(product="alert")))
    assert key_of(both) == "syn/AAA/BBB/track"
    assert key_of(msgspec.structs.replace(FRAME, messages=(Tombstone(),))) == "syn/AAA/BBB/alert"
    silent = msgspec.structs.replace(FRAME, sequence=0, messages=(STANDING,))
    assert key_of(silent) == f"syn/AAA/BBB/{CONTROL}"
    assert bytes(32) == NO_FRAME and TRACK.originators == {"AAA"}
