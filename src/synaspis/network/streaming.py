"""The moment of a raid that a range plays, for other programs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from synaspis.interop.live import OVER, RUNNING, WAITING, Moment, moment
from synaspis.model.answers import SiteMark
from synaspis.network.range import RangeHost
from synaspis.network.truth import Truth


def source(host: RangeHost, sites: tuple[SiteMark, ...]) -> Callable[[], Moment]:
    """What asks a range for its moment, from another thread than its own."""
    truth, happened = Truth(host), list[dict[str, Any]]()

    def asked() -> Moment:
        now_s = min(host.case_s(), host.ends_s)
        if now_s == -math.inf:
            return moment({"state": WAITING, "speed": host.speed}, sites, {}, ())
        happened.extend(truth.happened(now_s))
        state = OVER if host.ended else RUNNING if now_s >= 0.0 else WAITING
        clock = {"state": state, "speed": host.speed, "case_s": max(now_s, 0.0)}
        return moment(clock, sites, truth.missiles(now_s), happened)

    return asked
