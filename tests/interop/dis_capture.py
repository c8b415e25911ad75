"""The sample PDUs as a capture, and what tshark makes of it.

python -m tests.interop.dis_capture    writes the capture and tshark's words beside it, and those of a trial
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synaspis.interop import dis
from synaspis.interop.captures import captured, datagrams

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "dis"
CAPTURE, WORDS = GOLDEN / "samples.pcap", GOLDEN / "samples.tshark.json"
PORT = 3000


def capture(payloads: list[bytes]) -> bytes:
    """These payloads, a millisecond apart."""
    return captured(((i / 1000, payload) for i, payload in enumerate(payloads)), PORT)


def payloads(capture: bytes) -> list[bytes]:
    """What a capture was made of."""
    return [each.payload for each in datagrams(capture)[0]]


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
    CAPTURE.write_bytes(capture([dis.encode(pdu) for pdu in SAMPLES.values()]))
    told = {"tshark": version(), "packets": dissected(CAPTURE)}
    WORDS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    from .test_dis_trial import write_words

    write_words()


if __name__ == "__main__":
    main()
