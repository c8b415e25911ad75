"""How many entries a second a journal takes, acknowledged as on the disk or in batches, and verifies."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from synaspis.journal import Channel, Journal

Row = dict[str, float | str | None]

PAYLOAD_BYTES = 700  # a signed frame with one track in it
ALONE, TOGETHER, BATCHED, THREADS = 500, 2_000, 40_000, 8


def bench() -> dict[str, Row]:
    """Entries a second on the disk of the temporary folder; a sync takes what that disk takes for it.

    `journal_acknowledged` from one thread, each entry waited for; `journal_acknowledged_8` from eight, which
    share commits; `journal_batched` from one thread, until the last is on the disk. No peer: a log that is
    chained and records each sequence once is not to be had beside it.
    """
    none: Row = {"unit": "1/s", "peer": None, "peer_value": None, "ratio": None}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        with Journal.open(path, case_sha256="ab" * 32, keeper="POL") as journal:
            found = {
                "journal_acknowledged": _rate(journal, "A", ALONE, 1, durable=True),
                "journal_acknowledged_8": _rate(journal, "B", TOGETHER, THREADS, durable=True),
                "journal_batched": _rate(journal, "C", BATCHED, 1, durable=False),
            }
            began_s = time.perf_counter()
            verdict = journal.verify()
            found["journal_verified"] = verdict.entries / (time.perf_counter() - began_s)
            assert verdict.whole and verdict.entries == ALONE + TOGETHER + BATCHED
    return {name: {"value": value, **none} for name, value in found.items()}


def _rate(journal: Journal, name: str, count: int, threads: int, *, durable: bool) -> float:
    def work(me: int) -> None:
        channel = Channel(f"{name}{me}", "POL")
        for sequence in range(1, count // threads + 1):
            journal.append("frame", bytes(PAYLOAD_BYTES), channel=channel, sequence=sequence, durable=durable)

    workers = [threading.Thread(target=work, args=(i,)) for i in range(threads)]
    began_s = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    journal.flush(durable=True)
    return count / (time.perf_counter() - began_s)
