"""What the range and the nodes say to each other: read strictly, heeded once, told again when lost."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.kernels import sight
from synaspis.network import message, seam
from synaspis.network.keyring import Keyring
from synaspis.network.link import KEPT_NS, SHUFFLED, Link
from synaspis.network.message import PURPOSE, SIGNATURE_BYTES, Refusal
from synaspis.network.seam import RANGE, Cue, Heard, Look, Looks, Note, Ordered, Over, Ready, Started, Told
from synaspis.network.tally import Tally
from synaspis.tracking.scan import Scan
from tests.network.world import CASE, NOON_NS, SetClock, certificates, identity

S = 10**9
KEY = "syn/XRG/AAA/range"
STARTED = Started(NOON_NS, 1.0, 3.0, 0, 0, 0)
ORDER = Ordered("AAA 1", "Battery", (4e6, 3e6, 4e6), 120.0, 500.0, 121.0)
TOLD = Told("AAA 1", "fired", 121.0, "", 7)


def rows_of(*values: float) -> np.ndarray:
    rows = np.ones((len(values), sight.ROW_COLUMNS))
    rows[:, sight.TIME] = 20.0
    rows[:, sight.RANGE] = values
    rows[:, sight.ERROR + 3] = np.inf
    return rows


def scan_of(*values: float) -> Scan:
    stand = np.arange(sight.STATION_COLUMNS, dtype=float)
    return Scan(time_s=20.0, received_s=22.5, station=4, sight=stand, rows=rows_of(*values))


LOOK = seam.look_of("North", scan_of(1e5, 2e5), np.array([True, False]))
CUE = seam.cue_of(
    9, (np.full((2, 3), 4e6), np.array([500.0, 900.0])), (np.full((3, 3), 5e6), np.array([1.0, np.inf, 3.0]))
)


def note_of(*said: seam.Said, **more: object) -> Note:
    from_range = isinstance(said[0], seam.FromRange)
    owner, recipient = (RANGE, "AAA") if from_range else ("AAA", RANGE)
    number = 0 if isinstance(said[0], seam.TIMELY) else 1
    note = Note(seam.FORMAT, PURPOSE, bytes.fromhex(CASE), owner, recipient, 1, number, NOON_NS, said)
    return msgspec.structs.replace(note, **more)


def forged(note: Note, owner: str = "") -> bytes:
    """A note signed as it stands, whatever is wrong with it."""
    content = msgspec.msgpack.Encoder(order="deterministic").encode(note)
    return identity(owner or note.owner).sign(seam.SIGNED_AS + content) + content


class Ends:
    """The range and one node, with a wire between them that a test may cut."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.tally = Tally()
        self.range = self.link(RANGE, ("AAA", "BBB"))
        self.node = self.link("AAA", (RANGE,))

    def link(self, me: str, others: tuple[str, ...]) -> Link:
        keyring = Keyring(certificates())
        return Link(identity(me), CASE, others, keyring=keyring, clock=self.clock, tally=self.tally)

    def hears(self, parcel: tuple[str, bytes]) -> Note | Refusal:
        link = self.node if parcel[0] == KEY else self.range
        return link.take(*parcel)


@pytest.mark.parametrize(
    "said",
    [STARTED, Looks(10, (LOOK,)), TOLD, Over(900.0), Ready(), Heard(7, ((2, 3),), 5, 6), CUE, ORDER],
)
def test_what_is_said_is_heard(said: seam.Said) -> None:
    ends = Ends()
    if isinstance(said, seam.FromRange):
        found = ends.hears(ends.range.say("AAA", said))
    else:
        found = ends.hears(ends.node.say(RANGE, said))
    assert isinstance(found, Note), found
    assert found.said == (said,)
    assert (found.number == 0) == isinstance(said, seam.TIMELY)


def test_a_scan_and_a_cue_arrive_as_they_were() -> None:
    scan, free = seam.scan_of(LOOK, 2)
    assert (scan.time_s, scan.received_s, scan.station) == (20.0, 22.5, 2)
    assert np.array_equal(scan.rows, rows_of(1e5, 2e5))
    assert np.array_equal(scan.sight, np.arange(sight.STATION_COLUMNS))
    assert free.tolist() == [True, False]
    found = seam.pointed(CUE)
    assert found.own[0].shape == (2, 3)
    assert found.whole[1].tolist() == [1.0, 3.0], "what points nowhere is left out"


def look(**more: object) -> Looks:
    return Looks(10, (msgspec.structs.replace(LOOK, **more),))


BAD = {
    "purpose": note_of(STARTED, purpose="LIVE"),
    "format": note_of(STARTED, format=2),
    "a node's words from the range": note_of(ORDER, owner=RANGE, recipient="AAA"),
    "the range's words from a node": note_of(TOLD, owner="AAA", recipient=RANGE),
    "between nations": note_of(ORDER, recipient="BBB"),
    "timely with a number": note_of(STARTED, number=3),
    "no number": note_of(TOLD, number=0),
    "timely in company": note_of(STARTED, Over(1.0)),
    "nothing": note_of(STARTED, said=()),
    "speed": note_of(Started(NOON_NS, 0.0, 3.0, 0, 0, 0)),
    "speed that is none": note_of(Started(NOON_NS, float("nan"), 3.0, 0, 0, 0)),
    "case time": note_of(Over(float("inf"))),
    "answer": note_of(Told("1", "won", 1.0, "", 0)),
    "gap": note_of(Heard(7, ((3, 2),), 5, 6)),
    "far away": note_of(msgspec.structs.replace(ORDER, place_m=(1e12, 0.0, 0.0))),
    "no error": note_of(msgspec.structs.replace(ORDER, error_m=0.0)),
    "cue without errors": note_of(msgspec.structs.replace(CUE, own_errors=b"")),
    "cue cut": note_of(msgspec.structs.replace(CUE, own=CUE.own[:-1])),
    "cue that is none": note_of(msgspec.structs.replace(CUE, whole=seam.packed(np.full(6, np.nan)))),
    "received before seen": note_of(look(received_s=1.0)),
    "rows cut": note_of(look(rows=LOOK.rows[:-8])),
    "flags": note_of(look(free=b"\0\2")),
    "row of another time": note_of(look(time_s=18.0)),
    "no error of a row": note_of(look(rows=seam.packed(np.zeros((2, sight.ROW_COLUMNS))))),
    "sight": note_of(look(sight=seam.packed(np.full(sight.STATION_COLUMNS, np.nan)))),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_is_refused(what: str) -> None:
    found = seam.open_sealed(forged(BAD[what], "AAA"))
    assert isinstance(found, Refusal), what
    assert found.reason == ("purpose" if what == "purpose" else "malformed")
    with pytest.raises(ValueError, match=r"malformed|purpose"):
        seam.seal(BAD[what], identity("AAA").sign)


def test_too_much_is_refused_both_ways() -> None:
    much = Looks(10, (msgspec.structs.replace(LOOK, station="x" * 200),) * 257)
    assert seam.open_sealed(forged(note_of(much))).reason == "malformed"
    assert seam.open_sealed(bytes(seam.LARGEST_BYTES + 65)).reason == "size"
    full = msgspec.structs.replace(LOOK, rows=seam.packed(np.tile(rows_of(1e5), (2048, 1))), free=bytes(2048))
    with pytest.raises(ValueError, match="size"):
        seam.seal(note_of(Looks(10, (full,) * 9)), identity(RANGE).sign)


def test_whose_word_it_is() -> None:
    ends = Ends()
    note = note_of(TOLD)
    good = forged(note)
    assert ends.node.take(KEY, forged(note, "BBB")).reason == "signature"
    assert ends.node.take("syn/BBB/AAA/range", good).reason == "unknown_sender"
    assert ends.node.take("syn/XRG/BBB/range", good).reason == "recipient"
    assert ends.node.take("syn/XRG/AAA/track", good).reason == "recipient"
    assert ends.node.take(KEY, forged(msgspec.structs.replace(note, recipient="BBB"))).reason == "key"
    assert ends.node.take(KEY, forged(msgspec.structs.replace(note, case=bytes(32)))).reason == "case"
    late = msgspec.structs.replace(note, sent_ns=NOON_NS - 31 * S)
    assert ends.node.take(KEY, forged(late)).reason == "clock"
    content = good[SIGNATURE_BYTES:]
    as_frame = identity(RANGE).sign(message.SIGNED_AS + content) + content
    assert ends.node.take(KEY, as_frame).reason == "signature", "a frame's signature is over other words"
    assert isinstance(ends.node.take(KEY, good), Note)
    assert ends.tally.count("refused") == 8


def test_a_loose_form_of_the_same_note_is_refused() -> None:
    content = msgspec.msgpack.encode(note_of(Over(900.0)))
    loose = content.replace(b"\xcb\x40\x8c\x20\x00\x00\x00\x00\x00", b"\xcd\x03\x84")  # 900 as an integer
    assert loose != content
    assert seam.open_sealed(identity(RANGE).sign(seam.SIGNED_AS + loose) + loose).reason == "not_canonical"


def test_nothing_is_heeded_twice() -> None:
    ends = Ends()
    numbered, timely = ends.range.say("AAA", TOLD), ends.range.say("AAA", STARTED)
    assert isinstance(ends.hears(numbered), Note)
    assert ends.hears(numbered).reason == "replay"
    assert isinstance(ends.hears(timely), Note)
    assert ends.hears(timely).reason == "replay"
    ends.clock.s += 1.0
    again = ends.link(RANGE, ("AAA",))
    assert isinstance(ends.hears(again.say("AAA", TOLD)), Note), "who began anew counts from 1 again"
    assert ends.hears(ends.range.say("AAA", TOLD)).reason == "replay", "the one before is heard no more"


def test_what_was_lost_is_told_again() -> None:
    ends = Ends()
    parcels = [ends.range.say("AAA", Looks(n, ())) for n in range(8)]
    for n in (0, 1, 4, 6):
        ends.hears(parcels[n])
    ends.clock.s += 0.2
    asked = ends.node.heard()
    assert asked is not None
    told = ends.hears(asked)
    assert told.said[0].missing == ((3, 4), (6, 6))
    again = ends.range.others["AAA"].again(told.said[0].missing)
    assert again == [parcels[2], parcels[3], parcels[5]]
    assert all(isinstance(ends.hears(p), Note) for p in again)
    assert ends.node.heard() is None, "not asked again at once, and nothing is missing that is known of"
    sent = ends.range.others["AAA"].sent
    ends.hears(ends.range.say("AAA", msgspec.structs.replace(STARTED, sent=sent)))
    ends.clock.s += 0.2
    assert ends.hears(ends.node.heard()).said[0].missing == ((8, 8),), "the last one, by what the range said"


def test_what_is_too_long_ago_is_lost() -> None:
    ends = Ends()
    first, lost, last = (ends.range.say("AAA", Looks(n, ())) for n in range(3))
    ends.hears(first)
    ends.hears(last)
    ends.clock.s += KEPT_NS / S + 0.1
    ends.hears(ends.range.say("AAA", Looks(3, ())))
    assert ends.hears(ends.node.heard()).said[0].missing == ()
    assert ends.node.others[RANGE].lost == 1
    assert ends.range.others["AAA"].again([(1, 9)]) == [ends.range.others["AAA"].again([(4, 4)])[0]]
    assert ends.hears(lost).reason == "replay"


@pytest.mark.parametrize("by_number", [True, False])
def test_who_was_away_does_not_ask_for_the_past(by_number: bool) -> None:
    ends = Ends()
    parcels = [ends.range.say("AAA", Looks(n, ())) for n in range(100)]
    if by_number:
        ends.hears(parcels[99])
    else:
        ends.hears(ends.range.say("AAA", msgspec.structs.replace(STARTED, sent=100)))
    ends.clock.s += 1.0
    assert ends.hears(ends.node.heard()).said[0].missing == ()
    assert isinstance(ends.hears(parcels[98]), Note), "but one that was overtaken still comes"
    assert ends.hears(parcels[99 - SHUFFLED - 1]).reason == "replay"


def test_both_ends_learn_how_their_clocks_differ() -> None:
    ends = Ends()
    ahead = SetClock(s=2.0)
    node = Link(
        identity("AAA"), CASE, (RANGE,), keyring=Keyring(certificates()), clock=ahead, tally=ends.tally
    )
    for _ in range(2):
        other = ends.range.others["AAA"].clocks
        said = msgspec.structs.replace(STARTED, heard_ns=other.heard_ns, heard_at_ns=other.heard_at_ns)
        assert isinstance(node.take(*ends.range.say("AAA", said)), Note)
        assert isinstance(ends.range.take(*node.heard()), Note)
        ends.clock.s, ahead.s = ends.clock.s + 1.0, ahead.s + 1.0
    assert node.others[RANGE].clocks.ahead_ns == -2 * S
    assert ends.range.others["AAA"].clocks.ahead_ns == 2 * S


def test_what_may_leave_a_node_and_the_range() -> None:
    assert seam.egress("AAA") == {"syn/AAA/XRG/range"}
    assert seam.egress(RANGE, ("AAA", "BBB")) == {"syn/XRG/AAA/range", "syn/XRG/BBB/range"}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_hostile_bytes_raise_nothing(data: st.DataObject) -> None:
    ends = Ends()
    good = forged(note_of(Looks(10, (LOOK,))))
    content = bytearray(good[SIGNATURE_BYTES:])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    told = bytes(content[: data.draw(st.integers(0, len(content)))])
    signed = identity(RANGE).sign(seam.SIGNED_AS + told) + told
    assert isinstance(ends.node.take(KEY, signed), Note | Refusal)
    assert isinstance(ends.node.take(data.draw(st.text(max_size=30)), told), Refusal)


def test_looks_hold_what_a_station_may_see() -> None:
    full = Look("x", 1.0, 1.0, LOOK.sight, bytes(0), bytes(0))
    assert isinstance(seam.open_sealed(forged(note_of(Looks(1, (full,) * 256)))), Note)


def test_a_cue_holds_only_so_much() -> None:
    many = (np.full((5000, 3), 4e6), np.ones(5000))
    cue = seam.cue_of(1, many, many)
    assert isinstance(cue, Cue)
    assert len(seam.pointed(cue).whole[1]) == seam.MOST_CUES
