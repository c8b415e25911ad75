"""The wall clock of an exercise, told in numbers: no test waits for it."""

from __future__ import annotations

from synaspis.exercise.pace import MADE_UP_S, MOST_AHEAD_S, REMEMBERED, SPARE, Pace


def test_ticks_are_due_by_the_clock_and_not_by_each_other() -> None:
    pace = Pace(0.5, speed=2.0)
    pace.start(100.0)
    for i in range(1, 9):
        due_s = 100.0 + 0.25 * i
        assert abs(pace.begins_s(due_s - 0.1) - 0.1) < 1e-9 and pace.begins_s(due_s) < 1e-9
        pace.ticked(due_s + 0.05)  # takes a while, and the next is due as it was
        assert pace.behind_s == 0.0


def test_ticks_keep_step_with_the_servers_frames() -> None:
    for now_s in (100.0, 100.2, 100.499):
        pace = Pace(0.5)
        pace.start(now_s)
        for i in range(9):
            left_s = pace.begins_s(now_s)
            assert ((now_s + left_s) / 0.5) % 1.0 < 1e-9
            now_s += left_s + (3.3 if i == 4 else 0.1)  # one that takes so long that time is lost
            pace.ticked(now_s)
            while pace.begins_s(now_s) == 0.0:
                pace.ticked(now_s)


def test_what_a_slow_tick_costs_is_made_up_to_a_second_and_the_rest_is_said() -> None:
    pace = Pace(0.5)
    pace.start(0.0)
    pace.ticked(1.2)
    assert abs(pace.behind_s - 0.2) < 1e-9 and pace.begins_s(1.2) == 0.0
    pace.ticked(1.3)
    assert pace.behind_s == 0.0 and abs(pace.begins_s(1.3) - 0.2) < 1e-9
    pace.ticked(11.5)
    assert abs(pace.behind_s - 9.5) < 1e-9
    ticks = 0
    while pace.begins_s(11.5) == 0.0:
        pace.ticked(11.5)
        ticks += 1
    assert ticks == MADE_UP_S / 0.5 + 1, "no more is made up: a clock that races helps nobody"
    assert abs(pace.behind_s - 8.5) < 1e-9, "what is lost stays said"
    pace.start(20.0)
    assert pace.behind_s == 0.0


def test_a_tick_is_begun_as_long_before_it_is_due_as_the_longest_of_late_took() -> None:
    pace = Pace(0.5)
    pace.start(0.0)
    pace.ticked(0.0)
    pace.ticked(0.0)
    assert pace.begins_s(0.0) == pace.due_s == 1.5
    pace.took(0.2)
    pace.took(0.01)
    assert abs(pace.begins_s(0.0) - (1.5 - SPARE * 0.2)) < 1e-9
    pace.took(3.0)
    assert abs(pace.begins_s(0.0) - (1.5 - MOST_AHEAD_S)) < 1e-9
    assert pace.begins_s(1.5) == 0.0
    for _ in range(REMEMBERED):
        pace.took(0.0)
    assert pace.begins_s(0.0) == 1.5
