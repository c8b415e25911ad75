"""What live trackers made of a raid, as the pictures that the event kernel takes: it cannot tell them apart.

Each missile counts as a flight of its own, since luck tells alike ones apart. That luck is in the live times
already, so that the kernel draws none: every station detects at its first scan, which is when it did.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synaspis.engine.geometry import Geometry
from synaspis.engine.live import LiveRaid
from synaspis.engine.picture import Pictures
from synaspis.engine.pictures import PictureMaker
from synaspis.sharing.rules import Rules


def one_by_one(g: Geometry) -> Geometry:
    """The same flights, one row for each missile."""
    u = g.flight_of
    every = np.arange(len(u))
    return replace(
        g, flight_of=every, first_missile=every, states=g.states[u], phi=g.phi[u], burnout_s=g.burnout_s[u],
        settled_s=g.settled_s[u], impact_s=g.impact_s[u], closure_m=g.closure_m[u], reach_m=g.reach_m[u],
        impact_rows=g.impact_rows[u], seen_s=g.seen_s[:, u], seen_in_s=g.seen_in_s[:, :, u],
        cued_s=g.cued_s[:, :, u], p_scan=g.p_scan[:, u],
        information=replace(g.information, pair_of=g.information.pair_of[:, u]), launch_s=g.launch_s[:, u],
        intercept_s=g.intercept_s[:, u], objects_seen=g.objects_seen[:, :, u],
    )  # fmt: skip


def live_pictures(
    raid: LiveRaid, given: Rules, down: frozenset[int] = frozenset()
) -> tuple[Geometry, Pictures]:
    """A raid that has been played to its end, as geometry and pictures for `engine.tables`.

    Who feeds whom is as the rules have it; when, as the trackers found.
    """
    g = one_by_one(raid.g)
    made = PictureMaker(raid.w, g).make(given, down)
    launch_s, times = raid.over.launch_s, raid.times
    seen_s = raid.over.first_s - launch_s
    alert_s = times.alert - launch_s
    pictures = replace(
        made, known_s=times.known - launch_s, warned_s=times.warned - launch_s,
        track_s=times.track - launch_s, fire_control_s=times.fire_control - launch_s, sees_s=seen_s,
        base_s=seen_s, first_report=lambda: alert_s,
    )  # fmt: skip
    without_luck = replace(
        g,
        p_scan=np.ones_like(g.p_scan),
        seen_s=seen_s,
        seen_in_s=np.repeat(seen_s[None], len(g.seen_in_s), 0),
    )
    return without_luck, pictures
