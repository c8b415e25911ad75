"""The page of an exercise played again, of what a stand-in of a record showed."""

from __future__ import annotations

import datetime as dt
import json
import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from synaspis.exercise import replay_page
from synaspis.exercise.again import Replayed
from synaspis.server.patches import merged, without_none

SHOWN = [
    {"3": {"lat": 1.0, "level": "alert"}, "4": {"lat": 2.0}},
    {"3": {"lat": 1.5, "level": "track"}},
    {},
]


class Stand:
    """As `Replayed`, of three moments and one nation; the nation is called what would end a script."""

    last_tick = 2 * replay_page.MOMENT_TICKS
    opened = SimpleNamespace(case_name="</title><b>", regime="allied", case="")

    def to(self, tick: int) -> Any:
        return SimpleNamespace(still=lambda seat: {"seat": seat, "title": "</script><!--"})

    def documents(self, tick: int) -> dict[str, Any]:
        clock = {"case_s": tick * 0.5}
        nation = {
            "clock": clock,
            "tracks": SHOWN[tick // replay_page.MOMENT_TICKS],
            "messages": {"1": "secret"},
        }
        return {
            "director": {"clock": clock, "truth": {"m": {"state": "flying"}}},
            "AAA": nation,
            "observer": {},
        }


@pytest.fixture(autouse=True)
def a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = SimpleNamespace(file=SimpleNamespace(starts=dt.datetime(2026, 3, 1)))
    monkeypatch.setattr(replay_page, "case_of", lambda opened: case)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="synaspis-replay">(.*?)</script>', page, re.S)
    assert found is not None
    return cast(dict[str, Any], json.loads(found.group(1)))


def test_the_moments_put_together_are_what_the_seats_showed() -> None:
    told = data_of(replay_page.page(replay_page.shown(cast(Replayed, Stand()), {"decisions": []})))
    held: dict[str, Any] = {}
    for shown, moment in zip(SHOWN, told["moments"], strict=True):
        held = merged(held, moment["seats"])
        assert held["AAA"] == without_none({"tracks": shown})
        assert held["director"] == {"truth": {"m": {"state": "flying"}}}
    assert [m["case_s"] for m in told["moments"]] == [0.0, 4.0, 8.0]
    assert "truth" not in told["moments"][1]["seats"].get("director", {})


def test_nothing_that_was_written_ends_the_script_or_is_kept_needlessly() -> None:
    page = replay_page.page(replay_page.shown(cast(Replayed, Stand()), {}))
    assert data_of(page)["still"]["title"] == "</script><!--"
    assert page.count("</script>") == 2
    assert "<title>&lt;/title&gt;" in page
    assert "secret" not in page and "observer" not in data_of(page)["moments"][0]["seats"]
