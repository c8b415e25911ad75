"""Fusion between nations: nothing counted twice, pairs that stick, and whatever comes in does no harm."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from synaspis.kernels import ekf, motion
from synaspis.tracking import fusion
from synaspis.tracking.filters import BOOST, COAST, REENTRY, Mode
from synaspis.tracking.fusion import Edition, Fused, Picture, asked_rows, intersected
from synaspis.tracking.registration import Offset

Floats = NDArray[np.float64]
SIGMA = np.array([300.0, 300.0, 300.0, 5.0, 5.0, 5.0, 0.5])
STATE = np.array([6.7e6, 0.0, 0.0, 500.0, 3000.0, 500.0, COAST.fresh])


def _edition(
    owner: str, number: int, mean: Floats = STATE, time_s: float = 0.0, sigma: Floats = SIGMA,
    via: tuple[str, ...] = (), mode: Mode = COAST,
) -> Edition:  # fmt: skip
    return Edition(
        owner=owner, number=number, time_s=time_s, mean=mean.copy(), cov=np.diag(sigma**2), mode=mode.row(),
        via=via,
    )  # fmt: skip


def _moved(mean: Floats, dt_s: float) -> Floats:
    out = mean.copy()
    motion.move(out, COAST.row(), dt_s, np.zeros(ekf.ROOM))
    return out


def _only(found: tuple[Fused, ...]) -> Fused:
    assert len(found) == 1
    return found[0]


def test_a_newer_edition_replaces_the_older_and_a_way_round_adds_nothing() -> None:
    picture = Picture("DEU")
    assert picture.take(_edition("DEU", 1, STATE + SIGMA)) is None
    assert picture.take(_edition("NLD", 7)) is None
    before = _only(picture.at(0.0))
    assert before.members == (("DEU", 1), ("NLD", 7))
    assert picture.take(_edition("NLD", 7, STATE + 2 * SIGMA, via=("POL",))) == fusion.HELD
    assert picture.take(_edition("NLD", 7, time_s=-1.0)) == fusion.OLDER
    assert picture.take(_edition("DEU", 1, time_s=5.0, via=("NLD",))) == fusion.OWN
    assert picture.take(_edition("NLD", 7, time_s=9.0), now_s=8.0) == fusion.FUTURE
    after = _only(picture.at(0.0))
    assert after.mean.tobytes() == before.mean.tobytes() and after.cov.tobytes() == before.cov.tobytes()
    newer = _edition("NLD", 7, _moved(STATE, 4.0), time_s=4.0, sigma=0.1 * SIGMA, via=("POL",))
    assert picture.take(newer) is None
    found = _only(picture.at(4.0))
    assert found.members == before.members and found.number == before.number
    assert found.times_s.tolist() == [0.0, 4.0]
    assert found.weights[1] > 0.99
    assert dict(picture.counts) == {fusion.HELD: 1, fusion.OLDER: 1, fusion.OWN: 1, fusion.FUTURE: 1}


def test_a_track_too_wide_to_be_carried_is_left_out_and_spoils_nothing() -> None:
    """Under a thrust thought to be backward a missile comes to a stop, and what is known of it to nothing."""
    picture, halting = Picture("DEU"), STATE.copy()
    halting[6] = -136.0
    wide = np.array([9e3, 9e3, 9e3, 900.0, 900.0, 900.0, 90.0])
    assert picture.take(_edition("NLD", 7, halting, mode=BOOST, sigma=wide)) is None
    assert _only(picture.at(0.0)).members == (("NLD", 7),)
    assert picture.take(_edition("DEU", 1, time_s=60.0)) is None
    assert _only(picture.at(60.0)).members == (("DEU", 1),)


def test_two_tracks_of_the_same_looks_are_no_better_than_one() -> None:
    """Were their informations added up, the covariance would be half."""
    picture = Picture("DEU")
    picture.take(_edition("DEU", 1))
    alone = _only(picture.at(0.0))
    for owner in ("NLD", "POL"):
        picture.take(_edition(owner, 3))
    found = _only(picture.at(0.0))
    assert found.number == alone.number and len(found.members) == 3
    sigma = np.sqrt(np.diag(alone.cov))
    assert np.abs(found.cov - alone.cov) / np.outer(sigma, sigma) == pytest.approx(0.0, abs=1e-9)
    assert np.abs(found.mean - alone.mean) / sigma == pytest.approx(0.0, abs=1e-9)


def test_asked_again_for_one_time_it_says_the_same() -> None:
    picture = Picture("DEU")
    luck = np.random.default_rng(2)
    for owner in ("DEU", "NLD"):
        for number in range(5):
            where = STATE + [2e3 * number, *np.zeros(6)] + luck.normal(size=7) * SIGMA
            picture.take(_edition(owner, number, where))
    once, again = picture.at(3.0), picture.at(3.0)
    assert [f.members for f in once] == [f.members for f in again]
    assert [f.number for f in once] == [f.number for f in again]
    assert b"".join(f.mean.tobytes() for f in once) == b"".join(f.mean.tobytes() for f in again)
    with pytest.raises(ValueError, match="earlier"):
        picture.at(2.0)


def test_tracks_are_carried_to_the_time_asked_for() -> None:
    picture = Picture("DEU")
    edition = _edition("NLD", 7, time_s=10.0)
    picture.take(edition)
    assert picture.at(9.0) == ()  # not yet
    found = _only(picture.at(40.0))
    mean, cov = edition.mean.copy(), edition.cov.copy()
    motion.predict(mean, cov, edition.mode, 30.0, np.zeros(ekf.ROOM))
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.cov == pytest.approx(cov, rel=1e-6, abs=1e-6)
    assert edition.mean.tobytes() == STATE.tobytes()  # what came in is not touched


def _crowd(luck: np.random.Generator, count: int) -> Floats:
    where = np.tile(STATE, (count, 1))
    where[:, :3] += luck.uniform(-50e3, 50e3, (count, 3))
    where[:, 3:6] += luck.normal(size=(count, 3)) * 300.0
    return where


def test_pairs_of_a_crowd_are_right_and_keep_their_numbers() -> None:
    """60 missiles, three nations, each with nine tracks in ten and its own numbers, over 8 looks."""
    luck = np.random.default_rng(5)
    truth = _crowd(luck, 60)
    names = {owner: luck.permutation(60) for owner in ("DEU", "NLD", "POL")}
    seen = {owner: luck.random(60) < 0.9 for owner in names}
    picture = Picture("DEU")
    numbers: dict[tuple[str, int], set[int]] = {}
    for look in range(8):
        for owner, name in names.items():
            for t in np.flatnonzero(seen[owner]):
                state = _moved(truth[t], 5.0 * look) if look else truth[t]
                noise = luck.normal(size=7) * SIGMA * [1, 1, 1, 1, 1, 1, 0]
                picture.take(_edition(owner, int(name[t]), state + noise, time_s=5.0 * look))
        found = picture.at(5.0 * look)
        for each in found:
            who = {int(np.flatnonzero(names[owner] == number)[0]) for owner, number in each.members}
            assert len(who) == 1
            for key in each.members:
                numbers.setdefault(key, set()).add(each.number)
        there = np.array([seen[owner] for owner in names]).any(axis=0).sum()
        assert len(found) == there
    assert all(len(held) == 1 for held in numbers.values())


def test_pairs_stick_where_one_look_would_swap_them() -> None:
    """Two missiles close together, and a look whose errors make the wrong pairs likelier."""
    apart = np.array([1500.0, 0, 0, 0, 0, 0, 0])
    swapped = 0.7 * apart

    def look(picture: Picture, at_s: float, off: Floats) -> list[tuple[tuple[str, int], ...]]:
        state = _moved(STATE, at_s) if at_s else STATE
        for number in (1, 2):
            picture.take(_edition("DEU", number, state + (number - 1) * apart, time_s=at_s))
        picture.take(_edition("NLD", 1, state + off, time_s=at_s))
        picture.take(_edition("NLD", 2, state + apart - off, time_s=at_s))
        return [each.members for each in picture.at(at_s)]

    right = [(("DEU", 1), ("NLD", 1)), (("DEU", 2), ("NLD", 2))]
    wrong = [(("DEU", 1), ("NLD", 2)), (("DEU", 2), ("NLD", 1))]
    assert look(Picture("DEU"), 20.0, swapped) == wrong  # nothing to remember
    picture = Picture("DEU")
    for k in range(12):
        assert look(picture, 2.0 * k, 0.0 * apart) == right
    assert look(picture, 24.0, swapped) == right
    for k in range(13, 19):  # but not for ever
        last = look(picture, 2.0 * k, apart)
    assert last == wrong


def test_what_is_held_together_stays_so_a_little_longer_than_it_would_be_joined() -> None:
    far = STATE.copy()
    far[0] += math.sqrt(40.0 * 2.0) * SIGMA[0]  # a normalised square of 40: one in two million
    new, held = Picture("DEU"), Picture("DEU")
    for picture in (new, held):  # a wide raid, in which chance neighbours are rare
        picture.take(_edition("NLD", 2, STATE + 2e3 * SIGMA))
    for k in range(6):
        held.take(_edition("DEU", 1, time_s=float(k)))
        held.take(_edition("NLD", 1, time_s=float(k)))
        assert len(held.at(float(k))) == 2
    for picture in (new, held):
        picture.take(_edition("DEU", 1, time_s=6.0))
        picture.take(_edition("NLD", 1, far, time_s=6.0))
    assert len(new.at(6.0)) == 3
    assert len(held.at(6.0)) == 2


def test_tracks_of_two_others_are_joined_when_they_come_to_agree() -> None:
    picture = Picture("DEU")
    picture.take(_edition("NLD", 1))
    picture.take(_edition("POL", 1, STATE + 30.0 * SIGMA))
    assert len(picture.at(0.0)) == 2
    picture.take(_edition("POL", 1, STATE + 0.8 * SIGMA, time_s=1.0))
    picture.take(_edition("NLD", 1, time_s=1.0))
    assert _only(picture.at(1.0)).members == (("NLD", 1), ("POL", 1))


def test_tracks_that_part_are_two_objects_and_ones_own_keeps_its_number() -> None:
    picture = Picture("DEU")
    for owner in ("DEU", "NLD"):
        picture.take(_edition(owner, 1))
    together = _only(picture.at(0.0))
    far = _moved(STATE, 10.0) + 30.0 * SIGMA
    picture.take(_edition("DEU", 1, _moved(STATE, 10.0), time_s=10.0))
    picture.take(_edition("NLD", 1, far, time_s=10.0))
    own, other = sorted(picture.at(10.0), key=lambda each: each.members)
    assert own.members == (("DEU", 1),) and other.members == (("NLD", 1),)
    assert own.number == together.number != other.number
    picture.take(_edition("NLD", 1, _moved(STATE, 12.0), time_s=12.0))
    again = _only(picture.at(12.0))
    assert again.number == own.number and len(again.members) == 2


def test_own_tracks_join_what_was_released_before_and_go_when_they_are_gone() -> None:
    picture = Picture("DEU")
    picture.take(_edition("NLD", 4))
    first = _only(picture.at(0.0))
    picture.own([_edition("DEU", 9, _moved(STATE, 1.0), time_s=1.0)])
    found = _only(picture.at(1.0))
    assert found.number == first.number and found.members == (("DEU", 9), ("NLD", 4))
    picture.own([_edition("DEU", 9, _moved(STATE, 1.0) + SIGMA, time_s=1.0)])  # a late scan came in
    assert _only(picture.at(1.0)).means[0] == pytest.approx(_moved(STATE, 1.0) + SIGMA)
    picture.own([])
    assert _only(picture.at(2.0)).members == (("NLD", 4),)
    picture.withdraw("NLD", [4])
    assert picture.at(3.0) == () and picture.held() == ()


def test_whatever_the_order_in_which_tracks_come_the_picture_is_the_same() -> None:
    luck = np.random.default_rng(8)
    editions = [
        _edition(owner, number, _crowd(np.random.default_rng(number), 1)[0] + luck.normal(size=7) * SIGMA)
        for owner in ("DEU", "NLD", "POL") for number in range(6)
    ]  # fmt: skip
    found = set()
    for _ in range(4):
        picture = Picture("NLD")
        for i in luck.permutation(len(editions)):
            picture.take(editions[i])
        out = picture.at(5.0)
        found.add(b"".join(each.mean.tobytes() + each.cov.tobytes() for each in out) + repr(
            [(each.number, each.members) for each in out]
        ).encode())  # fmt: skip
    assert len(found) == 1


@given(st.integers(0, 10**6), st.integers(1, 4))
@settings(max_examples=30)
def test_a_further_release_never_makes_a_position_worse(seed: int, owners: int) -> None:
    luck = np.random.default_rng(seed)
    editions = [
        _edition(
            f"N{i}", 1, STATE + luck.normal(size=7) * SIGMA, sigma=SIGMA * 10.0 ** luck.uniform(-1, 1, 7)
        )
        for i in range(owners + 1)
    ]
    means, covs = (np.array([getattr(each, name) for each in editions]) for name in ("mean", "cov"))
    rows = asked_rows("position")
    errors = [np.trace(intersected(means[:n], covs[:n], rows)[1][:3, :3]) for n in (owners, owners + 1)]
    assert errors[1] <= errors[0] * (1 + 1e-6)


def test_under_power_and_after_the_seventh_number_means_two_things() -> None:
    thrust = STATE.copy()
    thrust[6] = 35.0
    sigma = SIGMA.copy()
    sigma[6] = 2.0
    picture = Picture("DEU")
    picture.take(_edition("DEU", 1, sigma=20 * SIGMA))
    burning = _edition("NLD", 1, thrust, sigma=sigma, mode=BOOST)
    burning.cov[6, 3] = burning.cov[3, 6] = 3.0
    picture.take(burning)
    found = _only(picture.at(0.0))
    assert not found.covs[1, 6, :6].any() and not found.covs[1, :6, 6].any()
    assert found.mode.tobytes() == COAST.row().tobytes()  # one's own terms
    assert found.means[1, 6] == COAST.fresh and found.covs[1, 6, 6] == pytest.approx(COAST.fresh_sigma**2)
    assert found.mean[:6] == pytest.approx(STATE[:6], abs=1e-3)
    assert np.linalg.eigvalsh(found.cov).min() > 0.0
    assert abs(found.mean[6] - COAST.fresh) < 1e-6  # 35 m/s2 is no logarithm
    released = Picture("POL")
    released.take(_edition("NLD", 1, thrust, sigma=sigma, mode=BOOST))
    released.take(_edition("DEU", 1, time_s=-1.0, mode=REENTRY, sigma=20 * SIGMA))
    assert _only(released.at(0.0)).mode.tobytes() == BOOST.row().tobytes()  # else the newest's


def test_what_is_known_of_registration_is_corrected() -> None:
    shift = np.array([4e3, -2e3, 0.0])
    offset = Offset(
        mean=shift, cov=np.diag([100.0**2] * 3), observable=np.array([True, True, False]), tracks=20
    )
    plain, mended = Picture("DEU"), Picture("DEU", offsets={"NLD": offset})
    for picture in (plain, mended):
        picture.take(_edition("DEU", 1))
        picture.take(_edition("NLD", 1, STATE + np.append(shift, np.zeros(4))))
    assert len(plain.at(0.0)) == 2
    found = _only(mended.at(0.0))
    assert found.means[1, :3] == pytest.approx(STATE[:3])
    added = [100.0**2, 100.0**2, 0.0]
    assert np.diag(found.covs[1])[:3] == pytest.approx(SIGMA[:3] ** 2 + added)


@pytest.mark.parametrize(
    "spoil",
    [
        {"mean": np.full(7, np.nan)}, {"mean": STATE[:6]}, {"cov": np.zeros((7, 7))}, {"cov": -np.eye(7)},
        {"cov": np.full((7, 7), np.inf)}, {"cov": np.eye(6)}, {"time_s": math.nan}, {"time_s": -math.inf},
        {"mode": np.full(6, np.nan)}, {"mode": np.zeros(2)},
    ],
)  # fmt: skip
def test_what_is_no_track_is_refused_and_changes_nothing(spoil: dict[str, object]) -> None:
    picture = Picture("DEU")
    picture.take(_edition("NLD", 1))
    before = _only(picture.at(1.0))
    assert picture.take(replace(_edition("NLD", 1, time_s=0.5), **spoil)) == fusion.NO_STATE
    assert picture.take(replace(_edition("POL", 1, time_s=0.5), **spoil)) == fusion.NO_STATE
    after = _only(picture.at(1.0))
    assert before.mean.tobytes() == after.mean.tobytes() and before.members == after.members
    assert picture.counts[fusion.NO_STATE] == 2


def test_nothing_to_intersect_is_said() -> None:
    with pytest.raises(ValueError, match="none of the estimates"):
        intersected(np.full((2, 7), np.nan), np.tile(np.eye(7), (2, 1, 1)))
    with pytest.raises(ValueError, match="do not go with"):
        intersected(np.zeros((2, 7)), np.zeros((1, 7, 7)))


def test_where_adding_tracks_is_overconfident_intersection_is_not() -> None:
    """Two tracks, the second made from the first one's looks and some more: 400 of each, six numbers.

    Added up, the first one's looks count twice, and squares of errors are above the band of 99.9 %.
    """
    luck = np.random.default_rng(13)
    added, crossed = [], []
    for _ in range(400):
        roots = luck.normal(size=(2, 6, 6)) + np.eye(6)
        own, more = roots @ roots.transpose(0, 2, 1)  # informations of two sets of looks
        pull = [np.linalg.cholesky(info) @ luck.normal(size=6) for info in (own, more)]
        covs = np.linalg.inv(np.array([own, own + more]))
        means = np.array([covs[0] @ pull[0], covs[1] @ (pull[0] + pull[1])])  # truth is nought
        mean, cov, _ = intersected(means, covs)
        crossed.append(mean @ np.linalg.solve(cov, mean))
        both = np.linalg.inv(2.0 * own + more)
        twice = both @ (2.0 * pull[0] + pull[1])
        added.append(twice @ np.linalg.solve(both, twice))
    high = chi2.ppf(0.999, 6 * 400) / 400
    assert np.mean(crossed) < high
    assert np.mean(added) > 1.15 * high
