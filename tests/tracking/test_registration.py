"""Registration: offsets are recovered, said to be as well known as they are, and left alone where unknown."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, chi2

from synaspis.kernels import earth, ekf, motion, sight
from synaspis.tracking import registration
from synaspis.tracking.filters import COAST, Bank
from synaspis.tracking.registration import OFFSETS, Registered, Sighted, picture_offset, station_offsets

Floats = NDArray[np.float64]
ERRORS = np.array([20.0, 1e-3, 1e-3])
TRUE = np.array([80.0, 2e-3, -1.5e-3])
LOOKS = 30
MIDDLE = np.array([[math.radians(35.5), math.radians(45.0), 150e3]])


def _radar(latitude: float, longitude: float) -> Floats:
    where = np.array([[math.radians(latitude), math.radians(longitude), 100.0]])
    return np.asarray(sight.radar_stations(where)[0])


STATIONS = np.array([_radar(34.0, 44.0), _radar(37.0, 47.0), _radar(36.0, 42.0)])
"""The first two are taken to be right; the third has the offset."""


def _flights(luck: np.random.Generator, count: int) -> Floats:
    """(K, T, 7): missiles in free flight, a state every second."""
    axes = earth.enu_axes(MIDDLE)[0]
    out = np.zeros((LOOKS, count, 7))
    out[0, :, :3] = earth.ecef_from_geodetic(MIDDLE)[0]
    out[0, :, :3] += (luck.uniform(-1.0, 1.0, (count, 3)) * [150e3, 150e3, 50e3]) @ axes
    out[0, :, 3:6] = ([-2000.0, 300.0, 300.0] + luck.normal(size=(count, 3)) * 400.0) @ axes
    out[:, :, 6] = COAST.fresh
    for k in range(1, LOOKS):
        for t in range(count):
            state = out[k - 1, t].copy()
            motion.move(state, COAST.row(), 1.0, np.zeros(ekf.ROOM))
            out[k, t] = state
    return out


def _rows(
    states: Floats, luck: np.random.Generator, offset: Floats = TRUE, stations: Floats = STATIONS
) -> Floats:
    """(T, K, 3, ROW_COLUMNS): all looks, the last station's with its offset."""
    times, count = states.shape[:2]
    out = np.full((count, times, 3, sight.ROW_COLUMNS), np.inf)
    for t in range(count):
        for k in range(times):
            for s, station in enumerate(stations):
                seen = np.empty(sight.PARTS)
                sight.expect(states[k, t], station, seen)
                out[t, k, s, 1:4] = seen[:3]
    out[..., 0] = np.arange(times)[None, :, None]
    out[..., 1:4] += luck.normal(size=out[..., 1:4].shape) * ERRORS
    out[:, :, 2, 1:4] += offset
    out[..., 4], out[..., 5:8] = 0.0, ERRORS
    return out


def _tracks(rows: Floats, states: Floats, luck: np.random.Generator) -> tuple[Floats, Floats]:
    """Means and covariances at the last look of tracks by the first two stations, from a wide beginning."""
    count = len(rows)
    sigma = np.array([2e3] * 3 + [100.0] * 3 + [0.5])
    bank = Bank(
        means=states[0] + luck.normal(size=(count, 7)) * sigma * [1, 1, 1, 1, 1, 1, 0],
        covs=np.tile(np.diag(sigma**2), (count, 1, 1)), clocks=np.zeros((count, 1)), mode=COAST,
    )  # fmt: skip
    looks = rows[:, :, :2].reshape(count, -1, sight.ROW_COLUMNS)
    bank.update(looks, np.tile([0, 1], (count, LOOKS)), STATIONS)
    return bank.means, bank.covs


def _trial(seed: int, missiles: int = 3, offset: Floats = TRUE) -> list[Sighted]:
    luck = np.random.default_rng(seed)
    states = _flights(luck, missiles)
    rows = _rows(states, luck, offset)
    means, covs = _tracks(rows, states, luck)
    return [
        Sighted(
            mean=means[t], cov=covs[t], time_s=LOOKS - 1.0, mode=COAST.row(), rows=rows[t, :, 2],
            sights=np.tile(STATIONS[2], (LOOKS, 1)), station=np.zeros(LOOKS, np.int64),
        )
        for t in range(missiles)
    ]  # fmt: skip


@pytest.mark.long
def test_an_offset_is_recovered_within_its_interval_as_often_as_it_says() -> None:
    """80 trials; the bands are those of a count at 95 %, wide enough for 999 of 1,000 right programs."""
    trials = 80
    inside, squares = np.zeros(OFFSETS), []
    for seed in range(trials):
        one = station_offsets(_trial(seed), 1).stations[0]
        off = one.mean - TRUE
        inside += np.abs(off) < 1.96 * np.sqrt(np.diag(one.cov))
        squares.append(off @ np.linalg.solve(one.cov, off))
        assert one.observable[1:].all() and one.looks == 3 * LOOKS
    least = binom.ppf(5e-4 / (OFFSETS + 1), trials, 0.95)
    assert (inside >= least).all()
    assert (np.array(squares) < chi2.ppf(0.95, OFFSETS)).sum() >= least
    # Not too ill either: 240 degrees of freedom.
    assert sum(squares) > chi2.ppf(1e-3, OFFSETS * trials)


def test_more_rounds_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a track says counts in every round, not only in the first."""
    sighted = _trial(14, offset=20.0 * TRUE)
    once = station_offsets(sighted, 1).stations[0]
    monkeypatch.setattr(registration, "ROUNDS", 60)
    monkeypatch.setattr(registration, "CLOSE", 1e-12)
    found = station_offsets(sighted, 1).stations[0]
    assert np.abs(found.mean - once.mean) / np.sqrt(np.diag(once.cov)) == pytest.approx(0.0, abs=0.02)


def test_the_others_looks_serve_as_well_as_their_tracks() -> None:
    """The same looks, once as tracks and once all in one, about guesses that are far off."""
    luck = np.random.default_rng(3)
    states = _flights(luck, 3)
    rows = _rows(states, luck)
    found = []
    for tracked in (True, False):
        sighted = []
        for t in range(3):
            which = np.array([2]) if tracked else np.arange(3)
            part = rows[t][:, which].reshape(-1, sight.ROW_COLUMNS)
            guess = states[-1, t] + luck.normal(size=7) * [2e3, 2e3, 2e3, 50, 50, 50, 0]
            mean, cov = _fitted(rows[t], guess) if tracked else (guess, None)
            sighted.append(
                Sighted(
                    mean=mean, cov=cov, time_s=LOOKS - 1.0, mode=COAST.row(), rows=part,
                    sights=np.tile(STATIONS[which], (LOOKS, 1)),
                    station=np.tile(np.where(which == 2, 0, -1), LOOKS),
                )
            )  # fmt: skip
        found.append(station_offsets(sighted, 1).stations[0])
    sigma = np.sqrt(np.diag(found[0].cov))
    assert np.sqrt(np.diag(found[1].cov)) == pytest.approx(sigma, rel=0.02)
    assert np.abs(found[1].mean - found[0].mean) / sigma == pytest.approx(0.0, abs=0.1)


def _fitted(rows: Floats, guess: Floats) -> tuple[Floats, Floats]:
    """A track at the last look by least squares on the first two stations' looks, by finite differences."""
    looks = [(row, s) for per_time in rows for s, row in enumerate(per_time[:2])]

    def left(mean: Floats) -> Floats:
        out = []
        for row, s in looks:
            state, seen = mean.copy(), np.empty(sight.PARTS)
            motion.move(state, COAST.row(), row[0] - (LOOKS - 1.0), np.zeros(ekf.ROOM))
            sight.expect(state, STATIONS[s], seen)
            out.append((row[1:4] - seen[:3]) / ERRORS)
        return np.concatenate(out)

    mean, steps = guess.copy(), np.diag([10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 1.0])[:6]
    for _ in range(4):
        slopes = np.array([(left(mean - h) - left(mean + h)) / (2.0 * h.max()) for h in steps]).T
        spread = np.linalg.inv(slopes.T @ slopes)
        mean[:6] += spread @ slopes.T @ left(mean)
    cov = np.eye(7)
    cov[:6, :6] = spread
    return mean, cov


def test_azimuths_go_round_and_looks_lie_before_and_after() -> None:
    """A station due north of the missiles, 0.05 rad off: azimuths leap; states are of the middle look."""
    luck = np.random.default_rng(4)
    true = np.array([80.0, 0.05, -1.5e-3])
    stations = STATIONS.copy()
    stations[2] = _radar(39.0, 45.0)
    states = _flights(luck, 4)
    rows = _rows(states, luck, true, stations)
    leap = rows[:, :, 2, 2] > math.pi
    rows[..., 2] = np.mod(rows[..., 2] + math.pi, 2.0 * math.pi) - math.pi
    assert 5 < leap.sum() < leap.size // 2
    middle = LOOKS // 2
    sighted = [
        Sighted(
            mean=states[middle, t] + [500.0, 500.0, 500.0, 20.0, 20.0, 20.0, 0.0], time_s=float(middle),
            mode=COAST.row(), rows=rows[t].reshape(-1, sight.ROW_COLUMNS),
            sights=np.tile(stations, (LOOKS, 1)), station=np.tile([-1, -1, 0], LOOKS),
        )
        for t in range(4)
    ]  # fmt: skip
    found = station_offsets(sighted, 1)
    one = found.stations[0]
    off = one.mean - true
    assert off @ np.linalg.solve(one.cov, off) < chi2.ppf(0.999, OFFSETS)
    assert 0.8 < found.misfit < 1.2 and one.looks == 4 * LOOKS
    assert np.sqrt(np.diag(one.cov))[1:] == pytest.approx(1e-3 / math.sqrt(4 * LOOKS), rel=0.5)


def test_what_no_look_fixes_is_not_observable_and_not_corrected() -> None:
    """Angles only: nothing is said of range, and it is left as it is."""
    blind = []
    for each in _trial(5):
        rows = each.rows.copy()
        rows[:, sight.ERROR] = np.inf
        blind.append(replace(each, rows=rows))
    one = station_offsets(blind, 1).stations[0]
    assert one.observable.tolist() == [False, True, True]
    assert one.cov[0, 0] > 1e11
    mended = one.corrected(blind[0].rows)
    assert (mended[:, 1] == blind[0].rows[:, 1]).all() and np.isinf(mended[:, sight.ERROR]).all()
    assert (np.abs(mended[:, 2] - blind[0].rows[:, 2] + TRUE[1]) < 4e-4).all()


def test_one_look_at_one_missile_fixes_too_little() -> None:
    each = _trial(6, missiles=1)[0]
    one = replace(each, rows=each.rows[:1], sights=each.sights[:1], station=each.station[:1])
    found = station_offsets([one], 1).stations[0]
    assert not found.observable.any() and found.looks == 1  # worse than the look itself, by the track's error
    none = station_offsets([], 2)
    assert not any(each.observable.any() or each.mean.any() for each in none.stations)
    assert math.isnan(none.misfit)


def test_rows_are_corrected_and_owe_for_what_is_left() -> None:
    sighted = _trial(7)
    one = station_offsets(sighted, 1).stations[0]
    rows = sighted[0].rows
    mended = one.corrected(rows)
    assert mended[:, 1:4] == pytest.approx(rows[:, 1:4] - one.mean)
    assert (mended[:, 5:8] ** 2) == pytest.approx(np.tile(ERRORS**2 + np.diag(one.cov), (LOOKS, 1)))
    assert (mended[:, [0, 4, 8]] == rows[:, [0, 4, 8]]).all()


def test_hostile_rows_are_left_out_and_misfit_shows_what_does_not_belong() -> None:
    sighted = _trial(8)
    right = station_offsets(sighted, 1)
    assert 0.7 < right.misfit < 1.3
    rows = np.vstack([sighted[0].rows, np.full((3, sight.ROW_COLUMNS), np.nan)])
    rows[-1, 5:8], rows[-2, 0] = -1.0, np.inf
    spoilt = replace(
        sighted[0], rows=rows, sights=np.vstack([sighted[0].sights, sighted[0].sights[:3]]),
        station=np.zeros(LOOKS + 3, np.int64),
    )  # fmt: skip
    found = station_offsets([spoilt, *sighted[1:]], 1)
    assert found.stations[0].mean == pytest.approx(right.stations[0].mean, rel=1e-9)
    other = replace(sighted[0], rows=sighted[1].rows)  # another missile's looks
    assert station_offsets([other, *sighted[1:]], 1).misfit > 10.0


def test_two_stations_at_once_are_not_mixed_up() -> None:
    first, second = _trial(9), _trial(10, offset=np.array([-50.0, 0.0, 1e-3]))
    second = [replace(each, station=each.station + 1) for each in second]
    both: Registered = station_offsets([*first, *second], 2)
    for found, alone in zip(both.stations, (first, second), strict=True):
        own = station_offsets([replace(each, station=0 * each.station) for each in alone], 1).stations[0]
        assert found.mean == pytest.approx(own.mean, rel=1e-3, abs=1e-6)
        assert found.cov == pytest.approx(own.cov, rel=1e-3, abs=1e-12)
    assert np.abs(both.cov[:3, 3:]).max() < 1e-12
    with pytest.raises(ValueError, match="not one of 1"):
        station_offsets(second, 1)


def _pictures(luck: np.random.Generator, count: int, shift: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Two pictures of the same missiles with independent errors, the second shifted."""
    true = luck.normal(size=(count, 6)) * [5e4, 5e4, 5e4, 500, 500, 500]
    sides: list[Floats] = []
    for by in (0.0, 1.0):
        roots = luck.normal(size=(count, 6, 6)) * np.array([200.0] * 3 + [5.0] * 3)[:, None]
        sides.append(
            true
            + np.einsum("nij,nj->ni", roots, luck.normal(size=(count, 6)))
            + by * np.append(shift, np.zeros(3))
        )
        sides.append(roots @ roots.transpose(0, 2, 1))
    return sides[0], sides[1], sides[2], sides[3]


def test_a_picture_off_another_is_found_as_well_as_it_says() -> None:
    luck, shift, trials = np.random.default_rng(11), np.array([400.0, -250.0, 90.0]), 400
    inside, squares, misfits = np.zeros(3), [], []
    for _ in range(trials):
        found = picture_offset(*_pictures(luck, 12, shift))
        off = found.mean - shift
        inside += np.abs(off) < 1.96 * np.sqrt(np.diag(found.cov))
        squares.append(off @ np.linalg.solve(found.cov, off))
        misfits.append(found.misfit)
        assert found.observable.all() and found.tracks == 12
    assert np.mean(misfits) == pytest.approx(1.0, abs=0.05)
    # The band that 998 of 1,000 right programs meet, three times.
    low, high = binom.ppf([1e-3 / 3, 1.0 - 1e-3 / 3], trials, 0.95)
    assert ((low <= inside) & (inside <= high)).all()
    assert np.mean(squares) == pytest.approx(3.0, rel=0.25)


def test_a_single_pair_is_no_better_than_itself_and_bad_ones_do_not_count() -> None:
    luck, shift = np.random.default_rng(12), np.array([400.0, -250.0, 90.0])
    one = picture_offset(*_pictures(luck, 1, shift))
    assert one.tracks == 1
    nothing = picture_offset(*_pictures(luck, 0, shift))
    assert nothing.tracks == 0 and not nothing.observable.any()
    ours, our_covs, theirs, their_covs = _pictures(luck, 8, shift)
    right = picture_offset(ours[:5], our_covs[:5], theirs[:5], their_covs[:5])
    ours[5], their_covs[6], our_covs[7] = np.nan, np.inf, -1e9 * np.eye(6)
    found = picture_offset(ours, our_covs, theirs, their_covs)
    assert found.tracks == 5
    assert found.mean == pytest.approx(right.mean) and found.cov == pytest.approx(right.cov)
