"""Moments as ISO 8601 has them, which all the formats share."""

from __future__ import annotations

import datetime as dt


def utc(epoch: dt.datetime, time_s: float) -> str:
    """`time_s` seconds after `epoch` (UTC), to the millisecond. OverflowError after the year 9999."""
    moment = epoch.replace(tzinfo=None) + dt.timedelta(milliseconds=round(1e3 * time_s))
    return moment.isoformat(timespec="milliseconds") + "Z"
