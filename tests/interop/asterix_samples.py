"""Plots and tracks with every item that we write, and what two other programs make of them.

    pip install asterix_decoder        # GPL: in an environment of its own, run as a program of its own
    python -m tests.interop.asterix_samples PYTHON-OF-THAT-ENVIRONMENT

writes the data blocks, a capture of them, and both programs' words beside them.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from synaspis.interop import asterix
from synaspis.interop.asterix import PLOTS, TRACKS, Plot, SystemTrack
from synaspis.interop.captures import captured

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "asterix"
BLOCKS, CAPTURE = GOLDEN / "samples.ast", GOLDEN / "samples.pcap"
DECODED, DISSECTED = GOLDEN / "samples.asterix_decoder.json", GOLDEN / "samples.tshark.json"
PORT = 8600

NEAR = Plot(source=(25, 10), time_of_day_s=86_399.5, range_m=90e3, azimuth_rad=3.0, number=4095)
SAMPLES: dict[str, Plot | SystemTrack] = {
    "near": NEAR,
    "high": Plot(
        source=(25, 10), time_of_day_s=43_200.0, range_m=400e3, azimuth_rad=6.28, number=7, height_m=60_000.0,
        speed_mps=2_500.0, heading_rad=1.25,
    ),
    "measured": Plot(
        source=(0, 255), time_of_day_s=0.0, range_m=200e3, azimuth_rad=0.0, height_m=-300.0,
        elevation_rad=0.5, range_rate_mps=-1_800.0, sigma_range_m=8.0, sigma_azimuth_rad=1e-3,
        sigma_elevation_rad=2e-3, sigma_range_rate_mps=5.0,
    ),
    "low_track": SystemTrack(
        source=(25, 200), time_of_day_s=61.25, latitude_deg=-41.7, longitude_deg=-179.25, number=65_535,
        height_m=30_000.0, east_mps=-1_900.25, north_mps=2_100.5, climb_mps=-900.0, sigma_m=250.0, ended=True,
    ),
    "high_track": SystemTrack(
        source=(25, 200), time_of_day_s=62.0, latitude_deg=44.4, longitude_deg=26.1, number=1,
        height_m=300_000.0, east_mps=9_000.0, north_mps=0.0, climb_mps=2_000.0,
    ),
}  # fmt: skip
FAR = Plot(
    source=(25, 10),
    time_of_day_s=43_200.0,
    range_m=900e3,
    azimuth_rad=1.0,
    number=8,
    elevation_rad=math.pi / 6,
)
"""Beyond 256 NM: asterix_decoder does not know the expansion field of CAT048, tshark does."""


def blocks() -> list[bytes]:
    """A data block for each sample, and last one for `FAR`."""
    return [block(sample) for sample in (*SAMPLES.values(), FAR)]


def block(sample: Plot | SystemTrack) -> bytes:
    if isinstance(sample, Plot):
        return b"".join(asterix.blocks(PLOTS, [asterix.plot_record(sample)[0]]))
    return b"".join(asterix.blocks(TRACKS, [asterix.track_record(sample)[0]]))


def tshark() -> str | None:
    """The program, where it is installed."""
    return shutil.which("tshark")


def dissected(capture: Path) -> list[dict[str, Any]]:
    """What tshark's ASTERIX dissector says of each packet, and any complaint."""
    options = ["-r", str(capture), "-d", f"udp.port=={PORT},asterix", "-T", "json", "-n"]
    told = subprocess.run([str(tshark()), *options], capture_output=True, text=True, check=True).stdout
    kept = ("asterix", "_ws.malformed", "_ws.expert", "_ws.short")
    layers = [packet["_source"]["layers"] for packet in json.loads(told)]
    return [{name: each[name] for name in kept if name in each} for each in layers]


def main(python: str) -> None:
    made = blocks()
    GOLDEN.mkdir(exist_ok=True)
    BLOCKS.write_bytes(b"".join(made[:-1]))
    CAPTURE.write_bytes(captured(((i / 1000, each) for i, each in enumerate(made)), PORT))
    ask = (
        "import asterix, json, sys; from importlib.metadata import version; "
        "print(json.dumps({'asterix_decoder': version('asterix_decoder'), "
        "'records': asterix.parse(open(sys.argv[1], 'rb').read(), verbose=False)}))"
    )
    said = subprocess.run([python, "-c", ask, str(BLOCKS)], capture_output=True, text=True, check=True).stdout
    told = json.loads(said)
    for record in told["records"]:
        record.pop("ts")  # when it was decoded
    DECODED.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout
    words = {"tshark": version.split()[2].rstrip("."), "packets": dissected(CAPTURE)}
    DISSECTED.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
