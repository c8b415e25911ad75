"""The sample PDUs as a capture, and what tshark makes of it.

    python -m tests.interop.dis_capture    writes the capture and tshark's words beside it

A capture is written by hand: the libpcap file format 2.4, packets of raw IPv4 (link type 101), UDP to port
3000.
"""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synaspis.interop import dis

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "dis"
CAPTURE, WORDS = GOLDEN / "samples.pcap", GOLDEN / "samples.tshark.json"
PORT = 3000
HERE = bytes((127, 0, 0, 1))
BEFORE_PAYLOAD = 16 + 20 + 8


def captured(payloads: list[bytes]) -> bytes:
    """A capture with these UDP payloads, a millisecond apart."""
    told = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)]
    for i, payload in enumerate(payloads):
        size = 28 + len(payload)
        start = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, i % 65536, 0, 1, 17, 0, HERE, HERE)
        total = sum(struct.unpack(">10H", start))
        total = (total & 0xFFFF) + (total >> 16)
        start = start[:10] + struct.pack(">H", ~total & 0xFFFF) + start[12:]
        udp = struct.pack(">HHHH", PORT, PORT, 8 + len(payload), 0)
        told.append(struct.pack("<IIII", i // 1000, 1000 * (i % 1000), size, size) + start + udp + payload)
    return b"".join(told)


def payloads(capture: bytes) -> list[bytes]:
    """What `captured` was given."""
    found, at = [], 24
    while at < len(capture):
        size = struct.unpack_from("<I", capture, at + 8)[0]
        found.append(capture[at + BEFORE_PAYLOAD : at + 16 + size])
        at += 16 + size
    return found


def tshark() -> str | None:
    """The program, where it is installed."""
    return shutil.which("tshark")


def version() -> str:
    """Its version."""
    told = subprocess.run([str(tshark()), "--version"], capture_output=True, text=True, check=True).stdout
    return told.split()[2].rstrip(".")


def dissected(capture: Path) -> list[dict[str, Any]]:
    """What its DIS dissector says of each packet, and any complaint."""
    options = ["-r", str(capture), "-d", f"udp.port=={PORT},dis", "-T", "json", "--no-duplicate-keys", "-n"]
    told = subprocess.run([str(tshark()), *options], capture_output=True, text=True, check=True).stdout
    kept = ("dis", "_ws.malformed", "_ws.expert", "_ws.short")
    layers = [packet["_source"]["layers"] for packet in json.loads(told)]
    return [{name: each[name] for name in kept if name in each} for each in layers]


def leaves(said: Any) -> Iterator[tuple[str, str]]:
    """Names and values at the ends of what was said, in order."""
    for name, value in said.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from leaves(each)
            else:
                yield name, each


def main() -> None:
    from .dis_samples import SAMPLES

    GOLDEN.mkdir(exist_ok=True)
    CAPTURE.write_bytes(captured([dis.encode(pdu) for pdu in SAMPLES.values()]))
    told = {"tshark": version(), "packets": dissected(CAPTURE)}
    WORDS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
