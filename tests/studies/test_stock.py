"""Days of raids: by hand where it is easy, and what must hold whatever the stock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synaspis import api
from synaspis.model.answers import Spread
from synaspis.model.stock import LONGEST_DAYS, Stock, StockAnswer
from synaspis.studies.stock import WEEKS, Launchers, lasting, play, stock

ONE = Launchers(battery="one", owner="ROU", interceptor="pac-3-mse", rounds=10, reloads=0, reload_s=3600.0)


def _fires(mean: float, p05: float | None = None, p95: float | None = None) -> Spread:
    return Spread(mean=mean, p05=mean if p05 is None else p05, p95=mean if p95 is None else p95)


def _behind(**more: float) -> Stock:
    return Stock(owner="ROU", interceptor="pac-3-mse", **{"resupply_s": 0.0, **more})  # type: ignore[arg-type]


def _days(
    one: Launchers, mean: float, stocks: tuple[Stock, ...] = (), raids_per_day: float = 1.0
) -> float | None:
    return stock([one], [_fires(mean)], stocks, raids_per_day).lasting.mean


def test_a_magazine_alone() -> None:
    """Ten rounds at three a raid serve three raids; at ten a raid one; at eleven none."""
    assert _days(ONE, 3.0) == 3.0
    assert _days(ONE, 10.0) == 1.0
    assert _days(ONE, 11.0) == 0.0
    assert _days(ONE, 0.0) is None
    assert _days(ONE, 3.0, raids_per_day=2.0) == 1.5
    assert _days(ONE, 10.0 / LONGEST_DAYS / 1.01) is None


def test_light_and_heavy_raids() -> None:
    found = stock([ONE], [_fires(2.5, 1.0, 5.0)], (), 1.0).lasting
    assert (found.light, found.mean, found.heavy) == (10.0, 4.0, 2.0)


def test_reloads_at_the_battery_come_between_raids() -> None:
    """Ten on launchers and eight behind them: 18 at three a raid serve six."""
    assert _days(replace(ONE, reloads=8), 3.0) == 6.0
    # A raid that wants more than the launchers hold is short at once, whatever lies behind them.
    assert _days(replace(ONE, reloads=80), 11.0) == 0.0
    # Two raids a day are twelve hours apart; launchers that take four days are an eighth filled, 1.25 rounds.
    slow = replace(ONE, reloads=80, reload_s=4 * 86_400.0)
    assert _days(slow, 6.0, raids_per_day=2.0) == 0.5
    assert _days(replace(slow, reload_s=3600.0), 6.0, raids_per_day=2.0) == 7.5


def test_a_depot_sends_what_is_short() -> None:
    """Ten and a depot of 20 at three a raid: ten raids; two days on the way are no matter while ten last."""
    assert _days(ONE, 3.0, (_behind(depot=20),)) == 10.0
    assert _days(ONE, 3.0, (_behind(depot=20, resupply_s=2 * 86_400.0),)) == 10.0
    # What comes after the launchers are empty comes too late for the raid in between.
    assert _days(ONE, 3.0, (_behind(depot=20, resupply_s=4 * 86_400.0),)) == 3.0


def test_production_that_keeps_up_lasts_for_ever() -> None:
    month = 365.25 / 12
    assert _days(ONE, 3.0, (_behind(production_per_month=3.0 * month),)) is None
    # Half as much: the magazine falls by 1.5 a raid, and the sixth finds 2.5.
    assert _days(ONE, 3.0, (_behind(production_per_month=3.0 * month, to_others=0.5),)) == 5.0


def test_a_depot_serves_its_owner_and_type_only() -> None:
    for other in (replace(_behind(depot=20), owner="POL"), replace(_behind(depot=20), interceptor="thaad")):
        assert _days(ONE, 3.0, (other,)) == 3.0


def _random(rng: np.random.Generator) -> tuple[list[Launchers], list[Spread], list[Stock], float]:
    batteries = [
        Launchers(
            battery=f"b{i}", owner="AB"[int(rng.integers(2))], interceptor="xy"[int(rng.integers(2))],
            rounds=float(rng.integers(1, 50)), reloads=float(rng.integers(0, 30)),
            reload_s=float(rng.uniform(0, 4e5)),
        )
        for i in range(5)
    ]  # fmt: skip
    stocks = [
        Stock(
            owner=owner, interceptor=kind, depot=int(rng.integers(0, 60)),
            production_per_month=float(rng.uniform(0, 60)), to_others=float(rng.uniform(0, 1)),
            resupply_s=float(rng.uniform(0, 2e6)),
        )
        for owner in "AB" for kind in "xy" if rng.random() < 0.7
    ]  # fmt: skip
    fires = [_fires(float(m), 0.5 * m, 1.7 * m) for m in rng.uniform(0, 8, 5)]
    return batteries, fires, stocks, float(rng.choice([0.3, 1.0, 2.5]))


@pytest.mark.parametrize("seed", range(12))
def test_no_round_is_lost_or_made_up(seed: int) -> None:
    """Week after week: left is what was left before, less fired, plus made."""
    batteries, fires, stocks, rate = _random(np.random.default_rng(seed))
    answer = stock(batteries, fires, stocks, rate)
    assert answer.weeks
    depots = {(s.owner, s.interceptor): float(s.depot) for s in stocks}
    for owner, kind in {(w.owner, w.interceptor) for w in answer.weeks}:
        left = depots.get((owner, kind), 0.0)
        left += sum(b.rounds + b.reloads for b in batteries if (b.owner, b.interceptor) == (owner, kind))
        weeks = [w for w in answer.weeks if (w.owner, w.interceptor) == (owner, kind)]
        assert [w.week for w in weeks] == list(range(1, WEEKS + 1))
        for week in weeks:
            left += week.produced - week.fired
            assert week.left == pytest.approx(left, abs=1e-9)
            assert week.fired <= week.wanted + 1e-9


def _shorter(one: StockAnswer, other: StockAnswer) -> list[str]:
    """Magazines that last less long in `one` than in `other`, in any of the three."""
    found = []
    for a, b in zip(one.magazines, other.magazines, strict=True):
        for level in ("mean", "heavy", "light"):
            mine, theirs = getattr(a.lasting, level), getattr(b.lasting, level)
            if mine is not None and (theirs is None or mine < theirs):
                found.append(f"{a.battery} {level}")
    return found


@pytest.mark.parametrize("seed", range(12))
def test_more_behind_a_battery_never_shortens(seed: int) -> None:
    """Of one battery with one depot: of several, one that asks for more may take of another."""
    rng = np.random.default_rng(seed)
    batteries, fires, _, rate = _random(rng)
    one, per_raid = [replace(batteries[0], owner="A", interceptor="x")], fires[:1]
    line = Stock(owner="A", interceptor="x", depot=30, production_per_month=20.0, resupply_s=4e5)
    before = stock(one, per_raid, [line], rate)
    for better in (
        replace(line, depot=90),
        replace(line, production_per_month=50.0),
        replace(line, resupply_s=1e5),
    ):
        assert _shorter(stock(one, per_raid, [better], rate), before) == []
    for battery in (replace(one[0], reloads=one[0].reloads + 20), replace(one[0], reload_s=0.0)):
        assert _shorter(stock([battery], per_raid, [line], rate), before) == []


def test_the_first_to_run_dry_is_named() -> None:
    two = [ONE, replace(ONE, battery="two", rounds=4), replace(ONE, battery="idle")]
    answer = stock(two, [_fires(3.0), _fires(2.0), _fires(0.0)], (), 1.0)
    assert (answer.lasting.mean, answer.lasting.first_dry) == (2.0, "two")
    assert lasting(answer, ["one", "idle"]).first_dry == "one"
    assert lasting(answer, ["idle"]) == replace(
        answer.lasting, mean=None, heavy=None, light=None, first_dry=""
    )


def test_a_case_says_what_lies_behind_its_batteries(tmp_path: Path) -> None:
    """A run reads its keys; without them magazines stand alone, one raid a day."""
    whole = api.load("first-light")
    assert [s.depot for s in whole.file.stock] == [12]
    path = tmp_path / "case.yaml"
    path.write_bytes(whole.text.partition(b"stock:")[0])
    plain = api.load(path)
    assert plain.file.stock == ()
    assert plain.file.raids_per_day == 1.0
    text = plain.text.decode().replace(
        "system: patriot-mse,", "system: patriot-mse, reloads: 12, reload_h: 2,"
    )
    path.write_text(
        text + "raids_per_day: 2\nstock:\n  - {owner: USA, interceptor: sm-3-ib, depot: 20, resupply_h: 96}\n"
    )
    case = api.load(path)
    assert case.file.stock[0].resupply_s == 96 * 3600.0
    patriot = next(b for b in case.file.batteries if b.reloads)
    assert (patriot.reloads, patriot.reload_s) == (12, 7200.0)
    alone = api.run(plain, regimes=["allied"], trials=40, jobs=1).regimes["allied"]
    behind = api.run(case, regimes=["allied"], trials=40, jobs=1).regimes["allied"]
    assert behind.rounds == alone.rounds  # no reloading within a raid
    assert behind.stock is not None
    assert alone.stock is not None
    assert behind.stock.raids_per_day == 2.0
    days = {m.battery: m.lasting.mean for m in alone.stock.magazines}
    longer = {m.battery: m.lasting.mean for m in behind.stock.magazines}
    for battery, rounds in (("deveselu", 20), ("bucharest-patriot", 12)):
        fired = alone.rounds[battery]
        assert days[battery] == int(24 / fired + 1e-9)
        assert longer[battery] == int((24 + rounds) / fired + 1e-9) / 2


def test_rare_raids_and_many_a_day_are_counted_for_the_whole_year() -> None:
    """The first raid counts where the second lies beyond the year; so do all of 24 a day."""
    assert _days(ONE, 11.0, raids_per_day=0.001) == 0.0
    assert _days(ONE, 10.0, raids_per_day=0.001) is None
    assert _days(ONE, 10.0 / (300 * 24 + 0.5), raids_per_day=24.0) == 300.0


def test_a_week_holds_the_raids_of_its_seven_days() -> None:
    """At 0.3 a day they come on days 0, 3.3 and 6.7, then 10 and 13.3: three in the first week, two after."""
    weeks = stock([ONE], [_fires(0.1)], (), 0.3).weeks
    assert [round(w.wanted / 0.1) for w in weeks[:3]] == [3, 2, 2]


def test_a_delivery_between_two_raids_counts_for_the_second() -> None:
    """Ten fired in each raid; what takes a day and a half misses the next and serves the one after."""
    assert _days(ONE, 10.0, (_behind(depot=20, resupply_s=1.5 * 86_400.0),)) == 1.0
    assert _days(ONE, 10.0, (_behind(depot=20, resupply_s=86_400.0),)) == 3.0


def test_weeks_tell_of_what_is_fired_only() -> None:
    idle = replace(ONE, battery="idle", interceptor="thaad")
    weeks = stock([ONE, idle], [_fires(3.0), _fires(0.0)], (), 1.0).weeks
    assert {w.interceptor for w in weeks} == {"pac-3-mse"}


def test_a_depot_makes_up_reloads_too_and_counts_what_is_on_its_way() -> None:
    """Ten on launchers, eight behind them, three fired a raid, three days to come: three are sent a raid."""
    one, line = replace(ONE, reloads=8), _behind(depot=100, resupply_s=3 * 86_400.0)
    course = play([one], np.full((3, 1), 3.0), [line], 1.0, [(one.owner, one.interceptor)])
    assert course.depots[0, :4, 0].tolist() == [97.0, 94.0, 91.0, 88.0]
    assert course.left[0, :4, 0].tolist() == [18.0] * 4  # with what is on its way
