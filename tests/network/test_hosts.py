"""Nations on hosts of their own, and one whose line is pulled out for a while."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from . import hosts
from .exercise import Exercise, held_once

pytest.importorskip("zenoh")
pytestmark = pytest.mark.processes
NATIONS = ("AAA", "BBB", "CCC")
OUT_S = 2.0
WHY_NOT = hosts.why_not()


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_three_hosts_hold_the_same_though_a_line_is_pulled_out(tmp_path: Path) -> None:
    with hosts.hosts(NATIONS) as three:
        more = {"tracks": 2}
        with Exercise(tmp_path, NATIONS, 4.5, three.addresses, more, prefix=three.prefix) as exercise:
            time.sleep(1.0)
            three.plug("CCC", in_=False)
            time.sleep(OUT_S)
            three.plug("CCC", in_=True)
            exercise.finish()
        assert held_once(tmp_path, NATIONS)["messages"] >= 5 * 6
