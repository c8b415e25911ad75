"""Frames of seats in pairs of worlds that differ only in what was not released to them.

    python -m tests.soak.noninterference [COUNT]

Prints figures as JSON; AssertionError at the first frame that differs.
"""

from __future__ import annotations

import json
import sys

from ..exercise.test_noninterference import compared

FIRST_SEED = 10_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found = [compared(FIRST_SEED + i) for i in range(count)]
    frames = [each for pair in found for each in pair.values()]
    whole = frames.count(max(frames))
    print(json.dumps({
        "pairs_of_worlds": count, "streams": len(frames), "frames_alike": sum(frames),
        "streams_of_the_same_releases_to_the_end": whole,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
