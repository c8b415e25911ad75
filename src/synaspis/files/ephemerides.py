"""Ephemerides of a case's satellites: sound in themselves, and over the whole raid."""

from __future__ import annotations

import datetime as dt

import numpy as np

from synaspis.errors import Problem
from synaspis.files.reader import Reader
from synaspis.files.tree import Node, Scalar
from synaspis.model import oem
from synaspis.model.case import Case
from synaspis.model.orbit import days_since_2000
from synaspis.model.sensor import Sensor

DAY_S = 86_400.0


def check_oem(reader: Reader, sensor: Sensor) -> None:
    """What is wrong with the text of an ephemeris, where it stands."""
    node = reader.node(sensor, "oem")
    if "\n" not in sensor.oem:
        return  # a file that could not be taken in was said
    for line, column, what, mend in oem.read(sensor.oem, sensor.name)[1]:
        _say(reader, node, line, column, what, mend)


def _say(reader: Reader, node: Node, line: int, column: int, what: str, mend: str) -> None:
    if node.file:
        reader.say(Scalar("", True, line, column, file=node.file), what, mend)
    else:
        reader.say(node, f"line {line} of the ephemeris: {what}", mend)


def uncovered(reader: Reader, case: Case) -> list[Problem]:
    """Where an ephemeris does not tell of all the raid, from its start to the last impact."""
    told = [
        (s, e)
        for s in case.every_site.sensors
        if s.oem
        for e in (oem.read(s.oem, s.name)[0],)
        if e is not None
    ]
    if not told:
        return []
    starts = DAY_S * days_since_2000(case.file.starts)
    ends = starts + _raid_s(case)
    before = len(reader.problems)
    for sensor, e in told:
        spans = sorted(s.useable_s for s in e.segments)
        reached = starts
        for begin, end in spans:
            if begin <= reached + oem.MOMENT_S:
                reached = max(reached, end)
        if reached < ends:
            what = (
                f"the ephemeris tells nothing of {_moment(reached)} UTC; the raid lasts from "
                f"{_moment(starts)} to {_moment(ends)}"
            )
            mend = "give an ephemeris of that time, or mend the case's `date` and `start_utc`"
            _say(reader, reader.node(sensor, "oem"), e.line, 1, what, mend)
    return sorted(reader.problems[before:])


def _moment(seconds: float) -> str:
    return f"{dt.datetime(2000, 1, 1, 12) + dt.timedelta(seconds=round(seconds)):%Y-%m-%d %H:%M:%S}"


def _raid_s(case: Case) -> float:
    """From the raid's start to its last impact, s."""
    # Flying it loads kernels: only where an ephemeris must be held against it.
    from synaspis.engine.flights import Order, fly
    from synaspis.engine.geometry import STEP_S
    from synaspis.engine.world import raid

    orders: dict[object, Order] = {}
    launches: dict[object, float] = {}
    for m in raid(case):
        launch = (m.launch.latitude_rad, m.launch.longitude_rad)
        key = (m.threat.name, launch, m.aim, m.shape, m.via)
        orders[key] = Order(m.threat, launch, m.aim[:2], m.shape, m.via)
        launches[key] = max(launches.get(key, 0.0), m.launch_s)
    if not orders:
        return 0.0
    ends = np.array(list(launches.values())) + fly(list(orders.values()), STEP_S).impact_s
    return float(np.nanmax(np.append(ends, 0.0)))
