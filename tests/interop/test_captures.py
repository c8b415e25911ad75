"""Captures: datagrams come back whole, and broken files neither crash nor grow."""

from __future__ import annotations

import io
import json
import random

import dpkt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaspis.interop.captures import captured, datagrams, is_capture
from tests.interop.dis_capture import CAPTURE, WORDS

PACKETS = st.lists(st.tuples(st.integers(0, 2**31 - 1), st.binary(max_size=200)), max_size=8)


@given(PACKETS, st.integers(1, 65535))
def test_datagrams_come_back(packets: list[tuple[int, bytes]], port: int) -> None:
    data = captured([(float(t), payload) for t, payload in packets], port)
    assert is_capture(data)
    found, skipped = datagrams(data)
    assert skipped == 0
    assert [(d.time_s, d.payload, d.port) for d in found] == [(t, payload, port) for t, payload in packets]


def test_the_samples_that_tshark_read() -> None:
    found, skipped = datagrams(CAPTURE.read_bytes())
    assert len(found) == len(json.loads(WORDS.read_text())["packets"]) > 0
    assert skipped == 0 and all(d.payload[0] == 7 for d in found)


def test_pcapng_over_ethernet() -> None:
    udp = dpkt.udp.UDP(sport=1, dport=3000, data=b"seven", ulen=13)
    ip = dpkt.ip.IP(src=b"\x7f\0\0\1", dst=b"\x7f\0\0\1", p=17, data=udp, len=33)
    out = io.BytesIO()
    writer = dpkt.pcapng.Writer(out)
    writer.writepkt(bytes(dpkt.ethernet.Ethernet(data=ip)), ts=12.5)
    writer.writepkt(bytes(dpkt.ethernet.Ethernet(data=b"no IP", type=0x88B5)), ts=13.0)
    found, skipped = datagrams(out.getvalue())
    assert [(d.time_s, d.port, d.payload, d.number) for d in found] == [(12.5, 3000, b"seven", 1)]
    assert skipped == 1


def test_what_is_no_capture() -> None:
    for data in (b"", b"x", b"<?xml", b"\x0a\x0d\x0d\x0a" + b"\xff" * 40):
        with pytest.raises(ValueError, match="is no capture"):
            datagrams(data)


def test_cut_anywhere() -> None:
    data = captured([(1.0, b"one"), (2.0, b"two")], 3000)
    for n in range(24, len(data)):
        found, skipped = datagrams(data[:n])
        assert [d.payload for d in found] == [b"one", b"two"][: len(found)] and len(found) < 2
        assert skipped == (n not in (24, 24 + 16 + 31))


def test_mutated_captures_are_read_or_passed_over() -> None:
    whole = CAPTURE.read_bytes()
    dice = random.Random(1)
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            found, _ = datagrams(bytes(data))
        except ValueError:
            continue
        assert sum(len(d.payload) for d in found) <= len(data)
