"""Every ballistic class of the catalogue flies as far as its published range."""

from __future__ import annotations

import math
from importlib.resources import files

import numpy as np
import pytest
import yaml

from synaspis.kernels import trajectory
from synaspis.kernels.geodesic import geodesic_point

ENTRIES = yaml.safe_load((files("synaspis.catalog") / "threats.yaml").read_text(encoding="utf-8"))["entries"]
CLASSES = {name: entry for name, entry in ENTRIES.items() if "stages" in entry}
LATITUDE, LONGITUDE = math.radians(35.0), math.radians(50.0)
STAGE_KEYS = ("burn", "propellant", "dry", "specific_impulse")


@pytest.mark.parametrize("name", CLASSES)
def test_northward_it_reaches_its_range(name: str) -> None:
    """Due north, where the Earth's rotation neither helps nor hinders much."""
    entry = CLASSES[name]
    stages = np.zeros((1, 3, 4))
    for i, stage in enumerate(entry["stages"]):
        stages[0, i] = [stage[key]["value"] for key in STAGE_KEYS]
    body = [np.array([entry[key]["value"]]) for key in ("payload", "diameter", "ballistic_coefficient")]
    range_m = 1000.0 * entry["range"]["value"]
    end = geodesic_point(LATITUDE, LONGITUDE, 0.0, range_m)
    _, _, _, _, closure, reach = trajectory.fly(
        stages,
        *body,
        np.array([[LATITUDE, LONGITUDE, 0.0]]),
        np.array([[end[0], end[1], 0.0]]),
        np.zeros(1, dtype=np.int64),
        4.0,
    )
    assert np.isnan(reach[0])
    assert closure[0] < 1000.0
