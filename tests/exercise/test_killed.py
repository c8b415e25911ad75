"""kill -9 at random moments: the exercise goes on, and nothing that was acknowledged is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from .crashing import kills
from .small_room import a_case, making

pytestmark = pytest.mark.long


def test_killed_at_random_moments_it_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    figures = kills(tmp_path / "x.log", a_case(), "shared", making(), count=6, seed=1, lives_s=0.5)
    assert figures["acknowledged"] > 20 and figures["marks_alike"] >= 1, figures
