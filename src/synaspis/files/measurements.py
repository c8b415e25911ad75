"""Reads measurements: a CSV, JSON lines or Parquet file or columns, bad rows turned away with a reason each.

A row never stops the reading; only what is wrong with the table as a whole (no file, no such column) is an
InputError. What each row is asked stands in `measurement_checks`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synaspis.files import measurement_checks, tables
from synaspis.files.tables import Table
from synaspis.model.measurement import MeasurementRow, Measurements, Station

GIVEN = "measurements"


def read(table: Table, stations: Sequence[Station], now_s: float = np.inf) -> Measurements:
    """The rows of `table` that can be used, and why the others cannot. InputError where it is no table.

    `table` is the path of a CSV, JSON lines or Parquet file, or a mapping of columns. Rows stand in the order
    in which they came; one measured or received after `now_s` is from the future.
    """
    raw = tables.read(table, MeasurementRow, GIVEN, " and what its sensors measure")
    return measurement_checks.sift(
        raw.source, stations, raw.rows, raw.texts["sensor"], raw.numbers, raw.broken, now_s
    )
