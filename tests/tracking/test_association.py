"""Association as a tracker uses it: gates hold their own, scores weigh, tracks come and go."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synaspis.kernels.ledger import CONFIRMED, DELETED, TENTATIVE
from synaspis.tracking.association import (
    Ladder,
    chances,
    gate,
    nearest,
    radar_density,
    scores,
)

FLAT = np.zeros(3, dtype=bool)


def test_the_gate_holds_a_tracks_own_detection_as_often_as_it_says() -> None:
    luck = np.random.default_rng(1)
    seen = luck.normal(size=(4000, 3))
    far = np.arange(4000)[:, None] * 100.0
    links = gate(np.zeros((4000, 3)) + far, np.tile(np.eye(3), (4000, 1, 1)), seen + far, FLAT, inside=0.9)
    assert (links.track == links.detection).all()
    # Four standard deviations of a binomial count.
    assert abs(links.detection.size - 3600) < 4 * math.sqrt(4000 * 0.09)


def test_a_score_is_the_likelihood_over_that_of_none() -> None:
    spread = np.diag([4.0, 1.0])
    links = gate(np.zeros((1, 2)), spread[None], np.array([[1.0, 0.5]]), np.zeros(2, dtype=bool), inside=0.99)
    normal = math.exp(-0.5 * (0.25 + 0.25)) / (2 * math.pi * 2.0)
    found = scores(links, 0.9, 1e-3, inside=0.99)
    assert found[0] == pytest.approx(math.log(0.9 * normal / (1e-3 * (1 - 0.9 * 0.99))))


def test_the_whole_is_likelier_than_the_nearest_of_each() -> None:
    """Two tracks: the only way for both to have a detection is for one to take its second nearest."""
    tracks, seen = np.array([[0.0, 0, 0], [2.0, 0, 0]]), np.array([[0.9, 0, 0], [-1.5, 0, 0]])
    links = gate(tracks, np.tile(np.eye(3), (2, 1, 1)), seen, FLAT)
    score = scores(links, 0.9, 1e-6)
    assert nearest(links, score).tolist() == [1, 0]
    chance, missed = chances(links, score)
    assert chance[(links.track == 1) & (links.detection == 0)] > 0.99
    assert (missed < 0.01).all()


def test_clutter_can_be_likelier_than_a_far_detection() -> None:
    links = gate(np.zeros((1, 3)), np.eye(3)[None], np.array([[3.5, 0.0, 0.0]]), FLAT)
    for density, taken in ((1e-6, 0), (1.0, -1)):
        score = scores(links, 0.9, density)
        assert nearest(links, score).tolist() == [taken]
        chance, missed = chances(links, score)
        assert (chance[0] > 0.5) == (taken == 0)
        assert missed[0] == pytest.approx(1.0 - chance[0])


def test_nearest_and_chances_agree_where_there_is_no_doubt() -> None:
    luck = np.random.default_rng(9)
    true = luck.uniform(-1e4, 1e4, (200, 3))
    seen = np.concatenate([true + luck.normal(size=true.shape), luck.uniform(-1e4, 1e4, (100, 3))])
    links = gate(true, np.tile(2.0 * np.eye(3), (200, 1, 1)), seen, FLAT)
    score = scores(links, 0.9, 1e-11)
    taken = nearest(links, score)
    chance, _ = chances(links, score)
    best = np.full(200, -1)
    best[links.track[chance > 0.5]] = links.detection[chance > 0.5]
    assert (taken == best).all()
    assert (taken == np.arange(200)).mean() > 0.99


def test_a_density_by_volume_is_one_over_range_and_angles() -> None:
    """Over a shell of all directions the density adds up to its volume."""
    elevation = np.linspace(-math.pi / 2, math.pi / 2, 20_001)
    over = radar_density(1.0, np.full(elevation.size, 10.0), elevation)
    whole = np.trapezoid(over, elevation) * 2 * math.pi
    assert whole == pytest.approx(4 * math.pi * 100.0, rel=1e-6)


@pytest.mark.parametrize(
    ("detected", "density"), [(0.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (0.5, 0.0), (0.5, math.inf)]
)
def test_chances_that_are_none_are_refused(detected: float, density: float) -> None:
    links = gate(np.zeros((1, 3)), np.eye(3)[None], np.zeros((1, 3)), FLAT)
    with pytest.raises(ValueError, match=r"chance|density"):
        scores(links, detected, density)


def test_shapes_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(ValueError, match="go together"):
        gate(np.zeros((2, 3)), np.zeros((1, 3, 3)), np.zeros((1, 3)), FLAT)
    with pytest.raises(ValueError, match="between"):
        gate(np.zeros((1, 3)), np.zeros((1, 3, 3)), np.zeros((1, 3)), FLAT, inside=1.0)


def test_no_tracks_and_no_detections() -> None:
    links = gate(np.zeros((0, 3)), np.zeros((0, 3, 3)), np.zeros((0, 3)), FLAT)
    score = scores(links, 0.9, 1.0)
    assert nearest(links, score).size == chances(links, score)[1].size == 0
    lonely = gate(np.zeros((2, 3)), np.tile(np.eye(3), (2, 1, 1)), np.zeros((0, 3)), FLAT)
    assert chances(lonely, scores(lonely, 0.9, 1.0))[1].tolist() == [1.0, 1.0]


def _play(ladder: Ladder, looks: str) -> str:
    """A track's status after each look: `x` hits, `.` misses; T, C and D come out."""
    status, count, history = (np.zeros(1, dtype=np.int64) for _ in range(3))
    out = ""
    for look in looks:
        status, count, history = ladder.step(status, count, history, np.array([look == "x"]))
        out += {TENTATIVE: "T", CONFIRMED: "C", DELETED: "D"}[int(status[0])]
    return out


@pytest.mark.parametrize(
    ("looks", "status"),
    [
        ("xxx", "TTC"),
        ("x.x.x", "TTTTC"),
        ("x.x..", "TTTTD"),
        ("x...x", "TTTDD"),  # with one look left, three hits cannot be had
        ("xxx....x.....x", "TTCCCCCCCCCCDD"),
        ("xxx.....", "TTCCCCCD"),
    ],
)
def test_a_track_climbs_and_falls(looks: str, status: str) -> None:
    assert _play(Ladder(hits=3, of=5, misses=5), looks) == status


def test_more_misses_than_looks_are_counted_to_their_number() -> None:
    assert _play(Ladder(hits=1, of=2, misses=4), "x....") == "CCCCD"


@pytest.mark.parametrize("wrong", [(0, 5, 5), (6, 5, 5), (3, 61, 5), (3, 5, 0), (3, 5, 61)])
def test_what_is_no_ladder(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="ladder"):
        Ladder(*wrong)
