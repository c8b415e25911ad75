"""Datagrams to a place: what is one, what leaves this machine, and a sender whom nothing stops."""

from __future__ import annotations

import socket
import threading

import pytest

from synaspis.errors import Problem
from synaspis.interop.udp import MOST_BYTES, Destination, Sender, destination, play


def place(told: str, default: str = "") -> Destination | None:
    return destination([], "--udp", told, default)


def ear() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(10.0)
    return made


def at(one: socket.socket) -> Destination:
    found = place(f"127.0.0.1:{one.getsockname()[1]}")
    assert found is not None
    return found


@pytest.mark.parametrize("told", ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "127.9.9.9:1"])
def test_this_machine(told: str) -> None:
    found = place(told)
    assert found is not None and found.here and found.leaves == "" and found.told == told


def test_a_port_alone_is_this_machines_where_that_is_the_default() -> None:
    found = place("3000", "127.0.0.1")
    assert found is not None and found.here and found.address == ("127.0.0.1", 3000)
    assert place("3000") is None


@pytest.mark.parametrize("told", ["192.0.2.7:3000", "239.1.2.3:3000", "255.255.255.255:3000"])
def test_what_leaves_this_machine_is_said(told: str) -> None:
    found = place(told, "127.0.0.1")
    assert found is not None and not found.here and "leaves this machine" in found.leaves


@pytest.mark.parametrize(
    "told", ["", ":", "3000", ":3000", "h:", "h:0", "h:65536", "h:-1", "h:3.5", "h:²", "h:1000000", "[::1]"]
)
def test_what_is_no_place(told: str) -> None:
    problems: list[Problem] = []
    assert destination(problems, "--udp", told) is None
    assert [p.file for p in problems] == ["--udp"] and "127.0.0.1:3000" in problems[0].mend


@pytest.mark.parametrize("told", ["no.such.host.invalid:3000", "a" * 300 + ":3000", "ä..b:3000"])
def test_a_host_that_is_nowhere(told: str) -> None:
    problems: list[Problem] = []
    assert destination(problems, "--udp", told) is None
    assert "is not to be found" in problems[0].what


def test_it_arrives_and_is_counted() -> None:
    with ear() as one:
        sender = Sender(at(one))
        sender.send(b"one")
        assert one.recv(100) == b"one"
        sender.send(bytes(MOST_BYTES))
        sender.send(bytes(MOST_BYTES + 1))
        assert (sender.sent, sender.lost) == (2, 1) and "1401 bytes" in sender.trouble
        sender.close()


def test_nobody_there_is_no_trouble() -> None:
    with ear() as one:
        nobody = at(one)
    sender = Sender(nobody)
    for _ in range(20):
        sender.send(b"one")
    assert (sender.sent, sender.lost, sender.trouble) == (20, 0, "")
    sender.close()


def test_a_sender_that_fails_raises_nothing_and_keeps_the_first_reason() -> None:
    with ear() as one:
        sender = Sender(at(one))
    sender.close()
    sender.send(b"one")
    sender.send(bytes(2 * MOST_BYTES))
    assert (sender.sent, sender.lost) == (0, 2) and "datagram" not in sender.trouble


def test_packets_in_their_order_at_any_speed() -> None:
    packets = [(10.0 + n / 1000, str(n).encode()) for n in range(120)]
    for speed in (0.0, 100.0):
        with ear() as one:
            sender, parts = Sender(at(one)), list[float]()
            play(packets, sender, speed, threading.Event(), parts.append)
            assert [one.recv(100) for _ in packets] == [p for _, p in packets]
            assert parts[-1] == 1.0 and parts == sorted(parts)
            sender.close()


def test_a_stop_ends_it_before_what_is_not_due() -> None:
    stop = threading.Event()
    with ear() as one:
        sender = Sender(at(one))
        timer = threading.Timer(0.05, stop.set)
        timer.start()
        play([(0.0, b"one"), (3600.0, b"two")], sender, 1.0, stop)
        timer.join()
        assert sender.sent == 1 and one.recv(100) == b"one"
        sender.close()
