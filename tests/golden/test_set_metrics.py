"""OSPA and GOSPA against published vectors.

Source: the tests of Stone Soup, stonesoup/metricgenerator/tests/test_ospametric.py at ec032a9f (MIT licence,
Defence Science and Technology Laboratory). The figures follow by hand from the definitions, so the
tolerance is 1e-9; two of them are printed with six digits there, and are written here as the roots that
they are.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.model.track_quality import Frame
from synaspis.tracking.metrics import gospa, gospa_over_time, ospa, switches

CLOSE = {"abs": 1e-9, "rel": 0.0}
FIVE = np.arange(5.0)[:, None]


@pytest.mark.parametrize("order", [1.0, 2.0, math.inf])
@pytest.mark.parametrize(("true", "tracks", "value"), [(FIVE, FIVE + 0.5, 0.5), (FIVE + 1, FIVE + 1.2, 0.2)])
def test_ospa_of_shifted_points(order: float, true: np.ndarray, tracks: np.ndarray, value: float) -> None:
    assert ospa(true, tracks, 10.0, order).distance == pytest.approx(value, **CLOSE)


@pytest.mark.parametrize(
    ("order", "first", "second"),
    [
        (1.0, 2.4, 2.16),
        (2.0, math.sqrt((4 * 0.25 + 100) / 5), math.sqrt((4 * 0.04 + 100) / 5)),  # 4.49444 and 4.47571
        (math.inf, 10.0, 10.0),
    ],
)
def test_ospa_where_a_track_is_missing(order: float, first: float, second: float) -> None:
    assert ospa(FIVE, FIVE[:4] + 0.5, 10.0, order).distance == pytest.approx(first, **CLOSE)
    assert ospa(FIVE + 1, FIVE[:4] + 1.2, 10.0, order).distance == pytest.approx(second, **CLOSE)
    assert round(ospa(FIVE, FIVE[:4] + 0.5, 10.0, 2.0).distance, 5) == 4.49444


@pytest.mark.parametrize(
    ("true", "tracks", "value"), [(FIVE, FIVE + 0.5, 2.5), (FIVE, FIVE, 0.0), (FIVE[:3], FIVE[:3], 0.0)]
)
def test_gospa_is_not_normalised(true: np.ndarray, tracks: np.ndarray, value: float) -> None:
    assert gospa(true, tracks, 10.0, 1.0).distance == pytest.approx(value, **CLOSE)


def test_gospa_of_points_shifted_by_one() -> None:
    """The least sum: five pairs one apart, or four that agree, one missed and one false at five each."""
    found = gospa(FIVE, FIVE + 1.0, 10.0, 1.0)
    assert found.distance == pytest.approx(5.0, **CLOSE)
    assert (found.missed, found.false) == (0, 0)


def test_gospa_with_switching() -> None:
    at = ([1.0, 2.0, 3.0], [2.0, 1.0, 100.0], [2.0, 1.0, 3.0])
    names = np.arange(3)
    true = np.array([[1.0], [2.0], [3.0]])
    frames = [Frame(time_s=t, true=true, true_names=names, estimated=np.array(x)[:, None], track_names=names)
              for t, x in enumerate(at)]  # fmt: skip
    first, second, third = gospa_over_time(frames, 2.0, 2.0, switching=3.0, columns=1)
    assert (first.distance, first.switching, first.missed, first.false) == (0.0, 0.0, 0, 0)
    assert second.missed * second.cost_each == pytest.approx(2.0, **CLOSE)
    assert second.false * second.cost_each == pytest.approx(2.0, **CLOSE)
    assert second.localisation == 0.0
    assert second.switching == pytest.approx(2.5**0.5 * 3.0, **CLOSE)
    assert second.distance == pytest.approx(math.sqrt(2.0**2 + (2.5**0.5 * 3.0) ** 2), **CLOSE)
    assert third.switching == pytest.approx(0.5**0.5 * 3.0, **CLOSE)
    assert third.distance == pytest.approx(0.5**0.5 * 3.0, **CLOSE)


@pytest.mark.parametrize(
    ("steps", "losses"),
    [
        (
            [
                {0: 0, 1: 1, 2: 2},
                {0: 0, 1: 1, 2: 2},
                {0: 0, 1: 1, 2: -1},
                {0: 0, 1: 1, 2: 2},
                {0: 1, 1: 0, 2: 2},
                {1: 0, 0: 1, 2: 2},
                {0: -1, 1: 2, 2: 0},
            ],
            [0, 0, 0.5, 0.5, 2, 0, 2.5],
        ),
        ([{0: 0, 1: 1, 2: 2}, {0: -1, 1: -1, 2: -1}, {0: 3, 1: -1, 2: -1}], [0, 1.5, 0.5]),
        ([{0: -1, 1: -1, 2: -1}, {0: 0, 1: 1, 2: 2}], [0, 0]),
        ([{0: 0}, {0: 0, 1: 1}, {0: 0, 1: 1, 2: 3}], [0, 0, 0]),
        ([{0: 0, 1: 1}, {0: 0}, {0: 0, 1: 1}, {0: 0, 1: 2}], [0, 0, 0, 1]),
    ],
)
def test_how_switches_are_counted(steps: list[dict[int, int]], losses: list[float]) -> None:
    memory: dict[int, int] = {}
    assert [switches(memory, step) for step in steps] == losses
