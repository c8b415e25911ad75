"""Ephemerides for tests: ours to break, and excerpts of other programs' files."""

from __future__ import annotations

import datetime as dt

import numpy as np

from synaspis.engine.satellites import Motion, places

STARTS = dt.datetime(2024, 12, 1)
HEAD = """CCSDS_OEM_VERS = 2.0
CREATION_DATE = 2024-11-30T00:00:00
ORIGINATOR = TEST
"""
META = """META_START
OBJECT_NAME = {name}
OBJECT_ID = {id}
CENTER_NAME = EARTH
REF_FRAME = {frame}
TIME_SYSTEM = {system}
START_TIME = {start}
STOP_TIME = {stop}
{more}META_STOP
"""
ELEMENTS = (26_600e3, 0.3, 1.1, 0.3, 4.7, 2.5, 0.0)

# The first lines of a file that GMAT-like tools and the ESA's Orekit read as well: a satellite in the
# geostationary ring, ICRF, from the tests of the program oem (github.com/bradsease/oem, MIT, GEO_60s.oem).
GEO = """CCSDS_OEM_VERS = 2.0

COMMENT Orbit data are consistent with planetary ephemeris DE-430

CREATION_DATE  = 2020-06-01T00:27:26
ORIGINATOR     = Test

META_START
OBJECT_NAME          = TEST_OBJ
OBJECT_ID            = 0000-000A
CENTER_NAME          = Earth
REF_FRAME            = ICRF
TIME_SYSTEM          = UTC
START_TIME           = 2020-06-01T12:00:00.000000
USEABLE_START_TIME   = 2020-06-01T12:00:00.000000
USEABLE_STOP_TIME    = 2020-06-01T12:07:00.000000
STOP_TIME            = 2020-06-01T12:07:00.000000
INTERPOLATION        = Lagrange
INTERPOLATION_DEGREE = 5
META_STOP

COMMENT Vehicle's position at any requested time was computed using an algorithm.

2020-06-01T12:00:00.000000   4.200243572628212e+04  -3.700484048865550e+03  -5.884882406018843e+01   2.695321451082662e-01   3.062817188910680e+00  -3.828496759806085e-04
2020-06-01T12:01:00.000000   4.201820541171129e+04  -3.516683057150813e+03  -5.887197476200347e+01   2.561293876496311e-01   3.063968450641196e+00  -3.640290544474632e-04
2020-06-01T12:02:00.000000   4.203317079536672e+04  -3.332814749822908e+03  -5.889399373644027e+01   2.427217099848949e-01   3.065061064127878e+00  -3.452009470051031e-04
2020-06-01T12:03:00.000000   4.204733158973732e+04  -3.148882646358444e+03  -5.891488052879578e+01   2.293093687344608e-01   3.066095008304613e+00  -3.263657153817230e-04
2020-06-01T12:04:00.000000   4.206068752271169e+04  -2.964890267465681e+03  -5.893463470610901e+01   2.158926206094235e-01   3.067070263228033e+00  -3.075237214535250e-04
2020-06-01T12:05:00.000000   4.207323833758340e+04  -2.780841135014743e+03  -5.895325585716829e+01   2.024717224064844e-01   3.067986810077908e+00  -2.886753272401490e-04
2020-06-01T12:06:00.000000   4.208498379305597e+04  -2.596738771972777e+03  -5.897074359252166e+01   1.890469310032268e-01   3.068844631157534e+00  -2.698208948958586e-04
2020-06-01T12:07:00.000000   4.209592366324781e+04  -2.412586702332662e+03  -5.898709754448480e+01   1.756185033529133e-01   3.069643709894074e+00  -2.509607867023992e-04
"""  # noqa: E501


def moment(second: float) -> str:
    """So many seconds after `STARTS`."""
    return (STARTS + dt.timedelta(seconds=second)).isoformat(timespec="milliseconds")


def segment(
    seconds: np.ndarray, name: str = "X", id: str = "2024-001A", frame: str = "ITRF2000", system: str = "UTC",
    more: str = "INTERPOLATION = HERMITE\nINTERPOLATION_DEGREE = 7\n",
) -> str:  # fmt: skip
    """Metadata and states of a satellite of `ELEMENTS`."""
    motion = [Motion(elements=ELEMENTS)]
    at = [places(motion, STARTS, seconds + move)[:, 0] / 1e3 for move in (0.0, 0.5, -0.5)]
    states = np.column_stack([at[0], at[1] - at[2]])
    lines = [
        " ".join([moment(s), *(f"{x:.9f}" for x in row)]) for s, row in zip(seconds, states, strict=True)
    ]
    told = META.format(
        name=name,
        id=id,
        frame=frame,
        system=system,
        start=moment(seconds[0]),
        stop=moment(seconds[-1]),
        more=more,
    )
    return told + "\n".join(lines) + "\n"


def message(seconds: np.ndarray | None = None) -> str:
    """A whole file, of an hour from ten minutes before `STARTS` where nothing else is asked."""
    return HEAD + segment(np.arange(-600.0, 3_601.0, 60.0) if seconds is None else seconds)
