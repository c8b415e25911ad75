"""How a tracker works: everything that can be chosen about it, and what follows from that for one station."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels import motion
from synaspis.tracking.association import GATE, Ladder
from synaspis.tracking.filters import PHASES, RATES, Mode, mode_rows
from synaspis.tracking.scan import Watch

Floats = NDArray[np.float64]
Association = Literal["gnn", "jpda"]

UNSEEN = 1e-3
"""Chance that an infrared satellite detects what does not burn, over that of what does."""
RATE_SPAN_MPS = 14_000.0
"""False range rates are spread evenly over this."""


@final
@dataclass(frozen=True, kw_only=True, eq=False)
class Manner:
    """Everything that can be chosen about a tracker; the figures are assumptions of the house.

    A new track's velocity is thought to be of `any_sigma_mps` in each direction after a radar's point; after
    two satellites' lines `risen_mps` upward and `risen_sigma_mps` about that; after a single line, which
    is taken to be where a missile leaves cloud (`cloud_m`, `cloud_sigma_m` above the ellipsoid),
    `young_mps` and `young_sigma_mps`. Lines pair within `pair_s`. `widest_m`: a track whose place is less
    well known is given up, and so is one that was looked at `patience` times in a row, by whatever station,
    and not seen.
    """

    modes: tuple[Mode, ...] = PHASES
    rates: Floats = field(default_factory=RATES.copy)
    association: Association = "gnn"
    ladder: Ladder = Ladder()
    inside: float = GATE
    threads: int = 1
    widest_m: float = 200e3
    patience: int = 60
    any_sigma_mps: float = 3500.0
    risen_mps: float = 1500.0
    risen_sigma_mps: float = 1500.0
    cloud_m: float = 10e3
    cloud_sigma_m: float = 3e3
    young_mps: float = 600.0
    young_sigma_mps: float = 300.0
    pair_s: float = 10.0

    def __post_init__(self) -> None:
        count = len(self.modes)
        if not 1 <= count <= motion.STATES or self.rates.shape != (count, count):
            raise ValueError(f"{count} modes and rates of shape {self.rates.shape} do not go together")
        if self.association not in ("gnn", "jpda"):
            raise ValueError(f"association {self.association!r} is neither `gnn` nor `jpda`")
        if self.threads < 1:
            raise ValueError(f"{self.threads} threads are none")

    @functools.cached_property
    def rows(self) -> Floats:
        """(K, MODE_COLUMNS) of the modes."""
        return mode_rows(self.modes)

    @functools.cached_property
    def burning(self) -> NDArray[np.bool_]:
        """(K,) which modes are under power; where none is, all count as seen by infrared."""
        return np.array([mode.kind == "thrust" for mode in self.modes])

    def chances(self, watch: Watch) -> Floats:
        """(K,) chance that the station detects what moves by each mode."""
        burning = self.burning
        if watch.kind == "radar" or not burning.any():
            return np.full(len(self.modes), watch.detected)
        return np.where(burning, watch.detected, watch.detected * UNSEEN)

    def first_weights(self, watch: Watch) -> Floats:
        """(K,) how likely each mode is of what the station sees for the first time."""
        chances = self.chances(watch)
        return chances / chances.sum()
