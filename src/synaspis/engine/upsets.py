"""What befalls a raid as it is watched: a station fails, cloud comes, a missile flies that none expected.

Each changes the range from now on and nothing before; dice are named as ever, so that what it does not touch
stays as it was. Which of it happens, and when, is a director's to say: here nothing is chosen.
"""

from __future__ import annotations

from collections.abc import Collection
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaspis.engine.detections import Phantom, Range
from synaspis.engine.geometry import STEP_S, Floats, see
from synaspis.engine.satellites import is_timed, satellite_moves
from synaspis.kernels import sensing
from synaspis.kernels.dice import name_hashes
from synaspis.model.sensor import WEATHERS, Sky


def hold_back(over: Range, missiles: Collection[int]) -> None:
    """Let missiles of these rows not fly until they are launched."""
    rows = list(missiles)
    over.launch_s[rows] = over.impact_s[rows] = inf
    over.seen_s[:, :, rows] = inf


def launch(over: Range, missile: int, now_s: float) -> None:
    """A missile that was held back is launched."""
    over.launch_s[missile] = now_s
    over.impact_s[missile] = now_s + over.g.impact_s[over.g.flight_of[missile]]
    if is_timed(over.w.stations):
        flying = over.launch_s[np.isfinite(over.launch_s)]
        over.moves = satellite_moves(
            over.w.stations, over.w.case.file.starts, flying, over.g.states.shape[1], STEP_S
        )
    over.seen_s[:, :, missile] = found_s(over, missile)


def fail(over: Range, stations: Collection[int], lost: bool, now_s: float) -> None:
    """Stations of these rows are out of order from now on, or work again and must find anew what flies."""
    if lost:
        over.up = [s for s in over.up if s not in stations]
        return
    over.up = sorted({*over.up, *stations})
    rows = list(stations)
    over.seen_s[:, rows] = np.maximum(over.seen_s[:, rows], now_s)


def cloud(over: Range, missiles: NDArray[np.int64], cloudy: bool, now_s: float) -> None:
    """Over where these missiles are launched the sky becomes the cloudiest of the catalogue, or the clearest.

    What an infrared station has found it has found; it then sees it only where it comes out above the cloud.
    """
    over.skies[missiles] = _sky(over.w.case.sky, cloudy)
    infrared = np.flatnonzero(over.g.sensors[:, sensing.KIND] == sensing.INFRARED)
    for t in missiles[np.isfinite(over.launch_s[missiles])].tolist():
        later = np.maximum(found_s(over, t)[infrared], now_s)
        for seen_s in over.seen_s:
            waits = seen_s[infrared, t] > now_s
            seen_s[infrared[waits], t] = later[waits]


def _sky(sky: Sky, cloudy: bool) -> Floats:
    found = (max if cloudy else min)((sky.weather[name] for name in WEATHERS), key=lambda x: x.cloud_break_m)
    return np.array([found.cloud_break_m, sky.trough_low_m, sky.trough_high_m, sky.trough_factor])


def found_s(over: Range, missile: int) -> Floats:
    """(S,) when a missile is first there to be found by each station, without a cue, under its own sky.

    As `geometry` has it for the weathers of the case and the launch times of the raid.
    """
    w, g = over.w, over.g
    u = int(g.flight_of[missile])
    starts = over.launch_s[[missile]] if is_timed(w.stations) else None
    moves = satellite_moves(w.stations, w.case.file.starts, starts, g.states.shape[1], STEP_S)
    found = see(
        g.states[u : u + 1], g.burnout_s[u : u + 1], g.impact_s[u : u + 1], g.sensors,
        over.rcs[:, [missile]], over.plume[[missile]], over.skies[missile], moves, 1,
    )[0]  # fmt: skip
    seen: Floats = found[:, 0] + over.launch_s[missile]
    return seen


def pretend(over: Range, station: int, now_s: float, for_s: float) -> bool:
    """Have a station tell of a missile that is not there, as if one of the raid's came into its view now.

    It is the first of the raid, in its order, that the station could ever see; False where there is none.
    """
    seen_s = over.g.seen_in_s[over.g.skies.usual, station, over.g.flight_of]
    those = np.flatnonzero(np.isfinite(seen_s))
    if not those.size:
        return False
    like = int(those[0])
    number = sum(p.station == station for p in over.phantoms) + 1
    name = name_hashes((f"false alarm {number} of {over.w.stations[station].name}",))[0]
    told = Phantom(
        station=station, like=like, launch_s=now_s - float(seen_s[like]), since_s=now_s,
        until_s=now_s + for_s, name=name,
    )  # fmt: skip
    over.phantoms = (*over.phantoms, told)
    return True
