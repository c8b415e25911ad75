"""The tutorial of tracks runs as it stands, and comes to what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "tracking.md"


def test_the_tutorial_runs_and_says_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    assert len(code) == 4
    there: dict[str, Any] = {}
    exec("\n".join(code), there)
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 7
    assert said[0].startswith("250 s: 347 km up, mrbm")
    last = there["found"].pictures[-1].tracks[0].impact
    assert (last.latitude_rad, last.longitude_rad) == pytest.approx((0.775, 0.4555), abs=0.002)
    assert said[1].endswith("within 4.6 km")
    assert said[5].endswith("within 4.0 km")
    assert said[-1].startswith("1 `range_km` is 1.0")
