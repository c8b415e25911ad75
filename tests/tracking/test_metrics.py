"""Properties of OSPA and GOSPA: they are metrics, their parts add up, and hostile states do no harm."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from synaspis.model.track_quality import Frame
from synaspis.tracking.metrics import gospa, gospa_over_time, ospa

NUMBERS = st.floats(-40.0, 40.0, width=32)
SETS = st.integers(0, 5).flatmap(lambda n: arrays.arrays(np.float64, (n, 2), elements=NUMBERS))
ORDERS = st.sampled_from([1.0, 2.0, 3.0])
CUT = 15.0


def _by_permutation(a: np.ndarray, b: np.ndarray, order: float) -> tuple[float, float]:
    """OSPA and GOSPA straight from their definitions."""
    few, many = sorted((a, b), key=len)
    best = min(
        sum(min(CUT, math.dist(x, y)) ** order for x, y in zip(few, chosen, strict=True))
        for chosen in itertools.permutations(many, len(few))
    )
    extra = len(many) - len(few)
    set_distance = ((best + CUT**order * extra) / len(many)) ** (1 / order) if len(many) else 0.0
    return set_distance, (best + 0.5 * CUT**order * extra) ** (1 / order)


@given(SETS, SETS, ORDERS)
@settings(max_examples=150)
def test_both_are_what_their_definitions_say(a: np.ndarray, b: np.ndarray, order: float) -> None:
    set_distance, general = _by_permutation(a, b, order)
    assert ospa(a, b, CUT, order).distance == pytest.approx(set_distance, abs=1e-9)
    assert gospa(a, b, CUT, order).distance == pytest.approx(general, abs=1e-9)


@given(SETS, SETS, SETS, ORDERS)
@settings(max_examples=100)
def test_both_are_metrics(a: np.ndarray, b: np.ndarray, c: np.ndarray, order: float) -> None:
    for measure in (ospa, gospa):
        direct = measure(a, b, CUT, order).distance
        assert direct == pytest.approx(measure(b, a, CUT, order).distance, abs=1e-9)
        round_about = measure(a, c, CUT, order).distance + measure(c, b, CUT, order).distance
        assert direct <= round_about + 1e-7
        assert measure(a, a, CUT, order).distance == 0.0


@given(SETS, SETS, ORDERS)
@settings(max_examples=60)
def test_the_parts_make_the_whole(a: np.ndarray, b: np.ndarray, order: float) -> None:
    whole = ospa(a, b, CUT, order)
    assert whole.distance**order == pytest.approx(
        whole.localisation**order + whole.cardinality**order, abs=1e-9
    )
    general = gospa(a, b, CUT, order)
    costs = general.localisation + general.cost_each * (general.missed + general.false)
    assert general.distance**order == pytest.approx(costs, rel=1e-9, abs=1e-12)
    assert len(a) - general.missed == len(b) - general.false == sum(j >= 0 for j in general.assigned)


@given(st.integers(1, 5).flatmap(lambda n: arrays.arrays(np.float64, (2, n, 2), elements=NUMBERS)))
@settings(max_examples=60)
def test_the_infinite_order_takes_the_least_worst_pair(both: np.ndarray) -> None:
    a, b = both
    worst = min(
        max(min(CUT, math.dist(x, y)) for x, y in zip(a, chosen, strict=True))
        for chosen in itertools.permutations(b)
    )
    assert ospa(a, b, CUT, math.inf).distance == pytest.approx(worst, abs=1e-12)


def test_empty_sets() -> None:
    none, two = np.empty((0, 3)), np.zeros((2, 3))
    assert ospa(none, none, 5.0).distance == gospa(none, none, 5.0).distance == 0.0
    assert ospa(none, two, 5.0).distance == ospa(two, none, 5.0, math.inf).distance == 5.0
    assert gospa(two, none, 5.0, 1.0).missed == gospa(none, two, 5.0, 1.0).false == 2


def test_a_state_that_is_not_finite_is_as_far_as_can_be() -> None:
    true = np.array([[0.0], [1.0], [2.0]])
    for bad in (math.nan, math.inf):
        found = gospa(true, np.array([[0.0], [bad], [2.0]]), 10.0, 1.0)
        assert (found.missed, found.false, found.distance) == (1, 1, 10.0)


@pytest.mark.parametrize(
    ("cutoff", "order"), [(0.0, 2.0), (math.nan, 2.0), (math.inf, 2.0), (1.0, 0.5), (1.0, math.nan)]
)
def test_what_is_no_metric_is_refused(cutoff: float, order: float) -> None:  # fmt: skip
    for measure in (ospa, gospa):
        with pytest.raises(ValueError, match=r"cut-off|order"):
            measure(np.zeros((1, 1)), np.zeros((1, 1)), cutoff, order)


def test_gospa_has_no_infinite_order_and_no_negative_penalty() -> None:
    with pytest.raises(ValueError, match="infinite"):
        gospa(np.zeros((1, 1)), np.zeros((1, 1)), 1.0, math.inf)
    with pytest.raises(ValueError, match="penalty"):
        gospa_over_time([], 1.0, switching=-1.0)


def test_only_the_columns_asked_for_count() -> None:
    names = np.array([7])
    true, off = np.zeros((1, 6)), np.array([[0.0, 0.0, 0.0, 9.0, 9.0, 9.0]])
    frame = Frame(time_s=0.0, true=true, true_names=names, estimated=off, track_names=names)
    assert gospa_over_time([frame], 1.0)[0].distance == 0.0
    assert gospa_over_time([frame], 1.0, columns=6)[0].missed == 1
