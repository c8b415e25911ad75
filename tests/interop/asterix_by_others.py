"""ASTERIX files as asterix_decoder reads them, held field by field against what we read; by hand.

    pip install asterix_decoder        # GPL: in an environment of its own, run as a program of its own
    python -m tests.interop.asterix_by_others PYTHON-OF-THAT-ENVIRONMENT FILE...

Prints a line for each file; an AssertionError says what was read otherwise.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from synaspis.interop.asterix import FOOT_M, NM_M, Malformed, Plot, SystemTrack, records
from synaspis.interop.captures import datagrams, is_capture

ASK = (
    "import asterix, json, sys; print(json.dumps([asterix.parse(bytes.fromhex(line), verbose=False) "
    "for line in sys.stdin.read().split()]))"
)


def decoded(python: str, payloads: list[bytes]) -> list[list[dict[str, Any]]]:
    """What the program says of each payload."""
    given = "\n".join(p.hex() for p in payloads)
    said = subprocess.run([python, "-c", ASK], input=given, capture_output=True, text=True, check=True).stdout
    found: list[list[dict[str, Any]]] = json.loads(said)
    return found


def fields(read: Plot | SystemTrack) -> dict[str, float]:
    """What a record that we have read holds, as the program calls it; NaN for what is not there."""
    found = {"I010/SAC": read.source[0], "I010/SIC": read.source[1]}
    if isinstance(read, Plot):
        return found | {
            "I140/ToD": read.time_of_day_s, "I040/THETA": math.degrees(read.azimuth_rad),
            "I040/RHO": min(read.range_m / NM_M, 65_535 / 256), "I020/SIM": read.simulated,
            "I161/Tn": math.nan if read.number is None else read.number,
            "I110/3D_Height": read.height_m / FOOT_M, "I090/FL": read.level_m / (100.0 * FOOT_M),
            "I200/CHdg": math.degrees(read.heading_rad),
        }  # fmt: skip
    return found | {
        "I070/ToT": read.time_of_day_s, "I105/Lat": read.latitude_deg, "I105/Lon": read.longitude_deg,
        "I040/TrkN": read.number, "I185/Vx": read.east_mps, "I185/Vy": read.north_mps,
        "I220/RoC": read.climb_mps * 60.0 / FOOT_M, "I136/MFL": read.level_m / FOOT_M,
        "I080/SIM": read.simulated or math.nan, "I080/TSE": read.ended or math.nan,
    }  # fmt: skip


def said(record: dict[str, Any], name: str) -> float:
    """What the program says of a field, NaN where it says nothing."""
    item, part = name.split("/")
    return float(record.get(item, {}).get(part, {}).get("val", math.nan))


def compared(ours: Plot | SystemTrack, theirs: dict[str, Any]) -> int:
    """How many fields are there and equal; AssertionError where one is not."""
    same = 0
    for name, value in fields(ours).items():
        told = said(theirs, name)
        if name == "I090/FL" and math.isnan(value):
            continue  # not validated, or garbled: we take none
        if name in ("I080/SIM", "I080/TSE") and told == 0.0:
            continue
        assert math.isnan(value) == math.isnan(told), (name, value, told)
        assert math.isnan(value) or math.isclose(value, told, rel_tol=1e-9, abs_tol=1e-9), (name, value, told)
        same += not math.isnan(value)
    return same


def payloads(data: bytes) -> list[bytes]:
    """The datagrams of a capture, or the data blocks of a file."""
    if is_capture(data):
        return [packet.payload for packet in datagrams(data)[0]]
    found, at = [], 0
    while at + 3 <= len(data):
        size = max(int.from_bytes(data[at + 1 : at + 3], "big"), 3)
        found.append(data[at : at + size])
        at += size
    return found


def main(python: str, names: list[str]) -> None:
    for name in names:
        sent = payloads(Path(name).read_bytes())
        counts: Counter[str] = Counter()
        for payload, theirs in zip(sent, decoded(python, sent), strict=True):
            ours = list(records(payload))
            counts["malformed to us"] += sum(isinstance(each, Malformed) for each in ours)
            ours = [each for each in ours if isinstance(each, Plot | SystemTrack)]
            theirs = [each for each in theirs if each["category"] in (48, 62) and each["hexdata"]]
            if any(isinstance(each, Plot) and each.range_m > 65_535 / 256 * NM_M for each in ours):
                counts["blocks with ranges beyond 256 NM, which it does not read"] += 1
                continue
            if len(ours) != len(theirs):
                counts["blocks read by one alone"] += 1
                continue
            for one, other in zip(ours, theirs, strict=True):
                assert not isinstance(one, Malformed | int)
                counts["fields"] += compared(one, other)
                counts["records"] += 1
        print(f"{name}: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
