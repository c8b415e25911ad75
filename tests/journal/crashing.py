"""Appends to a journal until it is killed, and says what it was promised: `python crashing.py PATH`.

Lines on standard output: `D n`: sequence n was acknowledged as durable; `G n`: own sequence n was given out.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from synaspis.journal import Channel, Journal

CASE = "ab" * 32
IN, OUT = Channel("DEU", "POL"), Channel("POL", "DEU")


def say(kind: str, number: int) -> None:
    os.write(1, f"{kind} {number}\n".encode())  # one write a line: whole or not at all


def orders(journal: Journal) -> None:
    sequence = journal.high(IN)
    while True:
        sequence += 1
        if journal.append("order", b"%d" % sequence, channel=IN, sequence=sequence, durable=True):
            say("D", sequence)


def tracks(journal: Journal) -> None:
    while True:
        sequence = journal.next_sequence(OUT)
        say("G", sequence)
        journal.append("track", bytes(300), channel=OUT, sequence=sequence, replaces="track")


if __name__ == "__main__":
    opened = Journal.open(Path(sys.argv[1]), case_sha256=CASE, keeper="POL")
    for work in (orders, tracks):
        threading.Thread(target=work, args=(opened,)).start()
