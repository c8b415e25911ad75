"""What a partner tells of itself: its clock, and what it misses."""

from __future__ import annotations

from synaspis.network.message import NO_FRAME, PURPOSE, Frame, Standing
from synaspis.network.partners import Partner, to_ask

S = 10**9


def hears(partner: Partner, *, ahead_s: float, there_s: float, back_s: float, at_s: float) -> None:
    """A Standing that answers one of ours, from a clock that is ahead, by ways of so many seconds."""
    sent_ns = round(at_s * S)
    heard_at_ns = round((at_s + there_s + ahead_s) * S)
    answered_ns = heard_at_ns + S // 10
    now_ns = round((at_s + there_s + 0.1 + back_s) * S)
    told = Standing(5, (), 3, (), sent_ns, heard_at_ns)
    frame = Frame(1, PURPOSE, bytes(32), "AAA", "BBB", 0, answered_ns, NO_FRAME, b"", (told,))
    partner.hear(frame, told, now_ns)
    assert (partner.heard_ns, partner.heard_at_ns) == (answered_ns, now_ns)


def test_a_clock_s_difference_is_that_of_the_shortest_way() -> None:
    partner = Partner()
    assert partner.ahead_ns is None
    hears(partner, ahead_s=2.0, there_s=0.9, back_s=0.1, at_s=100.0)
    assert partner.ahead_ns == round(2.4 * S), (
        "half of what the two ways differ by is mistaken for the clock's"
    )
    hears(partner, ahead_s=2.0, there_s=0.01, back_s=0.01, at_s=101.0)
    assert partner.ahead_ns == 2 * S
    hears(partner, ahead_s=2.0, there_s=0.1, back_s=0.9, at_s=102.0)
    assert partner.ahead_ns == 2 * S
    for i in range(8):
        hears(partner, ahead_s=-3.0, there_s=0.2, back_s=0.2, at_s=103.0 + i)
    assert partner.ahead_ns == -3 * S, "old comparisons are forgotten"


def test_it_takes_nothing_back() -> None:
    partner = Partner(sent=9, acknowledged=7)
    hears(partner, ahead_s=0.0, there_s=0.0, back_s=0.0, at_s=1.0)
    assert (partner.sent, partner.acknowledged) == (9, 7)


def test_what_went_missing_since_the_last_look_is_asked_for_at_the_next() -> None:
    partner = Partner(sent=12)
    asked, top = to_ask([(3, 4), (8, 8)], 10, partner)
    assert (asked, top) == ((), 12)
    partner.top = 8
    assert to_ask([(3, 4), (8, 8)], 10, partner)[0] == ((3, 4), (8, 8))
    partner.top = 11
    assert to_ask([(3, 4)], 10, partner)[0] == ((3, 4), (11, 11))
    partner.top = 12
    assert to_ask([], 12, partner) == ((), 12)
