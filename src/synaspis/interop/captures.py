"""Captures of a network (pcap, pcapng): the UDP datagrams in one, and one made of datagrams.

Reading is bounded by the file's size: what is cut short, fragmented or no UDP over IP is passed over and
counted.
"""

from __future__ import annotations

import io
import math
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import dpkt

MAGIC: Final = (
    b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a",
)  # fmt: skip
"""How captures begin: pcap with micro- and nanoseconds, either byte order, and pcapng."""
HERE: Final = socket.inet_aton("127.0.0.1")
RAW_IP: Final = 101
"""Link type of packets that begin with IP."""
NO_CHECKSUM: Final = 0
"""Of a datagram over IPv4 (RFC 768): working one out takes a third of writing a capture."""
_UDP: Final = struct.Struct(">4H")
_LINKS: Final[dict[int, Any]] = {
    0: dpkt.loopback.Loopback, 1: dpkt.ethernet.Ethernet, 108: dpkt.loopback.Loopback, 113: dpkt.sll.SLL,
    276: dpkt.sll2.SLL2,
}  # fmt: skip
_RAW: Final = (12, 14, RAW_IP, 228, 229)
_WRONG: Final = (dpkt.Error, ValueError, IndexError, KeyError, TypeError, OverflowError, ArithmeticError)


@dataclass(frozen=True, kw_only=True)
class Datagram:
    """What one UDP packet carried. `time_s` is Unix time (s), `number` the packet's in the file, from 1."""

    time_s: float
    port: int
    payload: bytes
    number: int


def is_capture(data: bytes) -> bool:
    """Whether `data` begins as a capture does."""
    return data[:4] in MAGIC


def datagrams(data: bytes) -> tuple[list[Datagram], int]:
    """The UDP datagrams in a capture, in its order, and how many packets were none or could not be read.

    ValueError where it is no capture at all.
    """
    found: list[Datagram] = []
    skipped = 0
    try:
        reader = dpkt.pcap.UniversalReader(io.BytesIO(data))
        link = reader.datalink()
    except _WRONG as wrong:
        raise ValueError("is no capture that can be read") from wrong
    number, packets = 0, iter(reader)
    while True:
        try:
            time_s, packet = next(packets)
        except StopIteration:
            break
        except _WRONG:
            skipped += 1  # a packet's head is cut or broken: where the next begins is not known
            break
        number += 1
        carried = _carried(link, packet)
        if carried is None or not math.isfinite(time_s):
            skipped += 1
        else:
            found.append(Datagram(time_s=float(time_s), port=carried[0], payload=carried[1], number=number))
    return found, skipped


def captured(packets: Iterable[tuple[float, bytes]], port: int) -> bytes:
    """A capture (pcap, raw IPv4) of datagrams from this machine to itself, each with its Unix time (s)."""
    out = io.BytesIO()
    writer = dpkt.pcap.Writer(out, linktype=RAW_IP)
    ip = dpkt.ip.IP(src=HERE, dst=HERE, p=dpkt.ip.IP_PROTO_UDP, ttl=1)
    for time_s, payload in packets:  # one packet, filled again and again: making it takes longest
        ip.data = _UDP.pack(port, port, _UDP.size + len(payload), NO_CHECKSUM) + payload
        ip.len, ip.sum = ip.__hdr_len__ + len(ip.data), 0
        writer.writepkt(bytes(ip), ts=time_s)
    return out.getvalue()


def _carried(link: int, packet: bytes) -> tuple[int, bytes] | None:
    """Port and payload of a whole UDP packet, or None."""
    try:
        inner = _ip(packet) if link in _RAW else _LINKS[link](packet).data
        udp: Any = inner.data if isinstance(inner, dpkt.ip.IP | dpkt.ip6.IP6) else None
        whole = isinstance(udp, dpkt.udp.UDP) and udp.ulen - 8 == len(udp.data)
        return (udp.dport, bytes(udp.data)) if whole else None
    except _WRONG:
        return None


def _ip(packet: bytes) -> Any:
    return (dpkt.ip6.IP6 if packet[:1] >= b"\x60" else dpkt.ip.IP)(packet)
