"""A case's stations as tables of measurements have them."""

from __future__ import annotations

import math

from synaspis.engine.world import Station as Fielded
from synaspis.model.measurement import Station
from synaspis.model.sensor import Radar


def measured_by(s: Fielded) -> Station:
    """A station of the case as a table of measurements has it."""
    if not isinstance(s.type, Radar):
        return Station(name=s.name, kind="infrared", sigma_line_rad=s.type.line_of_sight_rad)
    r = s.type
    # As `kernels.sensing.look_errors` has them for the faintest look that detects.
    gain = math.sqrt(2.0 * 10.0 ** (r.detection_snr_db / 10.0))
    angle_rad = r.beamwidth_rad / (1.6 * gain)
    return Station(
        name=s.name, kind="radar", latitude_rad=s.latitude_rad, longitude_rad=s.longitude_rad,
        height_m=s.height_m, longest_range_m=r.instrumented_range_m,
        sigma_range_m=r.range_resolution_m / gain, sigma_azimuth_rad=angle_rad, sigma_elevation_rad=angle_rad,
        sigma_range_rate_mps=(r.range_rate_resolution_mps / gain) or math.nan,
    )  # fmt: skip
