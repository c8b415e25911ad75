"""How well a nation knows where missiles will fall, at given times."""

from __future__ import annotations

import numpy as np

from synaspis.engine.geometry import STEP_S, Floats
from synaspis.engine.pictures import ALERT_FLOOR_M, PictureMaker, Pictures
from synaspis.kernels import bound, knowledge


def impact_errors_m(maker: PictureMaker, made: Pictures, nation: str, when_s: Floats) -> Floats:
    """(U, J) semi-major axis of the nation's 90 % impact ellipse at `when_s` (U, J) after launch.

    inf where it knows nothing yet, NaN once the missile is down.
    """
    g, packed = maker.g, made.packed[nation]
    out = np.where(when_s < g.impact_s[:, None], np.inf, np.nan)
    if packed is not None:
        knowledge.impact_errors(
            (bound.IMPACT, 0, ALERT_FLOOR_M), when_s, g.impact_s, g.impact_rows, packed, maker.store(),
            STEP_S, bound.room_for(packed), out,
        )  # fmt: skip
    return out
