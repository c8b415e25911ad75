"""Reads what there was, to hold tracks against: CSV, Parquet or columns, a row for each object and time."""

from __future__ import annotations

import numpy as np

from synaspis.errors import InputError, Problem
from synaspis.files import tables, words
from synaspis.files.reader import columns
from synaspis.files.tables import Table
from synaspis.model.measurement import LATEST_S
from synaspis.model.tracking import FARTHEST_M, Truth, TruthRow

GIVEN = "truth"
MOST_SHOWN = 20
_KEYS = {column.name: column.key for column in columns(TruthRow)}


def read(table: Table) -> Truth:
    """The objects of `table`, in the order of their names. InputError with every row that cannot be used.

    Unlike measurements, truth is somebody's own figures: one that is wrong is an error.
    """
    raw = tables.read(table, TruthRow, GIVEN, "")
    names = ("x_m", "y_m", "z_m", "vx_mps", "vy_mps", "vz_mps")
    times, states = raw.numbers["time_s"], np.column_stack([raw.numbers[name] for name in names])
    wrong = dict(raw.broken)
    for name, values in raw.numbers.items():
        for i in np.flatnonzero(~np.isfinite(values)).tolist():
            wrong.setdefault(i, f"`{_KEYS[name]}` is no number")
    for i in np.flatnonzero((times < 0.0) | (times > LATEST_S)).tolist():
        wrong.setdefault(i, f"`time_s` is {times[i]:g}, which is not between 0 and {LATEST_S:,.0f}")
    with np.errstate(over="ignore", invalid="ignore"):
        far = np.linalg.norm(states[:, :3], axis=1) > FARTHEST_M
    for i in np.flatnonzero(far).tolist():
        wrong.setdefault(i, f"the place is more than {FARTHEST_M / 1e3:,.0f} km from the Earth's centre")
    objects = raw.texts["object"]
    order = np.lexsort((times, np.unique(objects.astype(str), return_inverse=True)[1]))
    same = (objects[order[1:]] == objects[order[:-1]]) & (times[order[1:]] == times[order[:-1]])
    for i in order[1:][same.astype(bool)].tolist():
        wrong.setdefault(i, f"`{words.shown(str(objects[i]))}` stands twice at {times[i]:g} s")
    if not len(times):
        raise InputError([Problem(raw.source, 0, 0, "there are no rows", "give a row per object and time")])
    if wrong:
        rows = sorted(wrong)[:MOST_SHOWN]
        raise InputError(
            [Problem(raw.source, int(raw.rows[i]), 0, wrong[i], "mend or leave out the row") for i in rows]
        )
    who = sorted(set(objects.tolist()))
    own = [order[objects[order] == name] for name in who]
    return Truth(names=tuple(who), times_s=tuple(times[i] for i in own), states=tuple(states[i] for i in own))
