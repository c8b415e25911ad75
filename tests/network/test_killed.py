"""A node killed between signing and sending: what was in its journal comes, each number once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from synaspis.journal import Channel

from .test_repair import settled
from .world import World, offer, permit, rules_of

RULES = rules_of(permit("p", "measurement"), permit("q", "alert"))
CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.network import world
from tests.network.test_killed import die_after
world.folder_of_keys = lambda: Path({keys!r})
die_after(Path({folder!r}), {frames})
"""


def die_after(folder: Path, frames: int) -> None:
    """In another process: AAA sends, and is killed when so many frames have reached the bus."""
    w = World(folder, RULES)

    def count(_key: str, _data: bytes) -> None:
        if len(w.to("AAA", "BBB")) == frames:
            os.kill(os.getpid(), signal.SIGKILL)

    w.start("AAA")
    w.bus.subscribe("syn", count)
    for i in range(100):
        w["AAA"].gateway.offer(offer("alert" if i % 3 == 0 else "measurement", body=b"%d" % i))
        w.step()


def test_what_a_killed_node_had_sent_or_was_about_to_send_comes_once(tmp_path: Path) -> None:
    from .world import folder_of_keys

    root = Path(__file__).resolve().parents[2]
    code = CHILD.format(root=str(root), keys=str(folder_of_keys()), folder=str(tmp_path), frames=10)
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with World(tmp_path, RULES).start("AAA", "BBB") as w:
        settled(w)
        assert w["BBB"].bodies == [b"%d" % i for i in range(10)]
        w["AAA"].gateway.offer(offer("alert", body=b"after"))
        settled(w)
        assert w["BBB"].bodies[-1] == b"after" and not w["BBB"].alarms
        assert w["BBB"].journal.gaps(Channel("AAA", "BBB")) == []
        assert w["AAA"].journal.verify().whole and w["BBB"].journal.verify().whole
