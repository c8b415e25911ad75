"""Cells that satellites see, counted one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels import constellation as kernel
from synaspis.kernels.earth import ecef_from_geodetic, geodetic_from_ecef


def _seen(cell: np.ndarray, place: np.ndarray, half: float) -> bool:
    """By walking along the line of sight."""
    away = cell - place
    angle = math.acos(float(-away @ place) / float(np.linalg.norm(away) * np.linalg.norm(place)))
    steps = place + np.linspace(0.0, 1.0, 4001)[:, None] * away
    return angle <= half and bool((geodetic_from_ecef(steps)[:, 2] >= 0.0).all())


@pytest.fixture(scope="module")
def scene() -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(4)
    places = np.stack(
        [np.arcsin(luck.uniform(-1, 1, 24)), luck.uniform(-3, 3, 24), 10 ** luck.uniform(5.3, 7.6, 24)],
        axis=1,
    )
    cells = np.stack(
        [np.arcsin(luck.uniform(-1, 1, 40)), luck.uniform(-3, 3, 40), luck.uniform(10e3, 90e3, 40)], axis=1
    )
    return ecef_from_geodetic(cells), ecef_from_geodetic(places).reshape(6, 4, 3)


@pytest.mark.parametrize("field_deg", [20.0, 100.0, 180.0])
def test_each_line_of_sight(scene: tuple[np.ndarray, np.ndarray], field_deg: float) -> None:
    cells, places = scene
    found = kernel.covered(cells, places, np.full(4, math.radians(field_deg)), 2)
    half = math.radians(field_deg) / 2
    seen = np.array([[sum(_seen(c, p, half) for p in at) for c in cells] for at in places])
    assert np.array_equal(found[kernel.TOTAL], seen.sum(axis=0))
    assert np.array_equal(found[kernel.LEAST], seen.min(axis=0))
    assert np.array_equal(found[kernel.ENOUGH], (seen >= 2).sum(axis=0))
    assert seen.max() > 0


def test_gaps_are_runs() -> None:
    """A cell below one satellite that is there or not: the longest run of absence counts."""
    cells = ecef_from_geodetic(np.array([[0.0, 0.0, 20e3]]))
    above = ecef_from_geodetic(np.array([[0.0, 0.0, 1e6]]))[0]
    there = np.array([1, 0, 0, 1, 0, 0, 0, 1, 0], bool)
    places = np.where(there[:, None, None], above, -above)
    found = kernel.covered(cells, places, np.array([2.0]), 1)[:, 0]
    assert found.tolist() == [0.0, 3.0, 3.0, 1.0, 3.0]


def test_threads_change_nothing(scene: tuple[np.ndarray, np.ndarray]) -> None:
    fields = np.full(4, 2.0)
    assert np.array_equal(kernel.covered(*scene, fields, 2, 1), kernel.covered(*scene, fields, 2, 3))


def test_a_satellite_that_is_not_there_sees_nothing() -> None:
    cells = ecef_from_geodetic(np.array([[0.0, 0.0, 20e3]]))
    assert kernel.covered(cells, np.full((3, 1, 3), np.nan), np.array([3.0]), 1)[kernel.TOTAL, 0] == 0.0
