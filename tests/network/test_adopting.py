"""Nodes that go by other rules from one moment on: what came stays, what is not released comes no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from synaspis.engine.detections import FRAME_S, Range
from synaspis.network.answering import Answers, Dice, Question
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, arena
from tests.engine.scene import first_light

from .raid import Exercise

GONE_S, BACK_S, ENDS_S = 140.0, 170.0, 200.0


class Taken:
    """What a node took of its partners at some times: how much, and what objects it holds."""

    def __init__(self) -> None:
        self.count: dict[float, int] = {}
        self.names: dict[float, set[object]] = {}


@pytest.fixture(scope="module")
def lit() -> Arena:
    return arena(first_light(), 1)


def without(given: Rules, name: str) -> Rules:
    return given.without(name)


@pytest.fixture(scope="module")
def played(lit: Arena, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Exercise, Taken]]:
    exercise, taken = Exercise(lit, "allied", tmp_path_factory.mktemp("nodes")), Taken()
    rules = {GONE_S: without(exercise.rules, "bmd-1"), BACK_S: exercise.rules}

    def looked(number: int) -> None:
        now_s = number * FRAME_S
        node = exercise.nodes["ROU"]
        taken.count[now_s] = node.counts.taken
        taken.names[now_s] = {name for name, _ in node.picture}
        for each in exercise.nodes.values() if now_s in rules else ():
            each.adopt(rules[now_s])

    exercise.play(Range(lit.w, lit.g, 1), ENDS_S, looked)
    yield exercise, taken
    exercise.close()


def test_nothing_comes_while_no_clause_lets_it_and_nothing_is_refused(
    played: tuple[Exercise, Taken],
) -> None:
    exercise, taken = played
    assert taken.count[GONE_S] > 0
    assert taken.count[BACK_S] == taken.count[GONE_S]
    assert taken.count[ENDS_S] > taken.count[BACK_S]
    for node in exercise.nodes.values():
        assert not [key for key in node.tally.counts if key[0] == "refused"], node.me


def test_what_came_stays_held_and_goes_on_under_its_name(played: tuple[Exercise, Taken]) -> None:
    _, taken = played
    held = taken.names[GONE_S]
    assert held and held <= taken.names[GONE_S + 10.0]
    assert held & taken.names[ENDS_S]  # those that still fly and were not tracked anew


def test_own_trackers_go_on(played: tuple[Exercise, Taken]) -> None:
    exercise, _ = played
    feeds = exercise.nodes["USA"].feeds
    assert feeds.own is not None and len(feeds.own.last.number)
    assert feeds.at_s >= ENDS_S - 2.0 * FRAME_S


def test_a_feed_for_others_goes_on_unseen(lit: Arena, tmp_path: Path) -> None:
    exercise = Exercise(lit, "allied", tmp_path)
    node = exercise.nodes["USA"]
    before = [(o.feed, o.sensors, o.everybody) for o in node.feeds.outlets]
    node.adopt(without(exercise.rules, "bmd-1"))
    assert node.feeds.outlets == () and len(node.feeds.idle) == len(before) > 0
    node.adopt(exercise.rules)
    assert [(o.feed, o.sensors, o.everybody) for o in node.feeds.outlets] == before
    assert node.feeds.idle == ()
    exercise.close()


def test_a_question_under_a_clause_that_holds_no_more_is_let_go(lit: Arena) -> None:
    given = lit.rules("allied")
    batteries = {f.battery.name: f.battery for f in lit.w.batteries}
    answers = Answers("USA", given, batteries, Dice(1), lambda q, yes: None, taken=True)
    assert answers.ask("USA", 1, "deveselu", 1, "own-2", 300.0, 100.0) == ""
    assert answers.ask("USA", 2, "deveselu", 1, "bmd-3", 300.0, 100.0) == ""
    answers.given = without(given, "bmd-3")
    answers.drop()
    assert [q.clause for q in answers.open.values()] == ["own-2"]
    assert all(isinstance(q, Question) for q in answers.open.values())
