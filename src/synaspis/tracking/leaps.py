"""Scans that claim a time far ahead of all others: set aside until somebody else says so too.

A tracker takes nothing that is older than its lag, so that one scan from the future would shut out all that
follow. Who knows the time gives it (`Tracker.take_all`); this is for those who do not.
"""

from __future__ import annotations

from synaspis.tracking.scan import Scan

MOST_ASIDE = 1000


class Leaps:
    """Judges scans by their times: `judged` says which are to be taken now.

    A scan is ahead if it is later than the newest that was taken by more than `leap_s`. It is set aside, and
    taken after all once another station claims a time within `leap_s` of it, or once its own station has
    gone on for `patient_s` (for a second scan where there is no other station) and nobody has said otherwise.
    A scan that is not ahead says otherwise.
    """

    def __init__(self, leap_s: float, patient_s: float, stations: int) -> None:
        self.leap_s, self._patient_s, self._alone = leap_s, patient_s, stations == 1
        self._aside: list[Scan] = []

    def judged(self, scan: Scan, newest_s: float) -> list[Scan]:
        """The scans to take now that `scan` has come: itself, none, or also those set aside before."""
        if not scan.time_s - newest_s > self.leap_s or newest_s == -float("inf"):
            self._aside = []
            return [scan]
        near = [x for x in self._aside if abs(x.time_s - scan.time_s) <= self.leap_s]
        own = [x.time_s for x in near if x.station == scan.station]
        gone_on = bool(own) and scan.time_s - min(own) >= (0.0 if self._alone else self._patient_s)
        if len(near) > len(own) or gone_on:
            self._aside = []
            return [*near, scan]
        self._aside = [*self._aside[-MOST_ASIDE:], scan]
        return []
